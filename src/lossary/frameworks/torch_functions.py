"""Functions that printed code for eager PyTorch calls: they may read values."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, TypeAlias

import torch
from torch import Tensor

from lossary.frameworks import numpy_functions
from lossary.frameworks.places import Places
from lossary.symbolic import codegen

__all__ = ["clipped", "log_softmax", "pulled_log_softmax", "put", "put_", "weighted_sum"]


NEARLY_CERTAIN = -1e-3  # logarithm of a probability
Operand: TypeAlias = Tensor | float
Logs: TypeAlias = Any  # a result of log_softmax, which knows whether a class is nearly certain


def log_softmax(a: Tensor, axis: int) -> Logs:
    """Return PyTorch's log_softmax, but exact for a nearly certain class, and right for one infinite logit in a row."""
    (flat,), last = _as_last(axis, a)
    logs: Logs = torch.log_softmax(flat, last).reshape(a.shape)
    top = ALONG["greatest"](logs, axis)
    is_certain = bool((top > NEARLY_CERTAIN).any())
    if is_certain:
        logs = _with_exact_tops(a, logs, top, axis)
    if bool(top.isnan().any()):
        logs = _with_infinite_logits(a, logs, axis)
    logs.is_nearly_certain = is_certain  # for backward: to look again is a pass over memory
    return logs


def _with_exact_tops(a: Tensor, logs: Tensor, top: Tensor, axis: int) -> Tensor:
    """Recompute logarithms of probabilities near 1 from the powers of the other logits, which lose no digits.

    A rounded difference of logits is off by many ulps of its power; see ``_exp_of_difference`` of the vocabulary.
    """
    at = logs.argmax(axis, keepdim=True)
    greatest = a.gather(axis, at)
    gap = a - greatest
    back = gap - a
    lost = (a - (gap - back)).sub_(back.add_(greatest))
    power = gap.exp_()
    rest = power.addcmul_(power, lost.nan_to_num_(0.0, 0.0, 0.0)).scatter_(axis, at, 0.0).sum(axis, keepdim=True)
    return logs.scatter_(axis, at, torch.where(top > NEARLY_CERTAIN, -torch.log1p(rest), top))


def _with_infinite_logits(a: Tensor, logs: Tensor, axis: int) -> Tensor:
    """Set rows with one infinite logit to 0 there and -inf elsewhere; PyTorch makes NaN of them."""
    is_certain = a == math.inf
    is_one = (is_certain.sum(axis, keepdim=True) == 1) & ~a.isnan().any(axis, keepdim=True)
    return torch.where(is_one, torch.where(is_certain, 0.0, -math.inf).to(logs.dtype), logs)


def _as_last(axis: int, *arrays: Tensor) -> tuple[Sequence[Tensor], int]:
    """Return arrays and their axis: the last one, if those behind it, which all arrays share, have one place.

    PyTorch goes along the last axis several times as fast as along others.
    """
    last = axis % arrays[0].ndim
    behind = arrays[0].shape[last + 1 :]
    if not behind or any(n != 1 for n in behind):
        return arrays, axis
    return [one.reshape(one.shape[: last + 1]) for one in arrays], last


def pulled_log_softmax(logs: Logs, change: Tensor, axis: int, scale: Operand) -> Operand:
    """Backward of ``log_softmax``, times a number for each row.

    It is g - p T, where T is the sum of g; computed as g (1 - p) - p (T - g) near p = 1.
    """
    (g, flat), last = _as_last(axis, change.expand(logs.shape), logs)
    pulled = torch._log_softmax_backward_data(g, flat, last, logs.dtype).reshape(logs.shape)
    if logs.is_nearly_certain:
        exact = -(change * torch.expm1(logs)) - logs.exp() * (change.sum(axis, keepdim=True) - change)
        pulled = torch.where(logs > NEARLY_CERTAIN, exact, pulled)
    return pulled if isinstance(scale, float) and scale == 1.0 else multiply_(pulled, scale)


def clipped(a: Tensor, low: float, high: float, least: Tensor, greatest: Tensor) -> Tensor:
    """Limit an array; one within the limits is returned as it is, as to write it is a pass over memory."""
    is_within = (low <= least) & (greatest <= high)
    return a if bool(is_within.all()) else torch.clamp(a, low, high)


def weighted_sum(weights: Tensor, values: Tensor, axis: int) -> Tensor:
    """Sum products along an axis; a weight of 0 times an infinite value is 0."""
    products = weights * values
    sums = products.sum(axis, keepdim=True)
    if bool(sums.isfinite().all()):
        return sums
    return products.masked_fill_(weights == 0, 0.0).sum(axis, keepdim=True)


def put(a: Tensor, label: Tensor, value: Operand, axis: int) -> Tensor:
    """Return a copy of ``a`` with a value at the label of each row."""
    return put_(a.clone(), label, value, axis)


def put_(a: Tensor, label: Tensor, value: Operand, axis: int) -> Tensor:
    """Write a value at the label of each row of ``a``."""
    if isinstance(value, Tensor):
        return a.scatter_(axis, label, value.expand(label.shape))
    return a.scatter_(axis, label, value)


def _broadcasts(shape: torch.Size, wanted: torch.Size) -> bool:
    """Return whether a shape broadcasts to the wanted one, which stays; PyTorch's own function takes far longer."""
    return len(shape) <= len(wanted) and all(
        n in (1, m) for n, m in zip(reversed(shape), reversed(wanted), strict=False)
    )


def _in_place(
    plain: Callable[[Operand, Operand], Operand], written: Callable[[Tensor, Operand], Tensor]
) -> Callable[[Operand, Operand], Operand]:
    """Return an operation that overwrites its first operand if the result has its shape and dtype."""

    def operate(a: Operand, b: Operand) -> Operand:
        if not isinstance(a, Tensor) or torch.result_type(a, b) != a.dtype:
            return plain(a, b)
        if isinstance(b, Tensor) and b.shape != a.shape and not _broadcasts(b.shape, a.shape):
            return plain(a, b)
        return written(a, b)

    return operate


multiply_ = _in_place(operator.mul, Tensor.mul_)


# The vmap of ``is_grads_batched`` has no other names of an operation, and no einsum.
_NAMES = {"broadcast_to": Tensor.expand, "concatenate": torch.cat, "swapaxes": torch.transpose}


class _Places(Places):
    xp = SimpleNamespace(**(vars(torch) | _NAMES))

    def argsort(self, a: Tensor, axis: int) -> Tensor:
        return torch.argsort(a, dim=axis, stable=True)

    def arange(self, stop: int, like: Tensor) -> Tensor:
        return torch.arange(stop, dtype=like.dtype, device=like.device)

    def ascending(self, a: Tensor, axis: int) -> Tensor:
        return torch.sort(a, dim=axis).values

    def greatest(self, a: Tensor, axis: int | tuple[int, ...]) -> Tensor:
        return a.sum(axis, keepdim=True) if 0 in a.shape else a.amax(axis, keepdim=True)

    def scatter(self, shape: tuple[int, ...], values: Tensor, at: Tensor, axis: int) -> Tensor:
        (zeros, at, values), axis = _as_last(axis, values.new_zeros(shape), at, values)
        return zeros.scatter_add(axis, at, values).reshape(shape)

    def inside(self, at: Tensor, count: int) -> Tensor:
        return at.clamp(0, count - 1).long() if at.is_floating_point() else at

    def arranged(self, values: Tensor, at: Tensor, axis: int) -> Tensor:
        return torch.zeros_like(values).scatter(axis, at, values)

    def taken(self, a: Tensor, at: Tensor, axis: int) -> Tensor:
        """Replace take_along_dim, for which torch.compile makes a graph for each size.

        An axis that only the places have takes the values' own, and these need not be repeated along it.
        """
        axis, at = axis % a.ndim, self.inside(at, a.shape[axis])
        own = [i for i in range(a.ndim) if a.shape[i] == 1 and at.shape[i] != 1]
        if own and at.shape[axis] == 1:
            return _gathered(a, at.transpose(axis, own[-1]), axis).transpose(axis, own[-1])
        return _gathered(a, at, axis)

    def log_cumulative_sum(self, a: Tensor, axis: int) -> Tensor:
        found: Tensor = torch.logcumsumexp(a, axis)
        return found

    def contraction(self, a: Tensor, b: Tensor, axis: int) -> Tensor:
        """Sum products in the dtype of the operands, also under torch.autocast."""
        device = a.device.type
        if not torch.amp.is_autocast_available(device) or not torch.is_autocast_enabled(device):
            return _products(a, b, axis)
        with torch.autocast(device, enabled=False):
            return _products(a, b, axis)

    def like(self, value: Any, like: Tensor) -> Tensor:
        if isinstance(value, Tensor) and value.ndim:
            return value
        return torch.as_tensor(value, dtype=like.dtype, device=like.device).reshape((1,) * like.ndim)


def _gathered(a: Tensor, at: Tensor, axis: int) -> Tensor:
    """Return the values at places of an axis; along each other one, one of the arrays may have size 1."""
    others = [n if m == 1 else m for m, n in zip(a.shape, at.shape, strict=True)]
    whole, some = ((*others[:axis], x.shape[axis], *others[axis + 1 :]) for x in (a, at))
    (a, at), last = _as_last(axis, a.expand(whole), at.expand(some))
    return torch.gather(a, last, at).reshape(some)


def _products(a: Tensor, b: Tensor, axis: int) -> Tensor:
    """Sum products along an axis, as einsum does, in less time, and under the vmap of ``is_grads_batched``."""
    shape, sizes = [n if m == 1 else m for m, n in zip(a.shape, b.shape, strict=True)], (a.shape[axis], b.shape[axis])
    others = [i for i in range(a.ndim) if i != axis]
    left = [i for i in others if b.shape[i] == 1]
    right = [i for i in others if a.shape[i] == 1 and b.shape[i] != 1]
    both = [i for i in others if a.shape[i] != 1 and b.shape[i] != 1]
    batch, rows, columns = (math.prod([shape[i] for i in dims]) for dims in (both, left, right))
    one = a.permute(*both, *left, axis, *right).reshape(batch, rows, sizes[0])
    other = b.permute(*both, axis, *right, *left).reshape(batch, sizes[1], columns)
    if sizes[0] != sizes[1]:  # one of them does not vary along the axis
        one, other = one.expand(-1, -1, shape[axis]), other.expand(-1, shape[axis], -1)
    order, shape[axis] = [*both, *left, *right, axis], 1
    found = torch.bmm(one, other).reshape([shape[i] for i in order])
    return found if order == sorted(order) else found.permute([order.index(i) for i in range(len(order))])


class _Visible(_Places):
    """Functions of values in memory, which NumPy sorts in a tenth of the time."""

    def argsort(self, a: Tensor, axis: int) -> Tensor:
        return torch.from_numpy(numpy_functions.ALONG["argsort"](a.detach().numpy(), axis))

    def ascending(self, a: Tensor, axis: int) -> Tensor:
        return torch.from_numpy(numpy_functions.ALONG["ascending"](a.numpy(), axis))


ALONG = _Places().by_name
codegen.FUNCTIONS["torch"] = ALONG
codegen.FUNCTIONS["eager"] = _Visible().by_name | {
    "clipped": clipped,
    "log_softmax": log_softmax,
    "pulled_log_softmax": pulled_log_softmax,
    "weighted_sum": weighted_sum,
    "put": put,
    "put_": put_,
    "add_": _in_place(operator.add, Tensor.add_),
    "subtract_": _in_place(operator.sub, Tensor.sub_),
    "multiply_": multiply_,
}
