#!/usr/bin/env python3
"""Compares outputs for large vocabularies in PyTorch: what a softmax, a sampled softmax and a hierarchical softmax
learn. docs/decisions/0021-sampled-softmax.md draws the conclusion.

    python -m venv torch-venv && torch-venv/bin/pip install torch numpy
    torch-venv/bin/python benchmarks/compare_outputs.py [--epochs 4] [--threads 2] FILES...

The model predicts a word from the 4 before it, in the given texts; every tenth stretch of 1,000 words is held out.
Prints for each output the milliseconds of a step and the held-out loss, computed exactly, after each epoch.
"""

import argparse
import heapq
import re
import time
from collections import Counter

import numpy as np
import torch
from torch import nn

CONTEXT, FEATURES, BATCH = 4, 64, 256


def read(files):
    words = []
    for path in files:
        words += re.findall(r"\w+|[^\w\s]", open(path, errors="replace").read().lower())
    counts = Counter(words)
    vocabulary = [word for word, _ in counts.most_common()]
    number = {word: i for i, word in enumerate(vocabulary)}
    ids = np.array([number[word] for word in words])
    x = np.stack([ids[i:len(ids) - CONTEXT + i] for i in range(CONTEXT)], 1)
    y = ids[CONTEXT:]
    held_out = np.arange(len(y)) // 1000 % 10 == 9
    return [torch.tensor(a) for a in (x[~held_out], y[~held_out], x[held_out], y[held_out])], [
        counts[word] for word in vocabulary]


class Softmax(nn.Module):
    def __init__(self, counts):
        super().__init__()
        self.linear = nn.Linear(FEATURES, len(counts))

    def loss(self, h, y):
        return nn.functional.cross_entropy(self.linear(h), y)

    exact = loss


class Sampled(nn.Module):
    """As layers::SampledSoftmax: distinct classes for the whole batch, log-uniform."""

    def __init__(self, counts, sampled):
        super().__init__()
        self.kernel = nn.Embedding(len(counts), FEATURES, sparse=True)
        self.bias = nn.Embedding(len(counts), 1, sparse=True)
        nn.init.uniform_(self.kernel.weight, -FEATURES**-0.5, FEATURES**-0.5)
        nn.init.zeros_(self.bias.weight)
        self.sampled, self.classes = sampled, len(counts)
        self.rng = np.random.default_rng(1)

    def log_expected(self, ids, draws):
        p = np.log1p(1 / (ids + 1.0)) / np.log(self.classes + 1)
        return torch.tensor(np.log(-np.expm1(draws * np.log1p(-p))), dtype=torch.float32)

    def loss(self, h, y):
        seen, draws = {}, 0
        while len(seen) < self.sampled:
            for value in np.exp(self.rng.random(self.sampled) * np.log(self.classes + 1)) - 1:
                draws += 1
                seen.setdefault(int(value))
                if len(seen) == self.sampled:
                    break
        ids = torch.tensor(list(seen))
        other = h @ self.kernel(ids).T + self.bias(ids)[:, 0] - self.log_expected(ids.numpy(), draws)
        other = other.masked_fill(ids[None, :] == y[:, None], -torch.inf)
        true = (h * self.kernel(y)).sum(1) + self.bias(y)[:, 0] - self.log_expected(y.numpy(), draws)
        logits = torch.cat([true[:, None], other], 1)
        return nn.functional.cross_entropy(logits, torch.zeros_like(y))

    def exact(self, h, y):
        return nn.functional.cross_entropy(h @ self.kernel.weight.T + self.bias.weight[:, 0], y)


class Hierarchical(nn.Module):
    """The tree of Huffman, as in word2vec and fastText: the probability of a word is the product of its turns."""

    def __init__(self, counts):
        super().__init__()
        classes = len(counts)
        heap = [(count, i) for i, count in enumerate(counts)]
        heapq.heapify(heap)
        parent, turn = {}, {}
        for node in range(classes, 2 * classes - 1):
            (a, left), (b, right) = heapq.heappop(heap), heapq.heappop(heap)
            parent[left], parent[right], turn[left], turn[right] = node, node, 1.0, -1.0
            heapq.heappush(heap, (a + b, node))
        paths = []
        for i in range(classes):
            path = []
            while i in parent:
                path.append((parent[i] - classes, turn[i]))
                i = parent[i]
            paths.append(path)
        longest = max(map(len, paths))
        self.nodes = torch.zeros(classes, longest, dtype=torch.long)
        self.turns = torch.zeros(classes, longest)
        for i, path in enumerate(paths):
            self.nodes[i, :len(path)] = torch.tensor([node for node, _ in path])
            self.turns[i, :len(path)] = torch.tensor([turn for _, turn in path])
        self.kernel = nn.Embedding(classes - 1, FEATURES, sparse=True)
        nn.init.zeros_(self.kernel.weight)

    def loss(self, h, y):
        nodes, turns = self.nodes[y], self.turns[y]
        used = int((turns != 0).sum(1).max())
        nodes, turns = nodes[:, :used], turns[:, :used]
        scores = torch.einsum("bpf,bf->bp", self.kernel(nodes), h)
        return -(nn.functional.logsigmoid(scores * turns) * (turns != 0)).sum(1).mean()

    exact = loss


def train(name, output, data, epochs):
    x, y, x_out, y_out = data
    torch.manual_seed(1)
    body = nn.Sequential(nn.Embedding(int(max(x.max(), x_out.max())) + 1, FEATURES, sparse=True), nn.Flatten(),
                         nn.Linear(CONTEXT * FEATURES, FEATURES), nn.ReLU())
    dense, sparse = list(body[2].parameters()), list(body[0].parameters())
    (dense if isinstance(output, Softmax) else sparse).extend(output.parameters())
    rules = [torch.optim.Adam(dense, lr=1e-3), torch.optim.SparseAdam(sparse, lr=1e-3)]
    losses, seconds, steps = [], 0.0, 0
    for _ in range(epochs):
        start = time.perf_counter()
        for rows in torch.randperm(len(x)).split(BATCH):
            for rule in rules:
                rule.zero_grad()
            output.loss(body(x[rows]), y[rows]).backward()
            for rule in rules:
                rule.step()
            steps += 1
        seconds += time.perf_counter() - start
        with torch.no_grad():
            parts = [output.exact(body(a), b).item() * len(a) for a, b in zip(x_out.split(1024), y_out.split(1024))]
        losses.append(sum(parts) / len(x_out))
    print(f"{name:<14} {seconds / steps * 1e3:7.2f} ms a step  held-out loss " + " ".join(f"{l:.3f}" for l in losses),
          flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    data, counts = read(options.files)
    print(f"{len(data[0])} words to train, {len(data[2])} held out, {len(counts)} classes")
    for sampled in (64, 256, 1024):
        train(f"sampled-{sampled}", Sampled(counts, sampled), data, options.epochs)
    train("hierarchical", Hierarchical(counts), data, options.epochs)
    train("softmax", Softmax(counts), data, options.epochs)


if __name__ == "__main__":
    main()
