"""Commas: which of them part a function's values, and which are decimal commas or set thousands apart.

A semicolon in a function's brackets parts its values, and every comma there is then a decimal one. Without it, a comma
between two digits parts values where the function takes several, as max(0,5) does; outside of such brackets it is a
decimal comma. Where two readings are left, the sentence asks.
"""

from __future__ import annotations

import re
from dataclasses import replace
from math import comb

from engine.expressions.errors import quoted
from engine.expressions.functions import FUNCTIONS
from engine.expressions.parser.characters import PlainText
from engine.expressions.parser.reading import CLOSES, OPENS
from engine.expressions.parser.tokens import Token

_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[1-9][0-9]{0,2}(,[0-9]{3}){2,}")
_ASKED = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_DECIMAL = re.compile(r"([0-9]+|[1-9][0-9]{0,2}\.[0-9]{3}),[0-9]+([eE][-+]?[0-9]+)?")


def with_decimals(plain: PlainText, tokens: list[Token], remarks: list[str]) -> list[Token]:
    """The same with numbers whole, and only those commas left that part values.

    Raises:
        FormulaError: a comma that can be read in two ways.
    """
    levels: list[tuple[str, list[int]]] = [("", [])]
    decimal: set[int] = set()
    functions: list[str] = []
    for number, token in enumerate(tokens):
        if token.kind == "FUNCTION":
            functions.append(token.text)
        if token.kind in OPENS:
            levels.append((functions[-1] if token.kind == "CALL_OPEN" else "", []))
        elif token.kind in CLOSES:
            decimal |= _decimal_ones(plain, tokens, *levels.pop(), remarks)
        elif token.kind == "COMMA":
            levels[-1][1].append(number)
    decimal |= _decimal_ones(plain, tokens, *levels.pop(), remarks)
    return _joined(plain, tokens, decimal)


def _decimal_ones(
    plain: PlainText, tokens: list[Token], function: str, commas: list[int], remarks: list[str]
) -> set[int]:
    """Those of one bracket's commas that belong to numbers; ``function`` is "" where it is no function's."""
    tight = [number for number in commas if _is_tight(tokens, number)]
    least, most = FUNCTIONS[function].counts if function else (1, 1)
    if most == 1 or any(tokens[number].text == ";" for number in commas):
        return set(tight)
    if not tight:
        return set()
    start, end = tokens[commas[0] - 1].start, tokens[commas[-1] + 1].end
    text = plain.text[start:end]
    if len(commas) == 1:
        remarks.append(f"In {function}({text.strip()}) the comma parts two values; a decimal comma is a point there.")
        return set()
    loose = len(commas) - len(tight)
    ways = {count: comb(len(tight), count) for count in range(len(tight) + 1)}
    ways = {count: number for count, number in ways.items() if least <= loose + len(tight) - count + 1 <= most}
    if list(ways) == [len(tight)]:
        remarks.append(f"In {function}({text.strip()}) a comma between digits is a decimal comma.")
        return set(tight)
    if sum(ways.values()) == 1 or not ways:
        return set()
    raise plain.error(
        f"In {quoted(f'{function}({text.strip()})', 32)} a comma can be a decimal one; "
        "write a decimal point, or part the values with a semicolon or a comma and a blank.",
        start,
        end,
    )


def _is_tight(tokens: list[Token], number: int) -> bool:
    """Whether a comma stands right between two digits."""
    if number == 0 or number + 1 >= len(tokens) or tokens[number].text != ",":
        return False
    before, after = tokens[number - 1], tokens[number + 1]
    touch = before.end == tokens[number].start and tokens[number].end == after.start
    return touch and before.kind == after.kind == "NUMBER" and before.text[-1].isdigit() and after.text[0].isdigit()


def _joined(plain: PlainText, tokens: list[Token], decimal: set[int]) -> list[Token]:
    found: list[Token] = []
    number = 0
    while number < len(tokens):
        token = tokens[number]
        if number + 1 not in decimal:
            found.append(token)
            number += 1
            continue
        last = number
        while last + 1 in decimal:
            last += 2
        text = "".join(piece.text for piece in tokens[number : last + 1]).replace("_", "")
        found.append(replace(token, text=_whole_number(plain, text, token.start), end=tokens[last].end))
        number = last + 1
    return found


def _whole_number(plain: PlainText, text: str, start: int) -> str:
    """A number with a decimal comma or thousands set apart, as it is written with a decimal point."""
    if _THOUSANDS.fullmatch(text):
        return text.replace(",", "")
    if _ASKED.fullmatch(text):
        whole, part = text.split(",")
        raise plain.error(
            f"{quoted(text)} can be {whole}{part} or {whole}.{part}; write it without the comma, or with a point.",
            start,
            start + len(text),
        )
    if _DECIMAL.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    raise plain.error(
        f"{quoted(text)} is no number that can be read in one way; write it with a decimal point.",
        start,
        start + len(text),
    )
