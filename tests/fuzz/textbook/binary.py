"""Losses of two classes."""

from __future__ import annotations

from typing import Any

from torch import Tensor
from torch.nn.functional import logsigmoid

from fuzz.limits import complement, log

__all__ = ["binary_cross_entropy", "sigmoid_cross_entropy"]


def _of_two(log_yes: Tensor, log_no: Tensor, y: Tensor, positive_weight: Any, label_smoothing: Any) -> Any:
    t = y * (1 - label_smoothing) + label_smoothing / 2
    return -positive_weight * t * log_yes - (1 - t) * log_no


def binary_cross_entropy(_total: Any, p: Tensor, y: Tensor, **parameters: Any) -> Any:
    return _of_two(log(p), log(complement(p)), y, **parameters)


def sigmoid_cross_entropy(_total: Any, z: Tensor, y: Tensor, **parameters: Any) -> Any:
    return _of_two(logsigmoid(z), logsigmoid(-z), y, **parameters)
