"""Formulas of pairs by blocks: the same values as at once, in as many passes as they need, without large arrays."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from typing import Any

import jax
import numpy as np
import pytest
import torch
from jax import numpy as jnp

import lossary as ls
from lossary.catalogue.record import Record
from lossary.domains import Label, Real
from lossary.execution import blocks
from lossary.execution.blocks import in_blocks
from lossary.execution.cpu import several_axes
from lossary.frameworks import jax as jax_face
from lossary.frameworks import jax_derivatives, load, torch_eager
from lossary.frameworks.face import Dimensions
from lossary.kinds.layout import layout_of
from lossary.symbolic import codegen
from lossary.symbolic.blocked import passes
from lossary.symbolic.graph import Node, index, symbol, walk
from lossary.vocabulary import equal, exp, greatest, log, log_softmax, other, softplus, square, total, where
from samples import arguments, predictions_of

A, B = symbol("a", frozenset({"item", "place"})), symbol("b", frozenset({"item"}))
PRODUCTS = total(A * other(A, "item"), over="place")  # of all pairs of items
APART = where(equal(index("item"), index("other_item")), 0.0, PRODUCTS * other(B, "item") - B)
POWERS = exp(0.1 * PRODUCTS)
SHARES = POWERS / total(total(POWERS, over="item"), over="other_item")  # of all pairs together
AXES = Dimensions((("item", 0), ("place", 1), ("other_item", 2), ("sorted_item", 3)))


def both(value: Node) -> Node:
    return total(total(value, over="item"), over="other_item")


FORMULAS: dict[str, tuple[int, tuple[Node, ...]]] = {  # with the passes that they need
    "a sum for each item": (1, (total(softplus(APART), over="other_item") + B,)),
    "a sum for each other item": (1, (total(softplus(APART), over="item"),)),
    "a sum over all, and products": (1, (both(APART), total(APART * other(A, "item"), over="other_item"))),
    "a softmax over the others": (1, (total(log_softmax(APART, over="other_item") * APART, over="other_item"),)),
    "a row's maximum, and what it makes": (1, (log(1.0 + square(greatest(APART, over="other_item"))),)),
    "shares of all pairs": (2, (both(SHARES * APART),)),
    "deviations from a mean of shares": (3, (both(square(SHARES - both(SHARES * APART))),)),
    "nothing of pairs beside pairs": (1, (square(B), both(PRODUCTS))),
}


def given() -> tuple[np.ndarray[Any, Any], ...]:
    draw = np.random.default_rng(1)
    return draw.normal(size=(13, 4, 1, 1)), draw.normal(size=(13, 1, 1, 1))


def symbols(outputs: tuple[Node, ...]) -> tuple[tuple[Node, ...], list[np.ndarray[Any, Any]]]:
    """Return the symbols of formulas, and their arrays."""
    line = np.arange(13.0)
    known = {A: given()[0], B: given()[1], index("item"): line.reshape(13, 1, 1, 1)}
    known[index("other_item")] = line.reshape(1, 1, 13, 1)
    found = (A, B, *(one for one in walk(*outputs) if one.word == "symbol" and one not in (A, B)))
    return found, [known[one] for one in found]


@pytest.mark.parametrize("rows", [1, 5, 13])
@pytest.mark.parametrize("name", FORMULAS)
def test_blocks_give_what_whole_arrays_give(monkeypatch: pytest.MonkeyPatch, name: str, rows: int) -> None:
    monkeypatch.setattr(blocks, "LARGE", 0)
    monkeypatch.setattr(blocks, "BLOCK", rows * 13 * 8)
    assert load("numpy") is not load("torch")  # they bring what printed code calls
    number, outputs = FORMULAS[name]
    found = passes(codegen.printed(outputs, "numpy"), ("item", "other_item"))
    assert found is not None
    assert len(found[0]) == number
    names, arrays = symbols(outputs)
    expected = codegen.build(outputs, names, "numpy")(*arrays, axes=AXES)
    for target, build in (("numpy", codegen.build), ("numpy", several_axes.build), ("eager", several_axes.build)):
        own = arrays if target == "numpy" else [torch.tensor(one) for one in arrays]
        made = in_blocks(build)(outputs, names, target)(*own, axes=AXES)
        for value, wanted in zip(made, expected, strict=True):
            np.testing.assert_allclose(np.asarray(value), wanted, rtol=1e-12, atol=1e-13)
    if rows != 5 or number == 1 != len(outputs):  # blocks of 5 end with a shorter one
        return
    with jax.enable_x64(True):
        made = in_blocks(codegen.build)(outputs, names, "jax")(*map(jnp.asarray, arrays), axes=AXES)
    for value, wanted in zip(made, expected, strict=True):
        np.testing.assert_allclose(np.asarray(value), wanted, rtol=1e-12, atol=1e-13)


def test_only_sums_are_taken_over_blocks() -> None:
    rows = total(exp(APART), over="other_item")
    assert passes([total(rows / greatest(rows, over="item"), over="item")], ("item", "other_item")) is not None
    for whole in (
        square(A),
        PRODUCTS,
        greatest(APART, over="item"),
        total(log_softmax(APART, over="item"), over="item"),
    ):
        assert passes([whole], ("item", "other_item")) is None


def has_pairs(record: Record) -> bool:
    return any(name.startswith("other_") for name in layout_of(record).names) if record.axes else False


def by_blocks(loss: Any, given: list[Any], monkeypatch: pytest.MonkeyPatch, **keywords: Any) -> list[Any]:
    """The value and the gradients, with blocks of one place."""
    with monkeypatch.context() as patch:
        patch.setattr(blocks, "LARGE", 0)
        patch.setattr(blocks, "BLOCK", 1)
        return flat(loss.value_and_gradient(*given, **keywords))


def flat(found: Any) -> list[np.ndarray[Any, Any]]:
    value, gradients = found
    return [np.asarray(one) for one in (value, *(gradients if isinstance(gradients, tuple) else [gradients]))]


@pytest.fixture
def in_jax(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """JAX in float64, by blocks of few places; what it compiled before and after is of other sizes."""
    for kept in (jax_derivatives._body, jax_face._compiled):
        kept.cache_clear()
    monkeypatch.setattr(blocks, "LARGE", 0)
    monkeypatch.setattr(blocks, "BLOCK", 1)
    with jax.enable_x64(True):
        yield
    for kept in (jax_derivatives._body, jax_face._compiled):
        kept.cache_clear()


@pytest.mark.usefixtures("in_jax")
@pytest.mark.parametrize("record", [r for r in ls.losses() if r.couples_items], ids=lambda record: record.name)
def test_losses_of_pairs_in_jax(record: Record) -> None:
    """Values and gradients beside NumPy's of whole arrays, compiled; and derivatives along a direction."""
    given, of = arguments(record), predictions_of(record)
    expected = flat(ls.get(record.name).value_and_gradient(*given))
    arrays = [*map(jnp.asarray, given)]
    step = jax.jit(jax.value_and_grad(ls.get(record.name), argnums=tuple(of)))
    for found, wanted in zip(flat(step(*arrays)), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-13)
    way = np.random.default_rng(1).normal(size=given[of[0]].shape)
    _, change = jax.jvp(lambda a: ls.get(record.name)(a, *arrays[1:]), [arrays[0]], [jnp.asarray(way)])
    np.testing.assert_allclose(change, (expected[1] * way).sum(), rtol=1e-11, atol=1e-13)


@pytest.mark.usefixtures("in_jax")
def test_second_derivatives_and_vmap_in_jax(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = jnp.asarray(np.random.default_rng(0).normal(size=(2, 2, 5, 3)))

    def found() -> list[Any]:
        _, moved = jax.jvp(jax.grad(lambda a: ls.siglip(a, rows[0, 1])), [rows[0, 0]], [rows[1, 0]])
        return [np.asarray(moved), np.asarray(jax.vmap(ls.siglip)(rows[:, 0], rows[:, 1]))]

    by_parts = found()
    monkeypatch.setattr(blocks, "LARGE", 1 << 30)
    jax_derivatives._body.cache_clear()
    for part, whole in zip(by_parts, found(), strict=True):
        np.testing.assert_allclose(part, whole, rtol=1e-11, atol=1e-13)


def test_the_memory_of_blocks_in_jax(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program's memory beside its inputs and results is not that of all pairs."""
    monkeypatch.setattr(blocks, "LARGE", 1 << 20)
    monkeypatch.setattr(blocks, "BLOCK", 1 << 18)
    rows = jnp.asarray(np.random.default_rng(0).normal(size=(2, 1500, 4)), jnp.float32)
    step = jax.jit(jax.value_and_grad(ls.siglip, argnums=(0, 1)))
    used: Any = step.lower(*rows).compile().memory_analysis()
    assert used.temp_size_in_bytes < 1500 * 1500 * 4 / 3


@pytest.mark.parametrize("make", [np.asarray, torch.tensor], ids=["numpy", "torch"])
@pytest.mark.parametrize("record", [*filter(has_pairs, ls.losses())], ids=lambda record: record.name)
def test_losses_of_pairs(record: Record, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    loss, given = ls.get(record.name), [make(one) for one in arguments(record)]
    for reduction in ("mean", "sum", "none"):
        if reduction not in record.cannot:
            expected = flat(loss.value_and_gradient(*given, reduction=reduction))
            for found, wanted in zip(by_blocks(loss, given, monkeypatch, reduction=reduction), expected, strict=True):
                np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("make", [np.asarray, torch.tensor], ids=["numpy", "torch"])
def test_pairs_of_labels_alone(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels keep their dtype, and may come first: what is computed of nothing else has that of the predictions."""

    @ls.loss(axes={"heights": "zone", "target": "item"}, lengths={"class": lambda zone: zone})
    def crowded(heights: Real, target: Label) -> Node:
        height = total(where(equal(index("zone"), target), heights, 0.0), over="zone")
        return square(height) * total(where(equal(other(target, "item"), target), 1.0, 0.0), over="other_item")

    heights, labels = np.linspace(-1.0, 1.0, 4, dtype=np.float32), np.arange(50) % 4
    alike = np.bincount(labels)[labels]
    value, slope = crowded.value_and_gradient(make(heights), make(labels), reduction="sum")
    found = by_blocks(crowded, [make(heights), make(labels)], monkeypatch, reduction="sum")
    for one in (value, found[0]):
        assert str(one.dtype).endswith("float32")
        np.testing.assert_allclose(float(one), (heights[labels] ** 2 * alike).sum(), rtol=1e-6)
    for one in (slope, found[1]):
        np.testing.assert_allclose(np.asarray(one), 2.0 * heights * np.bincount(labels) ** 2, rtol=1e-6)


def test_parameters_that_are_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = torch.tensor(np.random.default_rng(0).normal(size=(2, 9, 4)))
    found = []
    for large in (blocks.LARGE, 0):
        monkeypatch.setattr(blocks, "LARGE", large)
        monkeypatch.setattr(blocks, "BLOCK", 9 * 8 * 2)
        scale, bias = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (3.0, -2.0))
        loss = ls.siglip(rows[0], rows[1], scale=scale, bias=bias)
        found.append([slope.item() for slope in torch.autograd.grad(loss, (scale, bias))])
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_parameters_that_are_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(0).normal(size=(2, 9, 4))
    expected = flat(ls.siglip.value_and_gradient(*rows, scale=3.0, bias=-2.0))
    for found, wanted in zip(by_blocks(ls.siglip, [*rows], monkeypatch, scale=3.0, bias=-2.0), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)


def test_where_a_gpu_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The CPU stands for it: values are not seen, and operations run at once."""
    rows = torch.tensor(np.random.default_rng(0).normal(size=(2, 9, 4)), requires_grad=True)
    (expected,) = torch.autograd.grad(ls.siglip(rows[0], rows[1]), rows)
    now, run, rows_at_a_time = torch_eager._now, blocks._Blocked.__call__, []

    def counted(*given: Any) -> Any:
        rows_at_a_time.append(given[-1])
        return run(*given)

    monkeypatch.setattr(torch_eager, "_now", lambda place, arrays: place == "is_cuda" and now("is_cpu", arrays))
    monkeypatch.setattr(blocks._Blocked, "__call__", counted)
    monkeypatch.setattr(blocks, "LARGE", 0)
    monkeypatch.setattr(blocks, "ON_GPU", 2)
    monkeypatch.setattr(blocks, "BLOCK", 9 * 8)
    siglip = ls.Loss(ls.siglip.record)  # has no plan of a call on the CPU
    (found,) = torch.autograd.grad(siglip(rows[0], rows[1]), rows)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-14)
    assert rows_at_a_time == [2, 2]  # forward and backward


def test_second_derivatives_in_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of double backward and of forward mode go by blocks, too."""
    rows = torch.tensor(np.random.default_rng(0).normal(size=(2, 9, 4)), requires_grad=True)
    run, calls = blocks._Blocked.__call__, []

    def found() -> list[torch.Tensor]:
        (slope,) = torch.autograd.grad(ls.siglip(rows[0], rows[1]), rows, create_graph=True)
        moved: Any = torch.func.jvp(lambda a: ls.siglip(a, rows[1]), (rows[0],), (rows[1],))[1]
        return [*torch.autograd.grad(slope.square().sum(), rows), moved]

    def counted(*given: Any) -> Any:
        calls.append(given[-1])
        return run(*given)

    expected = found()
    monkeypatch.setattr(blocks._Blocked, "__call__", counted)
    monkeypatch.setattr(blocks, "LARGE", 0)
    monkeypatch.setattr(blocks, "BLOCK", 9 * 8 * 2)
    for part, whole in zip(found(), expected, strict=True):
        torch.testing.assert_close(part, whole, rtol=1e-11, atol=1e-13)
    assert len(calls) >= 6  # the value and two slopes; the change; the slopes' slopes


def test_the_memory_of_blocks() -> None:
    rows = np.random.default_rng(0).normal(size=(2, 3000, 8)).astype(np.float32)
    ls.siglip(*rows[:, :2])
    tracemalloc.start()
    ls.siglip.value_and_gradient(*rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3000 * 3000 * 4 / 1.5  # less than one array of all pairs
