"""RunSpec: everything that a run depends on, seed included. Station of the loop: the next RunSpec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from engine.knobs import changed
from engine.training.run_settings import RunSettings


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
        values = self.settings.implied(values)
        settings = changed(self.settings, values)
        along = settings.following(self.settings)
        settings = changed(settings, {name: value for name, value in along.items() if name not in values})
        settings.check()
        return msgspec.structs.replace(self, settings=settings)

    def subtitle(self) -> str:
        """One line that says what is being seen."""
        return self.settings.describe()
