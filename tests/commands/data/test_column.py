"""Reading of columns as numbers or categories."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from lossary.commands.data.column import categories, numbers

NUMERIC: dict[str, tuple[Any, list[float]]] = {
    "integers": (pa.array([1, None, 3]), [1, np.nan, 3]),
    "floats": (pa.array([1.5, None]), [1.5, np.nan]),
    "truth values": (pa.array([True, False, None]), [1, 0, np.nan]),
    "decimals": (pa.array([Decimal("1.00"), Decimal("2.00")]), [1, 2]),
    "dates, in days": (pa.array([datetime.date(1970, 1, 3), None]), [2, np.nan]),
    "moments, in days": (pa.array([datetime.datetime(1970, 1, 1, 12)]), [0.5]),  # noqa: DTZ001
    "text of numbers": (pa.array([" 1.5 ", "-2e3", None]), [1.5, -2000, np.nan]),
    "money": (pa.array(["$1,234.50", "€ 7", "45 %", "-$5.25", "$-5.25", "12 €"]), [1234.5, 7, 45, -5.25, -5.25, 12]),
    "nothing at all": (pa.nulls(2), [np.nan, np.nan]),
    "categories of text": (pa.array(["1", "2"]).dictionary_encode(), [1, 2]),
}


@pytest.mark.parametrize(("values", "expected"), NUMERIC.values(), ids=NUMERIC.keys())
def test_numbers(values: Any, expected: list[float]) -> None:
    found = numbers(pa.chunked_array([values]))
    assert found is not None
    np.testing.assert_array_equal(found.values, expected)
    assert found.unreadable == ()


def test_text_that_mostly_reads_as_numbers_is_numbers() -> None:
    found = numbers(pa.chunked_array([["1"] * 19 + ["unknown"]]))
    assert found is not None
    assert found.unreadable == ("unknown",)
    assert np.isnan(found.values[-1])


@pytest.mark.parametrize("values", [["red", "blue"], ["1", "two", "3"], ["1_000", "0x10"], ["", "."]])
def test_other_text_is_not_numbers(values: list[str]) -> None:
    assert numbers(pa.chunked_array([values])) is None


def test_categories_are_in_their_own_order() -> None:
    found = categories(pa.chunked_array([["b", None], ["a", "b"]]))
    assert found.names == ("a", "b")
    assert found.codes.tolist() == [1, -1, 0, 1]


def test_categories_of_bytes_are_text() -> None:
    assert categories(pa.chunked_array([[b"yes", b"no"]])).names == ("no", "yes")


def test_categories_of_whole_numbers_have_no_decimals() -> None:
    found = categories(pa.chunked_array([[10.0, 2.0, float("nan")]]))
    assert found.names == ("2", "10")
    assert found.codes.tolist() == [1, 0, -1]
