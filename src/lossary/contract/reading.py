"""Reading what a user passes: arrays and parameters, checked and brought to the shape of a call's items."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from numbers import Real
from typing import Any

from numpy import errstate, float32, ndenumerate
from numpy.typing import NDArray

from lossary.catalogue.keyword import Keyword
from lossary.catalogue.record import Parameter, Record
from lossary.errors import ArgumentError, ArgumentTypeError, ShapeError
from lossary.frameworks.face import AnyFace, Array, Axis, DType, Shape
from lossary.kinds.call import as_tuple
from lossary.kinds.layout import layout_of
from lossary.kinds.program import axes_of_keyword, item_axes
from lossary.symbolic.graph import ROW, places

__all__ = ["Reader", "as_float", "read_array", "read_number", "reshaped"]


def read_array(record: Record, face: AnyFace, name: str, value: object, like: Array | None = None) -> Array:
    """Make an array of numbers of the face's framework; ``like`` is one on the right device."""
    try:
        array = face.asarray(value, like)
    except (ValueError, TypeError, RuntimeError) as problem:
        why = str(problem).partition("\n")[0].rstrip(".")
        raise ArgumentTypeError(f"{record.name}: {name} cannot be made an array of numbers: {why}.") from None
    if str(array.dtype) == "object":
        raise ArgumentTypeError(f"{record.name}: {name} {_holds(face.to_numpy(array))}.")
    if not face.is_number(array.dtype):
        raise ArgumentTypeError(
            f"{record.name}: {name} has dtype {array.dtype}; real numbers of {face.name} are needed: integers, "
            "or 16 to 64-bit floating-point."
        )
    device, others = getattr(array, "device", None), getattr(like, "device", None)
    if face.name == "torch" and others is not None and device != others:
        raise ArgumentError(f"{record.name}: {name} is on {device}, the others on {others}; move one of them.")
    return array


def _holds(array: NDArray[Any]) -> str:
    """Message for an array of objects: the first that is no number, or that one is too large, or the remedy."""
    for place, value in ndenumerate(array):
        if not isinstance(value, Real):
            where = f", first at {list(place)}" if place else ""
            return f"holds objects ({type(value).__name__}){where}; numbers are needed"
    if any(isinstance(value, int) and not -(2**63) <= value < 2**64 for value in array.flat):
        return "holds an integer beyond 64 bits; numbers are needed"
    return "has dtype object; cast it, such as with .astype(float)"


def as_float(record: Record, name: str, value: Real) -> float:
    """Return a number as a float."""
    try:
        return float(value)
    except OverflowError:
        raise ArgumentError(f"{record.name}: {name} is an integer too large to compute with.") from None


def read_number(record: Record, parameter: Parameter, value: object) -> float | None:
    """Check the value of a parameter that is no array, and return it as a float; return None for an array."""
    if value is None or isinstance(value, bool | str):
        raise ArgumentTypeError(f"{record.name}: {parameter.name} is {value!r}; it must be a number.")
    if not isinstance(value, Real):
        return None
    number = as_float(record, parameter.name, value)
    if not parameter.domain.contains(number):
        raise _outside(record, parameter, value)
    return number


def _outside(
    record: Record, parameter: Parameter, value: object, place: tuple[int, ...] = (), many: str = ""
) -> ArgumentError:
    """Return the error for a value outside the domain of a parameter."""
    where = f"{parameter.name}{list(place)}" if place else parameter.name
    return ArgumentError(f"{record.name}: {where} is {value}; it must be {parameter.domain.wanted}{many}.")


def reshaped(name: str, shape: Shape, wanted: Shape, reshape: str = "{}.reshape{}") -> list[tuple[str, str]]:
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


def _reshapes(name: str, shape: Shape, wanted: Shape, reshape: str) -> str:
    calls = [call + where for call, where in reshaped(name, shape, wanted, reshape)]
    return f" Use {' or '.join(filter(None, (', '.join(calls[:-1]), *calls[-1:])))}." if calls else ""


def _misfit(name: str, value: object, shape: Shape, wanted: Shape) -> str:
    """Message for a ``value`` of ``shape`` where one that broadcasts to ``wanted`` is needed."""
    dimensions = "" if len(shape) == len(wanted) else f"of {len(wanted)} dimension{'s'[: len(wanted) != 1]} "
    expected = f"shape {wanted} or one {dimensions}that broadcasts to it" if wanted else "one number"
    reshape = "{}.reshape{}" if hasattr(value, "reshape") else "numpy.reshape({}, {}).tolist()"  # of a list, a list
    return f"expected {expected}; got {shape}.{_reshapes(name, shape, wanted, reshape)}"


@dataclass
class Reader:
    """Reads parameters and keywords into the inputs of a call, whose arrays were read before."""

    record: Record
    face: AnyFace
    inputs: dict[str, Array]
    numbers: dict[str, int | float]
    shape: Shape
    axis: Axis
    dtype: DType
    labels: bool  # the target holds labels

    def array(self, name: str, value: object) -> Array:
        """Read an array of any shape, on the device of the first argument."""
        return read_array(self.record, self.face, name, value, self.inputs[self.record.arguments[0].name])

    def of_items(self, row: Keyword, value: object, dtype: DType | None = None) -> Array:
        """Read a keyword's values, one for each item; ``dtype`` is one to cast them to."""
        gone = as_tuple(self.axis) if item_axes(self.record) == ROW else ()
        if self.record.axes:
            gone = layout_of(self.record).missing(axes_of_keyword(row, self.record))
        array = self.array(row.name, value)
        self._one_for_each_item(row, tuple(array.shape), gone)
        return self._without(gone, row.name, value, array, dtype)

    def _one_for_each_item(self, row: Keyword, shape: Shape, gone: tuple[int, ...]) -> None:
        """Raise for values of which there is one for each class instead, if another keyword takes those."""
        classes, items = (tuple(n for i, n in enumerate(self.shape) if (i in gone) == one) for one in (True, False))
        if row.of_classes and self.record.takes_classes and shape == classes != items:
            raise ShapeError(
                f"{self.record.name}: {row.name} has shape {shape}, one for each class, as {row.of_classes}= has; "
                f"{row.name} needs one for each item, of shape {items}."
            )

    def _without(self, gone: tuple[int, ...], name: str, value: object, array: Array, dtype: DType | None) -> Array:
        """Broadcast to the call's shape, with 1 along axes that are ``gone``; the ``array`` was read from a value.

        It is cast before: the gradient of a broadcast is a sum, which is to be made before it is rounded.
        """
        array = array if dtype is None else self.face.cast(array, dtype)
        public = tuple(n for i, n in enumerate(self.shape) if i not in gone)
        shape = tuple(array.shape)
        if shape != ():
            if len(shape) != len(public) or any(n not in (1, m) for n, m in zip(shape, public, strict=True)):
                raise ShapeError(f"{self.record.name}: {name}: {_misfit(name, value, shape, public)}")
            lengths = iter(shape)
            array = self.face.reshape(array, tuple(1 if i in gone else next(lengths) for i in range(len(self.shape))))
        return self.face.broadcast(array, tuple(1 if i in gone else n for i, n in enumerate(self.shape)))

    def _of_this_call(self, parameter: Parameter) -> Parameter:
        """Return a parameter whose domain ends where the axis does that it is a place of."""
        axis = parameter.domain.index_of
        if not axis:
            return parameter
        last = self.numbers[str(places(axis).label)] - 1
        return replace(parameter, domain=replace(parameter.domain, high=last, index_of=""))

    def _check_rounded(self, parameter: Parameter, number: float) -> None:
        """Raise for a parameter that the dtype of the call rounds to a number outside the domain."""
        rounded = number
        if self.face.itemsize(self.dtype) == 4:
            with errstate(over="ignore"):
                rounded = float(float32(number))
        if not parameter.domain.contains(rounded):
            raise ArgumentError(
                f"{self.record.name}: {parameter.name} is {number:g}, which is {rounded:g} in float32, the dtype of "
                f"this call; it must be {parameter.domain.wanted}."
            )

    def parameter(self, parameter: Parameter, value: object) -> bool:
        """Read a parameter into the inputs or numbers; return True if it is not at its default."""
        parameter = self._of_this_call(parameter)
        name, number = parameter.name, read_number(self.record, parameter, value)
        if number is not None:
            self._check_rounded(parameter, number)
            self.numbers[name] = number
            return number != parameter.default
        array = self.face.cast(self.array(name, value), self.dtype)
        if self.face.sees(array):
            values = self.face.to_numpy(array)
            if not parameter.domain.holds(values):
                wrong = [found for found in ndenumerate(values) if not parameter.domain.contains(found[1])]
                (place, first), many = wrong[0], f" ({len(wrong)} of {values.size})"
                raise _outside(self.record, parameter, first, place, many)
        self.inputs[name] = self._without(as_tuple(self.axis), name, value, array, self.dtype)
        return True
