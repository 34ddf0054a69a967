#!/usr/bin/env python3
"""Strings a second of a server that classifies texts: serve.cpp beside fastText and Keras, in turns.

    python -m venv keras-venv && keras-venv/bin/pip install 'keras==3.15.*' 'tensorflow-cpu==2.21.*'
    keras-venv/bin/python benchmarks/serve.py SERVE XERAS_MODEL FASTTEXT_MODEL FILE [--rounds 3] [--seconds 3]

SERVE is the program of serve.cpp, XERAS_MODEL a model of xeras-classify without n-grams, FASTTEXT_MODEL a model.bin of
Debian's fasttext. fastText reads lines from a pipe, with one thread; its time to load the model is subtracted. Keras
loads XERAS_MODEL and calls it: model(texts) for one text, and model.predict for 256.
"""

import argparse
import json
import os
import subprocess
import sys
import time

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")


def of_fasttext(options, texts):
    def run(lines):
        start = time.perf_counter()
        subprocess.run(["fasttext", "predict", options.fasttext_model, "-"], input="".join(t + "\n" for t in lines),
                       text=True, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - start

    return len(texts) / (run(texts) - run(texts[:1]))


def of_keras(model, texts, batch, seconds):
    import tensorflow as tf
    call = (lambda t: model(tf.constant(t))) if batch == 1 else (lambda t: model.predict(tf.constant(t), verbose=0))
    call(texts[:batch])
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        first = count % (len(texts) - batch)
        call(texts[first:first + batch])
        count += batch
    return count / (time.perf_counter() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("serve", "model", "fasttext_model", "file"):
        parser.add_argument(name)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0)
    options = parser.parse_args()
    texts = [line.rstrip("\n").split("\t" if "\t" in line else " ", 1)[1] for line in open(options.file)]
    try:
        import keras
        model = keras.models.load_model(options.model)
    except ImportError:
        print("Keras is left out: it is not installed here")
        model = None
    rates = {}
    for _ in range(options.rounds):
        for threads, batch in ((1, 1), (8, 1), (1, 256)):
            line = subprocess.run([options.serve, options.model, options.file, "--threads", str(threads), "--batch",
                                   str(batch), "--seconds", str(options.seconds)],
                                  capture_output=True, text=True, check=True).stdout
            rate = json.loads(line)["strings_a_second"]
            rates.setdefault(f"xeras, {threads} threads, batches of {batch}", []).append(rate)
        rates.setdefault("fasttext predict, 1 thread", []).append(of_fasttext(options, texts))
        if model is not None:
            for batch in (1, 256):
                rates.setdefault(f"Keras, batches of {batch}", []).append(
                    of_keras(model, texts, batch, options.seconds))
    for name, all_rates in rates.items():
        all_rates.sort()
        print(f"{name:<34} {all_rates[len(all_rates) // 2]:>12,.0f} strings a second  "
              f"({all_rates[0]:,.0f} to {all_rates[-1]:,.0f})")


if __name__ == "__main__":
    sys.exit(main())
