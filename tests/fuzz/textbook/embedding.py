"""Losses of pairs."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.textbook.common import beside, length
from fuzz.textbook.multiclass import cross_entropy

__all__ = ["cosine_distance", "info_nce", "triplet_margin"]


def info_nce(total: Any, s: Tensor, t: Tensor, *, temperature: Any) -> Any:
    return cross_entropy(total, s / temperature[..., None], t)


def cosine_distance(total: Any, p: Tensor, t: Tensor) -> Any:
    lengths = length(p) * length(t)
    nothing = lengths == 0
    cosine = (p * t).sum(-1) / torch.where(nothing, 1.0, lengths)
    return beside(total, torch.where(nothing, 1.0, 1 - cosine))


def triplet_margin(total: Any, a: Tensor, p: Tensor, n: Tensor, *, margin: Tensor) -> Any:
    gap = length(a - p) - length(a - n) + margin
    return beside(total, torch.maximum(gap, torch.zeros_like(gap)))
