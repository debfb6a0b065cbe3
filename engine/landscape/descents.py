"""The descents that a landscape's settings ask for: which start, by which rule, at which rate."""

from __future__ import annotations

from dataclasses import dataclass

from engine.landscape.functions.landscape import Landscape
from engine.landscape.settings import MOST_DESCENTS, SAME, LandscapeSettings, landscape_of
from engine.training.optimizers import OPTIMIZERS
from engine.training.run_settings import raced

GOLDEN = 0.6180339887  # share of an axis between two points that nobody has placed


@dataclass(frozen=True)
class Descent:
    """One descent: its rule, its rate and where it starts, in the landscape's own units.

    ``point`` says which of the given starts that is, ``sign`` by which colour and symbol it is known.
    """

    label: str
    optimizer: str
    learning_rate: float
    start: tuple[float, ...]
    point: int = 0
    sign: int = 0


def starts(settings: LandscapeSettings) -> tuple[tuple[float, ...], ...]:
    """Where each of MOST_DESCENTS points starts: as given, then the landscape's own, then spread over it."""
    landscape = landscape_of(settings)
    size = landscape.dimensions
    given = [settings.start[number : number + size] for number in range(0, len(settings.start), size)]
    for number in range(len(given), MOST_DESCENTS):
        if number == 0:
            given.append(tuple(landscape.start))
            continue
        shares = [(0.5 + number * GOLDEN ** (1 + axis)) % 1 for axis in range(size)]
        place = [
            low + (0.08 + 0.84 * s) * (high - low) for s, (low, high) in zip(shares, landscape.domain, strict=True)
        ]
        given.append(tuple(float(f"{value:.3g}") for value in place))
    return tuple(given)


def signs_of(settings: LandscapeSettings) -> tuple[int, ...]:
    """Which of MOST_DESCENTS signs each point has, no two the same one."""
    given = [int(sign) for sign in settings.point_signs[: settings.points]]
    free = [sign for sign in range(MOST_DESCENTS) if sign not in given]
    return tuple(dict.fromkeys([*given, *free]))[: settings.points]


def descents_of(settings: LandscapeSettings) -> tuple[Descent, ...]:
    """The descents that the settings ask for, at most MOST_DESCENTS."""
    places = starts(settings)
    if settings.optimizers or settings.learning_rates:
        return _compared(settings, landscape_of(settings), places[0])
    descents = []
    for point, sign in enumerate(signs_of(settings)):
        own = settings.point_optimizers[point] if point < len(settings.point_optimizers) else SAME
        optimizer = settings.optimizer if own == SAME else own
        rate = settings.point_rates[point] if point < len(settings.point_rates) else 0.0
        rate = rate or settings.learning_rate
        label = OPTIMIZERS[optimizer].label
        if settings.points > 1:
            label = f"Point {sign + 1}"
            if optimizer != settings.optimizer:
                label += f", {OPTIMIZERS[optimizer].label}"
            if rate != settings.learning_rate:
                label += f", rate {rate:g}"
        descents.append(Descent(label, optimizer, rate, places[point], point, sign))
    return tuple(descents)


def _compared(settings: LandscapeSettings, landscape: Landscape, start: tuple[float, ...]) -> tuple[Descent, ...]:
    """Several optimizers, or rates, or both, from one start."""
    descents = []
    for name in raced(settings):
        base = settings.learning_rate
        if settings.optimizers:
            base *= landscape.rate_for(name) / landscape.rate
        for factor in settings.learning_rates or (1.0,):
            rate = base * factor
            label = f"rate {rate:g}" if settings.learning_rates else OPTIMIZERS[name].label
            if settings.learning_rates and len(raced(settings)) > 1:
                label = f"{OPTIMIZERS[name].label}, {label}"
            descents.append(Descent(label, name, rate, start, sign=len(descents)))
    return tuple(descents)


def description_of(settings: LandscapeSettings) -> str:
    """One line that says what is being seen."""
    landscape = landscape_of(settings)
    descents = descents_of(settings)
    axes = "cost(x)" if landscape.dimensions == 1 else "cost(x, y)"
    parts = [f"{axes} = {landscape.text}"]
    if settings.basins:
        parts.append("where does every start end?" + (" (without the noise)" if settings.gradient_noise else ""))
    elif settings.optimizers or settings.learning_rates:
        what = "learning rates" if settings.learning_rates else "optimizers"
        parts.append(f"{len(descents)} {what} from one start")
    elif len(descents) > 1:
        parts.append(f"{len(descents)} points")
    else:
        label = OPTIMIZERS[descents[0].optimizer].label
        parts.append(label.lower() if label.startswith("Gradient") else label)
    if settings.gradient == "difference":
        parts.append("rate in samples")
    return "  ·  ".join(parts)
