"""Columns that a network gets, their form, and the notes on columns that are left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from lossary.commands.compare.features import preparation, read_features
from lossary.commands.data.table import TableError

ROWS = 60
NUMBERS = np.random.default_rng(0).normal(size=ROWS)
USEFUL: dict[str, tuple[list[Any], str]] = {
    "numbers": (NUMBERS.tolist(), "numeric"),
    "numbers with gaps": ([None, *NUMBERS[1:].tolist()], "numeric"),
    "few texts": (["red", "green", None] * 20, "categorical"),
    "one text or nothing": (["yes", None] * 30, "categorical"),
    "heavy tail": ([*NUMBERS[1:].tolist(), 1e9], "heavy"),
    "astronomic": ([*NUMBERS[1:].tolist(), 1e300], "heavy"),
    "mostly zero, one huge": ([0.0] * (ROWS - 1) + [1.0], "numeric"),
    "truth values": ([True, False] * 30, "numeric"),
    "a year, each once": (list(range(1990, 1990 + 2 * ROWS, 2)), "numeric"),
}
USELESS: dict[str, tuple[str, list[Any], str]] = {
    "constant": ("x", [3.0] * ROWS, "constant or empty"),
    "empty": ("x", [None] * ROWS, "constant or empty"),
    "constant text": ("x", ["a"] * ROWS, "constant or empty"),
    "row numbers": ("x", list(range(1, ROWS + 1)), "numbering the rows"),
    "an identifier": ("Customer ID", [7 * i % 61 for i in range(ROWS)], "numbering the rows"),
    "long text": ("x", [f"note {i}" for i in range(ROWS)], "text of more than 50"),
    "lists": ("x", [[i] for i in range(ROWS)], "holding list<item: int64> values"),
}


@pytest.mark.parametrize(("values", "kind"), USEFUL.values(), ids=USEFUL.keys())
def test_useful_columns_are_kept(values: list[Any], kind: str) -> None:
    features = read_features(pa.table({"x": values}))
    assert getattr(features, kind) == (0,)


@pytest.mark.parametrize(("name", "values", "remark"), USELESS.values(), ids=USELESS.keys())
def test_useless_columns_are_left_out_and_said(name: str, values: list[Any], remark: str) -> None:
    features = read_features(pa.table({name: values, "other": NUMBERS}))
    assert features.count == 1
    assert any(remark in note and repr(name) in note for note in features.notes)


def test_infinities_are_missing_and_said() -> None:
    features = read_features(pa.table({"x": [np.inf, -np.inf, *NUMBERS[2:]]}))
    assert np.isnan(features.matrix[:2]).all()
    assert features.notes == ("infinite values taken as missing: 'x'",)


def test_nothing_left_is_an_error() -> None:
    with pytest.raises(TableError, match="no column is left to predict from; left out, constant or empty: 'x'"):
        read_features(pa.table({"x": [1, 1, 1]}))


def test_prepared_columns_are_finite_and_moderate() -> None:
    columns = {f"x{i}": values for i, (values, _) in enumerate(USEFUL.values())}
    features = read_features(pa.table(columns))
    prepared = preparation(features, ROWS).fit_transform(features.matrix)
    assert np.isfinite(prepared).all()
    assert np.abs(prepared).max() < 10


def test_unseen_categories_and_gaps_are_taken() -> None:
    features = read_features(pa.table({"x": ["a", "b"] * 30, "y": NUMBERS}))
    prepared = preparation(features, ROWS).fit(features.matrix)
    unseen = np.array([[np.nan, 0.0], [7.0, np.nan]])
    assert np.isfinite(prepared.transform(unseen)).all()
