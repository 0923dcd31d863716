"""Polynomials and their quotients, which define special functions: see tools/coefficients.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from lossary.symbolic.graph import Node, as_node, constant
from lossary.symbolic.words.conditions import where

Pair = tuple[Sequence[float], Sequence[float]]
FACTORS = (0.5, 2.0, -0.5, -2.0)  # of an argument, which coefficients take without rounding


def polynomial(terms: Sequence[float], x: Node) -> Node:
    """Return the polynomial with these coefficients, lowest power first.

    A select with 0, a sign and a factor of x are taken out, else they would be computed anew for each power.
    """
    if x.word == "where" and any(branch.is_number(0.0) for branch in x.arguments[1:]):
        condition, a, b = x.arguments
        return where(condition, polynomial(terms, a), polynomial(terms, b))
    if x.word == "negative":
        return polynomial(_scaled(terms, -1.0), x.arguments[0])
    if x.word == "multiply" and x.arguments[0].is_number(*FACTORS):
        return polynomial(_scaled(terms, float(x.arguments[0].label or 0.0)), x.arguments[1])
    return reduce(lambda value, term: term + x * value, reversed(terms[:-1]), as_node(terms[-1]))


def _scaled(terms: Sequence[float], factor: float) -> list[float]:
    """Return the coefficients of the polynomial of ``factor`` · x."""
    return [term * factor**k for k, term in enumerate(terms)]


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
