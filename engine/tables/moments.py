"""Dates and time stamps as numbers: days or seconds since the first. Serves the table reader."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from engine.tables.cells import is_time_of_day
from engine.tables.table import LONGEST_CELL

LOOKED_AT = 1000  # moments by which the way they are written is told
DAY = 86_400.0  # seconds
_DATES = {
    "year first": ("%Y/%m/%d", "%Y.%m.%d"),
    "day first": ("%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d-%m-%y"),
    "month first": ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%m-%d-%y", "%m.%d.%Y"),
    "in words": ("%d %b %Y", "%d-%b-%Y", "%d. %b %Y", "%d %B %Y", "%d. %B %Y", "%b %d, %Y", "%B %d, %Y"),
}
_TIMES = ("", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %I:%M:%S %p", " %I:%M %p", " %I:%M:%S%p", " %I:%M%p")
_ZONE = re.compile(r"\d(?:Z|[+-]\d{2}:?\d{2})$")
_NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}")


def numbers_of(column: Any) -> tuple[np.ndarray, str, str]:
    """A pandas column of texts as float64, NaN where there is no moment; what it counts, and what was guessed.

    The second is such as "days since 2024-01-01", "" where nothing is a moment.
    """
    import pandas

    cells = [cell[:LONGEST_CELL].strip() or None if isinstance(cell, str) else None for cell in column.to_numpy(object)]
    texts = pandas.Series(cells, dtype=object)
    sample = texts.dropna().iloc[:LOOKED_AT]
    if not len(sample):
        return np.full(len(column), np.nan), "", ""
    if is_time_of_day(str(sample.iloc[0])):
        return _times_of_day(texts)
    stamps, guess = _stamps(texts, sample)
    stamps = stamps.where(stamps.dt.year.between(1, 9999))  # "-1" is a year of ISO 8601, and hardly ever meant as one
    found = stamps.notna().to_numpy()
    if not found.any():
        return np.full(len(column), np.nan), "", ""
    first = stamps.min()
    microseconds = (stamps - first).to_numpy().astype("timedelta64[us]")
    seconds = np.where(found, microseconds.astype(float) / 1e6, np.nan)
    is_days = bool((np.fmod(seconds[found], DAY) == 0).all()) and first == first.normalize()
    if is_days:
        return seconds / DAY, f"days since {first:%Y-%m-%d}", guess
    zone = " UTC" if sample.str.contains(_ZONE).any() else ""
    fraction = f"{first:.%f}".rstrip("0").rstrip(".") if first.microsecond else ""
    return seconds, f"seconds since {first:%Y-%m-%d %H:%M:%S}{fraction}{zone}", guess


def _stamps(texts: Any, sample: Any) -> tuple[Any, str]:
    """The column as time stamps in UTC, where the texts say how they are off it, and which reading was guessed."""
    import pandas

    has_comma = sample.str.contains(",").any()
    iso = texts.str.replace(",", ".") if has_comma else texts
    stamps = pandas.to_datetime(iso, format="ISO8601", errors="coerce", utc=True)
    if stamps[sample.index].notna().mean() > 0.5:
        return stamps.dt.tz_localize(None), ""
    is_spaced = sample.str.contains(r"(?:,| {2,}) *\d{1,2}:").any()
    plain = texts.str.replace(r"[ ,]+(?=\d{1,2}:)", " ", regex=True) if is_spaced else texts
    orders, guess = _orders(sample)
    best = None
    for order in orders:
        stamps = _read(plain, _DATES[order])
        if best is None or stamps.notna().sum() > best.notna().sum():
            best = stamps
    return best, guess


def _read(texts: Any, dates: tuple[str, ...]) -> Any:
    import pandas

    found = pandas.Series(pandas.NaT, index=texts.index, dtype="datetime64[us]")
    left = texts.dropna()
    for date in dates:
        for time in _TIMES:
            if not len(left):
                return found
            first = pandas.to_datetime(left.iloc[:1], format=date + time, errors="coerce")
            if first.isna().all():  # the first that is left decides which way is tried, so that few are
                continue
            stamps = pandas.to_datetime(left, format=date + time, errors="coerce").dropna()
            found.loc[stamps.index] = stamps.astype("datetime64[us]")
            left = left.drop(stamps.index)
    return found


def _orders(sample: Any) -> tuple[tuple[str, ...], str]:
    """In which order day and month stand, by a date that allows one alone; else by what makes even steps."""
    first = str(sample.iloc[0])
    if not _NUMERIC.match(first) or "." in first[:3]:
        return ("year first", "day first", "in words"), ""
    fields = sample.str.extract(_NUMERIC.pattern).astype(float)
    if (fields[0] > 12).any():
        return ("day first",), ""
    if (fields[1] > 12).any():
        return ("month first",), ""
    unevenness = {}
    for order in ("month first", "day first"):
        steps = np.diff(_read(sample, _DATES[order]).dropna().to_numpy().astype("int64"))
        unevenness[order] = float(np.std(steps)) if len(steps) else 0.0
    order = min(unevenness, key=lambda name: unevenness[name])
    return (order,), f"dates such as {first.split()[0]} were read with the {order}"


def _times_of_day(texts: Any) -> tuple[np.ndarray, str, str]:
    import pandas

    plain = texts.str.replace(",", ".")
    plain = plain.where(plain.str.count(":") != 1, plain + ":00")
    spans = pandas.to_timedelta(plain, errors="coerce")
    if not spans.notna().any():
        return np.full(len(texts), np.nan), "", ""
    first = spans.min()
    seconds = (spans - first).dt.total_seconds().to_numpy(float, na_value=np.nan)
    begin = texts[spans.idxmin()]
    return seconds, f"seconds since {begin}", ""
