"""Likelihoods of durations, angles and shares."""

from __future__ import annotations

from typing import Any

from mpmath import mp

from oracle.exact import HUGE, SATURATES, Jet, exp, jet, log
from oracle.special import log_gamma, log_rising, log_scaled_bessel_i0, psi
from oracle.textbook.common import Terms, half_log_two_pi, of_small_terms, rounded

__all__ = ["beta_nll", "von_mises_nll", "weibull_nll"]

FROM, NEAR = 4.3, 0.6  # concentrations, and how far the shares may be from their means, of a sum of small terms


def weibull_nll(scale: Jet, target: Jet, shape: Jet, observed: Jet, *, constant: Jet) -> Terms:
    """The ratio is rounded, and so many times the rounding of the power."""
    ratio = log(target) - log(scale)
    age = shape * ratio
    if age.value > SATURATES:  # beyond the exponentials here
        return [age.through(HUGE, HUGE, HUGE)]
    risen = exp(age) if age.value > -SATURATES else age.through(0, 0, 0)
    gain = [-observed * log(shape), -observed * (shape * ratio), constant * observed * log(target)]
    return [risen, *gain, *(rounded(shape * risen) if shape.value < HUGE else [])]


def von_mises_nll(prediction: Jet, target: Jet, concentration: Jet, *, constant: Jet) -> Terms:
    """log I₀ less the concentration, and the rest of that, none of which is a difference of large numbers.

    The difference of the angles is rounded. An infinite angle has no cosine.
    """
    turn, spread = prediction - target, log_scaled_bessel_i0(concentration)
    if abs(turn.value) > HUGE / 2:
        return [Jet(mp.nan, mp.nan, spread.curve if concentration.slope else mp.nan)]
    sine, cosine = mp.sin(turn.value), mp.cos(turn.value)
    rise, wave = turn.through(1 - cosine, sine, cosine), turn.through(sine, cosine, -sine)
    rest = [spread, constant * jet(mp.log(2 * mp.pi))]
    return [concentration * rise, *rest, *rounded(concentration * turn * wave)]


def beta_nll(alpha: Jet, target: Jet, beta: Jet, *, constant: Jet) -> Terms:
    """The sum of the concentrations is rounded, which counts where log Γ of it is small.

    Of a share near its mean, the value is a sum of small terms, in which the means are rounded.
    """
    large, small = (alpha, beta) if beta < alpha else (beta, alpha)
    of_target = [-(alpha - constant) * log(target), -(beta - constant) * log(1 - target)]
    both = alpha.value + beta.value
    of_sum = rounded(Jet(psi(0, both) * both)) if large.value < 8 and both > 0 else []
    terms = [log_gamma(small), -log_rising(large, small), *of_target, *of_sum]
    misses = _misses(alpha.value, beta.value, target.value) if FROM < small.value < SATURATES else []
    if not misses or max(map(abs, misses)) > NEAR:
        return terms
    return of_small_terms(terms, half_log_two_pi().value, alpha.value * misses[0], beta.value * misses[1])


def _misses(alpha: Any, beta: Any, target: Any) -> list[Any]:
    """How far the shares are from their means, relatively."""
    means = alpha / (alpha + beta), beta / (alpha + beta)
    return [share / mean - 1 for share, mean in zip((target, 1 - target), means, strict=True)]
