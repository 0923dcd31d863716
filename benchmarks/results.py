"""Results as tables: the same ones for the terminal and for RESULTS.md.

A row is one case: the figures of its contenders, and its marks. A mark is a figure that matters (a ratio, a peak, a
time) and its bar, if it has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable

Results = dict[str, Any]
Row = dict[str, Any]

PREFACE = """\
# Benchmarks

**{met} of {bars} bars are met**, on {processor}, {cores} cores, {date}. Made by `make bench`; not edited by hand.

A bar is met when all of its cases are; a case that is short is in bold. Every contender has a turn in every round, in
an order that moves on. A ratio is the median of the ratios within each round, with the quartiles in brackets further
down; they drift less than the times, so read the ratios. "lossary, NumPy" writes the gradient into a buffer that the
caller keeps; "lossary, PyTorch" goes through autograd, forward and backward. All arrays are float32. Before contenders
are timed, their values and gradients are checked against PyTorch's.
"""


@dataclass(frozen=True)
class Table:
    title: str
    columns: list[str]
    rows: list[list[str]]


# --- the bars -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BarLine:
    """A bar of one group, and the marks of all the cases that it is for."""

    group: str
    what: str
    bar: str
    cases: list[tuple[str, Row]]

    @property
    def verdict(self) -> str:
        marks = [mark for _case, mark in self.cases]
        if all(mark["met"] for mark in marks):
            return "met"
        return "short" if any(mark["figure"] for mark in marks) else "absent"

    def figures(self, only_short: bool = False) -> str:
        shown = [(case, mark) for case, mark in self.cases if not (only_short and mark["met"])]
        if len(self.cases) == 1:
            return median(self.cases[0][1])
        return ", ".join(f"{case}: {median(mark)}" for case, mark in shown)


def bar_lines(rows: Iterable[Row]) -> list[BarLine]:
    found: dict[tuple[str, str, str], BarLine] = {}
    for row in rows:
        for mark in row["marks"]:
            if mark["bar"]:
                key = (row["group"], mark["what"], mark["bar"])
                found.setdefault(key, BarLine(*key, [])).cases.append((row["case"], mark))
    return list(found.values())


def bars_table(lines: list[BarLine]) -> Table:
    before = ["", *(line.group for line in lines)]
    cells = [
        ["" if line.group == group else line.group, line.what, line.bar, line.figures(), line.verdict]
        for group, line in zip(before, lines, strict=False)
    ]
    return Table("Bars", ["measured", "what", "bar", "figures", "verdict"], cells)


def median(mark: Row) -> str:
    if mark["figure"] is None:
        return "absent"
    text = f"{mark['figure']['median']:.3g}"
    return text if mark["met"] else f"**{text}**"


# --- the other tables ---------------------------------------------------------------------------------------------


def details(results: Results) -> Iterator[Table]:
    for title in dict.fromkeys(row["group"] for row in results["rows"]):
        rows = [row for row in results["rows"] if row["group"] == title]
        yield from (table for table in (figures_table(title, rows), ratios_table(title, rows)) if table.rows)
    if missing := list(absences(results["rows"])):
        yield Table("Who did not take part, and why", ["contender", "reason", "cases"], missing)


def figures_table(title: str, rows: list[Row]) -> Table:
    """A contender a line, a case a column."""
    contenders = list(dict.fromkeys(name for row in rows for name in row["figures"]))
    unit, factor = unit_of(rows)
    cells = [[name, *(cell(row["figures"].get(name), factor) for row in rows)] for name in contenders]
    return Table(f"{title}: {unit}", ["", *(row["case"] for row in rows)], cells)


def ratios_table(title: str, rows: list[Row]) -> Table:
    marks = dict.fromkeys((mark["what"], mark["bar"]) for row in rows for mark in row["marks"] if "÷" in mark["what"])
    cells = [[*key, *(cell(figure_of(row, key)) for row in rows)] for key in marks]
    return Table(f"{title}: ratios", ["", "bar", *(row["case"] for row in rows)], cells)


def figure_of(row: Row, key: tuple[str, str]) -> Row | None:
    return next((mark["figure"] for mark in row["marks"] if (mark["what"], mark["bar"]) == key), None)


def unit_of(rows: list[Row]) -> tuple[str, float]:
    """Milliseconds, or microseconds where that is what most take; megabytes stay."""
    if rows[0]["unit"] == "MB":
        return "MB", 1.0
    fastest = min((figure["median"] for row in rows for figure in row["figures"].values()), default=1.0)
    return ("µs", 1e6) if fastest < 1e-4 else ("milliseconds", 1e3)


def cell(figure: Row | None, factor: float = 1.0) -> str:
    if figure is None:
        return ""
    middle, low, high = (f"{figure[name] * factor:.3g}" for name in ("median", "low", "high"))
    return middle if low == high else f"{middle} [{low}, {high}]"


def absences(rows: list[Row]) -> Iterator[list[str]]:
    """A contender, why it did not take part, and where; a reason that recurs is told once."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for absent in row["absent"].items():
            found.setdefault(absent, []).append(f"{row['group']}: {row['case']}")
    yield from ([name, reason, "; ".join(where)] for (name, reason), where in found.items())


def failed(results: Results) -> bool:
    """Whether lossary failed anywhere: it raised, or gave another answer. What it does not have yet is no failure."""
    absent = [item for row in results["rows"] for item in row["absent"].items()]
    return any(name.startswith("lossary") and not reason.startswith("LookupError") for name, reason in absent)


def merged(old: Results, new: Results) -> Results:
    """The new rows, each in the place of the old one of its title."""
    before, now = ({**results["machine"], "load before": ""} for results in (old, new))
    if changed := sorted(name for name in now if before.get(name) != now[name]):
        raise ValueError(f"the results that are there are another machine's: {', '.join(changed)}")
    rows = {(row["group"], row["case"]): row for row in (*old["rows"], *new["rows"])}
    return {"machine": new["machine"], "rows": list(rows.values())}


# --- the pages ----------------------------------------------------------------------------------------------------


def show(results: Results, console: Console) -> None:
    for table in details(results):
        print_table(table, console)
    lines = bar_lines(results["rows"])
    print_table(bars_table(lines), console)
    console.print(f"{count(lines)} of {len(lines)} bars are met.")
    for line in lines:
        if line.verdict != "met":
            said = f"{line.verdict}: {line.group}: {line.what} {line.bar}: {line.figures(only_short=True)}"
            console.print(said.replace("**", ""))


def print_table(table: Table, console: Console) -> None:
    printed = RichTable(*table.columns, title=table.title, title_justify="left")
    for row in table.rows:
        printed.add_row(*(text.replace("[", "\\[") for text in row))
    console.print(printed)


def count(lines: list[BarLine]) -> int:
    return sum(line.verdict == "met" for line in lines)


def page(results: Results, notes: str) -> str:
    """RESULTS.md, whole; the notes are written by hand."""
    lines = bar_lines(results["rows"])
    machine = results["machine"]
    dates = sorted({row["date"] for row in results["rows"]})
    preface = PREFACE.format(
        met=count(lines),
        bars=len(lines),
        processor=machine["processor"],
        cores=machine["cores for this process"],
        date=" to ".join(dict.fromkeys((dates[0], dates[-1]))),
    )
    versions = Table("Machine and versions", ["what", "found"], [list(item) for item in machine.items()])
    tables = [markdown(table) for table in (*details(results), versions)]
    return "\n".join([preface, markdown(bars_table(lines)), notes, *tables])


def markdown(table: Table) -> str:
    lines = [table.columns, ["---"] * len(table.columns), *table.rows]
    body = "\n".join(f"| {' | '.join(text.replace('|', '/') for text in line)} |" for line in lines)
    return f"## {table.title}\n\n{body}\n"
