"""Files as people name them, and their content, read with patience: the one place that paths go through.

A name may come quoted, as a file:// address, with ~ for the home folder, or as - for standard input. What doesn't
answer, such as a pipe that nobody writes to, is left after a few seconds. Serves the data and the scenes.
"""

from __future__ import annotations

import os
import queue
import re
import stat
import sys
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from engine.backend.timeout import SECONDS, call_with_timeout

STANDARD_INPUT = "-"
MOST_PIPED = 256_000_000  # bytes of a pipe that are read, whoever asks
PIECE = 1 << 16  # bytes that are asked of a pipe at once
_brought: dict[str, bytes] = {}
_QUOTES = (('"', '"'), ("'", "'"), ("“", "”"), ("„", "“"), ("«", "»"), ("<", ">"))
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202c\u2060\ufeff"))


class FileError(ValueError):
    """A file that can't be read; the message is one sentence that names it and says what would be right."""


def named(text: str, folder: Path | None = None) -> str:
    """The path that a person's text stands for; a relative one is taken from ``folder``. Touches no disk."""
    plain = text.translate(_INVISIBLE).strip()
    for first, last in _QUOTES:
        if len(plain) > 1 and plain.startswith(first) and plain.endswith(last):
            plain = plain[1:-1].strip()
    if plain in ("", STANDARD_INPUT):
        return plain
    if plain[:5].lower() == "file:":
        plain = _of_address(plain)
    elif os.name != "nt":
        plain = plain.replace("\\ ", " ")  # as a terminal writes a blank in a dragged name
    plain = os.path.expanduser(plain)
    return plain if folder is None else os.path.join(folder, plain)


def shown(path: str) -> str:
    """The file's name as a sentence has it."""
    return "standard input" if path == STANDARD_INPUT else Path(path).name or path


def stamp(path: str) -> tuple[int, int]:
    """When it was changed (nanoseconds) and its size: by these a changed file is told from one that was read.

    Raises:
        FileError: it is not there, or doesn't answer.
    """
    try:
        status = call_with_timeout(lambda: os.stat(path))
        return status.st_mtime_ns, status.st_size
    except OSError as error:
        if isinstance(error, FileNotFoundError) and path in _brought:
            return 0, len(_brought[path])
        raise FileError(f"{shown(path)} can't be read: {reason(error)}.") from None
    except ValueError:
        raise FileError("No file can have such a name; type it again, or browse for the file.") from None


def content(path: str, most_bytes: int, wanted: str) -> bytes:
    """All of a file, a pipe or standard input; ``wanted``, as in "a picture file", ends the sentences.

    Raises:
        FileError: it is not there, not readable, a folder, too large, or doesn't answer.
    """
    name = shown(path)
    try:
        if path == STANDARD_INPUT:
            found = _of_pipe(path)
        else:
            mode = call_with_timeout(lambda: os.stat(path)).st_mode
            if stat.S_ISDIR(mode):
                raise FileError(f"{name} is a folder; choose {wanted}.")
            if stat.S_ISBLK(mode):
                raise FileError(f"{name} is a device, not a file that can be read; choose {wanted}.")
            is_plain = stat.S_ISREG(mode)
            found = call_with_timeout(lambda: _begin_of(path, most_bytes)) if is_plain else _of_pipe(path)
    except FileNotFoundError:
        if path not in _brought:
            raise FileError(f"{name} is not there (any more); choose {wanted}.") from None
        found = _brought[path]
    except OSError as error:
        raise FileError(f"{name} can't be read: {reason(error)}.") from None
    except ValueError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"No file can have such a name; choose {wanted}.") from None
    if len(found) > most_bytes:
        raise FileError(f"{name} is larger than {most_bytes // 1_000_000} MB, which is the most that is read.")
    return found


def bring(path: str, found: bytes) -> None:
    """Have content() give this under a name that has no file here: what a recording brought along."""
    _brought[path] = found


def brought(path: str) -> bytes | None:
    """What bring() gave under this name."""
    return _brought.get(path)


def beginning(path: str, most_bytes: int) -> bytes:
    """The first bytes of a plain file.

    Raises:
        FileError: it can't be read.
    """
    try:
        return call_with_timeout(lambda: _begin_of(path, most_bytes))[:most_bytes]
    except OSError as error:
        raise FileError(f"{shown(path)} can't be read: {reason(error)}.") from None


def reason(error: OSError) -> str:
    """Why the system refused, in words."""
    match error:
        case FileNotFoundError():
            return "it is not there (any more)"
        case PermissionError():
            return "no permission"
        case IsADirectoryError():
            return "it is a folder"
        case TimeoutError():
            return "it does not answer"
    return error.strerror or "it does not answer"


def _of_address(address: str) -> str:
    parts = urlsplit(address)
    path = unquote(parts.path)
    if os.name == "nt":
        path = re.sub(r"^/(?=[A-Za-z]:)", "", path)
    return f"//{parts.netloc}{path}" if parts.netloc and parts.netloc.lower() != "localhost" else path


def _begin_of(path: str, most_bytes: int) -> bytes:
    with open(path, "rb") as file:
        return file.read(most_bytes + 1)


@lru_cache(maxsize=4)
def _of_pipe(path: str) -> bytes:
    """Everything that comes out of a pipe or a device, kept since it comes out only once.

    Raises:
        TimeoutError: nothing came for SECONDS; a person at a terminal is waited for.
    """
    pieces: queue.Queue[bytes | OSError] = queue.Queue()
    waits_for_person = path == STANDARD_INPUT and sys.stdin is not None and sys.stdin.isatty()
    enough = threading.Event()
    threading.Thread(target=_pump, args=(path, pieces.put, enough), name="pipe", daemon=True).start()
    found = bytearray()
    try:
        while len(found) <= MOST_PIPED:
            piece = pieces.get(timeout=None if waits_for_person else SECONDS)
            if isinstance(piece, OSError):
                raise piece
            if not piece:
                break
            found += piece
    except queue.Empty:
        raise TimeoutError from None
    finally:
        enough.set()
    return bytes(found)


def _pump(path: str, give: Callable[[bytes | OSError], None], enough: threading.Event) -> None:
    try:
        if path == STANDARD_INPUT and sys.stdin is None:
            raise FileNotFoundError
        handle = 0 if path == STANDARD_INPUT else os.open(path, os.O_RDONLY)
        piece = b"."
        while piece and not enough.is_set():
            piece = os.read(handle, PIECE)
            give(piece)
        if handle:
            os.close(handle)
    except OSError as error:
        give(error)
