"""How large the terms are that a result is a difference of: what it may be off by is some roundings of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fuzz.limits import INFINITE
from lossary.catalogue.record import Record
from lossary.symbolic.graph import walk

__all__ = [
    "FALLING",
    "LARGEST",
    "RISING",
    "SUM",
    "WEIGHT",
    "greatest",
    "lost",
    "of_directions",
    "of_each_sign",
    "of_products",
    "of_quotient",
]

Array = np.ndarray[Any, Any]
SUM, WEIGHT = "sum", "weight"  # the parts of a mean
LARGEST = "largest"  # the item of the largest size, in the place of the sum
RISING, FALLING = "rising", "falling"  # the parts of a change: the slopes times their directions, by sign
STEEP, STEEPEST = 10.0, 1e3  # slopes of directions that are worth a thought; in a vector of length 1, at most, about


def of_products(record: Record, arrays: dict[str, Array], name: str) -> Array:
    """The largest number of a draw that a gradient of a layer multiplies slopes by.

    A slope may be a difference of numbers of about 1, as p (log p + H) of an entropy is.
    """
    draws = len(next(iter(arrays.values())))
    factors = {factor for scores in record.scores if record.kind == "linear_softmax" for factor in scores.factors}
    others = [arrays[other] for other in factors - {name} if other in arrays] if name in factors else []
    largest = [np.where(np.isfinite(a), abs(a), 0.0).reshape(draws, -1).max(1, initial=0.0) for a in others]
    return np.asarray(np.maximum.reduce([np.zeros(draws), *largest]))


def of_directions(record: Record, arrays: dict[str, Array], name: str, alone: bool, twice: bool) -> Array:
    """How large the slopes of a draw are before what lies along a vector is taken off, which leaves nothing of some.

    In forward mode, and of second derivatives, those of all vectors meet; else those of one argument stand ``alone``.
    """
    vectors = [argument.name for argument in record.predictions]
    draws = len(arrays[record.arguments[0].name])
    if not record.axes or all(node.word != "unit" for node in walk(record.graph)):
        return np.zeros(draws)
    shortest = np.full(draws, np.inf)
    for each in [name] if alone and name in vectors else vectors:
        lengths = np.linalg.norm(arrays[each].astype(np.float64), axis=-1).reshape(draws, -1)
        shortest = np.minimum(shortest, np.where(lengths > 0, lengths, np.inf).min(1, initial=np.inf))
    steep, is_number = 1 / shortest, arrays[vectors[0]].shape[-1] == 1
    return np.where((steep > STEEP) | is_number, STEEPEST * steep ** (2 if twice else 1), 0.0)


def of_quotient(whole: Array, *of_parts: Array) -> Array:
    """How large the terms are that the quotient rule makes of a mean: those of its parts, and those of both together.

    The slope of a mean of one item in its weight is the difference of two equal terms.
    """
    with np.errstate(invalid="ignore"):
        terms = sum((abs(part) for part in of_parts), abs(whole - sum(of_parts)))
    return np.where(terms < INFINITE, terms, 0.0)


def of_each_sign(held: Callable[..., dict[str, Array]], is_mean: bool) -> dict[str, list[Array]]:
    """The terms of second derivatives.

    Slopes have either sign, and the quotient rule of a mean subtracts what comes of them.
    """
    terms: dict[str, list[Array]] = {}
    for sign in (RISING, FALLING):
        of_parts = [held(sign, part) for part in (SUM, WEIGHT)] if is_mean else []
        for name, whole in held(sign).items():
            parts = [of[name] for of in of_parts]
            terms[name] = [*terms.get(name, []), *parts, whole - sum(parts)]
    return terms


def lost(terms: list[Array]) -> Array:
    """Where the terms are infinite with both signs, and what is left of them is rounding."""
    return np.asarray((np.max(terms, 0) > INFINITE) & (np.min(terms, 0) < -INFINITE))


def greatest(terms: list[Array]) -> Array:
    """The size of the greatest finite term."""
    return np.asarray(np.maximum.reduce([np.where(abs(of) < INFINITE, abs(of), 0.0) for of in terms]))
