"""A fold made ready: what a network trains on, stops by, and is judged on, as tensors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split
from torch import Tensor

from lossary.compare.features import preparation
from lossary.compare.problem import Problem

__all__ = ["Fold", "make_fold", "targets"]

VALIDATION = 0.15
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """Rows and their targets, as a network and a loss take them."""

    rows: Tensor
    target: Tensor


@dataclass(frozen=True)
class Fold:
    """Three parts of a table; a regression's target is standardised by its training rows."""

    training: Part
    validation: Part
    held_out: Tensor
    # The held-out target in its own units, and how to come back to them.
    truth: NDArray[Any]
    center: float
    scale: float
    seed: int


def make_fold(problem: Problem, train: Rows, held_out: Rows, seed: int) -> Fold:
    """Split off the validation rows, and fit the preparation on what is left."""
    fit, stop = _split(problem, train, seed)
    prepared = preparation(problem.features, len(fit)).fit(problem.features.matrix[fit])
    center, scale = _standard(problem.values[fit]) if not problem.classes else (0.0, 1.0)

    def rows(which: Rows) -> Tensor:
        return torch.tensor(prepared.transform(problem.features.matrix[which]), dtype=torch.float32)

    def part(which: Rows) -> Part:
        values = torch.tensor((problem.values[which] - center) / scale, dtype=torch.float32)
        return Part(rows(which), targets(values, len(problem.classes)))

    truth = problem.values[held_out].astype(int if problem.classes else float)
    return Fold(part(fit), part(stop), rows(held_out), truth, center, scale, seed)


def _split(problem: Problem, train: Rows, seed: int) -> tuple[Rows, Rows]:
    """Rows to train on and rows to stop by, each with every class where there are two rows of it."""
    labels = problem.values[train].astype(int) if problem.classes else None
    stratified = labels is not None and np.bincount(labels).min() > 1
    size = max(math.ceil(VALIDATION * len(train)), len(problem.classes))
    fit, stop = train_test_split(train, test_size=size, random_state=seed, stratify=labels if stratified else None)
    return fit, stop


def targets(values: Tensor, classes: int) -> Tensor:
    """What losses take: a number, 0 or 1, or a probability for each class."""
    if classes <= 2:
        return values
    return torch.nn.functional.one_hot(values.long(), classes).to(values.dtype)


def _standard(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values.mean()), float(values.std()) or 1.0
