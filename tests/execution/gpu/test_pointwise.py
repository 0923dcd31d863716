"""Pointwise losses through Triton against NumPy: on a GPU, or in Triton's interpreter, which needs none.

Triton reads ``TRITON_INTERPRET`` while it is imported; ``test_rows_interpreter.py`` runs this file with it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import lossary
from device import (
    DEVICE,
    INTERPRETED,
    LOSSES,
    close,
    differentiated,
    expected,
    host,
    on_device,
    require_device,
    upstream,
)
from fuzz.engines import bodies
from lossary.catalogue.record import Record
from lossary.errors import EmptyError
from lossary.execution.gpu.pointwise import BLOCK
from lossary.vocabulary import absolute, power
from samples import arguments
from words import of_every_word

pytestmark = require_device()

RECORDS = [record for record in LOSSES if record.kind == "pointwise"]
every_loss = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
POWERS = {"weibull_nll": 9}  # 4 ulp, and half an ulp of the base times the exponent, the sample's largest of which is 4
SIZES = (1, BLOCK - 1, BLOCK, 2 * BLOCK + 1)  # less than a block, a whole one, and a block of which one element counts


def tensors(record: Record, size: int, dtype: Any = torch.float64, seed: int = 0) -> list[Tensor]:
    return [on_device(array, dtype) for array in arguments(record, seed, (size,))]


# --- right --------------------------------------------------------------------------------------------------------


@every_loss
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16], ids=str)
def test_values_and_gradients(record: Record, dtype: Any, launches: list[Any]) -> None:
    """Half precision is read without a copy and computed in float32; a gradient has its prediction's dtype."""
    computed = torch.promote_types(dtype, torch.float32)
    sizes = SIZES if dtype == torch.float32 else SIZES[-1:]
    for size in sizes:
        given = tensors(record, size, dtype)
        value, slopes = lossary.get(record.name).value_and_gradient(*given, reduction="none")
        right, right_slopes = expected(record, given, reduction="none")
        assert value.dtype == computed
        close(value, right, computed, POWERS.get(record.name, 4))
        for slope, right_slope in zip(slopes if isinstance(slopes, tuple) else (slopes,), right_slopes, strict=True):
            assert slope.dtype == dtype
            close(slope, right_slope, dtype, POWERS.get(record.name, 4))
    assert len(launches) == len(sizes)


REDUCTIONS = [*((record, "mean") for record in RECORDS), *((RECORDS[-1], reduction) for reduction in ("sum", "none"))]


@pytest.mark.parametrize(("record", "reduction"), REDUCTIONS, ids=lambda value: getattr(value, "name", value))
def test_through_autograd(record: Record, reduction: str, launches: list[Any]) -> None:
    """Weights, a mask, parameters, and an upstream gradient that is not 1."""
    given = tensors(record, BLOCK + 3)
    weight = on_device(np.random.default_rng(1).uniform(size=BLOCK + 3).round(1))
    options = {"weight": weight, "mask": weight != 0.7, "reduction": reduction}
    options |= {parameter.name: parameter.default * 0.5 + 0.2 for parameter in record.parameters}
    value, slopes = differentiated(record, given, **options)
    right, right_slopes = expected(record, given, **options)
    close(value, right, torch.float64)
    for slope, right_slope in zip(slopes, right_slopes, strict=True):
        close(slope, host(upstream(value)) * right_slope, torch.float64)
    # The weights of a mean are added up first, each time; the sums of a sum's programs are added by a kernel, too.
    assert len(launches) == {"mean": 4, "sum": 3, "none": 2}[reduction]


@every_loss
def test_curvatures(record: Record) -> None:
    given = tensors(record, 5)
    found = lossary.get(record.name).gradient_and_hessian(*given)
    with bodies(compiled=False):
        right = lossary.get(record.name).gradient_and_hessian(*map(host, given))
    for parts, right_parts in zip(found, right, strict=True):
        pairs = zip(parts, right_parts, strict=True) if isinstance(parts, tuple) else [(parts, right_parts)]
        for part, right_part in pairs:
            close(part, right_part, torch.float64)


@pytest.mark.parametrize("weight", [2.0, on_device(2.0), on_device([[0.5, 2.0, 0.0]])], ids=["number", "single", "row"])
def test_one_weight_for_many(weight: Any) -> None:
    record = lossary.huber.record
    given = [on_device(array) for array in arguments(record, 0, (7, 3))]
    value, (slope,) = differentiated(record, given, weight=weight, delta=on_device(0.7))
    right, (right_slope,) = expected(record, given, weight=host(weight), delta=0.7)
    close(value, right, torch.float64)
    close(slope, -0.5 * right_slope, torch.float64)


def test_words() -> None:
    """Every word, and a parameter with a name that kernels also use."""

    @lossary.pointwise
    def odd(prediction: Any, target: Any, *, place: Any = 2.5) -> Any:
        gap = (prediction - target) / place
        return power(absolute(gap) + 0.1, place) + power(gap, 3.0)

    for loss, options in ((of_every_word, {}), (odd, {"place": 1.7})):
        given = [on_device(values) for values in (np.linspace(0.1, 0.9, 50), np.linspace(0.8, 0.2, 50))]
        value, slope = loss.value_and_gradient(*given, **options)
        with bodies(compiled=False):
            right, right_slope = loss.value_and_gradient(*map(host, given), **options)
        np.testing.assert_allclose(host(value), right, rtol=1e-14)
        np.testing.assert_allclose(host(slope), right_slope, rtol=1e-12)


def test_sums_are_accurate() -> None:
    """Many float32 numbers, added in blocks, and the blocks in float64: within the last rounding."""
    size = 20 * BLOCK if INTERPRETED else 1 << 24
    values = np.random.default_rng(0).uniform(size=size).astype(np.float32)
    total = lossary.absolute_error(
        on_device(values, torch.float32), on_device(np.zeros(size), torch.float32), reduction="sum"
    )
    assert abs(total.item() / math.fsum(values) - 1) <= 2**-24


# --- what is unusual ----------------------------------------------------------------------------------------------


def test_what_is_wrong_is_nan() -> None:
    """Masked values are not checked."""
    prediction, target = on_device([1.0, 2.0, 3.0]), on_device([0.0, math.nan, 1.0])
    mask = torch.tensor([True, False, True], device=DEVICE)
    assert host(lossary.squared_error(prediction, target, reduction="none")).tolist() == pytest.approx(
        [1, math.nan, 4], nan_ok=True
    )
    assert math.isnan(lossary.squared_error(prediction, target).item())
    value, slope = lossary.squared_error.value_and_gradient(prediction, target, mask=mask)
    assert (value.item(), slope.tolist()) == (2.5, [1.0, 0.0, 2.0])


@pytest.mark.parametrize("size", [0, 4])
def test_a_mean_over_nothing(size: int) -> None:
    """It is zero, with a zero gradient, without a check that waits for the GPU."""
    given = tensors(lossary.huber.record, size)
    mask = torch.zeros(size, dtype=torch.bool, device=DEVICE)
    value, (slope,) = differentiated(lossary.huber.record, given, mask=mask)
    assert (value.item(), slope.tolist()) == (0.0, [0.0] * size)
    assert math.isnan(lossary.huber(*given, mask=mask, empty="nan").item())
    if size == 0:  # known without looking at any value
        with pytest.raises(EmptyError):
            lossary.huber(*given, empty="raise")


def test_strides_and_buffers() -> None:
    prediction, target = on_device(np.arange(12.0).reshape(3, 4)).T, on_device(np.ones((4, 3)))
    right = 2 * (host(prediction) - 1)
    for out in (
        torch.empty(4, 3, device=DEVICE, dtype=torch.float64),
        torch.empty(4, 6, device=DEVICE, dtype=torch.float64)[:, ::2],
    ):
        _, slope = lossary.squared_error.value_and_gradient(prediction, target, reduction="sum", out=out)
        assert slope is out
        assert (host(out) == right).all()


def test_a_denominator_on_the_cpu() -> None:
    given = tensors(lossary.huber.record, 9)
    value, (slope,) = differentiated(lossary.huber.record, given, denominator=torch.tensor(4.0))
    right, (right_slope,) = expected(lossary.huber.record, given, denominator=4.0)
    close(value, right, torch.float64)
    close(slope, -0.5 * right_slope, torch.float64)


def test_labels_of_yes_and_no() -> None:
    """Targets of any dtype are read as they are."""
    logits = on_device([0.5, -2.0, 3.0], torch.float32)
    right = lossary.sigmoid_cross_entropy(logits, on_device([1.0, 0.0, 1.0], torch.float32))
    for dtype in (torch.bool, torch.uint8, torch.int64):
        assert lossary.sigmoid_cross_entropy(logits, on_device([1, 0, 1], dtype)).item() == right.item()


# --- autograd -----------------------------------------------------------------------------------------------------


def test_differentiated_again() -> None:
    target = on_device([0.0, 1.0, 1.0])
    logits = on_device([0.5, -2.0, 3.0]).requires_grad_()
    assert torch.autograd.gradcheck(lambda z: lossary.sigmoid_cross_entropy(z, target), logits)
    assert torch.autograd.gradgradcheck(lambda z: lossary.sigmoid_cross_entropy(z, target), logits)


def test_many_upstream_gradients_at_once() -> None:
    prediction = on_device([3.0, 5.0]).requires_grad_()
    value = lossary.squared_error(prediction, on_device([1.0, 1.0]))
    (found,) = torch.autograd.grad(value, prediction, on_device([1.0, -2.0]), is_grads_batched=True)
    assert found.tolist() == [[2.0, 4.0], [-4.0, -8.0]]


def test_transforms_trace(launches: list[Any]) -> None:
    """Arrays of a transform have no memory that a kernel could read."""
    target = on_device([1.0, 1.0])
    slope = torch.func.grad(lambda p: lossary.squared_error(p, target))(on_device([3.0, 5.0]))
    rows = torch.func.vmap(lambda p: lossary.squared_error(p, target))(on_device([[3.0, 5.0], [1.0, 1.0]]))
    assert (slope.tolist(), rows.tolist(), launches) == ([2.0, 4.0], [10.0, 0.0], [])


def test_a_retained_graph() -> None:
    prediction = on_device([3.0, 5.0]).requires_grad_()
    value = lossary.squared_error(prediction, on_device([1.0, 1.0]))
    first, second = (torch.autograd.grad(value, prediction, retain_graph=again)[0] for again in (True, False))
    assert first.tolist() == second.tolist() == [2.0, 4.0]


def test_an_input_that_was_changed_before_the_gradient_is_made() -> None:
    prediction, target = on_device([3.0]).requires_grad_(), on_device([1.0])
    value = lossary.squared_error(prediction, target)
    target += 1.0
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        value.backward()
