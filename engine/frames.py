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

from engine.landscape_picture import LandscapePicture
from engine.painting_picture import PaintingPicture
from engine.regression_picture import RegressionPicture

Picture = LandscapePicture | RegressionPicture | PaintingPicture


def read_only(array: np.ndarray) -> np.ndarray:
    """The same array, as a view that nobody can write through."""
    view = array.view()
    view.setflags(write=False)
    return view


class Role(StrEnum):
    """What a curve of the cost plot stands for, and so how it is drawn."""

    RAW = "raw"  # one value a step: the mini-batch's own cost
    EXACT = "exact"  # the cost over all data, after an epoch
    VALIDATION = "validation"  # the cost over the points that are only measured, after an epoch
    TEST = "test"  # the cost over those that nobody looks at before the end
    RUNNER = "runner"  # one descent among several


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve of the cost plot. ``x`` and ``y`` have shape (n,); x is in the unit of ``Frame.axis``."""

    label: str
    role: Role
    x: np.ndarray
    y: np.ndarray


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
class Study:
    """The answer to something that a person asked about a moment, computed in the background beside the training.

    ``result`` is what the experiment's study of this ``name`` gives; it is None where ``problem`` says in one
    sentence why there is none.
    """

    run: int
    step: int
    name: str
    arguments: Mapping[str, Any]
    result: Any = None
    problem: str = ""


@dataclass(frozen=True, eq=False)
class Frame:
    """What is shown of one moment of a run; it stands on its own, so a dropped one loses nothing.

    ``curves`` hold the whole history up to this moment, ``axis`` says what their x counts ("step" or "epoch").
    ``metrics`` are named as in engine.metrics; ``findings`` say why the run goes as it goes, and are None before
    anything was measured that one could be about.
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
