"""Products: the signs that a formula leaves out, as in 2x, (x-1)(x+2), x sin(x) and sin 2x.

Between two operands a sign is put in: BESIDE, which binds as * does, or WITHIN the value of a function that has no
brackets. Where another reading is common, a remark says which one was taken.
"""

from __future__ import annotations

from engine.expressions.errors import quoted
from engine.expressions.parser.characters import PlainText
from engine.expressions.parser.reading import BEGINS, CLOSES, ENDS, OPENS, arguments_start, partners
from engine.expressions.parser.tokens import Token

_LOOSE = {"PLUS", "MINUS", "STAR", "SLASH", "COMMA"}  # what ends the value of a function without brackets


def with_products(plain: PlainText, tokens: list[Token], remarks: list[str]) -> list[Token]:
    """The same with every product's sign.

    Raises:
        FormulaError: two numbers side by side; a function's value whose end isn't clear.
    """
    return _Products(plain, tokens, remarks).signed()


class _Products:
    """Goes through the tokens once; ``_bare`` says for each open bracket whether a function's bare value goes on.

    A bare value is the number of its function, or None; of a root, and of a function of a function, it is one factor.
    """

    def __init__(self, plain: PlainText, tokens: list[Token], remarks: list[str]) -> None:
        self._plain, self._tokens, self._remarks = plain, tokens, remarks
        self._pairs = partners(tokens)
        self._bare: list[int | None] = [None]
        self._starts: dict[int, int] = {}  # where functions' values begin -> the function
        self._single: set[int] = set()  # functions whose bare value is one factor

    def signed(self) -> list[Token]:
        found: list[Token] = []
        for number, token in enumerate(self._tokens):
            if number and number not in self._starts and self._are_operands(number):
                found.append(self._sign(number))
            self._keep_track(number, token)
            found.append(token)
            self._remark_quotient_in_power(number)
        return found

    def _are_operands(self, number: int) -> bool:
        return self._tokens[number - 1].kind in ENDS and self._tokens[number].kind in BEGINS

    def _keep_track(self, number: int, token: Token) -> None:
        if token.kind == "FUNCTION":
            start = arguments_start(self._tokens, self._pairs, number)
            self._starts[start] = number
            if number in self._starts:  # a function of a function
                self._single.add(self._starts[number])
        if number in self._starts and token.kind != "CALL_OPEN":
            self._begin_bare(self._starts[number])
        if token.kind in OPENS:
            self._bare.append(None)
        elif token.kind in CLOSES:
            self._bare.pop()
        elif token.kind in _LOOSE and number not in self._starts and self._tokens[number - 1].kind != "POWER":
            self._bare[-1] = None

    def _begin_bare(self, function: int) -> None:
        self._bare[-1] = function
        if self._tokens[function].text in ("sqrt", "cbrt") and self._typed(function) in "√∛":
            self._single.add(function)

    def _sign(self, number: int) -> Token:
        """The sign between this token and the one before it."""
        left, right = self._tokens[number - 1], self._tokens[number]
        place = self._plain.place(right.start) + 1
        if left.kind == right.kind == "NUMBER":
            text = self._plain.text[left.start : right.end]
            why = "has more than one decimal point" if "." in text else "are two numbers side by side"
            raise self._plain.error(
                f"{quoted(text)} at character {self._plain.place(left.start) + 1:,} {why}.", left.start, right.end
            )
        if right.kind == "NUMBER" and left.kind in ("VARIABLE", "CONSTANT") and left.end == right.start:
            text = self._plain.text[left.start : right.end]
            raise self._plain.error(
                f"{quoted(text)} at character {self._plain.place(left.start) + 1:,} has no sign between; "
                "write * for a product, ^ for a power.",
                left.start,
                right.end,
            )
        function = self._bare[-1]
        sign = Token("BESIDE", "*", right.start, right.start)
        if function is not None and function not in self._single:
            name = self._typed(function)
            if right.kind in ("NUMBER", "VARIABLE", "CONSTANT") or (left.kind == "NUMBER" and right.kind in OPENS):
                self._remark(f"{name} takes the whole product that follows: {name} 2x is {name}(2x).")
                return Token("WITHIN", "*", right.start, right.start)
            if right.kind != "FUNCTION":
                raise self._plain.error(
                    f"It isn't clear where the value of {name} ends, before character {place:,}; put it in brackets.",
                    self._tokens[function].start,
                    right.end,
                )
        if function is not None and self._typed(function) in "√∛":
            root = self._plain.text[self._tokens[function].start : right.end].strip()
            self._remark(f"In {root} the root is of {self._typed_of(left)} alone; brackets say more: √(2x).")
        self._bare[-1] = None
        self._remark_product(number)
        return sign

    def _remark_product(self, number: int) -> None:
        """Say how 1/2x, e^2x and x 2 are read."""
        left, right = self._tokens[number - 1], self._tokens[number]
        touch = left.end == right.start
        start = self._operand_start(number - 1)
        before = self._tokens[start - 1].kind if start else ""
        if before == "SLASH" and touch:
            under = self._text(start, number - 1)
            beside = "(…)" if right.kind in OPENS else self._typed_of(right)
            self._remark(
                f"/{under}{beside} is read from the left: first /{under}, then times {beside}; "
                f"write /({under}{beside}) for the other."
            )
        if left.kind == "NUMBER" and touch and number >= 3 and self._tokens[number - 2].kind == "POWER":
            base = self._tokens[number - 3]
            if base.kind in ("CONSTANT", "NUMBER"):
                power = f"{self._typed_of(base)}^{self._typed_of(left)}"
                beside = self._typed_of(right)
                self._remark(
                    f"{power}{beside} is read as ({power})·{beside}; write {self._typed_of(base)}^("
                    f"{self._typed_of(left)}{beside}) for the other."
                )
        if right.kind == "NUMBER" and left.kind in ("VARIABLE", "CONSTANT") and not touch:
            name, number_text = self._typed_of(left), self._typed_of(right)
            self._remark(f"{name} {number_text} is read as {number_text}·{name}; a power is {name}^{number_text}.")

    def _remark_quotient_in_power(self, number: int) -> None:
        """Say how x^1/3 is read."""
        kinds = [token.kind for token in self._tokens[max(0, number - 3) : number + 1]]
        if kinds != ["POWER", "NUMBER", "SLASH", "NUMBER"] or self._tokens[number - 2].text != "1":
            return
        above, sign, under = self._tokens[number - 2 : number + 1]
        if above.end == sign.start and sign.end == under.start:
            quotient = f"{self._typed_of(above)}/{self._typed_of(under)}"
            self._remark(
                f"^{quotient} is read as a power of {self._typed_of(above)}, then divided by {self._typed_of(under)}; "
                f"write ^({quotient}) for the root."
            )

    def _operand_start(self, number: int) -> int:
        """The number of the token with which the operand that ends here begins, powers and functions included."""
        start = self._pairs.get(number, number)
        if self._tokens[start].kind == "RAISE_OPEN":
            return self._operand_start(start - 1)
        if self._tokens[start].kind == "CALL_OPEN":
            start = self._starts.get(start, start)
        if start >= 2 and self._tokens[start - 1].kind == "POWER":
            return self._operand_start(start - 2)
        if start >= 3 and self._tokens[start - 1].kind == "MINUS" and self._tokens[start - 2].kind == "POWER":
            return self._operand_start(start - 3)
        return start

    def _typed(self, function: int) -> str:
        return self._typed_of(self._tokens[function])

    def _typed_of(self, token: Token) -> str:
        return self._plain.text[token.start : token.end]

    def _text(self, first: int, last: int) -> str:
        return self._plain.text[self._tokens[first].start : self._tokens[last].end]

    def _remark(self, sentence: str) -> None:
        if sentence not in self._remarks:
            self._remarks.append(sentence)
