"""Losses for quantiles, expectiles and tubes."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

__all__ = ["epsilon_insensitive", "expectile", "pinball", "quantile_huber", "squared_epsilon_insensitive"]


def _of_side(x: Tensor, y: Tensor, level: Any) -> Tensor:
    return torch.where(x > y, 1 - level, level)


def pinball(_total: Any, x: Tensor, y: Tensor, *, level: Any) -> Tensor:
    return _of_side(x, y, level) * (x - y).abs()


def quantile_huber(_total: Any, x: Tensor, y: Tensor, *, level: Any, delta: Any) -> Any:
    e = (x - y).abs()
    return _of_side(x, y, level) * torch.where(e <= delta, (x - y) ** 2 / 2 / delta, e - delta / 2)


def expectile(_total: Any, x: Tensor, y: Tensor, *, level: Any) -> Tensor:
    return _of_side(x, y, level) * (x - y) ** 2


def epsilon_insensitive(_total: Any, x: Tensor, y: Tensor, *, epsilon: Any) -> Tensor:
    e = (x - y).abs()
    return torch.maximum(e - epsilon, torch.zeros_like(e))


def squared_epsilon_insensitive(total: Any, x: Tensor, y: Tensor, *, epsilon: Any) -> Tensor:
    return epsilon_insensitive(total, x, y, epsilon=epsilon) ** 2
