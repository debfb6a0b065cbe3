"""A regression as a TensorFlow script: the same data, initial values and batches as the program's."""

from __future__ import annotations

import base64
import io

import numpy as np

from app.sharing.code.rules import (
    CELL,
    cost_function,
    head,
    hidden,
    initializer,
    layers,
    network_optimizer,
    seeds,
    source,
    with_keras_variables,
)
from app.sharing.code.tracing import NumPyNames, Traced, number
from engine import expressions
from engine.regression import datasets
from engine.regression.model_knobs import hidden_widths
from engine.regression.points import Part, Points, points_of, reach_of
from engine.regression.settings import RegressionSettings
from engine.run.spec import RunSpec

MOST_LISTED = 60  # points that are written out; more are packed


def script(spec: RunSpec, steps: int) -> str:
    """The training of a regression's settings."""
    settings = spec.settings
    points = points_of(settings)
    trained = len(points.rows(Part.TRAINING))
    batch = min(settings.batch_size, points.room)
    batches = max(1, trained // batch)
    steps = steps or settings.epochs * batches
    imports = ["import numpy as np", "import tensorflow as tf"]
    if settings.source == "file" and len(points.x) > MOST_LISTED:
        imports = ["import base64", "import io", "", *imports]
    lines = head(spec, imports)
    lines += [f"SEED = {settings.seed}", ""]
    lines += [f"{CELL}The data", *_data(settings, points), ""]
    lines += [f"{CELL}The model", *_model(settings, points), ""]
    lines += [f"{CELL}The cost", "", "", *cost_function(settings.cost), "", ""]
    lines += _penalty(settings)
    lines += [
        f"{CELL}One step on a batch",
        *network_optimizer(settings, repr(settings.learning_rate)),
        "optimizer.build(parameters)",
        "",
        "",
        "@tf.function",
        "def train(rows):",
        "    with tf.GradientTape() as tape:",
        "        cost = cost_of(predict(tf.gather(x, rows)) - tf.gather(y, rows))"
        + (" + penalty()" if settings.l1 or settings.l2 else ""),
        "    gradients = tape.gradient(cost, parameters)",
        "    optimizer.apply_gradients(zip(gradients, parameters))",
        "",
        "",
        f"{CELL}The training",
        *_loop(settings, steps, batches, min(batch, trained)),
    ]
    return with_keras_variables(source(lines), settings.optimizer)


def _data(settings: RegressionSettings, points: Points) -> list[str]:
    match settings.source:
        case "curve":
            curve = Traced("x")
            if settings.curve == datasets.FORMULA:
                value = expressions.parse(settings.formula, ("x",)).program.value(NumPyNames(), {"x": curve})
            else:
                value = datasets.CURVES[settings.curve].function(curve)
            span, noise = number(settings.span), number(settings.noise)
            count = settings.points
            lines = [
                f"x = np.linspace(-{span}, {span}, {count})",
                f"y = {value.text} + np.random.default_rng(SEED).uniform(-{noise}, {noise}, {count})",
            ]
        case _ if len(points.x) <= MOST_LISTED:
            lines = [f"x = np.array([{_listed(points.x)}])", f"y = np.array([{_listed(points.y)}])"]
        case _:
            lines = [
                f'packed = "{_packed(np.stack([points.x, points.y]))}"',
                "x, y = np.load(io.BytesIO(base64.b64decode(packed)))",
            ]
    if settings.source == "file" and not (points.x_unit.is_own and points.y_unit.is_own):
        for name, unit in ((points.names[0], points.x_unit), (points.names[1], points.y_unit)):
            words = f"# {name} = {number(unit.offset)} + {number(unit.scale)} times these numbers"
            lines.insert(0, " ".join(words.split()))
    lines += ["x, y = (column.astype(np.float32)[:, None] for column in (x, y))"]
    if settings.validation or settings.test:
        rows, checked = points.rows(Part.TRAINING), points.rows(Part.VALIDATION)
        lines += [
            f"training = np.array({_rows(rows)})  # the rows that are trained on",
            f"validation = np.array({_rows(checked)}, int)  # those that are only measured",
        ]
    else:
        lines += ["training = np.arange(len(x))"]
    return lines


def _model(settings: RegressionSettings, points: Points) -> list[str]:
    spread = number(settings.init_scale)
    draw = f"tf.keras.initializers.RandomNormal(0, {spread}, seed=seeds[0])"
    match settings.model:
        case "line":
            return [
                seeds(2),
                f"W = tf.Variable({draw}((1, 1)))",
                "B = tf.Variable([1.0])",
                "parameters = [W, B]",
                "weights = [W]",
                "",
                "",
                "def predict(x):",
                "    return x @ W + B",
                "",
            ]
        case "sum":
            return [
                seeds(2),
                f"w = tf.Variable({draw}((1, {settings.width})))",
                f"b = tf.Variable(tf.zeros({settings.width}))",
                "parameters = [w, b]",
                "weights = [w]",
                "",
                "",
                "def predict(x):",
                "    return tf.reduce_sum(x @ w + b, axis=1, keepdims=True)  # so many lines, added up",
                "",
            ]
        case "polynomial" | "scaled_polynomial":
            count = settings.degree + 1
            unit = reach_of(settings, points)
            base = "x" if settings.model == "polynomial" else f"(x / {number(unit)})"
            return [
                seeds(2),
                "b = tf.Variable(tf.keras.initializers.RandomNormal(0, 1, seed=seeds[0])((1,)))",
                f"w = tf.Variable(tf.keras.initializers.RandomNormal(0, {spread}, seed=seeds[1])(({count}, 1)))",
                "parameters = [b, w]",
                "weights = [w]",
                "",
                "",
                "def predict(x):",
                f"    powers = tf.concat([{base} ** i for i in range({count})], axis=1)",
                "    return powers @ w + b",
                "",
            ]
    widths = [1, *hidden_widths(settings)] + ([] if settings.summed else [1])
    body = hidden(settings.activation)
    if settings.summed:  # every layer has an activation, and the last one's neurons are added up
        body = [body[0].replace("layers[:-1]", "layers"), body[1]]
        body += ["    return tf.reduce_sum(x, axis=1, keepdims=True)  # the neurons, added up"]
    return [
        *layers(str(widths), initializer(settings)),
        "parameters = [part for layer in layers for part in layer]",
        "weights = [W for W, _ in layers]",
        "",
        "",
        "def predict(x):",
        *body,
        "",
    ]


def _penalty(settings: RegressionSettings) -> list[str]:
    if not (settings.l1 or settings.l2):
        return []
    terms = []
    if settings.l1:
        terms.append(f"{number(settings.l1)} * tf.add_n([tf.reduce_sum(tf.abs(w)) for w in weights])")
    if settings.l2:
        terms.append(f"{number(settings.l2)} * tf.add_n([tf.reduce_sum(w**2) for w in weights])")
    return ["def penalty():", f"    return {' + '.join(terms)}", "", ""]


def _loop(settings: RegressionSettings, steps: int, batches: int, batch: int) -> list[str]:
    epochs = -(-steps // batches)
    is_cut = steps % batches
    has_patience = settings.patience and settings.validation
    lines = [f"EPOCHS, BATCHES, BATCH = {epochs}, {batches}, {batch}"]
    lines += [f"STEPS = {steps}"] if is_cut else []
    lines += ["shuffler = np.random.default_rng([SEED, 2])", "costs = []"]
    lines += ["lowest, lowest_epoch = np.inf, 0"] if has_patience else []
    lines += [
        "for epoch in range(EPOCHS):",
        "    order = shuffler.permutation(training)" if settings.shuffle else "    order = training",
        "    for step in range(BATCHES):",
    ]
    if is_cut:
        lines += ["        if epoch * BATCHES + step == STEPS:", "            break"]
    lines += [
        "        train(tf.constant(order[step * BATCH : (step + 1) * BATCH], tf.int32))",
        "    costs.append(float(cost_of(predict(x[training]) - y[training])))",
        "    if epoch % max(1, EPOCHS // 10) == 0 or epoch == EPOCHS - 1:",
        '        print(f"epoch {epoch + 1}: cost {costs[-1]:.6g}")',
    ]
    if settings.min_change:
        lines += [
            f"    if epoch and abs(costs[-1] - costs[-2]) < {number(settings.min_change)}:  # it has arrived",
            "        break",
        ]
    if has_patience:
        lines += [
            "    checked = float(cost_of(predict(x[validation]) - y[validation]))",
            "    if checked < lowest:",
            "        lowest, lowest_epoch = checked, epoch",
            f"    if epoch - lowest_epoch >= {settings.patience}:  # the validation cost has had no new low",
            "        break",
        ]
    return [*lines, "", 'print(f"cost {costs[-1]:.9g}")']


def _listed(values: np.ndarray) -> str:
    return ", ".join(f"{value:.7g}" for value in values)


def _packed(values: np.ndarray) -> str:
    content = io.BytesIO()
    np.save(content, values.astype(np.float32))
    return base64.b64encode(content.getvalue()).decode()


def _rows(rows: np.ndarray) -> str:
    return f"[{', '.join(map(str, rows.tolist()))}]"
