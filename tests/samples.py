"""Arguments for any loss, read from its record: moderate numbers inside the domains, away from kinks."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pytest

import lossary
from arrays import FRAMEWORKS, JAX
from lossary.catalogue.record import Parameter, Record

__all__ = [
    "BY_SHAPE",
    "FULL",
    "KINDS",
    "SHAPES",
    "arguments",
    "array_for",
    "by_row",
    "distributions",
    "factor_shapes",
    "has_target",
    "label_arguments",
    "of_rows",
    "on_frameworks",
    "predictions_of",
    "setting",
    "sixty_fourths",
]

Array = np.ndarray[Any, Any]
FULL = bool(os.environ.get("LOSSARY_TEST_FULL"))
BY_SHAPE = tuple(record for record in lossary.losses() if not record.axes)  # whose arrays have as many axes as you like
# The first loss of each kind, where compiling takes long; LOSSARY_TEST_FULL=1 takes them all.
KINDS = BY_SHAPE if FULL else tuple({r.kind: r for r in reversed(BY_SHAPE)}.values())
# The classes lie along the last axis unless a test moves them; pairs take a batch of vectors. Of a loss of logits that
# are computed, it is their shape.
SHAPES = {
    "pointwise": (4, 3), "row": (4, 3, 2), "softmax": (4, 3, 2), "overlap": (4, 3, 2), "pairs": (5, 3),
    "linear_softmax": (4, 3, 2),
}  # fmt: skip
WIDTH = 7  # of features: no other size
LENGTHS = {
    "item": 4, "entry": 5, "class": 3, "place": 6, "feature": 2, "time": 7, "label": 2, "component": 3, "member": 5,
    "boundary": 2,
}  # of named axes  # fmt: skip


def setting(parameter: Parameter, usual: float) -> float:
    """Return a value for a parameter: the usual one, or as far above the least one."""
    domain = parameter.domain
    return usual if domain.contains(usual) else domain.low + usual


def sixty_fourths(rng: np.random.Generator, low: int, high: int, shape: tuple[int, ...]) -> Array:
    """Numbers that half-precision types, too, hold exactly."""
    return rng.integers(low, high, shape) / 64


def distributions(rng: np.random.Generator, shape: tuple[int, ...], axis: int) -> Array:
    """Positive sixty-fourths that sum to 1 along an axis."""
    rows = np.empty((*shape[:axis], *shape[axis + 1 :], shape[axis]))
    for place in np.ndindex(rows.shape[:-1]):
        cuts = np.sort(rng.choice(np.arange(1, 64), shape[axis] - 1, replace=False))
        rows[place] = np.diff([0, *cuts, 64]) / 64
    return np.moveaxis(rows, -1, axis)


def array_for(record: Record, name: str, shape: tuple[int, ...], axis: int, rng: np.random.Generator) -> Array:
    argument = next(a for a in record.arguments if a.name == name)
    if argument.domain.whole:
        last = LENGTHS[argument.domain.index_of] if argument.domain.index_of else 3
        return rng.integers(1, last, shape)
    if factor_shape := factor_shapes(record, shape).get(name):
        return sixty_fourths(rng, -64, 64, factor_shape)
    if record.takes_classes and argument.domain.high == 1.0:
        return distributions(rng, shape, axis)
    if argument.domain.high == 1.0:
        return sixty_fourths(rng, 1, 64, shape)
    if math.isfinite(argument.domain.high):
        least = math.ceil(64 * math.log(shape[axis])) if record.takes_classes else 1  # the exponentials sum to less
        return argument.domain.high - sixty_fourths(rng, least, max(200, 2 * least), shape)
    low = argument.domain.low
    return sixty_fourths(rng, round(64 * low) + 8 if math.isfinite(low) else -200, 200, shape)


def factor_shapes(record: Record, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """The shapes of the arrays that logits of a shape are computed from."""
    if record.kind != "linear_softmax":
        return {}
    shapes = ((*shape[:-1], WIDTH), (shape[-1], WIDTH), (shape[-1],))
    return {name: each for scores in record.scores for name, each in zip(scores.factors, shapes, strict=True)}


def arguments(
    record: Record, seed: int = 0, shape: tuple[int, ...] | None = None, dtype: Any = np.float64
) -> list[Array]:
    """Arrays for every argument; a probability for each class where there are classes."""
    rng = np.random.default_rng(seed)
    if record.axes:
        shapes = [tuple(LENGTHS[axis] for axis in axes.split()) for axes in record.axes.values()]
        found = [array_for(record, a.name, own, -1, rng) for a, own in zip(record.arguments, shapes, strict=True)]
        return [array.astype(dtype if array.dtype.kind == "f" else None) for array in found]
    shape = shape or SHAPES[record.kind]
    return [array_for(record, a.name, shape, len(shape) - 1, rng).astype(dtype) for a in record.arguments]


def label_arguments(
    record: Record, seed: int = 0, shape: tuple[int, ...] | None = None, dtype: Any = np.float64
) -> list[Array]:
    """The same with integer labels, for a loss that takes them."""
    found = arguments(record, seed, shape, dtype)
    return [
        array.argmax(-1) if argument.name == "target" else array
        for argument, array in zip(record.arguments, found, strict=True)
    ]


def of_rows(record: Record, arrays: Sequence[Any], rows: Any) -> list[Any]:
    """The arrays of some rows of a batch; what belongs to all rows stays whole."""
    return [array[rows] if i in by_row(record) else array for i, array in enumerate(arrays)]


def by_row(record: Record) -> list[int]:
    """Where the arguments stand that have a row for each item."""
    return [i for i, argument in enumerate(record.arguments) if argument.name not in record.shared]


def predictions_of(record: Record) -> list[int]:
    """Where the predictions are among the arguments."""
    return [i for i, argument in enumerate(record.arguments) if argument.role == "prediction"]


def has_target(record: Record) -> bool:
    """Whether an argument is a target: an entropy has none, nor has a loss that computes it from another network."""
    return any(argument.role == "target" for argument in record.arguments)


def on_frameworks(records: Iterable[Record]) -> list[Any]:
    """Every loss with NumPy and PyTorch, and the first of each kind with JAX, which takes long to compile."""
    records, kinds, found = list(records), set[str](), []
    for record in records:
        chosen = [f for f in FRAMEWORKS if FULL or f is not JAX or record.kind not in kinds]
        found += [pytest.param(record, framework, id=f"{record.name}-{framework}") for framework in chosen]
        kinds.add(record.kind)
    return found
