"""Divergences."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import INFINITE, SMALL, entropy, huge, log
from fuzz.textbook.common import beside, log_softmax

__all__ = [
    "kl_divergence",
    "linear_kl_divergence",
    "log_kl_divergence",
    "logits_kl_divergence",
    "reverse_kl_divergence",
    "reverse_logits_kl_divergence",
    "softmax_kl_divergence",
]
OF_ITS_VALUE = ["reverse_logits_kl_divergence"]  # p (log p − log q − loss)


def kl_divergence(total: Any, p: Tensor, t: Tensor) -> Any:
    return total(entropy(t) - t * log(p))


def log_kl_divergence(total: Any, x: Tensor, t: Tensor) -> Any:
    return total(entropy(t) - t * x)


def softmax_kl_divergence(total: Any, z: Tensor, t: Tensor) -> Any:
    return total(entropy(t) - t * log_softmax(z))


def logits_kl_divergence(total: Any, z: Tensor, teacher: Tensor, *, temperature: Tensor) -> Any:
    log_p, log_q = (log_softmax(logits / temperature[..., None]) for logits in (z, teacher))
    return total(torch.exp(log_q) * (log_q - log_p))


linear_kl_divergence = logits_kl_divergence


def reverse_kl_divergence(total: Any, p: Tensor, t: Tensor) -> Any:
    """A class that neither has adds nothing; the weights of classes make one of the row."""
    nowhere = (p < SMALL) & (t < SMALL)
    return beside(total, torch.where(nowhere, 0.0, entropy(p) - p * log(t)).sum(-1))


def reverse_logits_kl_divergence(total: Any, z: Tensor, teacher: Tensor, *, temperature: Tensor) -> Any:
    """Classes that the teacher alone excludes are as bad as each other."""
    log_p, log_q = (log_softmax(logits / temperature[..., None]) for logits in (z, teacher))
    log_q = torch.where(log_q < -INFINITE, log_q - log_q.detach() - huge(), log_q)
    return beside(total, (torch.exp(log_p) * (log_p - log_q)).sum(-1))
