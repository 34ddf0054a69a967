#!/usr/bin/env python3
"""Round trips of files between the library and real Keras 3, for every layer case and model of the golden files, and for
every optimizer, schedule, loss and metric (toolbox_cases.py).

    python -m venv keras-venv && keras-venv/bin/pip install 'keras==3.15.*' 'jax[cpu]'
    cmake --preset release -D XERAS_BUILD_TESTS=ON && cmake --build build/release --target xeras_interop
    keras-venv/bin/python tests/interop/round_trips.py build/release/tests/xeras_interop            # half an hour
    keras-venv/bin/python tests/interop/round_trips.py build/release/tests/xeras_interop "LSTM"     # cases of that name
    keras-venv/bin/python tests/interop/round_trips.py build/release/tests/xeras_interop "toolbox"

For each case, in .keras and in .h5:

    Keras -> library            the library's outputs of Keras's file
    Keras -> library -> Keras   Keras's outputs of the library's file, its configuration and its optimizer's state
    ... -> library              the library's outputs of the file that Keras writes again

Keras trains each model for five steps and saves it; then each side trains it for five more steps, and the losses must
be equal. Prints one line for each kind of number: how many, and the largest |a - b| / (1 + |b|). Fails if outputs or
states differ by more than 1e-5, losses by more than 1e-4, or configurations at all.
"""

import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

try:
    import keras
except ImportError:
    print("skipped: there is no Keras here; see the head of this file")
    sys.exit(77)

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "golden"))
import layer_cases
import model_cases
import toolbox_cases
from comparing import decode, differences, encode, without_ids
from make_goldens import draw, generator, set_weights

FORMATS = ("keras", "h5")
LIMITS = {"outputs": 1e-5, "optimizer state": 1e-5, "losses": 1e-4}


class Report:
    def __init__(self):
        self.numbers = {}
        self.failures = []
        self.configurations = 0

    def compare(self, kind, name, actual, expected):
        actual, expected = np.asarray(actual, np.float64), np.asarray(expected, np.float64)
        if actual.shape != expected.shape:
            self.failures.append(f"{name}: {kind} of shape {actual.shape}; expected {expected.shape}")
            return
        largest = float(np.max(np.abs(actual - expected) / (1 + np.abs(expected)), initial=0))
        count, before = self.numbers.get(kind, (0, 0.0))
        self.numbers[kind] = (count + 1, max(before, largest))
        if not largest <= LIMITS[kind]:
            self.failures.append(f"{name}: {kind} differ by {largest:.1e}")

    def compare_configurations(self, name, actual, expected):
        self.configurations += 1
        if actual != expected:
            self.failures.append(f"{name}: configuration {differences(actual, expected)}")

    def compare_states(self, name, actual, expected):
        if len(actual) != len(expected):
            self.failures.append(f"{name}: {len(actual)} arrays of optimizer state; expected {len(expected)}")
            return
        for pair in zip(actual, expected):
            self.compare("optimizer state", name, *pair)

    def print(self):
        for kind, (count, largest) in self.numbers.items():
            print(f"{kind}: {count} comparisons, largest difference {largest:.1e}")
        print(f"configurations: {self.configurations} comparisons")
        for failure in self.failures:
            print("FAILED", failure)
        print(f"{len(self.failures)} failures")


def model_of_layer(case):
    layer = case.make()
    is_stateful = getattr(layer, "stateful", False)
    shape = {"batch_shape": case.shape} if is_stateful else {"shape": case.shape[1:]}
    return keras.Sequential([keras.Input(**shape, dtype="int32" if case.ids else "float32"), layer])


def make_cases(words):
    """Yields (name, model, x, batches for further training)."""
    wanted = lambda case: all(word in case.name for word in words)
    for group, cases in layer_cases.GROUPS.items():
        for case in filter(wanted, cases()):
            keras.backend.clear_session()
            random = generator(case.name)
            model = model_of_layer(case)
            set_weights(model, random)
            yield f"{group}: {case.name}", model, case.input(random, draw), []
    for number, case in enumerate(filter(wanted, model_cases.GROUPS["models"]())):
        optimizers = [*model_cases.OPTIMIZERS, more_state_sgd, more_state_rmsprop, more_state_adam]
        if number == 0:
            optimizers += [getattr(keras.optimizers, name) for name in OTHER_OPTIMIZERS]
        for make_optimizer in optimizers:
            keras.backend.clear_session()
            random = generator(case.name)
            model = case.make()
            set_weights(model, random)
            model.compile(optimizer=make_optimizer(), loss=case.loss, metrics=["mae" if case.loss == "mse" else "accuracy"])
            batches = [case.batch(random, draw) for _ in range(10)]
            for batch in batches[:5]:
                model.train_on_batch(*batch)
            optimizer = model.optimizer.name
            yield f"model: {case.name}, {optimizer}", model, batches[0][0], batches[5:]
    for name, make_optimizer, make_loss, make_metrics, kind in toolbox_cases.cases():
        if not all(word in f"toolbox: {name}" for word in words):
            continue
        keras.backend.clear_session()
        random = generator(name)
        model = toolbox_cases.make_model()
        set_weights(model, random)
        model.compile(optimizer=make_optimizer(), loss=make_loss(), metrics=make_metrics())
        batches = []
        for _ in range(10):
            x = random.integers(1, toolbox_cases.WORDS, (toolbox_cases.BATCH, toolbox_cases.TIME)).astype(np.int32)
            batches.append((x, toolbox_cases.target(kind, random)))
        for batch in batches[:5]:
            model.train_on_batch(*batch)
        yield f"toolbox: {name}", model, batches[0][0], batches[5:]


# Keras writes no .h5 file with Adafactor, since it gives several variables the same name, and reads none with Lamb.
OTHER_OPTIMIZERS = ["Adadelta", "Adagrad", "AdamW", "Adamax", "Ftrl", "Lion", "Muon", "Nadam", "ScheduleFreeAdamW"]


def more_state_sgd():
    return keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True, use_ema=True, global_clipnorm=1.0)


def more_state_rmsprop():
    return keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True, weight_decay=0.01)


def more_state_adam():
    return keras.optimizers.Adam(0.01, amsgrad=True, gradient_accumulation_steps=2, clipnorm=0.5)


def saves(model, path, name):
    """Saves a model; returns False if Keras itself cannot, as an .h5 file with the state of Adafactor."""
    try:
        model.save(path)
    except ValueError as error:
        print(f"Keras cannot save {name} as {path.name}: {error}")
        return False
    return True


def default_config(loss):
    return getattr(keras.losses, loss["class_name"])().get_config()


def compile_config(model):
    """Returns what compile was given, without the options of how to run; None and [] metrics are the same. A loss with
    default options is its name, as a file may have either."""
    if not model.compiled:
        return None
    config = model.get_compile_config()
    kept = {key: config.get(key) or None for key in ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")}
    loss = kept["loss"]
    if isinstance(loss, dict) and isinstance(loss["config"], dict) and loss["config"] == default_config(loss):
        kept["loss"] = loss["config"]["name"]
    return kept


def stored_state(path):
    with h5py.File(path) as file:
        group = file["optimizer_weights"]
        return [np.asarray(group[name]) for name in group.attrs["weight_names"]]


def losses_of(model, batches):
    losses = []
    for batch in batches:
        model.reset_metrics()
        scores = model.train_on_batch(*batch)
        losses.append(scores[0] if isinstance(scores, list) else scores)
    return losses


def play(program, folder, tasks):
    path = folder / "tasks.json"
    path.write_text(json.dumps(tasks))
    subprocess.run([program, str(path)], check=True)
    return json.loads((folder / "tasks.json.out").read_text())


def main(program, *words):
    warnings.simplefilter("ignore")
    report = Report()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        cases, tasks = [], []
        for i, (name, model, x, batches) in enumerate(make_cases(words)):
            # The model as Keras reads it from its own file: the part that a file can store.
            model.save(folder / f"{i}.keras")
            y = np.asarray(model(x, training=False))
            state = [np.asarray(v) for v in model.optimizer.variables] if model.compiled else []
            stored = keras.saving.load_model(folder / f"{i}.keras")
            config = without_ids([stored.get_config(), compile_config(stored)])
            forms = [form for form in FORMATS if form == "keras" or saves(model, folder / f"{i}.h5", name)]
            if name in toolbox_cases.NOT_IN_H5:
                forms = ["keras"]
            for form in forms:
                path = folder / f"{i}.{form}"
                cases.append((f"{name} [{form}]", i, form, config, y, state, x, batches))
                back = [str(folder / f"{i}.back.{form}")]
                tasks.append({"load": str(path), "x": encode(x), "save": back})
            if batches:
                expected = losses_of(model, batches)
                keys = ("x", "y", "sample_weight")
                encoded = [{key: encode(array) for key, array in zip(keys, batch)} for batch in batches]
                for form in forms:
                    cases.append((f"{name} goes on [{form}]", i, form, None, expected, None, None, None))
                    tasks.append({"load": str(folder / f"{i}.{form}"), "batches": encoded})
        print(f"{len(cases)} tasks; Keras {keras.__version__}", flush=True)

        again, again_cases = [], []
        for case, result in zip(cases, play(program, folder, tasks)):
            name, i, form, config, expected, state, x, batches = case
            if "error" in result:
                report.failures.append(f"{name}: {result['error']}")
                continue
            if x is None:
                report.compare("losses", name, result["losses"], expected)
                continue
            report.compare("outputs", f"{name} in the library", decode(result["y"]), expected)
            keras.backend.clear_session()
            try:
                model = keras.saving.load_model(folder / f"{i}.back.{form}")
            except Exception as error:
                report.failures.append(f"{name} back in Keras: {error}")
                continue
            report.compare("outputs", f"{name} back in Keras", model(x, training=False), expected)
            report.compare_configurations(name, without_ids([model.get_config(), compile_config(model)]), config)
            if state and form == "h5":
                # Keras writes the state into such files but does not read it, so the stored states are compared.
                report.compare_states(name, stored_state(folder / f"{i}.back.h5"), stored_state(folder / f"{i}.h5"))
            elif state:
                found = [np.asarray(v) for v in model.optimizer.variables]
                report.compare_states(name, found, state)
            model.save(folder / f"{i}.again.{form}")
            again.append({"load": str(folder / f"{i}.again.{form}"), "x": encode(x)})
            again_cases.append((f"{name} once more in the library", expected))
        for (name, expected), result in zip(again_cases, play(program, folder, again)):
            if "error" in result:
                report.failures.append(f"{name}: {result['error']}")
            else:
                report.compare("outputs", name, decode(result["y"]), expected)
    report.print()
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
