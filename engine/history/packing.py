"""Packing: runs' exact states as plain JSON and arrays, and back. Serves the recordings.

Nothing is ever executed: what may be made of a file is on a list of classes, and arrays hold numbers only.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import numpy as np

from engine.analysis.cost_surface import CostSurface
from engine.analysis.curvature import Curvature
from engine.analysis.diagnosis import Divergence
from engine.analysis.inside import LayerState
from engine.analysis.terrain import Terrain
from engine.analysis.trajectory import ParameterTrajectory
from engine.experiments import EXPERIMENTS
from engine.frames import Finding, Severity
from engine.knobs import Kind, KnobError, changed, knobs_of
from engine.landscape.descent import DescentState
from engine.landscape.experiment import LandscapeState
from engine.painting.neurons import OffNeurons
from engine.run.history import RunState
from engine.run.recording import SeriesState
from engine.run.spec import RunSpec
from engine.run.states import State
from engine.training.schedules import PlateauState
from engine.training.training import TrainingState

CLASSES = {
    kind.__name__: kind
    for kind in (
        CostSurface, Curvature, DescentState, Divergence, Finding, LandscapeState, LayerState, OffNeurons,
        ParameterTrajectory, PlateauState, RunState, Terrain, TrainingState,
    )
}  # fmt: skip
ENUMS = {kind.__name__: kind for kind in (Severity, State)}
NUMBERS = "biuf"  # kinds of arrays
DEEPEST = 40  # levels of a packed value
LONGEST = 120  # letters of a reason
LARGEST = 2**53  # of a whole number that every JSON reader keeps


class PackingError(ValueError):
    """What was packed is not what it should be; the message says what."""


class Packer:
    """Takes values one after the other; ``arrays`` are theirs, each once, whatever shares it."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}  # an array's number by identity
        self._kept: list[Any] = []  # alive, so that an identity stays one
        self._series: dict[int, tuple[Any, int, int]] = {}  # rows by identity: they, their most, their number
        self._arrays: list[np.ndarray] = []

    def pack(self, value: Any) -> Any:
        """As JSON takes it.

        Raises:
            PackingError: a value of a kind that isn't known here.
        """
        match value:
            case None | bool() | str() if not isinstance(value, Enum):
                return value
            case Enum():
                return {"e": [type(value).__name__, value.value]}
            case int():
                return value if abs(value) < LARGEST else {"i": str(value)}
            case float():
                return value if np.isfinite(value) else {"f": repr(value)}
            case np.generic():
                return {"n": self._array(np.asarray(value))}
            case np.ndarray():
                return {"a": self._array(value)}
            case Future():
                return {"o": self.pack(value.result())}
            case tuple():
                return {"t": [self.pack(item) for item in value]}
            case list():
                return [self.pack(item) for item in value]
            case frozenset():
                return {"s": [self.pack(item) for item in sorted(value)]}
            case dict():
                return {"d": [[self.pack(key), self.pack(item)] for key, item in value.items()]}
            case SeriesState():
                return {"r": [self._rows(value), value.size, value.stride, value.skip]}
            case RunSpec():
                return {"x": packed_spec(value)}
        if type(value) in SETTINGS:
            return {"k": [SETTINGS[type(value)], msgspec.to_builtins(value)]}
        if type(value).__name__ in CLASSES and dataclasses.is_dataclass(value):
            fields = {field.name: self.pack(getattr(value, field.name)) for field in dataclasses.fields(value)}
            return {"c": [type(value).__name__, fields]}
        raise PackingError(f"A {type(value).__name__} can't be kept.")

    def arrays(self) -> list[np.ndarray]:
        """All arrays by their numbers; the series' rows last, as long as the longest state of them."""
        found = list(self._arrays)
        for rows, most, number in self._series.values():
            found[number], found[number + 1] = rows.x[:most], rows.y[:most]
        return found

    def _array(self, value: np.ndarray) -> int:
        if value.dtype.kind not in NUMBERS:
            raise PackingError(f"An array of {value.dtype} can't be kept.")
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._arrays)
            self._arrays.append(value)
            self._kept.append(value)
        return self._numbers[id(value)]

    def _rows(self, state: SeriesState) -> int:
        rows, most, number = self._series.get(id(state.rows), (state.rows, 0, len(self._arrays)))
        if number == len(self._arrays):
            self._arrays += [rows.x[:0], rows.y[:0]]
        self._series[id(rows)] = rows, max(most, state.size), number
        return number


class Unpacker:
    """Makes values of what a Packer gave; whatever is not as it should be raises PackingError."""

    def __init__(self, arrays: Sequence[np.ndarray], paths: Mapping[str, str] | None = None) -> None:
        self._arrays, self._paths = arrays, paths or {}
        self._series: dict[int, SeriesState] = {}

    def unpack(self, value: Any, depth: int = 0) -> Any:
        """The value again."""
        if depth > DEEPEST:
            raise PackingError("it is nested too deeply")
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, list):
            return [self.unpack(item, depth + 1) for item in value]
        if not isinstance(value, dict) or len(value) != 1:
            raise PackingError("a value is of no known kind")
        ((kind, held),) = value.items()
        try:
            return self._made(kind, held, depth + 1)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
            if isinstance(error, PackingError):
                raise
            raise PackingError(f"a value is not as it should be ({type(error).__name__})") from None

    def _made(self, kind: str, held: Any, depth: int) -> Any:
        match kind:
            case "e":
                return ENUMS[held[0]](held[1])
            case "i":
                return int(_text(held, 60))
            case "f":
                return float(_text(held, 10))
            case "n":
                return self._array(held)[()]
            case "a":
                return self._array(held)
            case "o":
                done: Future[Any] = Future()
                done.set_result(self.unpack(held, depth))
                return done
            case "t":
                return tuple(self.unpack(item, depth) for item in held)
            case "s":
                return frozenset(self.unpack(item, depth) for item in held)
            case "d":
                return {self.unpack(key, depth): self.unpack(item, depth) for key, item in held}
            case "r":
                return self._state_of_series(*held)
            case "x":
                return unpacked_spec(held, self._paths)
            case "k":
                return unpacked_settings(*held, self._paths)
            case "c":
                name, fields = held
                made = CLASSES[name]
                if set(fields) != {field.name for field in dataclasses.fields(made)}:
                    raise PackingError(f"a {name} has other parts than it should have")
                return checked(made(**{field: self.unpack(item, depth) for field, item in fields.items()}))
        raise PackingError("a value is of no known kind")

    def _array(self, number: int) -> np.ndarray:
        if not isinstance(number, int) or not 0 <= number < len(self._arrays):
            raise PackingError("an array is missing")
        return self._arrays[number]

    def _state_of_series(self, number: int, size: int, stride: int, skip: int) -> SeriesState:
        if number not in self._series:
            x, y = self._array(number), self._array(number + 1)
            if x.ndim != 1 or y.ndim != 2 or len(x) != len(y) or x.dtype != np.float64 or y.dtype != np.float64:
                raise PackingError("a series is not as it should be")
            self._series[number] = SeriesState.of(x, y, 1, 0)
        rows = self._series[number].rows
        if not (0 <= size <= rows.used and stride >= 1 and 0 <= skip <= stride):
            raise PackingError("a series is not as it should be")
        return SeriesState(rows, size, stride, skip)


def packed_spec(spec: RunSpec) -> dict[str, Any]:
    """A RunSpec as JSON takes it."""
    return {
        "scene": spec.scene,
        "experiment": spec.experiment,
        "title": spec.title,
        "about": spec.about,
        "settings": msgspec.to_builtins(spec.settings),
    }


def unpacked_spec(value: Mapping[str, Any], paths: Mapping[str, str]) -> RunSpec:
    """The RunSpec again, its knobs checked like a scene file's.

    Raises:
        PackingError: it is none.
    """
    try:
        texts = {name: _text(value[name], 10_000) for name in ("scene", "experiment", "title", "about")}
        return RunSpec(**texts, settings=unpacked_settings(texts["experiment"], value["settings"], paths))
    except (KeyError, TypeError) as error:
        raise PackingError(f"a run's settings are not as they should be ({type(error).__name__})") from None


def unpacked_settings(experiment: str, values: Mapping[str, Any], paths: Mapping[str, str]) -> Any:
    """Settings of this experiment; ``paths``: those by which files are read here, for those they were known by.

    Raises:
        PackingError: an unknown experiment or knob, or a value that its knob doesn't take.
    """
    if experiment not in EXPERIMENTS or not isinstance(values, Mapping):
        raise PackingError("it is of an experiment that isn't known here")
    try:
        home = EXPERIMENTS[experiment].settings()
        named = [knob.name for knob in knobs_of(type(home)) if knob.kind is Kind.FILE]
        read_by = {name: paths[values[name]] for name in named if values.get(name) in paths}
        settings = changed(home, {**values, **read_by})
        settings.check()
    except KnobError as error:
        reason = str(error).splitlines()[0]
        reason = reason if len(reason) <= LONGEST else f"{reason[:LONGEST]} …"
        raise PackingError(f"a run's settings don't hold: {reason.rstrip('.')}") from None
    return settings


def checked(made: Any) -> Any:
    """What was made, where each of its fields is of the kind that its class says.

    Raises:
        PackingError: one is not.
    """
    hints = _hints(type(made))
    if not all(_is_of(getattr(made, name), hint) for name, hint in hints.items()):
        raise PackingError(f"a {type(made).__name__} has other parts than it should have")
    return made


@cache
def _hints(kind: type) -> dict[str, Any]:
    return {field.name: get_type_hints(kind)[field.name] for field in dataclasses.fields(kind)}


def _is_of(value: Any, hint: Any) -> bool:
    kind, parts = get_origin(hint) or hint, get_args(hint)
    if kind is Any:
        return True
    if kind in (Union, UnionType):
        return any(_is_of(value, part) for part in parts)
    if kind is float:
        return isinstance(value, float | int | np.floating)
    if kind is int:
        return isinstance(value, int | np.integer)
    if not isinstance(value, type(None) if kind is None else kind):
        return False
    if kind is tuple and parts:
        each = itertools.repeat(parts[0]) if parts[-1] is ... else parts
        return (parts[-1] is ... or len(value) == len(parts)) and all(map(_is_of, value, each))
    return True


def state_sha256(state: RunState) -> str:
    """What the next step depends on, parameters and optimizer's memory, as SHA-256 of their bytes (hexadecimal)."""
    digest = hashlib.sha256()
    for part in _learnt(state.experiment):
        packer = Packer()
        digest.update(json.dumps(packer.pack(part), sort_keys=True).encode())
        for array in packer.arrays():
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _learnt(value: Any) -> list[Any]:
    if isinstance(value, TrainingState | DescentState | OffNeurons):
        return [value]
    if isinstance(value, tuple | list):
        return [part for item in value for part in _learnt(item)]
    if isinstance(value, LandscapeState):
        return [part for field in dataclasses.fields(value) for part in _learnt(getattr(value, field.name))]
    return []


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise PackingError("a text is not as it should be")
    return value


SETTINGS = {entry.settings: name for name, entry in EXPERIMENTS.items()}
