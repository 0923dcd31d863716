"""A loss along a line: its value and slope where one number varies and the rest is held."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lossary.catalogue.record import Record
from lossary.commands.data.typed import TypedLoss
from lossary.contract.keywords import keywords_of

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
    loss = loss.of_logits
    line = line_of(loss.record, of_output=of_output)
    x = np.linspace(line.low, line.high, POINTS)
    return line.title, [Curve(label, x, *along(loss, line, x, target)) for label, target in line.targets.items()]


def along(loss: TypedLoss, line: Line, x: Floats, target: Any) -> tuple[Floats, Floats]:
    """The loss at places of the line, and how fast it changes there."""
    points, tangents = (np.array(part, dtype=np.float64) for part in zip(*map(line.point, x), strict=True))
    values, gradients = measured(loss, points, target)
    return values, (gradients * tangents).reshape(len(x), -1).sum(axis=1)


def measured(loss: TypedLoss, points: Floats, target: Any) -> tuple[Floats, Floats]:
    """Of many first predictions, each with this target: the loss, and its gradient in them."""
    if loss.record.kind == "pairs":  # a batch each
        each = [loss.loss.value_and_gradient(point, np.asarray(target)) for point in points]
        return np.array([value for value, _ in each]), np.array([gradient[0] for _, gradient in each])
    rest = iter([points, *(np.ones_like(points) for _ in loss.record.predictions[1:])])
    targets = np.broadcast_to(np.asarray(target, dtype=np.float64), points.shape)
    arguments = [
        next(rest) if argument.role == "prediction" else targets if argument.role == "target" else _logits(targets)
        for argument in loss.record.arguments
    ]
    # An item's own loss does not depend on which items there are and how they are combined.
    plain: dict[str, Any] = {row.name: row.default for row in keywords_of(loss.record) if not row.changes_item}
    if loss.record.kind == "overlap":  # of the region of each point
        plain["axis"] = -1
    values, gradients = loss.loss.value_and_gradient(*arguments, **plain | {"reduction": "none"})
    return values, gradients[0] if isinstance(gradients, tuple) else gradients


def _logits(probability: Floats) -> Floats:
    """Logits whose softmax they are."""
    with np.errstate(divide="ignore"):
        logits: Floats = np.log(probability)
    return logits


def line_of(record: Record, *, of_output: bool = False) -> Line:
    """The line that shows this kind of loss best."""
    bounded = math.isfinite(record.predictions[0].domain.high)
    if record.kind == "pairs":
        return Line("cosine similarity to the right partner", -0.99, 0.99, PAIRS, _pair)
    if record.kind == "pointwise" and not math.isfinite(record.arguments[1].domain.high):
        return Line("residual: prediction − target", -4.0, 4.0, {"": 0.0}, lambda x: (x, 1.0))
    shape, targets, title = SHAPES[record.kind]
    if record.kind != "overlap" and any(a.role == "target" and a.domain.sums_to_one for a in record.arguments):
        targets = targets | SOFT
    if len(record.predictions) == len(record.arguments):
        targets = {"": next(iter(targets.values()))}
    if not bounded:
        return Line("logit", -6.0, 6.0, targets, lambda x: shape(x, 1.0, 0.0))
    if of_output:
        return Line("logit", -6.0, 6.0, targets, lambda x: _after_sigmoid(shape, x))
    return Line(f"predicted probability {title}", 0.005, 0.995, targets, lambda x: shape(x, 1.0, 1.0 - x))


Shape = Callable[[float, float, float], tuple[Any, Any]]


def _after_sigmoid(shape: Shape, x: float) -> tuple[Any, Any]:
    p = 1 / (1 + math.exp(-x))
    return shape(p, p * (1 - p), 1 - p)


def _element(x: float, speed: float, _: float) -> tuple[Any, Any]:
    return x, speed


def _two_classes(x: float, speed: float, other: float) -> tuple[Any, Any]:
    """The first of two classes at x; the other's probability falls as the first one's rises, its logit stays at 0."""
    return [x, other], [speed, -speed if other else 0.0]


def _region(x: float, speed: float, _: float) -> tuple[Any, Any]:
    """One of the two elements of a region, among four; the others are predicted right."""
    return [x, 1.0, 0.0, 0.0], [speed, 0.0, 0.0, 0.0]


def _pair(x: float) -> tuple[Any, Any]:
    """Two pairs of vectors, the first one's partner turned away; its similarity to the other pair stays 0."""
    height = math.sqrt(1 - x * x)
    return [[x, 0.0, height], [0.0, 1.0, 0.0]], [[1.0, 0.0, -x / height], [0.0, 0.0, 0.0]]


SHAPES: dict[str, tuple[Shape, dict[str, Any], str]] = {
    "pointwise": (_element, {"target 1": 1.0, "target 0": 0.0}, "of an element"),
    "row": (_two_classes, {"first class is right": [1.0, 0.0]}, "of the first of two classes"),
    "softmax": (_two_classes, {"first class is right": [1.0, 0.0]}, "of the first of two classes"),
    "overlap": (_region, {"inside the region": [1.0, 1.0, 0.0, 0.0]}, "of one element of a region of two"),
}
SOFT = {"target (0.7, 0.3)": [0.7, 0.3]}
PAIRS = {"": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]}
