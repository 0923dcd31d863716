"""Margin losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from fuzz.limits import SMALL, capped_exp

__all__ = [
    "binary_sparsemax", "exponential", "hinge", "hinge_embedding", "margin_ranking", "modified_huber", "perceptron",
    "squared_hinge",
]  # fmt: skip


def _above_0(x: Tensor) -> Tensor:
    """Half of the slope at 0."""
    return (x + x.abs()) / 2


def _of_two(loss: Callable[[Tensor], Tensor], z: Tensor, y: Tensor) -> Any:
    return y * loss(z) + (1 - y) * loss(-z)


def _square(z: Tensor) -> Tensor:
    return torch.where(z < 1, 1 - z, 0.0) ** 2


def _line_or_square(z: Tensor) -> Tensor:
    return torch.where(z < -1, -4 * z, _square(torch.where(z < -1, 0.0, z)))


def hinge(_total: Any, z: Tensor, y: Tensor) -> Any:
    return _of_two(lambda own: _above_0(1 - own), z, y)


def squared_hinge(_total: Any, z: Tensor, y: Tensor) -> Any:
    return _of_two(_square, z, y)


def modified_huber(_total: Any, z: Tensor, y: Tensor) -> Any:
    return _of_two(_line_or_square, z, y)


def binary_sparsemax(_total: Any, z: Tensor, y: Tensor) -> Any:
    return _of_two(_line_or_square, z, y) / 4


def perceptron(_total: Any, z: Tensor, y: Tensor) -> Any:
    return _of_two(lambda own: _above_0(-own), z, y)


def exponential(_total: Any, z: Tensor, y: Tensor) -> Any:
    return _of_two(lambda own: capped_exp(-own), z, y)


def margin_ranking(_total: Any, a: Tensor, b: Tensor, *, margin: Tensor) -> Any:
    return _above_0(b - a + margin)


def hinge_embedding(_total: Any, d: Tensor, y: Tensor, *, margin: Tensor) -> Any:
    """A distance and a margin of 0 are equal: a distance that is nearly 0 is none that is larger."""
    lacks = margin - d
    return y * d + (1 - y) * _above_0(torch.where(lacks.abs() < SMALL, lacks - lacks.detach(), lacks))
