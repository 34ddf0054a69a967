"""Shared code of the scripts for other libraries: command line, clock and ids, as in support/stopwatch.hpp."""

import argparse
import json
import os
import random
import resource
import sys
import time


def read_options(description):
    """Parses the command line. Call this before a library is loaded, since it reads the number of threads then."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("names", nargs="*", help="workloads, or what stands before the hyphen of several; else all")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=3.0, help="how long to measure each (default 3)")
    parser.add_argument("--on-request", action="store_true", help="measure once for each line of standard input")
    options = parser.parse_args()
    # OpenBLAS and MKL have their own threads, which no call of a library controls.
    for name in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{name}_NUM_THREADS"] = str(options.threads)
    os.environ.update(TF_NUM_INTRAOP_THREADS=str(options.threads), TF_NUM_INTEROP_THREADS="1",
                      TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
    return options


def busy_seconds_of_others():
    with open("/proc/stat") as file:
        ticks = [int(field) for field in file.readline().split()[1:9]]
    own = resource.getrusage(resource.RUSAGE_SELF)
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK") - own.ru_utime - own.ru_stime


def peak_mib():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM:"))


class Stopwatch:
    def __init__(self, options, library):
        self.options, self.library = options, library

    def time(self, name, step, inner=1):
        if self.options.on_request:
            for _ in sys.stdin:
                self.measure(name, step, inner)
        else:
            self.measure(name, step, inner)

    def measure(self, name, step, inner):
        warm = time.perf_counter()
        step()
        while time.perf_counter() - warm < min(0.3, self.options.seconds / 2):
            step()
        times, busy, start = [], busy_seconds_of_others(), time.perf_counter()
        while len(times) < 3 or time.perf_counter() - start < self.options.seconds:
            one = time.perf_counter()
            for _ in range(inner):
                step()
            times.append((time.perf_counter() - one) / inner * 1e3)
        others = (busy_seconds_of_others() - busy) / (time.perf_counter() - start)
        times.sort()
        print(json.dumps({
            "workload": name, "library": self.library, "threads": self.options.threads,
            "ms": round(times[len(times) // 2], 5), "ms_min": round(times[0], 5),
            "ms_p90": round(times[len(times) * 9 // 10], 5), "n": len(times), "steps": len(times) * inner,
            "memory_mib": round(peak_mib()), "others": round(max(0.0, others), 2)}), flush=True)

    def run(self, workloads):
        """Runs workloads: pairs of a name and a function that takes the name."""
        matches = [[one == name or name.startswith(one + "-") for name, _ in workloads] for one in self.options.names]
        for one, found in zip(self.options.names, matches):
            if not any(found):
                sys.exit(f"there is no workload \"{one}\"; expected one of: {' '.join(name for name, _ in workloads)}")
        for number, (name, workload) in enumerate(workloads):
            if not matches or any(found[number] for found in matches):
                workload(name)


def random_ids(batch, length, vocabulary):
    return [[random.randrange(vocabulary) for _ in range(length)] for _ in range(batch)]


def texts(vocabulary, time, shortest=None, longest=None, batch=32, natural=False):
    """Returns batches of texts with `shortest` to `longest` ids each, padded with zeros at the end. Natural ones have
    the word frequencies of a language: the word of rank r in proportion to 1 / r."""
    draw = (lambda: int(vocabulary**random.random())) if natural else (lambda: random.randrange(1, vocabulary))
    batches = []
    for _ in range(16):
        rows = []
        for _ in range(batch):
            length = random.randint(shortest or time, longest or shortest or time)
            rows.append([draw() for _ in range(length)] + [0] * (time - length))
        batches.append(rows)
    return batches


def predictions(predict):
    """Returns the prediction workloads for Stopwatch.run; predict takes a name, the kind of the model, ids, and the
    number of steps to time at once."""
    shapes = {"lstm": (80, 20_000), "conv": (400, 5000), "bilstm": (50, 20_000)}  # ids per text, words
    names = [(f"W5-{kind}", kind, 1) for kind in ("lstm", "conv")]
    names += [(f"predict-{kind}-{batch}", kind, batch) for batch in (1, 32, 256) for kind in shapes]
    return [(name, lambda name, kind=kind, batch=batch: predict(
        name, kind, random_ids(batch, *shapes[kind]), 10 if batch == 1 else 1)) for name, kind, batch in names]
