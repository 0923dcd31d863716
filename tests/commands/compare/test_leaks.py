"""Columns that determine the target, in several forms, and columns that only correlate with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from lossary.commands.compare.problem import Problem, pose

ROWS = 120
DRAW = np.random.default_rng(0)
LABEL = (DRAW.random(ROWS) < 0.3).astype(int)
NUMBER = DRAW.normal(size=ROWS)
NOISE = DRAW.normal(size=ROWS)


def posed(target: Any, column: Any) -> Problem:
    table = pa.table({"y": target, "noise": NOISE, "x": column})
    return pose(table, "y", task=None, folds=5, most_rows=1000, seed=0)


LEAKS: dict[str, tuple[Any, Any]] = {
    "the label": (LABEL, LABEL),
    "the label in words": (LABEL, np.where(LABEL, "sick", "well")),
    "finer classes": (LABEL, np.where(LABEL, np.where(NOISE > 0, "a", "b"), "c")),
    "known for one class only": (LABEL, [None if each else 1.0 for each in LABEL]),
    "a threshold parts the classes": (LABEL, LABEL * 3 + DRAW.random(ROWS)),
    "the number": (NUMBER, NUMBER),
    "in another unit, rounded": (NUMBER, np.round(1000 - 50 * NUMBER, 1)),
    "a code for each value": (LABEL * 1.5 + (NOISE > 1) * 0.25, np.where(LABEL, 10, 20) + (NOISE > 1)),
}
NONE: dict[str, tuple[Any, Any]] = {
    "noise": (LABEL, NUMBER),
    "one label wrong": (LABEL, np.where(np.arange(ROWS) == 7, 1 - LABEL, LABEL)),
    "a strong column": (NUMBER, NUMBER + 0.05 * NOISE),
    "a threshold that errs once": (LABEL, np.where(np.arange(ROWS) == 7, 9.0, LABEL * 3 + DRAW.random(ROWS))),
    "a text for each row": (LABEL, [f"row {i % 49}" for i in range(ROWS)]),
    "numbers that are each there once": (LABEL, DRAW.permutation(ROWS) * 1.5),
}


@pytest.mark.parametrize(("target", "column"), LEAKS.values(), ids=LEAKS.keys())
def test_a_column_that_tells_the_target_is_found(target: Any, column: Any) -> None:
    assert posed(target, column).leaks == ("x",)


@pytest.mark.parametrize(("target", "column"), NONE.values(), ids=NONE.keys())
def test_other_columns_are_no_leaks(target: Any, column: Any) -> None:
    assert posed(target, column).leaks == ()


def test_a_class_of_few_rows_is_told_by_chance() -> None:
    rare = (np.arange(20) < 3).astype(int)
    table = pa.table({"x": DRAW.permutation(20) * 1.5 + 100 * rare, "y": rare})
    assert pose(table, "y", task=None, folds=2, most_rows=1000, seed=0).leaks == ()


def repeated(target: Any, times: int = 8, rows: int = 40) -> Problem:
    columns = {name: DRAW.normal(size=rows) for name in "abc"} | {"y": target[:rows]}
    table = pa.concat_tables([pa.table(columns)] * times)
    return pose(table, "y", task=None, folds=5, most_rows=1000, seed=0)


@pytest.mark.parametrize("target", [NUMBER, LABEL], ids=["numbers", "labels"])
def test_copies_of_rows_are_no_leak_but_are_counted(target: Any) -> None:
    """280 of 320 rows repeat one of the other 40, whose columns are noise."""
    problem = repeated(target)
    assert problem.leaks == ()
    assert problem.copies == 280


def test_a_leak_among_copies_is_still_found() -> None:
    table = pa.concat_tables([pa.table({"y": LABEL, "noise": NOISE, "x": np.where(LABEL, "sick", "well")})] * 3)
    assert pose(table, "y", task=None, folds=5, most_rows=1000, seed=0).leaks == ("x",)


@pytest.mark.parametrize("column", [LABEL, np.where(LABEL, np.where(NOISE > 0, "a", "b"), "c")], ids=["two", "three"])
def test_rows_of_few_possible_values_are_alike_without_being_copies(column: Any) -> None:
    problem = pose(pa.table({"y": LABEL, "x": column}), "y", task=None, folds=5, most_rows=1000, seed=0)
    assert (problem.copies, problem.leaks) == (0, ("x",))


def test_missing_values_are_alike_in_copies() -> None:
    table = pa.concat_tables([pa.table({"y": NUMBER, "a": [None, *NOISE[1:]], "b": DRAW.normal(size=ROWS)})] * 2)
    assert pose(table, "y", task=None, folds=5, most_rows=1000, seed=0).copies == ROWS


def test_a_rounded_column_is_alike_in_some_rows_by_chance() -> None:
    """A few of 300 values between 20 and 150, rounded to one decimal, are equal."""
    area = np.round(20 + 130 * np.random.default_rng(1).random(300), 1)
    table = pa.table({"y": np.random.default_rng(2).integers(2, size=300), "x": area})
    assert len({*zip(*table.to_pydict().values(), strict=True)}) < 300
    assert pose(table, "y", task=None, folds=5, most_rows=1000, seed=0).copies == 0
