"""Calls that cannot be right: rows that are no distributions, and arrays that might be broadcast by a guess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lossary.catalogue.record import Record

__all__ = ["WRONG_ROWS", "misshapen", "wrong_rows"]

Array = np.ndarray[Any, Any]
WRONG_ROWS = "rows that do not sum to 1"


def wrong_rows(target: Array, axis: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """A soft target in which some rows do not sum to 1, and which those are."""
    rows = np.moveaxis(target, axis + 1, -1)
    several = np.zeros(rows.shape)
    several[..., :2] = 1.0
    wrong = rng.choice(4, rows.shape[:-1])[..., None]
    changed = np.select([wrong == 0, wrong == 1, wrong == 2], [several, 0.0 * rows, 0.5 * rows], 0.75 * rows)
    some = rng.random(rows.shape[:-1]) < rng.choice([0.2, 1.0])
    found = np.where(some[..., None], changed, rows).astype(target.dtype)
    return np.moveaxis(found, -1, axis + 1), some


def misshapen(
    record: Record,
    fault: str,
    items: tuple[int, ...],
    weighed: tuple[int, ...],
    make: Callable[[tuple[int, ...]], Array],
) -> dict[str, Array]:
    """A parameter, weight or mask without the first axis of what it belongs to."""
    if fault == "a parameter's shape":
        first = record.parameters[0]
        return {first.name: make(items[1:]) / 4 + max(first.domain.low, 0.0)}
    fewer = make(weighed[1:])
    return {"weight": fewer} if fault == "a weight's shape" else {"mask": fewer > 1}
