"""Descents on a landscape, many in lockstep: each runner with its own optimizer, all in one compiled loop.

With the difference gradient a position is the lecture's: a float index into sampled points, truncated when it is
used, and the gradient is the difference between neighbouring samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import backend
from engine.experiments.landscape_runners import Descent
from engine.experiments.landscape_settings import LandscapeSettings
from engine.landscape import Landscape
from engine.loop import many_steps
from engine.optimizers import LiveOptimizer
from engine.update_terms import Update, with_noise

CHUNK = 256
SMALLEST = 1e-6  # the least learning rate that the knob has
FAR = 0.1  # of the landscape: a longer step than this out of it is a rate too large, a shorter one a walk over the edge


@dataclass(frozen=True, eq=False)
class DescentState:
    """Everything that the next step depends on, as NumPy arrays."""

    positions: tuple[np.ndarray, ...]
    moving: tuple[np.ndarray, ...]
    attempts: tuple[np.ndarray, ...]
    optimizers: tuple[tuple[np.ndarray, ...], ...]
    generator: dict[str, Any]
    noise: np.ndarray
    step: int
    steps_moved: np.ndarray
    messages: tuple[str, ...]


class Descents:
    """All runners of one landscape.

    Args:
        landscape: what is descended.
        runners: where each starts, and by which rule and rate.
        settings: for the gradient, its noise, the rules' numbers and the seed.

    After construction, reset() and every advance(): ``step``; ``costs`` (runners,); ``gradients`` (runners,
    dimensions) without noise; ``raw`` (runners, dimensions) positions as the rule sees them (indices for
    the difference gradient); ``moving`` (runners,) bool; ``left_to`` (runners, dimensions) where the step that left
    would have led; ``messages`` why a runner stopped, "" while it moves.
    """

    def __init__(self, landscape: Landscape, runners: Sequence[Descent], settings: LandscapeSettings) -> None:
        tf, keras = backend.tensorflow(), backend.keras()
        self._landscape, self._runners, self._settings = landscape, tuple(runners), settings
        self._indexed = settings.gradient == "difference"
        self._axes = [landscape.axis(number) for number in range(landscape.dimensions)]
        self._starts = [self._as_raw(np.array([runner.start])) for runner in runners]
        self._places = [keras.Variable(start, dtype="float64") for start in self._starts]
        self._moving = [tf.Variable([True]) for _ in self._starts]
        self._attempts = [tf.Variable(start, dtype=tf.float64) for start in self._starts]
        self._optimizers = [
            LiveOptimizer(runner.optimizer, [place], settings.numbers() | {"learning_rate": runner.learning_rate})
            for runner, place in zip(runners, self._places, strict=True)
        ]
        self._blank = [[backend.copied(variable) for variable in one.state()] for one in self._optimizers]
        self._gradient = self._difference_gradient() if self._indexed else self._automatic_gradient()
        low, high = np.array(landscape.domain).T
        if self._indexed:
            # A difference needs a right neighbour, so the last usable index is the last but one.
            low, high = np.zeros(landscape.dimensions), np.array([len(axis) - 1.0 for axis in self._axes])
        self._low, self._high = low, high
        self._noise = np.zeros((CHUNK, len(runners), landscape.dimensions))
        shape = [len(runners), landscape.dimensions]
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
        for one, blank in zip(self._optimizers, self._blank, strict=True):
            for variable, value in zip(one.state(), blank, strict=True):
                variable.assign(value)
        self._generator = np.random.default_rng([self._settings.seed, 4])
        self._ahead = self._drawn(1)  # the noise of the step to come, so that it can be shown before it is taken
        self.step = 0
        self.steps_moved = np.zeros(len(self._runners), int)
        self.messages: tuple[str, ...] = ("",) * len(self._runners)
        self.advance(0)

    def set_live(self, settings: LandscapeSettings, runners: Sequence[Descent]) -> None:
        """Take over the live numbers, which act on the next step, and the starts, which act on the next reset."""
        self._settings, self._runners = settings, tuple(runners)
        self._starts = [self._as_raw(np.array([runner.start])) for runner in runners]
        for one, runner in zip(self._optimizers, runners, strict=True):
            for knob, value in (settings.numbers() | {"learning_rate": runner.learning_rate}).items():
                one.set(knob, value)

    def advance(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Take up to ``steps`` steps, at most CHUNK, fewer when everyone has stopped.

        Returns positions (done, runners, dimensions) in the landscape's units, and costs (done, runners).
        """
        tf = backend.tensorflow()
        count = min(steps, CHUNK)
        if count:
            drawn = np.concatenate([self._ahead, self._drawn(count)])
            self._noise[:count], self._ahead = drawn[:count] * self._settings.gradient_noise, drawn[count:]
        counts = tf.constant(count), tf.constant(CHUNK)
        done, (raw, costs, moving), _, summary = self._program(*counts, tf.constant(self._noise))
        done = int(done)
        self.raw, self.costs, self.gradients, self.moving, self.left_to = (part.numpy() for part in summary)
        self.step += done
        moved = moving.numpy()[:done]
        self.steps_moved = self.steps_moved + moved.sum(axis=0)
        self.messages = tuple(self._message(number) for number in range(len(self._runners)))
        return self._as_position(raw.numpy()[:done]), costs.numpy()[:done]

    def positions(self) -> np.ndarray:
        """Where every runner is, (runners, dimensions), in the landscape's units."""
        return self._as_position(self.raw)

    def next_update(self, number: int) -> Update:
        """The step that a runner takes next, taken apart; in the unit of ``raw``."""
        noise = self._ahead[0, number] * self._settings.gradient_noise
        update = self._optimizers[number].next_update(self.gradients[number] + noise, 0, self.step + 1)
        return with_noise(update, noise) if self._settings.gradient_noise else update

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

    def _step(self, i: Any, noise: Any) -> Any:
        tf = backend.tensorflow()
        raw, costs, flags = [], [], []
        for number, (place, moving, one) in enumerate(zip(self._places, self._moving, self._optimizers, strict=True)):
            before = tf.identity(place.value)  # not the variable, which the update changes
            cost_before, gradient = self._gradient(before)
            one.apply([gradient + noise[i, number]], [place])
            tried = tf.identity(place.value)
            cost = self._gradient(tried)[0]
            # A runner that would leave stays where it left from, and the others go on.
            inside = tf.reduce_all((tried >= self._low) & (tried <= self._high), axis=1)
            if self._indexed:  # int() truncates towards zero: -0.5 is index 0 still, and so is inside
                inside = tf.reduce_all((tried > -1.0) & (tried < self._high), axis=1)
            inside &= tf.math.is_finite(cost)
            self._attempts[number].assign(tf.where(moving[:, None], tried, self._attempts[number]))
            moving.assign(moving & inside)
            place.assign(tf.where(moving[:, None], tried, before))
            raw.append(place.value[0])
            costs.append(tf.where(moving, cost, cost_before)[0])
            flags.append(moving[0])
        return tf.reduce_any(tf.stack(flags)), [tf.stack(raw), tf.stack(costs), tf.stack(flags)]

    def _summary(self) -> list[Any]:
        tf = backend.tensorflow()
        now = [self._gradient(place.value) for place in self._places]
        return [
            tf.stack([place.value[0] for place in self._places]),
            tf.stack([costs[0] for costs, _ in now]),
            tf.stack([gradient[0] for _, gradient in now]),
            tf.stack([moving[0] for moving in self._moving]),
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
        runner = self._runners[number]
        step = int(self.steps_moved[number]) + 1
        tried, here = self.left_to[number], self.raw[number]
        inside = bool(((tried >= self._low) & (tried <= self._high)).all())
        if step == 1 and inside and not np.isfinite(self.costs[number]):
            return f"{runner.label} has no cost where it starts; drag it to another place."
        if inside and np.isfinite(tried).all():
            return f"{runner.label} stopped at step {step:,}: the landscape has no cost where that step leads."
        if self._settings.gradient_noise and np.isfinite(tried).all():
            return f"{runner.label} left the landscape at step {step:,}: a step with noise in it led over its edge."
        apart = np.abs(tried - here) / (self._high - self._low)
        if np.isfinite(tried).all() and apart.max() < FAR:
            return f"{runner.label} left the landscape at step {step:,}: it went down over its edge."
        remedy = "Press R, or halve it." if runner.learning_rate > 2 * SMALLEST else "No knob is small enough for it."
        return (
            f"{runner.label} left the landscape at step {step:,}: "
            f"the learning rate {runner.learning_rate:g} is too large here. {remedy}"
        )
