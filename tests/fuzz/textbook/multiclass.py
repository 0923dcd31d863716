"""Losses over classes."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import log
from fuzz.textbook.common import beside, log_softmax, log_sum_exp, tanh

__all__ = [
    "categorical_cross_entropy",
    "linear_cross_entropy",
    "linear_entropy",
    "linear_log_probability",
    "negative_log_likelihood",
    "softmax_cross_entropy",
    "softmax_entropy",
]


def cross_entropy(total: Any, z: Tensor, t: Tensor) -> Any:
    return -total(t * log_softmax(z))


def _capped(z: Tensor, cap: Tensor) -> Tensor:
    cap = cap[..., None]
    return torch.where(cap > 0, cap * tanh(z / torch.where(cap > 0, cap, 1.0)), z)


def categorical_cross_entropy(total: Any, p: Tensor, t: Tensor) -> Any:
    return -total(t * log(p))


def negative_log_likelihood(total: Any, x: Tensor, t: Tensor) -> Any:
    return -total(t * x)


def softmax_cross_entropy(total: Any, z: Tensor, t: Tensor, *, z_loss: Tensor, logit_cap: Tensor) -> Any:
    z = _capped(z, logit_cap)
    return cross_entropy(total, z, t) + beside(total, z_loss * log_sum_exp(z).squeeze(-1) ** 2)


def linear_cross_entropy(total: Any, z: Tensor, t: Tensor, **parameters: Tensor) -> Any:
    return softmax_cross_entropy(total, z, t, **parameters)


def linear_log_probability(total: Any, z: Tensor, t: Tensor, *, temperature: Tensor, logit_cap: Tensor) -> Any:
    return -cross_entropy(total, _capped(z, logit_cap) / temperature[..., None], t)


def softmax_entropy(total: Any, z: Tensor, *, temperature: Tensor) -> Any:
    log_p = log_softmax(z / temperature[..., None])
    return -total(torch.exp(log_p) * log_p)


def linear_entropy(total: Any, z: Tensor, *, temperature: Tensor, logit_cap: Tensor) -> Any:
    return softmax_entropy(total, _capped(z, logit_cap), temperature=temperature)
