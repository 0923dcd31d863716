"""Margin losses of several classes: of scores, the greatest of which is the answer."""

from __future__ import annotations

import math

from lossary.catalogue.record import row
from lossary.domains import Distribution, NonNegative, Real
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import equal, greatest, guard, total, weighted, where, written_as


@row(
    task="multiclass",
    aliases=("optax.losses.multiclass_hinge_loss",),
    references=(
        (
            "Crammer & Singer (2001), On the algorithmic implementation of multiclass kernel-based vector machines, "
            "JMLR 2, 265–292"
        ),
    ),
)
def crammer_singer(scores: Real, target: Distribution, *, margin: NonNegative = 1.0) -> Value:
    """The hinge loss of several classes: how much the right class lacks to lead the best other one by a margin.

        max_c (scores_c + margin (1 − t_c)) − Σ_c t_c scores_c,  t = target

    Each row of K classes has one loss. Only the right class and the worst of its rivals have a slope; rivals that are
    equal share it.

    Use it when only the decision counts, not its probability, and one rival is enough to get it wrong.

    Args:
        scores: Numbers; the class with the greatest one is the answer.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1.
        margin: Lead of the right class from which on a row costs nothing; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.crammer_singer([[1.0, 0.5, 0.25]], [0]))  # ½ + 1 − 1
        0.5

    Identities: of the two classes (0, s) it is ``margin_ranking`` of the two scores, and ``hinge(s, target)``; with a
    margin of 0 it is ``multiclass_perceptron``.

    Elsewhere: optax takes labels only. ``CategoricalHinge`` of Keras 3.15.1 lets a score of 0 compete with the rivals:
    for scores (−1, −2, −3) and class 0 it gives 2 instead of 0.
    """
    z, t, lead = as_node(scores), as_node(target), as_node(margin)
    rival = z + lead * (1.0 - t)
    return _behind(rival, z, t, lead * (1.0 - t))


@row(
    task="multiclass",
    aliases=("optax.losses.multiclass_perceptron_loss",),
    references=("Collins (2002), Discriminative training methods for hidden Markov models, EMNLP, 1–8",),
)
def multiclass_perceptron(scores: Real, target: Distribution) -> Value:
    """How far the right class is behind the best one.

        max_c scores_c − Σ_c t_c scores_c,  t = target

    Each row of K classes has one loss, 0 where the right class leads. Classes that are equal share the slope, so that
    training may start from zeros. Equal scores everywhere are a minimum.

    Use it when a row should count only as long as another class leads, as in Collins's rule.

    Args:
        scores: Numbers; the class with the greatest one is the answer.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1.

    Example:
        >>> import lossary as ls
        >>> ls.multiclass_perceptron([[1.0, 0.5], [1.0, 0.5]], [0, 1], reduction="none").tolist()
        [0.0, 0.5]

    Identities: it is ``crammer_singer`` with a margin of 0; of the two classes (0, s) it is ``perceptron(s, target)``.

    Elsewhere: optax takes labels only.
    """
    z = as_node(scores)
    return _behind(z, z, as_node(target), as_node(0.0))


def _behind(rival: Node, z: Node, t: Node, lead: Node) -> Node:
    """Return how far each class is behind the best rival, weighted by the target; an infinite score is its own rival.

    A row with a NaN is NaN. It is left out of the maximum, as frameworks and kernels differ in what they do with it.
    """
    is_number = equal(z, z)
    top = greatest(where(is_number, rival, -math.inf))
    gap = where(equal(z, math.inf), lead, top - z)
    exact = guard(equal(total(where(is_number, 0.0, 1.0)), 0.0), total(weighted(t, gap)))
    return written_as(greatest(rival) - total(weighted(t, z)), exact)
