"""What the painting page shows of one moment: target, painting, error, and what its views ask for besides.

Frozen, like every frame. Station of the loop: the frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.cost_surface import Position
from engine.frames import Picture


@dataclass(frozen=True, eq=False)
class Worst:
    """The square of the painting that is most wrong: its corner and edge in pixels, its mean error in 0..255."""

    row: int
    column: int
    edge: int
    error: float


@dataclass(frozen=True, eq=False)
class LayerPicture:
    """Every neuron of one hidden layer as a picture of what it answers where.

    ``neurons`` is uint8 (neurons, rows, columns), each from its own lowest answer ``low`` (neurons,) to its highest
    ``high`` (neurons,). ``incoming`` is the layer's W, (inputs, neurons), ``bias`` (neurons,), ``outgoing``
    (neurons, outputs) what the next layer makes of them. ``off`` (neurons,) is true where a person switched a neuron
    off. ``readouts``, uint8 (depth, rows, columns, 3): the best painting that a linear layer could make of each hidden
    layer's neurons. ``layer`` counts from 1.
    """

    layer: int
    depth: int
    neurons: np.ndarray
    low: np.ndarray
    high: np.ndarray
    incoming: np.ndarray
    bias: np.ndarray
    outgoing: np.ndarray
    off: np.ndarray
    readouts: np.ndarray


@dataclass(frozen=True, eq=False)
class Montage:
    """Many pictures in one, in rows of ``columns``: uint8 (rows, columns, 3) each; ``chosen`` is where the walk is.

    ``chosen`` counts pictures from 0 and lies between two of them where it isn't whole.
    """

    target: np.ndarray
    painting: np.ndarray
    count: int
    columns: int
    side: int
    chosen: float


@dataclass(frozen=True, eq=False)
class Source:
    """The whole picture that the target was cut from, small: uint8 (rows, columns, 3); ``name`` is what it's called."""

    whole: np.ndarray
    name: str


@dataclass(frozen=True, eq=False)
class Rival:
    """The wide network of a race: its painting, uint8 (rows, columns, 3), and what both networks are.

    ``parameters`` is how many numbers the deep and the wide one learn.
    """

    painting: np.ndarray
    psnr_db: float
    own_words: str
    words: str
    parameters: tuple[int, int]


@dataclass(frozen=True, eq=False)
class PaintingPicture(Picture):
    """The painting page's main picture: uint8, (rows, columns, 3) for target and painting, (rows, columns) for error.

    The error is the mean absolute difference of red, green and blue, in 0..255; where ``moves``, and colours are put
    where they are expected, it is how far off that is, 255 a picture's width.
    """

    target: np.ndarray
    painting: np.ndarray
    error: np.ndarray
    worst: Worst | None = None
    layers: LayerPicture | None = None
    montage: Montage | None = None
    source: Source | None = None
    rival: Rival | None = None
    switched_off: int = 0  # neurons, by hand
    position: Position | None = None  # on a slice of the cost
    moves: bool = False


@dataclass(frozen=True, eq=False)
class Thumbnails:
    """The answer to the analysis "thumbnails": the gallery's pictures, uint8 (edge, edge, 3) each, by name."""

    pictures: dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Render:
    """The answer to the analysis "render": a window of the picture, painted at any size.

    ``window`` is (top, left, height, width) in shares of the picture, which itself is (0, 0, 1, 1). ``image`` is uint8
    (rows, columns, 3), and so is each of ``beside``: the small target enlarged by the methods that were asked for.
    """

    image: np.ndarray
    window: tuple[float, float, float, float]
    beside: tuple[np.ndarray, ...] = ()
