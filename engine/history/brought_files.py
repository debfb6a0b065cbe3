"""The pictures and tables of people that runs were trained on, kept in their recording. Serves the recordings.

A file that is still there as it was is read where it is. One that is not comes out of the recording: under its own
name where there is no such file, else under a name that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine import files
from engine.knobs import Kind, knobs_of
from engine.run.spec import RunSpec

MOST_BYTES = 8_000_000  # of a file; a larger one is only named
MOST_IN_ALL = 32_000_000
AS_RECORDED = "(as recorded)"


def of_specs(specs: Iterable[RunSpec]) -> dict[str, bytes]:
    """The content of every file that these name, by its path; one that can't be read, or is too large, is left out."""
    found: dict[str, bytes] = {}
    left = MOST_IN_ALL
    for path in sorted({path for spec in specs for path in _paths(spec)}):
        try:
            content = files.content(path, min(MOST_BYTES, left), "a file")
        except files.FileError:
            continue
        found[path] = content
        left -= len(content)
    return found


def placed(brought: Mapping[str, bytes]) -> dict[str, str]:
    """Have them be there again; the path that each is now read by, for the path that it was known by."""
    return {path: _placed(path, content) for path, content in brought.items()}


def _placed(path: str, content: bytes) -> str:
    name = Path("standard input" if path == files.STANDARD_INPUT else path)
    if path != files.STANDARD_INPUT:
        try:
            files.stamp(path)
        except files.FileError:
            files.bring(path, content)
            return path
        if _is_still(path, content):
            return path
    number = 1
    while True:
        mark = AS_RECORDED if number == 1 else f"{AS_RECORDED} {number}"
        other = str(name.with_name(f"{name.stem} {mark}{name.suffix}"))
        if files.brought(other) in (None, content):
            files.bring(other, content)
            return other
        number += 1


def _is_still(path: str, content: bytes) -> bool:
    try:
        return files.content(path, len(content), "a file") == content
    except files.FileError:
        return False


def _paths(spec: RunSpec) -> list[str]:
    values = [getattr(spec.settings, knob.name) for knob in knobs_of(type(spec.settings)) if knob.kind is Kind.FILE]
    return [value for value in values if isinstance(value, str) and value]
