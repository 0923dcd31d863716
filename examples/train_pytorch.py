"""Train a PyTorch model with a loss of lossary, with gradients accumulated over micro-batches.

Run it: python examples/train_pytorch.py
"""

from __future__ import annotations

import torch
from sklearn.datasets import load_diabetes
from torch import Tensor, nn

import lossary as ls

EPOCHS, BATCH, PIECE, HELD_OUT = 20, 64, 32, 100


def main() -> None:
    torch.manual_seed(0)
    features, target = diabetes()
    model = nn.Sequential(nn.Linear(features.shape[1], 32), nn.ReLU(), nn.Linear(32, 1))
    loss = ls.huber.configure(delta=1.0)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    train, test = slice(HELD_OUT, None), slice(None, HELD_OUT)

    before = loss(model(features[test]).squeeze(-1), target[test]).item()
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(target) - HELD_OUT).split(BATCH):
            optimizer.zero_grad()
            for piece in rows.split(PIECE):
                prediction = model(features[train][piece]).squeeze(-1)  # (N, 1) against (N,) would be an error
                # Divided by the size of the whole batch, the gradients of the pieces add up to that of the batch.
                loss(prediction, target[train][piece], denominator=len(rows)).backward()
            optimizer.step()
    after = loss(model(features[test]).squeeze(-1), target[test]).item()
    print(f"held-out Huber loss: {before:.3f} before training, {after:.3f} after")


def diabetes() -> tuple[Tensor, Tensor]:
    """Return features and target, each column with mean 0 and standard deviation 1."""
    table = load_diabetes()
    columns = (torch.tensor(table[name], dtype=torch.float32) for name in ("data", "target"))
    features, target = ((column - column.mean(0)) / column.std(0) for column in columns)
    return features, target


if __name__ == "__main__":
    main()
