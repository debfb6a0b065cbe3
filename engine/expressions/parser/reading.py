"""Reading: the tokens with every word resolved, brackets and bars matched, and numbers whole.

What is guessed on the way is remarked. products.py puts in the products' missing signs afterwards.
"""

from __future__ import annotations

import re
from dataclasses import replace

from engine.expressions.errors import quoted
from engine.expressions.functions import INVERSES
from engine.expressions.parser.characters import SUPERSCRIPTS, PlainText, plain_fraction
from engine.expressions.parser.tokens import Token, tokens_of
from engine.expressions.parser.words import Words

OPENING, CLOSING = "([{⌊⌈", ")]}⌋⌉"
ROOTS = {"√": "sqrt", "∛": "cbrt"}
DEEPEST = 40  # brackets within brackets

_PARTNERS = dict(zip(CLOSING, OPENING, strict=True))
_OPENERS = {"⌊": "FLOOR_OPEN", "⌈": "CEILING_OPEN"}
_CLOSERS = {"⌋": "FLOOR_CLOSE", "⌉": "CEILING_CLOSE"}
ENDS = {"NUMBER", "VARIABLE", "CONSTANT", "CLOSE", "RAISE_CLOSE", "BAR_CLOSE", "FLOOR_CLOSE", "CEILING_CLOSE"}
BEGINS = {"NUMBER", "VARIABLE", "CONSTANT", "FUNCTION", "OPEN", "BAR_OPEN", "FLOOR_OPEN", "CEILING_OPEN"}
OPENS = {"OPEN", "CALL_OPEN", "RAISE_OPEN", "FLOOR_OPEN", "CEILING_OPEN", "BAR_OPEN"}
CLOSES = {"CLOSE", "RAISE_CLOSE", "FLOOR_CLOSE", "CEILING_CLOSE", "BAR_CLOSE"}


def resolved(plain: PlainText, tokens: list[Token], words: Words, remarks: list[str]) -> list[Token]:
    """Words as variables, constants and functions; fractions and roots as numbers and functions; superscripts opened.

    Raises:
        FormulaError: an unknown word, with the nearest known one.
    """
    found: list[Token] = []
    for token in tokens:
        match token.kind:
            case "WORD":
                found += _of_a_word(plain, token, words, remarks)
            case "FRACTION":
                found += _of_a_fraction(found, token)
            case "ROOT":
                found.append(token.as_a("FUNCTION", ROOTS[token.text]))
            case "SUPERSCRIPT":
                found += _of_a_superscript(plain, token, words, remarks)
            case _:
                found.append(token)
    return found


def _of_a_word(plain: PlainText, token: Token, words: Words, remarks: list[str]) -> list[Token]:
    word = token.text.rpartition(".")[2].strip()  # without np. or math.
    start = token.end - len(word)
    meaning = words.known(word)
    if meaning is not None:
        if word.lower() == "log":
            remarks.append("log is the natural logarithm; log10 and log2 are the others.")
        if word.lower() == "x2" and meaning.name == "y" and not re.search("x_?[1₁]", plain.typed, re.IGNORECASE):
            remarks.append(f"{word} is {meaning.name}, the second parameter; a power is x^2.")
        return [replace(token, kind=meaning.kind, text=meaning.name, start=start)]
    meanings = words.split(word)
    if meanings is None:
        place = f"{quoted(word)}, character {plain.place(start) + 1:,}"
        raise plain.error(f"{place}, {words.unknown(word)}.", start, token.end)
    pieces = []
    for meaning in meanings:
        pieces.append(Token(meaning.kind, meaning.name, start, start + meaning.length))
        start += meaning.length
    remarks.append(f"{word} is read as {' '.join(plain.text[piece.start : piece.end] for piece in pieces)}.")
    return pieces


def _of_a_fraction(before: list[Token], token: Token) -> list[Token]:
    """½ as the number 1/2; 2½ as 5/2, which takes the number before it."""
    numerator, denominator = map(int, plain_fraction(token.text).split("/"))
    if before and before[-1].kind == "NUMBER" and before[-1].end == token.start and before[-1].text.isdigit():
        whole = before.pop()
        return [Token("NUMBER", f"{int(whole.text) * denominator + numerator}/{denominator}", whole.start, token.end)]
    return [token.as_a("NUMBER", f"{numerator}/{denominator}")]


def _of_a_superscript(plain: PlainText, token: Token, words: Words, remarks: list[str]) -> list[Token]:
    raised = "".join(SUPERSCRIPTS[letter] for letter in token.text)
    inner = tokens_of(PlainText(raised, raised, tuple(range(len(raised) + 1))))
    placed = [replace(piece, start=piece.start + token.start, end=piece.end + token.start) for piece in inner]
    placed = resolved(plain, placed, words, [])
    first, last = token.start, token.end
    return [Token("RAISE_OPEN", "⁽", first, first + 1), *placed, Token("RAISE_CLOSE", "⁾", last - 1, last)]


def matched(plain: PlainText, tokens: list[Token]) -> list[Token]:
    """The same with every bracket as an opening or a closing one; a function's own opens its values.

    Raises:
        FormulaError: a bracket without its partner, or too many within each other.
    """
    found: list[Token] = []
    open_ones: list[Token] = []
    for token in tokens:
        if token.kind in ("RAISE_OPEN",) or (token.kind == "BRACKET" and token.text in OPENING):
            open_ones.append(token)
            if len(open_ones) > DEEPEST:
                raise plain.error(f"This formula is nested too deeply; at most {DEEPEST} levels fit.", token.start)
            kind = "RAISE_OPEN" if token.kind == "RAISE_OPEN" else _OPENERS.get(token.text, "OPEN")
            found.append(token.as_a(kind))
        elif token.kind == "RAISE_CLOSE" or token.kind == "BRACKET":
            wanted = "⁽" if token.kind == "RAISE_CLOSE" else _PARTNERS[token.text]
            if not open_ones:
                raise plain.error(
                    f"The bracket at character {plain.place(token.start) + 1:,} closes one that isn't open.",
                    token.start,
                )
            if open_ones[-1].text != wanted:
                raise plain.error(
                    f"{quoted(open_ones[-1].text)} is closed by {quoted(token.text)} at character "
                    f"{plain.place(token.start) + 1:,}; one bracket is missing before it.",
                    token.start,
                )
            open_ones.pop()
            kind = "RAISE_CLOSE" if token.kind == "RAISE_CLOSE" else _CLOSERS.get(token.text, "CLOSE")
            found.append(token.as_a(kind))
        else:
            found.append(token)
    if open_ones:
        count = len(open_ones)
        place = plain.place(open_ones[-1].start) + 1
        said = (
            f"The bracket at character {place:,} is still open."
            if count == 1
            else f"{count} brackets are still open, the last at character {place:,}."
        )
        raise plain.error(said, open_ones[-1].start)
    return found


def partners(tokens: list[Token]) -> dict[int, int]:
    """Which bracket belongs to which, both ways, by their numbers; bars that aren't made out yet are left out."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for number, token in enumerate(tokens):
        if token.kind in OPENS:
            stack.append(number)
        elif token.kind in CLOSES:
            first = stack.pop()
            found[first], found[number] = number, first
    return found


def with_calls(plain: PlainText, tokens: list[Token], remarks: list[str]) -> list[Token]:
    """A function's own bracket told from any other, past an exponent as in sin^2(x).

    Raises:
        FormulaError: x[0], which is a place in a list elsewhere and would be a product here.
    """
    pairs = partners(tokens)
    found = list(tokens)
    for number, token in enumerate(tokens):
        if token.kind == "FUNCTION":
            at = arguments_start(tokens, pairs, number)
            if at < len(tokens) and tokens[at].kind == "OPEN":
                found[at] = tokens[at].as_a("CALL_OPEN")
            exponent = "".join(piece.text for piece in tokens[number + 1 : at]).strip("^*⁽⁾()")
            if exponent == "-1" and token.text in INVERSES:
                name = INVERSES[token.text]
                remarks.append(
                    f"{token.text}⁻¹ is read as {name}, the inverse function; 1/{token.text}(x) is the other."
                )
        if token.kind == "VARIABLE" and _is_indexed(tokens, number):
            text = plain.text[token.start : tokens[number + 3].end]
            raise plain.error(
                f"{quoted(text)} can be a parameter or a product; write x1 and x2, or x and y, for the parameters.",
                token.start,
                tokens[number + 3].end,
            )
    return found


def _is_indexed(tokens: list[Token], number: int) -> bool:
    rest = tokens[number + 1 : number + 4]
    return (
        [piece.text for piece in rest[::2]] == ["[", "]"]
        and bool(re.fullmatch(r"[0-9]+", rest[1].text))
        and rest[0].start == tokens[number].end
    )


def arguments_start(tokens: list[Token], pairs: dict[int, int], function: int) -> int:
    """The number of the token with which a function's values begin: after its exponent, where it has one."""
    at = function + 1
    if at < len(tokens) and tokens[at].kind == "RAISE_OPEN":
        return pairs[at] + 1
    if at < len(tokens) and tokens[at].kind == "POWER":
        at += 1
        if at < len(tokens) and tokens[at].kind == "MINUS":
            at += 1
        return pairs.get(at, at) + 1
    return at
