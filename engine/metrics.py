"""Metric: something that an experiment measures besides the cost, and how its number is written. Serves the frame."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """``written`` is a format: ``{:.1f} dB``; ``beside``: the name of another metric, and the format where it is there.

    The other one says what this one counts: a mean error is one of colours only where there is a PSNR, too.
    ``meaning``: what it is, for who reads it the first time; a sentence.
    """

    label: str
    written: str
    beside: tuple[str, str] = ("", "")
    meaning: str = ""

    def text(self, value: float, others: Collection[str] = ()) -> str:
        """As a person reads it: ``PSNR 21.1 dB``; ``others`` are the names of all that was measured."""
        written = self.beside[1] if self.beside[0] in others else self.written
        return f"{self.label} {written.format(value).replace('-', '−')}"


def texts(declared: Mapping[str, Metric], metrics: Mapping[str, float]) -> list[str]:
    """Each declared metric that was measured, as a person reads it."""
    return [declared[name].text(value, metrics) for name, value in metrics.items() if name in declared]
