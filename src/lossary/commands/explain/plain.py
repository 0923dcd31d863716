"""Formulas as plain Unicode text."""

from __future__ import annotations

import math
from collections.abc import Collection

from lossary.catalogue.docstring import sections
from lossary.catalogue.record import Record
from lossary.symbolic.graph import Node, constant, substitute
from lossary.symbolic.latex import as_written
from lossary.symbolic.words import WORDS, square
from lossary.symbolic.words.notation import Binds, Notation

__all__ = ["LETTERS", "at_defaults", "letter", "plain", "told"]

LETTERS = {
    "prediction": "ŷ", "target": "y", "probability": "p", "log_probability": "log p", "logits": "z", "variance": "σ²",
    "similarity": "s", "target_logits": "z′", "delta": "δ", "temperature": "τ", "label_smoothing": "ε",
    "positive_weight": "w₊", "negative_weight": "w₋", "positive_gamma": "γ₊", "negative_gamma": "γ₋", "margin": "m",
    "scores": "z", "smooth": "ε",
}  # fmt: skip


def plain(node: Node) -> str:
    """Write the formula as one line of text."""
    return _spelled(as_written(node))


def told(record: Record, node: Node) -> str:
    """Write a formula of a loss as one line of text; one of named axes as its author wrote it."""
    by_author = sections(record.doc).get("Formula", "") if record.axes else ""
    return " ".join(by_author.split()) or plain(node)


def letter(name: str) -> str:
    """Return the name of a value in formulas: a letter, or the words of its name."""
    return LETTERS.get(name, name.replace("_", " "))


def _spelled(node: Node) -> str:
    if node.word == "constant":
        value = float(node.label or 0.0)
        return "∞" if math.isinf(value) else f"{value:g}".replace("-", "−")
    if node.word == "symbol":
        return letter(str(node.label))
    arguments = node.arguments[:1] if _is_square(node) else node.operands
    notation = _notation(node)
    parts = [_within(part, asked) for part, asked in zip(arguments, notation.asked(len(arguments)), strict=True)]
    return notation.template.format(*parts).replace("+ −", "− ").replace("log (", "log(")


def _notation(node: Node) -> Notation:
    return square.in_text(1) if _is_square(node) else WORDS[node.word].in_text(len(node.operands))


def _is_square(node: Node) -> bool:
    return node.word == "multiply" and node.arguments[0] is node.arguments[1]


def at_defaults(record: Record, kept: Collection[str] = ()) -> Node:
    """Return the formula with defaults in place of parameters that may be 0, except those in ``kept``."""
    added = [p for p in record.parameters if p.domain.contains(0.0) and p.name not in kept]
    return substitute(record.whole, {parameter.symbol: constant(parameter.default) for parameter in added})


def _within(node: Node, asked: Binds) -> str:
    """Write a part of a formula, in parentheses if it binds less strongly than asked."""
    binds = _notation(node).binds if node.arguments else Binds.ATOM
    return _spelled(node) if binds >= asked else f"({_spelled(node)})"
