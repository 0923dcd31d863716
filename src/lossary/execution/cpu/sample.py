"""Fixed samples on which a new kernel is verified: at most 4096 elements, the same in every process."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy

from lossary.contract.call import Call
from lossary.contract.keywords import WEIGHTS, as_tuple
from lossary.domains import Interval
from lossary.execution.cpu.halves import HALVES
from lossary.execution.cpu.order import Rows
from lossary.execution.cpu.printed import Printed
from lossary.symbolic.graph import COLUMN, LABEL, NUMBER_KINDS, ROW, Node

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

__all__ = ["Array", "Sample", "samples"]

Array: TypeAlias = "NDArray[Any]"

# Shapes, with the places where the first axis is cut into parts: inside and at the ends of blocks, vectors and lanes.
ELEMENTS: dict[tuple[int, ...], tuple[int, ...]] = {(1600,): (0, 1031, 1591, 1600)}
ROWS: dict[tuple[int, ...], tuple[int, ...]] = {  # classes along axis 1
    (150, 6): (0, 133, 149, 150), (3, 700): (0, 2, 3), (2, 5, 133): (0, 2),
}  # fmt: skip
CLASSES = 5  # in rows with special values
REAL, ABOVE = (math.nan, math.inf, -math.inf, 0.0, 30.0, -30.0), (0.0, 1e-4, 1e4)  # special real and positive values
IGNORED_EVERY, EDGE_EVERY, ZERO_EVERY = 5, 3, 7  # distances of ignored labels, ends of domains, zero weights


@dataclass
class Sample:
    """Values for all inputs of a kernel, with items along the first axis."""

    call: Call
    printed: Printed
    shape: tuple[int, ...]
    parts: list[slice]
    arrays: dict[str, Array]  # of float64, but for labels and masks
    size: float = 0.0  # least size of results for tolerances: where terms cancel, one item says too little about it

    @property
    def axis(self) -> tuple[int, ...] | int | None:
        return self.call.axis

    @property
    def items(self) -> tuple[int, ...]:
        return self.call.items

    @cached_property
    def numbers(self) -> dict[str, float]:
        """The inputs that are numbers, from the call."""
        return self.call.numbers | {"_classes": float(self.shape[1] if len(self.shape) > 1 else 1)}

    @cached_property
    def moves(self) -> Array:
        """Factors that move numbers by up to 2 ulp of float32; equal ones stay equal."""
        return 1.0 + numpy.random.default_rng(0).uniform(0.0, 2.0**-22, self.shape)

    def value(self, name: str, dtype: DTypeLike, moved: bool = False) -> Array | float:
        """Return the value of a symbol for the portable body; ``moved`` moves the numbers a little."""
        if name == "_class_index":
            return numpy.arange(self.shape[1]).reshape(_along(self.shape))
        if name not in self.arrays:
            return self.numbers[name]
        array = self.arrays[name]
        if array.dtype.kind != "f":
            return array
        return (array * self.moves[tuple(map(slice, array.shape))] if moved else array).astype(dtype)

    def memory(self, node: Node, part: slice) -> Array:
        """Return the array that a kernel reads for a part, in the kernel's dtype."""
        name, arguments = str(node.label), self.printed.arguments
        array = self.arrays[name] if node.axes == COLUMN else self.arrays[name][part]
        kinds = NUMBER_KINDS | {LABEL: arguments.integers} | {k: HALVES[half] for k, half in arguments.halves}
        if dict(arguments.halves).get(name) == "float16":
            return array.astype(numpy.float16).view(numpy.uint16)
        if name in dict(arguments.halves):
            return (array.astype(numpy.float32).view(numpy.uint32) >> 16).astype(numpy.uint16)
        return numpy.array(array, kinds.get(name, self.printed.dtype), order="C")

    def extent(self, part: slice) -> tuple[int, int, int]:
        """Count the chunks, rows and columns of a part."""
        shape = part.stop - part.start, *self.shape[1:]
        return self.printed.printer.extent(Rows(shape, as_tuple(self.axis)))


def samples(printed: Printed, call: Call) -> Iterator[Sample]:
    """Yield ordinary values in several shapes, then items with special values, one at a time."""
    by_rows = bool(as_tuple(call.axis))
    for shape, ends in (ROWS if by_rows else ELEMENTS).items():
        placed = _placed(call, shape)
        if printed.printer.serves(Rows(shape, as_tuple(placed.axis)), printed.work, call.options.labels):
            parts = [slice(a, b) for a, b in pairwise(ends)]
            yield Sample(placed, printed, shape, parts, _Values(placed, printed).ordinary())
    yield _special(printed, call, by_rows)


def _special(printed: Printed, call: Call, by_rows: bool) -> Sample:
    of_items = {str(node.label) for node in printed.arguments.arrays if node.axes != COLUMN}
    predictions = [a for a in call.record.inner.arguments if a.name in of_items]
    places = [(a.name, value) for a in predictions for value in _specials(a.domain) for _ in range(2)]
    shape = (max(1, len(places)), *([CLASSES] if by_rows else []))
    placed = _placed(call, shape)
    values = _Values(placed, printed)
    arrays = values.ordinary()
    for k, (name, value) in enumerate(places):
        arrays[name][(k, k % arrays[name].shape[1]) if by_rows else k] = value
    arrays |= {name: values.rounded(name, arrays[name]) for name, _ in places}
    parts = [slice(k, k + 1) for k in range(shape[0])]
    return Sample(placed, printed, shape, parts, arrays, size=1.0)


def _specials(domain: Interval) -> tuple[float, ...]:
    if domain.sums_to_one:
        return ()  # ordinary rows have zeros and ones
    if domain.has_ends:
        return (domain.low, domain.high, math.nan)
    if math.isfinite(domain.high):
        return (math.nan, *(domain.high - above for above in (*ABOVE, math.inf)))
    return ABOVE[not domain.includes_low :] if math.isfinite(domain.low) else REAL


def _placed(call: Call, shape: tuple[int, ...]) -> Call:
    """Return the call with another shape, whose rows run along axis 1."""
    if len(shape) == 1:
        return call.but(shape=shape, items=shape)
    items = tuple(1 if i == 1 else n for i, n in enumerate(shape))
    return call.but(shape=shape, items=items, axis=(1,) if isinstance(call.axis, tuple) else 1)


def _along(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n if i == 1 else 1 for i, n in enumerate(shape))


class _Values:
    """A source of values for the arrays of a call, with a generator of its own."""

    def __init__(self, call: Call, printed: Printed) -> None:
        self.call, self.printed = call, printed
        self.rng = numpy.random.default_rng(len(call.shape) + call.shape[-1])
        self.domains = {a.name: a.domain for a in call.record.inner.arguments}
        self.domains |= {p.name: p.domain for p in call.record.parameters}
        self.domains |= {row.name: row.domain for row in call.options.given if row.domain}
        self.targets = {a.name for a in call.record.inner.arguments if a.role == "target"}

    def ordinary(self) -> dict[str, Array]:
        """Draw values for all arrays that the kernel reads, rounded to its dtypes."""
        return {str(node.label): self._array(node) for node in self.printed.arguments.arrays}

    def _array(self, node: Node) -> Array:
        name = str(node.label)
        by_level = {ROW: tuple(self.call.items), COLUMN: _along(self.call.shape)}
        shape = by_level.get(node.axes, self.call.shape)
        if NUMBER_KINDS.get(name) == "bool":
            return self.rng.random(shape) < 0.8
        if name == LABEL:
            return self._labels(shape)
        domain = self.domains.get(name, Interval())
        values = self._inside(domain, shape, name in self.targets)
        if domain is WEIGHTS:
            values.reshape(-1)[::ZERO_EVERY] = 0.0
        return self.rounded(name, values)

    def _labels(self, shape: tuple[int, ...]) -> Array:
        labels = self.rng.integers(0, self.call.shape[1], shape)
        for label in (value for value in self.call.numbers.values() if isinstance(value, int)):
            labels.reshape(-1)[::IGNORED_EVERY] = label
        return labels

    def _inside(self, domain: Interval, shape: tuple[int, ...], target: bool) -> Array:
        """Draw values inside a domain; some targets lie at its ends."""
        normal = self.rng.normal(size=shape)
        if domain.whole:
            most = domain.high if domain.has_ends else self.call.shape[1] - 1
            return self.rng.integers(int(domain.low), int(most), shape, endpoint=True).astype(numpy.float64)
        if domain.sums_to_one:
            return self._distributions(normal)
        if domain.has_ends:
            values = domain.low + (domain.high - domain.low) * self.rng.uniform(0.02, 0.98, shape)
            if target:
                values.reshape(-1)[::EDGE_EVERY] = domain.low
                values.reshape(-1)[1::EDGE_EVERY] = domain.high
            return values
        if math.isfinite(domain.low):
            return domain.low + numpy.exp(normal)
        if math.isfinite(domain.high):
            return domain.high - numpy.exp(normal)
        return numpy.where(self.rng.random(shape) < 0.5, numpy.round(4 * normal) / 4, 3 * normal)  # some are equal

    def _distributions(self, normal: Array) -> Array:
        """Make rows that sum to 1; some are one-hot."""
        powers = numpy.exp(2 * normal)
        rows: Array = powers / powers.sum(axis=1, keepdims=True)
        rows[::EDGE_EVERY] = rows[::EDGE_EVERY] == rows[::EDGE_EVERY].max(axis=1, keepdims=True)
        return rows

    def rounded(self, name: str, values: Array) -> Array:
        """Round values to the dtype in which the kernel reads an array."""
        half = dict(self.printed.arguments.halves).get(name)
        if half == "float16":
            values = values.astype(numpy.float16)
        elif half:
            bits = values.astype(numpy.float32).view(numpy.uint32) & numpy.uint32(0xFFFF0000)
            values = bits.view(numpy.float32)
        return values.astype(self.printed.dtype).astype(numpy.float64)
