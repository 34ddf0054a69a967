#!/usr/bin/env python3
"""Makes a corpus of labelled texts for race.py: train.txt and test.txt, in fastText's format.

    race_corpus.py FOLDER [--words 4800000] [--labels 10] [--vocabulary 50000] [--length 40] [--noise 0.5]
    race_corpus.py FOLDER --fortunes

Words follow Zipf's law: that of rank r has the probability 1 / (r ln V). Each label has words of its own, one in
--labels: a word of the text is moved to the nearest of them, except for the share --noise. Every tenth text is in test.txt. With --fortunes, the
texts are the fortunes of Debian (cmake/install_packages data), and the label is the name of their file.
"""

import argparse
import os
import random
from pathlib import Path


def made(options):
    draw = random.Random(1)
    label_count, vocabulary = options.labels, options.vocabulary
    for number in range(options.words // options.length):
        label = int(draw.random() * label_count)
        words = []
        for _ in range(options.length):
            rank = int(vocabulary ** draw.random())
            if draw.random() >= options.noise:
                rank = rank // label_count * label_count + label
            words.append(f"w{rank}")
        yield number, f"l{label}", " ".join(words)


def fortunes():
    number = 0
    for path in sorted(Path("/usr/share/games/fortunes").rglob("*")):
        if not path.is_file() or path.suffix in (".dat", ".u8"):
            continue
        for text in path.read_text(errors="ignore").split("\n%\n"):
            if text.split():
                yield number, path.name, " ".join(text.split())
                number += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--words", type=int, default=4_800_000)
    parser.add_argument("--labels", type=int, default=10)
    parser.add_argument("--vocabulary", type=int, default=50_000)
    parser.add_argument("--length", type=int, default=40)
    parser.add_argument("--noise", type=float, default=0.5)
    parser.add_argument("--fortunes", action="store_true")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    with open(f"{options.folder}/train.txt", "w") as train, open(f"{options.folder}/test.txt", "w") as test:
        for number, label, text in fortunes() if options.fortunes else made(options):
            (test if number % 10 == 9 else train).write(f"__label__{label} {text}\n")


if __name__ == "__main__":
    main()
