"""What scripts of all experiments are put together from: rules, costs, activations, networks, and their frame."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from app.sharing.code.tracing import number
from engine.run.spec import RunSpec
from engine.scenes import heading
from engine.training.optimizers import NETWORK_OPTIMIZERS, OPTIMIZERS
from engine.training.schedules import DECAY, WARM_UP

WIDTH = 100  # letters of a line of words
CELL = "# %% "  # begins a part, as notebooks and editors know it
COSTS = {  # of an ``error`` (n, outputs)
    "absolute": "tf.abs(error)",
    "squared": "error**2",
    "half_squared": "error**2 / 2",
    "huber": "tf.where(tf.abs(error) <= 1, error**2 / 2, tf.abs(error) - 0.5)",
}
ACTIVATIONS = {
    "tanh": "tf.tanh", "sigmoid": "tf.sigmoid", "relu": "tf.nn.relu", "leaky_relu": "tf.keras.activations.leaky_relu",
    "elu": "tf.nn.elu", "selu": "tf.nn.selu", "gelu": "tf.nn.gelu", "silu": "tf.nn.silu",
    "softplus": "tf.nn.softplus", "softsign": "tf.nn.softsign", "linear": "",
}  # fmt: skip
INITIALIZERS = {
    "glorot_uniform": "GlorotUniform(seed=seed)", "glorot_normal": "GlorotNormal(seed=seed)",
    "he_uniform": "HeUniform(seed=seed)", "he_normal": "HeNormal(seed=seed)",
    "lecun_normal": "LecunNormal(seed=seed)", "orthogonal": "Orthogonal(seed=seed)",
}  # fmt: skip
MADE_BY = "Made by Fall Line from the settings of a run, to be read, run and changed. Its last line says the cost."


def head(spec: RunSpec, imports: Sequence[str]) -> list[str]:
    """The docstring and the imports."""
    lines = [f"{heading(spec)}: {' '.join(spec.subtitle().split())}"]
    words = [line.replace("\\", "/").replace('"""', "'''") for line in lines]
    return [f'"""{textwrap.fill(words[0], WIDTH)}', "", MADE_BY, '"""', "", *imports, ""]


def optimizer(name: str, settings: Any, rate: str, is_double: bool = False) -> str:
    """The Keras optimizer of these settings, with this learning rate; its numbers in double precision if asked for."""
    entry = NETWORK_OPTIMIZERS[name]
    shown = "np.float64({!r})" if is_double else "{!r}"
    given = {knob: shown.format(float(getattr(settings, knob))) for knob in entry.knobs} | {
        key: str(value) for key, value in entry.fixed.items()
    }
    arguments = "".join(f", {key}={value}" for key, value in given.items())
    return f"tf.keras.optimizers.{entry.keras}({rate}{arguments})"


SCHEDULE_FREE = [
    "class ScheduleFree(tf.keras.optimizers.ScheduleFreeAdamW):",
    '    """Keras finds the mean x after z has moved, and so finds another one; here it is found before."""',
    "",
    "    def update_step(self, gradient, variable, learning_rate):",
    "        index = self._get_variable_index(variable)",
    "        z, v = self._momentums[index], self._velocities[index]",
    "        rate = tf.cast(learning_rate, variable.dtype)",
    "        step = tf.cast(self.iterations + 1, variable.dtype)",
    "        place, before = tf.convert_to_tensor(variable), tf.convert_to_tensor(z)",
    "        x = (place - (1 - self.beta_1) * before) / self.beta_1",
    "        second = self.beta_2 * tf.convert_to_tensor(v) + (1 - self.beta_2) * gradient**2",
    "        after = before - rate * gradient / (tf.sqrt(second / (1 - self.beta_2**step)) + self.epsilon)",
    "        x += (after - x) / step",
    "        v.assign(second)",
    "        z.assign(after)",
    "        variable.assign((1 - self.beta_1) * after + self.beta_1 * x)",
    "",
    "",
]


def network_optimizer(settings: Any, rate: str) -> list[str]:
    """The lines that make a network's ``optimizer``, with what it needs to be defined first."""
    made = optimizer(settings.optimizer, settings, rate)
    if settings.optimizer != "schedule_free":
        return [f"optimizer = {made}"]
    return ["", "", *SCHEDULE_FREE, f"optimizer = ScheduleFree({made.partition('(')[2]}"]


def with_keras_variables(source: str, name: str) -> str:
    """The same script with the variables that those of Keras's rules need that are made for networks alone."""
    if name in OPTIMIZERS:
        return source
    source = source.replace("tf.Variable(", "tf.keras.Variable(")
    return source.replace("tape.gradient(cost, parameters)", "tape.gradient(cost, [part.value for part in parameters])")


def scheduled(settings: Any, rate: str, steps: int) -> tuple[list[str], str]:
    """What a schedule needs to be defined first, and the rate as a Keras optimizer takes it."""
    match getattr(settings, "schedule", "constant"):
        case "cosine":
            return [], f"tf.keras.optimizers.schedules.CosineDecay({rate}, {steps})"
        case "wsd":
            return [
                "",
                "",
                "class WarmHoldDecay(tf.keras.optimizers.schedules.LearningRateSchedule):",
                f'    """Up in the first {WARM_UP:.0%} of the steps, held, down to 0 in the last {DECAY:.0%}."""',
                "",
                "    def __init__(self, rate, steps):",
                "        self.rate, self.steps = rate, steps",
                "",
                "    def __call__(self, step):",
                "        step = tf.cast(step, tf.float32)",
                f"        up = (step + 1) / ({WARM_UP} * self.steps)",
                f"        down = (self.steps - step) / ({DECAY} * self.steps)",
                "        return self.rate * tf.clip_by_value(tf.minimum(up, down), 0.0, 1.0)",
                "",
                "",
            ], f"WarmHoldDecay({rate}, {steps})"
    return [], rate


def initializer(settings: Any) -> str:
    """What a layer's weights are drawn from; ``seed`` is in the script."""
    name = INITIALIZERS.get(settings.initializer)
    return name or f"RandomNormal(0, {number(settings.init_scale)}, seed=seed)"


def seeds(count: int) -> str:
    """A line that gives each of so many arrays of parameters a seed of its own."""
    return f"seeds = [int(seed) for seed in np.random.SeedSequence([SEED, 1]).generate_state({count})]"


def layers(widths: str, drawn: str) -> list[str]:
    """A function of ``widths`` that makes the layers' weights and biases."""
    return [
        "",
        "",
        "def new_layers(widths):",
        '    """A weight matrix W and a bias b for each layer."""',
        "    seeds = np.random.SeedSequence([SEED, 1]).generate_state(2 * len(widths) - 2)",
        "    layers = []",
        "    for inputs, outputs, seed in zip(widths, widths[1:], map(int, seeds[::2])):",
        f"        W = tf.Variable(tf.keras.initializers.{drawn}((inputs, outputs)))",
        "        b = tf.Variable(tf.zeros(outputs))",
        "        layers.append((W, b))",
        "    return layers",
        "",
        "",
        f"layers = new_layers({widths})",
    ]


def hidden(activation: str, last: str = "x @ W + b") -> list[str]:
    """The body of a function that hands x on through all ``layers``."""
    function = ACTIVATIONS[activation]
    return [
        "    for W, b in layers[:-1]:",
        f"        x = {function}(x @ W + b)" if function else "        x = x @ W + b",
        "    W, b = layers[-1]",
        f"    return {last}",
    ]


def cost_function(name: str) -> list[str]:
    """A function of errors (n, outputs)."""
    return [
        "def cost_of(error):",
        f"    return tf.reduce_mean(tf.reduce_sum({COSTS[name]}, axis=1))",
    ]


def source(lines: Sequence[str]) -> str:
    """The lines as a file."""
    return "\n".join([*lines, ""])
