"""Polynomials and their quotients, which define special functions: see tools/coefficients.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from lossary.symbolic.graph import Node, as_node, constant

Pair = tuple[Sequence[float], Sequence[float]]


def polynomial(terms: Sequence[float], x: Node) -> Node:
    """Return the polynomial with these coefficients, lowest power first."""
    return reduce(lambda value, term: term + x * value, reversed(terms[:-1]), as_node(terms[-1]))


def divided_difference(terms: Sequence[float], x: Node, y: Node) -> Node:
    """Return (p(x) − p(y)) / (x − y) of the polynomial p with these coefficients, without cancellation."""
    slope, value = as_node(terms[-1]), terms[-2] + terms[-1] * y
    for term in reversed(terms[:-2]):
        slope, value = value + slope * x, term + value * y
    return slope


def quotient(pair: Pair, x: Node) -> Node:
    """Return the quotient of two polynomials."""
    return polynomial(pair[0], x) / polynomial(pair[1], x)


def folded(definition: Callable[..., Node]) -> Callable[..., float]:
    """Return the function of Python's numbers with this definition."""

    def value(*arguments: float) -> float:
        node = definition(*map(constant, arguments))
        if not node.is_number():
            raise ValueError(f"there is no value at {arguments}")
        return float(node.label or 0.0)

    return value
