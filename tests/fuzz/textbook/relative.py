"""Losses of relative errors."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import INFINITE, log
from fuzz.textbook.common import beyond

__all__ = ["absolute_percentage_error", "squared_logarithmic_error", "symmetric_absolute_percentage_error"]


def absolute_percentage_error(_total: Any, x: Tensor, y: Tensor) -> Any:
    """A target of 0 is a tiny positive one, as a quotient by 0 has that sign."""
    is_plain = (y != 0) | (x == 0)
    size = torch.where(is_plain, torch.where(x == y, 1.0, y.abs()), 1.0)
    tiny = torch.where(is_plain | (x.abs() > INFINITE), 1.0, y + 1e-90)
    by_tiny = torch.where(x.abs() > INFINITE, 1e90 * (1 - 1e90 * y + y**2), 1 / tiny)  # the first terms of the quotient
    return (x - y).abs() * torch.where(is_plain, 1 / size, by_tiny)


def symmetric_absolute_percentage_error(_total: Any, x: Tensor, y: Tensor) -> Any:
    """Of numbers of one sign by their quotient, whose derivatives are no differences."""
    a, b = x.abs(), y.abs()
    is_plain = (x * y).sign() <= 0
    ratio = torch.where(is_plain, 1.0, torch.minimum(a, b)) / torch.where(is_plain, 1.0, torch.maximum(a, b))
    some = torch.where(is_plain & (a + b > 0), torch.where(x == 0, y, x), 1.0)  # where the other is 0
    plain = 2 * (1 - torch.where(x == 0, x, y) / some)
    plain = torch.where(a + b > 0, plain, 2 * (x - y).abs())
    share = torch.where(is_plain, torch.where(x * y < 0, 2.0, plain), 2 * (1 - ratio) / (1 + ratio))
    return torch.where(a > INFINITE, 2.0, share)


def squared_logarithmic_error(_total: Any, x: Tensor, y: Tensor) -> Any:
    return (log1p(x) - log1p(y)) ** 2


def log1p(x: Tensor) -> Tensor:
    near = x.clamp(max=1.0)
    return torch.log1p(near) + log(1 + x) - log(1 + near) + beyond(x) * 1e40
