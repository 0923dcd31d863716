"""Timing in turns: every round gives each contender a turn, so that a change of the machine's speed meets them all."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

LONG = 0.5  # seconds; a call that takes longer needs no other one before it


@dataclass(frozen=True)
class Effort:
    """How many rounds, and how long a turn should last, in seconds."""

    rounds: int
    turn: float


@dataclass(frozen=True)
class Spread:
    """A median and the quartiles around it."""

    median: float
    low: float
    high: float


def spread(values: list[float]) -> Spread:
    low, median, high = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return Spread(median, low, high)


def race(runs: Mapping[str, Callable[[], Any]], effort: Effort) -> dict[str, list[float]]:
    """Seconds a call for each contender, one figure a round; the order moves on by one place a round."""
    calls = {name: calls_a_turn(run, effort.turn) for name, run in runs.items()}
    times: dict[str, list[float]] = {name: [] for name in runs}
    names = list(runs)
    for number in range(effort.rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            times[name].append(turn(runs[name], calls[name]))
    return times


def turn(run: Callable[[], Any], calls: int) -> float:
    """Seconds a call, after one call that is not counted (the last contender's threads and caches settle)."""
    gc.disable()
    try:
        first = timed(run, 1)
        return first if first > LONG else timed(run, calls)
    finally:
        gc.enable()


def timed(run: Callable[[], Any], calls: int) -> float:
    start = perf_counter()
    for _ in range(calls):
        run()
    return (perf_counter() - start) / calls


def calls_a_turn(run: Callable[[], Any], seconds: float) -> int:
    return max(1, min(2000, round(seconds / turn(run, 1))))


def ratios(times: dict[str, list[float]], over: str, under: str) -> Spread:
    """The spread of the ratio within a round, which drifts less than either time."""
    return spread([a / b for a, b in zip(times[over], times[under], strict=True)])
