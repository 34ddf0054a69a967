#!/usr/bin/env python3
"""Makes metrics.json for metrics_golden_test.cpp, with real Keras. See make_goldens.py for the environment.

    keras-venv/bin/python tests/golden/make_metric_goldens.py

A case is {"name", "metric" (as Keras writes it to files), "batches"}. A batch has y and p, the weights w and the mask
of the rows of p or null, and `results`: all numbers of metric.result() after it. The numbers of a case depend only on
its name.

Means of rows see the mask of the predictions. Keras 3 does not pass it to the other metrics, so that padding counts
there. The library leaves masked rows out of all metrics, as Keras 2 does; for those metrics, the script multiplies the
weights by the mask.
"""

import json

import numpy as np

from make_goldens import draw, generator, jnp, keras, masking, write

M = keras.metrics


class Case:
    """An option set of a metric, its targets (binary, one_hot, labels, values, ...) and the shape of predictions."""

    def __init__(self, name, make, targets, shape, weights=True):
        self.name = name
        self.make = make
        self.targets = targets
        self.shape = shape
        self.weights = weights


def targets_of(kind, shape, random):
    """Returns y and p."""
    rows, columns = shape[:-1], shape[-1]
    p = draw(random, shape, 0, 1)
    labels = random.integers(0, columns, rows)
    one_hot = np.eye(columns, dtype=np.float32)[labels]
    if kind == "binary":
        p.ravel()[:3] = [0, 1, 0.5]
        return random.integers(0, 2, shape).astype(np.float32), p
    if kind == "ties":
        return random.integers(0, 2, shape).astype(np.float32), np.round(p * 5).astype(np.float32) / 5
    if kind == "logits":
        return random.integers(0, 2, shape).astype(np.float32), draw(random, shape, -3, 3)
    if kind == "one_hot":
        return one_hot, p
    if kind == "labels":
        return labels.astype(np.float32), p
    if kind == "label_logits":
        return labels.astype(np.float32), draw(random, shape, -2, 2)
    if kind == "sorted_ids":
        ids = np.argsort(-p, axis=-1).astype(np.float32)
        return labels.astype(np.float32), ids
    if kind == "values":
        return draw(random, shape, -1, 1), draw(random, shape, -1, 1)
    if kind == "positive":
        return draw(random, shape, 0, 2), draw(random, shape, 0, 2)
    if kind == "distributions":
        y = draw(random, shape, 0, 1)
        return y / y.sum(-1, keepdims=True), p / p.sum(-1, keepdims=True)
    if kind == "ids":  # class numbers, some of them outside 0..2
        return (random.integers(0, 4, shape).astype(np.float32), random.integers(0, 3, shape).astype(np.float32))
    if kind == "one_hot_ids":  # y is one-hot of three classes for each id in p
        classes, ids = random.integers(0, 3, shape), random.integers(0, 3, shape)
        return np.eye(3, dtype=np.float32)[classes], ids.astype(np.float32)
    raise ValueError(kind)


def is_mean_of_rows(metric):
    return isinstance(metric, M.MeanMetricWrapper)


def numbers_of(result):
    return np.atleast_1d(np.asarray(result, dtype=np.float32))


def make_case(name, case, weighted, masked):
    keras.backend.clear_session()
    random = generator(name)
    metric = case.make()
    batches = []
    for _ in range(3):
        y, p = targets_of(case.targets, case.shape, random)
        rows = p.shape[:-1]
        w = random.integers(1, 9, rows).astype(np.float32) / 4 if weighted else None
        if weighted:
            w.ravel()[0] = 0
        mask = (random.random(rows) < 0.7).astype(np.float32) if masked else None
        y_pred, sample_weight = jnp.asarray(p), w
        if masked and is_mean_of_rows(metric):
            masking.set_keras_mask(y_pred, jnp.asarray(mask.astype(bool)))
        elif masked:
            sample_weight = mask if w is None else mask * w
        metric.update_state(y, y_pred, sample_weight=sample_weight)
        batches.append({"y": y, "p": p, "w": w, "mask": mask, "results": numbers_of(metric.result())})
    written = json.loads(json.dumps(keras.saving.serialize_keras_object(metric)))  # without NumPy's numbers
    return {"name": name, "metric": written, "batches": batches}


def options(**given):
    return ", ".join(f"{key}={value}" for key, value in given.items())


def case(cls, targets, shape, weights=True, **given):
    return Case(f"{cls.__name__}({options(**given)})", lambda: cls(**given), targets, shape, weights)


CASES = [
    case(M.Accuracy, "ties", (5, 3)),
    case(M.BinaryAccuracy, "binary", (4, 3, 2), threshold=0.3),
    case(M.CategoricalAccuracy, "one_hot", (5, 4)),
    case(M.SparseCategoricalAccuracy, "labels", (3, 4, 5)),
    case(M.TopKCategoricalAccuracy, "one_hot", (5, 9)),
    case(M.TopKCategoricalAccuracy, "one_hot", (3, 4, 5), k=2),
    case(M.SparseTopKCategoricalAccuracy, "labels", (5, 9)),
    case(M.SparseTopKCategoricalAccuracy, "labels", (3, 4, 5), k=3),
    case(M.SparseTopKCategoricalAccuracy, "sorted_ids", (6, 5), k=2, from_sorted_ids=True),
    case(M.TruePositives, "binary", (6, 2)),
    case(M.TruePositives, "binary", (3, 4, 2), thresholds=[0.2, 0.7]),
    case(M.FalsePositives, "binary", (6, 2), thresholds=0.3),
    case(M.TrueNegatives, "binary", (6, 2), thresholds=[0.9, 0.1]),
    case(M.FalseNegatives, "binary", (6, 2), thresholds=[0.0, 0.5, 1.0]),
    case(M.Precision, "binary", (7, 1)),
    case(M.Precision, "binary", (5, 3), thresholds=[0.5, 0.9, 0.1]),
    case(M.Precision, "ties", (5, 3), thresholds=[0.0, 0.25, 0.5, 0.75, 1.0]),
    case(M.Precision, "ties", (5, 6), top_k=2),
    case(M.Precision, "ties", (5, 6), thresholds=0.5, top_k=3, class_id=1),
    case(M.Precision, "binary", (3, 4, 2), class_id=1),
    case(M.Recall, "binary", (7, 1)),
    case(M.Recall, "binary", (5, 3), thresholds=[0.3, 0.6]),
    case(M.Recall, "binary", (5, 6), top_k=2, class_id=0),
    case(M.Recall, "one_hot", (3, 4, 5), top_k=3),
    case(M.AUC, "binary", (9, 1)),
    case(M.AUC, "ties", (9, 2), num_thresholds=11),
    case(M.AUC, "binary", (3, 4, 2), curve="PR"),
    case(M.AUC, "binary", (9, 1), curve="PR", summation_method="minoring"),
    case(M.AUC, "binary", (9, 1), curve="PR", summation_method="majoring"),
    case(M.AUC, "binary", (9, 1), curve="PRGAIN"),
    case(M.AUC, "binary", (9, 1), summation_method="minoring", num_thresholds=20),
    case(M.AUC, "binary", (9, 1), summation_method="majoring", num_thresholds=20),
    case(M.AUC, "binary", (9, 2), thresholds=[0.7, 0.2, 0.5]),
    case(M.AUC, "ties", (9, 2), thresholds=[0.25, 0.5, 0.75]),
    case(M.AUC, "logits", (9, 2), from_logits=True),
    case(M.AUC, "binary", (9, 3), multi_label=True),
    case(M.AUC, "binary", (9, 3), multi_label=True, num_labels=3, label_weights=[0.5, 1.0, 2.0], curve="PR"),
    case(M.AUC, "binary", (9, 3), multi_label=True, thresholds=[0.3, 0.4], label_weights=[0.5, 1.0, 2.0]),
    case(M.AUC, "binary", (9, 3), label_weights=[0.5, 1.0, 2.0]),
    case(M.AUC, "binary", (9, 2), num_thresholds=2),
    case(M.SensitivityAtSpecificity, "binary", (9, 1), specificity=0.5),
    case(M.SensitivityAtSpecificity, "binary", (9, 3), specificity=0.8, num_thresholds=10, class_id=2),
    case(M.SpecificityAtSensitivity, "binary", (9, 2), sensitivity=0.6),
    case(M.SpecificityAtSensitivity, "binary", (9, 2), sensitivity=0.4, num_thresholds=1),
    case(M.PrecisionAtRecall, "binary", (3, 4, 2), recall=0.7),
    case(M.RecallAtPrecision, "binary", (9, 2), precision=0.5, num_thresholds=2),
    case(M.RecallAtPrecision, "binary", (9, 2), precision=0.6),
    case(M.F1Score, "one_hot", (6, 3)),
    case(M.F1Score, "one_hot", (6, 3), average="macro"),
    case(M.F1Score, "binary", (6, 3), average="micro", threshold=0.4),
    case(M.F1Score, "one_hot", (6, 3), average="weighted"),
    case(M.FBetaScore, "binary", (6, 3), beta=2.0, threshold=0.5),
    case(M.FBetaScore, "one_hot", (6, 3), beta=0.5, average="weighted"),
    case(M.IoU, "ids", (4, 5), weights=False, num_classes=3, target_class_ids=[0, 2]),
    case(M.IoU, "labels", (6, 3), num_classes=3, target_class_ids=[1], sparse_y_pred=False, dtype="float32"),
    case(M.BinaryIoU, "binary", (6, 1), threshold=0.3, dtype="float32"),
    case(M.BinaryIoU, "binary", (6, 1), target_class_ids=[1], dtype="float32"),
    case(M.MeanIoU, "ids", (4, 5), weights=False, num_classes=4, ignore_class=1),
    case(M.MeanIoU, "labels", (3, 4, 3), num_classes=3, sparse_y_pred=False, dtype="float32"),
    case(M.OneHotIoU, "one_hot", (6, 3), num_classes=3, target_class_ids=[0, 2], dtype="float32"),
    case(M.OneHotMeanIoU, "one_hot", (6, 4), num_classes=4, ignore_class=2, dtype="float32"),
    case(M.OneHotMeanIoU, "one_hot_ids", (6, 1), num_classes=3, sparse_y_pred=True, dtype="float32"),
    case(M.PearsonCorrelation, "values", (5, 6)),
    case(M.PearsonCorrelation, "values", (5, 3), weights=False, axis=0),
    case(M.ConcordanceCorrelation, "values", (3, 4, 5)),
    case(M.ConcordanceCorrelation, "values", (5, 1), weights=False, axis=0),
    case(M.RootMeanSquaredError, "values", (5, 3)),
    case(M.RootMeanSquaredError, "values", (4, 1)),
    case(M.R2Score, "values", (8, 3)),
    case(M.R2Score, "values", (8, 3), class_aggregation=None),
    case(M.R2Score, "values", (8, 3), class_aggregation="variance_weighted_average"),
    case(M.R2Score, "values", (8, 2), num_regressors=3),
    case(M.R2Score, "values", (2, 1), num_regressors=9),
    case(M.MeanSquaredError, "values", (3, 4, 2)),
    case(M.MeanAbsoluteError, "values", (5, 2)),
    case(M.MeanAbsolutePercentageError, "values", (5, 2)),
    case(M.MeanSquaredLogarithmicError, "positive", (5, 2)),
    case(M.LogCoshError, "values", (3, 4, 2)),
    case(M.CosineSimilarity, "values", (3, 4, 3)),
    case(M.Hinge, "binary", (3, 4, 2)),
    case(M.SquaredHinge, "binary", (5, 2)),
    case(M.CategoricalHinge, "one_hot", (5, 4)),
    case(M.KLDivergence, "distributions", (3, 4, 3)),
    case(M.Poisson, "positive", (5, 3)),
    case(M.BinaryCrossentropy, "logits", (5, 3), from_logits=True, label_smoothing=0.1),
    case(M.CategoricalCrossentropy, "one_hot", (3, 4, 5), label_smoothing=0.2),
    case(M.SparseCategoricalCrossentropy, "label_logits", (3, 4, 5), from_logits=True),
]


def make_all():
    for each in CASES:
        yield make_case(each.name, each, False, False)
        if each.weights:
            yield make_case(each.name + ", weights", each, True, False)
        if len(each.shape) == 3:
            yield make_case(each.name + ", mask", each, False, True)
            yield make_case(each.name + ", mask, weights", each, True, True)


if __name__ == "__main__":
    write("metrics", "cases", list(make_all()))
