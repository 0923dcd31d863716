"""Curves of a loss: value and slope where one number varies and the others are fixed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lossary.catalogue.record import Argument, Record
from lossary.commands.data.typed import TypedLoss
from lossary.commands.explain.samples import example, is_probability, residual_of
from lossary.contract.keywords import keywords_of

__all__ = ["Curve", "Line", "curves", "line_of"]

Floats = NDArray[np.float64]
POINTS = 161


@dataclass(frozen=True)
class Curve:
    """Value and slope along x, for the target that ``label`` describes."""

    label: str
    x: Floats
    value: Floats
    slope: Floats


class Line(NamedTuple):
    """A line through the domain: the meaning and range of x, and the targets to plot."""

    title: str
    low: float
    high: float
    targets: dict[str, Any]
    # From x to the loss's first prediction and its derivative in x.
    point: Callable[[float], tuple[Any, Any]]


def curves(loss: TypedLoss, *, of_output: bool = False) -> tuple[str, list[Curve]]:
    """Return the title of x and a curve for each target; with ``of_output``, x comes before the output layer."""
    loss = loss.of_logits
    line = line_of(loss.record, of_output=of_output)
    x = np.linspace(line.low, line.high, POINTS)

    def drawn(targets: dict[str, Any]) -> list[Curve]:
        return [Curve(label, x, *along(loss, line, x, target)) for label, target in targets.items()]

    found = drawn(line.targets)
    if not loss.record.by_row:
        return line.title, found
    # Of a label a loss may be infinite for all predictions but one.
    return line.title, [curve for curve in found if np.isfinite(np.median(curve.value))] or drawn(SOFT)


def along(loss: TypedLoss, line: Line, x: Floats, target: Any) -> tuple[Floats, Floats]:
    """Return the loss and its derivative along the line."""
    points, tangents = (np.array(part, dtype=np.float64) for part in zip(*map(line.point, x), strict=True))
    values, gradients = measured(loss, points, target)
    with np.errstate(invalid="ignore"):  # infinite slopes of both signs, of an infinite loss
        return values, (gradients * tangents).reshape(len(x), -1).sum(axis=1)


def measured(loss: TypedLoss, points: Floats, target: Any) -> tuple[Floats, Floats]:
    """Return the loss and its gradient for many first predictions, each with this target."""
    if loss.record.compares_rows or loss.record.axes:  # a batch each
        each = [loss.loss.value_and_gradient(point, *target) for point in points]
        slopes = [slope[0] if isinstance(slope, tuple) else slope for _, slope in each]
        return np.array([value for value, _ in each]), np.array(slopes)
    targets = np.broadcast_to(np.asarray(target, dtype=np.float64), points.shape)
    rest = [_beside(argument, targets) for argument in loss.record.arguments[1:]]
    if loss.record.takes_vectors:  # two that an anchor is compared with differ
        rest[1:] = [-other for other in rest[1:]]
    # An item's own loss does not depend on which items there are and how they are combined.
    plain: dict[str, Any] = {row.name: row.default for row in keywords_of(loss.record) if not row.changes_item}
    if loss.record.by_region:  # of the region of each point
        plain["axis"] = -1
    values, gradients = loss.loss.value_and_gradient(points, *rest, **plain | {"reduction": "none"})
    return values, gradients[0] if isinstance(gradients, tuple) else gradients


def _beside(argument: Argument, targets: Floats) -> Floats:
    """Return the values of an argument that does not move: the targets, logits of them, or any number inside."""
    if argument.role == "target":
        return targets
    if argument.role == "reference" and argument.takes_logits:
        return _logits(targets)
    return np.full_like(targets, 1.0 if argument.domain.contains(1.0) else argument.domain.inside)


def _logits(probability: Floats) -> Floats:
    """Return logits whose softmax is these probabilities."""
    with np.errstate(divide="ignore"):
        logits: Floats = np.log(probability)
    return logits


def line_of(record: Record, *, of_output: bool = False) -> Line:
    """Return the line to plot for a loss of this kind."""
    first = record.predictions[0]
    bounded = first.domain.has_ends
    if record.compares_rows:
        return Line("cosine similarity to the right partner", -0.99, 0.99, PAIRS, _pair)
    if record.axes:
        return _of_example(record)
    is_share = not first.domain.includes_low  # a target in [0, 1] beside a positive prediction: no yes or no
    if record.by_element and (is_share or not math.isfinite(record.arguments[1].domain.high)):
        return _of_numbers(record)
    motion, targets, title = MOTIONS["vector" if record.takes_vectors else record.item]
    if not record.by_region and any(a.role == "target" and a.domain.sums_to_one for a in record.arguments):
        targets = targets | SOFT
    if len(record.predictions) == len(record.arguments):
        targets = {"": next(iter(targets.values()))}
    if record.takes_vectors:
        return Line(f"{title}, beside 1", -6.0, 6.0, targets, lambda x: motion(x, 1.0, 1.0))
    if first.takes_log_probabilities and record.by_row:
        return Line("logit", -6.0, 6.0, targets, _of_logit) if of_output else _of_logarithms(title, targets)
    if not bounded:
        low = first.domain.low if math.isfinite(first.domain.low) else -6.0
        title = "logit" if first.takes_logits else first.name.replace("_", " ")
        return Line(title, low, min(first.domain.high, 6.0), targets, lambda x: motion(x, 1.0, 0.0))
    if of_output:
        return Line("logit", -6.0, 6.0, targets, lambda x: _after_sigmoid(motion, x))
    return Line(f"predicted probability {title}", 0.005, 0.995, targets, lambda x: motion(x, 1.0, 1.0 - x))


def _of_example(record: Record) -> Line:
    """Return the line of the first number of the first prediction, beside a small example."""
    base, *others = example(record)
    moved = np.zeros_like(base)
    moved.flat[0] = 1.0
    low, high = (0.005, 0.995) if is_probability(record) else (-6.0, 6.0)
    title = f"first number of {record.predictions[0].name.replace('_', ' ')}"
    return Line(title, low, high, {"": others}, lambda x: (np.where(moved == 1.0, x, base), moved))


def _of_numbers(record: Record) -> Line:
    """Return the line of a residual, or that of the first prediction where more than its residual counts."""
    first, has_target = record.predictions[0], any(a.role == "target" for a in record.arguments)
    if first.guesses_target and residual_of(record, record.graph) is not None:
        return Line("residual: prediction − target", -4.0, 4.0, {"": 0.0}, lambda x: (x, 1.0))
    low, high = (
        (first.domain.low + 0.25, 6.0) if math.isfinite(first.domain.low) else (-3.0, min(first.domain.high, 3.0))
    )
    is_share = has_target and math.isfinite(record.arguments[1].domain.high)
    numbers = {"target ¼": 0.25, "target ¾": 0.75} if is_share else {"target 1": 1.0, "target 3": 3.0}
    targets = numbers if has_target else {"": 1.0}
    return Line(first.name.replace("_", " "), low, high, targets, lambda x: (x, 1.0))


# From x, its speed and the value of the other class to a point and its derivative.
Motion = Callable[[float, float, float], tuple[Any, Any]]


def _after_sigmoid(motion: Motion, x: float) -> tuple[Any, Any]:
    p = 1 / (1 + math.exp(-x))
    return motion(p, p * (1 - p), 1 - p)


def _of_logarithms(title: str, targets: dict[str, Any]) -> Line:
    def point(x: float) -> tuple[Any, Any]:
        other = -math.expm1(x)  # the probability of the second class
        return [x, math.log(other)], [1.0, -math.exp(x) / other]

    return Line(f"predicted log-probability {title}", -6.0, -0.01, targets, point)


def _of_logit(x: float) -> tuple[Any, Any]:
    """Return the log-probabilities of two classes, given the first one's logit."""
    p = 1 / (1 + math.exp(-x))
    return [math.log(p), math.log1p(-p)], [1 - p, -p]


def _element(x: float, speed: float, _: float) -> tuple[Any, Any]:
    return x, speed


def _two_classes(x: float, speed: float, other: float) -> tuple[Any, Any]:
    """Return two classes, the first at x; the other's probability falls as x rises, its logit stays at 0."""
    return [x, other], [speed, -speed if other else 0.0]


def _two_numbers(x: float, speed: float, other: float) -> tuple[Any, Any]:
    return [x, other], [speed, 0.0]


def _region(x: float, speed: float, _: float) -> tuple[Any, Any]:
    """Return four elements, one of a region of two at x; the others are predicted right."""
    return [x, 1.0, 0.0, 0.0], [speed, 0.0, 0.0, 0.0]


def _pair(x: float) -> tuple[Any, Any]:
    """Return two pairs of vectors; the first vector has a cosine of x to its partner and 0 to the other pair."""
    height = math.sqrt(1 - x * x)
    return [[x, 0.0, height], [0.0, 1.0, 0.0]], [[1.0, 0.0, -x / height], [0.0, 0.0, 0.0]]


MOTIONS: dict[str, tuple[Motion, dict[str, Any], str]] = {
    "element": (_element, {"target 1": 1.0, "target 0": 0.0}, "of an element"),
    "vector": (_two_numbers, {"target (1, 0)": [1.0, 0.0]}, "first of two numbers"),
    "row": (_two_classes, {"first class is right": [1.0, 0.0]}, "of the first of two classes"),
    "region": (_region, {"inside the region": [1.0, 1.0, 0.0, 0.0]}, "of one element of a region of two"),
}
SOFT = {"target (0.7, 0.3)": [0.7, 0.3]}
PAIRS = {"": [np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])]}
