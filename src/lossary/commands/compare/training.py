"""Training loop: mini-batches, Adam, and the weights of the epoch with the lowest validation loss."""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor

from lossary.commands.compare.candidates import Candidate
from lossary.commands.compare.fold import Fold
from lossary.commands.compare.network import Network

__all__ = ["Fit", "fit"]

RATE = 2e-3
PATIENCE = 10
SMALLEST_BATCH, LARGEST_BATCH, BATCHES = 32, 256, 20


@dataclass(frozen=True)
class Fit:
    """A trained network's outputs on the held-out rows, and their score after each epoch."""

    outputs: Tensor
    history: list[float]
    best_epoch: int


def fit(candidate: Candidate, network: Network, fold: Fold, epochs: int, judge: Callable[[Tensor], float]) -> Fit:
    """Train until the validation loss stops improving; ``judge`` scores the outputs on the held-out rows."""
    training, validation = fold.training, fold.validation
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE, fused=True)
    size = _batch_size(len(training.rows))
    shuffle = torch.Generator().manual_seed(fold.seed)
    mean_slope = _mean_slope(candidate, network, fold)
    best, best_epoch, weights = math.inf, 0, deepcopy(network.state_dict())
    history = [judge(_outputs(network, fold.held_out))]
    for epoch in range(1, epochs + 1):
        for batch in torch.split(torch.randperm(len(training.rows), generator=shuffle), size):
            optimizer.zero_grad()
            loss = candidate.value(network(training.rows[batch]), training.target[batch], fold.scaling)
            torch.autograd.backward(loss / mean_slope)
            optimizer.step()
        outputs = _outputs(network, fold.held_out)
        if not torch.isfinite(outputs).all():
            break  # training diverges: the weights that were kept give finite outputs
        history.append(judge(outputs))
        # The gradient is computed although it is not needed, so that the kernel of the training serves.
        now = candidate.value(network(validation.rows), validation.target, fold.scaling).item()
        if now < best:
            best, best_epoch, weights = now, epoch, deepcopy(network.state_dict())
        elif epoch - best_epoch >= PATIENCE or not math.isfinite(now):
            break
    network.load_state_dict(weights)
    return Fit(_outputs(network, fold.held_out), history, best_epoch)


def _mean_slope(candidate: Candidate, network: Network, fold: Fold) -> float:
    """Return the mean size of the slope at outputs of 0. Divided by it, losses of every unit train at the same rate."""
    outputs = torch.zeros_like(_outputs(network, fold.training.rows))
    slope = candidate.slopes(outputs, fold.training.target, fold.scaling).double().abs().mean().item()
    return slope if 0 < slope < math.inf else 1.0


def _batch_size(rows: int) -> int:
    return min(LARGEST_BATCH, max(SMALLEST_BATCH, rows // BATCHES))


@torch.no_grad()
def _outputs(network: Network, rows: Tensor) -> Tensor:
    return network(rows)
