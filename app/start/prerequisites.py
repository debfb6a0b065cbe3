"""Prerequisites: what the machine must have before Qt is imported, each told in one sentence where it is missing.

Serves the start-up, before the loop exists. Qt aborts the whole process where a display or a library is missing, so we
look first. Standard library only, and parseable by Python 3.6, so that an older Python gets its sentence too.
"""

import ctypes
import os
import platform
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence

OLDEST, TOO_NEW = (3, 11), (3, 14)
INSTALL = "python -m pip install -c constraints.txt -e ."
ROOMS = ("app", "engine", "resources", "widgets")
PATIENCE = 5.0  # seconds; a display that is there answers in milliseconds, over ssh in tenths

# What the PyQt5 wheel needs and does not bring along, as `readelf -d` tells, with the Debian package it comes in.
_QT = {
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
}
_OFFSCREEN = {
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
}
_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_XCB = {
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libXext.so.6": "libxext6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb.so.1": "libxcb1",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_DEBIAN = {**_QT, **_OFFSCREEN, **_WAYLAND, **_XCB}
_OTHERS = "xcb-util-wm xcb-util-image xcb-util-keysyms xcb-util-renderutil libxkbcommon-x11 fontconfig glib2"
_FEDORA = "sudo dnf install libglvnd-glx libX11-xcb libXext dbus-libs libwayland-cursor " + _OTHERS
_ARCH = "sudo pacman -S libglvnd libx11 libxext dbus wayland " + _OTHERS

# Qt's platforms in the Linux wheel, and the libraries that the usual ones load beside Qt's own.
PLATFORMS = {
    **dict.fromkeys(("eglfs", "linuxfb", "minimal", "minimalegl", "vnc", "webgl"), _QT),
    "offscreen": {**_QT, **_OFFSCREEN},
    "wayland": {**_QT, **_WAYLAND},
    "wayland-egl": {**_QT, **_WAYLAND},
    "xcb": {**_QT, **_XCB},
}
_WITHOUT_WINDOW = "QT_QPA_PLATFORM=offscreen draws without a screen, and `python main.py run SCENE` needs no window."


def require_python() -> None:
    """Leave with exit code 2 and one sentence where this Python can't run Fall Line."""
    sentence = python_problem(sys.version_info[:2], sys.maxsize > 2**32)
    if sentence:
        leave(sentence)


def leave(sentence: str) -> None:
    """End the program with the sentence on standard error and exit code 2."""
    sys.stderr.write(f"fallline: {sentence}\n")
    sys.exit(2)


def python_problem(version: "Sequence[int]", has_64_bits: bool) -> "str | None":
    """Say what is wrong with a Python of this (major, minor) version, or None."""
    found = ".".join(str(number) for number in version[:2])
    if not OLDEST <= tuple(version[:2]) < TOO_NEW:
        return f"This is Python {found}; Fall Line needs Python 3.11, 3.12 or 3.13 (64 bit)."
    if not has_64_bits:
        return f"This Python {found} has 32 bits; TensorFlow, and so Fall Line, needs one with 64 bits."
    return None


def missing_for_window(environment: "Mapping[str, str]" = os.environ) -> "str | None":
    """Say what keeps Qt from opening a window on this machine, or None where nothing does.

    Looks at Linux only: elsewhere the wheel brings everything along and a display is always there.
    """
    if not sys.platform.startswith("linux"):
        return None
    problems = []
    for name in _platforms_tried(environment):
        problem = _platform_problem(name, environment)
        if problem is None:
            return None
        problems.append(problem)
    return problems[0]


def missing_libraries(names: "Sequence[str]") -> "list[str]":
    """Those of the shared libraries that the loader can't find.

    The loader's cache is read first, so that nothing is loaded on an ordinary system; libGL would bring a driver along.
    """
    listed = _listed_libraries()
    return [name for name in names if name not in listed and not _loads(name)]


def library_sentence(missing: "Sequence[str]") -> str:
    """Name the missing libraries and the commands that install them."""
    packages = sorted({_DEBIAN[name] for name in missing if name in _DEBIAN})
    noun = "library" if len(missing) == 1 else "libraries"
    text = f"Qt can't start without the system {noun} {', '.join(missing)}"
    if not packages:
        return f"{text}; install the package of your distribution that has it."
    debian = f"sudo apt-get install {' '.join(packages)}"
    return (
        f"{text}; install what is missing with `{debian}` (Debian, Ubuntu), `{_FEDORA}` (Fedora) or `{_ARCH}` (Arch)."
    )


def explain_import_error(error: ImportError) -> str:
    """Turn a failed import of Qt, TensorFlow or another package into a sentence that says what to do."""
    lines = str(error).splitlines()
    reason = lines[0] if lines else type(error).__name__
    package = (error.name or "").partition(".")[0]
    if isinstance(error, ModuleNotFoundError) and package and package not in ROOMS:
        return f"The package {package} isn't installed for this Python: run `{INSTALL}` in Fall Line's folder."
    library = re.match(r"(\S+\.so[.\d]*): cannot open shared object file", reason)
    if library:
        return library_sentence([library.group(1)])
    if "DLL load failed" in reason:
        return (
            f"Windows can't load a library ({reason}): install the Microsoft Visual C++ Redistributable "
            "2015-2022 (x64), then start again."
        )
    return f"A part of Fall Line can't be loaded ({reason}): run `{INSTALL}` in its folder again."


def _platforms_tried(environment: "Mapping[str, str]") -> "list[str]":
    """The platforms in the order in which Qt 5.15 tries them; one that works is enough."""
    asked = environment.get("QT_QPA_PLATFORM", "")
    if asked:
        return [part.partition(":")[0] for part in asked.split(";")]
    desktop = environment.get("XDG_CURRENT_DESKTOP", "") + environment.get("XDG_SESSION_DESKTOP", "")
    if environment.get("XDG_SESSION_TYPE") == "wayland" and "gnome" not in desktop.lower():
        return ["wayland", "xcb"]
    return ["xcb"]


def _platform_problem(name: str, environment: "Mapping[str, str]") -> "str | None":
    if name not in PLATFORMS and not environment.get("QT_QPA_PLATFORM_PLUGIN_PATH"):
        return f"QT_QPA_PLATFORM asks for {name!r}, which Qt doesn't have here: unset it, or take xcb or wayland."
    if name == "xcb" and not environment.get("DISPLAY"):
        return _no_display(environment)
    missing = missing_libraries(list(PLATFORMS.get(name, _QT)))
    if missing:
        return library_sentence(missing)
    if name == "xcb":
        return _x_problem(environment["DISPLAY"])
    if name.startswith("wayland"):
        return _wayland_problem(environment)
    return None


def _no_display(environment: "Mapping[str, str]") -> str:
    if environment.get("WAYLAND_DISPLAY"):
        return "There is a Wayland display and no X display (DISPLAY isn't set): set QT_QPA_PLATFORM=wayland."
    return "There is no display for a window (neither DISPLAY nor WAYLAND_DISPLAY is set): " + _WITHOUT_WINDOW


def _x_problem(display: str) -> "str | None":
    """Connect just as Qt will, through libxcb, which knows every form of DISPLAY and the person's X authority."""
    errors = []

    def connect() -> None:
        xcb = ctypes.CDLL("libxcb.so.1")
        xcb.xcb_connect.argtypes, xcb.xcb_connect.restype = [ctypes.c_char_p, ctypes.c_void_p], ctypes.c_void_p
        xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
        connection = xcb.xcb_connect(os.fsencode(display), None)
        errors.append(xcb.xcb_connection_has_error(connection))
        xcb.xcb_disconnect(connection)

    with _HushedErrors():  # libxcb writes a refusal to standard error itself
        attempt = threading.Thread(target=connect, daemon=True)
        attempt.start()
        attempt.join(PATIENCE)
    if errors == [0]:
        return None
    what = "can't be reached, or refuses this user" if errors else "doesn't answer"
    return f"The display DISPLAY={display} {what}; {_WITHOUT_WINDOW}"


def _wayland_problem(environment: "Mapping[str, str]") -> "str | None":
    if environment.get("WAYLAND_SOCKET"):
        return None
    display = environment.get("WAYLAND_DISPLAY") or "wayland-0"
    path = os.path.join(environment.get("XDG_RUNTIME_DIR", ""), display)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        try:
            connection.connect(path)
        except OSError:
            return f"The display WAYLAND_DISPLAY={display} can't be reached; {_WITHOUT_WINDOW}"
    return None


def _listed_libraries() -> "set[str]":
    """What the loader's cache lists for this machine's architecture; empty where there is no such cache."""
    kind = {"x86_64": "x86-64", "aarch64": "AArch64"}.get(platform.machine(), "")
    search = os.pathsep.join([os.environ.get("PATH", os.defpath), "/sbin", "/usr/sbin"])
    try:
        done = subprocess.run(
            ["ldconfig", "-p"],
            env={"PATH": search, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    except (OSError, subprocess.SubprocessError):
        return set()
    return {line.split()[0] for line in done.stdout.splitlines() if "=>" in line and kind in line.partition("=>")[0]}


def _loads(name: str) -> bool:
    """Whether the loader finds the library by another way than its cache: LD_LIBRARY_PATH, or conda's run path."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


class _HushedErrors:
    """Sends what C code writes to standard error nowhere."""

    def __enter__(self) -> None:
        self._kept = None
        try:
            self._kept = os.dup(2)
        except OSError:  # there is no standard error, as under pythonw
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)

    def __exit__(self, *_: object) -> None:
        if self._kept is not None:
            os.dup2(self._kept, 2)
            os.close(self._kept)
