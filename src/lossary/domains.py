"""Where an argument may lie, as data: the checks, the documentation and the tests read the same interval.

A formula names the domain of each argument as its annotation: ``def huber(prediction: Real, target: Real, *,
delta: Scale = 1.0)``. A unit may stand beside the domain: ``Annotated[NonNegative, Unit(1)]``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any

from lossary.symbolic.graph import Value

__all__ = [
    "Distribution",
    "Interval",
    "NonNegative",
    "Positive",
    "Probability",
    "Real",
    "Scale",
    "Share",
    "Smoothing",
    "Unit",
    "Variance",
]


@dataclass(frozen=True)
class Interval:
    """The numbers from ``low`` to ``high``."""

    low: float = -math.inf
    high: float = math.inf
    includes_low: bool = True
    rounds: bool = False  # a few eps outside are rounding, and are put back
    sums_to_one: bool = False  # over each row

    def __str__(self) -> str:
        if math.isinf(self.high):
            return "finite" if math.isinf(self.low) else f"{'≥' if self.includes_low else '>'} {self.low:g}"
        text = f"{'[' if self.includes_low else '('}{self.low:g}, {self.high:g}]"
        return text + ", rows sum to 1" if self.sums_to_one else text

    @property
    def wanted(self) -> str:
        """What a number must be, in words."""
        if math.isfinite(self.high):
            return f"in {self}"
        return "finite" if math.isinf(self.low) else f"finite and {self}"

    def contains(self, value: float) -> bool:
        """Whether a number lies inside; NaN and infinities do not."""
        above = value >= self.low if self.includes_low else value > self.low
        return above and value <= self.high and math.isfinite(value)

    def holds(self, values: Any) -> bool:
        """Whether all numbers of a NumPy array lie inside."""
        return values.size == 0 or bool(self.contains(values.min()) and self.contains(values.max()))  # NaN is both


@dataclass(frozen=True)
class Unit:
    """Unit of a number: a power of the target's unit, beside the domain in an annotation. A pure number has none."""

    power: int

    def __str__(self) -> str:
        return "in the target's unit" + ("" if self.power == 1 else ", squared")


Real = Annotated[Value, Interval()]
Positive = Annotated[Value, Interval(low=0.0, includes_low=False)]
NonNegative = Annotated[Value, Interval(low=0.0)]
Probability = Annotated[Value, Interval(0.0, 1.0, rounds=True)]
Distribution = Annotated[Value, Interval(0.0, 1.0, rounds=True, sums_to_one=True)]
Smoothing = Annotated[Value, Interval(0.0, 1.0)]
Share = Annotated[Value, Interval(0.0, 1.0)]
# A number to compare residuals with: ``huber(delta=2)`` of metres is ``huber(delta=200)`` of centimetres.
Scale = Annotated[Positive, Unit(1)]
Variance = Annotated[Positive, Unit(2)]
