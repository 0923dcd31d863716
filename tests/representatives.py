"""Losses for tests of what the engines guarantee: few, with everything between them that engines tell losses apart by.

What a formula guarantees is tested for every loss. What is done around a formula (masks, weights, reductions, layouts,
dtypes, transforms, threads, errors) depends on the formula's kind and arguments, not on its mathematics.
"""

from __future__ import annotations

from collections.abc import Iterable

import lossary
from lossary.catalogue.record import Argument, Record

__all__ = ["REPRESENTATIVES", "representatives", "traits"]

Trait = tuple[str, ...]  # a kind, and what engines see of a loss of it


def traits(record: Record) -> set[Trait]:
    """Return what kinds, keywords and engines read of a loss's record and graph."""
    found: set[Trait] = {("predictions", str(len(record.predictions))), ("parameters", str(bool(record.parameters)))}
    found |= {("argument", argument.role, _range_of(argument)) for argument in record.arguments}
    if record.inner.kind != "pointwise":
        found |= {("scores", str(len(record.scores))), ("classes", str(record.takes_classes)), _form(record)}
    return {(record.kind, *trait) for trait in found}


def _range_of(argument: Argument) -> str:
    """Return how values of an argument are drawn, read and checked."""
    domain = argument.domain
    if argument.takes_logits:
        return "logits"
    if domain.high == 1.0:
        return "distributions" if domain.sums_to_one else "probabilities"
    return "positive" if domain.low == 0.0 else "real"


def _form(record: Record) -> Trait:
    """Return how keywords take a sum over classes apart, to weigh its terms: see contract/keywords.py."""
    word = record.inner.whole.word
    return ("form", "sum" if word in ("add", "subtract", "negative", "total") else word)


def representatives(records: Iterable[Record]) -> tuple[Record, ...]:
    """Choose few losses with all traits of the records: one after the other, the first with the most new ones."""
    records = list(records)
    missing, chosen = set[Trait]().union(*map(traits, records)), list[Record]()
    while missing:
        chosen.append(max(records, key=lambda record: len(traits(record) & missing)))
        missing -= traits(chosen[-1])
    return tuple(record for record in records if record in chosen)


REPRESENTATIVES = representatives(lossary.losses())
