"""What a single cell is: a number, a moment, a gap or words; and which mark a table writes its decimals with.

Serves the table reader, which looks at a few hundred rows so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from engine import numbers
from engine.tables.table import LONGEST_CELL

GAPS = (
    "na", "n/a", "#n/a", "#na", "nan", "-nan", "null", "none", "nil", "missing", "inf", "-inf", "#value!", "#div/0!",
    "-", "--", "---", "–", "—", "*", "**", "***", "****", "?", "??", ".", "..", "...", "nd", "n.d.", "<na>",
)  # fmt: skip
UNITS = {
    "s", "ms", "us", "µs", "μs", "ns", "min", "h", "d", "a", "yr", "year", "years", "day", "days", "hour", "hours",
    "sec", "seconds", "m", "cm", "mm", "µm", "μm", "um", "nm", "km", "dm", "in", "ft", "mi", "g", "kg", "mg", "µg",
    "t", "lb", "n", "kn", "mn", "pa", "kpa", "hpa", "mpa", "bar", "mbar", "psi", "atm", "v", "mv", "µv", "kv", "volt",
    "volts", "ma", "µa", "ampere", "w", "mw", "kw", "j", "kj", "mj", "ev", "kev", "mev", "cal", "hz", "khz", "mhz",
    "ghz", "°c", "°f", "c", "f", "k", "degc", "degf", "kelvin", "celsius", "%", "‰", "ppm", "ppb", "mol", "mmol", "l",
    "ml", "µl", "rad", "deg", "°", "m/s", "m/s^2", "m/s2", "m/s²", "km/h", "mph", "rpm", "ω", "ohm", "kohm", "kω",
    "mt", "db", "dbm", "counts", "count", "a.u.", "au", "arb.", "usd", "eur", "€", "$", "m^2", "m²", "m^3", "m³",
    "cm²", "cm³", "kg/m³", "w/m²", "mm/h",
}  # fmt: skip
_CURRENCIES = "$€£¥"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
_MOMENTS = tuple(
    re.compile(shape)
    for shape in (
        rf"\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:(?:T| {{1,3}}){_CLOCK} ?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?",
        rf"\d{{1,2}}([./-])\d{{1,2}}\1(?:\d{{4}}|\d{{2}})(?:,? {{1,3}}{_CLOCK}(?: ?[AaPp][Mm])?)?",
        rf"\d{{1,2}}[- .]{{1,2}}[A-Za-z]{{3,9}}[- .,]{{1,2}}\d{{4}}(?: {_CLOCK})?",
        rf"[A-Za-z]{{3,9}}[ .]{{1,2}}\d{{1,2}}, ?\d{{4}}(?: {_CLOCK})?",
        r"\d{4}-\d{2}",
        r"\d{1,3}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?",
    )
)
_LONGEST_MOMENT = 40
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_POINTS = re.compile(
    rf"[+-]?(?:\d{{4,}}\.\d*|0?\.\d+|\d{{1,3}}\.(?:\d{{1,2}}|\d{{4,}})?|0\.\d{{3}}|\d{{1,3}}(?:,\d{{3}})+\.\d*){_EXPONENT}"
)
_COMMAS = re.compile(
    rf"[+-]?(?:\d{{4,}},\d+|0?,\d+|\d{{1,3}},(?:\d\d?|\d{{4,}})|0,\d{{3}}|\d{{1,3}}(?:[.' ]\d{{3}})+,\d+){_EXPONENT}"
)
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_MINUS = str.maketrans("−–\u00a0\u202f", "--  ")


class Cell(Enum):
    """The kinds of cells that a table's layout is told by."""

    EMPTY = 0
    GAP = 1
    NUMBER = 2
    MOMENT = 3
    WORDS = 4


def kind_of(text: str, blanks_part: bool = True) -> Cell:
    """``blanks_part``: whether a plain blank in it can only be one between two cells, and so is no thousands mark."""
    text = text.strip()
    if not text:
        return Cell.EMPTY
    if text.lower() in GAPS:
        return Cell.GAP
    if len(text) > LONGEST_CELL:
        return Cell.WORDS
    text, _ = without_unit(text)
    if text[0] in "0123456789+-−–.,' ０１２３４５６７８９" and not (blanks_part and " " in text):
        try:
            numbers.parse(text, ".")
            return Cell.NUMBER
        except numbers.NumberError:
            pass
    return Cell.MOMENT if is_moment(text) else Cell.WORDS


def without_unit(text: str) -> tuple[str, str]:
    """A number's text without the unit or currency that stands beside it, and that; most texts are as they were."""
    if text[0] in _CURRENCIES and text[1:].strip():
        return text[1:].strip(), text[0]
    if text[-1].isdigit() or text[0] not in "0123456789+-−–.,":
        return text, ""
    end = max((place for place, sign in enumerate(text[:LONGEST_CELL]) if sign.isdigit()), default=-1) + 1
    unit = text[end:].lstrip(".").strip()
    return (text[:end], unit) if end and unit.lower() in UNITS else (text, "")


def is_moment(text: str) -> bool:
    """Whether a text looks like a date, a time stamp or a time of day."""
    return len(text) <= _LONGEST_MOMENT and any(shape.fullmatch(text) for shape in _MOMENTS)


def is_time_of_day(text: str) -> bool:
    """Whether a text is a time without its date, such as 12:30."""
    return len(text) <= _LONGEST_MOMENT and bool(_MOMENTS[-1].fullmatch(text))


def decimal_mark(cells: Iterable[str], separator: str) -> tuple[str, str]:
    """The mark that decimals are written with, and one of the cells that can be read in two ways, if all hangs on it.

    Cells such as 1,5 or 1.000,5 are evidence; 1,500 isn't. Where there is none, a semicolon between the columns speaks
    for the decimal comma, and so do three digits behind the comma of every cell.
    """
    points = commas = either = whole = 0
    example = ""
    for cell in cells:
        plain = cell.translate(_MINUS).strip()[:LONGEST_CELL]
        if _EITHER.fullmatch(plain):
            either += 1
            example = example or plain
        elif "," in plain and _COMMAS.fullmatch(plain):
            commas += 1
        elif "." in plain and _POINTS.fullmatch(plain):
            points += 1
        elif plain.isdigit():
            whole += 1
    if commas or points:
        return ("," if commas > points else "."), ""
    if not either:
        return ".", ""
    is_decimal = separator == ";" or (separator != "," and not whole)
    return ("," if is_decimal else "."), example
