"""``Call``, a checked call: its program, and the values of the program's symbols."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from lossary.catalogue.record import Argument, Record
from lossary.errors import ArgumentError, ArgumentTypeError, ShapeError
from lossary.frameworks.face import AnyFace, Array, Axis, Dimensions, DType, Shape
from lossary.kinds.layout import layout_of
from lossary.kinds.program import Options, Program
from lossary.symbolic.graph import CLASS, COLUMN, Node
from lossary.symbolic.simplify import CLASS_INDEX

__all__ = ["Call", "as_tuple", "items_of"]


@dataclass
class Call:
    """A checked call: its program, and the values of the program's symbols, each an array or a number."""

    record: Record
    face: AnyFace
    options: Options
    inputs: dict[str, Array]
    numbers: dict[str, int | float]
    shape: Shape  # of the arrays, or of the scores that are computed from them
    items: Shape  # of the items, 1 along the axes that they run over
    axis: Axis
    dtype: DType
    reduction: str
    denominator: Array | float | str
    empty: str
    dtypes: dict[str, DType]  # of the arrays as they were given
    program: Program

    def but(self, **changes: Any) -> Call:
        """Return the same call with other values of some fields."""
        other = object.__new__(Call)  # ``dataclasses.replace`` takes five times as long
        vars(other).update(vars(self) | changes)
        return other

    def given(self, symbols: Sequence[Node], with_labels: bool = False) -> list[Array | float]:
        """Return the values of symbols in the dtype of the call; labels beside others may stay as they are."""
        arrays = {name for symbol in symbols if (name := str(symbol.label)) in self.dtypes}
        labels = {name for name in arrays if with_labels and self.face.is_integer(self.inputs[name].dtype)}
        return [self._given(symbol, as_it_is=labels if labels < arrays else ()) for symbol in symbols]

    def _given(self, symbol: Node, as_it_is: Container[str]) -> Array | float:
        name = str(symbol.label)
        if name in self.numbers:
            number, like = self.numbers[name], next(iter(self.inputs.values()))
            return self.face.scalar(number, like, self.dtype) if isinstance(number, float) else number
        if name not in self.inputs and self.record.axes:
            like = next(iter(self.inputs.values()))
            return layout_of(self.record).index(self.face, name, self.shape, like, self.dtype)
        value = self.inputs[name]
        if name in self.dtypes and name not in as_it_is:
            return self.face.cast(value, self.dtype)
        of_classes = symbol.axes == COLUMN and symbol is not CLASS_INDEX and not self.record.axes
        return self.face.broadcast(value, self.shape) if of_classes else value

    @property
    def axes(self) -> Dimensions:
        """The dimensions of the axes that formulas name."""
        return layout_of(self.record).dimensions if self.record.axes else _dimensions(self.axis)

    @property
    def predictions(self) -> list[Argument]:
        """The predictions that were given."""
        return [argument for argument in self.record.predictions if argument.name in self.dtypes]

    def as_given(self, gradients: Sequence[Array]) -> list[Array]:
        """Return each gradient in the dtype of its prediction."""
        face, dtypes = self.face, [self.dtypes[argument.name] for argument in self.predictions]
        return [face.cast(g, d) if face.is_floating(d) else g for g, d in zip(gradients, dtypes, strict=True)]

    def shape_of_gradient(self, name: str) -> Shape:
        """Return the shape of the gradient in a prediction, as formulas compute it."""
        return tuple(self.inputs[name].shape) if self.record.axes else self.shape

    def buffers(self, out: Array | tuple[Array, ...], inputs: dict[str, Array]) -> tuple[Array, ...]:
        """Check the arrays to write gradients into, and return them as a tuple."""
        buffers = out if isinstance(out, tuple) else (out,)
        names = [argument.name for argument in self.predictions]
        if len(buffers) != len(names):
            raise ArgumentTypeError(f"{self.record.name}: out needs an array for each of {', '.join(names)}.")
        for name, buffer in zip(names, buffers, strict=True):
            self._check_buffer(buffer, tuple(inputs[name].shape), list(inputs.values()))
        for k, buffer in enumerate(buffers):
            if any(self.face.overlap(buffer, other) for other in buffers[:k]):
                raise ArgumentError(f"{self.record.name}: two arrays of out share memory; each gradient needs its own.")
        return buffers

    def _check_buffer(self, buffer: Array, shape: Shape, inputs: list[Array]) -> None:
        name = self.record.name
        if tuple(getattr(buffer, "shape", ())) != shape or getattr(buffer, "dtype", None) != self.dtype:
            raise ShapeError(f"{name}: out must be an array of shape {shape} and dtype {self.dtype}.")
        if not self.face.is_writable(buffer, inputs[0]):
            raise ArgumentError(
                f"{name}: out cannot be written to; it must be writable, of {self.face.name}, on the device of the "
                "predictions, and each element must have memory of its own."
            )
        if any(self.face.overlap(buffer, value) for value in inputs if hasattr(value, "dtype")):
            raise ArgumentError(f"{name}: out shares memory with an input, which would be changed.")

    def as_items(self, array: Array) -> Array:
        """Broadcast to one value an item, without the axes that items run over."""
        array = self.face.broadcast(array, self.items)
        return self.face.reshape(array, self.public_items) if as_tuple(self.axis) else array

    @property
    def public_items(self) -> Shape:
        """The shape of one value an item."""
        gone = as_tuple(self.axis)
        return tuple(n for i, n in enumerate(self.items) if i not in gone)


@cache
def _dimensions(axis: Axis) -> Dimensions:
    return Dimensions(() if axis is None else ((CLASS, axis),))


def as_tuple(axis: object) -> tuple[Any, ...]:
    """Return axes as a tuple; there are none for None."""
    return () if axis is None else tuple(axis) if isinstance(axis, tuple | list) else (axis,)


def items_of(shape: Shape, axes: tuple[int, ...]) -> Shape:
    """Return the shape of one value an item: 1 along the axes that items run over."""
    return tuple([1 if i in axes else n for i, n in enumerate(shape)]) if axes else shape
