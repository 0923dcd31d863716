"""Means over folds, and differences between losses, with errors that know that folds share their training rows."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

__all__ = ["Difference", "Estimate", "difference", "estimate"]

# How sure a difference must be, all of a metric's differences taken together.
CONFIDENCE = 0.95
Array = NDArray[Any]


class Estimate(NamedTuple):
    """A mean over the held-out folds and its standard error."""

    mean: float
    error: float


class Difference(NamedTuple):
    """How much worse than the best (0 for the best itself), its standard error, and whether chance may explain it."""

    mean: float
    error: float
    margin: float

    @property
    def distinct(self) -> bool:
        return self.mean > self.margin

    @property
    def regret(self) -> float:
        """How far behind, in units of what chance explains."""
        return self.mean / self.margin if self.margin > 0 else np.inf if self.mean > 0 else 0.0


def estimate(values: Array, test_share: float) -> Estimate:
    """The mean over folds and its corrected resampled standard error (Nadeau & Bengio, 2003).

    The folds' training rows overlap, so that their results are alike and s²/J is too small a variance; with a test set
    of n₂ rows against n₁ for training it is (1/J + n₂/n₁)·s².
    """
    spread = 1 / len(values) + test_share / (1 - test_share)
    return Estimate(float(values.mean()), float(np.sqrt(spread * values.var(ddof=1))))


def difference(values: Array, best: Array, test_share: float, comparisons: int) -> Difference:
    """How much ``values`` exceed ``best``, pair by pair, judged as one of several comparisons (Bonferroni's t test)."""
    mean, error = estimate(values - best, test_share)
    level = 1 - (1 - CONFIDENCE) / (2 * max(comparisons, 1))
    return Difference(mean, error, float(stats.t.ppf(level, len(values) - 1)) * error)
