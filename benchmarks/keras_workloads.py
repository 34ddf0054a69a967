#!/usr/bin/env python3
"""The workloads of workloads.cpp in Keras, on the configured backend, with the same names, options and output.

    keras_workloads.py [--threads N] [--seconds S] [NAME...]

Keras can compile each model in several ways. The script tries all and measures the fastest.
"""

import sys
import time

import measure

options = measure.read_options(__doc__.splitlines()[0])

try:
    import keras  # noqa: E402, reads its threads as it is loaded
except ImportError as error:
    sys.exit(f"keras_workloads.py: skipped: {error}. Use a Python that has Keras.")
import numpy  # noqa: E402
from keras import layers  # noqa: E402

backend = keras.backend.backend()
keras.utils.set_random_seed(1)
stopwatch = measure.Stopwatch(options, f"Keras {keras.__version__} on {backend}")


def fastest(steps):
    def seconds(step):
        for _ in range(2):
            step()
        start = time.perf_counter()
        for _ in range(5):
            step()
        return time.perf_counter() - start

    return min(steps, key=seconds)


def train(name, make_model, optimizer, texts):
    batches = [numpy.array(rows, "int32") for rows in texts]
    labels = (numpy.arange(len(batches[0])) % 2 == 0).astype("float32")[:, None]

    def training(jit_compile):
        model, number = make_model(), 0
        model.compile(optimizer, keras.losses.BinaryCrossentropy(from_logits=True), jit_compile=jit_compile)

        def step():
            nonlocal number
            model.train_on_batch(batches[number % len(batches)], labels)
            number += 1

        return step

    ways = [True] if backend == "jax" else [False] if backend == "torch" else [False, True]
    stopwatch.time(name, fastest([training(way) for way in ways]))


def predict(name, model, ids, inner):
    ids = keras.ops.convert_to_tensor(numpy.array(ids, "int32"))
    model(ids)
    steps = [lambda: model.predict_on_batch(ids)]
    if backend == "tensorflow":
        import tensorflow
        for jit_compile in (False, True):
            call = tensorflow.function(lambda x: model(x, training=False), jit_compile=jit_compile)
            steps.append(lambda call=call: call(ids))
    elif backend == "jax":
        import jax
        trained, other = ([v.value for v in variables]
                          for variables in (model.trainable_variables, model.non_trainable_variables))
        call = jax.jit(lambda x: model.stateless_call(trained, other, x, training=False)[0])
        steps.append(lambda: call(ids).block_until_ready())
    stopwatch.time(name, fastest(steps), inner)


def recurrent(layer=layers.LSTM, mask_zero=False):
    return keras.Sequential([layers.Embedding(20_000, 128, mask_zero=mask_zero), layer(128), layers.Dense(1)])


def mean(vocabulary):
    return keras.Sequential([layers.Embedding(vocabulary, 50), layers.GlobalAveragePooling1D(), layers.Dense(1)])


def convolution():
    return keras.Sequential([layers.Embedding(5000, 50), layers.Conv1D(250, 3, activation="relu"),
                             layers.GlobalMaxPooling1D(), layers.Dense(250, activation="relu"), layers.Dense(1)])


texts, random_ids = measure.texts, measure.random_ids
workloads = [
    ("W1", lambda name: predict(name, keras.Sequential([layers.Embedding(1000, 64)]), random_ids(32, 10, 1000), 50)),
    ("W2", lambda name: train(name, recurrent, "rmsprop", texts(20_000, 80))),
    ("W2r", lambda name: train(name, lambda: recurrent(mask_zero=True), "rmsprop", texts(20_000, 80, 10, 80))),
    ("W2g", lambda name: train(name, lambda: recurrent(layers.GRU), "rmsprop", texts(20_000, 80))),
]
for kind, optimizer in (("W3", "rmsprop"), ("W3a", "adam")):
    for words, V in {"20k": 20_000, "200k": 200_000, "1M": 1_000_000}.items():
        workloads.append((f"{kind}-{words}", lambda name, V=V, optimizer=optimizer: train(
            name, lambda: mean(V), optimizer, texts(V, 400))))
workloads += [
    ("W4", lambda name: train(name, convolution, "adam", texts(5000, 400))),
    ("W5-lstm", lambda name: predict(name, recurrent(), random_ids(1, 80, 20_000), 10)),
    ("W5-conv", lambda name: predict(name, convolution(), random_ids(1, 400, 5000), 10)),
]
stopwatch.run(workloads)
