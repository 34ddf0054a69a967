"""Shared code of the scripts in this folder: arrays in tasks, and comparison of configurations."""

import numpy as np


def differences(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        found = [differences(a.get(key), b.get(key), f"{path}.{key}") for key in {*a, *b}]
    elif isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)) and len(a) == len(b):
        found = [differences(*pair, f"{path}[{i}]") for i, pair in enumerate(zip(a, b))]
    else:
        return "" if a == b else f"{path} is {a!r}, expected {b!r}"
    return "; ".join(filter(None, found))


def without_ids(config):
    """Removes the numbers that Keras gives to objects shared by several layers."""
    if isinstance(config, dict):
        return {key: without_ids(value) for key, value in config.items() if key != "shared_object_id"}
    if isinstance(config, (list, tuple)):
        return [without_ids(value) for value in config]
    return config


def encode(array):
    array = np.asarray(array)
    integers = array.dtype.kind in "iu"
    return {"shape": list(array.shape), "integers": integers, "values": array.ravel().tolist()}


def decode(entry):
    return np.array(entry["values"], np.float32).reshape(entry["shape"])
