"""Sources: conversions of the arrays of a call into inputs of its program, found once for each kind of call."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from ctypes import string_at
from dataclasses import dataclass
from functools import partial

from lossary.contract.call import Call
from lossary.contract.keywords import WEIGHTS, as_tuple
from lossary.domains import Interval
from lossary.frameworks.face import AnyFace, Array, DType
from lossary.kinds.layout import layout_of
from lossary.kinds.program import axes_of_keyword
from lossary.symbolic.graph import COLUMN, LABEL

__all__ = ["Source", "pattern", "sources_of"]

SMALL = 1 << 14  # bytes of an array whose values are compared with the last ones before they are checked

Shape = tuple[int, ...]


def pattern(shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    """Return shapes with each length replaced by a number: equal lengths have the same, and 0 and 1 stay.

    The checks of a call depend on no more than this.

    >>> pattern([(128, 10), (128,)]) == pattern([(64, 20), (64,)]) != pattern([(10, 10), (10,)])
    True
    """
    known = {0: 0, 1: 1}
    return tuple([tuple([known.setdefault(n, len(known)) for n in shape]) for shape in shapes])


@dataclass
class Source:
    """The array that an input is made of, and the conversion."""

    name: str
    place: int  # among the arrays of a call
    face: AnyFace
    dtype: DType | None = None  # to cast to; None: it has the dtype of the input
    varies: tuple[bool, ...] | None = None  # the axes that the input has the call's lengths of; None: its own shape
    gone: tuple[int, ...] = ()  # the axes that the array lacks
    laid: Callable[[Array], Array] | None = None  # brings an argument to one dimension for each named axis
    domain: Interval | None = None  # of values that no kernel checks
    accepted: bytes = b""  # the last values that were in the domain

    def read(self, given: Sequence[Array], shape: Shape) -> Array:
        """Return the input of a call of some shape."""
        array = self.cast(given)
        if self.laid is not None:
            return self.laid(array)
        if self.varies is None:
            return array
        lengths = iter(array.shape)
        if self.gone:
            whole = tuple(1 if axis in self.gone else next(lengths) for axis in range(len(shape)))
            array = self.face.reshape(array, whole)
        full = tuple(n if varies else 1 for n, varies in zip(shape, self.varies, strict=True))
        return array if tuple(array.shape) == full else self.face.broadcast(array, full)

    def cast(self, given: Sequence[Array]) -> Array:
        """Return the array in the dtype of the input."""
        array = given[self.place]
        if self.dtype is None:
            return array
        return self.face.as_labels(array) if self.name == LABEL else self.face.cast(array, self.dtype)

    def is_whole(self, array: Array, shape: Shape) -> bool:
        """Return True if the array has as many elements as the input."""
        return self.varies is None or math.prod(array.shape) == math.prod(
            n for n, varies in zip(shape, self.varies, strict=True) if varies
        )

    def accepts(self, given: Sequence[Array]) -> bool:
        """Return True if all values lie in the domain; a small array with the bytes of the last one is not checked."""
        if self.domain is None:
            return True
        array = self.face.in_order(self.cast(given))
        size = math.prod(array.shape) * self.face.itemsize(array.dtype)
        content = string_at(self.face.pointer(array), size) if 0 < size <= SMALL else b""
        if content and content == self.accepted:
            return True
        holds = self.domain.holds(self.face.to_numpy(array))
        self.accepted = content if holds else b""
        return holds


def sources_of(call: Call, named: dict[str, Array]) -> list[Source]:
    """Return the sources of the inputs of a call, given its arrays by the names that they were passed under."""
    places = {name: place for place, name in enumerate(named)}
    given = {name: name if name in named else "target" if name == LABEL else "" for name in call.inputs}
    found = [_source(call, name, named[own], places[own]) for name, own in given.items() if own in named]
    if "denominator" in named:
        found.append(Source("denominator", places["denominator"], call.face, domain=_visible(call, WEIGHTS)))
    return found


def _source(call: Call, name: str, array: Array, place: int) -> Source:
    used = call.inputs[name]
    if array is used:
        return Source(name, place, call.face)
    if name in call.record.axes:
        laid = partial(layout_of(call.record).laid, call.face, name)
        return Source(name, place, call.face, dtype=None if array.dtype == used.dtype else used.dtype, laid=laid)
    shape, full = tuple(array.shape), tuple(used.shape)
    domains = {row.name: row.unchecked for row in call.options.given}
    domains |= {parameter.name: parameter.domain for parameter in call.record.parameters}
    same = shape == full and name in call.dtypes
    return Source(
        name,
        place,
        call.face,
        dtype=None if array.dtype == used.dtype else used.dtype,
        varies=None if same else tuple(n == m for n, m in zip(full, call.shape, strict=True)),
        gone=_gone(call, name, shape),
        domain=_visible(call, domains.get(name)),
    )


def _gone(call: Call, name: str, shape: Shape) -> tuple[int, ...]:
    """Return the axes of a call that an array of some shape lacks."""
    if len(shape) in (0, len(call.shape)):
        return ()
    own = as_tuple(call.axis)
    row = next((row for row in call.options.given if row.name == name), None)
    if row is not None and call.record.axes:
        return layout_of(call.record).missing(axes_of_keyword(row, call.record))
    of_classes = row is not None and row.axes == COLUMN
    return tuple(i for i in range(len(call.shape)) if i not in own) if of_classes else own


def _visible(call: Call, domain: Interval | None) -> Interval | None:
    """Return the domain if the values of the call are visible, and its plan may be kept for other values."""
    return None if call.options.guard or not call.face.has_pointers else domain
