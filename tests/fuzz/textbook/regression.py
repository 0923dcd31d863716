"""Losses of the error."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import log
from fuzz.textbook.common import HALF_LOG_TWO_PI
from fuzz.textbook.common import log_cosh as of_error

__all__ = ["absolute_error", "gaussian_nll", "huber", "log_cosh", "smooth_l1", "squared_error"]


def squared_error(_total: Any, x: Tensor, y: Tensor) -> Tensor:
    return (x - y) ** 2


def absolute_error(_total: Any, x: Tensor, y: Tensor) -> Tensor:
    return (x - y).abs()


def huber(_total: Any, x: Tensor, y: Tensor, *, delta: Any) -> Any:
    e = (x - y).abs()
    return torch.where(e <= delta, (x - y) ** 2 / 2, delta * (e - delta / 2))


def smooth_l1(_total: Any, x: Tensor, y: Tensor, *, beta: Any) -> Any:
    e = (x - y).abs()
    return torch.where(e < beta, (x - y) ** 2 / 2 / torch.where(beta > 0, beta, 1.0), e - beta / 2)


def log_cosh(_total: Any, x: Tensor, y: Tensor) -> Tensor:
    return of_error(x - y)


def gaussian_nll(_total: Any, x: Tensor, y: Tensor, v: Tensor, *, constant: Any) -> Any:
    return (log(v) + (x - y) ** 2 / v) / 2 + constant * HALF_LOG_TWO_PI
