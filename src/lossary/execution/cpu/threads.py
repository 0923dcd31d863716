"""How many threads to use, and running work on them.

Work goes to a team of PyTorch's threads where there is one. Else it goes over one pool. The caller takes part itself
and waits only for helpers that have begun, so that calls from many threads, and from within a task, always end.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from queue import SimpleQueue

from lossary.errors import ArgumentError

__all__ = ["Crew", "chosen", "count", "share", "team", "worth"]

FLAGS, FORKED = 6, 0x40  # in /proc/self/stat: the place after the name, and the kernel's PF_FORKNOEXEC

# The pool is no executor of the standard library: an interrupt in the middle of that leaves its locks held.
_tasks: SimpleQueue[Callable[[], None]] = SimpleQueue()
_workers = 0
_crews: dict[int, Crew] = {}  # by the address of their job
_forked = False  # since this module was imported
_lock = threading.RLock()


def _after_fork() -> None:
    """The threads are not in this process."""
    global _tasks, _workers, _lock, _forked
    _tasks, _workers, _lock, _forked = SimpleQueue(), 0, threading.RLock(), True
    _crews.clear()
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
    process that was forked, be it before this module was imported: in the child of a process that has used them, they
    wait for each other for ever.
    """
    if _forked or not hasattr(sys.modules.get("torch"), "get_num_threads"):
        return None
    return _gnu_openmp()


def _began_as_fork(stat: Path = Path("/proc/self/stat")) -> bool:
    """Return True if Linux says that this process is a copy of another that has run no program of its own since.

    Elsewhere PyTorch has no threads of GNU's OpenMP.
    """
    try:
        flags = int(stat.read_text().rpartition(")")[2].split()[FLAGS])
    except (OSError, ValueError, IndexError):
        return False
    return bool(flags & FORKED)


@cache
def _gnu_openmp() -> tuple[int, int] | None:
    """The addresses of the functions of the library that PyTorch has loaded, if it is that one and not a parent's."""
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


class Crew:
    """Who works on something together: the caller and helpers, none of whom begins once it is closed.

    Closing may be interrupted, and is then to be done again: helpers write to memory that the caller may free. Its
    locks are such as no interrupt leaves held.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self.work, self.lock = work, threading.Lock()
        self.closed, self.present = False, 0
        self.left: SimpleQueue[None] = SimpleQueue()
        self.problem: BaseException | None = None

    def run(self, helpers: int) -> None:
        """Work, with as many helpers as are free."""
        _ask(self._help, helpers)
        self.work()

    def _help(self) -> None:
        with self.lock:
            if self.closed:
                return
            self.present += 1
        try:
            self.work()
        except BaseException as problem:  # raised where the crew is closed
            self.problem = problem
        with self.lock:
            self.present -= 1
        self.left.put(None)

    def close(self) -> None:
        """Wait for those who have begun; nobody else will. What one of them raised is raised here."""
        with self.lock:
            self.closed = True
        while self.present:
            self.left.get()
        problem, self.problem = self.problem, None
        if problem is not None:
            raise problem


def share(work: Callable[[int], None], job: int, threads: int) -> None:
    """Work on a job by so many threads; 0: nobody works on it any more when this returns."""
    crew = _crews.get(job)
    if threads:
        crew = _crews[job] = Crew(partial(work, job))
        crew.run(threads - 1)
    elif crew is not None:
        crew.close()
        _crews.pop(job, None)


def _ask(work: Callable[[], None], helpers: int) -> None:
    """Ask the pool for helpers; those that there are will do while the interpreter is shutting down."""
    global _workers
    with _lock, suppress(RuntimeError):
        while _workers < helpers:
            threading.Thread(target=_serve, args=(_tasks,), name=f"lossary-{_workers}", daemon=True).start()
            _workers += 1
    for _ in range(helpers):
        _tasks.put(work)


def _serve(tasks: SimpleQueue[Callable[[], None]]) -> None:
    """What a thread of the pool does."""
    while True:
        tasks.get()()
