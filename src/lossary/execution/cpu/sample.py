"""The fixed samples that a new kernel is tried on: at most 4096 elements, the same in every process."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy

from lossary.contract.keywords import WEIGHTS, as_tuple
from lossary.domains import Interval
from lossary.execution.cpu.halves import HALVES
from lossary.execution.cpu.order import Rows
from lossary.symbolic.graph import NUMBER_KINDS, Level, Node

__all__ = ["Sample", "samples"]

# Shapes, cut along the first axis. Their parts end inside and at the ends of blocks, vectors and lanes.
ELEMENTS = {(1600,): (0, 1031, 1591, 1600)}
ROWS = {(150, 6): (0, 133, 149, 150), (3, 700): (0, 2, 3), (2, 5, 133): (0, 2)}  # classes along axis 1
CLASSES = 5  # of items with special values
REAL = (math.nan, math.inf, -math.inf, 0.0, 30.0, -30.0)
ABOVE = (0.0, 1e-4, 1e4)
IGNORED_EVERY, EDGE_EVERY, ZERO_EVERY = 5, 3, 7


@dataclass
class Sample:
    """Values for all that a kernel reads, in a shape of items along the first axis."""

    call: Any
    printed: Any
    shape: tuple[int, ...]
    parts: list[slice]
    arrays: dict[str, Any]  # of float64, but for labels and masks
    size: float = 0.0  # of results at least, for what may be lost where terms cancel: one item tells too little of it

    @property
    def axis(self) -> Any:
        return self.call.axis

    @property
    def items(self) -> tuple[int, ...]:
        return tuple(self.call.items)

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """Arguments that are numbers, as the call has them."""
        given = {name: value for name, value in self.call.inputs.items() if isinstance(value, int | float)}
        return given | {"classes": float(self.shape[1] if len(self.shape) > 1 else 1)}

    @cached_property
    def moves(self) -> Any:
        """Factors that move numbers by up to two units in the last place of float32; equal ones stay equal."""
        return 1.0 + numpy.random.default_rng(0).uniform(0.0, 2.0**-22, self.shape)

    def value(self, name: str, dtype: Any, moved: bool = False) -> Any:
        """Return the value of a symbol for the portable body; numbers are moved if asked for."""
        if name == "class_index":
            return numpy.arange(self.shape[1]).reshape(_along(self.shape))
        if name not in self.arrays:
            return self.numbers[name]
        array = self.arrays[name]
        if array.dtype.kind != "f":
            return array
        return (array * self.moves[tuple(map(slice, array.shape))] if moved else array).astype(dtype)

    def memory(self, node: Node, part: slice) -> Any:
        """The array that a kernel reads for a part, as it lies in memory."""
        name, arguments = str(node.label), self.printed.arguments
        array = self.arrays[name] if node.level == Level.COLUMN else self.arrays[name][part]
        kinds = {"label": arguments.integers} | {k: HALVES[half] for k, half in arguments.halves}
        if dict(arguments.halves).get(name) == "float16":
            return array.astype(numpy.float16).view(numpy.uint16)
        if name in dict(arguments.halves):
            return (array.astype(numpy.float32).view(numpy.uint32) >> 16).astype(numpy.uint16)
        return numpy.array(array, kinds.get(name, self.printed.dtype), order="C")

    def extent(self, part: slice) -> tuple[int, int, int]:
        """Count the chunks, rows and columns of a part."""
        shape = part.stop - part.start, *self.shape[1:]
        extent: tuple[int, int, int] = self.printed.module.extent(Rows(shape, as_tuple(self.axis)))
        return extent


def samples(printed: Any, call: Any) -> Iterator[Sample]:
    """Ordinary values in several shapes, then items with special values, one at a time."""
    by_rows = bool(as_tuple(call.axis))
    for shape, ends in (ROWS if by_rows else ELEMENTS).items():
        placed = _placed(call, shape)
        if printed.module.serves(Rows(shape, as_tuple(placed.axis)), printed.work, call.options.labels):
            parts = [slice(a, b) for a, b in pairwise(ends)]
            yield Sample(placed, printed, shape, parts, _Values(placed, printed).ordinary())
    yield _special(printed, call, by_rows)


def _special(printed: Any, call: Any, by_rows: bool) -> Sample:
    predictions = [a for a in call.record.inner.arguments if a.name in printed.arguments.array_names]
    places = [(a.name, value) for a in predictions for value in _specials(a.domain) for _ in range(2)]
    shape = (max(1, len(places)), *([CLASSES] if by_rows else []))
    placed = _placed(call, shape)
    values = _Values(placed, printed)
    arrays = values.ordinary()
    for k, (name, value) in enumerate(places):
        arrays[name][(k, k % CLASSES) if by_rows else k] = value
    arrays |= {name: values.rounded(name, arrays[name]) for name, _ in places}
    parts = [slice(k, k + 1) for k in range(shape[0])]
    return Sample(placed, printed, shape, parts, arrays, size=1.0)


def _specials(domain: Interval) -> tuple[float, ...]:
    if domain.sums_to_one:
        return ()  # rows of zeros and ones are among the ordinary ones
    if math.isfinite(domain.high):
        return (domain.low, domain.high, math.nan)
    return ABOVE[not domain.includes_low :] if math.isfinite(domain.low) else REAL


def _placed(call: Any, shape: tuple[int, ...]) -> Any:
    """The call with another shape, whose rows run along axis 1."""
    if len(shape) == 1:
        return call.but(shape=shape, items=shape)
    items = tuple(1 if i == 1 else n for i, n in enumerate(shape))
    return call.but(shape=shape, items=items, axis=(1,) if isinstance(call.axis, tuple) else 1)


def _along(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n if i == 1 else 1 for i, n in enumerate(shape))


class _Values:
    """Draws values for the arrays of a call, from a generator of its own."""

    def __init__(self, call: Any, printed: Any) -> None:
        self.call, self.printed = call, printed
        self.rng = numpy.random.default_rng(len(call.shape) + call.shape[-1])
        self.domains = {a.name: a.domain for a in (*call.record.inner.arguments, *call.record.parameters)}
        self.domains |= {row.name: row.domain for row in call.options.given if row.domain}
        self.targets = {a.name for a in call.record.inner.arguments if a.role == "target"}

    def ordinary(self) -> dict[str, Any]:
        """Values for all arrays that the kernel reads, rounded as it will read them."""
        return {str(node.label): self._array(node) for node in self.printed.arguments.arrays}

    def _array(self, node: Node) -> Any:
        name = str(node.label)
        by_level = {Level.ROW: tuple(self.call.items), Level.COLUMN: _along(self.call.shape)}
        shape = by_level.get(node.level, self.call.shape)
        if NUMBER_KINDS.get(name) == "bool":
            return self.rng.random(shape) < 0.8
        if name == "label":
            return self._labels(shape)
        domain = self.domains.get(name, Interval())
        values = self._inside(domain, shape, name in self.targets)
        if domain is WEIGHTS:
            values.reshape(-1)[::ZERO_EVERY] = 0.0
        return self.rounded(name, values)

    def _labels(self, shape: tuple[int, ...]) -> Any:
        labels = self.rng.integers(0, self.call.shape[1], shape)
        for label in (value for value in self.call.inputs.values() if isinstance(value, int)):
            labels.reshape(-1)[::IGNORED_EVERY] = label
        return labels

    def _inside(self, domain: Interval, shape: tuple[int, ...], target: bool) -> Any:
        normal = self.rng.normal(size=shape)
        if domain.sums_to_one:
            return self._distributions(normal)
        if math.isfinite(domain.high):
            values = domain.low + (domain.high - domain.low) * self.rng.uniform(0.02, 0.98, shape)
            if target:
                values.reshape(-1)[::EDGE_EVERY] = domain.low
                values.reshape(-1)[1::EDGE_EVERY] = domain.high
            return values
        if math.isfinite(domain.low):
            return domain.low + numpy.exp(normal)
        return numpy.where(self.rng.random(shape) < 0.5, numpy.round(4 * normal) / 4, 3 * normal)  # some are equal

    def _distributions(self, normal: Any) -> Any:
        """Rows that sum to 1; some are of one class."""
        powers = numpy.exp(2 * normal)
        rows = powers / powers.sum(axis=1, keepdims=True)
        rows[::EDGE_EVERY] = rows[::EDGE_EVERY] == rows[::EDGE_EVERY].max(axis=1, keepdims=True)
        return rows

    def rounded(self, name: str, values: Any) -> Any:
        """Values that the kernel's dtype, or the half precision that it reads, holds."""
        half = dict(self.printed.arguments.halves).get(name)
        if half == "float16":
            values = values.astype(numpy.float16)
        elif half:
            bits = values.astype(numpy.float32).view(numpy.uint32) & numpy.uint32(0xFFFF0000)
            values = bits.view(numpy.float32)
        return values.astype(self.printed.dtype).astype(numpy.float64)
