"""PyTorch where somebody follows the operations or says where tensors go: no kernel may go round them.

With compiled kernels wherever there are some: the first loss of each kind stands for the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.fx.experimental.proxy_tensor import make_fx
from torch.utils.flop_counter import FlopCounterMode

import lossary
from lossary.catalogue.record import Record
from samples import KINDS, arguments, predictions_of
from symbolic.several_axes import CASES, TOGETHER

Tensor = torch.Tensor
each_kind = pytest.mark.parametrize("record", KINDS, ids=lambda record: record.kind)


def tensors(record: Record, seed: int = 0) -> list[Tensor]:
    return [torch.tensor(array) for array in arguments(record, seed)]


def differentiated(record: Record) -> Callable[..., list[Tensor]]:
    """The value and its gradients as a function of tensors."""

    def compute(*given: Tensor) -> list[Tensor]:
        leaves = [x.detach().requires_grad_(i in predictions_of(record)) for i, x in enumerate(given)]
        value = lossary.get(record.name)(*leaves)
        return [value.detach(), *torch.autograd.grad(value, [leaves[i] for i in predictions_of(record)])]

    return compute


def same(found: Any, expected: Any) -> None:
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a.detach(), b.detach(), rtol=1e-12, atol=1e-14)


@each_kind
@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning", "ignore:.*torch.jit:DeprecationWarning")
def test_a_trace_is_no_constant(record: Record) -> None:
    """What was recorded of some tensors computes the loss of others."""
    loss, given, others = lossary.get(record.name), tensors(record), tensors(record, seed=1)
    traced = torch.jit.trace(lambda *x: loss(*x), tuple(given))
    same([traced(*others)], [loss(*others)])


@each_kind
def test_a_graph_of_fx_is_no_constant(record: Record) -> None:
    given, others = tensors(record), tensors(record, seed=1)
    for function in (lambda *x: [lossary.get(record.name)(*x)], differentiated(record)):
        same(make_fx(function)(*given)(*others), function(*others))


def test_a_dispatch_mode_sees_the_operations() -> None:
    """One that counts products sees those of all pairs."""
    given = tensors(lossary.info_nce.record)
    with FlopCounterMode(display=False) as counter:
        lossary.info_nce(*given)
    assert counter.get_total_flops() > 0


@each_kind
def test_a_default_device_is_for_new_tensors_only(record: Record) -> None:
    """Tensors on the CPU are computed there, whatever device new ones are made on."""
    given = tensors(record)
    right = differentiated(record)(*given)
    value, gradients = lossary.get(record.name).value_and_gradient(*given)
    with torch.device("meta"):
        same(differentiated(record)(*given), right)
        found, slopes = lossary.get(record.name).value_and_gradient(*given)
        same([lossary.get(record.name)(*given)], [value])
    parts = zip((found, slopes), (value, gradients), strict=True)
    same(*zip(*((a, b) for x, y in parts for a, b in zip(_flat(x), _flat(y), strict=True)), strict=True))


def _flat(result: Any) -> list[Tensor]:
    return list(result) if isinstance(result, tuple) else [result]


@pytest.mark.parametrize("record", [r for r in KINDS if not r.arguments[0].domain.sums_to_one], ids=lambda r: r.kind)
def test_zeros_that_lie_in_no_memory(record: Record) -> None:
    """Forward mode's tangents may be such."""
    loss, (first, *others) = lossary.get(record.name), tensors(record)
    nowhere: Any = torch._efficientzerotensor(first.shape, dtype=first.dtype)
    same([loss(nowhere, *others)], [loss(torch.zeros_like(first), *others)])
    same([loss(nowhere, *others)], [loss(torch.zeros_like(first), *others)])  # where there may be a plan by now


@pytest.mark.parametrize("name", TOGETHER)
def test_many_upstream_gradients_at_once(name: str) -> None:
    """The vmap of ``is_grads_batched`` hands on tensors without memory, and lacks some operations."""
    loss, (first, *others) = lossary.get(name), (torch.tensor(array) for _, array in CASES[name].arrays.values())
    x = first.requires_grad_()
    value = loss(x, *others, reduction="none")
    (slope,) = torch.autograd.grad(loss(x, *others), x, create_graph=True)
    for result in (value, slope):
        upstream = torch.rand((3, *result.shape), dtype=torch.float64)
        (found,) = torch.autograd.grad(result, x, upstream, is_grads_batched=True, retain_graph=True)
        one_by_one = [torch.autograd.grad(result, x, one, retain_graph=True)[0] for one in upstream]
        torch.testing.assert_close(found, torch.stack(one_by_one), rtol=1e-10, atol=1e-13)
