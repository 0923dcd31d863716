"""Deviances."""

from __future__ import annotations

from oracle.exact import HUGE, Jet, exp, log
from oracle.textbook.common import Terms

__all__ = ["generalized_kl_divergence", "tweedie_deviance"]

ROUNDED = {"tweedie_deviance": 1.5}  # nearly a square of the logarithm of a quotient


def _power(x: Jet, n: Jet) -> Jet:
    return exp(n * log(x)) if x.value or x.slope else x if n.value else x + 1


def tweedie_deviance(mean: Jet, target: Jet, *, power: Jet) -> Terms:
    """The integral itself, which is ≥ 0; of an infinite mean it is infinite."""
    a, b, ratio = 2 - power, power - 1, target / mean
    if mean.value == HUGE and b.value:
        return [mean.through(HUGE, 0, 0)]
    if not b.value:
        return [2 * (mean - target - (target * (log(mean) - log(target)) if target.value else target))]
    if not a.value:
        return [2 * (ratio - 1 + log(mean) - log(target))]
    return [2 * (_power(mean, a) / a + target * _power(mean, -b) / b - _power(target, a) / (a * b))]


def generalized_kl_divergence(prediction: Jet, target: Jet) -> Terms:
    """Which is ≥ 0, and no difference of its terms."""
    rest = prediction - target
    return [target * (log(target) - log(prediction)) + rest if target.value else rest]
