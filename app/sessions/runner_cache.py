"""RunnerCache: compiled runs that are not shown any more, kept for when their settings come back. Serves the host."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from engine.knobs import knobs_of
from engine.run.runner import Runner
from engine.run.spec import RunSpec

MOST_KEPT = 8

Key = tuple[Any, ...]


class RunnerCache:
    """The few runs that were closed last, by their experiment and structural knobs; the others are closed for good.

    Only experiments whose ``is_cacheable`` is true are kept: a compiled network of a large picture takes too much
    memory. What a run has gathered is given up by release_histories(). Closing one that is kept would give back little
    more, since TensorFlow keeps what XLA has compiled until the process ends.
    """

    def __init__(self) -> None:
        self._runners: OrderedDict[Key, Runner] = OrderedDict()
        self._keys: frozenset[Key] = frozenset()  # replaced as a whole, so that any thread may look into it

    def has(self, spec: RunSpec) -> bool:
        """Whether take() would find one; callable from any thread."""
        return key_of(spec) in self._keys

    def take(self, spec: RunSpec) -> Runner | None:
        """A run that is compiled for this spec's structural knobs, which is then not kept any more; or None."""
        runner = self._runners.pop(key_of(spec), None)
        self._keys = frozenset(self._runners)
        return runner

    def put(self, runner: Runner) -> None:
        """Keep a run, or close it. It holds what it has gathered until release_histories()."""
        if not runner.is_compiled or not runner.experiment.is_cacheable:
            runner.close(waits=False)
            return
        key = key_of(runner.spec)
        replaced = self._runners.pop(key, None)
        if replaced is not None:
            replaced.close(waits=False)
        runner.watch = None
        self._runners[key] = runner
        while len(self._runners) > MOST_KEPT:
            self._runners.popitem(last=False)[1].close(waits=False)
        self._keys = frozenset(self._runners)

    def release_histories(self) -> None:
        """Have every run that is kept give up what it has gathered."""
        for runner in self._runners.values():
            runner.release_history()

    def close(self) -> None:
        """Close them all."""
        while self._runners:
            self._runners.popitem()[1].close(waits=False)
        self._keys = frozenset()


def key_of(spec: RunSpec) -> Key:
    """What a compiled run is for: its experiment and its structural knobs."""
    knobs = knobs_of(type(spec.settings))
    return (spec.experiment, *(getattr(spec.settings, knob.name) for knob in knobs if not knob.live))
