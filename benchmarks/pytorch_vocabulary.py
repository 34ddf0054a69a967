#!/usr/bin/env python3
"""The models of vocabulary.cpp in PyTorch, with the same shapes, names, options and output.

    pytorch_vocabulary.py [--threads N] [--seconds S] [NAME...]

adaptive-V is PyTorch's own output for large vocabularies, nn.AdaptiveLogSoftmaxWithLoss, a softmax in two levels.
"""

import measure

options = measure.read_options(__doc__.splitlines()[0])

import torch  # noqa: E402, reads its threads as it is loaded
from torch import nn  # noqa: E402

torch.set_num_threads(options.threads)
torch.manual_seed(1)
stopwatch = measure.Stopwatch(options, "PyTorch " + torch.__version__)

BATCH, CONTEXT, INPUT_WORDS, FEATURES = 256, 4, 10_000, 64
SIZES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}


def words(count, vocabulary):
    return (vocabulary**torch.rand(count, dtype=torch.float64)).long() - 1


class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.hidden = nn.Embedding(INPUT_WORDS, FEATURES), nn.Linear(CONTEXT * FEATURES, FEATURES)

    def forward(self, ids):
        return torch.relu(self.hidden(self.embedding(ids).flatten(1)))


def train(name):
    kind, size = name.split("-")
    vocabulary = SIZES[size]
    body = Body()
    if kind == "softmax":
        output = nn.Linear(FEATURES, vocabulary)
        loss_of = lambda x, y: nn.functional.cross_entropy(output(body(x)), y)
    else:
        output = nn.AdaptiveLogSoftmaxWithLoss(FEATURES, vocabulary, [vocabulary // 100, vocabulary // 10])
        loss_of = lambda x, y: output(body(x), y).loss
    rule = torch.optim.Adam([*body.parameters(), *output.parameters()], lr=1e-3, eps=1e-7)
    batches = [(words((BATCH, CONTEXT), INPUT_WORDS), words((BATCH,), vocabulary)) for _ in range(16)]
    number = 0

    def step():
        nonlocal number
        x, y = batches[number % len(batches)]
        rule.zero_grad(set_to_none=True)
        loss_of(x, y).backward()
        rule.step()
        number += 1

    stopwatch.time(name, step)


stopwatch.run([(f"{kind}-{size}", train) for size in SIZES for kind in ("softmax", "adaptive")])
