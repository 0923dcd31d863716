"""Losses of policies and of predicted returns."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import INFINITE
from fuzz.textbook.common import power

__all__ = ["clipped_surrogate", "clipped_value", "policy_gradient"]


def policy_gradient(_total: Any, x: Tensor, advantage: Tensor) -> Any:
    return -advantage * x


def clipped_surrogate(_total: Any, x: Tensor, old: Tensor, advantage: Tensor, *, low: Any, high: Any) -> Any:
    """Where the ratio is limited, it may be infinite: it does not count there."""
    change, is_good = x - old, advantage >= 0
    is_limited = torch.where(is_good, change > torch.log1p(high), change < torch.log1p(-low))
    ratio = power(torch.where(is_limited, 0.0, change))
    shrunk = torch.where((ratio > INFINITE) & (advantage.abs() > 1), 1 / advantage.abs().detach(), 1.0)  # no overflow
    return -advantage * shrunk * torch.where(is_limited, torch.where(is_good, 1 + high, 1 - low), ratio)


def clipped_value(_total: Any, x: Tensor, y: Tensor, old: Tensor, *, clip: Any) -> Any:
    bound = torch.where(x < old, old - clip, old + clip)
    is_farther = (x - bound) * (y - (x + bound) / 2) > 0  # the bound, from the target; their distances may round
    return torch.where(((x - old).abs() > clip) & is_farther, bound - y, x - y) ** 2 / 2
