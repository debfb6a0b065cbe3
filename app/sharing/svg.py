"""SVG as Qt writes it, made right for every reader: lines whose width no transform may change are moved themselves.

Qt leaves coordinates in a group's transform and asks for ``non-scaling-stroke``, which many programs don't know: there
a line of 2 px in a plot of 0.01 a px becomes a wall. And it doesn't clip: what lies between a plot's marks (see
app.sharing.clip_marks) is cut at its edge here. Serves the exports.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import numpy as np

from app.sharing.clip_marks import BEGIN, END

SVG = "http://www.w3.org/2000/svg"
MATRIX = re.compile(r"matrix\(([^)]*)\)")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
COMMAND = re.compile(r"([MLCZHVQ])([^MLCZHVQ]*)")
EFFECT = "vector-effect"


def mended(content: bytes, title: str, about: str) -> bytes:
    """The same picture, its lines where and as wide as they are drawn; with words for those who can't see it."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ElementTree.fromstring(content)
    _clip(root)
    for group in [group for group in root.iter(f"{{{SVG}}}g") if "transform" in group.attrib]:
        lines = [part for part in group if part.get(EFFECT) == "non-scaling-stroke" and _mover(part) is not None]
        if not lines:
            continue
        matrix = _matrix(group.get("transform", ""))
        if matrix is None:
            continue
        if len(lines) == len(group):
            del group.attrib["transform"]
        for at, part in enumerate(list(group)):
            if part not in lines:
                continue
            _mover(part)(part, matrix)
            del part.attrib[EFFECT]
            if "transform" in group.attrib:  # beside others, which stay under it: out by way back
                wrapper = ElementTree.Element(f"{{{SVG}}}g", {"transform": _text(np.linalg.inv(matrix))})
                group.remove(part)
                wrapper.append(part)
                group.insert(at, wrapper)
    for name, words in (("desc", about), ("title", title)):
        for old in root.findall(f"{{{SVG}}}{name}"):
            root.remove(old)
        part = ElementTree.Element(f"{{{SVG}}}{name}")
        part.text = words
        root.insert(0, part)
    root.set("role", "img")
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _clip(root: ElementTree.Element) -> None:
    """Groups stand beside each other as Qt writes them: those between two marks go into one with a clip."""
    whole, places = root.find(f"{{{SVG}}}g"), root.find(f"{{{SVG}}}defs")
    inside: ElementTree.Element | None = None
    for group in list(whole):
        mark = group.get("fill") if len(group) else ""
        if mark == BEGIN:
            clip = ElementTree.SubElement(places, f"{{{SVG}}}clipPath", {"id": f"plot{len(places)}"})
            edge = group[0]
            _mover(edge)(edge, _matrix(group.get("transform", "")))
            clip.append(
                ElementTree.Element(edge.tag, {name: edge.get(name) for name in ("points", "d") if edge.get(name)})
            )
            inside = ElementTree.Element(f"{{{SVG}}}g", {"clip-path": f"url(#{clip.get('id')})"})
            whole.insert(list(whole).index(group), inside)
            whole.remove(group)
        elif mark == END:
            inside = None
            whole.remove(group)
        elif inside is not None:
            whole.remove(group)
            inside.append(group)


def _matrix(text: str) -> np.ndarray | None:
    found = MATRIX.fullmatch(text.strip())
    if found is None:
        return None
    a, b, c, d, e, f = map(float, NUMBER.findall(found[1]))
    matrix = np.array([[a, c, e], [b, d, f], [0, 0, 1]])
    return matrix if abs(np.linalg.det(matrix)) > 0 else None


def _text(matrix: np.ndarray) -> str:
    (a, c, e), (b, d, f), _ = matrix
    return f"matrix({a:.9g},{b:.9g},{c:.9g},{d:.9g},{e:.9g},{f:.9g})"


def _mover(part: ElementTree.Element) -> Callable[[ElementTree.Element, np.ndarray], None] | None:
    return MOVERS.get(part.tag.removeprefix(f"{{{SVG}}}"))


def _moved(numbers: str, matrix: np.ndarray) -> str:
    points = np.array([float(number) for number in NUMBER.findall(numbers)]).reshape(-1, 2)
    points = points @ matrix[:2, :2].T + matrix[:2, 2]
    return " ".join(f"{x:.7g},{y:.7g}" for x, y in points)


def _move_points(part: ElementTree.Element, matrix: np.ndarray) -> None:
    part.set("points", _moved(part.get("points", ""), matrix))


def _move_path(part: ElementTree.Element, matrix: np.ndarray) -> None:
    commands = COMMAND.findall(part.get("d", ""))  # Qt writes M, L and C alone
    part.set("d", " ".join(f"{letter}{_moved(numbers, matrix)}" for letter, numbers in commands))


def _move_rectangle(part: ElementTree.Element, matrix: np.ndarray) -> None:
    x, y, width, height = (float(part.attrib.pop(name, "0")) for name in ("x", "y", "width", "height"))
    for name in ("rx", "ry"):
        part.attrib.pop(name, None)
    part.tag = f"{{{SVG}}}polygon"  # turned, it is none that a rectangle's four numbers could say
    part.set("points", _moved(f"{x},{y} {x + width},{y} {x + width},{y + height} {x},{y + height}", matrix))


MOVERS = {"polyline": _move_points, "polygon": _move_points, "path": _move_path, "rect": _move_rectangle}
