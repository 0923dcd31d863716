"""Machine code that Inductor makes around the operators that run kernels, on the CPU or a GPU."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch._inductor.utils import run_and_get_code

import lossary
from device import MARKS, ON_GPU, on_device

pytestmark = [*MARKS, pytest.mark.usefixtures("compiling")]

Step = Callable[[Tensor], Tensor]
LABEL = on_device([0, 2, 1, 1], torch.int64)
TARGET = on_device(np.ones((4, 3)), torch.float32)
WEIGHT = on_device([0.5, 0.0, 2.0, 1.0], torch.float32)


@pytest.fixture(autouse=True)
def nothing_from_disk() -> Iterator[None]:
    """Inductor keeps machine code by the graph: it would not see that lossary makes other code of an operator."""
    with torch._inductor.config.patch(force_disable_caches=True):
        yield


def logits() -> Tensor:
    return on_device(np.random.default_rng(0).normal(size=(4, 3)), torch.float32).requires_grad_()


def cross_entropy(x: Tensor) -> Any:
    return lossary.softmax_cross_entropy(x, LABEL)


def of_a_product(x: Tensor) -> Any:
    return lossary.softmax_cross_entropy(x @ x.T @ x, LABEL, weight=WEIGHT)


def of_an_elementwise_function(x: Tensor) -> Any:
    return lossary.softmax_cross_entropy(torch.sin(x), LABEL)


def twice(x: Tensor) -> Any:
    return lossary.softmax_cross_entropy(x, LABEL) + lossary.huber(x, TARGET, reduction="sum") * 2


def unreduced(x: Tensor) -> Any:
    return lossary.softmax_cross_entropy(x, LABEL, reduction="none")


STEPS: list[tuple[Step, int]] = [  # with the number of gradients that are scaled in place
    (cross_entropy, 1), (of_a_product, 1), (of_an_elementwise_function, 0), (twice, 0), (unreduced, 0),
]  # fmt: skip
each_step = pytest.mark.parametrize(("step", "in_place"), STEPS, ids=lambda value: getattr(value, "__name__", ""))


def gradient(step: Step, x: Tensor, factor: float) -> Tensor:
    """Return the gradient times an upstream gradient."""
    x.grad = None
    value = step(x)
    value.backward(torch.full_like(value, factor))
    assert x.grad is not None
    return x.grad


@each_step
def test_gradients_are_scaled_in_place(step: Step, in_place: int) -> None:
    """Unless the scaling can be fused with what uses the gradient; with the numbers of an eager call."""
    compiled = torch.compile(step, fullgraph=True)
    _, codes = run_and_get_code(gradient, compiled, logits(), 1.0)
    assert codes[-1].count("torch.ops.lossary.scale_.default(") == in_place
    assert not any("lossary.scaled.default(" in code for code in codes)
    for factor in (1.0, 0.37, 0.0):
        found, right = gradient(compiled, logits(), factor), gradient(step, logits(), factor)
        torch.testing.assert_close(found, right, rtol=1e-5, atol=1e-6)


def test_float16_is_scaled_before_it_is_rounded() -> None:
    """Not in place, as gradients that wait for a factor are wider."""
    (x, right), factor = (logits().detach().half().requires_grad_() for _ in range(2)), 2.0**14
    _, codes = run_and_get_code(gradient, torch.compile(cross_entropy, fullgraph=True), x, factor)
    assert codes[-1].count("torch.ops.lossary.scale_.default(") == 0
    torch.testing.assert_close(x.grad, gradient(cross_entropy, right, factor), rtol=2.0**-9, atol=0)


def test_a_retained_graph_is_refused() -> None:
    """Gradients that were scaled in place, as the compiler has seen them used once, cannot be scaled again."""
    compiled = torch.compile(cross_entropy, fullgraph=True)
    compiled(logits()).backward()
    value = compiled(logits())
    with pytest.raises(RuntimeError, match="donated"):
        value.backward(retain_graph=True)


def test_a_retained_graph() -> None:
    """As PyTorch's error says, which needs gradients that are not scaled in place."""
    from torch._functorch import config

    with config.patch(donated_buffer=False):
        x = logits()
        value = torch.compile(cross_entropy, fullgraph=True)(x)
        found = [torch.autograd.grad(value, x, on_device(2.0, torch.float32), retain_graph=True)[0] for _ in range(2)]
    for each in found:
        torch.testing.assert_close(each, gradient(cross_entropy, logits(), 2.0))


@pytest.mark.skipif(not ON_GPU, reason="no GPU")
@pytest.mark.parametrize("mode", ["default", "reduce-overhead"])
@each_step
def test_nothing_waits_for_the_device(step: Step, in_place: int, mode: str) -> None:
    """With machine code, and with CUDA graphs: compiled, recorded and replayed."""
    compiled, right = torch.compile(step, fullgraph=True, mode=mode), gradient(step, logits(), 0.37)
    x, factor = logits(), torch.tensor(0.37, device="cuda")

    def scaled() -> Tensor:
        torch.compiler.cudagraph_mark_step_begin()
        x.grad = None
        value = compiled(x)
        value.backward(factor.expand(value.shape))
        assert x.grad is not None
        return x.grad.clone()

    for _ in range(3):
        torch.testing.assert_close(scaled(), right, rtol=1e-5, atol=1e-6)
    torch.cuda.set_sync_debug_mode("error")
    try:
        scaled()
    finally:
        torch.cuda.set_sync_debug_mode("default")
