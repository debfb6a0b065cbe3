"""How the descents of a landscape come to an end, in one sentence: they rest, or go over its edge, or are lost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.landscape.descents import Descent


def at_rest(descents: Sequence[Descent], places: np.ndarray, slopes: np.ndarray, step: int) -> str:
    """Why a run is finished whose moving descents rest at ``places`` (n, dimensions), with ``slopes`` (n,) each."""
    after = f"after {step:,} step{'s' * (step != 1)}"
    if len(descents) == 1:
        return (
            f"It rests at {place_text(places[0])} {after}: the slope there is {number_text(slopes[0])}, too little for "
            "a step that can be seen."
        )
    steepest = slopes[np.abs(slopes).argmax()]
    return f"All {len(descents)} rest {after}: no slope is steeper than {number_text(abs(steepest))} where they are."


def over_the_edge(descents: Sequence[Descent], steps: np.ndarray) -> str:
    """Why a run is finished on a landscape without a minimum, which descents (n,) left after ``steps`` (n,)."""
    first = int(steps.argmin())
    if len(descents) == 1:
        return f"There is no minimum here: it went on down, over the edge, at step {steps[0] + 1:,}."
    return (
        f"There is no minimum here: all {len(descents)} went on down, over the edge, {descents[first].label} first, at "
        f"step {steps[first] + 1:,}."
    )


def all_lost(descents: Sequence[Descent], messages: Sequence[str], last: int) -> str:
    """Why there can be no next step, in one sentence, however many have stopped; ``last``: the step of the last."""
    messages = [message for message in messages if message]
    if len(messages) < 2:
        return "".join(messages)
    rates = sorted({descent.learning_rate for descent in descents})
    if not all(" too large here" in message for message in messages):
        return f"All {len(messages)} descents have left the landscape or stopped by step {last:,}. Press R."
    said = f"rate {rates[0]:g} is" if len(rates) == 1 else f"rates {rates[0]:g} to {rates[-1]:g} are"
    return f"All {len(messages)} left the landscape by step {last:,}: the learning {said} too large here. Press R."


def number_text(value: float) -> str:
    """Three significant digits."""
    return f"{value:.3g}".replace("-", "−")


def place_text(position: np.ndarray) -> str:
    """A place with three digits of each coordinate; what rounding has left of a 0 is one."""
    position = np.where(np.abs(position) < 1e-9 * np.abs(position).max(), 0.0, position)
    if len(position) == 1:
        return f"x = {number_text(position[0])}"
    return f"({', '.join(number_text(value) for value in position)})"
