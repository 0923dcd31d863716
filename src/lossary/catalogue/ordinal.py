"""Losses of levels: classes that have an order, such as grades."""

from __future__ import annotations

import math

from lossary.catalogue.record import Rule
from lossary.catalogue.registry import named_axes
from lossary.domains import Label, Real
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    difference,
    equal,
    expm1,
    index,
    log,
    log1p,
    pick,
    places,
    shifted,
    sigmoid,
    softplus,
    total,
    where,
    with_slopes,
    written_as,
)

LEVELS = {"class": lambda boundary: boundary + 1}  # how many there are, given the boundaries between them


@named_axes(
    task="multiclass",
    axes={"prediction": "item", "target": "item", "thresholds": "boundary"},
    mask="item",
    lengths=LEVELS,
    rules=(Rule("thresholds", lambda thresholds: _rise(thresholds), "less than the one before it; they must rise"),),
    aliases=("proportional_odds", "ordered_logit"),
    references=("McCullagh (1980), Regression models for ordinal data, J. Royal Statistical Society B 42(2), 109–142",),
)
def cumulative_link(prediction: Real, target: Label, thresholds: Real) -> Value:
    """The negative log-probability of a level that is cut out of a logistic variable: proportional odds.

        −log(σ(thresholds_y − prediction) − σ(thresholds_{y−1} − prediction)),  y = target

    σ(thresholds_k − prediction) is the probability of level k or a lower one; below the first level it is 0, and 1 up
    to the last. Each item has one loss, in nats. No sigmoids are subtracted: the loss is log(1 + exp(prediction −
    thresholds_y)) + log(1 + exp(thresholds_{y−1} − prediction)) − log(1 − exp(thresholds_{y−1} − thresholds_y)), the
    terms of which are ≥ 0, and exact for thresholds that are close and far apart.

    Use it when the target is a level on a scale, such as a grade, and the steps of the scale are not equally wide.

    Args:
        prediction: Numbers, one for each item: the greater, the higher its level.
        target: Levels: whole numbers from 0 to the number of thresholds.
        thresholds: Numbers that rise, the boundaries between the levels, the same for all items. They are learned, too:
            ``value_and_gradient`` returns two gradients.

    Between two equal thresholds there is no room: the level there costs ∞. They always rise if the first is learned,
    and the logarithms of the steps: ``first + exp(steps).cumsum(0)`` is the rest.

    Example:
        >>> import lossary as ls
        >>> float(ls.cumulative_link([0.0], [1], [-1.0, 1.0]))  # −log(σ(1) − σ(−1))
        0.771936

    Identities: of two levels it is ``sigmoid_cross_entropy(prediction - threshold, target)``. The same model is fitted
    boundary by boundary by ``ordinal_cross_entropy(prediction[:, None] - thresholds, target)``.

    Elsewhere: PyTorch, Keras, optax and scikit-learn do not have it. Thresholds have this sign in ``OrderedModel`` of
    statsmodels with ``distr="logit"``, and in ``polr`` of R's MASS.
    """
    f, y, k = as_node(prediction), as_node(target), index("boundary")
    is_first, is_last = equal(y, 0.0), equal(y, places("boundary"))
    upper, lower = (total(where(equal(k + back, y), thresholds, 0.0), over="boundary") for back in (0.0, 1.0))
    below = where(is_last, 0.0, softplus(difference(f, upper)))
    above = where(is_first, 0.0, softplus(difference(lower, f)))
    exact = below + above + where(is_first | is_last, 0.0, _between(difference(upper, lower)))
    upper, lower = (pick(thresholds, y - back, over="boundary") for back in (0.0, 1.0))
    return written_as(-log(sigmoid(upper - f) - sigmoid(lower - f)), exact)


def _wrong_side(logits: Node, target: Node) -> Node:
    """Return the cross-entropy of whether a level is above each boundary, given the logits of that."""
    return softplus(where(index("boundary") < target, -logits, logits))


def _rise(thresholds: Node) -> Node:
    """The condition that no threshold is less than the one before it."""
    return ~(thresholds < shifted(thresholds, "boundary", fill=-math.inf))


def _between(gap: Node) -> Node:
    """Return −log(1 − exp(−gap)), of a gap ≥ 0, as log(1 + 1 / (exp(gap) − 1)): exact for small and large gaps."""
    slope = 1.0 / expm1(gap)
    return with_slopes(log1p(slope), gap, with_slopes(-slope, gap, slope * (1.0 + slope)))


@named_axes(
    task="multiclass",
    axes={"logits": "item boundary", "target": "item"},
    mask="item",
    lengths=LEVELS,
    references=(
        "Li & Lin (2007), Ordinal regression by extended binary classification, NeurIPS",
        "Cao, Mirjalili & Raschka (2020), Rank consistent ordinal regression for neural networks, arXiv:1901.07884",
    ),
)
def ordinal_cross_entropy(logits: Real, target: Label) -> Value:
    """The cross-entropy of whether a level is above each boundary between levels, summed over the boundaries.

        Σ_{k < target} log(1 + exp(−logits_k)) + Σ_{k ≥ target} log(1 + exp(logits_k))

    logits_k is the log-odds that an item's level is above level k, so that K levels have K − 1 logits. Each item has
    one loss, in nats. A level that is missed by two boundaries costs more than one that is missed by one.

    Use it when the target is a level on a scale, and a network gives a logit for each boundary: CORAL, and others.

    Args:
        logits: Log-odds of a level above each boundary: any numbers, which should fall along a row, as probabilities
            do. Those of one number for each item less rising thresholds always fall.
        target: Levels: whole numbers from 0 to the number of boundaries.

    Example:
        >>> import lossary as ls
        >>> float(ls.ordinal_cross_entropy([[1.0, -1.0]], [1]))  # twice log(1 + 1/e)
        0.626523

    Identities: it is the sum of ``sigmoid_cross_entropy(logits, target[:, None] > numpy.arange(K - 1))`` over the
    boundaries. ``cumulative_link`` has the probability of the level itself.

    Elsewhere: ``coral_loss`` of coral-pytorch takes a target of K − 1 zeros and ones for each item. Some versions of it
    are a mean over the boundaries.
    """
    return total(_wrong_side(as_node(logits), as_node(target)), over="boundary")
