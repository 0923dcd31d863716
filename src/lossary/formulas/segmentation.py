"""Losses of two regions that should overlap."""

from __future__ import annotations

from lossary.domains import NonNegative, Probability
from lossary.graph import Value
from lossary.record import overlap
from lossary.vocabulary import equal, total, where


@overlap()
def dice(probability: Probability, target: Probability, *, smooth: NonNegative = 0.0) -> Value:
    apart = total(probability * (1.0 - target) + target * (1.0 - probability))
    size = total(probability + target) + smooth
    return where(equal(size, 0.0), 0.0, apart / size)
