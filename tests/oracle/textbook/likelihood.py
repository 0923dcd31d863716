"""Likelihoods and scores of continuous distributions."""

from __future__ import annotations

from mpmath import mp

from oracle.exact import HUGE, Jet, jet, log
from oracle.special import erf, log_gamma, normal_density
from oracle.textbook.common import Terms, half_log_two_pi, of_small_terms, rounded

__all__ = ["gamma_nll", "gaussian_crps", "laplace_nll", "log_normal_nll", "student_t_nll"]


def laplace_nll(prediction: Jet, target: Jet, scale: Jet, *, constant: Jet) -> Terms:
    return [log(scale), abs(prediction - target) / scale, constant * jet(mp.log(2))]


def student_t_nll(prediction: Jet, target: Jet, scale: Jet, *, degrees: Jet, constant: Jet) -> Terms:
    error = (prediction - target) / scale
    rest = [-log_gamma((degrees + 1) / 2), log_gamma(degrees / 2), log(degrees * jet(mp.pi)) / 2]
    square, share = error * error, (degrees + 1) / 2
    slope = square.slope / (degrees + square).value
    terms = [log(scale), share * log(1 + square / degrees), *(constant * term for term in rest)]
    return terms + rounded(Jet(mp.mpf(0), mp.mpf(0), share.value * slope * slope))


def log_normal_nll(log_median: Jet, target: Jet, scale: Jet, *, constant: Jet) -> Terms:
    error = (log(target) - log_median) / scale
    terms = [log(scale), error * error / 2, constant * log(target), constant * half_log_two_pi()]
    return terms + rounded(error / scale * log(target))


def gamma_nll(mean: Jet, target: Jet, *, shape: Jet, constant: Jet) -> Terms:
    rest = [log_gamma(shape), -shape * log(shape), -(shape - 1) * log(target)]
    terms = [shape * log(mean), shape * target / mean, *(constant * term for term in rest)]
    if constant.value != 1 or not 0.5 < target.value / mean.value < 2:
        return terms
    miss = (target / mean).value - 1
    return of_small_terms(
        terms, (log_gamma(shape) - shape * log(shape) + shape).value, shape.value * miss * miss, log(target).value
    )


def gaussian_crps(prediction: Jet, target: Jet, deviation: Jet) -> Terms:
    error = prediction - target
    if abs(error.value) > HUGE / 2:  # beyond the exponentials here
        return [abs(error), -deviation / jet(mp.sqrt(mp.pi))]
    by_error = error * erf(error / (deviation * jet(mp.sqrt(2))))
    return [by_error, 2 * deviation * normal_density(error / deviation), -deviation / jet(mp.sqrt(mp.pi))]
