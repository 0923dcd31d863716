"""Formulas as plain Unicode text."""

from __future__ import annotations

from collections.abc import Collection

from lossary.catalogue.docstring import sections
from lossary.catalogue.record import Record
from lossary.symbolic.graph import Node, constant, substitute
from lossary.symbolic.latex import as_written
from lossary.symbolic.text import spelled

__all__ = ["LETTERS", "at_defaults", "letter", "plain", "told"]

LETTERS = {
    "prediction": "ŷ", "target": "y", "probability": "p", "log_probability": "log p", "logits": "z", "variance": "σ²",
    "similarity": "s", "target_logits": "z′", "delta": "δ", "temperature": "τ", "label_smoothing": "ε",
    "positive_weight": "w₊", "negative_weight": "w₋", "positive_gamma": "γ₊", "negative_gamma": "γ₋", "margin": "m",
    "scores": "z", "smooth": "ε",
}  # fmt: skip


def plain(node: Node) -> str:
    """Write the formula as one line of text."""
    return spelled(as_written(node), letter)


def told(record: Record, node: Node) -> str:
    """Write a formula of a loss as one line of text; one of named axes as its author wrote it."""
    by_author = sections(record.doc).get("Formula", "") if record.axes else ""
    return " ".join(by_author.split()) or plain(node)


def letter(name: str) -> str:
    """Return the name of a value in formulas: a letter, or the words of its name."""
    return LETTERS.get(name, name.replace("_", " "))


def at_defaults(record: Record, kept: Collection[str] = ()) -> Node:
    """Return the formula with defaults in place of parameters that may be 0, except those in ``kept``."""
    added = [p for p in record.parameters if p.domain.contains(0.0) and p.name not in kept]
    return substitute(record.whole, {parameter.symbol: constant(parameter.default) for parameter in added})
