"""A painting as a TensorFlow script: the same picture, initial values and batches as the program's."""

from __future__ import annotations

import base64
import io
from itertools import pairwise

import numpy as np
from PIL import Image

from app.sharing.code.rules import (
    CELL,
    cost_function,
    head,
    hidden,
    initializer,
    layers,
    network_optimizer,
    scheduled,
    source,
    with_keras_variables,
)
from app.sharing.code.tracing import number
from engine.painting import images
from engine.painting.canvas import Canvas, canvas_of
from engine.painting.encodings import ENCODINGS, EXTRAS, EncodingNumbers, frequencies_for
from engine.painting.pixel_networks import rival_width
from engine.painting.settings import PaintingSettings
from engine.painting.variants import is_many, is_race, is_siren, is_swapped, is_whole
from engine.run.spec import RunSpec
from engine.training import schedules

OUTPUTS = {"linear": "{}", "tanh": "tf.tanh({})", "sigmoid": "tf.sigmoid({})"}
LINE = 100  # letters of a packed picture in one line


def script(spec: RunSpec, steps: int) -> str:
    """The training of a painting's settings.

    Raises:
        PictureError: a file or folder that can't be painted.
    """
    settings = spec.settings
    canvas = canvas_of(settings)
    batch = min(settings.batch_size, len(canvas.raw))
    batches = len(canvas.raw) // batch
    steps = steps or settings.epochs * batches
    features = _features(settings, canvas)
    outputs = canvas.answers.shape[1] if canvas.palette is None else len(canvas.palette)
    imports = ["import numpy as np", "import skimage", "import tensorflow as tf"]
    if settings.image_file or settings.folder:
        imports = ["import base64", "import io", "", "import numpy as np", "import tensorflow as tf"]
        imports.insert(4, "import skimage")
    lines = head(spec, imports)
    lines += [f"SEED = {settings.seed}", ""]
    lines += [f"{CELL}The picture", *_picture(settings, canvas), ""]
    lines += [f"{CELL}What goes in, and what is to come out", *_numbers(settings, canvas)]
    lines += [*_encoding(settings, canvas), ""]
    widths = [features, *[settings.width] * settings.depth, outputs]
    lines += [f"{CELL}The network", *_network(settings, widths, canvas), ""]
    if is_race(settings):
        rival = rival_width(features, outputs, sum((a + 1) * b for a, b in pairwise(widths)))
        lines += [
            "# The wide network of the race has as many parameters. To see what it paints:",
            f"# layers = new_layers([{features}, {rival}, {outputs}])",
            "",
        ]
    lines += [f"{CELL}The cost", "", "", *cost_function(settings.cost), "", ""]
    lines += [f"{CELL}An epoch of steps", *_step(settings, settings.epochs * batches), "", ""]
    lines += [f"{CELL}The training", *_loop(settings, steps, batches, batch)]
    return with_keras_variables(source(lines), settings.optimizer)


def _picture(settings: PaintingSettings, canvas: Canvas) -> list[str]:
    rows, columns = canvas.shape
    if settings.folder or settings.image_file:
        stacked = np.concatenate(list(canvas.targets))
        content = io.BytesIO()
        Image.fromarray(stacked).save(content, "PNG")
        text = base64.b64encode(content.getvalue()).decode()
        parts = [f'    "{text[at : at + LINE]}"' for at in range(0, len(text), LINE)]
        return [
            "packed = (  # a PNG, already cut and scaled",
            *parts,
            ")",
            f"pictures = skimage.io.imread(io.BytesIO(base64.b64decode(packed))).reshape(-1, {rows}, {columns}, 3)",
            "pictures = pictures.astype(np.float32)  # 0 to 255",
        ]
    if is_many(settings):
        return [
            f"faces = skimage.data.lfw_subset()[:{canvas.count}]",
            f"faces = [skimage.transform.resize(face, ({rows}, {columns}), anti_aliasing=True) for face in faces]",
            "pictures = np.stack([skimage.color.gray2rgb(face) for face in faces]) * 255",
        ]
    name = images.function_of(settings.image)
    crop = images.Crop(settings.crop_zoom, settings.crop_x, settings.crop_y, is_whole(settings))
    whole = images.gallery(settings.image)
    top, left, height, width = crop.box(*whole.shape[:2])
    lines = [f"image = skimage.data.{name}()"]
    if settings.image in ("camera", "coins", "moon"):
        lines.append("image = skimage.color.gray2rgb(image)")
    return [
        *lines,
        f"part = image[{top}:{top + height}, {left}:{left + width}, :3]",
        f"pictures = skimage.transform.resize(part, ({rows}, {columns}), anti_aliasing=True)[None] * 255",
    ]


def _numbers(settings: PaintingSettings, canvas: Canvas) -> list[str]:
    rows, columns = canvas.shape
    lines = [
        f"rows, columns = np.mgrid[0:{rows}, 0:{columns}]",
        "x = np.stack([rows.ravel(), columns.ravel()], axis=1)  # a place for each pixel",
        f"x = (x - x.mean(axis=0)) / np.arange({max(rows, columns)}).std()",
    ]
    if is_swapped(settings):
        return [
            *lines,
            "# the other way round: from a colour to the place where it is",
            "x, y = (pictures.reshape(-1, 3) / 127.5 - 1) * 3**0.5, x / 3**0.5",
            "x, y = x.astype(np.float32), y.astype(np.float32)",
        ]
    if canvas.count > 1:
        lines += [
            "which = np.arange(len(pictures))  # a third number says which picture",
            "which = np.repeat((which - which.mean()) / which.std(), len(x))",
            "x = np.concatenate([np.tile(x, (len(pictures), 1)), which[:, None]], axis=1)",
        ]
    scale = {"255": "", "1": " / 255", "-1": " / 127.5 - 1"}[settings.target_range]
    return [*lines, f"y = pictures.reshape(-1, 3){scale}", "x, y = x.astype(np.float32), y.astype(np.float32)"]


def _features(settings: PaintingSettings, canvas: Canvas) -> int:
    """How many numbers the network is told of a place."""
    inputs = canvas.raw.shape[1]
    frequencies = frequencies_for(settings.encoding, settings.frequencies, settings.side)
    numbers = EncodingNumbers(frequencies, settings.fourier_scale, settings.seed)
    extras = () if is_swapped(settings) else settings.extra_inputs
    return ENCODINGS[settings.encoding].make(inputs, numbers)[1] + sum(EXTRAS[extra][2] for extra in extras)


def _encoding(settings: PaintingSettings, canvas: Canvas) -> list[str]:
    inputs = canvas.raw.shape[1]
    count = frequencies_for(settings.encoding, settings.frequencies, settings.side)
    extras = () if is_swapped(settings) else settings.extra_inputs
    parts, lines = [], []
    match settings.encoding:
        case "fourier":
            lines += [
                f"waves = np.random.default_rng([SEED, 5]).normal(0, {number(settings.fourier_scale)}, "
                f"({inputs}, {count}))",
                "waves = (np.pi / 3**0.5 * waves).astype(np.float32)",
            ]
            parts = ["np.cos(x @ waves)", "np.sin(x @ waves)"]
        case "positional":
            octaves = max(1, min(count, 12))
            lines += [
                f"waves = np.kron(np.eye({inputs}), 2.0 ** np.arange({octaves}) * np.pi / 3**0.5).astype(np.float32)"
            ]
            parts = ["x", "np.sin(x @ waves)", "np.cos(x @ waves)"]
        case _:
            parts = ["x"]
    for extra in extras:
        more, part = _extra(extra, inputs)
        lines += more
        parts.append(part)
    if parts == ["x"]:
        return []
    return [*lines, f"x = np.concatenate([{', '.join(parts)}], axis=1)  # what the network is told of a place"]


def _extra(name: str, inputs: int) -> tuple[list[str], str]:
    match name:
        case "noise":
            keys = [[12.9898, 39.3468], [78.233, 11.135], [45.164, 94.673]][:inputs]
            return [
                f"hashed = np.sin(x @ np.array({keys}, np.float32)) * np.float32(43758.5453)",
                "noise = 2 * (hashed - np.floor(hashed)) - 1  # looks random, and belongs to the place",
            ], "noise"
        case "waves":
            directions = [[1, 0, 1, 1], [0, 1, 1, -1], *[[0, 0, 0, 0]] * (inputs - 2)]
            return [
                f"turns = [np.array({directions}) * np.pi / 3**0.5 * periods for periods in (2, 4, 8)]",
                "turns = np.concatenate(turns, axis=1).astype(np.float32)",
            ], "np.sin(x @ turns)"
    return ["radius = np.sqrt((x[:, :2] ** 2).sum(axis=1, keepdims=True) + 1e-6)"], "radius, x[:, :2] / radius"


def _network(settings: PaintingSettings, widths: list[int], canvas: Canvas) -> list[str]:
    if is_siren(settings):
        made = _sine_layers(settings, widths)
        body = [
            "    x = x / 3**0.5",
            "    for W, b in layers[:-1]:",
            f"        x = tf.sin({number(settings.siren_frequency)} * (x @ W + b))",
            "    W, b = layers[-1]",
            "    return x @ W + b",
        ]
    else:
        made = layers(str(widths), initializer(settings))
        body = hidden(settings.activation)
    if canvas.palette is not None:
        made.insert(0, f"PALETTE = np.array({np.round(canvas.palette, 4).tolist()}, np.float32)")
        body[-1] = "    return tf.nn.softmax(x @ W + b) @ PALETTE  # a mixture of the palette's colours"
    else:
        body[-1] = "    return " + OUTPUTS[settings.output].format("x @ W + b")
    return [*made, "", "", "def predict(layers, x):", *body, ""]


def _sine_layers(settings: PaintingSettings, widths: list[int]) -> list[str]:
    frequency = number(settings.siren_frequency)
    return [
        "",
        "",
        "def new_layers(widths):",
        '    """A weight matrix W and a bias b for each layer, drawn as Sitzmann et al. 2020 have it."""',
        "    seeds = np.random.SeedSequence([SEED, 1]).generate_state(2 * len(widths) - 2)",
        "    drawn = iter([int(seed) for seed in seeds])",
        "    layers = []",
        "    for inputs, outputs in zip(widths[:-1], widths[1:]):",
        f"        limit = (6 / inputs) ** 0.5 / {frequency}" + (" if layers else 1 / inputs" if settings.depth else ""),
        "        uniform = tf.keras.initializers.RandomUniform",
        "        W = tf.Variable(uniform(-limit, limit, seed=next(drawn))((inputs, outputs)))",
        "        b = tf.Variable(uniform(-(inputs**-0.5), inputs**-0.5, seed=next(drawn))((outputs,)))",
        "        layers.append((W, b))",
        "    return layers",
        "",
        "",
        f"layers = new_layers({widths})",
    ]


def _step(settings: PaintingSettings, steps: int) -> list[str]:
    definition, rate = scheduled(settings, repr(settings.learning_rate), steps)
    return [
        *definition,
        *network_optimizer(settings, rate),
        "parameters = [part for layer in layers for part in layer]",
        "optimizer.build(parameters)",
        "",
        "",
        "@tf.function(jit_compile=True)",
        "def train(order):",
        '    """One step for each row of order, the pixels that it looks at; gives their mean cost."""',
        "    total = 0.0",
        "    for rows in order:",
        "        with tf.GradientTape() as tape:",
        "            cost = cost_of(predict(layers, tf.gather(x, rows)) - tf.gather(y, rows))",
        "        gradients = tape.gradient(cost, parameters)",
        "        optimizer.apply_gradients(zip(gradients, parameters))",
        "        total += cost",
        "    return total / tf.cast(len(order), tf.float32)",
    ]


def _loop(settings: PaintingSettings, steps: int, batches: int, batch: int) -> list[str]:
    epochs, is_cut = -(-steps // batches), steps % batches
    lines = [f"EPOCHS, BATCHES, BATCH = {epochs}, {batches}, {batch}"]
    lines += ["shuffler = np.random.default_rng([SEED, 2])"]
    if settings.schedule == "plateau":
        lines += ["lowest, stale = np.inf, 0"]
    lines += [
        "for epoch in range(EPOCHS):",
        "    order = shuffler.permutation(len(x))" if settings.shuffle else "    order = np.arange(len(x))",
        "    order = order[: BATCHES * BATCH].reshape(BATCHES, BATCH).astype(np.int32)",
    ]
    if is_cut:
        lines += [f"    order = order[: {steps} - epoch * BATCHES]  # the last epoch isn't a whole one"]
    lines += ["    mean = float(train(tf.constant(order)))"]
    if settings.schedule == "plateau":
        lines += [
            f"    if mean < lowest * {number(schedules.BETTER)}:",
            "        lowest, stale = mean, 0",
            f"    elif stale + 1 < {schedules.PATIENCE}:",
            "        stale += 1",
            "    else:  # nothing better for so long: half the rate",
            f"        least = {number(settings.learning_rate)} * {number(schedules.LEAST)}",
            "        optimizer.learning_rate = max(float(optimizer.learning_rate) / 2, least)",
            "        stale = 0",
        ]
    lines += [
        "    if epoch % max(1, EPOCHS // 10) == 0 or epoch == EPOCHS - 1:",
        '        print(f"epoch {epoch + 1}: mean cost of its batches {mean:.6g}", flush=True)',
        "",
    ]
    if not is_swapped(settings):
        rows, columns = "pictures.shape[1]", "pictures.shape[2]"
        back = {"255": "painted", "1": "painted * 255", "-1": "(painted + 1) * 127.5"}[settings.target_range]
        lines += [
            f"painted = predict(layers, x[: {rows} * {columns}]).numpy()  # the first picture, as it is now",
            f"painting = np.clip({back}, 0, 255).astype(np.uint8).reshape(*pictures.shape[1:])",
        ]
    lines += ['print(f"cost {float(cost_of(predict(layers, x) - y)):.9g}")']
    return lines
