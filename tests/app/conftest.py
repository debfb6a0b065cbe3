"""Windows with the real engine behind them, for the tests of everything above it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from app.start.bootstrap import FIRST_SCENE, Application
from engine.run.spec import RunSpec
from tests.app.sessions.windows import SharedWindow, application_on


@pytest.fixture(scope="module")
def shared_window(qapp, tmp_path_factory, no_window_is_left_behind_by_the_module) -> Iterator[SharedWindow]:
    with application_on(FIRST_SCENE, qapp, tmp_path_factory.mktemp("settings")) as application:
        yield SharedWindow(application)


@pytest.fixture
def opened(qtbot, shared_window) -> Iterator[Callable[[str | RunSpec], Application]]:
    """``opened(scene)``: the window that the module's tests share, on this scene; its runs begin anew."""
    yield shared_window.open
    shared_window.rest()


@pytest.fixture
def opened_alone(qtbot, qapp, tmp_path) -> Iterator[Callable[[str | RunSpec], Application]]:
    """``opened_alone(scene)``: a window of the test's own, just started on this scene."""
    with ExitStack() as windows:
        yield lambda scene: windows.enter_context(application_on(scene, qapp, tmp_path))
