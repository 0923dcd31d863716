"""Losses of preferences."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from fuzz.limits import SMALL, log

__all__ = ["bradley_terry", "dpo", "ipo", "kto", "orpo", "simpo"]


def bradley_terry(_total: Any, chosen: Tensor, rejected: Tensor, *, margin: Any) -> Any:
    return -logsigmoid(chosen - rejected - margin)


def simpo(_total: Any, chosen: Tensor, rejected: Tensor, *, beta: Any, margin: Any) -> Any:
    return -logsigmoid(beta * (chosen - rejected) - margin)


def _gap(c: Tensor, r: Tensor, old_c: Tensor, old_r: Tensor) -> Tensor:
    """The gap of the answers less that of the reference; what is equal, however large, is subtracted first."""
    return torch.where((c == old_c) | (r == old_r), (c - old_c) - (r - old_r), (c - r) - (old_c - old_r))


def dpo(_total: Any, c: Tensor, r: Tensor, old_c: Tensor, old_r: Tensor, *, beta: Any, label_noise: Any) -> Any:
    gain = beta * _gap(c, r, old_c, old_r)
    return -(1 - label_noise) * logsigmoid(gain) - label_noise * logsigmoid(-gain)


def ipo(_total: Any, c: Tensor, r: Tensor, old_c: Tensor, old_r: Tensor, *, beta: Any) -> Any:
    return (_gap(c, r, old_c, old_r) - 1 / (2 * beta)) ** 2


def orpo(_total: Any, c: Tensor, r: Tensor) -> Any:
    """By the logarithm of the odds; where an answer is certain, by the odds, of which no derivative cancels."""
    certain_c, certain_r = c > -SMALL, r > -SMALL
    odds = _odds(certain_c, r, c)
    c = torch.where(certain_c, -1.0, c)
    gap = (c - r) - (log(-torch.expm1(c)) - log(-torch.expm1(r)))
    unlikely = torch.log1p(_odds(certain_r, c, r)) - gap
    return torch.where(certain_c, torch.log1p(odds), torch.where(certain_r, unlikely, -logsigmoid(gap)))


def _odds(where: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """The odds of exp(a) divided by those of exp(b)."""
    a, b = torch.where(where, a, -1.0), torch.where(where, b, -1.0)
    return torch.exp(a - b) * torch.expm1(b) / torch.expm1(a)


def kto(_total: Any, x: Tensor, y: Tensor, old: Tensor, *, beta: Any, divergence: Any) -> Any:
    value = torch.sigmoid(beta * (x - old - divergence))
    return y * (1 - value) + (1 - y) * value
