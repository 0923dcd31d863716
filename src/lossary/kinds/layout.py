"""Layouts of losses of named axes: every array of a call gets one dimension for each axis, in one order.

A dimension has length 1 in the arrays that do not vary along its axis. Axes that words make, such as ``other_item``,
come last: no array of a call has them, but what formulas compute does.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache

from lossary.catalogue.record import Record
from lossary.errors import FormulaError, ShapeError
from lossary.frameworks.face import AnyFace, Array, Dimensions, DType, Shape
from lossary.symbolic.derivatives import gradient
from lossary.symbolic.graph import Axes, crossed, index, places, walk
from lossary.symbolic.words import made_from, summed

__all__ = ["Layout", "layout_of"]


class Layout:
    """The dimensions of the axes of one loss."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.own = {name: tuple(axes.split()) for name, axes in record.axes.items()}
        nodes = walk(*gradient(summed(record.graph), [argument.symbol for argument in record.arguments]), record.graph)
        self.given = tuple(dict.fromkeys(axis for axes in self.own.values() for axis in axes))
        made = crossed(nodes).union(*(node.axes for node in nodes)).difference(self.given)
        self.names = (*self.given, *sorted(made))
        self.made_from = made_from(nodes)
        known = {*self.given, *record.lengths}
        if unknown := [name for name in sorted(made) if self.made_from.get(name, name) not in known]:
            raise FormulaError(
                f"{record.name} varies along {unknown[0]}, which no array has: state how long it is, as in "
                f"lengths={{{unknown[0]!r}: lambda {self.given[-1]}: {self.given[-1]} + 1}}."
            )
        told = {*map(places, (*self.names, *known)), *(one.symbol for one in record.numbers)}
        if counts := [node for node in nodes if node.word == "symbol" and not node.axes and node not in told]:
            name = str(counts[0].label).strip("_").removesuffix("_places")
            raise FormulaError(f"{record.name} counts the places along {name}, which no array has.")
        self.dimensions = Dimensions(tuple((name, i) for i, name in enumerate(self.names)))
        self.inner = tuple(i for i, name in enumerate(self.names) if name not in record.graph.axes)
        self._indices = {str(index(name).label): name for name in self.names}
        self._counts = [(str(places(name).label), name) for name in (*self.names, *record.lengths)]
        self._needed = {name: [*inspect.signature(length).parameters] for name, length in record.lengths.items()}

    def shape(self, shapes: Mapping[str, Shape]) -> Shape:
        """Check the shapes of the arrays, and return the length of each dimension; 1 for axes that words make."""
        lengths: dict[str, int] = {}
        for name, shape in shapes.items():
            self._check(name, shape, lengths)
        return tuple(lengths.get(name, 1) for name in self.names)

    def shape_of_inputs(self, arrays: Mapping[str, Array]) -> Shape:
        """Return the length of each dimension of arrays that are laid out."""
        shapes = [arrays[name].shape for name in self.own]
        return tuple(next((n for n in lengths if n != 1), 1) for lengths in zip(*shapes, strict=True))

    def missing(self, axes: Axes) -> tuple[int, ...]:
        """Return the dimensions of all other axes."""
        return tuple(i for i, name in enumerate(self.names) if name not in axes)

    def _check(self, name: str, shape: Shape, lengths: dict[str, int]) -> None:
        """Raise for an array that does not fit those before it, whose lengths are known."""
        axes, loss = self.own[name], self.record.name
        if len(shape) != len(axes):
            raise ShapeError(f"{loss}: {name} has shape {shape}; it needs {_dimensions(axes)}.")
        for axis, length in zip(axes, shape, strict=True):
            if lengths.setdefault(axis, length) != length:
                first = next(other for other, own in self.own.items() if axis in own)
                raise ShapeError(
                    f"{loss}: {name} has shape {shape}, with {length} along {axis}, where {first}, whose "
                    f"dimensions are {', '.join(self.own[first])}, has {lengths[axis]}; nothing is broadcast."
                )
            if length == 0 and axis not in self.record.graph.axes:
                raise ShapeError(f"{loss}: {name} has shape {shape}: there is nothing along {axis}.")

    def laid(self, face: AnyFace, name: str, array: Array) -> Array:
        """Return an argument with a dimension for each axis."""
        axes, order = self.own[name], self._order(name)
        array = array if order == list(range(len(axes))) else face.permute(array, order)
        lengths = dict(zip((axes[i] for i in order), array.shape, strict=True))
        return face.reshape(array, tuple(lengths.get(axis, 1) for axis in self.names))

    def as_given(self, face: AnyFace, name: str, array: Array) -> Array:
        """Return an array like an argument, with the dimensions of that as it was given."""
        order = self._order(name)
        array = face.reshape(array, tuple(array.shape[self.names.index(self.own[name][i])] for i in order))
        back = sorted(range(len(order)), key=order.__getitem__)
        return array if back == order == sorted(order) else face.permute(array, back)

    def _order(self, name: str) -> list[int]:
        """Return the dimensions of an argument in the order of the layout."""
        axes = self.own[name]
        return sorted(range(len(axes)), key=lambda i: self.names.index(axes[i]))

    def places(self, shape: Shape) -> dict[str, int | float]:
        """Return the numbers of places along each axis, by the names of their symbols."""
        lengths = self._lengths(shape)
        return {label: 1.0 * lengths[name] for label, name in self._counts}

    def index(self, face: AnyFace, name: str, shape: Shape, like: Array, dtype: DType) -> Array:
        """Return the places along an axis, given the name of their symbol, as an array."""
        axis = self._indices[name]
        length = self._lengths(shape)[axis]
        line = tuple(length if each == axis else 1 for each in self.names)
        return face.reshape(face.cast(face.arange(length, like), dtype), line)

    def _lengths(self, shape: Shape) -> dict[str, int]:
        """Return the length of each axis of a call of some shape."""
        known = dict(zip(self.given, shape, strict=False))
        for name, function in self.record.lengths.items():
            known[name] = function(**{one: known[one] for one in self._needed[name]})
        return known | {name: known[self.made_from.get(name, name)] for name in self.names}


def _dimensions(axes: tuple[str, ...]) -> str:
    count = f"{len(axes)} dimension{'s'[: len(axes) != 1]}"
    return f"{count}: {', '.join(axes)}" if axes else count


@cache
def layout_of(record: Record) -> Layout:
    """Return the layout of a loss."""
    return Layout(record)
