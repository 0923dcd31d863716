"""Divergences of normal distributions."""

from __future__ import annotations

from oracle.exact import SATURATES, Jet, exp, jet
from oracle.textbook.common import Terms, rounded

__all__ = ["gaussian_kl_divergence", "standard_normal_kl"]


def excess(gap: Jet) -> Terms:
    """½ (exp(gap) − 1 − gap); the larger part of a gap beyond 1 is a term of its own."""
    if abs(gap.value) < 1:
        return [(exp(gap) - 1 - gap) / 2]
    if SATURATES < gap.value:
        return [exp(gap) / 2]
    return [(exp(gap) - 1) / 2, -gap / 2]


def gaussian_kl_divergence(mean: Jet, log_variance: Jet, target_mean: Jet, target_log_variance: Jet) -> Terms:
    """The differences are rounded, and their square by twice as much."""
    gap, error = target_log_variance - log_variance, mean - target_mean
    size = jet(abs(gap.value) if abs(gap.value) < SATURATES else 0)
    squared = error * error * exp(-log_variance)
    return [*excess(gap), squared / 2, *rounded((exp(gap) - 1) * size / 2), *rounded(squared)]


def standard_normal_kl(mean: Jet, log_variance: Jet) -> Terms:
    return [mean * mean / 2, *excess(log_variance)]
