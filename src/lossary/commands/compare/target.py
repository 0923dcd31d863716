"""Reading of the target column as numbers or classes, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lossary.commands.compare.sentences import counted, quoted
from lossary.commands.data.column import Numbers, categories, numbers
from lossary.commands.data.table import TableError

__all__ = ["TASKS", "Target", "read_target"]

TASKS = ("regression", "binary", "multiclass")
# Whole numbers with at most this many distinct values are read as classes; text may have MOST_CLASSES.
MOST_INTEGER_CLASSES = 20
MOST_CLASSES = 100
LARGEST = 1e100


@dataclass(frozen=True)
class Target:
    """A target column: its task, the reason for that, and its values, NaN where missing."""

    task: str
    why: str
    values: NDArray[np.float64]
    classes: tuple[str, ...] = ()
    # True if the classes are numbers, which may be meant as quantities.
    numeric: bool = False


def read_target(column: pa.ChunkedArray[Any], name: str, task: str | None) -> Target:
    """Read the column for the task that is asked for, else for the one that its values suggest."""
    if pa.types.is_nested(column.type):
        raise TableError(f"the column {name!r} holds {column.type} values, neither numbers nor classes")
    found = numbers(column)
    if column.null_count == len(column) or (found and np.isnan(found.values).all()):
        raise TableError(f"the column {name!r} has no values")
    if found:
        _check_finite(found, name)
    quantities, why = _inferred(found, name) if found and not pa.types.is_boolean(column.type) else (False, "")
    if task == "regression" or (task is None and quantities):
        return Target("regression", why if task is None else "as asked", _as_numbers(found, column, name))
    return _as_classes(column, name, task, why)


def _inferred(found: Numbers, name: str) -> tuple[bool, str]:
    """Return True if numbers look like quantities rather than classes, and the reason."""
    distinct = np.unique(found.values[~np.isnan(found.values)])
    whole = bool(np.all(distinct == np.round(distinct)))
    described = f"{name!r} has {counted(len(distinct), 'distinct ' + ('whole number' if whole else 'number'))}"
    if len(distinct) == 2 or (whole and len(distinct) <= MOST_INTEGER_CLASSES):
        return False, described + ("" if len(distinct) == 2 else "; --task regression takes them as quantities")
    return True, described


def _check_finite(found: Numbers, name: str) -> None:
    infinite = int(np.isinf(found.values).sum())
    if infinite:
        raise TableError(f"the column {name!r} has {counted(infinite, 'infinite value')}; correct or empty these")
    largest = np.nanmax(np.abs(found.values))
    if largest > LARGEST or 0 < largest < 1 / LARGEST:
        become = "overflow" if largest > 1 else "vanish"
        raise TableError(
            f"the column {name!r} has values of {largest:.0e}, whose squares {become}; give it another unit"
        )


def _as_numbers(found: Numbers | None, column: pa.ChunkedArray[Any], name: str) -> NDArray[np.float64]:
    if found is None or found.unreadable:
        texts = found.unreadable if found else categories(column).names
        raise TableError(
            f"the column {name!r} is not numeric, it holds {quoted(texts, 3)}; correct or empty these cells"
        )
    return found.values


def _as_classes(column: pa.ChunkedArray[Any], name: str, task: str | None, why: str) -> Target:
    found = categories(column)
    count = len(found.names)
    if count < 2:
        raise TableError(
            f"the column {name!r} holds one class only, {quoted(found.names)}; there is nothing to predict"
        )
    if task == "binary" and count != 2:
        raise TableError(f"the column {name!r} has {count:,} classes, and a binary target has 2; try --task multiclass")
    if count > MOST_CLASSES:
        raise TableError(
            f"the column {name!r} has {count:,} distinct values ({quoted(found.names, 3)}): too many for classes "
            f"(at most {MOST_CLASSES}), and not numbers"
        )
    values = np.where(found.codes >= 0, found.codes, np.nan).astype(np.float64)
    reason = why or f"{name!r} has {count} classes, {quoted(found.names, 3)}"
    return Target("binary" if count == 2 else "multiclass", reason, values, found.names, numeric=bool(why))
