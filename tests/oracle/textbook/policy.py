"""Losses of policies and of predicted returns."""

from __future__ import annotations

from oracle.exact import Jet, exp
from oracle.textbook.common import Terms, rounded
from oracle.textbook.preference import size_of

__all__ = ["clipped_surrogate", "clipped_value", "policy_gradient"]


def policy_gradient(log_probability: Jet, advantage: Jet) -> Terms:
    return [-advantage * log_probability]


def clipped_surrogate(new: Jet, old: Jet, advantage: Jet, *, low: Jet, high: Jet) -> Terms:
    """At a corner, a ratio that equals its limit is not clipped."""
    ratio = exp(new - old)
    limited = 1 + high if 1 + high < ratio else 1 - low if ratio < 1 - low else ratio
    terms = [-advantage * ratio, -advantage * limited]
    loss = terms[0] if terms[1] <= terms[0] else terms[1]
    return [loss, *rounded(loss * size_of(new - old))] if loss is terms[0] else [loss]


def clipped_value(prediction: Jet, target: Jet, old: Jet, *, clip: Jet) -> Terms:
    error = prediction - target
    if not clip < abs(prediction - old):
        return [error * error / 2]
    bound = old - clip if prediction < old else old + clip
    limited = bound - target
    if abs(limited) <= abs(error):
        return [error * error / 2]
    return [limited * limited / 2, *rounded(limited * size_of(old - target, clip))]
