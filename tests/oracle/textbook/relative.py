"""Losses of relative errors."""

from __future__ import annotations

from oracle.exact import HUGE, Jet, jet, log
from oracle.textbook.common import Terms, rounded

__all__ = ["absolute_percentage_error", "squared_logarithmic_error", "symmetric_absolute_percentage_error"]


def absolute_percentage_error(prediction: Jet, target: Jet) -> Terms:
    return [abs(prediction - target) / abs(target)]


def symmetric_absolute_percentage_error(prediction: Jet, target: Jet) -> Terms:
    if abs(prediction.value) > HUGE / 2:
        return [jet(2)]
    return [2 * abs(prediction - target) / (abs(prediction) + abs(target))]


def squared_logarithmic_error(prediction: Jet, target: Jet) -> Terms:
    """Of logarithms that are far apart, the square multiplied out, so that the largest term is seen.

    Its second derivative is a difference, of 1 and the logarithms'.
    """
    p, t = log(1 + prediction), log(1 + target)
    is_near = abs((p - t).value) < 0.4
    terms = [(p - t) * (p - t)] if is_near else [p * p, -2 * p * t, t * t]
    return terms + rounded(2 * (p - t) * Jet((p - t).value))
