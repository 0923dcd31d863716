"""Deviances: twice how much less likely a target is than by a perfect prediction."""

from __future__ import annotations

import math
from typing import Annotated

from lossary.catalogue.moments import moment
from lossary.catalogue.registry import pointwise
from lossary.domains import Interval, NonNegative, Positive
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    absolute,
    equal,
    exp,
    expm1,
    expm1_gap,
    expm1_gap_near,
    log,
    log_ratio,
    product,
    square,
    where,
    with_slopes,
    written_as,
)
from lossary.vocabulary import power as raised

Power = Annotated[Value, Interval(1.0, 2.0)]


@pointwise(
    task="distribution",
    fits=("regression",),
    references=(
        "Tweedie (1984), An index which distinguishes between some important exponential families, ISI Conference",
        "Jørgensen (1987), Exponential dispersion models, JRSS B 49(2), 127–162",
    ),
)
def tweedie_deviance(mean: Positive, target: NonNegative, *, power: Power = 1.5) -> Value:
    """The deviance of Tweedie's distributions, of amounts that may be 0: between those of Poisson and gamma.

        2 · ∫ (m − target) / m^power dm from target to mean
        = 2 · (mean^(2−power) / (2−power) + target · mean^(1−power) / (power−1)
               − target^(2−power) / ((power−1) (2−power)))

    It is ≥ 0, and 0 where mean and target are equal. The variance of the distribution is proportional to mean^power.
    The mean that fits a sample best is the sample's, whatever the power. It is exact at a power of 1, where it is the
    deviance of counts, at 2, where it is that of the gamma distribution and infinite for a target of 0, and close to
    them; and where mean and target are nearly equal.

    Use it when targets are positive amounts of which many are exactly 0: claims, rainfall, sales.

    Args:
        mean: Expected targets, > 0.
        target: Finite numbers ≥ 0.
        power: How the variance grows with the mean; in [1, 2].

    Example:
        >>> import lossary as ls
        >>> ls.tweedie_deviance([4.0, 1.0], [1.0, 0.0], reduction="none").tolist()  # 2 · (4 + 1 − 4), and 2 · 2
        [2.0, 4.0]

    Identities: with a power of 1 it is 2 · (``poisson`` − that of a perfect prediction), with 2 the same of
    ``gamma_nll``. Half of it has the slopes of the negative log-likelihood.

    Elsewhere: it is scikit-learn's ``mean_tweedie_deviance``, whose power is 0 by default, the squared error. That
    divides by (1 − power) (2 − power): 0.377930 instead of 0.378140 for a mean of 3, a target of 2 and a power of
    1 + 1e-12 in 1.9.1, and less than 0 for nearly equal numbers. ``TweedieRegressor`` and ``HalfTweedieLossIdentity``
    take half of it; ``HalfTweedieLoss`` takes the mean's logarithm and leaves out what depends on the target only.
    """
    m, y, p = as_node(mean), as_node(target), as_node(power)
    a, b = 2.0 - p, p - 1.0
    textbook = 2.0 * (raised(m, a) / a + y * raised(m, 1.0 - p) / b - raised(y, a) / (a * b))
    return written_as(textbook, 2.0 * _Half(m, y, a, b).value)


class _Half:
    """Half the deviance, H = ∫ (t − y) t^(a − 2) dt from y to m, and its slopes; a + b = 1."""

    def __init__(self, m: Node, y: Node, a: Node, b: Node) -> None:
        self.m, self.y, self.a, self.b = m, y, a, b
        self.apart = log_ratio(m, y)
        self.size, self.is_above = absolute(self.apart), y <= m
        self.falling = raised(m, -b)  # m^(1 − power)
        self.of_m, self.of_y = raised(m, a), raised(y, a)
        ratio, steep = y / m, self.falling / m
        reach = where(self.falling < math.inf, product(y, self.falling), product(ratio, self.of_m))
        number = self._gap(a, self.apart, self.of_m) + self._gap(b, -self.apart, reach)
        by_power, gap = -self._logarithmic(number, 1), where(m < math.inf, (m - y) / m, 1.0)
        slope = product(gap, self.falling)
        bend = product(steep, (2.0 - a) * ratio - b)
        slope = with_slopes(slope, m, bend, y, -steep, b, -product(slope, log(m)))
        by_power = with_slopes(
            by_power, m, -product(slope, log(m)), y, self._by_target_and_power(), b, self._logarithmic(number, 2)
        )
        by_target = with_slopes(-self._by_target(), m, -steep, y, raised(y, -b) / y, b, self._by_target_and_power())
        self.value = with_slopes(number, m, slope, y, by_target, b, by_power)

    def _gap(self, c: Node, w: Node, reach: Node) -> Node:
        """Return y^a (exp(c w) − 1 − c w) / c, given y^a exp(c w): a part of H, which is ≥ 0."""
        x, divisor = product(c, w), where(equal(c, 0.0), 1.0, c)
        is_near = absolute(x) < 1.0
        near = product(self.of_y, expm1_gap_near(where(is_near, x, 0.0)) / divisor)
        far = where(reach < math.inf, reach - product(self.of_y, 1.0 + x), reach)
        return where(is_near, near, far / divisor)

    def _moment(self, c: Node, n: int) -> Node:
        """Return ∫ w^n exp(−c w) dw from 0 to |log(m / y)|."""
        w, x = self.size, product(c, self.size)
        near, divisor = x < 1.0, where(x < 1.0, 1.0, c)
        fall = exp(-x)
        ends = (-expm1(-x), 1.0 - product(fall, 1.0 + x), 2.0 - product(fall, 2.0 + x * (2.0 + x)))[n]
        powers = (w, square(w), square(w) * w)[n]
        series = product(powers, moment(-where(near, x, 0.0), n + 1.0))
        return where(near, series, ends / (divisor, square(divisor), square(divisor) * divisor)[n])

    def _reflected(self, c: Node, n: int) -> Node:
        """Return ∫ w^n exp(−c (v − w)) dw from 0 to v = |log(m / y)|."""
        w, whole, first = self.size, self._moment(c, 0), self._moment(c, 1)
        once = product(w, whole) - first
        return once if n == 1 else product(square(w), whole) - 2.0 * product(w, first) + self._moment(c, 2)

    def _logarithmic(self, half: Node, n: int) -> Node:
        """Return ∫ (t − y) t^(a − 2) (log t)^n dt from y to m, from the side of the larger of the two."""
        fall, rise = exp(-product(self.a, self.size)), exp(product(self.b, self.size))
        above = [self._moment(self.a, k) - product(fall, self._reflected(self.b, k)) for k in (1, 2)]
        below = [product(rise, self._reflected(self.b, k)) - self._moment(self.a, k) for k in (1, 2)]
        end = log(where(self.is_above, self.m, self.y))
        unit = where(self.is_above, self.of_m, self.of_y)
        first, second = (product(unit, where(self.is_above, *pair)) for pair in zip(above, below, strict=True))
        if n == 1:
            return product(end, half) - first
        return product(square(end), half) - 2.0 * product(end, first) + second

    def _by_target(self) -> Node:
        """Return ∫ t^(−power) dt from y to m."""
        x = -product(self.b, self.apart)
        none = equal(self.b, 0.0)
        divisor = where(none, 1.0, self.b)
        risen = raised(self.y, -self.b)
        near = where(none, self.apart, -product(risen, expm1(where(x < 1.0, x, 0.0))) / divisor)
        return where(x < 1.0, near, (risen - self.falling) / divisor)

    def _by_target_and_power(self) -> Node:
        """Return ∫ t^(−power) log t dt from y to m."""
        end = where(self.is_above, self.y, self.m)
        risen = raised(end, -self.b)
        whole = product(risen, product(log(end), self._moment(self.b, 0)) + self._moment(self.b, 1))
        return where(self.is_above, whole, -whole)


@pointwise(
    task="divergence",
    aliases=("i_divergence", "generalized_kullback_leibler"),
    references=(
        "Bregman (1967), The relaxation method of finding the common point of convex sets, USSR Comput. Math. 7(3)",
        "Lee & Seung (2000), Algorithms for non-negative matrix factorization, NIPS",
    ),
)
def generalized_kl_divergence(prediction: NonNegative, target: NonNegative) -> Value:
    """The Kullback–Leibler divergence of numbers ≥ 0 that need not sum to 1: the I-divergence.

        target · log(target / prediction) − target + prediction

    It is ≥ 0, and 0 where both are equal. Where a target is 0 it is the prediction; where only the prediction is 0 it
    is infinite. It is exact where both are nearly equal.

    Use it when amounts are compared, as in a factorization or a spectrum, and zeros shall be predicted as such.

    Args:
        prediction: Numbers ≥ 0.
        target: Finite numbers ≥ 0.

    Example:
        >>> import lossary as ls
        >>> ls.generalized_kl_divergence([1.0, 2.0], [1.0, 0.0], reduction="none").tolist()
        [0.0, 2.0]

    Identities: half of ``tweedie_deviance(power=1)``; ``poisson`` less that of a perfect prediction. Summed over rows
    that sum to 1 it is ``kl_divergence``.

    Elsewhere: optax's ``generalized_kl_divergence`` takes the prediction's logarithm and sums over an axis.
    """
    p, t = as_node(prediction), as_node(target)
    apart = log_ratio(t, p)
    near, is_near = product(t, expm1_gap(-apart)), -1.0 < apart
    far = where(p < math.inf, p - product(t, 1.0 - apart), p)
    none = equal(t, 0.0)
    ratio = where(none, 0.0, t / p)
    gap = where(none | equal(p, math.inf), 1.0, (p - t) / p)
    slope = with_slopes(gap, p, where(none, 0.0, ratio / p), t, -1.0 / p)
    by_target = with_slopes(apart, p, -1.0 / p, t, 1.0 / t)
    value = with_slopes(where(is_near, near, far), p, slope, t, by_target)
    return written_as(t * log(t / p) - t + p, value)
