"""Numbers at the ends of their domains: infinite logits, impossible classes, empty regions, products that overflow."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fuzz.textbook import PERIODIC
from lossary.catalogue.record import Argument, Record, Scores
from lossary.symbolic.graph import walk

__all__ = ["at_edges"]

Array = np.ndarray[Any, Any]
Arrays = dict[str, Array]
LARGE = {"float16": 2.0**14}  # finite; its square overflows in single precision, or is beyond every exponential
LARGEST = 1e20


def at_edges(
    record: Record, arrays: Arrays, axes: tuple[int, ...], dtype: Any, overflow: bool, rng: np.random.Generator
) -> Arrays:
    """The arguments and parameters that are changed, each in some places of some draws.

    Unless they may ``overflow``, logits that are computed stay moderate.
    """
    edges = _Edges(record, arrays, axes, LARGE.get(str(dtype), LARGEST), overflow, rng)
    of_kind = "vectors" if record.takes_vectors else record.kind
    changed = {
        "vectors": edges.vectors,
        "overlap": edges.regions,
        "pointwise": edges.elements,
        "linear_softmax": edges.layers,
        "axes": edges.named,
    }.get(of_kind, edges.rows)()
    return changed | edges.parameters()


def _is_end(argument: Argument, array: Array) -> Array:
    """Where numbers are infinite, or a log-probability is that of what is certain."""
    return np.asarray(np.isinf(array) | ((array == 0) & (argument.domain.high == 0)))


class _Edges:
    def __init__(
        self,
        record: Record,
        arrays: Arrays,
        axes: tuple[int, ...],
        large: float,
        overflow: bool,
        rng: np.random.Generator,
    ) -> None:
        self.record, self.arrays, self.axes = record, arrays, axes
        self.large, self.overflow, self.rng = large, overflow, rng

    def _some(self, shape: tuple[int, ...], share: float) -> Array:
        return self.rng.random(shape) < share

    def elements(self) -> Arrays:
        found = {a.name: self._of_elements(a, self.arrays[a.name]) for a in self.record.arguments}
        ends = [_is_end(a, found[a.name]) for a in self.record.arguments]
        several = np.cumsum(ends, axis=0) > 1  # of two there is no limit
        return {name: np.where(of, self.arrays[name], found[name]) for name, of in zip(found, several, strict=True)}

    def _of_elements(self, argument: Argument, array: Array) -> Array:
        if argument.domain.high == 1.0:
            return np.where(self._some(array.shape, 0.6), self.rng.integers(0, 2, array.shape), array)
        if self.record.name in PERIODIC and math.isinf(argument.domain.low):
            return array
        ends = [self.large, math.inf, 0.0] if argument.role == "prediction" else [self.large, 0.0]
        if math.isinf(argument.domain.low):
            ends += [-x for x in ends]
        ends = [x for x in ends if argument.domain.contains(x) or (math.isinf(x) and x <= argument.domain.high)]
        return np.where(self._some(array.shape, 0.4), self.rng.choice(ends, array.shape), array)

    def regions(self) -> Arrays:
        """Regions where there is nothing predicted, nothing to find, or neither; else certain places."""
        found = {}
        for argument in self.record.arguments:
            array = self.arrays[argument.name]
            shape = tuple(1 if i - 1 in self.axes else n for i, n in enumerate(array.shape))
            sharp = np.where(self._some(array.shape, 0.5), self.rng.integers(0, 2, array.shape), array)
            found[argument.name] = np.where(self._some(shape, 0.6), 0.0, sharp)
        return found

    def rows(self) -> Arrays:
        """Impossible classes in rows of logits and of probabilities."""
        arguments = [a for a in self.record.arguments if self.arrays[a.name].dtype.kind == "f"]
        return {a.name: self._of_rows(a, np.moveaxis(self.arrays[a.name], self.axes[0] + 1, -1)) for a in arguments}

    def _of_rows(self, argument: Argument, rows: Array) -> Array:
        found = self._distributions(rows) if argument.domain.high == 1.0 else self._logits(rows, argument.domain.high)
        return np.asarray(np.moveaxis(found, -1, self.axes[0] + 1))

    def _impossible(self, shape: tuple[int, ...]) -> Array:
        """Some places of a row, never all."""
        chosen = self._some(shape, 0.5) & self._some((*shape[:-1], 1), 0.7)
        kept = np.arange(shape[-1]) == self.rng.integers(0, max(shape[-1], 1), (*shape[:-1], 1))
        return np.asarray(chosen & ~kept)

    def _logits(self, rows: Array, high: float = math.inf) -> Array:
        impossible = self._impossible(rows.shape)
        lowest = np.where(self._some(rows.shape, 0.7), -math.inf, -self.large)
        found = np.where(impossible, lowest, rows)
        certain = np.arange(rows.shape[-1]) == self.rng.integers(0, max(rows.shape[-1], 1), (*rows.shape[:-1], 1))
        highest = np.where(self._some((*rows.shape[:-1], 1), 0.5), math.inf, self.large)
        is_certain = certain & self._some((*rows.shape[:-1], 1), 0.1) & (high > 0)
        return np.where(is_certain, highest, found)

    def _distributions(self, rows: Array) -> Array:
        """The probability of impossible classes goes to the others: what there is of it, to the largest."""
        impossible = self._impossible(rows.shape)
        rest = np.where(impossible, 0.0, rows)
        largest = np.arange(rows.shape[-1]) == rest.argmax(-1)[..., None]
        return np.where(largest, rest + (rows - rest).sum(-1, keepdims=True), rest)

    def vectors(self) -> Arrays:
        """Vectors of zeros, and at most one large one beside others: not the first, whose distances would cancel."""
        names = [argument.name for argument in self.record.arguments]
        arrays = [np.moveaxis(self.arrays[name], self.axes[0] + 1, -1) for name in names]
        rows = (*arrays[0].shape[:-1], 1)
        large = self._some(rows, 0.3) * self.rng.integers(1, len(names), rows)
        found = [np.where(self._some(rows, 0.2) | self._some(a.shape, 0.2), 0.0, a) for a in arrays]
        great = [(large == i) & (i > 0) & self._some(a.shape, 0.3) for i, a in enumerate(found)]
        found = [np.where(chosen, np.sign(a) * self.large, a) for chosen, a in zip(great, found, strict=True)]
        return {name: np.moveaxis(a, -1, self.axes[0] + 1) for name, a in zip(names, found, strict=True)}

    def layers(self) -> Arrays:
        """Classes that a bias makes impossible, and products that overflow; in every layer."""
        found: Arrays = {}
        for scores in self.record.scores:
            products = self.overflow and self.rng.random() < 0.3
            found |= self._products(scores) if products else self._bias(scores)
        target = self.arrays.get("target")
        if target is not None and target.dtype.kind == "f":
            found["target"] = self._distributions(target)
        return found

    def _bias(self, scores: Scores) -> Arrays:
        return {scores.bias: self._logits(self.arrays[scores.bias])}

    def _products(self, scores: Scores) -> Arrays:
        """One feature is large, and so is what some classes make of it: one makes a large logit of it at most."""
        left, right = self.arrays[scores.left].astype(float), self.arrays[scores.right].astype(float)
        left[..., 0] = np.where(self._some(left.shape[:-1], 0.5), self.large, 0.0)
        low = self._impossible(right.shape[:-1])
        right[..., 0] = np.where(low, -self.large, 0.0)
        first = (np.arange(right.shape[1]) == low.argmin(-1)[:, None]) & self._some((len(right), 1), 0.5)
        right[..., 0] = np.where(first, self.large, right[..., 0])
        return {scores.left: left, scores.right: right}

    def named(self) -> Arrays:
        """Of named axes: certain places, classes that are nowhere, infinite scores, vectors of no or of any length."""
        arguments = [a for a in self.record.arguments if self.arrays[a.name].dtype.kind == "f"]
        words = {node.word for node in walk(self.record.graph)}
        found = {}
        numbers = [
            a.name for a in self.record.predictions if math.isinf(a.domain.low) and "item" in self.record.axes[a.name]
        ]
        only = self.rng.choice(numbers) if numbers else ""
        for argument in arguments:
            array, axes = self.arrays[argument.name], self.record.axes[argument.name]
            if "item" not in axes or math.isfinite(argument.domain.low) > math.isfinite(argument.domain.high):
                continue  # what rises, and what is positive, stays as it is
            if argument.domain.high == 1.0:
                found[argument.name] = self._certain(array)
            elif argument.role == "prediction" and "feature" in self.record.axes[argument.name]:
                found[argument.name] = self._directions(array, any_length="unit" in words)
            elif argument.name == only:  # of infinite scores and numbers together there is no limit
                lone = words & {"renamed", "running_log_sum_exp", "pick"} and "states" not in words
                found[argument.name] = self._lone(array) if lone else self._listed(array, "states" not in words)
        return found

    def _certain(self, array: Array) -> Array:
        sharp = np.where(self._some(array.shape, 0.5), self.rng.integers(0, 2, array.shape), array)
        return np.where(self._some((*array.shape[:-1], 1), 0.3), 0.0, sharp)

    def _listed(self, rows: Array, takes_large: bool) -> Array:
        """As rows of logits; where a mask leaves none that is possible, as they were.

        Of paths that all have a large logit, the others make no difference in floating-point numbers.
        """
        large, self.large = self.large, self.large if takes_large else math.inf
        found, mask = self._logits(rows), self.arrays.get("mask", np.True_)
        self.large = large
        counts = mask if mask.ndim == rows.ndim else np.ones(rows.shape, bool)
        return np.where(((found > -math.inf) & counts).any(-1, keepdims=True), found, rows)

    def _lone(self, rows: Array) -> Array:
        """At most one infinite or large number in a row: of two, neither difference nor sum says which is larger."""
        one = np.arange(rows.shape[-1]) == self.rng.integers(0, max(rows.shape[-1], 1), (*rows.shape[:-1], 1))
        ends = [math.inf, -math.inf, self.large, -self.large, 0.0]
        return np.where(one, self.rng.choice(ends, (*rows.shape[:-1], 1)), rows)

    def _directions(self, array: Array, any_length: bool) -> Array:
        rows = (*array.shape[:-1], 1)
        found = np.where(self._some(rows, 0.2) | self._some(array.shape, 0.2), 0.0, array)
        large = (self.large if self.overflow else self.large**0.4) / 64  # second derivatives have its square
        powers = self.rng.choice([1.0, large, 1 / large], rows) if any_length else 1.0
        return np.asarray(found * powers)

    def parameters(self) -> Arrays:
        """Parameters at the lower ends of their domains."""
        named = [(p, self.arrays[p.name]) for p in self.record.parameters if p.name in self.arrays]
        found = {p.name: (p, array) for p, array in named if p.domain.includes_low and math.isfinite(p.domain.low)}
        return {name: np.where(self._some(array.shape, 0.3), p.domain.low, array) for name, (p, array) in found.items()}
