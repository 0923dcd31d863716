"""Work on threads: from many threads at once, nested, with errors, interrupts and forks."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lossary.errors import ArgumentError
from lossary.frameworks import threads

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")


@pytest.fixture(params=[0, 1, 4])
def helpers(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def run(work: Callable[[], None], helpers: int) -> None:
    """Work with helpers, as a kernel does, and close the team however the work ends."""
    team = threads.ThreadTeam(work)
    try:
        team.run(helpers)
    finally:
        team.close()


class Places:
    """Chunks that threads take until none are left."""

    def __init__(self, count: int, pause: float = 0.0) -> None:
        self.left, self.pause = deque(range(count)), pause
        self.seen: list[int] = []

    def work(self) -> None:
        while self.left:
            try:
                self.seen.append(self.left.popleft())
            except IndexError:  # another has taken the last one
                return
            time.sleep(self.pause)


def places_seen(count: int, helpers: int) -> list[int]:
    """Run and return the chunks that were taken, sorted."""
    places = Places(count)
    run(places.work, helpers)
    return sorted(places.seen)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 1000])
def test_a_run_ends_when_the_work_is_done(count: int, helpers: int) -> None:
    assert places_seen(count, helpers) == list(range(count))


def test_it_uses_the_helpers_it_is_given(helpers: int) -> None:
    names = set()

    def work() -> None:
        time.sleep(0.1)
        names.add(threading.current_thread().name)

    run(work, helpers)
    assert len(names) == helpers + 1


def test_many_callers_at_once(helpers: int) -> None:
    with ThreadPoolExecutor(8) as callers:
        results = list(callers.map(lambda _: places_seen(50, helpers), range(200)))
    assert all(result == list(range(50)) for result in results)


def test_nested_runs_end(helpers: int) -> None:
    places, seen = Places(20), Counter[int]()

    def outer() -> None:
        places.work()
        seen.update(places_seen(20, helpers))

    run(outer, helpers)
    assert sorted(places.seen) == list(range(20))
    assert all(1 <= count <= helpers + 1 for count in seen.values())


def test_what_a_helper_raises_arrives_and_the_next_run_works() -> None:
    def work() -> None:
        time.sleep(0.05)
        if threading.current_thread() is not threading.main_thread():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(work, 1)
    assert places_seen(100, 1) == list(range(100))


def test_no_helper_runs_on_after_a_run_has_raised(helpers: int) -> None:
    running, begun = Counter[str](), threading.Semaphore(0)

    def work() -> None:
        if threading.current_thread() is threading.main_thread():
            for _ in range(helpers):
                begun.acquire(timeout=10)
            raise KeyboardInterrupt
        running["now"] += 1
        begun.release()
        time.sleep(0.05)
        running["now"] -= 1

    with pytest.raises(KeyboardInterrupt):
        run(work, helpers)
    assert running["now"] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a signal cannot be sent to oneself")
def test_an_interrupt_leaves_the_next_run_working(helpers: int) -> None:
    timer = threading.Timer(0.05, signal.raise_signal, [signal.SIGINT])

    def call() -> None:
        timer.start()
        run(Places(200, pause=0.01).work, helpers)

    with pytest.raises(KeyboardInterrupt):
        call()
    timer.join()
    assert places_seen(100, helpers) == list(range(100))


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_makes_a_pool_of_its_own() -> None:
    places_seen(100, 1)  # the parent's pool has threads now
    child = os.fork()
    if child == 0:
        os._exit(0 if places_seen(100, 1) == list(range(100)) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="PyTorch has threads of GNU's OpenMP on Linux")
def test_a_process_that_was_forked_before_the_import_has_no_team() -> None:
    """A forked process lacks its parent's OpenMP threads: waiting for them would never end."""
    code = """
        import os, torch
        torch.set_num_threads(2)
        ones, zeros = torch.ones(1 << 20), torch.zeros(1 << 20)
        ones * 2  # the parent's team has threads now
        child = os.fork()
        if child == 0:
            import signal, lossary
            signal.alarm(60)
            os._exit(0 if float(lossary.huber(ones, zeros)) == 0.5 else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


@pytest.mark.skipif(sys.platform != "linux", reason="this is what Linux says of a process")
@pytest.mark.parametrize(("flags", "forked"), [("4194304", False), ("4194368", True)])
def test_linux_says_that_a_process_is_forked(flags: str, forked: bool, tmp_path: Path) -> None:
    (tmp_path / "stat").write_text(f"7 (a) name 64) S 1 7 7 0 -1 {flags} 153 0 0")
    assert threads._began_as_fork(tmp_path / "stat") is forked
    assert threads._began_as_fork(tmp_path / "nothing") is False


def test_runs_while_the_interpreter_exits() -> None:
    code = (
        "import atexit; from lossary.frameworks import threads; seen = []\n"
        "def late():\n"
        "    team = threads.ThreadTeam(lambda: seen.append(0)); team.run(1); team.close(); print(seen[0])\n"
        "atexit.register(late)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "0"


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Unset the environment variable, and forget its value."""
    monkeypatch.delenv("LOSSARY_THREADS", raising=False)
    threads.chosen.cache_clear()
    yield
    threads.chosen.cache_clear()


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
def test_a_wrong_number_of_threads_is_named(text: str, unread: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSARY_THREADS", text)
    with pytest.raises(ArgumentError, match="LOSSARY_THREADS"):
        threads.count()


def test_a_chosen_number_is_read_once(unread: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSARY_THREADS", "3")
    assert threads.count() == 3
    monkeypatch.setenv("LOSSARY_THREADS", "4")
    assert threads.count() == 3


def _count_of_torch(_: int) -> int:
    os.environ.pop("LOSSARY_THREADS", None)
    return threads.count()


def test_one_thread_in_a_worker_process() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(_count_of_torch, [0]) == [1]


def test_as_many_as_torch_uses(unread: None, monkeypatch: pytest.MonkeyPatch) -> None:
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
