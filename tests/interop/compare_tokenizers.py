#!/usr/bin/env python3
"""Compares the library's tokenizers with Hugging Face's tokenizers, with sentencepiece and with Keras's Tokenizer, on
100,000 lines: sayings in several languages, and random texts of all of Unicode.

    cmake/install_packages data
    python3 -m venv venv && venv/bin/pip install tokenizers sentencepiece keras-preprocessing
    cmake --build build/release --target xeras_tokenizers
    venv/bin/python tests/interop/compare_tokenizers.py build/release/tests/xeras_tokenizers [KIND...]

It trains small models on the sayings. Prints, for each model, how many lines have the same ids and the same text again,
and the first differences. Fails if a line of the sayings differs; random texts may, where they contain code points that
are newer than one of the libraries' Unicode. Instead of keras-preprocessing, tf_keras is used if it is there.
"""

import glob
import json
import random
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

try:
    import sentencepiece
    import tokenizers
    try:
        from tf_keras.preprocessing.text import Tokenizer, tokenizer_from_json
    except ImportError:
        from keras_preprocessing.text import Tokenizer, tokenizer_from_json
except ImportError as error:
    print(f"skipped: {error}; see the head of this file")
    sys.exit(77)

SPECIAL = ["<|endoftext|>", "[CLS]", "[SEP]"]
RANDOM_LINES = 20_000


def sayings():
    lines = []
    for path in sorted(glob.glob("/usr/share/games/fortunes/**/*", recursive=True)):
        if not Path(path).is_file() or path.endswith((".dat", ".u8")):
            continue
        text = Path(path).read_text(encoding="utf-8", errors="ignore")
        lines += [line for line in text.splitlines() if line.strip() and line.strip() != "%"]
    if not lines:
        sys.exit("no sayings; run cmake/install_packages data")
    return lines


def random_texts(generator):
    """Letters, spaces and punctuation of all scripts, in short runs; without code points that Python does not know."""
    known = [chr(point) for point in range(1, 0x20000)
             if unicodedata.category(chr(point)) not in ("Cs", "Cn", "Co")]
    spaces = [c for c in known if c.isspace()]
    texts = []
    for _ in range(RANDOM_LINES):
        parts = []
        for _ in range(generator.randrange(1, 12)):
            kind = generator.randrange(8)
            if kind == 0:
                parts.append("".join(generator.choices(spaces, k=generator.randrange(1, 4))))
            elif kind == 1:
                parts.append(generator.choice(SPECIAL + ["'s", "'ll", "'", " '", "don't", "  ", "\\n\\n", "12", "!!"]))
            elif kind < 5:
                start = generator.randrange(len(known))
                parts.append("".join(generator.choices(known[start:start + 80], k=generator.randrange(1, 6))))
            else:
                parts.append("".join(generator.choices("aAeEzZ09.,'- é", k=generator.randrange(1, 8))))
        texts.append("".join(parts))
    return texts


class Comparison:
    def __init__(self, program, folder, texts, num_sayings):
        self.program, self.folder, self.texts, self.num_sayings = program, folder, texts, num_sayings
        self.failed = False

    def run(self, task):
        path = self.folder / "tasks.json"
        path.write_text(json.dumps([{**task, "texts": self.texts}]))
        subprocess.run([self.program, str(path)], check=True)
        return json.loads(Path(f"{path}.out").read_text())[0]

    def compare(self, name, task, ids, texts):
        result = self.run(task)
        wrong = [i for i in range(len(self.texts)) if result["ids"][i] != ids[i] or result["texts"][i] != texts[i]]
        number = sum(map(len, ids))
        print(f"{name}: {len(ids) - len(wrong)} of {len(ids)} lines are equal ({number} ids); "
              f"{sum(i < self.num_sayings for i in wrong)} sayings differ")
        for i in wrong[:3]:
            print(f"  {self.texts[i]!r}\n    library {result['ids'][i]} {result['texts'][i]!r}\n"
                  f"    theirs  {ids[i]} {texts[i]!r}")
        self.failed |= any(i < self.num_sayings for i in wrong)
        return result


def byte_pairs(comparison, train):
    model = tokenizers.Tokenizer(tokenizers.models.BPE())
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=8000, special_tokens=SPECIAL[:1], show_progress=False,
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet())
    model.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    model.train_from_iterator(train, trainer)
    model.model.save(str(comparison.folder))
    model.decoder = tokenizers.decoders.ByteLevel()
    for adds_space in (False, True):
        model.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=adds_space)
        ids = [one.ids for one in model.encode_batch(comparison.texts)]
        comparison.compare(
            f"byte_pair, add_prefix_space = {adds_space}",
            {"kind": "byte_pair", "vocabulary": str(comparison.folder / "vocab.json"),
             "merges": str(comparison.folder / "merges.txt"),
             "options": {"add_prefix_space": adds_space, "unsplittable_tokens": SPECIAL[:1]}},
            ids, [model.decode(one, skip_special_tokens=False) for one in ids])


def word_pieces(comparison, train):
    for lowercase, strips, cjk in ((True, True, True), (False, False, True), (True, False, False), (False, True, True)):
        model = tokenizers.Tokenizer(tokenizers.models.WordPiece(unk_token="[UNK]"))
        model.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=lowercase, strip_accents=strips,
                                                                 handle_chinese_chars=cjk)
        model.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
        model.train_from_iterator(train, tokenizers.trainers.WordPieceTrainer(
            vocab_size=8000, special_tokens=["[PAD]", "[UNK]", *SPECIAL[1:]], show_progress=False))
        model.model.save(str(comparison.folder))
        model.decoder = tokenizers.decoders.WordPiece(cleanup=False)
        ids = [one.ids for one in model.encode_batch(comparison.texts)]
        comparison.compare(
            f"word_piece, lowercase = {lowercase}, strip_accents = {strips}, split_on_cjk = {cjk}",
            {"kind": "word_piece", "vocabulary": str(comparison.folder / "vocab.txt"),
             "options": {"lowercase": lowercase, "strip_accents": strips, "split_on_cjk": cjk,
                         "special_tokens": SPECIAL[1:], "special_tokens_in_strings": True}},
            ids, [model.decode(one, skip_special_tokens=False) for one in ids])


def sentence_pieces(comparison, train):
    (comparison.folder / "train.txt").write_text("\n".join(train))
    for name, options in {"unigram": {}, "bpe": {"model_type": "bpe", "byte_fallback": True},
                          "unigram, identity": {"normalization_rule_name": "identity", "byte_fallback": True,
                                                "remove_extra_whitespaces": False, "add_dummy_prefix": False,
                                                "user_defined_symbols": "<sep>,ein"},
                          "bpe, casefolding": {"model_type": "bpe", "normalization_rule_name": "nmt_nfkc_cf",
                                               "user_defined_symbols": "[CLS],<s2>"}}.items():
        prefix = str(comparison.folder / "pieces")
        sentencepiece.SentencePieceTrainer.train(
            input=str(comparison.folder / "train.txt"), model_prefix=prefix, vocab_size=8000, minloglevel=2,
            input_sentence_size=30_000, **options)
        model = sentencepiece.SentencePieceProcessor(model_file=prefix + ".model")
        ids = model.encode(comparison.texts)
        comparison.compare(f"sentence_piece, {name}", {"kind": "sentence_piece", "proto": prefix + ".model"}, ids,
                           model.decode(ids))


def keras(comparison, train):
    train = train[:10_000]
    for options in ({}, {"num_words": 1000, "oov_token": "<unk>"}, {"char_level": True}):
        model = Tokenizer(**options)
        model.fit_on_texts(train)
        ids = model.texts_to_sequences(comparison.texts)
        for name, task in {"fit": {"fit": train}, "its JSON": {"json": model.to_json()}}.items():
            result = comparison.compare(f"keras, {options}, {name}", {"kind": "keras", "options": options, **task}, ids,
                                        model.sequences_to_texts(ids))
            again = tokenizer_from_json(result["json"])
            same = again.texts_to_sequences(comparison.texts) == ids and again.get_config().keys() == model.get_config().keys()
            same = same and all(getattr(again, one) == getattr(tokenizer_from_json(model.to_json()), one) for one in (
                "word_counts", "word_docs", "index_docs", "index_word", "word_index", "document_count"))
            print(f"  the library's JSON in Keras: {'the same' if same else 'DIFFERENT'}")
            comparison.failed |= not same


def main():
    kinds = {"byte_pair": byte_pairs, "word_piece": word_pieces, "sentence_piece": sentence_pieces, "keras": keras}
    wanted = sys.argv[2:] or list(kinds)
    generator = random.Random(1)
    lines = sayings()
    train = generator.sample(lines, 40_000)
    texts = generator.sample(lines, 90_000)
    all_texts = texts + random_texts(generator)
    print(f"tokenizers {tokenizers.__version__}, sentencepiece {sentencepiece.__version__}, Keras's Tokenizer of "
          f"{Tokenizer.__module__}; Python's Unicode {unicodedata.unidata_version}")
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(sys.argv[1], Path(folder), all_texts, len(texts))
        for kind in wanted:
            kinds[kind](comparison, train)
    sys.exit(1 if comparison.failed else 0)


main()
