"""Frame and the other frozen messages: what is shown of one moment of a run.

Everything here crosses from the engine's thread to the window's, so it is frozen and its arrays are read-only.
Station of the loop: the frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Picture:
    """What an experiment shows of a moment; each experiment has its own kind, with read-only arrays."""


def read_only(array: np.ndarray) -> np.ndarray:
    """The same array, as a view that nobody can write through."""
    view = array.view()
    view.setflags(write=False)
    return view


class Role(StrEnum):
    """What a curve stands for, and so in which plot it is drawn, and how."""

    RAW = "raw"  # one value a step: the mini-batch's own cost
    EXACT = "exact"  # the cost over all data, after an epoch
    VALIDATION = "validation"  # the cost over the points that are only measured, after an epoch
    TEST = "test"  # the cost over those that nobody looks at before the end
    DESCENT = "descent"  # one descent among several
    SHARPNESS = "sharpness"  # no cost: its largest curvature, in a plot of its own
    EDGE = "edge"  # the curvature from which on steps grow, in the same plot


OF_THE_COST = frozenset(Role) - {Role.SHARPNESS, Role.EDGE}


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve over the run. ``x`` and ``y`` have shape (n,); x is in the unit of ``Frame.axis``.

    ``sign`` is the number of a descent's colour; None where that is its place among the curves.
    """

    label: str
    role: Role
    x: np.ndarray
    y: np.ndarray
    sign: int | None = None


class Severity(StrEnum):
    """How much a finding matters to the person who watches."""

    INFO = "info"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One measured reason why the run goes as it goes: a few words, and one plain sentence with its number."""

    title: str
    sentence: str
    severity: Severity = Severity.INFO


@dataclass(frozen=True, eq=False)
class Analysis:
    """The answer to something that a person asked about a moment, computed in the background beside the training.

    ``result`` is what the experiment's analysis of this ``name`` gives; it is None where ``problem`` says in one
    sentence why there is none.
    """

    run: int
    step: int
    name: str
    arguments: Mapping[str, Any]
    result: Any = None
    problem: str = ""
    generation: int = 0  # how often the run had been started over when it was asked


@dataclass(frozen=True, eq=False)
class Frame:
    """What is shown of one moment of a run; it stands on its own, so a dropped one loses nothing.

    ``curves`` hold the whole history up to this moment, ``axis`` says what their x counts ("step" or "epoch").
    ``metrics`` are named as in the experiment's entry; ``findings`` say why the run goes as it goes, None before
    anything was measured that one could be about. ``view`` is the one that the picture was measured for.
    """

    run: int
    experiment: str
    step: int
    epoch: int
    cost: float
    metrics: Mapping[str, float]
    axis: str
    curves: tuple[Curve, ...]
    picture: Picture
    parameters: int
    steps_per_second: float
    findings: tuple[Finding, ...] | None = None
    view: str = ""
    generation: int = 0  # how often the run had been started over
    lane: int = 0  # the number of the lane that it is a moment of
