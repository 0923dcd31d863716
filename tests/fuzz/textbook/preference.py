"""Losses of preferences."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

__all__ = ["bradley_terry", "dpo", "ipo", "kto", "simpo"]


def bradley_terry(_total: Any, chosen: Tensor, rejected: Tensor, *, margin: Any) -> Any:
    return -logsigmoid(chosen - rejected - margin)


def simpo(_total: Any, chosen: Tensor, rejected: Tensor, *, beta: Any, margin: Any) -> Any:
    return -logsigmoid(beta * (chosen - rejected) - margin)


def dpo(_total: Any, c: Tensor, r: Tensor, old_c: Tensor, old_r: Tensor, *, beta: Any, label_noise: Any) -> Any:
    gain = beta * ((c - r) - (old_c - old_r))
    return -(1 - label_noise) * logsigmoid(gain) - label_noise * logsigmoid(-gain)


def ipo(_total: Any, c: Tensor, r: Tensor, old_c: Tensor, old_r: Tensor, *, beta: Any) -> Any:
    return ((c - r) - (old_c - old_r) - 1 / (2 * beta)) ** 2


def kto(_total: Any, x: Tensor, y: Tensor, old: Tensor, *, beta: Any, divergence: Any) -> Any:
    value = torch.sigmoid(beta * (x - old - divergence))
    return y * (1 - value) + (1 - y) * value
