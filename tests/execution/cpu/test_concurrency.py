"""Losses under concurrency: threads, forks, worker processes, interrupts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch

import lossary as ls
from lossary.catalogue.record import Record
from lossary.frameworks import threads
from samples import KINDS, arguments

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


def results(record: Record, size: int) -> bytes:
    """Return the bytes of a value and its gradients."""
    shape = (size, 7) if record.kind != "pointwise" else (size,)
    value, gradient = ls.get(record.name).value_and_gradient(*arguments(record, seed=size, shape=shape))
    return b"".join(x.tobytes() for x in (value, *(gradient if isinstance(gradient, tuple) else (gradient,))))


@pytest.mark.parametrize("record", KINDS, ids=name_of)
def test_eight_threads_on_one_loss(record: Record, threads_are: Callable[[int], None]) -> None:
    """Calls of several sizes at once, some over several chunks: each gets its own bits."""
    threads_are(2)
    sizes = [3, 500, 40_000 if record.kind == "pointwise" else 900]
    right = {size: results(record, size) for size in sizes}
    with ThreadPoolExecutor(8) as callers:
        found = list(callers.map(lambda k: (sizes[k % 3], results(record, sizes[k % 3])), range(48)))
    assert all(bits == right[size] for size, bits in found)


@pytest.mark.skipif(threads.team() is None, reason="PyTorch has no threads to share here")
@pytest.mark.parametrize("record", KINDS, ids=name_of)
def test_the_threads_of_pytorch(
    record: Record, threads_are: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bits from PyTorch's threads, however many, from those of the pool, and from one alone."""
    size = 900 if record.scores else 100_003 if record.kind == "pointwise" else 20_003
    threads_are(1)
    right = results(record, size)
    for number in (2, 3, 5):
        threads_are(number)
        assert results(record, size) == right
    monkeypatch.setattr(threads, "team", lambda: None)
    assert results(record, size) == right


@needs_fork
def test_a_forked_process_leaves_the_threads_of_pytorch_alone() -> None:
    """A forked process lacks PyTorch's threads: waiting for them would never end."""
    child = os.fork()
    if child == 0:
        os._exit(0 if threads.team() is None else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_a_first_call_from_eight_threads() -> None:
    """The kernel of a new formula is compiled during the calls."""

    @ls.pointwise
    def fresh(prediction: Any, target: Any, *, scale: float = 2.0) -> Any:
        return scale * (prediction - target) ** 4

    start = threading.Barrier(8)

    def call(_: int) -> float:
        start.wait()
        return float(fresh(np.full(5, 2.0), np.ones(5)))

    with ThreadPoolExecutor(8) as callers:
        assert list(callers.map(call, range(8))) == [2.0] * 8


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_after_the_first_use(threads_are: Callable[[int], None]) -> None:
    """Parent and child go on with what was loaded, and both may compile more."""
    threads_are(2)
    record, size = ls.huber.record, 100_000
    right = results(record, size)  # the pool has its threads now

    @ls.pointwise
    def later(prediction: Any, target: Any) -> Any:
        return 3.0 * (prediction - target) ** 2

    child = os.fork()
    if child == 0:
        try:
            fine = results(record, size) == right and float(later(np.ones(3), np.zeros(3))) == 3.0
        finally:
            os._exit(0 if fine else 1)
    assert results(record, size) == right
    assert float(later(np.ones(3), np.zeros(3))) == 3.0
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


class Losses(torch.utils.data.Dataset[Any]):
    """A data set that computes losses, in whatever process it is read."""

    def __len__(self) -> int:
        return 6

    def __getitem__(self, k: int) -> Any:
        x = torch.full((50_000,), float(k))
        os.environ.pop("LOSSARY_THREADS", None)
        return ls.huber(x, torch.zeros_like(x)), threads.count()


@pytest.mark.parametrize("method", ["spawn", *(["fork"] if hasattr(os, "fork") else [])])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_data_loader_with_workers(method: str) -> None:
    """Each worker computes with one thread; with ``fork`` after the parent has used its own."""
    expected = [float(Losses()[k][0]) for k in range(6)]
    loader = torch.utils.data.DataLoader(Losses(), batch_size=3, num_workers=2, multiprocessing_context=method)
    found = list(loader)
    assert torch.cat([losses for losses, _ in found]).tolist() == pytest.approx(expected)
    assert torch.cat([count for _, count in found]).tolist() == [1] * 6


@pytest.mark.skipif(sys.platform == "win32", reason="a signal cannot be sent to oneself")
def test_an_interrupt_in_the_middle_leaves_the_next_call_working(threads_are: Callable[[int], None]) -> None:
    """Interrupts at many moments of calls that run on: none arrives late, and the next call is right."""
    threads_are(2)
    record, size = ls.huber.record, 2_000_000
    given = arguments(record, shape=(1000,))
    given = [np.resize(array, size) for array in given]
    right = ls.huber(*given)

    def call_on(timer: threading.Timer) -> None:
        timer.start()
        end = time.monotonic() + 30
        while time.monotonic() < end:
            ls.huber.value_and_gradient(*given)

    for delay in (0.001, 0.004, 0.011, 0.03):
        timer = threading.Timer(delay, signal.raise_signal, [signal.SIGINT])
        with pytest.raises(KeyboardInterrupt):
            call_on(timer)
        timer.join()
        assert ls.huber(*given) == right


def test_an_interrupt_while_helpers_begin(threads_are: Callable[[int], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory of a job is freed only after the pool's helpers are done, even if the caller is interrupted twice."""
    threads_are(3)
    monkeypatch.setattr(threads, "team", lambda: None)
    size, closed = 2_000_000, list[int]()
    given = [np.resize(array, size) for array in arguments(ls.huber.record, shape=(1000,))]
    right, ask, close = ls.huber.value_and_gradient(*given), threads._ask, threads.ThreadTeam.close

    def interrupted_ask(work: Any, helpers: int) -> None:
        ask(work, helpers)
        time.sleep(0.002)
        raise KeyboardInterrupt

    def interrupted_close(team: threads.ThreadTeam) -> None:
        closed.append(team.present)
        if len(closed) % 2:
            raise KeyboardInterrupt
        close(team)
        assert team.present == 0

    with monkeypatch.context() as patch:
        patch.setattr(threads, "_ask", interrupted_ask)
        patch.setattr(threads.ThreadTeam, "close", interrupted_close)
        for _ in range(20):
            with pytest.raises(KeyboardInterrupt):
                ls.huber.value_and_gradient(*given)
    assert len(closed) == 40
    assert any(closed)
    assert not threads._teams
    found = ls.huber.value_and_gradient(*given)
    assert found[0] == right[0]
    np.testing.assert_array_equal(found[1], right[1])


def test_a_call_while_the_interpreter_exits() -> None:
    code = """
        import atexit, numpy as np, lossary as ls
        x = np.ones(200_000)
        ls.huber(x, 0 * x)
        atexit.register(lambda: print(float(ls.huber(x, 0 * x))))
    """
    environment = {**os.environ, "LOSSARY_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "0.5"
