"""Strided and short rows, computed many at a time: each gives the same results as alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import lossary as ls
from lossary.catalogue.record import Record
from lossary.errors import LabelError
from lossary.execution.cpu import kernels, lanes, passes, rows
from lossary.execution.cpu.compile import available
from lossary.kinds.call import as_tuple
from representatives import PRINTED
from samples import KINDS, arguments

pytestmark = pytest.mark.skipif(not available(), reason="llvmlite is not installed")

ROWS = [record for record in PRINTED if kernels.BODIES[record.kind] is kernels.ROWS]
OF_KINDS = [record for record in KINDS if record.kind in ("row", "softmax")]
COUNT = 1100  # more than two blocks, and a rest
WEIGHT = np.arange(COUNT) % 7 / 4
OPTIONS: dict[str, Any] = {"weight": WEIGHT, "mask": WEIGHT < 1.2}
APART: dict[Any, tuple[int, Any]] = {  # the axis of the rows, and how an array is laid so
    lanes.SHORT: (-1, np.asarray),
    lanes.INNER: (0, lambda array: np.ascontiguousarray(array.T)),
}


# Formulas are printed in the same way for both layouts, which differ in how they read and write; labels are below.
CASES = [
    *((lanes.SHORT, record, np.float32, {}) for record in ROWS),
    *((lanes.INNER, record, np.float32, {}) for record in ROWS),
    *((layout, record, np.float64, OPTIONS) for layout, record in zip(APART, OF_KINDS, strict=True)),
]


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else "short" if value is lanes.SHORT else "apart"


def hold(patch: pytest.MonkeyPatch, layout: Any, record: Record, given: list[Any], options: dict[str, Any]) -> None:
    """Compare the losses and gradients of all rows with those of each row alone."""
    axis, lay = APART[layout]
    loss, used, kernel = ls.get(record.name).configure(), [], passes.Pass._kernel

    def noted(run: passes.Pass, body: Any) -> Any:
        used.append(body)
        return kernel(run, body)

    patch.setattr(passes, "_passes", {})  # none that knows the size of its last call
    patch.setattr(passes.Pass, "_kernel", noted)
    found = loss.value_and_gradient(*map(lay, given), **options, axis=axis, reduction="none")
    assert set(used) == {layout}
    used.clear()
    for i in range(0, COUNT, 97):
        row = [array[i : i + 1] for array in given]
        own = {k: v[i : i + 1] if np.shape(v) == (COUNT,) else v for k, v in options.items()}
        right = loss.value_and_gradient(*row, **own, axis=-1, reduction="none")
        close = {"rtol": 4 * np.finfo(given[0].dtype).eps, "atol": 1e-30, "equal_nan": True}
        np.testing.assert_allclose(found[0][i], right[0][0], **close)
        for a, b in zip(as_tuple(found[1]), as_tuple(right[1]), strict=True):
            np.testing.assert_allclose(lay(a)[i], b[0], **close)
    assert set(used) == {rows}


@pytest.mark.parametrize(("layout", "record", "dtype", "options"), CASES, ids=name_of)
def test_each_row(
    monkeypatch: pytest.MonkeyPatch, layout: Any, record: Record, dtype: Any, options: dict[str, Any]
) -> None:
    given = arguments(record, seed=1, shape=(COUNT, 10), dtype=dtype)
    hold(monkeypatch, layout, record, given, {k: v if k == "mask" else v.astype(dtype) for k, v in options.items()})


@pytest.mark.parametrize(("layout", "smoothing"), [(lanes.SHORT, 0.0), (lanes.INNER, 0.0), (lanes.SHORT, 0.1)])
def test_labels(monkeypatch: pytest.MonkeyPatch, layout: Any, smoothing: float) -> None:
    """With class weights and ignored labels, infinite logits and ties among them."""
    rng = np.random.default_rng(2)
    logits = (rng.normal(size=(COUNT, 10)) * 10.0 ** rng.uniform(-3, 2, (COUNT, 1))).astype(np.float32)
    logits[::2, 3] = logits[::2].max(1)
    logits[::97, 5], logits[97::194, 6] = -np.inf, np.inf
    options = {"class_weight": rng.uniform(size=10).astype(np.float32), "label_smoothing": smoothing, "ignore_label": 7}
    hold(monkeypatch, layout, ls.softmax_cross_entropy.record, [logits, rng.integers(10, size=COUNT)], options)


@pytest.mark.parametrize(
    ("layout", "product", "both"), [(lanes.SHORT, 0.0, np.minimum), (lanes.INNER, 1.0, np.multiply)]
)
def test_weights_and_masks_of_each_place(layout: Any, product: float, both: Any) -> None:
    """Overlap losses have a weight and a mask for each element, not for each row."""
    record = ls.dice.record
    given = arguments(record, seed=5, shape=(COUNT, 10), dtype=np.float64)
    _, lay = APART[layout]
    keep, weight = given[0] < 0.7, given[0] + 0.5
    options: dict[str, Any] = {"axis": APART[layout][0], "reduction": "none", "product": product}
    found = ls.dice.value_and_gradient(*map(lay, given), mask=lay(keep), weight=lay(weight), **options)
    inside = [np.where(keep, weight * a, 0.0) for a in (both(*given), given[0], given[1])]
    shared, first, second = (a.sum(1) for a in inside)
    np.testing.assert_allclose(found[0], 1 - 2 * shared / (first + second), rtol=1e-12)
    assert (lay(found[1])[~keep] == 0).all()


def test_the_mean_over_an_image() -> None:
    """Many chunks in groups: their sums, and a wrong label among them."""
    rng = np.random.default_rng(3)
    logits, labels = rng.normal(size=(3, 5, 130, 200)), rng.integers(5, size=(3, 130, 200))
    value, slope = ls.softmax_cross_entropy.value_and_gradient(logits, labels, axis=1)
    along = np.ascontiguousarray(np.moveaxis(logits, 1, -1))
    shares = np.exp(along) / np.exp(along).sum(-1, keepdims=True)
    own = np.take_along_axis(shares, labels[..., None], -1)
    assert value == pytest.approx(-np.log(own).mean(), rel=1e-13)
    right = (shares - np.eye(5)[labels]) / labels.size
    np.testing.assert_allclose(np.moveaxis(slope, 1, -1), right, rtol=1e-9, atol=1e-16)
    labels[2, 129, 199] = 5
    with pytest.raises(LabelError, match=r"target\[2, 129, 199\]"):
        ls.softmax_cross_entropy(logits, labels, axis=1)


def test_places_beside_each_other_in_groups() -> None:
    """Regions over two axes with something before and after them; axes apart have no kernel, and agree."""
    rng = np.random.default_rng(4)
    x, y = rng.uniform(size=(2, 3, 4, 5, 70))
    y = np.round(y)
    for axis in ((1, 2), (0, 1), (2,), (0, 3), (3, 1)):
        found = ls.dice(x, y, axis=axis, reduction="none")
        moved = [np.moveaxis(a, axis, range(-len(axis), 0)) for a in (x, y)]
        right = ls.dice(*moved, axis=tuple(range(-len(axis), 0)), reduction="none")
        np.testing.assert_allclose(found, right, rtol=1e-13)
