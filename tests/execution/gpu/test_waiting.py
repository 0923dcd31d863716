"""GPU kernels are launched without waiting for the device; the interpreter has none."""

from __future__ import annotations

import pytest
import torch

import lossary
from device import DEVICE, INTERPRETED, differentiated, on_device
from samples import arguments, label_arguments

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(INTERPRETED or not torch.cuda.is_available(), reason="no GPU"),
    pytest.mark.usefixtures("launches"),
]


@pytest.mark.parametrize(("name", "shape"), [("huber", (3072,)), ("softmax_cross_entropy", (3, 7))])
def test_nothing_waits_for_the_device(name: str, shape: tuple[int, ...]) -> None:
    record = lossary.get(name).record
    arrays = (label_arguments if record.takes_classes else arguments)(record, 0, shape)
    given = [on_device(array, torch.int64 if array.dtype.kind == "i" else torch.float32) for array in arrays]
    weight = torch.rand(shape[0], device=DEVICE)
    differentiated(record, given, weight=weight)  # compiled now
    torch.cuda.set_sync_debug_mode("error")
    try:
        differentiated(record, given, weight=weight)
    finally:
        torch.cuda.set_sync_debug_mode("default")
