"""The command line: one program with the commands open, scenes, knobs and run; no command opens the window.

Qt is imported only when a window or a plot is asked for. What the person got wrong is one line on standard error,
and exit code 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import NoReturn

from engine.experiments import EXPERIMENTS
from engine.experiments.experiment import BuildError
from engine.knobs import KnobError, knobs_of
from engine.spec import RunSpec, SpecError, resolve, scenes


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. Try {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except (SpecError, KnobError, BuildError) as error:
        return _wrong(str(error))
    except KeyboardInterrupt:  # before the run began, or pressed twice
        return 130
    except BrokenPipeError:  # `... | head`: the reader has what it wanted
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="fallline", description="See gradient descent. Without a command, the window opens.")
    parser.set_defaults(command=_window, scene=None)
    commands = parser.add_subparsers(title="commands", parser_class=_Parser)

    window = commands.add_parser("open", help="the window on a scene or a scene file")
    window.add_argument("scene", metavar="NAME_OR_FILE")
    window.set_defaults(command=_window)

    listing = commands.add_parser("scenes", help="every scene: name, experiment, one line")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(command=_scenes)

    knobs = commands.add_parser("knobs", help="every knob of an experiment")
    knobs.add_argument("experiment", metavar="EXPERIMENT", help=", ".join(EXPERIMENTS))
    knobs.add_argument("--json", action="store_true", help="as JSON")
    knobs.set_defaults(command=_knobs)

    run = commands.add_parser("run", help="carry out a scene without a window")
    run.add_argument("scene", metavar="SCENE_OR_FILE")
    run.add_argument("--set", metavar="KNOB=VALUE", action="append", default=[], help="set a knob (may be repeated)")
    run.add_argument("--seed", metavar="N", help="where all random numbers come from")
    length = run.add_mutually_exclusive_group()
    length.add_argument("--steps", metavar="N", type=_count, help="train for N steps")
    length.add_argument("--epochs", metavar="N", type=_count, help="train for N epochs")
    length.add_argument("--seconds", metavar="S", type=_duration, help="train for S seconds, compiling not counted")
    run.add_argument("--json", action="store_true", help="the last line of standard output is one JSON object")
    run.add_argument("--png", metavar="F", help="the picture at the end")
    run.add_argument(
        "--gif",
        metavar="F",
        help="an animation; of a painting with reference.png beside it, of many with final.gif too; F may be a folder",
    )
    run.add_argument("--csv", metavar="F", help="every recorded cost as a table")
    run.set_defaults(command=_run)
    return parser


def _count(text: str) -> int:
    try:
        count = int(text)
    except ValueError:
        count = 0
    if count < 1:
        raise argparse.ArgumentTypeError(f"needs a whole number of 1 or more, not {text!r}")
    return count


def _duration(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"needs a number of seconds above 0, not {text!r}")
    return seconds


def _wrong(sentence: str) -> int:
    print(f"fallline: {sentence}", file=sys.stderr)
    return 2


def _window(options: argparse.Namespace) -> int:
    from app import prerequisites

    spec = resolve(options.scene) if options.scene is not None else None
    missing = prerequisites.missing_for_window()
    if missing:
        return _wrong(missing)
    try:
        from app.bootstrap import open_window
    except ImportError as error:
        return _wrong(prerequisites.explain_import_error(error))
    return open_window(spec)


def _scenes(options: argparse.Namespace) -> int:
    found = [{"name": spec.scene, "experiment": spec.experiment, "about": spec.about} for spec in scenes().values()]
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
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
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        when = "live" if row["live"] else "structural"
        print(f"{row['name']}  ({row['kind']}, {when}, default {row['default']!r})")
        print(f"    {row['range']}")
        print(f"    {row['help']}")
    return 0


def _run(options: argparse.Namespace) -> int:
    from app.run_command import OutputError, carry_out

    spec: RunSpec = resolve(options.scene)
    values = {}
    for assignment in options.set:
        name, equals, value = assignment.partition("=")
        if not equals:
            return _wrong(f"--set takes KNOB=VALUE, not {assignment!r}.")
        values[name.strip()] = value.strip()
    if options.seed is not None:
        values["seed"] = options.seed
    try:
        return carry_out(spec.with_knobs(values), options)
    except OutputError as error:
        return _wrong(str(error))
