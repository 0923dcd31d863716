"""Special functions as numbers with derivatives: of the gamma function, the normal distribution, Bessel functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from mpmath import mp

from oracle.exact import ZERO, Jet, exp, jet, log

__all__ = ["SPECIAL"]

FAR = mp.mpf(10) ** 60  # beyond it, the first term of an asymptotic form has all digits that anybody looks at


def psi(order: int, x: Any) -> Any:
    """The derivatives of digamma."""
    return _psi(order, x, mp.prec)


@cache
def _psi(order: int, x: Any, _precision: int) -> Any:
    if x == 0:
        return mp.ninf if order % 2 == 0 else mp.inf
    if abs(x) < FAR:
        return mp.psi(order, x)
    return mp.log(x) if order == 0 else (-1) ** (order + 1) * mp.factorial(order - 1) / x**order


@cache
def _log_gamma(x: Any, _precision: int) -> Any:
    if x < 0:
        return mp.nan  # beside the domain
    return mp.loggamma(x) if 0 < x < FAR else x * (mp.log(x) - 1) if x else mp.inf


def log_gamma(a: Jet) -> Jet:
    return _through(a, _log_gamma(a.value, mp.prec), lambda: psi(0, a.value), lambda: psi(1, a.value))


def _through(a: Jet, value: Any, slope: Callable[[], Any], curve: Callable[[], Any]) -> Jet:
    """The chain rule; derivatives, which take long, are computed of what moves only."""
    return a.through(value, slope(), curve()) if a.slope or a.curve else Jet(value)


def polygamma(order: int) -> Callable[[Jet], Jet]:
    return lambda a: _through(a, psi(order, a.value), lambda: psi(order + 1, a.value), lambda: psi(order + 2, a.value))


digamma, trigamma = polygamma(0), polygamma(1)


def log_rising(a: Jet, n: Jet) -> Jet:
    return log_gamma(a + n) - log_gamma(a) if a.value < FAR else n * log(a)


def normal_density(a: Jet) -> Jet:
    return exp(-(a * a) / 2) / jet(mp.sqrt(2 * mp.pi))


def erf(a: Jet) -> Jet:
    slope = normal_density(Jet(a.value * mp.sqrt(2))).value * 2 * mp.sqrt(2)
    value = mp.erf(a.value) if abs(a.value) < FAR else mp.sign(a.value)
    return a.through(value, slope, -2 * a.value * slope)


def _log_normal_cdf(x: Any) -> Any:
    if abs(x) > 1e30:
        return -x * x / 2 if x < 0 else ZERO
    return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2) if x < 0 else mp.log1p(-mp.erfc(x / mp.sqrt(2)) / 2)


def _inverse_mills(x: Any) -> Any:
    if abs(x) > 1e30:
        return -x - 1 / x if x < 0 else ZERO
    return mp.npdf(x) / (mp.erfc(-x / mp.sqrt(2)) / 2)


def log_normal_cdf(a: Jet) -> Jet:
    ratio = _inverse_mills(a.value)
    return a.through(_log_normal_cdf(a.value), ratio, -ratio * (a.value + ratio))


def inverse_mills(a: Jet) -> Jet:
    ratio = _inverse_mills(a.value)
    slope = -ratio * (a.value + ratio)
    return a.through(ratio, slope, -slope * (a.value + 2 * ratio) - ratio)


def _bessel_ratios(k: Any) -> tuple[Any, Any, Any, Any]:
    """I1 / I0 and its first three derivatives, at k ≥ 0."""
    if k == 0:
        return ZERO, mp.mpf(0.5), ZERO, mp.mpf(-3) / 8
    ratio = mp.besseli(1, k) / mp.besseli(0, k) if k < FAR else 1 - 1 / (2 * k)
    slope = 1 - ratio**2 - ratio / k if k < FAR else 1 / (2 * k * k)
    curve = -2 * ratio * slope - slope / k + ratio / k**2 if k < FAR else -1 / k**3
    third = -2 * slope**2 - 2 * ratio * curve - curve / k + 2 * slope / k**2 - 2 * ratio / k**3
    return ratio, slope, curve, third if k < FAR else 3 / k**4


def log_bessel_i0(a: Jet) -> Jet:
    ratio, slope, _, _ = _bessel_ratios(abs(a.value))
    return a.through(log_bessel(abs(a.value)), mp.sign(a.value) * ratio, slope)


def log_bessel(k: Any) -> Any:
    return mp.log(mp.besseli(0, k)) if k < FAR else k - mp.log(2 * mp.pi * k) / 2


def log_scaled_bessel_i0(a: Jet) -> Jet:
    ratio, slope, _, _ = _bessel_ratios(a.value)
    value = log_bessel(a.value) - a.value if a.value < FAR else -mp.log(2 * mp.pi * a.value) / 2
    return a.through(value, ratio - 1, slope)


def bessel_ratio(a: Jet) -> Jet:
    ratio, slope, curve, _ = _bessel_ratios(abs(a.value))
    return a.through(mp.sign(a.value) * ratio, slope, mp.sign(a.value) * curve)


def bessel_ratio_slope(a: Jet) -> Jet:
    _, slope, curve, third = _bessel_ratios(abs(a.value))
    return a.through(slope, mp.sign(a.value) * curve, third)


SPECIAL: dict[str, Callable[..., Jet]] = {
    "log_gamma": log_gamma,
    "log_factorial": lambda a: log_gamma(a + 1),
    "digamma": digamma,
    "trigamma": trigamma,
    "expm1_gap": lambda a: exp(a) - 1 - a,
    "expm1_gap_near": lambda a: exp(a) - 1 - a,
    "log1p_gap": lambda a: log(1 + a) - a,
    "log_rising": log_rising,
    "log_rising_ratio": lambda a, n: log_rising(a, n) - n * log(a),
    "trigamma_gap": lambda a, n: trigamma(a + n) - trigamma(a),
    "rising_slope": lambda a, n: digamma(a + n) - digamma(a),
    "rising_ratio_slope": lambda a, n: digamma(a + n) - digamma(a) - n / a,
    "normal_density": normal_density,
    "erf": erf,
    "log_normal_cdf": log_normal_cdf,
    "inverse_mills": inverse_mills,
    "mean_size": lambda a, b: a * erf(a / (b * jet(mp.sqrt(2)))) + 2 * b * normal_density(a / b),
    "mills_slope": lambda a: inverse_mills(a) * (a + inverse_mills(a)),
    "log_bessel_i0": log_bessel_i0,
    "log_scaled_bessel_i0": log_scaled_bessel_i0,
    "bessel_ratio": bessel_ratio,
    "bessel_ratio_gap": lambda a: 1 - bessel_ratio(a),
    "bessel_ratio_slope": bessel_ratio_slope,
}
