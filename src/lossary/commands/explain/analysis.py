"""A loss prepared for analysis: its formula with numbers as parameters, its slope, bounds and shape."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lossary.catalogue.keyword import keywords_of
from lossary.catalogue.record import Argument, Record
from lossary.commands.data.typed import TypedLoss
from lossary.commands.explain.bounds import ANY, Bounds, Range
from lossary.commands.explain.convexity import Shape, shape
from lossary.commands.explain.curves import measured
from lossary.commands.explain.samples import (
    of_scores,
    places_of,
    points,
    residual_of,
    spread,
    targets,
    typical_targets,
)
from lossary.symbolic.derivatives import curvature, gradient
from lossary.symbolic.graph import Node, constant, substitute, walk

__all__ = ["Analysis", "analysed"]

Floats = NDArray[np.float64]
TRIALS = 200
ROUNDING = 1e-9
COSINE = Range(-1.0, 1.0)


@dataclass(frozen=True)
class Analysis:
    """A loss; of one that computes its scores, the loss of the scores alone. ``scores`` is their range."""

    loss: TypedLoss
    scores: Range

    @property
    def record(self) -> Record:
        return self.loss.record

    @property
    def name(self) -> str:
        """Name of the first prediction, in words."""
        name = self.record.predictions[0].name
        return f"cosine {name}" if self.is_of_pairs else name

    @property
    def is_of_classes(self) -> bool:
        """True if an item is a row of classes."""
        return self.record.by_row and not self.record.takes_vectors

    @property
    def is_of_pairs(self) -> bool:
        return self.scores == COSINE

    @property
    def places(self) -> tuple[int, ...]:
        """Numbers of classes, or of elements of a region, to try."""
        return places_of(self.record)

    @property
    def symbol(self) -> Node:
        return self.record.predictions[0].symbol

    @cached_property
    def formula(self) -> Node:
        """Formula of one item, with numbers in place of the parameters."""
        settings = self.loss.settings
        numbers = {p.symbol: constant(settings.get(p.name, p.default)) for p in self.record.parameters}
        formula = substitute(self.record.whole, numbers)
        for row in keywords_of(self.record):
            if row.loss and settings.get(row.name) is not None:
                formula = row.loss(constant(settings[row.name]), formula)
        return formula

    @cached_property
    def slope(self) -> Node:
        return gradient(self.formula, [self.symbol])[0]

    @cached_property
    def bounds(self) -> Bounds:
        """Bounds that follow from the arguments' domains, and from predictions and class targets that sum to 1."""
        known = {a.symbol: Range(a.domain.low, a.domain.high) for a in self.record.arguments}
        known |= {node: Range(0.0, math.inf) for node in walk(self.formula) if node.word == "nonnegative"}
        known[self.symbol] = self.scores.meets(known[self.symbol])
        targets = [a.symbol for a in self.record.arguments if a.role == "target" and self._is_share(a)]
        return Bounds(known | dict.fromkeys(targets, Range(0.0, 1.0)), targets)

    def _is_share(self, target: Argument) -> bool:
        """Return True for a target whose rows sum to 1; that of pairs is the label of the right one."""
        return self.is_of_classes and (self.is_of_pairs or target.domain.high == 1.0)

    @cached_property
    def shape(self) -> Shape:
        """Proved shape of the loss as a function of the first prediction."""
        found = shape(self.formula, self.symbol, self.bounds)
        rises = self._is_by_place and self.bounds.of(curvature(self.slope, self.symbol)).low >= 0
        return found | Shape.CONVEX if rises and not self.has_counterexample else found

    @property
    def _is_by_place(self) -> bool:
        """True if the loss is of single elements, or a sum of such: then all mixed second derivatives are 0."""
        term = self.formula.arguments[0] if self.formula.word == "nonnegative" else self.formula
        if self.record.by_row and term.word == "total":
            return not any(part.couples for part in walk(term.arguments[0]))
        return self.record.by_element

    @cached_property
    def has_counterexample(self) -> bool:
        """True if an example shows that the loss is not convex: (g(a) − g(b))·(a − b) < 0."""
        draw = np.random.default_rng(0)
        return any(self._is_not_monotone(places, draw) for places in self.places)

    def _is_not_monotone(self, places: int, draw: np.random.Generator) -> bool:
        a, b = (points(self.record, TRIALS, places, draw, self.scores.high) for _ in range(2))
        target = targets(self.record, TRIALS, places, draw)
        first, second = (measured(self.loss, each, target)[1] for each in (a, b))
        with np.errstate(invalid="ignore"):  # infinite slopes, of which a difference tells nothing
            products = ((first - second) * (a - b)).reshape(TRIALS, -1)
            sizes = ((np.abs(first) + np.abs(second)) * np.abs(a - b)).reshape(TRIALS, -1)
            return bool((products.sum(axis=1) < -ROUNDING * sizes.sum(axis=1)).any())

    def along(self, places: int) -> tuple[Floats, Floats]:
        """Return values and gradients along the whole domain, for rows of so many places."""
        line = spread(self.record, places, self.scores.high)
        found = [measured(self.loss, line, target) for target in typical_targets(self.record, places)]
        return np.concatenate([values for values, _ in found]), np.concatenate([slopes for _, slopes in found])

    @cached_property
    def residual(self) -> Node | None:
        """The node prediction − target, if a formula of single elements depends on these two only through it."""
        if self.record.by_row:
            return None
        return residual_of(self.record, self.formula)


def analysed(loss: TypedLoss) -> Analysis:
    """Prepare a loss for analysis, as a function of its scores if it computes them."""
    return Analysis(of_scores(loss), COSINE if loss.record.compares_rows else ANY)
