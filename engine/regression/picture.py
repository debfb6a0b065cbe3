"""What the regression page shows of one moment: data, fit, what is inside the model, lessons. Frozen, like every frame.

Each part that costs something is there only where the view needs it. Station of the loop: the frame.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.analysis.cost_surface import Position
from engine.frames import Picture
from engine.regression.units import OWN, Unit, line_of
from engine.tables.table import TableHead

BEYOND = 1.5  # the prediction is drawn to this many times the data's span, to see it fail there
NOTHING = np.empty(0)
NO_ROWS = np.empty(0, np.int32)
for _empty in (NOTHING, NO_ROWS):
    _empty.setflags(write=False)


@dataclass(frozen=True, eq=False)
class RegressionPicture(Picture):
    """The regression page's main picture.

    ``data_x``, ``data_y`` (n,); ``part`` (n,) which of them train (0), validate (1) and test (2), empty for all 0;
    ``batch`` the rows of the last step; ``costs`` of the three parts, NaN for an empty one. ``x`` and ``prediction``
    (g,); ``older`` (k, g) earlier fits on the same x, oldest first, with their epochs in ``older_epochs`` (k,).
    All these are in the data's own units, and ``names`` are those of the axes; ``table``: how else their file can
    be read. ``tensors``: every named tensor of the
    model as it is now, which is trained on what ``x_unit`` and ``y_unit`` make of the data. ``learning_rate``: what the
    last step was taken with.
    """

    data_x: np.ndarray
    data_y: np.ndarray
    x: np.ndarray
    prediction: np.ndarray
    older: np.ndarray
    older_epochs: np.ndarray
    draws: InitialDraws | None = None
    part: np.ndarray = field(default_factory=lambda: NO_ROWS)
    batch: np.ndarray = field(default_factory=lambda: NO_ROWS)
    costs: tuple[float, float, float] = (float("nan"),) * 3
    tensors: tuple[tuple[str, np.ndarray], ...] = ()
    learning_rate: float = float("nan")
    neurons: Neurons | None = None
    layers: tuple[LayerPicture, ...] = ()
    position: Position | None = None
    activations: Activations | None = None
    names: tuple[str, str] = ("x", "y")
    table: TableHead | None = None
    x_unit: Unit = OWN
    y_unit: Unit = OWN

    @property
    def line(self) -> tuple[float, float] | None:
        """W and B in the data's own units, if the model is the line."""
        named = dict(self.tensors)
        if "line/W" not in named:
            return None
        return line_of(self.x_unit, self.y_unit, float(named["line/W"].item()), float(named["line/B"].item()))


@dataclass(frozen=True, eq=False)
class InitialDraws:
    """The lesson of initial values.

    ``values``: for each label, draws of one distribution, shape (n,). ``predictions``: for each label, the first
    predictions of several seeds on ``RegressionPicture.x``, shape (seeds, g).
    """

    labels: tuple[str, ...]
    values: tuple[np.ndarray, ...]
    predictions: tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class Neurons:
    """What adds up to the fit, and the curves of one layer.

    ``terms`` (t, g), largest mean size first, with ``term_names``; ``rest`` (g,) the sum of the ``rest_count`` others.
    ``outputs`` (k, g): the neurons' own outputs, of ``of`` in hidden layer ``layer`` (1 is the first), with
    ``output_names``; empty where the model has no neurons.
    """

    terms: np.ndarray
    term_names: tuple[str, ...]
    rest: np.ndarray
    rest_count: int
    outputs: np.ndarray
    output_names: tuple[str, ...]
    layer: int
    of: int


@dataclass(frozen=True, eq=False)
class LayerPicture:
    """One layer now and so far.

    ``gradient`` and ``size`` are the root mean squares of its gradient and of its parameters; ``inactive`` of its
    ``units`` pass on next to nothing. ``counts`` (k, bins) are the histograms of its parameters at ``epochs`` (k,),
    over ``edges`` (bins + 1,).
    """

    name: str
    gradient: float
    size: float
    units: int
    inactive: int
    edges: np.ndarray
    counts: np.ndarray
    epochs: np.ndarray
    word: str = "saturated"  # what units that are inactive are called; "dead" where they give 0


@dataclass(frozen=True, eq=False)
class Activations:
    """The lesson of activations: each one's ``curves`` (k, g) and ``slopes`` (k, g) over ``x`` (g,)."""

    names: tuple[str, ...]
    labels: tuple[str, ...]
    x: np.ndarray
    curves: np.ndarray
    slopes: np.ndarray
    chosen: str
