"""Parsing: from what was typed to the tree, and one sentence with a place where there is no way.

Length, parts and nesting are limited before anything is built, so that nothing typed takes long or fills the memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lark import Token as LarkToken
from lark.exceptions import UnexpectedToken

from engine.expressions.errors import FormulaError, listed, quoted
from engine.expressions.parser.bars import with_bars
from engine.expressions.parser.characters import PlainText, plain_text
from engine.expressions.parser.commas import with_decimals
from engine.expressions.parser.products import with_products
from engine.expressions.parser.reading import matched, resolved, with_calls
from engine.expressions.parser.tokens import Token, grammar, tokens_of, without_heading
from engine.expressions.parser.words import Words, example
from engine.expressions.tree import Node

LONGEST = 400  # characters
MOST_PARTS = 200  # numbers, names and signs

_SIGNS = {"PLUS", "MINUS", "STAR", "SLASH", "POWER"}


@dataclass(frozen=True)
class Parsed:
    """The tree, and what was guessed on the way to it, one sentence each."""

    tree: Node
    remarks: tuple[str, ...]


def parsed(typed: str, variables: Sequence[str]) -> Parsed:
    """Read a formula of these variables.

    Raises:
        FormulaError: one sentence that says what would be right, with the slip's place in ``typed``.
    """
    if len(typed) > LONGEST:
        raise FormulaError(f"A formula has at most {LONGEST} characters; this one has {len(typed):,}.")
    plain = plain_text(typed)
    tokens, words, remarks = without_heading(plain, tokens_of(plain), variables)
    if not tokens:
        raise FormulaError(f"Type a formula of {listed(variables)}, such as {_example(variables)}.")
    if len(tokens) > MOST_PARTS:
        raise FormulaError(f"This formula has too many parts, {len(tokens)}; at most {MOST_PARTS} fit.")
    tokens = matched(plain, resolved(plain, tokens, words, remarks))
    tokens = with_decimals(plain, with_calls(plain, tokens, remarks), remarks)
    tokens = with_products(plain, with_bars(plain, tokens), remarks)
    return Parsed(_tree(plain, tokens, words), tuple(dict.fromkeys(remarks)))


def _tree(plain: PlainText, tokens: list[Token], words: Words) -> Node:
    parser = grammar().parse_interactive()
    for number, token in enumerate(tokens):
        start, end = plain.place(token.start), plain.place(max(token.start, token.end - 1)) + 1
        try:
            parser.feed_token(LarkToken(token.kind, token.text, start_pos=start, end_pos=end))
        except UnexpectedToken:
            raise plain.error(_slip(plain, tokens, number, words), token.start, token.end) from None
    try:
        return parser.feed_eof()
    except UnexpectedToken:
        last = tokens[-1]
        sentence = (
            _needs_value(last, words)
            if last.kind == "FUNCTION"
            else f"The formula breaks off after {_typed(plain, last)}; something has to follow."
        )
        raise plain.error(sentence, last.start, last.end) from None


def _slip(plain: PlainText, tokens: list[Token], number: int, words: Words) -> str:
    """What is wrong where the grammar doesn't go on."""
    token, before = tokens[number], tokens[number - 1] if number else None
    place = plain.place(token.start) + 1
    shown = _typed(plain, token)
    if before is not None and before.kind == "FUNCTION":
        return f"{_needs_value(before, words)[:-1]}; at character {place:,} stands {shown}."
    if token.kind == "COMMA":
        if before is not None and before.kind in _SIGNS | {"COMMA", "OPEN", "CALL_OPEN"}:
            return f"Something is missing before the comma at character {place:,}."
        return (
            f"The comma at character {place:,} parts nothing: a formula is one expression, and a decimal comma stands "
            "between two digits."
        )
    if token.kind in ("CLOSE", "BAR_CLOSE", "FLOOR_CLOSE", "CEILING_CLOSE", "RAISE_CLOSE"):
        if before is not None and before.kind in ("OPEN", "CALL_OPEN", "BAR_OPEN"):
            return f"There is nothing in the brackets at character {place:,}."
        if token.kind == "RAISE_CLOSE":
            return f"The superscript breaks off at character {place:,}."
        return f"Something is missing before the {shown} at character {place:,}."
    if token.kind in _SIGNS:
        return f"Something is missing before the {shown} at character {place:,}."
    return f"The formula can't be read at character {place:,}, {shown}."


def _needs_value(function: Token, words: Words) -> str:
    return f"{function.text} needs its value, as in {example(function.text, words.variables[0])}."


def _typed(plain: PlainText, token: Token) -> str:
    return quoted(
        plain.typed[plain.place(token.start) : plain.place(max(token.start, token.end - 1)) + 1] or token.text
    )


def _example(variables: Sequence[str]) -> str:
    first = variables[0]
    return f"sin(3{first}) + {first}^2" if len(variables) == 1 else f"{first}^2 + sin(3{variables[1]})"
