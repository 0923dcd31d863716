"""Squared distances of all pairs, by products: near the exact ones, exactly 0 for equal rows, and their derivatives."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
import torch

import lossary as ls
from arrays import AS_USERS
from lossary.symbolic import codegen
from lossary.symbolic.derivatives import gradient
from lossary.symbolic.graph import Node, index, symbol, walk
from lossary.symbolic.words import summed
from lossary.vocabulary import equal, exp, maximum, other, sqrt, square, total, where

Array = np.ndarray[Any, Any]
X, Y = (symbol(name, frozenset(axes.split())) for name, axes in (("x", "item feature"), ("y", "feature class")))
W = symbol("w", frozenset({"item"}))
DIMENSIONS = {"item": 0, "feature": 1, "other_item": 2}
SQUARES = total(square(X - other(X)), over="feature")


@ls.loss(axes={"x": "item feature", "target": "item"})
def kernel(x: Any, target: Any, *, width: float = 2.0) -> Any:
    """A Gaussian of the distance of rows of other groups, and the squared distance of those of one."""
    squared = total(square(x - other(x)), over="feature")
    return total(where(equal(target, other(target)), squared, exp(-squared / square(width))), over="other_item")


@ls.loss(axes={"x": "item feature", "target": "item"})
def contrast(x: Any, target: Any) -> Any:
    """What distances lack of a margin of 4; those of 0 have no slope."""
    squared = total(square(x - other(x)), over="feature")
    distance = where(equal(squared, 0.0), 0.0, sqrt(where(equal(squared, 0.0), 1.0, squared)))
    return total(maximum(4.0 - distance, 0.0) * (1.0 - other(target)), over="other_item")


def plain(name: str, x: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    squared = (x[:, None] - x[None]).square().sum(2)
    if name == "kernel":
        return torch.where(target[:, None] == target, squared, torch.exp(-squared / 4)).sum()
    distance = torch.where(squared == 0, 0.0, torch.sqrt(torch.where(squared == 0, 1.0, squared)))
    return (torch.relu(4 - distance) * (1 - target)).sum()


def rows(seed: int, width: int) -> tuple[Array, Array]:
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(9, width))
    x[3] = x[7]
    return x, draw.integers(0, 2, 9).astype(float)


@pytest.mark.parametrize("width", [1, 7, 8, 40])
@pytest.mark.parametrize("loss", [kernel, contrast], ids=lambda loss: loss.record.name)
def test_values_and_derivatives(loss: ls.Loss, width: int) -> None:
    x, target = rows(width, width)
    given = torch.tensor(x, requires_grad=True), torch.tensor(target)
    expected = plain(loss.record.name, *given)
    (slope,) = torch.autograd.grad(expected, given[0], create_graph=True)
    (bend,) = torch.autograd.grad(slope.square().sum(), given[0])
    value, found = loss.value_and_gradient(x, target, reduction="sum")
    np.testing.assert_allclose(value, expected.item(), rtol=1e-12)
    np.testing.assert_allclose(found, slope.detach(), rtol=1e-10, atol=1e-12)
    with jax.enable_x64(True):
        by_jax = jax.grad(lambda x: loss(x, jax.numpy.asarray(target), reduction="sum"))
        traced = jax.jit(by_jax, compiler_options=AS_USERS)(jax.numpy.asarray(x))
    np.testing.assert_allclose(traced, slope.detach(), rtol=1e-10, atol=1e-12)
    (again,) = torch.autograd.grad(loss(*given, reduction="sum"), given[0], create_graph=True)
    (own,) = torch.autograd.grad(again.square().sum(), given[0])
    np.testing.assert_allclose(own, bend, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("width", [8, 100, 1000, 5000])
def test_the_error_is_a_rounding_of_the_squares(width: int, dtype: Any) -> None:
    """As docs/contract.md states it; and equal rows have a distance of exactly 0."""
    draw = np.random.default_rng(width)
    x = (draw.normal(size=(40, width)) * draw.lognormal(0, 2, size=(40, 1)) + 1).astype(dtype)
    x[1::2] = x[::2]
    x[1::4] *= 1 + dtype(2.0) ** -8
    (body,) = codegen.build((SQUARES,), (X,), "numpy")(x[:, :, None], axes=DIMENSIONS)
    exact = np.square(x[:, None].astype(np.longdouble) - x[None]).sum(2)
    sizes = np.square(x.astype(np.longdouble)).sum(1)
    bound = (8 + width / 128) * np.finfo(dtype).eps * (sizes[:, None] + sizes)
    assert (abs(body[:, 0] - exact) <= bound).all()
    assert not body[:, 0][exact == 0].any()
    assert (exact == 0).sum() == 60
    assert (body[:, 0][exact > bound] > 0).all()


@pytest.mark.parametrize(
    "formula",
    [
        SQUARES,
        total(square(X - other(X)) * W, over="feature"),
        total(W * SQUARES, over="other_item"),
        total(exp(-SQUARES), over="other_item"),
        total(sqrt(total(square(X - Y), over="feature")), over="class"),
    ],
    ids=str,
)
def test_no_value_varies_along_all_axes(formula: Node) -> None:
    """Nor does one of its gradient, the order of whose axes a formula chooses: a row of pairs is never made."""
    whole = {"item", "feature", "other_item"}, {"item", "feature", "class"}
    outputs = (formula, *gradient(summed(formula), [X]))
    for target in ("numpy", "eager", "jax"):
        for node in walk(*codegen.printed(outputs, target)):
            assert all(not axes <= node.axes for axes in whole), node


def test_a_difference_of_given_pairs_is_summed_as_it_is() -> None:
    near = np.full((2, 16), 1e8) + np.eye(2, 16)
    loss = ls.loss(axes={"x": "item feature", "target": "item feature"})(given_pairs)
    np.testing.assert_array_equal(loss(near, np.full((2, 16), 1e8), reduction="none"), [1.0, 1.0])


def given_pairs(x: Any, target: Any) -> Any:
    return total(square(x - target), over="feature")


SLOPES: dict[str, Any] = {  # of pairs, and the gradient of their sum for the rows 1, 2, 4 of one number
    "that are the same for all": (lambda x: square(other(x) - x), [-16.0, -4.0, 20.0]),
    "halved": (lambda x: 0.5 * square(x - other(x)), [-8.0, -2.0, 10.0]),
    "of differences": (lambda x: (x - other(x)) * 3.0, [0.0, 0.0, 0.0]),
    "weighted by row": (lambda x: square(x - other(x)) * index("item"), [-14.0, -10.0, 24.0]),
}


@pytest.mark.parametrize("name", SLOPES)
def test_slopes(name: str) -> None:
    formula, expected = SLOPES[name]
    loss = ls.loss(axes={"x": "item feature"})(lambda x: total(total(formula(x), over="feature"), over="other_item"))
    x = np.array([[1.0], [2.0], [4.0]])
    value, slope = loss.value_and_gradient(x, reduction="sum")
    np.testing.assert_allclose(slope[:, 0], expected, atol=1e-14)
    np.testing.assert_allclose(jax.grad(lambda x: loss(x, reduction="sum"))(x)[:, 0], expected, atol=1e-5)
    given = torch.tensor(x, requires_grad=True)
    (first,) = torch.autograd.grad(loss(given, reduction="sum"), given, create_graph=True)
    np.testing.assert_allclose(first.detach()[:, 0], expected, atol=1e-14)
    np.testing.assert_allclose(value, loss(x, reduction="none").sum())


@ls.loss(axes={"x": "item feature"})
def energy(x: Any) -> Any:
    """The distances of a row to all, the root of which is steep at 0."""
    return total(sqrt(total(square(x - other(x)), over="feature") + 1e-12), over="other_item")


ROWS = {
    "equal": np.ones((7, 9)),
    "two numbers, far from 0": [[100, 0], [101, 0], [100, 3]],
    "four numbers, far from 0": np.random.default_rng(0).normal(size=(30, 4)) + 100,
    "many": np.random.default_rng(0).normal(size=(64, 16)),
    "near each other": 3 + 1e-3 * np.random.default_rng(0).normal(size=(30, 64)),
    "with one far away": np.concatenate([np.random.default_rng(0).normal(size=(20, 16)), np.full((1, 16), 1e6)]),
}


@pytest.mark.parametrize("name", ROWS)
def test_slopes_of_rows_that_are_near_beside_their_numbers(name: str) -> None:
    x = np.asarray(ROWS[name], np.float32)
    exact = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    apart = (exact[:, None] - exact[None]).square().sum(2)
    expected = torch.sqrt(apart + 1e-12).sum()
    (slope,) = torch.autograd.grad(expected, exact)
    value, found = energy.value_and_gradient(x, reduction="sum")
    np.testing.assert_allclose(value, expected.item(), rtol=1e-6)
    np.testing.assert_allclose(found, slope, atol=1e-6 * len(x))


@pytest.mark.parametrize("width", [7, 8])
@pytest.mark.parametrize(("number", "own"), [(-np.inf, np.nan), (np.inf, np.nan), (1e20, None)])
def test_rows_that_are_infinitely_far(width: int, number: float, own: float | None) -> None:
    """Of a row whose squares overflow, the distance to itself is 0, or NaN; never that to others."""
    x = np.zeros((3, width), np.float32)
    x[0], x[1] = number, 1.0
    with np.errstate(all="ignore"):
        (body,) = codegen.build((SQUARES,), (X,), "numpy")(x[:, :, None], axes=DIMENSIONS)
    squares = body[:, 0]
    assert np.isinf(squares[0, 1:]).all()
    assert np.isinf(squares[1:, 0]).all()
    np.testing.assert_allclose(squares[1:, 1:], [[0, width], [width, 0]])
    assert np.isnan(squares[0, 0]) or (own is None and squares[0, 0] == 0)


def test_masked_rows_are_in_no_pair() -> None:
    x, target = rows(0, 16)
    mask = np.arange(9) != 4
    x[4] = np.nan
    value, slope = kernel.value_and_gradient(x, target, mask=mask)
    expected = kernel.value_and_gradient(x[mask], target[mask])
    np.testing.assert_allclose(value, expected[0], rtol=1e-13)
    np.testing.assert_allclose(slope[mask], expected[1], rtol=1e-11)
    assert not slope[4].any()
