"""A run as a TensorFlow script that stands alone, and the same as a Jupyter notebook."""

from __future__ import annotations

import ast
import json
from typing import Any

from app.sharing.code import landscape, painting, regression
from app.sharing.code.rules import CELL
from engine.run.spec import RunSpec

_SCRIPTS = {"landscape": landscape.script, "regression": regression.script, "painting": painting.script}


def script(spec: RunSpec, steps: int = 0) -> str:
    """Python code that trains as this run does, with TensorFlow, NumPy and scikit-image alone.

    ``steps``: how many; 0 stands for as many as the settings say.

    It prints its progress, and as its last line ``cost NUMBER``, the run's cost after the last step.

    Raises:
        ValueError: a file that the settings name can't be read; one sentence.
    """
    return _SCRIPTS[spec.experiment](spec, steps)


def notebook(spec: RunSpec, steps: int = 0) -> str:
    """The same code as a Jupyter notebook (nbformat 4.5), a cell for each part.

    Raises:
        ValueError: as of script().
    """
    first, *parts = script(spec, steps).split(f"\n{CELL}")
    title, _, about = ast.get_docstring(ast.parse(first)).partition("\n\n")
    imports = first[first.index('"""', 3) + 3 :].strip("\n")
    cells = [_text(f"# {title}\n\n{about}"), _code(imports)]
    for part in parts:
        heading, _, code = part.partition("\n")
        cells += [_text(f"## {heading}"), _code(code.strip("\n"))]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _text(words: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": words.splitlines(keepends=True)}


def _code(words: str) -> dict[str, Any]:
    lines = words.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines}
