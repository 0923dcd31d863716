"""Losses of a yes-or-no target."""

from __future__ import annotations

from lossary.domains import NonNegative, Probability, Real, Smoothing
from lossary.graph import Value
from lossary.record import pointwise
from lossary.vocabulary import log, log1p, softplus, weighted


@pointwise()
def binary_cross_entropy(
    probability: Probability, target: Probability, *, positive_weight: NonNegative = 1.0, label_smoothing: Smoothing = 0.0
) -> Value:
    positive = (1.0 - label_smoothing) * target + 0.5 * label_smoothing
    return weighted(positive_weight * positive, -log(probability)) + weighted(1.0 - positive, -log1p(-probability))


@pointwise()
def sigmoid_cross_entropy(
    logits: Real, target: Probability, *, positive_weight: NonNegative = 1.0, label_smoothing: Smoothing = 0.0
) -> Value:
    positive = (1.0 - label_smoothing) * target + 0.5 * label_smoothing
    return weighted(positive_weight * positive, softplus(-logits)) + weighted(1.0 - positive, softplus(logits))
