"""A column of texts as numbers, many at once. Serves the table reader."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from engine import numbers
from engine.tables.cells import GAPS, without_unit
from engine.tables.table import LONGEST_CELL

LARGEST = float(np.finfo(float).max)  # a whole number may have more digits than that

MANY = 20_000  # different texts
# A mark not followed by three digits alone, one not behind one to three digits, one behind the decimal mark.
_NO_THOUSANDS = {
    mark: re.compile(
        rf"[{mark}](?![0-9]{{3}}(?![0-9]))|(?<![0-9])[{mark}]|[0-9]{{4}}[{mark}]|[{decimal}][0-9]*[{mark}]"
    )
    for mark, decimal in (",.", ".,")
}


def numbers_of(column: Any, decimal: str) -> tuple[np.ndarray, str]:
    """A pandas column as float64, NaN where there is no finite number; and the unit that stood beside its numbers.

    ``decimal``: the table's decimal mark. Numbers with several units in one column are no numbers.
    """
    import pandas

    if pandas.api.types.is_bool_dtype(column):
        return np.full(len(column), np.nan), ""
    unit = ""
    if pandas.api.types.is_numeric_dtype(column):
        values = column.to_numpy(float, na_value=np.nan)
    else:
        values, unit = _parsed(column, decimal)
    return np.where(np.isfinite(values), values, np.nan), unit


def _parsed(column: Any, decimal: str) -> tuple[np.ndarray, str]:
    """Every different text is read once, by the one parser; many of them first by pandas, which knows fewer forms."""
    codes, uniques = column.factorize()
    cells = list(uniques)
    values = _quickly(cells, decimal) if len(cells) > MANY else np.full(len(cells), np.nan)
    units: dict[int, str] = {}
    for place in np.flatnonzero(np.isnan(values)):
        values[place], unit = _value(cells[place], decimal)
        if unit:
            units[int(place)] = unit
    if len(set(units.values())) > 1:
        values[list(units)] = np.nan
        units = {}
    return np.append(values, np.nan)[codes], next(iter(units.values()), "")  # the code of a gap is -1


def _quickly(cells: list[Any], decimal: str) -> np.ndarray:
    """Those of the texts that are plain once their thousands marks are taken out, which all have to part thousands."""
    import pandas

    texts = [cell.strip() if isinstance(cell, str) and "\n" not in cell else "" for cell in cells]
    joined = "\n".join(texts)
    mark = "," if decimal == "." else "."
    if mark in joined:
        if _NO_THOUSANDS[mark].search(joined):
            return np.full(len(cells), np.nan)
        joined = joined.replace(mark, "")
    plain = pandas.Series(joined.replace(decimal, ".").split("\n"), dtype=object)
    return pandas.to_numeric(plain, errors="coerce").to_numpy(float).copy()


def _value(cell: Any, decimal: str) -> tuple[float, str]:
    if isinstance(cell, bool) or not isinstance(cell, str):
        is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
        return (float(cell) if is_number and -LARGEST <= cell <= LARGEST else np.nan), ""
    text = cell.strip()
    if not text or len(text) > LONGEST_CELL or text.lower() in GAPS:
        return np.nan, ""
    text, unit = without_unit(text)
    try:
        return numbers.parse(text, decimal), unit
    except numbers.NumberError:
        return np.nan, ""
