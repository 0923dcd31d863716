"""A fold as tensors: training rows, validation rows for early stopping, and held-out rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split
from torch import Tensor

from lossary.commands.compare.features import preparation
from lossary.commands.compare.problem import Problem
from lossary.commands.compare.scale import Scaling, scaling

__all__ = ["Fold", "make_fold", "targets"]

VALIDATION = 0.15
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """Input rows of a network, and targets."""

    rows: Tensor
    target: Tensor


@dataclass(frozen=True)
class Fold:
    """Three parts of a table. A regression's targets keep their unit; the scaling comes from the training rows."""

    training: Part
    validation: Part
    held_out: Tensor
    truth: NDArray[Any]
    scaling: Scaling | None
    seed: int


def make_fold(problem: Problem, train: Rows, held_out: Rows, seed: int) -> Fold:
    """Split off the validation rows, and fit the preparation on the remaining training rows."""
    fit, stop = _split(problem, train, seed)
    prepared = preparation(problem.features, len(fit)).fit(problem.features.matrix[fit])

    def rows(which: Rows) -> Tensor:
        return torch.tensor(prepared.transform(problem.features.matrix[which]), dtype=torch.float32)

    def part(which: Rows) -> Part:
        return Part(rows(which), targets(problem.values[which], len(problem.classes)))

    truth = problem.values[held_out].astype(int if problem.classes else float)
    unit = None if problem.classes else scaling(problem.values[fit])
    return Fold(part(fit), part(stop), rows(held_out), truth, unit, seed)


def _split(problem: Problem, train: Rows, seed: int) -> tuple[Rows, Rows]:
    """Split into training and validation rows, stratified if every class has two rows."""
    labels = problem.values[train].astype(int) if problem.classes else None
    stratified = labels is not None and np.bincount(labels).min() > 1
    size = max(math.ceil(VALIDATION * len(train)), len(problem.classes))
    fit, stop = train_test_split(train, test_size=size, random_state=seed, stratify=labels if stratified else None)
    return fit, stop


def targets(values: NDArray[np.float64], classes: int) -> Tensor:
    """Return targets as losses take them: numbers, 0 or 1 for two classes, or one-hot rows."""
    if not classes:
        return torch.tensor(values, dtype=torch.float64)
    if classes == 2:
        return torch.tensor(values, dtype=torch.float32)
    return torch.nn.functional.one_hot(torch.tensor(values, dtype=torch.int64), classes).float()
