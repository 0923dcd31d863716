"""Losses of counts."""

from __future__ import annotations

from oracle.exact import HUGE, SATURATES, ZERO, Jet, exp, jet, log
from oracle.special import log_gamma, psi
from oracle.textbook.common import Terms, rounded

__all__ = ["log_poisson", "negative_binomial", "poisson", "zero_inflated_poisson"]


def _log_factorial(number: Jet, factor: Jet) -> Jet:
    return factor * log_gamma(number + 1) if factor.value else jet(0)


def poisson(rate: Jet, target: Jet, *, constant: Jet) -> Terms:
    """With the constant, the value of a large target is a sum of small terms: their distance, in which u is rounded."""
    terms = [rate, -target * log(rate), _log_factorial(target, constant)]
    if constant.value != 1 or not 4.25 < target.value < SATURATES or not 0.5 < rate.value / target.value < 2:
        return terms
    u = (log(rate) - log(target)).value
    distance = rate.value - target.value * (1 + u)
    near = [
        jet(distance),
        jet(sum((term.value for term in terms), ZERO) - distance),
        *rounded(jet(u * (rate.value - target.value))),
    ]
    return [*near, *(Jet(ZERO, term.slope, term.curve) for term in terms)]


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
