"""What is said of a painting over it: how near it is to the target, and what is left out of it. Serves the painting."""

from __future__ import annotations

import math

from engine.experiments import EXPERIMENTS
from engine.frames import Frame
from engine.painting.picture import PaintingPicture

DECIBELS = EXPERIMENTS["painting"].metrics["psnr_db"].meaning


def decibels(frame: Frame) -> str:
    """The painting's peak signal-to-noise ratio, to follow a word; nothing where it isn't known."""
    psnr = frame.metrics.get("psnr_db", math.nan)
    return f" · {psnr:.1f} dB" if math.isfinite(psnr) else ""


def switched_off(picture: PaintingPicture) -> str:
    """How many neurons a hand has switched off, to follow a word."""
    if not picture.switched_off:
        return ""
    return " · 1 neuron off" if picture.switched_off == 1 else f" · {picture.switched_off} neurons off"
