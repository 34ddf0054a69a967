#!/usr/bin/env python3
"""Makes losses.json for losses/golden_test.cpp, with real Keras; see make_goldens.py for how to install it.

    keras-venv/bin/python tests/golden/make_losses.py

A case has the class and options of a loss, the loss as Keras writes it to files ("written", which lacks some options),
targets y, predictions p, weights and a mask (or null), and its runs: for each reduction, with and without weights and
mask, the loss and "dp", its gradient with respect to p. Keras computes in float32; CTC does
so even if its dtype is float64. The numbers of a case depend only on its name. No prediction is at a corner of a
function; the tests check those by hand.

The last case of CTC has too few steps for its labels. Its losses are near 1e5, where numbers of 32 bits are 0.008
apart, so that Keras's gradient has errors of 0.4 percent. sequence_test.cpp has the exact numbers: Keras's formula in 64 bits.
"""

from make_goldens import draw, generator, write  # first, because it chooses the backend

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras.src.backend.common import masking

REDUCTIONS = ("sum_over_batch_size", "sum", "mean_with_sample_weight")


def numbers(random, shape):
    return draw(random, shape), draw(random, shape)


def positives(random, shape):
    return draw(random, shape, 0.0, 3.0), draw(random, shape, 0.1, 3.0)


def signs(random, shape):
    return np.where(draw(random, shape) > 0, 1.0, -1.0).astype(np.float32), draw(random, shape, -2.0, 2.0)


def binary(random, shape):
    return (draw(random, shape) > 0).astype(np.float32), draw(random, shape, 0.05, 0.95)


def binary_logits(random, shape):
    return (draw(random, shape) > 0).astype(np.float32), draw(random, shape, -3.0, 3.0)


def distributions(random, shape):
    y, p = draw(random, shape, 0.05, 0.95), draw(random, shape, 0.05, 0.95)
    return tuple((each / each.sum(-1, keepdims=True)).astype(np.float32) for each in (y, p))


def one_hot(random, shape):
    y = np.eye(shape[-1], dtype=np.float32)[random.integers(0, shape[-1], shape[:-1])]
    return y, draw(random, shape, 0.05, 0.95)


def one_hot_logits(random, shape):
    return one_hot(random, shape)[0], draw(random, shape, -2.0, 2.0)


def labels(random, shape):
    return random.integers(0, shape[-1], shape[:-1]).astype(np.int32), draw(random, shape, 0.05, 0.95)


def neighbours(random, shape):
    p = draw(random, shape)
    y = np.array([0, 1, 0, 2, 1, 0], np.int32)[: shape[0]]  # 2 has no neighbour of its label
    return y, (p / np.linalg.norm(p, axis=-1, keepdims=True)).astype(np.float32)


def sequences(random, shape):
    y = np.array([[1, 2, 1], [2, 2, 0], [0, 0, 0], [3, 0, 0]], np.int32)[: shape[0]]
    return y, draw(random, shape, -2.0, 2.0)


ROWS = ((4, 3), (2, 2, 3))  # of predictions

# Class, options, how to draw targets and predictions, shapes of predictions. Where values are of samples or of a whole
# batch, Keras takes a weight for each sample, and a mask only if a sample has one row.
CASES = [
    ("MeanSquaredError", {}, numbers, ROWS),
    ("MeanAbsoluteError", {}, numbers, ROWS),
    ("MeanAbsolutePercentageError", {}, numbers, ROWS),
    ("MeanSquaredLogarithmicError", {}, positives, ROWS),
    ("MeanSquaredLogarithmicError", {}, numbers, ROWS[:1]),
    ("CosineSimilarity", {}, numbers, ROWS),
    ("Huber", {}, numbers, ROWS),
    ("Huber", {"delta": 0.25}, numbers, ROWS),
    ("LogCosh", {}, signs, ROWS),
    ("Hinge", {}, signs, ROWS),
    ("Hinge", {}, binary_logits, ROWS),
    ("SquaredHinge", {}, signs, ROWS),
    ("SquaredHinge", {}, binary_logits, ROWS),
    ("CategoricalHinge", {}, one_hot_logits, ROWS),
    ("CategoricalHinge", {}, distributions, ROWS),
    ("KLDivergence", {}, distributions, ROWS),
    ("KLDivergence", {}, numbers, ROWS[:1]),
    ("Poisson", {}, positives, ROWS),
    ("BinaryCrossentropy", {}, binary, ROWS),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, binary_logits, ROWS),
    ("BinaryFocalCrossentropy", {}, binary, ROWS),
    ("BinaryFocalCrossentropy", {"gamma": 0.0}, binary, ROWS[:1]),
    ("BinaryFocalCrossentropy", {"gamma": 1.5, "label_smoothing": 0.2}, binary, ROWS[:1]),
    ("BinaryFocalCrossentropy", {"apply_class_balancing": True, "alpha": 0.4}, binary, ROWS[:1]),
    (
        "BinaryFocalCrossentropy",
        {"apply_class_balancing": True, "gamma": 3.0, "from_logits": True, "label_smoothing": 0.1},
        binary_logits,
        ROWS,
    ),
    ("CategoricalCrossentropy", {}, one_hot, ROWS),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, one_hot_logits, ROWS),
    ("CategoricalFocalCrossentropy", {}, one_hot, ROWS),
    ("CategoricalFocalCrossentropy", {"alpha": 0.6, "gamma": 0.5, "label_smoothing": 0.2}, one_hot, ROWS[:1]),
    ("CategoricalFocalCrossentropy", {"alpha": [0.2, 0.3, 0.5]}, one_hot, ROWS[:1]),
    ("CategoricalFocalCrossentropy", {"from_logits": True}, one_hot_logits, ROWS),
    (
        "CategoricalFocalCrossentropy",
        {"alpha": [0.2, 0.3, 0.5], "gamma": 1.0, "from_logits": True, "label_smoothing": 0.1},
        one_hot_logits,
        ROWS[:1],
    ),
    ("SparseCategoricalCrossentropy", {}, labels, ROWS),
    ("SparseCategoricalCrossentropy", {"from_logits": True, "ignore_class": 1}, labels, ROWS),
    ("CategoricalGeneralizedCrossEntropy", {}, labels, ROWS),
    ("CategoricalGeneralizedCrossEntropy", {"q": 0.8}, labels, ROWS[:1]),
    ("Dice", {}, binary, ROWS),
    ("Dice", {"axis": -1}, binary, ROWS),
    ("Dice", {"axis": [1, 2]}, binary, ROWS[1:]),
    ("Tversky", {}, binary, ROWS),
    ("Tversky", {"alpha": 0.3, "beta": 0.8, "axis": [-1]}, binary, ROWS),
    ("Tversky", {"alpha": 0.7, "beta": 0.2, "axis": [-2, -1]}, binary, ROWS[1:]),
    ("Circle", {}, neighbours, ((6, 4),)),
    ("Circle", {"gamma": 2.0, "margin": 0.1, "remove_diagonal": False}, neighbours, ((6, 4),)),
    ("CTC", {}, sequences, ((4, 5, 4), (4, 3, 4))),
    ("CTC", {}, sequences, ((2, 1, 4),)),  # too few steps for the labels
]


def values_are_of_rows(class_name, options, shape):
    whole = class_name in ("Dice", "Tversky") and options.get("axis") not in (-1, [-1])
    return len(shape) == 2 or not (whole or class_name == "CTC")


def run(loss, y, p, weights, mask):
    def objective(p):
        if mask is not None:
            masking.set_keras_mask(p, jnp.asarray(mask))
        return loss(y, p, sample_weight=weights)

    value, dp = jax.value_and_grad(objective)(jnp.asarray(p))
    return {"loss": np.asarray(value), "dp": np.asarray(dp)}


def make_case(class_name, options, targets, shape):
    make = lambda **more: getattr(keras.losses, class_name)(**options, **more)
    name = f"{class_name} {options} {targets.__name__} {shape}"
    random = generator(name)
    y, p = targets(random, shape)
    of_rows = values_are_of_rows(class_name, options, shape)
    weights = draw(random, shape[:-1] if of_rows else shape[:1], 0.2, 2.0)
    mask = None
    if of_rows:
        mask = np.ones(shape[:-1], bool)
        mask.ravel()[[1, -1]] = False
    return {
        "name": name,
        "class_name": class_name,
        "options": options,
        "written": keras.saving.serialize_keras_object(make()),
        "y": y,
        "p": p,
        "weights": weights,
        "mask": mask,
        "runs": [
            {
                "reduction": reduction,
                "weighted": weighted,
                "masked": masked,
                **run(make(reduction=reduction), y, p, weights if weighted else None, mask if masked else None),
            }
            for reduction in REDUCTIONS
            for weighted in (False, True)
            for masked in ((False, True) if of_rows else (False,))
        ],
    }


if __name__ == "__main__":
    write("losses", "cases", [make_case(*case[:3], shape) for case in CASES for shape in case[3]])
