"""`python -m fuzz`: try calls of every kind, on all cores, until as many are done as were asked for.

The same seed tries the same calls. What is known is saved every few seconds; `--resume` goes on from there.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from fuzz.hold import Outcome
from fuzz.plan import attempt, command, prepare
from fuzz.results import FILE, PAGE, Tally, page, versions

AHEAD = 16  # groups that wait for each process
EVERY = 10.0  # seconds between saves


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, metavar="N", help="calls to make (default: 10⁶)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="FACTOR=CHOICE", help="choices of every call, such as engine=jax"
    )
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so long, done or not")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="processes (default: all CPUs)")
    parser.add_argument("--resume", action="store_true", help="go on with the seed and the counts of --output")
    parser.add_argument(
        "--output", type=Path, default=FILE, metavar="FILE", help="results (default: the committed ones)"
    )
    return parser.parse_args()


def outcomes(pool: ProcessPoolExecutor, tally: Tally, jobs: int) -> Iterator[Outcome]:
    """Outcomes of one group after the other, without end."""
    waiting: list[Future[Outcome]] = []
    group = tally.group
    while True:
        while len(waiting) < AHEAD * jobs:
            waiting.append(pool.submit(attempt, tally.seed, group, tally.fixed))
            group += 1
        yield waiting.pop(0).result()


def fuzz(tally: Tally, chosen: argparse.Namespace, console: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    started = saved = time.monotonic()
    before = tally.seconds
    pool = ProcessPoolExecutor(chosen.jobs, get_context("spawn"), prepare, max_tasks_per_child=None)
    progress = Progress(*columns, console=console, disable=not console.is_terminal)
    try:
        with progress as bar:
            task = bar.add_task("calls", total=chosen.cases)
            for outcome in outcomes(pool, tally, chosen.jobs):
                if outcome.wrong:
                    bar.console.print(
                        f"{command(tally.seed, tally.group, tally.fixed)}\n    {outcome.case}\n    {outcome.wrong}"
                    )
                tally.add(outcome)
                bar.update(task, completed=tally.cases)
                now = time.monotonic()
                tally.seconds = before + now - started
                if now - saved > EVERY:
                    tally.save(chosen.output)
                    saved = now
                if tally.cases >= chosen.cases or now - started > 60 * chosen.minutes:
                    break
    finally:
        tally.save(chosen.output)
        pool.shutdown(wait=False, cancel_futures=True)


def main() -> int:
    chosen, console = arguments(), Console(stderr=True)
    tally = (
        Tally.load(chosen.output)
        if chosen.resume
        else Tally(chosen.seed, fixed=dict(one.split("=") for one in chosen.only))
    )
    tally.date, tally.versions = datetime.now(UTC).date().isoformat(), versions()
    try:
        fuzz(tally, chosen, console)
    except KeyboardInterrupt:
        console.print("interrupted; --resume goes on from here")
    if chosen.output == FILE:
        PAGE.write_text(page(tally), encoding="utf-8")
    Console().print(Markdown(page(tally)))
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
