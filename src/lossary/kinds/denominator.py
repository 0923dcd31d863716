"""What a mean divides by: the items' weights, their number, or what the user gives."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from lossary.frameworks.face import Array
from lossary.kinds.call import Call
from lossary.symbolic.graph import Node

__all__ = ["denominator_by", "denominator_node", "divides_by_values", "per_item"]


def denominator_by(call: Call, sum_of: Callable[[Call, Node], Array | float]) -> Array | float:
    """Return the denominator of the mean; ``sum_of`` sums a formula over all items."""
    given = call.denominator
    if isinstance(given, str):
        each = per_item(call)
        return sum_of(call, _counted(call)) if each is None else math.prod(call.items) * each
    if isinstance(given, float):
        return given
    array: Any = call.face.cast(given, call.dtype)
    return call.face.where((array >= 0) & (array < math.inf), array, math.nan) if call.options.guard else array


def denominator_node(call: Call) -> Node | None:
    """Return the formula of an item's share of the denominator; None if the sum is known without the arrays."""
    if call.reduction != "mean" or not isinstance(call.denominator, str) or _counted(call).is_number():
        return None
    return _counted(call)


def per_item(call: Call) -> float | None:
    """Return each item's share of the denominator if it is the same number for all; else None."""
    if not isinstance(call.denominator, str) or not _counted(call).is_number():
        return None
    return float(_counted(call).label or 0)


def divides_by_values(call: Call) -> bool:
    """Return True if the denominator depends on the values of arrays."""
    return (call.reduction == "mean" and hasattr(call.denominator, "dtype")) or denominator_node(call) is not None


def _counted(call: Call) -> Node:
    """Return the formula of an item's share of the denominator: its weight, or 1 if it counts."""
    return call.program.weight if call.denominator == "weight" else call.program.count
