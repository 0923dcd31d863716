"""Losses of policies and of predicted returns."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import exp

__all__ = ["clipped_surrogate", "clipped_value", "policy_gradient"]


def policy_gradient(_total: Any, x: Tensor, advantage: Tensor) -> Any:
    return -advantage * x


def clipped_surrogate(_total: Any, x: Tensor, old: Tensor, advantage: Tensor, *, low: Any, high: Any) -> Any:
    ratio = exp(x - old)
    limited = torch.minimum(torch.maximum(ratio, 1 - low), 1 + high)
    return -torch.minimum(ratio * advantage, limited * advantage)


def clipped_value(_total: Any, x: Tensor, y: Tensor, old: Tensor, *, clip: Any) -> Any:
    limited = torch.minimum(torch.maximum(x, old - clip), old + clip)
    return torch.maximum((x - y) ** 2, (limited - y) ** 2) / 2
