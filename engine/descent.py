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
from engine.experiments.landscape_settings import Descent, LandscapeSettings
from engine.landscapes import Landscape
from engine.loop import many_steps
from engine.optimizers import LiveOptimizer

CHUNK = 256


@dataclass(frozen=True, eq=False)
class DescentState:
    """Everything that the next step depends on, as NumPy arrays."""

    positions: tuple[np.ndarray, ...]
    moving: tuple[np.ndarray, ...]
    optimizers: tuple[tuple[np.ndarray, ...], ...]
    generator: dict[str, Any]
    step: int
    steps_moved: np.ndarray
    messages: tuple[str, ...]


class Descents:
    """All runners of one landscape.

    Args:
        landscape: what is descended.
        runners: where each starts, and by which rule and rate.
        settings: for the gradient, its noise, the rules' numbers and the seed.
        swarm: further starts for the first runner, (n, dimensions), or None.

    After construction, reset() and every advance(): ``step``; ``costs`` (runners,); ``gradients`` (runners,
    dimensions) as the rules see them; ``raw`` (runners, dimensions) positions as the rule sees them (indices for
    the difference gradient); ``moving`` (runners,) bool; ``messages`` why a runner stopped, "" while it moves.
    """

    def __init__(
        self,
        landscape: Landscape,
        runners: Sequence[Descent],
        settings: LandscapeSettings,
        swarm: np.ndarray | None,
    ) -> None:
        tf, keras = backend.tensorflow(), backend.keras()
        self._landscape, self._runners, self._settings = landscape, tuple(runners), settings
        self._indexed = settings.gradient == "difference"
        self._axes = [landscape.axis(number) for number in range(landscape.dimensions)]
        self._starts = [self._as_raw(np.array([runner.start])) for runner in runners]
        if swarm is not None:
            self._starts[0] = np.concatenate([self._starts[0], swarm])
        self._places = [keras.Variable(start, dtype="float64") for start in self._starts]
        self._moving = [tf.Variable(tf.ones(len(start), tf.bool)) for start in self._starts]
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
        """Everyone back to the start."""
        tf = backend.tensorflow()
        for place, moving, start in zip(self._places, self._moving, self._starts, strict=True):
            place.assign(start)
            moving.assign(tf.ones(len(start), tf.bool))
        for one, blank in zip(self._optimizers, self._blank, strict=True):
            for variable, value in zip(one.state(), blank, strict=True):
                variable.assign(value)
        self._generator = np.random.default_rng([self._settings.seed, 4])
        self.step = 0
        self.steps_moved = np.zeros(len(self._runners), int)
        self.messages: tuple[str, ...] = ("",) * len(self._runners)
        self.advance(0)

    def set_live(self, settings: LandscapeSettings, runners: Sequence[Descent]) -> None:
        """Take over the live numbers; they act on the next step."""
        self._settings, self._runners = settings, tuple(runners)
        for one, runner in zip(self._optimizers, runners, strict=True):
            for knob, value in (settings.numbers() | {"learning_rate": runner.learning_rate}).items():
                one.set(knob, value)

    def advance(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """Take up to ``steps`` steps, at most CHUNK, fewer when everyone has stopped.

        Returns positions (done, runners, dimensions) in the landscape's units, and costs (done, runners).
        """
        tf = backend.tensorflow()
        count = min(steps, CHUNK)
        if self._settings.gradient_noise:
            noise = self._generator.normal(0.0, self._settings.gradient_noise, self._noise[:count].shape)
            self._noise[:count] = noise
        else:
            self._noise[:] = 0.0
        counts = tf.constant(count), tf.constant(CHUNK)
        done, (raw, costs, moving), _, summary = self._program(*counts, tf.constant(self._noise))
        done = int(done)
        self.raw, self.costs, self.gradients, self.moving = (part.numpy() for part in summary)
        self.step += done
        moved = moving.numpy()[:done]
        self.steps_moved = self.steps_moved + moved.sum(axis=0)
        self.messages = tuple(self._message(number) for number in range(len(self._runners)))
        return self._as_position(raw.numpy()[:done]), costs.numpy()[:done]

    def positions(self) -> np.ndarray:
        """Where every runner is, (runners, dimensions), in the landscape's units."""
        return self._as_position(self.raw)

    def swarm(self) -> np.ndarray | None:
        """Where the further starts of the first runner are now, (n, dimensions), or None."""
        return backend.copied(self._places[0])[1:] if len(self._starts[0]) > 1 else None

    def swarm_moving(self) -> np.ndarray | None:
        """Which of the swarm still move, (n,) bool."""
        return backend.copied(self._moving[0])[1:] if len(self._starts[0]) > 1 else None

    def state(self) -> DescentState:
        """What restore() needs to go on from here bit for bit."""
        return DescentState(
            positions=tuple(backend.copied(place) for place in self._places),
            moving=tuple(backend.copied(moving) for moving in self._moving),
            optimizers=tuple(tuple(backend.copied(variable) for variable in one.state()) for one in self._optimizers),
            generator=self._generator.bit_generator.state,
            step=self.step,
            steps_moved=self.steps_moved.copy(),
            messages=self.messages,
        )

    def restore(self, state: DescentState) -> None:
        """Go back to what state() gave."""
        for place, moving, position, flag in zip(
            self._places, self._moving, state.positions, state.moving, strict=True
        ):
            place.assign(position)
            moving.assign(flag)
        for one, values in zip(self._optimizers, state.optimizers, strict=True):
            for variable, value in zip(one.state(), values, strict=True):
                variable.assign(value)
        self._generator.bit_generator.state = state.generator
        self.step, self.steps_moved, self.messages = state.step, state.steps_moved.copy(), state.messages
        self.advance(0)

    def _step(self, i: Any, noise: Any) -> Any:
        tf = backend.tensorflow()
        raw, costs, flags = [], [], []
        for number, (place, moving, one) in enumerate(zip(self._places, self._moving, self._optimizers, strict=True)):
            before = backend.tensorflow().identity(place.value)  # not the variable, which the update changes
            gradient = self._gradient(before)[1] + noise[i, number]
            one.apply([gradient], [place])
            # A runner that would leave stays where it left from, and the others go on.
            inside = tf.reduce_all((place.value >= self._low) & (place.value <= self._high), axis=1)
            if self._indexed:  # int() truncates towards zero: -0.5 is index 0 still, and so is inside
                inside = tf.reduce_all((place.value > -1.0) & (place.value < self._high), axis=1)
            moving.assign(moving & inside)
            place.assign(tf.where(moving[:, None], place.value, before))
            raw.append(place.value[0])
            costs.append(self._gradient(place.value[:1])[0][0])
            flags.append(moving[0])
        go_on = tf.reduce_any(tf.stack([tf.reduce_any(moving) for moving in self._moving]))
        return go_on, [tf.stack(raw), tf.stack(costs), tf.stack(flags)]

    def _summary(self) -> list[Any]:
        tf = backend.tensorflow()
        now = [self._gradient(place.value[:1]) for place in self._places]
        return [
            tf.stack([place.value[0] for place in self._places]),
            tf.stack([costs[0] for costs, _ in now]),
            tf.stack([gradient[0] for _, gradient in now]),
            tf.stack([moving[0] for moving in self._moving]),
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
        return (
            f"{runner.label} left the landscape at step {int(self.steps_moved[number]) + 1:,}: "
            f"the learning rate {runner.learning_rate:g} is too large here. Press R, or halve it."
        )
