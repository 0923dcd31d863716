"""Columns to predict from: numbers, categories, and columns that are left out, with the reason."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, QuantileTransformer, StandardScaler

from lossary.commands.compare.sentences import quoted
from lossary.commands.data.column import categories, numbers
from lossary.commands.data.table import TableError

__all__ = ["Features", "preparation", "read_features"]

# Text with more distinct values is not a category.
MOST_CATEGORIES = 50
# Values of a category that fewer than this share of the rows have become one column, "others".
RARE = 0.01
# A column is heavy-tailed if a value lies this many interquartile ranges (deviations, if that is 0) from the median.
FAR, FAR_DEVIATIONS = 10.0, 20.0
LARGEST = 1e100  # the squares of larger ones overflow
IDENTIFIER = re.compile(r"(^|[^a-z])(id|uuid|guid|index|unnamed: ?\d+|row_?(id|number|nr|no)?)$", re.IGNORECASE)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Features:
    """A matrix of numbers and category codes, NaN where missing; the positions of each kind of column; remarks."""

    matrix: Floats
    numeric: tuple[int, ...]
    heavy: tuple[int, ...]
    categorical: tuple[int, ...]
    notes: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return int(self.matrix.shape[1])


def read_features(table: pa.Table) -> Features:
    """Read every column; leave out useless ones, with a note."""
    columns: dict[str, Floats] = {}
    kinds: dict[str, list[int]] = defaultdict(list)
    remarks: dict[str, list[str]] = defaultdict(list)
    for name in table.column_names:
        kind, values = _read(table[name], name, remarks)
        if kind:
            kinds[kind].append(len(columns))
            columns[name] = values
    notes = tuple(f"{remark}: {quoted(names)}" for remark, names in remarks.items())
    if not columns:
        raise TableError("no column is left to predict from" + "".join(f"; {note}" for note in notes))
    numeric, heavy, categorical = (tuple(kinds[kind]) for kind in ("numeric", "heavy", "categorical"))
    return Features(np.column_stack([*columns.values()]), numeric, heavy, categorical, notes, tuple(columns))


def _read(column: pa.ChunkedArray[Any], name: str, remarks: dict[str, list[str]]) -> tuple[str, Floats]:
    """Return the column's kind ('' if it is left out) and values; add to the remarks."""
    found = numbers(column)
    if found is None:
        return _read_categories(column, name, remarks)
    infinite = np.isinf(found.values)
    values = np.where(infinite, np.nan, found.values)
    if found.unreadable:
        remarks[f"texts in a column of numbers, {quoted(found.unreadable, 2)}, taken as missing"].append(name)
    if infinite.any():
        remarks["infinite values taken as missing"].append(name)
    useless = _useless(values, name)
    if useless:
        remarks[useless].append(name)
        return "", values
    if _heavy(values):
        remarks["heavy-tailed columns, replaced by ranks"].append(name)
        return "heavy", values
    return "numeric", values


def _read_categories(column: pa.ChunkedArray[Any], name: str, remarks: dict[str, list[str]]) -> tuple[str, Floats]:
    try:
        found = categories(column)
    except (pa.ArrowException, TypeError):
        remarks[f"left out, holding {column.type} values"].append(name)
        return "", np.empty(0)
    count = len(found.names)
    if count > MOST_CATEGORIES:
        remarks[f"left out, text of more than {MOST_CATEGORIES} distinct values"].append(name)
        return "", np.empty(0)
    if count < 2 and not (count and (found.codes < 0).any()):
        remarks["left out, constant or empty"].append(name)
        return "", np.empty(0)
    return "categorical", np.where(found.codes >= 0, found.codes, np.nan).astype(np.float64)


def _useless(values: Floats, name: str) -> str:
    """Return the reason to leave a column out, '' if there is none."""
    present = values[~np.isnan(values)]
    if len(present) == 0 or (np.all(present == present[0]) and len(present) == len(values)):
        return "left out, constant or empty"
    whole, distinct = bool(np.all(present == np.round(present))), len(np.unique(present)) == len(values)
    numbered = whole and distinct and bool(np.all(np.diff(values) == 1))
    if numbered or (whole and distinct and (name == "" or IDENTIFIER.search(name))):
        return "left out, numbering the rows"
    return ""


def _heavy(values: Floats) -> bool:
    if np.nanmax(np.abs(values)) > LARGEST:
        return True
    low, median, high = np.nanpercentile(values, [25, 50, 75])
    farthest = np.nanmax(np.abs(values - median))
    return bool(farthest > (FAR * (high - low) if high > low else FAR_DEVIATIONS * np.nanstd(values)))


def preparation(features: Features, rows: int) -> ColumnTransformer:
    """Return the transformer from the matrix to a network's inputs, to be fitted on training rows only."""
    filled = SimpleImputer(strategy="median", add_indicator=True)
    by_rank = QuantileTransformer(n_quantiles=min(1000, rows), output_distribution="normal", random_state=0)
    one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=RARE, sparse_output=False)
    return ColumnTransformer(
        [
            ("numeric", make_pipeline(StandardScaler(), filled), list(features.numeric)),
            ("heavy", make_pipeline(by_rank, filled), list(features.heavy)),
            ("categorical", one_hot, list(features.categorical)),
        ]
    )
