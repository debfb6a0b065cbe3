"""RunSpec: everything that a run depends on, seed included; and the shipped scenes, a named RunSpec each."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from engine.experiments import EXPERIMENTS
from engine.experiments.settings import RunSettings
from engine.knobs import KnobError, changed, differing

SCENES = Path(__file__).resolve().parent.parent / "resources" / "scenes"


class SpecError(ValueError):
    """A scene or file that can't be run; the message says what would be right."""


class RunSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One run, to be carried out from its seed. ``scene`` is its name, ``title`` and ``about`` what a person reads."""

    scene: str
    experiment: str
    title: str
    about: str
    settings: RunSettings

    def with_knobs(self, values: Mapping[str, Any]) -> RunSpec:
        """The spec with these knobs set, and those that go along with them and were not given themselves.

        Raises:
            KnobError: an unknown knob, a value it doesn't take, or knobs that don't go together.
        """
        entry = EXPERIMENTS[self.experiment]
        values = entry.implied(values)
        settings = changed(self.settings, values)
        along = entry.follow(self.settings, settings)
        settings = changed(settings, {name: value for name, value in along.items() if name not in values})
        entry.check(settings)
        return msgspec.structs.replace(self, settings=settings)

    def heading(self) -> str:
        """The title; with a word that says so where another model or other data have been put in by knobs."""
        shipped = scenes().get(self.scene)
        moved = [knob for knob in differing(shipped.settings, self.settings) if not knob.live] if shipped else []
        return f"{self.title}, changed" if moved else self.title

    def subtitle(self) -> str:
        """One line that says what is being seen."""
        return EXPERIMENTS[self.experiment].describe(self.settings)


def from_toml(path: Path, scene: str) -> RunSpec:
    """Read one RunSpec.

    Raises:
        SpecError: the file can't be read, isn't TOML, or asks for what doesn't exist.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SpecError(f"{path} can't be read: {reason}.") from None
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{path} is not valid TOML: {error}.") from None
    strange = sorted(set(table) - {"experiment", "title", "about", "settings"})
    if strange:
        raise SpecError(f"{path}: {strange[0]} is not known here; knobs belong under [settings].")
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
    try:
        return spec.with_knobs(settings)
    except KnobError as error:
        raise SpecError(f"{path}: {error}") from None


@cache
def scenes() -> Mapping[str, RunSpec]:
    """Every shipped scene by name, in the lecture's order within each experiment."""
    found = {}
    for experiment in EXPERIMENTS:
        index = tomllib.loads((SCENES / experiment / "index.toml").read_text(encoding="utf-8"))
        for name in index["order"]:
            scene = f"{experiment}/{name}"
            found[scene] = from_toml(SCENES / experiment / f"{name}.toml", scene)
    return found


def resolve(name_or_file: str) -> RunSpec:
    """A scene by its name, or a spec from a TOML file.

    Raises:
        SpecError: neither a scene nor a readable file.
    """
    if name_or_file in scenes():
        return scenes()[name_or_file]
    path = Path(name_or_file)
    if path.suffix == ".toml" or os.path.exists(name_or_file):
        return from_toml(path, path.stem)
    raise SpecError(f"There is no scene {name_or_file!r}; the scenes are {', '.join(scenes())}.")
