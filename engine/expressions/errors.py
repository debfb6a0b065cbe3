"""FormulaError: what is wrong with a typed formula, in one sentence and with its place."""

from __future__ import annotations

from collections.abc import Sequence


class FormulaError(ValueError):
    """A text that is no formula; the message is one sentence that says what would be right.

    ``start`` and ``end`` are the slip's characters in the text as it was typed, counted from 0, where it has a place.
    """

    def __init__(self, sentence: str, start: int | None = None, end: int | None = None) -> None:
        super().__init__(sentence)
        self.start = start
        self.end = start + 1 if end is None and start is not None else end


def quoted(text: str, longest: int = 24) -> str:
    """A piece of what was typed, shortened, with nothing in it that can't be printed."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[:longest])
    return f"“{shown}{'…' if len(text) > longest else ''}”"


def listed(names: Sequence[str], joined: str = "and") -> str:
    """``x``, ``x and y``, ``x, y and z``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {joined} {names[-1]}"


def counted(count: int) -> str:
    """A small number in words, for sentences."""
    return (
        ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")[count]
        if count < 10
        else f"{count}"
    )
