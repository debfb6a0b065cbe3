"""Keras optimizers by name: one entry an optimizer, with the numbers of its update rule that are live knobs.

The rules are Keras's own. The knobs that Keras takes as Python numbers (momentum, beta_1, ...) are replaced by
variables here, because a Python number is baked into the compiled graph and could not be moved while it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.backend import backend
from engine.training import update_terms


@dataclass(frozen=True)
class OptimizerEntry:
    """``keras`` is the class's name, ``fixed`` its constructor's arguments, ``knobs`` the live ones.

    ``terms`` takes the next step apart; ``memory`` says which of Keras's attributes hold what the rule remembers, by
    the symbol that ``terms`` knows it by. ``divides`` is that of what each parameter's step is divided by, if a rule
    does so. ``by_tensor``: it looks at a tensor as a whole, which therefore must not be mixed with others. ``least``
    are numbers that a knob may be set below, and the rule may not.
    """

    label: str
    keras: str
    rule: str
    terms: update_terms.Rule | None = None
    memory: Mapping[str, str] = field(default_factory=dict)
    knobs: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    divides: str = ""
    by_tensor: bool = False
    least: Mapping[str, float] = field(default_factory=dict)


# those whose steps can be followed in two numbers as well as in thousands: landscapes have these
OPTIMIZERS: dict[str, OptimizerEntry] = {
    "sgd": OptimizerEntry("Gradient descent", "SGD", "θ ← θ - η g", update_terms.plain),
    "momentum": OptimizerEntry(
        "Momentum", "SGD", "v ← μ v - η g;  θ ← θ + v", update_terms.momentum, {"v": "momentums"}, ("momentum",)
    ),
    "nesterov": OptimizerEntry(
        "Nesterov", "SGD", "v ← μ v - η g;  θ ← θ + μ v - η g", update_terms.nesterov, {"v": "momentums"},
        ("momentum",), {"nesterov": True},
    ),
    "rmsprop": OptimizerEntry(
        "RMSprop", "RMSprop", "s ← ρ s + (1-ρ) g²;  θ ← θ - η g / √(s+ε)", update_terms.rmsprop, {"s": "_velocities"},
        ("rho",), divides="s",
    ),
    "adagrad": OptimizerEntry(
        "Adagrad", "Adagrad", "s ← s + g²;  θ ← θ - η g / √(s+ε)", update_terms.adagrad, {"s": "_accumulators"},
        divides="s",
    ),
    "adadelta": OptimizerEntry(
        "Adadelta", "Adadelta", "steps scaled by the ratio of past steps to gradients", update_terms.adadelta,
        {"s": "_accumulated_grads", "u": "_accumulated_delta_vars"}, ("rho",),
    ),
    "adam": OptimizerEntry(
        "Adam", "Adam", "θ ← θ - η m̂ / (√v̂ + ε)", update_terms.adam, {"m": "_momentums", "v": "_velocities"},
        ("beta_1", "beta_2"), divides="v",
    ),
    "adamax": OptimizerEntry(
        "Adamax", "Adamax", "θ ← θ - η m̂ / (u + ε),  u the largest recent |g|", update_terms.adamax,
        {"m": "_m", "u": "_u"}, ("beta_1", "beta_2"), divides="u",
    ),
    "nadam": OptimizerEntry(
        "Nadam", "Nadam", "Adam with Nesterov's look ahead", update_terms.nadam,
        {"m": "_momentums", "v": "_velocities", "product": "_u_product"}, ("beta_1", "beta_2"),
        divides="v",
    ),
    "lion": OptimizerEntry(
        "Lion", "Lion", "θ ← θ - η sign(β₁ m + (1-β₁) g)", update_terms.lion, {"m": "_momentums"},
        ("beta_1", "beta_2"),
    ),
}  # fmt: skip

# and those that are made for networks, of which two parameters can show nothing
NETWORK_OPTIMIZERS: dict[str, OptimizerEntry] = OPTIMIZERS | {
    "adamw": OptimizerEntry(  # Loshchilov and Hutter 2019
        "AdamW", "AdamW", "θ ← θ - η λ θ;  θ ← θ - η m̂ / (√v̂ + ε)", memory={"m": "_momentums", "v": "_velocities"},
        knobs=("beta_1", "beta_2", "weight_decay"), divides="v",
    ),
    "schedule_free": OptimizerEntry(  # Defazio et al. 2024
        "Schedule-free AdamW", "ScheduleFreeAdamW",
        "z ← z - η g / √v̂,  x the mean of all z;  θ = (1-β₁) z + β₁ x", memory={"z": "_momentums", "v": "_velocities"},
        knobs=("beta_1", "beta_2"), least={"beta_1": 0.01},  # x is what is left of θ without z, divided by it
    ),
    "lamb": OptimizerEntry(  # You et al. 2020
        "Lamb", "Lamb", "u = m̂ / (√v̂ + ε);  θ ← θ - η |θ|/|u| u, lengths of whole tensors", knobs=("beta_1", "beta_2"),
        by_tensor=True,
    ),
    "adafactor": OptimizerEntry(  # Shazeer and Stern 2018
        "Adafactor", "Adafactor", "Adam without m, of whose v only the rows' and columns' means are kept",
        # of rows and columns without any gradient, whose product Keras's own 1e-30 makes 0 in single precision
        fixed={"epsilon_1": 1e-15}, by_tensor=True,
    ),
    "muon": OptimizerEntry(  # Jordan et al. 2024; its size as in Liu et al. 2025
        "Muon", "Muon", "m ← μ m + g;  W ← W - 0.2 η √max(n, m) O, the nearest orthogonal matrix to g + μ m",
        knobs=("momentum", "weight_decay"), fixed={"adam_weight_decay": None}, by_tensor=True,
    ),
}  # fmt: skip


def labels() -> dict[str, str]:
    """Optimizer name -> what a person reads, of those that landscapes have."""
    return {name: entry.label for name, entry in OPTIMIZERS.items()}


def network_labels() -> dict[str, str]:
    """The same of those that networks have."""
    return {name: entry.label for name, entry in NETWORK_OPTIMIZERS.items()}


def uses(names: tuple[str, ...], knob: str) -> bool:
    """Whether any of these optimizers has the knob."""
    return any(knob in NETWORK_OPTIMIZERS[name].knobs for name in names)


class LiveOptimizer:
    """A Keras optimizer on given variables, whose numbers can be moved without a retrace.

    Args:
        name: an entry of NETWORK_OPTIMIZERS.
        variables: Keras variables, all of one dtype.
        values: start values by knob name; "learning_rate" is needed, the others as the entry says.
        each: how many columns of the variables have numbers of their own; 0 for the same everywhere.
    """

    def __init__(self, name: str, variables: list[Any], values: Mapping[str, float], each: int = 0) -> None:
        keras = backend.keras()
        entry = self._entry = NETWORK_OPTIMIZERS[name]
        # Anything but 0, for which Keras would leave the momentum term out for good, and refuse Lion's beta_1; the
        # numbers that hold are put in below.
        numbers = dict.fromkeys(entry.knobs, 0.5)
        kind = _schedule_free(keras) if name == "schedule_free" else getattr(keras.optimizers, entry.keras)
        self.keras = kind(float(values["learning_rate"]), **numbers, **entry.fixed)
        self.keras.build(variables)
        self._variables = variables
        self._raw = self._watched_matrices() if name == "muon" else []
        self._dtype = str(variables[0].dtype)
        self._numbers = {knob: self._as_kept(knob, values[knob]) for knob in ("learning_rate", *entry.knobs)}
        # in the parameters' precision: in single precision 1 - 0.999 is off by a hundred thousandth
        shape = (each,) if each else ()
        self._live = {
            knob: _live_number(keras, np.full(shape, self._allowed(knob, values[knob])), self._dtype)
            for knob in entry.knobs
        }
        # SGD asks `momentum != 0` in Python to see whether there is momentum at all; so the attribute has to be an
        # object for which that is plainly true, and not a tensor. Set past Keras's tracker: it is no optimizer state.
        for knob, number in self._live.items():
            object.__setattr__(self.keras, knob, number)
        # Keras sums the gradients over all devices, of which there is one. It does so by a tf.custom_gradient, which
        # TensorFlow keeps for good, and the whole graph with it (see engine.backend.own_gradient).
        object.__setattr__(self.keras, "_all_reduce_sum_gradients", _as_they_are)

    def set(self, knob: str, value: float) -> None:
        """Move a number of the rule; a knob that this optimizer doesn't have is left alone."""
        if knob == "learning_rate":
            self.keras.learning_rate = value
        elif knob in self._live:
            self._live[knob].assign(self._allowed(knob, value))
        else:
            return
        self._numbers[knob] = self._as_kept(knob, value)

    def set_each(self, knob: str, values: np.ndarray) -> None:
        """Move a number of the rule for each column, (columns,); one that this optimizer doesn't have is left alone."""
        if knob in self._live:
            self._live[knob].assign(values)

    def apply_each(self, rates: Any, gradient: Any, variable: Any) -> None:
        """One update with a learning rate for each column, (columns,); inside the graph."""
        self.keras.update_step(gradient, variable, rates)
        self.keras.iterations.assign_add(1)

    def set_in_graph(self, rate: Any) -> None:
        """Use this learning rate, a scalar tensor, from here on; inside the graph."""
        self.keras._learning_rate.assign(rate)

    def apply(self, gradients: list[Any], variables: list[Any]) -> None:
        """One update, inside the graph."""
        self.keras.apply(gradients, variables)

    def memory(self, row: int) -> dict[str, np.ndarray]:
        """What the rule remembers of one row of its first variable, float64, by the symbols of its terms."""
        kept = {}
        for symbol, attribute in self._entry.memory.items():
            held = getattr(self.keras, attribute)
            value = np.asarray((held[0] if isinstance(held, list) else held).value.numpy(), float)
            kept[symbol] = value[row].copy() if value.ndim else value
        return kept

    def divisors(self) -> list[Any] | None:
        """What each variable's steps are divided by, as the rule keeps it, in their order; None of a rule without."""
        if not self._entry.divides:
            return None
        return getattr(self.keras, self._entry.memory[self._entry.divides])

    def next_update(self, gradient: np.ndarray, row: int, step: int, share: float = 1.0) -> update_terms.Update:
        """Step number ``step``, the first being 1, that this gradient, (dimensions,), would lead to, taken apart.

        Nothing is moved. ``share``: of the learning rate, where a schedule says so.
        """
        numbers = self._numbers | {"learning_rate": float(np.float32(self._numbers["learning_rate"] * share))}
        return self._entry.terms(gradient, self.memory(row), numbers, step)

    def _as_kept(self, knob: str, value: float) -> float:
        """The number as its variable holds it; Keras has the learning rate in single precision."""
        value = self._allowed(knob, value)
        return float(np.dtype("float32" if knob == "learning_rate" else self._dtype).type(value))

    def _allowed(self, knob: str, value: float) -> float:
        return max(value, self._entry.least.get(knob, value))

    def begin(self) -> None:
        """The variables stand where no step of this rule has brought them: what it remembers of places is there, too.

        Keras's schedule-free rule begins with the values that the variables had when it was built.
        """
        if "z" in self._entry.memory:
            for held, variable in zip(self.keras._momentums, self._variables, strict=True):
                held.assign(variable)

    def averaged(self) -> list[np.ndarray] | None:
        """The mean x of all z, by variable, which a schedule-free rule is about; None of another rule."""
        if "z" not in self._entry.memory:
            return None
        share = self._numbers["beta_1"]
        return [
            (variable.numpy() - (1 - share) * held.numpy()) / share
            for variable, held in zip(self._variables, self.keras._momentums, strict=True)
        ]

    def raw_updates(self) -> list[np.ndarray]:
        """Of Muon, each matrix's g + μ m of the last step, in the order of the variables; empty of another rule."""
        return [np.array(held.numpy()) for held in self._raw]

    def _watched_matrices(self) -> list[Any]:
        """Keeps what goes into Muon's iteration, which Keras makes orthogonal and forgets.

        Set past Keras's tracker, as the live numbers are.
        """
        keras, original = backend.keras(), self.keras.zeropower_via_newtonschulz5
        matrices = [variable for variable in self._variables if len(variable.shape) == 2]
        kept = [keras.Variable(np.zeros(matrix.shape, np.float32), trainable=False) for matrix in matrices]
        waiting: list[Any] = []

        def watched(update: Any, steps: int) -> Any:
            if not waiting:  # a step goes through the matrices in their order
                waiting.extend(kept)
            waiting.pop(0).assign(update)
            return original(update, steps)

        object.__setattr__(self.keras, "zeropower_via_newtonschulz5", watched)
        return kept

    def state(self) -> list[Any]:
        """The optimizer's own variables that a step changes: iteration count, momenta, velocities."""
        rate = self.keras._learning_rate
        own = [variable for variable in self.keras.variables if variable is not rate]
        hidden = getattr(self.keras, "_u_product", None)  # Nadam's, which Keras may leave out of .variables
        if hidden is not None and not any(variable is hidden for variable in own):
            own.append(hidden)
        return [*own, *self._raw]


def _schedule_free(keras: Any) -> Any:
    """Keras's class with its step mended: it finds x from θ and z after z has moved, and so finds another x."""

    class ScheduleFree(keras.optimizers.ScheduleFreeAdamW):
        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            tf = backend.tensorflow()
            index = self._get_variable_index(variable)
            z, v = self._momentums[index], self._velocities[index]
            rate, step = (tf.cast(number, variable.dtype) for number in (learning_rate, self.iterations + 1))
            share, kept = (tf.cast(number.value, variable.dtype) for number in (self.beta_1, self.beta_2))
            place, before = tf.convert_to_tensor(variable), tf.convert_to_tensor(z)
            x = (place - (1 - share) * before) / share
            second = kept * tf.convert_to_tensor(v) + (1 - kept) * tf.square(gradient)
            base = before - rate * gradient / (tf.sqrt(second / (1 - kept**step)) + self.epsilon)
            x += (base - x) / step
            v.assign(second)
            z.assign(base)
            variable.assign((1 - share) * base + share * x)

    return ScheduleFree


def _as_they_are(gradients_and_variables: list[Any]) -> list[Any]:
    return gradients_and_variables


def _live_number(keras: Any, value: np.ndarray, dtype: str) -> Any:
    class LiveNumber(keras.Variable):
        """A variable that counts as present, whatever its value (see LiveOptimizer)."""

        def __ne__(self, other: object) -> bool:
            return True

        __hash__ = keras.Variable.__hash__

    return LiveNumber(value, dtype=dtype, trainable=False)
