"""How numbers are written for a person: short, plain, and never "nan". Serves the panels."""

from __future__ import annotations

import math

MINUS = "−"
NOTHING = "—"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: float, digits: int = 3) -> str:
    """At most ``digits`` significant digits: ``0.00215``, ``41.2``, ``13,400``, ``1e−6``; — when not finite."""
    if not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    power = math.floor(math.log10(abs(value)))
    if -5 < power < 7:
        decimals = max(0, digits - 1 - power)
        text = f"{value:,.{decimals}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    else:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS)


def tick(value: float) -> str:
    """An axis number: plain up to six digits either way, beyond that a power of ten."""
    if value == 0:
        return "0"
    power = math.floor(math.log10(abs(value)) + 1e-9)
    if -6 < power < 6:
        return short(value, 6)
    mantissa = value / 10.0**power
    ten = "10" + str(power).translate(_SUPERSCRIPT)
    if math.isclose(mantissa, 1):
        return ten
    return f"{short(mantissa)}·{ten}"


def field(value: float, whole: bool) -> str:
    """A number as it stands in a field, which takes the same text back: ``0.001``, ``1e-6``, ``1000``."""
    if whole:
        return str(int(value))
    text = f"{value:.12g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text


def signed(value: float, digits: int = 3) -> str:
    """As ``short``, a negative one in brackets, to stand after a sign: ``(−4.6)``."""
    text = short(value, digits)
    return f"({text})" if text.startswith(MINUS) else text
