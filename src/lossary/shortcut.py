"""Calls like one that was made before: what was checked and chosen then is known, and arrays go straight to the kernel.

To check a call and to choose its kernel takes longer than to compute a small batch. Both depend only on the types,
dtypes and shapes of the arrays and on the plain options: the key under which a shortcut is kept. Where a value looks
wrong it gives up, and the long way says what is.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import cached_property
from types import NoneType
from typing import Any, TypeAlias

from lossary import engine
from lossary.check import Call, prepare
from lossary.frameworks import face_of_type
from lossary.record import Record
from lossary.steps import ScoredSteps, Steps, steps_of

__all__ = ["Shortcuts"]

PLAIN = (str, int, float, bool, NoneType)  # options that are known by their value
ARRAYS = ("weight", "mask", "class_weight")  # options that may be arrays, beside parameters
MOST = 256  # shortcuts of one loss

Arrays: TypeAlias = tuple[Any, ...]
Options: TypeAlias = dict[str, Any]
Known: TypeAlias = dict[Any, "Shortcut | None"]  # None: such calls have none


class Shortcuts:
    """The ways in which one loss is called, and the shortcuts among them."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._results: Known = {}
        self._recent: Shortcut | None = None
        self._pairs: Known = {}
        self._may_be_arrays = {*ARRAYS, *(parameter.name for parameter in record.parameters)}

    def result(self, arrays: Arrays, options: Options) -> Any:
        """What a call returns."""
        short = self._recent
        if short is None or not short.recognizes(arrays, options):
            key = _key(arrays, options, self._may_be_arrays)
            short = self._results.get(key)
            self._recent = None if short is None else short.recent(arrays, options)
        if short is not None:
            result = short.result(short.given(arrays, options) if short.named else arrays)
            if result is not None:
                return result
            key = None  # as it has been
        call = prepare(self.record, arrays, options)
        value = engine.result(call)
        derivatives = engine.wanted(call)
        if derivatives != "anything":
            _keep(self._results, key, call, arrays, options, engine.moving(call) if derivatives != "nothing" else ())
        return value

    def value_and_gradient(self, arrays: Arrays, options: Options, out: Any) -> Any:
        """The value and its gradient, written into ``out`` if that is given."""
        key = _key(arrays, options, self._may_be_arrays)
        short = self._pairs.get(key)
        if short is not None:
            given = short.given(arrays, options)
            done = short.measure(given, short.buffers(out, given))
            if done is not None:
                return engine.pair(short.call, *done)
        call = prepare(self.record, arrays, options)
        value = engine.value_and_gradient(call, out)
        _keep(self._pairs, key, call, arrays, options, engine.names_of(call))
        return value


def _keep(known: Known, key: Any, call: Call, arrays: Arrays, options: Options, wrt: tuple[str, ...]) -> None:
    """Remember how a call was made, and that there is no shortcut if there is none."""
    if key is not None and key not in known:
        if len(known) >= MOST:
            known.clear()
        found = steps_of(call, _named(call, arrays, options), wrt)
        known[key] = None if found is None else Shortcut(call, options, found)


def _key(arrays: Arrays, options: Options, may_be_arrays: Container[str]) -> Any:
    """What the checks of a call depend on; None for a call that no shortcut serves."""
    face: Any = face_of_type(type(arrays[0])) if arrays else None  # type: ignore[arg-type]
    key = None if face is None else face.key(arrays)
    for name, value in options.items():
        if key is None:
            return None
        plain = type(value) in PLAIN
        more = (type(value), value) if plain else face.key((value,)) if name in may_be_arrays else None
        key = None if more is None else (*key, name, *more)
    return key


def _named(call: Call, arrays: Arrays, options: Options) -> dict[str, Any]:
    """All arrays of a call by their names."""
    names = [argument.name for argument in call.record.arguments]
    return dict(zip(names, arrays, strict=False)) | {k: v for k, v in options.items() if type(v) not in PLAIN}


class Shortcut:
    """A kernel, and how the arrays of a call reach it."""

    def __init__(self, call: Call, options: Options, found: Steps | ScoredSteps) -> None:
        self.call = call.but(inputs={})
        self.options = {name: value for name, value in options.items() if type(value) in PLAIN}
        self.named = tuple(name for name in options if name not in self.options)
        self.places = [[argument.name for argument in call.record.arguments].index(name) for name in found.work.wrt]
        self.shape = call.items if found.work.losses else ()
        self.upstream = self._last = 1.0
        self._names, self._plain = tuple(options), list(self.options.items())
        self._is_like: Any = None
        self._steps = found

    @cached_property  # at the second call: some losses are configured for one
    def measure(self) -> Callable[..., Any]:
        """The value and its gradients, new or in ``out``, as a function of the arrays."""
        return self._steps.function("value, gradients")

    @cached_property
    def result(self) -> Callable[..., Any]:
        """What a call returns, as a function of the arrays."""
        predictions = ", ".join(f"given[{place}]" for place in self.places)
        tracked = f"fused((value, gradients, upstream, way, given), {predictions})"
        if self._steps.work.gradients:
            return self._steps.function(tracked, upstream="way.upstream", way=self)
        return self._steps.function("value")

    def recent(self, arrays: Arrays, options: Options) -> Shortcut | None:
        """This shortcut, if it can recognize the next call like this one sooner than by its key."""
        self._plain = [(name, options[name]) for name in self.options]
        if self._is_like is None:
            self._is_like = self.call.face.recognizer(self.given(arrays, options))
        return self if self._is_like else None

    def recognizes(self, arrays: Arrays, options: Options) -> bool:
        """Whether a call is surely like the last one; its plain options are the same objects then."""
        if tuple(options) != self._names or any(options[name] is not value for name, value in self._plain):
            return False
        return bool(self._is_like(self.given(arrays, options) if self.named else arrays))

    def buffers(self, out: Any, given: Arrays) -> tuple[Any, ...]:
        """The arrays to write gradients into."""
        names = [argument.name for argument in self.call.record.arguments][: len(given) - len(self.named)]
        return () if out is None else self.call.buffers(out, dict(zip((*names, *self.named), given, strict=True)))

    def expect(self, upstream: float) -> None:
        """Gradients are made for the upstream gradient that came twice, as a scaled loss has it: none is scaled later.

        They are the same in every bit, as is one that is made again for an upstream gradient that was not expected.
        """
        self.upstream, self._last = upstream if upstream == self._last else 1.0, upstream

    def given(self, arrays: Arrays, options: Options) -> Arrays:
        """All arrays of a call."""
        return (*arrays, *(options[name] for name in self.named))

    def trace(self, arrays: Arrays) -> Any:
        """The result in the framework's own differentiable operations."""
        count = len(self.call.record.arguments)
        options = self.options | dict(zip(self.named, arrays[count:], strict=True))
        return engine.trace(prepare(self.call.record, arrays[:count], options))
