"""The target's unit: where its numbers lie, how far apart they are, and a deviation that outliers do not move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Scaling", "deviation", "scaling"]

# They make the deviation of a normal distribution out of its median and its mean distance from the median.
OF_MEDIAN, OF_MEAN = 1.4826, 1.2533
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scaling:
    """From a network's output, near ±1, to the target's unit: center + scale · output."""

    center: float
    scale: float
    deviation: float
    rule: str  # that the deviation comes from, in words


def scaling(values: Floats) -> Scaling:
    """The scaling that the targets of the training rows suggest."""
    return Scaling(float(values.mean()), float(values.std()) or 1.0, *deviation(values))


def deviation(values: Floats) -> tuple[float, str]:
    """A robust standard deviation, 1 where all values are equal, and its rule.

    The median distance from the median is 0 where more than half of the values are equal.
    """
    distances = np.abs(values - np.median(values))
    if middle := float(np.median(distances)):
        return OF_MEDIAN * middle, f"{OF_MEDIAN} times the median distance from the median"
    return float(OF_MEAN * distances.mean()) or 1.0, f"{OF_MEAN} times the mean distance from the median"
