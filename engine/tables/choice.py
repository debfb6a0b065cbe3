"""Which two columns of a table are x and y: those that are asked for, or the first two that hold numbers.

A column that only counts the rows is left out where there are others. Serves the table reader.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Sequence

from engine.tables.table import TableError

COUNTING = {"", "#", "rownames", "row_names", "row.names", "row", "rows", "index", "idx", "id", "no", "no.", "nr",
            "nr.", "lfd. nr.", "unnamed: 0", "rowid", "obs", "case"}  # fmt: skip
MOST_LISTED = 20


def labels(names: Sequence[str]) -> tuple[str, ...]:
    """How each column is called when it is chosen: by its name, or by its number where it has none of its own."""
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        label = name or f"column {number}"
        found.append(label if label not in found else f"{label} ({number})")
    return tuple(found)


def may_count(name: str, has_heading: bool) -> bool:
    """Whether a column of this name may be one that only counts the rows."""
    return name.strip().lower() in COUNTING if has_heading else True


def asked_for(columns: str, known: Sequence[str], file: str) -> tuple[int, int]:
    """The two columns of a text such as ``speed,dist`` or ``2,3``.

    Raises:
        TableError: not two, or one that isn't there.
    """
    for parts in _readings(columns):
        if len(parts) == 2:
            places = [_place(part, known) for part in parts]
            if None not in places:
                return places[0], places[1]
    parts = next((parts for parts in _readings(columns) if len(parts) == 2), None)
    if parts is None:
        raise TableError(f"columns takes two names, x and y, such as {known[0]},{known[-1]}; not {columns!r}.")
    strange = next(part for part in parts if _place(part, known) is None)
    near = difflib.get_close_matches(strange, known, 1)
    listed = ", ".join(known[:MOST_LISTED]) + (", ..." if len(known) > MOST_LISTED else "")
    meant = f" did you mean {near[0]}?" if near else f" there are {listed}."
    raise TableError(f"{file} has no column {strange!r};{meant}")


def _readings(columns: str) -> list[list[str]]:
    """The ways to part the text in two: at a semicolon, as quoted, and at every comma, since names have some too."""
    ways = []
    if ";" in columns:
        ways.append([part.strip() for part in columns.split(";")])
    ways.append([part.strip() for part in next(csv.reader([columns], skipinitialspace=True), [])])
    places = [number for number, sign in enumerate(columns) if sign == ","]
    return ways + [[columns[:place].strip(), columns[place + 1 :].strip()] for place in places]


def _place(part: str, known: Sequence[str]) -> int | None:
    if part in known:
        return known.index(part)
    folded = [name.casefold().strip() for name in known]
    if part.casefold() in folded:
        return folded.index(part.casefold())
    if part.isdecimal() and 1 <= int(part[:6]) <= len(known):
        return int(part[:6]) - 1
    return None
