"""Points from a CSV file: two columns of numbers, with or without a header, parted by comma, semicolon or tab.

Every way in which a file can be wrong is one sentence that names the line. Serves the regression's data.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

MOST_POINTS = 100_000
MOST_BYTES = 16_000_000
LARGEST = 1e12

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_NO_NUMBER = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


class CsvError(ValueError):
    """A file that holds no points; the message is one sentence that says what is wrong, and where."""


def read(path: str) -> tuple[np.ndarray, np.ndarray]:
    """The file's points as float64 x and y, each (n,), in the order of x.

    Raises:
        CsvError: one sentence.
    """
    file = Path(path)
    name = file.name or path
    lines = _text(file, name).splitlines()
    rows = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        raise CsvError(f"{name} is empty; two columns of numbers are needed, x and y.")
    if len(rows) > MOST_POINTS + 1:
        raise CsvError(f"{name} has {len(rows):,} lines; at most {MOST_POINTS:,} points fit.")
    separator = next((sign for sign in "\t;," if sign in rows[0][1]), ",")
    first = _cells(rows[0][1], separator)
    if len(first) == 2 and not any(_is_meant_as_number(cell) for cell in first):
        rows = rows[1:]
        if not rows:
            raise CsvError(f"{name} has a heading and no points under it.")
    points = np.array([_point(name, number, line, separator) for number, line in rows])
    if len(points) < 2:
        raise CsvError(f"{name} has one point only; a fit needs two or more.")
    x, y = points[np.argsort(points[:, 0], kind="stable")].T
    if x[0] == x[-1]:
        raise CsvError(f"{name} has the same x on every line; the first column has to differ.")
    return x, y


def _text(file: Path, name: str) -> str:
    try:
        if file.is_dir():
            raise CsvError(f"{name} is a folder; choose a file with two columns of numbers.")
        if not file.exists():
            raise CsvError(f"{name} is not there any more; choose another file.")
        if not file.is_file():
            raise CsvError(f"{name} is not a file that can be read.")
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except PermissionError:
        raise CsvError(f"{name} can't be read: no permission.") from None
    except (OSError, ValueError) as error:
        if isinstance(error, CsvError):
            raise
        reason = getattr(error, "strerror", None) or "its name is not valid"
        raise CsvError(f"{name} can't be read: {reason}.") from None
    if len(content) > MOST_BYTES:
        raise CsvError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB; at most {MOST_POINTS:,} points fit.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CsvError(f"{name}, line {line}: this is not UTF-8 text; save the file again as CSV in UTF-8.") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise CsvError(f"{name}, line {line}: this is not text; save the file again as CSV in UTF-8.")
    return text


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip().strip('"').strip() for cell in line.split(separator)]


def _is_meant_as_number(cell: str) -> bool:
    return not cell or bool(_NUMBER.fullmatch(cell.replace(",", ".")) or _NO_NUMBER.fullmatch(cell))


def _point(name: str, number: int, line: str, separator: str) -> tuple[float, float]:
    cells = _cells(line, separator)
    if len(cells) != 2:
        count = "there is one column" if len(cells) == 1 else f"there are {len(cells)} columns"
        raise CsvError(f"{name}, line {number}: {count}; two are needed, x and y.")
    return _value(name, number, cells[0], separator), _value(name, number, cells[1], separator)


def _value(name: str, number: int, cell: str, separator: str) -> float:
    plain = cell.replace(",", ".") if separator != "," else cell  # 1,5;2,5 as many countries write it
    if not cell:
        raise CsvError(f"{name}, line {number}: a number is missing.")
    if _NO_NUMBER.fullmatch(cell):
        raise CsvError(f"{name}, line {number}: {cell} is not a finite number.")
    if not _NUMBER.fullmatch(plain):
        shown = cell if len(cell) <= 24 else f"{cell[:24]}…"
        raise CsvError(f"{name}, line {number}: “{shown}” is not a number.")
    value = float(plain)
    if not abs(value) <= LARGEST:
        raise CsvError(f"{name}, line {number}: {cell[:24]} is too large; numbers up to a million million fit.")
    return value
