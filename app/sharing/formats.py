"""Formats: everything that can leave a run, a row each; the command line and the window are made from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """What a format shows, and so which choices it has."""

    STILL = "Picture"
    FILM = "Film"
    NUMBERS = "Numbers"
    CODE = "Code"
    SETTING = "Setting"


@dataclass(frozen=True)
class Format:
    """``option`` is the command line's, without dashes; ``ending`` that of its files, "" where it is a folder."""

    option: str
    label: str
    ending: str
    group: Group
    about: str
    needs_network: bool = False  # a landscape has none

    def suits(self, experiment: str) -> bool:
        """Whether a run of this experiment has it."""
        return not self.needs_network or experiment != "landscape"


FORMATS: tuple[Format, ...] = (
    Format("png", "PNG", ".png", Group.STILL, "the picture as dots, for slides and pages"),
    Format("svg", "SVG", ".svg", Group.STILL, "the picture with text as text and lines as lines"),
    Format("pdf", "PDF", ".pdf", Group.STILL, "the picture as a page, for LaTeX and for print"),
    Format("mp4", "MP4", ".mp4", Group.FILM, "a film of the way there, for slides and messages"),
    Format("webm", "WebM", ".webm", Group.FILM, "a film of the way there, for web pages"),
    Format(
        "gif",
        "GIF",
        ".gif",
        Group.FILM,
        "an animation; of a painting its pictures alone, with reference.png beside it, of many with final.gif",
    ),
    Format("html", "Web page", ".html", Group.FILM, "a page to guess, play and scrub, in one file"),
    Format("pptx", "Slide", ".pptx", Group.FILM, "a slide with the film, and the settings in its notes"),
    Format("tex", "LaTeX", ".tex", Group.NUMBERS, "the curves as a pgfplots document, its data inside"),
    Format("csv", "CSV", ".csv", Group.NUMBERS, "every recorded cost as a table"),
    Format("npz", "NPZ", ".npz", Group.NUMBERS, "the parameters by name, and every cost, for NumPy"),
    Format(
        "keras",
        "Keras model",
        ".keras",
        Group.NUMBERS,
        "the network with its parameters, for Keras",
        needs_network=True,
    ),
    Format("tensorboard", "TensorBoard", "", Group.NUMBERS, "every curve as a log, in a new folder"),
    Format("code", "TensorFlow script", ".py", Group.CODE, "the training as a TensorFlow script that stands alone"),
    Format("notebook", "Notebook", ".ipynb", Group.CODE, "the same code as a Jupyter notebook"),
    Format("share", "One line", ".txt", Group.SETTING, "the setting to paste into a chat, and into Fall Line again"),
    Format("scene", "Scene file", ".toml", Group.SETTING, "the setting as a file, to open, to read and to change"),
)


def named(option: str) -> Format:
    """The format of this option."""
    return next(one for one in FORMATS if one.option == option)
