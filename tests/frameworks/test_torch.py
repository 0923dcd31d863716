"""PyTorch: every derivative, transform, layout and dtype that users reach a loss with."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import pytest
import torch
from torch.autograd import forward_ad, gradcheck, gradgradcheck
from torch.func import grad, hessian, jacfwd, jacrev, jvp, vmap

import lossary
from lossary.catalogue.record import Record
from representatives import REPRESENTATIVES
from samples import BY_SHAPE, arguments, by_row, has_target, of_rows, predictions_of, setting

SOFT = [record for record in REPRESENTATIVES if record.kind in ("row", "softmax", "overlap") and has_target(record)]
BY_EXAMPLE = [record for record in REPRESENTATIVES if record.kind != "pairs"]  # whose first axis are examples
Tensor = torch.Tensor
pytestmark = pytest.mark.usefixtures("portable")


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


every_loss = pytest.mark.parametrize("record", BY_SHAPE, ids=name_of)
some_losses = pytest.mark.parametrize("record", REPRESENTATIVES, ids=name_of)


def tensors(record: Record, dtype: torch.dtype = torch.float64, shape: tuple[int, ...] | None = None) -> list[Tensor]:
    return [torch.tensor(array, dtype=dtype) for array in arguments(record, shape=shape)]


def of_predictions(record: Record, given: list[Tensor], **options: Any) -> tuple[Callable[..., Tensor], list[Tensor]]:
    """The loss as a function of its predictions alone, and the predictions."""
    places, loss = predictions_of(record), lossary.get(record.name)

    def function(*predictions: Tensor) -> Any:
        arrays = list(given)
        for i, prediction in zip(places, predictions, strict=True):
            arrays[i] = prediction
        return loss(*arrays, **options)

    return function, [given[i].clone().requires_grad_() for i in places]


def expected(record: Record, given: list[Tensor], **options: Any) -> list[Tensor]:
    """The gradients, from NumPy."""
    named = {k: v.detach().numpy() if isinstance(v, Tensor) else v for k, v in options.items()}
    found = lossary.get(record.name).value_and_gradient(*(g.detach().double().numpy() for g in given), **named)[1]
    return [torch.tensor(g) for g in (found if isinstance(found, tuple) else (found,))]


def same(found: Any, right: Any, digits: int = 11) -> None:
    torch.testing.assert_close(found, right, rtol=10.0**-digits, atol=10.0**-digits)


# --- derivatives --------------------------------------------------------------------------------------------------


@some_losses
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_first_and_second_derivatives(record: Record, reduction: str) -> None:
    function, predictions = of_predictions(record, tensors(record, shape=(3, 2)), reduction=reduction)
    assert gradcheck(function, predictions, check_forward_ad=True)
    assert gradgradcheck(function, predictions)


@some_losses
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_many_upstream_gradients_at_once(record: Record, reduction: str) -> None:
    """``is_grads_batched``, as vectorised Jacobians use it."""
    function, predictions = of_predictions(record, tensors(record, shape=(3, 2)), reduction=reduction)
    value = function(*predictions)
    upstream = torch.rand((4, *value.shape), dtype=torch.float64)
    found = torch.autograd.grad(value, predictions, upstream, is_grads_batched=True, retain_graph=True)
    one_by_one = [torch.autograd.grad(value, predictions, u, retain_graph=True) for u in upstream]
    for k, gradient in enumerate(found):
        same(gradient, torch.stack([one[k] for one in one_by_one]))


@every_loss
def test_derivatives_in_everything_else(record: Record) -> None:
    """Soft targets, weights, class weights and parameters that are tensors."""
    given = tensors(record, shape=(3, 2))
    if record.kind == "overlap":
        weight = torch.rand(3, 2, dtype=torch.float64) + 0.5
    else:
        weight = torch.rand(lossary.get(record.name)(*given, reduction="none").shape, dtype=torch.float64) + 0.5
    more: dict[str, Tensor] = {"weight": weight}
    if record.takes_classes:
        more["class_weight"] = torch.tensor([0.5, 2.0], dtype=torch.float64)
    values = {p.name: 0.6 if p.domain.contains(0.6) else p.domain.inside for p in record.parameters}
    more |= {name: torch.tensor(value, dtype=torch.float64) for name, value in values.items()}
    moving = [x.clone().requires_grad_() for x in (*given, *more.values())]
    sums_to_one = [a.domain.sums_to_one for a in record.arguments]

    def function(*x: Tensor) -> Any:
        return lossary.get(record.name)(*x[: len(given)], **dict(zip(more, x[len(given) :], strict=True)))

    for i, fixed in enumerate(sums_to_one):
        moving[i].requires_grad_(not fixed or record.kind == "pointwise")
    assert gradcheck(function, moving)
    assert gradgradcheck(
        function, moving, fast_mode=True
    )  # a random projection of the matrix, in which any wrong entry shows


def test_a_half_precision_input_that_is_used_twice() -> None:
    """A soft target is in the loss and in what the mean divides by: its gradient is rounded once."""
    random = torch.Generator().manual_seed(3)
    logits, weights = torch.randn(4, 5, generator=random), torch.rand(5, generator=random)
    target = torch.softmax(torch.randn(4, 5, generator=random), -1).bfloat16().requires_grad_()
    wide = target.detach().float().requires_grad_()
    slopes = [
        torch.autograd.grad(lossary.softmax_cross_entropy(logits, given, class_weight=weights), given)[0]
        for given in (target, wide)
    ]
    assert torch.equal(slopes[0], slopes[1].bfloat16())


@pytest.mark.parametrize("record", SOFT, ids=name_of)
def test_derivative_in_soft_targets(record: Record) -> None:
    """Along changes that keep the row's sum, as finite differences of a probability must."""
    prediction, target = tensors(record, shape=(3, 2))
    loss = lossary.get(record.name)
    direction = torch.tensor([[1.0, -1.0]] * 3, dtype=torch.float64)
    assert gradcheck(
        lambda s: loss(prediction, target + s * direction), torch.zeros((), dtype=torch.float64).requires_grad_()
    )


@some_losses
def test_forward_mode_is_backward_mode(record: Record) -> None:
    given = tensors(record)
    function, predictions = of_predictions(record, given)
    directions = [torch.randn_like(p) for p in predictions]
    with forward_ad.dual_level():
        duals = [forward_ad.make_dual(p.detach(), d) for p, d in zip(predictions, directions, strict=True)]
        moved = forward_ad.unpack_dual(function(*duals)).tangent
    same(moved, sum((g * d).sum() for g, d in zip(expected(record, given), directions, strict=True)))


@some_losses
def test_transforms(record: Record) -> None:
    """grad, jacrev, jacfwd, jvp and hessian of torch.func agree with each other and with the closed forms."""
    given = tensors(record, shape=(3, 2))
    function, predictions = of_predictions(record, given)
    first, *others = [p.detach() for p in predictions]

    def alone(x: Tensor) -> Any:
        return function(x, *others)

    gradient = expected(record, given)[0]
    same(grad(alone)(first), gradient)
    same(jacrev(alone)(first), gradient)
    same(jacfwd(alone)(first), gradient)
    same(jvp(alone, (first,), (torch.ones_like(first),))[1], gradient.sum())
    whole = hessian(alone)(first)
    same(whole, jacrev(jacrev(alone))(first))
    if record.kind in ("pointwise", "row", "softmax"):
        curve = lossary.get(record.name).gradient_and_hessian(*(g.numpy() for g in given))[1]
        diagonal = torch.tensor(curve[0] if isinstance(curve, tuple) else curve).flatten()
        items = given[0].numel() if record.kind == "pointwise" else len(given[0])
        same(torch.diagonal(whole.reshape(diagonal.numel(), -1)) * items, diagonal)


@pytest.mark.parametrize("record", BY_EXAMPLE, ids=name_of)
def test_vmap_and_gradients_of_each_example(record: Record) -> None:
    given, loss = tensors(record), lossary.get(record.name)
    one_by_one = [of_rows(record, given, i) for i in range(len(given[0]))]
    axes = tuple(0 if i in by_row(record) else None for i in range(len(given)))
    same(vmap(loss, axes)(*given), torch.stack([loss(*one) for one in one_by_one]))
    right = torch.stack([expected(record, one)[0] for one in one_by_one])
    same(vmap(grad(loss), axes)(*given), right)


def test_autocast() -> None:
    """A model in bfloat16: the loss of its logits is float32 and trains it."""
    model, x, y = torch.nn.Linear(8, 3), torch.randn(5, 8), torch.tensor([0, 1, 2, 1, 0])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(x)
        loss = lossary.softmax_cross_entropy(logits, y)
    loss.backward()
    assert (logits.dtype, loss.dtype) == (torch.bfloat16, torch.float32)
    right = lossary.softmax_cross_entropy(logits.detach().float().numpy(), y.numpy())
    assert float(loss.detach()) == pytest.approx(float(right), rel=1e-5)
    assert model.weight.grad is not None
    assert model.weight.grad.abs().sum() > 0


@some_losses
def test_a_graph_that_is_kept(record: Record) -> None:
    """Backward three times, with upstream gradients 1 and 0.37; gradients that were handed out may be changed."""
    given = tensors(record, torch.float32)
    function, predictions = of_predictions(record, given)
    value = function(*predictions)
    first = torch.autograd.grad(value, predictions, retain_graph=True)
    for gradient in first:
        gradient.zero_()  # whoever got a gradient may change it
    second = torch.autograd.grad(value, predictions, retain_graph=True)
    third = torch.autograd.grad(value * 0.37, predictions)
    for right, again, scaled in zip(expected(record, given), second, third, strict=True):
        same(again.double(), right, 5)
        same(scaled.double(), right * 0.37, 5)


@some_losses
def test_upstream_gradients_that_differ(record: Record) -> None:
    given = tensors(record)
    function, predictions = of_predictions(record, given, reduction="none")
    losses = function(*predictions)
    upstream = torch.rand_like(losses) + 0.1
    found = torch.autograd.grad(losses, predictions, upstream, retain_graph=True)
    again = torch.autograd.grad((losses * upstream).sum(), predictions)
    weighted = expected(record, given, weight=upstream, reduction="sum") if record.kind != "overlap" else again
    for a, b, c in zip(found, again, weighted, strict=True):
        same(a, b)
        same(a, c)


@some_losses
def test_a_parameter_that_learns(record: Record) -> None:
    for parameter in record.parameters:
        given = tensors(record)
        chosen = setting(parameter, 0.4)
        learned = torch.tensor(chosen, dtype=torch.float64, requires_grad=True)
        lossary.get(record.name)(*given, **{parameter.name: learned}).backward()
        step = 1e-6
        above, below = (lossary.get(record.name)(*given, **{parameter.name: chosen + s * step}) for s in (1, -1))
        same(learned.grad, (above - below) / (2 * step), 6)


@pytest.mark.parametrize("name", ["softmax_brier", "softmax_symmetric_cross_entropy", "softmax_cross_entropy"])
def test_weights_of_classes_that_learn_beside_a_masked_row(name: str) -> None:
    """Whatever the row holds, it adds nothing to second derivatives."""
    logits = torch.tensor([[0.2, 0.4], [math.inf, math.inf]], dtype=torch.float64, requires_grad=True)
    weights = torch.tensor([0.5, 1.2], dtype=torch.float64, requires_grad=True)

    def twice(rows: slice, **keywords: Any) -> list[Tensor]:
        loss = lossary.get(name)(logits[rows], torch.tensor([0, 1])[rows], class_weight=weights, **keywords)
        slopes = torch.autograd.grad(loss, [logits, weights], create_graph=True)
        return [*torch.autograd.grad(slopes[0][0, 0] + slopes[1][0], [logits, weights])]

    for found, right in zip(twice(slice(2), mask=torch.tensor([True, False])), twice(slice(1)), strict=True):
        same(found, right)


# --- tensors as users have them -----------------------------------------------------------------------------------


@some_losses
def test_strides_and_views(record: Record) -> None:
    """Transposed and sliced with a step: the same numbers, the inputs untouched, the gradients in their shape."""
    given = tensors(record)
    right, value = expected(record, given), lossary.get(record.name)(*given)
    strided = [torch.stack([g, -g], dim=-1)[..., 0] for g in given]
    turned = [g.transpose(0, -1).contiguous().transpose(0, -1) for g in given]
    for arrays in (strided, turned):
        before = copy.deepcopy(arrays)
        function, _ = of_predictions(record, arrays)
        predictions = [arrays[i].detach().requires_grad_() for i in predictions_of(record)]
        assert not all(p.is_contiguous() for p in predictions)
        result = function(*predictions)
        same(result.detach(), value)
        for a, b in zip(torch.autograd.grad(result, predictions), right, strict=True):
            same(a, b)
        assert all(torch.equal(a.detach(), b) for a, b in zip(arrays, before, strict=True))


@some_losses
def test_expanded_inputs(record: Record) -> None:
    """One row seen many times: its gradient is the sum over all of them."""
    given, rows = of_rows(record, tensors(record), slice(1)), by_row(record)
    function, _ = of_predictions(record, [g.expand(4, *g.shape[1:]) if i in rows else g for i, g in enumerate(given)])
    predictions = {i: given[i].clone().requires_grad_() for i in predictions_of(record)}
    seen = [p.expand(4, *p.shape[1:]) if i in rows else p for i, p in predictions.items()]
    found = torch.autograd.grad(function(*seen), list(predictions.values()))
    repeated = [g.repeat(4, *[1] * (g.ndim - 1)) if i in rows else g for i, g in enumerate(given)]
    for i, a, b in zip(predictions, found, expected(record, repeated), strict=True):
        same(a, b.sum(0, keepdim=True) if i in rows else b)


@some_losses
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_half_precision(record: Record, dtype: torch.dtype) -> None:
    """The loss is float32, computed in float32; each gradient has the dtype of its input."""
    given = tensors(record, dtype)
    function, predictions = of_predictions(record, given)
    value = function(*predictions)
    assert value.dtype == torch.float32
    same(value.detach().double(), lossary.get(record.name)(*(g.double() for g in given)), 5)
    digits = 2 if dtype == torch.bfloat16 else 3
    for gradient, right in zip(torch.autograd.grad(value, predictions), expected(record, given), strict=True):
        assert gradient.dtype == dtype
        torch.testing.assert_close(
            gradient.double(), right, rtol=10.0**-digits, atol=10.0**-digits * float(right.abs().max())
        )


@some_losses
def test_mixed_precision(record: Record) -> None:
    """A float16 prediction with float64 for everything else: the widest wins, and the gradient is float16."""
    given = tensors(record)
    given[0] = given[0].half()
    function, predictions = of_predictions(record, given)
    value = function(*predictions)
    assert value.dtype == reduce(torch.promote_types, (g.dtype for g in given), torch.float32)
    assert [g.dtype for g in torch.autograd.grad(value, predictions)] == [p.dtype for p in predictions]


@some_losses
def test_nothing_to_differentiate(record: Record) -> None:
    given = tensors(record)
    value = lossary.get(record.name)(*given)
    assert not value.requires_grad
    with torch.no_grad():
        same(lossary.get(record.name)(*(g.requires_grad_() for g in given)), value)
    with torch.inference_mode():
        same(lossary.get(record.name)(*given).clone(), value)


@some_losses
def test_only_some_predictions_are_differentiated(record: Record) -> None:
    given, places = tensors(record), predictions_of(record)
    for k, place in enumerate(places):
        arrays = [g.clone().requires_grad_(i == place) for i, g in enumerate(given)]
        lossary.get(record.name)(*arrays).backward()
        same(arrays[place].grad, expected(record, given)[k])
        assert [a.grad is not None for a in arrays] == [i == place for i in range(len(arrays))]


@some_losses
def test_value_and_gradient_leaves_no_graph(record: Record) -> None:
    given = [g.requires_grad_() for g in tensors(record)]
    value, gradient = lossary.get(record.name).value_and_gradient(*given)
    found = gradient if isinstance(gradient, tuple) else (gradient,)
    assert not value.requires_grad
    assert not any(g.requires_grad for g in found)
    out = tuple(torch.full_like(g, 7.0, requires_grad=False) for g in found)
    lossary.get(record.name).value_and_gradient(*given, out=out if len(out) > 1 else out[0])
    for a, b in zip(out, found, strict=True):
        same(a, b)


def test_scalars_become_tensors() -> None:
    """Weights and parameters given as numbers work beside tensors, and stay out of the graph."""
    x = torch.tensor([1.0, -2.0], requires_grad=True)
    lossary.huber(x, torch.zeros(2), delta=np.float64(0.5), weight=2.0).backward()
    same(x.grad, torch.tensor([0.25, -0.25]), 6)
