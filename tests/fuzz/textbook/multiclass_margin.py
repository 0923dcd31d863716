"""Margin losses of several classes."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from fuzz.textbook.common import beside

__all__ = ["crammer_singer", "multiclass_perceptron"]


def _behind(total: Any, rivals: Tensor, z: Tensor, t: Tensor) -> Any:
    return beside(total, (t * (rivals.amax(-1, keepdim=True) - z)).sum(-1))


def crammer_singer(total: Any, z: Tensor, t: Tensor, *, margin: Tensor) -> Any:
    return _behind(total, z + margin[..., None] * (1 - t), z, t)


def multiclass_perceptron(total: Any, z: Tensor, t: Tensor) -> Any:
    return _behind(total, z, z, t)
