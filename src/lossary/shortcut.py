"""Calls like one that was made before: what was checked and chosen then is known, and arrays go straight to the kernel.

To check a call and to choose its kernel takes longer than to compute a small batch. Both depend only on the types,
dtypes and shapes of the arrays and on the plain options: the key under which a shortcut is kept. Where a value looks
wrong it gives up, and the long way says what is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from types import NoneType
from typing import Any, TypeAlias

from lossary import engine
from lossary.check import Call, prepare
from lossary.cpu import kernels
from lossary.frameworks import face_of_type
from lossary.kinds.program import Work
from lossary.record import Record

__all__ = ["Shortcuts"]

PLAIN = (str, int, float, bool, NoneType)  # options that are known by their value
ARRAYS = ("weight", "mask")  # options that are checked by the kernel, as the arrays are
MOST = 256  # shortcuts of one loss

Arrays: TypeAlias = tuple[Any, ...]
Options: TypeAlias = dict[str, Any]
Known: TypeAlias = dict[Any, "Shortcut | None"]  # None: such calls have none


class Shortcuts:
    """The ways in which one loss is called, and the shortcuts among them."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._results: Known = {}
        self._pairs: Known = {}

    def result(self, arrays: Arrays, options: Options) -> Any:
        """What a call returns."""
        key = _key(arrays, options)
        short = self._results.get(key)
        if short is not None:
            given = short.given(arrays, options) if short.named else arrays
            done = short.measure(given)
            if done is not None:
                return short.call.face.fused(done, short, given) if short.tracked else done[0]
        call = prepare(self.record, arrays, options)
        value = engine.result(call)
        _keep(self._results, key, call, arrays, options, engine.wanted(call))
        return value

    def value_and_gradient(self, arrays: Arrays, options: Options, out: Any) -> Any:
        """The value and its gradient, written into ``out`` if that is given."""
        key = _key(arrays, options)
        short = self._pairs.get(key)
        if short is not None:
            given = short.given(arrays, options)
            done = short.measure(given, short.call.buffers(out, given))
            if done is not None:
                return engine.pair(short.call, *done)
        call = prepare(self.record, arrays, options)
        value = engine.value_and_gradient(call, out)
        _keep(self._pairs, key, call, arrays, options, "predictions")
        return value


def _keep(known: Known, key: Any, call: Call, arrays: Arrays, options: Options, wanted: str) -> None:
    """Remember how a call was made, and that there is no shortcut if there is none."""
    if key is not None and key not in known:
        if len(known) >= MOST:
            known.clear()
        known[key] = None if wanted == "anything" else _shortcut(call, arrays, options, wanted != "nothing")


def _key(arrays: Arrays, options: Options) -> Any:
    """What the checks of a call depend on; None for a call that no shortcut serves."""
    face: Any = face_of_type(type(arrays[0])) if arrays else None  # type: ignore[arg-type]
    key = None if face is None else face.key(arrays)
    for name, value in options.items():
        if key is None:
            return None
        more = (type(value), value) if type(value) in PLAIN else face.key((value,)) if name in ARRAYS else None
        key = None if more is None else (*key, name, *more)
    return key


class Shortcut:
    """A kernel, and how the arrays of a call reach it. At a small batch every step counts: few are taken."""

    def __init__(self, call: Call, work: Work, over: float, options: Options, sources: list[tuple[int, Any]]) -> None:
        self.call, self.over, self.scale = replace(call, inputs={}), over, float(work.scale)
        self.options = {name: value for name, value in options.items() if type(value) in PLAIN}
        self.named = tuple(name for name in options if name not in self.options)
        self.sources = sources
        self.shape = call.items if work.losses else ()
        self.places = [i for i, argument in enumerate(call.record.arguments) if argument.role == "prediction"]
        self.count = len(call.record.arguments) + len(self.named)
        self.tracked = bool(work.gradients)
        self.measure = self._measure(kernels.prepared(call, work))

    def given(self, arrays: Arrays, options: Options) -> Arrays:
        """All arrays of a call."""
        return (*arrays, *(options[name] for name in self.named))

    def _measure(self, run: kernels.Pass) -> Callable[..., tuple[Any, list[Any]] | None]:
        """What computes the value and its gradients; None where a value looks wrong, or a buffer has gaps."""
        face, dtype, over, scale = self.call.face, self.call.dtype, self.over, self.scale
        sources, makers, numbers, launch = self.sources, run.fresh, run.numbers, run.launch
        cast, in_order, pointer, number = face.cast, face.in_order, face.pointer, face.number
        losses, as_items = len(makers) - run.gradients, self.call.as_items

        def measure(arrays: Arrays, out: tuple[Any, ...] = ()) -> tuple[Any, list[Any]] | None:
            if out and not all(map(face.is_in_order, out)):
                return None
            inputs = [in_order(arrays[i] if d is None else cast(arrays[i], d)) for i, d in sources]
            fresh = [make() for make in makers[: len(makers) - len(out)]]
            fresh += out
            total = launch(*map(pointer, inputs), *map(pointer, fresh), *numbers, scale)[0]
            if total != total:
                return None
            return (as_items(fresh[0]), fresh[1:]) if losses else (number(total / over, dtype), fresh)

        return measure

    def trace(self, arrays: Arrays) -> Any:
        """The result in the framework's own differentiable operations."""
        count = len(self.call.record.arguments)
        options = self.options | dict(zip(self.named, arrays[count:], strict=True))
        return engine.trace(prepare(self.call.record, arrays[:count], options))


def _shortcut(call: Call, arrays: Arrays, options: Options, gradients: bool) -> Shortcut | None:
    """The short way for calls like this one, if there is one."""
    if not kernels.serves(call) or len(arrays) != len(call.record.arguments) or math.prod(call.shape) == 0:
        return None
    if not any(call.face.is_floating(array.dtype) for array in arrays):  # the dtype is the framework's default then
        return None
    if engine.divides_by_values(call):
        return None
    work, over = engine.plan(call, engine.names_of(call) if gradients else ())
    if over == 0:  # a mean over nothing
        return None
    names = [argument.name for argument in call.record.arguments]
    given = dict(zip(names, arrays, strict=True)) | {k: v for k, v in options.items() if type(v) not in PLAIN}
    sources = [_source(call, name, given) for name in kernels.prepared(call, work).kernel.arrays]
    return None if None in sources else Shortcut(call, work, over, options, sources)


def _source(call: Call, name: str, given: dict[str, Any]) -> Any:
    """Which array an input of the kernel is, and what it is cast to; None if it is made in another way."""
    public = "target" if name == "label" else name
    array, used = given.get(public), call.inputs[name]
    if array is None or math.prod(array.shape) != math.prod(used.shape):
        return None
    return list(given).index(public), None if array.dtype == used.dtype else used.dtype
