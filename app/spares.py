"""Spares: compiled runs that are not shown any more, kept for when their settings come back. Serves the host."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from engine.knobs import knobs_of
from engine.runner import Runner
from engine.spec import RunSpec

MOST_KEPT = 8

Key = tuple[Any, ...]


class Spares:
    """The few runs that were closed last, by their experiment and structural knobs; the others are closed for good.

    Only experiments whose ``keeps`` is true are kept: a compiled network of a large picture takes too much memory. What
    a run has gathered is given up by tidy(). Closing one that is kept would give back little more, since TensorFlow
    keeps what XLA has compiled until the process ends.
    """

    def __init__(self) -> None:
        self._runners: OrderedDict[Key, Runner] = OrderedDict()

    def has(self, spec: RunSpec) -> bool:
        """Whether take() would find one; callable from any thread."""
        return _key(spec) in self._runners

    def take(self, spec: RunSpec) -> Runner | None:
        """A run that is compiled for this spec's structural knobs, which is then no spare any more; or None."""
        return self._runners.pop(_key(spec), None)

    def put(self, runner: Runner) -> None:
        """Keep a run, or close it. It holds what it has gathered until tidy()."""
        if not runner.is_compiled or not getattr(runner.experiment, "keeps", False):
            runner.close()
            return
        key = _key(runner.spec)
        replaced = self._runners.pop(key, None)
        if replaced is not None:
            replaced.close()
        runner.watch = None
        self._runners[key] = runner
        while len(self._runners) > MOST_KEPT:
            self._runners.popitem(last=False)[1].close()

    def tidy(self) -> None:
        """Have every run that is kept give up what it has gathered."""
        for runner in self._runners.values():
            runner.rest()

    def close(self) -> None:
        """Close them all."""
        while self._runners:
            self._runners.popitem()[1].close()


def _key(spec: RunSpec) -> Key:
    knobs = knobs_of(type(spec.settings))
    return (spec.experiment, *(getattr(spec.settings, knob.name) for knob in knobs if not knob.live))
