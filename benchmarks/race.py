#!/usr/bin/env python3
"""Races xeras-classify against Debian's fasttext: from a file of labelled lines to a tested model.

    race.py XERAS_CLASSIFY FOLDER [--threads 1,2] [--rounds 3] [--dim 50] [--epochs 3] [--settings words,bigrams,subwords]

FOLDER is one of race_corpus.py. The programs run in turns, with the same dimension and number of epochs. Prints, for
each setting: seconds of train and test together (median of the rounds), the ratio, its smallest and largest value in a
round, accuracy, and peak memory.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

SETTINGS = {
    "words": ([], []),
    "bigrams": (["-wordNgrams", "2"], ["--word-ngrams", "2"]),
    "subwords": (["-minn", "3", "-maxn", "6"], ["--min-n", "3", "--max-n", "6"]),
}


def run(command):
    """Returns the seconds, peak memory in MiB and output of a command."""
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        output.seek(0)
        text = output.read()
        if status != 0:
            sys.exit(f"{' '.join(command)} failed:\n{text}")
        return seconds, usage.ru_maxrss / 1024, text


def fasttext(options, folder, setting, threads):
    model = f"{folder}/fasttext"
    train = run(["fasttext", "supervised", "-input", f"{options.folder}/train.txt", "-output", model, "-dim",
                 str(options.dim), "-epoch", str(options.epochs), "-thread", str(threads), "-bucket",
                 str(options.buckets), "-verbose", "0", *SETTINGS[setting][0]])
    test = run(["fasttext", "test", f"{model}.bin", f"{options.folder}/test.txt"])
    return train[0] + test[0], float(re.search(r"P@1\s+([\d.]+)", test[2])[1]), max(train[1], test[1])


def xeras(options, folder, setting, threads):
    model = f"{folder}/xeras.keras"
    train = run([options.program, "train", f"{options.folder}/train.txt", "--output", model, "--dim", str(options.dim),
                 "--epochs", str(options.epochs), "--threads", str(threads), "--buckets", str(options.buckets),
                 *SETTINGS[setting][1]])
    test = run([options.program, "test", model, f"{options.folder}/test.txt", "--threads", str(threads)])
    return train[0] + test[0], float(re.search(r"accuracy ([\d.]+)", test[2])[1]), max(train[1], test[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dim", type=int, default=50)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--buckets", type=int, default=2_000_000)
    parser.add_argument("--settings", default="words,bigrams,subwords")
    options = parser.parse_args()
    # In memory, since xeras waits until a file is on the disk, and fasttext does not.
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        for setting in options.settings.split(","):
            for threads in map(int, options.threads.split(",")):
                rounds = [(fasttext(options, folder, setting, threads), xeras(options, folder, setting, threads))
                          for _ in range(options.rounds)]
                ratios = [theirs[0] / ours[0] for theirs, ours in rounds]
                theirs, ours = (sorted(runs)[len(runs) // 2] for runs in zip(*rounds))
                print(f"| {setting} | {threads} | {theirs[0]:.2f} | {ours[0]:.2f} | {theirs[0] / ours[0]:.2f} x | "
                      f"{min(ratios):.2f} to {max(ratios):.2f} | {theirs[1]:.3f} | {ours[1]:.3f} | {theirs[2]:.0f} | "
                      f"{ours[2]:.0f} |", flush=True)


if __name__ == "__main__":
    main()
