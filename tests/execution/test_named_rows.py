"""Losses of named axes that are losses over rows: kernels of rows compute them, as array operations would."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest
import torch
from jax import numpy as jnp

import lossary as ls
from fuzz.engines import bodies
from lossary.catalogue.record import Record
from lossary.domains import Label, Real, Reference
from lossary.errors import FormulaError, LabelError
from lossary.execution.cpu import passes
from lossary.execution.cpu.xla import VERSION
from lossary.frameworks import jax_kernel
from lossary.kinds.rows import is_of_rows
from lossary.vocabulary import equal, greatest, index, log_sum_exp, pick, places, total, where
from samples import array_for, predictions_of

Array = np.ndarray[Any, Any]
NAMED = [record for record in ls.losses() if is_of_rows(record)]
named = pytest.mark.parametrize("record", NAMED, ids=lambda record: record.name)
LENGTHS = (3, 600)  # places of a row: several rows side by side, and more than a block


def arrays(record: Record, items: int, length: int, dtype: str = "f8") -> list[Array]:
    """Arrays with rows of a length; labels may be any place."""
    rng = np.random.default_rng(length)
    shapes = [(items, length)[: len(axes.split())] for axes in record.axes.values()]
    found = [array_for(record, a.name, own, -1, rng) for a, own in zip(record.arguments, shapes, strict=True)]
    labels = [argument.domain.whole for argument in record.arguments]
    drawn = [rng.integers(0, length, items) if is_label else a for a, is_label in zip(found, labels, strict=True)]
    return [array.astype(dtype) if array.dtype.kind == "f" else array for array in drawn]


def flat(result: Any) -> list[Array]:
    value, slopes = result
    return [np.asarray(one) for one in (value, *(slopes if isinstance(slopes, tuple) else (slopes,)))]


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The passes of kernels that are run."""
    found: list[Any] = []
    sized = passes.Pass.sized

    def counted(self: passes.Pass, shape: tuple[int, ...]) -> passes.Sized:
        found.append(self)
        return sized(self, shape)

    monkeypatch.setattr(passes.Pass, "sized", counted)
    return found


@named
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.last_digits
def test_values_and_gradients(record: Record, length: int, kernels: list[Any]) -> None:
    """Of items and of means, with weights and a mask; in turn for several lengths, by the same plans."""
    mask = np.arange(4) != 1
    of_places = mask if record.mask == "item" else np.broadcast_to(mask[:, None], (4, length))
    options: list[dict[str, Any]] = [{"reduction": "none"}, {"weight": np.array([2.0, 0.5, 0.0, 1.0])}]
    options[1]["mask"] = of_places
    for own, extra in itertools.product(options, (0, 1)):
        given = arrays(record, 4, length + extra)
        called = dict(own)
        if extra and "mask" in own and own["mask"].ndim == 2:
            called["mask"] = np.broadcast_to(mask[:, None], (4, length + extra))
        loss = ls.get(record.name)
        found = flat(loss.value_and_gradient(*given, **called))
        assert kernels
        kernels.clear()
        with bodies(compiled=False):
            right = flat(loss.value_and_gradient(*given, **called))
        assert not kernels
        for one, same in zip(found, right, strict=True):
            np.testing.assert_allclose(one, same, rtol=1e-12, atol=1e-13 * np.abs(same).max())


@named
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_torch(record: Record, reduction: str, kernels: list[Any]) -> None:
    """Through autograd, in one pass for values and gradients."""
    given = arrays(record, 4, 5)
    tensors = [torch.tensor(array) for array in given]
    predictions = [tensors[k].requires_grad_() for k in predictions_of(record)]
    value = ls.get(record.name)(*tensors, reduction=reduction)
    assert type(value.grad_fn).__name__ == "_FusedBackward"
    assert kernels
    (value * torch.arange(1.0, 5.0 if reduction == "none" else 2.0)).sum().backward()
    items = np.arange(1.0, 5.0)[:, None] if reduction == "none" else 1.0
    _, *slopes = flat(ls.get(record.name).value_and_gradient(*given, reduction=reduction))
    for prediction, slope in zip(predictions, slopes, strict=True):
        np.testing.assert_allclose(np.asarray(prediction.grad), items * slope, rtol=1e-14)


@named
@pytest.mark.skipif(not jax_kernel.available(VERSION), reason="this jaxlib cannot call kernels")
def test_jax(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled, by a kernel that XLA calls."""
    monkeypatch.setenv("LOSSARY_JAX_KERNELS", "1")
    given = arrays(record, 4, 5, "f4")
    of = predictions_of(record)
    compiled = jax.jit(jax.value_and_grad(ls.get(record.name), argnums=tuple(of)))
    assert "custom_call @lossary_" in compiled.lower(*map(jnp.asarray, given)).as_text()
    found = flat(compiled(*map(jnp.asarray, given)))
    for one, same in zip(found, flat(ls.get(record.name).value_and_gradient(*given)), strict=True):
        np.testing.assert_allclose(one, same, rtol=1e-5, atol=1e-6)


def softmax_margin(scores: Real, target: Label) -> Any:
    """A softmax whose label has to be ahead by a margin."""
    ahead = where(equal(index("class"), target), scores - 1.0, scores)
    return log_sum_exp(ahead, over="class") - pick(ahead, target, over="class")


def one_before(scores: Real, target: Label) -> Any:
    """The score of the place before the label's."""
    return pick(scores, target - 1.0, over="class")


def up_to(scores: Real, target: Label) -> Any:
    """The sum of the scores before a level, and that at it."""
    at = equal(index("boundary"), target)
    return total(where(at, scores, where(index("boundary") < target, scores, 0.0)), over="boundary")


def test_a_formula_of_ones_own(kernels: list[Any]) -> None:
    loss = ls.loss(axes={"scores": "item class", "target": "item"})(softmax_margin)
    scores, target = np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]]), [2, 1]
    ahead = scores - np.eye(3)[target]
    powers = np.exp(ahead)
    value, slope = loss.value_and_gradient(scores, target, reduction="sum")
    assert kernels
    assert value == pytest.approx(np.log(powers.sum(1)).sum() - ahead[[0, 1], target].sum(), rel=1e-14)
    np.testing.assert_allclose(slope, powers / powers.sum(1, keepdims=True) - np.eye(3)[target], rtol=1e-14)


@pytest.mark.parametrize("hidden", [np.nan, -np.nan])
@pytest.mark.last_digits
def test_a_maximum_of_numbers_and_nan_is_nan(hidden: float) -> None:
    """Whichever sign it has."""
    scores = np.array([[0.0, hidden, 1.0], [0.0, 3.0, 1.0]])
    value, slope = ls.crammer_singer.value_and_gradient(scores, [0, 1], reduction="none")
    np.testing.assert_array_equal(value, [np.nan, 0.0])
    np.testing.assert_array_equal(slope[1], 0.0)


def ranked(scores: Real) -> Any:
    """Places are whole numbers, but enter arithmetic as others do."""
    return total(index("place") * scores, over="place") / places("place")


def weighed(scores: Real, weights: Reference) -> Any:
    """Weights of places, the same for all items."""
    return total(weights * scores, over="place") - greatest(scores - weights, over="place")


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_places_and_what_varies_along_them_alone(dtype: str, kernels: list[Any]) -> None:
    scores, weights = np.array([[1.0, 2.0, 3.0], [2.0, 0.0, 4.0]], dtype), np.array([3.0, 1.0, 0.5], dtype)
    value, slope = ls.loss(axes={"scores": "item place"})(ranked).value_and_gradient(scores, reduction="none")
    np.testing.assert_allclose(value, [8 / 3, 8 / 3], rtol=1e-6)
    np.testing.assert_allclose(slope, [[0, 1 / 3, 2 / 3]] * 2, rtol=1e-6)
    kernels.clear()
    loss = ls.loss(axes={"scores": "item place", "weights": "place"})(weighed)
    value, slope = loss.value_and_gradient(scores, weights, reduction="none")
    assert kernels
    np.testing.assert_array_equal(value, [4.0, 4.5])
    np.testing.assert_array_equal(slope, [[3.0, 1.0, -0.5]] * 2)


def test_places_of_an_axis_that_is_none() -> None:
    def counted(scores: Real) -> Any:
        return total(scores, over="place") / places("entry")

    with pytest.raises(FormulaError, match="counted counts the places along entry, which no array has"):
        ls.loss(axes={"scores": "item place"})(counted)(np.ones((2, 3)))


@pytest.mark.parametrize("name", ["weston_watkins", "ordinal_cross_entropy"])
def test_all_of_a_wrong_row_is_nan_in_jax(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSARY_JAX_KERNELS", "1")
    scores = jnp.array([[0.1, 0.5, -1.0]] * 2)
    value, slope = jax.jit(jax.value_and_grad(ls.get(name)))(scores, jnp.array([1, -1]))
    assert np.isnan(value)
    np.testing.assert_array_equal(np.isnan(slope).all(1), [False, True])
    assert not np.isnan(slope[0]).any()


def test_memory_is_addressed_by_checked_labels_alone() -> None:
    """A place that a formula computes may be none: array operations look it up."""
    axes = {"scores": "item class", "target": "item"}
    for formula, wanted in ((softmax_margin, True), (one_before, False)):
        assert is_of_rows(ls.loss(axes=axes)(formula).record) is wanted
    levels = {"scores": "item boundary", "target": "item"}  # one more than there are places
    loss = ls.loss(axes=levels, lengths={"class": lambda boundary: boundary + 1})(up_to)
    assert not is_of_rows(loss.record)
    assert loss(np.array([[1.0, 2.0], [4.0, 8.0]]), [2, 0], reduction="sum") == 3.0 + 4.0
    with pytest.raises(LabelError, match=r"target\[1\] is 3"):
        ls.crammer_singer(np.zeros((2, 3)), [0, 3])


def per_row(scores: Real, limit: Real) -> Any:
    return total(where(scores < limit, scores, limit), over="place")


OTHERS: dict[str, tuple[Callable[..., Any], dict[str, str]]] = {
    "a prediction of items": (per_row, {"scores": "item place", "limit": "item"}),
    "places first": (per_row, {"scores": "place item", "limit": "item place"}),
    "one loss for everything": (
        lambda scores: total(total(scores, over="place"), over="item"),
        {"scores": "item place"},
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_formulas(name: str) -> None:
    """What is no loss over rows is none, and what is one in another layout is right."""
    formula, axes = OTHERS[name]
    formula.__name__ = "formula"
    loss = ls.loss(axes=axes)(formula)
    assert not is_of_rows(loss.record)
    shapes = [tuple({"item": 4, "place": 3}[axis] for axis in own.split()) for own in axes.values()]
    given = [np.random.default_rng(0).normal(size=shape) for shape in shapes]
    found = flat(loss.value_and_gradient(*given, reduction="sum"))
    with bodies(compiled=False):
        right = flat(loss.value_and_gradient(*given, reduction="sum"))
    for one, same in zip(found, right, strict=True):
        np.testing.assert_allclose(one, same, rtol=1e-14)
