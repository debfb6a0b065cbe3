"""The command line: one program with the commands open, scenes, knobs and run; no command opens the window.

Qt is imported only when a window or a plot is asked for. What the person got wrong is one line on standard error,
and exit code 2.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import sys
from collections.abc import Collection, Sequence
from typing import Any, NoReturn

from app.files.opening import OpeningError, opening_for, spec_of
from app.files.recognition import What
from app.sharing import options as sharing_options
from engine import numbers
from engine.experiment import BuildError
from engine.experiments import EXPERIMENTS
from engine.knobs import KnobError, knobs_of
from engine.scenes import SpecError, scenes


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. Try {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line; returns the exit code."""
    parser, commands = _parser()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that can't write a sign gets another
    options = parser.parse_args(_with_command(arguments, commands))
    try:
        code = options.command(options)
        if sys.stdout is not None:
            sys.stdout.flush()  # while a reader that has gone can still be borne
        return code
    except (SpecError, KnobError, BuildError, OpeningError) as error:
        return _wrong(str(error))
    except KeyboardInterrupt:  # before the run began, or pressed twice
        return 130
    except BrokenPipeError:  # `... | head`: the reader has what it wanted
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # Python flushes once more as it ends
        return 0


def _file_name(text: str) -> str:
    """A name to write to, as argparse takes it; an empty one, as of an unset variable, would write nothing."""
    if not text.strip():
        raise argparse.ArgumentTypeError("give the name of a file to write to; it is empty")
    return text


def _with_command(arguments: list[str], commands: Collection[str]) -> list[str]:
    """`fallline photo.jpg` opens it; a formula that begins with a minus sign is no option."""
    first = arguments[0] if arguments else "--"
    is_word = re.fullmatch(r"[A-Za-z][\w-]+", first) and not os.path.exists(first)
    if first not in commands and not is_word and (first == "-" or not first.startswith("-")):
        arguments = ["open", *arguments]
    if len(arguments) > 1 and arguments[0] in ("open", "check") and re.match(r"-[^-h]", arguments[1]):
        arguments = [arguments[0], f" {arguments[1]}", *arguments[2:]]  # a blank in it tells argparse
    return arguments


def _parser() -> tuple[argparse.ArgumentParser, Collection[str]]:
    """The parser, and the names of its commands."""
    parser = _Parser(prog="fallline", description="See gradient descent. Without a command, the window opens.")
    parser.set_defaults(command=_window, scene=None)
    commands = parser.add_subparsers(title="commands", parser_class=_Parser)

    window = commands.add_parser("open", help="the window on a scene, a picture, a table, a folder or a formula")
    window.add_argument("scene", metavar="NAME_OR_FILE")
    window.set_defaults(command=_window)

    listing = commands.add_parser("scenes", help="every scene: name, experiment, one line")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(command=_scenes)

    knobs = commands.add_parser("knobs", help="every knob of an experiment")
    knobs.add_argument("experiment", metavar="EXPERIMENT", help=", ".join(EXPERIMENTS))
    knobs.add_argument("--json", action="store_true", help="as JSON")
    knobs.set_defaults(command=_knobs)

    check = commands.add_parser("check", help="what a file, a folder or a formula is taken for")
    check.add_argument("thing", metavar="ANYTHING")
    check.add_argument("--at", metavar="x=1,y=2", default="", help="where a formula's value is asked for")
    check.add_argument("--json", action="store_true", help="as one JSON object")
    check.set_defaults(command=_check)

    run = commands.add_parser("run", help="carry out a scene without a window")
    run.add_argument("scene", metavar="SCENE_OR_FILE")
    run.add_argument("--set", metavar="KNOB=VALUE", action="append", default=[], help="set a knob (may be repeated)")
    run.add_argument("--seed", metavar="N", help="where all random numbers come from")
    length = run.add_mutually_exclusive_group()
    length.add_argument("--steps", metavar="N", type=_count, help="train for N steps")
    length.add_argument("--epochs", metavar="N", type=_count, help="train for N epochs")
    length.add_argument("--seconds", metavar="S", type=_duration, help="train for S seconds, compiling not counted")
    run.add_argument("--json", action="store_true", help="the last line of standard output is one JSON object")
    sharing_options.add_to(run, _file_name, _positive)
    run.add_argument(
        "--record", type=_file_name, metavar="F", help="the run with all its moments, to open or replay (.fallline)"
    )
    run.set_defaults(command=_run)

    sweep = commands.add_parser("sweep", help="a run for every combination of knobs' values")
    sweep.add_argument("scene", metavar="SCENE_OR_FILE")
    sweep.add_argument(
        "--vary", metavar="KNOB=VALUES", action="append", required=True,
        help="LOW:HIGH:COUNT, LOW:HIGH:log:COUNT or a,b,c (may be repeated)",
    )  # fmt: skip
    sweep.add_argument("--set", metavar="KNOB=VALUE", action="append", default=[], help="set a knob for all runs")
    sweep.add_argument("--seeds", metavar="N", type=_count, default=1, help="so many seeds of each (1)")
    sweep.add_argument("--steps", metavar="N", type=_count, help="train for N steps; else the scene's own length")
    sweep.add_argument("--json", action="store_true", help="the last line of standard output is one JSON object")
    sweep.add_argument("--csv", dest="to_csv", type=_file_name, metavar="F", help="every run as a row of a table")
    sweep.add_argument("--png", dest="to_png", type=_file_name, metavar="F", help="a map of the costs")
    sweep.add_argument("--progress", action="store_true", help=argparse.SUPPRESS)
    where = sweep.add_mutually_exclusive_group()
    where.add_argument("--workers", metavar="N", type=_count, help="in so many processes (needs Dask)")
    where.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="on the workers of a Dask scheduler")
    sweep.set_defaults(command=_sweep)

    lecture = commands.add_parser("lecture", help="the lecture's chapters: a list, or one of them to read")
    lecture.add_argument("chapter", metavar="CHAPTER", nargs="?", default="", help="its number or name")
    lecture.add_argument("--json", action="store_true", help="as JSON")
    lecture.set_defaults(command=_lecture)

    replay = commands.add_parser("replay", help="a moment of a recording, or what comes of it with other settings")
    replay.add_argument("file", metavar="F.fallline")
    replay.add_argument("--lane", metavar="NAME", help="which of its runs (see runs); else the one that was in front")
    replay.add_argument("--at", metavar="STEP", type=_step, help="after how many steps; else its last moment")
    replay.add_argument("--set", metavar="KNOB=VALUE", action="append", default=[], help="go on with this knob set")
    replay.add_argument("--steps", metavar="N", type=_count, help="go on for N steps")
    replay.add_argument("--record", metavar="G", help="all runs, with the new one, as a recording")
    replay.add_argument("--json", action="store_true", help="the moment as one JSON object")
    sharing_options.add_to(replay, _file_name, _positive)
    replay.set_defaults(command=_replay)

    runs = commands.add_parser("runs", help="a recording's runs, and what differs between them")
    runs.add_argument("file", metavar="F.fallline")
    runs.add_argument("--json", action="store_true", help="as JSON")
    runs.set_defaults(command=_runs)
    return parser, commands.choices


def _count(text: str) -> int:
    count = _number(text)
    if count < 1 or count != int(count) or numbers.is_thousand_or_decimal(text):
        raise argparse.ArgumentTypeError(f"needs a whole number of 1 or more, not {text!r}")
    return int(count)


def _step(text: str) -> int:
    return 0 if text.strip() == "0" else _count(text)


def _number(text: str) -> float:
    try:
        return numbers.parse(text)
    except numbers.NumberError:
        return 0.0  # which is refused like any other


def _duration(text: str) -> float:
    return _above_zero(text, "a number of seconds")


def _positive(text: str) -> float:
    return _above_zero(text, "a number")


def _above_zero(text: str, wanted: str) -> float:
    number = _number(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"needs {wanted} above 0, not {text!r}")
    return number


def as_json(value: Any) -> str:
    """One line of JSON; beyond ASCII it is escaped where the output's encoding may not have the letters."""
    is_utf = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "").startswith("utf")
    return json.dumps(value, ensure_ascii=not is_utf, allow_nan=False)


def _wrong(sentence: str) -> int:
    print(f"fallline: {sentence}", file=sys.stderr)
    return 2


def _window(options: argparse.Namespace) -> int:
    from app.start import prerequisites

    recording = _recording(options.scene)
    spec = spec_of(options.scene) if options.scene is not None and not recording else None
    missing = prerequisites.missing_for_window()
    if missing:
        return _wrong(missing)
    try:
        from app.start.bootstrap import open_window
    except ImportError as error:
        return _wrong(prerequisites.explain_import_error(error))
    return open_window(spec, recording=recording)


def _recording(text: str | None) -> str:
    """The file's name, if this is a recording's."""
    if text is None:
        return ""
    _, found = opening_for(text)
    return os.path.abspath(found.text) if found.what is What.RECORDING else ""


def _check(options: argparse.Namespace) -> int:
    from app.commands import check_command

    try:
        report = check_command.report(options.thing, options.at)
    except ValueError as error:  # every reader's own error is one, and its message a sentence
        return _wrong(str(error))
    print(as_json(report) if options.json else check_command.in_words(report))
    return 0


def _scenes(options: argparse.Namespace) -> int:
    found = [{"name": spec.scene, "experiment": spec.experiment, "about": spec.about} for spec in scenes().values()]
    if options.json:
        print(as_json(found))
    else:
        width = max(len(scene["name"]) for scene in found)
        for scene in found:
            print(f"{scene['name']:<{width}}  {scene['experiment']:<10}  {scene['about']}")
    return 0


def _knobs(options: argparse.Namespace) -> int:
    if options.experiment not in EXPERIMENTS:
        return _wrong(f"There is no experiment {options.experiment!r}; the experiments are {', '.join(EXPERIMENTS)}.")
    knobs = knobs_of(EXPERIMENTS[options.experiment].settings)
    rows = [
        {
            "name": knob.name,
            "kind": str(knob.kind),
            "range": knob.range_text(),
            "default": list(knob.default) if isinstance(knob.default, tuple) else knob.default,
            "live": knob.live,
            "help": knob.help,
        }
        for knob in knobs
    ]
    if options.json:
        print(as_json(rows))
        return 0
    for row in rows:
        when = "live" if row["live"] else "structural"
        print(f"{row['name']}  ({row['kind']}, {when}, default {row['default']!r})")
        print(f"    {row['range']}")
        print(f"    {row['help']}")
    return 0


def _run(options: argparse.Namespace) -> int:
    from app.commands.run_command import OutputError, carry_out

    spec = spec_of(options.scene)
    values = _assigned(options.set)
    if options.seed is not None:
        values["seed"] = options.seed
    try:
        return carry_out(spec.with_knobs(values), options)
    except OutputError as error:
        return _wrong(str(error))


def _lecture(options: argparse.Namespace) -> int:
    from app.commands.lecture_command import lecture
    from engine.lecture import LectureError

    try:
        found = lecture(options)
    except LectureError as error:
        return _wrong(str(error))
    print(as_json(found) if options.json else found)
    return 0


def _sweep(options: argparse.Namespace) -> int:
    from app.commands.sweep_command import sweep_scene
    from app.files.outputs import OutputError

    try:
        return sweep_scene(spec_of(options.scene).with_knobs(_assigned(options.set)), options)
    except OutputError as error:
        return _wrong(str(error))


def _assigned(assignments: Sequence[str]) -> dict[str, str]:
    values = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise SpecError(f"--set takes KNOB=VALUE, not {assignment!r}.")
        values[name.strip()] = value.strip()
    return values


def _replay(options: argparse.Namespace) -> int:
    from app.commands.replay_command import replay
    from app.files.outputs import OutputError
    from engine.history.recording_file import RecordingError

    try:
        return replay(options, _assigned(options.set))
    except (OutputError, RecordingError) as error:
        return _wrong(str(error))


def _runs(options: argparse.Namespace) -> int:
    from app.commands.replay_command import runs
    from engine.history.recording_file import RecordingError

    try:
        return runs(options)
    except RecordingError as error:
        return _wrong(str(error))
