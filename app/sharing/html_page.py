"""A run as a page: one HTML file with every moment in it, that works from a memory stick and inside another page."""

from __future__ import annotations

import base64
import html
import io
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from app.files.outputs import OutputError
from app.sharing import setting
from app.sharing.film import Plan, Planned
from engine.frames import Frame
from engine.knobs import knobs_of
from engine.run.spec import RunSpec
from engine.scenes import heading

TEMPLATE = Path(__file__).resolve().parents[2] / "resources" / "share.html"
MOST_BYTES = 5_000_000  # of a page that is still opened at once
QUALITIES = (90, 75, 55, 35)  # of WebP: the first that fits


@dataclass(frozen=True)
class _Moment:
    pixels: bytes  # lossless WebP
    step: int
    cost: float


class Page(Planned):
    """A camera (see app.sharing.playing) that keeps the pictures of a page, with their steps and costs.

    Args:
        plan: the moments; ``fps`` of them are shown a second.
        shown: gives a frame and its picture, (height, width, 3) uint8.
    """

    def __init__(self, plan: Plan, shown: Callable[[], tuple[Frame, np.ndarray]]) -> None:
        super().__init__(plan)
        self._shown = shown
        self._moments: list[_Moment] = []

    def capture(self, share: float) -> None:
        """Keep what the run shows now, once, however many moments have come."""
        if not self.due(share):
            return
        self.skip(share)
        frame, pixels = self._shown()
        if not self._moments or frame.step != self._moments[-1].step:
            content = _webp(Image.fromarray(np.ascontiguousarray(pixels)), None)
            self._moments.append(_Moment(content, frame.step, float(frame.cost)))

    def content(self, spec: RunSpec) -> bytes:
        """The page.

        Raises:
            OutputError: it would be too large, however much its pictures are compressed.
        """
        self.capture(1.0)
        pictures = self._fitting()
        costs = [moment.cost if math.isfinite(moment.cost) else None for moment in self._moments]
        data = {
            "title": heading(spec),
            "kind": "webp",
            "milliseconds": round(1000 / self._plan.fps),
            "steps": [moment.step for moment in self._moments],
            "costs": costs,
            "frames": [base64.b64encode(picture).decode() for picture in pictures],
        }
        knobs = [knob for knob in knobs_of(type(spec.settings)) if knob.is_shown(spec.settings)]
        words = {
            "TITLE": html.escape(heading(spec)),
            "ABOUT": html.escape(spec.about or spec.subtitle()),
            "SETTINGS": "".join(_row(spec, knob) for knob in knobs),
            "LINE": f"Paste this into it to see the run for yourself: <code>{html.escape(setting.line(spec))}</code>",
            "DATA": json.dumps(data).replace("<", "\\u003c"),
        }
        page = TEMPLATE.read_text(encoding="utf-8")
        for name, text in words.items():
            page = page.replace(f"__{name}__", text)
        return page.encode()

    def _fitting(self) -> list[bytes]:
        """The pictures, so compressed that the page is opened at once."""
        pictures = [moment.pixels for moment in self._moments]
        for quality in QUALITIES:
            if sum(map(len, pictures)) * 4 / 3 <= MOST_BYTES:
                return pictures
            pictures = [_webp(Image.open(io.BytesIO(moment.pixels)), quality) for moment in self._moments]
        if sum(map(len, pictures)) * 4 / 3 > MOST_BYTES:
            raise OutputError("The page would be larger than 5 MB: take a smaller size, or fewer seconds.")
        return pictures


def _webp(image: Image.Image, quality: int | None) -> bytes:
    made = io.BytesIO()
    if quality is None:
        image.save(made, "WEBP", lossless=True, quality=30, method=2)
    else:
        image.convert("RGB").save(made, "WEBP", quality=quality, method=4)
    return made.getvalue()


def _row(spec: RunSpec, knob) -> str:
    value = getattr(spec.settings, knob.name)
    if isinstance(value, bool):
        text = "on" if value else "off"
    elif isinstance(value, tuple):
        text = ", ".join(str(knob.choices.get(item, item)) for item in value[:20])
    elif isinstance(value, float):
        text = f"{value:.6g}"
    else:
        text = str(knob.choices.get(value, value))
    return f"<tr><td>{html.escape(knob.label)}</td><td>{html.escape(text[:200])}</td></tr>"
