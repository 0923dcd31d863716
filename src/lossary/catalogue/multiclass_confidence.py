"""Multiclass losses that count a row by how probable its class is: focal, poly-1, cross-entropies for noise, Brier."""

from __future__ import annotations

import math
from typing import Annotated

from lossary.catalogue.moments import moment
from lossary.catalogue.registry import row, softmax
from lossary.domains import Distribution, Interval, NonNegative, Probability, Real, Share
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    absolute,
    equal,
    exp_fraction,
    expm1,
    is_finite,
    log,
    log1p,
    log_softmax,
    maximum,
    other_softmax,
    power,
    product,
    square,
    total,
    weighted,
    where,
    with_slopes,
    written_as,
)
from lossary.vocabulary import softmax as softmax_of

NotPositive = Annotated[Value, Interval(high=0.0)]
SMALL = 1e-37  # a probability that has lost digits in float32
NEARLY_NONE = 1e-30  # an exponent whose exponential is 1, but that has all digits in float32
ZHANG = "Zhang & Sabuncu (2018), Generalized cross entropy loss for noisy labels, NeurIPS, arXiv:1805.07836"
LENG = "Leng et al. (2022), PolyLoss, ICLR, arXiv:2204.12511"
LIN = "Lin et al. (2017), Focal loss for dense object detection, ICCV, arXiv:1708.02002"


@softmax(
    task="multiclass",
    counterpart="categorical_focal",
    references=(LIN,),
)
def softmax_focal(logits: Real, target: Distribution, *, gamma: NonNegative = 2.0) -> Value:
    """Softmax cross-entropy times a power of the probability of all other classes.

        Σ_c t_c (1 − p_c)^gamma (−log p_c),  p = softmax(logits)

    Each row of K classes has one loss, in nats. Rows that are predicted well count little: with gamma = 2, a hundredth
    at p = 0.9. Derivatives are finite for every gamma and logits of any size. It is not convex in the logits, and its
    best constant is not the classes' shares.

    Use it when some classes are rare, and many easy rows drown the few hard ones.

    Args:
        logits: Numbers. For probabilities, use ``categorical_focal``.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1.
        gamma: How much easy rows count less; ≥ 0. 0 is the cross-entropy.

    Example:
        >>> import lossary as ls
        >>> float(ls.softmax_focal([[0.0, 0.0]], [0]))  # ¼ log 2
        0.173286

    Identities: with gamma = 0 it is ``softmax_cross_entropy``; it is ``categorical_focal`` of a softmax.

    Elsewhere: the paper's α, one number for each class, is ``class_weight=α, denominator="count"`` here. Keras 3.15.1
    multiplies every class by alpha = 0.25 by default. kornia (read in 0.9.0) and MONAI 1.6.1 return a number for each
    class, so that their means divide by K, too. The focal loss of segmentation_models 0.6.0 for several classes is that
    of a sigmoid for each class.
    """
    log_p, p = log_softmax(logits), softmax_of(logits)
    shown = weighted(target, power(1.0 - p, gamma) * -log_p)
    focal = Focal(log_p, p, where(p < 0.5, 1.0 - p, other_softmax(logits)), as_node(gamma))
    # Where they overflow, the factors of these two, (1 − p)² and 1 − p, are 0.
    bend, tilt = (where(is_finite(of), of, 0.0) for of in (focal.bend, focal.slope_by_gamma))
    slope = with_slopes(focal.slope, log_p, bend, focal.gamma, tilt)
    by_gamma = with_slopes(focal.by_gamma, log_p, tilt, focal.gamma, focal.curve_by_gamma)
    value = with_slopes(focal.value, log_p, slope, focal.gamma, by_gamma)
    return written_as(shown, weighted(target, value))


@row(
    task="multiclass",
    counterpart="softmax_focal",
    references=(LIN,),
)
def categorical_focal(probability: Probability, target: Distribution, *, gamma: NonNegative = 2.0) -> Value:
    """Categorical cross-entropy times a power of one minus the probability of the right class.

        Σ_c t_c (1 − probability_c)^gamma (−log probability_c)

    Each row of K classes has one loss, in nats. Rows that are predicted well count little: with gamma = 2, a hundredth
    at a probability of 0.9.

    Use it when the network ends in probabilities, and many easy rows drown the few hard ones.

    Args:
        probability: In [0, 1] up to rounding. Rows need not sum to 1, and are not normalised. For logits, use
            ``softmax_focal``.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1.
        gamma: How much easy rows count less; ≥ 0. 0 is the cross-entropy.

    Example:
        >>> import lossary as ls
        >>> float(ls.categorical_focal([[0.5, 0.5]], [0]))  # ¼ log 2
        0.173286

    Identities: with gamma = 0 it is ``categorical_cross_entropy``.

    Elsewhere: ``CategoricalFocalCrossentropy`` of Keras 3.15.1 multiplies every class by alpha = 0.25, divides a row by
    its sum, and clips probabilities to at least 1e-7.
    """
    p = as_node(probability)
    shown = weighted(target, power(1.0 - p, gamma) * -log(p))
    exact = focal_of_probability(as_node(1.0), p, log(p), 1.0 - p, as_node(gamma))
    return written_as(shown, weighted(target, exact))


def focal_of_probability(weight: Node, p: Node, log_p: Node, other: Node, gamma: Node) -> Node:
    """Return weight · (1 − p)^gamma (−log p), given log p and 1 − p, too; a small weight keeps its slopes finite."""
    focal, none = Focal(log_p, p, other, gamma), equal(p, 0.0)
    divisor = where(none, 1.0, p)

    def over_p(value: Node, at_0: float) -> Node:
        return where(none, weighted(weight, at_0), weighted(weight, value) / divisor)

    above = weighted(gamma, focal.lower) * (2.0 + (gamma - 1.0) * focal.rising)
    twice = over_p(focal.factor, 1.0) + weighted(weight, above)
    bend = where(none, weighted(weight, math.inf), twice / divisor)
    tilt, curve = over_p(focal.slope_by_gamma, -math.inf), weighted(weight, focal.curve_by_gamma)
    slope = with_slopes(over_p(focal.slope, -math.inf), p, bend, gamma, tilt, weight, focal.slope / p)
    by_gamma = with_slopes(weighted(weight, focal.by_gamma), p, tilt, gamma, curve, weight, focal.by_gamma)
    return with_slopes(weighted(weight, focal.value), p, slope, gamma, by_gamma, weight, focal.value)


class Focal:
    """(1 − p)^gamma (−log p), and its derivatives in log p and gamma, which stay finite where p is 0 or 1.

    ``lower`` is (1 − p)^(gamma − 1); the rounding of gamma − 1 would be multiplied by the logarithm of a small base.
    """

    def __init__(self, log_p: Node, p: Node, other: Node, gamma: Node) -> None:
        certain = equal(other, 0.0)
        ratio = where(certain, 1.0, -log_p / where(certain, 1.0, other))  # −log p / (1 − p)
        rising, factor = product(p, ratio), power(other, gamma)
        of_fraction = where(certain, math.inf, factor / where(certain, 1.0, other))
        self.lower = where(gamma < 1.0, of_fraction, power(other, gamma - 1.0))
        self.rising, self.factor, self.gamma = rising, factor, gamma
        self.steepness = 1.0 + gamma * rising
        self.bending = 2.0 * p - rising * (1.0 - gamma * p)
        log_other = where(p < 0.5, log1p(-p), log(other))
        decades = weighted(factor, log_other)
        self.value = product(factor, -log_p)
        self.slope = -(factor * self.steepness)
        self.bend = weighted(gamma, self.lower) * self.bending
        self.by_gamma = product(decades, -log_p)
        self.curve_by_gamma = product(self.by_gamma, log_other)
        self.slope_by_gamma = -(decades * self.steepness + factor * rising)


@softmax(
    task="multiclass",
    aliases=("poly1",),
    references=(LENG,),
)
def softmax_poly1(logits: Real, target: Distribution, *, epsilon: Real = 1.0) -> Value:
    """Softmax cross-entropy plus a multiple of the probability of all other classes.

        Σ_c t_c (−log p_c + epsilon (1 − p_c)),  p = softmax(logits)

    Each row of K classes has one loss. It changes the first coefficient of the cross-entropy's series in 1 − p, from 1
    to 1 + epsilon.

    Use it when cross-entropy works, and one more number is worth tuning.

    Args:
        logits: Numbers.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1.
        epsilon: Multiple of the probability of all other classes; negative numbers discount it.

    Example:
        >>> import lossary as ls
        >>> float(ls.softmax_poly1([[0.0, 0.0]], [0]))  # log 2 + ½
        1.193147

    Identities: with epsilon = 0 it is ``softmax_cross_entropy``. Of labels it is ``softmax_symmetric_cross_entropy``
    with alpha = 1, beta = epsilon and log_zero = −1.

    Elsewhere: epsilon is 2 by default in optax's ``poly_loss_cross_entropy``, 1 in rax.
    """
    log_p, p, other = log_softmax(logits), softmax_of(logits), other_softmax(logits)
    weight = as_node(epsilon)
    slope = with_slopes(-1.0 - weight * p, log_p, -(weight * p), weight, -p)
    value = with_slopes(-log_p + weight * other, log_p, slope, weight, other)
    return written_as(weighted(target, -log_p + weight * (1.0 - p)), weighted(target, value))


@softmax(
    task="multiclass",
    counterpart="generalized_cross_entropy",
    references=(ZHANG,),
)
def softmax_generalized_cross_entropy(logits: Real, target: Distribution, *, q: Share = 0.7) -> Value:
    """A loss between the cross-entropy and the absolute error of a softmax: no row costs more than 1 / q.

        Σ_c t_c (1 − p_c^q) / q,  p = softmax(logits)

    Each row of K classes has one loss. With q = 0 it is the cross-entropy, −Σ t log p, its limit; with q = 1 it is
    1 − p of the right class, half the absolute error of the probabilities. A row that is far from right has almost no
    slope, so that wrong labels are given up. It is not convex in the logits.

    Use it when many labels are wrong.

    Args:
        logits: Numbers. For probabilities, use ``generalized_cross_entropy``.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1.
        q: Power of the probability; in [0, 1]. The larger it is, the less wrong labels count.

    Example:
        >>> import lossary as ls
        >>> float(ls.softmax_generalized_cross_entropy([[0.0, 0.0]], [0], q=0.5))  # 2 (1 − √½)
        0.585786

    Identities: with q = 0 it is ``softmax_cross_entropy``; it is ``generalized_cross_entropy`` of a softmax.

    Elsewhere: the paper's q is 0.7; Keras 3.15.1 has 0.5, and takes probabilities and labels only.
    """
    log_p, p, power_of = log_softmax(logits), softmax_of(logits), as_node(q)
    risen = where(p < SMALL, exp_fraction(product(power_of, log_p)), power(p, power_of))
    slope = with_slopes(-risen, log_p, -(power_of * risen), power_of, -product(log_p, risen))
    value = with_slopes(_generalized(log_p, power_of), log_p, slope, power_of, _by_power(log_p, power_of, log_p, risen))
    return written_as(weighted(target, (1.0 - power(p, q)) / q), weighted(target, value))


@row(
    task="multiclass",
    counterpart="softmax_generalized_cross_entropy",
    references=(ZHANG,),
)
def generalized_cross_entropy(probability: Probability, target: Distribution, *, q: Share = 0.7) -> Value:
    """A loss between the cross-entropy and the absolute error of probabilities: no row costs more than 1 / q.

        Σ_c t_c (1 − probability_c^q) / q

    Each row of K classes has one loss. With q = 0 it is the cross-entropy, its limit; with q = 1 it is one minus the
    probability of the right class, half the absolute error of the probabilities. A class that the target has, and the
    prediction does not, has an infinite slope if q < 1: where a softmax underflows to 0, as it may in float16, the
    gradient in its logits is NaN. ``softmax_generalized_cross_entropy`` of the logits has finite slopes.

    Use it when the network ends in probabilities, and many labels are wrong.

    Args:
        probability: In [0, 1] up to rounding. Rows need not sum to 1, and are not normalised. For logits, use
            ``softmax_generalized_cross_entropy``.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1.
        q: Power of the probability; in [0, 1]. The larger it is, the less wrong labels count.

    Example:
        >>> import lossary as ls
        >>> float(ls.generalized_cross_entropy([[0.25, 0.75]], [0], q=0.5))  # 2 (1 − ½)
        1.0

    Identities: with q = 0 it is ``categorical_cross_entropy``; with q = 1 and one-hot targets half the sum of
    ``absolute_error`` over the classes, of rows that sum to 1.

    Elsewhere: the paper's q is 0.7. ``CategoricalGeneralizedCrossEntropy`` of Keras 3.15.1 has 0.5, and takes labels
    only: of one-hot rows it gives an array of the wrong shape, without an error.
    """
    p, log_p, power_of = as_node(probability), log(probability), as_node(q)
    none = equal(p, 0.0)
    less = where(none, where(power_of < 1.0, math.inf, 1.0), power(p, power_of) / where(none, 1.0, p))
    slope = with_slopes(-less, p, weighted(1.0 - power_of, less / p), power_of, -product(log_p, less))
    value = with_slopes(_generalized(log_p, power_of), p, slope, power_of, _by_power(log_p, power_of, p, less))
    return written_as(weighted(target, (1.0 - power(p, q)) / q), weighted(target, value))


def _generalized(log_p: Node, q: Node) -> Node:
    """Return (1 − p^q) / q; for a q log p that is nearly 0, and may have lost digits, its limit."""
    exponent = product(q, log_p)
    none = absolute(exponent) < NEARLY_NONE
    return where(none, -log_p, -expm1(exponent) / where(none, 1.0, q))


def _by_power(log_p: Node, q: Node, variable: Node, risen: Node) -> Node:
    """Return its slope in q, −(log p)² f'(x) with f(x) = (exp(x) − 1) / x and x = q log p, by a series near 0.

    ``risen`` is minus its slope in the variable that p is or depends on.
    """
    x = product(q, log_p)
    near, power_of_x = absolute(x) < 1.0, exp_fraction(x)
    inside, divisor, rising = where(near, x, 0.0), where(near, 1.0, q), product(x, power_of_x)
    once = where(near, square(log_p) * moment(inside, 2.0), (rising - expm1(x)) / square(divisor))
    beyond = (product(x, rising) - 2.0 * (rising - expm1(x))) / (divisor * square(divisor))
    twice = where(near, log_p * square(log_p) * moment(inside, 3.0), beyond)
    return with_slopes(-once, variable, -product(log_p, risen), q, -twice)


@softmax(
    task="multiclass",
    references=(
        "Wang et al. (2019), Symmetric cross entropy for robust learning with noisy labels, ICCV, arXiv:1908.06112",
    ),
)
def softmax_symmetric_cross_entropy(
    logits: Real,
    target: Distribution,
    *,
    alpha: NonNegative = 0.1,
    beta: NonNegative = 1.0,
    log_zero: NotPositive = -4.0,
) -> Value:
    """Cross-entropy of the target and the prediction, plus that of the prediction and the target.

        −alpha Σ_c t_c log p_c − beta Σ_c p_c max(log t_c, log_zero),  p = softmax(logits)

    Each row of K classes has one loss. The second sum, the reverse cross-entropy, has a finite number for log 0. Of a
    label it is −log_zero times the probability of all other classes: at most −log_zero, so that wrong labels count
    little. The first sum helps the training to converge.

    Use it when many labels are wrong, and a loss with an upper bound alone trains too slowly.

    Args:
        logits: Numbers.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1.
        alpha: Factor of the cross-entropy; ≥ 0. The paper has 0.1 for 10 classes, 6 for 100.
        beta: Factor of the reverse cross-entropy; ≥ 0. The paper has 1 for 10 classes, 0.1 for 100.
        log_zero: The least logarithm of a target, ≤ 0; it stands for log 0. The paper calls it A.

    Example:
        >>> import lossary as ls
        >>> float(ls.softmax_symmetric_cross_entropy([[0.0, 0.0]], [0]))  # 0.1 log 2 + 4 · ½
        2.069315

    Identities: with beta = 0 it is alpha times ``softmax_cross_entropy``. Of labels it is alpha times
    ``softmax_poly1`` with epsilon = −log_zero beta / alpha. The reverse cross-entropy of labels alone, alpha = 0, is
    −log_zero times ``softmax_generalized_cross_entropy`` with q = 1.

    Elsewhere: the authors' code has log_zero = log 1e-4, which is −9.21, where the paper has −4, takes labels only, and
    raises probabilities to at least 1e-7 in the reverse cross-entropy.
    """
    log_p, p, t = log_softmax(logits), softmax_of(logits), as_node(target)
    reverse = written_as(weighted(p, -maximum(log(t), log_zero)), _reversed(log_p, p, t, as_node(log_zero)))
    return product(alpha, total(weighted(t, -log_p))) + product(beta, total(reverse))


def _reversed(log_p: Node, p: Node, t: Node, floor: Node) -> Node:
    """Return −p max(log t, floor).

    Its slope in log p is that of −p (max(log t, floor) − floor): floor times the sum of p is a constant.
    """
    log_t = maximum(log(t), floor)
    is_above = floor < log_t
    divisor, above, by_floor = where(is_above, t, 1.0), p * (log_t - floor), where(is_above, 0.0, -p)
    by_t = where(is_above, -(p / divisor), 0.0)
    by_t = with_slopes(by_t, log_p, by_t, t, -(by_t / divisor))
    slope = with_slopes(-above, log_p, -above, t, by_t, floor, where(is_above, p, 0.0))
    return with_slopes(-(p * log_t), log_p, slope, t, by_t, floor, by_floor)


@softmax(
    task="multiclass",
    references=("Brier (1950), Verification of forecasts in terms of probability, Monthly Weather Review 78, 1–3",),
)
def softmax_brier(logits: Real, target: Distribution) -> Value:
    """The Brier score: the squared distance of a softmax from the target.

        Σ_c (p_c − t_c)²,  p = softmax(logits)

    Each row of K classes has one loss, from 0 to 2. It is a proper score: its mean is least for the true probabilities.
    It is exact where they are nearly right or nearly wrong, and not convex in the logits.

    Use it when you want probabilities that are right, and no row should count without bound.

    Args:
        logits: Numbers.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1.

    Example:
        >>> import lossary as ls
        >>> float(ls.softmax_brier([[0.0, 0.0]], [0]))  # ¼ + ¼
        0.5

    Identities: of two classes it is twice the ``squared_error`` of the probability of either.

    Elsewhere: scikit-learn's ``brier_score_loss`` halves it for two classes, by default, and not for more.
    """
    log_p, p, t = log_softmax(logits), softmax_of(logits), as_node(target)
    gap = weighted(1.0 - t, p) - weighted(t, other_softmax(logits))
    slope = with_slopes(2.0 * (gap * p), log_p, 2.0 * (p * (p + gap)), t, -2.0 * p)
    by_target = with_slopes(-2.0 * gap, log_p, -2.0 * p, t, as_node(2.0))
    return written_as(total(square(p - t)), total(with_slopes(square(gap), log_p, slope, t, by_target)))
