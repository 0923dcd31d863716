"""Domains of arguments and parameters: intervals that checks, documentation and tests read.

A formula declares the domain of each argument as its annotation: ``def huber(prediction: Real, target: Real, *,
delta: Scale = 1.0)``. The annotation may also hold a unit: ``Annotated[NonNegative, Unit(1)]``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from lossary.symbolic.graph import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Count",
    "Distribution",
    "Given",
    "Group",
    "Interval",
    "Label",
    "LogProbability",
    "NonNegative",
    "PaddedLabel",
    "Positive",
    "Probability",
    "Real",
    "Reference",
    "Scale",
    "Share",
    "Unit",
    "Variance",
]


@dataclass(frozen=True)
class Interval:
    """The numbers from ``low`` to ``high``."""

    low: float = -math.inf
    high: float = math.inf
    includes_low: bool = True
    takes_minus_infinity: bool = False
    takes_infinity: bool = False
    rounds: bool = False  # values a few eps outside are rounding errors and are clipped
    sums_to_one: bool = False  # over each row
    whole: bool = False
    counts: bool = False  # whole numbers are meant, and others are taken
    index_of: str = ""  # whole numbers, each the place along this axis

    def __str__(self) -> str:
        if self.index_of:
            return f"a whole number from {self.low:g} to the last {self.index_of}"
        if self.whole:
            return f"a whole number from {self.low:g} to {self.high:.0f}"
        if math.isinf(self.high):
            if math.isinf(self.low):
                return "finite or −∞" if self.takes_minus_infinity else "finite"
            end = ", ∞ included" if self.takes_infinity else ""
            return f"{'≥' if self.includes_low else '>'} {self.low:g}{end}"
        if math.isinf(self.low):
            return f"≤ {self.high:g}"
        text = f"{'[' if self.includes_low else '('}{self.low:g}, {self.high:g}]"
        return text + ", rows sum to 1" if self.sums_to_one else text

    @property
    def has_ends(self) -> bool:
        """Whether both ends are numbers."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def inside(self) -> float:
        """A number well inside."""
        if self.whole:
            return max(self.low, 0.0)
        return (self.low + self.high) / 2 if self.has_ends else min(max(1.0, self.low + 1.0), self.high - 1.0)

    @property
    def limits(self) -> str:
        """The limits of one number in words, as in "it is not > 0"; empty without limits."""
        if math.isinf(self.low) and math.isinf(self.high):
            return ""
        return str(self) if not self.has_ends or self.whole else f"in {replace(self, sums_to_one=False)}"

    @property
    def wanted(self) -> str:
        """The requirement in words, as in "must be finite and > 0"."""
        if self.whole:
            return str(self)
        if self.has_ends:
            return f"in {self}"
        if self.takes_minus_infinity and math.isfinite(self.high):
            return str(self)
        return str(self) if math.isinf(self.low) or self.takes_infinity else f"finite and {self}"

    def contains(self, value: float) -> bool:
        """Return whether a number lies inside; NaN and infinities do not."""
        if (self.takes_minus_infinity and value == -math.inf) or (self.takes_infinity and value == math.inf):
            return True
        above = value >= self.low if self.includes_low else value > self.low
        return above and value <= self.high and math.isfinite(value) and (not self.whole or value == math.floor(value))

    def holds(self, values: NDArray[Any]) -> bool:
        """Return whether all numbers of an array lie inside."""
        if self.whole and (values != values.round()).any():
            return False
        return values.size == 0 or bool(
            self.contains(values.min()) and self.contains(values.max())
        )  # NaN is both min and max


@dataclass(frozen=True)
class Unit:
    """Unit of a number, as a power of the target's unit. Dimensionless numbers have no ``Unit``."""

    power: int

    def __str__(self) -> str:
        return "in the target's unit" + ("" if self.power == 1 else ", squared")


@dataclass(frozen=True)
class Given:
    """Marks an argument that is neither a prediction nor the target: what was computed before, such as an advantage."""


Real = Annotated[Value, Interval()]
Reference = Annotated[Value, Interval(), Given()]
Positive = Annotated[Value, Interval(low=0.0, includes_low=False)]
NonNegative = Annotated[Value, Interval(low=0.0)]
Count = Annotated[Value, Interval(low=0.0, counts=True)]
Probability = Annotated[Value, Interval(0.0, 1.0, rounds=True)]
LogProbability = Annotated[Value, Interval(high=0.0, takes_minus_infinity=True, rounds=True)]
Distribution = Annotated[Value, Interval(0.0, 1.0, rounds=True, sums_to_one=True)]
Share = Annotated[Value, Interval(0.0, 1.0)]
Label = Annotated[Value, Interval(low=0.0, whole=True, index_of="class")]
PaddedLabel = Annotated[Value, Interval(low=-1.0, whole=True, index_of="class")]  # -1 where there is none
Group = Annotated[Value, Interval(0.0, 2.0**24 - 1, whole=True)]  # a number that float32 tells from all others
# A threshold for residuals: ``huber(delta=2)`` in metres is ``huber(delta=200)`` in centimetres.
Scale = Annotated[Positive, Unit(1)]
Variance = Annotated[Positive, Unit(2)]
