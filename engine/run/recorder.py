"""Recorder: what a Runner tells of itself, for whoever keeps its history. Station of the loop: the runner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.run.runner import Runner
    from engine.run.spec import RunSpec


class Recorder:
    """Keeps nothing; ``engine.history`` has the one that does. Every method is called in the runner's own thread."""

    def ends(self, runner: Runner) -> None:
        """The run is about to be started over: it still stands as it was."""

    def begins(self, runner: Runner) -> None:
        """The run stands at its start."""

    def advanced(self, runner: Runner) -> None:
        """Some steps were taken."""

    def moved(self, runner: Runner, before: RunSpec) -> None:
        """Live knobs were moved; ``before`` is the spec without them."""

    def acted(self, runner: Runner, name: str, payload: Any) -> None:
        """A person's action in the training took effect."""

    def went_on(self, runner: Runner) -> None:
        """The run left an end that it had found."""

    def grew(self, runner: Runner, older: Runner) -> None:
        """The run goes on from what another one has learnt."""
