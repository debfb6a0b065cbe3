"""What a formula's knob says beside its field: what was guessed while reading it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.expressions.errors import FormulaError
from engine.expressions.formula import parse


def remarks_on(text: str, variables: Sequence[str] = ("x", "y")) -> str:
    """What was guessed, in one line; "" where nothing was, or where the text is no formula."""
    try:
        return " ".join(parse(text, variables).remarks)
    except FormulaError:
        return ""
