"""The shipped landscapes: one entry each, with formula, domain, minima, default start and rate, and its source."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.landscape.functions.landscape import TUNED, Landscape


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


def _river(m: Any, x: Any, y: Any) -> Any:
    return 0.1 * (x - 1) ** 2 + 12 * (y - 0.4 * m.sin(x)) ** 2


def _square(low: float, high: float) -> tuple[tuple[float, float], ...]:
    return ((low, high), (low, high))


LECTURE = "the lecture"
BY_HAND = "The minima are whole curves, and no place of them is the one to come to; the rates are chosen by hand."
COLLECTION = "Jamil and Yang 2013, A literature survey of benchmark functions for global optimization problems"

LANDSCAPES: dict[str, Landscape] = {
    "wave": Landscape(
        "Lecture curve", _wave, "sin(10 x) e⁻ˣ", ((-1.0, 1.0),), (0.2060301507537689,), 0.002, LECTURE,
        rates={
            "sgd": 0.02, "momentum": 0.0002, "nesterov": 0.02, "rmsprop": 0.02, "adagrad": 0.1,
            "adadelta": 50, "adam": 0.01, "adamax": 0.05, "nadam": 0.05, "lion": 0.02,
        },
    ),
    "parabola": Landscape(
        "Parabola", lambda m, x: x * x, "x²", ((-1.5, 1.5),), (1.0,), 0.1, LECTURE,
        rates={
            "sgd": 0.5, "momentum": 0.1, "nesterov": 0.5, "rmsprop": 0.02, "adagrad": 1,
            "adadelta": 500, "adam": 0.1, "adamax": 0.05, "nadam": 0.5, "lion": 0.05,
        },
    ),
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
        rates={
            "sgd": 0.02, "momentum": 0.01, "nesterov": 0.02, "rmsprop": 0.02, "adagrad": 0.2,
            "adadelta": 20, "adam": 0.2, "adamax": 0.05, "nadam": 0.05, "lion": 0.01,
        },
        note=TUNED.format(start="(0.03, 0.5)"),
        tuned_from=(0.03, 0.5),
    ),
    "rosenbrock": Landscape(
        "Rosenbrock", lambda m, x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2, "(1-x)² + 100 (y-x²)²",
        ((-2.0, 2.0), (-1.0, 3.0)), (-1.2, 1.0), 0.001, "Rosenbrock 1960, The Computer Journal 3", logarithmic=True,
        rates={
            "sgd": 0.005, "momentum": 0.002, "nesterov": 0.001, "rmsprop": 0.01, "adagrad": 1,
            "adadelta": 5, "adam": 0.5, "adamax": 1, "nadam": 0.1, "lion": 0.005,
        },
    ),
    "himmelblau": Landscape(
        "Himmelblau", lambda m, x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2, "(x²+y-11)² + (x+y²-7)²",
        _square(-5.0, 5.0), (-0.3, -0.9), 0.01, "Himmelblau 1972, Applied Nonlinear Programming", logarithmic=True,
        rates={
            "sgd": 0.01, "momentum": 0.005, "nesterov": 0.01, "rmsprop": 0.1, "adagrad": 1,
            "adadelta": 50, "adam": 1, "adamax": 2, "nadam": 0.5, "lion": 0.1,
        },
    ),
    "beale": Landscape(
        "Beale", _beale, "(1.5-x+xy)² + (2.25-x+xy²)² + (2.625-x+xy³)²", _square(-4.5, 4.5), (1.0, 1.5), 0.01,
        COLLECTION, logarithmic=True,
        rates={
            "sgd": 0.02, "momentum": 0.002, "nesterov": 0.005, "rmsprop": 0.05, "adagrad": 2,
            "adadelta": 10, "adam": 0.5, "adamax": 1, "nadam": 0.5, "lion": 0.05,
        },
    ),
    "rastrigin": Landscape(
        "Rastrigin", _rastrigin, "20 + x² - 10 cos 2πx + y² - 10 cos 2πy", _square(-5.12, 5.12), (2.4, -1.6), 0.002,
        "Rastrigin 1974, Systems of Extremal Control",
        rates={
            "sgd": 0.005, "momentum": 0.0002, "nesterov": 0.001, "rmsprop": 0.1, "adagrad": 0.2,
            "adadelta": 50, "adam": 0.5, "adamax": 0.5, "nadam": 0.2, "lion": 0.1,
        },
    ),
    "ackley": Landscape(
        "Ackley", _ackley, "-20 e^(-0.2 √((x²+y²)/2)) - e^((cos 2πx + cos 2πy)/2) + e + 20", _square(-4.0, 4.0),
        (2.6, -1.7), 0.05, "Ackley 1987, A Connectionist Machine for Genetic Hillclimbing",
        rates={
            "sgd": 0.05, "momentum": 0.005, "nesterov": 0.02, "rmsprop": 0.1, "adagrad": 0.2,
            "adadelta": 50, "adam": 0.05, "adamax": 0.5, "nadam": 0.2, "lion": 0.1,
        },
    ),
    "saddle": Landscape(
        "Saddle", lambda m, x, y: x * x - y * y, "x² - y²", _square(-2.0, 2.0), (1.6, 0.001), 0.05, "textbook",
        rates={
            "sgd": 0.05, "momentum": 0.01, "nesterov": 0.01, "rmsprop": 0.02, "adagrad": 0.1,
            "adadelta": 5, "adam": 0.02, "adamax": 0.02, "nadam": 0.02, "lion": 0.02,
        },
        note="There is no minimum to settle in; the rates are chosen by hand so that all leave the saddle in the end.",
    ),
    "narrow-valley": Landscape(
        "Narrow valley", lambda m, x, y: 0.5 * (x * x + 50 * y * y), "(x² + 50 y²) / 2", _square(-2.0, 2.0),
        (-1.8, 1.2), 0.03, "textbook: a quadratic of condition number 50", logarithmic=True,
        rates={
            "sgd": 0.02, "momentum": 0.005, "nesterov": 0.005, "rmsprop": 0.02, "adagrad": 2,
            "adadelta": 200, "adam": 0.1, "adamax": 0.5, "nadam": 0.5, "lion": 0.05,
        },
    ),
    "plateau": Landscape(
        "Plateau", lambda m, x, y: 1 - m.exp(-(x * x + y * y)), "1 - e^-(x²+y²)", _square(-3.0, 3.0), (1.7, 1.2), 0.1,
        "textbook: almost no slope far from the minimum",
        rates={
            "sgd": 1, "momentum": 0.5, "nesterov": 0.5, "rmsprop": 0.05, "adagrad": 0.5,
            "adadelta": 20, "adam": 1, "adamax": 1, "nadam": 0.2, "lion": 0.1,
        },
    ),
    "flat-valley": Landscape(
        "Flat valley", lambda m, x, y: (1 - 0.5 * x * x - y * y) ** 2, "(1 - x²/2 - y²)²", _square(-1.75, 1.75),
        (0.2, 0.95), 0.3, "its minima are the ellipse x²/2 + y² = 1, on which its largest curvature is 8 - 2x²",
        logarithmic=True,
        rates={
            "sgd": 0.3, "momentum": 0.05, "nesterov": 0.05, "rmsprop": 0.01, "adagrad": 0.2,
            "adadelta": 5, "adam": 0.05, "adamax": 0.05, "nadam": 0.05, "lion": 0.01,
        },
        note=BY_HAND,
        has_valley=True,
    ),
    "catapult": Landscape(
        "Catapult", lambda m, x, y: 0.5 * (x * y) ** 2, "(x y)² / 2", _square(-4.0, 4.0), (2.9, 0.02), 0.3,
        "Lewkowycz et al. 2020, The large learning rate phase of deep learning: a network of two weights",
        logarithmic=True,
        rates={
            "sgd": 0.3, "momentum": 0.05, "nesterov": 0.05, "rmsprop": 0.01, "adagrad": 0.2,
            "adadelta": 5, "adam": 0.05, "adamax": 0.05, "nadam": 0.05, "lion": 0.01,
        },
        note=BY_HAND,
        has_valley=True,
    ),
    "river": Landscape(
        "River valley", _river, "(x - 1)² / 10 + 12 (y - 0.4 sin x)²", _square(-2.5, 2.5), (-2.0, 0.8), 0.07,
        "a slow river between steep hills: Wen et al. 2024, Understanding warmup-stable-decay learning rates",
        logarithmic=True,
        rates={
            "sgd": 0.07, "momentum": 0.01, "nesterov": 0.01, "rmsprop": 0.02, "adagrad": 0.5,
            "adadelta": 50, "adam": 0.05, "adamax": 0.05, "nadam": 0.05, "lion": 0.01,
        },
        note="The rates are chosen by hand, as large as each rule bears across the river.",
    ),
}  # fmt: skip


FORMULA = "formula"  # stands for the landscape of the formula that a person types


def labels() -> dict[str, str]:
    """Landscape name -> what a person reads."""
    return {name: landscape.label for name, landscape in LANDSCAPES.items()} | {FORMULA: "My own formula"}


def minima(name: str) -> np.ndarray:
    """The inner minima of a shipped landscape, shape (m, dimensions), lowest first."""
    return LANDSCAPES[name].minima
