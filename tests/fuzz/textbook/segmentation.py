"""Losses of regions."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

__all__ = ["dice"]


def dice(total: Any, p: Tensor, t: Tensor, *, smooth: Any, product: Any) -> Any:
    both = (1 - product) * total(torch.minimum(p, t)) + product * total(p * t)
    size = total(p + t) + smooth
    nothing = size == 0
    return torch.where(nothing, 0.0, 1 - (2 * both + smooth) / torch.where(nothing, 1.0, size))
