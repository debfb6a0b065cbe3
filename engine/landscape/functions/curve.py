"""The curve of a cost over one parameter as it is drawn: finer where it bends, broken where it jumps or has a pole.

Samples are put in where a straight line between two of them would be off by a part of a pixel. What can't be told from
a vertical line however near one looks is no line: the curve is broken there. Serves the frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SAMPLES = 2001  # evenly spread, as many as a wide screen has pixels
HEIGHT = 1000  # pixels that the shown range is taken to have
SMOOTH = 0.2  # of a pixel: how far a line between two samples may be off the curve
ROUNDS = 10  # each halves what bends too much
MOST_SAMPLES = 16_000
STEEP = 5.0  # pixels: a rise between neighbouring samples that may be a jump
HALVINGS = 48  # until neighbours are as near as numbers get
PASSES = 3  # over the jumps: a value of its own, as heaviside(0) = 1/2, makes two of one
SHRUNK = 0.1  # of a rise: what is left of one after so many halvings is a jump if it is more
USUAL = 3.0  # quartile distances beyond the quartiles: where a cost is shown that has poles
NEAREST = 20  # thirds of a third of ... the samples' distance: so near an extreme is looked at
POLE = 5.0  # times: how much more the cost is there than at 3^8 times the distance, where there is a pole
BEYOND = 100.0  # shown ranges: how far a curve is followed out of the picture

Values = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class DrawnCurve:
    """``x`` rises; ``z`` is nan where the curve is broken. ``shown`` is the range of costs that the picture has."""

    x: np.ndarray
    z: np.ndarray
    shown: tuple[float, float]


def drawn_curve(values: Values, low: float, high: float, lowest: float = np.inf) -> DrawnCurve:
    """The curve of ``values`` from ``low`` to ``high``.

    ``values`` gives float64 without warnings, nan or inf where there is no cost; ``lowest`` is a minimum's cost, which
    is shown whatever is usual.
    """
    x = np.linspace(low, high, SAMPLES)
    z = _finite(values(x))
    shown = shown_range(z, lambda place: values(place[0]), (x,), lowest)
    pixel = (shown[1] - shown[0]) / HEIGHT
    x, z, unsettled = _refined(values, x, z, shown, pixel)
    x, z = _broken(values, x, z, unsettled, shown)
    reach = BEYOND * (shown[1] - shown[0])
    return DrawnCurve(x, np.clip(z, shown[0] - reach, shown[1] + reach), shown)


def shown_range(
    z: np.ndarray,
    values: Callable[[tuple[np.ndarray, ...]], np.ndarray],
    axes: tuple[np.ndarray, ...],
    lowest: float = np.inf,
) -> tuple[float, float]:
    """The range of costs that a picture shows: all of it, or what is usual where there is a pole.

    ``z`` are samples over the grid of ``axes``, (ny, nx) for two; nan where there is none.
    """
    finite = z[np.isfinite(z)]
    if not finite.size:
        return 0.0, 1.0
    least, most = float(finite.min()), float(finite.max())
    quarter, three = np.percentile(finite, (25, 75))
    usual_low, usual_high = quarter - USUAL * (three - quarter), three + USUAL * (three - quarter)
    if usual_high > usual_low:
        middle = 0.5 * float(quarter + three)
        if most > usual_high and _grows(z, values, axes, middle, 1.0):
            most = float(usual_high)
        if least < usual_low and _grows(z, values, axes, middle, -1.0):
            least = float(min(usual_low, lowest))
    if most <= least:
        around = abs(least) or 1.0
        return least - 0.5 * around, least + 0.5 * around
    return least, most


def _grows(
    z: np.ndarray,
    values: Callable[[tuple[np.ndarray, ...]], np.ndarray],
    axes: tuple[np.ndarray, ...],
    middle: float,
    sign: float,
) -> bool:
    """Whether the samples' extreme is a pole: however near it is looked at, the cost goes on growing."""
    place = np.unravel_index(np.nanargmax(sign * z), z.shape)
    centre = np.array([axis[k] for axis, k in zip(axes, place[::-1], strict=True)])
    spacing = np.array([axis[1] - axis[0] for axis in axes])
    low, high = np.array([[axis[0], axis[-1]] for axis in axes]).T
    offsets = np.stack([part.ravel() for part in np.meshgrid(*[np.linspace(-1, 1, 9)] * len(axes))])

    def around(width: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Places about the centre, (dimensions, n), and how far the cost goes there; -inf where it has no value."""
        places = np.clip(centre[:, None] + offsets * width[:, None], low[:, None], high[:, None])
        costs = sign * (_finite(values(tuple(places))) - middle)
        return places, np.where(np.isnan(costs), -np.inf, costs)

    best, width = sign * (float(z[place]) - middle), spacing
    for _ in range(NEAREST):
        places, costs = around(width)
        if costs.max() > best:
            best, centre = float(costs.max()), places[:, costs.argmax()]
        width = width / 3
    near = np.maximum(width, 64 * np.finfo(float).eps * np.abs(centre))
    is_rim = np.abs(offsets).max(axis=0) == 1  # the centre itself is left out: it may have no value
    inner, outer = (around(factor * near)[1][is_rim].max() for factor in (1.0, 3.0**8))
    return bool(inner > POLE * outer > 0)


def _refined(
    values: Values, x: np.ndarray, z: np.ndarray, shown: tuple[float, float], pixel: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """More samples where the curve bends; and the left ends of the intervals that still weren't smooth, (n,)."""
    all_x, all_z = [x], [z]
    a, b, za, zb = x[:-1], x[1:], z[:-1], z[1:]
    count = len(x)
    span = shown[1] - shown[0]
    for _ in range(ROUNDS):
        middle = 0.5 * (a + b)
        zm = _finite(values(middle))
        edge = np.isfinite(za).astype(int) + np.isfinite(zb) + np.isfinite(zm)
        with np.errstate(all="ignore"):
            off = np.abs(zm - 0.5 * (za + zb)) > SMOOTH * pixel
            top, bottom = np.fmax(np.fmax(za, zb), zm), np.fmin(np.fmin(za, zb), zm)
            is_seen = (top > shown[0] - span) & (bottom < shown[1] + span)
        wanted = (off & is_seen) | ((edge > 0) & (edge < 3))
        if not wanted.any() or count + int(wanted.sum()) > MOST_SAMPLES:
            a, b, za, zb = a[wanted], b[wanted], za[wanted], zb[wanted]
            break
        a, b, za, zb, middle, zm = (part[wanted] for part in (a, b, za, zb, middle, zm))
        all_x.append(middle)
        all_z.append(zm)
        count += len(middle)
        a, b = np.concatenate([a, middle]), np.concatenate([middle, b])
        za, zb = np.concatenate([za, zm]), np.concatenate([zm, zb])
    x, z = np.concatenate(all_x), np.concatenate(all_z)
    order = np.argsort(x, kind="stable")
    return x[order], z[order], np.sort(a)


def _broken(
    values: Values, x: np.ndarray, z: np.ndarray, unsettled: np.ndarray, shown: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """The curve with a gap at each jump, pole and edge among the unsettled intervals, which end at it on both sides."""
    left = np.searchsorted(x, unsettled)
    left = left[left + 1 < len(x)]
    middle, span = 0.5 * (shown[0] + shown[1]), shown[1] - shown[0]
    for _ in range(PASSES):
        a, b, za, zb = _jumps(values, x, z, left, span / HEIGHT)
        if not len(a):
            break
        new_a, new_b = ~np.isin(a, x), ~np.isin(b, x)
        # A gap comes right after the place before it: the sides may be neighbouring numbers, with none between.
        parts = ((x, z, 0), (a[new_a], za[new_a], 0), (a, np.full(len(a), np.nan), 1), (b[new_b], zb[new_b], 2))
        after = np.concatenate([np.full(len(place), rank) for place, _, rank in parts])
        x, z = (np.concatenate([part[k] for part in parts]) for k in range(2))
        order = np.lexsort((after, x))
        x, z, gap = x[order], z[order], np.flatnonzero(after[order] == 1)
        left = np.unique(np.concatenate([np.maximum(gap - 2, 0), np.minimum(gap + 1, len(x) - 2)]))
        with np.errstate(all="ignore"):  # a jump may have a value of its own between its sides; a pole has none
            is_seen = np.abs(z[left] - middle) + np.abs(z[left + 1] - middle) < 2 * span
        left = left[is_seen]
    return x, z


def _jumps(
    values: Values, x: np.ndarray, z: np.ndarray, left: np.ndarray, pixel: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The two sides of each jump in the intervals that begin at the samples ``left``: places a, b and their costs."""
    a, b, za, zb = x[left], x[left + 1], z[left], z[left + 1]
    with np.errstate(all="ignore"):
        steep = (np.abs(zb - za) > STEEP * pixel) | (np.isfinite(za) != np.isfinite(zb))
    steep &= b > a
    a, b, za, zb = a[steep], b[steep], za[steep], zb[steep]
    rise = np.abs(zb - za)
    for _ in range(HALVINGS if len(a) else 0):
        middle = 0.5 * (a + b)
        zm = _finite(values(middle))
        with np.errstate(all="ignore"):
            is_left = np.where(
                np.isfinite(za) & np.isfinite(zb) & np.isfinite(zm),
                np.abs(zm - za) >= np.abs(zb - zm),
                np.isfinite(zm) != np.isfinite(za),
            )
        a, za = np.where(is_left, a, middle), np.where(is_left, za, zm)
        b, zb = np.where(is_left, middle, b), np.where(is_left, zm, zb)
    with np.errstate(all="ignore"):
        stays = ~(np.abs(zb - za) <= SHRUNK * rise)  # nan, at an edge, stays one
    return a[stays], b[stays], za[stays], zb[stays]


def _finite(z: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(z), z, np.nan)
