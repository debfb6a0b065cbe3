"""Words: which variable, constant or function a typed word is, and the nearest known one where it is none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.expressions.errors import listed
from engine.expressions.functions import FUNCTIONS, SPELLINGS
from engine.expressions.tree import CONSTANTS

_CONSTANT_SPELLINGS = {"pi": "pi", "π": "pi", "e": "e", "tau": "tau", "τ": "tau"}
_NUMBERED = ("x1", "x2", "x3")  # the parameters by their numbers, as textbooks have them
_ELSEWHERE = {
    "inf": "infinity is no number to reckon with",
    "infinity": "infinity is no number to reckon with",
    "nan": "nan is no number to reckon with",
    "i": "a formula has real numbers only",
    "j": "a formula has real numbers only",
    "degrees": "angles are in radians, 180 degrees are pi",
    "radians": "angles are in radians already",
    "factorial": "factorials aren't known here",
    "gamma": "factorials aren't known here",
    "sum": "write the sum's terms out",
    "if": "heaviside(x) is 0 below 0 and 1 above",
    "else": "heaviside(x) is 0 below 0 and 1 above",
    "where": "heaviside(x) is 0 below 0 and 1 above",
}


class Kind(StrEnum):
    """What a word stands for, by the name of its token."""

    VARIABLE = "VARIABLE"
    CONSTANT = "CONSTANT"
    FUNCTION = "FUNCTION"
    NUMBER = "NUMBER"


@dataclass(frozen=True)
class Meaning:
    """One known word, or a number between two in a run of letters: what it stands for, and how many letters it has."""

    kind: Kind
    name: str
    length: int


class Words:
    """The words of one formula: those of every formula, and its own ``variables``.

    Args:
        variables: the parameters by the caller's names, in their order.
        called: other names for them, as ``f(t) = ...`` gives.
    """

    def __init__(self, variables: Sequence[str], called: Mapping[str, str] | None = None) -> None:
        self.variables = tuple(variables)
        if called:
            self._variables = dict(called)
        else:
            numbered = dict(zip(_NUMBERED, variables, strict=False))
            self._variables = {name: name for name in variables} | {
                name: meant for name, meant in numbered.items() if variables[0] == "x"
            }

    def known(self, word: str) -> Meaning | None:
        """What a whole word stands for; capitals don't matter, and x_1 is x1."""
        for spelled in (word, word.lower(), word.lower().replace("_", "")):
            if spelled in self._variables:
                return Meaning(Kind.VARIABLE, self._variables[spelled], len(word))
            if spelled in _CONSTANT_SPELLINGS:
                return Meaning(Kind.CONSTANT, _CONSTANT_SPELLINGS[spelled], len(word))
            if spelled in SPELLINGS:
                return Meaning(Kind.FUNCTION, SPELLINGS[spelled].name, len(word))
        return None

    def split(self, word: str) -> list[Meaning] | None:
        """A run of letters as several known words: xy is x y, and xsinx is x sin x. None where it is none.

        Digits may follow a function's name: sin2x is sin 2x. The fewest words win, then the longest first ones.
        """
        best: list[list[Meaning] | None] = [None] * (len(word) + 1)
        best[len(word)] = []
        for start in range(len(word) - 1, -1, -1):
            for end in range(len(word), start, -1):
                rest, found = best[end], self.known(word[start:end])
                if rest is None or found is None:
                    continue
                if not self._goes_before(found, rest):
                    continue
                if best[start] is None or len(rest) + 1 < len(best[start]):
                    best[start] = [found, *rest]
            digits = re.match(r"[0-9]+", word[start:])
            if best[start] is None and digits and start and best[start + digits.end()] is not None:
                number = Meaning(Kind.NUMBER, digits.group(), digits.end())
                best[start] = [number, *best[start + digits.end()]]
        return best[0]

    @staticmethod
    def _goes_before(found: Meaning, rest: Sequence[Meaning]) -> bool:
        """Whether a word may stand in a run of letters before the rest of it: sine is a slip, no sin of e."""
        if found.kind is Kind.FUNCTION:
            return FUNCTIONS[found.name].counts[0] == 1 and bool(rest) and rest[0].name != "e"
        if found.kind is Kind.VARIABLE and found.length > 1 and found.name in ("x", "y"):
            return False  # x2 in a run is more often a lost superscript
        return not rest or rest[0].kind is not Kind.NUMBER

    def unknown(self, word: str) -> str:
        """What is to be said of a word that isn't known: which one is near."""
        lower = word.lower()
        if lower in _ELSEWHERE:
            return f"is not known here: {_ELSEWHERE[lower]}"
        power = re.fullmatch(r"([A-Za-z]+)_?([0-9]{1,4})", word)
        if power and self.known(power[1]) is not None and power[1].lower() not in SPELLINGS:
            base, number = power.groups()
            return f"is not known here; a power is {base}^{number}, a product {number}*{base}"
        words = [*self._variables, *CONSTANTS, *SPELLINGS]
        near = difflib.get_close_matches(lower, words, n=1, cutoff=0.6)
        if not near and len(lower) > 1:
            near = [known for known in words if len(known) > 2 and (lower.startswith(known) or known.startswith(lower))]
        if near:
            return f"is not known here; the nearest known word is {near[0]}"
        names = listed(list(dict.fromkeys(self._variables)) if len(self._variables) < 4 else list(self.variables))
        return f"is not known here; there are {names}, pi, e and functions such as sin, exp or sqrt"


def example(function: str, variable: str = "x") -> str:
    """How a function is called."""
    return f"{function}({variable}, 1)" if FUNCTIONS[function].counts[0] > 1 else f"{function}({variable})"
