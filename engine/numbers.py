"""Numbers as people write them, in every field, on the command line, in scene files and tables.

Decimal point or comma, thousands marks where they can be nothing else, and the minus signs that word processors put.
What can be read in two ways is asked about, never guessed. Serves the knob and the data.
"""

from __future__ import annotations

import math
import re
import unicodedata

LONGEST = 100  # characters; no number that a person means has more

# Hyphens, the figure and the en dash, the minus sign and their wide forms all stand for minus.
_SIGNS = dict.fromkeys("‐‑‒–−﹣－", "-") | {"＋": "+", "．": ".", "，": ",", "٫": ".", "٬": "'"}
_BLANKS = dict.fromkeys("\u00a0\u202f\u2009\u2007\u2008\t", " ")
_QUOTES = dict.fromkeys("’ʼ`´_", "'")
_INVISIBLE = dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202c\u2066\u2069", "")
_SPELLINGS = str.maketrans(_SIGNS | _BLANKS | _QUOTES | _INVISIBLE)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")

# Each alternative is decided by its next character, so that matching takes linear time.
_SHAPE = re.compile(r"(?P<sign>[+-]? ?)(?P<body>[0-9.,' ]*[0-9][.]?)(?P<exponent>[eEdD] ?[+-]?[0-9]+)?")
_POWER_OF_TEN = re.compile(r"(?:^|[ ]?[·⋅×*x][ ]?)10(?P<hat>\^?)\(?(?P<exponent>[+-]?[0-9]{1,4})\)?$")
_COMMON = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")
_ALONE = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_GROUPS = {mark: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+") for mark in "., '"}


class NumberError(ValueError):
    """A text that is no number; the message is one sentence that says what would be right."""


class TwoReadingsError(NumberError):
    """A text such as 1,000 that is a thousand to one reader and one to another."""


def parse(text: str, decimal: str = "") -> float:
    """The number that a text stands for, finite.

    ``decimal``: which of "." and "," the text's source is known to write decimals with; decides what else is asked.

    Raises:
        TwoReadingsError: without ``decimal``, a lone comma before three digits.
        NumberError: no number, or one that is too large for double precision.
    """
    if len(text) > LONGEST:
        raise NumberError(f"A number has at most {LONGEST} characters; this has {len(text):,}.")
    if decimal != "," and _COMMON.fullmatch(text):
        return _finite(text, float(text))
    typed = text.translate(_SPELLINGS).strip()
    if not typed.isascii():
        typed = "".join(str(unicodedata.decimal(sign, sign)) for sign in typed)
    if not typed:
        raise NumberError("A number is needed here, like 0.5 or 1e-3.")
    plain = _plain(typed, decimal)
    if plain is None:
        raise NumberError(f"{_quoted(text)} is not a number; write it like 0.5 or 1e-3.")
    return _finite(text, float(plain))


def _finite(text: str, value: float) -> float:
    if not math.isfinite(value):
        raise NumberError(f"{_quoted(text)} is too large for a number.")
    return value


def is_thousand_or_decimal(text: str) -> bool:
    """Whether a text of ``.`` and three digits behind it, such as 1.000, may be meant as thousands."""
    return bool(_ALONE.fullmatch(text.strip().lstrip("+-−").replace(".", ",", 1)))


def _plain(typed: str, decimal: str) -> str | None:
    """The text as float() takes it; None where it is no number."""
    exponent = None
    level = typed.translate(_SUPERSCRIPTS)
    power = _POWER_OF_TEN.search(level)
    if power and (power["hat"] or level != typed):  # 5·10⁻³ and 5*10^-3, as axes and papers have it
        typed, exponent = typed[: power.start()] or "1", power["exponent"]
    shape = _SHAPE.fullmatch(typed)
    if shape is None or (power and shape["exponent"]):
        return None
    if shape["exponent"]:
        exponent = shape["exponent"][1:].strip()
    body = _without_thousands(shape["body"], decimal)
    return body and f"{shape['sign'].strip()}{body}e{exponent or 0}"


def _without_thousands(body: str, decimal: str) -> str | None:
    """Digits with at most a point; None where the marks in them make no number."""
    dots, commas = body.count("."), body.count(",")
    if not dots and not commas:
        return _grouped(body, "")
    if dots and commas:
        decimal = "." if body.rindex(".") > body.rindex(",") else ","
    elif dots > 1 or commas > 1:
        return _grouped(body, "")
    elif commas and _ALONE.fullmatch(body):
        if not decimal:
            whole, rest = body.split(",")
            raise TwoReadingsError(f"{_quoted(body)} can be read in two ways: write {whole}{rest} or {whole}.{rest}.")
        if decimal == ".":
            return _grouped(body, "")
    elif commas:
        decimal = ","
    elif decimal == "," and _ALONE.fullmatch(body.replace(".", ",")):  # 1.500 beside 2,5
        return _grouped(body, "")
    else:
        decimal = "."
    whole, _, rest = body.partition(decimal)
    if (rest and not rest.isdigit()) or (not rest and decimal == ","):
        return None
    whole = _grouped(whole, decimal) if whole else "0"
    return whole and f"{whole}.{rest or 0}"


def _grouped(whole: str, decimal: str) -> str | None:
    """The digits without their thousands marks; None where the marks part no thousands."""
    if whole.isdigit():
        return whole
    marks = {sign for sign in whole if not sign.isdigit()} - {decimal}
    if len(marks) != 1:
        return None
    (mark,) = marks
    return whole.replace(mark, "") if _GROUPS[mark].fullmatch(whole) else None


def _quoted(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text.strip()[:24])
    return f"“{shown}{'…' if len(text.strip()) > 24 else ''}”"


def parse_several(text: str, count: int = 0) -> tuple[float, ...]:
    """The numbers of a list: parted by semicolons, else by commas, else by blanks.

    ``count``: how many there have to be, where that is known: it tells a decimal comma from one between two numbers.

    Raises:
        TwoReadingsError: commas with a blank behind them and commas without, such as ``0,5, 1,5``.
        NumberError: a part that is no number.
    """
    if ";" in text:
        parts = text.split(";")
    elif count == 1:
        parts = [text]
    else:
        spaced, close = re.split(r",\s", text), text.split(",")
        if len(spaced) == 1 or len(spaced) == len(close):
            parts = close
        elif len(spaced) == count:
            parts = spaced
        else:
            raise TwoReadingsError(f"{_quoted(text)} can be read in two ways: part the numbers with semicolons.")
    if len(parts) == 1 and " " in text.strip() and count != 1:
        parts = text.split()
    return tuple(parse(part) for part in parts if part.strip())
