#!/usr/bin/env python3
"""Makes optimizers.json for io/optimizer_trajectories_test.cpp, with real Keras; see make_goldens.py for the set-up.

    keras-venv/bin/python tests/golden/make_optimizer_goldens.py

Every optimizer makes ten steps with its defaults, with options of its own, and with each option that all optimizers
share. The parameters are those of a small model: a kernel, a bias, and a table of which a step touches two rows. The
file is {"keras", "backend", "cases"}; its first case has only what all others share,

    start      the parameters, by path
    gradients  those of each step, in the same order; the table's has zeros in untouched rows
    rows       the rows of the table that each step touches

and each other case has

    optimizer  as Keras writes it to files
    weights    the parameters after each of the steps in `at`
    state      all variables of the optimizer after the last step, in Keras's order; integers without a shape
"""

import make_goldens as golden
from keras import optimizers, saving

STEPS, AT = 10, [1, 4, 10]
SHAPES = {"kernel": (4, 3), "bias": (3,), "embeddings": (6, 3)}

OWN = {
    "SGD": [dict(momentum=0.9), dict(momentum=0.8, nesterov=True)],
    "RMSprop": [dict(rho=0.8, momentum=0.5, epsilon=1e-3), dict(centered=True)],
    "Adagrad": [dict(learning_rate=0.1, initial_accumulator_value=0.5, epsilon=1e-3)],
    "Adadelta": [dict(learning_rate=1.0, rho=0.8, epsilon=1e-3)],
    "Adam": [dict(learning_rate=0.1, beta_1=0.8, beta_2=0.98, epsilon=1e-3), dict(amsgrad=True)],
    "AdamW": [dict(learning_rate=0.1, weight_decay=0.1, beta_1=0.8), dict(learning_rate=0.1, amsgrad=True)],
    "Adamax": [dict(learning_rate=0.1, beta_1=0.8, beta_2=0.9, epsilon=1e-3)],
    "Nadam": [dict(learning_rate=0.1, beta_1=0.8, beta_2=0.98, epsilon=1e-3)],
    "Ftrl": [
        dict(learning_rate=0.1, l1_regularization_strength=0.05, l2_regularization_strength=0.1, beta=0.5),
        dict(learning_rate=0.1, learning_rate_power=-0.3, l2_shrinkage_regularization_strength=0.1),
        dict(learning_rate=0.1, learning_rate_power=0.0, initial_accumulator_value=0.5),
        dict(learning_rate=optimizers.schedules.InverseTimeDecay(0.1, 2, 0.5)),
    ],
    "Lion": [dict(learning_rate=0.1, beta_1=0.8, beta_2=0.9), dict(beta_1=1.0, beta_2=0.5)],
    "Lamb": [dict(learning_rate=0.1, beta_1=0.8, beta_2=0.98, epsilon=1e-3)],
    "Adafactor": [
        dict(learning_rate=0.1, beta_2_decay=-0.5, epsilon_1=1e-8, epsilon_2=0.01, clip_threshold=0.5),
        dict(learning_rate=1.0, relative_step=False),
        dict(learning_rate=optimizers.schedules.InverseTimeDecay(1.0, 2, 0.5)),
    ],
    "Muon": [
        dict(learning_rate=0.1, exclude_embeddings=False, momentum=0.8, nesterov=False, rms_rate=None),
        dict(learning_rate=0.1, exclude_layers=["ke.n"], adam_lr_ratio=0.5, adam_beta_1=0.8, adam_beta_2=0.98),
        dict(learning_rate=0.1, ns_steps=2, muon_a=2.0, muon_b=-1.5, muon_c=0.5, adam_weight_decay=None),
        dict(learning_rate=0.1, weight_decay=0.1, adam_weight_decay=0.2, epsilon=1e-3),
    ],
    "ScheduleFreeAdamW": [dict(learning_rate=0.1, warmup_steps=4, beta_1=0.8, beta_2=0.98, epsilon=1e-3)],
}

SHARED = [
    dict(clipnorm=0.5),
    dict(clipvalue=0.2),
    dict(global_clipnorm=0.7),
    dict(weight_decay=0.1),
    dict(use_ema=True, ema_momentum=0.9),
    dict(use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=3),
    dict(gradient_accumulation_steps=2),
]


def shared():
    random = golden.generator("optimizers")
    start = {path: golden.draw(random, shape) for path, shape in SHAPES.items()}
    gradients, rows = [], []
    for _ in range(STEPS):
        step = [golden.draw(random, shape) for shape in SHAPES.values()]
        rows.append(sorted(int(row) for row in random.choice(6, 2, replace=False)))
        step[2][[row for row in range(6) if row not in rows[-1]]] = 0.0
        gradients.append(step)
    return {"start": start, "gradients": gradients, "rows": rows, "at": AT}


def train(optimizer, given):
    variables = [golden.keras.Variable(value, name=path) for path, value in given["start"].items()]
    optimizer.build(variables)
    weights = []
    for step, gradients in enumerate(given["gradients"], 1):
        optimizer.apply([golden.keras.ops.convert_to_tensor(g) for g in gradients])
        if step in AT:
            weights.append([variable.numpy() for variable in variables])
    state = [v.numpy() if "int" not in v.dtype else int(v.numpy()) for v in optimizer.variables]
    return {"optimizer": saving.serialize_keras_object(optimizer), "weights": weights, "state": state}


def main():
    given = shared()
    cases = [given]
    for kind, own in OWN.items():
        for options in [{}, *own, *SHARED]:
            options = options if options in [{}, *own] else {"learning_rate": 0.05} | options
            cases.append(train(getattr(optimizers, kind)(**options), given))
    golden.write("optimizers", "cases", cases)


if __name__ == "__main__":
    main()
