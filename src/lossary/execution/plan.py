"""Plans: calls of one kind are checked and bound once, and computed from the arrays of each, whatever their sizes.

A kind of call is told by the types of its arrays, by which of their lengths are equal, and by its plain options.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from operator import call as called
from operator import itemgetter
from typing import Any, NamedTuple

from lossary.contract.call import Call, along_classes, shape_of
from lossary.contract.keywords import as_tuple, items_of
from lossary.execution import engine
from lossary.execution.cpu import passes as cpu
from lossary.execution.sources import Source, sources_of
from lossary.kinds.program import Work
from lossary.kinds.reduce import mean

__all__ = ["Plan"]

Array = Any
Arrays = Sequence[Any]


class Plan:
    """Computes calls of one kind from their arrays; the frameworks' derivatives ask it for values and gradients."""

    def __init__(self, call: Call, named: dict[str, Array]) -> None:
        self.sources = sources_of(call, named)
        numbers = {name: value for name, value in call.inputs.items() if not hasattr(value, "dtype")}
        denominator = None if "denominator" in named else call.denominator  # a plan holds no arrays
        self.call, self.face = call.but(inputs=numbers, denominator=denominator), call.face
        self.names = list(named)
        self.derivatives = engine.wanted(call)
        self.wrt = engine.moving(call) if self.derivatives == "predictions" else ()
        self.places = tuple(map(self.names.index, self.wrt))
        self._predictions = _taken(self.places)
        self.watched = [source for source in self.sources if source.domain is not None]
        self.expects = not call.record.scores  # gradients are made for the upstream gradient that came last; else for 1
        self.upstream = self._last = 1.0
        self._runs: dict[tuple[str, ...], Callable[..., Any]] = {}
        self.result = self._way()

    def accepts(self, given: Arrays) -> bool:
        """Return True if all values that no kernel checks are right."""
        return all(source.accepts(given) for source in self.watched)

    def bind(self, given: Arrays) -> Call:
        """The checked call on some arrays."""
        call = self.call
        shape = shape_of(call.record, dict(zip(self.names, given, strict=True)))
        items = items_of(shape, as_tuple(call.axis))
        arrays = {source.name: source.read(given, shape) for source in self.sources}
        changes = {"denominator": arrays.pop("denominator")} if "denominator" in arrays else {}
        if "class_index" not in arrays:
            arrays |= along_classes(call.record, self.face, given[0], shape, items, call.axis)
        return call.but(inputs=call.inputs | arrays, shape=shape, items=items, **changes)

    def _way(self) -> Callable[[Arrays], Any]:
        """Choose the method that makes the result, differentiable by the framework where it asks for that."""
        if self.derivatives == "nothing":
            return self.value
        if self.derivatives == "anything":
            return self._traced
        guard, unreduced = self.call.options.guard, self.call.reduction == "none"
        if guard and not unreduced:
            return self._expected
        # A gradient that gathers the changes of many items cannot be made before they are known.
        return self._deferred if guard or (unreduced and self.call.record.scores) else self._fused()

    def value(self, given: Arrays) -> Any:
        """The value alone."""
        run = self._runs.get(()) or self._run(given, ())
        return run(given, (), 1.0)[0]

    def _fused(self) -> Callable[[Arrays], Any]:
        """Make the function that computes the result and, in the same pass, its gradients.

        Names of its own take it to everything: a small batch notices.
        """
        apply, runs, wrt, predictions = self.face.fused, self._runs, self.wrt, self._predictions

        def fused(given: Arrays) -> Any:
            upstream = self.upstream
            run = runs.get(wrt) or self._run(given, wrt)
            value, gradients = run(given, (), upstream)
            return apply((value, gradients, upstream, self, given), *predictions(given))

        return fused

    def _expected(self, given: Arrays) -> Any:
        return self.face.expected(self, given, *self._predictions(given))

    def _deferred(self, given: Arrays) -> Any:
        return self.face.deferred(self, given, *self._predictions(given))

    def _traced(self, given: Arrays) -> Any:
        call = self.bind(given)
        if not call.options.guard:
            engine.check(call)
        return engine.trace(call)

    def measure(self, given: Arrays, wrt: tuple[str, ...], out: Arrays = (), upstream: Any = 1.0) -> Any:
        """The value, and its gradients in what is named, times an upstream gradient; new, or written into ``out``."""
        run = self._runs.get(wrt) or self._run(given, wrt)
        return run(given, out, upstream)

    def _run(self, given: Arrays, wrt: tuple[str, ...]) -> Callable[..., Any]:
        """Choose the function that computes value and gradients, and keep it."""
        call = self.bind(given)
        of_numbers = not call.record.scores and not hasattr(call.denominator, "dtype") and math.prod(call.shape) > 0
        if of_numbers and cpu.serves(call):
            run: Callable[..., Any] = KernelRun(self, call, given, wrt).run
        else:
            run = partial(self.portable, wrt)
        self._runs[wrt] = run
        return run

    def portable(self, wrt: tuple[str, ...], given: Arrays, out: Arrays, upstream: Any) -> tuple[Any, list[Array]]:
        """The value and gradients by whatever computes the bound call."""

        def compute() -> tuple[Any, list[Array]]:
            return engine.measured(self.bind(given), wrt, tuple(out), upstream)

        found: tuple[Any, list[Array]] = self.face.untracked(compute)
        return found

    def total(self, given: Arrays) -> tuple[Any, Any, Any]:
        """The sums that a batch adds to a mean over many."""
        summed = None if self.derivatives == "nothing" else self.result(given)
        return engine.total(self.bind(given), summed)

    # --- what derivatives are made of: see frameworks/torch_autograd.py ---

    def expect(self, upstream: float) -> None:
        """Make gradients for the upstream gradient that came twice, as a scaled loss has it: none is scaled later.

        They are the same in every bit, as is one that is made again for an upstream gradient that was not expected.
        """
        if self.expects:
            self.upstream, self._last = upstream if upstream == self._last else 1.0, upstream

    def renew(self, given: Arrays, gradients: Arrays, upstream: Any, change: Any) -> None:
        """Make gradients anew, in their memory, unless two upstream gradients on the device are equal."""
        engine.renewed(self.bind(given), self.wrt, gradients, upstream, change)

    def pull(self, given: Arrays, change: Any) -> Any:
        """The gradients, times a change of the result."""
        return engine.pulled(self.bind(given), self.wrt, change)

    def trace(self, given: Arrays) -> Any:
        """The result in the framework's own differentiable operations."""
        return engine.trace(self.bind(given))

    def beside(self, change: Array, gradient: Array) -> Array:
        """A change of each item's loss, in a shape that multiplies the gradient."""
        if change.shape == gradient.shape or not change.shape:
            return change
        return self.face.reshape(change, items_of(tuple(gradient.shape), as_tuple(self.call.axis)))


def _taken(places: tuple[int, ...]) -> Callable[[Arrays], Arrays]:
    """Make the function that takes the arrays at some places."""
    if not places:
        return lambda given: ()
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))


class Size(NamedTuple):
    """Numbers and functions that depend on the shape of a call alone."""

    shape: tuple[int, ...]
    divided_by: float  # the sum
    scale: float  # of the gradients
    launch: Callable[..., tuple[float, ...]] | None  # of the kernel; None: there is none
    makers: Sequence[Callable[[], Array]]  # of the arrays that it writes


class KernelRun:
    """The value and gradients of a plan's calls by a compiled kernel, straight from the arrays' memory."""

    def __init__(self, plan: Plan, call: Call, given: Arrays, wrt: tuple[str, ...]) -> None:
        self.plan, self.face, self.call, self.axes = plan, call.face, plan.call, as_tuple(call.axis)
        self.wrt, self.number = wrt, call.face.numbers(call.dtype)
        divisor, loss = engine.divisor(call), (call.program.loss,)
        over = () if divisor is None else (divisor,)
        self.apart = bool(over and wrt)  # gradients are divided by a sum, which is made before
        self.summed = bool(over) and not wrt
        sums, losses = ((), loss) if call.reduction == "none" else (loss, ())
        work = Work(sums if self.apart else (*sums, *over), losses, engine.gradients(call, wrt))
        self.losses = len(losses)
        self.main = _Inputs(plan, call, given, work)
        self.before = _Inputs(plan, call, given, Work(over)) if self.apart else None
        self.per_item = engine.per_item(call) if call.reduction == "mean" else None
        self.run = self._runner(plan.names.index(call.record.arguments[0].name), self._size(call.shape))

    def _runner(self, first: int, size: Size) -> Callable[..., tuple[Any, list[Array]]]:
        """Make the function that runs the kernel over arrays of any shape.

        New arrays and one pass, the common case, are written out: a small batch notices.
        """
        main, pick, pointer, numbers, number = (
            self.main,
            self.main.pick,
            self.face.pointer,
            self.main.numbers,
            self.number,
        )
        in_two, plain = self.before is not None, not self.losses and not self.summed

        def run(given: Arrays, out: Arrays, upstream: float) -> tuple[Any, list[Array]]:
            nonlocal size
            shape, now = given[first].shape, size
            if now.shape != shape:
                size = now = self._size(shape)
            _, divided_by, scale, launch, makers = now
            if launch is None:
                return self.plan.portable(self.wrt, given, out, upstream)
            if out or in_two:
                return self._run(now, given, out, upstream)
            inputs = pick(given) if pick else main.of(given, shape)
            made = list(map(called, makers))
            totals = launch(*map(pointer, inputs), *map(pointer, made), *numbers, scale, upstream)
            if totals[0] != totals[0]:
                engine.check(self.plan.bind(given))
            return (number(totals[0] / divided_by), made) if plain and divided_by else self._finish(totals, made, now)

        return run

    def _run(self, size: Size, given: Arrays, out: Arrays, upstream: float) -> tuple[Any, list[Array]]:
        """Run the kernel of a sum that gradients are divided by first, if there is one; ``out`` may be given."""
        if self.before is not None:
            inputs = self.before.of(given, size.shape)
            divided_by = self.before.run(inputs, size.shape, self.before.numbers)[0][0]
            size = size._replace(divided_by=divided_by, scale=mean(1.0, divided_by, self.call.empty, self.face))
        inputs = self.main.of(given, size.shape)
        totals, made = self.main.run(inputs, size.shape, self.main.numbers, size.scale, upstream, out)
        if totals[0] != totals[0]:
            engine.check(self.plan.bind(given))
        return self._finish(totals, made, size)

    def _finish(self, totals: Sequence[float], made: list[Array], size: Size) -> tuple[Any, list[Array]]:
        if self.losses:
            return self._items(made[0]), made[1:]
        over = totals[1] if self.summed else size.divided_by
        return self.number(mean(totals[0], over, self.call.empty, self.face)), made

    def _size(self, shape: tuple[int, ...]) -> Size:
        divided_by = 1.0 if self.per_item is None else self.per_item * math.prod(items_of(shape, self.axes))
        if self.per_item is None and not (self.apart or self.summed):
            divided_by = engine.over(self.call)
        scale = mean(1.0, divided_by, self.call.empty, self.face)
        _, launch, makers = self.main.run.sized(shape)
        if self.before is not None and self.before.run.sized(shape).launch is None:
            launch = None
        return Size(shape, divided_by, scale, launch, makers)

    def _items(self, losses: Array) -> Array:
        """One value an item, without the axes that items run over."""
        if not self.axes:
            return losses
        shape = tuple(n for axis, n in enumerate(losses.shape) if axis not in self.axes)
        return self.face.reshape(losses, shape)


class _Inputs:
    """A pass, and how the arrays of calls, as they were given, become what it takes."""

    def __init__(self, plan: Plan, call: Call, given: Arrays, work: Work) -> None:
        self.run = cpu.pass_of(call, work)
        sources = {source.name: source for source in plan.sources}
        used = [sources[name] for name in self.run.arrays]
        self.numbers = [float(call.inputs[name]) for name in self.run.numbers]
        self.reads = [(source, self._is_direct(source, given, call.shape)) for source in used]
        as_they_are = all(direct and source.dtype is None for source, direct in self.reads)
        places = tuple(source.place for source in used)
        self.pick = _taken(places) if as_they_are else None  # of arrays that lie as the kernel takes them

    def _is_direct(self, source: Source, given: Arrays, shape: tuple[int, ...]) -> bool:
        """Return True if the elements of an array lie as the kernel takes them, but for their type."""
        array, order = given[source.place], self.run.order
        of_own_shape = order is None or tuple(array.shape) == shape
        return of_own_shape and source.is_whole(array, shape) and self.run.face.is_in_order(array, order)

    def of(self, given: Arrays, shape: tuple[int, ...]) -> Sequence[Array]:
        """The inputs of a call, as they lie ready."""
        ready = self.run.ready
        return [source.cast(given) if direct else ready(source.read(given, shape)) for source, direct in self.reads]
