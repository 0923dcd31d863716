"""Losses for tests of what the engines guarantee: few, with everything between them that engines tell losses apart by.

What a formula guarantees is tested for every loss. What is done around a formula (masks, weights, reductions, layouts,
dtypes, transforms, threads, errors) depends on the formula's kind and arguments, not on its mathematics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lossary.catalogue.record import Argument, Record
from lossary.execution.cpu.kernels import BODIES
from lossary.symbolic.graph import walk
from lossary.symbolic.words.word import Along
from lossary.vocabulary import WORDS
from samples import BY_SHAPE, FULL

__all__ = ["OUTLINES", "PRINTED", "REPRESENTATIVES", "along", "representatives", "traits"]

Trait = tuple[str, ...]  # a kind, and what engines see of a loss of it


def traits(record: Record) -> set[Trait]:
    """Return what kinds, keywords and engines read of a loss's record and graph."""
    counts = {"arrays": record.arguments, "predictions": record.predictions, "parameters": record.parameters[:2]}
    found: set[Trait] = {(name, str(len(of))) for name, of in counts.items()}
    found |= {("argument", argument.role, _range_of(argument)) for argument in record.arguments}
    if record.inner.kind != "pointwise":
        found |= {("scores", str(len(record.scores))), ("classes", str(record.takes_classes)), _form(record)}
        found |= {("along", word) for word in along(record)}
    return {(record.kind, *trait) for trait in found}


def _range_of(argument: Argument) -> str:
    """Return how values of an argument are drawn, read and checked."""
    domain = argument.domain
    if argument.takes_logits:
        return "logits"
    if domain.high == 1.0:
        return "distributions" if domain.sums_to_one else "probabilities"
    if domain.high == 0.0:
        return "log-probabilities"
    return "positive" if domain.low == 0.0 else "real"


def along(record: Record) -> set[str]:
    """Return the words that run along an axis: engines compute them by loops, in one pass or several."""
    words = (WORDS[node.word] for node in walk(record.inner.whole) if node.word in WORDS)
    return {word.name for word in words if word.along is not Along.PLACE}


def _form(record: Record) -> Trait:
    """Return how keywords take a sum over classes apart, to weigh its terms: see contract/keywords.py."""
    word = record.inner.whole.word
    return ("form", "sum" if word in ("add", "subtract", "negative", "total") else word)


def outline(record: Record) -> set[Trait]:
    """Return what the code around a kernel or a compiled graph reads of a loss."""
    return {(record.kind, str(len(record.predictions)))}


def printed(record: Record) -> set[Trait]:
    """Return what the printers of kernels for the CPU read of a loss, beside the words of elements."""
    return {*outline(record), *((record.kind, "along", word) for word in along(record))}


def representatives(records: Iterable[Record], read: Callable[[Record], set[Trait]] = traits) -> tuple[Record, ...]:
    """Choose few losses with all traits of the records: one after the other, the first with the most new ones."""
    records = list(records)
    missing, chosen = set[Trait]().union(*map(read, records)), list[Record]()
    while missing:
        chosen.append(max(records, key=lambda record: len(read(record) & missing)))
        missing -= read(chosen[-1])
    return tuple(record for record in records if record in chosen)


# LOSSARY_TEST_FULL=1 takes all losses.
REPRESENTATIVES = BY_SHAPE if FULL else representatives(BY_SHAPE)
OUTLINES = BY_SHAPE if FULL else representatives(REPRESENTATIVES, outline)  # where compiling takes long
PRINTED = representatives((record for record in REPRESENTATIVES if record.kind in BODIES), printed)
