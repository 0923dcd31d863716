"""Distances of vectors."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import HUGE, apart
from fuzz.textbook.common import beside

__all__ = ["lp_distance"]


def lp_distance(total: Any, x: Tensor, t: Tensor, *, p: Tensor) -> Any:
    """Of differences by the largest one, a constant: their powers are numbers."""
    error, n = x - t, p[..., None]
    equal, nothing = error == 0, (error == 0).all(-1)
    top = torch.where(nothing, 1.0, abs(error).max(-1).values.detach())
    ratio = torch.where(equal, 1.0, abs(error)) / top[..., None]
    bend = (n == 2).double() + HUGE * (1 + top[..., None]) * ((1 < n) & (n < 2)).double()
    near = bend * ((apart(x) - t) / top[..., None]) ** 2
    powers = torch.where(nothing, 1.0, torch.where(equal, near, ratio**n).sum(-1))
    return beside(total, torch.where(nothing, 0.0, top * powers ** (1 / p)))
