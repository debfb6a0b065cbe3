"""The arithmetic of looking at a picture through a window: zoom about a point, and drag. Serves the zoom view.

A window is (top, left, height, width) in shares of the picture, which itself is (0, 0, 1, 1).
"""

from __future__ import annotations

Window = tuple[float, float, float, float]

WHOLE: Window = (0.0, 0.0, 1.0, 1.0)
LEAST, MOST = 1e-6, 8.0  # of the picture; float32 positions can't tell finer ones apart


def zoomed(window: Window, factor: float, across: float, down: float) -> Window:
    """The window ``factor`` times as wide, about the point (across, down) in shares of it, which stays where it is."""
    top, left, height, width = window
    wanted = min(MOST, max(LEAST, width * factor))
    factor = wanted / width
    return (top + down * height * (1 - factor), left + across * width * (1 - factor), height * factor, wanted)


def dragged(window: Window, across: float, down: float) -> Window:
    """The window after the picture was dragged by (across, down) in shares of the window."""
    top, left, height, width = window
    limit = 16.0  # far outside, nothing new is to be seen
    return (
        min(limit, max(-limit, top - down * height)),
        min(limit, max(-limit, left - across * width)),
        height,
        width,
    )


def seen_in(inner: Window, outer: Window) -> Window:
    """Where ``inner`` lies in ``outer``: (top, left, height, width) in shares of ``outer``."""
    top, left, height, width = outer
    return ((inner[0] - top) / height, (inner[1] - left) / width, inner[2] / height, inner[3] / width)
