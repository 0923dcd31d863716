"""Detection of columns that determine the target."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lossary.commands.compare.features import Features

__all__ = ["leaking"]

Floats = NDArray[np.float64]
# A class of fewer rows, or values with fewer rows each, may be told apart by chance.
FEWEST_ROWS, ROWS_A_VALUE = 5, 4
ALIKE = 0.9999  # correlation with the target of a rounded copy


def leaking(features: Features, values: Floats, classes: int) -> tuple[str, ...]:
    """Return the names of the columns each of which determines the target, or nearly so."""
    if classes and np.bincount(values.astype(int)).min() < FEWEST_ROWS:
        return ()
    ordered = {*features.numeric, *features.heavy}
    return tuple(
        name
        for i, name in enumerate(features.names)
        if _tells(features.matrix[:, i], values) or (i in ordered and _follows(features.matrix[:, i], values, classes))
    )


def _tells(column: Floats, target: Floats) -> bool:
    """Return True if rows with equal values in the column (missing is a value) have equal targets."""
    _, group = np.unique(column, return_inverse=True)  # NaN is one value
    groups = group.max() + 1
    least, greatest = np.full(groups, np.inf), np.full(groups, -np.inf)
    np.minimum.at(least, group, target)
    np.maximum.at(greatest, group, target)
    return bool(groups * ROWS_A_VALUE <= len(column) and (least == greatest).all())


def _follows(column: Floats, target: Floats, classes: int) -> bool:
    """Return True if thresholds of the column separate the classes, or the target is linear in it up to rounding."""
    if np.isnan(column).any():
        return False
    if not classes:
        scaled = column / np.abs(column).max()
        return bool(scaled.std() > 0 and abs(np.corrcoef(scaled, target / np.abs(target).max())[0, 1]) > ALIKE)
    order = np.lexsort((target, column))
    changes = np.diff(target[order]) != 0
    between = np.diff(column[order]) != 0
    return bool(changes.sum() == classes - 1 and (between | ~changes).all())
