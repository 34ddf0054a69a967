#!/usr/bin/env python3
"""Makes schedules.json and the files in schedules/ for tests/io/schedules_golden_test.cpp, with real Keras.

    python -m venv keras-venv && keras-venv/bin/pip install 'keras==3.15.*' 'jax[cpu]'
    keras-venv/bin/python tests/golden/make_schedules.py

A case of schedules.json has the configuration of a model that is compiled with the schedule (as to_json writes it), and
learning rates by step, as float32. A file schedules/<name>.keras holds a Dense after three steps with a schedule; the
record has the batch, and the loss and weights of each of three more steps.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import keras
import numpy as np

FOLDER = Path(__file__).resolve().parent
S = keras.optimizers.schedules
HUGE = [2**24 + 1, 10**8 + 7, 2**30]

# Schedules, each with its boundaries.
CASES = [
    (S.ExponentialDecay(0.05, 10, 0.96), [10, 11]),
    (S.ExponentialDecay(0.1, 1000, 0.5, staircase=True), [999, 1000, 1001]),
    (S.ExponentialDecay(0.1, 100000, 1.0001), [100000]),
    (S.InverseTimeDecay(0.1, 1.0, 0.5), [3]),
    (S.InverseTimeDecay(0.1, 4, 0.5, staircase=True), [3, 4, 5]),
    (S.PiecewiseConstantDecay([100, 110], [1.0, 0.5, 0.1]), [99, 100, 101, 110, 111]),
    (S.PiecewiseConstantDecay([7], [0.3, 0.2], name="two"), [7, 8]),
    (S.PolynomialDecay(0.1, 1000), [500, 999, 1000, 1001]),
    (S.PolynomialDecay(0.1, 1000, end_learning_rate=0.01, power=0.5), [999, 1000, 1001]),
    (S.PolynomialDecay(0.1, 1000, end_learning_rate=0.01, power=2.0, cycle=True), [999, 1000, 1001, 1999, 2000, 2001]),
    (S.PolynomialDecay(0.1, 7, cycle=True), [6, 7, 8, 14, 15, 1000]),
    (S.CosineDecay(0.1, 1000), [500, 999, 1000, 1001]),
    (S.CosineDecay(0.1, 1000, alpha=0.1), [250, 1000, 1001]),
    (S.CosineDecay(0.0, 1000, warmup_target=0.1, warmup_steps=50), [49, 50, 51, 1049, 1050, 1051]),
    (S.CosineDecay(0.01, 62.5, alpha=0.01, warmup_target=0.1, warmup_steps=12.5), [12, 13, 75, 76]),
    (S.CosineDecay(0.01, 100, warmup_target=0.1), [50]),
    (S.CosineDecay(0.01, 100, warmup_steps=10), [5, 10, 105]),
    (S.CosineDecayRestarts(0.1, 1000), [999, 1000, 1001, 2999, 3000, 3001, 6999, 7000, 7001, 15000]),
    (S.CosineDecayRestarts(0.1, 10, t_mul=1.0, m_mul=0.9, alpha=0.1), [9, 10, 11, 20, 95, 100]),
    (S.CosineDecayRestarts(0.1, 10, t_mul=1.5, m_mul=0.8, alpha=0.01), [9, 10, 24, 25, 47, 48, 81, 82, 1000]),
    (S.CosineDecayRestarts(0.1, 100, t_mul=2.0, m_mul=0.5), [99, 100, 299, 300, 699, 700, 1500]),
    (S.CosineDecayRestarts(0.1, 3, t_mul=3.0), [2, 3, 11, 12, 38, 39, 119, 120]),
]

TRAININGS = {
    "cosine": lambda: keras.optimizers.SGD(
        S.CosineDecay(0.01, 4, alpha=0.1, warmup_target=0.1, warmup_steps=2), momentum=0.5),
    "piecewise": lambda: keras.optimizers.Adam(S.PiecewiseConstantDecay([3, 4], [0.1, 0.05, 0.01])),
}


def one_dense(optimizer):
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, name="dense")], name="one_dense")
    model.compile(optimizer, "mse")
    model.set_weights([np.array([[0.5], [-0.25]], "float32"), np.array([0.125], "float32")])
    return model


def rates(schedule, steps):
    return [float(np.float32(schedule(np.int32(step)))) for step in steps]


def training(name, optimizer):
    x, y = np.array([[1.0, 2.0], [-0.5, 0.75]], "float32"), np.array([[1.0], [-1.0]], "float32")
    model = one_dense(optimizer)
    for _ in range(3):
        model.train_on_batch(x, y)
    model.save(FOLDER / "schedules" / (name + ".keras"))
    record = {"name": name, "x": x.tolist(), "y": y.tolist(), "losses": [], "weights": []}
    for _ in range(3):
        record["losses"].append(float(model.train_on_batch(x, y)))
        record["weights"].append([float(entry) for weight in model.get_weights() for entry in weight.ravel()])
    return record


def main():
    (FOLDER / "schedules").mkdir(exist_ok=True)
    cases = []
    for schedule, boundaries in CASES:
        steps = [0, 1, 2, *boundaries, *HUGE]
        model = json.loads(one_dense(keras.optimizers.SGD(schedule)).to_json())
        cases.append({"model": model, "steps": steps, "rates": rates(schedule, steps)})
    record = {"keras": keras.__version__, "backend": "jax " + jax.__version__, "cases": cases,
              "trainings": [training(name, make()) for name, make in TRAININGS.items()]}
    (FOLDER / "schedules.json").write_text(json.dumps(record).replace('{"model"', '\n{"model"') + "\n")


if __name__ == "__main__":
    main()
