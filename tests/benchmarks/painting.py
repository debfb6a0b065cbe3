"""painting/astronaut: our steps a second against Keras fit with the same network, batch and optimizer.

How the ratios come out depends on the machine: how fast XLA's products are beside NumPy's, how expensive a call.
So there is also the plainest loop that XLA can be given: what that misses of the matrix limit is the machine's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median

import numpy as np

from engine.backend import backend
from engine.painting import images
from engine.painting.canvas import coordinates
from engine.run.runner import Runner
from engine.run.states import Event
from engine.scenes import scenes

ROUNDS = 5


def main() -> int:
    spec = scenes()["painting/astronaut"]
    runner = Runner(spec)
    runner.length = 10**9
    runner.handle(Event.PLAY)
    fit, one_call, plainest = _keras_fit(spec), _one_call_a_step(spec), _plainest_loop(spec)
    names = ("ours", "keras fit", "one call a step", "matrix limit", "plainest loop")
    speeds: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(ROUNDS):  # interleaved, so that a slow moment of the machine meets everyone
        speeds["ours"].append(_ours(runner))
        speeds["keras fit"].append(fit())
        speeds["one call a step"].append(one_call())
        speeds["matrix limit"].append(_matrix_limit(spec))
        speeds["plainest loop"].append(plainest())
    runner.close()
    ours = median(speeds["ours"])
    print(f"{'':18}{'steps/s':>10}{'ours is':>12}")
    for name, values in speeds.items():
        print(f"{name:18}{median(values):>10,.0f}{ours / median(values):>11.2f}x")
    return 0


def _ours(runner: Runner) -> float:
    """The Runner as the window and the command line use it, the cost over all pixels measured every epoch."""
    began, first = time.perf_counter(), runner.step
    runner.advance(seconds=1.0)
    return (runner.step - first) / (time.perf_counter() - began)


def _data(spec) -> tuple[np.ndarray, np.ndarray]:
    side = spec.settings.side
    return coordinates(side), images.square(spec.settings.image, side).reshape(-1, 3).copy()


def _keras_model(spec):
    keras, tf = backend.keras(), backend.tensorflow()
    settings = spec.settings

    def layer(width: int, activation: str | None):
        start = keras.initializers.RandomNormal(0.0, settings.init_scale)
        return keras.layers.Dense(width, activation, kernel_initializer=start)

    hidden = [layer(settings.width, settings.activation) for _ in range(settings.depth)]
    model = keras.Sequential([keras.Input((2,)), *hidden, layer(3, None)])

    def cost(truth, prediction):
        return tf.reduce_mean(tf.reduce_sum(tf.abs(truth - prediction), axis=1))

    return model, cost


def _keras_fit(spec) -> Callable[[], float]:
    keras = backend.keras()
    model, cost = _keras_model(spec)
    x, y = _data(spec)
    batch = spec.settings.batch_size
    per_epoch = len(x) // batch
    x, y = x[: per_epoch * batch], y[: per_epoch * batch]
    model.compile(keras.optimizers.Adam(spec.settings.learning_rate), cost, steps_per_execution=per_epoch)
    model.fit(x, y, batch_size=batch, epochs=2, verbose=0)

    def measure(epochs: int = 15) -> float:
        began = time.perf_counter()
        model.fit(x, y, batch_size=batch, epochs=epochs, verbose=0)
        return epochs * per_epoch / (time.perf_counter() - began)

    return measure


def _one_call_a_step(spec) -> Callable[[], float]:
    keras, tf = backend.keras(), backend.tensorflow()
    model, cost = _keras_model(spec)
    optimizer = keras.optimizers.Adam(spec.settings.learning_rate)
    optimizer.build(model.trainable_variables)
    x, y = (tf.constant(part) for part in _data(spec))

    @tf.function
    def step(rows):
        with tf.GradientTape() as tape:
            value = cost(tf.gather(y, rows), model(tf.gather(x, rows)))
        optimizer.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)
        return value

    generator, batch = np.random.default_rng(0), spec.settings.batch_size

    def epoch() -> int:
        order = generator.permutation(len(x)).astype(np.int32)
        batches = order[: len(x) // batch * batch].reshape(-1, batch)
        costs = [step(tf.constant(rows)) for rows in batches]
        np.array([float(cost) for cost in costs])
        return len(costs)

    epoch()

    def measure(epochs: int = 10) -> float:
        began = time.perf_counter()
        steps = sum(epoch() for _ in range(epochs))
        return steps / (time.perf_counter() - began)

    return measure


def _plainest_loop(spec, steps: int = 1024) -> Callable[[], float]:
    """Steps a second of nothing but gather, network, gradient and Adam, carried through one XLA loop by hand."""
    tf = backend.tensorflow()
    settings, generator = spec.settings, np.random.default_rng(0)
    x, y = (tf.constant(part) for part in _data(spec))
    rows = tf.constant(generator.integers(0, len(x), (steps, settings.batch_size)).astype(np.int32))
    widths = [2, *[settings.width] * settings.depth, 3]
    layers = [(generator.normal(0, settings.init_scale, size), np.zeros(size[1])) for size in pairwise(widths)]
    start = [tf.constant(part, tf.float32) for layer in layers for part in layer]

    def gradients(parts, batch):
        with tf.GradientTape() as tape:
            tape.watch(parts)
            h = tf.gather(x, batch)
            for number in range(settings.depth):
                h = tf.nn.relu(h @ parts[2 * number] + parts[2 * number + 1])
            error = tf.gather(y, batch) - (h @ parts[-2] + parts[-1])
            cost = tf.reduce_mean(tf.reduce_sum(tf.abs(error), axis=1))
        return tape.gradient(cost, parts)

    @tf.function(jit_compile=True, autograph=False)
    def program(t, parts, means, squares):
        def step(i, t, parts, means, squares):
            slopes, t = gradients(parts, rows[i]), t + 1.0
            rate = settings.learning_rate * tf.sqrt(1 - tf.pow(0.999, t)) / (1 - tf.pow(0.9, t))
            means = [mean + (slope - mean) * 0.1 for mean, slope in zip(means, slopes, strict=True)]
            squares = [square + (slope * slope - square) * 0.001 for square, slope in zip(squares, slopes, strict=True)]
            moved = zip(parts, means, squares, strict=True)
            return i + 1, t, [part - rate * m / (tf.sqrt(s) + 1e-7) for part, m, s in moved], means, squares

        return tf.while_loop(lambda i, *_: i < steps, step, [0, t, parts, means, squares])[1:]

    zeros = [tf.zeros_like(part) for part in start]
    state = [program(tf.constant(0.0), start, zeros, zeros)]

    def measure(calls: int = 8) -> float:
        began = time.perf_counter()
        for _ in range(calls):
            state[0] = program(*state[0])
        state[0][1][0].numpy()
        return calls * steps / (time.perf_counter() - began)

    return measure


def _matrix_limit(spec, products: int = 20_000) -> float:
    """Steps a second if a step were only its matrix products, at the speed of NumPy's batch x width x width one."""
    settings = spec.settings
    generator = np.random.default_rng(0)
    a = generator.normal(size=(settings.batch_size, settings.width)).astype(np.float32)
    b = generator.normal(size=(settings.width, settings.width)).astype(np.float32)
    began = time.perf_counter()
    for _ in range(products):
        a @ b
    rate = products * 2 * a.shape[0] * b.size / (time.perf_counter() - began)
    widths = [2, *[settings.width] * settings.depth, 3]
    weights = sum(first * second for first, second in pairwise(widths))
    return rate / (3 * 2 * settings.batch_size * weights)  # forward, and backward twice
