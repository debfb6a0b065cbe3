"""Tables as spreadsheets, instruments and statistics programs write them: their points, names, and what is said."""

from __future__ import annotations

import contextlib
import gzip
import io
import time
import zipfile

import numpy as np
import pytest

from engine.tables import reader
from engine.tables.table import TableError
from tests.engine.tables.workbooks import ods, xlsx

PLAIN = ([1.5, 2, 4], [2, 3, 5])
WAYS = {
    "commas": "x,y\n1.5,2\n2,3\n4,5\n",
    "no heading": "1.5,2\n2,3\n4,5\n",
    "semicolons": "x;y\n1.5;2\n2;3\n4;5\n",
    "decimal commas": "x;y\n1,5;2\n2;3\n4;5",
    "tabs": "x\ty\n1,5\t2\n2\t3\n4\t5\n",
    "blanks": "# x y\n 1.5e+00   2.0e+00\n2 3\n 4 5\n",
    "bars": "x|y\n1.5|2\n2|3\n4|5\n",
    "windows": '\ufeff"x","y"\r\n"1.5","2"\r\n\r\n"2","3"\r\n"4","5"\r\n',
    "old mac": "x,y\r1.5,2\r2,3\r4,5\r",
    "decimal commas in quotes": '"x","y"\n"1,5","2"\n"2","3"\n"4","5"\n',
    "typographic minus": "x;y\n1,5;2\n2;3\n4;5\n",
    "sep line": "sep=;\r\nx;y\r\n1,5;2\r\n2;3\r\n4;5\r\n",
    "trailing separators": "x;y;;\n1,5;2;;\n2;3;;\n4;5;;\n;;;\n",
    "empty columns": ",x,,y\n,1.5,,2\n,2,,3\n,4,,5\n",
    "comments": "% made by hand\n# x\ty\n1.5\t2\n# a break\n2\t3\n4\t5 # late\n",
    "units": "x,y\n[s],[V]\n1.5,2\n2,3\n4,5\n",
    "fortran": " 1.5D+00 2.0D+00\n 2.0D+00 3.0D+00\n 4.0D+00 5.0D+00\n",
    "ragged": "x,y\n1.5,2,a note\n2,3\n4,5\n",
    "utf-16": "x\ty\n1,5\t2\n2\t3\n4\t5\n".encode("utf-16"),
    "utf-16 without its mark": "x\ty\n1,5\t2\n2\t3\n4\t5\n".encode("utf-16-le"),
    "packed": gzip.compress(b"x,y\n1.5,2\n2,3\n4,5\n"),
    "units beside the numbers": "x,y\n1.5 kg,2 %\n2 kg,3 %\n4 kg,5 %\n",
    "excel": xlsx({"One": [["x", "y"], [1.5, 2], [2, "3"], [4, 5]]}),
    "opendocument": ods([["x", "y"], [1.5, 2], [2, 3], [4, 5]]),
    "title": "Results, all of them\n\nx,y\n1.5,2\n2,3\n4,5\n",
    "rows that count": "rownames,x,y\n1,1.5,2\n2,2,3\n3,4,5\n",
    "unnamed rows that count": ",x,y\n0,1.5,2\n1,2,3\n2,4,5\n",
    "rows that count as R writes them": '"x" "y"\n"1" 1.5 2\n"2" 2 3\n"3" 4 5\n',
    "rows that are named": '"","x","y"\n"Mazda RX4",1.5,2\n"Fiat 128",2,3\n"Volvo",4,5\n',
}


def table(content: str | bytes, columns: str = "") -> reader.Table:
    return reader.read_bytes(content.encode() if isinstance(content, str) else content, "data.csv", columns)


@pytest.mark.parametrize("way", WAYS)
def test_a_table_is_read_however_it_is_written(way):
    found = table(WAYS[way])
    np.testing.assert_array_equal(found.x, PLAIN[0])
    np.testing.assert_array_equal(found.y, PLAIN[1])
    assert found.names == ("x", "y")


def test_pasted_cells_are_a_table_too():
    np.testing.assert_array_equal(reader.read_text("1,5\t2\n2\t3\n4\t5").x, PLAIN[0])


@pytest.mark.parametrize(
    ("content", "x"),
    [
        ("x;y\n1.000,5;2\n2.500;3\n", [1000.5, 2500]),
        ('x,y\n"1,234.5",2\n"1,500",3\n', [1234.5, 1500]),
        ("x;y\n1\u00a0000,5;2\n2\u202f000;3\n", [1000.5, 2000]),
        ("x;y\n1'000;2\n2'000;3\n", [1000, 2000]),
        ("x;y\n–1,5;2\n−2;3\n", [-1.5, -2]),
        ("x;y\n–1,5;2\n2;3\n".encode("cp1252"), [-1.5, 2]),
    ],
)
def test_thousands_and_minus_signs_are_read_as_they_are_meant(content, x):
    np.testing.assert_array_equal(table(content).x, x)


@pytest.mark.parametrize(
    ("content", "x", "said"),
    [
        ("x;y\n1,500;2,250\n2,500;3,125\n", [1.5, 2.5], "1,500 was read as 1.5"),
        ("x\ty\n1,500\t2\n2,500\t30\n", [1500, 2500], "1,500 was read as 1500"),
    ],
)
def test_where_nothing_tells_thousands_from_decimals_the_guess_is_said(content, x, said):
    found = table(content)
    np.testing.assert_array_equal(found.x, x)
    assert any(said in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("cells", "x", "said"),
    [
        (("2024-01-01", "2024-01-02", "2024-01-04"), [0, 1, 3], "days since 2024-01-01"),
        (("01.02.2024", "02.02.2024", "04.02.2024"), [0, 1, 3], "days since 2024-02-01"),
        (("13.02.24", "14.02.24", "16.02.24"), [0, 1, 3], "days since 2024-02-13"),
        (("1/30/2024", "1/31/2024", "2/2/2024"), [0, 1, 3], "days since 2024-01-30"),
        (("30/01/2024", "31/01/2024", "02/02/2024"), [0, 1, 3], "days since 2024-01-30"),
        (("1 Jan 2024", "2 Jan 2024", "4 Jan 2024"), [0, 1, 3], "days since 2024-01-01"),
        (("2024-01", "2024-02", "2024-03"), [0, 31, 60], "days since 2024-01-01"),
        (("2024-01-01 12:00", "2024-01-01 12:01", "2024-01-01 12:03"), [0, 60, 180], "seconds since 2024-01-01 12:00"),
        (("2024-01-01T12:00:00.5Z", "2024-01-01T12:00:01Z", "2024-01-01T12:00:02Z"), [0, 0.5, 1.5], "UTC"),
        (("1.2.2024 12:00", "1.2.2024 12:01", "1.2.2024 12:03"), [0, 60, 180], "seconds since 2024-02-01 12:00:00"),
        (("12:30", "12:31", "12:33"), [0, 60, 180], "seconds since 12:30"),
    ],
)
def test_dates_and_time_stamps_count_days_or_seconds(cells, x, said):
    found = table("t;y\n" + "".join(f"{cell};{n}\n" for n, cell in enumerate(cells)))
    np.testing.assert_array_equal(found.x, x)
    assert any(said in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("rows", "order", "last"),
    [("1/2/2024,5\n1/3/2024,6\n1/4/2024,7\n", "month", 2), ("01/02/2024,5\n02/02/2024,6\n03/02/2024,7\n", "day", 2)],
)
def test_days_and_months_that_could_change_places_are_told_by_their_steps_and_said(rows, order, last):
    found = table("date,y\n" + rows)
    assert found.x[-1] == last
    assert any(f"with the {order} first" in remark for remark in found.remarks)


def test_a_time_beside_its_date_is_one_stamp_and_a_date_behind_its_value_is_still_x():
    found = table("date,time,y\n2024-01-01,12:00:00,5\n2024-01-01,12:01:00,6\n")
    assert (list(found.x), list(found.y)) == ([0, 60], [5, 6])
    found = table("value,day\n5,2024-01-01\n6,2024-01-03\n")
    assert (list(found.x), list(found.y), found.names) == ([0, 2], [5, 6], ("day", "value"))


def test_time_stamps_keep_their_digits():
    assert list(table("1658792320,1\n1658792350,2\n1658792380,3\n").x) == [1658792320, 1658792350, 1658792380]


class TestRemarks:
    def test_rows_without_two_numbers_are_counted(self):
        rows = [f"{n},{'NA' if n % 5 == 0 else n}" for n in range(1, 26)] + ["***,3"]
        found = table("x,y\n" + "\n".join(rows) + "\n,\n")
        assert len(found.x) == 20
        assert found.remarks == ("6 of 26 rows have no two numbers and were passed over; 20 were read.",)

    @pytest.mark.parametrize("gap", ["NA", "nan", "", "***", "-", "n/a", "inf", "?", "1" * 10_000, "0x10", "text"])
    def test_every_mark_for_a_gap_is_one(self, gap):
        found = table(f"x,y\n1,2\n{gap},3\n4,5\n")
        assert list(found.x) == [1, 4]
        assert any("1 of 3 rows has no two numbers" in remark for remark in found.remarks)

    def test_the_counting_column_is_named(self):
        remarks = table(WAYS["rows that count"]).remarks
        assert remarks == ("The counting column is left out: column 1 (rownames) counts the rows.",)

    def test_two_columns_are_both_taken_even_if_one_counts(self):
        found = table(",0\n0,1.5\n1,2.3\n2,2.9\n")
        assert (list(found.x), list(found.y)) == ([0, 1, 2], [1.5, 2.3, 2.9])

    def test_lines_before_the_numbers_are_counted(self):
        found = table("Model,DS1054Z\nDate,2024-01-01\n\nTime,CH1\ns,V\n0.0,0.1\n0.1,0.2\n")
        assert found.names == ("Time", "CH1")
        assert found.remarks == ("5 lines before the numbers were passed over, the names among them.",)

    @pytest.mark.parametrize(
        ("encoding", "text", "word"),
        [("cp1252", "Länge;Höhe", "Windows-1252"), ("cp1252", "T [°C];µm", "Windows-1252"),
         ("cp1251", "Время;Высота", "Windows-1251"), ("shift_jis", "時間;高さ", "Shift JIS")],
    )  # fmt: skip
    def test_a_guessed_encoding_is_said(self, encoding, text, word):
        found = table((text + "\n1;2\n2;3\n").encode(encoding))
        assert found.names == tuple(text.split(";"))
        assert word in found.remarks[0]

    def test_a_workbook_says_which_sheet(self):
        found = table(xlsx({"Notes": [["hello"]], "Data": [["day", "v"], ["date:45292", 2.5], ["date:45294", 3]]}))
        assert (list(found.x), list(found.y)) == ([0, 2], [2.5, 3])
        assert "“Data” was read" in found.remarks[0]
        assert "x counts days since 2024-01-01." in found.remarks


class TestChoice:
    CARS = "rownames,speed,dist,weight\n1,4,2,10\n2,4,10,11\n3,7,4,12\n"

    def test_of_more_than_two_the_first_are_taken_and_that_is_said(self):
        found = table(self.CARS)
        assert found.names == ("speed", "dist")
        assert found.columns == ("rownames", "speed", "dist", "weight")
        assert found.chosen == (1, 2)
        assert found.rows[0] == ("1", "4", "2", "10")
        assert any("speed and dist were taken of 3" in remark for remark in found.remarks)

    @pytest.mark.parametrize("columns", ["dist,weight", "dist; weight", "3,4", "DIST, Weight", '"dist","weight"'])
    def test_two_are_chosen_by_name_or_number(self, columns):
        found = table(self.CARS, columns)
        assert (list(found.x), list(found.y), found.names) == ([2, 10, 4], [10, 11, 12], ("dist", "weight"))

    def test_a_name_may_have_a_comma_in_it(self):
        found = table('"Length, cm","Mass, g",z\n1,2,3\n2,3,4\n', "Length, cm,Mass, g")
        assert found.names == ("Length, cm", "Mass, g")

    @pytest.mark.parametrize(
        ("columns", "said"),
        [("speed,dits", "did you mean dist?"), ("speed", "takes two names"), ("a,b,c", "no column 'a'")],
    )
    def test_another_choice_is_one_sentence(self, columns, said):
        with pytest.raises(TableError, match=said.replace("?", r"\?")):
            table(self.CARS, columns)

    def test_a_column_of_words_is_refused_by_name(self):
        with pytest.raises(TableError, match="column name has no numbers"):
            table("t,name,v\n0,a,2\n1,b,3\n", "t,name")


def _an_archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("x,y\n", "no two columns of numbers"),
        ("1\n2\n", "one column of numbers"),
        ("A letter, with commas.\nAnd more, of them.\n", "no two columns of numbers"),
        ("1,2\n", "one point only"),
        ("1,2\n1,3\n", "the same x"),
        ("1,2\n3,1e300\n", "1e+300 in column 2 is too large"),
        (b"1,2\n\0\0\0\n", "is not text"),
        (b"\x89PNG\r\n\x1a\n0", "is a picture"),
        (b"%PDF-1.4", "is a PDF"),
        (b"PK\x03\x04 no archive", "can't be unpacked"),
        (_an_archive(), "without a table"),
        (gzip.compress(b"x,y\n1,2\n")[:-9], "cut off"),
        (xlsx({"One": [["only"], [1]]}), "no sheet with two columns"),
        ("1,2\n" * 2_000_001, "2,000,001 lines; at most 2,000,000 rows"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else "bytes",
)
def test_what_gives_no_points_is_one_sentence(content, said):
    with pytest.raises(TableError) as caught:
        table(content)
    sentence = str(caught.value)
    assert said in sentence
    assert sentence.startswith("data.csv")
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    "content",
    ["x,y\n" + "1" * 1_000_000 + ",2\n1,2\n3,4\n", "x,y\n1,2\n" + "," * 1_000_000 + "\n3,4\n",
     "x,y\n1,2\n" + '"' * 100_001 + "\n3,4\n", "x,y\n1,2\n3,4\n" + "1.1.1." * 100_000, " " * 1_000_000 + "1,2\n3,4\n"],
    ids=["digits", "commas", "quotes", "points", "blanks"],
)  # fmt: skip
def test_long_lines_take_no_time(content):
    began = time.process_time()
    with contextlib.suppress(TableError):
        table(content)
    assert time.process_time() - began < 1.0, "longer than a thousand ordinary files"


def test_a_million_rows_are_read_in_less_than_two_seconds_of_work():
    table("1,2\n2,3\n")  # pandas is imported
    values = np.random.default_rng(0).normal(size=(1_000_000, 2))
    content = ("x,y\n" + "\n".join(f"{x!r},{y!r}" for x, y in values.tolist())).encode()
    began = time.process_time()
    found = table(content)
    assert time.process_time() - began < 2.0
    np.testing.assert_array_equal(found.x, values[:, 0])
    np.testing.assert_array_equal(found.y, values[:, 1])


def test_many_values_with_thousands_marks_are_read_exactly():
    values = np.random.default_rng(0).integers(-(10**9), 10**9, 30_000) / 100
    found = table("x,y\n" + "\n".join(f'"{v:,.2f}",{n}' for n, v in enumerate(values.tolist())))
    np.testing.assert_array_equal(found.x, values)


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("1,2\n2,3\n")
    assert len(reader.read(str(path)).x) == 2
    path.write_text("1,2\n2,3\n3,4\n")
    assert len(reader.read(str(path)).x) == 3
