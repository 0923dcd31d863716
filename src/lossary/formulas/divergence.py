"""Distances between two distributions."""

from __future__ import annotations

import math

from lossary.domains import Distribution, Real
from lossary.graph import Value
from lossary.record import row, softmax
from lossary.vocabulary import clip, log, log_ratio, log_softmax, total, weighted


@row()
def kl_divergence(probability: Distribution, target: Distribution) -> Value:
    return clip(total(weighted(target, log_ratio(target, probability))), 0.0, math.inf)


@softmax()
def softmax_kl_divergence(logits: Real, target: Distribution) -> Value:
    return clip(total(weighted(target, log(target) - log_softmax(logits))), 0.0, math.inf)
