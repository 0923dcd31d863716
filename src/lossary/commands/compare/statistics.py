"""Means over folds, and differences between losses, with errors that know that folds share their training rows."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

__all__ = ["FEWEST_PAIRS", "Difference", "Estimate", "difference", "estimate", "shift"]

# How sure a difference must be, all that are tested taken together.
CONFIDENCE = 0.95
# Of fewer paired differences a t test says little: their spread is known too badly.
FEWEST_PAIRS = 5
Array = NDArray[Any]


class Estimate(NamedTuple):
    """A mean over the held-out folds and its standard error."""

    mean: float
    error: float


class Difference(NamedTuple):
    """A mean of paired differences, its standard error, and the margin that chance explains, if pairs are enough."""

    mean: float
    error: float
    margin: float
    enough: bool

    @property
    def distinct(self) -> bool:
        """Whether it is greater than chance explains."""
        return self.enough and self.mean > self.margin

    @property
    def reversed(self) -> bool:
        """Whether it is less than 0 by more than chance explains."""
        return self.enough and -self.mean > self.margin


def estimate(values: Array, test_share: float) -> Estimate:
    """The mean over folds and its corrected resampled standard error (Nadeau & Bengio, 2003).

    The folds' training rows overlap, so that their results are alike and s²/J is too small a variance; with a test set
    of n₂ rows against n₁ for training it is (1/J + n₂/n₁)·s².
    """
    spread = 1 / len(values) + test_share / (1 - test_share)
    return Estimate(float(values.mean()), float(np.sqrt(spread * values.var(ddof=1))))


def difference(values: Array, others: Array, test_share: float, comparisons: int) -> Difference:
    """How much ``values`` exceed ``others``, pair by pair; one of several comparisons (Bonferroni's t test)."""
    mean, error = estimate(values - others, test_share)
    return _judged(mean, error, len(values), comparisons, len(values) - 1)


def shift(excess: Array, folds: int) -> Difference:
    """The mean excess of predictions over targets, by one t test.

    No two folds of a split share rows, so that the training rows' overlap does not matter; further splits have the
    same rows again, so that they do not count.
    """
    mean, error = float(excess.mean()), float(excess.std(ddof=1) / np.sqrt(folds))
    return _judged(mean, error, len(excess), 1, folds - 1)


def _judged(mean: float, error: float, pairs: int, comparisons: int, freedom: int) -> Difference:
    level = 1 - (1 - CONFIDENCE) / (2 * max(comparisons, 1))
    return Difference(mean, error, float(stats.t.ppf(level, freedom)) * error, pairs >= FEWEST_PAIRS)
