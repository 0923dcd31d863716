"""A study's problem, results and recommendation as text."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from lossary.commands.compare.advice import recommendation
from lossary.commands.compare.problem import Problem
from lossary.commands.compare.sentences import counted, joined
from lossary.commands.compare.statistics import FEWEST_PAIRS
from lossary.commands.compare.study import Outcome, Plan, Study
from lossary.commands.compare.verdict import Standing, Verdict
from lossary.commands.report.numbers import Cell, baseline, cell, heading

__all__ = ["FEW", "LEGEND", "method", "problem_lines", "settings_of", "units", "verdict"]

WIDE = 10_000
LEGEND = (
    "Mean over the held-out folds ± standard error; below it the paired difference to the best ± its standard error."
)
STAR = "* marks a difference that is significant at 5 % (corrected t test, all differences taken together)."
FEW = f"No difference is marked: a test needs {FEWEST_PAIRS} paired differences."


def problem_lines(problem: Problem) -> Iterator[str]:
    """Yield the task, the target and the number of columns and rows, then what was decided while reading them."""
    columns = counted(problem.features.count, "column")
    yield f"{problem.task}: {problem.target!r} from {columns} of {counted(problem.rows, 'row')} ({problem.why})"
    yield from problem.notes


def method(plan: Plan) -> str:
    """Describe the cross-validation and the training."""
    times = f", repeated {plan.repeats} times" if plan.repeats > 1 else ""
    return f"{plan.folds} folds{times}; seed {plan.seed}; at most {plan.epochs} epochs"


def verdict(judged: Verdict, console: Console) -> RenderableType:
    """Lay out the results, in as many tables as the width needs, and the recommendation."""
    legend = Text(" ".join(_legend(judged)), style="dim")
    return Group(*_tables(judged, console), legend, Text(), *_advice(judged))


def _legend(judged: Verdict) -> Iterator[str]:
    yield LEGEND
    yield STAR if judged.enough else FEW
    yield from units(judged.study)


def units(study: Study) -> Iterator[str]:
    """Yield the unit of parameters in deviations of the target, and the origin of those that the user did not set."""
    scaling, target = study.problem.scaling, study.problem.target
    if scaling is None or not any(outcome.candidate.in_deviations(scaling) for outcome in study.outcomes):
        return
    yield f"One deviation is {scaling.deviation:.4g} in the unit of {target!r}: {scaling.rule}."
    derived = dict.fromkeys(name for outcome in study.outcomes for name in outcome.candidate.derived)
    if derived:
        names = joined(list(derived))
        yield f"As no {names} was given, each fold takes it from the deviation of its own training rows."


def _tables(judged: Verdict, console: Console) -> list[Table]:
    """Return one table with all metrics, or several that fit the width."""
    metrics = len(judged.standings)
    for count in range(1, metrics + 1):
        each = math.ceil(metrics / count)
        parts = [judged.standings[start : start + each] for start in range(0, metrics, each)]
        tables = [_table(judged, part) for part in parts]
        if all(_width(console, table) <= console.width for table in tables):
            break
    return tables


def _width(console: Console, table: Table) -> int:
    """Return the width of the table if no column is narrowed."""
    return Measurement.get(console, console.options.update_width(WIDE), table).maximum


def _table(judged: Verdict, standings: tuple[Standing, ...]) -> Table:
    table = Table(box=SIMPLE_HEAD, header_style="bold", border_style="dim", padding=(0, 1))
    table.add_column("loss", no_wrap=True)
    for standing in standings:
        table.add_column(heading(standing), justify="right", no_wrap=True)
    for outcome in judged.study.outcomes:
        table.add_row(*_row(outcome, judged.study, standings), end_section=outcome is judged.study.outcomes[-1])
    guesses = [Text(baseline(standing), style="dim") for standing in standings]
    table.add_row(Text("a constant guess", style="dim"), *guesses)
    return table


def settings_of(outcome: Outcome, study: Study) -> Iterator[str]:
    """Yield each setting, 'delta=52.1', followed by '(0.8 deviations)' if it has the target's unit."""
    candidate, scaling = outcome.candidate, study.problem.scaling
    relative = candidate.in_deviations(scaling) if scaling else {}
    for name, value in candidate.settings.items():
        yield f"{name}={value:g}"
        if name in relative:
            shown = f"{relative[name]:.3g}"
            yield f"({shown} deviation{'' if shown == '1' else 's'})"


def _row(outcome: Outcome, study: Study, standings: tuple[Standing, ...]) -> Iterator[Text]:
    candidate = outcome.candidate
    settings = "".join(f"\n  {setting}" for setting in settings_of(outcome, study))
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


def _advice(judged: Verdict) -> Iterator[RenderableType]:
    first, *rest = recommendation(judged)
    yield Text(first, style="bold")
    yield from map(Text, rest)
