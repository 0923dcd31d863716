"""A loss along a line: its value and slope where one number varies and the rest is held."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lossary.data.typed import TypedLoss
from lossary.record import Record

__all__ = ["Curve", "Line", "curves", "line_of"]

Floats = NDArray[np.float64]
POINTS = 161


@dataclass(frozen=True)
class Curve:
    """Value and slope along x, for the target that ``label`` tells."""

    label: str
    x: Floats
    value: Floats
    slope: Floats


class Line(NamedTuple):
    """What x means, where it runs, and the targets to draw."""

    title: str
    low: float
    high: float
    targets: dict[str, Any]
    # From x to the loss's first prediction, and how fast that changes with x.
    point: Callable[[float], tuple[Any, Any]]


def curves(loss: TypedLoss, *, of_output: bool = False) -> tuple[str, list[Curve]]:
    """What x is, and a curve for each target; of a network's output before the output layer if asked for."""
    line = line_of(loss.record, of_output=of_output)
    x = np.linspace(line.low, line.high, POINTS)
    return line.title, [Curve(label, x, *_along(loss, line, x, target)) for label, target in line.targets.items()]


def _along(loss: TypedLoss, line: Line, x: Floats, target: Any) -> tuple[Floats, Floats]:
    values, slopes = np.empty_like(x), np.empty_like(x)
    for i, at in enumerate(x):
        values[i], slopes[i] = value_and_slope(loss, line, float(at), target)
    return values, slopes


def value_and_slope(loss: TypedLoss, line: Line, at: float, target: Any) -> tuple[float, float]:
    """The loss at one place of the line, and how fast it changes there."""
    first, tangent = line.point(at)
    value, gradient = loss.loss.value_and_gradient(*arguments(loss.record, first, target))
    first_gradient = gradient[0] if isinstance(gradient, tuple) else gradient
    return float(value), float(np.sum(first_gradient * np.asarray(tangent)))


def arguments(record: Record, first: Any, target: Any) -> list[Any]:
    """A call's arrays: the first prediction, the target, and 1 for each further prediction."""
    rest = iter([first, *(np.ones_like(first) for _ in record.predictions[1:])])
    return [
        np.asarray(target) if argument.role == "target" else np.asarray(next(rest)) for argument in record.arguments
    ]


def line_of(record: Record, *, of_output: bool = False) -> Line:
    """The line that shows this kind of loss best."""
    bounded = math.isfinite(record.predictions[0].domain.high)
    if record.kind == "pairs":
        return Line("cosine similarity to the right partner", -0.99, 0.99, PAIRS, _pair)
    if record.kind == "pointwise" and not math.isfinite(record.arguments[1].domain.high):
        return Line("residual: prediction − target", -4.0, 4.0, {"": [0.0]}, lambda x: ([x], [1.0]))
    shape, targets, title = SHAPES[record.kind]
    if record.kind != "overlap" and any(a.role == "target" and a.domain.sums_to_one for a in record.arguments):
        targets = targets | SOFT
    if not bounded:
        return Line(f"{OUTPUT} {title}", -6.0, 6.0, targets, lambda x: shape(x, 1.0, 0.0))
    if of_output:
        return Line(f"{OUTPUT} {title}", -6.0, 6.0, targets, lambda x: _after_sigmoid(shape, x))
    return Line(f"predicted probability {title}", 0.005, 0.995, targets, lambda x: shape(x, 1.0, 1.0 - x))


OUTPUT = "network's output (logit)"
Shape = Callable[[float, float, float], tuple[Any, Any]]


def _after_sigmoid(shape: Shape, x: float) -> tuple[Any, Any]:
    p = 1 / (1 + math.exp(-x))
    return shape(p, p * (1 - p), 1 - p)


def _element(x: float, speed: float, _: float) -> tuple[Any, Any]:
    return [x], [speed]


def _two_classes(x: float, speed: float, other: float) -> tuple[Any, Any]:
    """The first of two classes at x; the other's probability falls as the first one's rises, its logit stays at 0."""
    return [[x, other]], [[speed, -speed if other else 0.0]]


def _region(x: float, speed: float, _: float) -> tuple[Any, Any]:
    """One of the two elements of a region, among four; the others are predicted right."""
    return [x, 1.0, 0.0, 0.0], [speed, 0.0, 0.0, 0.0]


def _pair(x: float) -> tuple[Any, Any]:
    """Two pairs of vectors, the first one's partner turned away; its similarity to the other pair stays 0."""
    height = math.sqrt(1 - x * x)
    return [[x, 0.0, height], [0.0, 1.0, 0.0]], [[1.0, 0.0, -x / height], [0.0, 0.0, 0.0]]


SHAPES: dict[str, tuple[Shape, dict[str, Any], str]] = {
    "pointwise": (_element, {"target 1": [1.0], "target 0": [0.0]}, "of an element"),
    "row": (_two_classes, {"first class is right": [[1.0, 0.0]]}, "of the first of two classes"),
    "softmax": (_two_classes, {"first class is right": [[1.0, 0.0]]}, "of the first of two classes"),
    "overlap": (_region, {"inside the region": [1.0, 1.0, 0.0, 0.0]}, "of one element of a region of two"),
}
SOFT = {"target (0.7, 0.3)": [[0.7, 0.3]]}
PAIRS = {"": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]}
