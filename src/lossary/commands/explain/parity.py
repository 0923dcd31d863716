"""Parity of a formula in its residual: whether too high and too low cost the same, proved on the graph."""

from __future__ import annotations

from enum import IntEnum
from functools import cache

from lossary.symbolic.graph import Node
from lossary.symbolic.words import WORDS

__all__ = ["Parity", "parity"]

ODD_WORDS = ("negative", "sign")


class Parity(IntEnum):
    """Sign that a function takes on where its argument changes sign; 0 if neither is proved."""

    ODD = -1
    UNKNOWN = 0
    EVEN = 1


@cache
def parity(node: Node, residual: Node) -> Parity:
    """Return the parity of a node as a function of the residual."""
    if node is residual:
        return Parity.ODD
    parts = [parity(argument, residual) for argument in node.arguments]
    if node.word in ("computed_as", "written_as"):  # the two forms are equal
        return parts[0] or parts[1]
    if node.word == "with_slopes":
        return parts[0]
    if all(part is Parity.EVEN for part in parts):
        return Parity.EVEN
    if node.arguments and WORDS[node.word].even and parts[0] and all(part is Parity.EVEN for part in parts[1:]):
        return Parity.EVEN
    if node.word in ("add", "subtract", "where"):
        parts = [part for part, argument in zip(parts, node.arguments, strict=True) if not argument.is_number(0.0)]
    return Parity.UNKNOWN if Parity.UNKNOWN in parts else _combined(node.word, parts)


def _combined(word: str, parts: list[Parity]) -> Parity:
    """Return the parity of a word whose arguments are even or odd; of terms and branches, those that are not 0."""
    if word in ("add", "subtract"):
        return parts[0] if parts[0] is parts[-1] else Parity.UNKNOWN
    if WORDS[word].is_product or word == "divide":
        return Parity(parts[0] * parts[1])
    if word == "where":
        return parts[1] if parts[0] is Parity.EVEN and parts[1] is parts[-1] else Parity.UNKNOWN
    return parts[0] if word in ODD_WORDS else Parity.UNKNOWN
