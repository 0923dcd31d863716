"""Losses of the bars that lossary's catalogue does not have: formulas of a user's own, which run like any other."""

from __future__ import annotations

import lossary
from lossary.domains import Probability, Real
from lossary.symbolic.graph import Value
from lossary.vocabulary import sigmoid, softplus, square, weighted


@lossary.pointwise
def focal(logits: Real, target: Probability) -> Value:
    """Sigmoid cross-entropy times the square of the probability of what did not happen."""
    probability = sigmoid(logits)
    miss = probability + target - 2.0 * probability * target
    cross_entropy = weighted(target, softplus(-logits)) + weighted(1.0 - target, softplus(logits))
    return square(miss) * cross_entropy
