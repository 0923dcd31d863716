"""Graphs as one line of Unicode text."""

from __future__ import annotations

import math
from collections.abc import Callable

from lossary.symbolic.graph import Node
from lossary.symbolic.words import WORDS, square
from lossary.symbolic.words.notation import Binds, Notation

__all__ = ["spelled"]


def spelled(node: Node, letter: Callable[[str], str] = str) -> str:
    """Write a formula as text; ``letter`` returns what stands for the name of a value."""
    if node.word == "constant":
        value = float(node.label or 0.0)
        return "∞" if math.isinf(value) else f"{value:g}".replace("-", "−")
    if node.word == "symbol":
        return letter(str(node.label))
    arguments = node.arguments[:1] if _is_square(node) else node.operands
    notation = _notation(node)
    asked = notation.asked(len(arguments))
    parts = [_within(part, least, letter) for part, least in zip(arguments, asked, strict=True)]
    return notation.template.format(*parts).replace("+ −", "− ").replace("log (", "log(")


def _notation(node: Node) -> Notation:
    return square.in_text(1) if _is_square(node) else WORDS[node.word].in_text(len(node.operands))


def _is_square(node: Node) -> bool:
    return node.word == "multiply" and node.arguments[0] is node.arguments[1]


def _within(node: Node, asked: Binds, letter: Callable[[str], str]) -> str:
    """Write a part of a formula, in parentheses if it binds less strongly than asked."""
    binds = _notation(node).binds if node.arguments else Binds.ATOM
    return spelled(node, letter) if binds >= asked else f"({spelled(node, letter)})"
