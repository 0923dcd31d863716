"""What calls have to return: weights, masks, means and targets around a textbook definition, in float64.

Many draws of one call are computed at once; the first axis is theirs. What does not count in a call is moderate here,
so that it can be computed and left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from fuzz.textbook import definition
from lossary.record import Record, Scores

__all__ = ["Answer", "reference"]

Array = np.ndarray[Any, Any]
OUT = -1e300  # a similarity that no softmax sees


@dataclass(frozen=True)
class Answer:
    """A value, and its gradient in each array that it was asked for, times the upstream gradient."""

    value: Array
    gradients: dict[str, Array]


def reference(
    record: Record, arrays: dict[str, Array], plain: dict[str, Any], wanted: list[str], upstream: Array
) -> Answer:
    """The value of each draw, and its gradients in what is ``wanted``; ``plain`` are keywords that are no arrays."""
    tensors = {name: _tensor(array, name in wanted) for name, array in arrays.items()}
    value = _Calls(record, tensors, plain).value()
    pulled = torch.autograd.grad(
        (value * torch.tensor(upstream)).sum() + 0.0 * sum(tensors[name].sum() for name in wanted),
        [tensors[name] for name in wanted],
    )
    return Answer(value.detach().numpy(), {name: g.numpy() for name, g in zip(wanted, pulled, strict=True)})


def _tensor(array: Array, moves: bool) -> Tensor:
    kept = array if array.dtype.kind in "b" else array.astype(np.float64)
    return torch.tensor(kept, requires_grad=moves)


class _Calls:
    """All draws of a call."""

    def __init__(self, record: Record, tensors: dict[str, Tensor], plain: dict[str, Any]) -> None:
        self.record, self.tensors, self.plain = record, tensors, plain
        self.arrays = [tensors[argument.name] for argument in record.arguments]
        self.draws, *self.shape = self.arrays[0].shape
        self.book = definition(record)

    def value(self) -> Tensor:
        losses, own_weight, counted = getattr(self, f"_{self.record.kind}")()
        if self.record.kind == "overlap":
            weight = torch.ones_like(losses)
        else:
            counted = counted & self._like("mask", losses, True)
            weight = self._like("weight", losses, 1.0)
        live = counted & (weight > 0)
        weighted = torch.where(live, weight * losses, 0.0)
        if self.plain["reduction"] == "none":
            return weighted
        if self.plain["reduction"] == "sum":
            return self._sum(weighted)
        over = self._denominator(torch.where(live, weight * own_weight, 0.0), counted)
        nothing = torch.nan if self.plain.get("empty") == "nan" else 0.0
        return torch.where(over == 0, nothing, self._sum(weighted) / torch.where(over == 0, 1.0, over))

    def _denominator(self, weights: Tensor, counted: Tensor) -> Tensor:
        given = self.tensors.get("denominator", self.plain.get("denominator", "weight"))
        if given == "weight" if isinstance(given, str) else False:
            return self._sum(weights)
        return self._sum(counted.double()) if isinstance(given, str) else torch.as_tensor(given, dtype=torch.float64)

    def _sum(self, items: Tensor) -> Tensor:
        return items.reshape(self.draws, -1).sum(1)

    def _like(self, name: str, items: Tensor, default: Any) -> Tensor:
        """A keyword for each item."""
        given = self.tensors.get(name, _tensor(np.asarray(self.plain.get(name, default)), False))
        ones = [1] * (items.ndim - given.ndim)
        return given.reshape(*given.shape, *ones).expand(items.shape) if given.ndim else given.expand(items.shape)

    def _parameters(self, items: Tensor) -> dict[str, Any]:
        return {p.name: self._like(p.name, items, p.default) for p in self.record.parameters}

    # How an item's loss comes about, what its classes weigh, and whether its target counts.

    def _pointwise(self) -> tuple[Tensor, Any, Tensor]:
        first = self.arrays[0]
        return self.book(None, *self.arrays, **self._parameters(first)), 1.0, torch.ones_like(first, dtype=torch.bool)

    def _row(self) -> tuple[Tensor, Any, Tensor]:
        axis = self.plain["axis"] % len(self.shape) + 1
        rows, target = self.arrays
        return self._of_rows(rows.movedim(axis, -1), target.movedim(axis, -1) if target.ndim == rows.ndim else target)

    _softmax = _row

    def _linear_softmax(self) -> tuple[Tensor, Any, Tensor]:
        def logits(scores: Scores) -> Tensor:
            left, right, bias = (self.tensors[name] for name in scores.factors)
            middle = [1] * (left.ndim - 2)
            products = (left[..., None, :] * right.reshape(self.draws, *middle, *right.shape[1:])).sum(-1)
            return products + bias.reshape(self.draws, *middle, -1)

        found = [logits(scores) for scores in self.record.scores]
        if "target" in self.tensors:
            return self._of_rows(found[0], self.tensors["target"])
        counted = torch.ones(found[0].shape[:-1], dtype=torch.bool)
        return self.book(lambda terms: terms.sum(-1), *found, **self._parameters(counted)), 1.0, counted

    def _of_rows(self, rows: Tensor, target: Tensor) -> tuple[Tensor, Any, Tensor]:
        classes, counted = rows.shape[-1], torch.ones(rows.shape[:-1], dtype=torch.bool)
        if target.ndim < rows.ndim:
            counted = target != self.plain.get("ignore_label", torch.nan)
            target = (target[..., None] == torch.arange(classes)).double()
        smoothing = self.plain.get("label_smoothing", 0.0)
        target = (1 - smoothing) * target + smoothing / classes
        weights = self.tensors.get("class_weight", torch.ones(self.draws, classes, dtype=torch.float64))
        weights = weights.reshape(self.draws, *[1] * (rows.ndim - 2), classes)
        own = (weights * target).sum(-1) if "class_weight" in self.tensors else 1.0
        given = rows, target
        loss = self.book(lambda terms: (weights * terms).sum(-1), *given, **self._parameters(counted))
        if "class_weight" in self.tensors:  # a term beside the sum over classes counts as much as they together
            loss = loss + (own - 1) * self.book(lambda terms: 0 * terms.sum(-1), *given, **self._parameters(counted))
        return loss, own, counted

    def _overlap(self) -> tuple[Tensor, Any, Tensor]:
        axis = self.plain.get("axis")
        axes = range(len(self.shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        over = sorted({a % len(self.shape) + 1 for a in axes})
        count, first = len(over), self.arrays[0]

        def region(elements: Tensor) -> Tensor:
            """Elements with those of a region along the last axis."""
            return elements.movedim(over, list(range(-count, 0))).flatten(-count)

        weight, mask = region(self._like("weight", first, 1.0)), region(self._like("mask", first, True))

        def total(terms: Tensor) -> Tensor:
            return torch.where(mask & (weight > 0), weight * terms, 0.0).sum(-1)

        loss = self.book(total, *map(region, self.arrays), **self._parameters(mask.any(-1)))
        return loss, 1.0, torch.ones_like(loss, dtype=torch.bool)

    def _pairs(self) -> tuple[Tensor, Any, Tensor]:
        queries, keys = (a / (a**2).sum(-1, keepdim=True).sqrt() for a in self.arrays)
        everything = torch.ones(queries.shape[:-1], dtype=torch.bool)
        live = self._like("mask", everything, True) & (self._like("weight", everything, 1.0) > 0)
        similarity = torch.where(live[:, None, :], queries @ keys.transpose(-1, -2), OUT)
        own = torch.eye(queries.shape[-2], dtype=torch.float64).expand_as(similarity)
        loss = self.book(lambda terms: terms.sum(-1), similarity, own, **self._parameters(everything))
        return loss, 1.0, everything
