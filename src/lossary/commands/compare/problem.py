"""A prediction problem: the rows, features and target read from a table, with a note on every decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lossary.commands.compare.copies import originals
from lossary.commands.compare.features import Features, read_features
from lossary.commands.compare.leaks import leaking
from lossary.commands.compare.scale import Scaling, scaling
from lossary.commands.compare.sentences import counted, quoted
from lossary.commands.compare.target import Target, read_target
from lossary.commands.data.table import TableError, column_named

__all__ = ["Problem", "pose"]

FEWEST_ROWS_A_FOLD = 4
MOST_COPIES = 0.1  # share of all rows


@dataclass(frozen=True)
class Problem:
    """A target, its features, and notes on the decisions made while reading them."""

    target: str
    task: str
    why: str
    # Targets of a regression, else each row's position among the classes.
    values: NDArray[np.float64]
    classes: tuple[str, ...]
    features: Features
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        return len(self.values)

    @property
    def counts(self) -> NDArray[np.int64]:
        """Number of rows of each class."""
        return np.bincount(self.values.astype(np.int64), minlength=len(self.classes))

    @cached_property
    def leaks(self) -> tuple[str, ...]:
        """Names of the columns that determine the target, found on rows that are not copies."""
        features = replace(self.features, matrix=self.features.matrix[self._originals])
        return leaking(features, self.values[self._originals], len(self.classes))

    @property
    def copies(self) -> int:
        """Number of rows that repeat an earlier row."""
        return self.rows - len(self._originals)

    @property
    def copied(self) -> bool:
        """True if there are so many copies that results are no reason to choose a loss."""
        return self.copies > MOST_COPIES * self.rows

    @cached_property
    def _originals(self) -> NDArray[np.int64]:
        return originals(self.features, self.values, len(self.classes))

    @cached_property
    def scaling(self) -> Scaling | None:
        """Scale of a regression's target over all rows: for printing, never for training."""
        return None if self.classes else scaling(self.values)


def pose(table: pa.Table, name: str, *, task: str | None, folds: int, most_rows: int, seed: int) -> Problem:
    """Read ``table`` as the problem of predicting its column ``name``."""
    target = read_target(column_named(table, name), name, task)
    notes: list[str] = []
    rows = _present(target, name, notes)
    rows = _drawn(rows, most_rows, seed, notes)
    _check_number(len(rows), name, folds)
    if target.classes:
        rows, target = _without_rare_classes(rows, target, folds, notes)
        if len(target.classes) < 2:
            hint = "; if it holds quantities, use --task regression" if target.numeric else ""
            raise TableError(f"fewer than two classes of {name!r} have the {folds} rows that {folds} folds need{hint}")
        _check_number(len(rows), name, folds)
    if np.all(target.values[rows] == target.values[rows[0]]):
        raise TableError(f"the column {name!r} holds the same value in every row; there is nothing to predict")
    features = read_features(table.drop_columns([name]).take(rows))
    return Problem(
        name, target.task, target.why, target.values[rows], target.classes, features, (*notes, *features.notes)
    )


def _present(target: Target, name: str, notes: list[str]) -> NDArray[np.int64]:
    """Return the rows whose target is not missing."""
    rows = np.flatnonzero(~np.isnan(target.values))
    missing = len(target.values) - len(rows)
    if missing:
        notes.append(f"{counted(missing, 'row')} without a value in {name!r} left out")
    return rows


def _drawn(rows: NDArray[np.int64], most: int, seed: int, notes: list[str]) -> NDArray[np.int64]:
    """Draw at most ``most`` of the rows at random; keep their order."""
    if len(rows) <= most:
        return rows
    notes.append(f"{most:,} of {len(rows):,} rows used, drawn at random (--rows changes that)")
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _without_rare_classes(
    rows: NDArray[np.int64], target: Target, folds: int, notes: list[str]
) -> tuple[NDArray[np.int64], Target]:
    """Leave out classes with fewer rows than folds."""
    codes = target.values[rows].astype(np.int64)
    counts = np.bincount(codes, minlength=len(target.classes))
    kept = np.flatnonzero(counts >= folds)
    rare = [label for label, count in zip(target.classes, counts, strict=True) if 0 < count < folds]
    if rare:
        notes.append(f"rows of classes with fewer than {folds} rows left out: {quoted(rare)}")
    place = np.full(len(counts) + 1, np.nan)
    place[kept] = np.arange(len(kept))
    known = np.where(np.isnan(target.values), len(counts), target.values).astype(np.int64)
    values, classes = place[known], tuple(target.classes[i] for i in kept)
    task = "binary" if len(classes) == 2 else "multiclass"
    return rows[~np.isnan(values[rows])], replace(target, task=task, values=values, classes=classes)


def _check_number(rows: int, name: str, folds: int) -> None:
    fewest = FEWEST_ROWS_A_FOLD * folds
    if rows < fewest:
        raise TableError(
            f"{counted(rows, 'row')} with a value in {name!r} {'is' if rows == 1 else 'are'} too few "
            f"for {folds} folds; {fewest} are needed, or fewer --folds"
        )
