#!/usr/bin/env python3
"""The work of workloads.cpp in PyTorch, with the same shapes, optimizers and output: one JSON line for each workload.

    pytorch_workloads.py [--seconds S] [--threads N] [NAME...]
"""

import argparse
import json
import time

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("names", nargs="*")
parser.add_argument("--seconds", type=float, default=3.0)
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(1)


def is_wanted(name):
    return not options.names or name.split()[0] in options.names


def time_steps(name, step, inner=1):
    warm = time.perf_counter()
    step()
    while time.perf_counter() - warm < min(0.5, options.seconds):
        step()
    times, start = [], time.perf_counter()
    while len(times) < 7 or time.perf_counter() - start < options.seconds:
        one = time.perf_counter()
        for _ in range(inner):
            step()
        times.append((time.perf_counter() - one) / inner * 1e3)
    times.sort()
    print(json.dumps({"workload": name, "library": "PyTorch " + torch.__version__,
                      "ms": round(times[len(times) // 2], 5), "ms_min": round(times[0], 5),
                      "ms_p90": round(times[len(times) * 9 // 10], 5), "n": len(times)}), flush=True)


def random_ids(batch, steps, vocabulary, padded=False):
    ids = torch.randint(1 if padded else 0, vocabulary, (batch, steps))
    if padded:
        lengths = torch.randint(10, steps + 1, (batch,))
        ids[torch.arange(steps)[None] >= lengths[:, None]] = 0
    return ids


class Recurrent(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.embedding, self.layer, self.out = nn.Embedding(20_000, 128), layer(128, 128, batch_first=True), nn.Linear(128, 1)

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


class Convolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.filters = nn.Embedding(5000, 50), nn.Conv1d(50, 250, 3)
        self.hidden, self.out = nn.Linear(250, 250), nn.Linear(250, 1)

    def forward(self, ids):
        largest = torch.relu(self.filters(self.embedding(ids).transpose(1, 2))).amax(2)
        return self.out(torch.relu(self.hidden(largest))).squeeze(1)


def train(name, model, optimizer, steps, vocabulary, padded=False):
    if optimizer == "rmsprop":
        rule = torch.optim.RMSprop(model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7)
    else:
        rule = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    batches = [random_ids(32, steps, vocabulary, padded) for _ in range(16)]
    labels = (torch.arange(32) % 2 == 0).float()
    number = 0

    def step():
        nonlocal number
        rule.zero_grad(set_to_none=True)
        nn.functional.binary_cross_entropy_with_logits(model(batches[number % 16]), labels).backward()
        rule.step()
        number += 1

    time_steps(name, step)


def predict_one(name, model, steps, vocabulary):
    model.eval()
    ids = random_ids(1, steps, vocabulary)
    with torch.no_grad():
        time_steps(name, lambda: model(ids), 10)


if is_wanted("W1"):
    table, ids = nn.Embedding(1000, 64), random_ids(32, 10, 1000)
    with torch.no_grad():
        time_steps("W1", lambda: table(ids), 50)
if is_wanted("W2"):
    train("W2", Recurrent(nn.LSTM), "rmsprop", 80, 20_000)
if is_wanted("W2r"):
    train("W2r", Recurrent(nn.LSTM), "rmsprop", 80, 20_000, padded=True)
    train("W2r packed", PackedRecurrent(nn.LSTM), "rmsprop", 80, 20_000, padded=True)
if is_wanted("W2g"):
    train("W2g", Recurrent(nn.GRU), "rmsprop", 80, 20_000)
for name, optimizer in (("W3", "rmsprop"), ("W3a", "adam")):
    for vocabulary in (20_000, 200_000, 1_000_000):
        if is_wanted(name):
            train(f"{name} {vocabulary}", Mean(vocabulary), optimizer, 400, vocabulary)
if is_wanted("W4"):
    train("W4", Convolution(), "adam", 400, 5000)
if is_wanted("W5"):
    predict_one("W5 lstm", Recurrent(nn.LSTM), 80, 20_000)
    predict_one("W5 conv", Convolution(), 400, 5000)
