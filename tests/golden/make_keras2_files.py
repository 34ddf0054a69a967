#!/usr/bin/env python3
"""Makes the files of Keras 2 in keras2/ for keras2_files_test.cpp, with real tf.keras.

    python -m venv tf-venv && tf-venv/bin/pip install 'tensorflow-cpu==2.15.*'
    tf-venv/bin/python tests/golden/make_keras2_files.py

With tensorflow-cpu==2.12.*, it makes lstm_2_12.keras, whose weights file has other group names. With
tensorflow-cpu==2.18.* and tf_keras==2.18.*, it makes rule_*.h5, with legacy optimizers in the last tf.keras.

Each model is trained for a few steps and saved as <name>.h5 and <name>.keras; <name>.json has an input, the output that
Keras computes, and for a compiled model three more batches with their losses.

standalone_*.h5 have the format of Keras 2.0 to 2.3, before tf.keras. Those releases run on no current Python, so this
script assembles the files in their format, from models whose numbers tf.keras computes. They differ in the
configuration (a list of layers until 2.1; batch_input_shape in the first layer; no reset_after; "lr" and "decay") and
in the attributes, which are byte strings of fixed length.
"""

import json
import os
import sys
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_USE_LEGACY_KERAS"] = "1"

try:
    import h5py
    import numpy as np
    import tensorflow as tf
except ImportError:
    print("skipped: there is no TensorFlow here; see the head of this file")
    sys.exit(77)

keras = tf.keras
L = keras.layers
FOLDER = Path(__file__).resolve().parent / "keras2"
WORDS, BATCH, TIME = 12, 4, 6


def text_models():
    yield "lstm", [L.Embedding(WORDS, 4, mask_zero=True, input_length=TIME), L.LSTM(3), L.Dense(1, "sigmoid")], (
        keras.optimizers.Adam(0.01), "binary_crossentropy", ["accuracy"])
    yield "gru_of_2_0", [L.Embedding(WORDS, 4, input_length=TIME),
                         L.GRU(3, recurrent_activation="hard_sigmoid", reset_after=False), L.Dense(1)], (
        keras.optimizers.legacy.RMSprop(0.01), "mse", [])
    yield "bidirectional", [L.Embedding(WORDS, 4, mask_zero=True),
                            L.Bidirectional(L.LSTM(2, return_sequences=True, recurrent_activation="hard_sigmoid")),
                            L.TimeDistributed(L.Dense(3, "softmax"))], (
        keras.optimizers.legacy.SGD(0.1, momentum=0.9, nesterov=True), "sparse_categorical_crossentropy", ["acc"])
    yield "convolution", [L.Embedding(WORDS, 4, input_length=TIME), L.SpatialDropout1D(0.2),
                          L.Conv1D(5, 3, padding="same", activation="relu"), L.BatchNormalization(), L.MaxPooling1D(2),
                          L.SeparableConv1D(4, 2), L.LeakyReLU(0.1), L.PReLU(), L.Flatten(), L.Dropout(0.3),
                          L.Dense(3, kernel_regularizer="l2"), L.Softmax()], (
        keras.optimizers.legacy.Adam(0.01, amsgrad=True), "categorical_crossentropy", ["accuracy"])
    yield "nested", [L.Embedding(WORDS, 4, input_length=TIME), L.SimpleRNN(4, return_sequences=True),
                     keras.Sequential([L.Dense(4, "relu"), L.LayerNormalization(), L.Dense(2)]),
                     L.GlobalAveragePooling1D(), L.ELU(0.5), L.Reshape((2, 1)), L.ZeroPadding1D(1), L.UpSampling1D(2),
                     L.Cropping1D(1), L.Permute((2, 1)), L.Flatten(), L.RepeatVector(2), L.GlobalMaxPooling1D(),
                     L.GaussianNoise(0.1), L.GaussianDropout(0.1), L.Activation("hard_sigmoid")], None


def legacy_rules():
    """Yields small models with older rules. These leave rows of an Embedding alone, so it is not trained."""
    legacy = keras.optimizers.legacy
    for name, optimizer in (("adagrad", legacy.Adagrad(0.05)), ("adadelta", legacy.Adadelta(0.5)),
                            ("adamax", legacy.Adamax(0.01)), ("nadam", legacy.Nadam(0.01)),
                            ("ftrl", legacy.Ftrl(0.05, l1_regularization_strength=0.001, beta=0.1,
                                                 l2_shrinkage_regularization_strength=0.01))):
        yield f"rule_{name}", [L.Embedding(WORDS, 4, input_length=TIME, trainable=False), L.Flatten(), L.Dense(3, "tanh"),
                               L.Dense(1)], (optimizer, "mse", [])


def target(model, loss, random):
    shape = (BATCH, *model.output_shape[1:])
    if loss == "sparse_categorical_crossentropy":
        return random.integers(0, shape[-1], (BATCH, TIME)).astype("float32")
    if loss == "categorical_crossentropy":
        return np.eye(shape[-1], dtype="float32")[random.integers(0, shape[-1], BATCH)]
    return random.integers(0, 2, shape).astype("float32")


def array(values):
    values = np.asarray(values)
    return {"shape": list(values.shape), "values": [float(np.float32(v)) for v in values.ravel()]}


def make(name, layers, compiled, endings=(".h5", ".keras"), **options):
    random = np.random.default_rng(len(name))
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    model = keras.Sequential(layers)
    batch = lambda: random.integers(1, WORDS, (BATCH, TIME)).astype("int32")
    model(batch())
    record = {"tf.keras": keras.__version__ if hasattr(keras, "__version__") else tf.__version__, "batches": []}
    if compiled:
        optimizer, loss, metrics = compiled
        model.compile(optimizer, loss, metrics=metrics)
        for _ in range(3):
            x = batch()
            model.train_on_batch(x, target(model, loss, random))
    x = batch()
    if name.startswith("lstm") or name == "bidirectional":
        x[0, 4:] = 0
        x[1, :2] = 0
    record["x"], record["y"] = array(x), array(model.predict(x, verbose=0))
    for ending in endings:
        model.save(FOLDER / f"{name}{ending}", **options)
    # Skips models that are random in training, and the RMSprop of Keras 2, which adds epsilon to another term.
    if compiled and name not in ("convolution", "gru_of_2_0"):
        for _ in range(3):
            x = batch()
            y = target(model, compiled[1], random)
            result = model.train_on_batch(x, y)
            loss = result[0] if isinstance(result, list) else result
            record["batches"].append({"x": array(x), "y": array(y), "loss": float(loss)})
    (FOLDER / f"{name}.json").write_text(json.dumps(record))


def standalone(name, version, source, change):
    """Writes a file of the package "keras" before 2.4 from a tf.keras model."""
    with h5py.File(FOLDER / f"{source}.h5") as old, h5py.File(FOLDER / f"{name}.h5", "w") as new:
        config = json.loads(old.attrs["model_config"])
        training = json.loads(old.attrs["training_config"])
        layers = config["config"]["layers"]
        layers = [layer for layer in layers if layer["class_name"] != "InputLayer"]
        layers[0]["config"]["batch_input_shape"] = [None, TIME]
        layers[0]["config"]["dtype"] = "float32"
        for layer in layers:
            layer.pop("module", None), layer.pop("registered_name", None)
            layer["config"].pop("reset_after", None)
            if "activation" in layer["config"] and layer["class_name"] in ("GRU", "LSTM"):
                layer["config"]["implementation"] = 1
        optimizer = training["optimizer_config"]
        optimizer["class_name"] = optimizer["class_name"].split(">")[-1]
        optimizer["config"] = change(optimizer["config"])
        config["config"] = layers if version < "2.2" else {"name": "sequential_1", "layers": layers}
        training = {"optimizer_config": optimizer, "loss": training["loss"], "metrics": ["acc"] if name.endswith("lstm") else [],
                    "sample_weight_mode": None, "loss_weights": None}
        new.attrs["keras_version"] = np.bytes_(version)
        new.attrs["backend"] = np.bytes_("tensorflow")
        new.attrs["model_config"] = np.bytes_(json.dumps(config))
        new.attrs["training_config"] = np.bytes_(json.dumps(training))
        weights = new.create_group("model_weights")
        weights.attrs["keras_version"] = np.bytes_(version)
        weights.attrs["layer_names"] = np.array([layer["config"]["name"].encode() for layer in layers])
        paths = []
        for layer in layers:
            layer_name = layer["config"]["name"]
            group = weights.create_group(layer_name)
            names = []
            for path in old["model_weights"][layer_name].attrs["weight_names"]:
                text = f"{layer_name}/{path.split('/')[-1]}"
                names.append(text.encode())
                group[text] = old["model_weights"][layer_name][path][()]
            group.attrs["weight_names"] = np.array(names) if names else np.array([], "S1")
            paths += names
        state = new.create_group("optimizer_weights")
        arrays = [old["optimizer_weights"][path][()] for path in old["optimizer_weights"].attrs["weight_names"]]
        if optimizer["class_name"] == "RMSprop":
            arrays = arrays[1:]  # without the number of steps
        if optimizer["class_name"] == "Adam":  # its placeholders for amsgrad came with 2.1.3
            firsts, seconds = arrays[1::2], arrays[2::2]
            if version <= "2.0.5":  # it trains the weights in the order of their names
                order = np.argsort([name.decode() for name in paths])
                firsts, seconds = [firsts[i] for i in order], [seconds[i] for i in order]
            none = [np.zeros(1, "float32") for _ in firsts] if version >= "2.1.3" else []
            arrays = [arrays[0], *firsts, *seconds, *none]
        names = [f"training/weight_{i}:0".encode() for i in range(len(arrays))]
        for path, values in zip(names, arrays):
            state[path.decode()] = values
        state.attrs["weight_names"] = np.array(names)


def old_rmsprop(config):
    return {"lr": config["learning_rate"], "rho": config["rho"], "decay": 0.0, "epsilon": 1e-07}


def old_adam(config):
    return {"lr": config["learning_rate"], "beta_1": config["beta_1"], "beta_2": config["beta_2"], "decay": 0.0,
            "epsilon": None, "amsgrad": False}


def oldest_adam(config):
    return {"lr": config["learning_rate"], "beta_1": config["beta_1"], "beta_2": config["beta_2"], "decay": 0.0,
            "epsilon": 1e-07}


def main():
    FOLDER.mkdir(exist_ok=True)
    if tf.__version__.startswith("2.12."):
        name, layers, compiled = next(text_models())
        make(name + "_2_12", layers, compiled, endings=(".keras",), save_format="keras_v3")
        return
    if tf.__version__.startswith("2.18."):
        for name, layers, compiled in legacy_rules():
            make(name, layers, compiled, endings=(".h5",))
        return
    for name, layers, compiled in text_models():
        make(name, layers, compiled)
    standalone("standalone_2_0_lstm", "2.0.5", "lstm", oldest_adam)
    standalone("standalone_2_1_gru", "2.1.6", "gru_of_2_0", old_rmsprop)
    standalone("standalone_2_2_lstm", "2.2.4", "lstm", old_adam)
    for path in sorted(FOLDER.iterdir()):
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
