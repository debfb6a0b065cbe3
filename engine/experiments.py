"""The experiments: one entry each, with what the rest of the program has to know of it before TensorFlow is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.landscape.settings import LandscapeSettings
from engine.metrics import Metric
from engine.painting.settings import PaintingSettings
from engine.regression.settings import RegressionSettings
from engine.training.run_settings import RunSettings

PSNR = (
    "PSNR: the peak signal-to-noise ratio in decibels (dB). 20 dB is an error of a tenth of a colour's range, 40 dB of "
    "a hundredth; each 6 dB more halve it."
)
SSIM = "SSIM: how alike the pictures' structures are, from 0, not at all, to 1, the same (Wang et al. 2004)."
SHARPNESS = (
    "Sharpness: how much the cost bends along its sharpest direction, the largest eigenvalue of its Hessian; of a rule "
    "such as Adam's, over parameters stretched as the rule stretches them."
)
LINE = "Its line: the sharpness from which on steps of this rate grow, 2/η of plain gradient descent."
MEAN_ERROR = "Mean error: how far off a colour is on average, each from 0 to 255."


@dataclass(frozen=True)
class ExperimentEntry:
    """``settings`` is the struct of its knobs, whose open() gives the experiment itself; ``icon`` names a drawing.

    ``cost``: what its cost is, in a sentence. ``metrics``: what it measures besides the cost, by the name that a frame
    has.
    """

    label: str
    icon: str
    settings: type[RunSettings]
    first_scene: str
    cost: str
    metrics: Mapping[str, Metric]


EXPERIMENTS: dict[str, ExperimentEntry] = {
    "landscape": ExperimentEntry(
        label="Landscape",
        icon="landscape",
        settings=LandscapeSettings,
        first_scene="landscape/first-descent",
        cost="Cost: how high the lowest of the descents stands now.",
        metrics={
            "best_cost": Metric("best cost", "{:.4g}", meaning="Best cost: the lowest that any descent has had so far.")
        },
    ),
    "regression": ExperimentEntry(
        label="Regression",
        icon="regression",
        settings=RegressionSettings,
        first_scene="regression/tanh",
        cost="Cost: what the training lowers, over all the points that it trains on.",
        metrics={
            "rmse": Metric(
                "RMS error", "{:.3g}", meaning="RMS error: the root of the mean squared error, in the unit of y."
            ),
            "mae": Metric("mean error", "{:.3g}", meaning="Mean error: how far off the fit is on average, in y."),
            "validation_cost": Metric(
                "validation", "{:.3g}", meaning="Validation: the cost over points that are not trained on."
            ),
            "test_cost": Metric(
                "test", "{:.3g}", meaning="Test: the cost over points that nobody looks at before the end."
            ),
            "sharpness": Metric("sharpness", "{:.3g}", meaning=SHARPNESS),
            "two_over_rate": Metric("its line", "{:.3g}", meaning=LINE),
        },
    ),
    "painting": ExperimentEntry(
        label="Painting",
        icon="painting",
        settings=PaintingSettings,
        first_scene="painting/astronaut",
        cost="Cost: what the training lowers, over all the pixels.",
        metrics={
            "rival_cost": Metric("wide cost", "{:.4g}", meaning="Wide: the network of one layer that races."),
            "rival_psnr_db": Metric("wide PSNR", "{:.1f} dB"),
            "psnr_db": Metric("PSNR", "{:.1f} dB", meaning=PSNR),
            "ssim": Metric("SSIM", "{:.3f}", meaning=SSIM),
            "mae": Metric("mean error", "{:.3g}", beside=("psnr_db", "{:.3g} of 255"), meaning=MEAN_ERROR),
        },
    ),
}
