#!/usr/bin/env python3
"""Compares TextVectorization with Keras's on a million lines of many languages, and files in both directions.

    apt-get install fortunes fortunes-{bg,br,cs,de,eo,es,ga,it,pl,ru,zh} wamerican wpolish wukrainian
    python -m venv tf-venv && tf-venv/bin/pip install tensorflow-cpu keras==3.15.0
    cmake --preset release -D XERAS_BUILD_TESTS=ON && cmake --build build/release --target xeras_vectorization
    tf-venv/bin/python tests/interop/vectorization.py build/release/tests/xeras_vectorization [LINES]

Vocabularies and ids must be identical: those of adapt in both libraries, of a model from Keras in xeras, and of a model
from xeras in Keras. One line in twenty has wrong bytes in it, so it is not UTF-8. Those are not for adapt, since Keras
cannot save such words; neither are the few characters at which its reader of vocabularies breaks lines.
"""
import glob
import json
import os
import random
import subprocess
import sys
import tempfile
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

CONFIGS = [
    {"max_tokens": 20000, "output_sequence_length": 16},
    {"max_tokens": 20000, "output_sequence_length": 16, "standardize": "lower", "ngrams": 2},
    {"max_tokens": 3000, "output_sequence_length": 24, "standardize": None, "split": "character"},
    {"output_sequence_length": 8, "standardize": "strip_punctuation", "ngrams": [3, 1]},
    {"max_tokens": 20, "output_mode": "count"},
    {"max_tokens": 20, "output_mode": "multi_hot", "pad_to_max_tokens": True, "standardize": None},
]
BREAKS = ["\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\0"]


def make_lines(count):
    sources = []
    for path in sorted(glob.glob("/usr/share/games/fortunes/**", recursive=True)) + sorted(
            glob.glob("/usr/share/dict/*")):
        if os.path.isfile(path) and not path.endswith(".dat") and "README" not in path:
            data = open(path, "rb").read()
            try:
                lines = data.decode("utf-8")
            except UnicodeDecodeError:
                continue
            for character in BREAKS:
                lines = lines.replace(character, " ")
            lines = lines.split("\n")
            sources += random.sample(lines, min(len(lines), 30000))
    learnt, texts = [], []
    while len(texts) < count:
        line = " ".join(random.choice(sources) for _ in range(random.choice([1, 1, 1, 2, 3])))
        learnt.append(line.encode())
        data = bytearray(line.encode())
        if random.random() < 0.05 and data:
            for _ in range(random.randint(1, 4)):
                data[random.randrange(len(data))] = random.choice([0, 0xFF, 0xC3, 0xE2, 0x80, 0xED, 0xF4, 0x21, 0x20])
        texts.append(bytes(data).replace(b"\n", b" "))
    return learnt, texts


def output(layer, texts):
    parts = []
    for first in range(0, len(texts), 20000):
        parts.append(np.array(layer(tf.constant(texts[first:first + 20000]))).astype(np.float32))
    return np.concatenate(parts)


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    random.seed(1)
    learnt, texts = make_lines(count)
    print(f"{count} lines, {sum(map(len, texts))} bytes, {sum(len(t.split()) for t in texts)} words")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        open(f"{folder}/adapt.txt", "wb").write(b"\n".join(learnt) + b"\n")
        open(f"{folder}/texts.txt", "wb").write(b"\n".join(texts) + b"\n")
        of_keras = []
        for n, config in enumerate(CONFIGS):
            layer = {"module": "keras.layers", "class_name": "TextVectorization", "config": config}
            model = {"module": "keras", "class_name": "Sequential", "config": {"name": "model", "layers": [layer]}}
            json.dump(model, open(f"{folder}/{n}.json", "w"))
            arguments = {k: tuple(v) if isinstance(v, list) else v for k, v in config.items()}
            layer = keras.layers.TextVectorization(**arguments)
            start = time.time()
            layer.adapt(tf.data.Dataset.from_tensor_slices(learnt).batch(20000))
            adapted = time.time()
            expected = output(layer, texts)
            print(f"{n}: Keras adapt {adapted - start:.1f} s, ids {time.time() - adapted:.1f} s")
            keras.Sequential([keras.Input((1,), dtype="string"), layer]).save(f"{folder}/keras_{n}.keras")
            of_keras.append((layer, expected))
        start = time.time()
        subprocess.run([program, folder], check=True)
        print(f"xeras, all: {time.time() - start:.1f} s")
        for n, (layer, expected) in enumerate(of_keras):
            for name in ["own", "keras"]:
                given = np.fromfile(f"{folder}/{name}_{n}.f32", np.float32)
                if given.size != expected.size:
                    print(f"{n} {name}: {given.size} numbers; expected {expected.size}")
                    failed = True
                    continue
                given = given.reshape(expected.shape)
                different = int((given != expected).sum())
                print(f"{n} {name}: {expected.size} numbers, {different} differ")
                failed |= different > 0
            loaded = keras.models.load_model(f"{folder}/own_{n}.keras").layers[0]
            same_words = loaded.get_vocabulary() == layer.get_vocabulary()
            again = output(loaded, texts[:50000])
            different = int((again != expected[:50000]).sum())
            print(f"{n} own file in Keras: {loaded.vocabulary_size()} words, the same: {same_words}, {different} differ")
            failed |= not same_words or different > 0
    sys.exit(1 if failed else 0)


main()
