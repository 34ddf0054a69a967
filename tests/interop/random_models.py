"""Random models for differential.py: every layer of the library with random options, nested and wrapped, and random
arguments of compile: optimizers, schedules, losses and metrics.

A model is first a tree of plans, so that it can be printed and reduced, and then becomes Keras objects. The random
choices omit what the library refuses on purpose (docs/from_keras.md, "What differs on purpose").
"""

import copy

import keras
import numpy as np

WORDS, BATCH, TIME = 9, 4, 6
on_torch = keras.backend.backend() == "torch"

ACTIVATIONS = (
    "linear relu relu6 leaky_relu elu selu celu sigmoid hard_sigmoid sparse_sigmoid log_sigmoid tanh hard_tanh "
    "tanh_shrink softplus sparse_plus squareplus softsign silu hard_silu mish gelu soft_shrink hard_shrink"
).split()
OPTIMIZERS = (
    "SGD RMSprop Adam AdamW Adagrad Adadelta Adamax Nadam Ftrl Lion Lamb Adafactor Muon ScheduleFreeAdamW"
).split()
OPTIMIZERS = [name for name in OPTIMIZERS if hasattr(keras.optimizers, name)]
SMOOTH = "tanh sigmoid softsign elu gelu linear hard_sigmoid hard_silu".split()


class Plan:
    """A call keras.<path>(*arguments, **options), whose arguments and options may contain plans."""

    def __init__(self, path, *arguments, **options):
        self.path, self.arguments, self.options = path, arguments, options

    def make(self):
        target = keras
        for part in self.path.split("."):
            target = getattr(target, part)
        return target(*map(made, self.arguments), **{key: made(value) for key, value in self.options.items()})

    def __repr__(self):
        arguments = [*map(repr, self.arguments), *(f"{key}={value!r}" for key, value in self.options.items())]
        return f"{self.path.split('.')[-1]}({', '.join(arguments)})"


def made(value):
    if isinstance(value, Plan):
        return value.make()
    return [made(entry) for entry in value] if isinstance(value, list) else value


def smaller(plans):
    """Yields every list of plans with one layer or one option less."""
    for i, plan in enumerate(plans):
        yield plans[:i] + plans[i + 1 :]
        if plan.path == "Sequential":
            yield plans[:i] + plan.arguments[0] + plans[i + 1 :]
            for fewer in smaller(plan.arguments[0]):
                if fewer:
                    yield plans[:i] + [Plan(plan.path, fewer, **plan.options)] + plans[i + 1 :]
        elif plan.arguments and isinstance(plan.arguments[0], Plan):
            for fewer in smaller([plan.arguments[0]]):
                if fewer:
                    yield plans[:i] + [Plan(plan.path, *fewer, *plan.arguments[1:], **plan.options)] + plans[i + 1 :]
        for key in plan.options:
            rest = {name: value for name, value in plan.options.items() if name != key}
            yield plans[:i] + [Plan(plan.path, *plan.arguments, **rest)] + plans[i + 1 :]


class Model:
    """plans: the layers; shape and dtype of the input; compiled: the arguments of compile, as plans."""

    def __init__(self, plans, shape, ids, fixed_batch, compiled, target, is_random, masked):
        self.plans, self.shape, self.ids, self.fixed_batch = plans, shape, ids, fixed_batch
        self.compiled, self.target, self.is_random = compiled, target, is_random
        self.masked = masked

    def with_plans(self, plans):
        model = copy.copy(self)
        model.plans = plans
        return model

    def make(self, compile=True):
        first = keras.Input(
            self.shape, batch_size=BATCH if self.fixed_batch else None, dtype="int32" if self.ids else "float32"
        )
        model = keras.Sequential([first, *made(self.plans)])
        if compile:
            model.compile(**{key: made(value) for key, value in self.compiled.items()})
        return model

    def x(self, random):
        if not self.ids:
            return random.normal(size=(BATCH, *(TIME if dim is None else dim for dim in self.shape))).astype("float32")
        x = random.integers(1, WORDS, (BATCH, TIME)).astype("int32")
        if self.masked:  # after, between, and before, except for a stateful layer, which starts differently there
            x[0, TIME - random.integers(1, TIME) :] = 0
            x[1, random.integers(1, TIME, 2)] = 0
            if not self.fixed_batch:
                x[2, : random.integers(1, TIME)] = 0
        return x

    def y(self, random, shape):
        if self.target == "sparse":
            return random.integers(0, shape[-1], shape[:-1]).astype("float32")
        if self.target == "one hot":
            return np.eye(shape[-1], dtype="float32")[random.integers(0, shape[-1], shape[:-1])]
        if self.target == "binary":
            return random.integers(0, 2, shape).astype("float32")
        return random.normal(size=shape).astype("float32")

    def __repr__(self):
        compiled = ", ".join(f"{key}={value!r}" for key, value in self.compiled.items())
        batch = (BATCH,) if self.fixed_batch else ()
        return f"{[*self.shape]}{' ids' if self.ids else ''} {batch or ''} {self.plans} compile({compiled})"


class Maker:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def chance(self, share):
        return self.random.random() < share

    def one(self, *choices):
        return choices[self.random.integers(len(choices))]

    def whole(self, low, high):
        return int(self.random.integers(low, high + 1))

    # Options

    def maybe(self, share, **options):
        """Draws each of these options with this probability; their values are functions that draw a value."""
        return {key: draw() for key, draw in options.items() if self.chance(share)}

    def initializer(self):
        return Plan("initializers." + self.one("GlorotUniform", "HeNormal", "LecunUniform", "RandomNormal",
                                               "RandomUniform", "TruncatedNormal", "VarianceScaling", "Orthogonal"))

    def vector_initializer(self):
        return self.one("ones", Plan("initializers.Constant", 0.3), Plan("initializers.RandomNormal", stddev=0.3))

    def regularizer(self):
        return self.one("l2", "l1", Plan("regularizers.L1", 0.02), Plan("regularizers.L2", 0.03),
                        Plan("regularizers.L1L2", 0.01, 0.02))

    def constraint(self):
        return self.one("non_neg", Plan("constraints.MaxNorm", 0.8), Plan("constraints.UnitNorm"),
                        Plan("constraints.MinMaxNorm", 0.2, 0.9, self.one(0.5, 1.0)))

    def vector_constraint(self):
        return self.one("non_neg", Plan("constraints.MaxNorm", 0.8))

    def weighted(self, *kernels, bias=True, penalties=True):
        """Draws initializers, regularizers and constraints of these weights."""
        options = {}
        for kernel in kernels:
            options |= self.maybe(0.1, **{f"{kernel}_initializer": self.initializer})
            options |= self.maybe(0.1, **{f"{kernel}_regularizer": self.regularizer})
            options |= self.maybe(0.1, **{f"{kernel}_constraint": self.constraint})
        if bias:
            options |= self.maybe(0.15, use_bias=lambda: False)
            options |= self.maybe(0.2, bias_initializer=self.vector_initializer)
            options |= self.maybe(0.1, bias_regularizer=self.regularizer, bias_constraint=self.vector_constraint)
        if penalties:
            options |= self.maybe(0.08, activity_regularizer=self.regularizer)
        return options

    def activation(self):
        return self.one(*ACTIVATIONS)

    # Layers

    def recurrent(self, sequences, stateful=False, directed=True):
        kind = self.one("LSTM", "GRU", "SimpleRNN")
        options = self.maybe(0.25, activation=lambda: self.one(*SMOOTH))
        options |= self.weighted("kernel", "recurrent")
        if kind != "SimpleRNN":
            options |= self.maybe(0.2, recurrent_activation=lambda: self.one("hard_sigmoid", "sigmoid", "softsign"))
        if kind == "GRU":
            options |= self.maybe(0.4, reset_after=lambda: False)
        if kind == "LSTM":
            options |= self.maybe(0.3, unit_forget_bias=lambda: False)
        if directed:
            options |= self.maybe(0.2, go_backwards=lambda: True, zero_output_for_mask=lambda: True)
        if self.is_random:
            options |= self.maybe(0.4, dropout=lambda: 0.2, recurrent_dropout=lambda: 0.3)
        if sequences:
            options["return_sequences"] = True
        if stateful:
            options["stateful"] = True
        return Plan("layers." + kind, self.whole(1, 4), **options)

    def bidirectional(self, sequences):
        forward = self.recurrent(sequences, self.stateful, directed=False)
        options = self.maybe(0.7, merge_mode=lambda: self.one("sum", "mul", "ave", "concat"))
        if self.chance(0.3):
            backward = self.recurrent(sequences, self.stateful, directed=False)
            backward.arguments = forward.arguments
            backward.options["go_backwards"] = True
            options["backward_layer"] = backward
        return Plan("layers.Bidirectional", forward, **options)

    def anywhere(self, rank):
        """Draws a layer for any shape that passes a mask on."""
        L = lambda name, *arguments, **options: Plan("layers." + name, *arguments, **options)
        choices = [
            lambda: L("Dense", self.whole(1, 5), **self.maybe(0.6, activation=self.activation), **self.weighted("kernel")),
            lambda: L("Dense", self.whole(2, 5), activation=self.one("softmax", "log_softmax", "tanh"), **self.maybe(
                0.2, kernel_regularizer=lambda: Plan("regularizers.OrthogonalRegularizer", 0.02, "columns"))),
            lambda: L("Activation", self.one(*ACTIVATIONS, "softmax")),
            lambda: L("LeakyReLU", **self.maybe(0.5, negative_slope=lambda: 0.1)),
            lambda: L("ELU", **self.maybe(0.5, alpha=lambda: 0.5)),
            lambda: L("ReLU", **self.maybe(0.4, max_value=lambda: 0.8, negative_slope=lambda: 0.1, threshold=lambda: 0.2)),
            lambda: L("Softmax"),
            lambda: L("ActivityRegularization", 0.01, **self.maybe(0.5, l2=lambda: 0.02)),
            lambda: L("UnitNormalization"),
            lambda: L("LayerNormalization", **self.maybe(0.2, center=lambda: False, scale=lambda: False,
                                                         epsilon=lambda: 0.01, gamma_initializer=self.vector_initializer,
                                                         beta_regularizer=self.regularizer)),
            lambda: L("PReLU", **(dict(shared_axes=[1]) if rank > 1 else {}), **self.maybe(
                0.4, alpha_initializer=self.vector_initializer, alpha_regularizer=self.regularizer)),
        ]
        if not self.within_time:
            choices.append(lambda: L("BatchNormalization", **self.maybe(
                0.2, momentum=lambda: 0.8, epsilon=lambda: 0.01, center=lambda: False, scale=lambda: False,
                gamma_initializer=self.vector_initializer, moving_variance_initializer=self.vector_initializer)))
        if self.is_random:
            choices += [lambda: L(self.one("Dropout", "GaussianDropout", "AlphaDropout"), 0.3),
                        lambda: L("GaussianNoise", 0.2)] * 2
        return self.one(*choices)()

    def of_sequences(self, masked, fixed):
        """Draws a layer for (batch, time, features); returns it and whether it passes a mask on."""
        L = lambda name, *arguments, **options: Plan("layers." + name, *arguments, **options)
        choices = [
            lambda: (self.recurrent(True, self.stateful), masked), lambda: (self.recurrent(True, self.stateful), masked),
            lambda: (self.bidirectional(True), masked),
            lambda: (L("TimeDistributed", self.within(1)), masked),
            lambda: (self.recurrent(False, self.stateful), False), lambda: (self.bidirectional(False), False),
            lambda: (L("GlobalAveragePooling1D", **self.maybe(0.3, keepdims=lambda: True)), False),
        ]
        if self.is_random:
            choices.append(lambda: (L("SpatialDropout1D", 0.3), masked))
        if masked:
            return self.one(*choices)()
        padding = lambda: self.one("valid", "same")
        size = lambda: self.whole(1, 3)
        pool = lambda name, **options: L(name, pool_size=self.whole(1, 3), **self.maybe(0.5, strides=size, **options))
        choices += [
            lambda: (L("Conv1D", self.whole(1, 4), self.whole(1, 3), **self.maybe(0.5, activation=self.activation),
                       **self.one({}, {"strides": 2}, {"dilation_rate": 2}),
                       **self.maybe(0.6, padding=lambda: self.one("same", "causal")), **self.weighted("kernel")), False),
            lambda: (L("SeparableConv1D", self.whole(1, 4), self.whole(1, 3), **self.maybe(0.5, activation=self.activation),
                       **self.maybe(0.4, depth_multiplier=lambda: 2, padding=lambda: "same"),
                       **self.one({}, {}, {"strides": 2}, {"dilation_rate": 2}), **self.weighted("depthwise", "pointwise")),
                     False),
            lambda: (pool("MaxPooling1D", padding=padding), False),
            # On torch, Keras's mean of a last window with "same" counts its last step twice.
            lambda: (pool("AveragePooling1D", **({} if on_torch else {"padding": padding})), False),
            lambda: (L("GlobalMaxPooling1D", **self.maybe(0.3, keepdims=lambda: True)), False),
            lambda: (L("UpSampling1D", self.whole(1, 3)), False),
            lambda: (L("ZeroPadding1D", self.one(1, (0, 2), (1, 0))), False),
            lambda: (L("Cropping1D", self.one(1, (0, 1), (1, 0))), False),
            lambda: (L("Masking", self.one(0.0, 1.0)), True),
        ]
        if fixed:
            choices += [lambda: (L("Flatten"), False), lambda: (L("Flatten"), False), lambda: (L("Permute", (2, 1)), False),
                        lambda: (L("Reshape", (-1, 1)), False), lambda: (L("Softmax", 1), False),
                        lambda: (L("LayerNormalization", self.one(1, [1, 2])), False), lambda: (L("PReLU"), False)]
        return self.one(*choices)()

    def of_vectors(self):
        return self.one(lambda: Plan("layers.RepeatVector", self.whole(1, 3)), lambda: Plan("layers.Reshape", (-1, 1)))()

    def within(self, rank):
        """Draws a layer for TimeDistributed; its input has this rank in addition to batch and time."""
        before, self.within_time = self.within_time, True
        stateful, self.stateful = self.stateful, False
        plan = self.anywhere(rank)
        if plan.path == "layers.ActivityRegularization" or "activity_regularizer" in plan.options:
            plan = Plan("layers.Dense", 2)  # Keras counts its penalty differently
        if rank == 2 and self.chance(0.7):
            plan = self.one(lambda: self.recurrent(self.chance(0.5)), lambda: Plan("layers.Flatten"),
                            lambda: Plan("layers.GlobalMaxPooling1D"),
                            lambda: Plan("layers.Conv1D", 2, 2, padding="same"))()
            plan.options.pop("activity_regularizer", None)
        elif self.chance(0.3):
            plan = Plan("Sequential", [Plan("layers.Dense", 3), Plan("layers.Dense", 2, activation="tanh")])
        self.within_time, self.stateful = before, stateful
        return plan

    def stack(self, dims, masked, count, depth=0):
        """Draws plans of `count` layers for this input; returns them, the output shape and whether it has a mask."""
        plans = []
        while len(plans) < count:
            rank = len(dims)
            if depth < 2 and self.chance(0.12):
                inner, new_dims, new_mask = self.stack(dims, masked, self.whole(1, 3), depth + 1)
                plans.append(Plan("Sequential", inner))
                dims, masked = new_dims, new_mask
                continue
            fixed = None not in dims
            is_masked = masked
            if rank == 3:
                plan = self.one(lambda: Plan("layers.TimeDistributed", self.within(2)), lambda: Plan("layers.Flatten"),
                                lambda: Plan("layers.Reshape", (-1, dims[-1])), lambda: self.anywhere(3))()
                if not fixed and plan.path.split(".")[-1] in ("Flatten", "Reshape"):
                    continue
            elif rank == 2 and self.chance(0.7):
                plan, is_masked = self.of_sequences(masked, fixed)
            elif rank == 1 and self.chance(0.25):
                plan = self.of_vectors()
            else:
                plan = self.anywhere(rank)
            try:
                shape = self.shape_behind(plan, dims)
            except Exception:  # such as a kernel longer than the sequence
                continue
            if len(shape) <= 3 and all(dim is None or 0 < dim < 60 for dim in shape):
                plans.append(plan)
                dims, masked = shape, is_masked
        return plans, dims, masked

    def shape_behind(self, plan, dims):
        batch = BATCH if self.stateful else None
        return tuple(plan.make()(keras.KerasTensor((batch, *dims))).shape[1:])

    # What compile takes

    def schedule(self):
        """Draws a schedule, or a number, for a learning rate of this size."""
        rate = self.one(0.01, 0.05)
        if self.chance(0.75):
            return rate
        return self.one(
            lambda: Plan("optimizers.schedules.ExponentialDecay", rate, self.whole(1, 4), 0.5,
                         **self.maybe(0.5, staircase=lambda: True)),
            lambda: Plan("optimizers.schedules.PiecewiseConstantDecay", [1, 3], [rate, rate / 2, rate / 4]),
            lambda: Plan("optimizers.schedules.PolynomialDecay", rate, 3, rate / 10, self.one(0.5, 1.0, 2.0),
                         **self.maybe(0.5, cycle=lambda: True)),
            lambda: Plan("optimizers.schedules.InverseTimeDecay", rate, self.whole(1, 3), 0.5,
                         **self.maybe(0.5, staircase=lambda: True)),
            lambda: Plan("optimizers.schedules.CosineDecay", rate, 4, **self.one({}, {"alpha": 0.1}, {
                "warmup_target": 2 * rate, "warmup_steps": 2})),
            lambda: Plan("optimizers.schedules.CosineDecayRestarts", rate, 2, **self.maybe(0.4, t_mul=lambda: 1.5,
                                                                                       m_mul=lambda: 0.8)),
        )()

    def optimizer(self):
        kind = self.one(*OPTIMIZERS)
        epsilon = {"epsilon": 1e-3}
        options = {
            "SGD": lambda: self.maybe(0.5, momentum=lambda: 0.9, nesterov=lambda: True),
            "RMSprop": lambda: epsilon | self.maybe(0.4, momentum=lambda: 0.5, rho=lambda: 0.8, centered=lambda: True),
            "Adam": lambda: epsilon | self.maybe(0.3, beta_1=lambda: 0.8, beta_2=lambda: 0.98, amsgrad=lambda: True),
            "AdamW": lambda: epsilon | self.maybe(0.3, weight_decay=lambda: 0.1, beta_1=lambda: 0.8, amsgrad=lambda: True),
            "Adagrad": lambda: epsilon | self.maybe(0.4, initial_accumulator_value=lambda: 0.5),
            "Adadelta": lambda: epsilon | self.maybe(0.4, rho=lambda: 0.8),
            "Adamax": lambda: epsilon | self.maybe(0.3, beta_1=lambda: 0.8, beta_2=lambda: 0.98),
            "Nadam": lambda: epsilon | self.maybe(0.3, beta_1=lambda: 0.8, beta_2=lambda: 0.98),
            "Ftrl": lambda: self.maybe(0.3, learning_rate_power=lambda: -0.7, l1_regularization_strength=lambda: 0.001,
                                       l2_regularization_strength=lambda: 0.01, beta=lambda: 0.1,
                                       l2_shrinkage_regularization_strength=lambda: 0.01),
            "Lion": lambda: self.maybe(0.3, beta_1=lambda: 0.8, beta_2=lambda: 0.9),
            "Lamb": lambda: epsilon | self.maybe(0.3, beta_1=lambda: 0.8, beta_2=lambda: 0.98),
            "Adafactor": lambda: self.maybe(0.3, relative_step=lambda: False, clip_threshold=lambda: 0.5,
                                            beta_2_decay=lambda: -0.7),
            "Muon": lambda: self.maybe(0.3, nesterov=lambda: False, momentum=lambda: 0.8, ns_steps=lambda: 3),
            "ScheduleFreeAdamW": lambda: epsilon | self.maybe(0.3, beta_1=lambda: 0.8, warmup_steps=lambda: 2),
        }[kind]()
        if kind not in ("AdamW", "Muon"):
            options |= self.maybe(0.15, weight_decay=lambda: 0.01)
        options |= self.one({}, {}, {}, {}, {"clipnorm": 0.5}, {"clipvalue": 0.1}, {"global_clipnorm": 0.5})
        options |= self.maybe(0.15, use_ema=lambda: True)
        if "use_ema" in options:
            options |= self.maybe(0.5, ema_momentum=lambda: 0.9, ema_overwrite_frequency=lambda: 2)
        options |= self.maybe(0.15, gradient_accumulation_steps=lambda: 2)
        return Plan("optimizers." + kind, self.schedule(), **options)

    def loss(self, target, from_logits):
        kind = self.one(*{
            "sparse": ["SparseCategoricalCrossentropy"],
            "one hot": ["CategoricalCrossentropy", "CategoricalCrossentropy", "CategoricalFocalCrossentropy"]
            + ([] if from_logits else ["KLDivergence", "CategoricalHinge", "Dice", "Tversky", "Poisson"]),
            "binary": ["BinaryCrossentropy", "BinaryCrossentropy", "BinaryFocalCrossentropy", "Hinge", "SquaredHinge"],
            "real": ["MeanSquaredError", "MeanAbsoluteError", "Huber", "LogCosh", "CosineSimilarity",
                     "MeanSquaredLogarithmicError"],
        }[target])
        options = self.maybe(0.2, reduction=lambda: self.one("sum", "mean_with_sample_weight"))
        if from_logits and kind.endswith("ropy"):
            options["from_logits"] = True
        if kind in ("CategoricalCrossentropy", "BinaryCrossentropy", "CategoricalFocalCrossentropy", "BinaryFocalCrossentropy"):
            options |= self.maybe(0.3, label_smoothing=lambda: 0.1)
        if "Focal" in kind:
            options |= self.maybe(0.4, gamma=lambda: 1.5, alpha=lambda: 0.4)
        if kind == "BinaryFocalCrossentropy":
            options |= self.maybe(0.4, apply_class_balancing=lambda: True)
        if kind == "Huber":
            options |= self.maybe(0.4, delta=lambda: 0.5)
        if kind == "Tversky":
            options |= self.maybe(0.5, alpha=lambda: 0.3, beta=lambda: 0.7)
        if target == "sparse":
            options |= self.maybe(0.15, ignore_class=lambda: 0)
        names = {"MeanSquaredError": "mse", "MeanAbsoluteError": "mae", "BinaryCrossentropy": "binary_crossentropy",
                 "CategoricalCrossentropy": "categorical_crossentropy", "KLDivergence": "kl_divergence", "Poisson": "poisson",
                 "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy"}
        if not options and kind in names and self.chance(0.5):
            return names[kind]
        return Plan("losses." + kind, **options)

    def metrics(self, target, from_logits, rank):
        """Draws up to three metrics. Those of thresholds and classes take probabilities, and no axis of time."""
        logits = {"from_logits": True} if from_logits else {}
        M = lambda kind, **options: Plan("metrics." + kind, **options)
        choices = {
            "sparse": ["accuracy", M("SparseCategoricalAccuracy", name="right"), M("SparseCategoricalCrossentropy", **logits),
                       M("SparseTopKCategoricalAccuracy", k=2)],
            "one hot": ["accuracy", "acc", M("CategoricalAccuracy"), M("CategoricalCrossentropy", label_smoothing=0.1, **logits),
                        M("TopKCategoricalAccuracy", k=2), M("CategoricalHinge")],
            "binary": ["accuracy", M("BinaryAccuracy", threshold=0.4), M("BinaryCrossentropy", **logits), M("Hinge"),
                       M("SquaredHinge")],
            "real": ["mse", "mae", M("MeanAbsoluteError", name="error"), M("MeanSquaredError"), M("RootMeanSquaredError"),
                     M("LogCoshError"), M("MeanSquaredLogarithmicError"), M("CosineSimilarity")],
        }[target]
        if rank == 1 and target in ("one hot", "binary") and not from_logits:
            choices += [
                M("Precision", **self.one({}, {"thresholds": 0.4}, {"thresholds": [0.3, 0.6]})),
                M("Recall", **self.one({}, {"thresholds": 0.3}, {"class_id": 0})),
                M("AUC", num_thresholds=20, **self.one({}, {"curve": "PR"}, {"summation_method": "minoring"})),
                M("TruePositives"), M("FalseNegatives", thresholds=0.4), M("TrueNegatives"), M("FalsePositives"),
                M("SensitivityAtSpecificity", specificity=0.5, num_thresholds=20),
                M("PrecisionAtRecall", recall=0.5, num_thresholds=20), M("BinaryIoU", threshold=0.4),
                M("KLDivergence"), M("Poisson"),
            ]
        if rank == 1 and target == "one hot" and not from_logits:
            choices += [M("F1Score", average=self.one("macro", "micro", "weighted")),
                        M("FBetaScore", average="macro", beta=2.0, threshold=0.4)]
        if rank == 1 and target == "real":
            choices += [M("R2Score"), M("PearsonCorrelation"), M("ConcordanceCorrelation")]
        count = self.whole(0, 3)
        return [choices[i] for i in self.random.permutation(len(choices))[:count]]

    def model(self):
        self.is_random, self.within_time = self.chance(0.15), False
        self.stateful = self.chance(0.08)
        ids = self.chance(0.65)
        masked = ids and self.chance(0.6)
        time = None if self.chance(0.25) and not self.stateful else TIME
        plans = []
        if ids:
            options = self.weighted("embeddings", bias=False)
            plans = [Plan("layers.Embedding", WORDS, self.whole(1, 5), **options, **({"mask_zero": True} if masked else {}))]
            dims = (time, plans[0].arguments[1])
        else:
            dims = self.one((time, 3), (time, 3), (time, 3), (5,), (3, 4, 2))
        shape = (time,) if ids else dims
        layers, dims, _ = self.stack(dims, masked, self.whole(1, 5))
        target = self.one("sparse", "one hot", "binary", "real")
        logits = target != "real" and self.chance(0.3)
        activation = {"sparse": "softmax", "one hot": "softmax", "binary": "sigmoid", "real": "linear"}[target]
        units = self.whole(2, 4) if target in ("sparse", "one hot") else self.whole(1, 2)
        plans += [*layers, Plan("layers.Dense", units, activation="linear" if logits else activation)]
        compiled = {"optimizer": self.optimizer(), "loss": self.loss(target, logits), "metrics": self.metrics(target, logits, len(dims)),
                    "weighted_metrics": self.metrics(target, logits, len(dims)) if self.chance(0.2) else None}
        compiled = {key: value for key, value in compiled.items() if value}
        return Model(plans, shape, ids, self.stateful, compiled, target, self.is_random, masked)
