"""The terminal, or the pipe, that results go to."""

from __future__ import annotations

import os

from rich.console import Console

__all__ = ["output"]

# Width of piped text where COLUMNS says nothing: no window folds it.
PIPED = 160


def output() -> Console:
    """Standard output: coloured and as wide as the window, or plain and as wide as COLUMNS or 160."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_columns())


def _columns() -> int:
    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isdecimal() and int(asked) else PIPED
