"""What PyTorch has under no name of its own, written as its users write it."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional


def linear_then_cross_entropy(features: Tensor, classifier: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    return functional.cross_entropy(features @ classifier.T, target, reduction=reduction)


def focal(logits: Tensor, target: Tensor) -> Tensor:
    cross_entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    probability = torch.sigmoid(logits)
    miss = probability + target - 2 * probability * target
    return (cross_entropy * miss**2).mean()


def log_cosh(prediction: Tensor, target: Tensor) -> Tensor:
    error = prediction - target
    return (error + functional.softplus(-2.0 * error) - math.log(2.0)).mean()
