#!/usr/bin/env python3
"""Makes text_metrics.json for metrics/text_golden_test.cpp, with real keras_hub.

    python -m venv hub-venv
    hub-venv/bin/pip install 'keras==3.15.*' 'keras-hub==0.32.*' 'jax[cpu]' tensorflow-cpu rouge-score
    hub-venv/bin/python tests/golden/make_text_metric_goldens.py

A case is {"name", "class", "options", "batches"}. A batch has y_true, y_pred, w (or null) and `results` after it.
"""

import json
import os
import zlib
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import keras
import keras_hub
import numpy as np
import tensorflow as tf

REFERENCES = [
    ["He eats a sweet apple.", "He is eating a tasty apple, isn't he?"],
    ["Silicon Valley is one of my favourite shows!", "Silicon Valley is the best show ever."],
    ["Pi is 3.14159, not 3,2; the years 1990-1999 (a decade) cost $5.", "Pi: 3.14159."],
    ["The tiny little cat was found under the big funny bed", "A cat, under a bed"],
    ["Ça coûte 3,50 €... n'est-ce pas ? &quot;Oui&quot; &amp; non", "well-known re-\nsult <skipped>end 7."],
    ["", "a"],
]
TEXTS = [
    "He He He eats tasty fruits.",
    "Silicon Valley is the best show of my favourite shows!",
    "Pi is 3.14159, and 3,2; the years 1990-1999 (a decade) cost $6.",
    "the cat was under the bed",
    "Ça coûte 3,50 €... &quot;Oui&quot; &amp; non, well-known result end 7.",
    "a b",
]
TOKENS = [
    (["the", "tiny", "little", "cat", "was", "found"], ["the", "cat", "was", "under", "found"]),
    (["a"], []),
    (["it", "is", "", "fun"], ["it", "", "was", "fun", "today"]),
    (["same", "words"], ["same", "words"]),
]
IDS = [([1, 2, 3, 4, 5], [1, 3, 4, 4, 5, 6]), ([9, 8, 0, 0], [9, 8, 7]), ([2, 0, 3], [2, 3, 0, 0])]


def numbers(result):
    if isinstance(result, dict):
        return [float(result[key]) for key in ("precision", "recall", "f1_score")]
    return [float(result)]


def entry(name, metric, options, batches):
    played = []
    for y_true, y_pred, w in batches:
        metric.update_state(y_true, y_pred, *([] if w is None else [w]))
        plain = lambda value: value.tolist() if isinstance(value, np.ndarray) else value
        played.append(
            {"y_true": plain(y_true), "y_pred": plain(y_pred), "w": plain(w), "results": numbers(metric.result())}
        )
    return {"name": name, "class": type(metric).__name__, "options": options, "batches": played}


def perplexity(name, logits, mask_token_id, weights):
    random = np.random.default_rng(zlib.crc32(name.encode()))
    batches = []
    for length in (4, 3):
        y = random.integers(0, 5, (2, length)).astype(np.float32)
        p = random.integers(-2000, 2000, (2, length, 5)).astype(np.float32) / 1000
        if not logits:
            p = np.exp(p) / np.exp(p).sum(-1, keepdims=True)
        w = random.integers(1, 9, (2, length)).astype(np.float32) / 4 if weights else None
        batches.append((y, p.astype(np.float32), w))
    options = {"from_logits": logits, "mask_token_id": mask_token_id}
    return entry(name, keras_hub.metrics.Perplexity(**options), options, batches)


def make_all():
    references, texts = REFERENCES, TEXTS
    pairs = [([a], [b]) for (a, _), b in zip(references, texts)]
    bleu = [([reference], [text], None) for reference, text in zip(references, texts)]
    for options in ({}, {"max_order": 2}, {"smooth": True}, {"max_order": 6, "smooth": True}):
        yield entry(f"Bleu {options}", keras_hub.metrics.Bleu(**options), options, bleu[1:])
        together = [(references, texts, None)]
        yield entry(f"Bleu {options}, one batch", keras_hub.metrics.Bleu(**options), options, together)
    yield entry("RougeL", keras_hub.metrics.RougeL(), {}, [(a, b, None) for a, b in pairs])
    for order in (1, 2, 3):
        options = {"order": order}
        yield entry(f"RougeN {order}", keras_hub.metrics.RougeN(**options), options, [(a, b, None) for a, b in pairs])
    for normalize in (True, False):
        options = {"normalize": normalize}
        for kind, lists in (("strings", TOKENS), ("ids", IDS)):
            batches = [([a], [b], None) for a, b in lists if b]
            yield entry(f"EditDistance {options} {kind}", keras_hub.metrics.EditDistance(**options), options, batches)
    for logits in (True, False):
        for token in (None, 0):
            for weights in (False, True):
                yield perplexity(f"Perplexity {logits} {token} {weights}", logits, token, weights)


if __name__ == "__main__":
    head = {"keras": keras.__version__, "keras_hub": keras_hub.__version__, "tensorflow": tf.__version__}
    cases = list(make_all())
    lines = ",\n".join(json.dumps(case, separators=(",", ":"), ensure_ascii=False) for case in cases)
    path = Path(__file__).resolve().parent / "text_metrics.json"
    path.write_text(json.dumps(head)[:-1] + ',"cases":[\n' + lines + "\n]}\n")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")
