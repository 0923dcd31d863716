"""Losses of counts."""

from __future__ import annotations

from mpmath import mp

from oracle.exact import HUGE, SATURATES, Jet, exp, jet, log
from oracle.special import log_gamma, psi
from oracle.textbook.common import Terms, of_small_terms, rounded

__all__ = ["log_poisson", "negative_binomial", "poisson", "zero_inflated_poisson"]


def _log_factorial(number: Jet, factor: Jet) -> Jet:
    return factor * log_gamma(number + 1) if factor.value else jet(0)


def _is_near(mean: Jet, target: Jet, constant: Jet) -> bool:
    """Whether the value is one of small terms: with the constant, of a large target that is near the mean."""
    is_large = 4.25 < target.value < SATURATES
    return bool(constant.value == 1 and is_large and 0.5 < mean.value / target.value < 2)


def poisson(rate: Jet, target: Jet, *, constant: Jet) -> Terms:
    terms = [rate, -target * log(rate), _log_factorial(target, constant)]
    if not _is_near(rate, target, constant):
        return terms
    gap = rate.value - target.value
    return of_small_terms(terms, gap * mp.log(rate.value / target.value))


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
    terms = [shape * log(1 + mean / shape), *of_target, *of_sum, _log_factorial(target, constant)]
    if not _is_near(mean, target, constant):
        return terms
    ratio = (mean.value + shape.value) / both
    of_shape = (log_gamma(shape) + shape - shape * log(shape)).value
    return of_small_terms(terms, shape.value * mp.log(ratio), of_shape, mp.log(target.value), mp.log(both))


def zero_inflated_poisson(rate: Jet, target: Jet, zero_logit: Jet, *, constant: Jet) -> Terms:
    odds = exp(zero_logit)
    if target.value == 0:
        return [log(1 + odds) - log(odds + exp(-rate))]
    return [log(1 + odds), *poisson(rate, target, constant=constant)]
