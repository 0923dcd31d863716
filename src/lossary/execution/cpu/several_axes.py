"""Formulas of several axes on a CPU: compiled loops for what is computed place by place, array operations for the rest.

``build`` replaces that of ``codegen``, and computes the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy

from lossary.contract.call import Call
from lossary.contract.keywords import as_tuple
from lossary.execution.cpu import safety
from lossary.execution.cpu.grouping import Loop, grouped
from lossary.execution.cpu.nested import Layout, Nest, merged
from lossary.execution.cpu.nested_run import DTYPES, Kernel, readable, strides_of
from lossary.execution.cpu.recurrent_run import States
from lossary.frameworks import load
from lossary.frameworks.face import AnyFace, Array, Dimensions
from lossary.symbolic import codegen
from lossary.symbolic.blocked import Segment
from lossary.symbolic.graph import NUMBER_KINDS, Axes, Node, walk
from lossary.symbolic.recurrence import states
from lossary.symbolic.scans import as_recurrences

__all__ = ["build", "serves"]

RECURRENCE = states.name
Body = Callable[..., tuple[Any, ...]]
Values = dict[Node, Any]


def serves(call: Call) -> bool:
    """Return True if loops may compute a call: it has several axes, and its values are in memory."""
    return bool(call.record.axes) and call.face.has_pointers and not call.options.guard and safety.allowed()


@cache
def build(outputs: tuple[Node, ...], arguments: tuple[Node, ...], target: str) -> Body:
    """Return a function of arrays that computes formulas, by loops where those are worth it."""
    plain = codegen.build(outputs, arguments, target)
    outputs = as_recurrences(outputs, arguments)
    steps, results = grouped(codegen.printed(outputs, target))
    if not any(isinstance(step, Loop) for step in steps) and not any(n.word == RECURRENCE for n in walk(*outputs)):
        return plain
    face = load("torch" if target == "eager" else target)
    made = States(face, target)
    like = next(one for one in arguments if one.axes and one.label not in NUMBER_KINDS)

    def run_of(step: Segment) -> _Loop | _Operations:
        return _Loop(step, face, like) if isinstance(step, Loop) else _Operations(step, target, like, made)

    runs = [run_of(step) for step in steps]
    last = _Operations(Segment(tuple(results), tuple(results)), target, like, made)

    def formula(*arrays: Any, axes: Dimensions) -> tuple[Any, ...]:
        values: Values = dict(zip(arguments, arrays, strict=True))
        for run in runs:
            if not run(values, axes):
                return plain(*arrays, axes=axes)
        return tuple(last.computed(values, axes))

    return formula


def _symbols(step: Segment) -> tuple[Node, ...]:
    """Return the symbols that a step is computed from."""
    return tuple(node for node in walk(*step.outputs) if node.word == "symbol")


class _Operations:
    """Array operations that compute the values of a step; numbers in it have the dtype of the array ``like``."""

    def __init__(self, step: Segment, target: str, like: Node, made: States) -> None:
        self.step, self.symbols = step, tuple(dict.fromkeys([like, *_symbols(step)]))
        self.body = codegen.build(step.outputs, self.symbols, target, ((RECURRENCE, made),))

    def computed(self, values: Values, axes: Dimensions) -> tuple[Any, ...]:
        """Return the values of the step's outputs."""
        return self.body(*(values[one] for one in self.symbols), axes=axes)

    def __call__(self, values: Values, axes: Dimensions) -> bool:
        values.update(zip(self.step.results, self.computed(values, axes), strict=True))
        return True


class _Loop:
    """A compiled loop that computes the values of a step, in the dtype of the array ``like``."""

    def __init__(self, step: Loop, face: AnyFace, like: Node) -> None:
        self.step, self.face, self.like, self.symbols = step, face, like, _symbols(step)
        self.kernels: dict[Any, Kernel | None] = {}

    def __call__(self, values: Values, axes: Dimensions) -> bool:
        """Add the results to the values; return False if no kernel can compute them."""
        like = values[self.like]
        if str(like.dtype).removeprefix("torch.") not in DTYPES:
            return False
        arrays = [readable(self.face, values[one], like) for one in self.symbols]
        shape = numpy.broadcast_shapes(*(one.shape for one in arrays))
        if 0 in shape:  # there is nothing to compute, nor to tell how arrays lie
            return False
        results = [self._result(shape, summed, axes, like) for summed in self.step.summed]
        layout = merged(shape, [strides_of(one, shape) for one in (*arrays, *results)])
        kernel = self._kernel(layout, like)
        if kernel is None:
            return False
        kernel.run(layout, len(results), [self.face.pointer(one) for one in (*arrays, *results)])
        made = (self.face.cast(one, like.dtype) for one in results)
        values.update(zip(self.step.results, made, strict=True))
        return True

    def _result(self, shape: tuple[int, ...], summed: Axes, axes: Dimensions, like: Array) -> Array:
        """Allocate what the loop writes; sums are of float64, and begin with 0."""
        if not summed:
            return self.face.maker(shape, like.dtype)()
        gone = {one % len(shape) for name in summed for one in as_tuple(axes[name])}
        own = tuple(1 if i in gone else n for i, n in enumerate(shape))
        return self.face.zeros(own, self.face.dtype_of_totals(like), like)

    def _kernel(self, layout: Layout, like: Array) -> Kernel | None:
        """Return the kernel for arrays that lie in some way; None, after a warning, if it cannot be had."""
        key = layout.innermost, len(layout.lengths), layout.by_blocks, like.dtype
        if key not in self.kernels:
            sums = tuple(map(bool, self.step.summed))
            name = str(like.dtype).removeprefix("torch.")
            nest = Nest(self.step.outputs, self.symbols, sums, *key[:3], name)
            self.kernels[key] = safety.attempt(("loop", nest), "a formula of several axes", lambda: Kernel(nest))
        return self.kernels[key]
