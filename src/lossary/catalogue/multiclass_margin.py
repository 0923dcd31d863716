"""Margin losses of several classes: of scores, the greatest of which is the answer."""

from __future__ import annotations

import math

from lossary.catalogue.registry import named_axes
from lossary.domains import Label, NonNegative, Probability, Real
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    cumulative,
    difference,
    equal,
    fixed,
    greatest,
    index,
    maximum,
    ordered,
    other,
    pick,
    places,
    square,
    total,
    weighted,
    where,
    with_slopes,
    written_as,
)

WESTON = "Weston & Watkins (1999), Support vector machines for multi-class pattern recognition, ESANN, 219–224"
OF_LABELS = {"scores": "item class", "target": "item"}


def _right_class(scores: Value, target: Value) -> tuple[Node, Node]:
    """Return the score of the right class, and the condition that a class is that."""
    return pick(scores, target, over="class"), equal(target, index("class"))


@named_axes(
    task="multiclass",
    axes=OF_LABELS,
    mask="item",
    aliases=("optax.losses.multiclass_hinge_loss",),
    references=(
        (
            "Crammer & Singer (2001), On the algorithmic implementation of multiclass kernel-based vector machines, "
            "JMLR 2, 265–292"
        ),
    ),
)
def crammer_singer(scores: Real, target: Label, *, margin: NonNegative = 1.0) -> Value:
    """The hinge loss of several classes: how much the right class lacks to lead its best rival by a margin.

        max(0, margin + max_{c ≠ target} scores_c − scores_target)

    Each row of classes has one loss. Only the right class and its best rival have a slope; rivals that are equal share
    it. Where the lead is exactly the margin, the slope is half of what it is below.

    Use it when only the decision counts, not its probability, and one rival is enough to get it wrong.

    Args:
        scores: Numbers; the class with the greatest one is the answer.
        target: The class of each row.
        margin: Lead of the right class from which on a row costs nothing; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.crammer_singer([[1.0, 0.5, 0.25]], [0]))  # 1 + ½ − 1
        0.5

    Identities: of two classes it is ``margin_ranking`` of the scores of the right and the wrong one, and
    ``hinge(scores[:, 1] - scores[:, 0], target)``. With a margin of 0 it is ``multiclass_perceptron``. It is at most
    ``weston_watkins``, which adds up all rivals, and zero for the same scores.

    Elsewhere: ``metrics.hinge_loss`` of scikit-learn is its mean. ``CategoricalHinge`` of Keras 3.15.1 lets a score of
    0 compete with the rivals: of the scores (−1, −2, −3) and class 0 it is 2 instead of 0. optax 0.2.8 adds the margin
    to each score: two of 1e8 in float32 cost 0 instead of 1. Scores of −∞ are NaN there, and a label outside of the
    classes costs the greatest score plus 1.
    """
    own, is_own = _right_class(scores, target)
    rival = greatest(where(is_own, -math.inf, scores), over="class")
    textbook = maximum(margin + difference(rival, own), 0.0)
    return written_as(textbook, where(places("class") < 2.0, 0.0, textbook))  # of −∞, too


@named_axes(
    task="multiclass",
    axes=OF_LABELS,
    mask="item",
    references=(WESTON,),
)
def weston_watkins(scores: Real, target: Label, *, margin: NonNegative = 1.0) -> Value:
    """The hinge loss of several classes, summed over all rivals of the right class.

        Σ_{c ≠ target} max(0, margin + scores_c − scores_target)

    Each row of classes has one loss. Every rival that is not behind the right class by the margin has a slope of 1, so
    that the loss of scores that are all equal grows with the number of classes.

    Use it when only the decision counts, not its probability, and every rival that is close should be pushed away.

    Args:
        scores: Numbers; the class with the greatest one is the answer.
        target: The class of each row.
        margin: Lead of the right class over a rival from which on that costs nothing; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.weston_watkins([[1.0, 0.5, 0.25]], [0]))  # ½ + ¼
        0.75

    Identities: of two classes it is ``crammer_singer``, which counts only the best rival. It is ``multilabel_margin``
    of one-hot targets.

    Elsewhere: ``multi_margin_loss`` of PyTorch divides it by the number of classes, the right one included: 0.25 for
    the example. Its ``weight``, one for each class, is ``weight=class_weight[target]`` with ``denominator="count"``
    here; with ``p=2``, it is ``squared_weston_watkins``.
    """
    return total(_lacks(scores, target, margin), over="class")


@named_axes(
    task="multiclass",
    axes=OF_LABELS,
    mask="item",
    references=(
        WESTON,
        "Tang (2013), Deep learning using linear support vector machines, arXiv:1306.0239 (squares)",
    ),
)
def squared_weston_watkins(scores: Real, target: Label, *, margin: NonNegative = 1.0) -> Value:
    """The squared hinge loss of several classes, summed over all rivals of the right class.

        Σ_{c ≠ target} max(0, margin + scores_c − scores_target)²

    Each row of classes has one loss, which is smooth: a rival has twice what it lacks to the margin as its slope, so
    that one far ahead is pushed back the hardest.

    Use it when only the decision counts, and training needs slopes without jumps.

    Args:
        scores: Numbers; the class with the greatest one is the answer.
        target: The class of each row.
        margin: Lead of the right class over a rival from which on that costs nothing; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.squared_weston_watkins([[1.0, 0.5, 0.25]], [0]))  # ¼ + 1/16
        0.3125

    Identities: of two classes it is ``squared_hinge(scores[:, 1] - scores[:, 0], target)``. ``weston_watkins`` has the
    lacks themselves in place of their squares.

    Elsewhere: ``multi_margin_loss`` of PyTorch with ``p=2`` divides it by the number of classes, the right one
    included: 0.104167 for the example. Its ``weight``, one for each class, is ``weight=class_weight[target]`` with
    ``denominator="count"`` here.
    """
    return total(square(_lacks(scores, target, margin)), over="class")


def _lacks(scores: Value, target: Value, margin: Value) -> Node:
    """Return how much the right class lacks to lead each rival by the margin."""
    own, is_own = _right_class(scores, target)
    return where(is_own, 0.0, maximum(margin + difference(as_node(scores), own), 0.0))


@named_axes(
    task="multiclass",
    axes=OF_LABELS,
    mask="item",
    aliases=("optax.losses.multiclass_perceptron_loss",),
    references=("Collins (2002), Discriminative training methods for hidden Markov models, EMNLP, 1–8",),
)
def multiclass_perceptron(scores: Real, target: Label) -> Value:
    """How far the right class is behind the best one.

        max_c scores_c − scores_target

    Each row of classes has one loss, 0 where the right class leads. Classes that share the lead share the slope, so
    that training may start from zeros; equal scores everywhere are a minimum.

    Use it when a row should count only as long as another class leads, as in Collins's rule.

    Args:
        scores: Numbers; the class with the greatest one is the answer.
        target: The class of each row.

    Example:
        >>> import lossary as ls
        >>> ls.multiclass_perceptron([[1.0, 0.5], [1.0, 0.5]], [0, 1], reduction="none").tolist()
        [0.0, 0.5]

    Identities: it is ``crammer_singer`` with a margin of 0, but for the slope where several classes lead; of two
    classes it is ``perceptron(scores[:, 1] - scores[:, 0], target)``. It is what ``softmax_cross_entropy`` tends to
    for large scores.

    Elsewhere: scores of −∞ are NaN in optax 0.2.8, and a label outside of the classes costs the greatest score.
    """
    own, _ = _right_class(scores, target)
    return difference(greatest(scores, over="class"), own)


@named_axes(
    task="multiclass",
    axes={"scores": "item class", "target": "item class"},
    mask="item class",
    references=(
        "Elisseeff & Weston (2001), A kernel method for multi-labelled classification, NeurIPS",
        "Joachims (2002), Optimizing search engines using clickthrough data, KDD, 133–142",
    ),
)
def multilabel_margin(scores: Real, target: Probability, *, margin: NonNegative = 1.0) -> Value:
    """How much each class of an item lacks to lead each other class by a margin, summed over all such pairs.

        Σ_{i ≠ j} t_i (1 − t_j) max(0, margin − (scores_i − scores_j)),  t = target

    Each item has one loss: it may have several of the classes, or none, or all; without a pair of a class that it has
    and one that it has not, the loss is 0. Only differences of the scores count, not where they are 0.

    Use it when items have several labels each, and those should come before all others, wherever the limit is drawn.

    Args:
        scores: Numbers, one for each class; the classes with the greatest ones are the answer.
        target: For each class, 1 if the item has it, else 0; or a probability between them, independent of the others.
        margin: Lead of a class over another from which on the pair costs nothing; ≥ 0.

    ``mask`` says of which classes it is known whether an item has them.

    Example:
        >>> import lossary as ls
        >>> float(ls.multilabel_margin([[1.0, 0.5, 0.0]], [[1, 0, 1]]))  # 1 − ½, and 1 + ½
        2.0

    Identities: of one-hot targets it is ``weston_watkins``. With log(1 + exp(scores_j − scores_i)) in the place of the
    maximum it is ``ranknet``.

    Elsewhere: ``multilabel_margin_loss`` of PyTorch divides it by the number of classes, and takes the list of an
    item's classes, then −1, instead of zeros and ones: [[0, 2, -1]] for the example, and 0.6667.
    """
    t, z, is_itself = as_node(target), as_node(scores), equal(index("class"), index("other_class"))
    lack = maximum(margin - difference(z, other(z, "class")), 0.0)
    pair = where(is_itself, 0.0, weighted(t, weighted(1.0 - other(t, "class"), lack)))
    return total(total(pair, over="other_class"), over="class")


@named_axes(
    task="multiclass",
    axes=OF_LABELS,
    mask="item",
    aliases=("optax.losses.multiclass_sparsemax_loss",),
    references=(
        (
            "Martins & Astudillo (2016), From softmax to sparsemax: a sparse model of attention and multi-label "
            "classification, ICML, arXiv:1602.02068"
        ),
        "Blondel, Martins & Niculae (2020), Learning with Fenchel–Young losses, JMLR 21, arXiv:1901.02324",
    ),
)
def multiclass_sparsemax(scores: Real, target: Label) -> Value:
    """The sparsemax loss of several classes, whose probabilities are the scores above a threshold; others are 0.

        Σ_c (½ (p_c − t_c)² + t_c max(0, threshold − scores_c)), with p_c = max(0, scores_c − threshold)

    t_c is 1 for the target's class, else 0. The threshold is that with which the p_c sum to 1: p is sparsemax(scores),
    the distribution that is nearest to the scores. Each row of classes has one loss, and the slope p − t. It is 0 where
    the right class leads by 1 or more, and a straight line where another one does.

    Use it when most classes are impossible for an item, and should get a probability of exactly 0.

    Args:
        scores: Numbers; the same added to all of a row changes nothing.
        target: The class of each row.

    Example:
        >>> import lossary as ls
        >>> ls.multiclass_sparsemax([[0.5, 0.0, -2.0]] * 2, [0, 2], reduction="none").tolist()  # p is (¾, ¼, 0)
        [0.0625, 2.5625]

    Identities: of two classes it is ``binary_sparsemax(scores[:, 1] - scores[:, 0], target)``. Like ``crammer_singer``
    it has a margin of 1, and like ``softmax_cross_entropy`` a distribution, with which its slope is p − t.

    Elsewhere: optax 0.2.8 takes a label outside of the classes for that of the last class, and gives NaN for an
    infinite score. Martins & Astudillo have soft targets, too, with the same slope p − t.
    """
    z = as_node(scores)
    t = where(equal(target, index("class")), 1.0, 0.0)
    height = difference(z, fixed(greatest(z, over="class")))  # 0 for the greatest score
    threshold = _threshold(height)
    p = where(threshold < height, height - threshold, 0.0)
    exact = total(with_slopes(_off_by(p, t, threshold - height), z, p - t), over="class")
    of_scores = _mean_above(z, total(maximum(other(z, "class") - z, 0.0), over="other_class") < 1.0)
    textbook = total(_off_by(maximum(z - of_scores, 0.0), t, of_scores - z), over="class")
    return written_as(textbook, exact)


def _off_by(p: Node, t: Node, below: Node) -> Node:
    """Return the summand of a class with a probability, and a score that is below the threshold by a number."""
    return 0.5 * square(p - t) + weighted(t, maximum(below, 0.0))


def _threshold(height: Node) -> Node:
    """Return the number above which scores exceed it by 1 in all, where the greatest score is 0."""
    near = maximum(height, -1.0)  # scores of −1 or less are never above it
    falling = ordered(near, by=-near, over="class")
    count = index("sorted_class") + 1.0
    is_above = cumulative(falling, "sorted_class") - count * falling < 1.0
    least = -greatest(where(is_above, -falling, -math.inf), over="sorted_class")
    return _mean_above(height, fixed(least) <= height)


def _mean_above(scores: Node, is_above: Node) -> Node:
    """Return the threshold, given the scores that are above it."""
    total_above = total(where(is_above, scores, 0.0), over="class")
    return (total_above - 1.0) / total(where(is_above, 1.0, 0.0), over="class")
