"""Characters: what was typed or pasted as plain letters and signs, with the place of each in the original.

Word processors, PDF files and web pages bring invisible characters, other minus signs, full-width and mathematical
letters. Here they become what they look like; superscripts and ready-made fractions stay, since the grammar knows them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from engine.expressions.errors import FormulaError, quoted

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ˣʸ", "0123456789+-()xy", strict=True))
FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒"

_SPELLINGS = {
    **dict.fromkeys("−–—‐‑‒﹣－", "-"),
    **dict.fromkeys("·⋅×∙•∗⨯✕✖", "*"),
    **dict.fromkeys("÷⁄∕", "/"),
    **dict.fromkeys("∣❘｜", "|"),
    **dict.fromkeys("∶", ":"),
    "＋": "+",
    "ℯ": "e",
    "𝑒": "e",
    "ˆ": "^",
    "⟨": "(",
    "⟩": ")",
}
_NOTHING = "\u00ad\u180e\ufeff"  # soft hyphen and the like; other format characters are told by their category
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_KEPT = set(SUPERSCRIPTS) | set(FRACTIONS) | set("√∛πτ⌊⌋⌈⌉")
_KNOWN = re.compile(r"[A-Za-z0-9_+\-*/^().,;:=|\[\]{}\s]")

# What a person may mean by a character that a formula has no use for.
_INSTEAD = {
    "!": "factorials aren't known here",
    "%": "write mod(a, b) for a remainder and /100 for a percentage",
    "°": "angles are in radians: 180° is pi",
    "'": "a formula has no derivatives in it",
    "′": "a formula has no derivatives in it",
    "\\": "type sin(x), not \\sin(x)",
    "≤": "a formula has no comparisons; heaviside(x) is 0 below 0 and 1 above",
    "≥": "a formula has no comparisons; heaviside(x) is 0 below 0 and 1 above",
    "<": "a formula has no comparisons; heaviside(x) is 0 below 0 and 1 above",
    ">": "a formula has no comparisons; heaviside(x) is 0 below 0 and 1 above",
    "±": "a formula has one value at each place; choose + or −",
    "∞": "infinity is no number to reckon with",
}


@dataclass(frozen=True)
class PlainText:
    """``text`` in plain characters; ``places`` says where each of them stood in ``typed``, and ends with its length."""

    typed: str
    text: str
    places: tuple[int, ...]

    def place(self, index: int) -> int:
        """Where the character ``index`` of the plain text stands in what was typed."""
        return self.places[min(max(index, 0), len(self.places) - 1)]

    def error(self, sentence: str, start: int, end: int | None = None) -> FormulaError:
        """The error of a piece of the plain text, its place counted in what was typed."""
        first = self.place(start)
        last = self.place(max(start, (end if end is not None else start + 1) - 1)) + 1
        return FormulaError(sentence, first, max(first, min(last, len(self.typed))))


def plain_text(typed: str) -> PlainText:
    """The typed text in the characters that the grammar knows.

    Raises:
        FormulaError: a character that has no meaning in a formula; the sentence names it and its place.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(typed):
        for plain in _plain(letter):
            if plain not in _KEPT and not _KNOWN.match(plain):
                raise FormulaError(_without_meaning(letter, place), place)
            letters.append(plain)
            places.append(place)
    return PlainText(typed, "".join(letters), (*places, len(typed)))


def plain_fraction(letter: str) -> str:
    """½ as 1/2."""
    return unicodedata.normalize("NFKC", letter).replace("⁄", "/")


def _plain(letter: str) -> str:
    if letter in _KEPT or (letter.isascii() and letter.isprintable()):
        return letter
    if letter in _SPELLINGS:
        return _SPELLINGS[letter]
    if letter in _SUBSCRIPTS:
        return _SUBSCRIPTS[letter]
    if letter in _NOTHING or unicodedata.category(letter) == "Cf":
        return ""
    if letter.isspace():
        return "\u00a0" if letter in "\u00a0\u2009\u202f" else " "  # the first may stand between thousands
    return unicodedata.normalize("NFKC", letter)


def _without_meaning(letter: str, place: int) -> str:
    start = f"{quoted(letter)}, character {place + 1:,}, has no meaning in a formula"
    if letter in _INSTEAD:
        return f"{start}; {_INSTEAD[letter]}."
    name = unicodedata.name(letter, "")
    alphabet = name.partition(" ")[0].capitalize()
    if alphabet in ("Cyrillic", "Greek", "Armenian", "Cherokee"):  # many of them look like Latin ones
        return f"{start}: it is a {alphabet} letter; names have Latin ones, and π and τ."
    return f"{start}; use numbers, names, + - * / ^ and brackets."
