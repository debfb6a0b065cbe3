"""Lanes: the runs of a sitting as a person sees them, each a line that may leave another one at a step.

Frozen, like every message from the engine's thread to the window's. Station of the loop: the frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.frames import Frame

MOST_BESIDE = 12  # runs that a picture shows beside the one in front; the oldest are left out
GHOST = -1  # the number of the lane that a knob moved in the past would bring, while the hand is on it


class MarkKind(StrEnum):
    """What happened at a step, and so how the timeline's tick is drawn."""

    KNOB = "knob"  # a live knob moved
    ACTION = "action"  # a hand in the training: a ball dragged, a neuron switched off, a point drawn
    GROWTH = "growth"  # the network was built anew and went on from what it had learnt
    DIVERGED = "diverged"
    SPIKE = "spike"  # the cost rose to a multiple of what it had been


@dataclass(frozen=True)
class Mark:
    """A tick of the timeline. ``text`` names what happened: "learning rate 0.01 → 0.002"."""

    step: int
    kind: MarkKind
    text: str


@dataclass(frozen=True)
class Lane:
    """One run of this sitting, or a branch of one.

    ``number`` is its identity; ``style`` the number of the colour and dash that it keeps in every view; ``parent`` the
    lane that it leaves after step ``fork``, None for one that was begun from its seed. ``name`` says what differs, and
    only that, or what a person called it; ``title`` is its scene's. ``end`` is the last step that it has reached,
    ``seconds`` what it has taken to train. ``is_shown``: drawn with the others; ``is_active``: the one that trains.
    """

    number: int
    name: str
    title: str
    style: int = 0
    parent: int | None = None
    fork: int = 0
    end: int = 0
    epoch_steps: int = 1
    marks: tuple[Mark, ...] = ()
    state: str = ""
    cost: float = float("nan")
    best: float = float("nan")
    seconds: float = 0.0
    is_shown: bool = True
    is_active: bool = False


@dataclass(frozen=True, eq=False)
class Overlay:
    """A lane that is drawn beside the one in front: its moment at the step that is shown, or at its end before."""

    lane: Lane
    frame: Frame
