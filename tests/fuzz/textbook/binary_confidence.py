"""Losses of two classes that count an outcome by how probable it is."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, softplus

from fuzz.limits import HUGE, SMALL, capped_exp, complement, log

__all__ = [
    "binary_focal", "sigmoid_asymmetric", "sigmoid_brier", "sigmoid_focal", "sigmoid_poly1",
]  # fmt: skip

LEAST = -100.0  # a logit whose probability is a number in single precision


def _of_two(y: Tensor, yes: Any, no: Any, positive_weight: Any = 1.0, negative_weight: Any = 1.0) -> Any:
    return positive_weight * y * yes + negative_weight * (1 - y) * no


def _focal(log_p: Tensor, log_q: Tensor, gamma: Tensor) -> Tensor:
    return -torch.exp(gamma * log_q) * log_p


def sigmoid_focal(_total: Any, z: Tensor, y: Tensor, *, gamma: Tensor, **weights: Any) -> Any:
    log_p, log_q = logsigmoid(z), logsigmoid(-z)
    return _of_two(y, _focal(log_p, log_q, gamma), _focal(log_q, log_p, gamma), **weights)


def binary_focal(_total: Any, p: Tensor, y: Tensor, *, gamma: Tensor, **weights: Any) -> Any:
    """Of a certain outcome, with gamma between 0 and 1, the slope is 0 and changes infinitely."""
    q, bends = complement(p), (0 < gamma) & (gamma < 1)
    yes, no = (
        _focal(log(a), log(b), gamma) + torch.where(bends & (b < SMALL), HUGE * b**2, 0.0) for a, b in ((p, q), (q, p))
    )
    return _of_two(y, yes, no, **weights)


def _with_logit(z: Tensor, change: Tensor) -> Tensor:
    """The logarithm of sigmoid(z) + change, for changes of nearly 0."""
    return logsigmoid(z) + torch.log1p(change * capped_exp(softplus(-z)))


def sigmoid_asymmetric(
    _total: Any, z: Tensor, y: Tensor, *, positive_gamma: Tensor, negative_gamma: Tensor, margin: Tensor
) -> Any:
    """Of a probability that is nearly 0 or 1, by logarithms; a margin of 0 may change, of one that is no subnormal."""
    p, whole = torch.sigmoid(z), margin == 0
    counts = (p > margin) & ~whole
    u, v = torch.where(counts, p - margin, 0.25), torch.where(counts, torch.sigmoid(-z) + margin, 0.75)
    log_v = torch.where(u < 0.5, torch.log1p(-u), torch.log(v))
    less = torch.where(counts, _focal(log_v, torch.log(u), negative_gamma), 0.0)
    change = torch.where(whole & (z > LEAST), margin, 0.0)
    no = torch.where(whole, _focal(_with_logit(-z, change), _with_logit(z, -change), negative_gamma), less)
    return _of_two(y, _focal(logsigmoid(z), logsigmoid(-z), positive_gamma), no)


def sigmoid_poly1(_total: Any, z: Tensor, y: Tensor, *, epsilon: Tensor) -> Any:
    yes, no = (epsilon * torch.sigmoid(-own) - logsigmoid(own) for own in (z, -z))
    return _of_two(y, yes, no)


def sigmoid_brier(_total: Any, z: Tensor, y: Tensor) -> Any:
    return ((1 - y) * torch.sigmoid(z) - y * torch.sigmoid(-z)) ** 2
