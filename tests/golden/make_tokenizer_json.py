#!/usr/bin/env python3
"""Makes tokenizers/keras.json for io/tokenizer_json_test.cpp, with tf_keras 2.21.0, whose Tokenizer is that of
keras-preprocessing 1.1.2.

    python -m venv venv && venv/bin/pip install 'tf_keras==2.21.*' tensorflow-cpu
    PYTHONHASHSEED=0 venv/bin/python tests/golden/make_tokenizer_json.py

A case is {"options", "texts", "json", "new_texts", "sequences", "tfidf"}.
"""

import json
from pathlib import Path

import tf_keras
from tf_keras.preprocessing.text import Tokenizer

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
path = Path(__file__).resolve().parent / "tokenizers" / "keras.json"
path.write_text(json.dumps({"tf_keras": tf_keras.__version__, "cases": cases}, indent=0) + "\n")
