"""How a setting is declared once.

A setting is one annotated field of a msgspec struct. That line gives the widget, its range and scale, the
tooltip, the command-line flag, the check on a loaded file and the help text. Station of the loop: the knob.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from engine import files, numbers

MOST_OF_A_NAME = 40  # characters of what was asked for, in a sentence


class Kind(StrEnum):
    """What a knob holds, and so which control shows it."""

    NUMBER = "number"
    WHOLE = "whole"
    CHOICE = "choice"
    SWITCH = "switch"
    NUMBERS = "numbers"
    CHOICES = "choices"
    TEXT = "text"
    FILE = "file"


LOOKS = ("View", "Display", "Transport")  # groups of knobs for who watches
FOLDER = "folder"  # what ``files`` says where a folder is chosen, not a file


class KnobError(ValueError):
    """A value that a knob does not take; the message names the knob and says what would be right."""


@dataclass(frozen=True)
class Declaration:
    """What a settings field says about itself, carried in its ``Annotated`` metadata.

    ``restarts``: a live knob that starts the run over, without a new graph. ``check`` raises ValueError with one
    sentence for a text that is not taken. ``offered``: which options mean something with these settings; all where
    it is None. ``files`` are a file dialog's patterns, as in ``Pictures (*.png *.jpg)``; ``hint`` is what an empty
    text field says. ``track`` is what a slider spans, if not all that can be typed. ``remark``: what has to be said
    beside the value with these settings, if anything. ``only_watches``: it is for who watches, in whatever group.
    """

    kind: Kind
    label: str
    help: str
    low: float = -math.inf
    high: float = math.inf
    logarithmic: bool = False
    live: bool = False
    group: str = "Training"
    unit: str = ""
    options: Callable[[], Mapping[str, str]] | None = None
    shown: Callable[[Any], bool] | None = None
    restarts: bool = False
    check: Callable[[str], None] | None = None
    offered: Callable[[Any], Collection[str]] | None = None
    files: str = ""
    hint: str = ""
    track: tuple[float, float] | None = None
    remark: Callable[[Any], str] | None = None
    only_watches: bool = False


@dataclass(frozen=True)
class Knob:
    """One setting with its name and default.

    A *live* knob takes effect on the next step; the others are structural and need a new graph.
    """

    name: str
    default: Any
    declaration: Declaration

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self.declaration, attribute)

    @property
    def choices(self) -> Mapping[str, str]:
        """Option name -> label; empty for knobs that are not a choice."""
        return self.declaration.options() if self.declaration.options else {}

    def is_shown(self, settings: Any) -> bool:
        """Whether the knob means anything with these settings (width means nothing to a straight line)."""
        return self.declaration.shown is None or self.declaration.shown(settings)

    def offered_choices(self, settings: Any) -> Mapping[str, str]:
        """Those of the choices that mean something with these settings."""
        if self.declaration.offered is None:
            return self.choices
        names = self.declaration.offered(settings)
        return {name: label for name, label in self.choices.items() if name in names}

    @property
    def steers(self) -> bool:
        """Whether it changes where the run goes, and not only what is seen of it, or how fast."""
        return self.declaration.group not in LOOKS and not self.declaration.only_watches

    def offered_value(self, settings: Any) -> str:
        """The choice that is in effect: what the settings say, or the first one where that means nothing with them."""
        offered, value = self.offered_choices(settings), getattr(settings, self.name)
        return value if value in offered else next(iter(offered), value)

    def remark_for(self, settings: Any) -> str:
        """What has to be said beside the value with these settings; "" where it speaks for itself."""
        return "" if self.declaration.remark is None else self.declaration.remark(settings)

    def range_text(self) -> str:
        """The allowed values, in words: ``1e-12 to 1000`` or ``sgd, adam, ...``."""
        if self.kind is Kind.TEXT:
            return "a text"
        if self.kind is Kind.FILE:
            return "a file's name"
        if self.kind in (Kind.CHOICE, Kind.CHOICES):
            return ", ".join(self.choices)
        if self.kind is Kind.SWITCH:
            return "on or off"
        low, high = self.declaration.low, self.declaration.high
        if math.isinf(low) and math.isinf(high):
            return "any number"
        if math.isinf(high):
            return f"{_text(low)} or more"
        return f"{_text(low)} to {_text(high)}"

    def bounds_text(self) -> str:
        """The allowed values as they follow "must be": ``between 1e-12 and 1000``."""
        low, high = self.declaration.low, self.declaration.high
        if math.isinf(low) or math.isinf(high):
            return self.range_text()
        return f"between {_text(low)} and {_text(high)}"

    def parse(self, value: Any) -> Any:
        """The value as the setting's own type, from text, a file or a widget.

        Raises:
            KnobError: one sentence that names the knob and says what would be right.
        """
        return _PARSERS[self.kind](self, value)


def shown(value: Any) -> str:
    """A refused value as a sentence quotes it: what was typed, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:56]}…{text[-1]}"


def _text(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:g}"


def _number(knob: Knob, value: Any) -> float:
    try:
        if isinstance(value, bool):
            raise TypeError
        number = _typed(knob, value) if isinstance(value, str) else float(value)
    except numbers.TwoReadingsError as error:
        raise KnobError(f"{knob.name}: {error}") from None
    except (TypeError, ValueError, OverflowError):
        raise KnobError(f"{knob.name} must be a number ({knob.range_text()}), not {shown(value)}.") from None
    if not math.isfinite(number) or not knob.low <= number <= knob.high:
        raise KnobError(f"{knob.name} must be {knob.bounds_text()}, not {value}.")
    return number


def _typed(knob: Knob, text: str) -> float:
    if text.strip().lower().lstrip("+-−") in ("nan", "inf", "infinity", "∞"):
        return math.nan  # which is in no range
    return numbers.parse(text.strip().removesuffix(knob.unit) if knob.unit else text)


def _whole(knob: Knob, value: Any) -> int:
    number = _number(knob, value)
    if isinstance(value, str) and number.is_integer() and numbers.is_thousand_or_decimal(value):
        plain = value.strip()
        raise KnobError(
            f"{knob.name}: “{plain}” can be read in two ways: write {number:g} or {plain.replace('.', '')}."
        )
    if number != int(number):
        raise KnobError(f"{knob.name} must be a whole number ({knob.range_text()}), not {value}.")
    return int(number)


def _choice(knob: Knob, value: Any) -> str:
    name = str(value) if isinstance(value, str | int) else ""  # a file may say 255 where the choice is "255"
    if name not in knob.choices:
        raise KnobError(f"{knob.name} must be one of {knob.range_text()}, not {quoted(value)}.")
    return name


def _switch(knob: Knob, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}
    try:
        return words[str(value).strip().lower()]
    except KeyError:
        raise KnobError(f"{knob.name} must be on or off, not {quoted(value)}.") from None


def _items(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in value.replace(";", ",").split(",") if part.strip()]
    if isinstance(value, list | tuple):
        return list(value)
    return [value]


def _numbers(knob: Knob, value: Any) -> tuple[float, ...]:
    if isinstance(value, str):
        try:
            value = numbers.parse_several(value)
        except numbers.TwoReadingsError as error:
            raise KnobError(f"{knob.name}: {error}") from None
        except numbers.NumberError:
            value = _items(value)  # of which one is refused below, by its own name
    return tuple(_number(knob, item) for item in _items(value))


def _choices(knob: Knob, value: Any) -> tuple[str, ...]:
    return tuple(_choice(knob, item) for item in _items(value))


def _text_value(knob: Knob, value: Any) -> str:
    if not isinstance(value, str):
        raise KnobError(f"{knob.name} must be {knob.range_text()}, not {quoted(value)}.")
    text = value.strip()
    if knob.declaration.check is not None:
        try:
            knob.declaration.check(text)
        except ValueError as error:
            raise KnobError(f"{knob.name}: {error}") from None
    return text


def _file_value(knob: Knob, value: Any) -> str:
    return files.named(_text_value(knob, value))


_PARSERS: dict[Kind, Callable[[Knob, Any], Any]] = {
    Kind.NUMBER: _number,
    Kind.WHOLE: _whole,
    Kind.CHOICE: _choice,
    Kind.SWITCH: _switch,
    Kind.NUMBERS: _numbers,
    Kind.CHOICES: _choices,
    Kind.TEXT: _text_value,
    Kind.FILE: _file_value,
}


def declared(kind: Kind, label: str, help: str, **details: Any) -> msgspec.Meta:
    """Metadata for one settings field: ``rate: Annotated[float, declared(Kind.NUMBER, ...)] = 0.1``."""
    return msgspec.Meta(title=label, description=help, extra={"knob": Declaration(kind, label, help, **details)})


@cache
def knobs_of(settings_type: type[msgspec.Struct]) -> tuple[Knob, ...]:
    """Every declared knob of a settings struct, in the order of its fields."""
    hints = get_type_hints(settings_type, include_extras=True)
    knobs = []
    for field in msgspec.structs.fields(settings_type):
        hint = hints[field.name]
        if get_origin(hint) is Annotated:
            meta = next(item for item in get_args(hint)[1:] if isinstance(item, msgspec.Meta))
            knobs.append(Knob(field.name, field.default, meta.extra["knob"]))
    return tuple(knobs)


def changed(settings: Any, values: Mapping[str, Any]) -> Any:
    """A copy of ``settings`` with these knobs set.

    Raises:
        KnobError: an unknown knob or a value it doesn't take.
    """
    knobs = {knob.name: knob for knob in knobs_of(type(settings))}
    parsed = {}
    for name, value in values.items():
        if name not in knobs:
            raise KnobError(_no_knob(name, list(knobs)))
        parsed[name] = knobs[name].parse(value)
    return msgspec.structs.replace(settings, **parsed)


def _no_knob(name: str, known: list[str]) -> str:
    within = [other for other in known if name and name in other]
    near = (within or get_close_matches(name, known, n=3, cutoff=0.6))[:3]
    if near:
        return f"There is no knob {shortened(name)!r} here; there is {' or '.join(near)}."
    return f"There is no knob {shortened(name)!r} here; the command knobs lists them, and so do the panels."


def quoted(value: Any) -> str:
    """What was given in place of a value, in a sentence."""
    return shortened(repr(value))


def shortened(name: str) -> str:
    """A name that somebody gave, no longer than a sentence bears."""
    return f"{name[:MOST_OF_A_NAME]}…" if len(name) > MOST_OF_A_NAME else name


def differing(old: Any, new: Any) -> tuple[Knob, ...]:
    """The knobs whose values differ between two settings of the same type."""
    return tuple(knob for knob in knobs_of(type(new)) if getattr(old, knob.name) != getattr(new, knob.name))
