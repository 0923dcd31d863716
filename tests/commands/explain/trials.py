"""Random calls of a loss of scores: values, and slopes in the scores, for several numbers of classes.

A loss of a linear layer is called with the identity as its layer, so that the features are the logits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lossary.catalogue.record import Argument
from lossary.commands.data.typed import TypedLoss

__all__ = ["CLASSES", "Trial", "cosines", "trials"]

Floats = NDArray[np.float64]
ROWS = 400
CLASSES = (2, 3, 17, 300)


class Trial(NamedTuple):
    """A loss of ``classes`` classes (of elements, in a region) as a function of its first prediction."""

    loss: TypedLoss
    points: Floats
    others: dict[str, Floats]

    def at(self, points: Floats) -> tuple[Floats, Floats]:
        """Compute unreduced values and slopes at other points."""
        given = {self.loss.record.arguments[0].name: points} | self.others
        arrays = [given[argument.name] for argument in self.loss.record.arguments if argument.name in given]
        axis: dict[str, Any] = {"axis": -1} if self.loss.record.kind == "overlap" else {}
        values, slopes = self.loss.loss.value_and_gradient(*arrays, reduction="none", **axis)
        return values, slopes[0] if isinstance(slopes, tuple) else slopes


def trials(loss: TypedLoss) -> Iterator[Trial]:
    """Draw trials of every size that the domains allow, for each number of classes."""
    draw = np.random.default_rng(7)
    for classes in (1,) if loss.record.kind == "pointwise" else CLASSES:
        first, *rest = loss.record.arguments
        is_row = loss.record.kind in ("row", "linear_softmax", "softmax")
        others = {a.name: _array(draw, a, classes, is_row) for a in rest if not a.optional}
        yield Trial(loss, _array(draw, first, classes, is_row), others)


def _array(draw: np.random.Generator, argument: Argument, classes: int, is_row: bool) -> Floats:
    if argument.name.endswith("classifier"):
        return np.eye(classes)
    shape = (ROWS, classes)
    if math.isfinite(argument.domain.high) and not argument.domain.has_ends:
        numbers = np.abs(draw.standard_t(1, size=shape)).clip(0.0, 1e4)
        of_distributions = np.log(np.exp(-numbers).sum(axis=1, keepdims=True)) if is_row else 0.0
        return argument.domain.high - numbers - of_distributions
    if np.isinf(argument.domain.high):
        numbers = draw.standard_t(1, size=shape) * 10.0 ** draw.uniform(-1, 1, size=(ROWS, 1))
        low = argument.domain.low
        return low + np.abs(numbers) + 1e-9 if np.isfinite(low) else numbers.clip(-1e4, 1e4)
    if not is_row:
        return np.where(draw.random(shape) < 0.3, draw.integers(2, size=shape), draw.random(shape)) * 0.999 + 5e-4
    rows = draw.dirichlet(np.full(classes, 0.3), size=ROWS) + 1e-9
    certain = np.eye(classes)[draw.integers(classes, size=ROWS)]
    chosen = certain if argument.role == "target" else np.full(shape, 1 / classes)
    return np.where(draw.random((ROWS, 1)) < 0.5, rows / rows.sum(axis=1, keepdims=True), chosen)


def cosines(draw: np.random.Generator, temperature: float, count: int) -> tuple[Floats, Floats]:
    """Compute the textbook in-batch loss of random cosines: values, and slopes in the cosines."""
    similarities = draw.uniform(-1, 1, size=(ROWS, count))
    similarities[0, 0], similarities[0, 1:] = -1, 1
    z = similarities / temperature
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return -np.log(p[:, 0]), (p - np.eye(count)[0]) / temperature
