#!/usr/bin/env python3
"""Makes the folder vectors for text/vectors_golden_test.cpp: files of word vectors, and what real gensim and fastText
read from them.

    apt-get install fasttext
    python -m venv vectors-venv
    vectors-venv/bin/pip install gensim fasttext
    vectors-venv/bin/python tests/golden/make_vectors.py

Debian's fasttext trains the models. They are small: few buckets of n-grams, so that many n-grams share one.

- skipgram.bin, skipgram.vec, supervised.bin (n-grams), bag.bin (without n-grams), quantized.ftz: fastText
- gensim.txt, gensim.bin: word2vec's formats as gensim writes them. original.bin has line feeds, as word2vec writes it
- glove.txt: without a header, with words that have spaces
- pairs.txt, questions.txt: vectors that answer some analogies
- vectors.json: for each file the words, vectors, unknown words and their vectors, and the nearest words
"""

import json
import subprocess
import tempfile
from importlib import metadata
from pathlib import Path

import fasttext
import numpy as np
from gensim.models import KeyedVectors
from gensim.models.fasttext import load_facebook_vectors

folder = Path(__file__).resolve().parent / "vectors"
folder.mkdir(exist_ok=True)

TEXT = """the king rules the land and the queen rules the land
der König und die Königin wohnen im Schloss , das Schloss ist schön
король и королева живут в замке , замок красив
王 と 女王 は 城 に 住む , 城 は 美しい
the man walks and the woman walks 👑 the man is a king and the woman is a queen 👑
un café , deux cafés , une fête , des fêtes 👑""".split("\n")
UNKNOWN = ["kings", "queenly", "Königinnen", "café-crème", "королевский", "女王様", "👑👑", "b", "é", "x", "<king>", "</s>x", "zzzzzz"]


def fasttext_tool(*arguments):
    subprocess.run(["fasttext", *map(str, arguments)], check=True, capture_output=True)


def numbers(array):
    return [float(x) for x in np.asarray(array, dtype=np.float32).ravel()]


def train(scratch):
    text, labelled = scratch / "text", scratch / "labelled"
    text.write_text("\n".join(TEXT * 40) + "\n")
    labelled.write_text("".join(f"__label__{i % 3} {line}\n" for i, line in enumerate(TEXT)))
    small = ["-dim", 6, "-minCount", 1, "-thread", 1, "-seed", 7, "-epoch", 5, "-lr", 0.2]
    fasttext_tool("skipgram", "-input", text, "-output", scratch / "skipgram", "-bucket", 97, "-minn", 2, "-maxn", 4, *small)
    fasttext_tool("supervised", "-input", labelled, "-output", scratch / "supervised", "-bucket", 31, "-minn", 1, "-maxn", 3,
                  "-wordNgrams", 2, *small)
    fasttext_tool("supervised", "-input", labelled, "-output", scratch / "bag", *small)
    # Quantization needs 256 rows.
    fasttext_tool("supervised", "-input", labelled, "-output", scratch / "large", "-bucket", 300, "-minn", 1, "-maxn", 2, *small)
    fasttext_tool("quantize", "-input", labelled, "-output", scratch / "large")
    for name in ("skipgram.bin", "skipgram.vec", "supervised.bin", "bag.bin"):
        (folder / name).write_bytes((scratch / name).read_bytes())
    (folder / "quantized.ftz").write_bytes((scratch / "large.ftz").read_bytes())


def fasttext_case(name):
    model = fasttext.load_model(str(folder / name))
    words = model.get_words()
    case = {"file": name, "words": words, "vectors": [numbers(model.get_word_vector(w)) for w in words]}
    unknown = UNKNOWN if model.f.getArgs().maxn > 0 else []
    case["unknown"] = [{"word": w, "vector": numbers(model.get_word_vector(w))} for w in unknown]
    return case


def gensim_case(name, vectors):
    return {"file": name, "words": list(vectors.index_to_key), "vectors": [numbers(v) for v in vectors.vectors], "unknown": []}


def similar(vectors, positive, negative=(), topn=5, restrict_vocab=None):
    found = vectors.most_similar(positive=list(positive), negative=list(negative), topn=topn, restrict_vocab=restrict_vocab)
    return {"positive": list(positive), "negative": list(negative), "topn": topn, "restrict_vocab": restrict_vocab,
            "words": [w for w, _ in found], "cosines": [float(c) for _, c in found]}


def write_text_and_binary():
    vectors = load_facebook_vectors(str(folder / "skipgram.bin"))
    plain = KeyedVectors(vectors.vector_size)
    plain.add_vectors(vectors.index_to_key, vectors.vectors)
    plain.save_word2vec_format(str(folder / "gensim.txt"), write_header=True)
    plain.save_word2vec_format(str(folder / "gensim.bin"), binary=True)
    with open(folder / "original.bin", "wb") as out:
        out.write(f"{len(plain)} {plain.vector_size}\n".encode())
        for word in plain.index_to_key:
            out.write(word.encode() + b" " + plain[word].tobytes() + b"\n")
    words = [",", ". . .", "at name@domain.com", "1", "2 3", "König"]
    table = [["%.5g" % x for x in plain.vectors[i]] for i in range(len(words))]
    (folder / "glove.txt").write_text("".join(" ".join([w, *row]) + "\n" for w, row in zip(words, table)))
    glove = {"file": "glove.txt", "words": words, "vectors": [numbers([float(x) for x in row]) for row in table], "unknown": []}
    return plain, glove


PAIRS = "king queen,man woman,King Queen,actor actress,uncle aunt,he she,son daughter,MAN girl".split(",")


def write_pairs():
    """A pair has one base, and all women have one offset. Noise makes some answers wrong."""
    random = np.random.default_rng(3)
    offset, words, rows = random.normal(size=8), [], []
    for pair in PAIRS:
        base = 1.5 * random.normal(size=8)
        for sign, word in zip((-0.5, 0.5), pair.split()):
            words.append(word)
            rows.append(base + sign * offset + 0.45 * random.normal(size=8))
    pairs = KeyedVectors(8)
    pairs.add_vectors(words, np.asarray(rows, dtype=np.float32))
    pairs.save_word2vec_format(str(folder / "pairs.txt"))
    lines = [": family"]
    for a in PAIRS[:4]:
        lines += [f"{a} {b}" for b in PAIRS if a != b]
    lines += [": upper case", *(f"{a} {b}".upper() for a in PAIRS[4:] for b in PAIRS if a != b)]
    lines += [": unknown words", "king queen unicorn man", "he she uncle aunt", ": empty"]
    (folder / "questions.txt").write_text("\n".join(lines) + "\n")
    return pairs


def analogies(vectors, **options):
    accuracy, sections = vectors.evaluate_word_analogies(str(folder / "questions.txt"), **options)
    return {"options": options, "accuracy": accuracy,
            "sections": [[s["section"], len(s["correct"]), len(s["incorrect"])] for s in sections]}


def main():
    with tempfile.TemporaryDirectory() as scratch:
        train(Path(scratch))
    plain, glove = write_text_and_binary()
    pairs = write_pairs()
    cases = [fasttext_case(name) for name in ("skipgram.bin", "supervised.bin", "bag.bin")]
    for name in ("skipgram.vec", "gensim.txt"):
        cases.append(gensim_case(name, KeyedVectors.load_word2vec_format(str(folder / name))))
    for name in ("gensim.bin", "original.bin"):
        cases.append(gensim_case(name, KeyedVectors.load_word2vec_format(str(folder / name), binary=True)))
    cases.append(glove)
    searches = [similar(plain, ["king"], topn=10), similar(plain, ["king", "woman"], ["man"]), similar(plain, ["Schloss"], topn=100),
                similar(plain, [], ["the"]), similar(plain, ["café", "café"]), similar(plain, ["king"], restrict_vocab=8)]
    subwords = load_facebook_vectors(str(folder / "skipgram.bin"))
    subword_searches = [similar(subwords, ["kings"]), similar(subwords, ["Königinnen", "queen"], ["женщина"])]
    scores = [analogies(pairs), analogies(pairs, dummy4unknown=True), analogies(pairs, case_insensitive=False),
              analogies(pairs, restrict_vocab=10)]
    tool = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "fasttext"], capture_output=True, text=True).stdout
    result = {"made_with": f"gensim {metadata.version('gensim')}, fasttext {metadata.version('fasttext')}, Debian's fasttext {tool}",
              "cases": cases, "searches": searches, "subword_searches": subword_searches, "analogies": scores}
    text = json.dumps(result, ensure_ascii=False)
    (folder / "vectors.json").write_text(text.replace('{"file"', '\n{"file"').replace('{"positive"', '\n{"positive"') + "\n")


if __name__ == "__main__":
    main()
