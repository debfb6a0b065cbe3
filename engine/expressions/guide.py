"""Guide: what can be typed, in words, from the functions' own entries; for tooltips and the command line's help."""

from __future__ import annotations

from collections.abc import Sequence

from engine.expressions.errors import listed
from engine.expressions.functions import FUNCTIONS
from engine.expressions.parser.words import example


def functions_by_group() -> dict[str, tuple[str, ...]]:
    """Every function by its own name, in groups."""
    groups: dict[str, list[str]] = {}
    for function in FUNCTIONS.values():
        groups.setdefault(function.group, []).append(function.name)
    return {group: tuple(names) for group, names in groups.items()}


def short_help(variables: Sequence[str] = ("x", "y")) -> str:
    """One or two sentences for a tooltip."""
    names = " ".join(function.name for function in FUNCTIONS.values())
    return (
        f"A formula of {listed(variables, 'or')} as a calculator takes it: 2{variables[0]}, {variables[0]}^2, "
        f"sin²(3{variables[0]}), |{variables[0]}|, √{variables[0]}, pi, e. Functions: {names}."
    )


def full_help() -> str:
    """Everything that can be typed, a line each."""
    lines = [
        "Signs: + - * / ^ (also ** · × ÷ and superscripts); a product's sign may be left out: 2x, 3(x-1), x sin(x).",
        "A power binds most, from the right; -x^2 is -(x^2); 1/2x is (1/2)*x; odd roots of negative numbers are real.",
        "Brackets: ( ) [ ] { }; |x| is the absolute value, ⌊x⌋ floor, ⌈x⌉ ceil, √x the root; sin 2x is sin(2x).",
        "Numbers: 0.5, 0,5, 1e-3, ½; pi or π, e, tau or τ.",
    ]
    for group, names in functions_by_group().items():
        lines.append(f"{group.capitalize()}: {', '.join(_entry(name) for name in names)}.")
    return "\n".join(lines)


def _entry(name: str) -> str:
    others = FUNCTIONS[name].spellings[1:]
    return example(name) + (f" (also {', '.join(others)})" if others else "")
