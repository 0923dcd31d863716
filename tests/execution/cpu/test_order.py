"""Arrays in other memory orders: the same results, in the order of the prediction."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
import torch

import lossary as ls
from lossary.catalogue.record import Record
from lossary.execution.cpu import kernels
from lossary.execution.cpu.compile import available
from lossary.frameworks import inverse, load
from samples import KINDS, arguments

pytestmark = pytest.mark.skipif(not available(), reason="llvmlite is not installed")

SHAPE = (5, 3, 4, 6)
ORDERS = [order for order in permutations(range(4)) if order != (0, 1, 2, 3)]
LAST = (0, 2, 3, 1)  # PyTorch's channels_last
SERVED = [record for record in KINDS if record.kind in kernels.BODIES]
FRAMEWORKS: dict[str, Callable[[Any], Any]] = {"numpy": np.asarray, "torch": torch.as_tensor}


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else "".join(map(str, value))


def laid(array: Any, order: tuple[int, ...]) -> Any:
    """Return the array with its axes in this order in memory, as far as it has them."""
    axes = [axis for axis in order if axis < array.ndim]
    return np.ascontiguousarray(array.transpose(axes)).transpose(inverse(axes))


def given(record: Record, axis: int) -> list[Any]:
    """Return arguments with classes along an axis."""
    if record.kind == "pointwise":
        return list(arguments(record, shape=SHAPE, dtype=np.float32))
    shape = (*(n for i, n in enumerate(SHAPE) if i != axis), SHAPE[axis])
    arrays = arguments(record, shape=shape, dtype=np.float32)
    return [np.ascontiguousarray(np.moveaxis(a, -1, axis)) if a.ndim == 4 else a for a in arrays]


def flat(result: Any) -> list[Any]:
    return [one for part in result for one in flat(part)] if isinstance(result, tuple) else [result]


def options_of(record: Record, axis: int) -> dict[str, Any]:
    return {} if record.kind == "pointwise" else {"axis": axis}


def hold(found: Any, right: Any) -> None:
    for a, b in zip(flat(found), flat(right), strict=True):
        np.testing.assert_allclose(np.asarray(a), np.asarray(b), rtol=2e-6, atol=1e-7)


@pytest.mark.parametrize("order", ORDERS, ids=name_of)
@pytest.mark.parametrize("record", SERVED, ids=name_of)
def test_the_same_numbers(record: Record, order: tuple[int, ...]) -> None:
    """Twice, as the second call takes the short way; beside the copy in the order of the axes, between these calls."""
    for axis in range(4) if record.kind != "pointwise" else [0]:
        arrays, options = given(record, axis), options_of(record, axis)
        other = [laid(array, order) for array in arrays]
        for make in FRAMEWORKS.values():
            loss = ls.get(record.name).configure(**options)
            for reduction in ("mean", "none"):
                for _ in range(2):
                    right = loss.value_and_gradient(*map(make, arrays), reduction=reduction)
                    found = loss.value_and_gradient(*map(make, other), reduction=reduction)
                    hold(found, right)
                    gradient = np.asarray(flat(found)[1])
                    assert gradient.strides == other[0].strides


@pytest.mark.parametrize("name", ["squared_error", "softmax_cross_entropy"])
@pytest.mark.parametrize("make", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_weights_and_masks_lie_otherwise(name: str, make: Callable[[Any], Any]) -> None:
    """Each array in an order of its own, or broadcast."""
    rng, record = np.random.default_rng(0), ls.get(name).record
    arrays, rows = given(record, 1), name != "squared_error"
    items = SHAPE[:1] + SHAPE[2:] if rows else SHAPE
    weight, mask = rng.random(items).astype(np.float32), rng.random(items) < 0.7
    options: dict[str, Any] = {"weight": weight, "mask": mask} | options_of(record, 1)
    lying = options | {"weight": laid(weight, tuple(reversed(range(len(items))))), "mask": laid(mask, LAST)}
    if rows:
        more = {"class_weight": rng.random(SHAPE[1]).astype(np.float32), "label_smoothing": 0.1}
        options, lying = options | more, lying | more
    loss, plain = ls.get(name).configure(), ls.get(name).configure()
    for first in (LAST, (3, 1, 2, 0)):
        other = [laid(arrays[0], first), *(laid(array, (3, 2, 1, 0)) for array in arrays[1:])]
        for _ in range(2):
            right = plain.value_and_gradient(*map(make, arrays), **_made(options, make))
            hold(loss.value_and_gradient(*map(make, other), **_made(lying, make)), right)
    one = {"weight": weight[:1]} | options_of(record, 1)
    for _ in range(2):
        right = plain.value_and_gradient(*map(make, arrays), **_made(one, make))
        found = loss.value_and_gradient(*(make(laid(a, LAST)) for a in arrays), **_made(one, make))
        hold(found, right)


def _made(options: dict[str, Any], make: Callable[[Any], Any]) -> dict[str, Any]:
    return {k: make(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}


@pytest.mark.parametrize("order", [LAST, (0, 1, 2, 3)], ids=name_of)
@pytest.mark.parametrize("make", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_parameters_of_items(make: Callable[[Any], Any], order: tuple[int, ...]) -> None:
    """They are checked, too: in other orders, of another dtype, or with dimensions of 1."""
    arrays, rng = given(ls.huber.record, 0), np.random.default_rng(3)
    other = [make(laid(array, LAST)) for array in arrays]
    for delta in (rng.uniform(0.1, 2.0, SHAPE), rng.uniform(0.1, 2.0, (5, 1, 4, 1)).astype(np.float32)):
        right = ls.huber.value_and_gradient(*arrays, delta=delta.astype(np.float32))
        loss = ls.huber.configure()
        for _ in range(3):
            hold(loss.value_and_gradient(*other, delta=make(laid(delta, order).astype(np.float32))), right)
            half = laid(delta, order).astype(np.float16)
            close = loss.value_and_gradient(*other, delta=make(half))
            hold(close, loss.value_and_gradient(*map(make, arrays), delta=make(np.ascontiguousarray(half))))


@pytest.mark.parametrize("axes", [(0, 1), (1, 2), (2, 3), (0, 3), (1, 3), (1, 2, 3), None], ids=str)
def test_pools_over_several_axes(axes: Any) -> None:
    """Some lie side by side in one order alone, some in the other; where in neither, no kernel serves them."""
    rng = np.random.default_rng(1)
    arrays = [rng.random(SHAPE), (rng.random(SHAPE) < 0.5).astype(float)]
    right = ls.dice.value_and_gradient(*arrays, axis=axes, reduction="none")
    for order in (LAST, (3, 2, 1, 0)):
        found = ls.dice.value_and_gradient(*(laid(a, order) for a in arrays), axis=axes, reduction="none")
        hold(found, right)


@pytest.mark.parametrize("make", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_results_are_written_where_they_are_wanted(make: Callable[[Any], Any]) -> None:
    """Buffers in the order of the prediction, in that of the axes, or with gaps."""
    record = ls.softmax_cross_entropy.record
    arrays = given(record, 1)
    right = ls.softmax_cross_entropy.value_and_gradient(*arrays, axis=1)[1]
    other, loss = [make(laid(array, LAST)) for array in arrays], ls.softmax_cross_entropy.configure(axis=1)
    gaps = np.zeros((*SHAPE, 2), np.float32)[..., 1]
    for out in (laid(np.zeros(SHAPE, np.float32), LAST), np.zeros(SHAPE, np.float32), gaps):
        for _ in range(2):
            out[...] = 7.0
            buffer = make(out)
            _, gradient = loss.value_and_gradient(*other, out=buffer)
            assert gradient is buffer
            np.testing.assert_allclose(out, right, rtol=2e-6, atol=1e-7)


def test_autograd_in_channels_last() -> None:
    """Through backward, for a reduced loss, an unreduced one and a second derivative; the gradient lies as wanted."""
    rng = np.random.default_rng(2)
    logits, labels = torch.as_tensor(rng.normal(size=SHAPE)), torch.as_tensor(rng.integers(0, 3, (5, 4, 6)))
    last = logits.contiguous(memory_format=torch.channels_last).requires_grad_()
    plain, upstream = logits.clone().requires_grad_(), torch.as_tensor(rng.random((5, 4, 6)))
    loss = ls.softmax_cross_entropy.configure(axis=1)
    for _ in range(3):
        for x in (last, plain):
            x.grad = None
            (loss(x, labels) * 0.5 + (loss(x, labels, reduction="none") * upstream).sum()).backward()
        assert last.grad is not None
        assert last.grad.is_contiguous(memory_format=torch.channels_last)
        torch.testing.assert_close(last.grad, plain.grad)
    second = [torch.autograd.grad(torch.autograd.grad(loss(x, labels), x, create_graph=True)[0].pow(2).sum(), x)[0]
              for x in (last, plain)]  # fmt: skip
    torch.testing.assert_close(*second)


def test_a_call_like_the_last_one_but_for_the_order() -> None:
    """The last call is recognized before its key is made; one array at a time lies otherwise."""
    record = ls.squared_error.record
    arrays, loss = given(record, 0), ls.squared_error.configure()
    right = float(loss(*map(torch.as_tensor, arrays)))
    ways = [tuple(torch.as_tensor(laid(a, order)) for a, order in zip(arrays, orders, strict=True))
            for orders in ((LAST, LAST), ((0, 1, 2, 3), LAST), (LAST, (0, 1, 2, 3)), ((0, 1, 2, 3),) * 2)]  # fmt: skip
    for _ in range(3):
        for first in ways:
            for second in ways:
                assert [float(loss(*way)) for way in (first, first, second)] == pytest.approx([right] * 3, rel=1e-6)


def test_what_lies_as_the_prediction_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every input pointer of the kernel is that of the array itself."""
    pointers: list[int] = []
    face = load("numpy")
    pointer = face.pointer

    def noted(array: Any) -> int:
        pointers.append(pointer(array))
        return pointers[-1]

    monkeypatch.setattr(face, "pointer", noted)
    arrays = [laid(array, LAST) for array in given(ls.huber.record, 0)]
    loss = ls.huber.configure()
    for _ in range(2):
        pointers.clear()
        loss.value_and_gradient(*arrays)
        assert {array.ctypes.data for array in arrays} <= set(pointers)
