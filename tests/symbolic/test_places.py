"""Words along places: values by hand, and derivatives of first and second order against differences."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from jax import numpy as jnp
from torch import Tensor

from lossary.errors import FormulaError
from lossary.frameworks import jax as jax_face
from lossary.frameworks import numpy as numpy_face
from lossary.frameworks import torch as torch_face
from lossary.frameworks.face import Dimensions
from lossary.symbolic import codegen
from lossary.symbolic.graph import Node, apply, axis, index, symbol
from lossary.symbolic.simplify import leaves
from lossary.vocabulary import (
    cumulative,
    cumulative_log_sum_exp,
    decayed,
    greatest,
    log_add,
    maximum,
    order,
    ordered,
    other,
    pick,
    rank,
    shifted,
    square,
)

NAMES = ("item", "entry", "other_entry", "sorted_entry")
AXES = Dimensions(tuple((name, i) for i, name in enumerate(NAMES)))
X = symbol("x", frozenset({"item", "entry"}))
W = symbol("w", frozenset({"item"}))
ROWS = [[3.0, -1.0, 2.0, -1.0], [0.5, 0.25, 4.0, 1.0]]
FIRST = [2.0, 0.0]


def values(node: Node, make: Callable[[Any], Any]) -> list[Any]:
    given: dict[str, Any] = {
        "x": np.reshape(ROWS, (2, 4, 1, 1)), "w": np.reshape(FIRST, (2, 1, 1, 1)), "_entry_places": np.float64(4.0)
    }  # fmt: skip
    given |= {f"_{n}_index": np.arange(4.0).reshape([-1 if n == m else 1 for m in NAMES]) for n in NAMES[1:]}
    return [make(given[str(s.label)]) for s in leaves(node)]


MAKERS: list[tuple[str, Any]] = [("numpy", np.asarray), ("torch", torch.tensor), ("jax", jnp.asarray)]
SORTED = axis("entry"), axis("sorted_entry")
LOGS = math.log(math.exp(3.0) + math.exp(-1.0)), math.log(math.exp(0.5) + math.exp(0.25))
MOVED = other(X, "entry", "sorted_entry")
PLACES = maximum(index("sorted_entry") - 1.0, 0.0)  # 0, 0, 1, 2
BY_HAND: dict[str, tuple[Node, list[list[float]]]] = {
    "ordered": (ordered(X, X, "entry"), [[-1.0, -1.0, 2.0, 3.0], [0.25, 0.5, 1.0, 4.0]]),
    "falling": (ordered(X, -X, "entry"), [[3.0, 2.0, -1.0, -1.0], [4.0, 1.0, 0.5, 0.25]]),
    "by another": (ordered(X, square(X), "entry"), [[-1.0, -1.0, 2.0, 3.0], [0.25, 0.5, 1.0, 4.0]]),
    "rank": (rank(X, over="entry"), [[3.0, 0.0, 2.0, 1.0], [1.0, 0.0, 3.0, 2.0]]),
    "cumulative": (cumulative(X, "entry"), [[3.0, 2.0, 4.0, 3.0], [0.5, 0.75, 4.75, 5.75]]),
    "from the end": (cumulative(X, "entry", from_end=True), [[3.0, 0.0, 1.0, -1.0], [5.75, 5.25, 5.0, 1.0]]),
    "shifted": (shifted(X, "entry", 2, W), [[2.0, 2.0, 3.0, -1.0], [0.0, 0.0, 0.5, 0.25]]),
    "shifted back": (shifted(X, "entry", -1, 7.0), [[-1.0, 2.0, -1.0, 7.0], [0.25, 4.0, 1.0, 7.0]]),
    "shifted beyond": (shifted(X, "entry", 9, 7.0), [[7.0] * 4] * 2),
    "of one pick": (pick(X, W, over="entry"), [[2.0], [0.5]]),
    "of many picks": (pick(X, index("entry") - 1.0, over="entry"), [[3.0, 3.0, -1.0, 2.0], [0.5, 0.5, 0.25, 4.0]]),
    "put, two at one place": (
        apply("scattered", MOVED, PLACES, index("entry"), axis("entry"), axis("sorted_entry")),
        [[2.0, 2.0, -1.0, 0.0], [0.75, 4.0, 1.0, 0.0]],
    ),
    "first logarithms": (
        pick(cumulative_log_sum_exp(X, "entry"), 1.0, over="entry"),
        [[LOGS[0]], [LOGS[1]]],
    ),
}


@pytest.mark.parametrize("framework", ["numpy", "torch", "jax"])
@pytest.mark.parametrize("name", BY_HAND)
def test_values(name: str, framework: str) -> None:
    node, expected = BY_HAND[name]
    found: Any
    if framework == "numpy":
        (found,) = numpy_face.compute((node,), leaves(node), AXES, values(node, np.asarray))
    elif framework == "torch":
        (found,) = torch_face.compute((node,), leaves(node), AXES, values(node, torch.as_tensor))
    else:
        (found,) = jax_face.compute((node,), leaves(node), AXES, values(node, jnp.asarray))
    np.testing.assert_allclose(np.asarray(found).reshape(2, -1), expected, rtol=1e-6)


FORMULAS: dict[str, Callable[..., Node]] = {
    "pairs": lambda x, w: square(x - other(x, "entry")) * x,
    "ordered": lambda x, w: square(ordered(x, x, "entry")),
    "picked": lambda x, w: square(pick(x, index("entry") - 1.0, over="entry")) * x,
    "one picked": lambda x, w: square(pick(x, w, over="entry")) * x,
    "cumulative": lambda x, w: square(cumulative(x, "entry")),
    "from the end": lambda x, w: square(cumulative(x * w, "entry", from_end=True)),
    "of the same": lambda x, w: square(cumulative(w, "entry")) * x,
    "logarithms": lambda x, w: cumulative_log_sum_exp(x, "entry") * w,
    "logarithms from the end": lambda x, w: cumulative_log_sum_exp(x, "entry", from_end=True) * w,
    "shifted": lambda x, w: square(shifted(x, "entry", 2, square(w))),
    "shifted back": lambda x, w: square(shifted(x, "entry", -1, square(w))) * x,
    "decayed": lambda x, w: square(decayed(x, 0.5 * square(x), 1.0, over="entry")),
    "greatest": lambda x, w: square(greatest(x, over="entry")) * x,
    "log_add": lambda x, w: log_add(x, square(w)) * x,
}  # fmt: skip


@pytest.mark.parametrize("name", FORMULAS)
def test_derivatives(name: str) -> None:
    """Backward, forward and double backward, against differences."""
    node = FORMULAS[name](X, W)
    symbols = leaves(node)
    given = dict(zip(symbols, values(node, lambda v: torch.tensor(v, dtype=torch.float64)), strict=True))
    moving = [s for s in (X, W) if s in given]

    def function(*arrays: Tensor) -> Tensor:
        now = given | dict(zip(moving, arrays, strict=True))
        found: Tensor = torch_face.smooth(node, symbols, AXES)(*now.values())
        return found

    given[X] = given[X] + 0.01 * torch.arange(8.0).reshape(given[X].shape)  # no ties
    arrays = [given[one].clone().requires_grad_(one is X or name != "one picked") for one in moving]
    assert torch.autograd.gradcheck(function, arrays, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(function, arrays)


def test_nothing_adds_nothing() -> None:
    """Logarithms of 0 have no NaN in values or derivatives."""
    node = log_add(X, cumulative_log_sum_exp(X, "entry"))
    array = torch.tensor([-math.inf, 0.0, -math.inf, 1.0], dtype=torch.float64).reshape(1, 4, 1, 1).requires_grad_()
    places = torch.arange(4.0, dtype=torch.float64).reshape(1, 4, 1, 1)
    found = torch_face.smooth(node, leaves(node), AXES)(*(array if s is X else places for s in leaves(node)))
    assert found.ravel().tolist() == pytest.approx([-math.inf, math.log(2.0), 0.0, math.log(1.0 + 2.0 * math.e)])
    (slope,) = torch.autograd.grad(found[0, 1] + found[0, 3], array)
    inner = 1.0 + 2.0 * math.e
    assert slope.ravel().tolist() == pytest.approx([0.0, 1.0 + 1.0 / inner, 0.0, 2.0 * math.e / inner])


def test_a_pair_of_a_pair_needs_a_name() -> None:
    apart = other(X, "entry") - X
    with pytest.raises(FormulaError, match="another name="):
        other(apart, "entry")
    assert other(apart, "entry", "third_entry").axes == {"item", "third_entry", "other_entry"}
    assert other(other(X, "entry"), "other_entry", "entry") is X


def test_equal_greatest_values_share_a_change() -> None:
    node = greatest(X, over="entry")
    array = torch.tensor([[2.0, 1.0, 2.0, 0.0]]).reshape(1, 4, 1, 1).requires_grad_()
    given = (array if s is X else torch.arange(4.0).reshape(1, 4, 1, 1) for s in leaves(node))
    (slope,) = torch.autograd.grad(torch_face.smooth(node, leaves(node), AXES)(*given).sum(), array)
    assert slope.ravel().tolist() == [0.5, 0.0, 0.5, 0.0]


def test_values_in_their_own_order_are_sorted() -> None:
    """Unless their places are needed for others, too."""
    rising, falling = ordered(X, X, "entry"), ordered(X, -X, "entry")
    for outputs, sorts, places in [
        ([rising], 1, 0),
        ([falling], 1, 0),
        ([falling, square(falling)], 1, 0),
        ([rising, ordered(square(X), X, "entry")], 0, 1),
        ([ordered(X, square(X), "entry")], 0, 1),
        ([square(rising), ordered(W + X, X, "entry"), falling], 1, 1),
    ]:
        text = codegen.source(outputs, leaves(*outputs), "numpy")
        assert (text.count("ascending("), text.count("argsort(")) == (sorts, places)


def test_what_an_order_moved_is_put_back() -> None:
    """Without adding up; by an order of other places, values add up."""
    back = apply("scattered", MOVED, order(X, *SORTED), index("entry"), *SORTED)
    others = apply("scattered", MOVED, PLACES, index("entry"), *SORTED)
    text = codegen.source([back, others], leaves(back, others), "numpy")
    assert (text.count("restored("), text.count("scattered(")) == (1, 1)
    for framework, make in MAKERS:
        found = codegen.build((back,), leaves(back), framework)(*values(back, make), axes=AXES)[0]
        np.testing.assert_array_equal(np.ravel(found), np.ravel([[-1.0, 3.0, 2.0, -1.0], [0.25, 0.5, 1.0, 4.0]]))


def _numbers(name: str) -> Any:
    """Return rows with ties, zeros of both signs, infinities and NaNs of both signs, or random bits."""
    draw = np.random.default_rng(0)
    if name == "bits":
        return draw.integers(0, 1 << 32, (3, 5000), np.uint32).view(np.float32)
    some = np.array([-math.inf, -1.5, -1e-45, -0.0, 0.0, 1e-45, 1.5, math.inf, math.nan, -math.nan], np.float32)
    return draw.choice(some, (700, 300))  # of several blocks


@pytest.mark.parametrize("name", ["ties", "bits"])
@pytest.mark.parametrize("target", ["numpy", "eager"])
def test_orders_are_stable(name: str, target: str) -> None:
    """As NumPy's sort of places is, along each axis, in each dtype; ranks are their inverse."""
    functions, given = codegen.FUNCTIONS[target], _numbers(name)
    for a in (given, given.T, given.astype(np.float64), given[:, :0], given[::2, ::3]):
        for axis_ in (0, 1, -1):
            expected = np.argsort(a, axis_, kind="stable")
            made = torch.from_numpy(a.copy()) if target == "eager" else a
            with np.errstate(invalid="ignore"):  # of signaling NaNs, as around all printed code
                np.testing.assert_array_equal(functions["argsort"](made, axis_), expected)
                np.testing.assert_array_equal(functions["ranks"](made, axis_), np.argsort(expected, axis_))


@pytest.mark.parametrize(("shape", "at"), [((3, 4, 5), (3, 2, 5)), ((3, 4, 1), (1, 2, 5)), ((1, 4, 5), (3, 1, 1))])
def test_places_are_taken_along_any_axis(shape: tuple[int, ...], at: tuple[int, ...]) -> None:
    draw = np.random.default_rng(0)
    a, place = draw.normal(size=shape), draw.integers(0, 4, at)
    for order_ in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
        moved, places, along = a.transpose(order_), place.transpose(order_), order_.index(1)
        found = codegen.FUNCTIONS["numpy"]["take_along_axis"](moved, places, along)
        np.testing.assert_array_equal(found, np.take_along_axis(moved, places, along))


@pytest.mark.parametrize(("framework", "make"), MAKERS)
def test_what_is_no_number_is_sorted_last(framework: str, make: Callable[[Any], Any]) -> None:
    given = make(np.reshape([math.nan, math.inf, 2.0, -math.inf], (1, 4, 1, 1)))
    found = codegen.build((ordered(X, X, "entry"),), (X,), framework)(given, axes=AXES)[0]
    np.testing.assert_array_equal(np.ravel(found), [-math.inf, 2.0, math.inf, math.nan])
