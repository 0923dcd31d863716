"""Likelihoods and scores of continuous distributions."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from fuzz.limits import log
from fuzz.textbook.common import HALF_LOG_TWO_PI, beyond, log_gamma, log_rising, log_softmax, log_sum_exp

__all__ = [
    "ensemble_crps",
    "gamma_nll",
    "gaussian_crps",
    "gaussian_mixture_nll",
    "laplace_nll",
    "log_normal_nll",
    "student_t_nll",
]


def laplace_nll(_total: Any, x: Tensor, y: Tensor, s: Tensor, *, constant: Any) -> Any:
    return log(s) + (x - y).abs() / s + constant * math.log(2)


def student_t_nll(_total: Any, x: Tensor, y: Tensor, s: Tensor, *, degrees: Any, constant: Any) -> Any:
    rest = log_rising(degrees / 2, torch.tensor(0.5, dtype=torch.float64)) - log(degrees * math.pi) / 2
    error = (x - y) / s
    near = error.abs() < 1e30  # second derivatives have its fourth power
    small, large = torch.where(near, error, 0.0), torch.where(near, 1.0, error)
    size = torch.where(near, torch.log1p(small**2 / degrees), 2 * torch.log(large.abs()) - torch.log(degrees))
    return log(s) + (degrees + 1) / 2 * (size + beyond((x - y).abs())) - constant * rest


def log_normal_nll(_total: Any, x: Tensor, y: Tensor, s: Tensor, *, constant: Any) -> Any:
    return log(s) + ((log(y) - x) / s) ** 2 / 2 + constant * (log(y) + HALF_LOG_TWO_PI)


def gamma_nll(_total: Any, m: Tensor, y: Tensor, *, shape: Any, constant: Any) -> Any:
    rest = log_gamma(shape) - shape * log(shape) - (shape - 1) * log(y)
    return shape * (log(m) + y / m) + constant * rest


def gaussian_crps(_total: Any, x: Tensor, y: Tensor, s: Tensor) -> Tensor:
    z = (x - y) / s
    density = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return (x - y) * torch.erf(z / math.sqrt(2)) + 2 * s * density - s / math.sqrt(math.pi)


def gaussian_mixture_nll(live: Tensor, z: Tensor, x: Tensor, y: Tensor, v: Tensor, *, constant: Tensor) -> Tensor:
    each = log_softmax(z) - log(v) / 2 - (x - y[..., None]) ** 2 / (2 * v)
    return -log_sum_exp(each)[..., 0] + constant * HALF_LOG_TWO_PI


def ensemble_crps(live: Tensor, x: Tensor, y: Tensor, *, fair: Tensor) -> Tensor:
    """How far members are from the target, less half of how far they are from each other."""
    count = live.sum(-1).clamp(min=1)
    away = torch.where(live, (x - y[..., None]).abs(), 0.0).sum(-1) / count
    pairs = live[..., :, None] & live[..., None, :]
    apart = torch.where(pairs, (x[..., :, None] - x[..., None, :]).abs(), 0.0).sum((-2, -1)) / count**2
    return away - (1 + fair / (count - 1).clamp(min=1)) * apart / 2
