"""Why a training goes as it goes: what was measured, against what theory or experience says, one sentence each.

Nothing here guesses: where a number has not been measured, there is no sentence; that a run has diverged always has
one. Serves the frame's findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.analysis.curvature import Curvature, bound
from engine.analysis.edge_findings import explains_bounces
from engine.analysis.inside import LayerState
from engine.frames import Finding, Severity

FOR_FINDINGS = ("curvature", "inside")  # the analyses that findings rest on
TOO_LARGE = "Learning rate too large"
FORMULAS = {"sgd": "2/λ", "momentum": "2(1 + μ)/λ", "nesterov": "2(1 + μ)/((1 + 2μ)λ)"}  # those that have a bound
LARGE_RATIO = 0.05  # of the parameters' size, changed by one step; about 0.001 is what usually trains well
USUAL_RATIO = (1e-4, 1e-2)
BAD_CONDITION = 30.0  # the cost is then a thousand times as curved one way as another
MANY_INACTIVE = 0.2
VANISHED = 1e-3  # of the last layer's gradient: what is left of it in another layer is then as good as nothing
RISEN = 1.05  # of the lowest validation cost
LOOK_BACK = 20  # epochs over which a cost is called unsettled
UNSETTLED = 1.35  # the highest of them over the lowest, but for their trend
LEAST_TURNS = 4  # between up and down, to tell jumping from rising


@dataclass(frozen=True, eq=False)
class Divergence:
    """A run's end outside the number range, at ``step``.

    ``curvature``: one on its way that the learning rate was too large for, None where none is known; ``layers``: as
    they were at the last moment that had a cost.
    """

    step: int
    curvature: Curvature | None = None
    layers: Sequence[LayerState] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Measured:
    """All that is known of one moment; None or empty where it isn't.

    ``epochs`` (n,), ``costs`` (n,) and ``validation`` (n,) are the history; ``condition`` is that of the columns.
    ``edge``: what its sharpness says of the run, where that is measured.
    """

    cost: str
    is_linear: bool  # the model, in its parameters
    optimizer: str
    learning_rate: float
    momentum: float
    curvature: Curvature | None = None
    ratio: float | None = None
    condition: float | None = None
    layers: Sequence[LayerState]
    epochs: np.ndarray
    costs: np.ndarray
    validation: np.ndarray = field(default_factory=lambda: np.empty(0))
    divergence: Divergence | None = None
    edge: Finding | None = None


def findings(measured: Measured) -> tuple[Finding, ...] | None:
    """The sentences, the gravest first; None before anything was measured that one could be about."""
    edge = None if measured.divergence is not None else measured.edge
    is_explained = explains_bounces(edge)  # then steps that overshoot, and a cost that jumps, are no fault of their own
    of_the_rate = _against_the_curvature if measured.divergence is None else _of_the_divergence
    found = [
        edge,
        None if is_explained else of_the_rate(measured),
        None if is_explained else _unsettled(measured),
        _overfitting(measured),
        _condition(measured),
        _vanishing(measured),
        _asleep(measured),
        _ratio(measured) if measured.divergence is None else None,  # the last step of all says nothing of the others
    ]
    said = gravest_first(filter(None, found))
    is_measured = measured.curvature is not None or measured.layers or len(measured.costs) >= LOOK_BACK
    return said if said or is_measured else None


def gravest_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by how much they matter; those that matter alike keep their order."""
    order = [Severity.BAD, Severity.WARNING, Severity.INFO]
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def diverged(step: int, learning_rate: float, why: str = "") -> Finding:
    """What is said of every run that has diverged, as its message says it; ``why`` is what is known beyond that."""
    why = why or f"the learning rate {learning_rate:g} is too large here."
    return Finding(TOO_LARGE, f"The cost left the number range at step {step:,}: {why}", Severity.BAD)


def condition_number(columns: np.ndarray) -> float:
    """The largest singular value of columns (n, k) over the smallest."""
    values = np.linalg.svd(np.asarray(columns, float), compute_uv=False)
    return float(values[0] / max(values[-1], 1e-300))


def _against_the_curvature(measured: Measured) -> Finding | None:
    if measured.cost == "absolute" and measured.optimizer in FORMULAS:
        return _no_curvature(measured)
    if measured.curvature is None or measured.optimizer not in FORMULAS:
        return None
    largest, rate = measured.curvature.largest, measured.learning_rate
    most = bound(largest, measured.optimizer, measured.momentum)
    if most is None:
        return None
    known = _known(measured.optimizer, most, largest)
    if rate > most:
        return Finding(
            TOO_LARGE,
            f"The learning rate {rate:.3g} is above {known}: along that direction every step overshoots by more.",
            Severity.BAD,
        )
    if rate > 0.8 * most:
        return Finding(
            "Learning rate at the edge",
            f"The learning rate {rate:.3g} is {_percent(rate / most)} of {known}: steps overshoot and just come back.",
            Severity.WARNING,
        )
    return Finding("Learning rate", f"The learning rate {rate:.3g} is {_percent(rate / most)} of {known}.")


def _of_the_divergence(measured: Measured) -> Finding:
    curvature, rate, step = measured.divergence.curvature, measured.learning_rate, measured.divergence.step
    most = curvature and bound(curvature.largest, measured.optimizer, measured.momentum)
    if most is None or rate <= most:
        return diverged(step, rate)
    known = _known(measured.optimizer, most, curvature.largest)
    return diverged(step, rate, f"the learning rate {rate:g} is above {known} {moment_of(curvature)}.")


def moment_of(curvature: Curvature) -> str:
    """When in the run it was measured, in words."""
    return f"at step {curvature.step:,}" if curvature.step else "at the start"


def _known(optimizer: str, most: float, largest: float) -> str:
    return f"{FORMULAS[optimizer]} = {most:.3g}, where λ = {largest:.3g} is the cost's largest curvature"


def _no_curvature(measured: Measured) -> Finding:
    """The absolute error's second derivative is 0 wherever there is one; the kinks between have none."""
    rate = f"The learning rate {measured.learning_rate:.3g} has no bound 2/λ here:"
    if measured.is_linear:
        said = "the absolute error has no curvature, so steps keep their length, and only a smaller rate shortens them."
    else:
        said = "the absolute error bends where a point changes sides, and no curvature λ says how much."
    return Finding("Learning rate", f"{rate} {said}")


def _unsettled(measured: Measured) -> Finding | None:
    epochs, costs = measured.epochs, measured.costs
    if len(costs) < LOOK_BACK:
        return None
    recent, half = costs[-LOOK_BACK:], LOOK_BACK // 2
    low, high = float(recent.min()), float(recent.max())
    falls = recent[half:].mean() < 0.8 * recent[:half].mean()
    turns = np.count_nonzero(np.diff(np.sign(np.diff(recent))))
    if low <= 0 or falls or turns < LEAST_TURNS:
        return None
    logs, then = np.log(recent), epochs[-LOOK_BACK:]
    jumps = logs - np.polyval(np.polyfit(then, logs, 1), then)  # a cost that goes down slowly doesn't jump
    if np.ptp(jumps) < np.log(UNSETTLED):
        return None
    return Finding(
        "The cost does not settle",
        f"Over the last {int(epochs[-1] - epochs[-LOOK_BACK])} epochs it jumped between {low:.3g} and {high:.3g}: "
        f"at a learning rate of {measured.learning_rate:.3g} the steps are too long to end anywhere.",
        Severity.WARNING,
    )


def _overfitting(measured: Measured) -> Finding | None:
    validation, costs, epochs = measured.validation, measured.costs, measured.epochs
    if len(validation) < LOOK_BACK or not np.isfinite(validation).all():
        return None
    smooth = np.convolve(validation, np.ones(5) / 5, mode="valid")
    at = int(validation.argmin())
    if smooth[-1] < RISEN * smooth.min() or costs[-1] >= costs[at]:  # smooth, since one epoch says little
        return None
    now, best = float(validation[-1]), float(validation[at])
    return Finding(
        "Validation cost rises",
        f"It was lowest at epoch {int(epochs[at])}, {best:.3g}, where the ring is in the cost plot, and is {now:.3g} "
        f"now, while the training cost fell from {costs[at]:.3g} to {costs[-1]:.3g}: the model learns the noise.",
        Severity.WARNING,
    )


def _condition(measured: Measured) -> Finding | None:
    number = measured.condition
    if number is None:
        return None
    whose = "the squared error would be" if measured.cost == "absolute" else "the cost is"
    steeper = f"{whose} {number**2:,.0f} times as curved along one direction as along another"
    if number > BAD_CONDITION:
        return Finding(
            "Badly conditioned columns",
            f"The powers of x have a condition number of {number:,.0f}: {steeper}, so no one learning rate suits both.",
            Severity.WARNING,
        )
    return Finding("Columns", f"The powers of x have a condition number of {number:,.0f}: {steeper}.")


def _vanishing(measured: Measured) -> Finding | None:
    if len(measured.layers) < 2:
        return None
    *hidden, last = measured.layers
    least = min(hidden, key=lambda layer: layer.gradient)
    if not least.gradient < VANISHED * last.gradient:
        return None
    small, large = _short(least.gradient), _short(last.gradient)
    return Finding(
        "The gradient vanishes",
        f"It is {small} in {_named(least)} and {large} in {_named(last)}: on its way back through the layers next to "
        "nothing is left of it, so that the first ones hardly learn.",
        Severity.WARNING,
    )


def _short(number: float) -> str:
    return f"{number:.2g}".replace("e-0", "e-").replace("-", "−")


def _named(layer: LayerState) -> str:
    return "the output layer" if layer.name == "output" else layer.name.replace("_", " ")


def _asleep(measured: Measured) -> Finding | None:
    units, inactive = sum(layer.units for layer in measured.layers), sum(layer.inactive for layer in measured.layers)
    if not inactive:
        return None
    worst = max((layer for layer in measured.layers if layer.units), key=lambda layer: layer.inactive / layer.units)
    severity = Severity.WARNING if inactive > MANY_INACTIVE * units else Severity.INFO
    return Finding(
        f"{worst.word.capitalize()} neurons",
        f"{inactive} of {units} neurons ({_percent(inactive / units)}) are {worst.word}: their activation is flat on "
        f"nearly all data, so that they hardly learn; in {_named(worst)} it is {worst.inactive} of {worst.units}.",
        severity,
    )


def _ratio(measured: Measured) -> Finding | None:
    ratio = measured.ratio
    if not ratio or not np.isfinite(ratio):
        return None
    said = f"The last step changed the parameters by {_percent(ratio)} of their size;"
    low, high = USUAL_RATIO
    usual = f"usual are {_percent(low)} to {_percent(high)}"
    if ratio > LARGE_RATIO:
        return Finding("Steps are large", f"{said} {usual}: a smaller learning rate would settle.", Severity.WARNING)
    if ratio > high:
        return Finding("Update to parameters", f"{said} {usual}: fast, but it will not settle finely.")
    if ratio < low:
        return Finding("Update to parameters", f"{said} {usual}: it stands nearly still, or its rate is small.")
    return Finding("Update to parameters", f"{said} {usual}, so its steps are neither too long nor too short.")


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{_short(percent)} %" if percent < 100 else f"{percent:,.0f} %"
