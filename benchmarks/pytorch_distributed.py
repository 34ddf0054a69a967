#!/usr/bin/env python3
"""The workloads of distributed.cpp on arrays in PyTorch: DistributedDataParallel over gloo, one thread a process.

    pytorch_distributed.py [--processes N] [--steps 100] [--weak] [NAME...]

rows has two forms: rows-sparse has sparse gradients and SparseAdam, which differs from the dense optimizer; rows-dense
sums the whole table. Process 0 prints one line of JSON per workload.
"""

import argparse
import json
import os
import statistics
import time

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

WORKLOADS = ["lstm", "rows-sparse", "rows-dense", "dense"]


class Text(nn.Module):
    def __init__(self, words, width, recurrent, sparse):
        super().__init__()
        self.embedding = nn.Embedding(words, width, sparse=sparse)
        self.recurrent = nn.LSTM(width, width, batch_first=True) if recurrent else None
        self.out = nn.Linear(width, 1)

    def forward(self, ids):
        x = self.embedding(ids)
        x = self.recurrent(x)[0][:, -1] if self.recurrent else x.mean(1)
        return self.out(x).squeeze(1)


def workload(name, samples):
    """Returns the model, its optimizers and the data of one process."""
    if name == "dense":
        layers = [layer for _ in range(5) for layer in (nn.Linear(1024, 1024), nn.ReLU())]
        model = nn.Sequential(*layers, nn.Linear(1024, 1), nn.Flatten(0))
        return model, [torch.optim.SGD(model.parameters(), lr=0.01)], torch.rand(samples, 1024)
    if name == "lstm":
        model, words, length = Text(20_000, 128, True, False), 20_000, 80
    else:
        model, words, length = Text(1_000_000, 64, False, name == "rows-sparse"), 1_000_000, 50
    parameters = list(model.parameters())
    rules = []
    if name == "rows-sparse":
        rules.append(torch.optim.SparseAdam(parameters[:1], lr=1e-3, eps=1e-7))
        parameters = parameters[1:]
    rules.append(torch.optim.Adam(parameters, lr=1e-3, eps=1e-7))
    return model, rules, torch.randint(words, (samples, length))


def measure(name, options, process):
    batch = {"lstm": 32, "dense": 128}.get(name, 64)
    own = batch if options.weak else batch // options.processes
    torch.manual_seed(1 + process)
    model, rules, x = workload(name, own * 16)
    shared = DistributedDataParallel(model) if options.processes > 1 else model
    y = (torch.arange(own) % 2).float()
    times = []
    for step in range(options.steps):
        start = time.perf_counter()
        rows = x[step % 16 * own:][:own]
        for rule in rules:
            rule.zero_grad(set_to_none=True)
        out = shared(rows)
        loss = nn.functional.mse_loss(out, y) if name == "dense" else nn.functional.binary_cross_entropy_with_logits(out, y)
        loss.backward()
        for rule in rules:
            rule.step()
        times.append((time.perf_counter() - start) * 1e3)
    if process == 0:
        print(json.dumps({"workload": name, "library": "PyTorch " + torch.__version__, "processes": options.processes,
                          "batch": own * options.processes, "ms": round(statistics.median(times[5:]), 3)}), flush=True)


def run(process, options):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29511")
    torch.set_num_threads(1)
    if options.processes > 1:
        dist.init_process_group("gloo", rank=process, world_size=options.processes)
    for name in options.names:
        measure(name, options, process)
    if options.processes > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--weak", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(WORKLOADS))
    given = parser.parse_args()
    if unknown := set(given.names) - set(WORKLOADS):
        parser.error(f"unknown workloads: {', '.join(sorted(unknown))}; expected some of {', '.join(WORKLOADS)}")
    given.names = given.names or WORKLOADS
    torch.multiprocessing.spawn(run, (given,), nprocs=given.processes)
