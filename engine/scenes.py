"""Scenes: the shipped ones by name, a named RunSpec each, and scene files of a person's own."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from engine import files
from engine.experiments import EXPERIMENTS
from engine.knobs import Kind, KnobError, differing, knobs_of, shortened
from engine.run.spec import RunSpec

ORDER = "index.toml"  # says in which order a folder's scenes stand
MOST_BYTES = 1_000_000  # of a scene file
PART = "  ·  "  # between the parts of a line
SCENES = Path(__file__).resolve().parents[1] / "resources" / "scenes"


class SpecError(ValueError):
    """A scene or file that can't be run; the message says what would be right."""


def heading(spec: RunSpec) -> str:
    """The title; with a word that says so where another model or other data have been put in by knobs."""
    shipped = scenes().get(spec.scene)
    moved = [knob for knob in differing(shipped.settings, spec.settings) if not knob.live] if shipped else []
    return f"{spec.title}, changed" if moved else spec.title


def quiet_line(spec: RunSpec) -> str:
    """What to look for, where the run is still the scene that asks for it; then what is being seen."""
    shipped = scenes().get(spec.scene)
    moved = [knob for knob in differing(shipped.settings, spec.settings) if knob.steers] if shipped else []
    is_its_own = all(knob.name == "seed" for knob in moved)  # which asks the same of other numbers
    return PART.join(filter(None, (spec.about if is_its_own else "", spec.subtitle())))


def from_toml(path: Path, scene: str) -> RunSpec:
    """Read one RunSpec.

    Raises:
        SpecError: the file can't be read, isn't TOML, or asks for what doesn't exist.
    """
    try:
        table = tomllib.loads(files.content(str(path), MOST_BYTES, "a scene file").decode("utf-8-sig"))
    except files.FileError as error:
        raise SpecError(f"{path} can't be read: {error}") from None
    except UnicodeDecodeError:
        raise SpecError(f"{path} can't be read: it is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{path} is not valid TOML: {error}.") from None
    except ValueError:  # of Python's own limit, beyond which reading a whole number takes too long
        raise SpecError(f"{path} can't be read: it has a whole number of thousands of digits.") from None
    except RecursionError:
        raise SpecError(f"{path} can't be read: its brackets are nested too deep.") from None
    strange = sorted(set(table) - {"experiment", "title", "about", "settings"})
    if strange:
        raise SpecError(f"{path}: {shortened(strange[0])} is not known here; knobs belong under [settings].")
    experiment = table.get("experiment")
    if not isinstance(experiment, str) or experiment not in EXPERIMENTS:
        raise SpecError(f"{path}: experiment must be one of {', '.join(EXPERIMENTS)}.")
    spec = RunSpec(
        scene=scene,
        experiment=experiment,
        title=str(table.get("title", path.stem)),
        about=str(table.get("about", "")),
        settings=EXPERIMENTS[experiment].settings(),
    )
    settings = table.get("settings", {})
    if not isinstance(settings, dict):
        raise SpecError(f"{path}: settings must be a table of knobs.")
    for knob in knobs_of(type(spec.settings)):
        if knob.kind is Kind.FILE and isinstance(settings.get(knob.name), str):
            settings[knob.name] = files.named(settings[knob.name], path.parent)
    try:
        return spec.with_knobs(settings)
    except KnobError as error:
        raise SpecError(f"{path}: {error}") from None


@cache
def scenes() -> Mapping[str, RunSpec]:
    """Every shipped scene by name, in the lecture's order within each experiment; those it doesn't name come last."""
    found = {}
    for experiment in EXPERIMENTS:
        folder = SCENES / experiment
        order = tomllib.loads((folder / ORDER).read_text(encoding="utf-8"))["order"]
        others = sorted(file.stem for file in folder.glob("*.toml") if file.name != ORDER and file.stem not in order)
        for name in (*order, *others):
            scene = f"{experiment}/{name}"
            found[scene] = from_toml(folder / f"{name}.toml", scene)
    return found


def resolve(name_or_file: str) -> RunSpec:
    """A scene by its name, or a spec from a TOML file.

    Raises:
        SpecError: neither a scene nor a readable file.
    """
    if name_or_file in scenes():
        return scenes()[name_or_file]
    path = Path(files.named(name_or_file))
    if path.suffix == ".toml" or os.path.exists(path):
        return from_toml(path, path.stem)
    raise SpecError(f"There is no scene {name_or_file!r}; the scenes are {', '.join(scenes())}.")
