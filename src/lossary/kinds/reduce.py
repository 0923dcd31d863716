"""Reduction of weighted items to one number: means and totals, for every kind and framework."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, overload

from lossary.errors import ArgumentTypeError, EmptyError
from lossary.frameworks.face import AnyFace, Array

__all__ = ["Total", "mean"]


@dataclass(frozen=True)
class Total:
    """Sums of a batch from which a mean is made: totals of batches, files or ranks add up to the total of the whole.

    Its numbers are float64 wherever the framework has that, so that any number of small batches adds up.

    >>> a, b = Total(6.0, 3.0, 3), Total(2.0, 1.0, 1)
    >>> (a + b).mean
    2.0
    """

    sum: Any  # of weight · loss; like the others a float, or an array of the framework of the loss
    weight: Any
    count: Any  # of the items that are not masked

    def __add__(self, other: object) -> Total:
        if isinstance(other, int) and other == 0:  # so that the built-in sum() adds totals
            return self
        if not isinstance(other, Total):
            raise ArgumentTypeError(f"a Total adds to another Total, not to a value of type {type(other).__name__}.")
        return Total(self.sum + other.sum, self.weight + other.weight, self.count + other.count)

    __radd__ = __add__

    @property
    def mean(self) -> Any:
        """The mean Σ weight · loss / Σ weight; 0 if that weight is 0."""
        return self.sum / (self.weight + (self.weight == 0))


@overload
def mean(numerator: float, denominator: float, empty: str, face: AnyFace) -> float: ...
@overload
def mean(numerator: Array, denominator: Array | float, empty: str, face: AnyFace) -> Array: ...
@overload
def mean(numerator: Array | float, denominator: Array | float, empty: str, face: AnyFace) -> Array | float: ...
def mean(numerator: Array | float, denominator: Array | float, empty: str, face: AnyFace) -> Array | float:
    """Divide; for a denominator of 0 return what ``empty`` says, still part of the autograd graph."""
    is_empty: Any = denominator == 0  # a bool, or an array of them
    is_number = not hasattr(is_empty, "dtype")
    if empty == "raise" and (is_number or face.sees(denominator)) and bool(is_empty):
        raise EmptyError("the mean is over nothing: every item is masked or has weight 0, or there are none.")
    nothing = math.inf if empty == "zero" else math.nan  # what is divided by it becomes 0 or NaN
    if is_number:
        return numerator / (nothing if is_empty else denominator)
    if not isinstance(numerator, int | float):
        numerator = face.where(is_empty, 0.0, numerator)  # its change may be infinite
    return numerator / face.where(is_empty, nothing, denominator)
