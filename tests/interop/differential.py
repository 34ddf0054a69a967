#!/usr/bin/env python3
"""Compares random models in the library and in real Keras 3: predictions, training, and files in both directions.

    python -m venv keras-venv && keras-venv/bin/pip install 'keras==3.15.*' torch
    cmake --preset release -D XERAS_BUILD_TESTS=ON && cmake --build build/release --target xeras_interop
    keras-venv/bin/python tests/interop/differential.py build/release/tests/xeras_interop --seed 0 --count 1000
    keras-venv/bin/python tests/interop/differential.py build/release/tests/xeras_interop --seed 17 --shrink

The model of seed s is always the same. For each model:

    predictions    of Keras's .keras, .h5, and JSON with .weights.h5; two consecutive calls for a stateful model
    training       three batches, the second with sample weights: loss and metrics of each; an evaluation; final weights
    fit            two epochs, with class weights or a validation split if the target allows: history, final weights
    files back     the library's .keras, .h5, and JSON with .weights.h5 in Keras: predictions, configuration, optimizer

If a change of the last bit of the initial weights changes a training in Keras itself, the training measures nothing.
Such models are listed separately, with both differences.

Prints how much was compared, the largest difference of each kind, the disagreements grouped by kind, and the seeds.
--shrink removes layers and options from one model as long as it disagrees in the same way, and prints it. Keras
computes with torch unless KERAS_BACKEND is set. On TensorFlow, Adam and RMSprop train an Embedding differently. On JAX,
metrics count masked steps in training, though not in an evaluation. On torch, ScheduleFreeAdamW reads its momentum after
it has changed it. Metrics that are not means of steps do not see the mask in Keras (docs/from_keras.md).
"""

import argparse
import functools
import gc
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections import defaultdict
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # the models are small

try:
    import keras
except ImportError:
    print("skipped: there is no Keras here; see the head of this file")
    sys.exit(77)

import absl.logging
import numpy as np

from comparing import decode, differences, encode, without_ids
from random_models import Maker, smaller

absl.logging.set_verbosity(absl.logging.ERROR)
LIMITS = {"predictions": 2e-5, "scores": 2e-4, "trained weights": 1e-3, "optimizer state": 1e-5}
AT_ONCE = 25
# Keras 3.15 reads Lamb in an .h5 file by a name that it does not know, and cannot save Adafactor there.
NOT_IN_H5 = ("optimizers.Lamb", "optimizers.Adafactor")


class Case:
    """A model, its results in Keras, and the tasks for the library."""

    def __init__(self, seed, folder, model=None):
        self.seed, self.folder = seed, folder
        self.plan = model or Maker(seed).model()
        self.tasks, self.checks, self.back = [], [], []
        self.in_h5 = self.plan.compiled["optimizer"].path not in NOT_IN_H5
        random = np.random.default_rng(seed)
        keras.backend.clear_session(free_memory=False)
        keras.utils.set_random_seed(seed)
        self.model = self.plan.make()
        self.disturb(random)
        self.model.optimizer.build(self.model.trainable_variables)
        self.x = self.plan.x(random)
        self.y = self.predict(self.model)
        if not np.all(np.isfinite(self.y)) or np.max(np.abs(self.y)) > 1e3:
            raise ValueError("numbers too large to compare")
        self.predictions()
        if not self.plan.is_random and not self.plan.fixed_batch:
            self.training(random)

    def path(self, ending):
        return str(self.folder / f"{self.seed}{ending}")

    def disturb(self, random):
        """Sets weights other than those of an initializer, so that zeros hide nothing."""
        weights = [weight + random.normal(scale=0.1, size=weight.shape).astype("float32") for weight in self.model.get_weights()]
        names = [variable.path for variable in self.model.weights]
        self.model.set_weights([abs(w) + 0.1 if "variance" in name else w for w, name in zip(weights, names)])

    def predict(self, model):
        for layer in model._flatten_layers(include_self=False) if self.plan.fixed_batch else ():
            if getattr(layer, "stateful", False) and hasattr(layer, "reset_states"):
                layer.reset_states()
        return np.asarray(model.predict_on_batch(self.x))

    def add(self, name, task, check):
        self.tasks.append(task)
        self.checks.append((name, check))

    def predictions(self):
        self.model.save(self.path(".keras"))
        forms = {".keras": {"load": self.path(".keras")}}
        if self.in_h5:
            self.model.save(self.path(".h5"))
            forms[".h5"] = {"load": self.path(".h5")}
        self.model.save_weights(self.path(".weights.h5"))
        Path(self.path(".json")).write_text(self.model.to_json())
        forms[".json"] = {"load": self.path(".json"), "weights": self.path(".weights.h5")}
        self.loaded = keras.saving.load_model(self.path(".keras"))  # the form that a file can store
        self.configuration = plain(self.loaded.get_config())
        self.state = [np.asarray(v) for v in map(keras.ops.convert_to_numpy, self.model.optimizer.variables)]
        again = [encode(self.x)] if self.plan.fixed_batch else []
        for form, task in forms.items():
            back = [self.path(".back" + form)] + ([self.path(".back.weights.h5")] if form == ".json" else [])
            self.add(f"Keras's {form}", {**task, "x": encode(self.x), "again": again, "save": back},
                     lambda result, report, form=form: self.check_predictions(result, report, form))
        if again:
            self.predict(self.model)
            self.second = np.asarray(self.model.predict_on_batch(self.x))

    def check_predictions(self, result, report, form):
        report.compare(self, "predictions", f"predictions of {form}", decode(result["y"]), self.y)
        if self.plan.fixed_batch:
            report.compare(self, "predictions", f"second predictions of {form}", decode(result["again"][0]), self.second)
        try:
            if form == ".json":
                model = keras.models.model_from_json(Path(self.path(".back.json")).read_text())
                model.load_weights(self.path(".back.weights.h5"))
            else:
                model = keras.saving.load_model(self.path(".back" + form))
            report.compare(self, "predictions", f"predictions of our {form} in Keras", self.predict(model), self.y)
        except Exception as error:
            report.fail(self, f"our {form} in Keras: {type(error).__name__}: {error}")
            return
        report.count("configurations")
        found = differences(plain(model.get_config()), self.configuration)
        if found:
            report.fail(self, f"configuration of our {form} in Keras: {found}")
        if form == ".keras":
            state = [keras.ops.convert_to_numpy(variable) for variable in model.optimizer.variables]
            if len(state) != len(self.state):
                report.fail(self, f"our {form} in Keras: {len(state)} arrays of state; expected {len(self.state)}")
            for pair in zip(state, self.state):
                report.compare(self, "optimizer state", f"state of our {form} in Keras", *pair)

    # Training

    def batch(self, random, weighted):
        x = self.plan.x(random)
        y = self.plan.y(random, self.y.shape)
        if not weighted:
            return x, y
        # One weight per target: for several targets, Keras does not define what a weight per sample means.
        shape = y.shape if self.plan.target == "sparse" else y.shape[:-1]
        return x, y, random.uniform(0.1, 2, shape).astype("float32")

    def training(self, random):
        batches = [self.batch(random, i == 1) for i in range(3)]
        test = self.batch(random, random.random() < 0.5)

        def train(model):
            tests = [self.scores(model.test_on_batch, model, test)]
            scores = [self.scores(model.train_on_batch, model, batch) for batch in batches]
            return tests, scores, self.weights_of(model)

        tests, scores, trained = train(self.loaded)
        keys = ("x", "y", "sample_weight")
        task = {"load": self.path(".keras"), "trained": True, "tests": [dict(zip(keys, map(encode, test)))],
                "batches": [dict(zip(keys, map(encode, batch))) for batch in batches]}

        def check(result, report):
            spread = self.spread(train, (tests, scores, trained))
            report.compare_scores(self, "scores of an evaluation", result["tests"], tests)
            report.compare_scores(self, "scores of training", result["scores"], scores, spread)
            report.compare_lists(self, "trained weights", "weights after training", result["trained"], trained, spread)

        self.add("training", task, check)
        self.fit(random)

    def spread(self, train, expected):
        """Returns how far Keras differs from its own numbers when the initial weights change by their last bit."""

        @functools.cache
        def largest():
            random, found = np.random.default_rng(self.seed), 0.0
            for _ in range(4):
                model = keras.saving.load_model(self.path(".keras"))
                model.set_weights([np.nextafter(w, w + random.choice([-1, 1], w.shape).astype(w.dtype)) for w in model.get_weights()])
                try:
                    found = max(found, farthest(train(model), expected))
                except ValueError:
                    return np.inf
            return found

        return largest

    def scores(self, function, model, batch):
        model.reset_metrics()
        return {name: float(score) for name, score in function(*batch, return_dict=True).items()}

    def weights_of(self, model):
        weights = model.get_weights()
        if not all(np.all(np.isfinite(weight)) for weight in weights):
            raise ValueError("Keras trains to NaN")
        return weights

    def fit(self, random):
        x, y = self.batch(random, False)
        options = {"batch_size": 3, "epochs": 2}
        single = self.plan.target == "sparse" and y.ndim == 1 or self.plan.target == "binary" and y.shape[1:] == (1,)
        if single and random.random() < 0.7:
            options["class_weight"] = {0: 0.5, 1: 2.0}
        elif random.random() < 0.5:
            options["validation_split"] = 0.25

        def train(model):
            return model.fit(x, y, verbose=0, shuffle=False, **options).history, self.weights_of(model)

        history, trained = train(self.model)
        task = {"load": self.path(".h5" if self.in_h5 else ".keras"), "trained": True, "fit": {**options, "x": encode(x), "y": encode(y)}}

        def check(result, report):
            spread = self.spread(train, (history, trained))
            report.compare_scores(self, "history of fit", [result["history"]], [history], spread)
            report.compare_lists(self, "trained weights", "weights after fit", result["trained"], trained, spread)

        self.add("fit", task, check)


def farthest(actual, expected):
    """Returns the largest difference between numbers of the same structure."""
    if isinstance(expected, dict):
        return max((farthest(actual[key], value) for key, value in expected.items()), default=0.0)
    if isinstance(expected, (list, tuple)):
        return max((farthest(a, b) for a, b in zip(actual, expected)), default=0.0)
    return difference_of(np.asarray(actual, np.float64), np.asarray(expected, np.float64))


def difference_of(actual, expected):
    return float(np.max(np.abs(actual - expected) / (1 + np.abs(expected)), initial=0))


def plain(config):
    """Returns a configuration without the numbers of objects and the names of nested models' inputs in Keras."""
    if isinstance(config, dict) and config.get("class_name") == "InputLayer":
        config = {**config, "config": {**config["config"], "name": "input"}}
    if isinstance(config, dict):
        return {key: plain(value) for key, value in without_ids(config).items()}
    return [*map(plain, config)] if isinstance(config, (list, tuple)) else config


class Report:
    def __init__(self):
        self.models = self.whole = 0
        self.numbers = defaultdict(lambda: [0, 0.0])
        self.kinds = defaultdict(list)  # (seed, message, model)
        self.skipped = defaultdict(list)
        self.failed = set()
        self.unstable = {}  # by seed

    def count(self, kind, difference=0.0):
        self.numbers[kind][0] += 1
        self.numbers[kind][1] = max(self.numbers[kind][1], difference)

    def fail(self, case, message, kind=None):
        self.failed.add(case.seed)
        kind = kind or kind_of(message)
        if all(seed != case.seed for seed, _, _ in self.kinds[kind]):
            self.kinds[kind].append((case.seed, message, case.plan))

    def compare(self, case, kind, what, actual, expected, spread=lambda: 0.0):
        actual, expected = np.asarray(actual, np.float64), np.asarray(expected, np.float64)
        if actual.shape != expected.shape:
            return self.fail(case, f"{what}: shape {actual.shape}; expected {expected.shape}")
        if np.array_equal(np.isnan(expected), np.isnan(actual)):
            actual, expected = np.nan_to_num(actual), np.nan_to_num(expected)
        difference = difference_of(actual, expected)
        if difference <= LIMITS[kind]:
            return self.count(kind, difference)
        self.count(kind)
        if difference <= 3 * spread():
            return self.unstable.setdefault(case.seed, f"{what}: differ by {difference:.1e}, Keras from itself by {spread():.1e}")
        self.fail(case, f"{what}: differ by {difference:.1e}", f"{what} differ")

    def compare_scores(self, case, what, actual, expected, spread=lambda: 0.0):
        for a, b in zip(actual, expected):
            if {*a} != {*b}:
                return self.fail(case, f"{what}: {sorted(a)}; expected {sorted(b)}", f"{what} have other names")
            for name, score in b.items():
                self.compare(case, "scores", what, a[name], score, spread)

    def compare_lists(self, case, kind, what, actual, expected, spread):
        if len(actual) != len(expected):
            return self.fail(case, f"{what}: {len(actual)} arrays; expected {len(expected)}")
        for a, b in zip(actual, expected):
            self.compare(case, kind, what, decode(a), b, spread)

    def print(self):
        print(f"{self.models} models, {self.models - len(self.failed)} agree whole; Keras {keras.__version__}, {keras.backend.backend()}")
        for kind, (count, largest) in self.numbers.items():
            print(f"{kind}: {count} comparisons, largest difference of those that agree {largest:.1e}")
        print(f"{sum(count for count, _ in self.numbers.values())} comparisons")
        for reason, seeds in self.skipped.items():
            print(f"left out, {len(seeds)}: {reason} (seeds {seeds[:5]})")
        for seed, message in self.unstable.items():
            print(f"no measure, seed {seed}: {message}")
        for kind, found in sorted(self.kinds.items(), key=lambda entry: -len(entry[1])):
            seed, message, plan = min(found, key=lambda entry: len(repr(entry[2])))
            print(f"\nDISAGREE {len(found)}: {kind}\n  seeds {[entry[0] for entry in found[:8]]}\n  seed {seed}: {message[:600]}\n  {plan}")


def kind_of(message):
    """Returns a message without the parts that differ between models: places, names and numbers."""
    message = re.sub(r"^(Keras's \S+|training|fit): ", "", message)
    message = re.sub(r"\S*/\S+: ", "", message).removeprefix("model_from_json: ")
    message = re.sub(r"layer \d+ \"\w+\" (\(\w+\)) > |\"\w+\"|\[[\d. \]\[e-]*\]", "", message)
    return re.sub(r"\w*\d[\w.-]*", "N", message)[:110]


def play(program, folder, tasks):
    """Returns the library's results. Halves the tasks to find one that ends the program."""
    path = folder / "tasks.json"
    path.write_text(json.dumps(tasks))
    done = subprocess.run([program, str(path)], capture_output=True, text=True, timeout=300)
    if done.returncode == 0:
        return json.loads(Path(f"{path}.out").read_text())
    if len(tasks) == 1:
        return [{"error": f"CRASH with status {done.returncode} {done.stderr[-300:]}"}]
    half = len(tasks) // 2
    return play(program, folder, tasks[:half]) + play(program, folder, tasks[half:])


def run(program, cases, folder, report):
    results = iter(play(program, folder, [task for case in cases for task in case.tasks]))
    for case in cases:
        report.models += 1
        keras.backend.clear_session(free_memory=False)
        for name, check in case.checks:
            result = next(results)
            report.fail(case, f"{name}: {result['error']}") if "error" in result else check(result, report)


def make_case(seed, folder, report, model=None):
    try:
        return Case(seed, folder, model)
    except Exception as error:  # Keras cannot make, save or train it
        reason = f"{type(error).__name__}: {kind_of(str(error))}"
        report.skipped[reason].append(seed)
        return None


def shrink(program, seed, folder):
    def kinds_of(model):
        report = Report()
        case = make_case(seed, folder, report, model)
        if case is not None:
            run(program, [case], folder, report)
        return report

    model = Maker(seed).model()
    report = kinds_of(model)
    wanted = {*report.kinds}
    report.print()
    if not wanted:
        return
    found = bool(wanted)
    while found:
        found = False
        candidates = [model.with_plans(plans) for plans in smaller(model.plans)]
        for key in [*model.compiled]:
            if key not in ("loss", "optimizer"):
                fewer = model.with_plans(model.plans)
                fewer.compiled = {name: value for name, value in model.compiled.items() if name != key}
                candidates.append(fewer)
        for candidate in candidates:
            report = kinds_of(candidate)
            if wanted & {*report.kinds}:
                model, found, smallest = candidate, True, report
                break
    if smallest.kinds:
        print("\nMade smaller:")
        smallest.print()


def compare(arguments, folder, report):
    end = arguments.seed + arguments.count
    for start in range(arguments.seed, end, AT_ONCE):
        seeds = range(start, min(start + AT_ONCE, end))
        cases = [case for case in (make_case(seed, folder, report) for seed in seeds) if case is not None]
        run(arguments.program, cases, folder, report)
        print(f"{seeds[-1] + 1 - arguments.seed} models, {len(report.failed)} disagree", file=sys.stderr, flush=True)
        for path in folder.iterdir():
            path.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--shrink", action="store_true")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    gc.freeze()
    report = Report()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if arguments.shrink:
            return shrink(arguments.program, arguments.seed, folder)
        try:
            compare(arguments, folder, report)
        except KeyboardInterrupt:
            pass  # a report of the comparisons so far is still useful
    report.print()
    return 1 if report.kinds else 0


if __name__ == "__main__":
    sys.exit(main())
