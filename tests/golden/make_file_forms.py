#!/usr/bin/env python3
"""Makes the files in forms/ for file_forms_test.cpp, with real Keras. Each has one of the forms in which Keras
describes a model that is a Sequential in this library: another class, another name, another layout.

    python -m venv venv && venv/bin/pip install 'tf_keras==2.21.*' 'tensorflow-cpu==2.21.*'
    venv/bin/python tests/golden/make_file_forms.py

With tensorflow-cpu==2.13.1 alone, it makes numbered_2_13.keras, where layers with weights count twice.

<name>.json has an input, the output that Keras computes, and for compiled models more batches with their losses.
windows.keras is the file of a release on Windows, whose group names have backslashes. keras_2_0_5.h5 is assembled in
the format of that release, which trained weights in the order of their names.
"""

import io
import json
import os
import sys
import zipfile
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

try:
    import h5py
    import numpy as np
    import tensorflow as tf
except ImportError:
    print("skipped: there is no TensorFlow here; see the head of this file")
    sys.exit(77)

FOLDER = Path(__file__).resolve().parent / "forms"
WORDS, BATCH, TIME = 12, 4, 6


def array(values):
    values = np.asarray(values)
    return {"shape": list(values.shape), "values": [float(np.float32(v)) for v in values.ravel()]}


def make(keras, name, model, compiled=None, endings=(".h5", ".keras"), outputs=None):
    """Trains the model if there is training data, saves and records it. `outputs` replaces the model's predict."""
    random = np.random.default_rng(len(name))
    batch = lambda: random.integers(1, WORDS, (BATCH, TIME)).astype("int32")
    targets = lambda: random.normal(size=(BATCH, *model.output_shape[1:])).astype("float32")
    record = {"batches": []}
    if compiled:
        model.compile(*compiled)
        for _ in range(3):
            model.train_on_batch(batch(), targets())
    x = batch()
    x[0, 4:] = 0
    predict = outputs(model).predict if outputs else model.predict
    record["x"], record["y"] = array(x), array(predict(x, verbose=0))
    for ending in endings:
        model.save(FOLDER / f"{name}{ending}")
    if compiled and not outputs:
        for _ in range(3):
            x, y = batch(), targets()
            result = model.train_on_batch(x, y)
            loss = result[0] if isinstance(result, (list, tuple)) else result
            record["batches"].append({"x": array(x), "y": array(y), "loss": float(loss)})
    (FOLDER / f"{name}.json").write_text(json.dumps(record))


def chain(keras, layers):
    """Returns a functional model."""
    ids = tensor = keras.Input((TIME,))
    for layer in layers:
        tensor = layer(tensor)
    return keras.Model(ids, tensor)


def two_of_each(L, Sequential):
    return Sequential([L.Input((TIME,)), L.Embedding(WORDS, 3), L.Dense(3), L.Dropout(0.1), L.Dense(4),
                       L.Bidirectional(L.LSTM(2, return_sequences=True)), L.Dropout(0.1), L.Bidirectional(L.GRU(2)),
                       Sequential([L.Dense(3), L.Dense(2)]), L.Dense(1)])


def on_windows(source, name):
    """Writes the file with the names of zip members and groups on a system whose paths have backslashes."""
    with zipfile.ZipFile(FOLDER / source) as old, zipfile.ZipFile(FOLDER / name, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            if member == "model.weights.h5":
                written = io.BytesIO()
                with h5py.File(io.BytesIO(content)) as a, h5py.File(written, "w") as b:
                    def copy(path, item):
                        if isinstance(item, h5py.Group) and path.split("/")[-1] == "vars":
                            parent = path[: -len("vars")].rstrip("/").replace("/", "\\")
                            group = b.create_group(parent) if parent else b
                            a.copy(path, group, "vars")
                    a.visititems(copy)
                content = written.getvalue()
            new.writestr(member, content)


def of_keras_2_0_5(source, name):
    """Writes the state in the order of the weights' names, with the number of steps as a float."""
    with h5py.File(FOLDER / source) as old, h5py.File(FOLDER / name, "w") as new:
        config = json.loads(old.attrs["model_config"])
        training = json.loads(old.attrs["training_config"])
        layers = [layer for layer in config["config"]["layers"] if layer["class_name"] != "InputLayer"]
        layers[0]["config"]["batch_input_shape"] = [None, TIME]
        for layer in layers:
            layer["config"].pop("dtype")
            for key, value in layer["config"].items():
                if isinstance(value, dict):
                    value.pop("module", None), value.pop("registered_name", None)
        config["config"] = layers
        optimizer = training["optimizer_config"]
        rate = optimizer["config"].pop("learning_rate")
        optimizer["config"].pop("name")
        optimizer["config"]["lr"] = rate
        for attribute, value in (("keras_version", "2.0.5"), ("backend", "tensorflow"),
                                 ("model_config", json.dumps(config)),
                                 ("training_config", json.dumps({"optimizer_config": optimizer, "loss": "mse",
                                                                 "metrics": [], "sample_weight_mode": None,
                                                                 "loss_weights": None}))):
            new.attrs[attribute] = np.bytes_(value)
        weights = new.create_group("model_weights")
        weights.attrs["layer_names"] = np.array([layer["config"]["name"].encode() for layer in layers])
        all_names = []
        for layer in layers:
            layer_name = layer["config"]["name"]
            group = weights.create_group(layer_name)
            names = []
            for path in old["model_weights"][layer_name].attrs["weight_names"]:
                names.append(f"{layer_name}/{path.split('/')[-1]}")
                group[names[-1]] = old["model_weights"][layer_name][path][()]
            group.attrs["weight_names"] = np.array([n.encode() for n in names])
            all_names += names
        paths = old["optimizer_weights"].attrs["weight_names"]
        steps, *momenta = [old["optimizer_weights"][path][()] for path in paths]
        state = new.create_group("optimizer_weights")
        written = [np.float32(steps)] + [momenta[i] for i in np.argsort(all_names)]
        for i, values in enumerate(written):
            state[f"weight_{i}"] = values
        state.attrs["weight_names"] = np.array([f"weight_{i}".encode() for i in range(len(written))])


def check_hard_sigmoid(keras):
    """Checks that Keras 3 reads the layers that replace the hard_sigmoid of Keras 2 in files of the library."""
    L = keras.layers
    config = {"module": "keras", "class_name": "Sequential", "registered_name": None, "config": {
        "name": "keras2_hard_sigmoid", "layers": [
            {"module": "keras.layers", "class_name": "Rescaling", "registered_name": None,
             "config": {"name": "rescaling", "scale": 0.2, "offset": 0.5}},
            {"module": "keras.layers", "class_name": "ReLU", "registered_name": None,
             "config": {"name": "re_lu", "max_value": 1.0, "negative_slope": 0.0, "threshold": 0.0}}]}}
    model = keras.Sequential([L.Input((3, 4)), L.LSTM(2)])
    layer = model.layers[0].get_config()
    layer["recurrent_activation"] = config
    other = keras.Sequential([L.Input((3, 4)), L.LSTM.from_config(layer)])
    other.set_weights(model.get_weights())
    model.layers[0].cell.recurrent_activation = lambda x: tf.clip_by_value(0.2 * x + 0.5, 0, 1)
    x = np.random.default_rng(1).normal(size=(5, 3, 4)).astype("float32")
    assert np.abs(model(x).numpy() - other(x).numpy()).max() < 1e-6


def main():
    FOLDER.mkdir(exist_ok=True)
    tf.random.set_seed(1)
    if tf.__version__.startswith("2.13."):
        make(tf.keras, "numbered_2_13", two_of_each(tf.keras.layers, tf.keras.Sequential),
             (tf.keras.optimizers.Adam(0.01), "mse"), endings=(".keras",))
        return
    import keras as keras3
    import tf_keras
    L = tf_keras.layers
    lstm = lambda L: [L.Embedding(WORDS, 3, mask_zero=True), L.LSTM(3), L.Dense(2)]
    make(tf_keras, "decay", tf_keras.Sequential([L.Input((TIME,)), *lstm(L)]),
         (tf_keras.optimizers.legacy.SGD(0.1, decay=0.1, momentum=0.9, nesterov=True), "mse"), endings=(".h5",))
    of_keras_2_0_5("decay.h5", "keras_2_0_5.h5")
    two = two_of_each(L, tf_keras.Sequential)
    make(tf_keras, "windows", two, endings=(".keras",))
    on_windows("windows.keras", "windows_.keras")
    os.replace(FOLDER / "windows_.keras", FOLDER / "windows.keras")
    make(tf_keras, "chain", chain(tf_keras, lstm(L)),
         (tf_keras.optimizers.Adam(0.01), "mse"))
    make(keras3, "chain_of_keras_3", chain(keras3, lstm(keras3.layers)), (keras3.optimizers.Adam(0.01), "mse"), endings=(".h5",))
    tf_keras.mixed_precision.set_global_policy("mixed_float16")
    half = tf_keras.Sequential([L.Input((TIME,)), *lstm(L)])
    tf_keras.mixed_precision.set_global_policy("float32")

    def as_float32(model):
        other = tf_keras.Sequential([L.Input((TIME,)), *lstm(L)])
        other.set_weights(model.get_weights())
        return other

    make(tf_keras, "half", half, (tf_keras.optimizers.Adam(0.01), "mse"), outputs=as_float32)
    K = keras3.layers
    seeded = keras3.initializers.GlorotUniform(seed=keras3.random.SeedGenerator(3))
    make(keras3, "spellings", keras3.Sequential(
        [K.Input((TIME,)), K.Embedding(WORDS, 3), K.Identity(), K.RNN(K.LSTMCell(3), return_sequences=True),
         K.PReLU(shared_axes=[-1]), K.RNN(K.GRUCell(2), return_sequences=True), K.ELU(-0.5),
         K.Dense(3, activation=K.LeakyReLU(0.2), kernel_initializer=seeded), K.SimpleRNN(2, unroll=True)]),
         (keras3.optimizers.SGD(keras3.optimizers.schedules.InverseTimeDecay(0.1, 2, 0.5, staircase=True),
                                momentum=0.9), "mse"), endings=(".h5",))
    check_hard_sigmoid(keras3)


if __name__ == "__main__":
    main()
