"""Tokens: what was typed, cut into words, numbers and signs, before products and brackets are made out.

Reads the terminals of grammar.lark; drops what only stands before a formula (``y =``, ``f(x) =``) or after it (``;``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from engine.expressions.errors import listed, quoted
from engine.expressions.functions import SPELLINGS
from engine.expressions.parser.characters import PlainText
from engine.expressions.parser.words import Words

if TYPE_CHECKING:
    from lark import Lark

_SAME = ("x1", "x2", "x3", "x", "y")  # names that a heading gives to the parameters they are anyway


@dataclass(frozen=True)
class Token:
    """A piece of the plain text: its terminal's name, what it stands for, and where it begins and ends."""

    kind: str
    text: str
    start: int
    end: int

    def as_a(self, kind: str, text: str | None = None) -> Token:
        """The same piece read as something else."""
        return replace(self, kind=kind, text=self.text if text is None else text)


@cache
def grammar() -> Lark:
    """The parser of grammar.lark, made once; lark is imported only when the first formula is read."""
    from lark import Lark

    from engine.expressions.parser.builder import Builder

    text = files("engine.expressions.parser").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="basic", postlex=_KeepsAll(), transformer=Builder())


class _KeepsAll:
    """Tells lark that its terminals are wanted, though rules name only what is made from them."""

    always_accept = ("WORD", "FRACTION", "SUPERSCRIPT", "ROOT", "BAR", "BRACKET", "EQUALS")

    def process(self, stream: object) -> object:
        return stream


def tokens_of(plain: PlainText) -> list[Token]:
    """The text's pieces.

    Raises:
        FormulaError: a character that stands where none can, such as a lone full stop.
    """
    from lark.exceptions import UnexpectedCharacters

    # Thousands may be set apart by a narrow or a fixed blank; no formula has such a blank within a number else.
    text = re.sub(r"(?<=\d)\u00a0(?=\d{3}(?!\d))", "_", plain.text).replace("\u00a0", " ").rstrip("; ")
    try:
        return [
            Token(piece.type, str(piece), piece.start_pos, piece.end_pos)
            for piece in grammar().lex(text)
        ]  # fmt: skip
    except UnexpectedCharacters as error:
        at = error.pos_in_stream
        letter = text[at]
        sentence = f"{quoted(letter)}, character {plain.place(at) + 1:,}, can't stand there"
        raise plain.error(f"{sentence}{_why(text, at)}.", at) from None


def _why(text: str, at: int) -> str:
    match text[at]:
        case ".":
            return "; a number has at most one decimal point"
        case ":":
            return "; a quotient is written with /"
        case "_":
            return "; no name begins with it"
    return ""


def without_heading(
    plain: PlainText, tokens: list[Token], variables: Sequence[str]
) -> tuple[list[Token], Words, list[str]]:
    """The tokens after ``y =``, ``f(x) =`` or a lone ``=``, the words that they may use, and what to remark.

    ``f(t) = ...`` calls the first parameter t.

    Raises:
        FormulaError: an equation, or a heading that is none.
    """
    words = Words(variables)
    signs = [place for place, token in enumerate(tokens) if token.kind == "EQUALS"]
    if not signs:
        return tokens, words, []
    sign = tokens[signs[0]]
    if len(signs) > 1:
        again = tokens[signs[1]]
        raise plain.error(
            f"There is a second = at character {plain.place(again.start) + 1:,}; a formula has one at most.",
            again.start,
        )
    head, body = tokens[: signs[0]], tokens[signs[0] + 1 :]
    if not head:
        return body, words, []
    names = _heading(head, words)
    if names is None:
        raise plain.error(
            f"Before the = can only stand a name, as in y = {variables[0]}^2 or f({', '.join(variables)}) = ...; "
            "a formula is no equation.",
            head[0].start,
            sign.end,
        )
    name, *called = names
    if name.lower() == "y" and not called and any(token.text.lower() == "y" for token in body):
        raise plain.error("y stands on both sides of the =; write only what is on the right.", head[0].start, sign.end)
    if not called or all(one.lower() in (*variables, *_SAME) for one in called):
        return body, words, []
    if len(called) > len(variables):
        raise plain.error(
            f"A formula has {listed(variables)} to depend on, not {len(called)} names.", head[0].start, sign.end
        )
    others = dict(zip(called, variables, strict=False))
    remark = f"{listed([f'{typed} is called {meant}' for typed, meant in others.items()])} here."
    return body, Words(variables, others), [remark]


def _heading(head: list[Token], words: Words) -> list[str] | None:
    """The name before an =, and what stands in its brackets; None where it is no heading."""
    name, *rest = (token.text for token in head)
    if head[0].kind != "WORD" or name.lower() in SPELLINGS or (words.known(name) and name.lower() not in ("y", "e")):
        return None
    if not rest:
        return [name]
    called = rest[1:-1:2]
    shape = ["BRACKET", *(["WORD", "COMMA"] * len(called))[:-1], "BRACKET"]
    if not called or [token.kind for token in head[1:]] != shape or rest[0] != "(" or rest[-1] != ")":
        return None
    if len(set(called)) < len(called) or any(one.lower() in SPELLINGS or one.lower() in ("e", "pi") for one in called):
        return None
    return [name, *called]
