"""Losses of counts."""

from __future__ import annotations

from oracle.exact import HUGE, Jet, exp, jet, log
from oracle.special import log_gamma, psi
from oracle.textbook.common import Terms, rounded

__all__ = ["log_poisson", "negative_binomial", "poisson", "zero_inflated_poisson"]


def _log_factorial(number: Jet, factor: Jet) -> Jet:
    return factor * log_gamma(number + 1) if factor.value else jet(0)


def poisson(rate: Jet, target: Jet, *, constant: Jet) -> Terms:
    return [rate, -target * log(rate), _log_factorial(target, constant)]


def log_poisson(log_rate: Jet, target: Jet, *, constant: Jet) -> Terms:
    if log_rate.value == HUGE:  # beyond the exponentials here
        return [log_rate.through(HUGE, HUGE, HUGE)]
    return [exp(log_rate), -target * log_rate, _log_factorial(target, constant)]


def negative_binomial(mean: Jet, target: Jet, shape: Jet, *, constant: Jet) -> Terms:
    if shape.value == HUGE:
        return poisson(mean, target, constant=constant)
    of_target = [target * log(mean + shape), -target * log(mean), -log_gamma(shape + target), log_gamma(shape)]
    both = shape.value + target.value
    of_sum = rounded(Jet(psi(0, both) * both)) if shape.value < 8 and both else []
    return [shape * log(1 + mean / shape), *of_target, *of_sum, _log_factorial(target, constant)]


def zero_inflated_poisson(rate: Jet, target: Jet, zero_logit: Jet, *, constant: Jet) -> Terms:
    odds = exp(zero_logit)
    if target.value == 0:
        return [log(1 + odds) - log(odds + exp(-rate))]
    return [log(1 + odds), *poisson(rate, target, constant=constant)]
