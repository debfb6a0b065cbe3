"""The data of a regression: curves, drawn points, files with a sentence for all that can be wrong; the split."""

from __future__ import annotations

import os

import numpy as np
import pytest

from engine import csv_points, datasets
from engine.experiments.regression_settings import RegressionSettings
from engine.knobs import KnobError
from engine.points import MOST_DRAWN, Part, points_of, split, split_one_by_one
from engine.spec import resolve


@pytest.fixture
def table(tmp_path):
    """``table(content)`` writes a file and gives its name."""

    def write(content: str | bytes, name: str = "data.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


class TestCsvFiles:
    @pytest.mark.parametrize(
        "content",
        [
            "1,2\n3,4.5\n-2,1e1\n",
            "x,y\n1,2\n3,4.5\n-2,1e1\n",
            "1;2\n3;4.5\n-2;1e1\n",
            "Zeit;Höhe\n1;2\n3;4,5\n-2;1e1",
            "1\t2\n3\t4.5\n-2\t1e1\n",
            '"x","y"\n"1","2"\n"3","4.5"\n"-2","1e1"\n',
            "\ufeffx, y\r\n 1, 2\r\n\r\n 3, 4.5\r\n -2, +10.\r\n",
        ],
        ids=["comma", "heading", "semicolon", "decimal comma", "tab", "quoted", "windows"],
    )
    def test_two_columns_are_read_however_they_are_written(self, table, content):
        x, y = csv_points.read(table(content))
        np.testing.assert_array_equal(x, [-2, 1, 3])
        np.testing.assert_array_equal(y, [10, 2, 4.5])

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("", "data.csv is empty; two columns of numbers are needed, x and y."),
            ("\n \n", "data.csv is empty"),
            ("x,y\n", "data.csv has a heading and no points under it."),
            ("1\n2\n", "line 1: there is one column; two are needed, x and y."),
            ("1,2,3\n", "line 1: there are 3 columns; two are needed"),
            ("1,2\n3\n", "line 2: there is one column"),
            ("x,y\n1,2\n3,four\n", "line 3: “four” is not a number."),
            ("1,2\n\n3,\n", "line 3: a number is missing."),
            ("1,2\nnan,3\n", "line 2: nan is not a finite number."),
            ("1,2\n3,-inf\n", "line 2: -inf is not a finite number."),
            ("1,2\n3,1e300\n", "line 2: 1e300 is too large"),
            ("1,2\n1_0,3\n", "line 2: “1_0” is not a number."),
            ("1,2\n", "data.csv has one point only"),
            ("1,2\n1,3\n", "data.csv has the same x on every line"),
            ("1,2\n3,4\n5,größe".encode("latin-1"), "line 3: this is not UTF-8 text; save the file again"),
            ("1,2\n3,4\n".encode("utf-16"), "line 1: this is not UTF-8 text"),
            (b"1,2\n\0\0\0", "line 2: this is not text"),
            ("1,2\n" * 1_000_000, "data.csv has 1,000,000 lines; at most 100,000 points fit."),
            ("1,2\n" * 5_000_000, "data.csv is larger than 16 MB"),
        ],
        ids=lambda value: str(value)[:24] if isinstance(value, str) else "bytes",
    )
    def test_whatever_is_wrong_is_one_sentence_that_names_the_line(self, table, content, said):
        with pytest.raises(csv_points.CsvError) as caught:
            csv_points.read(table(content))
        assert said in str(caught.value)
        assert str(caught.value).endswith(".")
        assert "\n" not in str(caught.value)

    def test_a_folder_and_a_file_that_is_gone_are_sentences_too(self, tmp_path):
        for path, said in ((tmp_path, "is a folder"), (tmp_path / "gone.csv", "is not there any more")):
            with pytest.raises(csv_points.CsvError, match=said):
                csv_points.read(str(path))

    def test_a_device_is_not_waited_for(self):
        if os.path.exists("/dev/zero"):
            with pytest.raises(csv_points.CsvError, match="is not a file"):
                csv_points.read("/dev/zero")

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to this user")
    def test_a_file_without_permission_is_said_to_be_so(self, table):
        path = table("1,2\n3,4\n")
        os.chmod(path, 0)
        with pytest.raises(csv_points.CsvError, match="no permission"):
            csv_points.read(path)

    def test_columns_are_standardised_unless_that_is_switched_off(self, table):
        path = table("year,price\n2000,1500\n2010,2500\n2020,2000\n")
        standard = points_of(RegressionSettings(source="file", file=path))
        plain = points_of(RegressionSettings(source="file", file=path, standardise=False))
        assert standard.x.mean() == pytest.approx(0, abs=1e-6)
        assert standard.y.std() == pytest.approx(1, abs=1e-6)
        np.testing.assert_array_equal(plain.x, [2000, 2010, 2020])


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
            ({"source": "file"}, "choose a CSV file first"),
            ({"curve": "formula", "formula": "log(x)"}, "has no value at x = -3"),
            ({"curve": "formula", "formula": "exp(exp(x*x))"}, "no value|grows beyond a million"),
            ({"curve": "formula", "formula": "sin(x"}, "bracket is still open"),
            ({"formula": "import os"}, "not known here|missing"),
        ],
    )
    def test_what_does_not_go_together_is_one_sentence(self, knobs, said):
        with pytest.raises(KnobError, match=said):
            self.spec(**knobs)

    def test_a_typed_formula_is_a_curve_like_any_other(self):
        x, y = datasets.noisy("formula", 50, 2.0, 0.0, 0, "x**2 - 1")
        np.testing.assert_allclose(y, x**2 - 1, atol=1e-5)
