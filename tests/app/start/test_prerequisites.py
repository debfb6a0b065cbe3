"""What keeps the window from opening is said in one sentence, before Qt is there to abort."""

import ast
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.start import prerequisites

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Displays and system libraries are Linux's.")
on_a_desktop = pytest.mark.skipif(
    not sys.platform.startswith("linux") or bool(prerequisites.missing_libraries(list(prerequisites.PLATFORMS["xcb"]))),
    reason="The display is looked at once Linux has the libraries that draw on it.",
)
ROOT = Path(__file__).resolve().parents[3]


def names(sentence: str | None, *words: str) -> bool:
    """Whether it is one line, and every word stands in it."""
    return sentence is not None and "\n" not in sentence and all(word in sentence for word in words)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_supported_pythons_are_taken(version):
    assert prerequisites.python_problem(version, has_64_bits=True) is None


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 10), (3, 14), (4, 0)])
def test_another_python_is_told_which_ones_are_right(version):
    found = f"{version[0]}.{version[1]}"
    assert names(prerequisites.python_problem(version, has_64_bits=True), found, "3.11", "3.13")


def test_a_32_bit_python_is_told_to_be_one():
    assert names(prerequisites.python_problem((3, 12), has_64_bits=False), "32 bits", "64 bits")


def test_leaving_says_the_sentence_on_standard_error_and_exits_with_2(capsys):
    with pytest.raises(SystemExit) as caught:
        prerequisites.leave("Something is missing.")
    assert caught.value.code == 2
    assert capsys.readouterr() == ("", "fallline: Something is missing.\n")


def test_an_older_python_can_read_the_sentence():
    """The syntax of 3.6 is enough for everything that main.py runs before the version is known."""
    for name in ("main.py", "app/__init__.py", "app/start/__init__.py", "app/start/prerequisites.py"):
        ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_looking_imports_only_the_standard_library():
    code = (
        "import sys; from app.start import prerequisites; prerequisites.missing_for_window({'DISPLAY': ':987'});"
        "print(*{'PyQt5', 'numpy', 'tensorflow', 'msgspec', 'engine', 'widgets'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout.strip() == ""


@on_linux
def test_without_a_display_the_sentence_offers_the_ways_without_one():
    assert names(prerequisites.missing_for_window({}), "DISPLAY", "QT_QPA_PLATFORM", "python main.py run")


@on_linux
@pytest.mark.parametrize("platform", ["offscreen", "minimal", "offscreen:size=1280x720", "xcb;offscreen"])
def test_a_platform_without_a_screen_needs_no_display(platform):
    assert prerequisites.missing_for_window({"QT_QPA_PLATFORM": platform}) is None


@on_linux
def test_xcb_asked_for_by_name_still_needs_a_display():
    assert names(prerequisites.missing_for_window({"QT_QPA_PLATFORM": "xcb"}), "DISPLAY")


@on_linux
def test_a_platform_that_qt_does_not_have_is_named():
    assert names(prerequisites.missing_for_window({"QT_QPA_PLATFORM": "screen"}), "'screen'", "xcb")


@on_linux
def test_wayland_alone_leads_to_the_platform_that_draws_there():
    assert names(prerequisites.missing_for_window({"WAYLAND_DISPLAY": "wayland-0"}), "QT_QPA_PLATFORM=wayland")


@on_a_desktop
@pytest.mark.parametrize("display", [":987", "127.0.0.1:987", "not a display"])
def test_a_display_that_is_not_there_is_named(display, capfd):
    sentence = prerequisites.missing_for_window({"DISPLAY": display})
    assert names(sentence, f"DISPLAY={display}", "QT_QPA_PLATFORM", "python main.py run")
    assert capfd.readouterr() == ("", "")


@on_a_desktop
def test_a_server_that_hangs_up_is_no_display():
    with socket.create_server(("127.0.0.1", 0)) as server:
        hanging_up = threading.Thread(target=lambda: server.accept()[0].close())
        hanging_up.start()
        display = f"127.0.0.1:{server.getsockname()[1] - 6000}"
        assert names(prerequisites.missing_for_window({"DISPLAY": display}), display, "refuses")
        hanging_up.join()


@on_a_desktop
def test_a_server_that_never_answers_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(prerequisites, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        display = f"127.0.0.1:{server.getsockname()[1] - 6000}"
        assert names(prerequisites.missing_for_window({"DISPLAY": display}), display, "doesn't answer")


@on_linux
def test_a_wayland_display_that_is_not_there_is_named(tmp_path):
    environment = {"QT_QPA_PLATFORM": "wayland", "WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    if prerequisites.missing_libraries(["libwayland-cursor.so.0"]):
        assert names(prerequisites.missing_for_window(environment), "libwayland-cursor.so.0", "libwayland-cursor0")
    else:
        assert names(prerequisites.missing_for_window(environment), "WAYLAND_DISPLAY=wayland-7")


@on_a_desktop
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb isn't installed.")
def test_a_display_that_answers_is_taken(x_display):
    assert prerequisites.missing_for_window({"DISPLAY": x_display}) is None


@pytest.fixture
def x_display():
    """A virtual screen on a number that was free."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "640x480x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait(timeout=20)


@on_linux
def test_a_library_that_is_not_there_is_found_missing():
    assert prerequisites.missing_libraries(["libc.so.6", "libfall-line.so.9"]) == ["libfall-line.so.9"]


def test_missing_libraries_come_with_the_packages_of_three_distributions():
    sentence = prerequisites.library_sentence(["libGL.so.1", "libxcb-icccm.so.4"])
    assert names(
        sentence, "libraries libGL.so.1, libxcb-icccm.so.4", "apt-get install libgl1 libxcb-icccm4", "dnf", "pacman"
    )


def test_an_unheard_of_library_is_named_without_a_guess():
    sentence = prerequisites.library_sentence(["libfall-line.so.9"])
    assert names(sentence, "libfall-line.so.9")
    assert "apt-get" not in sentence


def test_an_import_that_lacks_a_library_names_its_package():
    error = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    assert names(prerequisites.explain_import_error(error), "libGL.so.1", "apt-get install libgl1")


def test_a_package_that_is_not_installed_comes_with_the_command_that_installs_it():
    with pytest.raises(ModuleNotFoundError) as caught:
        import fall_line_nowhere.part  # noqa: F401
    assert names(
        prerequisites.explain_import_error(caught.value), "fall_line_nowhere ", "pip install -c constraints.txt"
    )


def test_windows_without_the_c_library_is_told_where_it_comes_from():
    error = ImportError("DLL load failed while importing QtCore: The specified module could not be found.")
    assert names(prerequisites.explain_import_error(error), "QtCore", "Visual C++ Redistributable")


def test_any_other_failed_import_is_one_line_too():
    assert names(prerequisites.explain_import_error(ImportError("first\nsecond")), "first", "pip install")
