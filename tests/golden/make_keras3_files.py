#!/usr/bin/env python3
"""Makes the files of Keras 3 in keras3/ for keras3_files_test.cpp, with real Keras.

    keras-venv/bin/python tests/golden/make_keras3_files.py        # the environment of make_goldens.py

Each model is trained for a few steps and saved as <name>.keras, <name>.h5 and <name>.weights.h5; <name>.json has an
input, the output that Keras computes, and three more batches with their losses.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import keras
import numpy as np
from keras import layers as L

FOLDER = Path(__file__).resolve().parent / "keras3"
WORDS, BATCH, TIME = 12, 4, 6


def models():
    yield "tagger", [L.Embedding(WORDS, 4, mask_zero=True), L.Bidirectional(L.GRU(3, return_sequences=True)),
                     L.TimeDistributed(L.Dense(3, activation="softmax"))], (
        keras.optimizers.Adam(0.01, amsgrad=True), "sparse_categorical_crossentropy", ["accuracy"])
    yield "nested", [L.Embedding(WORDS, 4), L.SimpleRNN(4, return_sequences=True, activation="hard_sigmoid"),
                     keras.Sequential([L.Conv1D(4, 3, activation="relu"), L.LayerNormalization()]),
                     L.GlobalMaxPooling1D(), L.Dense(1, kernel_regularizer="l2")], (
        keras.optimizers.RMSprop(0.01, momentum=0.5, use_ema=True, gradient_accumulation_steps=2),
        keras.losses.MeanSquaredError(), [keras.metrics.MeanAbsoluteError(name="error")])


def array(values):
    values = np.asarray(values)
    return {"shape": list(values.shape), "values": [float(np.float32(v)) for v in values.ravel()]}


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, layers, (optimizer, loss, metrics) in models():
        random = np.random.default_rng(len(name))
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((TIME,), dtype="int32"), *layers], name=name)
        model.compile(optimizer, loss, metrics=metrics)

        def batch():
            x = random.integers(1, WORDS, (BATCH, TIME)).astype("int32")
            x[0, 4:], x[1, :2] = 0, 0
            y = random.integers(0, 3, (BATCH, TIME)) if name == "tagger" else random.normal(size=(BATCH, 1))
            return x, y.astype("float32")

        for _ in range(3):
            model.train_on_batch(*batch())
        x, _ = batch()
        record = {"keras": keras.__version__, "x": array(x), "y": array(model.predict(x, verbose=0)), "batches": []}
        for ending in (".keras", ".h5"):
            model.save(FOLDER / (name + ending))
        model.save_weights(FOLDER / (name + ".weights.h5"))
        for _ in range(3):
            x, y = batch()
            model.reset_metrics()
            record["batches"].append({"x": array(x), "y": array(y), "loss": float(model.train_on_batch(x, y)[0])})
        (FOLDER / (name + ".json")).write_text(json.dumps(record))
    for path in sorted(FOLDER.iterdir()):
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
