"""Half precision: kernels read it without a copy, with the results of the same numbers in float32."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import lossary as ls
from lossary.catalogue.record import Record
from lossary.errors import DomainError
from lossary.execution.cpu import kernels, passes
from lossary.execution.cpu.compile import available, widens_halves
from representatives import PRINTED
from samples import arguments

pytestmark = pytest.mark.skipif(not available(), reason="llvmlite is not installed")

ARRAYS = [r for r in PRINTED if r.kind in ("pointwise", "row", "softmax", "overlap")]
# A kernel of each kind reads float16; bfloat16 is another function, which all of them call. Rows of it are below.
CASES = [*((record, torch.float16) for record in ARRAYS), (ARRAYS[0], torch.bfloat16)]
ALL_BITS = np.arange(1 << 16, dtype=np.uint16)


def narrowed(array: Any, half: torch.dtype) -> torch.Tensor:
    return torch.tensor(array).to(half)


@pytest.mark.parametrize(("record", "half"), CASES, ids=lambda value: getattr(value, "name", str(value)))
def test_as_float32_has_it(record: Record, half: torch.dtype) -> None:
    loss = ls.get(record.name)
    given = [narrowed(array, half) for array in arguments(record, shape=(30, 41), dtype=np.float32)]
    wide = [array.float() for array in given]
    before = [array.clone() for array in given]
    value, gradient = loss.value_and_gradient(*given)
    right, slope = loss.value_and_gradient(*wide)
    assert value == right
    assert value.dtype == torch.float32
    pairs = zip(*(g if isinstance(g, tuple) else (g,) for g in (gradient, slope)), strict=True)
    assert all(torch.equal(a, b.to(half)) for a, b in pairs)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    if half == torch.float16:
        assert loss.value_and_gradient(*(array.numpy() for array in given))[0] == right.numpy()


@pytest.mark.parametrize("instruction", [True, False], ids=["by an instruction", "by its bits"])
@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16], ids=str)
def test_every_number(half: torch.dtype, instruction: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Subnormal numbers, zeros of both signs and infinities; only a NaN's bits may change."""
    if instruction and not widens_halves():
        pytest.skip("this processor has no such instruction")
    monkeypatch.setattr(kernels, "widens_halves", lambda: instruction)
    monkeypatch.setattr(kernels, "_printed", kernels._printed.__wrapped__)
    monkeypatch.setattr(passes, "_passes", {})
    values = torch.tensor(ALL_BITS.view(np.int16)).view(half)

    @ls.pointwise
    def itself(prediction: Any, target: Any) -> Any:
        return prediction

    found = itself(values, torch.zeros_like(values), reduction="none")
    torch.testing.assert_close(found, values.float(), rtol=0, atol=0, equal_nan=True)
    assert torch.equal(found.signbit() | found.isnan(), values.signbit() | values.isnan())


def test_labels_of_a_row_of_halves() -> None:
    logits = torch.randn(7, 1300, generator=torch.Generator().manual_seed(0)).bfloat16()
    labels = torch.arange(7) * 100
    options: dict[str, Any] = {"label_smoothing": 0.1, "ignore_label": 300}
    found = ls.softmax_cross_entropy.value_and_gradient(logits, labels, **options)
    right = ls.softmax_cross_entropy.value_and_gradient(logits.float(), labels, **options)
    assert found[0] == right[0]
    assert torch.equal(found[1], right[1].bfloat16())


def test_gradients_through_autograd() -> None:
    logits = torch.tensor([0.5, -3.0, 7.0], dtype=torch.float16, requires_grad=True)
    ls.sigmoid_cross_entropy(logits, torch.tensor([1.0, 0.0, 1.0])).backward()
    assert logits.grad is not None
    assert logits.grad.dtype == torch.float16
    right = (torch.sigmoid(logits.detach().double()) - torch.tensor([1.0, 0.0, 1.0])) / 3
    torch.testing.assert_close(logits.grad.double(), right.double(), rtol=1e-3, atol=1e-4)


def test_what_is_wrong_is_found() -> None:
    wrong = torch.tensor([0.5, 1.25, 0.5], dtype=torch.bfloat16)
    with pytest.raises(DomainError, match=r"target\[1\] is 1.25"):
        ls.sigmoid_cross_entropy(torch.zeros(3, dtype=torch.bfloat16), wrong)


def test_no_copy_of_the_input() -> None:
    """The value of a million float16 numbers takes far less memory than they do."""
    prediction, target = np.zeros((2, 1 << 20), np.float16)
    labels = np.zeros(1 << 10, np.int64)
    calls: tuple[Callable[[], Any], ...] = (
        lambda: ls.huber(prediction, target),
        lambda: ls.softmax_cross_entropy(prediction.reshape(1 << 10, 1 << 10), labels),
    )
    for call in calls:
        call()
        tracemalloc.start()
        call()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < prediction.nbytes / 8
