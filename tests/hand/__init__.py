"""Losses worked out by hand, one file for each file of the catalogue: at least one row a loss, and one is enough."""

from __future__ import annotations

import importlib
import pkgutil

from hand.row import Row

__all__ = ["HAND", "Row"]

FILES = sorted(file.name for file in pkgutil.iter_modules(__path__) if file.name != "row")
HAND: list[Row] = [row for file in FILES for row in importlib.import_module(f"hand.{file}").ROWS]
