"""Deviances."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import HUGE, INFINITE, SMALL, STEEP, log

__all__ = ["generalized_kl_divergence", "tweedie_deviance"]

TERMS = 8
FAR = 10.0


def _growth(c: Tensor, u: Tensor) -> Tensor:
    """(exp(c u) − 1) / c; where c is nearly 0, by the first terms of its series."""
    near = abs(c) < 1e-4
    inside = torch.where(near, c * u, 0.0)
    series = sum((inside**k / torch.arange(1, k + 2).prod() for k in range(1, TERMS)), torch.ones_like(inside))
    return torch.where(near, u * series, torch.expm1(c * u) / torch.where(near, 1.0, c))


def _whole(m: Tensor, y: Tensor, a: Any, b: Any) -> Any:
    """Half the deviance; of a mean that is far larger, by a difference of powers that leaves each its own slope."""
    log_m, log_y = torch.log(m), torch.log(y)
    far, power = (log_m - log_y > FAR) & (a > 0.01), torch.exp(a * log_y)
    grown = (torch.exp(a * log_m) - power) / torch.where(far, a, 1.0)
    return torch.where(far, grown, power * _growth(a, log_m - log_y)) - power * _growth(-b, log_m - log_y)


def _of_target(y: Tensor, mean: Tensor, power: Tensor, nothing: Tensor) -> Tensor:
    """What the target adds where it is 0 or the mean infinite: slopes without bound, or those of its own power."""
    a, b, some = 2 - power, power - 1, torch.where(nothing, 1.0, y)
    alone = (HUGE * y) ** 2 - HUGE * y * (1 + power - power.detach()) - y * _growth(-b, torch.log(mean))
    own = -_growth(a, torch.log(some)) / torch.where(b > 0, b, 1.0)
    return torch.where(nothing, alone, torch.where(b > 0, own, -STEEP * (some - some.detach())))


def tweedie_deviance(_total: Any, m: Tensor, y: Tensor, *, power: Any) -> Any:
    """From the side of the target, or of the mean, where that is infinite or the target 0."""
    a, b = 2 - power, power - 1
    nothing, endless = y < SMALL, m > INFINITE
    some, mean = torch.where(nothing, 1.0, y), torch.where(endless, 1.0, m)
    whole = _whole(mean, some, a, b)
    risen = torch.where(a > 0, torch.exp(a * torch.log(mean)) / torch.where(a > 0, a, 1.0), HUGE + torch.log(mean))
    limit = m.detach() + torch.where(b > 0, 0.0, m - m.detach())
    of_mean = torch.where(endless, limit, risen)
    return 2 * torch.where(endless | nothing, of_mean + _of_target(y, mean, power, nothing), whole)


def generalized_kl_divergence(_total: Any, p: Tensor, t: Tensor) -> Any:
    """t log t − t − t log p + p; of an infinite prediction that itself."""
    moderate = torch.where(p > INFINITE, 1.0, p)
    endless = p - STEEP * (t - t.detach()) + t * log(t)
    return torch.where(p > INFINITE, endless, t * (log(t) - log(moderate)) - t + moderate)
