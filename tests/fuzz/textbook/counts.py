"""Losses of counts."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from fuzz.limits import INFINITE, SMALL, STEEP, exp, log
from fuzz.textbook.common import beyond, log_gamma, log_rising

__all__ = ["log_poisson", "negative_binomial", "poisson", "zero_inflated_poisson"]


def _log(r: Tensor) -> Tensor:
    """The logarithm; of an infinite number, one that any multiple of is smaller than the number itself."""
    return torch.where(r < INFINITE, log(r), torch.log(r))


def _log_factorial(y: Tensor) -> Tensor:
    return log_gamma(y + 1)


def poisson(_total: Any, r: Tensor, y: Tensor, *, constant: Any) -> Any:
    steep = torch.where(r > INFINITE, STEEP * (y - y.detach()), 0.0)
    return r - y * _log(r) - steep + constant * _log_factorial(y)


def log_poisson(_total: Any, z: Tensor, y: Tensor, *, constant: Any) -> Any:
    return exp(z) - y * z + constant * _log_factorial(y)


def negative_binomial(_total: Any, m: Tensor, y: Tensor, r: Tensor, *, constant: Any) -> Any:
    of_mean = r * (torch.log1p(m / r) + beyond(m))
    return of_mean + y * torch.log1p(r / m) - log_rising(r, y) + constant * _log_factorial(y)


def zero_inflated_poisson(total: Any, r: Tensor, y: Tensor, z: Tensor, *, constant: Any) -> Any:
    """Of a target of 0, whose slope is none, by the logarithm of both probabilities."""
    both = torch.where(z > -r, z - logsigmoid(z + r), -r - logsigmoid(-z - r))
    none = -logsigmoid(-z) - both
    return torch.where(y < SMALL, none, poisson(total, r, y, constant=constant) - logsigmoid(-z))
