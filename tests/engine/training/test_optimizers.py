"""Every rule is what Keras has, with numbers that a hand moves."""

import numpy as np
import pytest

from engine.backend import backend
from engine.knobs import knobs_of
from engine.landscape.settings import LandscapeSettings
from engine.training.optimizers import OPTIMIZERS, LiveOptimizer


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_rule_is_built_at_both_ends_of_its_knobs_and_has_their_values(name):
    knobs = {knob.name: knob for knob in knobs_of(LandscapeSettings)}
    entry = OPTIMIZERS[name]
    for end in ("low", "high"):
        values = {knob: float(getattr(knobs[knob], end)) for knob in ("learning_rate", *entry.knobs)}
        optimizer = LiveOptimizer(name, [backend.keras().Variable(np.ones(2, np.float32))], values)
        for knob in entry.knobs:
            assert float(optimizer._live[knob].numpy()) == pytest.approx(values[knob])
