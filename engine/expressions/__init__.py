"""Formulas that a person types: one grammar, from which come NumPy's and TensorFlow's functions, their gradients, the
typeset forms and the help. What is typed is read, never carried out.

``parse(text, variables)`` gives an Expression, or raises FormulaError with one sentence and the slip's place.
"""

from engine.expressions.errors import FormulaError
from engine.expressions.formula import Expression, Place, parse
from engine.expressions.guide import full_help, functions_by_group, short_help
from engine.expressions.knob import remarks_on

__all__ = [
    "Expression",
    "FormulaError",
    "Place",
    "full_help",
    "functions_by_group",
    "parse",
    "remarks_on",
    "short_help",
]
