"""lossary: the loss functions of neural networks, each written once as its mathematics."""

from __future__ import annotations

from typing import NoReturn

from lossary.kinds.reduce import Total
from lossary.loss import LIBRARY, Loss, from_dict, get, losses, pointwise
from lossary.record import find

__version__ = "0.1.0"
__all__ = ["Loss", "Total", "from_dict", "get", "losses", "pointwise", *LIBRARY]

globals().update(LIBRARY)


def __getattr__(name: str) -> NoReturn:
    if not name.startswith("_"):
        try:
            meant = f"use lossary.{find(name).name}"
        except ValueError as problem:
            meant = str(problem)
        raise AttributeError(f"lossary has no {name!r}: {meant}")
    raise AttributeError(name)
