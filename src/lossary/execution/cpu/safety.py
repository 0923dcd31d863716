"""Kernels that cannot hurt: where one cannot be had, a process is warned once and computes without it.

Three things stop a kernel: Numba is missing or of an untested version, compiling or loading raises, or the results on a
sample are wrong (see verify.py). The caller gets None, and runs the portable body, whose results are right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from lossary.execution.cpu import compile as compiling
from lossary.execution.cpu.lock import Lock
from lossary.execution.cpu.notice import warn_once

__all__ = ["allowed", "attempt"]

MEANS = (
    "Losses on a CPU are computed by array operations where compiled kernels would be used: the results are right, but "
    "slower, and take more memory. LOSSARY_KERNELS=0 in the environment asks for that, without this warning."
)
T = TypeVar("T")

_known: dict[Any, Any] = {}  # what was built, or None where that failed, by its key
_lock = Lock()


def allowed() -> bool:
    """Return True if kernels may be used; warn once if something other than the user's choice forbids it."""
    if compiling.switched_off():
        return False
    problem = compiling.obstacle()
    if problem:
        warn_once("kernels", f"{problem} {MEANS}")
    return not problem


def attempt(key: Any, name: str, build: Callable[[], T]) -> T | None:
    """Return what ``build`` makes, once for each key; None, after one warning a process, if it raises.

    ``name`` is of the loss, for the warning. A build that has failed is not tried again.
    """
    if key not in _known:
        with _lock:
            reason = "" if key in _known else _build(key, build)
        if reason:  # outside the lock, and after all is settled: a warning may raise, and run any code
            more = "Others that fail are not reported."
            warn_once("kernels", f"The compiled kernel of {name} cannot be used ({reason}). {more} {MEANS}")
    found: T | None = _known[key]
    return found


def _build(key: Any, build: Callable[[], Any]) -> str:
    """Build what belongs to a key; say why if that fails."""
    try:
        _known[key] = build()
    except Exception as problem:
        _known[key] = None
        return f"{type(problem).__name__}: {problem}".partition("\n")[0][:500].rstrip(".")
    return ""
