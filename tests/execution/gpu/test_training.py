"""Losses on a GPU as training calls them: captured in a graph, on streams, compiled, under autocast, and very large."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

import lossary
from device import INTERPRETED

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(INTERPRETED or not torch.cuda.is_available(), reason="no GPU"),
    pytest.mark.usefixtures("launches"),
]

CASES = ["huber", "softmax_cross_entropy", "linear_cross_entropy", "dice"]
every_case = pytest.mark.parametrize("name", CASES)


def arguments(name: str, seed: int = 0, dtype: Any = torch.float32) -> list[Tensor]:
    """Return the predictions of a loss, and its target last."""
    torch.manual_seed(seed)
    first = torch.rand(64, 48, device="cuda", dtype=dtype)
    if name == "linear_cross_entropy":
        return [first, torch.randn(30, 48, device="cuda", dtype=dtype), torch.randint(30, (64,), device="cuda")]
    if name == "softmax_cross_entropy":
        return [first, torch.randint(48, (64,), device="cuda")]
    return [first, torch.rand_like(first).round()]


def step(loss: Any, arrays: list[Tensor], scale: float = 1.0) -> tuple[Tensor, ...]:
    """Return the value and its gradients."""
    leaves = [array.detach().requires_grad_(array.is_floating_point()) for array in arrays[:-1]]
    value = scale * loss(*leaves, arrays[-1])
    return value.detach(), *torch.autograd.grad(value, leaves)


def exact(name: str, arrays: list[Tensor], scale: float = 1.0) -> tuple[Tensor, ...]:
    """Return the value and its gradients on the CPU in float64."""
    given = [array.cpu().double() if array.is_floating_point() else array.cpu() for array in arrays]
    return step(lossary.get(name), given, scale)


def equal(found: tuple[Tensor, ...], right: tuple[Tensor, ...], rtol: float = 2e-5) -> None:
    for a, b in zip(found, right, strict=True):
        torch.testing.assert_close(a.detach().cpu().double(), b, rtol=rtol, atol=rtol * float(b.abs().max()))


@every_case
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_a_captured_graph_computes_new_arrays(name: str, scale: float) -> None:
    arrays, loss = arguments(name), lossary.get(name)
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step(loss, arrays, scale)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        found = step(loss, arrays, scale)
    new = arguments(name, seed=1)
    for old, array in zip(arrays, new, strict=True):
        old.copy_(array)
    graph.replay()
    equal(found, exact(name, new, scale))


@every_case
def test_another_stream(name: str) -> None:
    """Nothing runs ahead of what its stream computes before it."""
    arrays, stream = arguments(name), torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        late = [array.clone().fill_(0) for array in arrays]
        torch.cuda._sleep(20_000_000)
        for old, array in zip(late, arrays, strict=True):
            old.copy_(array)
        found = step(lossary.get(name), late, 0.5)
        torch.cuda._sleep(20_000_000)
        again = step(lossary.get(name), late, 0.5)  # the upstream gradient is expected again
    here = step(lossary.get(name), arrays)  # meanwhile, on the default stream
    torch.cuda.synchronize()
    equal(found, exact(name, arrays, 0.5))
    equal(again, exact(name, arrays, 0.5))
    equal(here, exact(name, arrays))


@every_case
def test_compiled_as_one_graph(name: str) -> None:
    arrays = arguments(name)
    equal(step(torch.compile(lossary.get(name), fullgraph=True), arrays), exact(name, arrays))


@every_case
def test_a_scaled_loss_and_then_another_scale(name: str) -> None:
    """An upstream gradient that was not expected."""
    arrays = arguments(name)
    for scale in (1.0, 3.0, 3.0, -0.25):
        equal(step(lossary.get(name), arrays, scale), exact(name, arrays, scale))


def test_autocast() -> None:
    layer, features, label = torch.nn.Linear(48, 48).cuda(), *arguments("softmax_cross_entropy")
    with torch.autocast("cuda", torch.bfloat16):
        value = lossary.softmax_cross_entropy(layer(features), label)
    value.backward()
    right = torch.nn.functional.cross_entropy(layer(features), label)
    (slope,) = torch.autograd.grad(right, layer.weight)
    torch.testing.assert_close(value, right, rtol=1e-2, atol=0)
    torch.testing.assert_close(layer.weight.grad, slope, rtol=5e-2, atol=2e-2 * float(slope.abs().max()))


@every_case
def test_second_derivatives(name: str) -> None:
    found: list[Tensor] = []
    right: list[Tensor] = []
    for made, device in ((found, "cuda"), (right, "cpu")):
        arrays = [a.to(device).double() if a.is_floating_point() else a.to(device) for a in arguments(name)]
        leaves = [a.requires_grad_() for a in arrays[:-1]]
        slopes = torch.autograd.grad(lossary.get(name)(*leaves, arrays[-1]), leaves, create_graph=True)
        made += torch.autograd.grad([(slope**2).sum() for slope in slopes], leaves)
    equal(tuple(found), tuple(right), 1e-10)


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="one GPU")
@every_case
def test_a_second_device(name: str) -> None:
    arrays = [array.to("cuda:1") for array in arguments(name)]
    equal(step(lossary.get(name), arrays), exact(name, arrays))


def test_more_elements_than_32_bits_count() -> None:
    size = 2**31 + 8
    prediction, target = (torch.full((size,), value, dtype=torch.bfloat16, device="cuda") for value in (2.0, 1.0))
    prediction[-1] = 5.0
    value, slope = step(lambda *given: lossary.squared_error(*given, reduction="sum"), [prediction, target])
    assert float(value) == pytest.approx(size + 15)
    assert [float(slope[i]) for i in (0, size - 2, size - 1)] == [2.0, 2.0, 8.0]


def test_rows_beyond_32_bits() -> None:
    rows, classes = 2**15 + 1, 2**16 + 1
    logits = torch.zeros(rows, classes, dtype=torch.bfloat16, device="cuda")
    label = torch.full((rows,), classes - 1, device="cuda")
    value, slope = step(lambda *given: lossary.softmax_cross_entropy(*given, reduction="sum"), [logits, label])
    assert float(value) == pytest.approx(rows * torch.log(torch.tensor(float(classes), dtype=torch.float64)).item())
    assert [float(slope[i, -1]) for i in (0, rows - 1)] == pytest.approx([1 / classes - 1] * 2, rel=1e-2)
    assert float(slope[rows - 1, 0]) == pytest.approx(1 / classes, rel=1e-2)
