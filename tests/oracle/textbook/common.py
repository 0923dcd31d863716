"""Functions of several definitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mpmath import mp

from oracle.exact import ZERO, Jet, exp, jet

Terms = list[Jet]
Row = Sequence[Jet]
NOTHING = jet(0)


def half_log_two_pi() -> Jet:
    return jet(mp.log(2 * mp.pi) / 2)


def softmax(logits: Row) -> Row:
    powers = [exp(z) for z in logits]
    whole = sum(powers, jet(0))
    return [power / whole for power in powers]


def length(row: Row) -> Jet:
    """The root of the sum of squares, whose slope is 0 where it is."""
    squares = sum((x * x for x in row), jet(0))
    if not squares.value:
        return jet(0)
    root = mp.sqrt(squares.value)
    return squares.through(root, 1 / (2 * root), -1 / (4 * root**3))


def rounded(term: Jet) -> Terms:
    """The change of a loss by a change of a number inside, as large as the number: its rounding is that of a term."""
    return [term, -term]


def of_small_terms(terms: Terms, *sizes: Any) -> Terms:
    """The value as one term, beside what else has the sizes of its terms; the slopes have the terms of the textbook."""
    value = jet(sum((term.value for term in terms), ZERO))
    return [
        value,
        *(term for size in sizes for term in rounded(jet(size))),
        *(Jet(ZERO, t.slope, t.curve) for t in terms),
    ]
