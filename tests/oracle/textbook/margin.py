"""Margin losses."""

from __future__ import annotations

from collections.abc import Callable

from oracle.exact import Jet, exp, jet
from oracle.textbook.common import NOTHING, Terms

__all__ = [
    "binary_sparsemax", "exponential", "hinge", "hinge_embedding", "margin_ranking", "modified_huber", "perceptron",
    "squared_hinge",
]  # fmt: skip


def of_outcomes(loss: Callable[[Jet], Jet], score: Jet, target: Jet) -> Terms:
    return [target * loss(score), (1 - target) * loss(-score)]


def above_0(x: Jet) -> Jet:
    """Half of the slope at 0."""
    return x if x.value > 0 else NOTHING if x.value < 0 else x.through(0, jet(0.5).value, 0)


def square_above_0(x: Jet) -> Jet:
    return x * x if x.value > 0 else NOTHING


def hinge(scores: Jet, target: Jet) -> Terms:
    return of_outcomes(lambda z: above_0(1 - z), scores, target)


def squared_hinge(scores: Jet, target: Jet) -> Terms:
    return of_outcomes(lambda z: square_above_0(1 - z), scores, target)


def modified_huber(scores: Jet, target: Jet) -> Terms:
    return of_outcomes(lambda z: -4 * z if z < -1 else square_above_0(1 - z), scores, target)


def binary_sparsemax(scores: Jet, target: Jet) -> Terms:
    return of_outcomes(lambda z: -z if z < -1 else square_above_0(1 - z) / 4, scores, target)


def perceptron(scores: Jet, target: Jet) -> Terms:
    return of_outcomes(lambda z: above_0(-z), scores, target)


def exponential(scores: Jet, target: Jet) -> Terms:
    return of_outcomes(lambda z: exp(-z), scores, target)


def margin_ranking(higher: Jet, lower: Jet, *, margin: Jet) -> Terms:
    return [above_0(lower - higher + margin)]


def hinge_embedding(distance: Jet, target: Jet, *, margin: Jet) -> Terms:
    return [target * distance, (1 - target) * above_0(margin - distance)]
