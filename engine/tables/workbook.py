"""Spreadsheets (.xlsx, .xlsm, .xlsb, .xls, .ods) by python-calamine: the first sheet that holds two columns of numbers.

Serves the table reader.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from engine.tables.layout import LOOKED_AT, layout_of
from engine.tables.sheet import RowSheet, text_of
from engine.tables.table import MOST_COLUMNS, MOST_ROWS, TableError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of the older .xls
MOST_UNPACKED = 1_000_000_000  # bytes


def is_workbook(content: bytes) -> bool:
    """Whether these are the bytes of a spreadsheet, or of another archive or document."""
    return content.startswith((b"PK\x03\x04", OLE))


def read(content: bytes, name: str) -> tuple[RowSheet, str]:
    """The sheet that holds the numbers, and a remark where there are others.

    Raises:
        TableError: it is no spreadsheet, damaged, protected, too large, or has no two columns of numbers.
    """
    import python_calamine

    if not content.startswith(OLE):
        _check_archive(content, name)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = workbook.sheet_names
        for sheet_name in sheets:
            rows: list[list[Any]] = workbook.get_sheet_by_name(sheet_name).to_python(skip_empty_area=True)
            if len(rows) > MOST_ROWS:
                raise TableError(f"{name} has {len(rows):,} rows; at most {MOST_ROWS:,} are read.")
            rows = [row[:MOST_COLUMNS] for row in rows]
            texts = [[text_of(cell) for cell in row] for row in rows[:LOOKED_AT]]
            layout = layout_of([row if any(row) else [] for row in texts], False)
            if layout is not None:
                others = f"It has {len(sheets)} sheets; “{sheet_name}” was read." if len(sheets) > 1 else ""
                return RowSheet(rows, layout), others
    except TableError:
        raise
    except python_calamine.PasswordError:
        raise TableError(f"{name} is protected by a password; save it without one.") from None
    except Exception:  # the library's own errors have no common class that says what is wrong
        raise TableError(f"{name} can't be read as a spreadsheet: it is damaged, or another kind of file.") from None
    raise TableError(f"{name} has no sheet with two columns of numbers; x and y are needed.")


def _check_archive(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise TableError(f"{name} is damaged or cut off: it can't be unpacked.") from None
    names = {entry.filename for entry in entries}
    if not ({"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & names):
        raise TableError(f"{name} is an archive or document without a table in it; unpack it, or save a table as CSV.")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise TableError(f"{name} is too large once it is unpacked; save the one table as CSV.")
