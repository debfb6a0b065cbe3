"""Mini-batch training of a model on data: batches, update, and the exact state to go back to.

Serves regression and painting. Every epoch shuffles the data and cuts it into batches; a rest that fills no batch is
dropped, as in the lecture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.backend import backend, ownership
from engine.training import costs
from engine.training.groups import Groups
from engine.training.loop import many_steps
from engine.training.networks import Model
from engine.training.optimizers import NETWORK_OPTIMIZERS, LiveOptimizer
from engine.training.schedules import PlateauState, Schedule

MOST_STEPS = 1024  # a call's; 50 ms of painting, of which a time budget takes its part
MOST_INDICES = 1 << 18  # a call's batch indices: one megabyte
MOST_CHECKPOINTS = 1 << 18  # numbers kept of the epochs' ends within one call, all of which it hands over: a megabyte


@dataclass(frozen=True, eq=False)
class TrainingState:
    """Everything that the next step depends on, as NumPy arrays."""

    parameters: np.ndarray
    optimizer: tuple[np.ndarray, ...]
    generator: Mapping[str, Any]
    order: np.ndarray
    step: int
    steps_per_epoch: int
    initial: np.ndarray
    seed: int
    schedule: PlateauState = field(default_factory=PlateauState)


@ownership.owned
class Training:
    """One model, one optimizer, one stream of batches.

    Args:
        model: what is trained.
        x: (n, inputs) float32. y: (n, outputs) float32.
        settings: a RunSettings with cost, batch_size and shuffle.

    The graph is traced and compiled here, or by compile() where ``compiled`` is false; nothing retraces later.
    ``divisors``: of the epochs that ended in the last advance(), by their step, what the rule divides each parameter's
    steps by, float32 (parameters,), as it remembers it; empty of a rule that does no such thing.
    """

    def __init__(self, model: Model, x: np.ndarray, y: np.ndarray, settings: Any, compiled: bool = True) -> None:
        tf = backend.tensorflow()
        self.model = model
        self.points = len(x)
        self.batch = min(settings.batch_size, self.points)
        self.steps_per_epoch = self.points // self.batch
        epochs = max(1, MOST_CHECKPOINTS // model.parameters)
        if getattr(settings, "min_change", 0.0):  # the Runner looks after every epoch: longer calls are never made
            epochs = 1
        self.chunk = max(1, min(epochs * self.steps_per_epoch, MOST_STEPS, MOST_INDICES // self.batch))
        inputs, targets = tf.constant(x), tf.constant(y)

        def cost(parts: Any, rows: Any) -> Any:
            return costs.cost(settings.cost, model.predict(parts, tf.gather(inputs, rows)) - tf.gather(targets, rows))

        self._build(settings, cost, self.steps_per_epoch, compiled=compiled)

    def _build(
        self,
        settings: Any,
        cost: Callable[[Any, Any], Any],
        segment: Any,
        segments: int | None = None,
        penalty: Callable[[Any], Any] | None = None,
        watched: Callable[[Any, Any], Any] | None = None,
        compiled: bool = True,
    ) -> None:
        """Trace and compile, once ``points``, ``batch``, ``steps_per_epoch`` and ``chunk`` are known.

        ``cost(parts, rows)`` is recorded, and minimised together with ``penalty(parts)``; ``watched(before, after)``
        is one more number to record of every step's parameters. ``segment`` and ``segments`` are many_steps' own.
        """
        tf, keras = backend.tensorflow(), backend.keras()
        model = self.model
        self.shuffle = settings.shuffle
        self._seed = settings.seed
        self._initial = model.initial(settings.seed)
        self._groups = groups = Groups(model, NETWORK_OPTIMIZERS[settings.optimizer].by_tensor)
        self._variables = variables = [keras.Variable(value) for value in groups.of_vector(self._initial)]
        self._optimizer = optimizer = LiveOptimizer(settings.optimizer, variables, settings.numbers())
        self._rate = settings.learning_rate
        self._schedule = Schedule(getattr(settings, "schedule", "constant"))
        self.length = 0  # steps, over which a schedule goes; the experiment's to say
        self._blank = [backend.copied(variable) for variable in self._optimizer.state()]

        # The graph must not hold this object, which holds it: such a circle is found by Python minutes later only, and
        # what was compiled waits as long.
        def step(i: Any, feed: Any) -> Any:
            rows, rates = feed
            optimizer.set_in_graph(rates[i])
            before = None if watched is None else vector()
            parts = groups.parts([variable.value for variable in variables])
            now = cost(parts, rows[i])
            minimised = now if penalty is None else now + penalty(parts)
            # not by a GradientTape, which doesn't know the layers' own gradients
            gradients = tf.gradients(minimised, parts, unconnected_gradients=tf.UnconnectedGradients.ZERO)
            optimizer.apply(groups.of_gradients(gradients), variables)
            more = [] if watched is None else [watched(before, vector())]
            return tf.math.is_finite(minimised), [now, *more]

        def vector() -> Any:
            return groups.vector([variable.value for variable in variables])

        divisors = optimizer.divisors()

        def kept() -> Any:
            if divisors is None:
                return vector()
            return tf.concat([vector(), groups.vector([divisor.value for divisor in divisors])], 0)

        self.program = many_steps(
            step,
            summary=lambda: [vector()],
            records=[tf.TensorSpec([], tf.float32)] * (1 if watched is None else 2),
            chunk=self.chunk,
            segment=segment,
            checkpoint=(kept, tf.TensorSpec([(1 if divisors is None else 2) * model.parameters], tf.float32)),
            segments=segments,
        )
        self._rows = np.zeros((self.chunk, self.batch), np.int32)
        self._rates = np.zeros(self.chunk, np.float32)
        self.reset()
        if compiled:
            self.compile()

    @ownership.any_thread
    def compile(self) -> None:
        """Trace and compile now, not at the first step."""
        self._call(0, 1)

    def reset(self) -> None:
        """Back to the initial parameters and the seed's first batch."""
        self._assign(self._initial)
        for variable, value in zip(self._optimizer.state(), self._blank, strict=True):
            variable.assign(value)
        self._optimizer.begin()
        self._generator = np.random.default_rng([self._seed, 2])
        self._order = np.arange(self.points, dtype=np.int32)
        self.step = 0
        self.divisors: dict[int, np.ndarray] = {}
        self._schedule = Schedule(self._schedule.name)
        self.parameters = self._initial.copy()

    @property
    @ownership.any_thread
    def initial(self) -> np.ndarray:
        """What a reset goes back to, float32 (parameters,)."""
        return self._initial

    def reseed(self, seed: int) -> None:
        """Other initial parameters and another order of batches, from the next reset on."""
        self._seed = seed
        self._initial = self.model.initial(seed)

    def set_live(self, knob: str, value: Any) -> None:
        """Move a live knob: it acts on the next step (shuffle: on the next epoch)."""
        if knob == "shuffle":
            self.shuffle = value
        elif knob == "learning_rate":
            self._rate = value
        elif knob == "schedule":
            if value != self._schedule.name:
                self._schedule = Schedule(value)
        else:
            self._optimizer.set(knob, value)

    def advance(self, steps: int) -> tuple[np.ndarray, list[tuple[int, np.ndarray]]]:
        """Take up to ``steps`` steps, at most ``chunk``.

        Returns each step's mini-batch cost, float32 (done,), taken before the step's update; and for each epoch that
        ended (step, parameters) there. The last cost is not finite when the training diverged.
        """
        count = min(steps, self.chunk)
        at = self.step % self.steps_per_epoch
        if self._schedule.needs_every_epoch:
            count = min(count, self.steps_per_epoch - at)
        self._rates[:count] = self._rate * self._schedule.shares(self.step, count, self.length)
        filled = 0
        while filled < count:
            if at == 0:
                self._draw_order()
            part = min(count - filled, self.steps_per_epoch - at)
            indices = self._order[at * self.batch : (at + part) * self.batch]
            self._rows[filled : filled + part] = indices.reshape(part, self.batch)
            filled += part
            at = (at + part) % self.steps_per_epoch
        first = self.steps_per_epoch - self.step % self.steps_per_epoch
        costs, checkpoints = self._run(count, first)
        ends = [(self.step + first + k * self.steps_per_epoch, row) for k, row in enumerate(checkpoints)]
        self.step += len(costs)
        self._schedule.took(costs, self.step % self.steps_per_epoch == 0)
        ends = [(step, row) for step, row in ends if step <= self.step]
        count = self.model.parameters
        self.divisors = {step: row[count:] for step, row in ends if len(row) > count}
        return costs, [(step, row[:count]) for step, row in ends]

    def set_parameters(self, parameters: np.ndarray) -> None:
        """Go on from other parameters, float32 (parameters,); the optimizer keeps its memory of gradients."""
        self._assign(parameters)
        self._optimizer.begin()
        self.parameters = np.array(parameters, np.float32)

    def go_on_from(self, older: Training, parameters: np.ndarray) -> None:
        """Take over another training's batches, step and schedule, with these parameters.

        This one stands at its start, where its optimizer remembers nothing; and so it stays.
        """
        self.set_parameters(parameters)
        self._generator.bit_generator.state = older._generator.bit_generator.state
        self._order = older._order.copy()
        self.step = older.step
        self._schedule.state = older._schedule.state

    def averaged(self) -> np.ndarray | None:
        """What a schedule-free rule holds for the answer, float32 (parameters,); None of another rule."""
        values = self._optimizer.averaged()
        return None if values is None else np.asarray(self._groups.vector(values), np.float32)

    def raw_updates(self) -> tuple[tuple[str, np.ndarray], ...]:
        """Of Muon, each matrix's name and its last update before it was made orthogonal; empty of another rule."""
        matrices = [tensor.name for tensor in self.model.tensors if len(tensor.shape) == 2]
        held = self._optimizer.raw_updates()
        return tuple(zip(matrices, held, strict=True)) if held else ()

    def is_finite(self) -> bool:
        """Whether every parameter is a number still."""
        return bool(np.isfinite(self.parameters).all())

    def state(self) -> TrainingState:
        """What restore() needs to go on from here bit for bit."""
        return TrainingState(
            parameters=self.parameters.copy(),
            optimizer=tuple(backend.copied(variable) for variable in self._optimizer.state()),
            generator=self._generator.bit_generator.state,
            order=self._order,  # never written into: each epoch draws another one
            step=self.step,
            steps_per_epoch=self.steps_per_epoch,
            initial=self._initial,
            seed=self._seed,
            schedule=self._schedule.state,
        )

    def restore(self, state: TrainingState) -> None:
        """Go back to what state() gave."""
        self._assign(state.parameters)
        for variable, value in zip(self._optimizer.state(), state.optimizer, strict=True):
            variable.assign(value)
        self._generator.bit_generator.state = state.generator
        self._order = state.order
        self.step, self.steps_per_epoch = state.step, state.steps_per_epoch
        self._initial, self._seed = state.initial, state.seed
        self._schedule.state = state.schedule
        self.divisors = {}
        self.parameters = state.parameters.copy()

    def _assign(self, flat: np.ndarray) -> None:
        for variable, value in zip(self._variables, self._groups.of_vector(flat), strict=True):
            variable.assign(value)

    def _draw_order(self) -> None:
        if self.shuffle:
            self._order = self._generator.permutation(self.points).astype(np.int32)
        else:
            self._order = np.arange(self.points, dtype=np.int32)

    def _run(self, count: int, first: int) -> tuple[np.ndarray, np.ndarray]:
        done, (costs, *more), checkpoints, (parameters,) = self._call(count, first)
        self.parameters = parameters.numpy()
        self.watched = [column.numpy()[: int(done)] for column in more]
        return costs.numpy()[: int(done)], checkpoints.numpy()

    def _call(self, count: int, first: int) -> Any:
        tf = backend.tensorflow()
        return self.program(tf.constant(count), tf.constant(first), (tf.constant(self._rows), tf.constant(self._rates)))
