#!/usr/bin/env python3
"""Makes releases/<release>.zip, the files of one Keras release, for release_files_test.cpp.

Runs in an environment of that release; make_all_release_files creates one per release and runs this script in each.

Each layer of the library is in one of the models below. Each model is trained for a few steps and saved in every format
of the release. A zip holds those files and record.json: for each model an input, the output that Keras computes, and
for a compiled model the result of evaluate and two more batches with their losses.
"""

import io
import json
import os
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ.setdefault("KERAS_BACKEND", "jax")

try:
    import keras
    VERSION = keras.__version__
    if VERSION.startswith("2."):
        from tensorflow import keras
except ImportError:
    print("skipped: there is no Keras here; see make_all_release_files")
    sys.exit(77)

import absl.logging
import numpy as np

absl.logging.set_verbosity(absl.logging.ERROR)
L = keras.layers
FOLDER = Path(__file__).resolve().parent / "releases"
WORDS, BATCH, TIME, FEATURES = 12, 4, 6, 3
RELEASE = tuple(int(part) for part in VERSION.split(".")[:2])
IS_OLD = RELEASE[0] == 2
LOSSES_IGNORE_MASKS = (3, 0) <= RELEASE < (3, 7)
# Releases with formats of their own also have models with one option each.
IS_WHOLE = RELEASE in ((2, 12), (2, 15), (3, 0), (3, 6), (3, 15))
HAS_OBJECTS = RELEASE in ((2, 15), (3, 15))


def slope(value):
    return {"alpha" if IS_OLD else "negative_slope": value}


def words(mask=True, **options):
    return L.Embedding(WORDS, 4, mask_zero=mask, **options)


def ids():
    return keras.Input((TIME,), dtype="int32")


def floats(batch_size=None):
    return keras.Input((TIME, FEATURES), batch_size=batch_size)


class Model:
    """A model to make: its layers from the input on, the arguments of compile, and the ways to save it."""

    def __init__(self, name, layers, compiled=None, endings=(".keras", ".h5"), trains=True, chain=False, parts=False,
                 padded=False, classes=None, policy=None, penalized=False, **options):
        self.name, self.layers, self.compiled, self.endings = name, layers, compiled, endings
        self.chain, self.parts, self.padded = chain, parts, padded
        self.classes, self.policy, self.options = classes, policy, options
        # Keras 3.0 counts the penalties of weights twice, and until 3.6 losses count masked steps, unlike in 3.15.
        # Without the optimizer, some formats lack the arguments of compile.
        differs = (penalized and RELEASE == (3, 0)) or (padded and classes == "sparse" and LOSSES_IGNORE_MASKS)
        self.is_scored = compiled is not None and not differs and not options
        self.trains = trains and self.is_scored

    def make(self):
        first, *layers = self.layers()
        self.rank = len(first.shape)
        if not self.chain:
            return keras.Sequential([first, *layers], name=self.name)
        y = first
        for layer in layers:
            y = layer(y)
        return keras.Model(first, y, name=self.name)

    def x(self, random):
        if self.rank == 3:
            x = random.normal(size=(BATCH, TIME, FEATURES)).astype("float32")
            if self.padded:
                x[0, 4:] = 0
            return x
        x = random.integers(1, WORDS, (BATCH, TIME)).astype("int32")
        if self.padded:
            x[0, 4:], x[1, :2] = 0, 0
        return x

    def y(self, shape, random):
        if self.classes == "sparse":
            return random.integers(0, shape[-1], shape[:-1]).astype("float32")
        if self.classes == "one hot":
            return np.eye(shape[-1], dtype="float32")[random.integers(0, shape[-1], shape[:-1])]
        return random.integers(0, 2, shape).astype("float32")


def adam(**options):
    return keras.optimizers.Adam(0.01, **options)


def sgd():
    return keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True)


def models_of_layers():
    yield Model("words", lambda: [
        ids(), words(), L.Bidirectional(L.LSTM(2, return_sequences=True)), L.TimeDistributed(L.Dense(3, "tanh")),
        L.GRU(3, return_sequences=True), L.SimpleRNN(3, return_sequences=True), L.LayerNormalization(),
        L.Dense(3, "softmax")],
        lambda: (adam(), "sparse_categorical_crossentropy", ["accuracy"]), parts=True, padded=True, classes="sparse")
    yield Model("average", lambda: [
        ids(), words(embeddings_initializer="he_normal"), L.Activation("hard_sigmoid"), L.GlobalAveragePooling1D(),
        L.Dense(3, "relu", kernel_regularizer="l2", bias_regularizer=keras.regularizers.L1(0.1),
                kernel_constraint="max_norm", bias_constraint="non_neg",
                kernel_initializer=keras.initializers.VarianceScaling(2.0, "fan_out", "untruncated_normal")),
        L.Dense(1, "sigmoid", kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02),
                kernel_constraint=keras.constraints.MinMaxNorm(0.1, 0.9), bias_initializer="ones")],
        lambda: (sgd(), "binary_crossentropy", ["accuracy", "mae"]), padded=True, penalized=True)
    yield Model("convolutions", lambda: [
        ids(), words(False), L.Conv1D(4, 3, padding="causal", dilation_rate=2, activation="relu"),
        L.BatchNormalization(), L.MaxPooling1D(2, strides=1), L.SeparableConv1D(4, 2, depth_multiplier=2),
        L.AveragePooling1D(2, padding="same"), L.ZeroPadding1D((1, 2)), L.UpSampling1D(2), L.Cropping1D((1, 0)),
        L.PReLU(shared_axes=[1]), L.Conv1D(4, 2, strides=2, padding="same", groups=2), L.Permute((2, 1)), L.PReLU(),
        L.Flatten(), L.Dense(3, "softmax")],
        lambda: (adam(amsgrad=True), "categorical_crossentropy", ["accuracy"]), classes="one hot", parts=True)
    yield Model("floats", lambda: [
        floats(), L.Masking(), L.LSTM(3, go_backwards=True, return_sequences=True, unit_forget_bias=False),
        L.GRU(4, reset_after=False, recurrent_activation="hard_sigmoid", use_bias=False), L.Reshape((2, 2)),
        L.LeakyReLU(**slope(0.2)), L.ELU(0.5), L.ReLU(1.0, 0.1), L.Softmax(1), L.UnitNormalization(),
        L.GlobalMaxPooling1D(), L.RepeatVector(2), L.SimpleRNN(3, "softsign"), L.Activation("selu"), L.Dense(1)],
        lambda: (sgd(), "mse", []), padded=True)
    yield Model("random", lambda: [
        floats(), L.Dropout(0.2), L.SpatialDropout1D(0.2), L.GaussianNoise(0.1), L.GaussianDropout(0.1),
        L.AlphaDropout(0.1), L.LSTM(2, dropout=0.1, recurrent_dropout=0.1),
        L.Dense(1)], lambda: (keras.optimizers.RMSprop(0.01), "mae", ["mse"]), trains=False)
    if (3, 0) <= RELEASE < (3, 7):
        return  # Keras 3.15 predicts other values from these files: 4e-4, where padding meets a nested model
    yield Model("nested", lambda: [
        ids(), words(), keras.Sequential([L.LSTM(3, return_sequences=True), keras.Sequential([L.Dense(3), L.Dense(2)])]),
        L.Bidirectional(L.GRU(2), "sum", backward_layer=L.LSTM(2, go_backwards=True)), L.RepeatVector(3),
        L.TimeDistributed(keras.Sequential([keras.Input((2,)), L.Dense(2, "tanh"), L.Dense(3)])), L.SimpleRNN(2),
        L.Dense(1)],
        lambda: (sgd(), "mse", ["mae"]), padded=True, parts=True)


def models_of_one_option():
    matrix = np.arange(12, dtype="float32").reshape(3, 4) / 10
    plain = lambda: [ids(), words(), L.GRU(2), L.Dense(1)]
    yield Model("uncompiled", lambda: [ids(), words(), L.ActivityRegularization(0.1, 0.2), L.GRU(2), L.Dense(1)],
                padded=True)
    yield Model("chain", plain, lambda: (adam(), "mse", ["mae"]), chain=True, padded=True)
    yield Model("without_optimizer", plain, lambda: (adam(), "mse", ["mae"]), trains=False, include_optimizer=False,
                endings=(".h5",) if IS_OLD else (".keras", ".h5"))
    yield Model("unrolled", lambda: [ids(), words(False), L.LSTM(2, unroll=True), L.Dense(1)])
    yield Model("stateful", lambda: [floats(BATCH), L.LSTM(2, stateful=True, return_sequences=True),
                                     L.GRU(2, stateful=1), L.Dense(1)])
    yield Model("constant_matrix", lambda: [
        floats(), L.Dense(4, kernel_initializer=keras.initializers.Constant(matrix)), L.GlobalMaxPooling1D()],
        endings=(".keras", ".h5") if IS_OLD else (".keras",))
    yield Model("noise_shape", lambda: [floats(), L.Dropout(0.3, noise_shape=(BATCH, 1, FEATURES)), L.Flatten(),
                                        L.Dense(1)])
    yield Model("activation_layer", lambda: [floats(), L.Dense(2, activation=L.LeakyReLU(**slope(0.3))), L.Flatten()],
                endings=(".keras",))
    yield Model("first", lambda: [ids(), words(False), keras.Sequential([L.SimpleRNN(2, return_sequences=True)]),
                                  L.Flatten(), L.Dense(1)])
    if IS_OLD:
        yield Model("sgd_decay", plain, lambda: (keras.optimizers.legacy.SGD(0.1, momentum=0.9, nesterov=True,
                                                                             decay=0.1), "mse", ["mae"]),
                    endings=(".h5",), padded=True, trains=False)  # rows that no id touches keep their momentum there
    for policy in ("mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64") if HAS_OBJECTS else ():
        if IS_OLD and policy == "bfloat16":
            continue  # that release does not load what it saves
        # Without the orthogonal initializer, which does not support half precision.
        yield Model("policy_" + policy, lambda: [
            ids(), words(), L.LSTM(2, recurrent_initializer="glorot_uniform"), L.Dense(1)], policy=policy, padded=True,
            endings=(".keras",))


def takes_logits(loss):
    """True for a loss of logits. Its model has no softmax or sigmoid, since Keras 2 goes back to the logits before these,
    whatever from_logits is."""
    return getattr(loss, "get_config", dict)().get("from_logits", False)


def models_of_compile():
    """Returns losses and metrics as names, functions and objects, with and without arguments."""
    losses, metrics = keras.losses, keras.metrics
    small = lambda *last: lambda: [floats(), L.GlobalAveragePooling1D(), L.Dense(*last)]
    one, one_logit = small(1, "sigmoid"), small(1)
    mse, mae = losses.MeanSquaredError, losses.MeanAbsoluteError
    regressions = [metrics.MeanSquaredError(), metrics.MeanAbsoluteError(name="error"), metrics.BinaryAccuracy(),
                   metrics.BinaryAccuracy(name="b", threshold=0.4), metrics.BinaryCrossentropy(),
                   metrics.BinaryCrossentropy(name="c", label_smoothing=0.1), metrics.Accuracy()]
    pairs = [(mse(), regressions), (mse(reduction="sum", name="l"), ["mse"]), (mae(), ["accuracy"]),
             (mae(reduction="sum"), [losses.mean_absolute_error]), (losses.mean_squared_error, ["acc"]),
             ("mean_absolute_error", ["mean_squared_error"]), (losses.BinaryCrossentropy(), ["binary_accuracy"]),
             (losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.2), [metrics.binary_accuracy]),
             ("binary_crossentropy", ["binary_crossentropy"])]
    if IS_OLD:
        pairs += [(mse(reduction="auto"), ["acc"]), (mse(reduction="sum_over_batch_size"), [])]
    for i, (loss, given) in enumerate(pairs):
        yield Model(f"compiled_{i}", one_logit if takes_logits(loss) else one, lambda loss=loss, given=given: (sgd(), loss, given), trains=not i or IS_OLD)
    many = [metrics.CategoricalAccuracy(), metrics.CategoricalAccuracy(name="a"), metrics.CategoricalCrossentropy()]
    few = [metrics.SparseCategoricalAccuracy(), metrics.SparseCategoricalAccuracy(name="a"),
           metrics.SparseCategoricalCrossentropy()]
    one_hot = [(losses.CategoricalCrossentropy(), many), ("categorical_crossentropy", ["categorical_accuracy"]),
               (losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
                ["accuracy", metrics.CategoricalCrossentropy(name="c", label_smoothing=0.1, from_logits=True)])]
    sparse = [(losses.SparseCategoricalCrossentropy(), few),
              ("sparse_categorical_crossentropy", ["sparse_categorical_accuracy"]),
              (losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=1),
               ["acc", metrics.SparseCategoricalCrossentropy(name="c", from_logits=True)])]
    for classes, pairs in (("one hot", one_hot), ("sparse", sparse)):
        for i, (loss, given) in enumerate(pairs):
            name = f"compiled_{classes.replace(' ', '_')}_{i}"
            last = (3,) if takes_logits(loss) else (3, "softmax")
            yield Model(name, small(*last), lambda loss=loss, given=given: (sgd(), loss, given), classes=classes)


def array(values):
    values = np.asarray(values).astype("float32")
    return {"shape": list(values.shape), "values": [float(f"{v:.8g}") for v in values.ravel()]}


def first(result):
    return float(np.ravel(result)[0])


def save(model, path, **options):
    if RELEASE == (2, 12) and path.suffix == ".keras":
        options["save_format"] = "keras_v3"
    try:
        model.save(path, **options)
    except ValueError as error:  # if two weights of a layer have one name, the first releases have no .h5
        if "name already exists" not in str(error):
            raise
        print(f"  {path.name}: {error}")
        path.unlink()
        return False
    return True


def make(case, folder):
    print(" ", case.name, flush=True)
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    random = np.random.default_rng(len(case.name))
    global_policy = getattr(keras.mixed_precision, "set_global_policy", None) or keras.config.set_dtype_policy
    global_policy(case.policy or "float32")
    model = case.make()
    shape = model(np.zeros_like(case.x(random))).shape
    record = {"name": case.name, "files": [], "batches": []}
    if case.policy:
        record["policy"] = case.policy
    if case.compiled:
        optimizer, loss, metrics = case.compiled()
        model.compile(optimizer, loss, metrics=metrics)
        for _ in range(2):
            model.train_on_batch(case.x(random), case.y(shape, random))
    x = case.x(random)
    reset_states(model)
    record["x"], record["y"] = array(x), array(model.predict(x, verbose=0, batch_size=BATCH))
    reset_states(model)
    for ending in case.endings:
        if save(model, folder / (case.name + ending), **case.options):
            record["files"].append(case.name + ending)
    if case.parts:
        (folder / (case.name + ".json")).write_text(model.to_json())
        names = [case.name + ".weights.h5"]
        model.save_weights(folder / names[0])
        if IS_OLD:
            names.append(case.name + ".layers.h5")
            model.save_weights(folder / names[1], save_format="h5")
        record["json"], record["weights"] = case.name + ".json", names
    if case.is_scored:
        y = case.y(shape, random)
        reset_states(model)
        scores = model.evaluate(x, y, batch_size=BATCH, verbose=0, return_dict=True)
        if case.padded and case.classes and not IS_OLD and RELEASE < (3, 15):
            scores = {"loss": scores["loss"]}  # in these, accuracy counts masked steps
        record["evaluation"] = {"y": array(y), "scores": {name: float(score) for name, score in scores.items()}}
    for _ in range(2 if case.trains else 0):
        x, y = case.x(random), case.y(shape, random)
        model.reset_metrics()
        record["batches"].append({"x": array(x), "y": array(y), "loss": first(model.train_on_batch(x, y))})
    global_policy("float32")
    return record


def reset_states(model):
    """Does the work of reset_states, which fails in Keras 3.6 with jax."""
    for layer in model.layers:
        if getattr(layer, "stateful", False):
            for state in layer.states:
                state.assign(np.zeros(state.shape))


def main():
    warnings.simplefilter("ignore")
    FOLDER.mkdir(exist_ok=True)
    cases = [*models_of_layers(), *(models_of_one_option() if IS_WHOLE else ()),
             *(models_of_compile() if HAS_OBJECTS else ())]
    backend = "tensorflow" if IS_OLD else keras.backend.backend()
    print("Keras", VERSION, backend, flush=True)
    target = FOLDER / f"keras_{VERSION}.zip"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        models = [make(case, folder) for case in cases]
        record = {"keras": VERSION, "backend": backend, "models": models}
        (folder / "record.json").write_text(json.dumps(record))
        # A single stream for all files is a third of the size of separate ones, since they are so similar. A single
        # date for all: the same numbers give the same bytes.
        bundle = io.BytesIO()
        with zipfile.ZipFile(bundle, "w") as files:
            for path in sorted(folder.iterdir()):
                files.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
        with zipfile.ZipFile(target, "w") as outer:
            outer.writestr(zipfile.ZipInfo("files.zip"), bundle.getvalue(), zipfile.ZIP_BZIP2, 9)
    print(target.name, target.stat().st_size)


if __name__ == "__main__":
    main()
