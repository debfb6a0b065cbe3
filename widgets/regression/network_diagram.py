"""A network as columns of nodes and the weights between them, read from its named tensors.

Which nodes are drawn of a wide layer is fixed by its width alone, so that the diagram stands still while it trains.
Serves the network diagram.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MOST_NODES = 18  # drawn of a layer
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its name, each drawn node's name, which of ``size`` nodes are drawn, and the bias of all of them.

    ``shown`` (k,) indices; ``bias`` (size,) or None.
    """

    name: str
    names: tuple[str, ...]
    size: int
    shown: np.ndarray
    bias: np.ndarray | None


@dataclass(frozen=True, eq=False)
class Diagram:
    """``weights[i]`` (size of column i, size of column i + 1) lead from one column to the next.

    ``tensors[i]`` names them, "" where they are fixed (a plain sum).
    """

    columns: tuple[Column, ...]
    weights: tuple[np.ndarray, ...]
    tensors: tuple[str, ...]


def diagram_of(tensors: Sequence[tuple[str, np.ndarray]]) -> Diagram:
    """The diagram of a regression's model."""
    found = dict(tensors)
    if "line/W" in found:
        columns = (_column("input", 1, None, ("x",)), _column("output", 1, found["line/B"], ("y",)))
        return Diagram(columns, (found["line/W"],), ("line/W",))
    if "polynomial/w" in found:
        weights = found["polynomial/w"]
        powers = tuple(
            "1" if i == 0 else "x" if i == 1 else "x" + str(i).translate(_RAISED) for i in range(len(weights))
        )
        columns = (_column("powers", len(weights), None, powers), _column("output", 1, found["polynomial/b"], ("y",)))
        return Diagram(columns, (weights,), ("polynomial/w",))
    columns, weights, names = [_column("input", 1, None, ("x",))], [], []
    number = 1
    while f"layer_{number}/W" in found:
        matrix = found[f"layer_{number}/W"]
        columns.append(_column(f"layer {number}", matrix.shape[1], found[f"layer_{number}/b"]))
        weights.append(matrix)
        names.append(f"layer_{number}/W")
        number += 1
    if "output/W" in found:
        columns.append(_column("output", 1, found["output/b"], ("y",)))
        weights.append(found["output/W"])
        names.append("output/W")
    else:
        columns.append(_column("sum", 1, None, ("Σ",)))
        weights.append(np.ones((columns[-2].size, 1), np.float32))
        names.append("")
    return Diagram(tuple(columns), tuple(weights), tuple(names))


def _column(name: str, size: int, bias: np.ndarray | None, names: tuple[str, ...] = ()) -> Column:
    shown = np.unique(np.linspace(0, size - 1, min(size, MOST_NODES)).round().astype(int))
    return Column(name, names or tuple(str(node + 1) for node in shown), size, shown, bias)
