"""Margin losses of several classes: of each class beside the right one."""

from __future__ import annotations

import torch
from torch import Tensor

from fuzz.textbook.common import OUT, above

__all__ = [
    "crammer_singer",
    "multiclass_perceptron",
    "multiclass_sparsemax",
    "multilabel_margin",
    "squared_weston_watkins",
    "weston_watkins",
]


def _right(s: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The score of the right class, and where that is."""
    return s.gather(-1, y.long()[..., None]), torch.arange(s.shape[-1]) == y[..., None]


def crammer_singer(live: Tensor, s: Tensor, y: Tensor, *, margin: Tensor) -> Tensor:
    own, is_own = _right(s, y)
    return above(margin + (torch.where(is_own, OUT, s).amax(-1) - own[..., 0]), 0.0)


def weston_watkins(live: Tensor, s: Tensor, y: Tensor, *, margin: Tensor) -> Tensor:
    own, is_own = _right(s, y)
    return torch.where(is_own, 0.0, above(margin[..., None] + (s - own), 0.0)).sum(-1)


def squared_weston_watkins(live: Tensor, s: Tensor, y: Tensor, *, margin: Tensor) -> Tensor:
    own, is_own = _right(s, y)
    return torch.where(is_own, 0.0, above(margin[..., None] + (s - own), 0.0) ** 2).sum(-1)


def multiclass_perceptron(live: Tensor, s: Tensor, y: Tensor) -> Tensor:
    return s.amax(-1) - _right(s, y)[0][..., 0]


def multilabel_margin(live: Tensor, s: Tensor, t: Tensor, *, margin: Tensor) -> Tensor:
    pairs = live[..., :, None] & live[..., None, :] & ~torch.eye(s.shape[-1], dtype=torch.bool)
    lack = above(margin[..., None, None] - (s[..., :, None] - s[..., None, :]), 0.0)
    has = t[..., :, None] * (1 - t[..., None, :])
    return torch.where(pairs, has * lack, 0.0).sum((-2, -1))


def multiclass_sparsemax(live: Tensor, s: Tensor, y: Tensor) -> Tensor:
    """Martins & Astudillo (2016), equation 13, of scores less the greatest one, which changes nothing."""
    z = s - s.amax(-1, keepdim=True)
    falling = z.sort(-1, descending=True).values
    count = torch.arange(1, z.shape[-1] + 1)
    size = (1 + count * falling > falling.cumsum(-1)).sum(-1, keepdim=True)
    threshold = (torch.where(count <= size, falling, 0.0).sum(-1, keepdim=True) - 1) / size
    terms = torch.where(count <= size, falling**2 - threshold**2, 0.0)
    return 0.5 * terms.sum(-1) - _right(z, y)[0][..., 0] + 0.5
