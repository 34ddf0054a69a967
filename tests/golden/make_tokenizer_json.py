#!/usr/bin/env python3
"""Makes tokenizers/keras.json for io/tokenizer_json_test.cpp, with tf_keras 2.21.0, whose Tokenizer is that of
keras-preprocessing 1.1.2.

    python -m venv venv && venv/bin/pip install 'tf_keras==2.21.*' tensorflow-cpu
    PYTHONHASHSEED=0 venv/bin/python tests/golden/make_tokenizer_json.py

With --check, it reads a file of lines, each the JSON of a tokenizer that the library wrote, and compares what Keras makes
of each with the same case here:

    venv/bin/python tests/golden/make_tokenizer_json.py --check FILE

A case is {"options", "texts", "json", "new_texts", "sequences", "tfidf"}.
"""

import json
import sys
from pathlib import Path

import tf_keras
from tf_keras.preprocessing.text import Tokenizer, tokenizer_from_json

TEXTS = ["The cat sat on the mat.", "Łódź, ÅNGSTRÖM; 日本語 \U0001F600 \"quoted\" back\\slash\x7f", "", "the dog & the cat's food"]
NEW = ["the zebra sat", "日本語 \U0001F600 ångström", ""]
CASES = [{}, {"num_words": 5, "oov_token": "<unk>"}, {"char_level": True}, {"filters": "é.\t", "split": "-", "lower": False}]


def results(tokenizer):
    return {"sequences": tokenizer.texts_to_sequences(NEW), "tfidf": tokenizer.texts_to_matrix(NEW, "tfidf").tolist()}


def case(options):
    tokenizer = Tokenizer(**options)
    tokenizer.fit_on_texts(TEXTS)
    return {"options": options, "texts": TEXTS, "json": tokenizer.to_json(), "new_texts": NEW, **results(tokenizer)}


cases = [case(options) for options in CASES]
if sys.argv[1:2] == ["--check"]:
    lines = Path(sys.argv[2]).read_text().splitlines()
    assert len(lines) == len(cases)
    for line, expected in zip(lines, cases):
        read = tokenizer_from_json(line)
        assert results(read) == {key: expected[key] for key in ("sequences", "tfidf")}, line
        again = tokenizer_from_json(expected["json"])
        for name in ("word_counts", "word_docs", "index_docs", "index_word", "word_index", "document_count", "num_words",
                     "filters", "split", "lower", "char_level", "oov_token"):
            assert getattr(read, name) == getattr(again, name), name
        for name in ("word_counts", "word_index"):
            assert list(getattr(read, name)) == list(getattr(again, name)), name
    print(f"{len(lines)} tokenizers are equal in Keras")
else:
    path = Path(__file__).resolve().parent / "tokenizers" / "keras.json"
    path.write_text(json.dumps({"tf_keras": tf_keras.__version__, "cases": cases}, indent=0) + "\n")
