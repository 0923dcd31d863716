"""The losses as textbooks define them: each a list of terms whose sum is the loss of an element, a row or a pool.

One file for each file of the catalogue. Nothing here is rearranged for floating-point numbers; the numbers have all the
digits that these forms need.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from oracle.textbook.common import Terms

__all__ = ["TEXTBOOK"]

FILES = [importlib.import_module(f"{__name__}.{file.name}") for file in pkgutil.iter_modules(__path__)]
TEXTBOOK: dict[str, Callable[..., Terms]] = {
    name: getattr(file, name) for file in FILES if not file.__name__.endswith("common") for name in file.__all__
}
