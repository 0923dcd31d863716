"""Numbers with their first two derivatives along one direction, in as many digits as it takes.

Infinity is a number so great that no floating-point number comes near it, and a quotient by zero is that number: what
comes out is the limit, and a product with zero is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Union

from mpmath import mp

ZERO, ONE = mp.mpf(0), mp.mpf(1)
HUGE = mp.ldexp(1, 10**1000)
SATURATES = mp.mpf(10) ** 200  # beyond it, exp is one of these: larger powers would take too long
GREAT, TINY = mp.ldexp(1, 10**600), mp.ldexp(1, -(10**600))

Operand = Union["Jet", int, float]
# The bits to compute with: from the smallest subnormal to 1, and what is left over a cancellation of that size.
BITS = {"float16": 320, "float32": 320, "float64": 1200}


@dataclass(frozen=True, eq=False, repr=False)  # mpmath asks for it where it multiplies, and 10^1000 bits take long
class Jet:
    """A number, and how it changes with the variable: once and twice differentiated."""

    value: Any
    slope: Any = ZERO
    curve: Any = ZERO

    def __add__(self, other: Operand) -> Jet:
        o = jet(other)
        return Jet(self.value + o.value, self.slope + o.slope, self.curve + o.curve)

    def __mul__(self, other: Operand) -> Jet:
        o = jet(other)
        if not (o.slope or o.curve):  # a constant: most of these products are by one
            return Jet(self.value * o.value, self.slope * o.value, self.curve * o.value)
        if not (self.slope or self.curve):
            return Jet(self.value * o.value, self.value * o.slope, self.value * o.curve)
        curve = self.curve * o.value + 2 * self.slope * o.slope + self.value * o.curve
        return Jet(self.value * o.value, self.slope * o.value + self.value * o.slope, curve)

    def __truediv__(self, other: Operand) -> Jet:
        o = jet(other)
        value = over(self.value, o.value)
        if not (o.slope or o.curve):
            return Jet(value, over(self.slope, o.value), over(self.curve, o.value))
        slope = over(self.slope, o.value) - over(self.value * o.slope, o.value * o.value)
        curve = over(self.curve - 2 * slope * o.slope - value * o.curve, o.value)
        return Jet(value, slope, curve)

    def __neg__(self) -> Jet:
        return Jet(-self.value, -self.slope, -self.curve)

    def __sub__(self, other: Operand) -> Jet:
        o = jet(other)
        return Jet(self.value - o.value, self.slope - o.slope, self.curve - o.curve)

    def __radd__(self, other: Operand) -> Jet:
        return self + other

    def __rsub__(self, other: Operand) -> Jet:
        return -self + other

    def __rmul__(self, other: Operand) -> Jet:
        return self * other

    def __rtruediv__(self, other: Operand) -> Jet:
        return jet(other) / self

    def __abs__(self) -> Jet:
        return self * Jet(mp.sign(self.value))

    def __le__(self, other: Operand) -> bool:
        return bool(self.value <= jet(other).value)

    def __lt__(self, other: Operand) -> bool:
        return bool(self.value < jet(other).value)

    def through(self, value: Any, slope: Any, curve: Any) -> Jet:
        """The chain rule for a function with this value, slope and curvature here."""
        if not (self.slope or self.curve):
            return Jet(value)
        return Jet(value, slope * self.slope, curve * self.slope * self.slope + slope * self.curve)


def jet(number: Operand, moving: bool = False) -> Jet:
    """A constant, or the variable itself."""
    return number if isinstance(number, Jet) else _jet(number, moving, mp.prec)


@lru_cache(1000)  # of few numbers: most are constants of definitions
def _jet(number: int | float, moving: bool, _precision: int) -> Jet:
    value = mp.mpf(number)
    if mp.isinf(value):
        value = mp.sign(value) * HUGE
    return Jet(value, ONE if moving else ZERO)


def over(numerator: Any, denominator: Any) -> Any:
    """A quotient; by zero, of the numerator's sign and without bound, and 0 / 0 is 0."""
    return numerator / denominator if denominator != 0 else mp.sign(numerator) * HUGE


def exp(x: Jet) -> Jet:
    value = mp.exp(x.value) if abs(x.value) < SATURATES else GREAT if x.value > 0 else TINY
    return x.through(value, value, value)


def log(x: Jet) -> Jet:
    value = mp.log(x.value) if x.value > 0 else -HUGE if x.value == 0 else mp.nan
    slope = over(ONE, x.value)
    return x.through(value, slope, -over(slope, x.value))


@dataclass(frozen=True)
class Exact:
    """What a loss is, and of the terms that it is the sum of, the size of the largest and of what works against it."""

    value: Any
    size: Any
    against: Any = ZERO


def derivatives(terms: Sequence[Jet]) -> tuple[Exact, Exact, Exact]:
    """Value, slope and curvature of a sum of terms."""

    def summed(part: Callable[[Jet], Any]) -> Exact:
        parts = [part(term) for term in terms]
        highest, lowest = (choose(*parts, ZERO) for choose in (max, min))
        return Exact(mp.fsum(parts), max(highest, -lowest), min(highest, -lowest))

    return summed(lambda t: t.value), summed(lambda t: t.slope), summed(lambda t: t.curve)
