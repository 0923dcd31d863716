"""From what a user passes to what is computed: names, shapes, dtypes and values, checked once for all losses."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from types import NoneType
from typing import Any

from lossary.catalogue.record import Argument, Record
from lossary.contract.keywords import (
    WITH_AXIS,
    Reader,
    as_tuple,
    items_of,
    keywords,
    no_keyword,
    read_array,
    read_denominator,
    read_reduction,
    reshaped,
)
from lossary.errors import ArgumentError, ArgumentTypeError, ShapeError
from lossary.frameworks import face_of
from lossary.frameworks.face import AnyFace
from lossary.kinds import scores
from lossary.kinds.program import Options, Program, embed, item_level
from lossary.symbolic.graph import Level, Node

__all__ = [
    "Call",
    "along_classes",
    "in_order",
    "inputs_of",
    "keywords",
    "prepare",
    "shape_of",
    "validate",
    "yes_or_no",
]


@dataclass
class Call:
    """A call that was checked: its program, and everything that the program's symbols stand for."""

    record: Record
    face: AnyFace
    options: Options
    inputs: dict[str, Any]
    shape: tuple[int, ...]  # of the arrays, or of the scores that are computed from them
    items: tuple[int, ...]  # of the items, 1 along the axes that they run over
    axis: tuple[int, ...] | int | None
    dtype: Any
    reduction: str
    denominator: Any
    empty: str
    dtypes: dict[str, Any]  # of the arrays as they were given
    program: Program

    def but(self, **changes: Any) -> Call:
        """The same call with other values of some fields."""
        other = object.__new__(Call)  # ``dataclasses.replace`` takes five times as long
        vars(other).update(vars(self) | changes)
        return other

    def given(self, symbols: Iterable[Node]) -> list[Any]:
        """What symbols stand for."""
        return [self._given(str(symbol.label)) for symbol in symbols]

    def _given(self, name: str) -> Any:
        value = self.inputs[name]
        if isinstance(value, float):
            like = next(array for array in self.inputs.values() if hasattr(array, "dtype"))
            return self.face.scalar(value, like, self.dtype)
        if name in self.dtypes:
            return self.face.cast(value, self.dtype)
        return self.face.broadcast(value, self.shape) if name == "class_weight" else value

    @property
    def predictions(self) -> list[Argument]:
        """Those that were given."""
        return [argument for argument in self.record.predictions if argument.name in self.dtypes]

    def as_given(self, gradients: Sequence[Any]) -> list[Any]:
        """Each gradient in the dtype of its prediction."""
        dtypes = [self.dtypes[argument.name] for argument in self.predictions]
        return [self.face.cast(g, d) if self.face.is_floating(d) else g for g, d in zip(gradients, dtypes, strict=True)]

    def buffers(self, out: Any, inputs: dict[str, Any]) -> tuple[Any, ...]:
        """The arrays to write gradients into, checked; there are none if none were given."""
        if out is None:
            return ()
        buffers = out if isinstance(out, tuple) else (out,)
        names = [argument.name for argument in self.predictions]
        if len(buffers) != len(names):
            raise ArgumentTypeError(f"{self.record.name}: out needs an array for each of {', '.join(names)}.")
        first, *others = inputs.values()
        for k, (name, buffer) in enumerate(zip(names, buffers, strict=True)):
            shape = tuple(inputs[name].shape)
            if tuple(getattr(buffer, "shape", ())) != shape or getattr(buffer, "dtype", None) != self.dtype:
                raise ShapeError(f"{self.record.name}: out must be an array of shape {shape} and dtype {self.dtype}.")
            if not self.face.is_writable(buffer, first):
                raise ArgumentError(
                    f"{self.record.name}: out cannot be written to; it must be writable, of {self.face.name} and on "
                    "the device of the predictions."
                )
            if any(self.face.overlap(buffer, v) for v in (first, *others) if hasattr(v, "dtype")):
                raise ArgumentError(f"{self.record.name}: out shares memory with an input, which would be changed.")
            if any(self.face.overlap(buffer, other) for other in buffers[:k]):
                raise ArgumentError(f"{self.record.name}: two arrays of out share memory; each gradient needs its own.")
        return buffers

    def as_items(self, array: Any) -> Any:
        """One value an item, without the axes that items run over."""
        array = self.face.broadcast(array, self.items)
        return self.face.reshape(array, self.public_items) if as_tuple(self.axis) else array

    @property
    def public_items(self) -> tuple[int, ...]:
        """The shape of one value an item."""
        gone = as_tuple(self.axis)
        return tuple(n for i, n in enumerate(self.items) if i not in gone)


def prepare(record: Record, arrays: tuple[Any, ...], given: dict[str, Any]) -> Call:
    """Check a call's arguments and bring them into the form that programs take."""
    values, options = _bind(record, arrays, given)
    face = face_of(record.name, [*values.items(), *((k, v) for k, v in options.items() if k != "reduction")])
    values = _arrays(record, face, values)
    reduction, denominator, empty = read_reduction(record, options)
    shape = shape_of(record, values)
    axis = options.pop("axis", None if record.kind == "overlap" else -1)
    _right_order(record, values, shape, axis)
    axis = _axis(record, axis, len(shape))
    items = items_of(shape, as_tuple(axis))
    labels = _match_shapes(record, face, values, shape, axis)
    floats = [v.dtype for v in values.values() if face.is_floating(v.dtype)]
    dtype = face.widest(floats)
    inputs = inputs_of(record, face, values, dtype, items if labels else None)
    inputs["tolerance"] = 8.0 * max(map(face.eps, floats), default=face.eps(dtype))
    inputs |= along_classes(record, face, values[record.arguments[0].name], shape, items, axis)
    reader = Reader(record, face, inputs, shape, items, axis, dtype)
    free = frozenset(p.name for p in record.parameters if reader.parameter(p, options.pop(p.name, p.default)))
    program_options = Options(
        free=free,
        weight=reader.weight(options.pop("weight", None)),
        mask=reader.mask(options.pop("mask", None)),
        labels=labels or record.kind == "pairs",
        class_weight=reader.class_weight(options.pop("class_weight", None)),
        smoothing=reader.smoothing(options.pop("label_smoothing", 0.0)),
        ignore=reader.ignored(options.pop("ignore_label", None), labels),
        guard=not face.sees(*(v for v in inputs.values() if hasattr(v, "dtype"))),
    )
    if hasattr(denominator, "dtype"):
        denominator = read_denominator(record, face, denominator, values[record.arguments[0].name])
    dtypes = {name: value.dtype for name, value in values.items()}
    program = embed(record, program_options)
    return Call(
        record, face, program_options, inputs, shape, items, axis, dtype, reduction, denominator, empty, dtypes, program
    )


def validate(record: Record, options: dict[str, Any]) -> None:
    """Check the options that are given ahead of the arrays."""
    names = keywords(record)
    for name in options:
        if name not in names:
            raise ArgumentTypeError(no_keyword(record, name, options[name]))
    read_reduction(record, dict(options))
    reader = Reader(record, None, {}, (), (), None, None)
    for parameter in record.parameters:
        if isinstance(options.get(parameter.name, 0j), Real | str | NoneType):
            reader.parameter(parameter, options[parameter.name])
    for name in ("weight", "mask", "class_weight", "axis"):
        if isinstance(options.get(name), str):
            raise ArgumentTypeError(f"{record.name}: {name} is {options[name]!r}, a str; numbers are needed.")
    if record.takes_classes:
        reader.smoothing(options.get("label_smoothing", 0.0))
        reader.ignored(options.get("ignore_label"), labels=True)


def _bind(record: Record, arrays: tuple[Any, ...], given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arrays by name, and the other keywords."""
    names = [argument.name for argument in record.arguments]
    signature = f"{record.name}({', '.join(names)}, ...)"
    if len(arrays) > len(names):
        named = f", such as {record.parameters[0].name}=" if record.parameters else ""
        raise ArgumentTypeError(
            f"{signature} takes {len(names)} arrays, {len(arrays)} were given; name the options{named}."
        )
    values = dict(zip(names, arrays, strict=False))
    options: dict[str, Any] = {}
    for name, value in given.items():
        if name in values:
            raise ArgumentTypeError(f"{signature}: {name} was given twice.")
        (values if name in names else options)[name] = value
        if name not in names and name not in keywords(record):
            raise ArgumentTypeError(no_keyword(record, name, value))
    left_out = {
        argument.name for argument in record.arguments if argument.optional and values.get(argument.name) is None
    }
    missing = [name for name in names if name not in values and name not in left_out]
    if missing:
        raise ArgumentTypeError(f"{signature}: {' and '.join(missing)} not given.")
    return {name: values[name] for name in names if name not in left_out}, options


def inputs_of(record: Record, face: Any, values: dict[str, Any], dtype: Any, labels: Any) -> dict[str, Any]:
    """Arrays of the type that is computed with, but for those that are cast later, a few numbers at a time.

    ``labels`` is the shape of a target of labels, None if it is none.
    """
    any_dtype = record.kind == "pointwise" and not face.sees(*values.values())  # as a device's kernel reads them
    later = {name for one in record.scores for name in one.factors} | ({"target"} if labels is not None else set())
    inputs = {
        name: value if any_dtype or name in later or value.dtype in face.halves else face.cast(value, dtype)
        for name, value in values.items()
    }
    if labels is not None:
        inputs["label"] = face.reshape(face.as_labels(inputs.pop("target")), labels)
    return inputs


def _arrays(record: Record, face: Any, values: dict[str, Any]) -> dict[str, Any]:
    like = next((value for value in values.values() if hasattr(value, "device")), None)
    return {name: read_array(record, face, name, value, like) for name, value in values.items()}


def shape_of(record: Record, values: dict[str, Any]) -> tuple[int, ...]:
    """The shape of what a loss compares with its target: the arrays, or the scores that are computed from them."""
    if record.scores:
        return scores.shape(record, {name: tuple(value.shape) for name, value in values.items()})
    return tuple(values[record.arguments[0].name].shape)


def along_classes(
    record: Record, face: Any, like: Any, shape: tuple[int, ...], items: tuple[int, ...], axis: Any
) -> dict[str, Any]:
    """The number of classes, and the index of each along its axis; nothing where a loss has no classes."""
    if item_level(record) != Level.ROW:
        return {}
    along = tuple(n if i == axis else 1 for i, n in enumerate(shape))
    inputs = {"classes": 1.0 * shape[axis]}  # of a size that varies, too, while PyTorch compiles
    inputs["class_index"] = face.reshape(face.arange(shape[axis], like), along)
    if record.kind == "pairs":  # the i-th belongs to the i-th
        inputs["label"] = face.reshape(face.arange(shape[0], like), items)
    return inputs


def _axis(record: Record, axis: Any, dimensions: int) -> tuple[int, ...] | int | None:
    """The axes that an item runs over, counted from the front."""
    if record.scores:
        return dimensions - 1
    if record.kind not in WITH_AXIS:
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
    if record.kind == "overlap":
        return front
    if len(front) != 1:
        raise ShapeError(
            f"{record.name}: axis is {axis!r}; the classes lie along one axis, an integer such as axis=-1. Merge "
            "several axes into one with reshape first."
        )
    return front[0]


def _or_several(record: Record) -> str:
    return ", a tuple of them, or None" if record.kind == "overlap" else ""


def _match_shapes(record: Record, face: Any, values: dict[str, Any], shape: tuple[int, ...], axis: Any) -> bool:
    """Check the arrays' shapes; whether the target holds labels."""
    first = record.scores[0].name if record.scores else record.arguments[0].name
    over_classes = record.takes_classes
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


def _enough_classes(record: Record, first: str, shape: tuple[int, ...], axis: int) -> None:
    """Raise for no classes, and for one class where a target is compared with them."""
    if shape[axis] == 0:
        raise ShapeError(f"{record.name}: {first} has shape {shape}: there are no classes along axis {axis}.")
    if shape[axis] == 1 and any(argument.role != "prediction" for argument in record.arguments):
        other = "; if the classes lie along another axis, pass axis=" if record.kind in WITH_AXIS else ""
        raise ShapeError(
            f"{record.name}: {first} has shape {shape}: there is one class along axis {axis}, whose probability is "
            f"always 1. For yes or no, use {yes_or_no(record)}{other}."
        )


def yes_or_no(record: Record) -> str:
    """The losses of a target that is yes or no for each class, which one of several classes is often mistaken for."""
    binary = "sigmoid_cross_entropy"
    takes_probabilities = record.predictions[0].takes_probabilities
    return f"binary_cross_entropy, or {binary} of scores" if takes_probabilities else binary


def _right_order(record: Record, values: dict[str, Any], shape: tuple[int, ...], axis: Any) -> None:
    """Raise if the first array has the shape of labels, and the target that of what has a number for each class.

    Lengths are compared only where the dimensions do not fit: those that a compiler leaves open may have no order.
    """
    target = tuple(values["target"].shape) if record.takes_classes and not record.scores else ()
    if len(target) == len(shape) + 1 and _without(target, axis) == shape:
        first = record.arguments[0].name
        raise ShapeError(
            f"{record.name}: {first} has shape {shape}, as labels have, and target {target}; it seems that the target "
            f"came first. The order is {in_order(record)}."
        )


def _without(shape: tuple[int, ...], axis: Any) -> tuple[int, ...] | None:
    """The shape without the axis of its classes; None if ``axis`` is none of its axes, or there are no two classes."""
    if not isinstance(axis, Integral) or not -len(shape) <= int(axis) < len(shape) or shape[int(axis)] in (0, 1):
        return None
    return tuple(n for i, n in enumerate(shape) if i != int(axis) % len(shape))


def in_order(record: Record) -> str:
    """The arrays of a loss, as its caller writes them."""
    return f"{record.name}({', '.join(argument.name for argument in record.arguments if not argument.optional)})"


def _mismatch(
    record: Record,
    face: Any,
    first: str,
    shape: tuple[int, ...],
    name: str,
    other: tuple[int, ...],
    rows: tuple[int, ...] | None,
) -> str:
    text = f"{record.name}: {first} has shape {shape} and {name} {other}"
    if rows is not None and name == "target":
        text += f"; a target is {rows} labels or {shape} probabilities"
    else:
        text += "; they must be the same, nothing is broadcast"
    wanted = shape if rows is None else rows
    if [n for n in other if n != 1] == [n for n in wanted if n != 1] and math.prod(other) > 0:
        longer = name if len(other) >= len(wanted) else first
        ends_in_one = (shape if longer == first else other)[-1:] == (1,)
        if len(other) != len(wanted) and ends_in_one and (longer == name or rows is None):
            return text + f". Use {longer}.squeeze(-1)."
        if longer == first and rows is None:
            return text + f". Use {first}.reshape({other})."
        return text + f". Use {name}.reshape({wanted})."
    shorter = _without_an_axis(shape)
    if rows is not None and name == "target" and record.kind in WITH_AXIS and other in shorter:
        place = shorter.index(other)
        return text + f". If the classes lie along axis {place}, pass axis={place}."
    for small, large, which in ((other, shape, name), (shape, other, first)):
        if rows is None and (found := _stretched(face, which, small, large)):
            return text + f". If it is the same for all, use {found}."
    return text + "."


def _stretched(face: Any, name: str, shape: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """Calls that repeat a part until it has the shape that is wanted; none if it is no part of that."""
    if _broadcasts(shape, wanted):
        return str(face.STRETCHED.format(name, wanted))
    fit = reshaped(name, shape, wanted) if len(shape) < len(wanted) else []
    return " or ".join(face.STRETCHED.format(call, wanted) + where for call, where in fit)


def _without_an_axis(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The shapes that are left when each axis is removed in turn."""
    return [shape[:axis] + shape[axis + 1 :] for axis in range(len(shape))]


def _broadcasts(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Whether a number, or an array with 1s for some lengths, stands for a whole array in one way only."""
    return shape == () or (len(shape) == len(wanted) and all(n in (1, m) for n, m in zip(shape, wanted, strict=True)))
