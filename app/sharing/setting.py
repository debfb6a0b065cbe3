"""A run's setting in a line of text that can be pasted anywhere, or in a scene file: the same run for whoever has it.

The line is ``fallline:`` and, in base64, a checksum and the compressed JSON of what differs from a shipped scene.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import zlib
from typing import Any

import msgspec
import segno
import tomli_w

from engine.experiments import EXPERIMENTS
from engine.knobs import Kind, KnobError, knobs_of
from engine.run.spec import RunSpec
from engine.scenes import SpecError, scenes

PREFIX = "fallline:"
VERSION = 1
LONGEST = 8_000  # letters of a line
MOST_BYTES = 64_000  # of what it holds
CHECK_BYTES = 4
_LETTERS = re.compile(r"[A-Za-z0-9_-]+")
WRONG = "copy the whole line, from fallline: to its end"


class ShareError(SpecError):
    """A line that gives no setting; the message is one sentence that says what would be right."""


def line(spec: RunSpec) -> str:
    """The setting as one line; names of files, which are this machine's alone, are left out (see left_out)."""
    home = _home(spec)
    own = [] if spec.scene in scenes() else [spec.scene, spec.title, spec.about]
    held = [VERSION, spec.experiment if own else spec.scene, _differing(home, spec), *own]
    content = json.dumps(held, separators=(",", ":"), ensure_ascii=False).encode()
    packed = zlib.compress(content, 9, wbits=-15)
    check = zlib.crc32(content).to_bytes(CHECK_BYTES, "big")
    return PREFIX + base64.urlsafe_b64encode(check + packed).decode().rstrip("=")


def is_line(text: str) -> bool:
    """Whether a text is meant as such a line."""
    return _plain(text).lower().startswith(PREFIX)


def spec_of(text: str) -> RunSpec:
    """The setting of a line, whatever blanks, breaks and quotes a chat has put about it.

    Raises:
        ShareError: it is damaged, of a newer version, or of a scene or knob that isn't known here.
    """
    plain = _plain(text)
    letters = plain[len(PREFIX) :]
    if not is_line(plain) or len(plain) > LONGEST or not _LETTERS.fullmatch(letters):
        raise ShareError(f"This is no setting of Fall Line; {WRONG}.")
    held = _held(letters)
    version, name, values, *own = held if isinstance(held, list) and len(held) in (3, 6) else (0, "", {})
    if isinstance(version, int) and version > VERSION:
        raise ShareError("The setting was made by a newer Fall Line than this one.")
    if version != VERSION or not isinstance(name, str) or not isinstance(values, dict):
        raise ShareError(f"The setting is damaged; {WRONG}.")
    try:
        return _built(name, values, own)
    except KnobError as error:
        raise ShareError(f"The setting can't be run here: {error}") from None


def left_out(spec: RunSpec) -> tuple[str, ...]:
    """The files of this machine that a line, or a scene file elsewhere, doesn't bring along."""
    found = [getattr(spec.settings, knob.name) for knob in knobs_of(type(spec.settings)) if knob.kind is Kind.FILE]
    return tuple(name for name in found if name)


def qr_code(text: str) -> bytes:
    """The text as a QR code, PNG, for a lecture hall."""
    made = io.BytesIO()
    segno.make(text, error="l", micro=False).save(made, kind="png", scale=8, border=4)
    return made.getvalue()


def scene_file(spec: RunSpec) -> bytes:
    """The setting as a scene file (TOML), every knob that is otherwise than usual in it."""
    table = {
        "experiment": spec.experiment,
        "title": spec.title,
        "about": spec.about,
        "settings": _differing(EXPERIMENTS[spec.experiment].settings(), spec, with_files=True),
    }
    return tomli_w.dumps(table).encode()


def _home(spec: RunSpec) -> Any:
    known = scenes().get(spec.scene)
    return known.settings if known is not None else EXPERIMENTS[spec.experiment].settings()


def _differing(home: Any, spec: RunSpec, with_files: bool = False) -> dict[str, Any]:
    before, after = msgspec.to_builtins(home), msgspec.to_builtins(spec.settings)
    files = {knob.name for knob in knobs_of(type(spec.settings)) if knob.kind is Kind.FILE and not with_files}
    return {name: value for name, value in after.items() if value != before[name] and name not in files}


def _plain(text: str) -> str:
    return "".join(text.split()).strip("\"'`“”„<>")


def _held(letters: str) -> Any:
    try:
        packed = base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
        unpacker = zlib.decompressobj(wbits=-15)
        content = unpacker.decompress(packed[CHECK_BYTES:], MOST_BYTES)
        is_whole = unpacker.eof and zlib.crc32(content).to_bytes(CHECK_BYTES, "big") == packed[:CHECK_BYTES]
        if not is_whole:
            raise ValueError
        return json.loads(content)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise ShareError(f"The setting is damaged; {WRONG}.") from None


def _built(name: str, values: dict[str, Any], own: list[Any]) -> RunSpec:
    if not own:
        if name not in scenes():
            raise ShareError(f"The setting is of a scene {name!r}, which this Fall Line doesn't have.")
        return scenes()[name].with_knobs(values)
    if name not in EXPERIMENTS or not all(isinstance(word, str) for word in own):
        raise ShareError(f"The setting is damaged; {WRONG}.")
    scene, title, about = own
    spec = RunSpec(scene=scene, experiment=name, title=title, about=about, settings=EXPERIMENTS[name].settings())
    return spec.with_knobs(values)
