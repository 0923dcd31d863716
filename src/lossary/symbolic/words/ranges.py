"""Interval arithmetic: the range of a word's values from those of its arguments."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["ANY", "Range", "absolute", "always", "anything", "at_ends", "clip", "divide", "multiply", "power", "square"]


class Range(NamedTuple):
    """All numbers from ``low`` to ``high``."""

    low: float
    high: float

    def __neg__(self) -> Range:
        return Range(-self.high, -self.low)

    def meets(self, other: Range) -> Range:
        """Return the numbers in both; ``low > high`` if there are none."""
        return Range(max(self.low, other.low), min(self.high, other.high))

    def joined(self, other: Range) -> Range:
        """Return the smallest range that contains both."""
        return Range(min(self.low, other.low), max(self.high, other.high))

    @property
    def size(self) -> float:
        """The largest absolute value."""
        return max(abs(self.low), abs(self.high))


ANY = Range(-math.inf, math.inf)


def always(low: float, high: float) -> Callable[..., Range]:
    """Return the rule of a word with the same range for all arguments."""
    return lambda *_: Range(low, high)


def anything(*_: Range) -> Range:
    """Return no bounds."""
    return ANY


def at_ends(value: Callable[..., float], rises: tuple[int, ...], ranges: tuple[Range, ...]) -> Range:
    """Return the range of a function that rises (1) or falls (-1) in each argument."""
    lows = [each.low if up > 0 else each.high for each, up in zip(ranges, rises, strict=True)]
    highs = [each.high if up > 0 else each.low for each, up in zip(ranges, rises, strict=True)]
    return Range(_end(value, lows, -math.inf), _end(value, highs, math.inf))


def _end(value: Callable[..., float], arguments: list[float], widest: float) -> float:
    """Return the value at the end of a range, or ``widest`` where it is not defined."""
    try:
        found = float(value(*arguments))
    except OverflowError:
        return math.inf
    except (ValueError, ZeroDivisionError):
        return widest
    return widest if math.isnan(found) else found


def multiply(a: Range, b: Range) -> Range:
    corners = [x * y if x and y else 0.0 for x in a for y in b]  # 0 · infinity is 0: the numbers themselves are finite
    return Range(min(corners), max(corners))


def divide(a: Range, b: Range) -> Range:
    if b.high < 0 or b.low < b.high == 0:
        a, b = -a, -b
    if b.low < 0 or b.high == 0:
        return ANY
    return multiply(a, Range(1.0 / b.high, 1.0 / b.low if b.low else math.inf))


def absolute(a: Range) -> Range:
    low = 0.0 if a.low <= 0 <= a.high else min(abs(a.low), abs(a.high))
    return Range(low, a.size)


def square(a: Range) -> Range:
    return multiply(absolute(a), absolute(a))


def power(a: Range, exponent: Range) -> Range:
    if a.low < 0 or exponent.low != exponent.high:
        return ANY
    ends = [_power(end, exponent.low) for end in a]
    return Range(min(ends), max(ends))


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        return math.inf
    return _end(math.pow, [base, exponent], math.inf)


def clip(a: Range, low: Range, high: Range) -> Range:
    return Range(min(max(a.low, low.low), high.high), max(min(a.high, high.high), low.low))
