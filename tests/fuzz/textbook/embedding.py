"""Losses of vectors: of pairs, of rows, and of whole batches."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from fuzz.textbook.common import OUT, above, beside, length, log_softmax
from fuzz.textbook.multiclass import cross_entropy

__all__ = [
    "cosine_distance",
    "cosine_embedding",
    "info_nce",
    "siglip",
    "supervised_contrastive",
    "triplet_margin",
    "vicreg",
]


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


def _direction(x: Tensor) -> Tensor:
    size = length(x)[..., None]
    return torch.where(size == 0, 0.0, x / torch.where(size == 0, 1.0, size))


def cosine_embedding(live: Tensor, a: Tensor, b: Tensor, t: Tensor, *, margin: Tensor) -> Tensor:
    cosine = (_direction(a) * _direction(b)).sum(-1)
    return t * (1 - cosine) + (1 - t) * above(cosine, margin)


def siglip(live: Tensor, a: Tensor, b: Tensor, *, scale: Tensor, bias: Tensor) -> Tensor:
    cosine = _direction(a) @ _direction(b).transpose(-1, -2)
    own = 2 * torch.eye(a.shape[-2], dtype=torch.float64) - 1
    each = -logsigmoid(own * (scale[..., None] * cosine + bias[..., None]))
    return torch.where(live[..., None, :], each, 0.0).sum(-1)


def supervised_contrastive(live: Tensor, e: Tensor, label: Tensor, *, temperature: Tensor) -> tuple[Tensor, Tensor]:
    """The loss of each row, and whether it has a partner."""
    unit = _direction(e)
    others = live[..., :, None] & live[..., None, :] & ~torch.eye(e.shape[-2], dtype=torch.bool)
    partners = others & (label[..., None, :] == label[..., :, None])
    similarity = torch.where(others, unit @ unit.transpose(-1, -2), OUT) / temperature[..., None]
    count = partners.sum(-1)
    found = torch.where(partners, -log_softmax(similarity), 0.0).sum(-1)
    return found / count.clamp(min=1), count > 0


def vicreg(live: Tensor, a: Tensor, b: Tensor, *, similarity: Tensor, deviation: Tensor, covariance: Tensor) -> Tensor:
    rows, width = live.sum(-1), a.shape[-1]
    rows = torch.where(rows == 0, 2.0, rows.double())

    def spread(x: Tensor) -> tuple[Tensor, Tensor]:
        """How much of a standard deviation of 1 the features lack, and the squares of their covariances."""
        mean = torch.where(live[..., None], x, 0.0).sum(-2, keepdim=True) / rows[..., None, None]
        z = torch.where(live[..., None], x - mean, 0.0)
        both = z.transpose(-1, -2) @ z / (rows - 1)[..., None, None]
        deviations = (both.diagonal(dim1=-2, dim2=-1) + 1e-4).sqrt()
        apart = torch.where(torch.eye(width, dtype=torch.bool), 0.0, both)
        return above(torch.ones_like(deviations), deviations).mean(-1), (apart**2).sum((-1, -2)) / width

    alike = torch.where(live[..., None], (a - b) ** 2, 0.0).sum((-1, -2)) / (rows * width)
    (lack, crossed), (other_lack, other_crossed) = spread(a), spread(b)
    return similarity * alike + deviation / 2 * (lack + other_lack) + covariance * (crossed + other_crossed)
