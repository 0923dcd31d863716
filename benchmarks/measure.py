"""Runs the tables: every case is a job, and every job gives a row of the results.

A case's contenders are built and checked against one another first, and then they race.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks import child
from benchmarks.contenders import CONTENDERS, Answer, Inputs, Run, make_inputs
from benchmarks.rounds import Effort, Spread, race, ratios, spread
from benchmarks.table import EAGER, GROUPS, LOSSES, MEMORY, STARTS, Bar, Group, Memory, Pair, Shape, at_most

Row = dict[str, Any]
MEMORY_TITLE = "Peak memory over inputs and gradients"
STARTS_TITLE = "Starting, in a fresh process"


@dataclass(frozen=True)
class Job:
    group: str
    case: str
    measure: Callable[[], Row]

    @property
    def title(self) -> str:
        return f"{self.group}: {self.case}"

    def run(self) -> Row:
        start = perf_counter()
        row = self.measure()
        when = datetime.now(UTC).date().isoformat()
        return {"group": self.group, "case": self.case, "date": when, "took": round(perf_counter() - start, 1), **row}


def jobs(quick: bool, only: str = "", rounds: int | None = None) -> list[Job]:
    """Every case whose title holds `only`; the quick form has one small case of each group."""
    return [job for job in all_jobs(quick, rounds) if only.lower() in job.title.lower()]


def all_jobs(quick: bool, rounds: int | None) -> Iterator[Job]:
    few = slice(1 if quick else None)
    for group in GROUPS:
        effort = Effort(2, 0.001) if quick else Effort(rounds or group.rounds, 0.05)
        for name in group.losses[few]:
            for shape in (*group.shapes, *group.others)[few]:
                size = group.quick if quick else shape
                yield Job(group.title, group.case(name, shape), partial(time_case, group, name, size, effort))
    for memory in MEMORY[few]:
        yield Job(MEMORY_TITLE, memory.case, partial(measure_memory, memory, quick))
    for name in list(STARTS)[few]:
        yield Job(STARTS_TITLE, name, partial(measure_starts, name, 1 if quick else rounds or 5))


# --- times --------------------------------------------------------------------------------------------------------


def time_case(group: Group, name: str, shape: Shape, effort: Effort) -> Row:
    runs, absent = build(group, name, make_inputs(LOSSES[name], shape))
    if group.shortest:
        lengths = [(rows, *shape[1:]) for rows in range(group.shortest, shape[0] + 1)]
        each = [build(group, name, make_inputs(LOSSES[name], one))[0] for one in lengths]
        runs = {title: in_turn([built[title] for built in each]) for title in runs}
    times = race(runs, effort)
    marks = [
        mark(pair.title, None if shape in group.others else pair.bar, ratio(pair, times))
        for pair in group.pairs
        if applies(pair.over, absent) and applies(pair.under, absent)
    ]
    figures = {contender: asdict(spread(seconds)) for contender, seconds in times.items()}
    return {"unit": "s", "figures": figures, "marks": marks, "absent": absent}


def in_turn(runs: list[Run]) -> Run:
    """A run that is another one each time."""
    turns = cycle(runs)
    return lambda: next(turns)()


def ratio(pair: Pair, times: dict[str, list[float]]) -> Spread | None:
    return ratios(times, pair.over, pair.under) if {pair.over, pair.under} <= times.keys() else None


def applies(contender: str, absent: dict[str, str]) -> bool:
    """A peer that has no such loss has no ratio; what lossary itself lacks stays a bar that is not met."""
    return contender.startswith("lossary") or not absent.get(contender, "").startswith("LookupError")


def mark(what: str, bar: Bar | None, figure: Spread | None) -> Row:
    return {
        "what": what,
        "bar": str(bar or ""),
        "figure": asdict(figure) if figure else None,
        "met": figure is not None and (bar is None or bar.met(figure.median)),
    }


def build(group: Group, name: str, inputs: Inputs) -> tuple[dict[str, Run], dict[str, str]]:
    """The contenders that run and agree with PyTorch, and why each of the others does not take part."""
    loss = LOSSES[name]
    runs: dict[str, Run] = {}
    absent: dict[str, str] = {}
    reference = CONTENDERS[EAGER].build(loss, inputs, group.gradient)()
    for title in group.contenders:
        contender = CONTENDERS[title]
        try:
            run = contender.build(loss, inputs, group.gradient)
            check_agreement(contender.answer(loss, run()), reference)
            runs[title] = run
        except Exception as error:  # a peer that is missing or broken must not end the run
            absent[title] = f"{type(error).__name__}: {error}".splitlines()[0]
    return runs, absent


def check_agreement(answer: Answer, reference: Answer) -> None:
    """A benchmark of different computations means nothing. What limits a computation has no answer."""
    (value, slopes), (expected, expected_slopes) = answer, reference
    if value is None:
        return
    close(value, expected, "value")
    for slope, expected_slope in zip(slopes, expected_slopes, strict=True):
        close(slope, expected_slope, "gradient")


def close(ours: Any, theirs: Any, what: str) -> None:
    expected = np.asarray(theirs)
    if not np.allclose(np.asarray(ours), expected, rtol=1e-3, atol=1e-5 * np.abs(expected).max()):
        raise ArithmeticError(f"its {what} differs from PyTorch's")


# --- memory, starting ---------------------------------------------------------------------------------------------


def measure_memory(memory: Memory, quick: bool) -> Row:
    """Two children at a time: memory does not depend on how fast they are."""
    shape = memory.quick if quick else memory.shape
    contenders = list(dict(memory.bars)) if quick else memory.contenders

    def ask(contender: str) -> Row:
        return child.ask("memory", memory.loss, str(list(shape)), str(memory.gradient), contender)

    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(contenders, pool.map(ask, contenders), strict=True))
    peaks = {name: spread([answer["bytes"] / 1e6]) for name, answer in answers.items() if "bytes" in answer}
    return {
        "unit": "MB",
        "figures": {name: asdict(peak) for name, peak in peaks.items()},
        "marks": [mark(name, at_most(bar, "MB"), peaks.get(name)) for name, bar in memory.bars],
        "absent": {name: answer["error"] for name, answer in answers.items() if "error" in answer},
    }


def measure_starts(name: str, repeats: int) -> Row:
    answers = {start: child.start_times(start.measure, name, repeats) for start in STARTS[name]}
    failed = {f"lossary, {start.title}": error for start, got in answers.items() if (error := first_error(got))}
    seconds = {start: [one["seconds"] for one in got if "seconds" in one] for start, got in answers.items()}
    took = {start: spread(values) for start, values in seconds.items() if values}
    return {
        "unit": "s",
        "figures": {start.title: asdict(figure) for start, figure in took.items()},
        "marks": [mark(start.title, at_most(start.bar, "s"), took.get(start)) for start in answers],
        "absent": failed,
    }


def first_error(answers: list[Row]) -> str | None:
    return next((answer["error"] for answer in answers if "error" in answer), None)
