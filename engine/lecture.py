"""The lecture: its chapters, from resources/lecture, each with its scene, a question to guess at, and what is claimed.

Every number in a chapter's text is a claim with the run that it comes from, so that a test can carry that run out. A
chapter is Markdown below a header in TOML. Serves the lecture.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from engine.knobs import KnobError, knobs_of
from engine.run.spec import RunSpec
from engine.scenes import scenes

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "lecture"
SECTIONS = ("Look", "What happened", "In short")
_FILE = re.compile(r"(\d+)-([a-z-]+)\.md")


class LectureError(ValueError):
    """A chapter that can't be read; one sentence that names it."""


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a run says: ``of`` is a path in what it leaves behind, as in ``runners.0.end.0``.

    ``scene`` is the chapter's own where it is empty; ``set`` are knobs; ``steps`` or ``epochs`` how long the run is, 0
    the scene's own length. ``times``: the truth is so many times what the run says. ``value`` takes its place where
    the truth is known without a run. An answer within ``tolerance`` is right.
    """

    of: str
    tolerance: float
    scene: str = ""
    set: dict[str, str] = {}
    steps: int = 0
    epochs: int = 0
    times: float = 1.0
    value: float | None = None

    def accepts(self, answer: float, truth: float) -> bool:
        """Whether this answer is right."""
        return abs(answer - truth) <= self.tolerance + 1e-9 * abs(truth)

    def spec(self, chapter_scene: str) -> RunSpec:
        """The run that says it."""
        return scenes()[self.scene or chapter_scene].with_knobs(self.set)

    def truth(self, outcome: Mapping[str, Any]) -> float:
        """What it is, from what the run has left behind (see the command ``run``'s JSON).

        Raises:
            LectureError: the run says no such thing.
        """
        found: Any = outcome
        for part in self.of.split("."):
            try:
                found = found[int(part)] if isinstance(found, Sequence) else found[part]
            except (KeyError, IndexError, ValueError, TypeError):
                raise LectureError(f"A run says nothing of {self.of!r}.") from None
        return self.times * float(found)


class Question(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be guessed before the run, from ``low`` to ``high`` where that is given."""

    ask: str
    low: float | None = None
    high: float | None = None


class Claim(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number that stands in the text, as it is written there."""

    text: str


class _Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    scene: str
    knobs: tuple[str, ...]
    formula: str
    question: Question
    transfer: Question
    claims: tuple[Claim, ...] = ()


class Chapter(_Header, frozen=True, kw_only=True):
    """``look``, ``happened`` and ``short`` are its parts as Markdown; ``transfer`` is asked of another place."""

    number: int
    name: str
    look: str
    happened: str
    short: str


@cache
def chapters() -> tuple[Chapter, ...]:
    """All chapters, in their order."""
    found = []
    for file in FOLDER.iterdir():
        match = _FILE.fullmatch(file.name)
        if match:
            found.append(read(file.read_text(encoding="utf-8"), int(match[1]), match[2]))
    return tuple(sorted(found, key=lambda chapter: chapter.number))


def read(text: str, number: int, name: str) -> Chapter:
    """A chapter from its file's text.

    Raises:
        LectureError: one sentence: what is missing, or no scene or knob of this name.
    """
    _, _, rest = text.partition("+++\n")
    head, fence, body = rest.partition("\n+++\n")
    if not fence:
        raise LectureError(f"Chapter {name}: it begins with a header between two lines of +++.")
    try:
        header = msgspec.convert(tomllib.loads(head), _Header)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise LectureError(f"Chapter {name}: {error}.") from None
    if header.scene not in scenes():
        raise LectureError(f"Chapter {name}: there is no scene {header.scene!r}.")
    known = {knob.name for knob in knobs_of(type(scenes()[header.scene].settings))}
    for knob in header.knobs:
        if knob not in known:
            raise LectureError(f"Chapter {name}: {header.scene} has no knob {knob!r}.")
    for asked in (header.question, header.transfer, *header.claims):
        try:
            asked.spec(header.scene)
        except (KeyError, KnobError) as error:
            raise LectureError(f"Chapter {name}: {error}") from None
    parts = dict(re.findall(r"^## (.+)\n+((?:(?!^## ).*\n?)*)", body, re.MULTILINE))
    missing = [title for title in SECTIONS if not parts.get(title, "").strip()]
    if missing:
        raise LectureError(f"Chapter {name}: the part {missing[0]!r} is missing.")
    look, happened, short = (parts[title].strip() for title in SECTIONS)
    for claim in header.claims:
        if claim.text not in f"{look} {happened} {short}".replace("\n", " "):
            raise LectureError(f"Chapter {name}: {claim.text!r} is claimed, and not said.")
    own = msgspec.structs.asdict(header)
    return Chapter(number=number, name=name, look=look, happened=happened, short=short, **own)
