"""What is measured on two pictures side by side: PSNR, SSIM, and where they differ most. Serves the frame's metrics."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter

from engine.painting.picture import Worst

MOST_PSNR = 99.0  # dB; a perfect painting has no finite PSNR, and 8 bits a colour can't show this much
WINDOW = 7
LUMA = np.array([0.2125, 0.7154, 0.0721], np.float32)


def psnr(mean_square: float) -> float:
    """Peak signal-to-noise ratio in dB of a mean squared error of values in 0..255."""
    return float(10 * np.log10(255.0**2 / max(mean_square, 255.0**2 * 10 ** (-MOST_PSNR / 10))))


def ssim(first: np.ndarray, second: np.ndarray) -> float:
    """Structural similarity of two uint8 pictures' luminance, in -1..1: Wang et al. 2004, windows of 7 x 7.

    The same number as scikit-image's structural_similarity of the grey pictures.
    """
    a, b = (picture.astype(np.float32) @ LUMA for picture in (first, second))
    unbiased = WINDOW**2 / (WINDOW**2 - 1)
    mean_a, mean_b = uniform_filter(a, WINDOW), uniform_filter(b, WINDOW)
    var_a = unbiased * (uniform_filter(a * a, WINDOW) - mean_a**2)
    var_b = unbiased * (uniform_filter(b * b, WINDOW) - mean_b**2)
    both = unbiased * (uniform_filter(a * b, WINDOW) - mean_a * mean_b)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mean_a * mean_b + c1) * (2 * both + c2)
    bottom = (mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2)
    inner = slice(WINDOW // 2, -(WINDOW // 2))
    return float(np.mean((top / bottom)[inner, inner], dtype=np.float64))


def worst(error: np.ndarray, parts: int = 8) -> Worst:
    """The square, a ``parts``-th of the shorter edge, of an error map (rows, columns) in 0..255 that is most wrong."""
    edge = max(1, min(error.shape) // parts)
    # summed-area table: Crow 1984
    sums = np.pad(error.astype(np.int64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    squares = sums[edge:, edge:] - sums[:-edge, edge:] - sums[edge:, :-edge] + sums[:-edge, :-edge]
    row, column = np.unravel_index(int(squares.argmax()), squares.shape)
    return Worst(int(row), int(column), edge, float(squares[row, column]) / edge**2)
