"""Where a step of an update rule is stable: the curvature from which on it overshoots the bottom by more each time.

Along a direction of curvature λ plain gradient descent multiplies its distance from the bottom by 1 - η λ each step,
which shrinks below λ = 2/η only (Nocedal and Wright 2006, "Numerical Optimization", section 3.3); with momentum μ below
2 (1 + μ)/η (Polyak 1964), with Nesterov's below 2 (1 + μ)/((1 + 2 μ) η) (Cohen et al. 2021, "Gradient Descent on Neural
Networks Typically Occurs at the Edge of Stability", appendix B). A rule that divides each parameter's step by a number
of its own has the same line for the curvature of the cost over parameters so stretched, the preconditioned Hessian's;
where it averages the gradient, as Adam, the line is 2 (1 + β)/((1 - β) η), which is 38/η at β = 0.9 (Cohen et al. 2022,
"Adaptive Gradient Methods at the Edge of Stability"). Serves the sharpness that is measured, and the landscapes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.training.update_terms import EPSILON

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Edge:
    """Of one rule: ``curvature(numbers)`` from which on its steps grow, and the same as a ``formula``.

    ``stretch(memory, numbers, step)``, of a rule that divides: by what, (parameters,), after ``step`` steps, from the
    memory that its squared gradients have left; None of a rule that takes every parameter alike.
    """

    formula: str
    curvature: Callable[[Numbers], float]
    stretch: Callable[[np.ndarray, Numbers, int], np.ndarray] | None = None


def _averaged(numbers: Numbers) -> float:
    return 2 * (1 + numbers["beta_1"]) / ((1 - numbers["beta_1"]) * numbers["learning_rate"])


def _ahead(numbers: Numbers) -> float:
    return _averaged(numbers) / (1 + 2 * numbers["beta_1"])


def _root(memory: np.ndarray, numbers: Numbers, step: int) -> np.ndarray:
    return np.sqrt(memory + EPSILON)


def _freed(memory: np.ndarray, numbers: Numbers, step: int) -> np.ndarray:
    """Adam's, with what frees both means from their start at 0."""
    root = (np.sqrt(memory) + EPSILON) / np.sqrt(1 - numbers["beta_2"] ** step)
    return root * (1 - numbers["beta_1"] ** step)


def _largest(memory: np.ndarray, numbers: Numbers, step: int) -> np.ndarray:
    return (memory + EPSILON) * (1 - numbers["beta_1"] ** step)


def _plain(numbers: Numbers) -> float:
    return 2 / numbers["learning_rate"]


EDGES: dict[str, Edge] = {
    "sgd": Edge("2/η", _plain),
    "momentum": Edge("2(1 + μ)/η", lambda numbers: _plain(numbers) * (1 + numbers["momentum"])),
    "nesterov": Edge(
        "2(1 + μ)/((1 + 2μ)η)",
        lambda numbers: _plain(numbers) * (1 + numbers["momentum"]) / (1 + 2 * numbers["momentum"]),
    ),
    "rmsprop": Edge("2/η", _plain, _root),
    "adagrad": Edge("2/η", _plain, _root),
    "adam": Edge("2(1 + β₁)/((1 − β₁)η)", _averaged, _freed),
    "adamw": Edge("2(1 + β₁)/((1 − β₁)η)", _averaged, _freed),
    "adamax": Edge("2(1 + β₁)/((1 − β₁)η)", _averaged, _largest),
    "nadam": Edge("2(1 + β₁)/((1 + 2β₁)(1 − β₁)η)", _ahead, _freed),
}  # Adadelta's and Lion's steps don't grow with the gradient: theirs have no such line


def edge_of(optimizer: str, numbers: Numbers) -> float | None:
    """The curvature from which on steps of this rule grow, of the cost that it sees; None where there is no such."""
    edge = EDGES.get(optimizer)
    return None if edge is None else float(edge.curvature(numbers))


def takes_all_alike(optimizer: str) -> bool:
    """Whether the rule has a line, and that for the cost's own curvature."""
    return optimizer in EDGES and EDGES[optimizer].stretch is None
