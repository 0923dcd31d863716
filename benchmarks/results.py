"""Results as tables: the same ones for the terminal and for RESULTS.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable

Results = dict[str, Any]

PREFACE = """\
# Benchmarks

Made by `make bench` on {date}; not edited by hand. Every contender has a turn in every round, in an order that moves
on; a time is the median over {rounds} rounds, with the quartiles in brackets. A ratio is the median of the ratios
within each round: it drifts less than the times, so read the ratios. "lossary, NumPy" writes the gradient into a
buffer that the caller keeps; "lossary, PyTorch" goes through autograd, forward and backward. All arrays are float32.
Peak memory is over the inputs: it has the gradient in it, but for "lossary, NumPy", whose buffer was there before. A
bar is the design's aim, not a claim: what is not reached says so. optax has no absolute error and no cross-entropy of
a probability.
"""


@dataclass(frozen=True)
class Table:
    title: str
    columns: list[str]
    rows: list[list[str]]


# --- the tables ---------------------------------------------------------------------------------------------------


def tables(results: Results) -> Iterator[Table]:
    for title in dict.fromkeys(row["group"] for row in results["cases"]):
        rows = [row for row in results["cases"] if row["group"] == title]
        yield times_table(title, rows)
        yield ratios_table(title, rows)
    if results["memory"]:
        yield memory_table(results["memory"])
    if results["starts"]:
        yield starts_table(results["starts"])
    if missing := list(absences(results)):
        yield Table("Who did not take part, and why", ["contender", "reason", "cases"], missing)


def times_table(title: str, rows: list[Results]) -> Table:
    names = list(dict.fromkeys(name for row in rows for name in row["seconds"]))
    cells = [[case(row), *(cell(row["seconds"].get(name)) for name in names)] for row in rows]
    return Table(f"{title}: milliseconds", ["case", *names], cells)


def ratios_table(title: str, rows: list[Results]) -> Table:
    cells = [
        [case(row), f"{ratio['over']} ÷ {ratio['under']}", figures(ratio), ratio["bar"], reached(ratio)]
        for row in rows
        for ratio in row["ratios"]
    ]
    return Table(f"{title}: ratios", ["case", "ratio", "median [quartiles]", "bar", "reached"], cells)


def memory_table(rows: list[Results]) -> Table:
    names = list(rows[0]["bytes"])
    cells = [
        [f"{case(row)}, {'gradient' if row['gradient'] else 'value alone'}"]
        + [megabytes(row["bytes"][name]) for name in names]
        for row in rows
    ]
    return Table("Peak memory over the inputs: MB", ["case", *names], cells)


def starts_table(rows: list[Results]) -> Table:
    cells = [
        [row["title"], row.get("error") or figures(row), f"≤ {row['bar']:g}", yes(row.get("median", 1e9) <= row["bar"])]
        for row in rows
    ]
    return Table("Starting, in a fresh process: seconds", ["what", "median [quartiles]", "bar", "reached"], cells)


def absences(results: Results) -> Iterator[list[str]]:
    """A contender, why it did not take part, and where; a reason that recurs is told once."""
    found: dict[tuple[str, str], list[str]] = {}
    for where, name, reason in absent(results):
        found.setdefault((name, reason), []).append(where)
    yield from ([name, reason, "; ".join(dict.fromkeys(where))] for (name, reason), where in found.items())


def absent(results: Results) -> Iterator[tuple[str, str, str]]:
    for row in results["cases"]:
        yield from ((case(row), name, reason) for name, reason in row["absent"].items())
    for row in results["memory"]:
        yield from ((case(row), name, got["error"]) for name, got in row["bytes"].items() if "error" in got)


def lossary_failed(results: Results) -> bool:
    """Whether lossary itself, not a peer, was missing anywhere."""
    starts = any("error" in row for row in results["starts"])
    return starts or any(name.startswith("lossary") for _where, name, _reason in absent(results))


# --- the cells ----------------------------------------------------------------------------------------------------


def case(row: Results) -> str:
    return f"{row['loss']} {' × '.join(map(str, row['shape']))}"


def cell(seconds: Results | None) -> str:
    return "" if seconds is None else figures({name: 1e3 * value for name, value in seconds.items()})


def figures(spread: Results) -> str:
    return f"{spread['median']:.3g} [{spread['low']:.3g}, {spread['high']:.3g}]"


def megabytes(peak: Results) -> str:
    return "" if "error" in peak else f"{peak['bytes'] / 1e6:.0f}"


def reached(ratio: Results) -> str:
    return yes(ratio["reached"]) if ratio["bar"] else ""


def yes(answer: bool) -> str:
    return "yes" if answer else "no"


# --- the pages ----------------------------------------------------------------------------------------------------


def show(results: Results, console: Console) -> None:
    for table in tables(results):
        printed = RichTable(*table.columns, title=table.title, title_justify="left")
        for row in table.rows:
            printed.add_row(*row)
        console.print(printed)


def page(results: Results) -> str:
    """RESULTS.md, whole."""
    machine = Table("Machine and versions", ["what", "found"], [list(item) for item in results["machine"].items()])
    parts = [PREFACE.format(date=results["date"], rounds=results["rounds"])]
    return "\n".join(parts + [markdown(table) for table in [machine, *tables(results)]])


def markdown(table: Table) -> str:
    lines = [table.columns, ["---"] * len(table.columns), *table.rows]
    body = "\n".join(f"| {' | '.join(text.replace('|', '/') for text in line)} |" for line in lines)
    return f"## {table.title}\n\n{body}\n"
