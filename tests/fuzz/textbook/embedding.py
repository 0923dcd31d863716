"""Losses of pairs."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from fuzz.textbook.multiclass import cross_entropy

__all__ = ["info_nce"]


def info_nce(total: Any, s: Tensor, t: Tensor, *, temperature: Any) -> Any:
    return cross_entropy(total, s / temperature[..., None], t)
