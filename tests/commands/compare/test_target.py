"""The task of a target with its reason, and columns that cannot be targets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from lossary.commands.compare.target import read_target
from lossary.commands.data.table import TableError

INFERRED: dict[str, tuple[list[Any], str, str]] = {
    "decimals": ([0.1, 0.5, 2.5, 3.0], "regression", "4 distinct numbers"),
    "many whole numbers": (list(range(30)), "regression", "30 distinct whole numbers"),
    "few whole numbers": ([0, 1, 2] * 5, "multiclass", "3 distinct whole numbers"),
    "two numbers": ([0.5, 1.5] * 5, "binary", "2 distinct numbers"),
    "truth values": ([True, False], "binary", "2 classes, 'False', 'True'"),
    "two texts": (["yes", "no", "no"], "binary", "2 classes, 'no', 'yes'"),
    "three texts": (["a", "b", "c"], "multiclass", "3 classes"),
    "numbers as text": (["1.5", "2.5", "3.5"], "regression", "3 distinct numbers"),
}


@pytest.mark.parametrize(("values", "task", "why"), INFERRED.values(), ids=INFERRED.keys())
def test_the_task_follows_from_the_values_and_the_reason_is_said(values: list[Any], task: str, why: str) -> None:
    target = read_target(pa.chunked_array([values]), "y", None)
    assert target.task == task
    assert why in target.why


def test_the_task_asked_for_is_taken() -> None:
    assert read_target(pa.chunked_array([[1, 2, 3] * 4]), "y", "regression").task == "regression"
    assert read_target(pa.chunked_array([list(range(30))]), "y", "multiclass").classes == tuple(map(str, range(30)))


def test_classes_are_numbered_in_order_and_missing_ones_are_nan() -> None:
    target = read_target(pa.chunked_array([["b", None, "a"]]), "y", None)
    assert target.classes == ("a", "b")
    np.testing.assert_array_equal(target.values, [1, np.nan, 0])


IMPOSSIBLE: dict[str, tuple[list[Any], str | None, str]] = {
    "nothing": ([None, None], None, "has no values"),
    "not a number": ([float("nan")] * 2, None, "has no values"),
    "one class": (["a", "a"], None, "one class only, 'a'"),
    "infinite": ([1.5, float("inf")], None, "1 infinite value"),
    "astronomic": ([1.5, 1e200], None, "values of 1e\\+200, whose squares overflow"),
    "microscopic": ([2e-200, 1e-301], None, "values of 2e-200, whose squares vanish"),
    "lists": ([[1, 2], [3]], None, r"holds list<.*> values, neither numbers nor classes"),
    "lists for a regression": ([[1, 2], [3]], "regression", r"holds list<.*> values, neither numbers nor classes"),
    "text for a regression": (["a", "b"], "regression", "is not numeric, it holds 'a', 'b'"),
    "some text among numbers": ([*map(str, range(40)), "n. a."], None, "is not numeric, it holds 'n. a.'"),
    "three for two": (["a", "b", "c"], "binary", "has 3 classes"),
    "names": ([f"name {i}" for i in range(200)], None, "200 distinct values"),
}


@pytest.mark.parametrize(("values", "task", "message"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_says_why_a_column_is_no_target(values: list[Any], task: str | None, message: str) -> None:
    with pytest.raises(TableError, match=message) as caught:
        read_target(pa.chunked_array([values]), "y", task)
    assert "'y'" in str(caught.value)
