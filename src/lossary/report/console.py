"""The terminal, or the pipe, that results go to."""

from __future__ import annotations

from rich.console import Console

__all__ = ["output"]

# Piped text is as wide as it needs to be: no window folds it.
PIPED = 160


def output() -> Console:
    """Standard output: coloured and as wide as the window, or plain and wide."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED)
