"""Means over folds and differences between losses, with standard errors corrected for shared training rows."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

__all__ = ["FEWEST_PAIRS", "Difference", "Estimate", "difference", "estimate", "shift"]

# Confidence level of all tests taken together.
CONFIDENCE = 0.95
# With fewer paired differences their variance is too uncertain for a t test.
FEWEST_PAIRS = 5
Array = NDArray[Any]


class Estimate(NamedTuple):
    """A mean over the held-out folds and its standard error."""

    mean: float
    error: float


class Difference(NamedTuple):
    """A mean of paired differences, its standard error, its margin of chance, and if there are enough pairs to test."""

    mean: float
    error: float
    margin: float
    enough: bool

    @property
    def distinct(self) -> bool:
        """True if the mean is significantly greater than 0."""
        return self.enough and self.mean > self.margin

    @property
    def reversed(self) -> bool:
        """True if the mean is significantly less than 0."""
        return self.enough and -self.mean > self.margin


def estimate(values: Array, test_share: float) -> Estimate:
    """Return the mean over folds and its corrected resampled standard error (Nadeau & Bengio, 2003).

    The folds' training rows overlap, so that their results are correlated and the variance s²/J of a mean is too small;
    with n₂ test rows and n₁ training rows it is (1/J + n₂/n₁)·s².
    """
    spread = 1 / len(values) + test_share / (1 - test_share)
    return Estimate(float(values.mean()), float(np.sqrt(spread * values.var(ddof=1))))


def difference(values: Array, others: Array, test_share: float, comparisons: int) -> Difference:
    """Test the paired differences of ``values`` and ``others``, one of several comparisons (Bonferroni's t test)."""
    mean, error = estimate(values - others, test_share)
    return _judged(mean, error, len(values), comparisons, len(values) - 1)


def shift(excess: Array, folds: int) -> Difference:
    """Test the mean excess of predictions over targets by one t test.

    The held-out rows of one split are disjoint, so that the error needs no correction for shared training rows; repeats
    hold the same rows again and add no degrees of freedom.
    """
    mean, error = float(excess.mean()), float(excess.std(ddof=1) / np.sqrt(folds))
    return _judged(mean, error, len(excess), 1, folds - 1)


def _judged(mean: float, error: float, pairs: int, comparisons: int, freedom: int) -> Difference:
    level = 1 - (1 - CONFIDENCE) / (2 * max(comparisons, 1))
    return Difference(mean, error, float(stats.t.ppf(level, freedom)) * error, pairs >= FEWEST_PAIRS)
