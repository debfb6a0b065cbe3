"""The lecture's painting written down a second time, in plain NumPy: where the figures of its tests come from.

``python -m tests.engine.painting.astronaut_in_numpy`` measures FIGURES anew, a minute a seed. They are what seeds 0 to
7 gave here, rounded outwards, and none of these was chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from engine.painting.images import square

SIDE, DEPTH, WIDTH, BATCH, RATE = 64, 6, 64, 50, 0.001
SHAPES = tuple(pairwise((2, *[WIDTH] * DEPTH, 3)))
SEEDS = 8
FIGURES = {  # epoch -> from which to which cost over all pixels
    1: (169, 174),
    20: (105, 125),
    100: (64, 79),
    200: (50, 67),
    300: (44, 52),
    400: (39, 49),
    500: (37, 43),
}
PSNR = (19.7, 21.1)  # dB, after the last epoch

Layers = list[tuple[np.ndarray, np.ndarray]]  # each layer's W (inputs, outputs) and b (outputs,)


def data() -> tuple[np.ndarray, np.ndarray]:
    """(row, column) of every pixel, normalised by mean and standard deviation of all of them, and its colour."""
    grid = np.stack(np.mgrid[:SIDE, :SIDE], axis=-1).reshape(-1, 2).astype(float)
    return ((grid - grid.mean()) / grid.std()).astype(np.float32), square("astronaut", SIDE).reshape(-1, 3)


def layers_of(flat: np.ndarray) -> Layers:
    """Views of a parameter vector."""
    pieces = np.split(flat, np.cumsum([size for n, m in SHAPES for size in (n * m, m)])[:-1])
    return [(w.reshape(shape), b) for w, b, shape in zip(pieces[::2], pieces[1::2], SHAPES, strict=True)]


def hidden(layers: Layers, x: np.ndarray) -> list[np.ndarray]:
    """x and the outputs of all layers, the last one's without relu."""
    outputs = [x]
    for w, b in layers[:-1]:
        outputs.append(np.maximum(outputs[-1] @ w + b, 0))
    return [*outputs, outputs[-1] @ layers[-1][0] + layers[-1][1]]


def train(flat: np.ndarray, orders: Iterator[np.ndarray], epochs: int) -> Iterator[np.ndarray]:
    """Adam (Kingma and Ba 2015) along the absolute error's gradient: the parameters after each of these epochs."""
    x, y = data()
    flat, gradient = flat.copy(), np.zeros_like(flat)
    layers, slopes = layers_of(flat), layers_of(gradient)
    mean, square_mean, step = np.zeros_like(flat), np.zeros_like(flat), 0
    for _ in range(epochs):
        order = next(orders)
        for rows in order[: len(order) // BATCH * BATCH].reshape(-1, BATCH):  # a rest that fills no batch is dropped
            outputs = hidden(layers, x[rows])
            upstream = np.sign(outputs[-1] - y[rows]) / np.float32(BATCH)
            for number in reversed(range(len(layers))):
                slopes[number][0][:] = outputs[number].T @ upstream
                slopes[number][1][:] = upstream.sum(axis=0)
                upstream = (upstream @ layers[number][0].T) * (outputs[number] > 0)
            step += 1
            mean += np.float32(0.1) * (gradient - mean)
            square_mean += np.float32(0.001) * (gradient * gradient - square_mean)
            rate = np.float32(RATE * np.sqrt(1 - 0.999**step) / (1 - 0.9**step))
            flat -= rate * mean / (np.sqrt(square_mean) + np.float32(1e-7))
        yield flat.copy()


def cost_and_psnr(flat: np.ndarray) -> tuple[float, float]:
    """The absolute error, summed over red, green and blue and averaged over all pixels; and dB of what can be shown."""
    x, y = data()
    painted = hidden(layers_of(flat), x)[-1]
    error = np.clip(painted, 0, 255) - y
    return float(np.abs(painted - y).sum(axis=1).mean()), float(10 * np.log10(255**2 / np.square(error).mean()))


def main() -> int:
    for seed in range(SEEDS):
        generator = np.random.default_rng(seed)
        layers = [(generator.normal(0, 0.1, shape), np.zeros(shape[1])) for shape in SHAPES]
        flat = np.concatenate([part.ravel() for layer in layers for part in layer]).astype(np.float32)
        orders = iter(lambda generator=generator: generator.permutation(SIDE * SIDE), None)
        for epoch, after in enumerate(train(flat, orders, max(FIGURES)), start=1):
            if epoch in FIGURES:
                cost, psnr = cost_and_psnr(after)
                print(f"seed {seed}, epoch {epoch}: {cost:.2f}, {psnr:.2f} dB", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
