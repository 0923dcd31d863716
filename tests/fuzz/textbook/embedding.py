"""Losses of pairs."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.textbook.common import beside
from fuzz.textbook.multiclass import cross_entropy

__all__ = ["cosine_distance", "info_nce", "triplet_margin"]


def info_nce(total: Any, s: Tensor, t: Tensor, *, temperature: Any) -> Any:
    return cross_entropy(total, s / temperature[..., None], t)


def _norm(x: Tensor) -> Tensor:
    """The length, whose slope is 0 where it is."""
    squares = (x**2).sum(-1)
    nothing = squares == 0
    return torch.where(nothing, 0.0, torch.where(nothing, 1.0, squares).sqrt())


def cosine_distance(total: Any, p: Tensor, t: Tensor) -> Any:
    lengths = _norm(p) * _norm(t)
    nothing = lengths == 0
    cosine = (p * t).sum(-1) / torch.where(nothing, 1.0, lengths)
    return beside(total, torch.where(nothing, 1.0, 1 - cosine))


def triplet_margin(total: Any, a: Tensor, p: Tensor, n: Tensor, *, margin: Tensor) -> Any:
    return beside(total, (_norm(a - p) - _norm(a - n) + margin).clamp(min=0.0))
