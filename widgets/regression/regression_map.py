"""RegressionMap: what comes of whole trainings of this model, by learning rate and momentum. Serves the loop's ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from widgets.page.training_map_view import TrainingMapView

ALL = 1_000_000  # points of a batch: more than there are counts as all


class RegressionMap(TrainingMapView):
    """A pixel is a training on all data at once."""

    def trial(self, settings: Any, steps: int) -> Mapping[str, Any]:
        points = settings.points if settings.source == "curve" else ALL
        return {"batch_size": points, "epochs": steps, "min_change": 0.0, "patience": 0}
