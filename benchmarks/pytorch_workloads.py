#!/usr/bin/env python3
"""The workloads of workloads.cpp in PyTorch, with the same shapes, optimizers, names, options and output.

    pytorch_workloads.py [--threads N] [--seconds S] [NAME...]

Two workloads have a second form: W2r-packed skips the padding with pack_padded_sequence, and W3-...-sparse uses sparse
gradients and SparseAdam, which differs from the dense optimizer.
"""

import measure

options = measure.read_options(__doc__.splitlines()[0])

import torch  # noqa: E402, reads its threads as it is loaded
from torch import nn  # noqa: E402

from pytorch_models import PREDICTED, Convolution, Mean, PackedRecurrent, Recurrent, SparseMean  # noqa: E402

torch.set_num_threads(options.threads)
torch.manual_seed(1)
stopwatch = measure.Stopwatch(options, "PyTorch " + torch.__version__)


def optimizers(kind, model):
    if kind == "rmsprop":
        return [torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7)]
    if kind == "adam":
        return [torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)]
    return [torch.optim.SparseAdam(list(model.embedding.parameters()), lr=1e-3, eps=1e-7),
            torch.optim.Adam(model.out.parameters(), lr=1e-3, eps=1e-7)]


def train(name, model, kind, texts):
    rules = optimizers(kind, model)
    batches = [torch.tensor(rows) for rows in texts]
    labels = (torch.arange(len(batches[0])) % 2 == 0).float()
    number = 0

    def step():
        nonlocal number
        for rule in rules:
            rule.zero_grad(set_to_none=True)
        loss = nn.functional.binary_cross_entropy_with_logits(model(batches[number % len(batches)]), labels)
        loss.backward()
        for rule in rules:
            rule.step()
        number += 1

    stopwatch.time(name, step)


def predict(name, model, ids, inner):
    model.eval()
    ids = torch.tensor(ids)
    with torch.no_grad():
        stopwatch.time(name, lambda: model(ids), inner)


VOCABULARIES = {"20k": 20_000, "200k": 200_000, "1M": 1_000_000}
texts, random_ids = measure.texts, measure.random_ids
workloads = [
    ("W1", lambda name: predict(name, nn.Embedding(1000, 64), random_ids(32, 10, 1000), 50)),
    ("W2", lambda name: train(name, Recurrent(), "rmsprop", texts(20_000, 80))),
    ("W2r", lambda name: train(name, Recurrent(), "rmsprop", texts(20_000, 80, 10, 80))),
    ("W2r-packed", lambda name: train(name, PackedRecurrent(), "rmsprop", texts(20_000, 80, 10, 80))),
    ("W2g", lambda name: train(name, Recurrent(nn.GRU), "rmsprop", texts(20_000, 80))),
]
for words, V in VOCABULARIES.items():
    workloads += [
        (f"W3-{words}", lambda name, V=V: train(name, Mean(V), "rmsprop", texts(V, 400))),
        (f"W3-{words}-sparse", lambda name, V=V: train(name, SparseMean(V), "sparse_adam", texts(V, 400))),
    ]
for words, V in VOCABULARIES.items():
    workloads.append((f"W3a-{words}", lambda name, V=V: train(name, Mean(V), "adam", texts(V, 400))))
workloads += [
    ("W4", lambda name: train(name, Convolution(), "adam", texts(5000, 400))),
    *measure.predictions(lambda name, kind, ids, inner: predict(name, PREDICTED[kind](), ids, inner)),
    ("natural-lstm", lambda name: train(name, Recurrent(), "rmsprop", texts(20_000, 80, natural=True))),
    ("natural-conv", lambda name: train(name, Convolution(), "adam", texts(5000, 400, natural=True))),
]
for words, V in VOCABULARIES.items():
    workloads.append((f"vocabulary-{words}",
                      lambda name, V=V: train(name, Recurrent(vocabulary=V), "rmsprop", texts(V, 80))))
for percent in (0, 25, 50, 75, 90):
    workloads.append((f"padding-{percent}", lambda name, length=80 * (100 - percent) // 100: train(
        name, Recurrent(), "rmsprop", texts(20_000, 80, length))))
for batch in (1, 4, 16, 32, 64, 128, 256, 512):
    workloads.append((f"batch-{batch}", lambda name, batch=batch: train(
        name, Recurrent(), "rmsprop", texts(20_000, 80, batch=batch))))
stopwatch.run(workloads)
