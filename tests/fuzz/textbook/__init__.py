"""The losses as textbooks write them; PyTorch's autograd differentiates them, in float64, twice.

One file for each file of the catalogue. A loss over rows, regions or pairs gets the sum that it runs over as ``total``,
which is where class weights, weights inside a region and masks enter. A loss of named axes gets the places that count,
and returns the losses of items, perhaps with which of them have one. Infinite logits and probabilities of 0 are huge
and tiny numbers (limits.py), so that 0 · log 0 is 0.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

__all__ = ["OF_ITS_VALUE", "PERIODIC", "TEXTBOOK", "UNDECIDED"]

FILES = [importlib.import_module(f"{__name__}.{file.name}") for file in pkgutil.iter_modules(__path__)]
TEXTBOOK: dict[str, Callable[..., Any]] = {
    name: getattr(file, name) for file in FILES if not file.__name__.endswith("common") for name in file.__all__
}


def _named(kind: str) -> list[str]:
    """The losses that the files name as of a kind."""
    return [name for file in FILES for name in getattr(file, kind, ())]


# Losses of angles, of which none is infinite, or so large that the rounding of a difference is a part of a turn.
PERIODIC = _named("PERIODIC")
# Losses whose slope is a difference of terms as large as the loss itself.
OF_ITS_VALUE = _named("OF_ITS_VALUE")
# Where such a loss is infinite, a slope in a target depends on which of several probabilities of 0 is the least.
UNDECIDED = _named("UNDECIDED")
