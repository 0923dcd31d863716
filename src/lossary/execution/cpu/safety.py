"""Safe use of kernels: where one cannot be used, the process is warned once and computes without it.

Three things rule out a kernel: LLVM is missing or of an untested version; compiling or loading raises; the results on
a sample are wrong (see verify.py). The caller gets None and runs the portable body.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from lossary.execution.cpu import compile as compiling
from lossary.execution.cpu.lock import Lock
from lossary.execution.cpu.notice import warn_once

__all__ = ["allowed", "attempt"]

MEANS = (
    "Losses on a CPU are computed by array operations instead of compiled kernels: the results are right, but slower, "
    "and take more memory. Set LOSSARY_KERNELS=0 in the environment to choose that without this warning."
)
T = TypeVar("T")

_known: dict[Hashable, Any] = {}  # results by key; None: the build failed
_lock = Lock()


def allowed() -> bool:
    """Return True if kernels may be used; warn once if something other than the user's choice forbids it."""
    if compiling.switched_off():
        return False
    problem = compiling.obstacle()
    if problem:
        warn_once("kernels", f"{problem} {MEANS}")
    return not problem


def attempt(key: Hashable, name: str, build: Callable[[], T]) -> T | None:
    """Return the result of ``build``, which is called once for each key; warn once and return None if it raises.

    ``name`` is the loss's, for the warning. A build that has failed is not tried again.
    """
    if key not in _known:
        with _lock:
            reason = "" if key in _known else _build(key, build)
        if reason:  # outside the lock, with the result stored: a warning may raise, or run any code
            more = "Later failures are not reported."
            warn_once("kernels", f"The compiled kernel of {name} cannot be used ({reason}). {more} {MEANS}")
    found: T | None = _known[key]
    return found


def _build(key: Hashable, build: Callable[[], object]) -> str:
    """Call ``build`` and store its result; return the reason if it fails."""
    try:
        _known[key] = build()
    except Exception as problem:
        _known[key] = None
        return f"{type(problem).__name__}: {problem}".partition("\n")[0][:500].rstrip(".")
    return ""
