"""Calls like one that was made before: what was checked and chosen then is known, and arrays go straight to the kernel.

To check a call and to choose its kernel takes longer than to compute a small batch. Both depend only on the types,
dtypes and shapes of the arrays and on the plain options: the key under which a shortcut is kept. Where a value looks
wrong it gives up, and the long way says what is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from types import NoneType
from typing import Any, TypeAlias

from lossary import engine
from lossary.check import Call, prepare
from lossary.cpu import kernels
from lossary.frameworks import face_of_type
from lossary.keywords import are_weights
from lossary.kinds.program import Work
from lossary.record import Record

__all__ = ["Shortcuts"]

PLAIN = (str, int, float, bool, NoneType)  # options that are known by their value
ARRAYS = ("weight", "mask", "class_weight")  # options that may be arrays
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

    def result(self, arrays: Arrays, options: Options) -> Any:
        """What a call returns."""
        short = self._recent
        if short is None or not short.recognizes(arrays, options):
            key = _key(arrays, options)
            short = self._results.get(key)
            self._recent = None if short is None else short.recent(arrays, options)
        if short is not None:
            result = short.result(short.given(arrays, options) if short.named else arrays)
            if result is not None:
                return result
            key = None  # as it has been
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
    """A kernel, and how the arrays of a call reach it."""

    def __init__(self, call: Call, options: Options, steps: _Steps) -> None:
        self.call = replace(call, inputs={})
        self.options = {name: value for name, value in options.items() if type(value) in PLAIN}
        self.named = tuple(name for name in options if name not in self.options)
        self.places = [i for i, argument in enumerate(call.record.arguments) if argument.role == "prediction"]
        self.shape = call.items if steps.work.losses else ()
        self.upstream = self._last = 1.0
        self._names, self._plain = tuple(options), list(self.options.items())
        self._is_like: Any = None
        self._steps = steps

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


def _shortcut(call: Call, arrays: Arrays, options: Options, gradients: bool) -> Shortcut | None:
    """The short way for calls like this one, if there is one."""
    if not kernels.serves(call) or len(arrays) != len(call.record.arguments) or math.prod(call.shape) == 0:
        return None
    if not any(call.face.is_floating(array.dtype) for array in arrays):  # the dtype is the framework's default then
        return None
    divisor, (work, over) = engine.divisor(call), engine.plan(call, engine.names_of(call) if gradients else ())
    if over == 0 and divisor is None:  # a mean over nothing
        return None
    names = [argument.name for argument in call.record.arguments]
    given = dict(zip(names, arrays, strict=True)) | {k: v for k, v in options.items() if type(v) not in PLAIN}
    if divisor is not None and not gradients:
        work = replace(work, sums=(*work.sums, divisor))
    passes = {"total": kernels.prepared(call, work)}
    if divisor is not None and gradients:  # which are divided by it
        passes = {"over": kernels.prepared(call, Work(sums=(divisor,))), **passes}
    inputs = dict.fromkeys(name for one in passes.values() for name in one.kernel.arrays)
    sources = {name: _source(call, name, given) for name in inputs}
    return None if None in sources.values() else Shortcut(call, options, _Steps(call, work, over, passes, sources))


FUNCTION = """
def steps(given, out=None):
    if out and not all(map(is_in_order, out)):
        return None
    upstream = {upstream}
    {steps}
    return {result}
"""


class _Steps:
    """What a call does, written out: at a small batch, loops over two arrays would take as long as the kernel.

    ``passes`` are over the arrays: one for the total, and for what that is divided by, where only their values tell; if
    gradients are divided too, it has a pass before. Where a value looks wrong, the function gives None.
    """

    def __init__(
        self, call: Call, work: Work, over: float, passes: dict[str, kernels.Pass], sources: dict[str, Any]
    ) -> None:
        self.work, run, face = work, passes["total"], call.face
        losses = [f"loss_{k}" for k in range(len(work.losses))]
        makes = [f"make_{k}()" for k in range(len(run.fresh))]
        self.names = vars(face) | {f"make_{k}": make for k, make in enumerate(run.fresh)}
        self.names |= {"scale": float(work.scale), "over": over, "number": face.numbers(call.dtype)}
        self.names |= {f"make_{k}": face.maker(call.public_items, call.dtype) for k in range(len(losses))}
        self.lines = [self._read(name, *source) for name, source in sources.items()]
        if "class_weight" in sources:  # the kernel does not look at them, but at all else
            self.lines.append("if not are_weights(to_numpy(x_class_weight)): return None")
            self.names["are_weights"] = are_weights
        if "over" in passes:
            self._run("over", passes["over"], ["over"], [], "1.0", "1.0")
            self.lines += ["if not over > 0.0: return None", "scale = 1.0 / over"]
        self.lines += [f"{loss} = {make}" for loss, make in zip(losses, makes, strict=False)]
        self.lines.append(f"gradients = out or [{', '.join(makes[len(losses) :])}]")
        outputs = [*losses, *(f"gradients[{k}]" for k in range(run.gradients))]
        sums = ["total", "over"][: max(1, len(work.sums))]
        self._run("total", run, sums, outputs, "scale", "upstream")
        self.lines.append("if total != total: return None")
        if len(sums) > 1:
            self.lines.append("if not over > 0.0: return None")
        self.lines.append(f"value = {losses[0]}" if losses else "value = number(total / over)")

    def _read(self, name: str, place: int, dtype: Any) -> str:
        """A line that brings an input into the order and the dtype that kernels take."""
        self.names[f"dtype_{name}"] = dtype
        array = f"given[{place}]" if dtype is None else f"cast(given[{place}], dtype_{name})"
        return f"x_{name} = in_order({array})"

    def _run(self, name: str, run: kernels.Pass, sums: list[str], outputs: list[str], *factors: str) -> None:
        """A line that runs a kernel."""
        pointers = [f"pointer({x})" for x in (*(f"x_{name}" for name in run.kernel.arrays), *outputs)]
        numbers = {f"{name}_number_{k}": number for k, number in enumerate(run.numbers)}
        line, names = run.written(name, sums, ", ".join([*pointers, *numbers, *factors]))
        self.lines.append(line)
        self.names |= names | numbers

    def function(self, result: str, upstream: str = "1.0", **more: Any) -> Callable[..., Any]:
        """What takes the steps and gives a result."""
        module = self.names | more
        exec(FUNCTION.format(steps="\n    ".join(self.lines), result=result, upstream=upstream), module)
        steps: Callable[..., Any] = module["steps"]
        return steps


def _source(call: Call, name: str, given: dict[str, Any]) -> Any:
    """Which array an input of the kernel is, and what it is cast to; None if it is made in another way."""
    public = "target" if name == "label" else name
    array, used = given.get(public), call.inputs[name]
    if array is None or math.prod(array.shape) != math.prod(used.shape):
        return None
    return list(given).index(public), None if array.dtype == used.dtype else used.dtype
