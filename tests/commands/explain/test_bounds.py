"""Bounds and shapes of formulas, compared with hand calculations and sampled values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lossary.commands.explain.bounds import Bounds, Range
from lossary.commands.explain.convexity import Shape, shape
from lossary.symbolic.graph import Value, as_node, symbol
from lossary.vocabulary import (
    absolute,
    clip,
    exp,
    log,
    log1p,
    log_ratio,
    log_softmax,
    log_sum_exp,
    maximum,
    minimum,
    nonnegative,
    over_length,
    power,
    sigmoid,
    sign,
    softmax,
    softplus,
    sqrt,
    square,
    tanh,
    total,
    weighted,
    where,
)

X, Y = symbol("x"), symbol("y")
KNOWN = {X: Range(-2.0, 3.0), Y: Range(0.0, 1.0)}
ROW = symbol("row")
INF = math.inf

# By hand, for x from −2 to 3 and y from 0 to 1.
ELEMENTS: dict[str, tuple[Value, tuple[float, float]]] = {
    "sum": (X + 2.0 * Y, (-2, 5)),
    "difference": (X - Y, (-3, 3)),
    "product": (X * Y, (-2, 3)),
    "quotient": (X / (Y + 1.0), (-2, 3)),
    "quotient by what may be 0": (1.0 / Y, (1, INF)),
    "quotient by both signs": (1.0 / X, (-INF, INF)),
    "quotient by 0": (X / (0.0 * sign(Y)), (-INF, INF)),
    "square": (square(X), (0, 9)),
    "absolute": (absolute(X - 4.0), (1, 6)),
    "power": (power(Y + 1.0, 3.0), (1, 8)),
    "power of both signs": (power(X, 3.0), (-INF, INF)),
    "exp": (exp(X), (math.exp(-2), math.exp(3))),
    "log of what may be 0": (log(Y), (-INF, 0)),
    "log of what may be negative": (log(X), (-INF, math.log(3))),
    "log1p": (log1p(Y), (0, math.log(2))),
    "log_ratio": (log_ratio(Y, Y + 1.0), (-INF, 0)),
    "sqrt": (sqrt(Y), (0, 1)),
    "tanh": (tanh(X), (math.tanh(-2), math.tanh(3))),
    "sigmoid": (sigmoid(0.0 * X + 0.0 * Y), (0.5, 0.5)),
    "softplus": (softplus(X), (math.log1p(math.exp(-2)), math.log1p(math.exp(3)))),
    "sign": (sign(X), (-1, 1)),
    "maximum": (maximum(X, Y), (0, 3)),
    "minimum": (minimum(X, Y), (-2, 1)),
    "clip": (clip(X, 0.0, INF), (0, 3)),
    "nonnegative": (nonnegative(X), (-2, 3)),
    "nonnegative but for rounding": (nonnegative(X / 256.0), (0, 3 / 256)),
    "weighted": (weighted(Y, X), (-2, 3)),
    "choice": (where(X < Y, 1.0, 2.0), (1, 2)),
    "choice that is known": (where(X < 5.0, 1.0, 2.0), (1, 1)),
    "choice of what it bounds": (where(absolute(X) <= 0.5, X, 0.5 * sign(X)), (-0.5, 0.5)),
    "choice of the opposite": (where(~(0.0 < X), X, 0.0), (-2, 0)),
    "greater choice": (where(1.0 < X, 0.0, X), (-2, 1)),
}


@pytest.mark.parametrize(("formula", "expected"), ELEMENTS.values(), ids=ELEMENTS.keys())
def test_bounds_of_elements(formula: Value, expected: tuple[float, float]) -> None:
    found = Bounds(KNOWN).of(as_node(formula))
    assert found == pytest.approx(expected)


# For any number of classes: logits of any size, a row of shares, and x.
ROWS: dict[str, tuple[Value, tuple[float, float]]] = {
    "sum of numbers": (total(X), (-INF, INF)),
    "sum of no negative numbers": (total(Y + 1.0), (1, INF)),
    "sum of shares": (total(ROW), (1, 1)),
    "sum of a softmax": (total(softmax(X)), (1, 1)),
    "mean by shares": (total(weighted(ROW, X)), (-2, 3)),
    "mean by a softmax, scaled": (total(2.0 * (softmax(X) * Y)), (0, 2)),
    "mean over a number": (total(weighted(ROW, X) / 2.0), (-1, 1.5)),
    "negative mean": (total(-(ROW * Y)), (-1, 0)),
    "log_softmax": (log_softmax(X), (-INF, 0)),
    "log_sum_exp": (log_sum_exp(X), (-2, INF)),
    "entropy": (-total(weighted(softmax(X), log_softmax(X))), (0, INF)),
    "cross-entropy's slope": (softmax(X) * total(ROW) - ROW, (-1, 1)),
}


@pytest.mark.parametrize(("formula", "expected"), ROWS.values(), ids=ROWS.keys())
def test_bounds_of_rows(formula: Value, expected: tuple[float, float]) -> None:
    found = Bounds(KNOWN | {ROW: Range(0.0, 1.0)}, [ROW]).of(as_node(formula))
    assert found == pytest.approx(expected)


def test_a_word_without_a_rule_has_no_bound() -> None:
    assert Bounds(KNOWN).of(over_length(X, Y)) == (-INF, INF)


SHAPES: dict[str, tuple[Value, Shape]] = {
    "affine": (2.0 * X - Y, Shape.AFFINE),
    "constant": (log(Y), Shape.AFFINE),
    "square": (square(X - Y), Shape.CONVEX),
    "square of a convex part that is never negative": (square(exp(X)), Shape.CONVEX),
    "square of a convex part of both signs": (square(exp(X) - 1.0), Shape.UNKNOWN),
    "negative": (-absolute(X), Shape.CONCAVE),
    "times what is never negative": (weighted(Y, softplus(X)), Shape.CONVEX),
    "times what is never positive": ((Y - 1.0) * softplus(X), Shape.CONCAVE),
    "times both signs": ((Y - 0.5) * softplus(X), Shape.UNKNOWN),
    "times both signs, affine": ((Y - 0.5) * X, Shape.AFFINE),
    "over a number": (square(X) / -2.0, Shape.CONCAVE),
    "under a number": (1.0 / X, Shape.UNKNOWN),
    "log of a concave part": (log(log(X)), Shape.CONCAVE),
    "log of a convex part": (log(exp(X) + 1.0), Shape.UNKNOWN),
    "log_ratio": (log_ratio(Y, X), Shape.CONVEX),
    "maximum": (maximum(square(X), X), Shape.CONVEX),
    "minimum": (minimum(square(X), X), Shape.UNKNOWN),
    "log_softmax": (log_softmax(3.0 * X), Shape.CONCAVE),
    "log_softmax of a bend": (log_softmax(square(X)), Shape.UNKNOWN),
    "sum": (total(weighted(Y, -log_softmax(X))), Shape.CONVEX),
    "convex and concave": (square(X) - exp(X), Shape.UNKNOWN),
    "clip": (clip(square(X) - 1.0, 0.0, INF), Shape.CONVEX),
    "nonnegative": (nonnegative(square(X) - 1.0), Shape.CONVEX),
    "choice by another": (where(Y < 0.5, square(X), exp(X)), Shape.CONVEX),
    "choice by itself": (where(X < 0.5, square(X), exp(X)), Shape.UNKNOWN),
    "softmax": (softmax(X), Shape.UNKNOWN),
}


@pytest.mark.parametrize(("formula", "expected"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes(formula: Value, expected: Shape) -> None:
    assert shape(as_node(formula), X, Bounds({Y: Range(0.0, 1.0)})) == expected


def test_a_bound_of_0_wins_over_infinity() -> None:
    """The numbers themselves are finite."""
    assert Bounds({Y: Range(0.0, np.inf)}).of(0.0 * Y + Y * Y) == (0, INF)
