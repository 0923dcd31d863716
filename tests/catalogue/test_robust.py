"""Robust losses at the ends of their parameters: Barron's shape through 0, 2 and −∞, differentiated in it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from mpmath import mp, mpf

import lossary as ls
from arrays import FRAMEWORKS, Framework
from fuzz.engines import bodies
from lossary.commands.explain.parity import Parity, parity
from lossary.domains import Real, Scale
from lossary.symbolic.graph import symbol
from lossary.vocabulary import absolute, log, sign, square, where

X, C = symbol("x"), symbol("c")
ALPHAS = (-1e4, -10.0, -2.0, -1e-3, -1e-9, 0.0, 1e-12, 1e-4, 0.5, 1.0, 1.7, 1.9999, 2.0001, 3.0)


def barron(error: Any, alpha: Any) -> Any:
    """Equation 8 of the paper; near a hole, of a number beside it."""
    alpha = mpf(10) ** -40 if alpha == 0 else alpha
    distance = abs(alpha - 2)
    return distance / alpha * ((mpf(error) ** 2 / distance + 1) ** (alpha / 2) - 1)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_the_slope_in_the_shape(alpha: float) -> None:
    """It may be a small difference of two terms, of the loss's size by the distance from 2."""
    mp.prec = 600
    errors = torch.tensor([1e-3, 0.3, 2.0, 30.0], dtype=torch.float64)
    shape = torch.full_like(errors, alpha, requires_grad=True)
    ls.general_robust(errors, 0 * errors, alpha=shape, reduction="sum").backward()
    assert shape.grad is not None
    for error, slope in zip(errors.tolist(), shape.grad.tolist(), strict=True):
        exact = mp.diff(lambda a, e=error: barron(e, a), mpf(alpha) if alpha else mpf(10) ** -30, h=mpf(10) ** -40)
        assert abs(slope - exact) < 1e-15 * barron(error, mpf(alpha)) / min(1, abs(alpha - 2)) + 1e-11 * abs(exact)


def test_the_slope_in_the_shape_at_its_ends() -> None:
    """At 2 it is infinite, as u² log(u² / |α − 2|) / 4 is; at −∞ it is 0."""
    errors = torch.tensor([1.0, 0.0], dtype=torch.float64)
    for end, slopes in ((2.0, [math.inf, 0.0]), (-math.inf, [0.0, 0.0])):
        shape = torch.full_like(errors, end, requires_grad=True)
        ls.general_robust(errors, 0 * errors, alpha=shape, reduction="sum").backward()
        assert shape.grad is not None
        assert shape.grad.tolist() == slopes


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_shapes_near_the_holes_are_as_in_them(framework: Framework) -> None:
    errors = framework.make(np.array([1e-8, 0.5, 3.0, 20.0]))
    for hole, near in ((0.0, 1e-9), (2.0, 2 + 1e-8), (-math.inf, -1e9)):
        one, other = (
            framework.numpy(ls.general_robust(errors, 0 * errors, alpha=alpha, reduction="none"))
            for alpha in (hole, near)
        )
        np.testing.assert_allclose(one, other, rtol=2e-6, atol=1e-12)


# Shapes whose product with the loss is subnormal or 0, by dtype: differences and the shape.
NEARLY_0 = [
    (np.float64, (1.0, 2.0, 1e-150), (5e-324, 1e-310, -1e-20)),
    (np.float32, (1.0, 2.0, 1e-8, 1e-12, 1e-15), (1e-45, -1e-42, 1e-30, 1e-20)),
]


@pytest.mark.parametrize("compiled", [False, True], ids=["portable", "compiled"])
@pytest.mark.parametrize(("dtype", "errors", "shapes"), NEARLY_0, ids=["float64", "float32"])
def test_shapes_that_are_nearly_0(dtype: Any, errors: Any, shapes: Any, compiled: bool) -> None:
    """The loss is log(1 + ½ e²); its slope in the shape is that at 0."""
    mp.prec = 600
    given, close = np.array(errors, dtype), {"rtol": 8 * np.finfo(dtype).eps}
    right = [float(mp.log1p(mpf(float(e)) ** 2 / 2)) for e in given]
    for alpha in shapes:
        with bodies(compiled=compiled):
            value, slope = ls.general_robust.value_and_gradient(given, 0 * given, alpha=alpha, reduction="none")
        np.testing.assert_allclose(value, right, **close)
        np.testing.assert_allclose(slope, given / (1 + given**2 / 2), **close)
        shape = torch.tensor(alpha, dtype=torch.tensor(given).dtype, requires_grad=True)
        ls.general_robust(torch.tensor(given), torch.zeros(len(given)), alpha=shape, reduction="sum").backward()
        assert shape.grad is not None
        exact = sum(mp.diff(lambda a, e=e: barron(e, a), mpf(10) ** -30, h=mpf(10) ** -40) for e in errors)
        assert float(shape.grad) == pytest.approx(float(exact), rel=1e-5 if dtype is np.float32 else 1e-13)


def test_a_shape_of_plus_infinity_raises() -> None:
    with pytest.raises(ls.errors.ArgumentError, match="alpha is inf; it must be finite or −∞"):
        ls.general_robust(1.0, 0.0, alpha=math.inf)
    assert ls.general_robust.configure(alpha=-math.inf) == ls.from_dict(
        ls.general_robust.configure(alpha=-math.inf).to_dict()
    )


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_a_function_of_a_parameter_alone_keeps_the_dtype(framework: Framework) -> None:
    """Also if the parameter is the first that the formula names, beside a choice of numbers."""

    def scaled(prediction: Real, target: Real, *, scale: Scale = 1.0) -> Any:
        return (
            where(scale < 2.0, 1.0, 0.0) * where(absolute(scale) < 9.0, 2.0, 1.0) * (log(scale) + prediction - target)
        )

    errors = framework.make(np.array([1.0, 2.0], np.float32))
    found = ls.pointwise(scaled)(errors, 0 * errors, scale=1.5, reduction="none")
    assert str(found.dtype).endswith("float32")
    np.testing.assert_allclose(framework.numpy(found), 2 * (math.log(1.5) + np.array([1.0, 2.0])), rtol=1e-6)


PARITIES = {
    "a square": (square(X), Parity.EVEN),
    "a product of odd ones": (X * sign(X), Parity.EVEN),
    "a cube": (X * square(X), Parity.ODD),
    "a quotient": (C / X, Parity.ODD),
    "a select": (where(absolute(X) < 1.0, X, 0.0), Parity.ODD),
    "a square of a select": (square(where(absolute(X) < C, 0.0, -X)), Parity.EVEN),
    "of one sign": (where(X < 1.0, square(X), 1.0), Parity.UNKNOWN),
    "a sum": (1.0 + X, Parity.UNKNOWN),
    "a logarithm of an odd one": (log(X), Parity.UNKNOWN),
}


@pytest.mark.parametrize(("node", "right"), PARITIES.values(), ids=PARITIES)
def test_parity_is_proved(node: Any, right: Parity) -> None:
    assert parity(node, X) is right
