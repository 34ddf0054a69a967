"""The whole models of the golden files: ten training steps each, with each optimizer."""

from dataclasses import dataclass

import numpy as np
from keras import Input, Sequential, constraints, optimizers, regularizers
from keras import layers as L

OPTIMIZERS = [
    lambda: optimizers.SGD(0.1, momentum=0.9),
    lambda: optimizers.RMSprop(0.01),
    lambda: optimizers.Adam(0.01),
]

WORDS, FEW = 12, 4
BATCH, TIME = 4, 6


@dataclass
class Model:
    name: str
    layers: callable
    loss: str
    target: callable
    weight: callable = None
    features: int = 0  # of float input; otherwise the input is ids
    padded: bool = False
    words: int = WORDS
    batch_statistics: bool = False  # training and inference compute different outputs

    def make(self):
        shape, dtype = ((TIME, self.features), "float32") if self.features else ((TIME,), "int32")
        return Sequential([Input(shape, dtype=dtype), *self.layers()])

    def batch(self, random, draw):
        if self.features:
            x = draw(random, (BATCH, TIME, self.features))
        else:
            x = random.integers(1, self.words, (BATCH, TIME)).astype(np.int32)
        if self.padded:  # before, after, in between; one row stays whole
            x[0, : random.integers(1, 4)] = 0
            x[1, TIME - random.integers(1, 4) :] = 0
            x[2, random.permutation(TIME)[:2]] = 0
        batch = (x, self.target(random))
        return batch if self.weight is None else (*batch, draw(random, self.weight, 0, 2))


def binary(*shape):
    return lambda random: random.integers(0, 2, shape).astype(np.int32)


def classes(count, *shape):
    return lambda random: random.integers(0, count, shape).astype(np.int32)


def one_hot(count, *shape):
    return lambda random: np.eye(count, dtype=np.float32)[random.integers(0, count, shape)]


def real(*shape):
    return lambda random: (random.integers(-1000, 1000, shape) / 1000).astype(np.float32)


def embedding(padded=False, **options):
    return L.Embedding(WORDS, 4, mask_zero=padded, **options)


def models():
    return [
        Model(
            "average of words",
            lambda: [embedding(True), L.GlobalAveragePooling1D(), L.Dense(1, activation="sigmoid")],
            "binary_crossentropy",
            binary(BATCH, 1),
            padded=True,
        ),
        Model(
            "flattened words",
            lambda: [embedding(), L.Flatten(), L.Dense(5, activation="tanh"), L.Dense(1)],
            "mse",
            real(BATCH, 1),
        ),
        Model(
            "regularized and constrained words",
            lambda: [
                embedding(
                    embeddings_regularizer=regularizers.L2(0.01),
                    embeddings_constraint=constraints.MaxNorm(0.8, axis=1),
                    activity_regularizer=regularizers.L1(0.01),
                ),
                L.Dense(
                    4,
                    activation="relu",
                    kernel_regularizer=regularizers.L1L2(0.01, 0.02),
                    bias_regularizer=regularizers.L2(0.01),
                    activity_regularizer=regularizers.L2(0.02),
                    kernel_constraint=constraints.UnitNorm(),
                    bias_constraint=constraints.NonNeg(),
                ),
                L.GlobalMaxPooling1D(),
                L.Dense(3, activation="softmax", kernel_constraint=constraints.MinMaxNorm(0.3, 0.9, rate=0.5)),
            ],
            "categorical_crossentropy",
            one_hot(3, BATCH),
        ),
        Model(
            "tags of masked words, with weights",
            lambda: [embedding(True), L.Dense(5, activation="tanh"), L.Dense(3, activation="softmax")],
            "sparse_categorical_crossentropy",
            classes(3, BATCH, TIME),
            weight=(BATCH, TIME),
            padded=True,
        ),
        Model(
            "LSTM over masked words",
            lambda: [embedding(True), L.LSTM(5), L.Dense(1, activation="sigmoid")],
            "binary_crossentropy",
            binary(BATCH, 1),
            padded=True,
        ),
        Model(
            "tags by a bidirectional GRU over masked words",
            lambda: [
                embedding(True),
                L.Bidirectional(L.GRU(3, return_sequences=True)),
                L.TimeDistributed(L.Dense(3, activation="softmax")),
            ],
            "sparse_categorical_crossentropy",
            classes(3, BATCH, TIME),
            padded=True,
        ),
        Model(
            "convolution and the largest of each filter",
            lambda: [
                embedding(),
                L.Conv1D(5, 3, activation="relu"),
                L.GlobalMaxPooling1D(),
                L.Dense(3, activation="softmax"),
            ],
            "categorical_crossentropy",
            one_hot(3, BATCH),
        ),
        Model(
            "addition: one LSTM reads, another writes",
            lambda: [
                L.LSTM(4),
                L.RepeatVector(3),
                L.LSTM(4, return_sequences=True),
                L.TimeDistributed(L.Dense(5, activation="softmax")),
            ],
            "categorical_crossentropy",
            one_hot(5, BATCH, 3),
            features=5,
        ),
        Model(
            "stacked, regularized and constrained SimpleRNNs",
            lambda: [
                embedding(True, embeddings_regularizer=regularizers.L2(0.01)),
                L.SimpleRNN(
                    4,
                    return_sequences=True,
                    kernel_regularizer=regularizers.L1L2(0.01, 0.02),
                    recurrent_regularizer=regularizers.L2(0.03),
                    bias_regularizer=regularizers.L2(0.01),
                    activity_regularizer=regularizers.L2(0.02),
                    kernel_constraint=constraints.MaxNorm(1.0),
                    recurrent_constraint=constraints.UnitNorm(),
                    bias_constraint=constraints.NonNeg(),
                ),
                L.SimpleRNN(3, activity_regularizer=regularizers.L1(0.01)),
                L.Dense(1),
            ],
            "mse",
            real(BATCH, 1),
            padded=True,
        ),
        Model(
            "convolution with batch normalization",
            lambda: [
                embedding(),
                L.Conv1D(4, 3, padding="causal", use_bias=False),
                L.BatchNormalization(momentum=0.8),
                L.Activation("relu"),
                L.AveragePooling1D(2),
                L.Flatten(),
                L.Dense(3, activation="softmax"),
            ],
            "sparse_categorical_crossentropy",
            classes(3, BATCH),
            batch_statistics=True,
        ),
        Model(
            "batch normalization of masked words",
            lambda: [embedding(True), L.BatchNormalization(momentum=0.8), L.GRU(3), L.Dense(1)],
            "mse",
            real(BATCH, 1),
            padded=True,
            batch_statistics=True,
        ),
        Model(
            "layer normalization",
            lambda: [
                embedding(True),
                L.LayerNormalization(),
                L.LSTM(3, return_sequences=True),
                L.LayerNormalization(),
                L.GlobalAveragePooling1D(),
                L.Dense(1, activation="sigmoid"),
            ],
            "binary_crossentropy",
            binary(BATCH, 1),
            padded=True,
        ),
        Model(
            "separable convolutions",
            lambda: [
                embedding(),
                L.SeparableConv1D(5, 3, padding="same", depth_multiplier=2, activation="tanh"),
                L.MaxPooling1D(2),
                L.SeparableConv1D(4, 2, activation="relu"),
                L.GlobalAveragePooling1D(),
                L.Dense(3, activation="softmax"),
            ],
            "categorical_crossentropy",
            one_hot(3, BATCH),
        ),
        Model(
            "GRU of Keras 2 over masked words, with weights",
            lambda: [embedding(True), L.GRU(4, reset_after=False), L.Dense(2, activation="tanh")],
            "mse",
            real(BATCH, 2),
            weight=(BATCH,),
            padded=True,
        ),
        # Recurring words, with so many features that it pays to multiply each word once.
        Model(
            "LSTM over few masked words",
            lambda: [L.Embedding(FEW, 32, mask_zero=True), L.LSTM(3), L.Dense(1, activation="sigmoid")],
            "binary_crossentropy",
            binary(BATCH, 1),
            padded=True,
            words=FEW,
        ),
        Model(
            "bidirectional GRU over few words",
            lambda: [L.Embedding(FEW, 32), L.Bidirectional(L.GRU(2, return_sequences=True)), L.Flatten(), L.Dense(1)],
            "mse",
            real(BATCH, 1),
            words=FEW,
        ),
        Model(
            "convolution over few words and the largest of each filter",
            lambda: [
                L.Embedding(FEW, 32),
                L.Conv1D(3, 2, activation="relu"),
                L.GlobalMaxPooling1D(),
                L.Dense(3, activation="softmax"),
            ],
            "categorical_crossentropy",
            one_hot(3, BATCH),
            words=FEW,
        ),
        Model(
            "convolution over few words",
            lambda: [
                L.Embedding(FEW, 32),
                L.Conv1D(3, 3, strides=2, padding="same", activation="tanh"),
                L.Flatten(),
                L.Dense(1),
            ],
            "mse",
            real(BATCH, 1),
            words=FEW,
        ),
    ]


GROUPS = {"models": models}
