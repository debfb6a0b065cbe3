"""Double descent: the error on unseen places peaks where there are as many features as points, and falls again."""

import numpy as np
import pytest

from engine.experiment import AnalysisError
from engine.regression.double_descent import SEEDS, double_descent
from engine.run.states import Event
from engine.scenes import scenes

SETTINGS = scenes()["regression/double-descent"].settings


@pytest.fixture(scope="module")
def found():
    return double_descent(SETTINGS)


def test_the_median_of_ten_seeds_peaks_where_features_and_points_are_as_many(found):
    median = np.median(found.test, axis=0)
    assert found.test.shape == (SEEDS, len(found.features)) == (10, len(found.features))
    assert found.features[median.argmax()] == found.points == 15
    assert found.features[-1] == 5 * found.points
    assert median[-1] < 0.01 * median.max()
    assert median[-1] < median[found.features == found.points - 2]


def test_from_there_on_every_fit_goes_through_its_points(found):
    through = found.features >= found.points
    assert (found.training[:, through] < 1e-15).all()
    assert (found.training[:, found.features < found.points // 2] > 1e-3).all()


def test_of_all_fits_through_the_points_it_is_the_one_with_the_smallest_weights(found):
    """By another way: the pseudoinverse of the features, whose fit is the same."""
    count = 40
    place = int(np.flatnonzero(found.features >= count)[0])
    count = int(found.features[place])
    rows = np.polynomial.legendre.legvander(found.x.astype(float) / SETTINGS.span, count - 1)
    weights = rows.T @ np.linalg.solve(rows @ rows.T, found.y.astype(float))
    grid = np.polynomial.legendre.legvander(found.grid / SETTINGS.span, count - 1)
    assert grid @ weights == pytest.approx(found.fits[place], abs=1e-8)


@pytest.mark.parametrize("knobs", [{"points": 61}, {"source": "drawn"}])
def test_what_cannot_be_fitted_so_is_one_sentence(knobs):
    settings = scenes()["regression/double-descent"].with_knobs(knobs).settings
    with pytest.raises(AnalysisError, match="up to 60 points"):
        double_descent(settings)


def test_why_says_where_the_error_peaks_once_it_was_asked(opened):
    runner = opened("regression/double-descent")
    runner.handle(Event.RESET)
    found = runner.analyse("double_descent", {}).result
    said = {finding.title: finding.sentence for finding in runner.frame().findings}["Double descent"]
    assert "With as many features as points, 15," in said
    assert f"{np.median(found.test, axis=0).max():.3g} at 15 features" in said
