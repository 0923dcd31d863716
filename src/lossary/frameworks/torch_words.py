"""Functions that the spellings of words for eager PyTorch name: they may look at values."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import torch

from lossary.symbolic import codegen

__all__ = ["log_softmax", "pulled_log_softmax", "put", "put_", "weighted_sum"]


NEARLY_CERTAIN = -1e-3  # the logarithm of a probability


def log_softmax(a: Any, axis: int) -> Any:
    """PyTorch's own, but exact for a class that is nearly certain, and right for a row with one infinite logit."""
    logs = torch.log_softmax(a, axis)
    top = logs.amax(axis, keepdim=True)
    if bool((top > NEARLY_CERTAIN).any()):
        logs = _with_exact_tops(a, logs, top, axis)
    return _with_infinite_logits(a, logs, axis) if bool(top.isnan().any()) else logs


def _with_exact_tops(a: Any, logs: Any, top: Any, axis: int) -> Any:
    """The logarithm of a probability near 1, by the powers of the others: its own has too few digits.

    What a difference rounds off is many ulps of its power; see ``_exp_of_difference`` of the vocabulary.
    """
    at = logs.argmax(axis, keepdim=True)
    greatest = a.gather(axis, at)
    gap = a - greatest
    back = gap - a
    lost = (a - (gap - back)).sub_(back.add_(greatest))
    power = gap.exp_()
    rest = power.addcmul_(power, lost.nan_to_num_(0.0, 0.0, 0.0)).scatter_(axis, at, 0.0).sum(axis, keepdim=True)
    return logs.scatter_(axis, at, torch.where(top > NEARLY_CERTAIN, -torch.log1p(rest), top))


def _with_infinite_logits(a: Any, logs: Any, axis: int) -> Any:
    """0 for the one logit that is infinite, and -inf for the others; PyTorch makes NaN of the row."""
    is_certain = a == math.inf
    is_one = (is_certain.sum(axis, keepdim=True) == 1) & ~a.isnan().any(axis, keepdim=True)
    return torch.where(is_one, torch.where(is_certain, 0.0, -math.inf).to(logs.dtype), logs)


def pulled_log_softmax(logs: Any, change: Any, axis: int) -> Any:
    """A change pulled back: g - p T, where T is the sum of g; near p = 1 it is g (1 - p) - p (T - g)."""
    powers, total = logs.exp(), change.sum(axis, keepdim=True)
    if powers.numel() == 0 or not bool(powers.amax() > math.exp(NEARLY_CERTAIN)):
        return powers.mul_(-total).add_(change)
    exact = -(change * torch.expm1(logs)) - powers * (total - change)
    return torch.where(logs > NEARLY_CERTAIN, exact, change - powers * total)


def weighted_sum(weights: Any, values: Any, axis: int) -> Any:
    """The sum over rows of products in which a weight of 0 wins over an infinite value."""
    products = weights * values
    sums = products.sum(axis, keepdim=True)
    if bool(sums.isfinite().all()):
        return sums
    return products.masked_fill_(weights == 0, 0.0).sum(axis, keepdim=True)


def put(a: Any, label: Any, value: Any, axis: int) -> Any:
    """``a`` with a value at the label of each row."""
    return put_(a.clone(), label, value, axis)


def put_(a: Any, label: Any, value: Any, axis: int) -> Any:
    """The same, in the memory of ``a``."""
    return a.scatter_(axis, label, value.expand(label.shape) if isinstance(value, torch.Tensor) else value)


def _in_place(plain: Callable[..., Any], written: Callable[..., Any]) -> Callable[..., Any]:
    """An operation that writes over its first argument if the result has that one's shape and dtype."""

    def operate(a: Any, b: Any) -> Any:
        if not isinstance(a, torch.Tensor) or torch.result_type(a, b) != a.dtype:
            return plain(a, b)
        if isinstance(b, torch.Tensor) and torch.broadcast_shapes(a.shape, b.shape) != a.shape:
            return plain(a, b)
        return written(a, b)

    return operate


codegen.FUNCTIONS["eager"] = {
    "log_softmax": log_softmax,
    "pulled_log_softmax": pulled_log_softmax,
    "weighted_sum": weighted_sum,
    "put": put,
    "put_": put_,
    "add_": _in_place(operator.add, torch.Tensor.add_),
    "subtract_": _in_place(operator.sub, torch.Tensor.sub_),
    "multiply_": _in_place(operator.mul, torch.Tensor.mul_),
}
