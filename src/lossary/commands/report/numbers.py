"""Numbers as they are printed, the same in the terminal and on the page."""

from __future__ import annotations

import math
from typing import NamedTuple

from lossary.commands.compare.verdict import Standing

__all__ = ["Cell", "baseline", "cell", "heading", "with_error"]

# Means of another size are printed in a power of ten that the column's heading names.
SMALLEST, LARGEST = 1e-3, 1e7
MOST_PLACES = 6
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Cell(NamedTuple):
    """A loss by a metric: its mean, how far it is behind the best, and whether that is more than chance explains."""

    mean: str
    behind: str
    best: bool
    distinct: bool


def heading(standing: Standing) -> str:
    """The metric, which way is better, and the power of ten that its numbers are in: 'RMSE ↓ (× 10⁹)'."""
    power = _power(standing)
    unit = f" (× 10{str(power).translate(SUPERSCRIPTS)})" if power else ""
    return f"{standing.metric.name} {'↑' if standing.metric.sense > 0 else '↓'}{unit}"


def cell(standing: Standing, name: str) -> Cell:
    """What a table says of a loss by one metric."""
    best = name == standing.best
    mean, difference, unit = standing.estimates[name], standing.differences[name], 10.0 ** _power(standing)
    sign = "−" if standing.metric.sense > 0 else "+"
    seen = difference.distinct or difference.error / unit >= 0.1**MOST_PLACES
    behind = sign + with_error(difference.mean / unit, difference.error / unit) if seen else "equal"
    shown = with_error(mean.mean / unit, mean.error / unit)
    return Cell(shown, "best" if best else behind, best, difference.distinct)


def with_error(mean: float, error: float) -> str:
    """'54.31 ± 0.95': the error to two figures, the mean as far."""
    places = _places(error)
    return f"{_rounded(mean, places)} ± {_rounded(error, places)}"


def baseline(standing: Standing) -> str:
    """What a constant guess reaches, to as many places as the losses' means."""
    unit = 10.0 ** _power(standing)
    return _rounded(standing.baseline / unit, _places(standing.estimates[standing.best].error / unit))


def _power(standing: Standing) -> int:
    """The power of ten, of whole thousands, that makes the means readable; 0 where they are."""
    largest = max(abs(each.mean) for each in standing.estimates.values())
    if largest == 0 or SMALLEST <= largest < LARGEST:
        return 0
    return 3 * math.floor(math.log10(largest) / 3)


def _rounded(value: float, places: int) -> str:
    """To so many decimals; fewer than none are zeros before the point."""
    return f"{round(value, places):z,.{max(0, places)}f}".replace("-", "−")


def _places(error: float) -> int:
    """How many decimals show two figures of the error."""
    if not math.isfinite(error) or error <= 0:
        return 4
    return min(MOST_PLACES, 1 - math.floor(math.log10(error)))
