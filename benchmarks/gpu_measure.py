"""Times on a GPU: contenders in turn, from a cold second-level cache, by the device's own clock."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

__all__ = ["Device", "Times"]

Run = Callable[[], Any]
WARM = 3  # calls before any is timed
FLUSHED = 1 << 28  # bytes that are written between calls: more than the second-level cache
AHEAD = 1 << 21  # cycles of the device, about a millisecond, in which the host starts what is to be timed
COPIED = 1 << 30  # bytes of the array whose copy tells the bandwidth


@dataclass(frozen=True)
class Times:
    """Milliseconds of a contender."""

    median: float
    low: float  # the quartiles
    high: float
    count: int

    @staticmethod
    def of(found: list[float]) -> Times:
        low, median, high = statistics.quantiles(found, n=4) if len(found) > 1 else found * 3
        return Times(median, low, high, len(found))


class Device:
    """A GPU; or the CPU, to see that the benchmark runs."""

    def __init__(self, dry: bool, seconds: float = 1.0) -> None:
        self.dry, self.seconds = dry, 0.0 if dry else seconds
        self.name = "cpu" if dry else "cuda"
        self.title = "the interpreter on a CPU" if dry else torch.cuda.get_device_name()
        self.flush = torch.empty(1 << 10 if dry else FLUSHED, dtype=torch.int8, device=self.name)

    def wait(self) -> None:
        if not self.dry:
            torch.cuda.synchronize()

    def once(self, run: Run) -> float:
        """Milliseconds of one call."""
        self.flush.zero_()
        if self.dry:
            start = time.perf_counter()
            run()
            return 1e3 * (time.perf_counter() - start)
        torch.cuda._sleep(AHEAD)
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        run()
        end.record()
        end.synchronize()
        return float(begin.elapsed_time(end))

    def interleaved(self, runs: Mapping[str, Run]) -> dict[str, Times]:
        """Times of contenders that take turns for some seconds."""
        for run in runs.values():
            for _ in range(1 if self.dry else WARM):
                run()
        self.wait()
        found: dict[str, list[float]] = {name: [] for name in runs}
        stop = time.perf_counter() + self.seconds
        while not found or time.perf_counter() < stop or min(map(len, found.values())) < 2:
            for name, run in runs.items():
                found[name].append(self.once(run))
        return {name: Times.of(times) for name, times in found.items()}

    def host(self, run: Run, calls: int) -> float:
        """Microseconds of the host for a call, while the device has nothing to wait for."""
        for _ in range(WARM):
            run()
        self.wait()
        start = time.perf_counter()
        for _ in range(calls):
            run()
        spent = time.perf_counter() - start
        self.wait()
        return 1e6 * spent / calls

    def peak(self, run: Run) -> float:
        """MB that a call takes at most, over what is there before it."""
        if self.dry:
            run()
            return 0.0
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        run()
        torch.cuda.synchronize()
        return (torch.cuda.max_memory_allocated() - before) / 2**20

    def bandwidth(self) -> float:
        """Bytes a millisecond of a copy, each read and each written counted."""
        size = 1 << 12 if self.dry else COPIED
        source = torch.zeros(size, dtype=torch.int8, device=self.name)
        target = torch.empty_like(source)
        times = [self.once(lambda: target.copy_(source)) for _ in range(12)]
        return 2 * size / statistics.median(times[2:])

    def matrix_rate(self) -> float:
        """Operations a millisecond of a product of bfloat16 matrices."""
        size = 32 if self.dry else 8192
        a, b = (torch.ones(size, size, dtype=torch.bfloat16, device=self.name) for _ in range(2))
        times = [self.once(lambda: a @ b) for _ in range(12)]
        return 2 * size**3 / statistics.median(times[2:])
