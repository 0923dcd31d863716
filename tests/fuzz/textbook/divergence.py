"""Divergences."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import entropy, log
from fuzz.textbook.common import log_softmax

__all__ = [
    "kl_divergence",
    "linear_kl_divergence",
    "log_kl_divergence",
    "logits_kl_divergence",
    "softmax_kl_divergence",
]


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
