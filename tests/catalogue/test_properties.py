"""What holds whatever the numbers: Hypothesis draws arguments from the domains that each loss declares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import lossary
from lossary.catalogue.record import Record
from lossary.domains import Interval
from representatives import REPRESENTATIVES
from samples import BY_SHAPE, SHAPES, by_row, factor_shapes, of_rows, predictions_of

pytestmark = pytest.mark.usefixtures("portable")
ALL = BY_SHAPE
BOUND = 100.0  # a number may be, where its domain has no end
few = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
some_losses = pytest.mark.parametrize("record", REPRESENTATIVES, ids=lambda record: record.name)
CLOSE: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-9}


def inside(domain: Interval, kind: str, shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
    """Arrays of a domain; rows that sum to 1 where the loss is of rows of probabilities."""
    low, high = max(domain.low, -BOUND), min(domain.high, BOUND)
    low += 1e-3 if np.isfinite(domain.low) else 0.0  # the ends, where slopes are infinite, have tests of their own
    numbers = arrays(np.float64, shape, elements=st.floats(low, high - 1e-3))
    if kind in ("row", "softmax") and domain.high == 1.0:
        return numbers.map(lambda rows: rows / rows.sum(-1, keepdims=True))
    if kind == "row" and domain.high == 0.0:
        return numbers.map(lambda rows: rows - np.log(np.exp(rows).sum(-1, keepdims=True)))
    return numbers


def drawn(data: st.DataObject, record: Record) -> list[Any]:
    shapes = factor_shapes(record, SHAPES[record.kind])
    found = [
        data.draw(inside(a.domain, record.inner.kind, shapes.get(a.name, SHAPES[record.kind])))
        for a in record.arguments
    ]
    if record.task == "embedding":  # no vector is nearly zero, whose direction is all rounding
        found = [np.where(abs(array) < 1e-3, 0.0, array) + np.eye(*array.shape[-2:]) for array in found]
    return found


def items(record: Record) -> tuple[int, ...]:
    shape = SHAPES[record.kind]
    return shape[:-1] if record.inner.kind in ("row", "softmax") else shape


def both(loss: Any, *given_arrays: Any, **options: Any) -> tuple[Any, list[Any]]:
    value, found = loss.value_and_gradient(*given_arrays, **options)
    return value, list(found if isinstance(found, tuple) else (found,))


@some_losses
@few
@given(data=st.data())
def test_the_parts_of_a_call_agree(record: Record, data: st.DataObject) -> None:
    """One value whichever method is asked; unreduced losses sum to the sum; the mean's gradient is a multiple of it."""
    loss, given_arrays = lossary.get(record.name), drawn(data, record)
    mean, gradients = both(loss, *given_arrays)
    total, of_sum = both(loss, *given_arrays, reduction="sum")
    each = loss(*given_arrays, reduction="none")
    np.testing.assert_allclose(loss(*given_arrays), mean, **CLOSE)
    np.testing.assert_allclose(each.sum(), total, **CLOSE)
    np.testing.assert_allclose(each.mean(), mean, **CLOSE)
    for a, b in zip(gradients, of_sum, strict=True):
        np.testing.assert_allclose(a * each.size, b, **CLOSE)


@some_losses
@few
@given(data=st.data())
def test_the_order_of_rows_means_nothing(record: Record, data: st.DataObject) -> None:
    loss, given_arrays = lossary.get(record.name), drawn(data, record)
    order = np.array(data.draw(st.permutations(range(len(given_arrays[0])))))
    value, gradients = both(loss, *given_arrays)
    shuffled, moved = both(loss, *of_rows(record, given_arrays, order))
    np.testing.assert_allclose(shuffled, value, **CLOSE)
    for i, a, b in zip(predictions_of(record), moved, gradients, strict=True):
        np.testing.assert_allclose(a, b[order] if i in by_row(record) else b, **CLOSE)


@some_losses
@few
@given(data=st.data(), scale=st.floats(1e-3, 1e3))
def test_weights_scale_a_sum_and_not_a_mean(record: Record, data: st.DataObject, scale: float) -> None:
    loss, given_arrays = lossary.get(record.name), drawn(data, record)
    weight = data.draw(arrays(np.float64, items(record), elements=st.floats(0.1, 10.0)))
    mean, gradients = both(loss, *given_arrays, weight=weight)
    scaled, same = both(loss, *given_arrays, weight=scale * weight)
    if record.kind != "overlap":  # there weights are inside a ratio, which may hold a constant
        np.testing.assert_allclose(scaled, mean, **CLOSE)
        for a, b in zip(same, gradients, strict=True):
            np.testing.assert_allclose(a, b, **CLOSE)
    if record.adds:
        sums = [loss(*given_arrays, weight=w, reduction="sum") for w in (weight, scale * weight)]
        np.testing.assert_allclose(sums[1], scale * sums[0], **CLOSE)


@some_losses
@few
@given(data=st.data())
def test_a_mask_is_removal_and_totals_add(record: Record, data: st.DataObject) -> None:
    loss, given_arrays = lossary.get(record.name), drawn(data, record)
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=len(given_arrays[0]), max_size=len(given_arrays[0]))))
    mask = np.broadcast_to(kept.reshape(-1, *[1] * (len(items(record)) - 1)), items(record))
    removed = of_rows(record, given_arrays, kept)
    np.testing.assert_allclose(loss(*given_arrays, mask=mask), loss(*removed), **CLOSE)
    if record.adds:
        both_parts = loss.total(*removed) + loss.total(*of_rows(record, given_arrays, ~kept))
        np.testing.assert_allclose(both_parts.mean, loss(*given_arrays), **CLOSE)


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.name)
def test_a_divergence_is_never_negative(record: Record) -> None:
    """Of distributions that are all but equal, either way, rounding would make it so (Gibbs' inequality)."""
    of_logits = any(argument.name.startswith("target_") for argument in record.arguments)
    if record.kind == "pointwise" or (not of_logits and "divergence" not in record.name):
        pytest.skip("compares no distributions")
    rng = np.random.default_rng(0)
    target = rng.dirichlet(np.ones(5), 2000)
    near = target * (1 + 1e-9 * rng.normal(size=target.shape))
    near /= near.sum(-1, keepdims=True)
    arrays = [near if record.arguments[0].domain.sums_to_one else np.log(near), target]
    if of_logits:
        layer = [np.eye(5)] if record.scores else []
        arrays = [np.log(near), *layer, np.log(target), *layer]
    assert (lossary.get(record.name)(*arrays, reduction="none") >= 0).all()
