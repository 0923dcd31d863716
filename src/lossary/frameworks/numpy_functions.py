"""Functions that printed code for NumPy calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy

from lossary.frameworks.places import Places
from lossary.symbolic import codegen

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__: list[str] = []

Array: TypeAlias = "NDArray[Any]"


class _Places(Places):
    xp = numpy

    def argsort(self, a: Array, axis: int) -> Array:
        return numpy.argsort(a, axis, kind="stable")

    def scatter(self, shape: tuple[int, ...], values: Array, at: Array, axis: int) -> Array:
        grid = list(numpy.ogrid[tuple(map(slice, at.shape))])
        grid[axis] = at.astype(numpy.int64)
        out = numpy.zeros(shape, values.dtype)
        numpy.add.at(out, tuple(grid), values)
        return out

    def taken(self, a: Array, at: Array, axis: int) -> Array:
        if at.dtype.kind == "f":
            at = numpy.clip(at, 0, a.shape[axis] - 1).astype(numpy.int64)
        return numpy.take_along_axis(a, at, axis)

    def log_cumulative_sum(self, a: Array, axis: int) -> Array:
        found: Array = numpy.logaddexp.accumulate(a, axis)
        return found


codegen.FUNCTIONS["numpy"] = _Places().by_name
