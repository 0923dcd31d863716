"""Location and scale of the target, and a deviation that is robust against outliers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Scaling", "deviation", "scaling"]

# Ratios of a normal distribution's standard deviation to its median and its mean distance from the median.
OF_MEDIAN, OF_MEAN = 1.4826, 1.2533
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scaling:
    """Scaling of a network's outputs, near ±1, to the target's unit: center + scale · output."""

    center: float
    scale: float
    deviation: float
    rule: str  # origin of the deviation, in words


def scaling(values: Floats) -> Scaling:
    """Return mean, standard deviation and robust deviation of the targets."""
    return Scaling(float(values.mean()), float(values.std()) or 1.0, *deviation(values))


def deviation(values: Floats) -> tuple[float, str]:
    """Return a robust standard deviation, 1 if all values are equal, and its rule.

    The median distance from the median is 0 if more than half of the values are equal: then the mean distance serves.
    """
    distances = np.abs(values - np.median(values))
    if middle := float(np.median(distances)):
        return OF_MEDIAN * middle, f"{OF_MEDIAN} times the median distance from the median"
    return float(OF_MEAN * distances.mean()) or 1.0, f"{OF_MEAN} times the mean distance from the median"
