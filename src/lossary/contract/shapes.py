"""Shapes of a call's arrays, and the messages for those that do not match."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral
from typing import Any

from lossary.catalogue.record import Record
from lossary.contract.reading import reshaped
from lossary.errors import ArgumentTypeError, ShapeError
from lossary.frameworks.face import AnyFace, Array, Axis, DType, Shape
from lossary.kinds import scores
from lossary.kinds.call import as_tuple
from lossary.kinds.layout import layout_of
from lossary.symbolic.graph import places

__all__ = [
    "axis_of",
    "check_order",
    "check_places",
    "in_order",
    "match_shapes",
    "shape_of",
    "shape_of_inputs",
    "yes_or_no",
]


def shape_of(record: Record, values: Mapping[str, Array]) -> Shape:
    """Return the shape of the predictions, or of the scores that are computed from them."""
    if record.axes:
        return layout_of(record).shape({name: tuple(values[name].shape) for name in record.axes})
    if record.scores:
        return scores.shape(record, {name: tuple(value.shape) for name, value in values.items()})
    return tuple(values[record.arguments[0].name].shape)


def shape_of_inputs(record: Record, inputs: Mapping[str, Array]) -> Shape:
    """Return the shape of a call, from the inputs that were made of its arrays."""
    return layout_of(record).shape_of_inputs(inputs) if record.axes else shape_of(record, inputs)


def check_places(record: Record, face: AnyFace, shape: Shape, axis: Axis, dtype: DType, labels: bool) -> None:
    """Raise if a label may be the place of more than the dtype of a call tells apart, in which it is checked."""
    lengths: list[Any] = [shape[i] for i in as_tuple(axis)] if labels else []
    if record.axes:
        counted = layout_of(record).places(shape)
        named = {argument.domain.index_of for argument in record.arguments} - {""}
        lengths = [counted[str(places(name).label)] for name in named]
    most = 2.0 / face.eps(dtype)
    if any(isinstance(n, int | float) and n > most for n in lengths):  # a compiler may not know them
        raise ShapeError(
            f"{record.name}: a label cannot tell {max(lengths):.0f} places apart in {dtype}, only {most:.0f}; cast the "
            "predictions to float64."
        )


def axis_of(record: Record, axis: object, dimensions: int) -> Axis:
    """Check the axes that an item runs over, and return them counted from the front."""
    if record.axes:
        return layout_of(record).inner
    if record.scores:
        return dimensions - 1
    if not record.has_axis:
        return None
    over = tuple(range(dimensions)) if axis is None else as_tuple(axis)
    for one in over:
        if isinstance(one, bool) or not isinstance(one, Integral):
            raise ArgumentTypeError(f"{record.name}: axis is {axis!r}; it must be an integer{_or_several(record)}.")
        if not -dimensions <= int(one) < dimensions:
            raise ShapeError(f"{record.name}: axis is {axis!r}, the arrays have {dimensions} dimensions.")
    front = tuple(sorted({int(one) % dimensions for one in over}))
    if len(front) != len(over):
        raise ShapeError(f"{record.name}: axis is {axis!r}, which names an axis twice.")
    if record.by_region:
        return front
    if len(front) != 1:
        raise ShapeError(
            f"{record.name}: axis is {axis!r}; the classes lie along one axis, an integer such as axis=-1. Merge "
            "several axes into one with reshape first."
        )
    return front[0]


def _or_several(record: Record) -> str:
    return ", a tuple of them, or None" if record.by_region else ""


def match_shapes(record: Record, face: AnyFace, values: dict[str, Array], shape: Shape, axis: Axis) -> bool:
    """Check the arrays' shapes; return True if the target holds labels."""
    first = record.scores[0].name if record.scores else record.arguments[0].name
    over_classes = record.takes_classes
    if record.axes:  # they were checked when the shape was found
        return False
    if isinstance(axis, int):
        _enough_classes(record, first, shape, axis)
    factors = {name for one in record.scores for name in one.factors}
    for name, value in values.items():
        if name in factors:  # they were checked when the scores' shape was found
            continue
        other = tuple(value.shape)
        rows = tuple(n for i, n in enumerate(shape) if i != axis)
        if over_classes and name == "target" and other == rows:
            if face.is_integer(value.dtype):
                return True
            raise ArgumentTypeError(
                f"{record.name}: target has shape {other}, as labels have, but dtype {value.dtype}; "
                "labels are integers (cast them), probabilities need one for each class."
            )
        if other != shape:
            raise ShapeError(_mismatch(record, face, first, shape, name, other, rows if over_classes else None))
    return False


def _enough_classes(record: Record, first: str, shape: Shape, axis: int) -> None:
    """Raise for no classes, and for a single class if there is a target."""
    if shape[axis] == 0:
        places = "numbers" if record.takes_vectors else "classes"
        raise ShapeError(f"{record.name}: {first} has shape {shape}: there are no {places} along axis {axis}.")
    if (
        shape[axis] == 1
        and not record.takes_vectors
        and any(argument.role != "prediction" for argument in record.arguments)
    ):
        other = "; if the classes lie along another axis, pass axis=" if record.has_axis else ""
        raise ShapeError(
            f"{record.name}: {first} has shape {shape}: there is one class along axis {axis}, whose probability is "
            f"always 1. For yes or no, use {yes_or_no(record)}{other}."
        )


def yes_or_no(record: Record) -> str:
    """Name the losses for a target that is yes or no for each class, for a message."""
    binary = "sigmoid_cross_entropy"
    takes_probabilities = record.predictions[0].takes_probabilities
    return f"binary_cross_entropy, or {binary} of scores" if takes_probabilities else binary


def of_several_classes(record: Record) -> str:
    """Name the loss whose target is one of several classes, for a message."""
    return "categorical_cross_entropy" if record.predictions[0].takes_probabilities else "softmax_cross_entropy"


def _takes_yes_or_no(record: Record) -> bool:
    """Return True if each element of the target is 0, 1 or a probability between them."""
    return any(argument.name == "target" and argument.domain.rounds for argument in record.arguments)


def check_order(record: Record, values: dict[str, Array], shape: Shape, axis: object) -> None:
    """Raise if the first array has the shape of labels, and the target one more axis, as the prediction should.

    Lengths are compared only if the numbers of dimensions differ: symbolic lengths of a compiler cannot be ordered.
    """
    target = tuple(values["target"].shape) if record.takes_classes and not record.scores else ()
    if len(target) == len(shape) + 1 and _without(target, axis) == shape:
        first = record.arguments[0].name
        raise ShapeError(
            f"{record.name}: {first} has shape {shape}, as labels have, and target {target}; it seems that the target "
            f"came first. The order is {in_order(record)}."
        )


def _without(shape: Shape, axis: object) -> Shape | None:
    """Return the shape without the axis of its classes; None without such an axis or with fewer than two classes."""
    if not isinstance(axis, Integral) or not -len(shape) <= int(axis) < len(shape) or shape[int(axis)] in (0, 1):
        return None
    return tuple(n for i, n in enumerate(shape) if i != int(axis) % len(shape))


def in_order(record: Record) -> str:
    """Return a call of a loss with its arrays in order, for a message."""
    return f"{record.name}({', '.join(argument.name for argument in record.arguments if not argument.optional)})"


def _mismatch(
    record: Record,
    face: AnyFace,
    first: str,
    shape: Shape,
    name: str,
    other: Shape,
    rows: Shape | None,
) -> str:
    text = f"{record.name}: {first} has shape {shape} and {name} {other}"
    if rows is not None and name == "target":
        text += f"; a target is {rows} labels or {shape} probabilities"
    else:
        text += "; they must be the same, nothing is broadcast"
    wanted = shape if rows is None else rows
    if other and [n for n in other if n != 1] == [n for n in wanted if n != 1] and math.prod(other) > 0:
        longer = name if len(other) >= len(wanted) else first
        ends_in_one = (shape if longer == first else other)[-1:] == (1,)
        if len(other) != len(wanted) and ends_in_one and (longer == name or rows is None):
            return text + f". Use {longer}.squeeze(-1)."
        if longer == first and rows is None:
            return text + f". Use {first}.reshape({other})."
        return text + f". Use {name}.reshape({wanted})."
    shorter = _without_an_axis(shape)
    if rows is not None and name == "target" and record.has_axis and other in shorter:
        place = shorter.index(other)
        return text + f". If the classes lie along axis {place}, pass axis={place}."
    if rows is None and name == "target" and other in shorter and _takes_yes_or_no(record):
        text += f". If these are labels of classes, make them one-hot rows, or use {of_several_classes(record)}"
    for small, large, which in ((other, shape, name), (shape, other, first)):
        if rows is None and (found := _stretched(face, which, small, large)):
            return text + f". If it is the same for all, use {found}."
    return text + "."


def _stretched(face: AnyFace, name: str, shape: Shape, wanted: Shape) -> str:
    """Return calls that broadcast an array to the wanted shape, for a message; empty if it does not broadcast."""
    if _broadcasts(shape, wanted):
        return str(face.STRETCHED.format(name, wanted))
    fit = reshaped(name, shape, wanted) if len(shape) < len(wanted) else []
    return " or ".join(face.STRETCHED.format(call, wanted) + where for call, where in fit)


def _without_an_axis(shape: Shape) -> list[Shape]:
    """Return the shapes without each axis in turn."""
    return [shape[:axis] + shape[axis + 1 :] for axis in range(len(shape))]


def _broadcasts(shape: Shape, wanted: Shape) -> bool:
    """Tell whether a shape is () or has 1s in place of some of the wanted lengths."""
    return shape == () or (len(shape) == len(wanted) and all(n in (1, m) for n, m in zip(shape, wanted, strict=True)))
