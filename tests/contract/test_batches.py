"""Batches and their parts: totals add up, what is left out counts for nothing, one meaning of a target is one value."""

from __future__ import annotations

import itertools
import math
import pickle
from typing import Any

import numpy as np
import pytest
import torch

import lossary
from arrays import FRAMEWORKS, NUMPY, TORCH, Framework, differentiated
from lossary.catalogue.record import Record
from lossary.errors import EmptyError, NotAdditiveError, ShapeError
from lossary.kinds.call import as_tuple
from lossary.kinds.reduce import Total
from representatives import REPRESENTATIVES
from samples import arguments, by_row, label_arguments, of_rows, on_frameworks, predictions_of

ADDITIVE = [record for record in REPRESENTATIVES if record.kind not in ("overlap", "pairs")]
NOT_ADDITIVE = [record for record in REPRESENTATIVES if record.kind == "pairs"]
OVER_CLASSES = [record for record in REPRESENTATIVES if record.kind in ("row", "softmax")]
TAKES_LABELS = [record for record in OVER_CLASSES if record.takes_classes]
pytestmark = pytest.mark.usefixtures("portable")
CLOSE: dict[str, Any] = {"rtol": 1e-12, "atol": 1e-13}


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


def items(record: Record, arrays: list[Any]) -> tuple[int, ...]:
    """The shape of the items of arguments that ``samples`` made."""
    shape: tuple[int, ...] = arrays[0].shape
    return shape[:-1] if record.inner.kind in ("row", "softmax") else shape


# --- totals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", [NUMPY, TORCH], ids=str)
@pytest.mark.parametrize("record", ADDITIVE, ids=name_of)
def test_any_split_of_a_batch_is_the_batch(record: Record, framework: Framework) -> None:
    """Value and gradient of the mean over the parts' total are those of the whole, however it is split."""
    arrays, loss = arguments(record), lossary.get(record.name)
    rng = np.random.default_rng(3)
    weight, mask = rng.random(items(record, arrays)), rng.random(items(record, arrays)) < 0.7
    whole = loss(*arrays, weight=weight, mask=mask)
    for split in ([1], [2], [1, 2, 3], [0, 3]):  # also an empty part
        totals = []
        for rows in np.split(np.arange(len(weight)), split):
            given = map(framework.make, [*of_rows(record, arrays, rows), weight[rows], mask[rows]])
            *part, weights, masks = given
            totals.append(loss.total(*part, weight=weights, mask=masks))
        total = sum(totals[1:], totals[0])
        np.testing.assert_allclose(framework.numpy(total.mean), whole, **CLOSE)
        assert float(total.count) == mask.sum()
        np.testing.assert_allclose(float(total.weight), weight[mask].sum(), **CLOSE)


@pytest.mark.parametrize(("record", "framework"), on_frameworks(ADDITIVE))
def test_rows_one_by_one_are_the_batch(record: Record, framework: Framework) -> None:
    """Value and gradients to 1e-6 in float32, over a denominator that is a number or an array."""
    arrays, loss = arguments(record, dtype=np.float32), lossary.get(record.name)
    weight = np.linspace(0.5, 2.0, math.prod(items(record, arrays)), dtype=np.float32).reshape(items(record, arrays))
    whole = loss.value_and_gradient(*map(framework.make, arrays), weight=framework.make(weight))
    cut = [slice(i, i + 1) for i in range(len(arrays[0]))]
    rows = [[framework.make(array) for array in (*of_rows(record, arrays, one), weight[one])] for one in cut]
    total = sum((loss.total(*row[:-1], weight=row[-1]) for row in rows), Total(0.0, 0.0, 0.0))
    np.testing.assert_allclose(framework.numpy(total.mean), framework.numpy(whole[0]), rtol=1e-6)
    for over in (float(total.weight), framework.make(np.float32(total.weight))):
        parts = [loss.value_and_gradient(*row[:-1], weight=row[-1], denominator=over) for row in rows]
        value = sum(float(part[0]) for part in parts)
        np.testing.assert_allclose(value, framework.numpy(whole[0]), rtol=1e-6)
        for k, place in enumerate(predictions_of(record)):
            *gradients, right = (
                framework.numpy(found[k] if isinstance(found, tuple) else found) for _, found in (*parts, whole)
            )
            joined = np.concatenate(gradients) if place in by_row(record) else sum(gradients)
            np.testing.assert_allclose(joined, right, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("framework", [NUMPY, TORCH], ids=str)
@pytest.mark.parametrize("differentiated", [False, True])
def test_any_number_of_float32_batches_adds_up(framework: Framework, differentiated: bool) -> None:
    """One item more than float32 can count."""
    x: Any = framework.make(np.ones(1, np.float32))
    if differentiated and framework is TORCH:
        x.requires_grad_()
    total = Total(0.0, 2.0**24, 2.0**24) + lossary.squared_error.total(x, framework.make(np.zeros(1, np.float32)))
    assert (float(total.sum), float(total.weight), float(total.count)) == (1.0, 2.0**24 + 1, 2.0**24 + 1)


@pytest.mark.parametrize("record", ADDITIVE, ids=name_of)
def test_accumulated_gradients_are_the_batchs(record: Record) -> None:
    """Micro-batches of 1 and 3 rows, each over the whole batch's weight, as in gradient accumulation."""
    arrays, loss = [torch.tensor(a) for a in arguments(record)], lossary.get(record.name)
    whole = arrays[0].clone().requires_grad_()
    loss(whole, *arrays[1:]).backward()
    parts = arrays[0].clone().requires_grad_()
    count = loss.total(*arrays).weight
    for rows in (slice(0, 1), slice(1, 4)):
        loss(*of_rows(record, [parts, *arrays[1:]], rows), denominator=count).backward()
    torch.testing.assert_close(parts.grad, whole.grad, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("record", ADDITIVE, ids=name_of)
def test_a_total_has_a_graph(record: Record) -> None:
    arrays, loss = [torch.tensor(a) for a in arguments(record)], lossary.get(record.name)
    x = arrays[0].clone().requires_grad_()
    first, second = (of_rows(record, [x, *arrays[1:]], rows) for rows in (slice(2), slice(2, None)))
    total = loss.total(*first) + loss.total(*second)
    (found,), (expected,) = torch.autograd.grad(total.mean, x), torch.autograd.grad(loss(x, *arrays[1:]), x)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("record", NOT_ADDITIVE, ids=name_of)
def test_what_does_not_add_up_has_no_total(record: Record) -> None:
    with pytest.raises(NotAdditiveError, match=record.name):
        lossary.get(record.name).total(*arguments(record))


def test_a_total_pickles_and_adds_to_nothing_else() -> None:
    total = lossary.squared_error.total([1.0, 3.0], [0.0, 0.0])
    assert pickle.loads(pickle.dumps(total)) == total == 0 + total
    assert (total.sum, total.weight, total.count, total.mean) == (10.0, 2.0, 2.0, 5.0)
    with pytest.raises(TypeError, match="Total"):
        total + 1.0
    assert lossary.squared_error.total([], []).mean == 0.0


# --- what is left out ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["mask", "weight"])
@pytest.mark.parametrize(("record", "framework"), on_frameworks(REPRESENTATIVES))
def test_what_is_left_out_may_hold_anything(record: Record, how: str, framework: Framework) -> None:
    """NaN, infinities and impossible targets, masked or of weight 0: value and gradients as if they were not there."""
    clean, loss = arguments(record, dtype=np.float32), lossary.get(record.name)
    kept = np.ones(items(record, clean), bool)
    kept[1], kept[-1] = False, False
    dirty = [array.copy() for array in clean]
    wrong = itertools.cycle([(np.nan, np.inf), (np.inf, np.nan), (-7.0, np.nan)])
    for i in by_row(record):
        dirty[i][1], dirty[i][-1] = next(wrong)
    option = {"mask": framework.make(kept)} if how == "mask" else {"weight": framework.make(kept.astype(np.float32))}

    def results(arrays: list[Any]) -> list[Any]:
        value, found = loss.value_and_gradient(*map(framework.make, arrays), **option)
        return [framework.numpy(x) for x in (value, *(found if isinstance(found, tuple) else (found,)))]

    for a, b in zip(results(dirty), results(clean), strict=True):
        np.testing.assert_array_equal(a, b)
    of_items = [g for i, g in zip(predictions_of(record), results(dirty)[1:], strict=True) if i in by_row(record)]
    assert of_items
    assert not any(gradient[1].any() or gradient[-1].any() for gradient in of_items)
    if framework is not NUMPY:
        _hold_differentiated(record, framework, dirty, clean, option)


def _hold_differentiated(record: Record, framework: Framework, dirty: Any, clean: Any, option: Any) -> None:
    """By the framework's differentiation, too, in every argument."""
    loss = lossary.get(record.name)
    results = differentiated(framework, lambda *x: loss(*x, **option))
    (value, found), (clean_value, expected) = (results(*map(framework.make, arrays)) for arrays in (dirty, clean))
    assert float(value) == float(clean_value)
    for i, (gradient, right) in enumerate(
        zip(map(framework.numpy, found), map(framework.numpy, expected), strict=True)
    ):
        np.testing.assert_array_equal(gradient, right)
        assert not (i in by_row(record) and gradient[1].any())


@pytest.mark.parametrize(("record", "framework"), on_frameworks(TAKES_LABELS))
def test_a_masked_row_of_nan_beside_smoothed_labels(record: Record, framework: Framework) -> None:
    """Smoothing gives every class a term: the row's NaN must meet no product with 0, in weights' gradients either."""
    prediction, labels = label_arguments(record, dtype=np.float32)
    mask = framework.make(np.arange(labels.size).reshape(labels.shape) % 2 == 0)
    dirty = np.where(framework.numpy(mask)[..., None], prediction, np.nan)
    loss, target, weight = lossary.get(record.name), framework.make(labels), framework.make(np.ones(labels.shape, "f4"))

    def of(prediction: Any, weight: Any) -> Any:
        return loss(prediction, target, weight=weight, mask=mask, label_smoothing=0.25, reduction="none")

    found = loss.value_and_gradient(framework.make(dirty), target, mask=mask, label_smoothing=0.25)[1]
    right = loss.value_and_gradient(framework.make(prediction), target, mask=mask, label_smoothing=0.25)[1]
    np.testing.assert_array_equal(framework.numpy(found), framework.numpy(right))
    if framework is not NUMPY:
        results = differentiated(framework, of)
        gradients = [results(framework.make(z), weight)[1] for z in (dirty, prediction)]
        for computed, clean in zip(*gradients, strict=True):
            np.testing.assert_array_equal(framework.numpy(computed), framework.numpy(clean))


@pytest.mark.parametrize("record", REPRESENTATIVES, ids=name_of)
def test_a_number_weighs_every_item_in_every_call(record: Record) -> None:
    """A plain number is no array: the second call of these shapes takes what the first one checked."""
    loss = lossary.get(record.name)
    for seed in (0, 1):
        arrays = arguments(record, seed=seed)
        found = loss(*arrays, weight=0.75, mask=True, reduction="sum")
        scale = 0.75 if record.kind != "overlap" else 1.0
        np.testing.assert_allclose(found, scale * loss(*arrays, reduction="sum"), **CLOSE)


@pytest.mark.parametrize("record", REPRESENTATIVES, ids=name_of)
def test_weight_zero_is_masked_is_removed(record: Record) -> None:
    arrays, loss = arguments(record), lossary.get(record.name)
    kept = np.ones(items(record, arrays), bool)
    kept[1] = False
    rows = [i for i in range(len(arrays[0])) if i != 1]
    removed = loss(*of_rows(record, arrays, rows))
    np.testing.assert_allclose(loss(*arrays, mask=kept), removed, **CLOSE)
    np.testing.assert_allclose(loss(*arrays, weight=kept.astype(float)), removed, **CLOSE)
    np.testing.assert_allclose(loss(*arrays, weight=kept * 3.0, mask=kept), removed, **CLOSE)


@pytest.mark.parametrize(("record", "framework"), on_frameworks(r for r in REPRESENTATIVES if r.kind != "overlap"))
def test_nothing_left(record: Record, framework: Framework) -> None:
    """All masked, all of weight 0, or no rows at all: 0 with a live graph, NaN or an error, as ``empty`` says."""
    loss, full = lossary.get(record.name), arguments(record, dtype=np.float32)
    nothing = {"mask": framework.make(np.zeros(items(record, full), bool))}
    weightless = {"weight": framework.make(np.zeros(items(record, full), np.float32))}
    none = of_rows(record, full, slice(0))
    for arrays, option in ((full, nothing), (full, weightless), (none, {})):
        given = list(map(framework.make, arrays))
        assert float(loss(*given, **option)) == 0.0
        assert np.isnan(float(loss(*given, **option, empty="nan")))
        with pytest.raises(EmptyError, match="over nothing"):
            loss(*given, **option, empty="raise")
        if framework is not NUMPY:
            value, found = differentiated(framework, lambda x, g=given, o=option: loss(x, *g[1:], **o))(given[0])
            assert float(value) == 0.0
            assert not framework.numpy(found[0]).any()


# --- targets ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", [NUMPY, TORCH], ids=str)
@pytest.mark.parametrize("record", TAKES_LABELS, ids=name_of)
def test_labels_one_hot_and_soft_targets_are_one(record: Record, framework: Framework) -> None:
    prediction, labels = label_arguments(record, dtype=np.float32)
    one_hot = np.eye(prediction.shape[-1], dtype=np.float32)[labels]
    loss, classes = lossary.get(record.name), framework.make(np.array([0.25, 3.0], np.float32))
    options = [
        {},
        {"class_weight": classes},
        {"label_smoothing": 0.1},
        {"class_weight": classes, "label_smoothing": 0.25},
    ]
    for option, reduction in itertools.product(options, ("mean", "none")):
        value, gradient = loss.value_and_gradient(
            *map(framework.make, (prediction, one_hot)), **option, reduction=reduction
        )
        other, slope = loss.value_and_gradient(
            *map(framework.make, (prediction, labels)), **option, reduction=reduction
        )
        terms = float(np.finfo(np.float32).eps)  # of a divergence, which is a difference
        np.testing.assert_allclose(framework.numpy(value), framework.numpy(other), rtol=2e-6, atol=terms)
        np.testing.assert_allclose(framework.numpy(gradient), framework.numpy(slope), rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_labels_of_any_integer_dtype(dtype: str, framework: Framework) -> None:
    record = lossary.softmax_cross_entropy.record
    prediction, labels = label_arguments(record, dtype=np.float32)
    expected = lossary.softmax_cross_entropy(prediction, labels)
    given = framework.make(prediction), framework.make(labels.astype(dtype))
    np.testing.assert_allclose(framework.numpy(lossary.softmax_cross_entropy(*given)), expected, rtol=1e-6)
    np.testing.assert_allclose(
        framework.numpy(lossary.softmax_cross_entropy(*given, ignore_label=-100)), expected, rtol=1e-6
    )


@pytest.mark.parametrize("record", TAKES_LABELS, ids=name_of)
@pytest.mark.parametrize("sentinel", [-100, 255, 7])
def test_an_ignored_label_is_a_removed_row(record: Record, sentinel: int) -> None:
    prediction, labels = label_arguments(record)
    labels = labels.astype(np.uint8 if sentinel == 255 else np.int64)
    mask = np.ones(labels.shape, bool)
    mask[0, 1] = mask[2] = False
    ignored = np.where(mask, labels, sentinel).astype(labels.dtype)
    loss = lossary.get(record.name)
    value, gradient = loss.value_and_gradient(prediction, ignored, ignore_label=sentinel)
    expected, slope = loss.value_and_gradient(prediction, labels, mask=mask)
    np.testing.assert_array_equal(value, expected)
    np.testing.assert_array_equal(gradient, slope)


def test_labels_of_many_classes_reach_the_last() -> None:
    for record in TAKES_LABELS:
        prediction, labels = label_arguments(record)
        assert labels.max() == prediction.shape[-1] - 1


@pytest.mark.parametrize("record", OVER_CLASSES, ids=name_of)
@pytest.mark.parametrize("axis", [0, 1, -2])
def test_classes_along_any_axis(record: Record, axis: int) -> None:
    arrays, loss = arguments(record), lossary.get(record.name)
    moved = [np.moveaxis(array, -1, axis) for array in arrays]
    options: dict[str, Any] = {"label_smoothing": 0.1} if record.takes_classes else {}
    value, gradient = loss.value_and_gradient(*arrays, **options)
    other, slope = loss.value_and_gradient(*moved, axis=axis, **options)
    np.testing.assert_allclose(value, other, **CLOSE)
    for a, b in zip(as_tuple(slope), as_tuple(gradient), strict=True):
        np.testing.assert_allclose(np.moveaxis(a, axis, -1), b, **CLOSE)


@pytest.mark.parametrize("record", REPRESENTATIVES, ids=name_of)
def test_the_predictions_have_the_gradients(record: Record) -> None:
    """One gradient a prediction, in the shape of the arguments; a tuple where there are several."""
    arrays = arguments(record)
    gradient = lossary.get(record.name).value_and_gradient(*arrays)[1]
    found = gradient if isinstance(gradient, tuple) else (gradient,)
    assert [g.shape for g in found] == [arrays[i].shape for i in predictions_of(record)]
    assert isinstance(gradient, tuple) == (len(found) > 1)


# --- parameters that vary from item to item -------------------------------------------------------------------------


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("record", [r for r in REPRESENTATIVES if r.kind == "pairs"], ids=name_of)
def test_a_block_of_pairs_has_its_own_rows(
    record: Record, framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights, masks and parameters of each row, in blocks of two rows as in one block, and gradients in all."""
    arrays, loss = arguments(record, shape=(7, 3), dtype=np.float32), lossary.get(record.name)
    varying = {"weight": np.linspace(0.5, 2.0, 7, dtype=np.float32)}
    varying |= {p.name: np.linspace(0.2, 0.9, 7, dtype=np.float32) for p in record.parameters}
    mask = framework.make(np.arange(7) != 2)

    def computed() -> list[Any]:
        given, named = [*map(framework.make, arrays)], {k: framework.make(v) for k, v in varying.items()}
        value, gradients = loss.value_and_gradient(*given, **named, mask=mask)
        each = loss(*given, **named, mask=mask, reduction="none")
        if framework is NUMPY:
            return [value, *gradients, each]

        def of_all(*moving: Any) -> Any:
            return loss(*moving[:2], **dict(zip(named, moving[2:], strict=True)), mask=mask)

        return [value, *gradients, each, *differentiated(framework, of_all)(*given, *named.values())[1]]

    whole = computed()
    for room in ("BLOCK", "TRACED"):
        monkeypatch.setattr(f"lossary.kinds.scores.{room}", 2 * 7 * 4)  # bytes of two rows of scores
    for found, right in zip(computed(), whole, strict=True):
        np.testing.assert_allclose(framework.numpy(found), framework.numpy(right), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("record", [r for r in REPRESENTATIVES if r.kind == "overlap" and r.parameters], ids=name_of)
def test_a_parameter_of_each_pool(record: Record, framework: Framework) -> None:
    """It has the shape of the unreduced loss, as the weight of a row has; no other fits."""
    arrays, loss = arguments(record, shape=(3, 4, 2), dtype=np.float32), lossary.get(record.name)
    given = [*map(framework.make, arrays)]
    for parameter in record.parameters:
        high = min(parameter.domain.high, 8.0)
        values = np.array([0.25, high / 2, high], np.float32)
        found = loss(*given, axis=(1, -1), reduction="none", **{parameter.name: framework.make(values)})
        right = [loss(*(a[i] for a in given), **{parameter.name: float(v)}) for i, v in enumerate(values)]
        np.testing.assert_allclose(framework.numpy(found), [float(x) for x in right], rtol=1e-6)
        for shape in ((3, 4, 2), (3, 1, 1), (1, 4, 1), (4,)):
            with pytest.raises(ShapeError, match=rf"{parameter.name}: expected shape \(3,\) or one "):
                loss(*given, axis=(1, -1), **{parameter.name: framework.make(np.ones(shape, np.float32))})
