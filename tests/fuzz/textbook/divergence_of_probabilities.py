"""Divergences of two rows of probabilities beside KL(target ‖ prediction)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import HUGE, SMALL, log
from fuzz.textbook.common import beside

__all__ = ["chi_squared", "jensen_shannon", "squared_hellinger", "total_variation_distance"]


def _nothing(p: Tensor, t: Tensor) -> Tensor:
    """Whether both are 0: then each has the slope that it has alone."""
    return (p < SMALL) & (t < SMALL)


def jensen_shannon(total: Any, p: Tensor, t: Tensor, *, skew: Tensor) -> Any:
    s, nothing = skew[..., None], _nothing(p, t)
    m = s * t + (1 - s) * p
    of_p = p * torch.where(nothing, -log(1 - s), log(p / m))
    of_t = t * torch.where(nothing, -log(s), log(t / m))
    return beside(total, (s * of_t + (1 - s) * of_p).sum(-1))


def total_variation_distance(total: Any, p: Tensor, t: Tensor) -> Any:
    return beside(total, torch.where(_nothing(p, t), 0.0, abs(p.clamp(max=1) - t.clamp(max=1))).sum(-1) / 2)


def _root(x: Tensor) -> Tensor:
    """The root; of a tiny number, one whose slopes are infinite."""
    tiny = x < SMALL
    return torch.where(tiny, HUGE * x - (HUGE * x) ** 2, torch.where(tiny, 1.0, x).sqrt())


def squared_hellinger(total: Any, p: Tensor, t: Tensor) -> Any:
    return beside(total, ((p + t) / 2 - torch.where(_nothing(p, t), 0.0, _root(p) * _root(t))).sum(-1))


def chi_squared(total: Any, p: Tensor, t: Tensor) -> Any:
    """t² / p − 2 t + p; of a tiny p the quotient is infinite, and so are its slopes.

    Where both are 0 it is 0, but a target that leaves 0 costs without bound.
    """
    tiny = p < SMALL
    inverse = torch.where(tiny, HUGE * (1 - HUGE * p + (HUGE * p) ** 2), 1 / torch.where(tiny, 1.0, p))
    terms = torch.where(_nothing(p, t), HUGE * t * (1 + HUGE * t), t**2 * inverse) - 2 * t + p
    return beside(total, terms.sum(-1))
