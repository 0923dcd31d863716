"""Rényi's family of divergences of two rows of probabilities."""

from __future__ import annotations

import math

from lossary.catalogue.moments import moment
from lossary.catalogue.registry import row
from lossary.domains import Distribution, Positive
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    absolute,
    computed_as,
    equal,
    exp,
    expm1,
    fixed,
    greatest,
    log,
    log1p,
    log_ratio,
    nonnegative,
    power,
    product,
    square,
    total,
    weighted,
    where,
    with_slopes,
    written_as,
)

CLOSE = 0.25  # a logarithm of a quotient that is more exact than the quotient
LARGE = 80.0  # a logarithm whose exponential is a float32, and 1 is nothing beside it


@row(
    task="divergence",
    fits=("multiclass",),
    aliases=("renyi",),
    references=(
        "Rényi (1961), On measures of entropy and information, Proc. 4th Berkeley Symposium 1, 547–561",
        "van Erven & Harremoës (2014), Rényi divergence and Kullback–Leibler divergence, IEEE Trans. Inf. Theory 60(7)",
    ),
)
def renyi_divergence(probability: Distribution, target: Distribution, *, alpha: Positive = 0.5) -> Value:
    """Rényi's divergence of order alpha, D(target ‖ prediction): the Kullback–Leibler divergence with an order.

        log(Σ_c t_c^alpha probability_c^(1 − alpha)) / (alpha − 1)

    and its limit ``kl_divergence`` for alpha = 1, through which it is exact and differentiable in alpha, too. Each row
    has one loss, in nats; it is never negative, 0 for equal rows, and rises with alpha. A class with target 0 adds 0. A
    class that the target has, and the prediction does not, has an infinite slope, and from alpha = 1 on an infinite
    loss: where a softmax underflows to 0, as it may in float16, the gradient in its logits is NaN.

    Use it when you want to tune how much a class counts that the prediction makes too rare.

    Args:
        probability: Rows that sum to 1.
        target: Rows that sum to 1; or integer labels 0 to K − 1.
        alpha: The order; > 0. The larger it is, the more a class costs whose probability is below its target.

    Example:
        >>> import lossary as ls
        >>> p, t = [[0.25, 0.75]], [[0.5, 0.5]]
        >>> [float(ls.renyi_divergence(p, t, alpha=alpha)) for alpha in (0.5, 1.0, 2.0)]
        [0.069336, 0.143841, 0.287682]

    Identities: for labels it is ``categorical_cross_entropy``, whatever alpha is. With alpha = ½ it is
    −2 log(1 − ``squared_hellinger``), twice the Bhattacharyya distance, and symmetric; with alpha = 2,
    log(1 + ``chi_squared``). Tsallis' divergence of order alpha is (exp((alpha − 1) D) − 1) / (alpha − 1) of it, and
    Amari's alpha-divergence that by alpha. Its limits, log max_c t_c / probability_c for alpha = ∞ and
    −log Σ_{c: t_c > 0} probability_c for 0, are no choices of alpha here.

    Elsewhere: the target comes first in D(target ‖ prediction), as in ``kl_divergence``; PyTorch 2.13.0, Keras 3.15.1
    and optax 0.2.8 have no divergence of an order.
    """
    p, t, a = as_node(probability), as_node(target), as_node(alpha)
    shown = log(total(power(t, a) * power(p, 1.0 - a))) / (a - 1.0)
    return nonnegative(written_as(shown, _Renyi(p, t, a).value))


class _Renyi:
    """The divergence of order 1 + s, D = log(S) / s with S = 1 + Σ (t r^s − t) and r = t / p, and its slopes.

    By that sum they tend to those of ``kl_divergence`` as s tends to 0. They are made of r^s / S, which is a number
    where r^s may overflow: there, both are divided by the largest r^s.
    """

    def __init__(self, p: Node, t: Node, alpha: Node) -> None:
        self.p, self.t, self.alpha, self.s = p, t, alpha, alpha - 1.0
        self.none, self.is_0, self.at_1 = equal(t, 0.0), equal(p, 0.0), equal(alpha, 1.0)
        some, self.others = where(self.none, 1.0, t), where(self.none, 1.0, p)
        self.ratio, self.logarithm = some / self.others, log_ratio(some, self.others)
        self.raised = product(self.s, self.logarithm)  # log r^s
        self.divisor = where(self.at_1, 1.0, self.s)
        self.top = greatest(self.logarithm)
        self.is_far = product(self.s, self.top) > LARGE
        # Whether r^s falls to 0 as a target does; else it rises without bound.
        self.falls = where(self.is_0, alpha, 1.0) < where(self.is_0, 1.0, alpha)
        self._set_powers()
        self.number = self._number()
        self.value = self._sloped(self._sloped(self.number))  # in its slopes is the divergence, which has slopes, too

    def _set_powers(self) -> None:
        """Set r^s, r^alpha and what both are divided by, the sum S."""
        by_alpha = self.alpha < 0.5  # where s is rounded, and r^s is r^alpha / r
        order = where(by_alpha, self.alpha, self.s)
        largest = where(self.is_far, greatest(self.ratio), 1.0)
        relative = where(equal(self.ratio, largest), 1.0, self.ratio / largest)
        is_close = (absolute(self.logarithm) < CLOSE) & ~self.is_far  # else a large power magnifies the rounding of r
        risen = where(is_close, exp(product(order, self.logarithm)), power(relative, order))
        self.power = where(by_alpha, where(self.is_0, 0.0, risen / relative), risen)
        terms = where(by_alpha, weighted(self.others, risen), self.t * risen)  # of a tiny t, r^s might overflow
        self.whole = total(where(self.none, 0.0, terms))
        self.steep = where(by_alpha, risen, self.ratio * risen)

    def _number(self) -> Node:
        """Return log(S) / s, by the change of S from 1 where that is exact; at 1 the mean of log r."""
        change = total(weighted(self.t, expm1(self.raised)))
        is_close = (-0.5 < change) & ~self.is_far
        logarithm = where(is_close, log1p(change), log(self.whole)) / self.divisor
        mean = total(weighted(self.t, self.logarithm))
        return where(self.at_1, mean, where(self.is_far, self.top, 0.0) + logarithm)

    def _sloped(self, divergence: Node) -> Node:
        """Return the number with its slopes, in which the divergence changes as the one given."""
        apart, inverse = self.logarithm - divergence, 1.0 / self.whole
        share = self._changing(product(self.power, inverse), self.s, apart, divergence)  # r^s / S
        steep = self._by_probability(where(self.is_0, math.inf, product(self.steep, inverse)), share, apart, divergence)
        unit = self._changing(where(self.is_far, 0.0, inverse), 0.0, -divergence, divergence)  # 1 / S
        by_t, by_alpha = self._by_target(share, unit), self._by_order(apart, share, unit, divergence)
        slopes = self.p, -where(self.none, 0.0, steep), self.t, by_t, self.alpha, by_alpha
        return computed_as(total(with_slopes(weighted(self.t, self.number), *slopes)), self.number)

    def _changing(self, number: Node, order: Node | float, apart: Node, divergence: Node) -> Node:
        """Return r^order / S, given as a number, with its slopes."""
        of_order = self.logarithm, product(order, number), self.alpha, product(number, apart)
        return with_slopes(number, *of_order, divergence, -product(self.s, number))

    def _by_probability(self, steep: Node, share: Node, apart: Node, divergence: Node) -> Node:
        """Return r^alpha / S with its slopes, made of r^s / S, as it may be less than any number where they are not."""
        by_t = product(self.alpha, share / self.others)
        of_sum = -product(where(self.is_0 & (1.0 <= self.alpha), 0.0, self.s), steep)
        of_both = self.p, -(by_t * self.ratio), self.t, by_t
        return with_slopes(steep, *of_both, self.alpha, product(steep, apart), divergence, of_sum)

    def _by_target(self, share: Node, unit: Node) -> Node:
        """Return (r^s + (r^s − 1) / s) / S, and its limit for a target of 0."""
        near = absolute(self.raised) < 1.0
        rise = product(self.alpha, self.logarithm * moment(where(near, self.raised, 0.0), 1.0))
        far = (product(self.alpha, share) - unit) / self.divisor
        at_0 = where(self.falls, -1.0 / self.divisor, where(self.is_0, math.inf, -math.inf))
        risen = where(self.none, at_0, 1.0 + rise)
        return where(self.none | near, product(unit, risen), far)

    def _by_order(self, apart: Node, share: Node, unit: Node, divergence: Node) -> Node:
        """Return pieces of the slope in alpha, t ((x − 1) exp(x) + 1) / s² with x = log(r^s / S).

        A target adds to the sum of targets, too, which is 1: hence its slope ((1 + z) / S − 1) / s² with z = log S.
        """
        x, z = product(self.s, apart), product(self.s, divergence)
        piece = self._series(apart, x, product(x - 1.0, share) + 1.0)
        of_sum = self._series(divergence, -z, 1.0 - product(1.0 + z, unit))
        at_0 = where(self.falls, 1.0 / square(self.divisor), math.inf)
        return weighted(self.t, where(self.none, at_0, piece)) - weighted(self.t - fixed(self.t), of_sum)

    def _series(self, number: Node, x: Node, gap: Node) -> Node:
        """Return ((x − 1) exp(x) + 1) / s² with x = s · number, and the gap its numerator."""
        near = absolute(x) < 1.0
        small = square(where(near, number, 0.0)) * moment(where(near, x, 0.0), 2.0)
        return where(near, small, gap / square(self.divisor))
