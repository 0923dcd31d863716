"""Losses of levels: of the boundaries between them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from fuzz.limits import HUGE, complement, log

__all__ = ["cumulative_link", "ordinal_cross_entropy"]


def cumulative_link(live: Tensor, f: Tensor, y: Tensor, thresholds: Tensor) -> Tensor:
    """Below an upper boundary and above a lower one, of which the outer ones are not there."""
    end = torch.full_like(thresholds[..., :1], HUGE**2)
    ends = torch.cat([-end, thresholds, end], -1)
    lower, upper = (ends.gather(-1, y.long() + k) for k in (0, 1))
    return -logsigmoid(upper - f) - logsigmoid(f - lower) - log(complement(torch.exp(lower - upper)))


def ordinal_cross_entropy(live: Tensor, z: Tensor, y: Tensor) -> Tensor:
    is_above = torch.arange(z.shape[-1]) < y[..., None]
    return -logsigmoid(torch.where(is_above, z, -z)).sum(-1)
