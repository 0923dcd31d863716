"""Losses of one class among several."""

from __future__ import annotations

from lossary.domains import Probability, Real
from lossary.graph import Value
from lossary.record import row, softmax
from lossary.vocabulary import log, log_softmax, weighted


@row()
def categorical_cross_entropy(probability: Probability, target: Probability) -> Value:
    return weighted(target, -log(probability))


@softmax()
def softmax_cross_entropy(logits: Real, target: Probability) -> Value:
    return weighted(target, -log_softmax(logits))
