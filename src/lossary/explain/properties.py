"""What a loss is like, found by trying it: over its whole range, at pairs of points, on small samples."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lossary.data.typed import TypedLoss
from lossary.explain.curves import Line, arguments, line_of, value_and_slope

__all__ = ["Property", "properties"]

Floats = NDArray[np.float64]
# Far out, where growth shows; beyond it float64 has nothing new to say.
FAR = (1e2, 1e4, 1e6)
NEAR = 1e-7
TRIALS = 200


class Property(NamedTuple):
    """A fact about a loss: what it is about, and what was found."""

    name: str
    finding: str


def properties(loss: TypedLoss) -> tuple[Property, ...]:
    """What holds of the loss with these settings."""
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
    first = np.asarray(line.point(line.low)[0])
    for target in line.targets.values():
        for _ in range(TRIALS):
            a, b = (_random_point(draw, loss, first.shape, line) for _ in range(2))
            turn = float(np.sum((_gradient(loss, a, target) - _gradient(loss, b, target)) * (a - b)))
            if turn < -1e-9:
                return f"no, not in {_what(loss)}"
    return f"yes, in {_what(loss)}"


def _random_point(draw: np.random.Generator, loss: TypedLoss, shape: tuple[int, ...], line: Line) -> Floats:
    if not math.isfinite(loss.record.predictions[0].domain.high):
        return draw.normal(scale=line.high, size=shape)
    point = draw.uniform(0.01, 0.99, size=shape)
    return point / point.sum(axis=-1, keepdims=True) if loss.record.kind == "row" else point


def _gradient(loss: TypedLoss, first: Floats, target: object) -> Floats:
    gradient = loss.loss.value_and_gradient(*arguments(loss.record, first, target))[1]
    return np.asarray(gradient[0] if isinstance(gradient, tuple) else gradient)


def _slope(loss: TypedLoss, line: Line, target: object) -> str:
    """The greatest slope on the way out."""
    within = [abs(value_and_slope(loss, line, x, target)[1]) for x in np.linspace(line.low, line.high, 41)]
    if math.isfinite(loss.record.predictions[0].domain.high) or loss.record.kind == "pairs":
        bound = max(abs(value_and_slope(loss, line, line.low / far, target)[1]) for far in FAR) if line.low > 0 else 0.0
        steepest = max(*within, bound)
        return "grows without bound near 0" if steepest > FAR[0] else f"bounded, at most {steepest:.3g} on this line"
    out = [max(abs(value_and_slope(loss, line, sign * far, target)[1]) for sign in (-1, 1)) for far in FAR]
    if out[-1] > 2 * max(*within, out[0]):
        return "grows without bound: one far outlier can outweigh all other rows"
    return f"bounded, at most {max(*within, *out):.3g}: no row pulls harder than that"


def _symmetry(loss: TypedLoss, line: Line, target: object) -> str:
    pairs = [[value_and_slope(loss, line, sign * x, target)[0] for sign in (-1, 1)] for x in (0.1, 1.0, 3.0, 50.0)]
    same = all(math.isclose(low, high, rel_tol=1e-9) for low, high in pairs)
    return "yes, too high and too low cost the same" if same else "no, too high and too low cost differently"


def _smoothness(loss: TypedLoss, line: Line, target: object) -> str:
    low, high = (value_and_slope(loss, line, x, target)[1] for x in (-NEAR, NEAR))
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
        best = _best_constant(loss, line, (min(SAMPLE), max(SAMPLE)), [([value], 1.0) for value in SAMPLE])
        return f"{best:.3g} for the numbers 0, 1, 1, 2, 11 (their mean is 3, their median 1)"
    if record.kind not in ("pointwise", "row", "softmax"):
        return ""
    right, wrong = ([1.0], [0.0]) if record.kind == "pointwise" else ([[1.0, 0.0]], [[0.0, 1.0]])
    best = _best_constant(loss, line, (line.low, line.high), [(right, SHARE), (wrong, 1 - SHARE)])
    probability = best if math.isfinite(record.predictions[0].domain.high) else 1 / (1 + math.exp(-best))
    return f"a probability of {probability:.2g} where {SHARE:.0%} of the rows are positive"


def _best_constant(loss: TypedLoss, line: Line, span: tuple[float, float], sample: list[tuple[object, float]]) -> float:
    """On a grid, then on a finer one around what was found."""

    def total(place: float) -> float:
        return sum(share * value_and_slope(loss, line, place, target)[0] for target, share in sample)

    low, high = span
    for _ in range(3):
        places = np.linspace(low, high, PLACES)
        best, step = min(map(float, places), key=total), places[1] - places[0]
        low, high = max(span[0], best - step), min(span[1], best + step)
    return best
