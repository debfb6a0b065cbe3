"""``check``: what a file, a folder or a formula is taken for, before the lecture. Loads neither Qt nor TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from app.files.opening import OpeningError, no_formula, scene_of
from app.files.recognition import Recognised, What, recognised
from engine import expressions, numbers
from engine.painting import images, picture_file
from engine.scenes import heading, scenes
from engine.tables import reader

MOST_LISTED = 12
Report = dict[str, Any]


def report(text: str, at: str) -> Report:
    """What ``check --json`` prints; ``at`` as in ``x=1,y=2``, "" for nowhere.

    Raises:
        ValueError: one sentence: nothing takes it, or it can't be read.
    """
    found = recognised(text)
    return {"kind": str(found.what)} | _CHECKS[found.what](found, at)


def in_words(found: Report) -> str:
    """The report for a person: a line of what it is, then what was done to it."""
    match found["kind"]:
        case "table":
            x, y = found["names"]
            first, last = (f"({_short(a)}, {_short(b)})" for a, b in (found["first"], found["last"]))
            line = f"a table of {found['points']:,} points, {y} over {x}, from {first} to {last}"
            if len(found["columns"]) > 2:
                line += f"; its columns are {', '.join(found['columns'][:MOST_LISTED])}"
        case "formula":
            line = f"a formula of {' and '.join(found['variables'])}, {found['typeset']}"
            if found["value"] is not None:
                line += f": {_short(found['value'])} there"
            if found["gradient"] is not None:
                line += f", gradient ({', '.join(map(_short, found['gradient']))})"
        case "picture":
            line = f"a picture of {found['width']:,} x {found['height']:,} pixels ({found['format']}, {found['mode']})"
        case "pictures":
            names = ", ".join(found["names"][:MOST_LISTED])
            line = f"a folder of {found['count']:,} pictures: {names}{', ...' if found['count'] > MOST_LISTED else ''}"
        case "recording":
            line = f"a recording of {found['count']:,} runs: {', '.join(found['names'][:MOST_LISTED])}"
        case _:
            line = f"a scene: {found['title']}, an experiment of the kind {found['experiment']}"
    return "\n".join([f"This is {line}.", *found["remarks"]])


def _table(found: Recognised, _: str) -> Report:
    table = reader.read(found.text)
    return {
        "points": len(table.x),
        "first": [float(table.x[0]), float(table.y[0])],
        "last": [float(table.x[-1]), float(table.y[-1])],
        "names": list(table.names),
        "columns": list(table.columns),
        "remarks": list(table.remarks),
    }


def _formula(found: Recognised, at: str) -> Report:
    try:
        expression = expressions.parse(found.text)
    except expressions.FormulaError as error:
        raise OpeningError(no_formula(found.text, str(error))) from None
    place = expression.at(**_place(at, expression.variables)) if at else None
    value = None if place is None else _finite(place.value)
    gradient = None if place is None else [_finite(slope) if value is not None else None for slope in place.gradient]
    return {
        "variables": list(expression.variables),
        "value": value,
        "gradient": gradient,
        "typeset": expression.typeset,
        "remarks": [*expression.remarks, *([place.remark] if place and place.remark else [])],
    }


def _picture(found: Recognised, _: str) -> Report:
    picture = picture_file.read(found.text)
    return {
        "width": picture.width,
        "height": picture.height,
        "mode": picture.mode,
        "format": picture.format,
        "mean_rgb": [round(float(value), 2) for value in picture.pixels.reshape(-1, 3).mean(axis=0)],
        "remarks": list(picture.remarks),
    }


def _pictures(found: Recognised, _: str) -> Report:
    names, left_out = [], []
    for file in images.listed(found.text):
        try:
            images.read(str(file))
            names.append(file.name)
        except picture_file.PictureError as error:
            left_out.append(str(error))
    return {"count": len(names), "names": names, "remarks": left_out}


def _scene(found: Recognised, _: str) -> Report:
    spec = scenes()[found.text] if found.text in scenes() else scene_of(found.text)
    return {
        "name": spec.scene,
        "experiment": spec.experiment,
        "title": heading(spec),
        "about": spec.about,
        "seed": spec.settings.seed,
        "remarks": [],
    }


def _recording(found: Recognised, _: str) -> Report:
    from engine.history.recording_file import load  # imported late: what it can hold needs every experiment

    lanes = [lane for book in load(found.text).books.values() for lane, _ in book.lanes]
    names = [lane.name for lane in lanes]
    return {"names": names, "count": len(names), "steps": [lane.last_step for lane in lanes], "remarks": []}


_CHECKS: Mapping[What, Callable[[Recognised, str], Report]] = {
    What.TABLE: _table,
    What.FORMULA: _formula,
    What.PICTURE: _picture,
    What.PICTURES: _pictures,
    What.SCENE: _scene,
    What.RECORDING: _recording,
}


def _place(at: str, variables: tuple[str, ...]) -> dict[str, float]:
    """``x=1,y=2`` as numbers; also ``x=0,5; y=2`` and, for one variable, the number alone."""
    parts = at.split(";") if ";" in at else _parted(at)
    place = {}
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals and len(variables) == 1 and len(parts) == 1:
            name, value = variables[0], part
        place[name.strip().lower()] = numbers.parse(value)
    missing = [name for name in variables if name not in place]
    if missing:
        example = ",".join(f"{name}=1" for name in variables)
        raise ValueError(f"--at needs {' and '.join(missing)}, as in --at {example}.")
    return {name: place[name] for name in variables}


def _parted(at: str) -> list[str]:
    """Cut at the commas that have a name and its = behind them, so that x=0,5,y=1 is understood."""
    parts: list[str] = []
    for piece in at.split(","):
        if parts and "=" not in piece:
            parts[-1] += f",{piece}"
        else:
            parts.append(piece)
    return parts


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _short(value: float | None) -> str:
    return "no value" if value is None else f"{value:.7g}"
