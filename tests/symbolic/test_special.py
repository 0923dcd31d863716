"""Special functions against mpmath: within 4 ulp of the result, or of the largest term where it is a difference."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import lossary
from fuzz.engines import bodies
from lossary.symbolic.codegen import build
from lossary.symbolic.graph import symbol, walk
from lossary.symbolic.words.conditions import where
from lossary.symbolic.words.polynomials import polynomial
from lossary.symbolic.words.word import WORDS
from oracle.exact import Exact, Jet, jet
from oracle.special import SPECIAL, log_gamma, psi
from oracle.ulps import error

BOUND = 4
DTYPES = [np.float32, np.float64]
# Beside zeros, and where the way to the result changes.
PLACES = (0.5, 1.0, 1.4616321449683623, 2.0, 4.25, 6.0, 8.0, 16.0, 20.0, 40.0)
OF_BOTH_SIGNS = {
    "erf", "normal_density", "log_normal_cdf", "inverse_mills", "mills_slope", "log_bessel_i0", "bessel_ratio",
    "bessel_ratio_slope", "expm1_gap_near",
}  # fmt: skip
# Second derivatives, whose few digits are lost to the squares of rounded ratios.
SECOND = {"mills_slope": 6, "bessel_ratio_slope": 6}
OF_TWO = ("mean_size", "log_rising", "log_rising_ratio", "rising_slope", "rising_ratio_slope", "trigamma_gap")


def numbers(word: str, dtype: Any, rng: np.random.Generator, size: int) -> Any:
    near = [place + rng.uniform(-1, 1, size) * place * 10.0 ** rng.uniform(-5, -1, size) for place in PLACES]
    found = np.concatenate([10.0 ** rng.uniform(-30, 30, size), 10.0 ** rng.uniform(-2, 2, 6 * size), *near])
    return (found * (rng.choice([-1.0, 1.0], len(found)) if word in OF_BOTH_SIGNS else 1.0)).astype(dtype)


def columns(word: str, dtype: Any, size: int = 20) -> list[Any]:
    rng = np.random.default_rng(3)
    first = numbers(word, dtype, rng, size)
    if word == "mills_slope":
        first = first[(-1e6 < first) & (first < 12.0)]  # there it has all digits: the density is not subnormal
    if word == "expm1_gap_near":
        first = first[abs(first) < 1.0]
    if word not in OF_TWO:
        return [first]
    first = first[first < 1e12]
    counts = np.where(
        rng.random(len(first)) < 0.5, rng.integers(1, 30, len(first)), 10.0 ** rng.uniform(-1, 12, len(first))
    )
    return [first, counts.astype(dtype)]


def terms(word: str, *numbers: Any) -> list[Any]:
    """The terms of a difference, where it is one; a sum a + n that is rounded is as good as a term."""
    if word not in OF_TWO or word == "mean_size":
        return []
    a, n = (jet(x) for x in numbers)
    order = 1 if word == "trigamma_gap" else 0
    difference = {"log_rising": log_gamma, "log_rising_ratio": log_gamma}.get(word, lambda x: Jet(psi(order, x.value)))
    ratio = {"log_rising_ratio": n.value * mp.log(a.value), "rising_ratio_slope": n.value / a.value}.get(word, 0)
    small = [difference(a + n).value, difference(a).value, ratio, 1] if a.value < 4.25 else []
    shared = n.value**2 / a.value if n.value <= 2 * a.value else n.value * mp.log1p(n.value / a.value)
    return small + {"log_rising_ratio": [shared], "rising_ratio_slope": [shared / a.value, n.value / a.value**2]}.get(
        word, []
    )


def worst(word: str, values: Any, given: list[Any], dtype: Any) -> tuple[float, Any]:
    found: tuple[float, Any] = (-1.0, None)
    for computed, *place in zip(values, *given, strict=True):
        exact_place = [mp.mpf(float(x)) for x in place]
        exact = SPECIAL[word](*map(jet, exact_place)).value
        size = max(abs(exact), *map(abs, terms(word, *exact_place)), mp.mpf(0))
        found = max(found, (error(computed, Exact(exact, size), dtype), [float(x) for x in place]), key=lambda x: x[0])
    return found


@pytest.fixture(autouse=True)
def many_digits() -> None:
    mp.prec = 320


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: str(dtype.__name__))
@pytest.mark.parametrize("word", SPECIAL)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_in_numpy(word: str, dtype: Any) -> None:
    given = columns(word, dtype)
    symbols = tuple(symbol(name) for name in "an"[: len(given)])
    (values,) = build((WORDS[word](*symbols),), symbols, "numpy")(*given)
    assert values.dtype == dtype
    ulps, place = worst(word, values, given, dtype)
    assert ulps <= SECOND.get(word, BOUND), (word, place, ulps)


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: str(dtype.__name__))
@pytest.mark.parametrize("word", SPECIAL)
def test_in_kernels(word: str, dtype: Any) -> None:
    given = columns(word, dtype, size=8)
    one: Callable[..., Any] = lambda prediction, target: WORDS[word](prediction) + 0.0 * target  # noqa: E731
    two: Callable[..., Any] = lambda prediction, target: WORDS[word](prediction, target)  # noqa: E731
    with bodies(compiled=True):
        values = lossary.pointwise(two if word in OF_TWO else one)(
            given[0], given[1] if word in OF_TWO else np.zeros_like(given[0]), reduction="none"
        )
    ulps, place = worst(word, values, given, dtype)
    assert ulps <= SECOND.get(word, BOUND), (word, place, ulps)


LIMITS = {
    "log_gamma": {0.0: math.inf, 1.0: 0.0, 2.0: 0.0, math.inf: math.inf},
    "digamma": {0.0: -math.inf, math.inf: math.inf},
    "trigamma": {0.0: math.inf, math.inf: 0.0},
    "erf": {-math.inf: -1.0, 0.0: 0.0, math.inf: 1.0},
    "normal_density": {-math.inf: 0.0, math.inf: 0.0},
    "log_normal_cdf": {-math.inf: -math.inf, math.inf: 0.0},
    "inverse_mills": {-math.inf: math.inf, math.inf: 0.0},
    "mills_slope": {math.inf: 0.0},
    "log_bessel_i0": {-math.inf: math.inf, 0.0: 0.0, math.inf: math.inf},
    "log_scaled_bessel_i0": {0.0: 0.0, math.inf: -math.inf},
    "bessel_ratio": {0.0: 0.0},
    "bessel_ratio_gap": {0.0: 1.0, math.inf: 0.0},
    "bessel_ratio_slope": {0.0: 0.5, math.inf: 0.0},
}


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: str(dtype.__name__))
@pytest.mark.parametrize("word", LIMITS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_limits(word: str, dtype: Any) -> None:
    a = symbol("a")
    given = np.array([*LIMITS[word], math.nan], dtype)
    (values,) = build((WORDS[word](a),), (a,), "numpy")(given)
    np.testing.assert_array_equal(values, np.array([*LIMITS[word].values(), math.nan], dtype))


def test_a_select_and_a_factor_are_taken_out_of_a_polynomial() -> None:
    """Else each power of it would have a select and a product more."""
    a = symbol("a")
    node = polynomial([3.0, 5.0, 7.0, 11.0], where(a < 1.0, -(0.5 * a), 0.0))
    assert sum(part.word == "where" for part in walk(node)) == 1
    assert sum(part.word == "multiply" for part in walk(node)) == 3
    (values,) = build((node,), (a,), "numpy")(np.array([-2.0, 0.0, 0.5, 4.0]))
    np.testing.assert_allclose(values, [26.0, 3.0, 2.015625, 3.0], rtol=1e-15)
