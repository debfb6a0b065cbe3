"""What kind of painting the settings ask for: one picture or many, colours or positions, sines, a race, a palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.painting import encodings

if TYPE_CHECKING:
    from engine.painting.settings import PaintingSettings

FACES = "faces"  # the entry of ``image`` that is many pictures


def is_many(settings: PaintingSettings) -> bool:
    """Whether one network paints many pictures, chosen by a third input."""
    return bool(settings.folder) or (settings.image == FACES and not settings.image_file)


def is_swapped(settings: PaintingSettings) -> bool:
    """Whether the network answers with a position, given a colour."""
    return settings.role == "position" and not is_many(settings)


def is_whole(settings: PaintingSettings) -> bool:
    """Whether the picture is painted in its own shape, and no square of it."""
    return settings.shape == "whole" and not is_many(settings) and not is_swapped(settings)


def is_siren(settings: PaintingSettings) -> bool:
    """Whether the layers are sines."""
    return encodings.ENCODINGS[settings.encoding].is_siren


def is_race(settings: PaintingSettings) -> bool:
    """Whether a wide network races a deep one."""
    return settings.race and not is_many(settings) and not is_swapped(settings) and settings.depth > 1


def has_palette(settings: PaintingSettings) -> bool:
    """Whether the painting may only use a palette's colours."""
    return settings.palette != "none" and not is_many(settings) and not is_swapped(settings)
