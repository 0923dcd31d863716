"""Functions that printed code for whole arrays calls along axes: orders, gathers, running sums, shifts, products.

All arrays of a formula have as many dimensions, one for each axis, of size 1 along the axes that they lack.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

__all__ = ["Places"]

Arrays = Any  # of one framework
NAMES = (
    "argsort", "ascending", "centre", "contraction", "decayed", "displaced", "greatest", "ranks", "restored",
    "running_log_sum_exp", "running_sum", "scattered", "squared_distances", "states", "swapaxes", "take_along_axis",
)  # fmt: skip
FEW = 8  # differences that are summed one by one
SAMPLE = 9  # values whose median stands for all


class Places(ABC):
    """The functions of one framework; ``xp`` is its namespace."""

    xp: Any

    @property
    def by_name(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in NAMES}

    @abstractmethod
    def argsort(self, a: Arrays, axis: int) -> Arrays:
        """Return the places of the values in rising order; equal ones stay in order."""

    def ascending(self, a: Arrays, axis: int) -> Arrays:
        """Return the values in rising order."""
        return self.xp.sort(a, axis)

    @abstractmethod
    def scatter(self, shape: tuple[int, ...], values: Arrays, at: Arrays, axis: int) -> Arrays:
        """Return zeros of a shape with values added at places of an axis."""

    @abstractmethod
    def inside(self, at: Arrays, count: int) -> Arrays:
        """Return places as integers; of places that are floats, those beyond the ends of an axis are at the ends."""

    @abstractmethod
    def arranged(self, values: Arrays, at: Arrays, axis: int) -> Arrays:
        """Return values at places of an axis, each of which one of them has."""

    @abstractmethod
    def log_cumulative_sum(self, a: Arrays, axis: int) -> Arrays:
        """Return the running sum of exponentials, as logarithms."""

    @abstractmethod
    def taken(self, a: Arrays, at: Arrays, axis: int) -> Arrays:
        """Return the values at places of an axis; of places that are floats, those beyond its ends are at the ends."""

    def like(self, value: Any, like: Arrays) -> Arrays:
        """Return a number as an array beside another array; arrays stay as they are."""
        if getattr(value, "ndim", 0):
            return value
        return self.xp.asarray(value, dtype=like.dtype).reshape((1,) * like.ndim)

    def greatest(self, a: Arrays, axis: Any) -> Arrays:
        """Return the greatest value along an axis, or several; of an array without elements, one without elements."""
        of = self.xp.sum if 0 in a.shape else self.xp.amax
        return of(a, axis, keepdims=True)

    def swapaxes(self, a: Arrays, one: int, other: int) -> Arrays:
        return self.xp.swapaxes(a, one, other)

    def take_along_axis(self, a: Arrays, at: Arrays, axis: int) -> Arrays:
        return self.taken(a, self.like(at, a), axis)

    def ranks(self, a: Arrays, axis: int) -> Arrays:
        at = self.argsort(a, axis)
        own = self.arange(a.shape[axis], a).reshape([-1 if i == axis % a.ndim else 1 for i in range(a.ndim)])
        return self.arranged(self.xp.broadcast_to(own, a.shape), at, axis)

    def arange(self, stop: int, like: Arrays) -> Arrays:
        """Return the numbers from 0 in the dtype of an array."""
        return self.xp.arange(stop, dtype=like.dtype)

    def running_sum(self, a: Arrays, by: float, axis: int) -> Arrays:
        return self._running(self.xp.cumsum, a, by, axis)

    def running_log_sum_exp(self, a: Arrays, by: float, axis: int) -> Arrays:
        return self._running(self.log_cumulative_sum, a, by, axis)

    def _running(self, function: Any, a: Arrays, by: float, axis: int) -> Arrays:
        """Run from the beginning, or from the end for a negative ``by``."""
        flip = self.xp.flip
        return function(a, axis) if by > 0 else flip(function(flip(a, (axis,)), axis), (axis,))

    def displaced(self, a: Arrays, fill: Any, by: float, axis: int) -> Arrays:
        """Shift by some places; ``fill`` is a number, or an array of one place along the axis."""
        size, fill = a.shape[axis], self.like(fill, a)
        gap = min(abs(int(by)), size)
        shape = _shape(a, fill)
        a = self.xp.broadcast_to(a, (*shape[:axis], size, *shape[axis + 1 :]))
        ends = self.xp.broadcast_to(fill, (*shape[:axis], gap, *shape[axis + 1 :]))
        if by > 0:
            return self.xp.concatenate([ends, _cut(a, axis, 0, size - gap)], axis)
        return self.xp.concatenate([_cut(a, axis, gap, size), ends], axis)

    def decayed(self, a: Arrays, decay: Arrays, by: float, axis: int) -> Arrays:
        """Return y = a + decay · (y one place before), in as many steps as the length has binary digits."""
        shape, done = _shape(a, decay), 1
        a, decay = self.xp.broadcast_to(a, shape), self.xp.broadcast_to(decay, shape)
        while done < shape[axis]:
            a = a + decay * self.displaced(a, 0.0, by * done, axis)
            decay = decay * self.displaced(decay, 0.0, by * done, axis)
            done *= 2
        return a

    def states(self, step: Any, by: float, start: Any, at: Arrays, *rest: Any) -> Arrays:
        """Return the states of a recurrence; ``at`` are the places, and the last two of ``rest`` its axis and all axes.

        ``step`` is the function that makes a state, and tells which inputs have a value for each place.
        """
        (function, moving, _), (*inputs, axis, axes) = step, rest

        def after(state: Arrays, place: Any) -> Arrays:
            given = [self.one(x, axis, place) if moves else x for x, moves in zip(inputs, moving, strict=True)]
            made: Arrays = function(state, *given, axes=axes)[0]
            return made

        state = self.like(start, at)
        shape: tuple[int, ...] = ()
        while shape != state.shape:  # a state may vary along more axes than the first one
            shape = state.shape
            state = self.xp.broadcast_to(state, _shape(state, self.made(after, state)))
        return self.run(after, state, at.shape[axis], by < 0, axis)

    def one(self, a: Arrays, axis: int, place: Any) -> Arrays:
        """Return the value at one place of an axis."""
        return a if a.shape[axis] == 1 else _cut(a, axis, place, place + 1)

    def made(self, after: Any, state: Arrays) -> Any:
        """Return an array, or something else with a shape, like a state made from another."""
        return after(state, 0)

    def run(self, after: Any, state: Arrays, places: int, from_end: bool, axis: int) -> Arrays:
        """Make one state after the other, and return them along an axis."""
        found = []
        for place in reversed(range(places)) if from_end else range(places):
            state = after(state, place)
            found.append(state)
        return self.xp.concatenate(found[::-1] if from_end else found, axis)

    def restored(self, a: Arrays, place: Arrays, over: int, gone: int) -> Arrays:
        """Return values in order at their own places, which the order names."""
        values, places = self._along(over, gone, a, place)
        return self.arranged(values, places, over)

    def _along(self, over: int, gone: int, a: Arrays, place: Arrays) -> list[Arrays]:
        """Return values and their places in one shape, along the axis ``over`` instead of ``gone``."""
        shape = _shape(a, place)
        return [self.xp.swapaxes(self.xp.broadcast_to(x, shape), over, gone) for x in (a, place)]

    def scattered(self, a: Arrays, place: Arrays, at: Arrays, over: int, gone: int) -> Arrays:
        values, places = self._along(over, gone, a, self.inside(place, at.shape[over]))  # as they were taken
        return self.scatter((*values.shape[:over], at.shape[over], *values.shape[over + 1 :]), values, places, over)

    def squared_distances(self, a: Arrays, b: Arrays, axis: int) -> Arrays:
        """Sum squared differences along an axis; along each other axis, one of the arrays may have size 1.

        By products, whose rounding is as large as the squares; what is not larger than that is 0. If the squares of one
        row overflow, it is infinitely far from all others.
        """
        xp, count = self.xp, a.shape[axis]
        if count < FEW:
            return ((a - b) ** 2).sum(axis, keepdims=True)
        one, other = ((x * x).sum(axis, keepdims=True) for x in (a, b))
        found = one + other - 2.0 * self.contraction(a, b, axis)
        rounding = (8 + count / 128) * xp.finfo(found.dtype).eps  # of BLAS, which adds up in turn
        near = (found <= rounding * (one + other)) & (one + other < math.inf)
        far = ((one == math.inf) & (other < math.inf)) | ((other == math.inf) & (one < math.inf))
        return xp.where(far, math.inf, xp.where(near, 0.0, found))

    def centre(self, a: Arrays, axis: int) -> Arrays:
        """Return the median of a few values along an axis, which outliers do not move; 0 if it is infinite."""
        step = -(-a.shape[axis] // SAMPLE)
        few = a if step <= 1 else a[(slice(None),) * (axis % a.ndim) + (slice(None, None, step),)]
        middle = (few.shape[axis] - 1) // 2
        found = self.taken(few, _cut(self.argsort(few, axis), axis % a.ndim, middle, middle + 1), axis)
        return self.xp.where(self.xp.isfinite(found), found, 0.0)

    def contraction(self, a: Arrays, b: Arrays, axis: int) -> Arrays:
        """Sum products along an axis; along each other axis, one of the arrays may have size 1."""
        shape, names = _shape(a, b), [chr(ord("a") + i) for i in range(a.ndim)]
        own = [[i for i, n in enumerate(x.shape) if n != 1 or i == axis] for x in (a, b)]
        left, right = ("".join(names[i] for i in dims) for dims in own)
        result = "".join(names[i] for i in sorted({*own[0], *own[1]} - {axis}))
        a, b = (x.reshape([x.shape[i] for i in dims]) for x, dims in zip((a, b), own, strict=True))
        done = self.xp.einsum(f"{left},{right}->{result}", a, b)
        return done.reshape([1 if i == axis else n for i, n in enumerate(shape)])


def _cut(a: Arrays, axis: int, start: int, stop: int) -> Arrays:
    return a[(slice(None),) * axis + (slice(start, stop),)]


def _shape(a: Arrays, b: Arrays) -> tuple[int, ...]:
    return tuple(n if m == 1 else m for m, n in zip(a.shape, b.shape, strict=True))
