"""Formulas in the letters of a terminal."""

from __future__ import annotations

import math
from collections.abc import Collection

from lossary.graph import Node, constant, substitute
from lossary.latex import as_written
from lossary.record import Record

__all__ = ["LETTERS", "at_defaults", "letter", "plain"]

LETTERS = {
    "prediction": "ŷ", "target": "y", "probability": "p", "logits": "z", "variance": "σ²", "similarity": "s",
    "target_logits": "z′", "delta": "δ", "temperature": "τ", "label_smoothing": "ε", "positive_weight": "w₊",
    "smooth": "ε",
}  # fmt: skip
# How a word is written and how tightly it binds: its parts stand in parentheses where they bind less.
SIGNS = {
    "add": ("{0} + {1}", 1), "subtract": ("{0} − {1}", 1), "negative": ("−{0}", 1), "total": ("Σ {0}", 2),
    "multiply": ("{0} {1}", 2), "product": ("{0} {1}", 2), "weighted": ("{0} {1}", 2), "divide": ("{0} / {1}", 2),
    "log": ("log {0}", 3), "exp": ("exp({0})", 9), "sigmoid": ("sigmoid({0})", 9),
    "log_softmax": ("log softmax({0})", 9), "softmax": ("softmax({0})", 9), "log_sum_exp": ("log Σ exp({0})", 3),
    "tanh": ("tanh({0})", 9), "maximum": ("max({0}, {1})", 9), "minimum": ("min({0}, {1})", 9),
    "square": ("{0}²", 4), "power": ("{0}^{1}", 4), "absolute": ("|{0}|", 9),
    "less": ("{0} < {1}", 0), "less_equal": ("{0} ≤ {1}", 0), "equal": ("{0} = {1}", 0),
    "both": ("{0} and {1}", 0), "either": ("{0} or {1}", 0), "opposite": ("not {0}", 0),
    "where": ("{1} if {0}, else {2}", 0),
}  # fmt: skip
CALL = 9
# The second part of these is set apart even where it binds as tightly.
ONE_SIDED = ("subtract", "divide")


def plain(node: Node) -> str:
    """The formula as one line of text."""
    return _spelled(as_written(node))


def letter(name: str) -> str:
    """The name of a value in formulas: a letter, or the words of its name."""
    return LETTERS.get(name, name.replace("_", " "))


def _spelled(node: Node) -> str:
    if node.word == "constant":
        value = float(node.label or 0.0)
        return "∞" if math.isinf(value) else f"{value:g}".replace("-", "−")
    if node.word == "symbol":
        return letter(str(node.label))
    word = "square" if node.word == "multiply" and node.arguments[0] is node.arguments[1] else node.word
    if word not in SIGNS:
        return f"{word}({', '.join(map(_spelled, node.arguments))})"
    sign, binds = SIGNS[word]
    parts = [_within(argument, binds, node.word in ONE_SIDED and i > 0) for i, argument in enumerate(node.arguments)]
    return sign.format(*parts).replace("+ −", "− ").replace("log (", "log(")


def at_defaults(record: Record, kept: Collection[str] = ()) -> Node:
    """The formula without what its parameters add; those ``kept`` stay, and those that can never be 0."""
    added = [p for p in record.parameters if p.domain.contains(0.0) and p.name not in kept]
    return substitute(record.whole, {parameter.symbol: constant(parameter.default) for parameter in added})


def _within(node: Node, binds: int, strictly: bool) -> str:
    """A part of a formula, in parentheses where it would be read wrongly without."""
    own = SIGNS.get(node.word, ("", CALL))[1] if node.arguments else CALL
    open_to_both_sides = binds in (CALL, 0)
    if open_to_both_sides or own > binds or (own == binds and not strictly):
        return _spelled(node)
    return f"({_spelled(node)})"
