"""The inner minima of a landscape: samples below all their neighbours, each then refined by Newton's method.

All candidates are refined together, with derivatives by central differences, so that a formula with hundreds of minima
costs no more than a blink. Source: Nocedal and Wright 2006, Numerical Optimization, chapter 3 (damped Newton steps).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

SAMPLES = {1: 4001, 2: 401}
MOST = 400  # candidates that are refined, the lowest first
REFINEMENTS = 200  # at most; a bent valley takes a hundred, a bowl three
SAME = 1e-3  # of the domain's width: two minima closer than this are one
FLAT = 1e-2  # of the cost's usual range over the domain's width: a slope below this is none
RIM = 5e-3  # of the domain's width: how far about a minimum the cost has to be higher

Values = Callable[..., np.ndarray]


def inner_minima(values: Values, domain: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Shape (m, dimensions), lowest first. ``values`` takes one broadcasting array a parameter."""
    low, high = np.array(domain, float).T
    width = high - low
    found, usual_range = _candidates(values, domain)
    found = _refined(values, found, width)
    costs = values(*found.T)
    inside = ((found >= low) & (found <= high)).all(axis=1) & np.isfinite(costs)
    found, costs = found[inside], costs[inside]
    real = _are_lowest(values, found, costs, width, usual_range)
    found, costs = found[real], costs[real]
    keep: list[np.ndarray] = []
    for point in found[np.argsort(costs, kind="stable")]:
        if all((np.abs(point - other) > SAME * width).any() for other in keep):
            keep.append(point)
    return np.array(keep).reshape(-1, len(domain))


def _candidates(values: Values, domain: tuple[tuple[float, float], ...]) -> tuple[np.ndarray, float]:
    axes = [np.linspace(low, high, SAMPLES[len(domain)]) for low, high in domain]
    mesh = np.meshgrid(*axes, indexing="ij")
    z = np.nan_to_num(values(*mesh), nan=np.inf, posinf=np.inf, neginf=-np.inf)
    inner = tuple(slice(1, -1) for _ in axes)
    lowest = np.isfinite(z[inner])
    strictly = np.zeros_like(lowest)  # a plain is no minimum: something near has to be higher
    for offset in np.ndindex(*(3,) * len(axes)):
        if offset == (1,) * len(axes):
            continue
        neighbour = z[tuple(slice(o, o + size - 2) for o, size in zip(offset, z.shape, strict=True))]
        lowest &= z[inner] <= neighbour
        strictly |= z[inner] < neighbour
    lowest &= strictly
    found = np.stack([axis[inner][lowest] for axis in mesh], axis=1)
    usual = z[np.isfinite(z)]
    usual_range = float(np.subtract(*np.percentile(usual, (98, 2)))) if usual.size else 0.0
    return found[np.argsort(z[inner][lowest], kind="stable")[:MOST]], usual_range


def _refined(values: Values, points: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Newton's method for all points at once, damped where a step would go up (m, d)."""
    size = points.shape[1]
    h = 3e-5 * width
    damping = np.full(len(points), 1e-3)
    costs = values(*points.T)
    for _ in range(REFINEMENTS if len(points) else 0):
        slope, curvature = _derivatives(values, points, costs, h)
        lowest = np.linalg.eigvalsh(curvature)[:, 0]
        scale = np.abs(curvature).max(axis=(1, 2)) + 1e-12
        shift = np.maximum(0, 1e-6 * scale - lowest) + damping * scale
        step = -np.linalg.solve(curvature + shift[:, None, None] * np.eye(size), slope[..., None])[..., 0]
        tried = points + np.clip(step, -0.05 * width, 0.05 * width)
        tried_costs = values(*tried.T)
        better = tried_costs < costs
        points = np.where(better[:, None], tried, points)
        costs = np.where(better, tried_costs, costs)
        damping = np.clip(np.where(better, damping / 10, damping * 10), 1e-9, 1e9)
        if (np.abs(step) <= 1e-9 * width).all():
            break
    return points


def _are_lowest(
    values: Values, points: np.ndarray, costs: np.ndarray, width: np.ndarray, usual_range: float
) -> np.ndarray:
    """Which points are minima, not the rim of a plain nor a pole: flat there, and lower than all around; (m,) bool."""
    size = points.shape[1]
    slope, _ = _derivatives(values, points, costs, 1e-5 * width)
    real = (np.abs(slope) * width <= FLAT * usual_range).all(axis=1)
    for offset in np.ndindex(*(3,) * size):
        if offset != (1,) * size:
            around = values(*(points + (np.array(offset) - 1) * RIM * width).T)
            real &= ~(around <= costs)
    return real


def _derivatives(values: Values, points: np.ndarray, costs: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope (m, d) and second derivatives (m, d, d) by central differences; 0 where the cost has no value."""
    count, size = points.shape
    slope, curvature = np.zeros((count, size)), np.zeros((count, size, size))
    shift = np.diag(h)
    for i in range(size):
        up, down = values(*(points + shift[i]).T), values(*(points - shift[i]).T)
        slope[:, i] = (up - down) / (2 * h[i])
        curvature[:, i, i] = (up - 2 * costs + down) / h[i] ** 2
        for j in range(i):
            corners = [values(*(points + a * shift[i] + b * shift[j]).T) for a in (1, -1) for b in (1, -1)]
            curvature[:, i, j] = curvature[:, j, i] = (corners[0] - corners[1] - corners[2] + corners[3]) / (
                4 * h[i] * h[j]
            )
    return np.nan_to_num(slope, posinf=0, neginf=0), np.nan_to_num(curvature, posinf=0, neginf=0)
