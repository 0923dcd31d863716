"""Numbers as they are printed, the same in the terminal and on the page."""

from __future__ import annotations

import math
from typing import NamedTuple

from lossary.compare.verdict import Standing

__all__ = ["Cell", "baseline", "cell", "with_error"]


class Cell(NamedTuple):
    """A loss by a metric: its mean, how far it is behind the best, and whether that is more than chance explains."""

    mean: str
    behind: str
    best: bool
    distinct: bool


def cell(standing: Standing, name: str) -> Cell:
    """What a table says of a loss by one metric."""
    best = name == standing.best
    difference = standing.differences[name]
    sign = "−" if standing.metric.sense > 0 else "+"
    places = _places(difference.error)
    behind = f"{sign}{difference.mean:.{places}f} ± {difference.error:.{places}f}" if difference.error else "equal"
    return Cell(with_error(*standing.estimates[name]), "best" if best else behind, best, difference.distinct)


def with_error(mean: float, error: float) -> str:
    """'54.31 ± 0.95': the error to two figures, the mean as far."""
    places = _places(error)
    return f"{mean:,.{places}f} ± {error:,.{places}f}".replace("-", "−")


def baseline(standing: Standing) -> str:
    """What a constant guess reaches, to as many places as the losses' means."""
    places = _places(standing.estimates[standing.best].error)
    return f"{standing.baseline:,.{places}f}".replace("-", "−")


def _places(error: float) -> int:
    """How many decimals show two figures of the error."""
    if not math.isfinite(error) or error <= 0:
        return 4
    return min(6, max(0, 1 - math.floor(math.log10(error))))
