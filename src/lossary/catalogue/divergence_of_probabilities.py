"""Divergences of two rows of probabilities beside KL(target ‖ prediction), most of them bounded."""

from __future__ import annotations

import math
from typing import Annotated

from lossary.catalogue.registry import row
from lossary.domains import Distribution, Interval
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    absolute,
    equal,
    log,
    log1p,
    nonnegative,
    sqrt,
    square,
    total,
    weighted,
    where,
    with_slopes,
    written_as,
)

Skew = Annotated[Value, Interval(0.0, 1.0, includes_low=False)]
TINY = 1e-30  # a quotient that may have lost digits in float32
CSISZAR = (
    "Csiszár (1967), Information-type measures of difference of probability distributions, Studia Sci. Math. Hung. 2"
)


@row(
    task="divergence",
    fits=("multiclass",),
    references=(
        "Lin (1991), Divergence measures based on the Shannon entropy, IEEE Transactions on Information Theory 37(1)",
        "Agarwal et al. (2024), On-policy distillation of language models, ICLR, arXiv:2306.13649 (skew)",
    ),
)
def jensen_shannon(probability: Distribution, target: Distribution, *, skew: Skew = 0.5) -> Value:
    """The Jensen–Shannon divergence: how far two distributions are from their mixture.

        skew · Σ_c t_c log(t_c / m_c) + (1 − skew) · Σ_c p_c log(p_c / m_c)
        with m = skew · t + (1 − skew) · p and p = probability

    Each row has one loss, in nats; it is 0 for equal rows and at most the entropy of the skew, log 2 by default. It is
    finite for classes that only one of the rows has. With a skew of ½ it is symmetric, and its root is a metric. A
    class that the target has, and the prediction does not, has an infinite slope: where a softmax underflows to 0, as
    it may in float16, the gradient in its logits is NaN.

    Use it when two distributions should be alike, and neither has every class of the other.

    Args:
        probability: Rows that sum to 1.
        target: Rows that sum to 1; or integer labels 0 to K − 1.
        skew: Share of the target in the mixture; in (0, 1]. With 1 the loss is 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.jensen_shannon([[0.5, 0.5]], [[1.0, 0.0]]))  # ½ log 4/3 + ¼ log 2/3 + ¼ log 2
        0.215762

    Identities: as the skew goes to 0, the loss divided by it goes to ``kl_divergence``.

    Elsewhere: ``skew`` is the ``beta`` of TRL (read in 1.16.0) and Liger-Kernel (read in 0.8.5), which take logits and
    log-probabilities, and jump to the two KL divergences for beta = 0 and 1. kornia (read in 0.9.0) has ½ only.
    """
    p, t, s = as_node(probability), as_node(target), as_node(skew)
    m, gap, other = (1.0 - s) * p + s * t, t - p, 1.0 - s
    of_p = _log_of_share(p, -(s * gap), m, -log1p(-s))
    of_t = _log_of_share(t, other * gap, m, -log(s))
    none = equal(m, 0.0)
    across = where(none, 0.0, -(s * other) / m)
    by_s_of_p, by_s_of_t = -(of_p + where(none, -1.0, other * gap / m)), of_t - where(none, 1.0, s * gap / m)
    slope_p = with_slopes(
        weighted(other, of_p), p, weighted(s * other, weighted(t, 1.0 / p / m)), t, across, s, by_s_of_p
    )
    slope_t = with_slopes(weighted(s, of_t), p, across, t, weighted(s * other, weighted(p, 1.0 / t / m)), s, by_s_of_t)
    slope_s = with_slopes(
        weighted(t, of_t) - weighted(p, of_p) - gap, p, by_s_of_p, t, by_s_of_t, s, -weighted(gap, gap / m)
    )
    each = weighted(s, weighted(t, of_t)) + weighted(other, weighted(p, of_p))
    shown = skew * weighted(t, log(t / m)) + (1.0 - skew) * weighted(p, log(p / m))
    return nonnegative(total(written_as(shown, with_slopes(each, p, slope_p, t, slope_t, s, slope_s))))


def _log_of_share(a: Node, gap: Node, mixture: Node, alone: Node) -> Node:
    """Return log(a / mixture), given a − mixture; ``alone`` where both are 0."""
    near, none = absolute(gap) < 0.5 * mixture, equal(mixture, 0.0)
    ratio = a / where(none, 1.0, mixture)
    apart = where(ratio < TINY, log(a) - log(mixture), log(ratio))
    return where(near, log1p(where(near, gap, 0.0) / where(near, mixture, 1.0)), where(none, alone, apart))


@row(
    task="divergence",
    fits=("multiclass",),
    aliases=("tvd",),
    references=(CSISZAR, "Wen et al. (2023), f-divergence minimization for knowledge distillation, ACL"),
)
def total_variation_distance(probability: Distribution, target: Distribution) -> Value:
    """The total variation distance: the share of the probability that is in the wrong place.

        ½ Σ_c |probability_c − t_c|

    Each row has one loss, from 0 to 1: the largest difference between the probabilities that two distributions give to
    any set of classes. Its slope is ½ or −½ for each class, however far off that is, and 0 where they are equal.

    Use it when the share of probability in the wrong place counts, whatever the classes.

    Args:
        probability: Rows that sum to 1.
        target: Rows that sum to 1; or integer labels 0 to K − 1.

    Example:
        >>> import lossary as ls
        >>> float(ls.total_variation_distance([[0.25, 0.75]], [[1.0, 0.0]]))
        0.75

    Identities: half the sum of ``absolute_error`` over the classes.
    """
    return total(0.5 * absolute(probability - target))


@row(
    task="divergence",
    fits=("multiclass",),
    references=("Hellinger (1909), Neue Begründung der Theorie quadratischer Formen, J. reine angew. Math. 136",),
)
def squared_hellinger(probability: Distribution, target: Distribution) -> Value:
    """The squared Hellinger distance: half the squared distance of the roots of the probabilities.

        ½ Σ_c (√probability_c − √t_c)² = 1 − Σ_c √(probability_c t_c)

    Each row has one loss, from 0 to 1; it is 0 for equal rows, and 1 for rows without a common class. Its root is a
    metric. A class that the target has, and the prediction does not, has an infinite slope: where a softmax underflows
    to 0, as it may in float16, the gradient in its logits is NaN.

    Use it when two distributions should be alike, and rare classes count more than their share.

    Args:
        probability: Rows that sum to 1.
        target: Rows that sum to 1; or integer labels 0 to K − 1.

    Example:
        >>> import lossary as ls
        >>> float(ls.squared_hellinger([[0.25, 0.75]], [[1.0, 0.0]]))  # 1 − √¼
        0.5

    Identities: ``total_variation_distance`` lies between it and √2 times its root.
    """
    p, t = as_node(probability), as_node(target)
    value = with_slopes(0.5 * square(_root_gap(p, t)), p, _of_root(p, t), t, _of_root(t, p))
    return total(written_as(0.5 * square(sqrt(p) - sqrt(t)), value))


def _root_gap(a: Node, b: Node) -> Node:
    """Return √a − √b, without cancellation."""
    roots = sqrt(a) + sqrt(b)
    return (a - b) / where(equal(roots, 0.0), 1.0, roots)


def _of_root(a: Node, b: Node) -> Node:
    """Return ½ (1 − √(b / a)), the slope of ½ (√a − √b)² in a; ½ where b is 0."""
    none = equal(b, 0.0)
    ratio = where(none, 0.0, sqrt(b / a))
    across = -0.25 * where(none, where(equal(a, 0.0), 0.0, math.inf), ratio / where(none, 1.0, b))
    slope = where(none, 0.5, 0.5 * _root_gap(a, b) / sqrt(a))
    return with_slopes(slope, a, 0.25 * where(none, 0.0, ratio / a), b, across)


@row(
    task="divergence",
    fits=("multiclass",),
    references=("Pearson (1900), On the criterion that a given system of deviations …, Philosophical Magazine 50",),
)
def chi_squared(probability: Distribution, target: Distribution) -> Value:
    """Pearson's χ² divergence of a target from a predicted distribution.

        Σ_c (t_c − probability_c)² / probability_c

    Each row has one loss; it is never negative, 0 for equal rows, and has no upper bound. With probability 0 and a
    target above 0, the loss is infinite; a class with neither adds 0.

    Use it when a class that the prediction makes too rare should cost more than by ``kl_divergence``.

    Args:
        probability: Rows that sum to 1.
        target: Rows that sum to 1; or integer labels 0 to K − 1.

    Example:
        >>> import lossary as ls
        >>> float(ls.chi_squared([[0.25, 0.75]], [[1.0, 0.0]]))  # (¾)² / ¼ + ¾
        3.0

    Identities: for rows that are nearly equal it is twice ``kl_divergence``, which is never larger.
    """
    p, t = as_node(probability), as_node(target)
    none = equal(t, 0.0)
    ratio, apart = where(none, 0.0, t / p), where(none, -1.0, (t - p) / p)
    bend, across = 2.0 * where(none, 0.0, ratio * (ratio / p)), -2.0 * where(none, 0.0, ratio / p)
    slope = with_slopes(-(apart * (1.0 + ratio)), p, bend, t, across)
    by_target = with_slopes(where(equal(p, 0.0), math.inf, 2.0 * apart), p, across, t, 2.0 / p)
    return total(written_as(square(t - p) / p, with_slopes(apart * (t - p), p, slope, t, by_target)))
