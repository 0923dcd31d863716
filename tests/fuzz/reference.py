"""What calls have to return: weights, masks, means and targets around a textbook definition, in float64.

Many draws of one call are computed at once; the first axis is theirs. What does not count in a call is moderate here,
so that it can be computed and left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

from fuzz.formula import definition, largest_term
from fuzz.limits import (
    APPROACHES,
    CLOSE,
    CLOSE_AT_KINKS,
    EXACT,
    INFINITE,
    PAST_KINKS,
    SMALL,
    Approach,
    agree,
    approaching,
)
from fuzz.terms import (
    FALLING,
    LARGEST,
    RISING,
    SUM,
    WEIGHT,
    greatest,
    lost,
    of_directions,
    of_each_sign,
    of_products,
    of_quotient,
)
from fuzz.textbook.common import OUT, OverClasses
from lossary.catalogue.record import Record, Scores

__all__ = ["FORWARD", "REVERSE", "SECOND", "Answer", "reference"]

Array = np.ndarray[Any, Any]
ENDLESS, ENDLESS_IN_SINGLE = 1e75, 1e32  # changes of both signs beyond it may be infinite in lossary's arithmetic
ROUNDED = 5e-6  # a sum that moves by more as its large terms are rounded has no more digits in single precision
LARGE = 1e4  # a factor that no moderate number is
CONSTANT = "constant"  # the keyword for a share of what does not depend on the predictions
# What is asked for beside the value: the gradients, the change along a direction, or the gradients' change.
REVERSE, FORWARD, SECOND = "reverse", "forward", "second"


@dataclass(frozen=True)
class Answer:
    """A value, and its derivatives in each array that they were asked for, times the upstream gradient.

    In forward mode there is one derivative, under the name "forward".
    """

    value: Array
    gradients: dict[str, Array]
    free: dict[str, Array] = field(default_factory=dict)  # where a result has no limit and may be anything
    terms: dict[str, Array] = field(default_factory=dict)  # sizes of what a derivative is a difference of, where known

    def of(self, draws: Array) -> Answer:
        """The same for some of the draws."""
        of_all = (self.gradients, self.free, self.terms)
        return Answer(self.value[draws], *({name: array[draws] for name, array in of.items()} for of in of_all))


def reference(
    record: Record,
    arrays: dict[str, Array],
    plain: dict[str, Any],
    wanted: list[str],
    upstream: Array,
    mode: str = REVERSE,
    directions: dict[str, Array] | None = None,
) -> Answer:
    """The value of each draw, and its derivatives in what is ``wanted``; ``plain`` are keywords that are no arrays."""
    given = record, arrays, plain, wanted, upstream, mode, directions or {}
    approaches, arguments = _approaches(record, arrays, mode), {argument.name for argument in record.arguments}
    first = _approached(EXACT, *given)
    free = {name: np.zeros(array.shape, bool) for name, array in first.items()}
    for approach in approaches:
        steep = mode == SECOND or record.scores or record.axes
        close = (CLOSE_AT_KINKS if steep else ROUNDED) if approach.jitter else CLOSE
        other = _approached(approach, *given)
        free = {name: free[name] | ~agree(first[name], array, close) for name, array in other.items()}
    free |= {name: free[name] | np.isnan(first[name]) for name in first if name == FORWARD}
    if plain["reduction"] != "none":
        free["value"] = free["value"] | _of_both_signs(record, arrays, plain)
    terms = {}

    def held(*parts: str) -> dict[str, Array]:
        return _approached(EXACT, *given, held=parts)

    if (plain["reduction"], plain.get("denominator")) == ("mean", "weight"):
        of_parts = held(SUM), held(WEIGHT)
        terms = {name: of_quotient(array, *(of[name] for of in of_parts)) for name, array in first.items()}
    if mode == SECOND:
        parts = of_each_sign(held, plain["reduction"] == "mean")
        for name in wanted:
            free[name] = free[name] | (name not in arguments and lost(parts[name]))
            terms[name] = np.maximum(terms.get(name, 0.0), greatest(parts[name]))
    value = first.pop("value")
    terms["value"] = _terms_of_value(record, arrays, plain, value)
    if mode == FORWARD:
        terms[FORWARD] = held(RISING)[FORWARD]
    for name in first:
        size = of_products(record, arrays, name) * abs(upstream).reshape(len(value), -1).max(1, initial=0.0)
        size = np.maximum(size, of_directions(record, arrays, name, mode == REVERSE, mode == SECOND))
        terms[name] = np.maximum(terms.get(name, 0.0), _repeated(size, first[name]))
    return Answer(value, first, free, terms)


def _terms_of_value(record: Record, arrays: dict[str, Array], plain: dict[str, Any], value: Array) -> Array:
    """How large the terms are that a value may be a difference of: of items, in a sum, and what is constant of them."""
    terms: Any = abs(_value(record, arrays, plain, LARGEST))
    terms = np.where(terms < INFINITE, terms, 0.0)
    if CONSTANT in arrays or CONSTANT in plain:
        others, rest = ({name: 0 * of[name] if name == CONSTANT else of[name] for name in of} for of in (arrays, plain))
        with np.errstate(invalid="ignore"):
            terms = np.maximum(terms, np.nan_to_num(abs(value - _value(record, others, rest))))
    return np.asarray(np.nan_to_num(terms))


def _value(record: Record, arrays: dict[str, Array], plain: dict[str, Any], *held: str) -> Array:
    """The value of each draw alone."""
    return _approached(EXACT, record, arrays, plain, [], np.ones(1), REVERSE, {}, held)["value"]


def _repeated(numbers: Array, like: Array) -> Array:
    """One number for each draw, in the shape of an array of all draws."""
    return np.broadcast_to(numbers.reshape(-1, *[1] * (like.ndim - 1)), like.shape)


def _approaches(record: Record, arrays: dict[str, Array], mode: str) -> tuple[Approach, ...]:
    floats = _floats(arrays)
    edges = any(np.isinf(a).any() for a in floats)
    edges |= any(((arrays[name] == 0) | (arrays[name] == 1)).any() for name in _probabilities(record, arrays))
    edges |= any((arrays[name] == 0).any() for name in _logarithms(record))
    has_large = any(_has_large(a) for a in floats)
    of_references = any(argument.role == "reference" for argument in record.arguments)
    rounded = _is_rounded(arrays) and (has_large or bool(record.axes))
    moved = mode == SECOND or _takes_vectors(record) or (has_large and of_references) or rounded
    return (*(APPROACHES if edges else ()), *(PAST_KINKS if moved else ()))


def _takes_vectors(record: Record) -> bool:
    """Whether the predictions are vectors, of whole numbers, too: their angles may be at a kink."""
    return record.takes_vectors or any("feature" in axes.split() for axes in record.axes.values())


def _is_rounded(arrays: dict[str, Array]) -> bool:
    """Whether an array has less than double precision.

    Then sums of products with a large factor, or of large terms, may cancel: a derivative that moves by more than
    CLOSE_AT_KINKS as its inputs are rounded is not asked for, as no arithmetic of that precision has it.
    """
    return any(array.dtype.kind not in "iub" and array.dtype != np.float64 for array in arrays.values())


def _of_both_signs(record: Record, arrays: dict[str, Array], plain: dict[str, Any]) -> Array:
    """Where some items have an infinite loss and others one of minus infinity: they have no sum."""
    losses = _value(record, arrays, plain | {"reduction": "none"})
    losses = losses.reshape(len(losses), -1)
    endless = ENDLESS_IN_SINGLE if _is_rounded(arrays) else ENDLESS
    return np.asarray((losses > endless).any(1) & (losses < -endless).any(1))


def _has_large(array: Array) -> bool:
    return bool((np.isfinite(array) & (abs(array) > LARGE)).any())


def _floats(arrays: dict[str, Array]) -> list[Array]:
    return [array.astype(np.float64) for array in arrays.values() if array.dtype.kind not in "iub"]


def _probabilities(record: Record, arrays: dict[str, Array]) -> list[str]:
    """The arrays whose logarithms may be taken where they are 0: not those of regions, which are compared without."""
    named = [a.name for a in record.arguments if a.domain.low == 0 and a.domain.includes_low]
    named = [] if record.kind in ("overlap", "axes") else named
    return [name for name in named if arrays[name].dtype.kind not in "iu"]


def _logarithms(record: Record) -> list[str]:
    """The predictions that are log-probabilities: that of a certain answer is 0."""
    return [a.name for a in record.predictions if a.domain.high == 0]


def _approached(
    approach: Approach,
    record: Record,
    arrays: dict[str, Array],
    plain: dict[str, Any],
    wanted: list[str],
    upstream: Array,
    mode: str,
    directions: dict[str, Array],
    held: tuple[str, ...] = (),
) -> dict[str, Array]:
    """The value and the derivatives, by one way to the limits; parts may be ``held``, see terms.py."""
    tensors = {}
    margins = {p.name for p in record.parameters if _takes_vectors(record)}  # 0 may be a kink: of equal distances
    plain = plain | {name: approach.jitter for name in margins if plain.get(name) == 0}
    for name, array in arrays.items():
        moved = array if array.dtype.kind == "b" else array.astype(np.float64)
        is_logarithm = name in _logarithms(record)
        whole = "b" if _takes_vectors(record) and name != "target" else "iub"
        if is_logarithm or array.dtype.kind not in whole:  # labels stay
            moved = approach.near(moved, name, name in _probabilities(record, arrays), is_logarithm)
            moved = np.where(moved == 0, approach.jitter, moved) if name in margins else moved
        tensors[name] = torch.tensor(moved, requires_grad=name in wanted)
    with approaching(approach):
        value = _Calls(record, tensors, plain, held).value()
        found = DERIVATIVES[mode](value, [tensors[name] for name in wanted], torch.tensor(upstream), directions, held)
    named = {FORWARD: found[0]} if mode == FORWARD else dict(zip(wanted, found, strict=True))
    return {name: tensor.numpy(force=True) for name, tensor in {"value": value, **named}.items()}


def _pull(value: Tensor, leaves: list[Tensor], change: Tensor, twice: bool = False) -> tuple[Tensor, ...]:
    whole = (value * change).sum()
    if not whole.requires_grad:
        return tuple(torch.zeros_like(leaf) for leaf in leaves)
    return torch.autograd.grad(whole, leaves, create_graph=twice, allow_unused=True, materialize_grads=True)


def _along(gradients: tuple[Tensor, ...], directions: dict[str, Array]) -> list[Tensor]:
    return [g * torch.tensor(v.astype(np.float64)) for g, v in zip(gradients, directions.values(), strict=True)]


def _forward(
    value: Tensor, leaves: list[Tensor], _: Tensor, directions: dict[str, Array], held: tuple[str, ...]
) -> tuple[Tensor, ...]:
    """The change of each number: how the sum of changes depends on what each is multiplied by.

    Infinite changes of both signs have no sum. What comes of an infinite number, divided by a finite one, is infinite;
    so is what overflows in the arrays' type. The sum of the changes that rise may be ``held`` alone.
    """
    endless = ENDLESS if all(v.dtype == np.float64 for v in directions.values()) else ENDLESS_IN_SINGLE
    change = torch.ones_like(value, requires_grad=True)
    moved = _along(_pull(value, leaves, change, twice=True), directions)
    rising = [torch.where(part > 0, part, 0.0) for part in moved]
    falling = [torch.where(part > 0, 0.0, -part) for part in moved]
    up, down = (_pull(_summed(parts), [change], torch.ones(()), twice=True)[0] for parts in (rising, falling))
    if RISING in held:
        return (up,)
    return (torch.where((up > endless) & (down > endless), torch.nan, up - down),)


def _second(
    value: Tensor, leaves: list[Tensor], upstream: Tensor, directions: dict[str, Array], held: tuple[str, ...]
) -> tuple[Tensor, ...]:
    moved = _along(_pull(value, leaves, upstream, twice=True), directions)
    for sign in {RISING, FALLING}.intersection(held):
        moved = [torch.where((part > 0) == (sign == RISING), 0.0, part) for part in moved]
    return _pull(_summed(moved), leaves, torch.ones(()))


def _summed(parts: list[Tensor]) -> Tensor:
    return sum((part.sum() for part in parts), torch.zeros(()))


DERIVATIVES: dict[str, Any] = {
    REVERSE: lambda value, leaves, upstream, *_: _pull(value, leaves, upstream),
    FORWARD: _forward,
    SECOND: _second,
}


class _Calls:
    """All draws of a call, of which parts may be ``held``: a part of a mean does not move."""

    def __init__(self, record: Record, tensors: dict[str, Tensor], plain: dict[str, Any], held: Any) -> None:
        self.record, self.tensors, self.plain, self.held = record, tensors, plain, held
        self.arrays = [tensors[argument.name] for argument in record.arguments]
        self.draws, *self.shape = self.arrays[0].shape
        self.book = largest_term(record) if LARGEST in held else definition(record)

    def value(self) -> Tensor:
        """The value of each draw."""
        losses, own_weight, counted = getattr(self, f"_{self.record.kind}")()
        weight = torch.ones_like(losses) if self.record.kind == "overlap" else self._like("weight", losses, 1.0)
        if self.record.kind not in ("overlap", "axes"):
            counted = counted & self._like("mask", losses, True)
        live = counted & (weight > 0)
        weighted = torch.where(live, weight * torch.where(live, losses, 0.0), 0.0)  # a loss may be infinite
        if self.plain["reduction"] == "none":
            return weighted
        whole = self._largest(weighted) if LARGEST in self.held else self._sum(weighted)
        if self.plain["reduction"] == "sum":
            return whole
        over = self._denominator(torch.where(live, weight * own_weight, 0.0), counted)
        whole, over = whole.detach() if SUM in self.held else whole, over.detach() if WEIGHT in self.held else over
        nothing = torch.nan if self.plain.get("empty") == "nan" else 0.0
        none = over < SMALL  # targets of 0 are tiny numbers
        return torch.where(none, nothing, whole / torch.where(none, 1.0, over))

    def _denominator(self, weights: Tensor, counted: Tensor) -> Tensor:
        given = self.tensors.get("denominator", self.plain.get("denominator", "weight"))
        if given == "weight" if isinstance(given, str) else False:
            return self._sum(weights)
        return self._sum(counted.double()) if isinstance(given, str) else torch.as_tensor(given, dtype=torch.float64)

    def _sum(self, items: Tensor) -> Tensor:
        return items.reshape(self.draws, -1).sum(1)

    def _largest(self, items: Tensor) -> Tensor:
        """The size of the largest finite item of each draw, which a sum is rounded beside."""
        sizes = items.reshape(self.draws, -1).abs()
        return pad(torch.where(sizes < INFINITE, sizes, 0.0), (0, 1)).amax(1)  # 0 if there is none

    def _like(self, name: str, items: Tensor, default: Any) -> Tensor:
        """A keyword for each item."""
        dtype = torch.bool if isinstance(default, bool) else torch.float64
        given = self.tensors.get(name, torch.tensor(self.plain.get(name, default), dtype=dtype))
        ones = [1] * (items.ndim - given.ndim)
        return given.reshape(*given.shape, *ones).expand(items.shape) if given.ndim else given.expand(items.shape)

    def _parameters(self, items: Tensor) -> dict[str, Any]:
        return {p.name: self._like(p.name, items, p.default) for p in self.record.parameters}

    # How an item's loss comes about, what its classes weigh, and whether its target counts.

    def _pointwise(self) -> tuple[Tensor, Any, Tensor]:
        first = self.arrays[0]
        return self.book(None, *self.arrays, **self._parameters(first)), 1.0, torch.ones_like(first, dtype=torch.bool)

    def _row(self) -> tuple[Tensor, Any, Tensor]:
        axis, ndim = self.plain["axis"] % len(self.shape) + 1, self.arrays[0].ndim
        first, *rest = (array.movedim(axis, -1) if array.ndim == ndim else array for array in self.arrays)
        return self._of_rows(first, *rest) if self.record.takes_classes else self._without_classes(first, *rest)

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
        return self._without_classes(*found)

    def _without_classes(self, *rows: Tensor) -> tuple[Tensor, Any, Tensor]:
        counted = torch.ones(rows[0].shape[:-1], dtype=torch.bool)
        return self.book(lambda terms: terms.sum(-1), *rows, **self._parameters(counted)), 1.0, counted

    def _of_rows(self, rows: Tensor, target: Tensor) -> tuple[Tensor, Any, Tensor]:
        classes, counted = rows.shape[-1], torch.ones(rows.shape[:-1], dtype=torch.bool)
        if target.ndim < rows.ndim:
            counted = target != self.plain.get("ignore_label", torch.nan)
            target = (target[..., None] == torch.arange(classes)).double()
        smoothing = self.plain.get("label_smoothing", 0.0)
        target = (1 - smoothing) * target + smoothing / classes if smoothing else target
        weights = self.tensors.get("class_weight", torch.ones(self.draws, classes, dtype=torch.float64))
        weights = weights.reshape(self.draws, *[1] * (rows.ndim - 2), classes)
        own = (weights * target).sum(-1) if "class_weight" in self.tensors else 1.0
        loss = self.book(OverClasses(weights, own), rows, target, **self._parameters(counted))
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

    def _axes(self) -> tuple[Tensor, Any, Tensor]:
        """What is masked, or in items that depend on each other has no weight, is in no place."""
        given = zip(self.record.axes.values(), self.arrays, strict=True)
        lengths = {a: n for axes, array in given for a, n in zip(axes.split(), array.shape[1:], strict=True)}
        masked = self.record.mask.split()
        items = torch.ones(self.draws, *(n for axis, n in lengths.items() if axis in self.record.graph.axes))
        places = self._like("mask", torch.ones(self.draws, *(lengths[axis] for axis in masked)), True)
        has_weight = self._like("weight", places, 1.0) > 0
        live = places & has_weight if self.record.couples_items else places
        found = self.book(live, *self.arrays, **self._parameters(items))
        losses, has_one = found if isinstance(found, tuple) else (found, True)
        inner = [i + 1 for i, axis in enumerate(masked) if axis not in self.record.graph.axes]
        return losses, 1.0, (places.any(inner) if inner else places) & has_one
