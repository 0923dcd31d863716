"""The catalogue of losses and what is known of one, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lossary.catalogue.record import Argument, Parameter, Record
from lossary.commands.data.typed import written
from lossary.commands.explain.explanation import Explanation, admitted
from lossary.commands.explain.plain import LETTERS, at_defaults, letter, plain

__all__ = ["catalogue", "explanation"]


def catalogue(records: Sequence[Record]) -> Table:
    """Every loss by task: its formula, what it is in a sentence, and its parameters below its name."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    tasks = list(dict.fromkeys(record.task for record in records))
    for task in tasks:
        table.add_row(Text(task, style="bold"))
        for record in (each for each in records if each.task == task):
            parameters = "".join(f"\n    {parameter.name}={parameter.default:g}" for parameter in record.parameters)
            name = Text.assemble("  ", (record.name, "cyan"), (parameters, "dim"))
            table.add_row(name, Text.assemble(plain(at_defaults(record)), ("\n" + record.summary, "dim")))
    return table


def explanation(explained: Explanation) -> RenderableType:
    """All about one loss."""
    return Group(*_sections(explained))


def _sections(explained: Explanation) -> Iterator[RenderableType]:
    record = explained.record
    yield Text.assemble((explained.loss.name, "bold cyan"), (f"  {record.task}, {explained.kind}", "dim"))
    yield Text(record.summary)
    yield Padding(Text(plain(explained.formula), style="bold"), (1, 4), expand=False)
    for paragraph in explained.details:
        yield Padding(Text(paragraph), (0, 0, 1, 0), expand=False)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, fact in _facts(explained):
        table.add_row(name, Text(fact))
    yield table


def _named(name: str) -> str:
    """A name, and its letter in the formula."""
    return f"{name} {letter(name)}" if name in LETTERS else name


def _facts(explained: Explanation) -> Iterator[tuple[str, str]]:
    """Arguments, parameters, properties, then where else to find it; with empty lines between."""
    record = explained.record
    for argument in record.arguments:
        optional = ", none unless given" if argument.optional else ""
        yield _named(argument.name), admitted(argument) + _unit(argument) + optional
    for name, computed in explained.scores:
        yield _named(name), computed
    for parameter in record.parameters:
        admits = f"{parameter.domain}{_unit(parameter)}; {parameter.default:g} unless given"
        yield _named(parameter.name), admits + _here(explained, parameter.name)
    for name in explained.common:
        yield _named(name), _here(explained, name).removeprefix(", ")
    if explained.whole_formula is not explained.formula:
        yield "whole formula", plain(explained.whole_formula)
    yield "", ""
    yield from explained.properties
    yield "", ""
    yield "in Python", explained.call
    if record.aliases:
        yield "elsewhere", ", ".join(record.aliases)
    for i, reference in enumerate(record.references):
        yield "" if i else "source", reference


def _here(explained: Explanation, name: str) -> str:
    """The value that a setting was given."""
    settings = explained.loss.settings
    return f", {written(settings[name])} here" if name in settings else ""


def _unit(number: Argument | Parameter) -> str:
    """What follows the range: ', in the target's unit'."""
    return f", {number.unit}" if number.unit else ""
