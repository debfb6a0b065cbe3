"""What a network is told of a pixel, and what it may answer: encodings, extra inputs, palettes and swapped roles.

One entry each; every table's keys are a knob's values. The functions of an entry work inside the graph, on continuous
positions, so that a painting can be rendered between its pixels and beyond its frame. Serves the data of a painting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.backend import backend
from engine.backend.sines import cosine, sine

EDGE = 3**0.5  # evenly spread numbers of standard deviation 1 lie in -EDGE..EDGE
LEAST_AUTO, MOST_AUTO = 128, 256  # with fewer, a picture of 64 x 64 stops at 35 dB, with these above 40

Encode = Callable[[Any], Any]  # raw (n, inputs) -> (n, features), in the graph


@dataclass(frozen=True)
class EncodingNumbers:
    """What the knobs say: how many frequencies, how high (cycles a picture), and where random ones come from."""

    frequencies: int
    scale: float
    seed: int


@dataclass(frozen=True)
class EncodingEntry:
    """``make(inputs, numbers)`` gives the encoder and how many features it makes of that many raw inputs.

    ``has_frequencies`` and ``has_scale`` say which knobs mean something; ``is_siren``: the layers themselves are sines.
    """

    label: str
    make: Callable[[int, EncodingNumbers], tuple[Encode, int]]
    has_frequencies: bool = False
    has_scale: bool = False
    is_siren: bool = False


def _coordinates(inputs: int, _: EncodingNumbers) -> tuple[Encode, int]:
    return lambda raw: raw, inputs


def fourier_waves(inputs: int, numbers: EncodingNumbers) -> np.ndarray:
    """How fast each wave turns along each raw input: float32 (inputs, frequencies)."""
    drawn = np.random.default_rng([numbers.seed, 5]).normal(0, numbers.scale, (inputs, numbers.frequencies))
    return (2 * np.pi / (2 * EDGE) * drawn).astype(np.float32)


def octave_waves(inputs: int, numbers: EncodingNumbers) -> np.ndarray:
    """The same of waves that double, each axis by itself: float32 (inputs, inputs * octaves)."""
    octaves = max(1, min(numbers.frequencies, 12))
    return np.kron(np.eye(inputs), 2.0 ** np.arange(octaves) * np.pi / EDGE).astype(np.float32)


def _fourier(inputs: int, numbers: EncodingNumbers) -> tuple[Encode, int]:
    """cos(2 pi v B), sin(2 pi v B) with v in 0..1 and B ~ N(0, scale): Tancik et al. 2020, "Fourier Features ..."."""
    turns = fourier_waves(inputs, numbers)

    def encode(raw: Any) -> Any:
        tf = backend.tensorflow()
        angle = raw @ turns
        return tf.concat([cosine(angle), sine(angle)], axis=1)

    return encode, 2 * numbers.frequencies


def _positional(inputs: int, numbers: EncodingNumbers) -> tuple[Encode, int]:
    """sin and cos of 2^j pi u, j = 0.., u in -1..1, each axis by itself: Mildenhall et al. 2020, "NeRF", eq. 4."""
    turns = octave_waves(inputs, numbers)

    def encode(raw: Any) -> Any:
        tf = backend.tensorflow()
        angle = raw @ turns
        return tf.concat([raw, sine(angle), cosine(angle)], axis=1)

    return encode, inputs + 2 * turns.shape[1]


ENCODINGS: dict[str, EncodingEntry] = {
    "coordinates": EncodingEntry("coordinates", _coordinates),
    "fourier": EncodingEntry("Fourier features", _fourier, has_frequencies=True, has_scale=True),
    "positional": EncodingEntry("positional (octaves)", _positional, has_frequencies=True),
    "siren": EncodingEntry("sine layers (SIREN)", _coordinates, is_siren=True),
}


NOISE_KEYS = np.array([[12.9898, 39.3468], [78.233, 11.135], [45.164, 94.673]], np.float32)


def _noise(raw: Any) -> Any:
    """Two numbers in -1..1 that look random but belong to the position: the hash that shaders use."""
    tf = backend.tensorflow()
    hashed = tf.sin(raw @ NOISE_KEYS[: raw.shape[1]]) * 43758.5453
    return 2 * (hashed - tf.floor(hashed)) - 1


def _waves(raw: Any) -> Any:
    """Sines across, down and along both diagonals, of 2, 4 and 8 periods a picture."""
    return sine(raw @ wave_turns(raw.shape[1]))


def wave_turns(inputs: int) -> np.ndarray:
    """How fast each of those waves turns along each raw input: float32 (inputs, 12)."""
    directions = np.array([[1, 0, 1, 1], [0, 1, 1, -1]], np.float32)
    if inputs > 2:
        directions = np.vstack([directions, np.zeros((inputs - 2, 4), np.float32)])
    return np.concatenate([directions * (np.pi / EDGE * periods) for periods in (2, 4, 8)], axis=1).astype(np.float32)


def _polar(raw: Any) -> Any:
    """Distance from the middle, and the angle there as its cosine and sine."""
    tf = backend.tensorflow()
    radius = tf.sqrt(tf.reduce_sum(tf.square(raw[:, :2]), axis=1, keepdims=True) + 1e-6)
    return tf.concat([radius, raw[:, :2] / radius], axis=1)


# name -> label, function of the raw inputs, how many numbers it adds
EXTRAS: dict[str, tuple[str, Encode, int]] = {
    "noise": ("noise", _noise, 2),
    "waves": ("waves", _waves, 12),
    "polar": ("polar coordinates", _polar, 3),
}

ROLES: dict[str, str] = {"colour": "position → colour", "position": "colour → position"}

# Fixed colours, or how many are to be taken from the picture itself; red, green, blue in 0..255.
PALETTES: dict[str, tuple[str, int | tuple[tuple[int, int, int], ...]]] = {
    "none": ("all colours", 0),
    "own-4": ("4 of the picture's own", 4),
    "own-8": ("8 of the picture's own", 8),
    "own-16": ("16 of the picture's own", 16),
    "ink": ("black and white", ((0, 0, 0), (255, 255, 255))),
    "handheld": ("four greens", ((15, 56, 15), (48, 98, 48), (139, 172, 15), (155, 188, 15))),
    "primaries": (
        "red, yellow, blue",
        ((245, 242, 230), (20, 20, 20), (200, 30, 35), (250, 200, 30), (25, 70, 160)),
    ),
}


def encoder(encoding: str, extras: Sequence[str], inputs: int, numbers: EncodingNumbers) -> tuple[Encode, int]:
    """The whole way from raw inputs (n, inputs) to features (n, count), in the graph; and the count."""
    tf = backend.tensorflow()
    encode, count = ENCODINGS[encoding].make(inputs, numbers)
    added = [EXTRAS[name] for name in extras]
    if not added:
        return encode, count

    def whole(raw: Any) -> Any:
        return tf.concat([encode(raw), *(function(raw) for _, function, _ in added)], axis=1)

    return whole, count + sum(size for _, _, size in added)


def frequencies_for(encoding: str, wanted: int, side: int) -> int:
    """How many frequencies are used where a person left it open (0): by experiment, what suits the side."""
    if wanted:
        return wanted
    if encoding == "positional":
        return max(1, round(np.log2(side)))
    return int(np.clip(2 ** round(np.log2(side)), LEAST_AUTO, MOST_AUTO))


def palette_of(name: str, target: np.ndarray) -> np.ndarray | None:
    """The colours of an entry of PALETTES for a picture (rows, columns, 3) in 0..255: float32 (colours, 3), or None."""
    colours = PALETTES[name][1]
    if isinstance(colours, tuple):
        return np.array(colours, np.float32)
    if colours == 0:
        return None
    from PIL import Image

    reduced = Image.fromarray(np.clip(target + 0.5, 0, 255).astype(np.uint8)).quantize(colours, kmeans=20)
    table = np.array(reduced.getpalette()[: 3 * colours], np.float32).reshape(-1, 3)
    return np.unique(table, axis=0)
