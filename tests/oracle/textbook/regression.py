"""Losses of the error."""

from __future__ import annotations

from oracle.exact import Jet, exp, log
from oracle.textbook.common import Terms, half_log_two_pi

__all__ = ["absolute_error", "gaussian_nll", "huber", "log_cosh", "smooth_l1", "squared_error"]


def squared_error(prediction: Jet, target: Jet) -> Terms:
    error = prediction - target
    return [error * error]


def absolute_error(prediction: Jet, target: Jet) -> Terms:
    return [abs(prediction - target)]


def huber(prediction: Jet, target: Jet, *, delta: Jet) -> Terms:
    error = prediction - target
    return [error * error / 2 if abs(error) <= delta else delta * abs(error) - delta * delta / 2]


def smooth_l1(prediction: Jet, target: Jet, *, beta: Jet) -> Terms:
    error = prediction - target
    return [error * error / (2 * beta) if abs(error) < beta else abs(error) - beta / 2]


def log_cosh(prediction: Jet, target: Jet) -> Terms:
    """Of differences from ½ on, |e| less what tends to log 2."""
    error = prediction - target
    if abs(error) < 0.5:
        return [log((exp(error) + exp(-error)) / 2)]
    return [abs(error), log((1 + exp(-2 * abs(error))) / 2)]


def gaussian_nll(prediction: Jet, target: Jet, variance: Jet, *, constant: Jet) -> Terms:
    error = prediction - target
    return [log(variance) / 2, error * error / (2 * variance), constant * half_log_two_pi()]
