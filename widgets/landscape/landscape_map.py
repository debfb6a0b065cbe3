"""LandscapeMap: what comes of the first descent, by learning rate and momentum. Serves the loop's ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from widgets.page.training_map_view import TrainingMapView


class LandscapeMap(TrainingMapView):
    """A pixel is one descent by the gradient itself, without noise."""

    def trial(self, settings: Any, steps: int) -> Mapping[str, Any]:
        return {
            "gradient": "automatic", "gradient_noise": 0.0, "learning_rates": (), "optimizers": (), "point_rates": (),
            "point_optimizers": (), "secant_distance": 0.0,
        }  # fmt: skip
