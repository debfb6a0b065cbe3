"""Cost landscapes: one entry each, with formula, domain, default start and rate, and its source.

A formula is written once over a namespace ``m`` (NumPy's or TensorFlow's sin, exp, ...), so that the picture, the
minima and the gradients can never disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

Formula = Callable[..., Any]


@dataclass(frozen=True)
class Landscape:
    """A cost over one or two parameters.

    ``domain`` is the span of every axis; a descent that steps out of it has left the landscape. ``samples`` are the
    points an axis is drawn with. ``rates`` are fair learning rates for a race.
    """

    label: str
    formula: Formula
    text: str
    domain: tuple[tuple[float, float], ...]
    start: tuple[float, ...]
    rate: float
    source: str
    samples: int = 200
    endpoint: bool = True
    logarithmic: bool = False
    rates: Mapping[str, float] = field(default_factory=dict)

    @property
    def dimensions(self) -> int:
        return len(self.domain)

    def axis(self, number: int) -> np.ndarray:
        """The sample positions on one axis, shape (samples,), float64."""
        low, high = self.domain[number]
        return np.linspace(low, high, self.samples, endpoint=self.endpoint)

    def values(self, *coordinates: np.ndarray) -> np.ndarray:
        """The cost in NumPy; the arrays broadcast."""
        return self.formula(np, *coordinates)

    def grid(self) -> np.ndarray:
        """The cost at all samples: shape (nx,) on one parameter, (ny, nx) on two."""
        if self.dimensions == 1:
            return self.values(self.axis(0))
        return self.values(self.axis(0)[None, :], self.axis(1)[:, None])

    def rate_for(self, optimizer: str) -> float:
        """A fair rate for this optimizer in a race: tuned where noted, else scaled from the landscape's own."""
        return self.rates.get(optimizer, self.rate)


def _wave(m: Any, x: Any) -> Any:
    return m.sin(10 * x) * m.exp(-x)


def _wave_surface(m: Any, x: Any, y: Any) -> Any:
    return m.sin(10 * x) * m.exp(-x) * m.cos(10 * y) * m.exp(-y)


def _ackley(m: Any, x: Any, y: Any) -> Any:
    radius = m.sqrt(0.5 * (x * x + y * y) + 1e-12)  # the tiny term keeps the gradient finite at the very minimum
    waves = 0.5 * (m.cos(2 * np.pi * x) + m.cos(2 * np.pi * y))
    return -20 * m.exp(-0.2 * radius) - m.exp(waves) + np.e + 20


def _beale(m: Any, x: Any, y: Any) -> Any:
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def _rastrigin(m: Any, x: Any, y: Any) -> Any:
    return 20 + x * x - 10 * m.cos(2 * np.pi * x) + y * y - 10 * m.cos(2 * np.pi * y)


def _square(low: float, high: float) -> tuple[tuple[float, float], ...]:
    return ((low, high), (low, high))


LECTURE = "the lecture"
COLLECTION = "Jamil and Yang 2013, A literature survey of benchmark functions for global optimization problems"

LANDSCAPES: dict[str, Landscape] = {
    "wave": Landscape("Lecture curve", _wave, "sin(10 x) e⁻ˣ", ((-1.0, 1.0),), (0.2060301507537689,), 0.002, LECTURE),
    "parabola": Landscape("Parabola", lambda m, x: x * x, "x²", ((-1.5, 1.5),), (1.0,), 0.1, LECTURE),
    "wave-surface": Landscape(
        "Lecture surface",
        _wave_surface,
        "sin(10 x) e⁻ˣ cos(10 y) e⁻ʸ",
        _square(-1.0, 1.0),
        (-0.28, -0.5),
        0.002,
        LECTURE,
        samples=100,
        endpoint=False,
        # Tuned by hand: each the largest of 1, 2, 5 x 10^n that settles in a minimum within 150 steps.
        rates={
            "sgd": 0.002, "momentum": 0.001, "nesterov": 0.001, "rmsprop": 0.02, "adagrad": 0.1,
            "adam": 0.05, "nadam": 0.05, "adamax": 0.05, "lion": 0.01, "adadelta": 1.0,
        },
    ),
    "rosenbrock": Landscape(
        "Rosenbrock", lambda m, x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2, "(1-x)² + 100 (y-x²)²",
        ((-2.0, 2.0), (-1.0, 3.0)), (-1.2, 1.0), 0.001, "Rosenbrock 1960, The Computer Journal 3", logarithmic=True,
    ),
    "himmelblau": Landscape(
        "Himmelblau", lambda m, x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2, "(x²+y-11)² + (x+y²-7)²",
        _square(-5.0, 5.0), (-0.3, -0.9), 0.01, "Himmelblau 1972, Applied Nonlinear Programming", logarithmic=True,
    ),
    "beale": Landscape(
        "Beale", _beale, "(1.5-x+xy)² + (2.25-x+xy²)² + (2.625-x+xy³)²", _square(-4.5, 4.5), (1.0, 1.5), 0.01,
        COLLECTION, logarithmic=True,
    ),
    "rastrigin": Landscape(
        "Rastrigin", _rastrigin, "20 + x² - 10 cos 2πx + y² - 10 cos 2πy", _square(-5.12, 5.12), (2.4, -1.6), 0.002,
        "Rastrigin 1974, Systems of Extremal Control",
    ),
    "ackley": Landscape(
        "Ackley", _ackley, "-20 e^(-0.2 √((x²+y²)/2)) - e^((cos 2πx + cos 2πy)/2) + e + 20", _square(-4.0, 4.0),
        (2.6, -1.7), 0.05, "Ackley 1987, A Connectionist Machine for Genetic Hillclimbing",
    ),
    "saddle": Landscape(
        "Saddle", lambda m, x, y: x * x - y * y, "x² - y²", _square(-2.0, 2.0), (1.6, 0.001), 0.05, "textbook"
    ),
    "narrow-valley": Landscape(
        "Narrow valley", lambda m, x, y: 0.5 * (x * x + 50 * y * y), "(x² + 50 y²) / 2", _square(-2.0, 2.0),
        (-1.8, 1.2), 0.03, "textbook: a quadratic of condition number 50", logarithmic=True,
    ),
    "plateau": Landscape(
        "Plateau", lambda m, x, y: 1 - m.exp(-(x * x + y * y)), "1 - e^-(x²+y²)", _square(-3.0, 3.0), (1.7, 1.2), 0.1,
        "textbook: almost no slope far from the minimum",
    ),
}  # fmt: skip


def labels() -> dict[str, str]:
    """Landscape name -> what a person reads."""
    return {name: landscape.label for name, landscape in LANDSCAPES.items()}


@lru_cache(maxsize=32)
def minima(name: str) -> np.ndarray:
    """The inner minima, shape (m, dimensions), lowest first.

    Found on a fine grid (samples below all their neighbours), each then refined by BFGS; a bent valley gives many
    such samples that all run to the same minimum.
    """
    landscape = LANDSCAPES[name]
    fine = [np.linspace(low, high, 401 if landscape.dimensions == 2 else 4001) for low, high in landscape.domain]
    mesh = np.meshgrid(*fine, indexing="ij")
    z = landscape.values(*mesh)
    inner = tuple(slice(1, -1) for _ in fine)
    lowest = np.ones(z[inner].shape, bool)
    for offset in np.ndindex(*(3,) * landscape.dimensions):
        if offset == (1,) * landscape.dimensions:
            continue
        neighbour = tuple(slice(o, o + size - 2) for o, size in zip(offset, z.shape, strict=True))
        lowest &= z[inner] <= z[neighbour]
    found = np.stack([axis[inner][lowest] for axis in mesh], axis=1)
    found = np.array([_refined(landscape, point) for point in found]).reshape(-1, landscape.dimensions)
    inside = [all(low <= x <= high for x, (low, high) in zip(p, landscape.domain, strict=True)) for p in found]
    found = found[np.array(inside, bool)]
    costs = landscape.values(*found.T)
    keep: list[np.ndarray] = []
    for point in found[np.argsort(costs, kind="stable")]:
        if all(np.abs(point - other).max() > 1e-3 for other in keep):
            keep.append(point)
    return np.array(keep).reshape(-1, landscape.dimensions)


def _refined(landscape: Landscape, point: np.ndarray) -> np.ndarray:
    from scipy.optimize import minimize  # slow to import, and only wanted here

    return minimize(lambda p: float(landscape.values(*p)), point, method="BFGS", options={"gtol": 1e-7}).x
