"""LaneLog: what one run was: its spec, every event by step, and how it ended. RunSpec, seed and events are the run.

Serves the history; the window is told by engine.lanes' frozen messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.knobs import Kind, Knob, differing
from engine.lanes import Lane, Mark, MarkKind
from engine.run.history import RunState
from engine.run.spec import RunSpec
from engine.scenes import heading

ACTIONS = {  # of the experiments, by what they are called there
    "secant": "secant dragged",
    "parameters": "parameters dragged",
    "place": "put at another place of the slice",
    "switch_neuron": "neuron switched",
}


@dataclass(frozen=True, eq=False)
class LaneEvent:
    """What a hand did after ``step`` steps. ``spec`` is in force from there on; ``action`` is one with its payload.

    ``goes_on``: the run left the end that it had found. ``continues``: the same hand is still at the same thing.
    """

    step: int
    kind: MarkKind
    text: str
    spec: RunSpec
    action: tuple[str, Any] | None = None
    goes_on: bool = False
    continues: bool = False


@dataclass(eq=False)
class LaneLog:
    """One lane; ``spec`` is the one that it began with, ``end`` its last state, None while it trains."""

    number: int
    spec: RunSpec
    style: int
    parent: int | None = None
    fork: int = 0
    name: str = ""
    is_named: bool = False  # by a person
    events: list[LaneEvent] = field(default_factory=list)
    end: RunState | None = None
    last_step: int = 0
    seconds: float = 0.0
    epoch_steps: int = 1
    is_shown: bool = True
    state: str = ""
    cost: float = float("nan")
    best: float = float("nan")
    diverged_at: int | None = None
    spikes: list[int] = field(default_factory=list)  # steps at which the cost had risen to a multiple

    def spec_at(self, step: int) -> RunSpec:
        """The one in force after so many steps."""
        specs = [event.spec for event in self.events if event.step <= step]
        return specs[-1] if specs else self.spec

    def due(self, count: int, step: int) -> Sequence[LaneEvent]:
        """The events after the first ``count``, up to a step."""
        return [event for event in self.events[count:] if event.step <= step]

    def marks(self) -> tuple[Mark, ...]:
        """A tick for each thing that was done; a slider's way is one, from where it was to where it came."""
        found: list[Mark] = []
        before = self.spec
        for number, event in enumerate(self.events):
            if event.goes_on:
                continue
            if event.continues and found and self.events[number - 1].kind is event.kind is MarkKind.KNOB:
                found[-1] = Mark(found[-1].step, event.kind, changes(before, event.spec) or event.text)
                continue
            before = self.events[number - 1].spec if number else self.spec
            found.append(Mark(event.step, event.kind, event.text))
        found.extend(Mark(step, MarkKind.SPIKE, "the cost rose to a multiple") for step in self.spikes)
        if self.diverged_at is not None:
            found.append(Mark(self.diverged_at, MarkKind.DIVERGED, "diverged"))
        return tuple(found)

    def lane(self, is_active: bool) -> Lane:
        """What a person sees of it."""
        return Lane(
            number=self.number,
            name=self.name,
            title=heading(self.spec),
            style=self.style,
            parent=self.parent,
            fork=self.fork,
            end=self.last_step,
            epoch_steps=self.epoch_steps,
            marks=self.marks(),
            state=self.state,
            cost=self.cost,
            best=self.best,
            seconds=self.seconds,
            is_shown=self.is_shown,
            is_active=is_active,
        )


def steering(before: RunSpec, after: RunSpec) -> tuple[Knob, ...]:
    """The knobs that differ and change where a run goes."""
    if type(before.settings) is not type(after.settings):
        return ()
    return tuple(knob for knob in differing(before.settings, after.settings) if knob.steers)


def changes(before: RunSpec, after: RunSpec) -> str:
    """What differs, and only that: "learning rate 0.01 → 0.002, momentum 0 → 0.9"."""
    return ", ".join(
        _label(knob) if knob.kind in (Kind.NUMBERS, Kind.FILE, Kind.TEXT) else
        f"{_label(knob)} {_value(knob, before)} → {_value(knob, after)}"
        for knob in steering(before, after)
    )  # fmt: skip


def differences(home: RunSpec, spec: RunSpec) -> str:
    """What is otherwise than in the scene: "learning rate 0.002, momentum 0.9"."""
    return ", ".join(
        _label(knob) if knob.kind in (Kind.NUMBERS, Kind.FILE, Kind.TEXT) else f"{_label(knob)} {_value(knob, spec)}"
        for knob in steering(home, spec)
    )


def _label(knob: Knob) -> str:
    label = knob.label
    return label if label[:2].isupper() or len(label) == 1 else label[0].lower() + label[1:]


def _value(knob: Knob, spec: RunSpec) -> str:
    value = getattr(spec.settings, knob.name)
    match value:
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:.4g}"
        case tuple():
            return ", ".join(str(knob.choices.get(item, item)) for item in value) or "none"
    return str(knob.choices.get(value, value))
