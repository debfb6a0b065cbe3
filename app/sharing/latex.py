"""A run's curves as a LaTeX document with pgfplots, which compiles as it is and can be taken apart. Data are inside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from engine.frames import OF_THE_COST, Frame, Role
from engine.landscape.picture import LandscapePicture
from engine.regression.picture import RegressionPicture
from engine.run.spec import RunSpec
from engine.scenes import heading

MOST_POINTS = 400  # of a curve: more than a line's width of ink can show
COLOURS = ("E69F00", "56B4E9", "009E73", "CC79A7", "8A8500", "D55E00", "0072B2", "555555")  # Okabe and Ito 2008
SIGNS = {Role.RAW: 1, Role.EXACT: 0, Role.VALIDATION: 3, Role.TEST: 2}  # as in the window
DASHES = ("solid", "dashed", "dotted", "dash dot", "dash dot dot")
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}",
    "×": r"$\times$", "→": r"$\rightarrow$", "−": r"$-$", "·": r"$\cdot$", "η": r"$\eta$", "λ": r"$\lambda$",
    "π": r"$\pi$", "ω": r"$\omega$", "≤": r"$\le$", "≥": r"$\ge$", "½": r"$\frac12$", "…": r"\dots{}",
}  # fmt: skip
DECADES = 30.0  # times the least cost, from which on the axis is logarithmic
PLAIN = re.compile(r"[ -~À-ÖØ-öø-ÿ]")


def document(frame: Frame, spec: RunSpec) -> str:
    """The costs of a moment of a run, and above them its picture where that is curves: a fit, a 1-D landscape."""
    lines = [
        r"\documentclass{article}",
        r"\usepackage[paperwidth=18cm, paperheight=HEIGHTcm, margin=5mm]{geometry}",
        r"\usepackage[utf8]{inputenc}",
        r"\usepackage{pgfplots}",
        r"\usepgfplotslibrary{groupplots}",
        r"\pgfplotsset{compat=1.16}",
        *(rf"\definecolor{{line{number}}}{{HTML}}{{{colour}}}" for number, colour in enumerate(COLOURS)),
        r"\pagestyle{empty}",
        r"\begin{document}",
        r"\noindent",
        rf"% {_comment(heading(spec))}: {_comment(spec.subtitle())}",
        r"\begin{tikzpicture}",
    ]
    pictures = list(_picture(frame))
    lines[1] = lines[1].replace("HEIGHT", "15" if pictures else "7")
    rows = 2 if pictures else 1
    lines.append(
        rf"\begin{{groupplot}}[group style={{group size=1 by {rows}, vertical sep=1.4cm}}, width=12cm, grid=major, "
        r"grid style={black!10}, axis line style={black!40}, legend style={draw=none, font=\small}, "
        r"legend pos=outer north east, legend cell align=left]"
    )
    if pictures:
        names = frame.picture.names if isinstance(frame.picture, RegressionPicture) else ("x", "cost")
        title = rf"title={{{text(heading(spec))}}}, "
        lines.append(rf"\nextgroupplot[height=7cm, {title}xlabel={{{text(names[0])}}}, ylabel={{{text(names[1])}}}]")
        lines += pictures
    mode = ", ymode=log" if _spans_decades(frame) else ""
    title = "" if pictures else rf", title={{{text(heading(spec))}}}"
    lines.append(rf"\nextgroupplot[height=5cm, xlabel={{{frame.axis}}}, ylabel={{cost}}{mode}{title}]")
    for number, curve in enumerate(curve for curve in frame.curves if curve.role in OF_THE_COST):
        if len(curve.x):
            sign = SIGNS.get(curve.role, number if curve.sign is None else curve.sign)
            lines.append(_line(curve.x, curve.y, sign, curve.label, "thin" if curve.role is Role.RAW else "thick"))
    lines += [r"\end{groupplot}", r"\end{tikzpicture}", r"\end{document}", ""]
    return "\n".join(lines)


def text(words: str) -> str:
    """Words as LaTeX takes them; a letter that it may not know becomes a question mark."""
    return "".join(SPECIAL.get(letter, letter if PLAIN.fullmatch(letter) else "?") for letter in words)


def _comment(words: str) -> str:
    return " ".join(words.split())


def _picture(frame: Frame) -> Iterator[str]:
    picture = frame.picture
    if isinstance(picture, RegressionPicture):
        kept = _evenly(len(picture.data_x))
        yield _marks(picture.data_x[kept], picture.data_y[kept], 1, "data")
        yield _line(picture.x, picture.prediction, 0, "fit")
    elif isinstance(picture, LandscapePicture) and picture.terrain.y is None:
        yield _line(picture.terrain.x, picture.terrain.z, 7, "cost")
        for number, trail in enumerate(picture.trails):
            if len(trail.positions):
                kept = _evenly(len(trail.positions))
                yield _marks(trail.positions[kept, 0], trail.costs[kept], number, trail.label)


def _evenly(count: int) -> np.ndarray:
    return np.unique(np.linspace(0, max(0, count - 1), min(count, MOST_POINTS)).round().astype(int))


def _line(x: np.ndarray, y: np.ndarray, number: int, label: str, width: str = "thick") -> str:
    kept = _evenly(len(x))
    dash = DASHES[number // len(COLOURS) % len(DASHES)]
    look = f"line{number % len(COLOURS)}, {width}, {dash}, no marks"
    return _plot(look, x[kept], y[kept], label)


def _marks(x: np.ndarray, y: np.ndarray, number: int, label: str) -> str:
    look = f"line{number % len(COLOURS)}, only marks, mark size=1.2pt, opacity=0.6"
    return _plot(look, x, y, label)


def _plot(look: str, x: Sequence[float], y: Sequence[float], label: str) -> str:
    rows = " ".join(f"({a:.6g},{b:.6g})" for a, b in zip(x, y, strict=True) if np.isfinite(a) and np.isfinite(b))
    return rf"\addplot[{look}] coordinates {{{rows}}}; \addlegendentry{{{text(label)}}}"


def _spans_decades(frame: Frame) -> bool:
    values = [curve.y[np.isfinite(curve.y)] for curve in frame.curves if curve.role in OF_THE_COST]
    values = [value for value in values if len(value)]
    return (
        bool(values) and min(map(np.min, values)) > 0 and max(map(np.max, values)) > DECADES * min(map(np.min, values))
    )
