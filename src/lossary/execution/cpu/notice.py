"""Warnings at the user's line that caused them."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

from lossary.execution.cpu.lock import Lock

__all__ = ["warn", "warn_once"]

PACKAGE = str(Path(__file__).parents[2]) + os.sep

_told: set[str] = set()  # topics of the warnings that were given
_lock = Lock()


def warn_once(topic: str, message: str) -> None:
    """Warn, unless this process was warned of the topic before."""
    with _lock:
        if topic in _told:
            return
        _told.add(topic)
    warn(message)


def warn(message: str) -> None:
    """Give a RuntimeWarning that names the first line outside this package."""
    warnings.warn(message, RuntimeWarning, stacklevel=_depth())


def _depth() -> int:
    """Return the ``stacklevel`` with which the caller's warning names the first line outside this package."""
    frame, depth = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
        frame, depth = frame.f_back, depth + 1
    return depth
