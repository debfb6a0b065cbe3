"""Descents on a landscape, many in lockstep: each descent with its own optimizer, all in one compiled loop.

With the difference gradient a position is the lecture's: a float index into sampled points, truncated when it is
used, and the gradient is the difference between neighbouring samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.backend import backend, ownership
from engine.landscape.descents import Descent
from engine.landscape.functions.landscape import Landscape
from engine.landscape.settings import LandscapeSettings
from engine.training.loop import many_steps
from engine.training.optimizers import LiveOptimizer
from engine.training.run_settings import LEAST_RATE
from engine.training.schedules import Schedule
from engine.training.update_terms import Update, with_noise

CHUNK = 256
SHORT = 5e-4  # of the landscape: a step that moves a ball by less than a pixel
LEVEL = 0.02  # of the steepest slope on the way: what is left of it at rest
STILL_STEPS = 3  # in a row, both short and level: at a turning point of momentum one alone is short
FAR = 0.1  # of the landscape: a longer step than this out of it is a rate too large, a shorter one a walk over the edge


@dataclass(frozen=True, eq=False)
class DescentState:
    """Everything that the next step depends on, as NumPy arrays."""

    positions: tuple[np.ndarray, ...]
    moving: tuple[np.ndarray, ...]
    attempts: tuple[np.ndarray, ...]
    optimizers: tuple[tuple[np.ndarray, ...], ...]
    steepest: tuple[np.ndarray, ...]
    still: tuple[np.ndarray, ...]
    generator: dict[str, Any]
    noise: np.ndarray
    step: int
    steps_moved: np.ndarray
    messages: tuple[str, ...]

    def of(self, numbers: Sequence[int]) -> DescentState:
        """The state of some of the descents, as if they had been alone from the beginning."""
        by_descent = ("positions", "moving", "attempts", "optimizers", "steepest", "still", "messages")
        chosen = {name: tuple(getattr(self, name)[number] for number in numbers) for name in by_descent}
        rows = list(numbers)
        return replace(self, noise=self.noise[:, rows], steps_moved=self.steps_moved[rows], **chosen)


@ownership.owned
class Descents:
    """All descents of one landscape.

    Args:
        landscape: what is descended.
        descents: where each starts, and by which rule and rate.
        settings: for the gradient, its noise, the rules' numbers and the seed.

    After construction, reset() and every advance(): ``step``; ``costs`` (descents,); ``gradients`` (descents,
    dimensions) without noise; ``raw`` (descents, dimensions) positions as the rule sees them (indices for
    the difference gradient); ``moving`` and ``resting`` (descents,) bool; ``left_to`` (descents, dimensions) where the
    step that left would have led; ``messages`` why a descent stopped, "" while it moves.
    """

    def __init__(self, landscape: Landscape, descents: Sequence[Descent], settings: LandscapeSettings) -> None:
        tf, keras = backend.tensorflow(), backend.keras()
        self._landscape, self._descents, self._settings = landscape, tuple(descents), settings
        self._indexed = settings.gradient == "difference"
        self._axes = [landscape.axis(number) for number in range(landscape.dimensions)]
        self._starts = [self._as_raw(np.array([descent.start])) for descent in descents]
        self._places = [keras.Variable(start, dtype="float64") for start in self._starts]
        self._moving = [tf.Variable([True]) for _ in self._starts]
        self._attempts = [tf.Variable(start, dtype=tf.float64) for start in self._starts]
        self._steepest = [tf.Variable([0.0], dtype=tf.float64) for _ in self._starts]
        self._still = [tf.Variable([0]) for _ in self._starts]  # steps in a row that led nowhere
        self._stops_at_rest = tf.Variable(settings.stops_at_rest)
        self._rates = [tf.Variable(descent.learning_rate, dtype=tf.float32) for descent in descents]
        self._schedule = Schedule(settings.schedule)
        self._shares = np.ones(CHUNK, np.float32)  # of the rates, at each step of a call
        self._optimizers = [
            LiveOptimizer(descent.optimizer, [place], settings.numbers() | {"learning_rate": descent.learning_rate})
            for descent, place in zip(descents, self._places, strict=True)
        ]
        self._blank = [[backend.copied(variable) for variable in one.state()] for one in self._optimizers]
        self._gradient = self._difference_gradient() if self._indexed else self._automatic_gradient()
        low, high = np.array(landscape.domain).T
        if self._indexed:
            # A difference needs a right neighbour, so the last usable index is the last but one.
            low, high = np.zeros(landscape.dimensions), np.array([len(axis) - 1.0 for axis in self._axes])
        self._low, self._high = low, high
        self._noise = np.zeros((CHUNK, len(descents), landscape.dimensions))
        shape = [len(descents), landscape.dimensions]
        self._program = many_steps(
            self._step,
            self._summary,
            [tf.TensorSpec(shape, tf.float64), tf.TensorSpec(shape[:1], tf.float64), tf.TensorSpec(shape[:1], tf.bool)],
            CHUNK,
        )
        self.reset()

    def reset(self) -> None:
        """Everyone back to the start; who starts where there is no cost doesn't move."""
        for place, moving, attempt, start in zip(self._places, self._moving, self._attempts, self._starts, strict=True):
            place.assign(start)
            attempt.assign(start)
            moving.assign(np.isfinite(self._landscape.values(*self._as_position(start).T)))
        for steepest, still in zip(self._steepest, self._still, strict=True):
            steepest.assign([0.0])
            still.assign([0])
        for one, blank in zip(self._optimizers, self._blank, strict=True):
            for variable, value in zip(one.state(), blank, strict=True):
                variable.assign(value)
        self._generator = np.random.default_rng([self._settings.seed, 4])
        self._ahead = self._drawn(1)  # the noise of the step to come, so that it can be shown before it is taken
        self.step = 0
        self.steps_moved = np.zeros(len(self._descents), int)
        self.messages: tuple[str, ...] = ("",) * len(self._descents)
        self.advance(0)

    def set_live(self, settings: LandscapeSettings, descents: Sequence[Descent]) -> None:
        """Take over the live numbers, which act on the next step, and the starts, which act on the next reset."""
        self._settings, self._descents = settings, tuple(descents)
        self._stops_at_rest.assign(settings.stops_at_rest)
        self._schedule = Schedule(settings.schedule)
        for rate, descent in zip(self._rates, descents, strict=True):
            rate.assign(descent.learning_rate)
        self._starts = [self._as_raw(np.array([descent.start])) for descent in descents]
        for one, descent in zip(self._optimizers, descents, strict=True):
            for knob, value in (settings.numbers() | {"learning_rate": descent.learning_rate}).items():
                one.set(knob, value)

    def advance(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Take up to ``steps`` steps, at most CHUNK, fewer when everyone has stopped, or rests.

        Returns positions (done, descents, dimensions) in the landscape's units, and costs (done, descents).
        """
        tf = backend.tensorflow()
        count = min(steps, CHUNK)
        if count:
            drawn = np.concatenate([self._ahead, self._drawn(count)])
            self._noise[:count], self._ahead = drawn[:count] * self._settings.gradient_noise, drawn[count:]
            self._shares[:count] = self._schedule.shares(self.step, count, self._settings.steps)
        counts = tf.constant(count), tf.constant(CHUNK)
        done, (raw, costs, moving), _, summary = self._program(
            *counts, (tf.constant(self._noise), tf.constant(self._shares))
        )
        done = int(done)
        self.raw, self.costs, self.gradients, self.moving, self.resting, self.left_to = (
            part.numpy() for part in summary
        )
        self.step += done
        moved = moving.numpy()[:done]
        self.steps_moved = self.steps_moved + moved.sum(axis=0)
        self.messages = tuple(self._message(number) for number in range(len(self._descents)))
        return self._as_position(raw.numpy()[:done]), costs.numpy()[:done]

    def positions(self) -> np.ndarray:
        """Where every descent is, (descents, dimensions), in the landscape's units."""
        return self._as_position(self.raw)

    def next_update(self, number: int) -> Update:
        """The step that a descent takes next, taken apart; in the unit of ``raw``."""
        noise = self._ahead[0, number] * self._settings.gradient_noise
        share = float(self._schedule.shares(self.step, 1, self._settings.steps)[0])
        update = self._optimizers[number].next_update(self.gradients[number] + noise, 0, self.step + 1, share)
        return with_noise(update, noise) if self._settings.gradient_noise else update

    @property
    def went_over_the_edge(self) -> np.ndarray:
        """Who has left by walking on downhill, (descents,) bool: by no step that was too long, and no noise."""
        return np.array([self._walked_over(number) for number in range(len(self._descents))])

    def unit(self) -> np.ndarray:
        """How long one unit of ``raw`` is on the landscape, (dimensions,)."""
        return np.array([axis[1] - axis[0] if self._indexed else 1.0 for axis in self._axes])

    def state(self) -> DescentState:
        """What restore() needs to go on from here bit for bit."""
        return DescentState(
            positions=tuple(backend.copied(place) for place in self._places),
            moving=tuple(backend.copied(moving) for moving in self._moving),
            attempts=tuple(backend.copied(attempt) for attempt in self._attempts),
            optimizers=tuple(tuple(backend.copied(variable) for variable in one.state()) for one in self._optimizers),
            steepest=tuple(backend.copied(steepest) for steepest in self._steepest),
            still=tuple(backend.copied(still) for still in self._still),
            generator=self._generator.bit_generator.state,
            noise=self._ahead.copy(),
            step=self.step,
            steps_moved=self.steps_moved.copy(),
            messages=self.messages,
        )

    def restore(self, state: DescentState) -> None:
        """Go back to what state() gave."""
        for variables, values in (
            (self._places, state.positions),
            (self._moving, state.moving),
            (self._attempts, state.attempts),
            (self._steepest, state.steepest),
            (self._still, state.still),
        ):
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        for one, values in zip(self._optimizers, state.optimizers, strict=True):
            for variable, value in zip(one.state(), values, strict=True):
                variable.assign(value)
        self._generator.bit_generator.state = state.generator
        self._ahead = state.noise.copy()
        self.step, self.steps_moved, self.messages = state.step, state.steps_moved.copy(), state.messages
        self.advance(0)

    def _drawn(self, steps: int) -> np.ndarray:
        """Noise of spread 1 for so many steps: the same numbers however the steps are portioned."""
        return self._generator.standard_normal((steps, *self._noise.shape[1:]))

    def _step(self, i: Any, feed: Any) -> Any:
        tf = backend.tensorflow()
        noise, shares = feed
        raw, costs, flags, going = [], [], [], []
        for number, (place, moving, one) in enumerate(zip(self._places, self._moving, self._optimizers, strict=True)):
            before = tf.identity(place.value)  # not the variable, which the update changes
            cost_before, gradient = self._gradient(before)
            one.set_in_graph(self._rates[number] * shares[i])
            one.apply([gradient + noise[i, number]], [place])
            tried = tf.identity(place.value)
            cost = self._gradient(tried)[0]
            # A descent that would leave stays where it left from, and the others go on.
            inside = tf.reduce_all((tried >= self._low) & (tried <= self._high), axis=1)
            if self._indexed:  # int() truncates towards zero: -0.5 is index 0 still, and so is inside
                inside = tf.reduce_all((tried > -1.0) & (tried < self._high), axis=1)
            inside &= tf.math.is_finite(cost)
            self._attempts[number].assign(tf.where(moving[:, None], tried, self._attempts[number]))
            moving.assign(moving & inside)
            place.assign(tf.where(moving[:, None], tried, before))
            still = self._count_still(number, gradient, tried - before)
            going.append(moving[0] & ~(self._stops_at_rest & (still[0] >= STILL_STEPS)))
            raw.append(place.value[0])
            costs.append(tf.where(moving, cost, cost_before)[0])
            flags.append(moving[0])
        return tf.reduce_any(tf.stack(going)), [tf.stack(raw), tf.stack(costs), tf.stack(flags)]

    def _count_still(self, number: int, gradient: Any, step: Any) -> Any:
        """Steps in a row by which this descent has not got on, where there is hardly any slope, (1,)."""
        tf = backend.tensorflow()
        slope = tf.norm(gradient, axis=1)
        steepest = self._steepest[number]
        steepest.assign(tf.maximum(steepest, slope))
        is_short = tf.reduce_all(tf.abs(step) < SHORT * (self._high - self._low), axis=1)
        is_still = is_short & (slope <= LEVEL * steepest)
        return self._still[number].assign(tf.where(is_still, self._still[number] + 1, 0))

    def _summary(self) -> list[Any]:
        tf = backend.tensorflow()
        now = [self._gradient(place.value) for place in self._places]
        return [
            tf.stack([place.value[0] for place in self._places]),
            tf.stack([costs[0] for costs, _ in now]),
            tf.stack([gradient[0] for _, gradient in now]),
            tf.stack([moving[0] for moving in self._moving]),
            tf.stack([still[0] >= STILL_STEPS for still in self._still]),
            tf.stack([attempt[0] for attempt in self._attempts]),
        ]

    def _automatic_gradient(self) -> Any:
        tf = backend.tensorflow()

        def gradient(place: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(place)
                costs = self._landscape.formula(tf.math, *tf.unstack(place, axis=1))
            return costs, tape.gradient(costs, place)

        return gradient

    def _difference_gradient(self) -> Any:
        tf = backend.tensorflow()
        mesh = np.meshgrid(*self._axes, indexing="ij")
        table = tf.constant(self._landscape.values(*mesh))
        last = [len(axis) - 2 for axis in self._axes]

        def gradient(place: Any) -> Any:
            index = tf.clip_by_value(tf.cast(place, tf.int32), 0, last)
            here = tf.gather_nd(table, index)
            slopes = []
            for axis in range(self._landscape.dimensions):
                beside = index + tf.one_hot(axis, self._landscape.dimensions, dtype=tf.int32)
                slopes.append(tf.gather_nd(table, beside) - here)
            return here, tf.stack(slopes, axis=1)

        return gradient

    def _as_raw(self, positions: np.ndarray) -> np.ndarray:
        if not self._indexed:
            return positions.astype(float)
        nearest = [np.abs(axis[None] - positions[:, [k]]).argmin(axis=1) for k, axis in enumerate(self._axes)]
        return np.minimum(np.stack(nearest, axis=1), [len(axis) - 2 for axis in self._axes]).astype(float)

    def _as_position(self, raw: np.ndarray) -> np.ndarray:
        if not self._indexed:
            return raw
        last = [len(axis) - 1 for axis in self._axes]
        index = np.clip(raw.astype(int), 0, last)
        return np.stack([axis[index[..., k]] for k, axis in enumerate(self._axes)], axis=-1)

    def _message(self, number: int) -> str:
        if self.moving[number]:
            return ""
        descent = self._descents[number]
        step = int(self.steps_moved[number]) + 1
        tried, here = self.left_to[number], self.raw[number]
        inside = bool(((tried >= self._low) & (tried <= self._high)).all())
        if step == 1 and inside and not np.isfinite(self.costs[number]):
            return f"{descent.label} has no cost where it starts; drag it to another place."
        if not self._indexed and np.isfinite(self.costs[number]) and not np.isfinite(self.gradients[number]).all():
            return f"{descent.label} stopped at step {step:,}: {self._why_no_slope(here)}"
        if inside and np.isfinite(tried).all():
            return f"{descent.label} stopped at step {step:,}: the landscape has no cost where that step leads."
        if self._settings.gradient_noise and np.isfinite(tried).all():
            return f"{descent.label} left the landscape at step {step:,}: a step with noise in it led over its edge."
        if self._walked_over(number):
            return f"{descent.label} left the landscape at step {step:,}: it went down over its edge."
        remedy = (
            "Press R, or halve it." if descent.learning_rate > 2 * LEAST_RATE else "No knob is small enough for it."
        )
        return (
            f"{descent.label} left the landscape at step {step:,}: "
            f"the learning rate {descent.learning_rate:g} is too large here. {remedy}"
        )

    def _walked_over(self, number: int) -> bool:
        if self.moving[number] or self._settings.gradient_noise:
            return False
        tried, here = self.left_to[number], self.raw[number]
        is_outside = not ((tried >= self._low) & (tried <= self._high)).all()
        return is_outside and bool((np.abs(tried - here) < FAR * (self._high - self._low)).all())

    def _why_no_slope(self, place: np.ndarray) -> str:
        """A clause on a place with a cost whose gradient is no number, which no learning rate can mend."""
        remark = self._landscape.place_remark(*map(float, place)) if self._landscape.place_remark else ""
        return remark[:1].lower() + remark[1:] if remark else "the slope is no number there, though the cost is one."
