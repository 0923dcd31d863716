"""Values vary along named axes: words run along one of them, and derivatives are summed over those that are lacking."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from jax import numpy as jnp

from lossary.errors import FormulaError
from lossary.frameworks import jax as jax_face
from lossary.frameworks import torch as torch_face
from lossary.frameworks.face import Dimensions
from lossary.symbolic.codegen import build
from lossary.symbolic.derivatives import gradient, tangent
from lossary.symbolic.graph import ELEMENT, ROW, Node, axis, symbol
from lossary.symbolic.simplify import leaves
from lossary.vocabulary import greatest, log_softmax, log_sum_exp, pick, softmax, square, total, unit

AXES = Dimensions((("item", 0), ("class", 1), ("place", 2)))
X = symbol("x", frozenset({"item", "class", "place"}))
W = symbol("w", frozenset({"item", "class"}))
GIVEN = {"x": np.random.default_rng(0).normal(size=(2, 3, 4)), "w": np.random.default_rng(1).normal(size=(2, 3, 1))}
GIVEN["_place_index"] = np.arange(4.0).reshape(1, 1, 4)


def numpy_value(node: Node, **given: Any) -> Any:
    symbols = leaves(node)
    return build((node,), symbols, "numpy")(*((GIVEN | given)[str(s.label)] for s in symbols), axes=AXES)[0]


def test_an_axis_is_named_where_there_are_several() -> None:
    with pytest.raises(FormulaError, match=r"total could run over class or place: name one, as in over='class'"):
        total(X)
    assert total(X, over="place").axes == ELEMENT
    assert total(total(X, over="place")).axes == ROW
    assert pick(W, symbol("_label", ROW)).axes == ROW
    assert total(W) is total(W, over="class") is not total(W, over="item")
    with pytest.raises(FormulaError, match="total cannot run over place: its value varies along class and item"):
        total(W, over="place")


@pytest.mark.parametrize("framework", ["numpy", "torch", "jax"])
def test_words_run_along_the_axis_that_they_name(framework: str) -> None:
    """The softmax family has forms of its own for each framework."""
    x = torch.tensor(GIVEN["x"])
    for node, expected in (
        (log_softmax(X, over="place"), x.log_softmax(2)),
        (softmax(X, over="class"), x.softmax(1)),
        (log_sum_exp(X, over="place"), x.logsumexp(2, keepdim=True)),
        (greatest(total(X, over="place")), x.sum(2, keepdim=True).amax(1, keepdim=True)),
        (unit(X, over="place"), x / x.norm(dim=2, keepdim=True)),
    ):
        names = [str(s.label) for s in leaves(node)]
        if framework == "numpy":
            found = numpy_value(node)
        elif framework == "torch":
            (found,) = torch_face.compute((node,), leaves(node), AXES, [torch.tensor(GIVEN[n]) for n in names])
        else:
            (found,) = jax_face.compute((node,), leaves(node), AXES, [jnp.asarray(GIVEN[n]) for n in names])
        tolerance = 1e-6 if framework == "jax" else 1e-13  # float32
        np.testing.assert_allclose(np.asarray(found), expected.numpy(), rtol=tolerance, atol=tolerance)


def test_a_derivative_is_summed_over_the_axes_that_an_argument_lacks() -> None:
    """Σ_class softmax_place(x · w)²: its derivative in w is summed over the places."""
    output = total(total(square(softmax(X * W, over="place")), over="place"), over="class")
    x, w = (torch.tensor(GIVEN[name], requires_grad=True) for name in "xw")
    (x * w).softmax(2).square().sum().backward()
    for wrt, tensor in ((X, x), (W, w)):
        (slope,) = gradient(output, [wrt])
        assert slope.axes == wrt.axes
        assert tensor.grad is not None
        np.testing.assert_allclose(numpy_value(slope), tensor.grad.numpy(), rtol=1e-12, atol=1e-14)
    change = symbol("change", W.axes)
    moved = numpy_value(tangent(output, {W: change}), change=np.ones((2, 3, 1)))
    assert w.grad is not None
    np.testing.assert_allclose(moved[:, 0, 0], w.grad.sum((1, 2)).numpy(), rtol=1e-12)


def test_an_axis_is_no_operand() -> None:
    node = total(X, over="place")
    assert node.operands == (X,)
    assert node.arguments == (X, axis("place"))
