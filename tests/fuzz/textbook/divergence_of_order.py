"""Rényi's divergences."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import HUGE, LOG_INFINITE, OF_PREDICTIONS, SMALL, TINY, log
from fuzz.textbook.common import beside

__all__ = ["renyi_divergence"]

UNDECIDED = ["renyi_divergence"]
CAP = 1e90  # an infinite logarithm whose cube is a number
STEEP, STEEPEST = 1e-12 * HUGE, HUGE  # the slope of a power at a probability and a target of 0; squares are numbers


def renyi_divergence(total: Any, p: Tensor, t: Tensor, *, alpha: Tensor) -> Any:
    """Of the sum 1 + Σ (t r^s − t); for s = 0 by the first cumulants of log r."""
    at_1 = alpha == 1
    order = torch.where(at_1, 0.5, alpha)
    absent = t < SMALL  # a target of 0 is less than a probability of 0: no power of their quotient counts
    logarithms = order[..., None] * log(t) + (1 - order[..., None]) * log(p)
    whole = torch.logsumexp(torch.where(absent, -HUGE * HUGE, logarithms), -1)
    of_rows, of_edges = (torch.exp((-whole).clamp(max=most)) for most in (LOG_INFINITE, LOG_INFINITE / 2))
    change = (t.detach() - t).sum(-1) * of_rows + _edges(p, t, order[..., None]).sum(-1) * of_edges
    lacking = _risen(p, (p < SMALL) & ~absent & (order[..., None] > 1), STEEP, OF_PREDICTIONS)  # each, not the least
    apart = (whole + torch.log1p(change)) / (order - 1) + (lacking**2 - lacking).sum(-1)
    return beside(total, torch.where(at_1, _near(log(t) - log(p), t, torch.where(at_1, alpha, 1.0) - 1), apart))


def _near(ratio: Tensor, t: Tensor, s: Tensor) -> Tensor:
    mean, bounded = (t * ratio).sum(-1), ratio.clamp(-CAP, CAP)
    one, two, three = ((t * bounded**n).sum(-1) for n in (1, 2, 3))
    return mean + s * (two - one**2) / 2 + s**2 * (three / 6 - one * two / 2 + one**3 / 3)


def _edges(p: Tensor, t: Tensor, order: Tensor) -> Tensor:
    """Powers of numbers that are nearly 0, where their slopes are infinite, the smaller the steeper; of value 0."""
    no_p, no_t = p < SMALL, t < SMALL
    of_p = no_p & ~no_t & (order < 1)
    falls, rises = no_t & ~no_p & (order < 1), no_t & no_p & (1 < order)
    x, y = _risen(p, of_p, STEEP, OF_PREDICTIONS), _risen(t, falls | rises, STEEPEST, TINY["target"])
    return x - x**2 + y + torch.where(rises, y**2, -(y**2))


def _risen(x: Tensor, chosen: Tensor, steep: float, tiny: float) -> Tensor:
    apart = torch.where(chosen, x - x.detach(), 0.0)
    return steep * apart * (tiny / torch.where(chosen, x.detach(), tiny).clamp_min(1e-6 * tiny))
