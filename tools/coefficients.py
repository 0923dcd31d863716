"""Write symbolic/words/coefficients.py: `python -m tools.coefficients` fits polynomials and quotients of two.

Each approximates a function on an interval by interpolation: at Chebyshev's nodes, or at nodes that are denser towards
a singularity to the left of the interval. The largest relative error is printed beside each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mpmath import mp

PATH = Path(__file__).parent.parent / "src" / "lossary" / "symbolic" / "words" / "coefficients.py"
DIGITS = 60
Function = Callable[[Any], Any]


class Fit(NamedTuple):
    """A function to approximate; ``whole`` is the number to whose size the error is compared."""

    name: str
    what: str
    function: Function
    low: Any
    high: Any
    degrees: tuple[int, int]
    whole: Function
    singular: Any = None  # the place of a singularity below the interval


def nodes(fit: Fit, count: int) -> list[Any]:
    """Return places in the interval."""
    steps = [(1 + mp.cos(mp.pi * (2 * k + 1) / (2 * count))) / 2 for k in range(count)]
    low, high = mp.mpf(fit.low), mp.mpf(fit.high)
    if fit.singular is None:
        return [low + (high - low) * step for step in steps]
    pole = mp.mpf(fit.singular)
    return [pole + (low - pole) * ((high - pole) / (low - pole)) ** step for step in steps]


def quotient(fit: Fit) -> tuple[list[Any], list[Any]]:
    """Return the coefficients of numerator and denominator, lowest power first; the denominator begins with 1."""
    above, below = fit.degrees
    places = nodes(fit, above + below + 1)
    rows = []
    for x in places:
        y = fit.function(x)
        rows.append([x**j for j in range(above + 1)] + [-y * x**j for j in range(1, below + 1)])
    solved = list(mp.lu_solve(mp.matrix(rows), mp.matrix([fit.function(x) for x in places])))
    return solved[: above + 1], [mp.mpf(1), *solved[above + 1 :]]


def polynomial(terms: Sequence[Any], x: Any) -> Any:
    """Return the value of a polynomial, lowest power first."""
    value = mp.mpf(0)
    for term in reversed(terms):
        value = value * x + term
    return value


def error(fit: Fit, above: Sequence[Any], below: Sequence[Any]) -> Any:
    """Return the largest error, as a part of ``whole``."""
    return max(
        abs((polynomial(above, x) / polynomial(below, x) - fit.function(x)) / fit.whole(x))
        for x in nodes(fit, 5 * (len(above) + len(below)))
    )


def text(fit: Fit) -> str:
    """Print the table of a fit."""
    above, below = quotient(fit)
    comment = f"# {fit.what}; {mp.nstr(error(fit, above, below), 2)}\n"
    if len(below) == 1:
        return f"{comment}{fit.name} = {_tuple(above)}  # fmt: skip\n"
    return f"{comment}{fit.name} = ({_tuple(above)}, {_tuple(below)})  # fmt: skip\n"


def _tuple(terms: Sequence[Any]) -> str:
    numbers = [repr(float(term)) for term in terms]
    lines = [", ".join(numbers[k : k + 4]) for k in range(0, len(numbers), 4)]
    return "(\n    " + ",\n    ".join(lines) + ",\n)"


# --- the functions -------------------------------------------------------------------------------------------------

NEAR = "4.25"  # to the right, the asymptotic forms of the gamma function and its derivatives are exact enough
MILLS_NEAR, BESSEL_NEAR, GAP_NEAR = 6, 16, 20


def _zero_of_digamma() -> Any:
    return mp.findroot(mp.digamma, mp.mpf("1.4616321449683623413"))


def _log_gamma(x: Any) -> Any:
    if x in (1, 2):
        return -mp.digamma(1) if x == 1 else mp.digamma(2)
    return mp.loggamma(x) / ((x - 1) * (x - 2))


def _digamma(x: Any) -> Any:
    return mp.digamma(x) / (x - _zero_of_digamma())


def _stirling(u: Any) -> Any:
    x = 1 / mp.sqrt(u)
    return x * (mp.loggamma(x) - (x - 0.5) * mp.log(x) + x - mp.log(2 * mp.pi) / 2)


def _stirling_slope(u: Any) -> Any:
    x = 1 / mp.sqrt(u)
    return x * x * (mp.log(x) - 1 / (2 * x) - mp.digamma(x))


def _trigamma(x: Any) -> Any:
    return x**3 * (mp.psi(1, x) - 1 / x - 1 / (2 * x * x))


def _excess(u: Any) -> Any:
    """E of phi(u) / (1 - Phi(u)) = u + 1 / (u + E)."""
    with mp.workdps(2 * DIGITS):
        return 1 / (mp.npdf(u) / (mp.erfc(u / mp.sqrt(2)) / 2) - u) - u


def _bessel(order: int, k: Any) -> Any:
    return mp.besseli(order, k) * mp.exp(-k)


def _log_bessel(u: Any) -> Any:
    return mp.log(mp.besseli(0, mp.sqrt(u))) / u


def _bessel_gap(u: Any) -> Any:
    """G of I1(k) / I0(k) = k / (1/2 + sqrt(k² + G))."""
    k = mp.sqrt(u)
    return (k * _bessel(0, k) / _bessel(1, k) - 0.5) ** 2 - u


def _one(_: Any) -> int:
    return 1


def log_gamma_pivot(x: Any) -> Any:
    return 0.84375 / (x + 0.859375) + 0.125


def digamma_pivot(x: Any) -> Any:
    return 1.359375 / (x + 0.25) + 0.171875


FITS = (
    Fit(
        "LOG_GAMMA", "log_gamma(x) / ((x - 1) (x - 2)) - 0.84375 / (x + 0.859375) - 0.125 for 0.5 <= x <= 4.25",
        lambda x: _log_gamma(x) - log_gamma_pivot(x), "0.5", NEAR, (9, 9), _log_gamma, 0,
    ),
    Fit(
        "STIRLING", "x (log_gamma(x) - (x - 1/2) log x + x - 1/2 log(2 pi)) in powers of 1 / x², for x >= 4.25",
        _stirling, "1e-20", 1 / mp.mpf(NEAR) ** 2, (8, 0), _one,
    ),
    Fit(
        "DIGAMMA", "digamma(x) / (x - its zero) - 1.359375 / (x + 0.25) - 0.171875 for 0.5 <= x <= 4.25",
        lambda x: _digamma(x) - digamma_pivot(x), "0.5", NEAR, (8, 8), _digamma, 0,
    ),
    Fit(
        "DIGAMMA_FAR", "x² (log x - 1 / (2 x) - digamma(x)) in powers of 1 / x², for x >= 4.25",
        _stirling_slope, "1e-20", 1 / mp.mpf(NEAR) ** 2, (10, 0), _one,
    ),
    Fit(
        "TRIGAMMA", "x³ (trigamma(x) - 1 / x - 1 / (2 x²)) for 0.5 <= x <= 4.25",
        _trigamma, "0.5", NEAR, (8, 8), _trigamma, 0,
    ),
    Fit(
        "TRIGAMMA_FAR", "the same in powers of 1 / x², for x >= 4.25",
        lambda u: _trigamma(1 / mp.sqrt(u)), "1e-20", 1 / mp.mpf(NEAR) ** 2, (9, 0), _one,
    ),
    Fit(
        "LOG1P_GAP", "(log(1 + x) - x) / x² + 1 / (2 + 4/3 x) for 0 <= x <= 2",
        lambda x: (mp.log(1 + x) - x) / x**2 + 1 / (2 + 4 * x / mp.mpf(3)), "1e-9", 2, (7, 7), _one, -1,
    ),
    Fit(
        "ERF", "erf(x) / x in powers of x², for |x| <= 1",
        lambda u: mp.erf(mp.sqrt(u)) / mp.sqrt(u), "1e-30", 1, (11, 0), _one,
    ),
    Fit(
        "MILLS", "E of phi(u) / (1 - Phi(u)) = u + 1 / (u + E), less 2 / (u + 1.59375), for 0 <= u <= 6",
        lambda u: _excess(u) - 2 / (u + mp.mpf("1.59375")), 0, MILLS_NEAR, (9, 10), _excess,
    ),
    Fit(
        "MILLS_FAR", "u E in powers of 1 / u², for u >= 6",
        lambda w: _excess(1 / mp.sqrt(w)) / mp.sqrt(w), "1e-10", mp.mpf(1) / MILLS_NEAR**2, (5, 5), _one,
    ),
    Fit(
        "LOG_BESSEL", "1 / (sqrt(k² + 4) + 2) - log(I0(k)) / k² in powers of k², for 0 <= k <= 16",
        lambda u: 1 / (mp.sqrt(u + 4) + 2) - _log_bessel(u), "1e-9", BESSEL_NEAR**2, (12, 13), _log_bessel, -4,
    ),
    Fit(
        "LOG_BESSEL_FAR", "k (log(I0(k)) - k + 1/2 log(2 pi k)) in powers of 1 / k, for k >= 16",
        lambda w: (mp.log(_bessel(0, 1 / w)) + mp.log(2 * mp.pi / w) / 2) / w, "1e-9", mp.mpf(1) / BESSEL_NEAR,
        (10, 0), _one,
    ),
    Fit(
        "BESSEL_GAP",
        "G of I1(k) / I0(k) = k / (1/2 + sqrt(k² + G)), less 0.765625 + 6.625 / (k² + 4.375), for k <= 20",
        lambda u: _bessel_gap(u) - 0.765625 - 6.625 / (u + 4.375), "1e-9", GAP_NEAR**2, (13, 13), _bessel_gap, -8,
    ),
    Fit(
        "BESSEL_GAP_FAR", "k (G - 3/4) in powers of 1 / k, for k >= 20",
        lambda w: (_bessel_gap(1 / w**2) - 0.75) / w, "1e-6", mp.mpf(1) / GAP_NEAR, (12, 0), lambda w: 0.5 / w,
    ),
)  # fmt: skip

HEAD = '''"""Coefficients of the special functions, lowest power first: written by tools/coefficients.py.

A quotient is a pair: its numerator, its denominator. The comments give the largest error of each fit.
"""

from __future__ import annotations

'''


def main() -> None:
    """Write the module."""
    mp.dps = DIGITS
    zero = _zero_of_digamma()
    high = float(mp.ldexp(mp.nint(mp.ldexp(zero, 22)), -22))
    zeros = f"DIGAMMA_ZERO = ({high!r}, {float(zero - high)!r})  # a number of 24 bits, and the rest\n"
    PATH.write_text(HEAD + "".join([zeros, *map(text, FITS)]), encoding="utf-8")


if __name__ == "__main__":
    main()
