"""Forward mode in all arguments at once, at the ends of the range, against the textbook's slope in that direction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
import numpy as np
import pytest
import torch
from jax import numpy as jnp
from mpmath import mp
from torch.autograd import forward_ad

import lossary
from arrays import AS_USERS
from frameworks.test_second_derivatives import BY_TEXTBOOK, as_float, places
from lossary.catalogue.record import Record
from oracle.exact import BITS, derivatives, jet
from oracle.measured import all_parameters, textbook
from representatives import REPRESENTATIVES

# Directions of a prediction and a target, for each row; 1 is the first place of a row alone, or all places.
DIRECTIONS = [("nowhere", "nowhere"), ("first", "nowhere"), ("nowhere", "first"), ("everywhere", "first")]
Function = Callable[..., Any]


def direction(where: str, like: Any) -> Any:
    found = np.full(like.shape, float(where == "everywhere"))
    found[:, 0] = float(where != "nowhere")
    return found


def book(record: Record, row: Sequence[Any], moving: Sequence[Any]) -> float:
    """The slope along each argument, added up; it is NaN where those are infinities of both signs."""
    return sum(_along_one(record, row, moving, k) for k in range(len(row)))


def _along_one(record: Record, row: Sequence[Any], moving: Sequence[Any], one: int) -> float:
    columns = [
        [jet(float(x), k == one and bool(d)) for x, d in zip(numbers, directions, strict=True)]
        for k, (numbers, directions) in enumerate(zip(row, moving, strict=True))
    ]
    arguments: list[Any] = [column[0] for column in columns] if record.kind == "pointwise" else columns
    return as_float(derivatives(textbook(record)(*arguments, **all_parameters(record, {})))[1].value)


def by_jax(function: Function) -> Function:
    """The change of a function's value with changes of its arrays, compiled once for all changes."""

    @partial(jax.jit, compiler_options=AS_USERS)
    def move(primals: Any, tangents: Any) -> Any:
        return jax.jvp(function, primals, tangents)[1]

    def along(arrays: list[Any], moving: list[Any]) -> Any:
        with jax.enable_x64(True):
            return np.asarray(move(tuple(map(jnp.asarray, arrays)), tuple(map(jnp.asarray, moving))))

    return along


def by_torch(function: Function) -> Function:
    def along(arrays: list[Any], moving: list[Any]) -> Any:
        return torch.func.jvp(function, tuple(map(torch.tensor, arrays)), tuple(map(torch.tensor, moving)))[1].numpy()

    return along


WAYS = [*((record, by_torch) for record in BY_TEXTBOOK), *((r, by_jax) for r in BY_TEXTBOOK if r in REPRESENTATIVES)]


@pytest.mark.parametrize(("record", "way"), WAYS, ids=lambda x: getattr(x, "name", "") or x.__name__)
def test_along_the_ends(record: Record, way: Any) -> None:
    mp.prec = BITS["float64"]
    loss, arrays = lossary.get(record.name), places(record)
    options = {"axis": 1} if record.kind == "overlap" else {}
    along = way(lambda *given: loss(*given, reduction="none", **options))
    for first, second in DIRECTIONS[: None if moves_target(record) else 2]:
        moving = [direction(where, x) for where, x in zip((first, *[second] * 3), arrays, strict=False)]
        found = along(arrays, moving)
        right = [book(record, *both) for both in zip(zip(*arrays, strict=True), zip(*moving, strict=True), strict=True)]
        np.testing.assert_allclose(found.ravel(), right, rtol=1e-9, atol=1e-12, err_msg=f"along {first}, {second}")


def moves_target(record: Record) -> bool:
    """Whether the textbook's form is differentiable in the target: a divergence's leaves out classes of target 0."""
    return "kl_divergence" not in record.name


@pytest.mark.parametrize("way", [by_jax, by_torch])
@pytest.mark.parametrize(
    ("name", "prediction", "moved"),
    [("kl_divergence", [0.0, 1.0], np.inf), ("kl_divergence", [0.5, 0.5], -np.inf),
     ("softmax_kl_divergence", [-np.inf, 0.0], np.inf), ("softmax_kl_divergence", [0.0, 0.0], -np.inf)],
)  # fmt: skip
def test_a_divergence_where_the_target_begins(way: Any, name: str, prediction: list[float], moved: float) -> None:
    """t log(t / p) leaves 0 with a slope of log t − log p: −∞, but +∞ of what is impossible."""
    arrays = [np.array([prediction]), np.array([[0.0, 1.0]])]
    found = way(lossary.get(name))(arrays, [np.zeros((1, 2)), np.array([[1.0, 0.0]])])
    assert found == moved


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_tangents_have_the_dtype_of_values(reduction: Any) -> None:
    x, mask = torch.ones(3), torch.zeros(3, dtype=torch.bool)

    def gradient(x: Any) -> Any:
        pull = torch.func.vjp(lambda x: lossary.absolute_error(x, 0 * x, mask=mask, reduction=reduction), x)[1]
        return pull(torch.ones_like(x) if reduction == "none" else torch.ones((), dtype=x.dtype))[0]

    for dtype in (torch.float32, torch.float64):
        given = x.to(dtype)
        moved = torch.func.jvp(lambda x: lossary.huber(x, 0 * x, reduction=reduction), (given,), (given,))
        assert {t.dtype for t in (*moved, *torch.func.jvp(gradient, (given,), (given,)))} == {dtype}


def test_the_change_of_a_mean_over_nothing() -> None:
    """The weights of the classes are 0, and the loss of each row would rise without bound with them."""
    with forward_ad.dual_level():
        weights = forward_ad.make_dual(torch.zeros(2), torch.tensor([-1.0, 0.0]))
        mean = lossary.kl_divergence(torch.tensor([[0.0, 1.0]]), torch.tensor([[1.0, 0.0]]), class_weight=weights)
        value, change = forward_ad.unpack_dual(mean)
    assert (float(value), float(change)) == (0.0, 0.0)
