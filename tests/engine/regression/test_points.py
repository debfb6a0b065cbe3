"""The data of a regression: curves, drawn points, files with a sentence for all that can be wrong; the split."""

from __future__ import annotations

import numpy as np
import pytest

from engine.knobs import KnobError
from engine.regression import datasets
from engine.regression.points import MOST_DRAWN, Part, points_of, split, split_one_by_one
from engine.regression.settings import RegressionSettings
from engine.regression.units import Unit, line_of, polynomial_of, trained_line
from engine.scenes import resolve


@pytest.fixture
def table(tmp_path):
    """``table(content)`` writes a file and gives its name."""

    def write(content: str | bytes, name: str = "data.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


class TestFiles:
    def test_a_file_comes_in_the_order_of_x_with_its_names_and_what_was_passed_over(self, table):
        found = points_of(
            RegressionSettings(source="file", file=table("year,price\n2010,2500\n2000,1500\nNA,1\n2020,2000\n"))
        )
        np.testing.assert_array_equal(found.own_x, [2000, 2010, 2020])
        np.testing.assert_array_equal(found.own_y, [1500, 2500, 2000])
        assert found.names == ("year", "price")
        assert "1 of 4 rows has no two numbers" in found.remarks[0]

    def test_two_columns_may_be_chosen(self, table):
        path = table("t,a,b\n0,1,5\n1,2,7\n2,4,6\n")
        found = points_of(RegressionSettings(source="file", file=path, columns="b,a"))
        assert found.names == ("b", "a")
        np.testing.assert_array_equal(found.own_x, [5, 6, 7])

    @pytest.mark.parametrize(
        ("content", "said"), [("", "is empty"), ("1,2\n", "one point only"), ("words\nand more\n", "no two columns")]
    )
    def test_what_gives_no_points_is_one_sentence(self, table, content, said):
        with pytest.raises(ValueError, match=said):
            points_of(RegressionSettings(source="file", file=table(content)))

    def test_columns_are_trained_on_standardised_unless_that_is_switched_off(self, table):
        path = table("year,price\n2000,1500\n2010,2500\n2020,2000\n")
        standard = points_of(RegressionSettings(source="file", file=path))
        plain = points_of(RegressionSettings(source="file", file=path, standardise=False))
        assert standard.x.mean() == pytest.approx(0, abs=1e-6)
        assert standard.y.std() == pytest.approx(1, abs=1e-6)
        np.testing.assert_array_equal(plain.x, [2000, 2010, 2020])
        for found in (standard, plain):
            np.testing.assert_array_equal(found.own_x, [2000, 2010, 2020])
            np.testing.assert_allclose(found.x_unit.own(found.x), found.own_x, rtol=1e-7)

    @pytest.mark.parametrize("standardise", [True, False])
    def test_time_stamps_stay_apart_in_single_precision(self, table, standardise):
        path = table("1658792320,1\n1658792350,2\n1658792380,3\n")
        found = points_of(RegressionSettings(source="file", file=path, standardise=standardise))
        assert len(set(found.x.tolist())) == 3
        np.testing.assert_array_equal(found.own_x, [1658792320, 1658792350, 1658792380])
        assert any("single precision" in remark for remark in found.remarks) != standardise


class TestUnits:
    X, Y = Unit(1990.0, 12.0), Unit(300.0, 7.0)

    def test_a_line_in_its_own_units_is_the_same_line(self):
        x = np.array([1950.0, 1990.0, 2020.0])
        slope, offset = line_of(self.X, self.Y, 0.8, -0.3)
        np.testing.assert_allclose(slope * x + offset, self.Y.own(0.8 * self.X.trained(x) - 0.3))
        np.testing.assert_allclose(trained_line(self.X, self.Y, slope, offset), (0.8, -0.3))

    def test_a_polynomial_in_its_own_units_is_the_same_polynomial(self):
        x = np.array([1950.0, 1990.0, 2020.0])
        own = polynomial_of(self.X, self.Y, [0.5, -1.0, 2.0])
        z = self.X.trained(x)
        np.testing.assert_allclose(np.polynomial.polynomial.polyval(x, own), self.Y.own(0.5 - z + 2 * z**2))


class TestTheSplit:
    def test_every_point_has_one_part_and_the_shares_are_kept(self):
        part = split(1000, 0.2, 0.1, seed=3)
        assert [int((part == p).sum()) for p in Part] == [700, 200, 100]

    def test_it_comes_from_the_seed(self):
        first, again, other = (split(100, 0.3, 0.0, seed) for seed in (1, 1, 2))
        np.testing.assert_array_equal(first, again)
        assert (first != other).any()

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_something_is_always_left_to_train_on(self, count):
        for seed in range(20):
            assert (split(count, 0.45, 0.45, seed) == Part.TRAINING).any()
            assert (split_one_by_one(count, 0.45, 0.45, seed) == Part.TRAINING).any()

    def test_a_point_that_is_drawn_leaves_the_parts_of_the_others_alone(self):
        drawn = np.random.default_rng(0).normal(size=80)
        before = points_of(RegressionSettings(source="drawn", drawn=tuple(drawn[:-2]), validation=0.3, test=0.1))
        after = points_of(RegressionSettings(source="drawn", drawn=tuple(drawn), validation=0.3, test=0.1))
        assert set(before.part) == set(Part)
        np.testing.assert_array_equal(after.part[:-1], before.part)

    @pytest.mark.parametrize(("validation", "test"), [(0.3, 0.0), (0.2, 0.1), (0.45, 0.45)])
    def test_drawn_points_keep_the_shares_to_within_a_few(self, validation, test):
        for seed in range(20):
            part = split_one_by_one(MOST_DRAWN, validation, test, seed)
            for share, chosen in ((validation, Part.VALIDATION), (test, Part.TEST)):
                counts = np.cumsum(part == chosen)
                assert np.abs(counts - share * np.arange(1, MOST_DRAWN + 1)).max() < 4


class TestKnobsOfTheData:
    def spec(self, **knobs):
        return resolve("regression/tanh").with_knobs(knobs)

    def test_opening_a_file_or_drawing_points_chooses_them(self):
        assert self.spec(file="some.csv").settings.source == "file"
        assert self.spec(drawn=[0, 1, 2, 3]).settings.source == "drawn"
        assert self.spec(file="some.csv", source="curve").settings.source == "curve"

    @pytest.mark.parametrize(
        ("knobs", "said"),
        [
            ({"drawn": [1, 2, 3]}, "an even count"),
            ({"drawn": [0.0] * (2 * MOST_DRAWN + 2)}, f"at most {MOST_DRAWN} points"),
            ({"source": "file"}, "choose a file first"),
            ({"curve": "formula", "formula": "log(x)"}, "has no value at x = -3"),
            ({"curve": "formula", "formula": "exp(exp(x*x))"}, "no value|grows beyond a million"),
            ({"curve": "formula", "formula": "sin(x"}, "bracket at character 4 is still open"),
            ({"formula": "import os"}, "not known here|missing"),
        ],
    )
    def test_what_does_not_go_together_is_one_sentence(self, knobs, said):
        with pytest.raises(KnobError, match=said):
            self.spec(**knobs)

    def test_a_typed_formula_is_a_curve_like_any_other(self):
        x, y = datasets.noisy("formula", 50, 2.0, 0.0, 0, "x**2 - 1")
        np.testing.assert_allclose(y, x**2 - 1, atol=1e-5)
