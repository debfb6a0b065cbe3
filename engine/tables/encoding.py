"""From a file's bytes to its text: the encodings that spreadsheets and instruments write. Serves the table reader."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib

from engine.tables.table import MOST_BYTES, TableError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16's, so it is looked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_KINDS = (
    (b"%PDF", "a PDF; copy its table into a spreadsheet and save it as CSV"),
    (b"\x89PNG", "a picture, not a table"),
    (b"\xff\xd8\xff", "a picture, not a table"),
    (b"GIF8", "a picture, not a table"),
    (b"PAR1", "a Parquet file; save it as CSV"),
    (b"\x89HDF", "an HDF5 file; save its table as CSV"),
    (b"7z\xbc\xaf", "an archive; unpack it first"),
    (b"Rar!", "an archive; unpack it first"),
)
# Letters and signs of Western Europe that headings have; anything else makes Windows-1252 less likely.
_WESTERN = set("äöüÄÖÜßéèêëÉÈÀàâáãçÇñÑíìîïóòôõúùûýøåæØÅÆ°µ²³·×±–—−…€“”„‘’«»§½¼\u00a0")
_CANDIDATES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp932", "gb18030", "cp949", "big5"]
_WORDS = {"cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1253": "Windows-1253",
          "cp932": "Shift JIS", "gb18030": "GB 18030", "cp949": "Korean (CP949)", "big5": "Big5"}  # fmt: skip
SAMPLE = 20_000  # bytes of the lines that aren't ASCII


def is_packed(content: bytes) -> bool:
    """Whether these are the bytes of a gzip file."""
    return content.startswith(b"\x1f\x8b")


def unpacked(content: bytes, name: str) -> bytes:
    """The content of a gzip file; anything else as it is.

    Raises:
        TableError: it is damaged, or too large once unpacked.
    """
    if not is_packed(content):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            found = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise TableError(f"{name} is damaged or cut off: it can't be unpacked.") from None
    if len(found) > MOST_BYTES:
        raise TableError(f"{name} unpacks to more than {MOST_BYTES // 1_000_000} MB, which is the most that is read.")
    return found


def decoded(content: bytes, name: str) -> tuple[str, str]:
    """The text, with line ends as they are, and a remark where its encoding had to be guessed.

    Raises:
        TableError: this is no text.
    """
    for begin, what in _OTHER_KINDS:
        if content.startswith(begin):
            raise TableError(f"{name} is {what}.")
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None) or _wide(content)
    try:
        text = content.decode(encoding or "utf-8")
        remark = ""
    except UnicodeDecodeError:
        text, remark = _guessed(content)
    if "\0" in text:
        raise TableError(f"{name} is not text; save it as CSV in UTF-8.")
    return text, remark


def _wide(content: bytes) -> str | None:
    """UTF-16 without its mark has a zero in every other byte."""
    begin = content[:2000]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = begin[first::2]
        if len(half) > 1 and half.count(0) > 0.7 * len(half) and not begin[1 - first :: 2].count(0):
            return encoding
    return None


def _guessed(content: bytes) -> tuple[str, str]:
    import charset_normalizer

    strange = b"\n".join(line for line in content.split(b"\n") if not line.isascii())[:SAMPLE]
    western = strange.decode("cp1252", "replace")
    encoding = "cp1252"
    if not all(letter.isascii() or letter in _WESTERN for letter in western):
        matches = list(charset_normalizer.from_bytes(strange, cp_isolation=_CANDIDATES))
        likely = next(iter(matches), None)
        if likely is not None and "cp1252" not in likely.could_be_from_charset:
            encoding = likely.encoding
    words = _WORDS.get(encoding, encoding)
    return content.decode(encoding, "replace"), f"The text is not UTF-8; it was read as {words}."
