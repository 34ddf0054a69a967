#!/usr/bin/env python3
"""Makes sampled_softmax.json for tests/layers/core/sampled_softmax_test.cpp, with tf.nn.sampled_softmax_loss.

    python -m venv tf-venv && tf-venv/bin/pip install 'tensorflow-cpu==2.21.*'
    tf-venv/bin/python tests/golden/make_sampled_softmax.py

A case has the inputs of a step, the classes that the library draws for its seed (the test checks that it still does)
and the number of draws, the loss of each row, and the gradients of the mean loss.
"""

import json
import os
import sys
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

try:
    import numpy as np
    import tensorflow as tf
except ImportError:
    print("skipped: there is no TensorFlow here; see the head of this file")
    sys.exit(77)

FILE = Path(__file__).resolve().parent / "sampled_softmax.json"

# Name, rows, features, classes, seed, the sampled classes in their order, the number of draws.
CASES = [
    ("few", 6, 3, 20, 7, [0, 6, 5, 1, 11], 7),
    ("one_row", 1, 4, 1000, 3,
     [15, 361, 629, 21, 119, 388, 264, 528, 746, 191, 4, 0, 502, 3, 929, 373, 351, 49, 6, 366, 116, 2, 37, 860, 476,
      290, 64, 8, 7, 1, 86, 5, 501, 19, 34, 44, 637, 491, 92, 356, 42, 78, 367, 461, 22, 52, 18, 9, 30, 71, 127, 73,
      56, 77, 651, 624, 326, 27, 392, 274, 137, 97, 317, 745], 89),
    ("one_class", 3, 2, 5, 11, [0], 1),
]


def expected_counts(classes, ids, draws):
    """The formula in the documentation of tf.random.log_uniform_candidate_sampler, for unique = True."""
    k = np.asarray(ids, np.float64)
    p = (np.log(k + 2) - np.log(k + 1)) / np.log(classes + 1)
    return -np.expm1(draws * np.log1p(-p))


def main():
    cases = []
    for name, rows, features, classes, seed, sampled, draws in CASES:
        rng = np.random.default_rng(rows)
        x = rng.normal(size=(rows, features)).astype(np.float32)
        kernel = rng.normal(size=(classes, features)).astype(np.float32)
        bias = rng.normal(size=(classes,)).astype(np.float32)
        labels = rng.integers(0, min(classes, 8), size=rows)
        x, kernel, bias = tf.Variable(x), tf.Variable(kernel), tf.Variable(bias)
        counts = lambda ids: tf.constant(expected_counts(classes, ids, draws), tf.float32)
        with tf.GradientTape() as tape:
            losses = tf.nn.sampled_softmax_loss(
                kernel, bias, labels[:, None], x, len(sampled), classes,
                sampled_values=(tf.constant(sampled, tf.int64), counts(labels)[:, None], counts(sampled)))
            loss = tf.reduce_mean(losses)
        dx, dkernel, dbias = (tf.convert_to_tensor(g).numpy() for g in tape.gradient(loss, [x, kernel, bias]))
        flat = lambda array: [float(np.float32(value)) for value in np.asarray(array).ravel()]
        cases.append({
            "name": name, "rows": rows, "features": features, "classes": classes, "seed": seed, "draws": draws,
            "sampled": sampled, "x": flat(x), "kernel": flat(kernel), "bias": flat(bias), "labels": labels.tolist(),
            "losses": flat(losses), "dx": flat(dx), "dkernel": flat(dkernel), "dbias": flat(dbias),
        })
    FILE.write_text(json.dumps({"tensorflow": tf.__version__, "cases": cases}) + "\n")
    print(f"{FILE.name}: {len(cases)} cases, TensorFlow {tf.__version__}")


if __name__ == "__main__":
    main()
