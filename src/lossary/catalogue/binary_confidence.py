"""Binary losses that count an outcome by how probable it is: focal, asymmetric, poly-1, Brier."""

from __future__ import annotations

from lossary.catalogue.multiclass_confidence import LENG, LIN, Focal, focal_of_probability
from lossary.catalogue.registry import pointwise
from lossary.domains import NonNegative, Probability, Real, Share
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    equal,
    log,
    log1p,
    maximum,
    power,
    product,
    sigmoid,
    softplus,
    square,
    weighted,
    where,
    with_slopes,
    written_as,
)

RIDNIK = "Ridnik et al. (2021), Asymmetric loss for multi-label classification, ICCV, arXiv:2009.14119"


@pointwise(
    task="binary",
    counterpart="binary_focal",
    references=(LIN,),
)
def sigmoid_focal(
    logits: Real,
    target: Probability,
    *,
    gamma: NonNegative = 2.0,
    positive_weight: NonNegative = 1.0,
    negative_weight: NonNegative = 1.0,
) -> Value:
    """Sigmoid cross-entropy times a power of the probability of the other outcome.

        positive_weight · t (1 − p)^gamma (−log p) + negative_weight · (1 − t) p^gamma (−log(1 − p))
        with p = sigmoid(logits) and t = target

    It is in nats. Outcomes that are predicted well count little: with gamma = 2, a hundredth at p = 0.9. Derivatives
    are finite for every gamma and logits of any size. It is not convex in the logits, and its best constant is not the
    share of yes.

    Use it when yes is rare, as objects are among the boxes of an image, and many easy items drown the few hard ones.

    Args:
        logits: Log-odds of yes: any numbers. For probabilities, use ``binary_focal``.
        target: 0, 1 or a probability between them; may be integers or booleans.
        gamma: How much easy items count less; ≥ 0. 0 is the cross-entropy.
        positive_weight: Weight of the term of positive targets, the paper's α; ≥ 0. The mean's denominator does not
            include it.
        negative_weight: Weight of the term of negative targets, 1 − α in the paper; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.sigmoid_focal([0.0], [1]))  # ¼ log 2
        0.173286

    Identities: with gamma = 0 it is ``sigmoid_cross_entropy``; it is ``binary_focal(sigmoid(logits), target)``, and
    ``softmax_focal`` of the row (0, logits).

    Elsewhere: torchvision's ``sigmoid_focal_loss`` has α = 0.25 by default, which is ``positive_weight=0.25,
    negative_weight=0.75`` here; optax and Keras 3.15.1 have no α by default. For a target between 0 and 1, all of them
    raise 1 − p t − (1 − p) (1 − t) to the power of gamma, instead of the probability in each term: for target 0.3 and
    logit 0.7, they give 0.28743 instead of 0.35810. With gamma = ½ and a logit of 50, the gradient of torchvision's
    formula is NaN.
    """
    z, power_of = as_node(logits), as_node(gamma)
    textbook = _of_two(
        target, power(sigmoid(-z), gamma) * softplus(-z), power(sigmoid(z), gamma) * softplus(z), positive_weight,
        negative_weight,
    )  # fmt: skip
    exact = _focal_of_logit(z, power_of), _focal_of_logit(-z, power_of)
    return written_as(textbook, _of_two(target, *exact, positive_weight, negative_weight))


@pointwise(
    task="binary",
    counterpart="sigmoid_focal",
    references=(LIN,),
)
def binary_focal(
    probability: Probability,
    target: Probability,
    *,
    gamma: NonNegative = 2.0,
    positive_weight: NonNegative = 1.0,
    negative_weight: NonNegative = 1.0,
) -> Value:
    """Binary cross-entropy times a power of the probability of the other outcome.

        positive_weight · t (1 − p)^gamma (−log p) + negative_weight · (1 − t) p^gamma (−log(1 − p))
        with p = probability and t = target

    It is in nats. Outcomes that are predicted well count little: with gamma = 2, a hundredth at p = 0.9.

    Use it when the network ends in a probability of yes, and many easy items drown the few hard ones.

    Args:
        probability: Probability of yes, in [0, 1] up to rounding. For logits, use ``sigmoid_focal``.
        target: 0, 1 or a probability between them; may be integers or booleans.
        gamma: How much easy items count less; ≥ 0. 0 is the cross-entropy.
        positive_weight: Weight of the term of positive targets, the paper's α; ≥ 0. The mean's denominator does not
            include it.
        negative_weight: Weight of the term of negative targets, 1 − α in the paper; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.binary_focal([0.5], [1]))  # ¼ log 2
        0.173286

    Identities: with gamma = 0 it is ``binary_cross_entropy``; it is ``categorical_focal`` of the row (1 − p, p).

    Elsewhere: Keras 3.15.1 clips probabilities to at least 1e-7. Its ``apply_class_balancing=True`` with alpha = 0.25
    is ``positive_weight=0.25, negative_weight=0.75`` here. For a target between 0 and 1 it raises 1 − p t −
    (1 − p) (1 − t) to the power of gamma, instead of the probability in each term.
    """
    p, power_of = as_node(probability), as_node(gamma)
    log_p, log_other = log(p), log1p(-p)
    textbook = _of_two(
        target, power(1.0 - p, gamma) * -log_p, power(p, gamma) * -log_other, positive_weight, negative_weight
    )
    t = as_node(target)
    of_yes = focal_of_probability(weighted(positive_weight, t), p, log_p, 1.0 - p, power_of)
    of_no = focal_of_probability(weighted(negative_weight, 1.0 - t), 1.0 - p, log_other, p, power_of)
    return written_as(textbook, of_yes + of_no)


def _of_two(
    target: Value, of_yes: Node, of_no: Node, positive_weight: Value = 1.0, negative_weight: Value = 1.0
) -> Node:
    """Return the expected loss, given those of both outcomes, each with its weight."""
    yes = weighted(positive_weight, weighted(target, of_yes))
    return yes + weighted(negative_weight, weighted(1.0 - as_node(target), of_no))


def _focal_of_logit(logit: Node, gamma: Node, margin: Value = 0.0) -> Node:
    """Return u^gamma (−log(1 − u)) with u = max(sigmoid(−logit) − margin, 0): the loss of an outcome with this logit.

    All derivatives are products of what does not overflow. With v = 1 − u, those of log v are ``steep`` and 1 / v.
    """
    shift, right, wrong = as_node(margin), sigmoid(logit), sigmoid(-logit)
    is_right, whole = wrong <= shift, equal(shift, 0.0)  # false for NaN, which goes on
    u, v = where(is_right, 0.0, wrong - shift), where(is_right, 1.0, right + shift)
    log_v = where(whole, -softplus(-logit), where(u < 0.5, log1p(-u), log(v)))
    focal = Focal(log_v, v, u, gamma)
    ratio, share = where(whole, 1.0, right / v), where(whole, 1.0, wrong / u)
    steep = where(is_right, 0.0, wrong * ratio)
    by_v = where(is_right, 0.0, 1.0 / v)

    rising = focal.factor * (gamma * focal.bending * share)
    twice = rising * (steep * ratio) + focal.slope * steep * (wrong * (1.0 - ratio) - right)
    mixed = where(is_right, 0.0, (rising - focal.slope * wrong) * ratio / v)
    tilt = product(focal.slope_by_gamma, steep)
    slope = with_slopes(focal.slope * steep, logit, twice, gamma, tilt, shift, mixed)
    tilt_by_margin = where(equal(v, 0.0), 1.0 + log_v, product(focal.slope_by_gamma, by_v))
    bend = where(is_right, 0.0, (focal.bend - focal.slope) / v / v)
    by_margin = with_slopes(product(focal.slope, by_v), logit, mixed, gamma, tilt_by_margin, shift, bend)
    by_gamma = with_slopes(focal.by_gamma, logit, tilt, gamma, focal.curve_by_gamma, shift, tilt_by_margin)
    return with_slopes(focal.value, logit, slope, gamma, by_gamma, shift, by_margin)


@pointwise(
    task="binary",
    references=(RIDNIK,),
)
def sigmoid_asymmetric(
    logits: Real,
    target: Probability,
    *,
    positive_gamma: NonNegative = 1.0,
    negative_gamma: NonNegative = 4.0,
    margin: Share = 0.05,
) -> Value:
    """Focal loss with a power for each outcome, and no loss of negatives that are improbable enough (ASL).

        t (1 − p)^positive_gamma (−log p) + (1 − t) u^negative_gamma (−log(1 − u))
        with p = sigmoid(logits), u = max(p − margin, 0) and t = target

    It is in nats. A negative with p ≤ margin costs nothing. One with p near 1 costs at most
    (1 − margin)^negative_gamma (−log margin), 2.44 by default, and has almost no slope: it may be a label that was
    forgotten. It is not convex in the logits.

    Use it when each item has a few of many labels, and some labels are missing.

    Args:
        logits: Log-odds of yes: any numbers.
        target: 0, 1 or a probability between them; may be integers or booleans.
        positive_gamma: How much easy positives count less; ≥ 0.
        negative_gamma: How much easy negatives count less; ≥ 0.
        margin: Probability up to which a negative costs nothing; in [0, 1].

    Example:
        >>> import lossary as ls
        >>> ls.sigmoid_asymmetric([0.0, 0.0, -3.0], [1, 0, 0], reduction="none").tolist()  # ½ log 2, 0.45⁴ log 1 / 0.55
        [0.346573, 0.024515, 0.0]

    Identities: with a margin of 0 and equal gammas it is ``sigmoid_focal``; with gammas of 0, too,
    ``sigmoid_cross_entropy``.

    Elsewhere: timm (source of August 2026) sums over all items, and replaces probabilities below 1e-8: logit −40 and
    target 1 cost 18.42 there, 40 here. Its ``AsymmetricLossSingleLabel`` is another loss, of a softmax.
    """
    z, t = as_node(logits), as_node(target)
    u = maximum(sigmoid(z) - margin, 0.0)
    of_yes = power(sigmoid(-z), positive_gamma) * softplus(-z)
    textbook = _of_two(t, of_yes, power(u, negative_gamma) * -log(1.0 - u))
    exact = _focal_of_logit(z, as_node(positive_gamma)), _focal_of_logit(-z, as_node(negative_gamma), margin)
    return written_as(textbook, _of_two(t, *exact))


@pointwise(
    task="binary",
    references=(LENG,),
)
def sigmoid_poly1(logits: Real, target: Probability, *, epsilon: Real = 1.0) -> Value:
    """Sigmoid cross-entropy plus a multiple of the probability of the other outcome.

        t (−log p + epsilon (1 − p)) + (1 − t) (−log(1 − p) + epsilon p),  p = sigmoid(logits), t = target

    It changes the first coefficient of the cross-entropy's series in the probability of the other outcome, from 1 to
    1 + epsilon. It is convex in the logits for epsilons from −1 to 1.

    Use it when cross-entropy works, and one more number is worth tuning.

    Args:
        logits: Log-odds of yes: any numbers.
        target: 0, 1 or a probability between them; may be integers or booleans.
        epsilon: Multiple of the probability of the other outcome; negative numbers discount it.

    Example:
        >>> import lossary as ls
        >>> float(ls.sigmoid_poly1([0.0], [1]))  # log 2 + ½
        1.193147

    Identities: with epsilon = 0 it is ``sigmoid_cross_entropy``; it is ``softmax_poly1`` of the row (0, logits).
    """
    z = as_node(logits)
    of_yes, of_no = (softplus(-own) + epsilon * sigmoid(-own) for own in (z, -z))
    return _of_two(target, of_yes, of_no)


@pointwise(
    task="binary",
    references=("Brier (1950), Verification of forecasts in terms of probability, Monthly Weather Review 78, 1–3",),
)
def sigmoid_brier(logits: Real, target: Probability) -> Value:
    """The Brier score of yes or no: the squared error of a sigmoid.

        (sigmoid(logits) − target)²

    It lies between 0 and 1. It is a proper score: its mean is least for the true probability. It is exact where the
    probability is nearly right, and not convex in the logits.

    Use it when you want probabilities that are right, and no item should count without bound.

    Args:
        logits: Log-odds of yes: any numbers. For probabilities, use ``squared_error``.
        target: 0, 1 or a probability between them; may be integers or booleans.

    Example:
        >>> import lossary as ls
        >>> ls.sigmoid_brier([0.0, 40.0], [1, 1], reduction="none").tolist()  # ¼, and exp(−80)
        [0.25, 1.804851e-35]

    Identities: it is ``squared_error(sigmoid(logits), target)``, and half of ``softmax_brier`` of the row (0, logits).

    Elsewhere: scikit-learn's ``brier_score_loss`` takes probabilities.
    """
    z, t = as_node(logits), as_node(target)
    gap = weighted(1.0 - t, sigmoid(z)) - weighted(t, sigmoid(-z))
    return written_as(square(sigmoid(z) - t), square(gap))
