#!/usr/bin/env python3
"""Makes the golden files of this folder for golden_test.cpp, with real Keras.

    python -m venv keras-venv && keras-venv/bin/pip install 'keras==3.15.*' 'jax[cpu]'
    keras-venv/bin/python tests/golden/make_goldens.py              # all files, some minutes
    keras-venv/bin/python tests/golden/make_goldens.py recurrent    # one of them

The tests only read the files. layer_cases.py and model_cases.py declare the cases. The numbers of a case depend only on
its name, so a new case changes no other.

A file is {"keras", "backend", "cases" or "models"}. A tensor is {"shape", "values"}. A layer case has the layer as
Keras writes it to files, its weights, and its runs. A run has

    modes     inference, training, or both if they give the same numbers
    x, mask   the input and its (batch, time) mask, or null
    y, y_mask the output and its mask, or null
    dy        the gradient of the output; for it
    dx        the gradient of sum(y * dy) + activity penalties with respect to the input (null for ids)
    dweights  the same with respect to each weight, null for one that is not trained
    updated   the new values of weights that are not trained, null for unchanged ones

The runs of a stateful layer are consecutive calls; the gradients treat the incoming state as a constant. A model case
has layers, the shape of the input, the initial weights, batches, and for each optimizer the loss of each batch (before
its update, including penalties) and the final weights.

The backends of Keras differ in two points. When the first step of a call is masked, NumPy and JAX return the incoming
state as the output of that step, TensorFlow and PyTorch return zeros. The difference shows only in the later calls of a
stateful layer. The library follows Keras 2 and JAX, and the files are made with JAX. The slope of |x| at 0, which L1
needs at the zeros of NonNeg or relu, is 1 in JAX, and 0 in the other backends and in the library: no case has L1 there.

The files omit masks that Keras drops or refuses and the library does not (GlobalMaxPooling1D; an average of no steps,
which is NaN; Softmax over three axes); wrong results of Keras 3.15 (sparsemax adds up the cumulative sums of all
entries that it keeps, instead of taking the last); and TimeDistributed(BatchNormalization) in training, where Keras 3
uses the statistics of each step and the library, like Keras 2, those of all steps.
"""

import os
import sys
import warnings
import zlib
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras.src.backend.common import masking

import layer_cases
import model_cases

FOLDER = Path(__file__).resolve().parent
GROUPS = {**layer_cases.GROUPS, **model_cases.GROUPS}


# Writing


def number(value):
    """Returns the shortest text that reads back as the same float32: at most nine digits."""
    if not np.isfinite(value):
        raise ValueError("a golden number is not finite")
    text = str(value + np.float32(0))  # no -0
    return text[:-2] if text.endswith(".0") else text


def encode(value):
    """Returns JSON without spaces, with arrays as tensors."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, dict):
        return "{" + ",".join(encode(key) + ":" + encode(entry) for key, entry in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(encode(entry) for entry in value) + "]"
    array = np.asarray(value)
    array = array.astype(np.float32 if array.dtype.kind == "f" else np.int32)
    texts = [number(entry) for entry in array.ravel()] if array.dtype == np.float32 else map(str, array.ravel())
    return encode({"shape": list(array.shape)})[:-1] + ',"values":[' + ",".join(texts) + "]}"


def write(name, kind, entries):
    head = {"keras": keras.__version__, "backend": "jax " + jax.__version__}
    lines = ",\n".join(encode(entry) for entry in entries)
    path = FOLDER / (name + ".json")
    path.write_text(encode(head)[:-1] + ',"' + kind + '":[\n' + lines + "\n]}\n")
    print(f"{path.name}: {len(entries)} {kind}, {path.stat().st_size} bytes")


# Initial numbers: few digits, and never at a corner of a function.


def generator(name):
    return np.random.default_rng(zlib.crc32(name.encode()))


def draw(random, shape, low=-1.0, high=1.0):
    steps = random.integers(round(low * 1000), round(high * 1000), shape)
    return ((2 * steps + 1) / 2000).astype(np.float32)


def set_weights(layer, random):
    for weight in layer.weights:
        positive = weight.name in ("moving_variance", "gamma")
        weight.assign(draw(random, weight.shape, *((0.5, 1.5) if positive else (-0.7, 0.7))))


def states_of(layer):
    """Returns the states of stateful layers, which are in none of Keras's lists of variables."""
    return [state for inner in layer._flatten_layers() for state in getattr(inner, "states", None) or []]


# Layer cases


def call(layer, x, mask, dy, training):
    """Returns one call and its gradients."""
    trained = layer.trainable_variables
    others = layer.non_trainable_variables
    is_ids = x.dtype.kind == "i"

    def objective(values, x):
        mapping = [*zip(trained, values), *((variable, variable.value) for variable in others)]
        with keras.StatelessScope(state_mapping=mapping, collect_losses=True) as scope:
            if mask is not None:
                masking.set_keras_mask(x, jnp.asarray(mask.astype(bool)))
            # Some layers have no such argument.
            y = layer(x, **({"training": training} if layer._call_has_training_arg else {}))
            penalty = sum(layer.losses)
        after = [scope.get_current_value(variable) for variable in others + states_of(layer)]
        return jnp.sum(y * dy) + penalty, (y, masking.get_keras_mask(y), after)

    values = [variable.value for variable in trained]
    arguments = (0,) if is_ids else (0, 1)
    gradient = jax.jit(jax.value_and_grad(objective, arguments, has_aux=True))
    (_, (y, y_mask, after)), gradients = gradient(values, jnp.asarray(x))

    by_variable = {id(variable): entry for variable, entry in zip(trained, gradients[0])}
    updates = {id(variable): entry for variable, entry in zip(others, after)}
    changed = lambda weight: id(weight) in updates and not np.array_equal(updates[id(weight)], weight.value)
    return {
        "y": np.asarray(y),
        "y_mask": None if y_mask is None else np.asarray(y_mask),
        "dx": None if is_ids else np.asarray(gradients[1]),
        "dweights": [by_variable.get(id(weight)) for weight in layer.weights],
        "updated": [updates[id(weight)] if changed(weight) else None for weight in layer.weights],
    }, after[len(others) :]


def same(first, second):
    equal = lambda a, b: (a is None) == (b is None) and (a is None or np.array_equal(a, b))
    return all(
        all(map(equal, entry, second[key])) if isinstance(entry, list) else equal(entry, second[key])
        for key, entry in first.items()
    )


def make_runs(layer, x, mask, random, inference_only):
    """Returns one run if training equals inference, else one of each."""
    dy = draw(random, layer.compute_output_shape(x.shape))
    given = {"x": x, "mask": mask, "dy": dy}
    inference, states = call(layer, x, mask, dy, False)
    for state, value in zip(states_of(layer), states):
        state.assign(value)
    if states or inference_only:
        return [{"modes": ["inference"], **given, **inference}]
    training, _ = call(layer, x, mask, dy, True)
    if same(inference, training):
        return [{"modes": ["inference", "training"], **given, **inference}]
    return [{"modes": ["inference"], **given, **inference}, {"modes": ["training"], **given, **training}]


def make_layer_case(case):
    keras.backend.clear_session()
    random = generator(case.name)
    layer = case.make()
    layer.build(case.shape)
    set_weights(layer, random)
    entry = {
        "name": case.name,
        "layer": keras.saving.serialize_keras_object(layer),
        "stateful": bool(states_of(layer)),
        "weights": [np.asarray(weight.value) for weight in layer.weights],
        "runs": [],
    }
    for mask in case.masks:
        entry["runs"] += make_runs(layer, case.input(random, draw), mask, random, case.inference_only)
    return entry


# Model cases


def train(case, weights, batches, optimizer):
    keras.backend.clear_session()
    model = case.make()
    model.set_weights(weights)
    model.compile(optimizer=optimizer(), loss=case.loss)
    losses = []
    for batch in batches:
        before = model.test_on_batch(*batch)
        losses.append(np.float32(model.train_on_batch(*batch)))
        # The recorded loss is that of this step, not a running mean. (Batch statistics make the two differ.)
        if not case.batch_statistics and not np.isclose(before, losses[-1], rtol=1e-5):
            raise ValueError(f"{case.name}: loss {losses[-1]}, but {before} by itself")
    return {
        "optimizer": keras.saving.serialize_keras_object(optimizer()),
        "losses": np.array(losses, np.float32),
        "weights": [np.asarray(weight) for weight in model.get_weights()],
    }


def make_model_case(case):
    keras.backend.clear_session()
    random = generator(case.name)
    model = case.make()
    set_weights(model, random)
    weights = model.get_weights()
    batches = [case.batch(random, draw) for _ in range(10)]
    return {
        "name": case.name,
        "layers": [keras.saving.serialize_keras_object(layer) for layer in model.layers],
        "input_shape": list(model.input_shape),
        "loss": case.loss,
        "weights": weights,
        "batches": [dict(zip(("x", "y", "sample_weight"), batch)) for batch in batches],
        "trainings": [train(case, weights, batches, optimizer) for optimizer in model_cases.OPTIMIZERS],
    }


def main(names):
    warnings.simplefilter("error", UserWarning)  # such as: this layer destroys the mask
    warnings.filterwarnings("ignore", message=".*rms_scaling")  # deprecated
    for name in names or GROUPS:
        cases = GROUPS[name]()
        assert len({case.name for case in cases}) == len(cases), "two cases of one name"
        if name in layer_cases.GROUPS:
            write(name, "cases", [make_layer_case(case) for case in cases])
        else:
            write(name, "models", [make_model_case(case) for case in cases])


if __name__ == "__main__":
    main(sys.argv[1:])
