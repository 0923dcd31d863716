"""Robust losses."""

from __future__ import annotations

from mpmath import mp

from lossary.catalogue import robust
from lossary.catalogue.record import Record
from oracle.exact import SATURATES, Jet, exp, jet, log
from oracle.textbook.common import Terms

__all__ = ["cauchy", "charbonnier", "geman_mcclure", "general_robust", "tukey_biweight", "welsch", "wing"]

OF_RESIDUALS = {name: 0 for name, known in vars(robust).items() if isinstance(known, Record)} | {"general_robust": 64}


def root(x: Jet) -> Jet:
    value = mp.sqrt(x.value)
    return x.through(value, 1 / (2 * value), -1 / (4 * value**3))


def charbonnier(prediction: Jet, target: Jet, *, scale: Jet) -> Terms:
    error = prediction - target
    return [root(error * error + scale * scale)]


def cauchy(prediction: Jet, target: Jet, *, scale: Jet) -> Terms:
    error = (prediction - target) / scale
    return [log(1 + error * error / 2)]


def welsch(prediction: Jet, target: Jet, *, scale: Jet) -> Terms:
    error = (prediction - target) / scale
    return [1 - exp(-error * error / 2) if abs(error) < SATURATES else jet(1)]


def geman_mcclure(prediction: Jet, target: Jet, *, scale: Jet) -> Terms:
    square = (prediction - target) * (prediction - target) / (scale * scale)
    return [2 * square / (square + 4)]


def tukey_biweight(prediction: Jet, target: Jet, *, scale: Jet) -> Terms:
    square = (prediction - target) * (prediction - target) / (scale * scale)
    rest = 1 - square if square < 1 else jet(0)
    return [scale * scale / 6 * (1 - rest * rest * rest)]


def general_robust(prediction: Jet, target: Jet, *, alpha: Jet, scale: Jet) -> Terms:
    """Equation 8 of Barron (2019)."""
    square = (prediction - target) * (prediction - target) / (scale * scale)
    if alpha.value < -SATURATES:
        return welsch(prediction, target, scale=scale)
    if alpha.value in (0, 2):
        return [square / 2 if alpha.value else log(square / 2 + 1)]
    distance, exponent = abs(alpha.value - 2), alpha.value / 2
    base = square / distance + 1
    value = mp.sqrt(base.value) if exponent == 0.5 else mp.power(base.value, exponent)  # which takes long
    slope = exponent * value / base.value
    power = base.through(value, slope, (exponent - 1) * slope / base.value)
    return [distance / alpha.value * (power - 1)]


def wing(prediction: Jet, target: Jet, *, width: Jet, curvature: Jet) -> Terms:
    error = abs(prediction - target)
    if error < width:
        return [width * log(1 + error / curvature)]
    return [error, -width, width * log(1 + width / curvature)]
