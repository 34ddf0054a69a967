#!/usr/bin/env python3
"""The work of workloads.cpp in PyTorch: the same shapes, optimizers, names, options and output.

    pytorch_workloads.py [--threads N] [--seconds S] [NAME...]

Two workloads have another form beside the plain one: W2r-packed skips the padding by pack_padded_sequence, and
W3-...-sparse has sparse gradients and SparseAdam, which is not what the dense optimizer computes.
"""

import measure

options = measure.read_options(__doc__.splitlines()[0])

import torch  # noqa: E402, reads its threads as it is loaded
from torch import nn  # noqa: E402

torch.set_num_threads(options.threads)
torch.manual_seed(1)
stopwatch = measure.Stopwatch(options, "PyTorch " + torch.__version__)


class Recurrent(nn.Module):
    def __init__(self, layer=nn.LSTM, vocabulary=20_000):
        super().__init__()
        self.embedding, self.layer = nn.Embedding(vocabulary, 128), layer(128, 128, batch_first=True)
        self.out = nn.Linear(128, 1)

    def forward(self, ids):
        return self.out(self.layer(self.embedding(ids))[0][:, -1]).squeeze(1)


class PackedRecurrent(Recurrent):
    """Skips padding, as a masked LSTM does."""

    def forward(self, ids):
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(ids), (ids != 0).sum(1), batch_first=True,
                                                   enforce_sorted=False)
        return self.out(self.layer(packed)[1][0][-1]).squeeze(1)


class Mean(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding, self.out = nn.Embedding(vocabulary, 50), nn.Linear(50, 1)

    def forward(self, ids):
        return self.out(self.embedding(ids).mean(1)).squeeze(1)


class SparseMean(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding, self.out = nn.EmbeddingBag(vocabulary, 50, mode="mean", sparse=True), nn.Linear(50, 1)

    def forward(self, ids):
        return self.out(self.embedding(ids)).squeeze(1)


class Convolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.filters = nn.Embedding(5000, 50), nn.Conv1d(50, 250, 3)
        self.hidden, self.out = nn.Linear(250, 250), nn.Linear(250, 1)

    def forward(self, ids):
        largest = torch.relu(self.filters(self.embedding(ids).transpose(1, 2))).amax(2)
        return self.out(torch.relu(self.hidden(largest))).squeeze(1)


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
    ("W5-lstm", lambda name: predict(name, Recurrent(), random_ids(1, 80, 20_000), 10)),
    ("W5-conv", lambda name: predict(name, Convolution(), random_ids(1, 400, 5000), 10)),
]
workloads += [
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
