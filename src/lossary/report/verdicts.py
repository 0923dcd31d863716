"""A study's problem, numbers and recommendation, in the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from lossary.compare.problem import Problem
from lossary.compare.study import Outcome, Plan
from lossary.compare.verdict import Standing, Verdict
from lossary.compare.words import counted
from lossary.report.numbers import Cell, baseline, cell, heading

__all__ = ["method", "problem_lines", "verdict"]

WIDE = 10_000
LEGEND = (
    "Mean over the held-out folds ± standard error; below it the paired difference to the best ± its standard error, "
    "with a * where chance does not explain it."
)


def problem_lines(problem: Problem) -> Iterator[str]:
    """What is predicted from what, and what was decided on the way."""
    columns = counted(problem.features.count, "column")
    yield f"{problem.task}: {problem.target!r} from {columns} of {counted(problem.rows, 'row')} ({problem.why})"
    yield from problem.notes


def method(plan: Plan) -> str:
    """How the numbers came about."""
    times = f", {plan.repeats} times over" if plan.repeats > 1 else ""
    return f"{plan.folds} folds{times}; seed {plan.seed}; at most {plan.epochs} epochs"


def verdict(judged: Verdict, console: Console) -> RenderableType:
    """The tables, as many as the window's width asks for, then the words."""
    return Group(*_tables(judged, console), Text(LEGEND, style="dim"), Text(), *_words(judged))


def _tables(judged: Verdict, console: Console) -> list[Table]:
    """One table with all metrics, or several of as many as the width allows."""
    metrics = len(judged.standings)
    for count in range(1, metrics + 1):
        each = math.ceil(metrics / count)
        parts = [judged.standings[start : start + each] for start in range(0, metrics, each)]
        tables = [_table(judged, part) for part in parts]
        if all(_width(console, table) <= console.width for table in tables):
            break
    return tables


def _width(console: Console, table: Table) -> int:
    """How wide the table would like to be, whatever the window's width."""
    return Measurement.get(console, console.options.update_width(WIDE), table).maximum


def _table(judged: Verdict, standings: tuple[Standing, ...]) -> Table:
    table = Table(box=SIMPLE_HEAD, header_style="bold", border_style="dim", padding=(0, 1))
    table.add_column("loss", no_wrap=True)
    for standing in standings:
        table.add_column(heading(standing), justify="right", no_wrap=True)
    for outcome in judged.study.outcomes:
        table.add_row(*_row(outcome, standings), end_section=outcome is judged.study.outcomes[-1])
    guesses = [Text(baseline(standing), style="dim") for standing in standings]
    table.add_row(Text("a constant guess", style="dim"), *guesses)
    return table


def _row(outcome: Outcome, standings: tuple[Standing, ...]) -> Iterator[Text]:
    candidate = outcome.candidate
    settings = "".join(f"\n  {name}={value:g}" for name, value in candidate.settings.items())
    if candidate.same_as:
        yield Text.assemble(candidate.record.name, settings, (f"\n= {candidate.same_as}", "dim"))
    else:
        yield Text.assemble((candidate.record.name, "cyan"), settings)
    for standing in standings:
        yield _cell_text(cell(standing, candidate.same_as or candidate.name))


def _cell_text(shown: Cell) -> Text:
    style = "bold green" if shown.best else "red" if shown.distinct else ""
    mark = " *" if shown.distinct else ""
    return Text.assemble((shown.mean, style), (f"\n{shown.behind}{mark}", "green" if shown.best else "dim"))


def _words(judged: Verdict) -> Iterator[RenderableType]:
    first, *rest = judged.recommendation()
    yield Text(first, style="bold")
    yield from map(Text, rest)
