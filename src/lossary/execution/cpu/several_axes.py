"""Formulas of several axes on a CPU: compiled loops for what is computed place by place, array operations for the rest.

``build`` replaces that of ``codegen``, and computes the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache, cached_property, partial
from typing import Any

import numpy

from lossary.contract.call import Call
from lossary.contract.keywords import as_tuple
from lossary.execution.cpu import safety
from lossary.execution.cpu.grouping import Chain, Loop, grouped
from lossary.execution.cpu.nested import Nest
from lossary.execution.cpu.nested_layout import Layout, contiguous, laid_out
from lossary.execution.cpu.nested_run import DTYPES, LABELS, Kernel, lie_of, name_of, readable, strides_of
from lossary.execution.cpu.recurrent_run import States
from lossary.execution.like import LIKE, is_array, like_of
from lossary.frameworks import load
from lossary.frameworks.face import AnyFace, Array, Dimensions
from lossary.symbolic import codegen
from lossary.symbolic.blocked import Segment
from lossary.symbolic.graph import Node, walk
from lossary.symbolic.recurrence import states
from lossary.symbolic.scans import as_recurrences

__all__ = ["build", "serves"]

RECURRENCE = states.name
Body = Callable[..., tuple[Any, ...]]
Values = dict[Node, Any]
Shape = tuple[int, ...]
SHAPES = 32  # ways that arrays lie, for which loops are prepared


def serves(call: Call) -> bool:
    """Return True if loops may compute a call: it has several axes, and its values are in memory."""
    return bool(call.record.axes) and call.face.has_pointers and not call.options.guard and safety.allowed()


@cache
def build(outputs: tuple[Node, ...], arguments: tuple[Node, ...], target: str) -> Body:
    """Return a function of arrays that computes formulas, by loops where those are worth it."""
    if not any(map(is_array, arguments)):
        return codegen.build(outputs, arguments, target)
    face = load("torch" if target == "eager" else target)
    made = States(face, target)

    def operations(step: Segment) -> _Operations:
        return _Operations(step, target, made, arguments)

    def run_of(step: Segment | Chain) -> _Loops | _Operations:
        return _Loops(step, face, alone) if isinstance(step, Chain) else operations(step)

    def alone(loop: Loop) -> _Loops | _Operations:
        chain = Chain((loop,), frozenset(loop.results))
        return run_of(chain if chain.is_worth_a_kernel else loop.as_operations())

    whole = last = operations(Segment(outputs, outputs))
    looped = as_recurrences(outputs, arguments)
    steps, results = grouped(codegen.printed(looped, target))
    runs: list[_Loops | _Operations] = []
    if any(isinstance(step, Chain) for step in steps) or any(node.word == RECURRENCE for node in walk(*looped)):
        runs, last = [run_of(step) for step in steps], operations(Segment(tuple(results), tuple(results)))

    def formula(*arrays: Any, axes: Dimensions) -> tuple[Any, ...]:
        values: Values = dict(zip(arguments, arrays, strict=True))
        values[LIKE] = like_of(face, arguments, arrays)
        done = all(run(values, axes) for run in runs)
        return tuple((last if done else whole).computed(values, axes))

    return formula


def _symbols(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Return the symbols that values are computed from."""
    return tuple(node for node in walk(*nodes) if node.word == "symbol")


class _Operations:
    """Array operations that compute the values of a step, in the dtype of LIKE."""

    def __init__(self, step: Segment, target: str, made: States, arguments: Sequence[Node]) -> None:
        self.step, self.face, self.symbols = step, made.face, (LIKE, *_symbols(step.outputs))
        self.given = [one for one in self.symbols if one in arguments]
        self.body = codegen.build(step.outputs, self.symbols, target, ((RECURRENCE, made),))

    def computed(self, values: Values, axes: Dimensions) -> tuple[Any, ...]:
        """Return the values of the step's outputs."""
        for label in self.given:
            if hasattr(values[label], "dtype") and self.face.is_integer(values[label].dtype):
                values[label] = self.face.cast(values[label], values[LIKE].dtype)
        return self.body(*(values[one] for one in self.symbols), axes=axes)

    def __call__(self, values: Values, axes: Dimensions) -> bool:
        values.update(zip(self.step.results, self.computed(values, axes), strict=True))
        return True


def _nothing(*_: object) -> bool:
    """Compute nothing."""
    return False


class _Loops:
    """Loops that a kernel computes one after the other, in the dtype of LIKE."""

    def __init__(self, chain: Chain, face: AnyFace, alone: Callable[[Loop], _Loops | _Operations]) -> None:
        self.loops, self.face, self.alone = chain.loops, face, alone
        self.results = tuple(node for loop in chain.loops for node in loop.results)
        self.ends = tuple(end for loop in chain.loops for end in loop.ends)
        self.symbols = [_symbols(loop.outputs) for loop in chain.loops]
        read = dict.fromkeys(node for symbols in self.symbols for node in symbols)
        self.arrays = tuple(node for node in read if node not in self.results)
        places = list(enumerate(self.results, len(self.arrays)))
        self.buffers = frozenset(k for k, node in places if node not in chain.kept)
        self.again = [k for k, node in places if node in read]
        self.kept = [k for k, node in enumerate(self.results) if node in chain.kept]
        self.kernels: dict[Any, Kernel | None] = {}
        self.prepared: dict[Any, Callable[..., bool]] = {}

    def __call__(self, values: Values, axes: Dimensions) -> bool:
        """Add the results to the values; return False if no kernel can compute them."""
        like = values[LIKE]
        if name_of(like) not in DTYPES:
            return False
        arrays = [readable(self.face, values[node], like, LABELS) for node in self.arrays]
        key = axes, like.dtype, *map(lie_of, arrays)
        run = self.prepared.get(key)
        if run is None:
            if len(self.prepared) == SHAPES:
                self.prepared.clear()
            run = self.prepared[key] = self._prepare(arrays, axes, name_of(like))
        return run(values, axes, arrays)

    def _prepare(self, arrays: list[Array], axes: Dimensions, dtype: str) -> Callable[..., bool]:
        """Return what runs the loops over arrays that lie like these."""
        loops, shapes = self._shapes(arrays, axes)
        shape = numpy.broadcast_shapes(*loops)
        if 0 in shape:  # there is nothing to compute, nor to tell how arrays lie
            return _nothing
        strides = [*(strides_of(one, shape) for one in arrays), *map(contiguous, shapes)]
        layout = laid_out(shape, strides, loops, self.buffers)
        if not self._goes_by_groups(layout):
            return self._singly
        kernel = self._kernel(layout, dtype, tuple(map(name_of, arrays)))
        return _nothing if kernel is None else partial(self._together, kernel, layout, shapes)

    def _together(
        self, kernel: Kernel, layout: Layout, shapes: list[Shape], values: Values, _: Dimensions, arrays: list[Array]
    ) -> bool:
        """Run all loops by one kernel."""
        like = values[LIKE]
        made = {k: self._result(self.ends[k], shapes[k], like) for k in self.kept}
        results = [self.face.pointer(made[k]) if k in made else 0 for k in range(len(self.results))]
        kernel.run(layout, [*map(self.face.pointer, arrays), *results])
        values |= {self.results[k]: self.face.cast(one, like.dtype) for k, one in made.items()}
        return True

    def _singly(self, values: Values, axes: Dimensions, _: list[Array]) -> bool:
        """Run one loop after the other."""
        return all(run(values, axes) for run in self._each_alone)

    @cached_property
    def _each_alone(self) -> list[_Loops | _Operations]:
        return [self.alone(loop) for loop in self.loops]

    def _shapes(self, arrays: Sequence[Array], axes: Dimensions) -> tuple[list[Shape], list[Shape]]:
        """Return the shapes of the places that each loop goes over, and those of the results."""
        known: dict[Node, Shape] = {node: tuple(one.shape) for node, one in zip(self.arrays, arrays, strict=True)}
        loops = []
        for loop, symbols in zip(self.loops, self.symbols, strict=True):
            shape = numpy.broadcast_shapes(*(known[node] for node in symbols))
            loops.append(shape)
            for node, names in zip(loop.results, loop.gone, strict=True):
                gone = {one % len(shape) for name in names for one in as_tuple(axes[name])}
                known[node] = tuple(1 if i in gone else n for i, n in enumerate(shape))
        return loops, [known[node] for node in self.results]

    def _goes_by_groups(self, layout: Layout) -> bool:
        """Return True if all loops go over the first axis, along which no loop needs the result of another."""
        is_known = all(layout.strides[k][0] for k in self.again)
        return len(self.loops) == 1 or (is_known and all(spans[0] for spans in layout.spans))

    def _result(self, end: str, shape: Shape, like: Array) -> Array:
        """Allocate what the loops write; totals are of float64. Sums begin with 0, and maxima with -inf."""
        if not end:
            return self.face.maker(shape, like.dtype)()
        zeros: Any = self.face.zeros(shape, self.face.dtype_of_totals(like) if end == "total" else like.dtype, like)
        made: Array = zeros - math.inf if end == "greatest" else zeros
        return made

    def _kernel(self, layout: Layout, dtype: str, read: tuple[str, ...]) -> Kernel | None:
        """Return the kernel for arrays that lie in some way; None, after a warning, if it cannot be had."""
        key = layout.spans, layout.lies, layout.turned, dtype, read
        if key not in self.kernels:
            loops = tuple(loop.outputs for loop in self.loops)
            nest = Nest(loops, self.arrays, self.results, self.ends, self.buffers, *key)
            self.kernels[key] = safety.attempt(("loop", nest), "a formula of several axes", lambda: Kernel(nest))
        return self.kernels[key]
