"""Divergences of normal distributions."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import INFINITE
from fuzz.textbook.common import power

__all__ = ["gaussian_kl_divergence", "standard_normal_kl"]


def excess(gap: Tensor) -> Any:
    """exp(gap) − 1 − gap; of small gaps by a series."""
    near = torch.where(gap.abs() < 1e-3, gap, 0.0)
    far = torch.where(gap.abs() < 1e-3, 0.0, gap)
    return near**2 * (1 / 2 + near / 6 + near**2 / 24 + near**3 / 120 + near**4 / 720) + power(far) - 1 - far


def gaussian_kl_divergence(_total: Any, m: Tensor, v: Tensor, n: Tensor, w: Tensor) -> Any:
    """Of an infinite error, the divergence is infinite, whatever the variance."""
    square, is_endless, change = (m - n) ** 2, (m - n).abs() > INFINITE, v - v.detach()
    precision = torch.where(is_endless, 1 - change + change**2 / 2, power(torch.where(is_endless, 0.0, -v)))
    shrunk = torch.where((precision > INFINITE) & (square > 1), 1 / square.detach(), 1.0)  # no overflow
    return (excess(w - v) + square * shrunk * precision) / 2


def standard_normal_kl(_total: Any, m: Tensor, v: Tensor) -> Any:
    return (m**2 + excess(v)) / 2
