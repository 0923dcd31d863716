"""Verification of a new kernel: on a fixed sample, it must compute the same as the portable body.

The sample has ordinary values in several sizes, and items with NaN, infinity and the ends of domains, one at a time.
The portable body is NumPy's. The effect of rounding is estimated by computing the formula in float32, too; beyond its
range, by moving the inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy

from lossary.contract.call import Call
from lossary.execution.cpu.printed import Printed
from lossary.execution.cpu.sample import Array, Sample, samples
from lossary.frameworks import load
from lossary.symbolic.simplify import leaves

__all__ = ["WrongKernelError", "verify"]

# Errors relative to the largest of the results: 64 ulp. Kernels are within 4, and a wrong instruction, constant or
# address makes more.
TOLERANCES = {"float32": 2.0**-17, "float64": 2.0**-46}
ROUNDING = 16  # allowed multiple of the portable body's error
MOST = 0.9  # quantile of the errors that every element may have
NARROWER = 2.0**-29  # ulp of float64 relative to that of float32
SCALE, UPSTREAM = 0.25, 3.0  # factors of the gradients
UNWRITTEN = -7.25e5  # value of outputs before the kernel runs

Run = Callable[..., Sequence[float]]  # given sizes (chunks, rows, columns), pointers, and the factors of gradients


class WrongKernelError(Exception):
    """A compiled kernel does not compute its formula."""


class _Reference(NamedTuple):
    """One output of the portable body: in the kernel's dtype, in float64, and an estimate of its rounding error."""

    native: Array
    exact: Array
    rounding: Array

    def cut(self, part: slice) -> _Reference:
        return _Reference(*(array[part] for array in self))

    def added(self, tolerance: float) -> _Reference:
        """Return the sum over all items, each of which may be off by a tolerance."""
        native, exact, rounding = (array.astype(numpy.float64) for array in self)
        return _Reference(native.sum(), exact.sum(), rounding.sum() + tolerance / ROUNDING * abs(exact).sum())


def verify(run: Run, printed: Printed, call: Call) -> None:
    """Raise WrongKernelError unless a kernel computes the work that it was printed from."""
    tolerance, count = TOLERANCES[printed.dtype], len(printed.work.sums)
    with numpy.errstate(all="ignore"):
        for sample in samples(printed, call):
            references = _references(sample, printed)
            for part in sample.parts:
                sums, arrays = _computed(run, sample, part, printed)
                expected = [reference.cut(part) for reference in references]
                expected[:count] = [one.added(tolerance) for one in expected[:count]]
                for found, reference in zip((*sums, *arrays), expected, strict=True):
                    _compare(numpy.asarray(found), reference, tolerance, sample.size)


def _references(sample: Sample, printed: Printed) -> list[_Reference]:
    """Return the right outputs; for a sum, its terms."""
    kinds: dict[str, type[numpy.floating[Any]]] = {"float32": numpy.float32, "float64": numpy.float64}
    native, exact = (_portable(sample, printed, kinds[name]) for name in (printed.dtype, "float64"))
    narrow, wide = (_portable(sample, printed, kinds[name], moved=True) for name in ("float32", printed.dtype))
    moved = [numpy.where(numpy.isfinite(one), one, other) for one, other in zip(narrow, wide, strict=True)]
    factor = NARROWER if printed.dtype == "float64" else 1.0
    rounding = (_rounding(factor, *each) for each in zip(native, moved, exact, strict=True))
    return [_Reference(*each) for each in zip(native, exact, rounding, strict=True)]


def _rounding(factor: float, native: Array, moved: Array, exact: Array) -> Array:
    """Return the error of the portable body, or of its results for slightly moved inputs where that is larger."""
    errors = abs(native - exact), factor * abs(moved - exact)
    larger: Array = numpy.fmax(*(numpy.nan_to_num(error, posinf=numpy.inf) for error in errors))
    return larger


def _portable(sample: Sample, printed: Printed, dtype: type[numpy.floating[Any]], moved: bool = False) -> list[Array]:
    """Compute the outputs by NumPy in a dtype."""
    symbols, slopes = leaves(*printed.work.nodes), printed.arguments.gradients
    given = [sample.value(str(symbol.label), dtype, moved) for symbol in symbols]
    found = load("numpy").compute(printed.work.nodes, symbols, sample.call.axes, given)
    items = len(printed.work.nodes) - slopes
    shapes = [sample.items] * items + [sample.shape] * slopes
    arrays = [numpy.broadcast_to(numpy.asarray(a, dtype), s) for a, s in zip(found, shapes, strict=True)]
    return [*arrays[:items], *(array * dtype(SCALE * UPSTREAM) for array in arrays[items:])]


def _computed(run: Run, sample: Sample, part: slice, printed: Printed) -> tuple[Sequence[float], list[Array]]:
    """Run the kernel on a part of a sample; return the sums and arrays."""
    arguments, count = printed.arguments, part.stop - part.start
    inputs = [sample.memory(node, part) for node in arguments.arrays]
    fresh = arguments.gradients - len(arguments.over)
    shapes = [(count, *sample.items[1:])] * arguments.losses + [(count, *sample.shape[1:])] * fresh
    outputs = [numpy.full(shape, UNWRITTEN, printed.dtype) for shape in shapes]
    numbers = [sample.numbers[str(node.label)] for node in arguments.numbers]
    pointers = [array.ctypes.data for array in (*inputs, *outputs)]
    sums = run(sample.extent(part), *pointers, *numbers, SCALE, UPSTREAM)
    over = [inputs[printed.arguments.array_names.index(name)] for name in arguments.over]
    return sums, [*outputs, *over]


def _compare(found: Array, reference: _Reference, tolerance: float, size: float) -> None:
    """Raise unless each result is equal to the reference, NaN like it, or within its rounding error.

    ``size`` is the least size of results to which the tolerance is relative.
    """
    native, exact, rounding = map(numpy.asarray, reference)
    allowed = tolerance * max(size, _largest(exact)) + ROUNDING * (rounding + _usual(rounding))
    near = numpy.isfinite(exact) & (abs(found.astype(numpy.float64) - exact) <= allowed)
    same = near | (found == native) | (numpy.isnan(found) & numpy.isnan(native))
    if not same.all():
        place = numpy.unravel_index(numpy.argmin(same), same.shape)
        raise WrongKernelError(f"on a sample it gives {found[place]:.9g} where the formula gives {native[place]:.9g}")


def _usual(rounding: Array) -> float:
    """Return the rounding error of most finite results: that of the portable body is 0 in some places by chance."""
    finite = rounding[numpy.isfinite(rounding)]
    return float(numpy.quantile(finite, MOST)) if finite.size > 1 else 0.0


def _largest(values: Array) -> float:
    sizes = abs(values)
    return float(sizes[numpy.isfinite(sizes)].max(initial=0.0))
