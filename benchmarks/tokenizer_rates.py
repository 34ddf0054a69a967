#!/usr/bin/env python3
"""Words per second of tokenizers: Hugging Face's tokenizers, sentencepiece and Keras's Tokenizer beside the library.

    cmake/install_packages data
    python3 -m venv venv && venv/bin/pip install tokenizers sentencepiece keras-preprocessing
    cmake --build build/release --target tokenizer_rates
    venv/bin/python benchmarks/tokenizer_rates.py build/release/benchmarks/tokenizer_rates [--threads N] [--rounds N] [--seconds S]

Trains models with a vocabulary of 16,000 on the sayings of Debian's fortunes in seven languages, and tokenizes 50,000 lines
of them, line by line in one call. The libraries measure in turns. A rate is the median of the rounds, in million words a
second, where words are separated by white space; all keep what they remember from one call to the next.
"""

import argparse
import glob
import json
import os
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("program")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--seconds", type=float, default=1.0)
options = parser.parse_args()
os.environ["RAYON_NUM_THREADS"] = str(options.threads)
os.environ["TOKENIZERS_PARALLELISM"] = "true" if options.threads > 1 else "false"

try:
    import sentencepiece
    import tokenizers
    from keras_preprocessing.text import Tokenizer
except ImportError as error:
    raise SystemExit(f"tokenizer_rates.py: skipped: {error}; see the head of this file")


def sayings():
    lines = []
    for path in sorted(glob.glob("/usr/share/games/fortunes/**/*", recursive=True)):
        if Path(path).is_file() and not path.endswith((".dat", ".u8")):
            text = Path(path).read_text(encoding="utf-8", errors="ignore").replace("\r", "").replace("\x85", "")
            lines += [line for line in text.split("\n") if line.strip() and line.strip() != "%"]
    return lines


def byte_pair(folder, train):
    model = tokenizers.Tokenizer(tokenizers.models.BPE())
    model.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    model.train_from_iterator(train, tokenizers.trainers.BpeTrainer(
        vocab_size=16_000, show_progress=False, initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet()))
    model.model.save(str(folder))
    return model


def word_piece(folder, train):
    model = tokenizers.Tokenizer(tokenizers.models.WordPiece(unk_token="[UNK]"))
    model.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    model.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    model.train_from_iterator(train, tokenizers.trainers.WordPieceTrainer(
        vocab_size=16_000, special_tokens=["[UNK]"], show_progress=False))
    model.model.save(str(folder))
    return model


def sentence_piece(folder, train, kind):
    (folder / "train.txt").write_text("\n".join(train))
    sentencepiece.SentencePieceTrainer.train(input=str(folder / "train.txt"), model_prefix=str(folder / kind),
                                             model_type=kind, vocab_size=16_000, minloglevel=2)
    return sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{kind}.model"))


def seconds_of(step):
    times, start = [], time.perf_counter()
    while len(times) < 2 or time.perf_counter() - start < options.seconds:
        one = time.perf_counter()
        step()
        times.append(time.perf_counter() - one)
    return statistics.median(times)


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    all_lines = sayings()
    lines = random.Random(1).sample(all_lines, 50_000)
    train = random.Random(2).sample(all_lines, 50_000)
    words = sum(len(line.split()) for line in lines)
    (folder / "lines.txt").write_text("\n".join(lines) + "\n")
    pairs, pieces = byte_pair(folder, train), word_piece(folder, train)
    unigram, bpe = sentence_piece(folder, train, "unigram"), sentence_piece(folder, train, "bpe")
    keras = Tokenizer(num_words=20_000)
    keras.fit_on_texts(lines)
    # encode_batch_fast leaves out the offsets, which the library does not compute either.
    theirs = {
        "byte_pair": (f"tokenizers {tokenizers.__version__}", lambda: pairs.encode_batch_fast(lines)),
        "word_piece": (f"tokenizers {tokenizers.__version__}", lambda: pieces.encode_batch_fast(lines)),
        "sentence_piece-unigram": (f"sentencepiece {sentencepiece.__version__}",
                                   lambda: unigram.encode(lines, num_threads=options.threads)),
        "sentence_piece-bpe": (f"sentencepiece {sentencepiece.__version__}",
                               lambda: bpe.encode(lines, num_threads=options.threads)),
        "keras-texts_to_sequences": ("keras-preprocessing 1.1.2", lambda: keras.texts_to_sequences(lines)),
        "keras-fit_on_texts": ("keras-preprocessing 1.1.2", lambda: Tokenizer().fit_on_texts(lines)),
    }
    rates = {one: ([], []) for one in theirs}
    for _ in range(options.rounds):
        output = subprocess.run([options.program, str(folder), "--threads", str(options.threads), "--seconds",
                                 str(options.seconds)], check=True, capture_output=True, text=True).stdout
        for line in output.splitlines():
            result = json.loads(line)
            rates[result["workload"]][0].append(words / result["ms"] / 1e3)
        for one, (_, step) in theirs.items():
            rates[one][1].append(words / seconds_of(step) / 1e6)
    print(f"{len(lines)} lines, {words} words; {options.threads} threads; {options.rounds} rounds of {options.seconds} s")
    print("| tokenizer | xeras | other library | million words a second | ratio | in a round |\n| --- | --- | --- | --- | --- | --- |")
    for one, (ours, other) in rates.items():
        ratios = [a / b for a, b in zip(ours, other)]
        a, b = statistics.median(ours), statistics.median(other)
        print(f"| {one} | {a:.3g} | {theirs[one][0]} | {b:.3g} | {a / b:.3g} x | {min(ratios):.3g} to {max(ratios):.3g} |")
