"""A lock for what a process keeps, which a fork cannot leave held."""

from __future__ import annotations

import os
import threading
from typing import Any

__all__ = ["Lock"]


class Lock:
    """A re-entrant lock that a forked process has anew: the thread that held it is not in that process."""

    def __init__(self) -> None:
        self._renew()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: Any) -> None:
        self._lock.release()
