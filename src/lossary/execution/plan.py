"""Plans: calls of one kind are checked and bound once, and computed from the arrays of each, whatever their sizes.

The kind of a call depends on the dtypes of its arrays, on which of their lengths are equal, and on its plain options.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from operator import call as called
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from lossary.contract.call import Call, along_classes, check_places, shape_of
from lossary.contract.keywords import as_tuple, items_of
from lossary.execution import engine
from lossary.execution.cpu import passes as cpu
from lossary.execution.gpu_run import GpuRun
from lossary.execution.gpu_run import serves as on_gpu
from lossary.execution.sources import Source, sources_of
from lossary.frameworks.face import Array, DType
from lossary.kinds.denominator import denominator_node, per_item
from lossary.kinds.layout import layout_of
from lossary.kinds.program import Work
from lossary.kinds.reduce import mean
from lossary.kinds.rows import as_rows

__all__ = ["Plan"]

Arrays: TypeAlias = Sequence[Array]
Run: TypeAlias = Callable[[Arrays, Arrays, Array | float], tuple[Array, list[Array]]]


class Plan:
    """Computes calls of one kind from their arrays; the frameworks' derivatives ask it for values and gradients.

    ``given`` are the arrays of a call, in the order of ``names``.
    """

    def __init__(self, call: Call, named: dict[str, Array]) -> None:
        self.sources = sources_of(call, named)
        denominator = None if "denominator" in named else call.denominator  # a plan holds no arrays
        self.call, self.face = call.but(inputs={}, denominator=denominator), call.face
        self.names = list(named)
        self.differentiated = engine.differentiated(call)  # None: any input, by a transform
        self.wrt = _predictions_only(self.differentiated or set(), engine.names_of(call))
        self.places = tuple(map(self.names.index, self.wrt))
        self._predictions = _taken(self.places)
        self.watched = [source for source in self.sources if source.domain is not None]
        self.expects = not call.record.scores  # gradients are made for the last upstream gradient; else for 1
        self.upstream = self._last = 1.0
        self._runs: dict[tuple[str, ...], Run] = {}
        self.gpu: GpuRun | None = None  # for gradients in ``wrt``
        self.result = self._method()

    @property
    def dtype(self) -> DType:
        """Dtype of the result."""
        return self.call.dtype

    def accepts(self, given: Arrays) -> bool:
        """Return True if all values that no kernel checks are valid."""
        return all(source.accepts(given) for source in self.watched)

    def bind(self, given: Arrays) -> Call:
        """Return the checked call on some arrays."""
        call = self.call
        named = dict(zip(self.names, given, strict=True))
        shape = shape_of(call.record, named)
        items = items_of(shape, as_tuple(call.axis))
        check_places(call.record, self.face, shape, call.axis, call.dtype, call.options.labels)
        arrays = {source.name: source.read(given, shape) for source in self.sources}
        changes = {"denominator": arrays.pop("denominator")} if "denominator" in arrays else {}
        if "_class_index" not in arrays:
            of_classes, numbers = along_classes(call.record, self.face, given[0], shape, items, call.axis, call.dtype)
            return call.but(
                inputs=arrays | of_classes, numbers=call.numbers | numbers, shape=shape, items=items, **changes
            )
        return call.but(inputs=arrays, shape=shape, items=items, **changes)

    def _method(self) -> Callable[[Arrays], Array]:
        """Choose the method that makes the result, differentiable by the framework if that asks for it."""
        if self.differentiated is not None and not self.differentiated:
            return self.value
        if not self.wrt or (as_rows(self.call)[0].record.axes and self.call.reduction == "none"):
            return self._traced
        guard, unreduced = self.call.options.guard, self.call.reduction == "none"
        if guard and not unreduced:
            return self._expected
        # A gradient that sums the upstream gradients of many items cannot be made before they are known.
        return self._deferred if guard or (unreduced and self.call.record.scores) else self._fused()

    def value(self, given: Arrays) -> Array:
        """Return the value alone."""
        run = self._runs.get(()) or self._run(given, ())
        return run(given, (), 1.0)[0]

    def _fused(self) -> Callable[[Arrays], Array]:
        """Return the function that computes the result and, in the same pass, its gradients.

        It has everything in local names: small batches notice.
        """
        apply, runs, wrt, predictions = self.face.fused, self._runs, self.wrt, self._predictions

        def fused(given: Arrays) -> Array:
            upstream = self.upstream
            run = runs.get(wrt) or self._run(given, wrt)
            value, gradients = run(given, (), upstream)
            return apply((value, gradients, upstream, self, given), *predictions(given))

        return fused

    def _expected(self, given: Arrays) -> Array:
        return self.face.expected(self, given, *self._predictions(given))

    def _deferred(self, given: Arrays) -> Array:
        return self.face.deferred(self, given, *self._predictions(given))

    def _traced(self, given: Arrays) -> Array:
        call = self.bind(given)
        if not call.options.guard:
            engine.check(call)
        return engine.trace(call)

    def measure(
        self, given: Arrays, wrt: tuple[str, ...], out: Arrays = (), upstream: Array | float = 1.0
    ) -> tuple[Array, list[Array]]:
        """Return the value, and its gradients in ``wrt`` times an upstream gradient, new or written into ``out``."""
        run = self._runs.get(wrt) or self._run(given, wrt)
        return run(given, out, upstream)

    def _run(self, given: Arrays, wrt: tuple[str, ...]) -> Run:
        """Choose the function that computes the value and gradients, and keep it."""
        call = self.bind(given)
        of_numbers = not call.record.scores and not hasattr(call.denominator, "dtype") and math.prod(call.shape) > 0
        if of_numbers and cpu.serves(as_rows(call)[0]):
            run: Run = KernelRun(self, call, given, wrt).run
        elif math.prod(call.shape) > 0 and on_gpu(as_rows(call)[0]):
            gpu = GpuRun(self.call, self.sources, wrt, self.bind, partial(self.portable, wrt))
            self.gpu, run = gpu if wrt == self.wrt else self.gpu, gpu.run
        else:
            run = partial(self.portable, wrt)
        self._runs[wrt] = run
        return run

    def portable(
        self, wrt: tuple[str, ...], given: Arrays, out: Arrays, upstream: Array | float
    ) -> tuple[Array, list[Array]]:
        """Return the value and gradients of the call, bound to the arrays first."""
        buffers = self._laid(wrt, out)
        value, made = self.face.untracked(lambda: engine.measured(self.bind(given), wrt, buffers, upstream))
        return value, list(out) if out else self._as_given(wrt, made)

    def _laid(self, wrt: tuple[str, ...], gradients: Arrays) -> tuple[Array, ...]:
        """Return gradients, in their memory, with the dimensions in which formulas compute them."""
        if not self.call.record.axes:
            return tuple(gradients)
        layout = layout_of(self.call.record)
        return tuple(layout.laid(self.face, name, each) for name, each in zip(wrt, gradients, strict=False))

    def _as_given(self, wrt: tuple[str, ...], gradients: Arrays) -> list[Array]:
        """Return gradients with the dimensions of their predictions as they were given."""
        if not self.call.record.axes:
            return list(gradients)
        layout = layout_of(self.call.record)
        return [layout.as_given(self.face, name, each) for name, each in zip(wrt, gradients, strict=True)]

    def total(self, given: Arrays) -> tuple[Array, ...]:
        """Return the sums of the losses, the weights and the number of the items; or the sums of regions."""
        is_tracked = self.differentiated is None or bool(self.differentiated)
        if self.call.record.is_of_regions:
            return engine.regions(self.bind(given), is_tracked)
        return engine.total(self.bind(given), self.result(given) if is_tracked else None)

    # --- for derivatives: see frameworks/torch_autograd.py ---

    def expect(self, upstream: float) -> None:
        """Make the next gradients for an upstream gradient that came twice, as a scaled loss has it.

        They have the same bits as gradients that are made again for an upstream gradient that was not expected.
        """
        if self.expects:
            self.upstream, self._last = upstream if upstream == self._last else 1.0, upstream

    def renew(self, given: Arrays, gradients: Arrays, upstream: Array | float, change: Array) -> Array | None:
        """Replace gradients times ``upstream`` by those times ``change``, unless the two are equal on the device.

        Return a copy of ``change``, if a kernel made one.
        """
        copied = None if self.gpu is None else self.gpu.renew(given, gradients, upstream, change)
        if copied is None:
            engine.renew(self.bind(given), self.wrt, gradients, upstream, change)
        return copied

    def pull(self, given: Arrays, wrt: tuple[str, ...], change: Array) -> list[Array]:
        """Return the gradients in ``wrt`` times an upstream gradient."""
        return self._as_given(wrt, engine.pulled(self.bind(given), wrt, change))

    def trace(self, given: Arrays) -> Array:
        """Return the result in the framework's own differentiable operations."""
        return engine.trace(self.bind(given))

    def beside(self, change: Array, gradient: Array) -> Array:
        """Return the upstream gradients of items in a shape that broadcasts with a gradient."""
        if change.shape == gradient.shape or not change.shape:
            return change
        return self.face.reshape(change, items_of(tuple(gradient.shape), as_tuple(self.call.axis)))


def _predictions_only(names: set[str], predictions: tuple[str, ...]) -> tuple[str, ...]:
    """Return names in the order of the predictions; none if another input is among them."""
    return tuple(name for name in predictions if name in names) if names.issubset(predictions) else ()


def _taken(places: tuple[int, ...]) -> Callable[[Arrays], Arrays]:
    """Return the function that selects the arrays at some places."""
    if not places:
        return lambda given: ()
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))


class Size(NamedTuple):
    """Numbers and functions that depend on the shape of a call alone."""

    shape: tuple[int, ...]
    divided_by: float  # denominator of the value
    scale: float  # factor of the gradients
    launch: Callable[..., tuple[float, ...]] | None  # of the kernel; None: there is none
    makers: Sequence[Callable[[], Array]]  # of the arrays that it writes


class KernelRun:
    """The value and gradients of a plan's calls by a compiled kernel, directly from the memory of the arrays."""

    def __init__(self, plan: Plan, call: Call, given: Arrays, wrt: tuple[str, ...]) -> None:
        self.plan, self.face, self.call, self.axes = plan, call.face, plan.call, as_tuple(call.axis)
        self.wrt, self.number = wrt, call.face.numbers(call.dtype)
        node, loss = denominator_node(call), (call.program.loss,)
        summed = () if node is None else (node,)
        self.before = _Inputs(plan, call, given, Work(summed)) if summed and wrt else None  # sums what gradients need
        self.sums_weights = bool(summed) and not wrt
        sums, losses = ((), loss) if call.reduction == "none" else (loss, ())
        work = Work((*sums, *summed) if self.sums_weights else sums, losses, engine.gradients(call, wrt))
        self.losses = len(losses)
        self.main = _Inputs(plan, call, given, work)
        self.per_item = per_item(call) if call.reduction == "mean" else None
        self.run = self._runner(plan.names.index(call.record.arguments[0].name), self._size(call.shape))

    def _runner(self, first: int, size: Size) -> Run:
        """Return the function that runs the kernel over arrays of any shape.

        The common case, one pass that writes new arrays, is inlined and has everything in local names: small batches
        notice.
        """
        main, pointer, number = self.main, self.face.pointer, self.number
        pick, numbers = main.pick, main.numbers
        in_two, plain = self.before is not None, not self.losses and not self.sums_weights

        def run(given: Arrays, out: Arrays, upstream: Array | float) -> tuple[Array, list[Array]]:
            nonlocal size
            shape, now = given[first].shape, size
            if now.shape != shape:
                size = now = self._size(shape)
            _, divided_by, scale, launch, makers = now
            if launch is None:
                return self.plan.portable(self.wrt, given, out, upstream)
            if out or in_two:
                return self._run(now, given, out, float(upstream))
            inputs = pick(given) if pick else main.of(given, shape)
            made = list(map(called, makers))
            totals = launch(*map(pointer, inputs), *map(pointer, made), *numbers, scale, upstream)
            if totals[0] != totals[0]:
                engine.check(self.plan.bind(given))
            return (number(totals[0] / divided_by), made) if plain and divided_by else self._finish(totals, made, now)

        return run

    def _run(self, size: Size, given: Arrays, out: Arrays, upstream: float) -> tuple[Array, list[Array]]:
        """Run the kernel after that of a sum that gradients are divided by, if there is one; ``out`` may be given."""
        if self.before is not None:
            inputs = self.before.of(given, size.shape)
            divided_by = self.before.run(inputs, size.shape, self.before.numbers)[0][0]
            size = size._replace(divided_by=divided_by, scale=mean(1.0, divided_by, self.call.empty, self.face))
        inputs = self.main.of(given, size.shape)
        totals, made = self.main.run(inputs, size.shape, self.main.numbers, size.scale, upstream, out)
        if totals[0] != totals[0]:
            engine.check(self.plan.bind(given))
        return self._finish(totals, made, size)

    def _finish(self, totals: Sequence[float], made: list[Array], size: Size) -> tuple[Array, list[Array]]:
        if self.losses:
            return self._items(made[0]), made[1:]
        divided_by = totals[1] if self.sums_weights else size.divided_by
        return self.number(mean(totals[0], divided_by, self.call.empty, self.face)), made

    def _size(self, shape: tuple[int, ...]) -> Size:
        call = self.call
        check_places(call.record, self.face, shape, call.axis, call.dtype, call.options.labels)
        divided_by = 1.0
        if self.per_item is not None:
            divided_by = self.per_item * math.prod(items_of(shape, self.axes))
        elif self.before is None and not self.sums_weights:
            divided_by = float(engine.denominator(self.call))
        scale = mean(1.0, divided_by, self.call.empty, self.face)
        _, launch, makers = self.main.run.sized(shape)
        if self.before is not None and self.before.run.sized(shape).launch is None:
            launch = None
        return Size(shape, divided_by, scale, launch, makers)

    def _items(self, losses: Array) -> Array:
        """Remove the axes that items run over, which have length 1."""
        if not self.axes:
            return losses
        shape = tuple(n for axis, n in enumerate(losses.shape) if axis not in self.axes)
        return self.face.reshape(losses, shape)


class _Inputs:
    """A pass, and the conversion of the arrays of calls into its inputs."""

    def __init__(self, plan: Plan, call: Call, given: Arrays, work: Work) -> None:
        self.run = cpu.pass_of(*as_rows(call, work))
        sources = {source.name: source for source in plan.sources}
        used = [sources[name] for name in self.run.arrays]
        self.numbers = [float(call.numbers[name]) for name in self.run.numbers]
        self.reads = [(source, self._is_direct(source, given, call.shape)) for source in used]
        as_they_are = all(direct and source.dtype is None for source, direct in self.reads)
        places = tuple(source.place for source in used)
        self.pick = _taken(places) if as_they_are else None  # selects arrays that need no conversion

    def _is_direct(self, source: Source, given: Arrays, shape: tuple[int, ...]) -> bool:
        """Return True if the elements of an array lie as the kernel takes them, up to a cast."""
        array, order = given[source.place], self.run.order
        of_own_shape = order is None or tuple(array.shape) == shape
        return of_own_shape and source.is_whole(array, shape) and self.run.face.is_in_order(array, order)

    def of(self, given: Arrays, shape: tuple[int, ...]) -> Sequence[Array]:
        """Return the inputs of the pass."""
        ready = self.run.ready
        return [source.cast(given) if direct else ready(source.read(given, shape)) for source, direct in self.reads]
