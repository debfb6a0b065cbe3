"""``lecture``: the chapters, as a list, or one of them to read; with --json for whoever makes something of them."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

import msgspec

from engine.lecture import Chapter, LectureError, chapters

WIDTH = 92


def lecture(options: argparse.Namespace) -> Any:
    """What is printed: a text, or with --json what becomes JSON.

    Raises:
        LectureError: there is no such chapter.
    """
    chosen = chapters() if not options.chapter else (_named(options.chapter),)
    if options.json:
        return [_as_object(chapter) for chapter in chosen]
    if options.chapter:
        return _to_read(chosen[0])
    width = max(len(chapter.title) for chapter in chosen)
    return "\n".join(f"{chapter.number:>2}  {chapter.title:<{width}}  {chapter.scene}" for chapter in chosen)


def _named(text: str) -> Chapter:
    found = [one for one in chapters() if text.strip() in (str(one.number), f"{one.number:02}", one.name)]
    if not found:
        raise LectureError(
            f"There is no chapter {text!r}; there are 1 to {len(chapters())}, or a name like {chapters()[0].name}."
        )
    return found[0]


def _as_object(chapter: Chapter) -> dict[str, Any]:
    return msgspec.to_builtins(chapter)


def _to_read(chapter: Chapter) -> str:
    parts = [f"{chapter.number}. {chapter.title}", f"    {chapter.formula}", _filled(chapter.look)]
    parts += [f"Guess first: {chapter.question.ask}", f"    python main.py open {chapter.scene}"]
    parts += [_filled(chapter.happened), f"In short: {chapter.short}", f"Elsewhere: {chapter.transfer.ask}"]
    return "\n\n".join(_filled(part) if not part.startswith("    ") else part for part in parts)


def _filled(text: str) -> str:
    return "\n\n".join(textwrap.fill(part, WIDTH) for part in text.split("\n\n"))
