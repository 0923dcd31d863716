"""Reading of a table's column as numbers or categories."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.types as types
from numpy.typing import NDArray

__all__ = ["Categories", "Numbers", "categories", "is_text", "numbers"]

# "1,234.50", "-$12", "12 €", "45 %": numbers as spreadsheets write them.
NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][-+]?\d+)?")
UNIT = re.compile(r"\s*[$€£%]\s*")
# A text column holds numbers if at least this share of its values are numbers.
MOSTLY = 0.9


@dataclass(frozen=True)
class Numbers:
    """A column's values as numbers, NaN where missing, and the texts among them that are not numbers."""

    values: NDArray[np.float64]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Categories:
    """A column's values as positions in its distinct values, −1 where missing."""

    codes: NDArray[np.int64]
    names: tuple[str, ...]


def is_text(column: pa.ChunkedArray[Any]) -> bool:
    """Return True if the column holds strings or categories of strings."""
    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def numbers(column: pa.ChunkedArray[Any]) -> Numbers | None:
    """Read numbers, truth values, dates (in days), and text that is mostly numbers; None for anything else."""
    kind = column.type
    if types.is_dictionary(kind):
        return numbers(column.cast(kind.value_type))
    if types.is_null(kind):
        return Numbers(np.full(len(column), np.nan))
    if types.is_temporal(kind) and not types.is_duration(kind):
        return Numbers(_days(column))
    if types.is_boolean(kind) or types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return Numbers(_floats(column))
    return _from_text(column) if is_text(column) else None


def categories(column: pa.ChunkedArray[Any]) -> Categories:
    """Return the column's distinct values, sorted, as text, and each row's position among them."""
    encoded = column.combine_chunks().dictionary_encode()
    values: list[Any] = encoded.dictionary.to_pylist()
    present = [i for i, value in enumerate(values) if value is not None and value == value]
    present.sort(key=lambda i: values[i])
    place = np.full(len(values) + 1, -1)
    place[present] = np.arange(len(present))
    codes = encoded.indices.cast(pa.int64()).fill_null(len(values)).to_numpy(zero_copy_only=False)
    return Categories(place[codes], tuple(_name(values[i]) for i in present))


def _name(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace").strip()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _floats(column: pa.ChunkedArray[Any]) -> NDArray[np.float64]:
    values = column.cast(pa.float64(), safe=False).fill_null(pa.scalar(np.nan))
    return np.array(values.to_numpy(), dtype=np.float64)


def _days(column: pa.ChunkedArray[Any]) -> NDArray[np.float64]:
    if types.is_time(column.type):
        return _floats(column.cast(pa.int64() if column.type.bit_width == 64 else pa.int32()))
    moments = column.cast(pa.timestamp("us")) if not types.is_timestamp(column.type) else column
    return _floats(moments.cast(pa.timestamp("us"), safe=False).cast(pa.int64())) / 86400e6


def _from_text(column: pa.ChunkedArray[Any]) -> Numbers | None:
    encoded = categories(column)
    parsed = np.array([_number(name) for name in encoded.names] + [np.nan])
    values = parsed[encoded.codes]
    present, read = encoded.codes >= 0, np.isfinite(values)
    if not read.any() or read.sum() < MOSTLY * present.sum():
        return None
    unread = sorted(set(encoded.codes[present & ~read]))
    return Numbers(values, tuple(encoded.names[i] for i in unread))


def _number(text: str) -> float:
    match = NUMBER.fullmatch(UNIT.sub("", text, count=1))
    try:
        return float(match[0].replace(",", "")) if match else np.nan
    except ValueError:
        return np.nan
