"""Bars: which of the | in a formula open an absolute value and which close one.

A bar opens where no operand stands before it. After an operand it closes an open one, or opens another beside it: the
first of these readings in which all bars have their partners is taken, closing being tried first.
"""

from __future__ import annotations

from engine.expressions.parser.characters import PlainText
from engine.expressions.parser.reading import CLOSES, ENDS, OPENS
from engine.expressions.parser.tokens import Token

MOST_BARS = 40


def with_bars(plain: PlainText, tokens: list[Token]) -> list[Token]:
    """The same with every bar as an opening or a closing one.

    Raises:
        FormulaError: a bar without its partner, or too many of them.
    """
    bars = [number for number, token in enumerate(tokens) if token.kind == "BAR"]
    if len(bars) > MOST_BARS:
        raise plain.error(f"There are too many bars |; at most {MOST_BARS} fit.", tokens[bars[MOST_BARS]].start)
    found = list(tokens)
    levels: list[list[int]] = [[]]
    for number, token in enumerate(tokens):
        if token.kind in OPENS:
            levels.append([])
        elif token.kind in CLOSES or token.kind == "COMMA":
            _settle(plain, tokens, levels.pop(), found)
            if token.kind == "COMMA":
                levels.append([])
        elif token.kind == "BAR":
            levels[-1].append(number)
    _settle(plain, tokens, levels.pop(), found)
    return found


def _settle(plain: PlainText, tokens: list[Token], bars: list[int], found: list[Token]) -> None:
    """Make out the bars of one bracket."""
    kinds = _reading(tokens, bars)
    if kinds is None:
        place = plain.place(tokens[bars[-1]].start) + 1
        raise plain.error(f"The bar | at character {place:,} has no partner.", tokens[bars[-1]].start)
    for number, kind in zip(bars, kinds, strict=True):
        found[number] = tokens[number].as_a(kind)


def _reading(tokens: list[Token], bars: list[int]) -> list[str] | None:
    """The bars' kinds; None where no reading gives each its partner.

    What led nowhere is remembered, so that there are at most bars^2 tries.
    """
    dead: set[tuple[int, int, str]] = set()
    tried: list[tuple[list[str], int]] = [([], 0)]
    while tried:
        kinds, depth = tried.pop()
        at = len(kinds)
        if at == len(bars):
            if depth == 0:
                return kinds
            continue
        before = tokens[bars[at] - 1].kind if bars[at] else ""
        if before == "BAR":
            before = kinds[-1]
        if (at, depth, before) in dead:
            continue
        dead.add((at, depth, before))
        tried.append(([*kinds, "BAR_OPEN"], depth + 1))
        if before in ENDS and depth:
            tried.append(([*kinds, "BAR_CLOSE"], depth - 1))
    return None
