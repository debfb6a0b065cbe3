"""Formula: what a person typed, read and ready to be evaluated, differentiated and shown.

``parse`` is the way in. Serves the knob: a formula is a setting like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from engine.expressions import latex, typeset
from engine.expressions.arithmetic import NumPyArithmetic, TensorArithmetic
from engine.expressions.errors import FormulaError, listed
from engine.expressions.program import Program, program_of
from engine.expressions.slopes import breaks_at, slopes_with_quotients
from engine.expressions.tree import Node, Variable, in_order

_NUMPY = NumPyArithmetic()


@dataclass(frozen=True)
class Place:
    """A formula at one place: its value, its gradient in the variables' order, and what has to be said of it.

    Where there is no value, or no slope, they are nan or infinite, and ``remark`` says why.
    """

    value: float
    gradient: tuple[float, ...]
    remark: str = ""


@dataclass(frozen=True)
class Expression:
    """A formula: ``text`` as it was typed, ``variables`` those that it uses, in the order in which they were offered.

    ``remarks`` say what was guessed, one sentence each.
    """

    text: str
    variables: tuple[str, ...]
    tree: Node = field(repr=False)
    program: Program = field(repr=False, compare=False)
    remarks: tuple[str, ...] = ()

    @cached_property
    def typeset(self) -> str:
        """The formula in one line as a book would set it: x² + √(1 + x)/2."""
        return typeset.typeset(self.tree)

    @cached_property
    def latex(self) -> str:
        """The formula in LaTeX, for mathematics mode."""
        return latex.latex(self.tree)

    def numpy(self, **values: Any) -> np.ndarray:
        """The value in float64, without warnings; where it has none, nan or inf. The arrays broadcast."""
        arrays = {name: np.asarray(value, np.float64) for name, value in values.items()}
        shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
        with np.errstate(all="ignore"):
            return np.broadcast_to(self.program.value(_NUMPY, arrays), shape)

    def tensorflow(self, **values: Any) -> Any:
        """The value as a tensor, in or out of a graph; tensors of one precision, which broadcast.

        Its gradient is the formula's own: exact where the rules of differentiation give a number, and the difference
        quotient where they give none though there is a slope.
        """
        from engine.backend import backend

        tf = backend.tensorflow()
        names = [name for name in self.variables if name in values]
        tensors = [tf.convert_to_tensor(values[name]) for name in names]
        m = TensorArithmetic(tf, tensors[0].dtype)

        at = dict(zip(names, tensors, strict=True))
        value, slopes, _ = slopes_with_quotients(self.program, m, at, names)
        # A tf.custom_gradient would do the same, but TensorFlow keeps each one and its graph for good. This adds 0, and
        # is differentiated to the slopes, also to those that are no number; the value itself is not differentiated.
        result = tf.stop_gradient(m.as_value(value))
        for slope, one in zip(slopes, tensors, strict=True):
            result += tf.math.multiply_no_nan(tf.stop_gradient(m.as_value(slope)), one - tf.stop_gradient(one))
        return result

    def over(self, m: Any, **values: Any) -> Any:
        """The value with NumPy, where ``m`` is numpy, or else with TensorFlow."""
        return self.numpy(**values) if m is np else self.tensorflow(**values)

    def at(self, **values: float) -> Place:
        """The value and the gradient at one place, with a remark where one of them is no number or breaks there."""
        at = {name: np.float64(values[name]) for name in self.variables}
        edges: list[bool] = []
        with np.errstate(all="ignore"):
            value, slopes, stood_in = slopes_with_quotients(self.program, _NUMPY, at, self.variables, edges)
            # |x|^2 is smooth at 0, though |x| is not.
            breaks = [breaks_at(self.program, _NUMPY, at, name) for name in self.variables] if edges else []
        gradient = tuple(float(slope) for slope in slopes)
        return Place(
            float(value),
            gradient,
            self._remark(float(value), gradient, any(map(bool, stood_in)), max(breaks, default="")),
        )

    def _remark(self, value: float, gradient: tuple[float, ...], is_quotient: bool, breaks: str) -> str:
        if not np.isfinite(value):
            return "The formula has no value there." if np.isnan(value) else "The formula's value is infinite there."
        missing = [name for name, slope in zip(self.variables, gradient, strict=True) if not np.isfinite(slope)]
        if missing:
            by = f" by {listed(missing)}" if len(self.variables) > 1 else ""
            is_steep = any(np.isinf(slope) for slope in gradient)
            why = (
                "is infinite there, as at the tip of a root"
                if is_steep
                else "has no value there, though the cost has one"
            )
            return f"The slope{by} {why}."
        if is_quotient:
            return (
                "The rules of differentiation give 0 times infinity there; "
                "the gradient is the difference quotient over both sides."
            )
        if breaks == "a kink":
            return "The formula has a kink there; the gradient is the mean of both sides' slopes."
        if breaks:
            return "The formula jumps there; the gradient leaves the jump out."
        return ""


@lru_cache(maxsize=256)
def _parsed(text: str, variables: tuple[str, ...]) -> Expression:
    from engine.expressions.parser.parsing import parsed

    found = parsed(text, variables)
    used = {node.name for node in in_order(found.tree) if isinstance(node, Variable)}
    program = program_of(found.tree)
    if not used:
        raise FormulaError(f"A formula needs {listed(variables, 'or')}; this one is the same number everywhere.")
    return Expression(text, tuple(name for name in variables if name in used), found.tree, program, found.remarks)


def parse(text: str, variables: Sequence[str] = ("x", "y")) -> Expression:
    """Read a formula of these variables; what is typed is never carried out.

    Raises:
        FormulaError: one sentence, whatever was typed, with the slip's place.
    """
    return _parsed(text, tuple(variables))
