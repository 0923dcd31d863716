"""A lock that a fork cannot leave held."""

from __future__ import annotations

import os
import threading
from types import TracebackType

__all__ = ["Lock"]


class Lock:
    """A re-entrant lock that is renewed in a forked process, which lacks the thread that may have held it."""

    def __init__(self) -> None:
        self._renew()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._lock.release()
