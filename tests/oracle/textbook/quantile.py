"""Losses for quantiles, expectiles and tubes."""

from __future__ import annotations

from oracle.exact import Jet
from oracle.textbook.common import NOTHING, Terms
from oracle.textbook.regression import huber

__all__ = ["epsilon_insensitive", "expectile", "pinball", "quantile_huber", "squared_epsilon_insensitive"]


def pinball(prediction: Jet, target: Jet, *, level: Jet) -> Terms:
    error = target - prediction
    if error.value == 0:
        return [NOTHING]
    return [level * error if 0 < error.value else (level - 1) * error]


def of_side(prediction: Jet, target: Jet, level: Jet) -> Jet:
    return 1 - level if target < prediction else level


def quantile_huber(prediction: Jet, target: Jet, *, level: Jet, delta: Jet) -> Terms:
    (huber_loss,) = huber(prediction, target, delta=delta)
    return [of_side(prediction, target, level) * huber_loss / delta]


def expectile(prediction: Jet, target: Jet, *, level: Jet) -> Terms:
    error = prediction - target
    return [of_side(prediction, target, level) * error * error]


def epsilon_insensitive(prediction: Jet, target: Jet, *, epsilon: Jet) -> Terms:
    """A difference; at the edge of the tube the slope is the mean of both sides'."""
    size = abs(prediction - target)
    if size.value == epsilon.value:
        return [(size - epsilon) / 2]
    return [size, -epsilon] if epsilon < size else [NOTHING]


def squared_epsilon_insensitive(prediction: Jet, target: Jet, *, epsilon: Jet) -> Terms:
    """The difference multiplied out, so that the largest term is seen."""
    size = abs(prediction - target)
    return [size * size, -2 * epsilon * size, epsilon * epsilon] if epsilon < size else [NOTHING]
