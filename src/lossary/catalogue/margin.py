"""Margin losses: of scores whose sign is the answer, of pairs of scores, and of distances."""

from __future__ import annotations

from collections.abc import Callable

from lossary.catalogue.registry import pointwise
from lossary.domains import NonNegative, Probability, Real
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import exp, maximum, square, weighted, where, with_slopes, written_as

FAR = -64.0  # a score whose exponential is computed as a square


def _of_outcomes(loss: Callable[[Node], Node], scores: Value, target: Value) -> Node:
    """Return the expected loss, given that of yes as a function of its score; that of no has the opposite score."""
    z, t = as_node(scores), as_node(target)
    return weighted(t, loss(z)) + weighted(1.0 - t, loss(-z))


@pointwise(
    task="binary",
    references=("Cortes & Vapnik (1995), Support-vector networks, Machine Learning 20, 273–297",),
)
def hinge(scores: Real, target: Probability) -> Value:
    """How much a score lacks to a margin of 1 on the right side of 0: the loss of support vector machines.

        t max(0, 1 − scores) + (1 − t) max(0, 1 + scores),  t = target

    A score is right if it is positive for yes and negative for no. One that is right by at least 1 costs nothing; at 1
    the slope is −½, elsewhere −1 or 0. The best score says which outcome is likelier, not how probable it is.

    Use it when only the decision counts, not its probability, and items that are clearly right should not count.

    Args:
        scores: Numbers; positive for yes.
        target: 0, 1 or a probability between them; may be integers or booleans. For labels of −1 and 1, pass
            ``(labels + 1) / 2``.

    Example:
        >>> import lossary as ls
        >>> ls.hinge([0.5, 0.5, 2.0], [1, 0, 1], reduction="none").tolist()  # 1 − ½, 1 + ½ and 0
        [0.5, 1.5, 0.0]

    Identities: it is ``margin_ranking(scores, 0, margin=1)`` for yes, and at least ``perceptron``.

    Elsewhere: optax and scikit-learn take labels of −1 and 1. optax accepts 0 without an error, as a score that always
    costs 1. Keras 3.15.1 turns labels of 0 into −1 if all labels of a batch are 0 or 1.
    """
    return _of_outcomes(_hinge, scores, target)


def _hinge(z: Node) -> Node:
    return maximum(1.0 - z, 0.0)


@pointwise(
    task="binary",
    references=("Cortes & Vapnik (1995), Support-vector networks, Machine Learning 20, 273–297",),
)
def squared_hinge(scores: Real, target: Probability) -> Value:
    """The square of what a score lacks to a margin of 1 on the right side of 0.

        t max(0, 1 − scores)² + (1 − t) max(0, 1 + scores)²,  t = target

    A score is right if it is positive for yes and negative for no. The slope has no jump and no bound: an item that is
    far on the wrong side outweighs many others. The best score is 2 p − 1 for a probability of yes p.

    Use it when a support vector machine should have a slope without jumps, and few labels are wrong.

    Args:
        scores: Numbers; positive for yes.
        target: 0, 1 or a probability between them; may be integers or booleans. For labels of −1 and 1, pass
            ``(labels + 1) / 2``.

    Example:
        >>> import lossary as ls
        >>> ls.squared_hinge([0.5, 0.5, 2.0], [1, 0, 1], reduction="none").tolist()  # ¼, 9/4 and 0
        [0.25, 2.25, 0.0]

    Identities: it is the square of ``hinge`` for targets of 0 and 1, and ``modified_huber`` where the score is not
    wrong by more than 1.

    Elsewhere: scikit-learn takes labels of −1 and 1; Keras 3.15.1 turns labels of 0 into −1 if all labels of a batch
    are 0 or 1.
    """
    return _of_outcomes(lambda z: square(_lacking(z)), scores, target)


@pointwise(
    task="binary",
    references=(
        (
            "Zhang (2004), Solving large scale linear prediction problems using stochastic gradient descent "
            "algorithms, ICML"
        ),
    ),
)
def modified_huber(scores: Real, target: Probability) -> Value:
    """The squared hinge, with a straight line for scores that are wrong by more than 1.

        t f(scores) + (1 − t) f(−scores),  t = target
        f(z) = max(0, 1 − z)²   where z ≥ −1
        f(z) = −4 z             elsewhere

    A score is right if it is positive for yes and negative for no. The slope has no jump, and is at most 4. The best
    score is 2 p − 1 for a probability of yes p, which (scores + 1) / 2, clipped to [0, 1], gives back.

    Use it when some labels are wrong, and you want a probability from the score.

    Args:
        scores: Numbers; positive for yes.
        target: 0, 1 or a probability between them; may be integers or booleans. For labels of −1 and 1, pass
            ``(labels + 1) / 2``.

    Example:
        >>> import lossary as ls
        >>> ls.modified_huber([0.5, -3.0, 2.0], [1, 1, 1], reduction="none").tolist()  # ¼, 12 and 0
        [0.25, 12.0, 0.0]

    Identities: it is four times ``binary_sparsemax``; where the score is not wrong by more than 1, ``squared_hinge``.

    Elsewhere: scikit-learn's ``SGDClassifier`` has it, for labels of −1 and 1.
    """
    return 4.0 * _of_outcomes(_quarter_square, scores, target)


@pointwise(
    task="binary",
    aliases=("optax.losses.sparsemax_loss", "binary_sparsemax_loss"),
    references=("Blondel, Martins & Niculae (2020), Learning with Fenchel–Young losses, JMLR 21, arXiv:1901.02324",),
)
def binary_sparsemax(scores: Real, target: Probability) -> Value:
    """The sparsemax loss of two classes: its probability is a straight line that ends at 0 and 1.

        t f(scores) + (1 − t) f(−scores),  t = target
        f(z) = ¼ max(0, 1 − z)²   where z ≥ −1
        f(z) = −z                 elsewhere

    Its slope is p − t with p = (scores + 1) / 2, clipped to [0, 1]: the probability that it estimates, which may be
    exactly 0 or 1. The Hessian is ½ or 0.

    Use it when many probabilities are exactly 0 or 1, and should be predicted so.

    Args:
        scores: Numbers; positive for yes.
        target: 0, 1 or a probability between them; may be integers or booleans. For labels of −1 and 1, pass
            ``(labels + 1) / 2``.

    Example:
        >>> import lossary as ls
        >>> ls.binary_sparsemax([0.0, -3.0, 2.0], [1, 1, 1], reduction="none").tolist()  # ¼, 3 and 0
        [0.25, 3.0, 0.0]

    Identities: it is a quarter of ``modified_huber``.

    Elsewhere: optax takes labels only: any target above 0 is a 1.
    """
    return _of_outcomes(_quarter_square, scores, target)


def _lacking(z: Node) -> Node:
    """Return max(0, 1 − z) with the slope 0 at the corner, for its square."""
    return written_as(_hinge(z), where(1.0 <= z, 0.0, 1.0 - z))


def _quarter_square(z: Node) -> Node:
    """Return ¼ max(0, 1 − z)², and the tangent −z where z is less than −1."""
    is_line = z < -1.0
    return where(is_line, -z, 0.25 * square(where(is_line, 0.0, _lacking(z))))


@pointwise(
    task="binary",
    references=(
        (
            "Rosenblatt (1958), The perceptron: a probabilistic model for information storage and organization in the "
            "brain, Psychological Review 65(6), 386–408"
        ),
    ),
)
def perceptron(scores: Real, target: Probability) -> Value:
    """How far a score is on the wrong side of 0.

        t max(0, −scores) + (1 − t) max(0, scores),  t = target

    A score is right if it is positive for yes and negative for no; then it costs nothing. At a score of 0 the slope is
    ½ − t, the mean of both sides, so that training may start from zeros. Scores of 0 everywhere are a minimum.

    Use it when an item should count only as long as it is on the wrong side, as in Rosenblatt's rule.

    Args:
        scores: Numbers; positive for yes.
        target: 0, 1 or a probability between them; may be integers or booleans. For labels of −1 and 1, pass
            ``(labels + 1) / 2``.

    Example:
        >>> import lossary as ls
        >>> ls.perceptron([0.5, 0.5, -2.0], [1, 0, 1], reduction="none").tolist()
        [0.0, 0.5, 2.0]

    Identities: it is ``hinge`` with a margin of 0, and what ``sigmoid_cross_entropy`` tends to for large scores.

    Elsewhere: optax and scikit-learn's ``SGDClassifier`` take labels of −1 and 1. At a score of 0, the slope in
    scikit-learn is that of the wrong side.
    """
    return _of_outcomes(lambda z: maximum(-z, 0.0), scores, target)


@pointwise(
    task="binary",
    aliases=("sklearn._loss.loss.ExponentialLoss",),
    references=(
        "Freund & Schapire (1997), A decision-theoretic generalization of on-line learning, JCSS 55(1), 119–139",
        "Friedman, Hastie & Tibshirani (2000), Additive logistic regression, Annals of Statistics 28(2), 337–407",
    ),
)
def exponential(scores: Real, target: Probability) -> Value:
    """The loss of boosting (AdaBoost): the exponential of a score on the wrong side.

        t exp(−scores) + (1 − t) exp(scores),  t = target

    The best score is half the log-odds of yes: sigmoid(2 · scores) is the probability that it estimates. The slope
    grows exponentially: a wrong label may outweigh all other items. Beyond a wrong score of 88 it is infinite in
    float32.

    Use it when you boost weak classifiers, and no labels are wrong.

    Args:
        scores: Numbers; positive for yes.
        target: 0, 1 or a probability between them; may be integers or booleans. For labels of −1 and 1, pass
            ``(labels + 1) / 2``.

    Example:
        >>> import lossary as ls
        >>> ls.exponential([0.0, 1.0], [1, 0], reduction="none").tolist()  # 1, and e
        [1.0, 2.718281]

    Identities: ``sigmoid_cross_entropy(2 * scores, target)`` has the same best constant, and a bounded slope.
    """
    z, t = as_node(scores), as_node(target)
    textbook = _of_outcomes(lambda own: exp(-own), scores, target)
    return written_as(textbook, _exponential(t, z) + _exponential(1.0 - t, -z))


def _exponential(weight: Node, z: Node) -> Node:
    """Return weight · exp(−z), which is a number more often than exp(−z) is."""
    is_far = z < FAR
    power = exp(-where(is_far, 0.5 * z, z))
    value = weighted(weighted(weight, power), where(is_far, power, 1.0))
    whole = with_slopes(exp(-z), z, -exp(-z))
    return with_slopes(value, z, with_slopes(-value, z, value, weight, -whole), weight, whole)


@pointwise(
    task="ranking",
    references=(
        "Herbrich, Graepel & Obermayer (1999), Support vector learning for ordinal regression, ICANN, 97–102",
        "Joachims (2002), Optimizing search engines using clickthrough data, KDD, 133–142",
    ),
)
def margin_ranking(higher: Real, lower: Real, *, margin: NonNegative = 0.0) -> Value:
    """How much the first of two scores lacks to be greater than the second by a margin.

        max(0, lower − higher + margin)

    There is no target: the order of the arguments says which score should be higher. ``value_and_gradient`` returns
    two gradients.

    Use it when you know which of two items is better, not by how much.

    Args:
        higher: Scores of the better items: numbers.
        lower: Scores of the worse items: numbers.
        margin: By how much the first should be greater; ≥ 0. With 0, equal scores cost nothing.

    Example:
        >>> import lossary as ls
        >>> ls.margin_ranking([2.0, 1.0], [1.0, 2.0], margin=0.5, reduction="none").tolist()  # 0, and 2 − 1 + ½
        [0.0, 1.5]

    Identities: it is ``hinge`` of the difference of the scores, divided by the margin, times the margin.

    Elsewhere: PyTorch takes y, 1 where the first input should be higher and −1 where the second should: exchange the
    inputs there. It accepts y = 0 without an error, as a loss of the margin.
    """
    return maximum(lower - higher + as_node(margin), 0.0)


@pointwise(
    task="embedding",
    references=("Hadsell, Chopra & LeCun (2006), Dimensionality reduction by learning an invariant mapping, CVPR",),
)
def hinge_embedding(distance: NonNegative, target: Probability, *, margin: NonNegative = 1.0) -> Value:
    """The distance of a pair that belongs together, and what another pair's distance lacks to a margin.

        t · distance + (1 − t) max(0, margin − distance),  t = target

    Pairs that do not belong together cost nothing beyond the margin.

    Use it when pairs are known to be similar or not, and a network gives a distance for each.

    Args:
        distance: Numbers ≥ 0.
        target: 1 for similar pairs, 0 for others, or a probability between them. For labels of −1 and 1, pass
            ``(labels + 1) / 2``.
        margin: Distance from which on pairs count as far enough apart; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> ls.hinge_embedding([0.25, 0.25, 2.0], [1, 0, 0], reduction="none").tolist()  # ¼, 1 − ¼ and 0
        [0.25, 0.75, 0.0]

    Elsewhere: PyTorch takes labels of −1 and 1, and negative distances. Label 0 gives the sum of both terms there,
    without an error.
    """
    d, t = as_node(distance), as_node(target)
    return weighted(t, d) + weighted(1.0 - t, maximum(margin - d, 0.0))
