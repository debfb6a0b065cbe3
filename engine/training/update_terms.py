"""The next step of every update rule, taken apart: each term with its name, its symbol, its number and its arrow.

The numbers come from the optimizer's own memory and the gradient at the current place, so their sum is the step that
TensorFlow takes next. Symbols as in the papers that engine.training.optimizers' rules come from. Serves the frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

EPSILON = 1e-7  # Keras's, in every rule that has one


class Part(StrEnum):
    """What a term is in its rule, and so its colour."""

    RATE = "rate"  # a number of the rule that a person sets
    GRADIENT = "gradient"
    NOISE = "noise"
    MEMORY = "memory"  # what the rule carries over from earlier steps
    SCALE = "scale"  # what divides or multiplies each parameter's step on its own
    STEP = "step"


@dataclass(frozen=True, eq=False)
class Term:
    """One term of an update: ``value`` has shape (dimensions,).

    ``arrow`` (dimensions,), in the parameters' units, is what this term alone does to the place; for a scale, how far
    it lets each parameter go. ``is_direction``: only where the arrow points is meant, and it is as long as the step.
    """

    part: Part
    symbol: str
    name: str
    value: np.ndarray
    arrow: np.ndarray | None = None
    is_direction: bool = False

    def __post_init__(self) -> None:
        for array in (self.value, self.arrow):
            if array is not None:
                array.setflags(write=False)


@dataclass(frozen=True, eq=False)
class Update:
    """The step that is taken next. ``pattern`` writes it with a {symbol} for each term, as it is added to the place.

    ``step`` has shape (dimensions,).
    """

    terms: tuple[Term, ...]
    pattern: str
    step: np.ndarray

    def __post_init__(self) -> None:
        self.step.setflags(write=False)


Memory = Mapping[str, np.ndarray]
Numbers = Mapping[str, float]
# (gradient with its noise, memory by symbol, the knobs' numbers, the number of the step to come) -> Update
Rule = Callable[[np.ndarray, Memory, Numbers, int], Update]


def with_noise(update: Update, noise: np.ndarray) -> Update:
    """The same update with its gradient shown as the true one plus the noise that was added to it."""
    terms = []
    for term in update.terms:
        if term.part is not Part.GRADIENT:
            terms.append(term)
            continue
        true = term.value - noise
        share = [np.divide(part, term.value, out=np.zeros_like(part), where=term.value != 0) for part in (true, noise)]
        arrows = [None if term.arrow is None or term.is_direction else term.arrow * part for part in share]
        terms.append(Term(Part.GRADIENT, term.symbol, "gradient", true, arrows[0]))
        terms.append(Term(Part.NOISE, "n", "noise", noise, arrows[1]))
    return Update(tuple(terms), update.pattern.replace("{g}", "({g} + {n})"), update.step)


def plain(g: np.ndarray, memory: Memory, k: Numbers, t: int) -> Update:
    """θ ← θ - η g."""
    step = -k["learning_rate"] * g
    return Update((_rate(k, g), _gradient(g, step), _step(step)), "− {η} × {g}", step)


def momentum(g: np.ndarray, memory: Memory, k: Numbers, t: int) -> Update:
    """v ← μ v - η g; θ ← θ + v (Polyak 1964)."""
    kept, fall = k["momentum"] * memory["v"], -k["learning_rate"] * g
    step = kept + fall
    terms = (
        _number("μ", "momentum", k["momentum"], g),
        Term(Part.MEMORY, "v", "velocity kept", memory["v"], kept),
        _rate(k, g),
        _gradient(g, fall),
        _step(step),
    )
    return Update(terms, "+ {μ} × {v} − {η} × {g}", step)


def nesterov(g: np.ndarray, memory: Memory, k: Numbers, t: int) -> Update:
    """v ← μ v - η g; θ ← θ + μ v - η g (Nesterov 1983, as in Sutskever et al. 2013)."""
    fall = -k["learning_rate"] * g
    ahead = k["momentum"] * memory["v"] + fall
    step = k["momentum"] * ahead + fall
    terms = (
        _number("μ", "momentum", k["momentum"], g),
        Term(Part.MEMORY, "v", "velocity ahead", ahead, k["momentum"] * ahead),
        _rate(k, g),
        _gradient(g, fall),
        _step(step),
    )
    return Update(terms, "+ {μ} × {v} − {η} × {g}", step)


def rmsprop(g: np.ndarray, memory: Memory, k: Numbers, t: int) -> Update:
    """s ← ρ s + (1-ρ) g²; θ ← θ - η g / √(s+ε) (Hinton, lecture 6e)."""
    root = np.sqrt(k["rho"] * memory["s"] + (1 - k["rho"]) * g**2 + EPSILON)
    return _scaled(g, k, root, "√s", "recent size of g")


def adagrad(g: np.ndarray, memory: Memory, k: Numbers, t: int) -> Update:
    """s ← s + g²; θ ← θ - η g / √(s+ε) (Duchi et al. 2011)."""
    return _scaled(g, k, np.sqrt(memory["s"] + g**2 + EPSILON), "√s", "root of all g² so far")


def adadelta(g: np.ndarray, memory: Memory, k: Numbers, t: int) -> Update:
    """θ ← θ - η √(u+ε)/√(s+ε) g, s and u the recent g² and steps² (Zeiler 2012)."""
    root = np.sqrt(k["rho"] * memory["s"] + (1 - k["rho"]) * g**2 + EPSILON)
    past = np.sqrt(memory["u"] + EPSILON)
    step = -k["learning_rate"] * past / root * g
    terms = (
        _rate(k, g),
        Term(Part.MEMORY, "√u", "recent size of steps", past),
        Term(Part.SCALE, "√s", "recent size of g", root, _reach(past / root, step)),
        _pointer(Part.GRADIENT, "g", "gradient", g, step),
        _step(step),
    )
    return Update(terms, "− {η} × {√u} / {√s} × {g}", step)


def adam(g: np.ndarray, memory: Memory, k: Numbers, t: int) -> Update:
    """θ ← θ - η m̂ / √v̂, the means of g and g² freed from their start at 0 (Kingma and Ba 2015)."""
    m = memory["m"] + (1 - k["beta_1"]) * (g - memory["m"])
    v = memory["v"] + (1 - k["beta_2"]) * (g**2 - memory["v"])
    mean = m / (1 - k["beta_1"] ** t)
    root = (np.sqrt(v) + EPSILON) / np.sqrt(1 - k["beta_2"] ** t)
    return _averaged(g, k, mean, "m̂", root, "√v̂", "recent size of g")


def adamax(g: np.ndarray, memory: Memory, k: Numbers, t: int) -> Update:
    """θ ← θ - η m̂ / u, u the largest recent |g| (Kingma and Ba 2015, section 7.1)."""
    m = memory["m"] + (1 - k["beta_1"]) * (g - memory["m"])
    largest = np.maximum(k["beta_2"] * memory["u"], np.abs(g)) + EPSILON
    return _averaged(g, k, m / (1 - k["beta_1"] ** t), "m̂", largest, "u", "largest recent |g|")


def nadam(g: np.ndarray, memory: Memory, k: Numbers, t: int) -> Update:
    """Adam with Nesterov's look ahead and a schedule of the momentum (Dozat 2016)."""
    now, following = (k["beta_1"] * (1 - 0.5 * 0.96**step) for step in (t, t + 1))
    product = memory["product"] * now
    m = memory["m"] + (1 - k["beta_1"]) * (g - memory["m"])
    v = memory["v"] + (1 - k["beta_2"]) * (g**2 - memory["v"])
    ahead = following * m / (1 - product * following) + (1 - now) * g / (1 - product)
    root = np.sqrt(v / (1 - k["beta_2"] ** t)) + EPSILON
    return _averaged(g, k, ahead, "m̄", root, "√v̂", "recent size of g")


def lion(g: np.ndarray, memory: Memory, k: Numbers, t: int) -> Update:
    """θ ← θ - η sign(c), c = β₁ m + (1-β₁) g (Chen et al. 2023)."""
    mixed = k["beta_1"] * memory["m"] + (1 - k["beta_1"]) * g
    step = -k["learning_rate"] * np.sign(mixed)
    terms = (
        _rate(k, g),
        _pointer(Part.GRADIENT, "g", "gradient", g, step),
        _pointer(Part.MEMORY, "c", "mean of g", mixed, step),
        _step(step),
    )
    return Update(terms, "− {η} × sign({c})", step)


def _scaled(g: np.ndarray, k: Numbers, root: np.ndarray, symbol: str, name: str) -> Update:
    step = -k["learning_rate"] * g / root
    terms = (
        _rate(k, g),
        _pointer(Part.GRADIENT, "g", "gradient", g, step),
        Term(Part.SCALE, symbol, name, root, _reach(1 / root, step)),
        _step(step),
    )
    return Update(terms, f"− {{η}} × {{g}} / {{{symbol}}}", step)


def _averaged(
    g: np.ndarray, k: Numbers, mean: np.ndarray, mean_symbol: str, root: np.ndarray, symbol: str, name: str
) -> Update:
    step = -k["learning_rate"] * mean / root
    terms = (
        _pointer(Part.GRADIENT, "g", "gradient", g, step),
        _rate(k, g),
        _pointer(Part.MEMORY, mean_symbol, "mean of g", mean, step),
        Term(Part.SCALE, symbol, name, root, _reach(1 / root, step)),
        _step(step),
    )
    return Update(terms, f"− {{η}} × {{{mean_symbol}}} / {{{symbol}}}", step)


def _rate(k: Numbers, g: np.ndarray) -> Term:
    return _number("η", "learning rate", k["learning_rate"], g)


def _number(symbol: str, name: str, value: float, g: np.ndarray) -> Term:
    return Term(Part.RATE, symbol, name, np.full_like(g, value))


def _gradient(g: np.ndarray, fall: np.ndarray) -> Term:
    return Term(Part.GRADIENT, "g", "gradient", g, fall)


def _step(step: np.ndarray) -> Term:
    return Term(Part.STEP, "Δ", "step", step, step)


def _pointer(part: Part, symbol: str, name: str, value: np.ndarray, step: np.ndarray) -> Term:
    """A term whose number has no length in the parameters' units: downhill along it, as far as the step goes."""
    length = float(np.linalg.norm(value))
    arrow = -value / length * float(np.linalg.norm(step)) if np.isfinite(length) and length > 0 else None
    return Term(part, symbol, name, value, arrow, is_direction=True)


def _reach(stretch: np.ndarray, step: np.ndarray) -> np.ndarray:
    """How far each parameter may go in relation to the others, the farthest as far as the step."""
    most = float(np.max(stretch))
    return stretch / most * float(np.linalg.norm(step)) if np.isfinite(most) and most > 0 else np.zeros_like(stretch)
