"""Detection of copied rows: a network that trains on one copy must not be judged by another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lossary.commands.compare.features import Features

__all__ = ["originals"]

Floats = NDArray[np.float64]
# A column of fractions with at least so many distinct values is a measurement, which two rows rarely share by chance.
MEASURED = 20
OFTEN = 4  # times as many equal pairs of rows as chance explains


def originals(features: Features, values: Floats, classes: int) -> NDArray[np.int64]:
    """Return the rows that repeat no earlier one; all rows if chance explains the repetitions, as with few values."""
    columns = [*features.matrix.T, values]
    codes = np.stack([np.unique(column, return_inverse=True)[1].ravel() for column in columns], axis=1)
    _, first, times = np.unique(codes, axis=0, return_index=True, return_counts=True)
    first.sort()
    numbers = [columns[i] for i in (*features.numeric, *features.heavy)] + ([] if classes else [values])
    # Equal rows are expected by chance if there are fewer combinations of values than pairs of rows.
    rare = 1 + np.log2(codes.max(0) + 1).sum() >= 2 * np.log2(len(first)) and len(first) >= MEASURED
    found = (rare or any(map(_measured, numbers))) and _agree(times) > OFTEN * np.prod([*map(_agreeing, codes.T)])
    return first if found else np.arange(len(values))


def _agree(times: NDArray[np.int64]) -> float:
    """Return the share of pairs of rows with equal values, from the number of times that each value occurs."""
    return float((times * (times - 1)).sum() / (times.sum() * (times.sum() - 1)))


def _agreeing(column: NDArray[np.int64]) -> float:
    """Return the share of pairs of rows that agree in a column; shares of independent columns multiply."""
    return _agree(np.bincount(column))


def _measured(column: Floats) -> bool:
    distinct = np.unique(column[~np.isnan(column)])
    return len(distinct) >= MEASURED and bool((distinct != np.round(distinct)).any())
