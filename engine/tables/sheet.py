"""A table before its columns are chosen: its first rows as texts, and whole columns on demand. Serves the table reader.

One kind for text, one for workbooks; pandas is imported when a column is asked for, and takes a quarter of a second.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from engine.tables.cells import GAPS, Cell, decimal_mark, kind_of
from engine.tables.layout import BLANKS, LOOKED_AT, Layout, layout_of, records, separator_of
from engine.tables.table import MOST_ROWS, TableError

_COMMENT = re.compile(r"^[ \t]*(?:#|%|//).*\n?", re.MULTILINE)
_TAIL = re.compile(r"[ \t]+[#%][^\n\"]*$", re.MULTILINE)
_FIXED_BLANK = re.compile("(?<=[0-9])[\u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_DECLARED = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
CELLS_AT_ONCE = 5_000_000  # of a larger table only the columns are read that are needed
SPREAD = 100  # lines that are looked at beyond the first


class Sheet(Protocol):
    """``layout`` of the table; ``sample``: rows of texts from its numbers; ``lead``: the lines above the numbers."""

    layout: Layout
    sample: list[list[str]]
    lead: int
    decimal: str
    doubtful: str  # a cell that can be read in two ways, where nothing else decides
    cramped: bool  # whether a plain blank in a cell can't be a thousands mark

    def columns(self, wanted: Sequence[int]) -> dict[int, Any]:
        """Whole columns as pandas series, without the rows that are empty altogether.

        Raises:
            TableError: there are too many rows.
        """


class TextSheet:
    """A table in a text. See Sheet."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        first, _, rest = text.partition("\n")
        declared = _DECLARED.fullmatch(first[:20]) if len(first) < 20 else None
        separator = declared[1] if declared else ""
        text = rest if declared else text
        if not text.strip():
            raise TableError(f"{name} is empty; two columns of numbers are needed, x and y.")
        begin = text.split("\n", LOOKED_AT * 2)[: LOOKED_AT * 2]
        is_comment = [bool(_COMMENT.match(line)) for line in begin]
        lines = [line for line, skipped in zip(begin, is_comment, strict=True) if not skipped][:LOOKED_AT]
        self._has_comments = any(is_comment)
        if self._has_comments:
            lines = [_TAIL.sub("", line[:10_000]) for line in lines]
        self._separator = separator or separator_of(lines)
        if not self._separator:
            raise TableError(_no_columns(name, lines))
        self.cramped = self._separator in (",", BLANKS)
        found = records(lines, self._separator)
        rows = [cells if any(cells) else [] for _, cells in found]
        layout = layout_of(rows, self.cramped)
        if layout is None:
            raise TableError(_no_columns(name, lines))
        line = found[layout.start][0]
        place = _place_of(begin, is_comment, line)
        comments = [line for line, skipped in zip(begin[:place], is_comment, strict=False) if skipped]
        if comments and not layout.heading:
            layout = layout_of(rows, self.cramped, comments) or layout
        self.lead = line
        self._body = text.split("\n", place)[-1] if place else text
        if self._has_comments:
            self._body = _TAIL.sub("", _COMMENT.sub("", self._body))
        elif "\n#" in self._body or "\n%" in self._body:
            self._body = _COMMENT.sub("", self._body)
        self._body = _plainer(self._body)
        spread = _spread(self._body)
        self.sample = [cells for cells in rows[layout.start :] if cells]
        self.sample += [cells for _, cells in records(spread, self._separator) if any(cells)]
        width = _filled_width(self.sample)
        self.layout = Layout(layout.start, width, (*layout.names, *[""] * width)[:width], layout.heading)
        cells = (cell for row in self.sample for cell in row)
        self.decimal, self.doubtful = decimal_mark(cells, self._separator)

    def columns(self, wanted: Sequence[int]) -> dict[int, Any]:
        import pandas

        body, separator = self._body, self._separator
        count = body.count("\n") + (not body.endswith("\n"))
        if count > MOST_ROWS:
            raise TableError(f"{self._name} has {count:,} lines; at most {MOST_ROWS:,} rows are read.")
        width = self.layout.width
        is_small = count * width <= CELLS_AT_ONCE
        try:
            frame = pandas.read_csv(
                io.StringIO(body),
                sep=r"\s+" if separator == BLANKS else separator,
                header=None,
                names=range(width),
                usecols=range(width) if is_small else sorted(set(wanted)),  # which also lets rows be longer
                index_col=False,
                decimal="," if self.decimal == "," and separator != "," else ".",
                na_values=[*GAPS, *map(str.upper, GAPS)],
                skipinitialspace=True,
                quoting=csv.QUOTE_NONE if body.count('"') % 2 else csv.QUOTE_MINIMAL,
                on_bad_lines="skip",
                low_memory=False,
            )
        except (ValueError, OverflowError, pandas.errors.ParserError) as error:
            raise TableError(f"{self._name} can't be read as a table: {str(error).splitlines()[0][:100]}.") from None
        filled = frame.notna().any(axis=1)
        if not filled.all():
            frame = frame[filled].reset_index(drop=True)
        return {column: frame[column] for column in wanted}


class RowSheet:
    """A table in a workbook's sheet: rows of numbers, texts, dates and None. See Sheet."""

    cramped = False

    def __init__(self, rows: list[list[Any]], layout: Layout) -> None:
        filled = _filled_width([[text_of(cell) for cell in row] for row in rows[layout.start :][:LOOKED_AT]])
        layout = replace(layout, width=filled, names=layout.names[:filled])
        self._rows = [row for row in rows[layout.start :] if any(cell not in ("", None) for cell in row)]
        self.layout, self.lead = layout, layout.start
        self.sample = [[text_of(cell) for cell in row] for row in self._rows[:LOOKED_AT]]
        written = (cell for row in self._rows[:LOOKED_AT] for cell in row if isinstance(cell, str))
        self.decimal, self.doubtful = decimal_mark(written, "")

    def columns(self, wanted: Sequence[int]) -> dict[int, Any]:
        import pandas

        return {
            column: pandas.Series([_plain(row[column]) if column < len(row) else None for row in self._rows])
            for column in wanted
        }


def _filled_width(rows: Sequence[Sequence[str]]) -> int:
    """How many columns there are up to the last that holds anything."""
    return max(number for row in rows for number, cell in enumerate(row, start=1) if cell)


def text_of(cell: Any) -> str:
    """A workbook's cell as the person sees it."""
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return cell.isoformat(sep=" ") if hasattr(cell, "hour") and hasattr(cell, "year") else str(cell).strip()


def _plain(cell: Any) -> Any:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    return text_of(cell) or None


def _no_columns(name: str, lines: Sequence[str]) -> str:
    values = [kind_of(line) in (Cell.NUMBER, Cell.MOMENT) for line in lines if line.strip()]
    if sum(values) > len(values) / 2:
        return f"{name} has one column of numbers; two are needed, x and y."
    return f"{name} has no two columns of numbers; x and y are needed, parted by comma, semicolon, tab or blanks."


def _place_of(begin: Sequence[str], is_comment: Sequence[bool], line: int) -> int:
    """The number of a line when comments are counted too, of one counted without them."""
    kept = [number for number, skipped in enumerate(is_comment) if not skipped]
    return kept[line] if line < len(kept) else len(begin)


def _plainer(body: str) -> str:
    """The same numbers with the signs that pandas knows: hyphens for minus, no thin or fixed blank among the digits."""
    if body.isascii():
        return body
    body = body.replace("−", "-").replace("–", "-")
    return _FIXED_BLANK.sub("", body) if "\u00a0" in body or "\u202f" in body else body


def _spread(body: str) -> list[str]:
    """Lines from all over the text, beyond those that were looked at already."""
    step = len(body) // SPREAD
    if step < 1000:
        return []
    found = []
    for number in range(1, SPREAD):
        begin = body.find("\n", number * step) + 1
        end = body.find("\n", begin)
        if begin and end - begin < 10_000:
            found.append(body[begin:end])
    return found
