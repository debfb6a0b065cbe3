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
    does so.
    """

    label: str
    keras: str
    rule: str
    terms: update_terms.Rule
    memory: Mapping[str, str] = field(default_factory=dict)
    knobs: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    divides: str = ""


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


def labels() -> dict[str, str]:
    """Optimizer name -> what a person reads."""
    return {name: entry.label for name, entry in OPTIMIZERS.items()}


def uses(names: tuple[str, ...], knob: str) -> bool:
    """Whether any of these optimizers has the knob."""
    return any(knob in OPTIMIZERS[name].knobs for name in names)


class LiveOptimizer:
    """A Keras optimizer on given variables, whose numbers can be moved without a retrace.

    Args:
        name: an entry of OPTIMIZERS.
        variables: Keras variables, all of one dtype.
        values: start values by knob name; "learning_rate" is needed, the others as the entry says.
        each: how many columns of the variables have numbers of their own; 0 for the same everywhere.
    """

    def __init__(self, name: str, variables: list[Any], values: Mapping[str, float], each: int = 0) -> None:
        keras = backend.keras()
        entry = self._entry = OPTIMIZERS[name]
        # Anything but 0, for which Keras would leave the momentum term out for good, and refuse Lion's beta_1; the
        # numbers that hold are put in below.
        numbers = dict.fromkeys(entry.knobs, 0.5)
        self.keras = getattr(keras.optimizers, entry.keras)(float(values["learning_rate"]), **numbers, **entry.fixed)
        self.keras.build(variables)
        self._dtype = str(variables[0].dtype)
        self._numbers = {knob: self._as_kept(knob, values[knob]) for knob in ("learning_rate", *entry.knobs)}
        # in the parameters' precision: in single precision 1 - 0.999 is off by a hundred thousandth
        shape = (each,) if each else ()
        self._live = {knob: _live_number(keras, np.full(shape, values[knob]), self._dtype) for knob in entry.knobs}
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
            self._live[knob].assign(value)
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
        return float(np.dtype("float32" if knob == "learning_rate" else self._dtype).type(value))

    def state(self) -> list[Any]:
        """The optimizer's own variables that a step changes: iteration count, momenta, velocities."""
        rate = self.keras._learning_rate
        own = [variable for variable in self.keras.variables if variable is not rate]
        hidden = getattr(self.keras, "_u_product", None)  # Nadam's, which Keras may leave out of .variables
        if hidden is not None and not any(variable is hidden for variable in own):
            own.append(hidden)
        return own


def _as_they_are(gradients_and_variables: list[Any]) -> list[Any]:
    return gradients_and_variables


def _live_number(keras: Any, value: np.ndarray, dtype: str) -> Any:
    class LiveNumber(keras.Variable):
        """A variable that counts as present, whatever its value (see LiveOptimizer)."""

        def __ne__(self, other: object) -> bool:
            return True

        __hash__ = keras.Variable.__hash__

    return LiveNumber(value, dtype=dtype, trainable=False)
