"""Likelihoods of durations, angles and shares."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from fuzz.limits import INFINITE, SMALL, apart, complement, log
from fuzz.textbook.common import beyond, log_gamma, log_rising

__all__ = ["beta_nll", "von_mises_nll", "weibull_nll"]

PERIODIC = ["von_mises_nll"]
FAR = 1e5
GREAT, DOWN = 1e30, 1e-130
SHARP = 1e10  # concentrations whose distribution is nearly a point
LAST, INFINITE_AGE = 650.0, 1e50


def _power(x: Tensor) -> Tensor:
    """The exponential; of great numbers one constant with great slopes, whose squares are numbers in float64."""
    beyond = torch.where(x > LAST, x - x.detach(), 0.0)
    great = torch.exp(x.clamp(max=LAST)) * (1 + beyond + beyond**2 / 2)
    return torch.where(x > INFINITE_AGE, 1e130 * (1 + beyond) + 1e60 * beyond**2, great)  # of an infinite shape, too


def weibull_nll(_total: Any, s: Tensor, y: Tensor, k: Tensor, d: Tensor, *, constant: Any) -> Any:
    age = k * (log(y) - log(s))
    return _power(age) - d * (log(k) + age - constant * log(y))


class _LogBessel(torch.autograd.Function):
    """log I₀(k) − k for k ≥ 0, of which the derivatives are ratios of scaled Bessel functions."""

    @staticmethod
    def forward(ctx: Any, k: Tensor) -> Tensor:
        ctx.save_for_backward(k)
        return torch.log(torch.special.i0e(k))

    @staticmethod
    def backward(ctx: Any, change: Tensor) -> Any:
        (k,) = ctx.saved_tensors
        found: Tensor = _BesselGap.apply(k)  # type: ignore[no-untyped-call]
        return -change * found


class _BesselGap(torch.autograd.Function):
    """1 − I₁(k) / I₀(k), by its series where that is a small difference."""

    @staticmethod
    def forward(ctx: Any, k: Tensor) -> Tensor:
        ratio = torch.special.i1e(k) / torch.special.i0e(k)
        ctx.save_for_backward(k, ratio)
        return torch.where(k < FAR, 1 - ratio, (1 + 1 / (4 * k)) / (2 * k))

    @staticmethod
    def backward(ctx: Any, change: Tensor) -> Any:
        k, ratio = ctx.saved_tensors
        return -change * torch.where(k < FAR, 1 - ratio**2 - ratio / k, (1 + 1 / (2 * k)) / (2 * k**2))


def von_mises_nll(_total: Any, x: Tensor, y: Tensor, k: Tensor, *, constant: Any) -> Any:
    far = -0.5 * (math.log(2 * math.pi) + log(k.clamp_min(1.0)))  # of an infinite one the logarithm is, too
    found = torch.where(k > INFINITE, far, _LogBessel.apply(k))  # type: ignore[no-untyped-call]
    return 2 * k * torch.sin((x - apart(y)) / 2) ** 2 + found + constant * math.log(2 * math.pi)


def _times_log(a: Tensor, p: Tensor) -> Tensor:
    """a · log p, with second derivatives that are numbers also where a share p is tiny and a huge."""
    tiny = p < SMALL
    capped = torch.where(tiny, a.clamp(max=GREAT).detach() + (a - a.detach()), a)
    logarithm = log(torch.where(tiny, DOWN + (p - p.detach()), p))
    return a * logarithm.detach() + capped * (logarithm - logarithm.detach())


def beta_nll(_total: Any, a: Tensor, y: Tensor, b: Tensor, *, constant: Any) -> Any:
    large, small = torch.maximum(a, b), torch.minimum(a, b)
    of_target = _times_log(a - constant, y) + _times_log(b - constant, complement(y))
    both = (small > SHARP) & (large < GREAT) & (y > SMALL) & (y < 1)
    sharp = _sharp(*(torch.where(both, x, 0.5) for x in (a, b, y)), constant=constant)
    of_sizes = log_gamma(small) - log_rising(large, small) - beyond(large)
    return torch.where(both, sharp, of_sizes - of_target)


def _sharp(a: Tensor, b: Tensor, y: Tensor, *, constant: Any) -> Any:
    """By Stirling's formula, less 1 / (12 a): where the terms above are so large that their difference is lost."""
    n, gap = a + b, a * (1 - y) - b * y
    far = a * torch.log1p(gap / (n * y)) + b * torch.log1p(-gap / (n * (1 - y)))
    near = 0.5 * (math.log(2 * math.pi) + torch.log(n / a) - torch.log(b))
    return far + near + constant * (torch.log(y) + torch.log1p(-y))
