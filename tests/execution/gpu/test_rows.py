"""Losses over rows through Triton against NumPy: on a GPU, or in Triton's interpreter, which needs none.

``test_rows_interpreter.py`` runs this file with the interpreter on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import lossary
from device import DEVICE, LOSSES, close, differentiated, expected, host, on_device, require_device
from fuzz.engines import bodies
from lossary.catalogue.record import Record
from lossary.execution.gpu import kernels, launch, prepared, row_pass
from lossary.execution.gpu.tiles import Tile
from lossary.frameworks import torch_autograd
from lossary.kinds.rows import is_of_rows
from samples import arguments, label_arguments

pytestmark = require_device()

RECORDS = [record for record in LOSSES if record.kind in ("row", "softmax")]
NAMED = [record for record in lossary.losses() if is_of_rows(record)]  # of named axes
LABELLED = [record for record in RECORDS if record.takes_classes]
CROSS_ENTROPY = lossary.softmax_cross_entropy.record  # whose labels have a path of their own
TILES = {
    "rows": Tile(2, 16, 1),  # two rows a program, and a last program with one
    "blocks": Tile(1, 2, 1, wide=True, ahead=2),  # two whole blocks at once and a tail; a program for each row
}
LARGE = Tile(1, 16, 1, wide=True)  # a block that is larger than the row
every_loss = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
SHAPE = (3, 9)  # rows that begin anywhere beside 16 bytes


@pytest.fixture(params=TILES)
def tile(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Tile:
    """Use one tile for all sizes."""
    found = TILES[request.param]
    monkeypatch.setattr(row_pass, "tile", lambda *_, **__: found)
    return found


def tensors(record: Record, dtype: Any = torch.float64, labels: bool = False, shape: Any = SHAPE) -> list[Tensor]:
    arrays = (label_arguments if labels else arguments)(record, 0, shape)
    return [on_device(array, torch.int64 if array.dtype.kind == "i" else dtype) for array in arrays]


# --- right --------------------------------------------------------------------------------------------------------


EVERY = [(record, torch.float32) for record in (*RECORDS, *NAMED)]
DTYPES = [(CROSS_ENTROPY, dtype) for dtype in (torch.float64, torch.float16, torch.bfloat16)]


@pytest.mark.parametrize(("record", "dtype"), EVERY + DTYPES, ids=lambda value: getattr(value, "name", str(value)))
def test_values_and_gradients(record: Record, dtype: Any, tile: Tile, launches: list[Any]) -> None:
    """Half precision is read without a copy and computed in float32; a gradient has its prediction's dtype."""
    given = tensors(record, dtype)
    computed = torch.promote_types(dtype, torch.float32)
    value, slopes = lossary.get(record.name).value_and_gradient(*given, reduction="none")
    right, right_slopes = expected(record, given, reduction="none")
    assert (value.dtype, len(launches)) == (computed, 1)
    bound = 8 * torch.finfo(computed).eps
    terms = bound * np.max(right) if record.takes_vectors else 0.0  # a difference of distances
    np.testing.assert_allclose(host(value), right, rtol=bound, atol=terms + 1e-5 * (dtype != computed))
    for slope, right_slope in zip(slopes if len(right_slopes) > 1 else [slopes], right_slopes, strict=True):
        assert slope.dtype == dtype
        close(slope, right_slope, dtype)


OPTIONS: dict[str, dict[str, Any]] = {
    "labels": {},
    "a sum": {"reduction": "sum"},
    "none": {"reduction": "none"},
    "weights": {"weight": on_device([0.5, 0.0, 2.0])},
    "a mask": {"mask": torch.tensor([True, False, True], device=DEVICE)},
    "smoothing": {"label_smoothing": 0.2},
    "class weights": {"class_weight": on_device(np.linspace(0.0, 3.0, SHAPE[1])), "label_smoothing": 0.1},
    "ignored": {"ignore_label": 3},
    "a denominator": {"denominator": 7.0},
}


MATRIX = [(CROSS_ENTROPY, name) for name in OPTIONS] + [
    (record, "class weights") for record in LABELLED if record is not CROSS_ENTROPY
]


@pytest.mark.parametrize(("record", "name"), MATRIX, ids=lambda value: getattr(value, "name", value))
def test_labels_and_options(record: Record, name: str, tile: Tile) -> None:
    """Through autograd, with an upstream gradient that is not 1."""
    given = tensors(record, labels=True)
    given[1][1] = 3
    _agrees(record, given, OPTIONS[name])


@pytest.mark.parametrize("name", ["weights", "class weights", "none"])
def test_probabilities_and_options(name: str, tile: Tile) -> None:
    _agrees(CROSS_ENTROPY, tensors(CROSS_ENTROPY), OPTIONS[name])


def _agrees(record: Record, given: list[Tensor], options: dict[str, Any]) -> None:
    value, (slope,) = differentiated(record, given, **options)
    right, (right_slope,) = expected(record, given, **options)
    scale = np.linspace(-0.5, 2.0, value.numel())[:, None] if value.dim() else -0.5
    np.testing.assert_allclose(host(value), right, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(host(slope), scale * right_slope, rtol=1e-13, atol=1e-15)


def test_programs_that_go_through_several_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they do for an upstream gradient that was not expected."""
    monkeypatch.setattr(row_pass, "tile", lambda *_, **__: LARGE)
    monkeypatch.setattr(launch, "FEW", 1)
    _agrees(CROSS_ENTROPY, tensors(CROSS_ENTROPY, labels=True), {})


def test_normalizer_and_cap(tile: Tile) -> None:
    record = CROSS_ENTROPY
    rows = on_device(np.linspace(1.0, 9.0, 3))
    for options in ({"z_loss": 0.1, "logit_cap": 2.5}, {"z_loss": 0.3 * rows, "logit_cap": rows}):
        _agrees(record, tensors(record, labels=True), options)


@every_loss
def test_curvatures(record: Record, tile: Tile) -> None:
    given = tensors(record)
    found = lossary.get(record.name).gradient_and_hessian(*given)
    with bodies(compiled=False):
        right = lossary.get(record.name).gradient_and_hessian(*map(host, given))
    for part, right_part in zip(found, right, strict=True):
        np.testing.assert_allclose(host(part), right_part, rtol=1e-12, atol=1e-14)


def test_a_small_loss_keeps_its_digits(tile: Tile) -> None:
    """One class is nearly certain: exp(-20.3) and exp(-80.7), in float32."""
    logits = torch.full((2, 7), -math.inf, device=DEVICE)
    logits[0, 6], logits[0, 2], logits[1, 0], logits[1, 5] = 20.3, 0.0, 0.7, -80.0
    value, slope = lossary.softmax_cross_entropy.value_and_gradient(
        logits, torch.tensor([6, 0], device=DEVICE), reduction="none"
    )
    gaps = host(logits)[[0, 1], [2, 5]] - host(logits)[[0, 1], [6, 0]]
    np.testing.assert_allclose(host(value), np.log1p(np.exp(gaps)), rtol=4 * 2**-23)
    np.testing.assert_allclose(host(slope)[[0, 1], [6, 0]], -1.0 / (1.0 + np.exp(-gaps)), rtol=4 * 2**-23)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
def test_a_row_of_many_blocks(dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each lane meets several new maxima, one, and both in turn."""
    monkeypatch.setattr(row_pass, "tile", lambda *_, **__: TILES["blocks"])
    rising = np.arange(19) / 16
    logits = on_device([rising, rising[::-1], np.random.default_rng(0).permutation(rising)], dtype)
    label = torch.tensor([3, 3, 7], device=DEVICE)
    value, slope = lossary.softmax_cross_entropy.value_and_gradient(logits, label, reduction="none")
    power = np.exp(host(logits))
    share = power / power.sum(1, keepdims=True)
    assert host(value) == pytest.approx(-np.log(share[[0, 1, 2], [3, 3, 7]]), rel=2e-6)
    close(slope, share - np.eye(19)[[3, 3, 7]], dtype)


@pytest.mark.parametrize("columns", [2, 3])
def test_a_row_within_16_bytes(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No block begins at an aligned element, nor does any row but the first."""
    monkeypatch.setattr(row_pass, "tile", lambda *_, **__: TILES["blocks"])
    logits = on_device(np.random.default_rng(0).normal(size=(5, columns)), torch.bfloat16)
    label = torch.arange(5, device=DEVICE) % columns
    value, slope = lossary.softmax_cross_entropy.value_and_gradient(logits, label)
    right, (right_slope,) = expected(CROSS_ENTROPY, [logits, label])
    assert host(value) == pytest.approx(right)
    close(slope, right_slope, torch.bfloat16)


# --- what is unusual ----------------------------------------------------------------------------------------------


def test_infinite_logits(tile: Tile) -> None:
    """A row without a limit is NaN, and others are right."""
    inf = math.inf
    logits = torch.zeros(6, 7, device=DEVICE)
    logits[0, 3:] = -inf  # three classes left
    logits[1, 6] = inf  # the label: certain
    logits[2, 5] = inf  # another: the label cannot be
    logits[3, [0, 6]] = inf
    logits[4] = -inf
    logits[5, 4] = math.nan
    label = torch.tensor([1, 6, 6, 6, 0, 0], device=DEVICE)
    value, slope = lossary.softmax_cross_entropy.value_and_gradient(logits, label, reduction="none")
    assert host(value) == pytest.approx([math.log(3), 0, inf, math.nan, math.nan, math.nan], nan_ok=True)
    right = np.zeros((3, 7))
    right[0, :3], right[2, [5, 6]] = [1 / 3, -2 / 3, 1 / 3], [1, -1]
    assert host(slope)[:3] == pytest.approx(right)
    assert np.isnan(host(slope)[3:, 6]).all()


def test_the_least_number_is_one(tile: Tile) -> None:
    """Rows of the most negative number, which stands for a mask in many programs, are rows of equal logits."""
    logits = torch.full((1, 7), torch.finfo(torch.float32).min, device=DEVICE)
    value = lossary.softmax_cross_entropy(logits, torch.tensor([4], device=DEVICE))
    assert host(value) == pytest.approx(math.log(7))


def test_wrong_rows_are_nan(tile: Tile) -> None:
    """Labels that are no class, and targets that are no probabilities; masked rows are not checked."""
    logits = on_device(np.zeros((4, 7)))
    label = torch.tensor([0, 7, -1, -100], device=DEVICE)
    value, slope = lossary.softmax_cross_entropy.value_and_gradient(logits, label, reduction="none", ignore_label=-100)
    assert host(value) == pytest.approx([math.log(7), math.nan, math.nan, 0], nan_ok=True)
    assert np.isnan(host(slope)).all(1).tolist() == [False, True, True, False]
    target = on_device(np.full((4, 7), 1 / 7))
    target[1, 2], target[2, 6] = 1.5, math.nan
    mask = torch.tensor([True, True, False, True], device=DEVICE)
    value = lossary.softmax_cross_entropy(logits, target, mask=mask, reduction="none")
    assert host(value) == pytest.approx([math.log(7), math.nan, 0, math.log(7)], nan_ok=True)


@pytest.mark.parametrize("dtype", [torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64], ids=str)
def test_labels_of_any_integer_type(dtype: Any) -> None:
    record = CROSS_ENTROPY
    logits, label = tensors(record, labels=True)
    assert host(lossary.softmax_cross_entropy(logits, label.to(dtype))) == host(
        lossary.softmax_cross_entropy(logits, label)
    )


def layouts() -> Iterator[Any]:
    """Yield arrays of one shape in different memory orders, or with gaps, and the axis of their rows."""
    rng = np.random.default_rng(0)
    images = on_device(rng.normal(size=(2, 7, 1, 2)))
    yield pytest.param(images, 1, id="classes in the middle")
    yield pytest.param(images.to(memory_format=torch.channels_last), 1, id="channels last")
    yield pytest.param(on_device(rng.normal(size=(7, 3))), 0, id="classes first")
    yield pytest.param(on_device(rng.normal(size=(3, 7))).T.contiguous().T, 1, id="transposed")
    yield pytest.param(on_device(rng.normal(size=(2, 3, 7)))[:, :-1], 2, id="without the last")
    yield pytest.param(on_device(rng.normal(size=(1, 3, 3, 14)))[:, ::2, 1:, ::2], 3, id="with gaps")
    yield pytest.param(on_device(rng.normal(size=(7,))), 0, id="one row")
    yield pytest.param(on_device(rng.normal(size=(0, 7))), 1, id="no rows")


@pytest.mark.parametrize(("logits", "axis"), list(layouts()))
def test_layouts(logits: Tensor, axis: int, tile: Tile) -> None:
    items = tuple(n for i, n in enumerate(logits.shape) if i != axis)
    label = torch.arange(math.prod(items), device=DEVICE).reshape(items) % 7
    record = CROSS_ENTROPY
    weight = on_device(np.ones((1,) * len(items))) * 0.5
    for target in (label, torch.softmax(0.5 * logits, axis)):
        options = {"axis": axis, "weight": weight, "reduction": "sum"}
        value, (slope,) = differentiated(record, [logits, target], **options)
        right, (right_slope,) = expected(record, [logits, target], **options)
        np.testing.assert_allclose(host(value), right, rtol=1e-14)
        np.testing.assert_allclose(host(slope), -0.5 * right_slope, rtol=1e-13, atol=1e-16)


@pytest.mark.parametrize("step", [1, 2])
def test_buffers(step: int, tile: Tile) -> None:
    record = CROSS_ENTROPY
    given = tensors(record, labels=True)
    out = torch.empty(SHAPE[0], SHAPE[1] * step, device=DEVICE, dtype=torch.float64)[:, ::step]
    _, slope = lossary.softmax_cross_entropy.value_and_gradient(*given, out=out)
    assert slope is out
    close(out, expected(record, given)[1][0], torch.float64)


def test_the_same_bits(tile: Tile) -> None:
    given = tensors(CROSS_ENTROPY, torch.float32, labels=True)
    first, again = (lossary.softmax_cross_entropy.value_and_gradient(*given) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))


# --- autograd -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["pointwise", "softmax"])
def test_any_upstream_gradient_gives_the_same_bits(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last upstream gradient is expected again; for another one, the gradient is computed again in its memory."""
    monkeypatch.setattr(torch_autograd, "_last", {})
    made: list[list[float]] = []
    start = prepared.Prepared.start

    def compared(ready: prepared.Prepared, given: Any, *rest: Any, **named: Any) -> None:
        made.extend([[number.item() for number in given[-3:-1]]] if ready.compares else [])
        start(ready, given, *rest, **named)

    monkeypatch.setattr(prepared.Prepared, "start", compared)
    loss = {"pointwise": lossary.sigmoid_cross_entropy, "softmax": lossary.softmax_cross_entropy}[kind]
    logits = tensors(CROSS_ENTROPY, torch.bfloat16)[0].requires_grad_()
    target = torch.arange(3, device=DEVICE) if kind == "softmax" else torch.ones_like(logits)
    found = []
    for upstream in (3.0, 3.0, 0.3, 3.0):
        change = torch.tensor(upstream, device=DEVICE)
        found.append(torch.autograd.grad(loss(logits, target), logits, change)[0])
    assert np.array(made) == pytest.approx(np.array([[1.0, 3.0], [3.0, 3.0], [3.0, 0.3], [0.3, 3.0]]))
    assert torch.equal(found[0], found[1])
    assert torch.equal(found[0], found[3])
    right = expected(loss.record, [logits, target])[1][0]
    close(found[0], 3.0 * right, torch.bfloat16)
    close(found[2], 0.3 * right, torch.bfloat16)


def test_differentiated_again() -> None:
    logits, label = tensors(CROSS_ENTROPY, labels=True, shape=(2, 4))
    logits = logits.requires_grad_()
    assert torch.autograd.gradcheck(lambda z: lossary.softmax_cross_entropy(z, label), logits)
    assert torch.autograd.gradgradcheck(lambda z: lossary.softmax_cross_entropy(z, label), logits)


def test_transforms_trace(launches: list[Any]) -> None:
    """Arrays of a transform have no memory that a kernel could read."""
    logits, label = tensors(CROSS_ENTROPY, labels=True)
    slope = torch.func.grad(lambda z: lossary.softmax_cross_entropy(z, label))(logits)
    assert launches == []
    close(slope, expected(CROSS_ENTROPY, [logits, label])[1][0], torch.float64)


def test_a_kernel_that_does_not_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    """One warning says why, and the results are right."""

    def fails(*_: Any) -> Any:
        raise RuntimeError("no such instruction")

    monkeypatch.setattr(row_pass, "_kernel", fails)
    record = CROSS_ENTROPY
    given = tensors(record, labels=True)
    try:
        with pytest.warns(
            RuntimeWarning, match=r"kernel of softmax_cross_entropy failed \(RuntimeError: no such"
        ) as seen:
            value, (slope,) = differentiated(record, given)
        again, _ = differentiated(record, given)  # in silence
    finally:
        kernels._failed.clear()
    right, (right_slope,) = expected(record, given)
    assert host(value) == host(again) == pytest.approx(right)
    assert host(slope) == pytest.approx(-0.5 * right_slope)
    assert not Path(seen[0].filename).is_relative_to(Path(lossary.__file__).parent)  # it names a line of the caller's
