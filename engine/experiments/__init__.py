"""The experiments: one entry each, with the parts that need no TensorFlow; ``open`` imports the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from engine.experiments import landscape_runners, landscape_settings, painting_settings, regression_settings


@dataclass(frozen=True)
class ExperimentEntry:
    """``settings`` is the struct of its knobs; ``check`` raises KnobError; ``describe`` gives the subtitle.

    ``implied`` adds to moved knobs those that they bring along (an opened file is also chosen as the data).
    ``follow(old, new)`` gives the knobs that move along with those that a person moved, by name.
    """

    label: str
    settings: type
    check: Callable[[Any], None]
    describe: Callable[[Any], str]
    first_scene: str
    module: str
    implied: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict
    follow: Callable[[Any, Any], Mapping[str, Any]] = lambda old, new: {}

    def open(self, settings: Any) -> Any:
        """The experiment itself, built and compiled for these settings (see engine.experiments.experiment)."""
        return import_module(self.module).Experiment(settings)


EXPERIMENTS: dict[str, ExperimentEntry] = {
    "landscape": ExperimentEntry(
        "Landscape",
        landscape_settings.LandscapeSettings,
        landscape_settings.check,
        landscape_runners.describe,
        "landscape/one-parameter",
        "engine.experiments.landscape",
        follow=landscape_settings.follow,
    ),
    "regression": ExperimentEntry(
        "Regression",
        regression_settings.RegressionSettings,
        regression_settings.check,
        regression_settings.describe,
        "regression/tanh",
        "engine.experiments.regression",
        regression_settings.implied,
    ),
    "painting": ExperimentEntry(
        "Painting",
        painting_settings.PaintingSettings,
        painting_settings.check,
        painting_settings.describe,
        "painting/astronaut",
        "engine.experiments.painting",
        follow=painting_settings.follow,
    ),
}
