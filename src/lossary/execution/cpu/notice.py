"""Warnings that a process gives once, at the line of the user's that led to them."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

from lossary.execution.cpu.lock import Lock

__all__ = ["warn_once"]

PACKAGE = str(Path(__file__).parent.parent) + os.sep

_told: set[str] = set()  # the topics that this process was warned of
_lock = Lock()


def warn_once(topic: str, message: str) -> None:
    """Warn of a topic, unless this process was warned of it."""
    with _lock:
        if topic in _told:
            return
        _told.add(topic)
    warnings.warn(message, RuntimeWarning, stacklevel=_depth())


def _depth() -> int:
    """The ``stacklevel`` of a warning in the caller that names the first line outside this package."""
    frame, depth = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
        frame, depth = frame.f_back, depth + 1
    return depth
