"""What the scripts of this folder share: arrays in tasks, and configurations side by side."""

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
    """Keras numbers the objects that several layers share."""
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
