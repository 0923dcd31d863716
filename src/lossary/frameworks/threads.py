"""The number of threads to use, and work on them.

Work is done by PyTorch's OpenMP threads where there are any, else by one pool. The caller takes part itself and waits
only for helpers that have begun, so that calls from many threads, and from within a task, always end.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from lossary.errors import ArgumentError

__all__ = ["ThreadTeam", "chosen", "count", "each", "number_for", "share", "team", "together"]

T = TypeVar("T")
FLAGS, FORKED = 6, 0x40  # in /proc/self/stat: the field after the name, and Linux's flag PF_FORKNOEXEC

# The pool is no executor of the standard library, as an interrupt could leave the locks of one held.
_tasks: SimpleQueue[Callable[[], None]] = SimpleQueue()
_workers = 0
_teams: dict[int, ThreadTeam] = {}  # by the address of their job
_forked = False  # since this module was imported
_lock = threading.RLock()


def _after_fork() -> None:
    """Forget the threads, which are not in a forked process."""
    global _tasks, _workers, _lock, _forked
    _tasks, _workers, _lock, _forked = SimpleQueue(), 0, threading.RLock(), True
    _teams.clear()
    chosen.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def count() -> int:
    """Return the number of threads: ``chosen``; or 1 in a worker process; or PyTorch's number, or the processors'."""
    if number := chosen():
        return number
    if _is_worker():
        return 1
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "get_num_threads"):  # the attribute is missing while PyTorch is imported
        return int(torch.get_num_threads())
    return processors()


@cache  # reading the environment takes too long for small batches
def chosen() -> int:
    """Return ``LOSSARY_THREADS``; 0 if it is not set."""
    text = os.environ.get("LOSSARY_THREADS")
    if text and (not text.strip().isdecimal() or int(text) < 1):
        raise ArgumentError(f"the environment variable LOSSARY_THREADS must be a whole number from 1 on, not {text!r}.")
    return int(text or 0)


def _is_worker() -> bool:
    """Return True in a process that shares work with others, as a DataLoader's and a multiprocessing.Pool's."""
    process = sys.modules.get("multiprocessing.process")
    return process is not None and bool(process.current_process().daemon)


def processors() -> int:
    """Return the number of processors that this process may use."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, _quota()))


@cache
def _quota(root: Path = Path("/sys/fs/cgroup"), groups: Path = Path("/proc/self/cgroup")) -> int:
    """Return the processors' time that control groups grant (Linux), rounded up."""
    granted = [float("inf")]
    for folder in _group_folders(root, groups):
        try:
            granted += _quotas(folder)
        except (OSError, ValueError, ZeroDivisionError):  # no such file, or no number in it
            continue
    least = min(granted)
    return sys.maxsize if least == float("inf") else max(1, -int(-least // 1))


def _group_folders(root: Path, groups: Path) -> Iterator[Path]:
    """Yield the folders of this process's control group and its parents: of version 2, or of version 1 for the CPU."""
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
    """Yield the quota in a folder, if any."""
    if (folder / "cpu.max").exists():
        quota, period = (folder / "cpu.max").read_text().split()
    else:
        quota, period = ((folder / f"cpu.cfs_{name}_us").read_text().strip() for name in ("quota", "period"))
    if quota not in ("max", "-1"):
        yield float(quota) / float(period)


def number_for(chunks: int, least: int) -> int:
    """Return the number of threads for some chunks, at least ``least`` for each."""
    return min(count(), chunks // least) if chunks >= 2 * least else 1


def team() -> tuple[int, int] | None:
    """Return the addresses of OpenMP's functions that run a C function on PyTorch's threads, and that number these.

    The first takes the function, its argument, the number of threads, and 0. None without such threads, and in a
    process that was forked, even before this module was imported: in the child of a process that has used OpenMP, its
    threads wait for each other for ever.
    """
    if _forked or not hasattr(sys.modules.get("torch"), "get_num_threads"):
        return None
    return _gnu_openmp()


def _began_as_fork(stat: Path = Path("/proc/self/stat")) -> bool:
    """Return True if this process was forked and has started no program since; elsewhere than on Linux, False."""
    try:
        flags = int(stat.read_text().rpartition(")")[2].split()[FLAGS])
    except (OSError, ValueError, IndexError):
        return False
    return bool(flags & FORKED)


@cache
def _gnu_openmp() -> tuple[int, int] | None:
    """Return the addresses of the functions of GNU OpenMP, if this process has loaded PyTorch's copy of it."""
    from ctypes import CDLL, c_void_p, cast

    if _began_as_fork():
        return None
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


class ThreadTeam:
    """The caller and helpers from the pool, who work on something together; no helper begins once it is closed.

    If ``close`` is interrupted, it must be called again: helpers write to memory that the caller may free. No interrupt
    leaves its locks held.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self.work, self.lock = work, threading.Lock()
        self.closed, self.present = False, 0
        self.left: SimpleQueue[None] = SimpleQueue()
        self.problem: BaseException | None = None

    def run(self, helpers: int) -> None:
        """Work, together with the helpers that are free."""
        _ask(self._help, helpers)
        self.work()

    def _help(self) -> None:
        with self.lock:
            if self.closed:
                return
            self.present += 1
        try:
            self.work()
        except BaseException as problem:  # raised by ``close``
            self.problem = problem
        with self.lock:
            self.present -= 1
        self.left.put(None)

    def close(self) -> None:
        """Wait for helpers that have begun and stop others; raise an exception that one of them raised."""
        with self.lock:
            self.closed = True
        while self.present:
            self.left.get()
        problem, self.problem = self.problem, None
        if problem is not None:
            raise problem


def share(work: Callable[[int], None], job: int, threads: int) -> None:
    """Work on a job with some threads; with 0, wait until no thread works on it any more."""
    team = _teams.get(job)
    if threads:
        team = _teams[job] = ThreadTeam(partial(work, job))
        team.run(threads - 1)
    elif team is not None:
        team.close()
        _teams.pop(job, None)


def together(work: Callable[[], None], threads: int) -> None:
    """Work with some threads, and return when none works any more, even if the caller is interrupted."""
    team, interrupt = ThreadTeam(work), None
    try:
        team.run(threads - 1)
    finally:
        while True:
            try:
                team.close()
                break
            except KeyboardInterrupt as problem:
                interrupt = problem
    if interrupt is not None:
        raise interrupt


def each(
    worker: Callable[[], Callable[[T], None]],
    items: Iterable[T],
    threads: int,
    together: Callable[[Callable[[], None], int], None] = together,
) -> None:
    """Call ``worker()`` in each of some threads, and what it returns with each of the items that the thread takes.

    ``together`` calls a function on some threads. If any raises, no further item is taken.
    """
    left = deque(items)

    def take() -> None:
        try:
            work = worker()
            while left:
                try:
                    item = left.popleft()
                except IndexError:  # another thread was faster
                    return
                work(item)
        except BaseException:
            left.clear()
            raise

    together(take, max(1, min(threads, len(left))))


def _ask(work: Callable[[], None], helpers: int) -> None:
    """Give the pool work for some helpers; while the interpreter shuts down, no threads are added to it."""
    global _workers
    with _lock, suppress(RuntimeError):
        while _workers < helpers:
            threading.Thread(target=_serve, args=(_tasks,), name=f"lossary-{_workers}", daemon=True).start()
            _workers += 1
    for _ in range(helpers):
        _tasks.put(work)


def _serve(tasks: SimpleQueue[Callable[[], None]]) -> None:
    """Do the tasks that come, as a thread of the pool."""
    while True:
        tasks.get()()
