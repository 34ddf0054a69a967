"""The layer cases of the golden files, by file: layers, their options and their input."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from keras import Input, Sequential
from keras import layers as L
from keras.regularizers import L1L2


# One row of each kind: no padding, padding before, padding after, holes, only padding.
MIXED = np.array([[1, 1, 1, 1, 1], [0, 0, 1, 1, 1], [1, 1, 1, 0, 0], [0, 1, 0, 1, 0], [0, 0, 0, 0, 0]])
# For layers whose Keras output has no value for a row without steps (a mean of nothing).
NOT_EMPTY = MIXED[:4]


@dataclass
class Case:
    name: str
    make: callable
    shape: tuple
    masks: tuple = (None,)  # one run each
    low: float = -1.5
    high: float = 1.5
    ids: int = 0  # the input is ids below this
    special: callable = None  # changes the input
    inference_only: bool = False  # random in training, or see make_goldens.py

    def input(self, random, draw):
        if self.ids:
            return random.integers(0, self.ids, self.shape).astype(np.int32)
        x = draw(random, self.shape, self.low, self.high)
        return self.special(x) if self.special else x


def described(options):
    def text(value):
        is_object = type(value).__module__ != "builtins"  # an object's text contains its address
        return type(value).__name__ if is_object else str(value).replace(" ", "")

    return "".join(f" {key}={text(value)}" for key, value in options.items())


def case(layer, shape, *arguments, masked=False, masks=None, note="", **options):
    """Returns a case of one layer with these arguments; `masked` adds a run with a mask of every kind."""
    settings = {key: options.pop(key) for key in ("low", "high", "ids", "special", "inference_only") if key in options}
    name = layer.__name__ + "".join(f" {argument}" for argument in arguments)
    name += described(options) + " on " + "x".join(map(str, shape)) + (f" ({note})" if note else "")
    if masks is None:
        masks = (None, MIXED) if masked else (None,)
    return Case(name, lambda: layer(*arguments, **options), shape, masks, **settings)


X = (5, 5, 3)


def core():
    return [
        case(L.Embedding, (4, 6), 9, 4, ids=9),
        case(L.Embedding, (4, 6), 5, 3, mask_zero=True, ids=5),
        case(L.Embedding, (4, 6), 5, 3, ids=5, activity_regularizer=L1L2(0.01, 0.02)),
        case(L.Embedding, (3, 1), 5, 2, mask_zero=True, ids=5, note="one step"),
        case(L.Dense, (4, 3), 5),
        case(L.Dense, (4, 3), 5, use_bias=False),
        case(L.Dense, (4, 3), 5, activation="relu"),
        case(L.Dense, (4, 3), 5, activation="softmax"),
        case(L.Dense, (1, 1), 1, activation="sigmoid", note="one of everything"),
        case(L.Dense, X, 4, masked=True, activation="tanh"),
        case(L.Dense, (2, 3, 4, 5), 2),
        case(L.Dense, (4, 3), 5, activity_regularizer=L1L2(0.01, 0.02)),
        case(L.Masking, X, special=lambda x: x * MIXED[:, :, None].astype(np.float32)),
        case(L.Masking, X, mask_value=-1.0, special=lambda x: np.where(MIXED[:, :, None], x, -1).astype(np.float32)),
    ]


ACTIVATIONS = (
    "linear relu relu6 leaky_relu elu selu celu sigmoid hard_sigmoid sparse_sigmoid log_sigmoid tanh hard_tanh "
    "tanh_shrink exponential softplus sparse_plus squareplus softsign silu swish hard_silu hard_swish mish gelu "
    "soft_shrink hard_shrink softmax log_softmax"
).split()


def activation():
    return [
        *(case(L.Activation, (4, 7), name, low=-4, high=4) for name in ACTIVATIONS),
        *(case(L.Activation, (3, 6), name, low=-25, high=25, note="far out") for name in ACTIVATIONS),
        case(L.Activation, X, "softmax", masked=True),
        case(L.LeakyReLU, X, masked=True),
        case(L.LeakyReLU, (4, 5), negative_slope=0.05),
        case(L.PReLU, (4, 5)),
        case(L.PReLU, X, masked=True),
        case(L.PReLU, X, shared_axes=[1], masked=True),
        case(L.PReLU, (3, 2, 3, 2), shared_axes=[1, 3]),
        case(L.ELU, X, masked=True),
        case(L.ELU, (4, 5), alpha=0.4),
        case(L.ReLU, X, masked=True),
        case(L.ReLU, (4, 5), max_value=0.8),
        case(L.ReLU, (4, 5), negative_slope=0.2),
        case(L.ReLU, (4, 5), threshold=0.4),
        case(L.ReLU, (4, 5), max_value=1.0, negative_slope=0.1, threshold=0.3),
        case(L.Softmax, (4, 5)),
        case(L.Softmax, X),
        case(L.Softmax, X, axis=1),
        case(L.Softmax, X, axis=[1, 2]),
        case(L.Softmax, (5, 5), masked=True),
    ]


def recurrent():
    x = (5, 5, 2)
    cases = []
    for layer, options in [(L.SimpleRNN, {}), (L.LSTM, {}), (L.GRU, {}), (L.GRU, {"reset_after": False})]:
        has_gates = layer is not L.SimpleRNN
        zeros = {"zero_output_for_mask": True}
        for more in [
            {},
            {"return_sequences": True},
            {"go_backwards": True},
            {"return_sequences": True, "go_backwards": True},
            zeros,
            {"return_sequences": True, **zeros},
            {"return_sequences": True, "go_backwards": True, **zeros},
            {"return_sequences": True, "use_bias": False},
            {"return_sequences": True, "activation": "relu"},
            {"activation": "linear"},
            {"activation": "softsign"},
            *([{"return_sequences": True, "recurrent_activation": "hard_sigmoid"}] if has_gates else []),
            *([{"activation": "relu", "recurrent_activation": "hard_silu"}] if has_gates else []),
            *([{"unit_forget_bias": False}] if layer is L.LSTM else []),
        ]:
            cases.append(case(layer, x, 3, masked=True, **options, **more))
        cases += [
            case(layer, (3, 1, 2), 3, **options, note="one step"),
            case(layer, (1, 4, 1), 1, return_sequences=True, **options, note="one of everything"),
            case(layer, (2, 3, 5), 2, return_sequences=True, activity_regularizer=L1L2(0.01, 0.02), **options),
            case(layer, x, 3, masked=True, dropout=0.3, recurrent_dropout=0.2, inference_only=True, **options),
            # Consecutive calls. For masked first steps of a later call, see make_goldens.py.
            case(layer, x, 3, masks=(None, None, MIXED), stateful=True, **options),
            case(layer, x, 3, masks=(MIXED, MIXED, None), stateful=True, return_sequences=True, **options),
            case(layer, x, 3, masks=(None, MIXED), stateful=True, return_sequences=True, go_backwards=True, **options),
            case(layer, x, 3, masks=(None, MIXED), stateful=True, return_sequences=True, **zeros, **options),
        ]
    return cases


def around(name, make, shape, *masks, **settings):
    """Returns a case of a wrapper; its arguments are created anew for each case."""
    return Case(name, make, shape, masks or (None,), **settings)


def bidirectional():
    x = (5, 5, 2)
    cases = []
    for layer, mode, sequences in product((L.SimpleRNN, L.LSTM, L.GRU), ("concat", "sum", "mul", "ave"), (False, True)):
        make = lambda layer=layer, mode=mode, sequences=sequences: L.Bidirectional(
            layer(2, return_sequences=sequences), merge_mode=mode
        )
        cases.append(around(f"{layer.__name__} {mode}{' sequences' if sequences else ''}", make, x, None, MIXED))
    lstm = lambda **options: L.LSTM(2, return_sequences=True, **options)
    return cases + [
        around(
            "LSTM with a backward layer of its own",
            lambda: L.Bidirectional(lstm(), backward_layer=lstm(activation="relu", use_bias=False, go_backwards=True)),
            x,
            None,
            MIXED,
        ),
        around(
            "LSTM there, GRU back",
            lambda: L.Bidirectional(L.LSTM(2), "sum", backward_layer=L.GRU(2, reset_after=False, go_backwards=True)),
            x,
            None,
            MIXED,
        ),
        around(
            "LSTM the other way round",
            lambda: L.Bidirectional(lstm(go_backwards=True), backward_layer=lstm()),
            x,
            None,
            MIXED,
        ),
        around("stateful LSTM", lambda: L.Bidirectional(lstm(stateful=True)), x, None, MIXED, None),
        around("stateful GRU", lambda: L.Bidirectional(L.GRU(2, stateful=True), "ave"), x, MIXED, MIXED),
        around("LSTM of one step", lambda: L.Bidirectional(lstm()), (3, 1, 2)),
    ]


def time_distributed():
    return [
        around("Dense", lambda: L.TimeDistributed(L.Dense(4, activation="tanh")), X, None, MIXED),
        around("Dense of one step", lambda: L.TimeDistributed(L.Dense(4)), (2, 1, 3)),
        around("Dense on four axes", lambda: L.TimeDistributed(L.Dense(2)), (5, 5, 2, 3), None, MIXED),
        around("softmax", lambda: L.TimeDistributed(L.Activation("softmax")), X, None, MIXED),
        around("Conv1D", lambda: L.TimeDistributed(L.Conv1D(3, 2, padding="same")), (2, 3, 4, 2)),
        around("Conv1D, strides", lambda: L.TimeDistributed(L.Conv1D(3, 2, strides=2)), (2, 3, 5, 2)),
        around("LSTM", lambda: L.TimeDistributed(L.LSTM(2)), (2, 3, 4, 2)),
        around("LSTM sequences", lambda: L.TimeDistributed(L.LSTM(2, return_sequences=True)), (2, 3, 4, 2)),
        around("Bidirectional", lambda: L.TimeDistributed(L.Bidirectional(L.GRU(2))), (2, 3, 4, 2)),
        around("Flatten", lambda: L.TimeDistributed(L.Flatten()), (2, 3, 4, 2)),
        around("LayerNormalization", lambda: L.TimeDistributed(L.LayerNormalization()), X, None, MIXED),
        around("BatchNormalization", lambda: L.TimeDistributed(L.BatchNormalization()), (4, 3, 2), inference_only=True),
        around("Dropout", lambda: L.TimeDistributed(L.Dropout(0.4)), X, None, MIXED, inference_only=True),
        around(
            "a model",
            lambda: L.TimeDistributed(Sequential([Input((3,)), L.Dense(4, activation="relu"), L.Dense(2)])),
            X,
            None,
            MIXED,
        ),
        around(
            "TimeDistributed",
            lambda: L.TimeDistributed(L.TimeDistributed(L.Dense(2))),
            (2, 3, 2, 3),
        ),
    ]


def convolution():
    cases = []
    for padding, (size, strides, dilation) in product(
        ("valid", "same", "causal"),
        ((1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 1, 1), (3, 2, 1), (2, 3, 1), (2, 1, 3), (3, 1, 2)),
    ):
        options = {"padding": padding, "strides": strides, "dilation_rate": dilation}
        cases.append(case(L.Conv1D, (2, 8, 3), 2, size, **options))
        if padding != "causal" and size > 1:
            for depth in (1, 2):
                cases.append(case(L.SeparableConv1D, (2, 8, 3), 2, size, depth_multiplier=depth, **options))
    for padding in ("valid", "same", "causal"):
        cases += [
            case(L.Conv1D, (2, 6, 4), 6, 3, padding=padding, groups=2),
            case(L.Conv1D, (2, 6, 4), 4, 2, padding=padding, groups=4, strides=2, use_bias=False),
        ]
    for padding in ("same", "causal"):
        cases += [
            case(L.Conv1D, (2, 3, 2), 3, 5, padding=padding, note="wider than the input"),
            case(L.Conv1D, (2, 1, 2), 3, 3, padding=padding, note="one step"),
            case(L.Conv1D, (2, 3, 2), 3, 2, padding=padding, strides=5, note="strides longer than the input"),
        ]
    return cases + [
        case(L.Conv1D, (2, 6, 3), 4, 3, activation="relu"),
        case(L.Conv1D, (2, 6, 3), 4, 3, activation="softmax", padding="same"),
        case(L.Conv1D, (2, 6, 3), 4, 3, use_bias=False),
        case(L.Conv1D, (2, 6, 3), 4, 3, activity_regularizer=L1L2(0.01, 0.02)),
        case(L.Conv1D, (1, 1, 1), 1, 1, note="one of everything"),
        case(L.SeparableConv1D, (2, 1, 2), 3, 3, padding="same", note="one step"),
        case(L.SeparableConv1D, (2, 6, 3), 4, 3, activation="tanh"),
        case(L.SeparableConv1D, (2, 6, 3), 4, 3, use_bias=False),
        case(L.SeparableConv1D, (2, 6, 3), 4, 3, activity_regularizer=L1L2(0.01, 0.02)),
    ]


def pooling():
    cases = []
    for layer, padding, (size, strides) in product(
        (L.MaxPooling1D, L.AveragePooling1D),
        ("valid", "same"),
        ((1, None), (2, None), (3, None), (2, 1), (3, 1), (3, 2), (2, 3), (4, 3)),
    ):
        cases.append(case(layer, (2, 8, 3), pool_size=size, strides=strides, padding=padding))
    for layer in (L.MaxPooling1D, L.AveragePooling1D):
        cases += [
            case(layer, (2, 7, 2), pool_size=2, note="a rest"),
            case(layer, (2, 1, 2), pool_size=2, padding="same", note="one step"),
            case(layer, (2, 3, 2), pool_size=5, strides=1, padding="same", note="wider than the input"),
        ]
    return cases + [
        case(L.GlobalAveragePooling1D, (4, 5, 3), masks=(None, NOT_EMPTY)),
        case(L.GlobalAveragePooling1D, (4, 5, 3), masks=(None, NOT_EMPTY), keepdims=True),
        case(L.GlobalAveragePooling1D, (2, 1, 3), note="one step"),
        # Keras drops the mask here; the library uses only the steps that are not masked.
        case(L.GlobalMaxPooling1D, (4, 5, 3)),
        case(L.GlobalMaxPooling1D, (4, 5, 3), keepdims=True),
    ]


def reshaping():
    return [
        case(L.Flatten, (2, 3, 4)),
        case(L.Flatten, (2, 3)),
        case(L.Flatten, (2, 3, 2, 2)),
        case(L.Reshape, (2, 3, 4), (4, 3)),
        case(L.Reshape, (2, 3, 4), (-1,)),
        case(L.Reshape, (2, 12), (2, -1, 3)),
        case(L.UpSampling1D, (2, 3, 2)),
        case(L.UpSampling1D, (2, 3, 2), 1),
        case(L.UpSampling1D, (2, 3, 2), 3),
        case(L.ZeroPadding1D, (2, 3, 2)),
        case(L.ZeroPadding1D, (2, 3, 2), 2),
        case(L.ZeroPadding1D, (2, 3, 2), (0, 3)),
        case(L.ZeroPadding1D, (2, 3, 2), (2, 1)),
        case(L.Cropping1D, (2, 5, 2)),
        case(L.Cropping1D, (2, 5, 2), 2),
        case(L.Cropping1D, (2, 5, 2), (0, 3)),
        case(L.Cropping1D, (2, 5, 2), (2, 1)),
        case(L.RepeatVector, (3, 4), 3),
        case(L.RepeatVector, (3, 4), 1),
        case(L.Permute, (2, 3, 4), (2, 1)),
        case(L.Permute, (2, 3, 4), (1, 2)),
        case(L.Permute, (2, 3, 2, 4), (3, 1, 2)),
        case(L.Permute, (2, 3, 2, 4), (2, 3, 1)),
    ]


def normalization():
    cases = []
    for options in [
        {},
        {"momentum": 0.5, "epsilon": 0.01},
        {"center": False},
        {"scale": False},
        {"center": False, "scale": False},
        {"trainable": False},
    ]:
        cases.append(case(L.BatchNormalization, (5, 3), **options))
        cases.append(case(L.BatchNormalization, X, masked=True, **options))
    for axis in (1, 2, -2):
        cases.append(case(L.BatchNormalization, (5, 5, 3), axis=axis, masked=True))
    return cases + [
        case(L.BatchNormalization, (3, 2, 2, 3)),
        case(L.BatchNormalization, (1, 3), note="one row"),
        case(L.BatchNormalization, X, low=4, high=5, note="far from zero"),
        case(L.LayerNormalization, X, masked=True),
        case(L.LayerNormalization, (4, 5)),
        case(L.LayerNormalization, (4, 1), note="one feature"),
        case(L.LayerNormalization, X, axis=1),
        case(L.LayerNormalization, X, axis=[1, 2]),
        case(L.LayerNormalization, (2, 3, 2, 4), axis=[-2, -1]),
        case(L.LayerNormalization, (2, 3, 2, 4), axis=2),
        case(L.LayerNormalization, X, epsilon=0.1),
        case(L.LayerNormalization, X, center=False),
        case(L.LayerNormalization, X, scale=False),
        case(L.LayerNormalization, X, center=False, scale=False),
        case(L.LayerNormalization, (4, 5), low=4, high=5, note="far from zero"),
        case(L.LayerNormalization, X, rms_scaling=True),
        case(L.LayerNormalization, X, rms_scaling=True, axis=[1, 2]),
        case(L.UnitNormalization, X, masked=True),
        case(L.UnitNormalization, (4, 5)),
        case(L.UnitNormalization, X, axis=1),
        case(L.UnitNormalization, X, axis=[1, 2]),
    ]


def regularization():
    return [
        case(L.ActivityRegularization, X, l1=0.01, l2=0.02, masked=True),
        case(L.ActivityRegularization, (4, 3), l2=0.1),
        case(L.ActivityRegularization, (4, 3)),
        case(L.Dropout, X, 0.4, masked=True, inference_only=True),
        case(L.Dropout, X, 0.0, masked=True),
        case(L.SpatialDropout1D, X, 0.4, masked=True, inference_only=True),
        case(L.SpatialDropout1D, X, 0.0, masked=True),
        case(L.GaussianNoise, X, 0.4, masked=True, inference_only=True),
        case(L.GaussianNoise, X, 0.0, masked=True),
        case(L.GaussianDropout, X, 0.4, masked=True, inference_only=True),
        case(L.GaussianDropout, X, 0.0, masked=True),
        case(L.AlphaDropout, X, 0.4, masked=True, inference_only=True),
        case(L.AlphaDropout, X, 0.0, masked=True),
    ]


GROUPS = {
    make.__name__: make
    for make in (
        core,
        activation,
        recurrent,
        bidirectional,
        time_distributed,
        convolution,
        pooling,
        reshaping,
        normalization,
        regularization,
    )
}
