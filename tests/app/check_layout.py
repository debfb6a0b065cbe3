"""Asks the real window, on screens of every size and density, whether anything is cut.

``python -m tests.app.check_layout``: frames of every page and view are made once by the real engine. Then, for each
screen, an Xvfb of its size with a window manager, and on it a fresh window that shows them all in three themes, panel
by panel, and by a projector in full screen.
"""

from __future__ import annotations

import copyreg
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.frames import Frame
from engine.knobs import knobs_of
from engine.run.spec import RunSpec
from engine.scenes import scenes
from tests import own_folders

SCENES = (
    "landscape/one-parameter",
    "landscape/learning-rates",
    "landscape/two-parameters",
    "landscape/optimizer-race",
    "landscape/basins",
    "regression/tanh",
    "painting/astronaut",
)
STEPS = 30
AT_ONCE = 2  # screens
PATIENCE_SECONDS = 100  # for one screen


@dataclass(frozen=True)
class Screen:
    """One screen, in its own pixels, and how many of them the system takes for one."""

    width: int
    height: int
    scale: float = 1.0

    def __str__(self) -> str:
        return f"{self.width} x {self.height} at {self.scale:.0%}"


SCREENS = (
    *(Screen(*size) for size in ((1024, 600), (1280, 720), (1366, 768), (1920, 1080))),
    *(Screen(1920, 1080, scale) for scale in (1.25, 1.5, 2.0)),
)

Moment = tuple[RunSpec, Frame]


def moments() -> list[Moment]:
    """A moment of every page and view, by the real engine."""
    from engine.run.runner import Runner
    from engine.run.states import Event

    made: list[Moment] = []
    for scene in SCENES:
        runner = Runner(scenes()[scene])
        runner.handle(Event.PLAY)
        runner.advance(steps=STEPS)
        for view in _views(runner.spec) or [None]:
            if view is not None:
                runner.set_spec(runner.spec.with_knobs({"view": view}))
            made.append((runner.spec, runner.frame()))
        runner.close()
    return made


def _views(spec: RunSpec) -> list[str]:
    knobs = [knob for knob in knobs_of(type(spec.settings)) if knob.name == "view"]
    return [view for knob in knobs for view in knob.offered_choices(spec.settings)]


def _read_only_mapping(values: dict[str, Any]) -> MappingProxyType:
    return MappingProxyType(values)


copyreg.pickle(MappingProxyType, lambda mapping: (_read_only_mapping, (dict(mapping),)))


def look(path: Path) -> int:
    """On this screen: open the window, show every moment, and print what is wrong."""
    from PyQt5.QtCore import QSettings
    from PyQt5.QtWidgets import QApplication

    from app.start.bootstrap import Application
    from app.start.screens import prepare_screens
    from app.window.preferences import Preferences
    from widgets.style.application import configure_plots
    from widgets.style.theme import THEMES
    from widgets.surface.gl_context import GlContext

    shown: list[Moment] = pickle.loads(path.read_bytes())
    prepare_screens()
    app = QApplication(sys.argv[:1])
    configure_plots()
    settings = QSettings(str(path.with_suffix(f".{os.getpid()}.ini")), QSettings.IniFormat)
    application = Application(app, Preferences(settings), scenes()[SCENES[0]])
    application.show(begins=False)
    window = application.window
    gl = GlContext()
    for name in {spec.experiment for spec, _ in shown}:
        window.page_of(name).view.use_gl(gl)
    wait = _Wait(app)
    said: dict[str, list[str]] = {}  # where each fault is

    def tell(theme: str) -> None:
        for where, fault in _faults_of(window, shown, wait):
            said.setdefault(fault, []).append(f"{theme}, {where}")

    def is_inside() -> bool:
        return app.primaryScreen().availableGeometry().contains(window.frameGeometry())

    wait.until(lambda: is_inside() and window.frameGeometry() != window.geometry())
    if not is_inside():
        said[f"the window {window.frameGeometry()} isn't inside {app.primaryScreen().availableGeometry()}"] = ["start"]
    for theme in THEMES.values():
        window.theme_changed.emit(theme)
        wait.until(lambda: window.theme.fitted(window.height()) == window.theme)
        tell(theme.name)
        if not is_inside():
            said[f"the window {window.frameGeometry()} has outgrown its screen"] = [theme.name]
    window.showFullScreen()
    wait.until(lambda: window.height() >= app.primaryScreen().geometry().height())
    wait.until(lambda: window.theme.fitted(window.height()) == window.theme)
    tell("full screen")
    application.stop()
    for fault, places in said.items():
        print(f"{fault}: {places[0]}{f', and {len(places) - 1} more' if len(places) > 1 else ''}")
    print(f"looked at {len(shown)} moments; {len(said)} faults", flush=True)
    return 1 if said else 0


def _faults_of(window: Any, shown: list[Moment], wait: _Wait) -> Iterator[tuple[str, str]]:
    from tests.app.layout_faults import faults
    from widgets.plotting.throttle import Throttle

    opened: set[str] = set()
    for spec, frame in shown:
        window.show_page(spec.experiment)
        page = window.page
        page.show_spec(spec)
        page.show_title(spec)
        page.show_frame(frame)
        for throttle in page.findChildren(Throttle):
            throttle.flush()
        wait.settle()
        where = f"{spec.scene} {getattr(spec.settings, 'view', '')}"
        yield from ((where, fault) for fault in faults(window, page, frame))
        if spec.experiment not in opened:
            opened.add(spec.experiment)
            yield from _faults_of_panels(window, spec, frame, wait)


def _faults_of_panels(window: Any, spec: RunSpec, frame: Frame, wait: _Wait) -> Iterator[tuple[str, str]]:
    """With every panel open, over the picture where it has no other room."""
    from tests.app.layout_faults import faults
    from widgets.page.side_dock import Fold

    page = window.page
    was_folded = page.dock.fold is Fold.FOLDED
    if was_folded:
        page.toggle_panels()
    for word in page.side_tabs.words():
        page.side_tabs.open(word)
        wait.settle()
        yield from ((f"{spec.scene}, panel {word}", fault) for fault in faults(window, page, frame))
    page.side_tabs.open("")
    if was_folded:
        page.toggle_panels()


class _Wait:
    """Lets the window's events through."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def settle(self) -> None:
        """Until nothing is left that was asked for."""
        for _ in range(4):
            self._app.sendPostedEvents()
            self._app.processEvents()

    def until(self, condition: Callable[[], bool], seconds: float = 3.0) -> bool:
        """Until it holds, or for so long."""
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            self._app.processEvents()
        self.settle()
        return condition()


def check(screen: Screen, path: Path) -> tuple[Screen, int, str]:
    """Look at the window on a screen of its own."""
    read, write = os.pipe()
    size = f"{screen.width}x{screen.height}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as said:
        display = f":{said.readline().strip()}"
    environment = os.environ | {"DISPLAY": display, "QT_SCALE_FACTOR": str(screen.scale)}
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        environment.pop(name, None)
    manager = None
    try:
        if shutil.which("openbox"):
            manager = subprocess.Popen(
                ["openbox"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        done = subprocess.run(
            [sys.executable, "-m", "tests.app.check_layout", str(path)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        return screen, done.returncode, done.stdout + (done.stderr if done.returncode not in (0, 1) else "")
    finally:
        for process in (manager, server):
            if process is not None:
                process.terminate()
                process.wait()


def main() -> int:
    if not shutil.which("Xvfb"):
        print("There is no Xvfb to show the window on.", file=sys.stderr)
        return 1
    if not shutil.which("openbox"):
        print("There is no openbox: the window is looked at without a window manager and its frame.", flush=True)
    with own_folders.use(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "moments"
        path.write_bytes(pickle.dumps(moments()))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            results = list(pool.map(lambda screen: check(screen, path), SCREENS))
    for screen, _, said in results:
        print(f"--- {screen}\n{said}", end="", flush=True)
    return max(code for _, code, _ in results)


if __name__ == "__main__":
    sys.exit(look(Path(sys.argv[1])) if len(sys.argv) > 1 else main())
