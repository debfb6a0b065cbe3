"""Where in a table's lines the numbers begin, what parts the columns, and what the columns are called.

Serves the table reader. Everything is told from a few hundred lines.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.tables.cells import UNITS, Cell, kind_of
from engine.tables.table import LONGEST_CELL, MOST_COLUMNS

BLANKS = " "
SEPARATORS = ("\t", ";", ",", "|", BLANKS)
LOOKED_AT = 400  # lines
LONGEST_NAME = 80  # characters
LONGEST_LINE = 100_000  # characters of it that are looked at

_NO_UNIT = {"1", "-"}
_BRACKETED = re.compile(r"[\[(][^\])]*[\])]")
_WORDS_AND_UNITS = re.compile(r"[^\s\[(]+(?:\s?(?:\[[^\]]*\]|\([^)]*\)))?|[\[(][^\s]*")


@dataclass(frozen=True)
class Layout:
    """``start``: the record that holds the first numbers; ``names``: a column each, "" where it has none.

    ``heading`` says whether there is a line of names at all; ``lead``: records above the numbers, its own included.
    """

    start: int
    width: int
    names: tuple[str, ...]
    heading: bool


def records(lines: Sequence[str], separator: str) -> list[tuple[int, list[str]]]:
    """The lines cut into cells, each record with the number of its first line; empty lines have no cells."""
    short = [line[:LONGEST_LINE] for line in lines]
    if separator == BLANKS:
        short = [line.strip().replace("\t", " ") for line in short]
    reader = csv.reader((f"{line}\n" for line in short), delimiter=separator, skipinitialspace=True)
    found: list[tuple[int, list[str]]] = []
    line = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return found
        except csv.Error:
            cells = []
        found.append((line, [cell.strip() for cell in cells[:MOST_COLUMNS]]))
        line = reader.line_num


def separator_of(lines: Sequence[str]) -> str:
    """What parts the columns: the sign with which most lines have two numbers, and fewest have words; "" for none."""
    best, found = (0, 0, 0), ""
    for rank, separator in enumerate(SEPARATORS):
        rows = [cells for _, cells in records(lines, separator) if cells]
        with_two = words = 0
        for cells in rows:
            kinds = [kind_of(cell, separator in (",", BLANKS)) for cell in cells]
            if sum(kind in (Cell.NUMBER, Cell.MOMENT) for kind in kinds) >= 2:
                with_two += 1
                words += kinds.count(Cell.WORDS)
        if with_two and (with_two, -words, -rank) > best:
            best, found = (with_two, -words, -rank), separator
    return found


def layout_of(rows: Sequence[Sequence[str]], blanks_part: bool, comments: Sequence[str] = ()) -> Layout | None:
    """The layout of these first records; None where no two columns hold numbers.

    ``comments``: the comment lines right above the numbers, which may hold the names.
    """
    kinds = [[kind_of(cell, blanks_part) for cell in row] for row in rows]
    widest = max(map(len, rows), default=0)
    counts = [sum(is_value(row, column) for row in kinds) for column in range(widest)]
    most = max(counts, default=0)
    keys = [column for column, count in enumerate(counts) if most and count >= max(1, most / 2)]
    if len(keys) < 2:
        keys = sorted(range(widest), key=lambda column: -counts[column])[:2]
        if len(keys) < 2 or not counts[keys[1]]:
            return None
    usual = max((len(row) for row in rows if row), key=[len(row) for row in rows if row].count)
    start = next((number for number, row in enumerate(kinds) if _has_data(row, keys, usual)), None)
    if start is None:
        return None
    counted = not any(kinds[:start]) and _is_counted_heading(rows, kinds, start)
    start = start + 1 if counted else _with_gaps_above(kinds, start, keys, usual)
    width = max(map(len, rows[start:]))
    names, heading = (rows[start - 1], True) if counted else _names(rows, kinds, start, keys, comments)
    names = [_tidy(name) for name in (*names, *[""] * width)[:width]]
    return Layout(start, width, tuple(names), heading)


def is_value(row: Sequence[Cell], column: int) -> bool:
    """Whether the row has a number or a moment in this column."""
    return column < len(row) and row[column] in (Cell.NUMBER, Cell.MOMENT)


def _has_data(row: Sequence[Cell], keys: Sequence[int], usual: int) -> bool:
    values = sum(is_value(row, column) for column in keys)
    words = any(column < len(row) and row[column] is Cell.WORDS for column in keys)
    return not words and (values >= 2 or (values == 1 and len(row) == usual))


def _with_gaps_above(kinds: Sequence[Sequence[Cell]], start: int, keys: Sequence[int], usual: int) -> int:
    """The start, moved up over rows that have a value and something else, if there is a heading above them."""
    above = start
    while above > 0 and len(kinds[above - 1]) == usual and any(is_value(kinds[above - 1], column) for column in keys):
        above -= 1
    return above if above > 0 and kinds[above - 1] else start


def _is_counted_heading(rows: Sequence[Sequence[str]], kinds: Sequence[Sequence[Cell]], start: int) -> bool:
    """Whether the first row is a heading that counts its columns, as pandas writes it: an empty cell, 0, 1, ..."""
    row = rows[start]
    if start + 1 >= len(rows) or kinds[start][0] is not Cell.EMPTY or not is_value(kinds[start + 1], 0):
        return False
    return list(row[1:]) == [str(number) for number in range(len(row) - 1)]


def _names(
    rows: Sequence[Sequence[str]],
    kinds: Sequence[Sequence[Cell]],
    start: int,
    keys: Sequence[int],
    comments: Sequence[str],
) -> tuple[list[str], bool]:
    """The columns' names, and whether there is a line of them."""
    block: list[list[str]] = []  # the rows of words right above the numbers, the lowest first
    for number in range(start - 1, -1, -1):
        if not rows[number] or any(is_value(kinds[number], column) for column in keys):
            break
        block.append([cell[:LONGEST_CELL] for cell in rows[number]])
    widths = [len(row) for row in rows[start:] if row]
    width = max(widths, key=widths.count)
    if len(block) > 1 and _are_units(block[0]):
        block = block[1:]
    if block:
        names = _fitted(block[0], width, all_wide=min(widths) == width)
        if len(_trimmed(names)) > 1 or width < 2:
            return names, True
    for comment in reversed(comments):
        for cells in _readings(comment):
            if len(cells) == width and not any(kind_of(cell) is Cell.NUMBER for cell in cells):
                return cells, True
    return [], False


def _fitted(names: list[str], width: int, all_wide: bool) -> list[str]:
    """The names under which as many columns lie; R leaves out that of the column that counts the rows."""
    short = _trimmed(names)
    if len(short) == width or not width:
        return names
    merged = _WORDS_AND_UNITS.findall(" ".join(short)[:LONGEST_CELL])
    if len(short) > width and len(merged) == width:
        return merged
    return ["", *short] if all_wide and len(names) == len(short) == width - 1 else names


def _readings(comment: str) -> list[list[str]]:
    """The ways to cut a comment into names."""
    text = comment.lstrip("#%/ \t").strip()[:LONGEST_CELL]
    ways = [[cell.strip() for cell in text.split(sign)] for sign in ("\t", ";", ",") if sign in text]
    return [*ways, re.split(r"\s{2,}", text), _WORDS_AND_UNITS.findall(text), text.split()]


def _are_units(row: Sequence[str]) -> bool:
    cells = [cell for cell in row if cell]
    return bool(cells) and all(cell.lower() in UNITS | _NO_UNIT or _BRACKETED.fullmatch(cell) for cell in cells)


def _tidy(name: str) -> str:
    """A name as one line, without quotes."""
    name = " ".join(name.split())[:LONGEST_NAME]
    return name[1:-1] if len(name) > 2 and name[0] == name[-1] == "'" else name


def _trimmed(row: Sequence[str]) -> list[str]:
    cells = list(row)
    while cells and not cells[-1]:
        cells.pop()
    return cells
