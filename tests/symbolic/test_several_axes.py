"""Formulas of several axes: values and derivatives of both orders on three frameworks, and no array of all axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import jax
import numpy as np
import pytest
import torch
from jax import numpy as jnp
from torch import Tensor

from lossary.frameworks import jax as jax_face
from lossary.frameworks import numpy as numpy_face
from lossary.frameworks import torch as torch_face
from lossary.frameworks.face import Dimensions
from lossary.symbolic.derivatives import gradient, lower, pulled, pushed
from lossary.symbolic.graph import Node, crossed, rebuilt, walk
from lossary.symbolic.products import contracted
from lossary.symbolic.simplify import leaves
from symbolic.several_axes import CASES, Case

pytestmark = pytest.mark.parametrize("name", CASES)


def axes_of(case: Case) -> dict[str, int]:
    """A dimension for each axis of a formula and its derivatives."""
    nodes = walk(case.graph, *gradient(case.graph, case.symbols[:1]))
    names = set(crossed(nodes)).union(*(node.axes for node in nodes))
    own = [name for axes, _ in case.arrays.values() for name in axes.split()]
    return {name: i for i, name in enumerate(dict.fromkeys([*own, *sorted(names)]))}


def laid_out(case: Case) -> dict[str, Any]:
    """The arrays and indices with a dimension for each axis."""
    dims = axes_of(case)
    sizes = {n: k for axes, array in case.arrays.values() for n, k in zip(axes.split(), array.shape, strict=True)}
    sizes |= {name: sizes[name.split("_")[-1]] for name in dims if name not in sizes}
    found: dict[str, Any] = {}
    for name, (axes, array) in case.arrays.items():
        found[name] = spread(array, axes.split(), dims)
    for name, size in sizes.items():
        found[f"_{name}_index"] = spread(np.arange(size) * 1.0, [name], dims)
        found[f"_{name}_places"] = float(size)
    return found


def spread(array: Any, own: list[str], dims: Mapping[str, int]) -> Any:
    order = sorted(range(len(own)), key=lambda i: dims[own[i]])
    sizes = dict(zip(own, array.shape, strict=True))
    return array.transpose(order).reshape([sizes.get(name, 1) for name in dims])


def of_first(case: Case, face: Any, make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The formula as a function of its first array, differentiable by the framework."""
    given, symbols = laid_out(case), leaves(case.graph)
    first, axes = case.symbols[0], Dimensions(tuple(axes_of(case).items()))

    def function(array: Any) -> Any:
        values = [array if s is first else make(given[str(s.label)]) for s in symbols]
        return face.smooth(case.graph, symbols, axes)(*values).sum()

    return function


def expected(case: Case, order: int) -> Any:
    """Value, gradient or Hessian of the definition in the first array, flat."""
    arrays = [torch.tensor(array) for _, array in case.arrays.values()]

    def function(x: Tensor) -> Tensor:
        return case.definition(x, *arrays[1:])

    found = (function, torch.func.grad(function), torch.func.hessian(function))[order](arrays[0])
    return np.asarray(found).reshape(-1, arrays[0].numel()) if order == 2 else np.asarray(found).ravel()


def test_value_and_gradient_of_numpy(name: str) -> None:
    case, given = CASES[name], laid_out(CASES[name])
    outputs = (case.graph, *gradient(case.graph, case.symbols[:1]))
    symbols = leaves(*outputs)
    axes = Dimensions(tuple(axes_of(case).items()))
    value, slope = numpy_face.compute(outputs, symbols, axes, [given[str(s.label)] for s in symbols])
    np.testing.assert_allclose(float(np.asarray(value).item()), float(expected(case, 0)[0]), rtol=1e-12)
    np.testing.assert_allclose(np.ravel(slope), expected(case, 1), rtol=1e-10, atol=1e-13)


def test_derivatives_of_torch(name: str) -> None:
    """Reverse over reverse, and forward mode over reverse."""
    case = CASES[name]
    function = of_first(case, torch_face, lambda v: torch.tensor(v, dtype=torch.float64))
    x = torch.tensor(laid_out(case)[str(case.symbols[0].label)], requires_grad=True)
    value = function(x)
    (slope,) = torch.autograd.grad(value, x, create_graph=True)
    np.testing.assert_allclose(float(value), float(expected(case, 0)[0]), rtol=1e-12)
    np.testing.assert_allclose(slope.detach().ravel(), expected(case, 1), rtol=1e-10, atol=1e-13)
    rows = [torch.autograd.grad(one, x, retain_graph=True)[0].ravel() for one in slope.ravel()]
    np.testing.assert_allclose(torch.stack(rows), expected(case, 2), rtol=1e-9, atol=1e-11)
    forward = torch.func.jacfwd(torch.func.grad(function))(x.detach())
    np.testing.assert_allclose(forward.reshape(len(rows), -1), expected(case, 2), rtol=1e-9, atol=1e-11)


def test_derivatives_of_jax(name: str) -> None:
    """Forward over reverse, and reverse over reverse."""
    case = CASES[name]
    with jax.enable_x64(True):
        x = jnp.asarray(laid_out(case)[str(case.symbols[0].label)])
        function = of_first(case, jax_face, jnp.asarray)
        slope_of = jax.grad(function)
        value, slope, *hessians = jax.jit(
            lambda x: (*jax.value_and_grad(function)(x), jax.jacfwd(slope_of)(x), jax.jacrev(slope_of)(x))
        )(x)
        np.testing.assert_allclose(float(value), float(expected(case, 0)[0]), rtol=1e-12)
        np.testing.assert_allclose(slope.ravel(), expected(case, 1), rtol=1e-10, atol=1e-13)
        for hessian in hessians:
            np.testing.assert_allclose(hessian.reshape(x.size, x.size), expected(case, 2), rtol=1e-9, atol=1e-11)


def test_what_is_written_is_what_is_computed(name: str) -> None:
    """The textbook form, in LaTeX, equals what is computed; it may name places that do not exist at either end."""
    for settings in {"ensemble_crps": [{}, {"fair": 0.75}]}.get(name, [{}]):
        hold_what_is_written(name, replace(CASES[name], formula=partial(CASES[name].formula, **settings)))


def hold_what_is_written(name: str, case: Case) -> None:
    given = laid_out(case)
    if name == "cumulative_link":
        given["target"] = np.clip(given["target"], 1.0, 2.0)
    textbook = rebuilt(case.graph, lambda part: part.arguments[0] if part.word == "written_as" else part)
    outputs, symbols = (textbook, case.graph), leaves(textbook, case.graph)
    found, expected = numpy_face.compute(
        outputs, symbols, Dimensions(tuple(axes_of(case).items())), [given[str(s.label)] for s in symbols]
    )
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_no_value_has_more_axes_than_the_formula_allows(name: str) -> None:
    """Neither the formula nor a derivative of first or second order makes an array of all axes."""
    case = CASES[name]
    (slope,) = gradient(case.graph, case.symbols[:1])
    symbols = leaves(case.graph)
    first = symbols.index(case.symbols[0])
    nodes = [case.graph, slope, pushed(case.graph, symbols, (first,))[0], pulled(slope, symbols, first)[0]]
    allowed = [frozenset(axes.split()) for axes in case.together]
    for part in walk(*(contracted(lower(node)) for node in nodes)):
        assert any(part.axes <= axes for axes in allowed), (part.word, sorted(part.axes))


def test_gradients_have_the_axes_of_their_argument(name: str) -> None:
    found: list[Node] = gradient(CASES[name].graph, CASES[name].symbols[:1])
    assert found[0].axes <= CASES[name].symbols[0].axes
