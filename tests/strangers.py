"""What strangers bring, damaged at random: scene files, recordings, lines to paste, tables, pictures, formulas.

Each input is a good one in which bytes or words were changed, cut out, doubled or put in from another place. It is
read by the reader that the window and the command line use: that gives a result, or one sentence. Serves the tests
and the benchmark.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from app.files.opening import scene_of
from app.sharing import setting
from engine.expressions import parse
from engine.history.lane_book import LaneBook
from engine.history.recording_file import Recording, decoded, encoded
from engine.painting import picture_file
from engine.run.runner import Runner
from engine.run.states import Event
from engine.scenes import scenes
from engine.tables import reader

LONGEST_SENTENCE = 400  # characters
TOKENS = (
    b"0", b"-1", b"1e999", b"nan", b"inf", b"[", b"]", b"{", b"}", b'"', b"'", b"\\", b"\n", b"\x00", b"\xff\xfe", b"=",
    b",", b";", b"\t", b"9" * 400, b"[" * 600, b"true", b"null", b"../../etc/passwd", b"__import__('os')", b"%s%n",
    "−½🙂".encode(),
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """``good``: contents to begin with; ``read``: what takes one, in a folder where it may be written."""

    name: str
    good: tuple[bytes, ...]
    read: Callable[[bytes, Path], object]


def damaged(content: bytes, rng: random.Random) -> bytes:
    """The same with one to eight changes; small inputs change most."""
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at, length = rng.randrange(len(content) + 1), rng.choice((1, 2, 8, 64, 1000))
        deed = rng.randrange(6)
        if deed == 0:
            content = content[:at] + content[at + length :]
        elif deed == 1:
            content = content[:at] + rng.choice(TOKENS) + content[at:]
        elif deed == 2:
            content = content[:at] + rng.choice(TOKENS) + content[at + length :]
        elif deed == 3:
            content = content[:at] + content[at : at + length] * rng.choice((2, 5)) + content[at + length :]
        elif deed == 4 and content:
            at = rng.randrange(len(content))
            content = content[:at] + bytes([content[at] ^ 1 << rng.randrange(8)]) + content[at + 1 :]
        else:
            content = content[:at]
    return content


def kinds() -> tuple[Kind, ...]:
    """All of them; to record a run imports TensorFlow."""
    runner = Runner(scenes()["regression/line"].with_knobs({"points": 20, "batch_size": 10}))
    try:
        runner.recorder = book = LaneBook(least_work=0)
        runner.handle(Event.RESET)
        runner.handle(Event.PLAY)
        runner.advance(20)
        book.note(runner.frame().cost)
        recording = encoded(Recording({"regression": book.dump(runner, 1 << 30)}, {"page": "regression"}))
    finally:
        runner.close()
    specs = [scenes()[name] for name in ("landscape/formula", "regression/deep", "painting/fourier")]
    return (
        Kind("scene", tuple(setting.scene_file(spec) for spec in specs), _scene),
        Kind("line", tuple(setting.line(spec).encode() for spec in specs), _line),
        Kind("table", TABLES, lambda content, _: reader.read_bytes(content, "a.csv")),
        Kind("picture", _pictures(), lambda content, _: picture_file.decoded(content, "a.png")),
        Kind("formula", FORMULAS, lambda content, _: parse(content.decode("utf-8", "replace"))),
        Kind("recording", (recording,), lambda content, _: decoded(content, "a.fallline")),
    )


def tried(kind: Kind, count: int, seed: int, folder: Path) -> Iterator[tuple[bytes, str, float]]:
    """So many damaged inputs: each with what is wrong about its reading, or nothing, and the seconds it took."""
    rng = random.Random(f"{kind.name} {seed}")
    for _ in range(count):
        content = damaged(rng.choice(kind.good), rng)
        began, fault = time.perf_counter(), ""
        try:
            kind.read(content, folder)
        except (ValueError, OSError) as error:
            sentence = str(error)
            if not sentence.strip() or len(sentence) > LONGEST_SENTENCE or "Traceback" in sentence:
                fault = f"no sentence: {sentence[:200]!r}"
        except Exception as error:  # which would be a traceback for a person
            fault = f"{type(error).__name__}: {error}"
        yield content, fault, time.perf_counter() - began


TABLES = (
    b"x;y\n1,5;2\n2;3\n3;5,25\n",
    b"time,temperature\n2024-01-01 10:00,1.5\n2024-01-01 11:00,2\n2024-01-01 12:00,2.5\n",
    b"# a comment\nsep=,\nname,a,b\nu,1,2\nv,3,\nw,5,6e3\n",
    "größe\tgewicht\n1\t2\n3\t4\n".encode("cp1252"),
)
FORMULAS = (
    b"sin(10 x) e^(-x)",
    b"(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    b"max(x, y)^2 + |x - y| + cbrt(x)",
    "2x² − ½y".encode(),
)


def _scene(content: bytes, folder: Path) -> object:
    path = folder / "a.toml"
    path.write_bytes(content)
    return scene_of(str(path))


def _line(content: bytes, folder: Path) -> object:
    return setting.spec_of(content.decode("utf-8", "replace"))


def _pictures() -> tuple[bytes, ...]:
    made = []
    for form, mode in (("PNG", "RGB"), ("PNG", "I;16"), ("GIF", "P"), ("JPEG", "RGB"), ("BMP", "RGB")):
        buffer = io.BytesIO()
        Image.new(mode, (12, 9), 7).save(buffer, form)
        made.append(buffer.getvalue())
    return tuple(made)
