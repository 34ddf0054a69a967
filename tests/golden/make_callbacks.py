#!/usr/bin/env python3
"""Makes callbacks.json for tests/io/callbacks_golden_test.cpp, with the callbacks of real Keras.

    python -m venv keras-venv && keras-venv/bin/pip install 'keras==3.15.*' 'jax[cpu]'
    keras-venv/bin/python tests/golden/make_callbacks.py

plateaus and stops have the options of a callback, the score of each epoch, and what the callback decided: the learning
rate after each epoch; the epoch that stopped, the best epoch and the best score. csv has the logs of each epoch and the
text of the file. fits has whole trainings. Scores are texts, because JSON has no NaN.
"""

import json
import os
import tempfile
import warnings
import zlib
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import keras
import numpy as np

FOLDER = Path(__file__).resolve().parent
C = keras.callbacks


class Stub:
    """Has what the callbacks use of a model."""

    def __init__(self, rate=0.1):
        self.optimizer = keras.optimizers.SGD(rate)
        self.metrics = []
        self.stop_training = False

    def get_weights(self):
        return []

    def set_weights(self, weights):
        pass


def noisy(name, epochs, low=0.0, high=1.0, digits=3):
    """Returns scores that fall on average, with a few ties."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    falls = np.linspace(high, low, epochs) + random.normal(size=epochs) * (high - low) * 0.1
    return [float(np.round(score, digits)) for score in falls]


NAN, INF = float("nan"), float("inf")
SCORES = {
    "falls": [1.0, 0.9, 0.8, 0.7, 0.6, 0.5],
    "flat": [0.5] * 12,
    "edge": [0.5, 0.4999, 0.49980000000000002, 0.4998, 0.4997, 0.49960001, 0.4996],
    "float32": [0.1, 0.1 - 1e-9, 0.1 - 2e-9, 0.1 - 1e-8, 0.1 - 1e-7],
    "rises": [0.1, 0.2, 0.15, 0.3, 0.3, 0.3, 0.25, 0.4, 0.1, 0.1, 0.1],
    "nan first": [NAN, 1.0, 0.5, 0.4, 0.3],
    "nan later": [1.0, NAN, NAN, 0.5, NAN, NAN, NAN],
    "inf": [INF, INF, 1.0, INF, 0.5, 0.6, 0.7],
    "long": noisy("long", 40),
    "longer": noisy("longer", 60, digits=2),
}
PLATEAUS = [
    {"patience": 1},
    {"patience": 0, "factor": 0.5},
    {"patience": 2, "factor": 0.5, "min_delta": 0.0},
    {"patience": 2, "cooldown": 2, "factor": 0.1},
    {"patience": 1, "factor": 0.3, "min_lr": 0.01},
    {"patience": 2, "mode": "max", "min_delta": 0.05},
    {"patience": 3, "factor": 0.0, "min_delta": -0.01},
]
STOPS = [
    {},
    {"patience": 2},
    {"patience": 1, "min_delta": 0.0001},
    {"patience": 2, "mode": "max"},
    {"patience": 2, "baseline": 0.3},
    {"patience": 3, "baseline": 0.45, "min_delta": 0.05},
    {"patience": 1, "start_from_epoch": 3},
    {"patience": 4, "restore_best_weights": True},
]


def plateau(options, scores):
    model, callback = Stub(), C.ReduceLROnPlateau(**options)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, score in enumerate(scores):
        callback.on_epoch_end(epoch, {"loss": 1.0, "val_loss": score})
        rates.append(float(model.optimizer.learning_rate))
    return rates


def stop(options, scores):
    model, callback = Stub(), C.EarlyStopping(**options)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, score in enumerate(scores):
        callback.on_epoch_end(epoch, {"loss": 1.0, "val_loss": score})
        if model.stop_training:
            break
    callback.on_train_end()
    best = "none" if callback.best is None else repr(float(callback.best))
    return {"stopped_epoch": callback.stopped_epoch, "best_epoch": callback.best_epoch, "best": best}


CSV = [
    ({}, None, [{"loss": 0.5, "accuracy": 1.0}, {"loss": 0.25, "accuracy": 0.123456789}]),
    ({}, None, [{"loss": 1e-7, "val_loss": 123456789.0, "learning_rate": 0.0010000000474974513},
                {"loss": 1e16, "val_loss": 1e15, "learning_rate": 1e-5}]),
    ({}, None, [{"loss": 0.1 + 0.2}, {"loss": NAN, "val_loss": 2.0}, {"loss": INF}, {"loss": -INF}]),
    ({"separator": ";"}, None, [{"loss": 3.0, "a;b": 1.0, 'say "x"': 2.0, "a,b": 4.0}]),
    ({"append": True}, None, [{"loss": 3.0, "val_loss": 4.0}]),
    ({"append": True}, "", [{"loss": 3.0, "val_loss": 4.0}]),
    ({"append": True}, "epoch,loss,val_loss\r\n0,1.0,2.0\r\n", [{"loss": 3.0, "val_loss": 4.0}]),
    ({"append": False}, "old", [{"loss": 3.0, "val_loss": 4.0}]),
]


def csv(options, before, epochs):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        if before is not None:
            path.write_bytes(before.encode())
        callback = C.CSVLogger(str(path), **options)
        callback.on_train_begin()
        for epoch, logs in enumerate(epochs):
            callback.on_epoch_end(epoch, logs)
        callback.on_train_end()
        text = path.read_bytes().decode()
    logs = [{name: repr(value) for name, value in entry.items()} for entry in epochs]
    return {"options": options, "before": before, "epochs": logs, "text": text}


X = np.array([[1.0, 2.0], [-0.5, 0.75], [0.25, -1.0], [2.0, 0.5], [-1.0, -1.0], [0.5, 0.5]], "float32")
Y = np.array([[1.0], [-1.0], [0.5], [2.0], [0.0], [1.0]], "float32")
FITS = {
    "scheduler": (keras.optimizers.SGD(0.1), lambda: [C.LearningRateScheduler(lambda epoch, rate: rate * 0.5)]),
    "scheduler of epochs": (keras.optimizers.SGD(0.1), lambda: [C.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1))]),
    "plateau": (keras.optimizers.SGD(0.3), lambda: [C.ReduceLROnPlateau(patience=1, factor=0.5, min_delta=0.05)]),
    "ema": (keras.optimizers.SGD(0.1, momentum=0.5, use_ema=True, ema_momentum=0.5), lambda: [C.SwapEMAWeights()]),
    "ema on epoch": (keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.75),
                     lambda: [C.SwapEMAWeights(swap_on_epoch=True)]),
}


def fit(name, optimizer, callbacks):
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer, "mse")
    model.set_weights([np.array([[0.5], [-0.25]], "float32"), np.array([0.125], "float32")])
    seen = []
    look = C.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(flat(model)))
    history = model.fit(X, Y, batch_size=2, epochs=5, verbose=0, shuffle=False, validation_data=(X[::-1], Y[::-1]),
                        callbacks=[*callbacks(), look])
    return {"name": name, "history": history.history, "weights_by_epoch": seen, "weights": flat(model)}


def flat(model):
    return [float(entry) for weight in model.get_weights() for entry in weight.ravel()]


def main():
    warnings.simplefilter("ignore")
    texts = {name: [repr(score) for score in scores] for name, scores in SCORES.items()}
    record = {
        "keras": keras.__version__, "backend": "jax " + jax.__version__, "scores": texts,
        "plateaus": [{"options": options, "scores": name, "rates": plateau(options, scores)}
                     for options in PLATEAUS for name, scores in SCORES.items()],
        "stops": [{"options": options, "scores": name, **stop(options, scores)}
                  for options in STOPS for name, scores in SCORES.items()],
        "csv": [csv(*case) for case in CSV],
        "x": X.tolist(), "y": Y.tolist(),
        "fits": [fit(name, *case) for name, case in FITS.items()],
    }
    text = json.dumps(record).replace('{"options"', '\n{"options"').replace('{"name"', '\n{"name"')
    (FOLDER / "callbacks.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
