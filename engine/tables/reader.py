"""The one table reader: text or spreadsheet, file, pipe or clipboard, into two columns of numbers and remarks.

Whatever it passes over, guesses or changes is said in a remark. Serves the regression's data and `check`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from engine import files, numbers
from engine.tables import choice, encoding, moments, numeric, workbook
from engine.tables.cells import Cell, is_time_of_day, kind_of
from engine.tables.sheet import Sheet, TextSheet
from engine.tables.table import LARGEST, MOST_BYTES, Table, TableError, TableHead

WANTED = "a file with two columns of numbers"
FIRST_ROWS = 8
MOST_SHOWN = 40  # characters of a cell among the first rows


def read(path: str, columns: str = "") -> Table:
    """The table in a file, a pipe, or standard input as ``-``; ``columns`` says which two, as in ``speed,dist``.

    Raises:
        TableError: one sentence that says what is in the way.
    """
    try:
        if path == files.STANDARD_INPUT:
            return read_bytes(files.content(path, MOST_BYTES, WANTED), files.shown(path), columns)
        return _read(path, columns, *files.stamp(path))
    except files.FileError as error:
        raise TableError(str(error)) from None


@lru_cache(maxsize=4)
def _read(path: str, columns: str, _changed: int, _size: int) -> Table:
    return read_bytes(files.content(path, MOST_BYTES, WANTED), os.path.basename(path) or path, columns)


def read_bytes(content: bytes, name: str, columns: str = "") -> Table:
    """The table in a file's content; ``name`` is how sentences call it.

    Raises:
        TableError: as of read().
    """
    content = encoding.unpacked(content, name)
    if workbook.is_workbook(content):
        sheet, remark = workbook.read(content, name)
        return _table(sheet, name, columns, [remark])
    text, remark = encoding.decoded(content, name)
    return _table(TextSheet(text, name), name, columns, [remark])


def read_text(text: str, columns: str = "") -> Table:
    """The table in a text, such as cells from the clipboard.

    Raises:
        TableError: as of read().
    """
    return _table(TextSheet(text, "what was pasted"), "what was pasted", columns, [])


def _table(sheet: Sheet, name: str, columns: str, remarks: list[str]) -> Table:
    layout, known = sheet.layout, choice.labels(sheet.layout.names)
    if sheet.lead > 1:
        among = ", the names among them" if layout.heading else ""
        remarks.append(f"{sheet.lead} lines before the numbers were passed over{among}.")
    kinds = _kinds(sheet)
    if columns.strip():
        chosen = choice.asked_for(columns, known, name)
        series = sheet.columns(chosen)
    else:
        chosen, series = _first_two(sheet, kinds, name, remarks)
    x, counted = _x_of(sheet, chosen[0], series, kinds, remarks)
    y, unit = numeric.numbers_of(series[chosen[1]], sheet.decimal)
    if unit:
        remarks.append(f"The unit {unit} beside the numbers of {known[chosen[1]]} was left out.")
    names = [layout.names[place] or default for place, default in zip(chosen, "xy", strict=True)]
    if counted:
        remarks.append(f"x counts {counted}.")
    if sheet.doubtful:
        value = numbers.parse(sheet.doubtful, sheet.decimal)
        remarks.append(f"{sheet.doubtful} was read as {value:.10g}: nothing in the file says otherwise.")
    x, y = _pairs(x, y, name, [known[place] for place in chosen], remarks)
    usable = tuple(column for column, kind in enumerate(kinds) if kind in (Cell.NUMBER, Cell.MOMENT))
    rows = tuple(tuple(cell[:MOST_SHOWN] for cell in row) for row in sheet.sample[:FIRST_ROWS])
    head = TableHead(known, usable, chosen, rows)
    return Table(x, y, (names[0], names[1]), head, tuple(remark for remark in remarks if remark))


def _kinds(sheet: Sheet) -> list[Cell]:
    """What each column mostly holds; EMPTY where it holds nothing."""
    found = []
    for column in range(sheet.layout.width):
        cells = [row[column] for row in sheet.sample if column < len(row)]
        kinds = [kind_of(cell, sheet.cramped) for cell in cells]
        filled = [kind for kind in kinds if kind not in (Cell.EMPTY, Cell.GAP)]
        usual = max((Cell.NUMBER, Cell.MOMENT, Cell.WORDS), key=filled.count)
        found.append(usual if filled else Cell.EMPTY)
    return found


def _first_two(
    sheet: Sheet, kinds: Sequence[Cell], name: str, remarks: list[str]
) -> tuple[tuple[int, int], dict[int, Any]]:
    """The first two columns that hold numbers, without one that counts the rows where there are two others."""
    layout, known = sheet.layout, choice.labels(sheet.layout.names)
    usable = [column for column, kind in enumerate(kinds) if kind in (Cell.NUMBER, Cell.MOMENT)]
    if len(usable) > 2 and _is_time(sheet, kinds, usable[0], usable[1]):
        usable.pop(1)  # a time of day beside its date
    if len(usable) < 2:
        raise TableError(f"{name} has one column of numbers; two are needed, x and y.")
    wanted = usable[:4]
    series = sheet.columns(wanted)
    first = usable[0]
    if len(usable) > 2 and choice.may_count(layout.names[first], layout.heading) and kinds[first] is Cell.NUMBER:
        values, _ = numeric.numbers_of(series[first], sheet.decimal)
        if _counts(values, bool(layout.names[first])):
            usable.pop(0)
            label = f" ({layout.names[first]})" if layout.names[first] else ""
            remarks.append(f"The counting column is left out: column {first + 1}{label} counts the rows.")
    varied = [column for column in usable if not _is_constant(sheet, column)]
    x, *others = varied if len(varied) > 1 else usable
    y = next((column for column in others if kinds[column] is Cell.NUMBER), None)
    if y is None and kinds[x] is Cell.NUMBER:
        x, y = others[0], x  # the date is x, wherever it stands
    if y is None:
        raise TableError(f"{name} has dates and no column of numbers beside them.")
    if len(usable) > 2:
        remarks.append(
            f"{known[x]} and {known[y]} were taken of {len(usable)} columns of numbers; columns chooses others."
        )
    missing = [column for column in (x, y) if column not in series]
    return (x, y), series | (sheet.columns(missing) if missing else {})


def _is_constant(sheet: Sheet, column: int) -> bool:
    """Whether a column is the same in all that was looked at, as the year of monthly values is."""
    return len({row[column] for row in sheet.sample if column < len(row)}) < 2


def _counts(values: np.ndarray, is_named: bool) -> bool:
    values = values[np.isfinite(values)]
    steps = np.diff(values)
    if len(values) < 2 or not (values == np.floor(values)).all():
        return False
    return bool((steps == 1).all() if is_named else (steps > 0).all())


def _is_time(sheet: Sheet, kinds: Sequence[Cell], date: int, time: int) -> bool:
    """Whether a column of dates has its times of day in the column behind it."""
    if kinds[date] is not Cell.MOMENT or time >= len(kinds) or kinds[time] is not Cell.MOMENT or time != date + 1:
        return False
    cells = [row[time] for row in sheet.sample if time < len(row)]
    dates = [row[date] for row in sheet.sample if date < len(row)]
    return any(map(is_time_of_day, cells)) and not any(":" in cell for cell in dates)


def _x_of(
    sheet: Sheet, place: int, series: dict[int, Any], kinds: Sequence[Cell], remarks: list[str]
) -> tuple[np.ndarray, str]:
    """x as numbers, and what they count where they were dates."""
    if kinds[place] is not Cell.MOMENT:
        x, unit = numeric.numbers_of(series[place], sheet.decimal)
        if unit:
            remarks.append(
                f"The unit {unit} beside the numbers of {choice.labels(sheet.layout.names)[place]} was left out."
            )
        return x, ""
    texts = series[place]
    if _is_time(sheet, kinds, place, place + 1):
        times = series.get(place + 1)
        times = sheet.columns([place + 1])[place + 1] if times is None else times
        texts = texts.astype("string") + " " + times.astype("string")
    x, counted, guess = moments.numbers_of(texts)
    if guess:
        remarks.append(f"{guess[:1].upper()}{guess[1:]}.")
    return x, counted


def _called(label: str) -> str:
    return label if label.startswith("column ") else f"column {label}"


def _pairs(
    x: np.ndarray, y: np.ndarray, name: str, labels: Sequence[str], remarks: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """The rows that have two numbers; the others are counted and said."""
    whole = np.isfinite(x) & np.isfinite(y)
    passed = len(x) - int(whole.sum())
    if not whole.any():
        empty = next((label for label, v in zip(labels, (x, y), strict=True) if not np.isfinite(v).any()), "")
        what = f"{_called(empty)} has no numbers in it" if empty else "no row has two numbers"
        raise TableError(f"{name} has no points: {what}.")
    if passed:
        have, were = ("has", "was") if passed == 1 else ("have", "were")
        rows, read = f"{passed:,} of {len(x):,} rows", f"{len(x) - passed:,} were read"
        remarks.append(f"{rows} {have} no two numbers and {were} passed over; {read}.")
    x, y = x[whole], y[whole]
    for values, label in ((x, labels[0]), (y, labels[1])):
        if np.abs(values).max() > LARGEST:
            most = values[np.abs(values).argmax()]
            raise TableError(f"{name}: {most:g} in {_called(label)} is too large; numbers up to {LARGEST:g} fit.")
    if len(x) < 2:
        among = f" in its {passed + 1:,} rows" if passed else ""
        raise TableError(f"{name} has one point only{among}; a fit needs two or more.")
    if x.min() == x.max():
        raise TableError(f"{name} has the same x in every row; {labels[0]} has to differ.")
    for values in (x, y):
        values.setflags(write=False)
    return x, y
