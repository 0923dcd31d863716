"""How many threads to use, and running work on them.

Work goes to a team of PyTorch's threads where there is one. Else it goes over one pool. The caller takes part itself
and waits only for helpers that have begun, so that calls from many threads, and from within a task, always end.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lossary.errors import ArgumentError

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

__all__ = ["chosen", "count", "run", "team", "worth"]

_pool: ThreadPoolExecutor | None = None
_pool_size = 0
_forked = False
_lock = threading.RLock()


def _after_fork() -> None:
    global _pool, _lock, _forked
    _pool, _lock, _forked = None, threading.RLock(), True  # the threads are not in this process
    chosen.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def count() -> int:
    """As ``chosen``; else one in a worker process; else as many as PyTorch uses, or as there are processors."""
    if number := chosen():
        return number
    if _is_worker():
        return 1
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "get_num_threads"):  # it is half imported while it is being imported
        return int(torch.get_num_threads())
    return processors()


@cache  # a small batch has no time to look at each call
def chosen() -> int:
    """``LOSSARY_THREADS``; 0 if it is not set."""
    text = os.environ.get("LOSSARY_THREADS")
    if text and (not text.strip().isdecimal() or int(text) < 1):
        raise ArgumentError(f"the environment variable LOSSARY_THREADS must be a whole number from 1 on, not {text!r}.")
    return int(text or 0)


def _is_worker() -> bool:
    """Whether this process is one of several that share the work (a DataLoader's, a multiprocessing.Pool's)."""
    process = sys.modules.get("multiprocessing.process")
    return process is not None and bool(process.current_process().daemon)


def processors() -> int:
    """How many processors this process may use."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, _quota()))


@cache
def _quota(root: Path = Path("/sys/fs/cgroup"), groups: Path = Path("/proc/self/cgroup")) -> int:
    """How many processors' time the control groups grant (Linux), rounded up."""
    granted = [float("inf")]
    for folder in _group_folders(root, groups):
        try:
            granted += _quotas(folder)
        except (OSError, ValueError, ZeroDivisionError):  # no such file, or no number in it
            continue
    least = min(granted)
    return sys.maxsize if least == float("inf") else max(1, -int(-least // 1))


def _group_folders(root: Path, groups: Path) -> Iterator[Path]:
    """This process's control group and those that it is in: of version 2, or the processor's own of version 1."""
    try:
        lines = groups.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers or "cpu" in controllers.split(","):
            top = root / "cpu" if controllers else root
            folder = top / path.lstrip("/")
            yield from (folder, *folder.parents[: len(folder.parts) - len(top.parts)])


def _quotas(folder: Path) -> Iterator[float]:
    """The quota that a folder states, if any."""
    if (folder / "cpu.max").exists():
        quota, period = (folder / "cpu.max").read_text().split()
    else:
        quota, period = ((folder / f"cpu.cfs_{name}_us").read_text().strip() for name in ("quota", "period"))
    if quota not in ("max", "-1"):
        yield float(quota) / float(period)


def worth(chunks: int, least: int) -> int:
    """How many threads to wake, where each should have so many chunks at least."""
    return min(count(), chunks // least) if chunks >= 2 * least else 1


def team() -> tuple[int, int] | None:
    """What calls a C function on several of PyTorch's threads at once, which often are awake; what numbers them.

    The first takes the function, its argument, how many threads, and 0. There is none without these threads, nor in a
    process that was forked from theirs.
    """
    if _forked or not hasattr(sys.modules.get("torch"), "get_num_threads"):
        return None
    return _gnu_openmp()


@cache
def _gnu_openmp() -> tuple[int, int] | None:
    """The addresses of the functions of the library that PyTorch has loaded, if it is that one."""
    from ctypes import CDLL, c_void_p, cast

    folder = Path(str(sys.modules["torch"].__file__)).parent / "lib"
    for path in folder.glob("libgomp*.so*"):
        try:
            library = CDLL(str(path), mode=os.RTLD_NOLOAD | os.RTLD_LAZY)
            call, who = (
                cast(function, c_void_p).value for function in (library.GOMP_parallel, library.omp_get_thread_num)
            )
        except (OSError, AttributeError):
            continue
        return call or 0, who or 0
    return None


def run(work: Callable[[], None], helpers: int) -> None:
    """Call ``work()`` here and, at once, by as many helpers as are free.

    It returns when all that have begun are done; what one raises is raised here.
    """
    asked = _submit(work, helpers) if helpers > 0 else []
    try:
        work()
    finally:
        asked = [helper for helper in asked if not helper.cancel()]
        _wait(asked)
    for helper in asked:
        helper.result()


def _submit(work: Callable[[], None], helpers: int) -> list[Future[None]]:
    """Ask the pool for helpers; there are none while the interpreter is shutting down."""
    with _lock:
        try:
            pool = _pool_of(helpers)
            return [pool.submit(work) for _ in range(helpers)]
        except RuntimeError:
            return []


def _pool_of(helpers: int) -> ThreadPoolExecutor:
    """The pool, made anew where it is too small. Threads are started as they are needed."""
    global _pool, _pool_size
    from concurrent.futures import ThreadPoolExecutor  # when a thread is needed, not when lossary is imported

    if _pool is None or _pool_size < helpers:
        if _pool is not None:
            _pool.shutdown(wait=False)
        _pool_size = max(helpers, os.cpu_count() or 1)
        _pool = ThreadPoolExecutor(_pool_size, thread_name_prefix="lossary")
    return _pool


def _wait(helpers: list[Future[None]]) -> None:
    """Wait for helpers, whatever interrupts it: they write to memory that the caller may free."""
    interruption: BaseException | None = None
    for helper in helpers:
        while not helper.done():
            try:
                helper.exception()
            except BaseException as error:  # an interrupt: raised again below
                interruption = error
    if interruption is not None:
        raise interruption
