#!/usr/bin/env python3
"""Writes preprocessing.json: what Keras's preprocessing layers give, with TensorFlow as the backend.

Made with keras 3.15.0 and tensorflow-cpu 2.21.0: KERAS_BACKEND=tensorflow python make_preprocessing.py

Texts are bytes, which need not be UTF-8: each character of the file stands for one byte (Latin-1). Of each case, the
file has the layer's class and arguments, the data for adapt, the vocabulary after it, the input and the output.
"""
import json
import os
import random

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402

cases = []


def as_text(data):
    return (data.encode() if isinstance(data, str) else bytes(data)).decode("latin-1")


def plain(data):
    if isinstance(data, (list, tuple)):
        return [plain(item) for item in data]
    return as_text(data) if isinstance(data, (str, bytes)) else data


def add(name, layer, x, adapt=None, arguments=None):
    given = {key: plain(value) for key, value in (arguments or {}).items()}
    if adapt is not None:
        layer.adapt(tf.constant(adapt))
    y = layer(tf.constant(x))
    y = y.numpy() if hasattr(y, "numpy") else np.array(y)
    case = {"layer": type(layer).__name__, "name": name, "arguments": given, "x": plain(x),
            "shape": list(y.shape), "y": y.astype("float64").flatten().tolist()}
    if adapt is not None:
        case["adapt"] = plain(adapt)
    # get_vocabulary gives only words in UTF-8, and NumPy cuts NULs from their ends.
    if hasattr(layer, "get_vocabulary") and "\\u0000" not in json.dumps(case.get("adapt", "")):
        try:
            case["vocabulary"] = [plain(str(w)) if isinstance(w, (str, bytes)) else int(w)
                                  for w in layer.get_vocabulary()]
        except UnicodeDecodeError:
            pass
    cases.append(case)


def vectorization(name, x, adapt=None, **arguments):
    keras_arguments = dict(arguments)
    if isinstance(arguments.get("ngrams"), list):
        keras_arguments["ngrams"] = tuple(arguments["ngrams"])
    add(name, layers.TextVectorization(**keras_arguments), x, adapt, arguments)


def make(cls, name, x, adapt=None, **arguments):
    add(name, cls(**arguments), x, adapt, arguments)


texts = ["The film is charming, and a funny one!", "Dull. Dull, dull, dull.", "A dull cast; the FILM isn't funny.",
         "", "   ", "one\ttwo\nthree\x0bfour\x0cfive\rsix", "Ångström ÅNGSTRÖM straße ΣΊΣΥΦΟΣ İstanbul",
         "no\u00a0break\u3000ideographic\u2003em\x85next\x1cfile", "日本語 テキスト 日本語", "a-b a_b a.b [UNK] (UNK)",
         "!!! ... ???", "x"]
held_out = ["a charming film", "dull dull unknown words", "", "日本語 straße", "one two three four five six seven",
            "[UNK] unk", "AB ab Ab", "isnt it"]
odd = [b"a\xffb c", b"\xe2\x82 x", b"\xe2!\x82\xac euro", b"nul\0byte \0", b"\xed\xa0\x80 s", b"\xf4\x90\x80\x80 y",
       b"\xf0\x9f\x98\x80 z", b"\xc3", b"e\xcc\x81 e"]

for standardize in ["lower_and_strip_punctuation", "lower", "strip_punctuation", None]:
    for split in ["whitespace", "character", None]:
        vectorization(f"standardize {standardize}, split {split}", held_out, texts, standardize=standardize,
                      split=split) if split else vectorization(
            f"standardize {standardize}, split {split}", [[t] for t in held_out], texts, standardize=standardize,
            split=split)
for split in ["whitespace", "character"]:
    vectorization(f"bytes, split {split}", odd, odd[:1] + odd[2:], split=split)
for ngrams in [1, 2, 3, [2], [3, 1], [1, 2]]:
    for split in ["whitespace", "character"]:
        vectorization(f"ngrams {ngrams}, split {split}", held_out, texts, ngrams=ngrams, split=split)
vectorization("ngrams of bytes", odd, odd, ngrams=2, split="character")
for mode in ["multi_hot", "count", "tf_idf"]:
    for max_tokens, pad in [(None, False), (8, False), (200, True)]:
        vectorization(f"{mode}, max_tokens {max_tokens}, pad {pad}", held_out, texts, output_mode=mode,
                      max_tokens=max_tokens, pad_to_max_tokens=pad)
for length in [1, 3, 12]:
    vectorization(f"length {length}", held_out, texts, output_sequence_length=length, max_tokens=12)
vectorization("samples of one text", [[t] for t in held_out], texts, output_sequence_length=4)
vectorization("a given vocabulary", held_out, vocabulary=["dull", "film", "a"])
vectorization("a given vocabulary with special tokens", held_out, vocabulary=["", "[UNK]", "dull", "film", "a"])
vectorization("given weights", held_out, vocabulary=["dull", "film", "a"], idf_weights=[0.5, 0.25, 0.75],
              output_mode="tf_idf")
vectorization("given weights with special tokens", held_out, vocabulary=["[UNK]", "dull", "film"],
              idf_weights=[0.9, 0.5, 0.25], output_mode="tf_idf", max_tokens=5, pad_to_max_tokens=True)
vectorization("words as they are", [["a", "Film!"], ["dull", ""]], vocabulary=["dull", "film", "a"], split=None,
              output_sequence_length=3)
vectorization("words as they are, counted", [["a", "Film!"], ["dull", ""]], vocabulary=["dull", "film", "a"],
              split=None, output_mode="count")

words = [["a", "c", "d"], ["d", "z", "b"], ["", "a", "a"]]
for arguments in [{}, {"num_oov_indices": 3}, {"mask_token": ""}, {"mask_token": "", "num_oov_indices": 2},
                  {"num_oov_indices": 5, "salt": 7}, {"num_oov_indices": 5, "salt": [3, 2**40]}]:
    make(layers.StringLookup, f"{arguments}", words, vocabulary=["a", "b", "c", "d"], **arguments)
    for mode in ["multi_hot", "count", "one_hot"]:
        make(layers.StringLookup, f"{mode} {arguments}", words, vocabulary=["a", "b", "c", "d"], output_mode=mode,
             **arguments)
make(layers.StringLookup, "one_hot of single words", [["a"], ["z"]], vocabulary=["a", "b"], output_mode="one_hot")
make(layers.StringLookup, "known words only", [["a", "b"], ["b", "b"]], vocabulary=["a", "b"], num_oov_indices=0)
make(layers.StringLookup, "adapt", words, [["a", "b"], ["b", "é"], ["日", "é"]], max_tokens=4)
make(layers.StringLookup, "adapt, tf_idf", words, [["a", "b"], ["b", "b"], ["d", "a"]], output_mode="tf_idf")
make(layers.StringLookup, "weights", words, vocabulary=["a", "b"], idf_weights=[0.5, 2.0], output_mode="tf_idf",
     max_tokens=6, pad_to_max_tokens=True)

random.seed(1)
long_words = [[("w" * n + str(n)) for n in range(i, i + 10)] for i in range(0, 200, 10)]
make(layers.StringLookup, "hashes of long words", long_words, vocabulary=["x"], num_oov_indices=1009)
make(layers.StringLookup, "keyed hashes of long words", long_words, vocabulary=["x"], num_oov_indices=1009, salt=133)

numbers = [[12, 1138, 42], [42, 1000, 36], [-5, 0, 2**40]]
for arguments in [{}, {"num_oov_indices": 3}, {"mask_token": 0}, {"mask_token": 0, "num_oov_indices": 2},
                  {"num_oov_indices": 5, "oov_method": "farmhash"},
                  {"num_oov_indices": 5, "oov_method": "farmhash", "salt": [1, 2]}]:
    for mode in ["int", "multi_hot", "count", "one_hot"]:
        make(layers.IntegerLookup, f"{mode} {arguments}", numbers, vocabulary=[12, 36, 1138, 42], output_mode=mode,
             **arguments)
make(layers.IntegerLookup, "adapt", numbers, [[12, 12], [7, -3], [-3, 1000]], max_tokens=4)
make(layers.IntegerLookup, "adapt, tf_idf", numbers, [[12, 12], [7, -3], [-3, 1000]], output_mode="tf_idf")

for arguments in [{}, {"salt": 133}, {"salt": [133, 137]}, {"mask_value": ""}, {"mask_value": "a", "salt": 1}]:
    for mode in ["int", "one_hot", "multi_hot", "count"]:
        make(layers.Hashing, f"{mode} {arguments}", words, num_bins=7, output_mode=mode, **arguments)
for arguments in [{}, {"salt": 133}, {"mask_value": 0}]:
    make(layers.Hashing, f"numbers {arguments}", numbers, num_bins=7, **arguments)
make(layers.Hashing, "one bin", words, num_bins=1, mask_value="a")
make(layers.Hashing, "long words", long_words, num_bins=100003)

ids = [[0, 1], [0, 0], [1, 2], [3, 1]]
for mode in ["one_hot", "multi_hot", "count"]:
    make(layers.CategoryEncoding, mode, ids, num_tokens=4, output_mode=mode)
make(layers.CategoryEncoding, "one_hot of single ids", [[3], [2]], num_tokens=4, output_mode="one_hot")

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "preprocessing.json"), "w") as file:
    made_with = f"Keras {keras.__version__}, tensorflow {tf.__version__}"
    file.write('{"made_with": ' + json.dumps(made_with) + ', "cases": [\n')
    file.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
    file.write("\n]}\n")
print(len(cases), "cases")
