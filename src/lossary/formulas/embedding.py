"""Losses of vectors that should lie close together or apart."""

from __future__ import annotations

from lossary.domains import Positive, Real
from lossary.graph import Value
from lossary.record import pairs
from lossary.vocabulary import log_softmax, weighted


@pairs(between=("embedding", "positive"))
def info_nce(similarity: Real, target: Real, *, temperature: Positive = 0.1) -> Value:
    return weighted(target, -log_softmax(similarity / temperature))
