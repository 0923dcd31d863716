"""The keywords of a loss: what they are, and how each is checked and read into the inputs of a call."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from itertools import combinations
from numbers import Integral, Real
from typing import Any

from numpy import ndenumerate, ndindex

from lossary.catalogue.record import Parameter, Record
from lossary.domains import Interval
from lossary.errors import ArgumentError, ArgumentTypeError, ShapeError
from lossary.kinds.program import item_level
from lossary.symbolic.graph import Level

__all__ = [
    "OF_CLASSES",
    "WEIGHTS",
    "WITH_AXIS",
    "Reader",
    "as_tuple",
    "items_of",
    "keywords",
    "no_keyword",
    "option_of",
    "read_array",
    "read_denominator",
    "read_reduction",
    "reshaped",
]

REDUCTIONS = ("mean", "sum", "none")
EMPTIES = ("zero", "nan", "raise")
DENOMINATORS = ("weight", "count")
ELSEWHERE = {"dim": "axis"}  # names that frameworks have for a keyword
COMMON = ("weight", "mask", "reduction", "denominator", "empty")
OF_CLASSES = ("class_weight", "label_smoothing", "ignore_label")  # of a loss whose target is one of several
WEIGHTS = Interval(low=0.0)  # what weights of classes may be
WITH_AXIS = ("row", "softmax", "overlap")  # kinds
# Keywords of losses with a target over classes, and what a loss without such a target has in their place, by its kind.
INSTEAD = {
    "class_weight": {
        "pointwise": "Weigh elements with weight=, of shape (1, K) for K columns",
        "overlap": "Weigh the regions that reduction='none' gives; weight= is of elements, inside the sums",
    },
    "label_smoothing": {},
    "ignore_label": dict.fromkeys(("pointwise", "overlap"), "Leave elements out with mask=target != {value}"),
}


def keywords(record: Record) -> tuple[str, ...]:
    """All keywords of a loss."""
    axis = ("axis",) if record.kind in WITH_AXIS else ()
    return (*(p.name for p in record.parameters), *axis, *(OF_CLASSES if record.takes_classes else ()), *COMMON)


def no_keyword(record: Record, name: str, value: Any = None) -> str:
    """Message for a keyword that a loss does not have; ``value`` is what was given."""
    own = keywords(record)
    near = difflib.get_close_matches(ELSEWHERE.get(name, name), dict.fromkeys((*own, *OF_CLASSES)), n=1)
    hint = f"It takes {', '.join(own)}."
    if near and near[0] in own:
        hint = f"Did you mean {near[0]!r}?"
    elif near:
        shown = value if isinstance(value, Integral) else "..."
        instead = INSTEAD[near[0]].get(record.kind, "").format(value=shown)
        hint = f"{near[0]} belongs to losses whose target is one of several classes. {instead or hint.rstrip('.')}."
    return f"{record.name} has no keyword {name!r}. {hint}"


def option_of(value: Any) -> str | None:
    """The name of the option that has a word as one of its choices."""
    choices = {"reduction": REDUCTIONS, "empty": EMPTIES, "denominator": DENOMINATORS}
    return next((name for name, words in choices.items() if isinstance(value, str) and value in words), None)


def read_array(record: Record, face: Any, name: str, value: Any, like: Any = None) -> Any:
    """An array of numbers of the face's framework."""
    try:
        array = face.asarray(value, like)
    except (ValueError, TypeError, RuntimeError) as problem:
        why = str(problem).partition("\n")[0].rstrip(".")
        raise ArgumentTypeError(f"{record.name}: {name} cannot be made an array of numbers: {why}.") from None
    if str(array.dtype) == "object":
        raise ArgumentTypeError(f"{record.name}: {name} {_holds(array)}; numbers are needed.")
    if not face.is_number(array.dtype):
        raise ArgumentTypeError(
            f"{record.name}: {name} has dtype {array.dtype}; real numbers are needed: integers, or "
            "16 to 64-bit floating-point."
        )
    if hasattr(like, "device") and hasattr(array, "device") and face.name == "torch" and array.device != like.device:
        raise ArgumentError(
            f"{record.name}: {name} is on {array.device}, the others on {like.device}; move one of them."
        )
    return array


def _holds(array: Any) -> str:
    """What is no number of an array, in words; where none is, an integer is too large."""
    for place, value in ndenumerate(array):
        if not isinstance(value, Real):
            return f"holds objects ({type(value).__name__}){f', first at {list(place)}' if place else ''}"
    return "holds an integer beyond 64 bits"


def read_reduction(record: Record, options: dict[str, Any]) -> tuple[str, Any, str]:
    reduction = options.pop("reduction", "mean")
    _one_of(record, "reduction", reduction, REDUCTIONS)
    for name, default in (("denominator", "weight"), ("empty", "zero")):
        if reduction != "mean" and options.get(name, default) is not default:
            raise ArgumentTypeError(f"{record.name}: {name} belongs to reduction='mean', not to {reduction!r}.")
    denominator, empty = options.pop("denominator", "weight"), options.pop("empty", "zero")
    _one_of(record, "empty", empty, EMPTIES)
    if isinstance(denominator, str):
        _one_of(record, "denominator", denominator, DENOMINATORS, "or a number")
    elif isinstance(denominator, Real) and not isinstance(denominator, bool):
        denominator = _as_float(record, "denominator", denominator)
        _finite_denominator(record, denominator)
    elif not hasattr(denominator, "dtype"):
        raise ArgumentTypeError(f"{record.name}: denominator is {denominator!r}; use 'weight', 'count' or a number.")
    return reduction, denominator, empty


def _as_float(record: Record, name: str, value: Real) -> float:
    try:
        return float(value)
    except OverflowError:
        raise ArgumentError(f"{record.name}: {name} is an integer too large to compute with.") from None


def _finite_denominator(record: Record, value: float) -> None:
    if not 0 <= value < math.inf:
        raise ArgumentError(f"{record.name}: denominator is {value:g}; it must be finite and not negative.")


def read_denominator(record: Record, face: Any, value: Any, like: Any) -> Any:
    """A denominator that is an array, as one number of the face's framework."""
    array = read_array(record, face, "denominator", value, None if face.sees(value) else like)
    if tuple(array.shape) != ():
        raise ShapeError(f"{record.name}: denominator has shape {tuple(array.shape)}; one number is needed.")
    if "bool" in str(array.dtype):
        raise ArgumentTypeError(f"{record.name}: denominator is a truth; use 'weight', 'count' or a number.")
    if face.sees(array):
        _finite_denominator(record, float(face.to_numpy(array)))
    return array


def _one_of(record: Record, name: str, value: Any, choices: tuple[str, ...], more: str = "") -> None:
    if not isinstance(value, str) or value not in choices:
        listed = ", ".join(map(repr, choices)) + (f" {more}" if more else "")
        raise ArgumentError(f"{record.name}: {name} is {value!r}; it must be one of {listed}.")


def reshaped(
    name: str, shape: tuple[int, ...], wanted: tuple[int, ...], reshape: str = "{}.reshape{}"
) -> list[tuple[str, str]]:
    """Calls that make an array of ``shape`` broadcast to ``wanted``, in order of its axes, and for which axes each is.

    There are none if no axis fits; the axes are not named where they fit in one way only.
    """
    lengths = [n for n in shape if n != 1]
    if not lengths:
        return [(reshape.format(name, "(())" if reshape.startswith("{}.") else "()"), "")]
    found = [axes for axes in combinations(range(len(wanted)), len(lengths)) if [wanted[a] for a in axes] == lengths]
    calls = [reshape.format(name, tuple(n if a in axes else 1 for a, n in enumerate(wanted))) for axes in found]
    places = [f" for axis {', '.join(map(str, axes))}" if len(found) > 1 else "" for axes in found]
    return list(zip(calls, places, strict=True))


def _reshapes(name: str, shape: tuple[int, ...], wanted: tuple[int, ...], reshape: str) -> str:
    calls = [call + where for call, where in reshaped(name, shape, wanted, reshape)]
    return f" Use {' or '.join(filter(None, (', '.join(calls[:-1]), *calls[-1:])))}." if calls else ""


def as_tuple(axis: Any) -> tuple[Any, ...]:
    return () if axis is None else tuple(axis) if isinstance(axis, tuple | list) else (axis,)


def items_of(shape: tuple[int, ...], axes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of one value an item: 1 along the axes that items run over."""
    return tuple([1 if i in axes else n for i, n in enumerate(shape)]) if axes else shape


def _misfit(name: str, value: Any, shape: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """Message for a ``value`` of ``shape`` where one that broadcasts to ``wanted`` is needed."""
    dimensions = "" if len(shape) == len(wanted) else f"of {len(wanted)} dimension{'s'[: len(wanted) != 1]} "
    expected = f"shape {wanted} or one {dimensions}that broadcasts to it" if wanted else "one number"
    reshape = "{}.reshape{}" if hasattr(value, "reshape") else "numpy.reshape({}, {}).tolist()"  # of a list, a list
    return f"expected {expected}; got {shape}.{_reshapes(name, shape, wanted, reshape)}"


@dataclass
class Reader:
    """Reads what is optional into the inputs of a call; each method says whether it was given."""

    record: Record
    face: Any
    inputs: dict[str, Any]
    shape: tuple[int, ...]
    items: tuple[int, ...]
    axis: Any
    dtype: Any

    def _like_items(self, name: str, value: Any, gone: tuple[int, ...], given: Any) -> Any:
        """An array of the shape without the axes that are ``gone``, or with 1s in it, or one number; from ``given``."""
        array = read_array(self.record, self.face, name, value, self.inputs[self.record.arguments[0].name])
        public = tuple(n for i, n in enumerate(self.shape) if i not in gone)
        shape = tuple(array.shape)
        if shape != ():
            if len(shape) != len(public) or any(n not in (1, m) for n, m in zip(shape, public, strict=True)):
                raise ShapeError(f"{self.record.name}: {name}: {_misfit(name, given, shape, public)}")
            lengths = iter(shape)
            array = self.face.reshape(array, tuple(1 if i in gone else next(lengths) for i in range(len(self.shape))))
        return self.face.broadcast(array, tuple(1 if i in gone else n for i, n in enumerate(self.shape)))

    def _weighed(self, name: str, value: Any, given: Any) -> Any:
        """An array of what weights and masks are of: of rows, or of elements."""
        gone = as_tuple(self.axis) if item_level(self.record) == Level.ROW else ()
        return self._like_items(name, value, gone, given)

    def weight(self, value: Any) -> bool:
        if value is not None:
            first = self.inputs[self.record.arguments[0].name]
            array = self.face.cast(read_array(self.record, self.face, "weight", value, first), self.dtype)
            self.inputs["weight"] = self._weighed("weight", array, value)  # its gradient is summed before it is rounded
        return value is not None

    def mask(self, value: Any) -> bool:
        if value is not None:
            mask = self._weighed("mask", value, value)
            if "bool" not in str(mask.dtype):
                raise ArgumentTypeError(
                    f"{self.record.name}: mask has dtype {mask.dtype}; it must be boolean (True counts): use mask != 0."
                )
            self.inputs["mask"] = mask
        return value is not None

    def class_weight(self, value: Any) -> bool:
        if value is not None:
            classes = self.shape[self.axis]
            array = read_array(
                self.record, self.face, "class_weight", value, self.inputs[self.record.arguments[0].name]
            )
            if tuple(array.shape) != (classes,):
                raise ShapeError(
                    f"{self.record.name}: class_weight has shape {tuple(array.shape)}; "
                    f"one weight for each of {classes} classes is needed."
                )
            self._non_negative("class_weight", array)
            self.inputs["class_weight"] = self.face.reshape(
                self.face.cast(array, self.dtype), self.inputs["class_index"].shape
            )
        return value is not None

    def _non_negative(self, name: str, array: Any) -> None:
        if self.face.sees(array) and not WEIGHTS.holds(values := self.face.to_numpy(array)):
            index = next(k for k, value in enumerate(values) if not 0 <= value < math.inf)
            raise ArgumentError(f"{self.record.name}: {name}[{index}] is {values[index]}; it must be finite and ≥ 0.")

    def smoothing(self, value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float | Real) or not 0 <= value <= 1:  # type: ignore[operator]
            raise ArgumentError(f"{self.record.name}: label_smoothing is {value!r}; it must be a number in [0, 1].")
        if value:
            self.inputs["label_smoothing"] = float(value)
        return value != 0

    def ignored(self, value: Any, labels: bool) -> bool:
        if value is None:
            return False
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise ArgumentTypeError(f"{self.record.name}: ignore_label is {value!r}; it must be an integer or None.")
        if not -(2**31) <= int(value) < 2**31:
            raise ArgumentError(f"{self.record.name}: ignore_label is {value}; it must fit in 32 bits, as labels do.")
        if not labels:
            raise ArgumentTypeError(
                f"{self.record.name}: ignore_label needs integer labels; use mask= with soft targets."
            )
        self.inputs["ignore_label"] = int(value)
        return True

    def parameter(self, parameter: Parameter, value: Any) -> bool:
        """Whether a parameter is not at its default."""
        if value is None or isinstance(value, bool | str):
            raise ArgumentTypeError(f"{self.record.name}: {parameter.name} is {value!r}; it must be a number.")
        if isinstance(value, Real):
            number = _as_float(self.record, parameter.name, value)
            if not parameter.domain.contains(number):
                self._outside(parameter, value)
            self.inputs[parameter.name] = number
            return number != parameter.default
        array = read_array(self.record, self.face, parameter.name, value, self.inputs[self.record.arguments[0].name])
        if self.face.sees(array):
            values = self.face.to_numpy(array)
            if not parameter.domain.holds(values):
                wrong = [place for place in ndindex(values.shape) if not parameter.domain.contains(values[place])]
                self._outside(parameter, values[wrong[0]], wrong[0], f" ({len(wrong)} of {values.size})")
        self.inputs[parameter.name] = self._like_items(
            parameter.name, self.face.cast(array, self.dtype), as_tuple(self.axis), value
        )
        return True

    def _outside(self, parameter: Parameter, value: Any, place: tuple[int, ...] = (), many: str = "") -> None:
        where = f"{parameter.name}{list(place)}" if place else parameter.name
        raise ArgumentError(f"{self.record.name}: {where} is {value}; it must be {parameter.domain.wanted}{many}.")
