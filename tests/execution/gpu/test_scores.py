"""Losses of products through Triton's softmax kernels against NumPy: on a GPU, or in Triton's interpreter.

``test_rows_interpreter.py`` runs this file with the interpreter on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import lossary
from device import DEVICE, LOSSES, differentiated, expected, host, on_device, require_device
from lossary.catalogue.record import Record
from lossary.kinds import scores
from samples import arguments, label_arguments, predictions_of

pytestmark = require_device()

RECORDS = [record for record in LOSSES if record.scores]
LINEAR = lossary.linear_cross_entropy.record
every_loss = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)


@pytest.fixture(autouse=True)
def blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows of scores at a time, and one at last."""
    monkeypatch.setattr(scores, "DEVICE_FEWEST", 1)
    monkeypatch.setattr(scores, "DEVICE_MOST", 2)


def tensors(record: Record, dtype: Any = torch.float64) -> list[Tensor]:
    shape = (3, 7) if record.kind == "linear_softmax" else (3, 5)
    arrays = label_arguments(record, 0, shape) if record.takes_classes else arguments(record, 0, shape)
    return [on_device(array, torch.int64 if array.dtype.kind == "i" else dtype) for array in arrays]


@every_loss
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_values_and_gradients(record: Record, reduction: str, launches: list[Any]) -> None:
    """Through autograd, with upstream gradients that are not 1."""
    given = tensors(record)
    value, slopes = differentiated(record, given, reduction=reduction)
    assert launches
    leaves = [array.cpu().clone() for array in given]
    moved = [leaves[place].requires_grad_() for place in predictions_of(record)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lossary.frameworks.torch_eager._now", lambda place, arrays: place == "is_cpu")
        right = lossary.get(record.name)(*leaves, reduction=reduction)
    scale = torch.linspace(-0.5, 2.0, value.numel(), dtype=torch.float64).reshape(value.shape)
    np.testing.assert_allclose(host(value), host(right), rtol=1e-13)
    for slope, right_slope in zip(slopes, torch.autograd.grad(right, moved, scale), strict=True):
        np.testing.assert_allclose(host(slope), host(right_slope), rtol=1e-11, atol=1e-15)


def test_half_precision_is_multiplied_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores and their gradients have the arrays' dtype; the losses have float32."""
    found: list[Any] = []

    def room(shape: tuple[int, ...], dtype: Any, like: Any) -> Tensor:
        found.append(dtype)
        return torch.empty(shape, dtype=dtype, device=like.device)

    monkeypatch.setattr("lossary.frameworks.torch.room", room)
    given = tensors(LINEAR, torch.bfloat16)
    value, slopes = differentiated(LINEAR, given)
    right, right_slopes = expected(LINEAR, given)
    assert set(found) == {torch.bfloat16}
    assert value.dtype == torch.float32
    assert host(value) == pytest.approx(right, rel=2**-7)
    for slope, right_slope in zip(slopes, right_slopes, strict=True):
        assert slope.dtype == torch.bfloat16
        np.testing.assert_allclose(host(slope), -0.5 * right_slope, rtol=2**-5, atol=2**-8)


def test_frozen_arrays_and_masks() -> None:
    features, classifier, label, *_ = tensors(LINEAR)
    features = features.requires_grad_()
    mask = torch.tensor([True, False, True], device=DEVICE)
    value = lossary.linear_cross_entropy(features, classifier, label, mask=mask)
    (slope,) = torch.autograd.grad(value, features)
    right, right_slopes = expected(LINEAR, [features, classifier, label], mask=mask)
    np.testing.assert_allclose(host(value), right, rtol=1e-14)
    np.testing.assert_allclose(host(slope), right_slopes[0], rtol=1e-12, atol=1e-16)


def test_differentiated_again() -> None:
    features, classifier, label, *_ = tensors(LINEAR)
    leaves = features.requires_grad_(), classifier.requires_grad_()
    assert torch.autograd.gradgradcheck(lambda f, c: lossary.linear_cross_entropy(f, c, label), leaves, fast_mode=True)
