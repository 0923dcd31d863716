"""The losses as textbooks define them: each a list of terms whose sum is the loss of an element, a row or a pool.

One file for each file of the catalogue. Nothing here is rearranged for floating-point numbers; the numbers have all the
digits that these forms need.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from oracle.textbook.common import Terms

__all__ = ["OF_RESIDUALS", "ROUNDED", "TEXTBOOK"]

FILES = [importlib.import_module(f"{__name__}.{file.name}") for file in pkgutil.iter_modules(__path__)]
TEXTBOOK: dict[str, Callable[..., Terms]] = {
    name: getattr(file, name) for file in FILES if not file.__name__.endswith("common") for name in file.__all__
}
# Losses of a residual, (prediction − target) / scale, that is rounded: a result may also be off by what its exact value
# changes with one unit in the last place of the residual. Each derivative divides by the scale once more; where it is
# nearly subnormal, what it is the product of may be so.
# The numbers are ulps for other roundings: of a power and its exponent, far from 0.
OF_RESIDUALS: dict[str, int] = {
    name: ulps for file in FILES for name, ulps in getattr(file, "OF_RESIDUALS", {}).items()
}
# By how much more the results of some losses may be off: see the files.
ROUNDED: dict[str, float] = {name: more for file in FILES for name, more in getattr(file, "ROUNDED", {}).items()}
