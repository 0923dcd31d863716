"""Console for a terminal or a pipe."""

from __future__ import annotations

import os

from rich.console import Console

__all__ = ["output"]

# Width of piped text if COLUMNS is not set.
PIPED = 160


def output() -> Console:
    """Return a console on standard output: colour and the window's width on a terminal, else plain text."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_columns())


def _columns() -> int:
    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isdecimal() and int(asked) else PIPED
