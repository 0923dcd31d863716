"""Rows that repeat another row: networks that train on one are not judged by the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lossary.commands.compare.features import Features

__all__ = ["originals"]

Floats = NDArray[np.float64]
# A column of fractions with as many distinct values is measured: two rows do not have the same one by chance.
MEASURED = 20
OFTEN = 4  # as many pairs as chance alone makes alike


def originals(features: Features, values: Floats, classes: int) -> NDArray[np.int64]:
    """The rows without those that repeat an earlier one; all where rows of so few possible values are alike anyway."""
    columns = [*features.matrix.T, values]
    codes = np.stack([np.unique(column, return_inverse=True)[1].ravel() for column in columns], axis=1)
    _, first, times = np.unique(codes, axis=0, return_index=True, return_counts=True)
    first.sort()
    numbers = [columns[i] for i in (*features.numeric, *features.heavy)] + ([] if classes else [values])
    # By chance rows agree where their number's square is more than there are combinations of values.
    rare = 1 + np.log2(codes.max(0) + 1).sum() >= 2 * np.log2(len(first)) and len(first) >= MEASURED
    found = (rare or any(map(_measured, numbers))) and _agree(times) > OFTEN * np.prod([*map(_agreeing, codes.T)])
    return first if found else np.arange(len(values))


def _agree(times: NDArray[np.int64]) -> float:
    """The share of pairs of rows that have the same value, each value being there so many times."""
    return float((times * (times - 1)).sum() / (times.sum() * (times.sum() - 1)))


def _agreeing(column: NDArray[np.int64]) -> float:
    """The share of pairs of rows that agree in a column: for independent columns chance multiplies them."""
    return _agree(np.bincount(column))


def _measured(column: Floats) -> bool:
    distinct = np.unique(column[~np.isnan(column)])
    return len(distinct) >= MEASURED and bool((distinct != np.round(distinct)).any())
