"""Losses over classes that count a row by how probable its class is."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from fuzz.limits import HUGE, SMALL, complement, log
from fuzz.textbook.common import beside, log_softmax

__all__ = [
    "categorical_focal", "generalized_cross_entropy", "softmax_brier", "softmax_focal",
    "softmax_generalized_cross_entropy", "softmax_poly1",
    "softmax_symmetric_cross_entropy",
]  # fmt: skip

LARGE = 1e6
POWERS = 1e21  # fourth powers of numbers up to it are finite, see limits.INFINITE


def log_other_softmax(z: Tensor) -> Tensor:
    """The logarithm of the probability of all other classes, whose slopes are shares among them."""
    z = z - z.gather(-1, z.argmax(-1, keepdim=True))
    own = torch.eye(z.shape[-1], dtype=torch.bool)
    return torch.logsumexp(torch.where(own, -math.inf, z[..., None, :]), -1) - torch.logsumexp(z, -1, keepdim=True)


def softmax_focal(total: Any, z: Tensor, t: Tensor, *, gamma: Tensor) -> Any:
    """The factor of a class that cannot be is 1, and stays so: its logarithm is lost in no sum with a huge number."""
    log_p, log_q = log_softmax(z), log_other_softmax(z)
    log_q = torch.where(log_p < -LARGE, log_q.detach(), log_q)
    return -total(t * torch.exp(gamma[..., None] * log_q) * log_p)


def categorical_focal(total: Any, p: Tensor, t: Tensor, *, gamma: Tensor) -> Any:
    """Of a certain class, with gamma between 0 and 1, the slope is 0 and changes infinitely."""
    power, other = gamma[..., None], complement(p)
    bends = (other < SMALL) & (0 < power) & (power < 1)
    return total(t * (torch.where(bends, HUGE * other**2, 0.0) - torch.exp(power * log(other)) * log(p)))


def softmax_poly1(total: Any, z: Tensor, t: Tensor, *, epsilon: Tensor) -> Any:
    return total(t * (epsilon[..., None] * torch.exp(log_other_softmax(z)) - log_softmax(z)))


def softmax_symmetric_cross_entropy(
    total: Any, z: Tensor, t: Tensor, *, alpha: Tensor, beta: Tensor, log_zero: Tensor
) -> Any:
    """The reverse one by how far logarithms are from the least one, and of the largest by the share of all others."""
    log_t = torch.maximum(torch.log(t.clamp_min(1e-300)), log_zero[..., None])
    reverse = -(torch.exp(log_softmax(z)) * log_t).sum(-1)
    return alpha * total(-t * log_softmax(z)) + beside(total, beta * reverse)


def _generalized(total: Any, log_p: Tensor, t: Tensor, q: Tensor) -> Any:
    """(1 − exp(q log p)) / q; where q is nearly 0, by the first terms of its series."""
    q, near = q[..., None], abs(q[..., None]) < 1e-4
    x = torch.where(near, log_p, 0.0)
    moderate = torch.where(abs(x) < POWERS, x, 0.0)
    series = -x * (1 + q * x / 2 * (1 + q * moderate / 3 * (1 + q * moderate / 4)))
    return total(t * torch.where(near, series, -torch.expm1(q * log_p) / torch.where(near, 1.0, q)))


def softmax_generalized_cross_entropy(total: Any, z: Tensor, t: Tensor, *, q: Tensor) -> Any:
    return _generalized(total, log_softmax(z), t, q)


def generalized_cross_entropy(total: Any, p: Tensor, t: Tensor, *, q: Tensor) -> Any:
    """A tiny p costs 1 / q, and its slopes are infinite, unless q is 0 or 1."""
    power, tiny = q[..., None], (p < SMALL) & (0 < q[..., None]) & (q[..., None] < 1)
    lost = p * HUGE ** (1.05 - 0.05 * power) - (HUGE * p) ** 2
    log_p = log(torch.where(tiny, 1.0, p))
    whole = 1 / torch.where(tiny, power, 1.0)
    return _generalized(total, log_p, t, q) + total(t * torch.where(tiny, whole - lost, 0.0))


def softmax_brier(total: Any, z: Tensor, t: Tensor) -> Any:
    """Of the right class, the square of the probability of all others: p − t = (1 − t) p − t (1 − p)."""
    terms = ((1 - t) * torch.exp(log_softmax(z)) - t * torch.exp(log_other_softmax(z))) ** 2
    return beside(total, terms.sum(-1))
