"""What a loss is like, found by trying it: over its whole range, at pairs of points, on small samples."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lossary.data.typed import TypedLoss
from lossary.explain.curves import Line, along, line_of, measured

__all__ = ["Property", "properties"]

Floats = NDArray[np.float64]
# Far out, where growth shows; beyond it float64 has nothing new to say.
FAR = np.array([1e2, 1e4, 1e6])
NEAR = 1e-7
TRIALS = 200


class Property(NamedTuple):
    """A fact about a loss: what it is about, and what was found."""

    name: str
    finding: str


def properties(loss: TypedLoss) -> tuple[Property, ...]:
    """What holds of the loss with these settings."""
    loss = loss.of_logits
    return tuple(_found(loss, line_of(loss.record)))


def _found(loss: TypedLoss, line: Line) -> Iterator[Property]:
    target = next(iter(line.targets.values()))
    yield Property("convex", _convexity(loss, line))
    yield Property("slope", _slope(loss, line, target))
    if loss.record.task == "regression":
        yield Property("symmetric", _symmetry(loss, line, target))
        yield Property("smooth", _smoothness(loss, line, target))
    estimate = _estimate(loss, line)
    if estimate:
        yield Property("best constant", estimate)


def _what(loss: TypedLoss) -> str:
    return loss.record.predictions[0].name


def _convexity(loss: TypedLoss, line: Line) -> str:
    """The gradient of a convex function never turns back: (g(a) − g(b))·(a − b) ≥ 0, tried on random pairs."""
    if loss.record.kind == "pairs":
        return "no, a cosine similarity is not convex in its vectors"
    draw = np.random.default_rng(0)
    a, b = (_random_points(draw, loss, line) for _ in range(2))
    for target in line.targets.values():
        turns = (measured(loss, a, target)[1] - measured(loss, b, target)[1]) * (a - b)
        if turns.reshape(TRIALS, -1).sum(axis=1).min() < -1e-9:
            return f"no, not in {_what(loss)}"
    return f"yes, in {_what(loss)}"


def _random_points(draw: np.random.Generator, loss: TypedLoss, line: Line) -> Floats:
    shape = (TRIALS, *np.shape(line.point(line.low)[0]))
    if not _bounded(loss):
        return draw.normal(scale=line.high, size=shape)
    points = draw.uniform(0.01, 0.99, size=shape)
    return points / points.sum(axis=-1, keepdims=True) if loss.record.kind == "row" else points


def _bounded(loss: TypedLoss) -> bool:
    """Whether the first prediction is a probability."""
    return math.isfinite(loss.record.predictions[0].domain.high)


def _slope(loss: TypedLoss, line: Line, target: object) -> str:
    """The greatest slope on the way out."""
    if loss.record.kind == "pairs":
        return (
            f"bounded, at most {_steepest(loss, line, np.linspace(line.low, line.high, 41), target):.3g} on this line"
        )
    within = _steepest(loss, line, np.linspace(line.low, line.high, 41), target)
    if _bounded(loss):
        steepest = max(within, _steepest(loss, line, line.low / FAR, target))
        return "grows without bound near 0" if steepest > FAR[0] else f"bounded, at most {steepest:.3g} on this line"
    near, *_, far = (_steepest(loss, line, np.array([-place, place]), target) for place in FAR)
    if far > 2 * max(within, near):
        return "grows without bound: one far outlier can outweigh all other rows"
    return f"bounded, at most {max(within, far):.3g}: no row pulls harder than that"


def _steepest(loss: TypedLoss, line: Line, places: Floats, target: object) -> float:
    return float(np.abs(along(loss, line, places, target)[1]).max())


def _symmetry(loss: TypedLoss, line: Line, target: object) -> str:
    places = np.array([0.1, 1.0, 3.0, 50.0])
    low, high = (along(loss, line, sign * places, target)[0] for sign in (-1, 1))
    same = np.allclose(low, high, rtol=1e-9, atol=0)
    return "yes, too high and too low cost the same" if same else "no, too high and too low cost differently"


def _smoothness(loss: TypedLoss, line: Line, target: object) -> str:
    low, high = along(loss, line, np.array([-NEAR, NEAR]), target)[1]
    if abs(high - low) > 1e-3:
        return f"no, at residual 0 the slope jumps from {low:.3g} to {high:.3g}".replace("-", "−")
    return "yes, the slope fades to 0 with the residual"


SAMPLE = (0.0, 1.0, 1.0, 2.0, 11.0)
SHARE = 0.3
PLACES = 45


def _estimate(loss: TypedLoss, line: Line) -> str:
    """What the loss estimates: the constant that it likes best for a small sample."""
    record = loss.record
    if record.task == "regression":
        best = _best_constant(loss, line, (min(SAMPLE), max(SAMPLE)), [(value, 1.0) for value in SAMPLE])
        return f"{best:.3g} for the numbers 0, 1, 1, 2, 11 (their mean is 3, their median 1)"
    if record.kind not in ("pointwise", "row", "softmax"):
        return ""
    right, wrong = (1.0, 0.0) if record.kind == "pointwise" else ([1.0, 0.0], [0.0, 1.0])
    best = _best_constant(loss, line, (line.low, line.high), [(right, SHARE), (wrong, 1 - SHARE)])
    if best in (line.low, line.high):
        return "none: it falls without end"
    probability = best if _bounded(loss) else 1 / (1 + math.exp(-best))
    return f"a probability of {probability:.2g} where {SHARE:.0%} of the rows are positive"


def _best_constant(loss: TypedLoss, line: Line, span: tuple[float, float], sample: list[tuple[object, float]]) -> float:
    """On a grid, then on finer ones around what was found."""
    low, high = span
    best = low
    for _ in range(3):
        places = np.linspace(low, high, PLACES)
        totals = sum(share * along(loss, line, places, target)[0] for target, share in sample)
        best, step = float(places[np.argmin(totals)]), places[1] - places[0]
        low, high = max(span[0], best - step), min(span[1], best + step)
    return best
