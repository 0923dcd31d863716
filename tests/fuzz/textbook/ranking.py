"""Losses of lists: of pairs of entries, wherever these stand."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from fuzz.textbook.common import OUT, log_softmax

__all__ = ["list_mle", "list_net", "ranknet"]


def _pairs(values: Tensor) -> tuple[Tensor, Tensor]:
    """The values of entries i and j, at [i, j]."""
    return values[..., :, None], values[..., None, :]


def ranknet(live: Tensor, s: Tensor, t: Tensor) -> Tensor:
    (better, worse), (first, second), (here, there) = _pairs(t), _pairs(s), _pairs(live)
    counts = here & there & (worse < better)
    return torch.where(counts, -logsigmoid(first - second), 0.0).sum((-2, -1))


def list_mle(live: Tensor, s: Tensor, t: Tensor) -> Tensor:
    """Each entry is the first of those that do not come before it."""
    (own, other), (i, j) = _pairs(t), _pairs(torch.arange(t.shape[-1]))
    left = live[..., None, :] & ((other < own) | ((other == own) & (i <= j)))
    shares = log_softmax(torch.where(left, s[..., None, :], OUT)).diagonal(dim1=-2, dim2=-1)
    return torch.where(live, -shares, 0.0).sum(-1)


def list_net(live: Tensor, s: Tensor, t: Tensor) -> Tensor:
    wanted, found = (log_softmax(torch.where(live, logits, OUT)) for logits in (t, s))
    return torch.where(live, -torch.exp(wanted) * found, 0.0).sum(-1)
