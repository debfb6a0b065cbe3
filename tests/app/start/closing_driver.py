"""Opens the real window, closes it at a given moment (importing, compiling or training), and says when: the seconds of
a clock, and those that the process has been computing for.

Run by test_closing.py in a process of its own, since it is the end of a process that is tested.
"""

import faulthandler
import sys
import time

from PyQt5.QtCore import QTimer

from app.start.bootstrap import FIRST_SCENE, Application, open_window
from engine.backend import backend
from engine.run.states import State
from engine.scenes import scenes


def has_come(application: Application, name: str) -> bool:
    """Whether it is this moment, or has been: on a busy machine one may pass between two looks."""
    if name == "importing":
        return "tensorflow" in sys.modules
    if name == "compiling":
        return backend.is_loaded()
    return application.sessions["landscape"].state is State.RUNNING


GIVE_UP_SECONDS = 120


def main() -> int:
    wanted = sys.argv[1]
    faulthandler.dump_traceback_later(GIVE_UP_SECONDS, exit=True)  # says what everyone was waiting for

    def watch(application: Application) -> None:
        timer = QTimer(application.window)

        def look() -> None:
            if has_come(application, wanted):
                timer.stop()
                print(f"closing {time.monotonic()} {time.process_time()}", flush=True)
                application.window.close()

        timer.timeout.connect(look)
        timer.start(5)

    # The first scene ends after 16 steps: that could be missed as well.
    return open_window(scenes()[FIRST_SCENE].with_knobs({"steps": 1_000_000}), watch)


if __name__ == "__main__":
    sys.exit(main())
