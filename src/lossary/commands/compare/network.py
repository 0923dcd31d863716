"""Network with two hidden layers and a linear output layer for each prediction that a loss takes."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

__all__ = ["HIDDEN", "Network"]

HIDDEN = 64


class Network(nn.Module):
    """A network from rows to outputs (rows, predictions, width); a seed gives all losses the same initial weights."""

    def __init__(self, inputs: int, predictions: int, width: int, seed: int) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.body = nn.Sequential(nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU())
            # The first layer is drawn first: further predictions do not change its weights.
            self.heads = nn.ModuleList(nn.Linear(HIDDEN, width) for _ in range(predictions))

    def forward(self, rows: Tensor) -> Tensor:
        hidden = self.body(rows)
        return torch.stack([head(hidden) for head in self.heads], dim=1)

    def __call__(self, rows: Tensor) -> Tensor:
        return cast("Tensor", super().__call__(rows))
