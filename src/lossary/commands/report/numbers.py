"""Formatting of numbers, the same in the terminal and in the report."""

from __future__ import annotations

import math
from typing import NamedTuple

from lossary.commands.compare.verdict import Standing

__all__ = ["Cell", "baseline", "cell", "heading", "with_error"]

# Means outside this range are divided by a power of ten, which the column's heading names.
SMALLEST, LARGEST = 1e-3, 1e7
MOST_PLACES = 6
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Cell(NamedTuple):
    """Text of one loss's result by one metric. ``distinct`` is true if the difference to the best is significant."""

    mean: str
    behind: str
    best: bool
    distinct: bool


def heading(standing: Standing) -> str:
    """Return the metric's name, an arrow to the better values and a power of ten: 'RMSE ↓ (× 10⁹)'."""
    power = _power(standing)
    unit = f" (× 10{str(power).translate(SUPERSCRIPTS)})" if power else ""
    return f"{standing.metric.name} {'↑' if standing.metric.sense > 0 else '↓'}{unit}"


def cell(standing: Standing, name: str) -> Cell:
    """Format the result of a loss by one metric."""
    best = name == standing.best
    mean, difference, unit = standing.estimates[name], standing.differences[name], 10.0 ** _power(standing)
    sign = "−" if standing.metric.sense > 0 else "+"
    seen = difference.distinct or max(difference.mean, difference.error) / unit >= 0.1**MOST_PLACES
    behind = sign + with_error(difference.mean / unit, difference.error / unit) if seen else "equal"
    shown = with_error(mean.mean / unit, mean.error / unit)
    return Cell(shown, "best" if best else behind, best, difference.distinct)


def with_error(mean: float, error: float) -> str:
    """Format '54.31 ± 0.95': two significant figures of the error, and as many decimal places of the mean."""
    places = _places(error)
    return f"{_rounded(mean, places)} ± {_rounded(error, places)}"


def baseline(standing: Standing) -> str:
    """Format the score of a constant guess to as many decimal places as the best loss's mean."""
    unit = 10.0 ** _power(standing)
    return _rounded(standing.baseline / unit, _places(standing.estimates[standing.best].error / unit))


def _power(standing: Standing) -> int:
    """Return the exponent of ten, a multiple of 3, that the means are divided by; 0 if they are readable already."""
    largest = max(abs(each.mean) for each in standing.estimates.values())
    if largest == 0 or SMALLEST <= largest < LARGEST:
        return 0
    return 3 * math.floor(math.log10(largest) / 3)


def _rounded(value: float, places: int) -> str:
    """Round to ``places`` decimals; negative numbers of places round to tens, hundreds, …"""
    return f"{round(value, places):z,.{max(0, places)}f}".replace("-", "−")


def _places(error: float) -> int:
    """Return the number of decimals that shows two significant figures of the error."""
    if not math.isfinite(error) or error <= 0:
        return 4
    return min(MOST_PLACES, 1 - math.floor(math.log10(error)))
