"""From what a user passes to what is computed: names, shapes, dtypes and values, checked once for all losses."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from lossary.errors import ArgumentError, ArgumentTypeError, ShapeError
from lossary.frameworks import face_of
from lossary.graph import Level, Node
from lossary.kinds.program import Options, Program, embed, item_level
from lossary.record import Parameter, Record

__all__ = ["Call", "keywords", "prepare", "validate"]

REDUCTIONS = ("mean", "sum", "none")
EMPTIES = ("zero", "nan", "raise")
COMMON = ("weight", "mask", "reduction", "denominator", "empty")
OVER_CLASSES = ("axis", "class_weight", "label_smoothing", "ignore_label")
OWN_KEYWORDS = {"row": OVER_CLASSES, "softmax": OVER_CLASSES, "overlap": ("axis",)}  # of a kind


@dataclass
class Call:
    """A call that was checked: its program, and everything that the program's symbols stand for."""

    record: Record
    face: Any
    options: Options
    inputs: dict[str, Any]
    shape: tuple[int, ...]  # of the arrays
    items: tuple[int, ...]  # of the items, 1 along the axes that they run over
    axis: tuple[int, ...] | int | None
    dtype: Any
    reduction: str
    denominator: Any
    empty: str
    dtypes: dict[str, Any]  # of the arrays as they were given

    @property
    def program(self) -> Program:
        return embed(self.record, self.options)

    def given(self, symbols: Iterable[Node]) -> list[Any]:
        """What symbols stand for."""
        return [self._given(str(symbol.label)) for symbol in symbols]

    def _given(self, name: str) -> Any:
        value = self.inputs[name]
        if isinstance(value, float):
            return self.face.scalar(value, self.inputs[self.record.arguments[0].name])
        return self.face.broadcast(value, self.shape) if name == "class_weight" else value

    def as_given(self, gradients: Sequence[Any]) -> list[Any]:
        """Each gradient in the dtype of its prediction."""
        dtypes = [self.dtypes[argument.name] for argument in self.record.predictions]
        return [self.face.cast(g, d) if self.face.is_floating(d) else g for g, d in zip(gradients, dtypes, strict=True)]

    def buffers(self, out: Any) -> tuple[Any, ...] | None:
        """The arrays to write gradients into, checked."""
        if out is None:
            return None
        buffers = out if isinstance(out, tuple) else (out,)
        names = [argument.name for argument in self.record.predictions]
        if len(buffers) != len(names):
            raise ArgumentTypeError(f"{self.record.name}: out needs an array for each of {', '.join(names)}.")
        for buffer in buffers:
            if tuple(getattr(buffer, "shape", ())) != self.shape or getattr(buffer, "dtype", None) != self.dtype:
                raise ShapeError(f"{self.record.name}: out must be an array of shape {self.shape} and dtype {self.dtype}.")
            if not self.face.is_writable(buffer):
                raise ArgumentError(f"{self.record.name}: out cannot be written to.")
            if any(self.face.overlap(buffer, v) for v in self.inputs.values() if hasattr(v, "dtype")):
                raise ArgumentError(f"{self.record.name}: out shares memory with an input, which would be changed.")
        return buffers

    def as_items(self, array: Any) -> Any:
        """One value an item, without the axes that items run over."""
        array = self.face.broadcast(array, self.items)
        gone = _as_tuple(self.axis)
        return self.face.reshape(array, tuple(n for i, n in enumerate(self.items) if i not in gone)) if gone else array


def keywords(record: Record) -> tuple[str, ...]:
    """All keywords of a loss."""
    return (*(p.name for p in record.parameters), *OWN_KEYWORDS.get(record.kind, ()), *COMMON)


def prepare(record: Record, arrays: tuple[Any, ...], given: dict[str, Any]) -> Call:
    """Check a call's arguments and bring them into the form that programs take."""
    values, options = _bind(record, arrays, given)
    face = face_of(record.name, [*values.items(), *((k, v) for k, v in options.items() if k != "reduction")])
    values = _arrays(record, face, values)
    reduction, denominator, empty = _reduction(record, options)
    shape = tuple(values[record.arguments[0].name].shape)
    axis = _axis(record, options.pop("axis", None if record.kind == "overlap" else -1), len(shape))
    gone = _as_tuple(axis)
    items = tuple(1 if i in gone else n for i, n in enumerate(shape))
    labels = _match_shapes(record, face, values, shape, axis)
    floats = [v.dtype for v in values.values() if face.is_floating(v.dtype)]
    dtype = face.widest(floats)
    inputs: dict[str, Any] = {
        name: value if labels and name == "target" else face.cast(value, dtype) for name, value in values.items()
    }
    if labels:
        inputs["label"] = face.reshape(face.as_labels(inputs.pop("target")), items)
    inputs["tolerance"] = 8.0 * max(map(face.eps, floats), default=face.eps(dtype))
    reader = _Reader(record, face, inputs, shape, items, axis, dtype)
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
    dtypes = {name: value.dtype for name, value in values.items()}
    return Call(record, face, program_options, inputs, shape, items, axis, dtype, reduction, denominator, empty, dtypes)


def validate(record: Record, options: dict[str, Any]) -> None:
    """Check the options that are given ahead of the arrays."""
    names = keywords(record)
    for name in options:
        if name not in names:
            raise ArgumentTypeError(_no_keyword(record, name))
    _reduction(record, dict(options))
    for parameter in record.parameters:
        value = options.get(parameter.name, parameter.default)
        if isinstance(value, Real) and not parameter.domain.contains(value):
            raise ArgumentError(f"{record.name}: {parameter.name} is {value}; it must be {parameter.domain}.")


def _no_keyword(record: Record, name: str) -> str:
    near = difflib.get_close_matches(name, keywords(record), n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"It takes {', '.join(keywords(record))}."
    return f"{record.name} has no keyword {name!r}. {hint}"


def _bind(record: Record, arrays: tuple[Any, ...], given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arrays by name, and the other keywords."""
    names = [argument.name for argument in record.arguments]
    signature = f"{record.name}({', '.join(names)}, ...)"
    if len(arrays) > len(names):
        raise ArgumentTypeError(f"{signature} takes {len(names)} arrays, {len(arrays)} were given; name the options.")
    values = dict(zip(names, arrays, strict=False))
    options = {}
    for name, value in given.items():
        if name in values:
            raise ArgumentTypeError(f"{signature}: {name} was given twice.")
        (values if name in names else options)[name] = value
        if name not in names and name not in keywords(record):
            raise ArgumentTypeError(_no_keyword(record, name))
    missing = [name for name in names if name not in values]
    if missing:
        raise ArgumentTypeError(f"{signature}: {' and '.join(missing)} not given.")
    return {name: values[name] for name in names}, options


def _arrays(record: Record, face: Any, values: dict[str, Any]) -> dict[str, Any]:
    like = next((value for value in values.values() if hasattr(value, "device")), None)
    return {name: _array(record, face, name, value, like) for name, value in values.items()}


def _array(record: Record, face: Any, name: str, value: Any, like: Any = None) -> Any:
    """An array of numbers of the face's framework."""
    try:
        array = face.asarray(value, like)
    except (ValueError, TypeError, RuntimeError) as problem:
        raise ArgumentTypeError(f"{record.name}: {name} cannot be made an array of numbers: {problem}") from None
    if not face.is_number(array.dtype):
        raise ArgumentTypeError(
            f"{record.name}: {name} has dtype {array.dtype}; real numbers are needed (floating-point or integer)."
        )
    if hasattr(like, "device") and hasattr(array, "device") and face.name == "torch" and array.device != like.device:
        raise ArgumentError(f"{record.name}: {name} is on {array.device}, the others on {like.device}; move one of them.")
    return array


def _reduction(record: Record, options: dict[str, Any]) -> tuple[str, Any, str]:
    reduction = options.pop("reduction", "mean")
    _one_of(record, "reduction", reduction, REDUCTIONS)
    for name in ("denominator", "empty"):
        if name in options and reduction != "mean":
            raise ArgumentTypeError(f"{record.name}: {name} belongs to reduction='mean', not to {reduction!r}.")
    denominator, empty = options.pop("denominator", "weight"), options.pop("empty", "zero")
    _one_of(record, "empty", empty, EMPTIES)
    if isinstance(denominator, str):
        _one_of(record, "denominator", denominator, ("weight", "count"), "or a number")
    elif getattr(denominator, "shape", ()) != ():
        raise ShapeError(f"{record.name}: denominator has shape {tuple(denominator.shape)}; one number is needed.")
    elif isinstance(denominator, bool) or not (hasattr(denominator, "shape") or isinstance(denominator, int | float)):
        raise ArgumentTypeError(f"{record.name}: denominator is {denominator!r}; use 'weight', 'count' or a number.")
    elif isinstance(denominator, int | float) and not 0 <= denominator < math.inf:
        raise ArgumentError(f"{record.name}: denominator is {denominator}; it must be finite and not negative.")
    return reduction, denominator, empty


def _one_of(record: Record, name: str, value: Any, choices: tuple[str, ...], more: str = "") -> None:
    if not isinstance(value, str) or value not in choices:
        listed = ", ".join(map(repr, choices)) + (f" {more}" if more else "")
        raise ArgumentError(f"{record.name}: {name} is {value!r}; it must be one of {listed}.")


def _axis(record: Record, axis: Any, dimensions: int) -> tuple[int, ...] | int | None:
    """The axes that an item runs over, counted from the front."""
    if record.kind == "pairs":
        if dimensions != 2:
            raise ShapeError(f"{record.name}: the arrays have {dimensions} dimensions; one embedding a row is needed.")
        return 1
    if record.kind not in OWN_KEYWORDS:
        return None
    over = tuple(range(dimensions)) if axis is None else _as_tuple(axis)
    for one in over:
        if isinstance(one, bool) or not isinstance(one, int) or not -dimensions <= one < dimensions:
            raise ShapeError(f"{record.name}: axis is {axis!r}, the arrays have {dimensions} dimensions.")
    front = tuple(sorted({one % dimensions for one in over}))
    if record.kind == "overlap":
        return front
    if len(front) != 1:
        raise ShapeError(f"{record.name}: axis is {axis!r}; the classes lie along one axis.")
    return front[0]


def _as_tuple(axis: Any) -> tuple[Any, ...]:
    return () if axis is None else tuple(axis) if isinstance(axis, tuple | list) else (axis,)


def _match_shapes(record: Record, face: Any, values: dict[str, Any], shape: tuple[int, ...], axis: Any) -> bool:
    """Check the arrays' shapes; whether the target holds labels."""
    first = record.arguments[0].name
    over_classes = record.kind in ("row", "softmax")
    if over_classes and shape[axis] == 0:
        raise ShapeError(f"{record.name}: {first} has shape {shape}: there are no classes along axis {axis}.")
    for name, value in values.items():
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
            raise ShapeError(_mismatch(record, first, shape, name, other, rows if over_classes else None))
    return False


def _mismatch(
    record: Record, first: str, shape: tuple[int, ...], name: str, other: tuple[int, ...], rows: tuple[int, ...] | None
) -> str:
    text = f"{record.name}: {first} has shape {shape} and {name} {other}"
    if rows is not None and name == "target":
        text += f"; a target is {rows} labels or {shape} probabilities"
    else:
        text += "; they must be the same, nothing is broadcast"
    wanted = shape if rows is None else rows
    if sorted(n for n in other if n != 1) == sorted(n for n in wanted if n != 1) and math.prod(other) > 0:
        longer, shorter = (name, first) if len(other) > len(wanted) else (first, name)
        if len(other) == len(wanted):
            return text + f". Use {name}.reshape({wanted})."
        fix = f"{longer}.squeeze(-1)" if longer == name or rows is None else f"{shorter}.reshape({wanted})"
        return text + f". Use {fix}."
    return text + "."


class _Reader:
    """Reads what is optional into the inputs of a call; each method says whether it was given."""

    def __init__(
        self, record: Record, face: Any, inputs: dict[str, Any], shape: Any, items: Any, axis: Any, dtype: Any
    ) -> None:
        self.record, self.face, self.inputs, self.dtype = record, face, inputs, dtype
        self.shape, self.items, self.axis = shape, items, axis
        if item_level(record) == Level.ROW:
            self.classes = shape[0 if record.kind == "pairs" else axis]
            self.along = tuple(self.classes if i == axis else 1 for i in range(len(shape)))
            index = face.arange(self.classes, inputs[record.arguments[0].name])
            inputs["classes"], inputs["class_index"] = float(self.classes), face.reshape(index, self.along)
            if record.kind == "pairs":  # the i-th belongs to the i-th
                inputs["label"] = face.reshape(index, items)

    def _like_items(self, name: str, value: Any) -> Any:
        """An array of the items' shape, or with 1s in it, or one number; never of fewer dimensions."""
        array = _array(self.record, self.face, name, value, self.inputs[self.record.arguments[0].name])
        over_rows = item_level(self.record) == Level.ROW
        full = self.items if over_rows else self.shape
        public = tuple(n for i, n in enumerate(full) if i != self.axis) if over_rows else full
        shape = tuple(array.shape)
        if shape != ():
            if len(shape) != len(public) or any(n not in (1, m) for n, m in zip(shape, public, strict=True)):
                what = "one number" if public == () else f"the shape {public}, with 1s in it or not"
                raise ShapeError(
                    f"{self.record.name}: {name} has shape {shape}; it needs {what}. Nothing is broadcast by guessing."
                )
            if over_rows and self.axis is not None:
                array = self.face.reshape(array, (*shape[: self.axis], 1, *shape[self.axis :]))
        return self.face.broadcast(array, full)

    def weight(self, value: Any) -> bool:
        if value is not None:
            self.inputs["weight"] = self.face.cast(self._like_items("weight", value), self.dtype)
        return value is not None

    def mask(self, value: Any) -> bool:
        if value is not None:
            mask = self._like_items("mask", value)
            if "bool" not in str(mask.dtype):
                raise ArgumentTypeError(
                    f"{self.record.name}: mask has dtype {mask.dtype}; it must be boolean (True counts): use mask != 0."
                )
            self.inputs["mask"] = mask
        return value is not None

    def class_weight(self, value: Any) -> bool:
        if value is not None:
            array = _array(self.record, self.face, "class_weight", value, self.inputs[self.record.arguments[0].name])
            if tuple(array.shape) != (self.classes,):
                raise ShapeError(
                    f"{self.record.name}: class_weight has shape {tuple(array.shape)}; "
                    f"one weight for each of {self.classes} classes is needed."
                )
            self._non_negative("class_weight", array)
            self.inputs["class_weight"] = self.face.reshape(self.face.cast(array, self.dtype), self.along)
        return value is not None

    def _non_negative(self, name: str, array: Any) -> None:
        if self.face.sees(array):
            values = self.face.to_numpy(array)
            for index, value in enumerate(values):
                if not 0 <= value < math.inf:
                    raise ArgumentError(f"{self.record.name}: {name}[{index}] is {value}; it must be finite and ≥ 0.")

    def smoothing(self, value: Any) -> bool:
        if not isinstance(value, Real) or isinstance(value, bool) or not 0 <= value <= 1:
            raise ArgumentError(f"{self.record.name}: label_smoothing is {value!r}; it must be a number in [0, 1].")
        if value:
            self.inputs["label_smoothing"] = float(value)
        return value != 0

    def ignored(self, value: Any, labels: bool) -> bool:
        if value is None:
            return False
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise ArgumentTypeError(f"{self.record.name}: ignore_label is {value!r}; it must be an integer or None.")
        if not labels:
            raise ArgumentTypeError(f"{self.record.name}: ignore_label needs integer labels; use mask= with soft targets.")
        self.inputs["ignore_label"] = int(value)
        return True

    def parameter(self, parameter: Parameter, value: Any) -> bool:
        """Whether a parameter is not at its default."""
        if isinstance(value, Real) and not isinstance(value, bool):
            if not parameter.domain.contains(value):
                self._outside(parameter, value)
            self.inputs[parameter.name] = float(value)
            return float(value) != parameter.default
        array = _array(self.record, self.face, parameter.name, value, self.inputs[self.record.arguments[0].name])
        if self.face.sees(array):
            for one in self.face.to_numpy(array).ravel():
                if not parameter.domain.contains(one):
                    self._outside(parameter, one)
        self.inputs[parameter.name] = self._broadcast_parameter(parameter, self.face.cast(array, self.dtype))
        return True

    def _outside(self, parameter: Parameter, value: Any) -> None:
        raise ArgumentError(f"{self.record.name}: {parameter.name} is {value}; it must be {parameter.domain}.")

    def _broadcast_parameter(self, parameter: Parameter, array: Any) -> Any:
        """Parameters may vary from item to item; as with weights, but fewer dimensions are aligned at the end."""
        if tuple(array.shape) == () or self.axis is None:
            try:
                return self.face.broadcast(array, self.items)
            except (ValueError, RuntimeError):
                raise ShapeError(
                    f"{self.record.name}: {parameter.name} has shape {tuple(array.shape)}, which does not fit {self.items}."
                ) from None
        return self._like_items(parameter.name, array)
