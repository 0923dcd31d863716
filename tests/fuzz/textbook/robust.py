"""Robust losses."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from fuzz.limits import HUGE, INFINITE
from fuzz.textbook.common import beyond

__all__ = ["cauchy", "charbonnier", "geman_mcclure", "general_robust", "tukey_biweight", "welsch", "wing"]

LEAST = -1e20  # an alpha below it is −∞
ENDLESS = 1e20  # the logarithm of an infinite residual


def charbonnier(_total: Any, x: Tensor, y: Tensor, *, scale: Any) -> Any:
    return torch.hypot(x - y, scale)


def cauchy(_total: Any, x: Tensor, y: Tensor, *, scale: Any) -> Any:
    e = (x - y) / scale
    return torch.log1p(e**2 / 2) + beyond(e.abs())


def welsch(_total: Any, x: Tensor, y: Tensor, *, scale: Any) -> Any:
    e = (x - y) / scale
    return torch.where(e.abs() < 1e3, 1 - torch.exp(-(torch.where(e.abs() < 1e3, e, 0.0) ** 2) / 2), 1.0)


def geman_mcclure(_total: Any, x: Tensor, y: Tensor, *, scale: Any) -> Any:
    return 2 - 8 / (((x - y) / scale) ** 2 + 4)


def tukey_biweight(_total: Any, x: Tensor, y: Tensor, *, scale: Any) -> Any:
    e = (x - y) / scale
    inside = torch.where(e.abs() < 1, e, 0.0)
    return scale**2 / 6 * torch.where(e.abs() < 1, 1 - (1 - inside**2) ** 3, 1.0)


def general_robust(total: Any, x: Tensor, y: Tensor, *, alpha: Any, scale: Any) -> Any:
    """Equation 8 of Barron (2019), whose slope in alpha is infinite at 2; at 0 the first terms of a series in alpha."""
    e, is_square, is_least = (x - y) / scale, alpha == 2, alpha < LEAST
    a = torch.where(is_square | is_least, 1.0, alpha)
    distance = (a - 2).abs()
    length = torch.hypot(e, distance.sqrt()).log() - distance.log() / 2
    near_0 = (2 - a) * (length + a * length**2 / 2 + a**2 * length**3 / 6)
    grown = torch.expm1(a * torch.where((a < 0) & (e.abs() > INFINITE), ENDLESS, length))
    general = torch.where(a == 0, near_0, distance * grown / torch.where(a == 0, 1.0, a))
    square = torch.where(is_square, e, 0.0) ** 2 * (0.5 + torch.where(is_square, alpha - 2, 0.0) * HUGE)
    return torch.where(is_square, square, torch.where(is_least, welsch(total, x, y, scale=scale), general))


def wing(_total: Any, x: Tensor, y: Tensor, *, width: Any, curvature: Any) -> Any:
    e = (x - y).abs()
    beyond = e - width + width * torch.log1p(width / curvature)
    return torch.where(e < width, width * torch.log1p(e / curvature), beyond)
