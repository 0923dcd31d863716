"""Checks of NumPy's arrays under ``checking()``, which run at once."""

from __future__ import annotations

from typing import Any, TypeVar

from numpy.typing import NDArray

from lossary.frameworks import flatten
from lossary.frameworks.face import Checks

T = TypeVar("T")


def compiles() -> bool:
    """Return False: NumPy compiles nothing."""
    return False


def with_checked_gradient(checks: Checks, name: str, prediction: object, inputs: dict[str, NDArray[Any]]) -> object:
    """Return the prediction: NumPy computes no gradient of it."""
    return prediction


def checked(checks: Checks, inputs: dict[str, NDArray[Any]], result: T) -> T:
    """Check the inputs and the result, and return the result."""
    checks(inputs, flatten(result))
    return result
