"""Chunks run once each, whatever else goes on: many threads, nesting, errors, interrupts, forks."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lossary.cpu import threads
from lossary.errors import ArgumentError

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")


@pytest.fixture(autouse=True)
def two_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSARY_THREADS", "2")


@pytest.fixture(params=["1", "2", "5"])
def number_of_threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("LOSSARY_THREADS", request.param)
    return int(request.param)


def chunks_seen(chunks: int) -> list[int]:
    """Every chunk that a run calls, in order."""
    seen: list[int] = []
    threads.run(lambda start, stop: seen.extend(range(start, stop)), chunks)
    return sorted(seen)


@pytest.mark.parametrize("chunks", [0, 1, 2, 7, 1000])
def test_every_chunk_is_run_once(chunks: int, number_of_threads: int) -> None:
    assert chunks_seen(chunks) == list(range(chunks))


def test_it_uses_the_threads_it_is_given(number_of_threads: int) -> None:
    names = set()

    def task(start: int, stop: int) -> None:
        time.sleep(0.02)
        names.add(threading.current_thread().name)

    threads.run(task, 100)
    assert len(names) == number_of_threads


def test_one_chunk_wakes_no_thread() -> None:
    names = []
    threads.run(lambda start, stop: names.append(threading.current_thread()), 1)
    assert names == [threading.current_thread()]


def test_many_callers_at_once(number_of_threads: int) -> None:
    with ThreadPoolExecutor(8) as callers:
        results = list(callers.map(lambda _: chunks_seen(50), range(200)))
    assert all(result == list(range(50)) for result in results)


def test_nested_runs_end(number_of_threads: int) -> None:
    seen: Counter[int] = Counter()

    def outer(start: int, stop: int) -> None:
        for _ in range(start, stop):
            threads.run(lambda a, b: seen.update(range(a, b)), 20)

    threads.run(outer, 20)
    assert seen == dict.fromkeys(range(20), 20)


def test_what_a_task_raises_arrives_and_the_next_run_works(number_of_threads: int) -> None:
    def task(start: int, stop: int) -> None:
        if start <= 77 < stop:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        threads.run(task, 100)
    assert chunks_seen(100) == list(range(100))


def test_no_task_runs_on_after_a_run_has_raised() -> None:
    running = Counter[str]()

    def task(start: int, stop: int) -> None:
        if threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt
        running["now"] += 1
        time.sleep(0.05)
        running["now"] -= 1

    with pytest.raises(KeyboardInterrupt):
        threads.run(task, 100)
    assert running["now"] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a signal cannot be sent to oneself")
def test_an_interrupt_leaves_the_next_run_working(number_of_threads: int) -> None:
    timer = threading.Timer(0.05, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        threads.run(lambda start, stop: time.sleep(0.01 * (stop - start)), 100)
    timer.join()
    assert chunks_seen(100) == list(range(100))


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_makes_a_pool_of_its_own() -> None:
    chunks_seen(100)  # the parent's pool has threads now
    child = os.fork()
    if child == 0:
        os._exit(0 if chunks_seen(100) == list(range(100)) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_runs_while_the_interpreter_exits() -> None:
    code = (
        "import atexit; from lossary.cpu import threads; seen = []\n"
        "def late():\n    threads.run(lambda a, b: seen.extend(range(a, b)), 10); print(len(seen))\n"
        "atexit.register(late)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "10"


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
def test_a_wrong_number_of_threads_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSARY_THREADS", text)
    with pytest.raises(ArgumentError, match="LOSSARY_THREADS"):
        threads.count()


def _count_of_torch(_: int) -> int:
    os.environ.pop("LOSSARY_THREADS", None)
    return threads.count()


def test_one_thread_in_a_worker_process() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(_count_of_torch, [0]) == [1]


def test_as_many_as_torch_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOSSARY_THREADS")

    class Torch:
        get_num_threads = staticmethod(lambda: 3)

    monkeypatch.setitem(sys.modules, "torch", Torch)
    assert threads.count() == 3


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity on this platform")
def test_no_more_than_the_processors_of_this_process() -> None:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert threads.processors() == 1
    finally:
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize(
    ("group", "files", "expected"),
    [
        ("0::/", {"cpu.max": "150000 100000"}, 2),
        ("0::/pod/box", {"pod/cpu.max": "300000 100000", "pod/box/cpu.max": "max 100000"}, 3),
        ("0::/pod", {"pod/cpu.max": "10000 100000"}, 1),
        ("4:cpu,cpuacct:/box", {"cpu/box/cpu.cfs_quota_us": "400000", "cpu/box/cpu.cfs_period_us": "100000"}, 4),
        ("4:cpu,cpuacct:/far", {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, sys.maxsize),
        ("0::/", {}, sys.maxsize),
    ],
)
def test_the_quota_of_control_groups(group: str, files: dict[str, str], expected: int, tmp_path: Path) -> None:
    (tmp_path / "self").write_text(f"12:memory:/elsewhere\n{group}\n")
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert threads._quota(tmp_path, tmp_path / "self") == expected
