"""Descents on a landscape as a TensorFlow script, step by step as the program takes them."""

from __future__ import annotations

from collections.abc import Sequence

from app.sharing.code.rules import CELL, head, optimizer, scheduled, source
from app.sharing.code.tracing import TensorFlowNames, Traced, number
from engine.expressions import parse
from engine.landscape.descent import LEVEL, SHORT, STILL_STEPS
from engine.landscape.descents import Descent, descents_of
from engine.landscape.experiment import CLOSES_IN
from engine.landscape.functions.landscape import Landscape
from engine.landscape.functions.landscapes import FORMULA
from engine.landscape.settings import LandscapeSettings, landscape_of
from engine.run.spec import RunSpec
from engine.training.optimizers import OPTIMIZERS


def script(spec: RunSpec, steps: int) -> str:
    """The descents of a landscape's settings."""
    settings = spec.settings
    landscape, descents = landscape_of(settings), descents_of(settings)
    names = ("x", "y")[: landscape.dimensions]
    steps = steps or settings.steps
    lines = head(spec, ["import numpy as np", "import tensorflow as tf"])
    lines += [
        f"{CELL}The cost",
        "",
        "",
        f"def cost({', '.join(names)}):",
        f"    return {_formula(settings, landscape, names)}",
        "",
        "",
    ]
    lines += _sampled(landscape) if settings.gradient == "difference" else _automatic(landscape)
    note = "  # Keras casts a plain 0.9 through single precision" if _has_numbers(descents) else ""
    definition, _ = scheduled(settings, "", settings.steps)
    lines += ["", f"{CELL}Who descends, by which rule, from where", *definition, f"DESCENTS = {{{note}"]
    for number_, descent in enumerate(descents):
        rate = scheduled(settings, repr(float(descent.learning_rate)), settings.steps)[1]
        rule = optimizer(descent.optimizer, settings, rate, is_double=True)
        label = descent.label if [one.label for one in descents].count(descent.label) == 1 else f"{number_ + 1}"
        lines.append(f'    "{label}": ({rule}, {_place(settings, landscape, descent.start)}),')
    lines += ["}", f"STEPS = {steps - _waits(settings, landscape, steps)}"]
    noise = settings.gradient_noise
    if noise:
        lines += [
            f"NOISE = {number(noise)}  # the spread of what is added to every gradient",
            f"noise = NOISE * np.random.default_rng([{settings.seed}, 4])"
            f".standard_normal((STEPS, len(DESCENTS), {landscape.dimensions}))",
        ]
    lines += ["", f"{CELL}The descent", *_loop(settings, bool(noise))]
    return source(lines)


def _has_numbers(descents: Sequence[Descent]) -> bool:
    return any(OPTIMIZERS[descent.optimizer].knobs for descent in descents)


def _waits(settings: LandscapeSettings, landscape: Landscape, steps: int) -> int:
    """How many of the steps the descent waits for, while a secant closes."""
    return min(steps, CLOSES_IN) if settings.secant_distance and landscape.dimensions == 1 else 0


def _formula(settings: LandscapeSettings, landscape: Landscape, names: Sequence[str]) -> str:
    m, given = TensorFlowNames(), {name: Traced(name) for name in names}
    if settings.landscape != FORMULA:
        return landscape.formula(m, *given.values()).text
    value = parse(settings.formula).program.value(m, given)
    return value.text


def _automatic(landscape: Landscape) -> list[str]:
    low, high = ([number(edge) for edge in edges] for edges in zip(*landscape.domain, strict=True))
    return [
        f"LOW, HIGH = np.array([{', '.join(low)}]), np.array([{', '.join(high)}])  # where the landscape ends",
        "",
        "",
        "def cost_and_gradient(place):",
        "    with tf.GradientTape() as tape:",
        "        tape.watch(place)",
        "        now = cost(*tf.unstack(place))",
        "    return now, tape.gradient(now, place)",
        "",
        "",
        "def is_inside(place):",
        "    return np.all((place >= LOW) & (place <= HIGH)) and np.isfinite(cost_and_gradient(place)[0])",
        "",
    ]


def _sampled(landscape: Landscape) -> list[str]:
    axes = []
    for number_, (low, high) in enumerate(landscape.domain):
        end = "" if landscape.endpoint else ", endpoint=False"
        name = ("x_axis", "y_axis")[number_]
        axes.append(f"{name} = np.linspace({number(low)}, {number(high)}, {landscape.samples}{end})")
    if landscape.dimensions == 1:
        body = ["costs = cost(tf.constant(x_axis)).numpy()"]
        slope = ["    gradient = [costs[i + 1] - costs[i]]"]
        index, counts = "(i,)", "len(x_axis) - 1"
        here = "costs[i]"
    else:
        body = ['costs = cost(*tf.meshgrid(x_axis, y_axis, indexing="ij")).numpy()']
        slope = ["    gradient = [costs[i + 1, j] - costs[i, j], costs[i, j + 1] - costs[i, j]]"]
        index, counts = "i, j", "np.array([len(x_axis) - 1, len(y_axis) - 1])"
        here = "costs[i, j]"
    return [
        "# The lecture's way: a place is an index into samples, the gradient the difference between neighbours.",
        *axes,
        *body,
        f"HIGH = {counts}",
        "",
        "",
        "def cost_and_gradient(place):",
        f"    {index} = np.clip(place.numpy().astype(int), 0, HIGH - 1)",
        *slope,
        f"    return {here}, tf.constant(gradient, tf.float64)",
        "",
        "",
        "def is_inside(place):",
        "    return np.all((place.numpy() > -1) & (place.numpy() < HIGH)) and np.isfinite(cost_and_gradient(place)[0])",
        "",
    ]


def _place(settings: LandscapeSettings, landscape: Landscape, start: Sequence[float]) -> str:
    places = [float(value) for value in start]
    if settings.gradient == "difference":
        axes = [landscape.axis(axis) for axis in range(landscape.dimensions)]
        places = [
            float(min(abs(axis - value).argmin(), len(axis) - 2)) for axis, value in zip(axes, places, strict=True)
        ]
    return f"[{', '.join(map(number, places))}]"


def _loop(settings: LandscapeSettings, has_noise: bool) -> list[str]:
    rests = settings.stops_at_rest
    lines = [
        "places = {name: tf.Variable(start, dtype=tf.float64) for name, (_, start) in DESCENTS.items()}",
        "moving = list(DESCENTS)",
    ]
    if rests:
        lines += ["steepest, still = dict.fromkeys(DESCENTS, 0.0), dict.fromkeys(DESCENTS, 0)"]
    each = "for number, name in enumerate(DESCENTS):" if has_noise else "for name in list(moving):"
    lines += ["for step in range(STEPS):", f"    {each}"]
    if has_noise:
        lines += ["        if name not in moving:", "            continue"]
    lines += [
        "        optimizer, place = DESCENTS[name][0], places[name]",
        "        before = place.numpy()",
        "        _, gradient = cost_and_gradient(place)",
        f"        optimizer.apply_gradients([(gradient{' + noise[step, number]' if has_noise else ''}, place)])",
        "        if not is_inside(place):  # it stays where it left from",
        "            place.assign(before)",
        "            moving.remove(name)",
        '            print(f"{name} left the landscape at step {step + 1}")',
    ]
    if rests:
        span = "HIGH" if settings.gradient == "difference" else "(HIGH - LOW)"
        lines += [
            "        slope = float(tf.norm(gradient))",
            "        steepest[name] = max(steepest[name], slope)",
            f"        is_short = np.all(abs(place.numpy() - before) < {number(SHORT)} * {span})",
            f"        is_still = is_short and slope <= {number(LEVEL)} * steepest[name]",
            "        still[name] = still[name] + 1 if is_still else 0",
        ]
    lines += [
        "    if step % max(1, STEPS // 10) == 0 or step == STEPS - 1:",
        "        for name in moving:",
        "            now = float(cost_and_gradient(places[name])[0])",
        '            print(f"step {step + 1}, {name}: cost {now:.6g} at {places[name].numpy()}")',
    ]
    ends = f"all(still[name] >= {STILL_STEPS} for name in moving)" if rests else "not moving"
    lines += [
        f"    if {ends}:",
        "        break",
        "",
        'print(f"cost {min(float(cost_and_gradient(place)[0]) for place in places.values()):.9g}")',
    ]
    return lines
