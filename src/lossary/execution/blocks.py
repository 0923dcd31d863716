"""Formulas of pairs, computed block by block where the array of all pairs would be large."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from lossary.contract.keywords import as_tuple
from lossary.execution.like import LIKE, like_of
from lossary.frameworks import load
from lossary.frameworks.face import AnyFace, Array, Dimensions
from lossary.symbolic import codegen
from lossary.symbolic.blocked import Pass, Segment, passes
from lossary.symbolic.codegen import Build
from lossary.symbolic.graph import Axes, Node, walk
from lossary.symbolic.words import made_from

__all__ = ["in_blocks"]

LARGE = 1 << 25  # bytes of an array of pairs that are worth the calls for each block
BLOCK = 1 << 22  # bytes of the pairs of a block, which stay in the cache
ON_GPU = 64  # times as large both are there, where each operation takes some microseconds to start
Body = Callable[..., tuple[Any, ...]]
Values = dict[Node, Any]
Split = tuple[list[Pass], tuple[Node, ...]]


@cache
def in_blocks(build: Build, on_gpu: bool = False) -> Build:
    """Return a ``build`` whose functions go by blocks of pairs, each computed by what the given one makes."""

    @cache
    def made(outputs: tuple[Node, ...], arguments: tuple[Node, ...], target: str) -> Body:
        plain = build(outputs, arguments, target)
        printed = tuple(codegen.printed(outputs, target))
        pairs = {new: old for new, old in made_from(walk(*printed)).items() if new != old}
        split = ((old, new, passes(printed, (old, new))) for new, old in pairs.items())
        over, beside, found = next((one for one in split if one[2]), ("", "", None))
        if found is None:
            return plain
        largest = max((n.axes for n in walk(*printed) if {over, beside} <= n.axes), key=len)
        face = load("torch" if target == "eager" else target)
        lengths = _Lengths(over, largest, pairs, arguments, face, ON_GPU if on_gpu else 1)
        blocked = cache(lambda: _Blocked(found, over, arguments, build, target, face))

        def formula(*arrays: Any, axes: Dimensions) -> tuple[Any, ...]:
            rows = lengths.rows(arrays, axes)
            return blocked()(arrays, axes, *rows) if rows else plain(*arrays, axes=axes)

        return formula

    return made


@dataclass(frozen=True)
class _Lengths:
    """What tells how large the pairs of a formula are."""

    over: str
    largest: Axes
    pairs: dict[str, str]
    arguments: tuple[Node, ...]
    face: AnyFace
    scale: int

    def rows(self, arrays: Sequence[Any], axes: Dimensions) -> tuple[int, int] | None:
        """Return the length of the axis that blocks divide, and that of a block; None if all pairs fit in one."""
        if not all(isinstance(n, int) for array in arrays for n in getattr(array, "shape", ())):
            return None  # an exported program leaves lengths open
        known: dict[str, int] = {}
        for node, array in zip(self.arguments, arrays, strict=True):
            for name in node.axes:
                known[name] = max(known.get(name, 1), _length(array, axes[name]))
        size = math.prod(known[name] if name in known else known[self.pairs[name]] for name in self.largest)
        size *= like_of(self.face, self.arguments, arrays).dtype.itemsize
        rows = max(1, self.scale * BLOCK * known[self.over] // size)
        return (known[self.over], rows) if size > self.scale * LARGE else None


@dataclass(frozen=True)
class _Function:
    """A function of arrays that computes formulas, and the symbols of its arrays."""

    symbols: tuple[Node, ...]
    body: Body
    results: tuple[Node, ...]

    def __call__(self, values: Values, axes: Dimensions) -> Iterator[tuple[Node, Any]]:
        """Return the results, each with its symbol."""
        made = self.body(*(values[one] for one in self.symbols), axes=axes)
        return zip(self.results, made, strict=True)


class _Blocked:
    """A function of arrays that computes formulas by passes over blocks of an axis."""

    def __init__(
        self, split: Split, over: str, arguments: tuple[Node, ...], build: Build, target: str, face: AnyFace
    ) -> None:
        def function(segment: Segment) -> _Function:
            used = (one for one in walk(*segment.outputs) if one.word == "symbol")
            symbols = tuple(dict.fromkeys([LIKE, *used]))
            return _Function(symbols, build(segment.outputs, symbols, target), segment.results)

        found, outputs = split
        self.arguments, self.over, self.face = arguments, over, face
        self.passes = [(function(one.before), function(one.inside)) for one in found]
        self.last = function(Segment(outputs, outputs))

    def __call__(self, arrays: Sequence[Any], axes: Dimensions, length: int, rows: int) -> tuple[Any, ...]:
        values: Values = dict(zip(self.arguments, arrays, strict=True))
        values[LIKE] = like_of(self.face, self.arguments, arrays)
        starts = range(0, length, rows)
        go = self._scanned if self.face.has_scan else self._joined
        for before, inside in self.passes:
            values.update(before(values, axes))
            values.update(go(inside, values, axes, starts))
        values = {one: values[one] for one in self.last.symbols}  # frees the others
        return tuple(value for _, value in self.last(values, axes))

    def _joined(self, inside: _Function, values: Values, axes: Dimensions, starts: range) -> Values:
        """Return the results of all blocks: side by side along their axis, or added up."""
        along = as_tuple(axes[self.over])[0]
        joined: Values = {}
        for start in starts:
            block = (slice(None),) * along + (slice(start, start + starts.step),)
            divided = self._divided(inside, values, along)
            given = {one: values[one][block] if one in divided else values[one] for one in inside.symbols}
            for result, part in inside(given, axes):
                lies_along = self.over in result.axes
                if not start:
                    joined[result] = self._whole(part, along, starts.stop) if lies_along else part
                if lies_along:
                    joined[result][block] = part
                elif start:
                    joined[result] += part
        return joined

    def _scanned(self, inside: _Function, values: Values, axes: Dimensions, starts: range) -> Values:
        """Return the same by a loop of a compiled program, whose arrays cannot be written."""
        along, face = as_tuple(axes[self.over])[0], self.face
        divided = self._divided(inside, values, along)
        of_blocks = [one for one in inside.results if self.over in one.axes]
        sums = [one for one in inside.results if self.over not in one.axes]

        def step(before: list[Array] | None, blocks: list[Array]) -> tuple[list[Array], list[Array]]:
            given = values | {one: _moved(face, block, 0, along) for one, block in zip(divided, blocks, strict=True)}
            parts = dict(inside(given, axes))
            made = [_stretched(face, parts[one], along, blocks[0].shape[0]) for one in of_blocks]
            added = [parts[one] for one in sums]
            added = added if before is None else [a + b for a, b in zip(before, added, strict=True)]
            return added, [_moved(face, one, along, 0) for one in made]

        found, made = face.scan(step, [_moved(face, values[one], along, 0) for one in divided], starts.step)
        return dict(zip(sums, found, strict=True)) | {
            one: _moved(face, array, 0, along) for one, array in zip(of_blocks, made, strict=True)
        }

    def _divided(self, inside: _Function, values: Values, along: int) -> list[Node]:
        """Return the arrays of which a block has a part."""
        return [one for one in inside.symbols if self.over in one.axes and _length(values[one], along) > 1]

    def _whole(self, part: Array, along: int, length: int) -> Array:
        """Return memory for results like one of them, but longer along an axis."""
        return self.face.zeros((*part.shape[:along], length, *part.shape[along + 1 :]), part.dtype, part)


def _moved(face: AnyFace, array: Array, start: int, stop: int) -> Array:
    """Return an array with a dimension moved to another place."""
    order = [i for i in range(len(array.shape)) if i != start]
    return array if start == stop else face.permute(array, (*order[:stop], start, *order[stop:]))


def _stretched(face: AnyFace, part: Array, along: int, length: int) -> Array:
    """Return a result of a block with the length of the block, which it need not vary along."""
    return face.broadcast(part, (*part.shape[:along], length, *part.shape[along + 1 :]))


def _length(array: Any, dimension: int | tuple[int, ...]) -> int:
    """Return the length of an array along a dimension; 1 for a number."""
    shape: tuple[int, ...] = getattr(array, "shape", ())
    return shape[as_tuple(dimension)[0]] if shape else 1
