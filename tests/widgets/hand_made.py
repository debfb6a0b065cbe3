"""Frames made by hand with NumPy: realistic pictures of every kind, for tests that need no engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.analysis.terrain import Terrain
from engine.frames import Curve, Frame, Role, read_only
from engine.landscape.descents import descents_of
from engine.landscape.functions.landscapes import LANDSCAPES
from engine.landscape.picture import Basins, LandscapePicture, Trail
from engine.painting.picture import PaintingPicture
from engine.regression.picture import InitialDraws, RegressionPicture
from engine.run.spec import RunSpec
from engine.scenes import scenes
from engine.training.update_terms import plain

WAVE_MINIMA = np.array([[-0.799], [-0.166], [0.457]])


def spec(scene: str) -> RunSpec:
    """A shipped scene."""
    return scenes()[scene]


def a_frame(experiment: str, picture, curves: tuple[Curve, ...], **changes) -> Frame:
    """A frame around a picture; ``changes`` are further fields of Frame."""
    given = {
        "run": 1,
        "step": len(curves[0].y) - 1,
        "epoch": 0,
        "cost": float(curves[-1].y[-1]),
        "metrics": {},
        "axis": "step",
        "parameters": 1,
        "steps_per_second": 60.0,
    }
    return Frame(experiment=experiment, picture=picture, curves=curves, **(given | changes))


def one_parameter(steps: int = 60, scene: str = "landscape/one-parameter") -> Frame:
    """The lecture's descents on its curve, each with a difference gradient and a float index."""
    landscape = LANDSCAPES["wave"]
    x = landscape.axis(0)
    z = landscape.grid()
    slopes = np.diff(z)
    trails, curves = [], []
    for descent in descents_of(spec(scene).settings):
        index, visited = 120.0, [120.0]
        for _ in range(steps):
            index = float(np.clip(index - descent.learning_rate * slopes[min(int(index), 198)], 0, 199))
            visited.append(index)
        places = np.array(visited).astype(int)
        trails.append(
            Trail(
                label=descent.label,
                optimizer="sgd",
                learning_rate=descent.learning_rate,
                positions=read_only(x[places][:, None]),
                costs=read_only(z[places]),
                gradient=read_only(slopes[[min(places[-1], 198)]]),
                moving=True,
                index=index,
                update=plain(slopes[[min(places[-1], 198)]], {}, {"learning_rate": descent.learning_rate}, steps + 1),
                unit=x[1:2] - x[:1],
            )
        )
        curves.append(Curve(descent.label, Role.DESCENT, np.arange(steps + 1), read_only(z[places])))
    panels = tuple((number,) for number in range(len(trails)))
    terrain = _terrain("wave", x, None, z, WAVE_MINIMA)
    return a_frame(
        "landscape",
        LandscapePicture(terrain, tuple(trails), panels),
        tuple(curves),
        metrics={"best_cost": -0.609},
    )


_TERRAINS: dict[str, Terrain] = {}


def _terrain(name: str, x, y, z, minima, logarithmic: bool = False) -> Terrain:
    """The same object every time, as the engine gives it."""
    if name not in _TERRAINS:
        _TERRAINS[name] = Terrain(read_only(x), y, read_only(z), minima, logarithmic)
    return _TERRAINS[name]


def parabola(steps: int = 4) -> Frame:
    """The secant that becomes the tangent."""
    x = LANDSCAPES["parabola"].axis(0)
    position = 0.8 ** np.arange(steps + 1)
    trail = Trail("Gradient descent", "sgd", 0.1, position[:, None], position**2, 2 * position[-1:], True)
    trail = replace(trail, update=plain(2 * position[-1:], {}, {"learning_rate": 0.1}, steps + 1), unit=np.ones(1))
    terrain = _terrain("parabola", x, None, x * x, np.array([[0.0]]))
    curve = Curve("Gradient descent", Role.DESCENT, np.arange(steps + 1), position**2)
    picture = LandscapePicture(
        terrain, (trail,), ((0,),), secant=(float(position[-1] - 1.2), float(position[-1] - 1.2) ** 2)
    )
    return a_frame("landscape", picture, (curve,), steps_per_second=5.0)


def surface(name: str = "wave-surface") -> Terrain:
    """A landscape over two parameters, with the minima that its grid has."""
    landscape = LANDSCAPES[name]
    x, y, z = landscape.axis(0), landscape.axis(1), landscape.grid()
    inner = z[1:-1, 1:-1]
    shifted = [z[1 + i : z.shape[0] - 1 + i, 1 + j : z.shape[1] - 1 + j] for i in (-1, 0, 1) for j in (-1, 0, 1)]
    rows, columns = np.nonzero(inner <= np.min(shifted, axis=0))
    order = np.argsort(inner[rows, columns])
    minima = np.stack([x[columns + 1], y[rows + 1]], axis=1)[order]
    return _terrain(name, x, y, z, minima, landscape.logarithmic)


def race(steps: int = 140, scene: str = "landscape/optimizer-race") -> Frame:
    """Several descents on the lecture's surface; their paths are of the right kind, not the right numbers."""
    settings = spec(scene).settings
    landscape = LANDSCAPES[settings.landscape]
    terrain = surface(settings.landscape)
    step = 1e-5
    trails, curves = [], []
    for number, descent in enumerate(descents_of(settings)):
        position = np.array(descent.start)
        velocity = np.zeros(2)
        visited = [position]
        memory = (0.0, 0.9, 0.8, 0.5, 0.3, 0.85)[number % 6]
        for _ in range(steps):
            ahead = [landscape.values(*(position + step * axis)) for axis in np.eye(2)]
            behind = [landscape.values(*(position - step * axis)) for axis in np.eye(2)]
            gradient = (np.array(ahead) - np.array(behind)) / (2 * step)
            velocity = memory * velocity - 0.0015 * gradient
            position = np.clip(position + velocity, -2, 2)
            visited.append(position)
        positions = np.array(visited)
        costs = landscape.values(*positions.T)
        trails.append(Trail(descent.label, descent.optimizer, 0.0015, positions, costs, gradient, moving=number > 0))
        curves.append(Curve(descent.label, Role.DESCENT, np.arange(steps + 1), costs))
    panels = (tuple(range(len(trails))),)
    picture = LandscapePicture(terrain, tuple(trails), panels, by_descent=len(trails) > 1)
    return a_frame("landscape", picture, tuple(curves), metrics={"best_cost": float(min(t.costs[-1] for t in trails))})


def basins() -> Frame:
    """Every start of a 200 x 200 grid, by the nearest minimum."""
    frame = race(scene="landscape/two-parameters")
    terrain = frame.picture.terrain
    axis = np.linspace(-1, 1, 200)
    starts = np.stack(np.meshgrid(axis, axis), axis=-1)
    distance = np.linalg.norm(starts[:, :, None] - terrain.minima[None, None], axis=-1)
    owner = distance.argmin(axis=2)
    owner[:, -12:] = -1
    lost = len(terrain.minima) + 1  # the place before is for those still on their way
    share = np.bincount(np.where(owner < 0, lost, owner).ravel(), minlength=lost + 1)
    found = Basins(axis, axis, owner, share / owner.size)
    return replace(frame, picture=replace(frame.picture, basins=found, basins_of=(0.002,)), metrics={})


_X = np.linspace(-3, 3, 1000).astype(np.float32)
_Y = (np.sin(_X) + np.random.default_rng(1).uniform(-0.5, 0.5, 1000)).astype(np.float32)


def regression(epoch: int = 40, of: int = 100, data: tuple | None = None) -> Frame:
    """A fit that comes down to the noise."""
    data_x, data_y = data or (_X, _Y)
    x = np.linspace(-4.5, 4.5, 400)

    def fit(at: int) -> np.ndarray:
        done = 1 - np.exp(-at / 15)
        return (0.3 + 0.65 * done) * np.sin(x * (0.4 + 0.6 * done)) * np.exp(-np.maximum(np.abs(x) - 3, 0))

    epochs = np.arange(0, epoch + 1, max(1, epoch // 9))
    rng = np.random.default_rng(2)
    batches = 5 * epoch + 1
    steps = np.arange(batches) / 5
    exact = 0.25 + 0.8 * np.exp(-np.arange(epoch + 1) / 12)
    raw = 0.25 + 0.8 * np.exp(-steps / 12) + rng.normal(0, 0.015, batches)
    picture = RegressionPicture(data_x, data_y, x, fit(epoch), np.array([fit(e) for e in epochs]), epochs)
    curves = (
        Curve("each batch", Role.RAW, steps, raw),
        Curve("all data", Role.EXACT, np.arange(epoch + 1), exact),
    )
    return a_frame("regression", picture, curves, step=5 * epoch, epoch=epoch, axis="epoch", parameters=20, view="fit")


def initial_values() -> Frame:
    """Draws of two spreads, and what each does to the first prediction."""
    frame = regression(0)
    rng = np.random.default_rng(3)
    x = frame.picture.x
    values = (rng.normal(0, 1, 1000), rng.normal(0, 0.1, 1000))
    predictions = tuple(
        np.array([np.tanh(x[:, None] * rng.normal(0, spread, 10)).sum(axis=1) for _ in range(8)])
        for spread in (1.0, 0.1)
    )
    draws = InitialDraws(("N(0, 1)", "N(0, 0.1)"), values, predictions)
    return replace(frame, picture=replace(frame.picture, draws=draws), view="initial-values")


def painting(steps: int = 17_820, side: int = 64, done: float = 0.8) -> Frame:
    """A picture of coloured waves and discs, painted with some blur."""
    rng = np.random.default_rng(4)
    row, column = np.mgrid[0:side, 0:side] / side
    disc = ((row - 0.4) ** 2 + (column - 0.5) ** 2 < 0.06) * 1.0
    channels = [0.5 + 0.5 * np.sin(6 * row + phase) * np.cos(5 * column) for phase in (0, 1, 2)]
    smooth = np.stack(channels, axis=-1)
    target = np.clip(smooth + disc[..., None] * np.array([0.4, 0.1, -0.4]), 0, 1)
    painted = np.clip(done * target + (1 - done) * smooth + rng.normal(0, 0.04, target.shape), 0, 1)
    target8, painted8 = (target * 255).astype(np.uint8), (painted * 255).astype(np.uint8)
    error = np.abs(target8.astype(float) - painted8).mean(axis=-1).astype(np.uint8)
    axis = np.arange(steps) / 81
    raw = 42 + 130 * np.exp(-axis / 60) + rng.normal(0, 4, steps)
    epochs = np.arange(steps // 81 + 1)
    curves = (
        Curve("each batch", Role.RAW, axis, read_only(raw)),
        Curve("all data", Role.EXACT, epochs, 42 + 130 * np.exp(-epochs / 60)),
    )
    picture = PaintingPicture(read_only(target8), read_only(painted8), read_only(error))
    return a_frame(
        "painting",
        picture,
        curves,
        step=steps,
        epoch=steps // 81,
        axis="epoch",
        metrics={"psnr_db": 19.04, "mae": 16.8},
        parameters=21_187,
        steps_per_second=13_400.0,
        view="painting",
    )
