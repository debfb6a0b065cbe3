"""Two solutions, one valley: the cost on ways from one trained network to another.

On the straight line it climbs (the barrier). Part of that is only a matter of order: hidden neurons may be exchanged,
and with an odd activation turned about, without any change of the function; matching() undoes that (Ainsworth,
Hayase and Srinivasa 2023, "Git Re-Basin"). And a curve (1-t)² a + 2 t (1-t) q + t² b whose middle q is trained finds a
way that stays low (Garipov et al. 2018, "Loss Surfaces, Mode Connectivity, and Fast Ensembling"). Serves the frame: it
is asked for as an analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from engine.backend import backend
from engine.frames import Finding, read_only
from engine.training.networks import Model
from engine.training.optimizers import LiveOptimizer
from engine.training.schedules import Schedule

PLACES = 41  # on each way, both ends included
STEPS = 2000  # of the curve's training, each at a place of its own
RATE = 0.01
FLAT = 0.02  # of the straight way's barrier: as good as none
ROUNDS = 50  # of matching at most; it comes to rest after a few
ODD = ("tanh", "softsign", "linear")  # activations with f(-x) = -f(x)


@dataclass(frozen=True, eq=False)
class Valley:
    """``shares`` (PLACES,) from 0, the first network, to 1, the other; the cost there on three ways, (PLACES,) each.

    ``straight`` between both as they are, ``ordered`` after the other one's neurons were put into the first one's
    order, ``curved`` along the curve from there. ``other`` says which the other network is; ``points``: on how many
    points the cost was taken.
    """

    shares: np.ndarray
    straight: np.ndarray
    ordered: np.ndarray
    curved: np.ndarray
    other: str
    points: int

    def barrier(self, costs: np.ndarray) -> float:
        """How far the cost climbs on a way above what lies evenly between its ends."""
        return float((costs - (1 - self.shares) * costs[0] - self.shares * costs[-1]).max())

    def finding(self) -> Finding:
        """How far the cost climbs on each way."""
        return Finding("Two solutions", self.sentence())

    def sentence(self) -> str:
        """The same in one sentence."""
        climbs = self.barriers()
        words = f"To the network of {self.other} the cost climbs by {climbs['straight']:.3g} straight on"
        if climbs["ordered"] < climbs["straight"]:
            words += f", by {climbs['ordered']:.3g} with its neurons in this one's order"
        if climbs["curved"] <= FLAT * climbs["straight"]:
            return f"{words}, and not at all along the curve: both lie in one valley."
        return f"{words}, and by {climbs['curved']:.3g} along the curve."

    def barriers(self) -> dict[str, float]:
        """By the way's name."""
        return {name: self.barrier(getattr(self, name)) for name in ("straight", "ordered", "curved")}


def ordered(parts: Sequence[np.ndarray], like: Sequence[np.ndarray], is_odd: bool) -> list[np.ndarray]:
    """The same function with its hidden neurons in the order in which they are most like another network's.

    ``parts`` and ``like``: W (inputs, outputs) and b (outputs,) of each layer in turn; a network whose last hidden
    neurons are summed up has no output layer. ``is_odd``: a neuron may also change its sign, with what reads it.
    """
    wanted = [np.asarray(part, float) for part in like]
    layers = len(parts) // 2
    hidden = layers if parts[-1].size > 1 else layers - 1
    found = []
    for begins_forward in (True, False):  # each may come to rest where the other one goes on
        one = [np.array(part, float) for part in parts]
        if begins_forward:  # by what comes in alone, in the order in which it is known
            for layer in range(hidden):
                _match(one, wanted, layer, is_odd, with_next=False)
        for _ in range(ROUNDS):
            if not sum(_match(one, wanted, layer, is_odd, with_next=True) for layer in range(hidden)):
                break
        found.append(one)
    return min(found, key=lambda one: sum(np.square(a - b).sum() for a, b in zip(one, wanted, strict=True)))


def _match(parts: list[np.ndarray], like: Sequence[np.ndarray], layer: int, is_odd: bool, with_next: bool) -> bool:
    """Put a hidden layer's neurons into another network's order, in place; whether any had to move or turn."""
    weights, bias, after = 2 * layer, 2 * layer + 1, 2 * layer + 2
    has_next = after < len(parts)
    likeness = like[weights].T @ parts[weights] + np.outer(like[bias], parts[bias])
    if with_next and has_next:
        likeness += like[after] @ parts[after].T
    may_turn = is_odd and has_next
    rows, columns = linear_sum_assignment(np.abs(likeness) if may_turn else likeness, maximize=True)
    signs = np.where(may_turn & (likeness[rows, columns] < 0), -1.0, 1.0)
    if (columns == rows).all() and (signs > 0).all():
        return False
    parts[weights] = parts[weights][:, columns] * signs
    parts[bias] = parts[bias][columns] * signs
    if has_next:
        parts[after] = parts[after][columns] * signs[:, None]
    return True


class Ways:
    """The ways between networks of one model, by the cost on one sample; compiled when they are asked for first.

    Args:
        model: a fully connected one.
        cost: the model's parts -> the cost, in the graph.
        activation: its name, of engine.training.networks.
    """

    def __init__(self, model: Model, cost: Callable[[Any], Any], activation: str) -> None:
        tf = backend.tensorflow()
        self._model, self._is_odd = model, activation in ODD

        @tf.function(jit_compile=True, autograph=False, input_signature=[tf.TensorSpec([model.parameters])])
        def cost_of(flat: Any) -> Any:
            return cost(model.parts(flat))

        self._cost_of = cost_of
        self._q = q = backend.keras().Variable(np.zeros(model.parameters, np.float32))
        self._rule = rule = LiveOptimizer("adam", [q], {"learning_rate": RATE, "beta_1": 0.9, "beta_2": 0.999})
        self._blank = [backend.copied(variable) for variable in rule.state()]
        rates = tf.constant((RATE * Schedule("cosine").shares(0, STEPS, STEPS)).astype(np.float32))

        @tf.function(jit_compile=True, autograph=False)
        def train(start: Any, end: Any, places: Any) -> Any:
            def step(i: Any) -> Any:
                t = places[i]
                flat = _on_curve(start, q.value, end, t)
                # not by a GradientTape, which doesn't know the layers' own gradients
                slope = tf.gradients(cost(model.parts(flat)), flat)[0]
                rule.set_in_graph(rates[i])
                rule.apply([2 * t * (1 - t) * slope], [q])
                return (i + 1,)

            tf.while_loop(lambda i: i < STEPS, step, [tf.constant(0)])
            return tf.identity(q.value)

        self._train = train

    def between(self, first: np.ndarray, second: np.ndarray, other: str, points: int, seed: int = 0) -> Valley:
        """All three ways between two parameter vectors, float32 (parameters,)."""
        model, shares = self._model, np.linspace(0, 1, PLACES)
        parts = ordered(model.arrays(second), model.arrays(first), self._is_odd)
        turned = np.concatenate([part.ravel() for part in parts]).astype(np.float32)
        middle = self._trained_middle(first, turned, seed)
        straight, even = ([(1 - t) * first + t * end for t in shares] for end in (second, turned))
        curved = [_on_curve(first, middle, turned, t) for t in shares]
        costs = (read_only(self.costs(way)) for way in (straight, even, curved))
        return Valley(read_only(shares), *costs, other, points)

    def costs(self, way: Sequence[np.ndarray]) -> np.ndarray:
        """The cost at each of these parameters, float64."""
        tf = backend.tensorflow()
        return np.array([float(self._cost_of(tf.constant(flat, tf.float32))) for flat in way])

    def _trained_middle(self, first: np.ndarray, second: np.ndarray, seed: int) -> np.ndarray:
        """q, from halfway on, by Adam down a cosine; each step lowers the cost at one place of the curve."""
        tf = backend.tensorflow()
        for variable, value in zip(self._rule.state(), self._blank, strict=True):
            variable.assign(value)
        self._q.assign(((first + second) / 2).astype(np.float32))
        places = np.random.default_rng([seed, 5]).uniform(size=STEPS)
        return self._train(*(tf.constant(values, tf.float32) for values in (first, second, places))).numpy()


def _on_curve(start: Any, middle: Any, end: Any, t: Any) -> Any:
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end
