"""Drives the real window on a real screen: ``FALL_LINE_GUARD=1 python -m tests.app.drive_window [FOLDER]``.

The offscreen platform of the tests loads no GL driver, and it is beside the GL driver's LLVM that a carelessly imported
TensorFlow crashes. So this loads the driver first, then goes through the pages as a person would: keys, sliders,
themes, resizing; and closes the window while it trains.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from PyQt5.QtCore import QSettings, QTimer
from PyQt5.QtGui import QOffscreenSurface, QOpenGLContext
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAction, QApplication, QWidget

from app.start.bootstrap import Application, open_window
from engine.backend import ownership
from engine.experiments import EXPERIMENTS
from engine.knobs import knobs_of
from engine.run.states import State
from engine.scenes import scenes
from tests import own_folders

GIVE_UP_MILLISECONDS = 1_080_000  # a machine may be four times as slow as the next
LOOK_MILLISECONDS = 20
ENOUGH_FRAMES = 15  # until it is plain that a moment is drawn again and again


class Driver:
    """Works through a story: each ``yield`` gives a condition to wait for before going on."""

    def __init__(self, application: Application, folder: Path | None) -> None:
        self.application, self.window, self.folder = application, application.window, folder
        self.has_ended = False
        self._story = self.story()
        self._condition, self._what = (lambda: True), "the start"
        self._timer = QTimer(self.window)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MILLISECONDS)
        QTimer.singleShot(GIVE_UP_MILLISECONDS, self._give_up)

    @property
    def session(self):
        return self.application.sessions[self.window.experiment]

    def story(self) -> Iterator[tuple[object, str]]:
        check_driver_is_loaded()
        yield self.is_running, "the first scene to run without a click"
        yield from self.draws("landscape")
        for scene in scenes():
            self.window.show_page(scene.partition("/")[0])
            yield (lambda: self.session.state is not State.LOADING), f"the page of {scene}"
            self.session.open_scene(scene)
            yield from self.draws(scene.replace("/", "-"))
        for experiment in EXPERIMENTS:
            self.window.show_page(experiment)
            yield from self.looks_at_every_view(experiment)
        self.window.show_page("painting")
        self.session.open_scene("painting/astronaut")
        self.session.change_knob("epochs", 1_000_000)  # so that it still runs at the end, however fast the machine is
        yield self.is_running, "the painting to run"
        # A bare X server has no window manager that would make the window the active one, whose shortcuts work.
        QApplication.setActiveWindow(self.window)
        QTest.keyClicks(self.window, " ")
        yield (lambda: self.session.state is State.PAUSED), "Space to pause"
        QTest.keyClicks(self.window, " ")
        yield self.is_running, "Space to play"
        QTest.keyClicks(self.window, "]][[--+")
        yield from self.draws("keys")
        depth = self.window.page.findChild(QWidget, "depth")
        for layers in (1, 12, 3):
            depth.setValue(layers)
        yield (lambda: self.session.is_up_to_date and self.is_running()), "depth 3 to run"
        for theme in ("theme_light", "theme_projector", "theme_dark"):
            self.window.findChild(QAction, theme).trigger()
            self.window.resize(1920, 1080) if theme == "theme_projector" else self.window.resize(1280, 720)
            yield from self.draws(theme)
        yield self.is_running, "training to go on"
        self._end("")
        yield (lambda: False), "the end"

    def looks_at_every_view(self, experiment: str) -> Iterator[tuple[object, str]]:
        """Every view that the page's first scene offers, then every panel under its knobs."""
        self.session.open_scene(EXPERIMENTS[experiment].first_scene)
        yield from self.draws(experiment)
        for knob in knobs_of(EXPERIMENTS[experiment].settings):
            if knob.name == "view":
                for view in knob.offered_choices(self.session.spec.settings):
                    self.session.change_knob("view", view)
                    yield from self.draws(f"{experiment}-view-{view}")
        for tab in self.window.page.side_tabs.words():
            self.window.page.side_tabs.open(tab)
            yield from self.draws(f"{experiment}-tab-{tab.lower()}")
        self.window.page.side_tabs.open("")

    def is_running(self) -> bool:
        return self.session.state is State.RUNNING

    def draws(self, name: str) -> Iterator[tuple[object, str]]:
        """Wait until frames of the page in front are drawn, then take a picture of the window."""
        yield (lambda: self.session.is_up_to_date), f"{name} to be prepared"
        seen: list[object] = []
        clock = self.session._clock
        clock.due.connect(seen.append)
        yield (lambda: len(seen) >= ENOUGH_FRAMES or self.session.state is State.FINISHED), f"{name} to be drawn"
        clock.due.disconnect(seen.append)
        if self.folder is not None:
            QApplication.processEvents()
            self.window.grab().save(str(self.folder / f"{name}.png"))

    def _look(self) -> None:
        if self.session.state is State.FAILED:
            self._end("the engine failed")
            return
        try:
            if self._condition():
                self._condition, self._what = next(self._story)
        except Exception as error:
            self._end(repr(error))
            raise

    def _give_up(self) -> None:
        self._end(f"waited in vain for {self._what}")

    def _end(self, problem: str) -> None:
        """Say how it went now: where the engine is busy, the process ends without coming back to main()."""
        self._timer.stop()
        self.has_ended = True
        problem = problem or "; ".join(ownership.trespasses[:3])
        print(f"drove the real window: {problem or 'all well'}", flush=True)
        self.window.close()
        if problem:
            QApplication.exit(1)


def check_driver_is_loaded() -> None:
    maps = Path("/proc/self/maps")
    if maps.exists() and not any(name in maps.read_text() for name in ("libLLVM", "libgallium", "_dri.so")):
        print("no GL driver is loaded; this drive proves nothing about TensorFlow beside it", flush=True)


def load_gl_driver() -> tuple[QOffscreenSurface, QOpenGLContext]:
    """A current GL context, as a 3-D view would have: now Mesa and its LLVM are in the process."""
    surface = QOffscreenSurface()
    surface.create()
    context = QOpenGLContext()
    if not (context.create() and context.makeCurrent(surface)):
        print("no GL context can be had on this screen", flush=True)
    return surface, context


def main() -> int:
    if not ownership.ENABLED:
        print("FALL_LINE_GUARD=1 has to be set: the drive watches who touches what, too", flush=True)
        return 1
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    own = own_folders.use()  # else it would begin with the runs of whoever was closed here last
    QSettings.setDefaultFormat(QSettings.IniFormat)
    driver: list[Driver] = []
    kept: list[object] = []

    def ready(application: Application) -> None:
        kept.append(load_gl_driver())  # the engine is only started by the event loop, after this
        driver.append(Driver(application, folder))

    code = open_window(None, ready)
    late = "; ".join(ownership.trespasses[:3]) if driver[0].has_ended else "the story did not come to its end"
    if late and not code:
        print(f"drove the real window: {late}", flush=True)
    own.cleanup()
    return code or (1 if late else 0)


if __name__ == "__main__":
    sys.exit(main())
