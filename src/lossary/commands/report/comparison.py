"""The ``compare`` command: read a table, compare the losses, print the verdict and write the report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from lossary.commands.compare.candidates import choose
from lossary.commands.compare.problem import pose
from lossary.commands.compare.study import Plan, conduct, trainings
from lossary.commands.compare.target import TASKS
from lossary.commands.compare.verdict import judge
from lossary.commands.data.samples import sample
from lossary.commands.data.table import read_table
from lossary.commands.report.console import output
from lossary.commands.report.page import study_page
from lossary.commands.report.progress import progress
from lossary.commands.report.verdicts import problem_lines, verdict
from lossary.commands.report.write import check_writable, write_text
from lossary.errors import ArgumentError

__all__ = ["Request", "run"]


@dataclass(frozen=True)
class Request:
    """Arguments of the command that do not belong to the plan."""

    table: Path | None
    dataset: str
    target: str
    task: str
    losses: str
    report: Path | None
    rows: int


def run(request: Request, plan: Plan, version: str) -> None:
    """Compare the losses, print the verdict and write the report."""
    if request.task and request.task not in TASKS:
        raise ArgumentError(f"--task {request.task!r} is unknown; choose one of {', '.join(TASKS)}")
    if request.report:
        check_writable(request.report, reserved=request.table)
    console = output()
    table, target, source = _load(request)
    problem = pose(table, target, task=request.task or None, folds=plan.folds, most_rows=request.rows, seed=plan.seed)
    candidates = choose(problem, request.losses)
    console.print(source, style="bold", markup=False)
    for line in problem_lines(problem):
        console.print(line, markup=False)
    with progress(trainings(candidates, plan)) as advance:
        judged = judge(conduct(problem, candidates, plan, advance))
    console.print(verdict(judged, console))
    if request.report:
        write_text(request.report, study_page(judged, source, version))
        console.print(f"Report: {request.report}", markup=False)


def _load(request: Request) -> tuple[pa.Table, str, str]:
    """Return the table, the name of its target and the title of the output."""
    if request.table:
        return read_table(request.table), request.target, request.table.name
    found = sample(request.dataset)
    return found.table, request.target or found.target, f"{request.dataset}: {found.about}"
