"""A small compiled model for each optimizer, schedule, loss and metric of Keras, for round_trips.py."""

import keras
import numpy as np
from keras import losses, metrics, optimizers
from keras.optimizers import schedules

WORDS, BATCH, TIME, CLASSES = 12, 4, 6, 3

OPTIMIZERS = [
    lambda: optimizers.Adagrad(0.05),
    lambda: optimizers.Adadelta(0.5),
    lambda: optimizers.AdamW(0.01, weight_decay=0.1),
    lambda: optimizers.AdamW(0.01, amsgrad=True, clipvalue=0.2),
    lambda: optimizers.Adamax(0.01),
    lambda: optimizers.Nadam(0.01),
    lambda: optimizers.Ftrl(0.05, l1_regularization_strength=0.001, beta=0.1),
    lambda: optimizers.Lion(0.002),
    lambda: optimizers.Lamb(0.01),
    lambda: optimizers.Adafactor(0.01),
    lambda: optimizers.Muon(0.01),
]
if hasattr(optimizers, "ScheduleFreeAdamW"):
    OPTIMIZERS.append(lambda: optimizers.ScheduleFreeAdamW(0.01))

SCHEDULES = [
    lambda: schedules.ExponentialDecay(0.1, 3, 0.5),
    lambda: schedules.PiecewiseConstantDecay([3, 6], [0.1, 0.05, 0.01]),
    lambda: schedules.PolynomialDecay(0.1, 4, 0.01, 2.0, cycle=True),
    lambda: schedules.InverseTimeDecay(0.1, 3, 0.5, staircase=True),
    lambda: schedules.CosineDecay(0.0, 8, 0.1, warmup_target=0.1, warmup_steps=3),
    lambda: schedules.CosineDecayRestarts(0.1, 3),
]

# The loss, and the targets it takes: numbers, one-hot rows or labels.
LOSSES = [
    (lambda: losses.MeanAbsolutePercentageError(), "numbers"),
    (lambda: losses.MeanSquaredLogarithmicError(reduction="sum"), "numbers"),
    (lambda: losses.CosineSimilarity(), "numbers"),
    (lambda: losses.Huber(), "numbers"),  # Keras does not write delta
    (lambda: losses.LogCosh(), "numbers"),
    (lambda: losses.Hinge(), "one-hot"),
    (lambda: losses.SquaredHinge(), "one-hot"),
    (lambda: losses.CategoricalHinge(), "one-hot"),
    (lambda: losses.KLDivergence(), "one-hot"),
    (lambda: losses.Poisson(), "numbers"),
    (lambda: losses.BinaryFocalCrossentropy(apply_class_balancing=True, gamma=1.5), "one-hot"),
    (lambda: losses.CategoricalFocalCrossentropy(label_smoothing=0.1), "one-hot"),
    (lambda: losses.CategoricalGeneralizedCrossEntropy(q=0.4), "flat labels"),
    (lambda: losses.Dice(), "one-hot"),
    (lambda: losses.Tversky(alpha=0.3, beta=0.7), "one-hot"),
    (lambda: losses.Circle(gamma=2.0), "labels"),
]

METRICS = [
    (lambda: metrics.BinaryAccuracy(threshold=0.4), "one-hot"),
    (lambda: metrics.TopKCategoricalAccuracy(k=2), "one-hot"),
    (lambda: metrics.SparseTopKCategoricalAccuracy(k=2), "labels"),
    (lambda: metrics.Precision(thresholds=[0.3, 0.6]), "one-hot"),
    (lambda: metrics.Recall(class_id=1, top_k=2), "one-hot"),
    (lambda: metrics.AUC(num_thresholds=20, curve="PR"), "one-hot"),
    (lambda: metrics.AUC(thresholds=[0.2, 0.5], summation_method="majoring"), "one-hot"),
    (lambda: metrics.TruePositives(), "one-hot"),
    (lambda: metrics.FalsePositives(thresholds=0.3), "one-hot"),
    (lambda: metrics.TrueNegatives(), "one-hot"),
    (lambda: metrics.FalseNegatives(), "one-hot"),
    (lambda: metrics.SensitivityAtSpecificity(0.5, num_thresholds=20), "one-hot"),
    (lambda: metrics.SpecificityAtSensitivity(0.5), "one-hot"),
    (lambda: metrics.PrecisionAtRecall(0.5), "one-hot"),
    (lambda: metrics.RecallAtPrecision(0.5), "one-hot"),
    (lambda: metrics.F1Score(average="macro"), "one-hot"),
    (lambda: metrics.FBetaScore(beta=2.0, average="micro", threshold=0.4), "one-hot"),
    (lambda: metrics.RootMeanSquaredError(), "numbers"),
    (lambda: metrics.R2Score(class_aggregation="variance_weighted_average"), "numbers"),
    (lambda: metrics.PearsonCorrelation(), "numbers"),
    (lambda: metrics.ConcordanceCorrelation(), "numbers"),
    (lambda: metrics.CosineSimilarity(), "numbers"),
    (lambda: metrics.LogCoshError(), "numbers"),
    (lambda: metrics.MeanAbsolutePercentageError(), "numbers"),
    (lambda: metrics.MeanSquaredLogarithmicError(), "numbers"),
    (lambda: metrics.Hinge(), "one-hot"),
    (lambda: metrics.SquaredHinge(), "one-hot"),
    (lambda: metrics.CategoricalHinge(), "one-hot"),
    (lambda: metrics.KLDivergence(), "one-hot"),
    (lambda: metrics.Poisson(), "numbers"),
    (lambda: metrics.BinaryIoU(target_class_ids=[1], threshold=0.4), "one-hot"),
    (lambda: metrics.OneHotMeanIoU(num_classes=CLASSES), "one-hot"),
    (lambda: metrics.OneHotIoU(num_classes=CLASSES, target_class_ids=[0, 2]), "one-hot"),
]

# Keras 3.15 reads an optimizer and a loss in an .h5 file by names, and does not know these.
NOT_IN_H5 = ("toolbox: Lamb", "toolbox: losses.CategoricalGeneralizedCrossEntropy")


def make_model():
    layers = keras.layers
    return keras.Sequential([
        keras.Input((TIME,), dtype="int32"),
        layers.Embedding(WORDS, 4),
        layers.GlobalAveragePooling1D(),
        layers.Dense(CLASSES, activation="softmax"),
    ])


def target(kind, random):
    labels = random.integers(0, CLASSES, BATCH)
    if kind == "flat labels":  # Keras is wrong for (BATCH, 1)
        return labels.astype(np.float32)
    if kind == "labels":
        return labels.astype(np.float32).reshape(BATCH, 1)
    if kind == "one-hot":
        return np.eye(CLASSES, dtype=np.float32)[labels]
    return random.uniform(0.1, 1, (BATCH, CLASSES)).astype(np.float32)


def default_loss(kind):
    return {"labels": "sparse_categorical_crossentropy", "one-hot": "categorical_crossentropy", "numbers": "mean_squared_error"}[kind]


def cases():
    """Yields (name, make optimizer, make loss, make metrics, kind of targets)."""
    sgd = lambda: optimizers.SGD(0.1)
    none = lambda: []
    for make in OPTIMIZERS:
        yield named(make), make, lambda: "mean_squared_error", none, "numbers"
    for make in SCHEDULES:
        yield named(make), lambda make=make: optimizers.SGD(make()), lambda: "mean_squared_error", none, "numbers"
    for make, kind in LOSSES:
        yield f"losses.{named(make)}", sgd, make, none, kind
    for make, kind in METRICS:
        yield f"metrics.{named(make)}", sgd, lambda kind=kind: default_loss(kind), lambda make=make: [make()], kind


def named(make):
    return type(make()).__name__
