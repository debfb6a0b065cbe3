"""Pictures to paint: scikit-image's own, one entry each, scaled to a square."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.frames import read_only

# Only those that scikit-image carries in its package: the others would be fetched from the net.
IMAGES: dict[str, str] = {
    "astronaut": "astronaut",
    "coffee": "coffee",
    "cat": "cat (chelsea)",
    "rocket": "rocket",
    "camera": "cameraman",
    "hubble": "Hubble deep field",
    "colorwheel": "colour wheel",
    "coins": "coins",
    "moon": "moon",
    "retina": "retina",
    "cells": "stained cells",
}


@lru_cache(maxsize=8)
def square(name: str, side: int) -> np.ndarray:
    """The picture's central square at ``side`` x ``side``: float32, shape (side, side, 3), values in 0..255.

    Raises:
        OSError: the picture can't be read.
    """
    from skimage import color, data, transform  # half a second to import, and only wanted here

    loaders = {"hubble": "hubble_deep_field", "cells": "immunohistochemistry"}
    image = getattr(data, loaders.get(name, name))()
    if image.ndim == 2:
        image = color.gray2rgb(image)
    rows, columns = image.shape[:2]
    edge = min(rows, columns)
    top, left = (rows - edge) // 2, (columns - edge) // 2
    cut = image[top : top + edge, left : left + edge, :3]
    scaled = transform.resize(cut, (side, side), anti_aliasing=True)
    return read_only((scaled * 255).astype(np.float32))
