"""Items that several threads take: those of the pool, and OpenMP's, which call a Python function by machine code."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import torch

from lossary.execution.cpu import callback
from lossary.execution.cpu.compile import available, compile_kernel
from lossary.frameworks import threads

Together = Callable[[Callable[[], None], int], None]


@pytest.fixture(params=["pool", "openmp"])
def together(request: pytest.FixtureRequest) -> Together:
    """What calls a function on some threads."""
    if request.param == "pool":
        return threads.together
    if not available() or threads.team() is None:
        pytest.skip("no kernels, or no threads of OpenMP")
    text = "def kernel(values):\n    values[0] = 1.0\n"
    return partial(callback.together, compile_kernel(text, "void(CPointer(float64))", callback.TEXT))


def taken(items: range, number: int, together: Together, pause: float = 0.0) -> list[int]:
    """Return the items that threads take, sorted."""
    found: list[int] = []

    def work(item: int) -> None:
        time.sleep(pause)
        found.append(item)

    threads.each(lambda: work, items, number, together)
    return sorted(found)


@pytest.mark.parametrize("number", [1, 2, 5])
def test_each_item_is_taken_once(number: int, together: Together) -> None:
    for count in (0, 1, 2, 7, 500):
        assert taken(range(count), number, together) == list(range(count))


def test_threads_work_at_the_same_time(together: Together) -> None:
    """Each of three waits for the other two; a thread makes one worker."""
    torch.ones(1 << 20).mul_(2.0)
    meeting, workers = threading.Barrier(3, timeout=60), []

    def work(_: int) -> None:
        meeting.wait()

    def worker() -> Callable[[int], None]:
        workers.append(threading.get_ident())
        return work

    threads.each(worker, range(3), 3, together)
    assert len(set(workers)) == 3


def test_a_problem_arrives_and_no_further_item_is_taken(together: Together) -> None:
    seen: list[int] = []

    def work(item: int) -> None:
        seen.append(item)
        time.sleep(0.002)
        if item == 3:
            raise ZeroDivisionError("the third")

    with pytest.raises(ZeroDivisionError, match="the third") as problem:
        threads.each(lambda: work, range(1000), 2, together)
    assert len(seen) < 100
    assert "work" in [entry.name for entry in problem.traceback]
    assert taken(range(100), 2, together) == list(range(100))


def test_of_many_problems_one_arrives(together: Together) -> None:
    def worker() -> Callable[[int], None]:
        raise MemoryError

    with pytest.raises(MemoryError):
        threads.each(worker, range(100), 4, together)


def test_without_openmp_the_pool_works(together: Together, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "team", lambda: None)
    test_each_item_is_taken_once(2, together)
    test_threads_work_at_the_same_time(together)


@pytest.mark.skipif(sys.platform == "win32", reason="a signal cannot be sent to oneself")
def test_an_interrupt_arrives(together: Together) -> None:
    for pause in (0.0, 0.01):
        timer = threading.Timer(0.05, signal.raise_signal, [signal.SIGINT])

        def call(pause: float = pause, timer: threading.Timer = timer) -> None:
            timer.start()
            while True:
                taken(range(200), 2, together, pause)

        with pytest.raises(KeyboardInterrupt):
            call()
        timer.join()
        assert taken(range(100), 2, together) == list(range(100))


def test_from_many_threads_and_nested(together: Together) -> None:
    def outer(_: int) -> list[int]:
        found: list[int] = []
        threads.each(lambda: lambda item: found.extend(taken(range(item), 2, together)), range(8), 2, together)
        return sorted(found)

    expected = sorted(k for item in range(8) for k in range(item))
    with ThreadPoolExecutor(6) as callers:
        assert all(found == expected for found in callers.map(outer, range(30)))
