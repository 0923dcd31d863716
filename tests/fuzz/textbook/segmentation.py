"""Losses of regions."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

__all__ = ["dice", "generalised_dice", "lovasz_softmax"]


def dice(total: Any, p: Tensor, t: Tensor, *, smooth: Any, product: Any) -> Any:
    both = (1 - product) * total(torch.minimum(p, t)) + product * total(p * t)
    size = total(p + t) + smooth
    nothing = size == 0
    return torch.where(nothing, 0.0, 1 - (2 * both + smooth) / torch.where(nothing, 1.0, size))


def generalised_dice(live: Tensor, p: Tensor, t: Tensor) -> Tensor:
    def volume(of: Tensor) -> Tensor:
        return torch.where(live[..., None, :], of, 0.0).sum(-1)

    own = volume(t)
    weight = torch.where(own == 0, 0.0, torch.where(own == 0, 1.0, own) ** -2)
    apart, size = (weight * volume(abs(p - t))).sum(-1), (weight * volume(p + t)).sum(-1)
    return torch.where(size == 0, 0.0, apart / torch.where(size == 0, 1.0, size))


def lovasz_softmax(live: Tensor, p: Tensor, label: Tensor) -> Tensor:
    """Of each class the errors, times how much the places of larger errors are better without one; the first of equals.

    The Jaccard loss of a set of wrong places is 1 − |intersection| / |union|.
    """
    own = (label[..., None, :] == torch.arange(p.shape[-2])[:, None]).double() * live[..., None, :]
    error, place = abs(own - p), torch.arange(p.shape[-1])
    here, there = error[..., :, None], error[..., None, :]
    before = (here < there) | ((here == there) & (place[None, :] < place[:, None]))
    wrong = (before & live[..., None, None, :]).double()
    missed, added = (wrong * own[..., None, :]).sum(-1), (wrong * (1 - own)[..., None, :]).sum(-1)
    volume = own.sum(-1, keepdim=True)

    def jaccard(missed: Tensor, added: Tensor) -> Tensor:
        return 1 - (volume - missed) / (volume + added).clamp(min=1)

    growth = jaccard(missed + own, added + 1 - own) - jaccard(missed, added)
    each = torch.where(live[..., None, :], error * growth, 0.0).sum(-1)
    exists = volume.squeeze(-1) > 0
    return torch.where(exists, each, 0.0).sum(-1) / exists.sum(-1).clamp(min=1)
