"""Catalogue of the losses, and explanation of one, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lossary.catalogue.record import Argument, Parameter, Record
from lossary.catalogue.registry import by_task
from lossary.commands.data.typed import written
from lossary.commands.explain.explanation import Explanation, admitted
from lossary.commands.explain.plain import LETTERS, at_defaults, letter, told
from lossary.errors import ArgumentError

__all__ = ["catalogue", "described_with", "explanation"]


def catalogue(records: Iterable[Record]) -> Table:
    """Tabulate losses by task: name, parameters, formula, summary and when to use it."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for task, members in by_task(records).items():
        table.add_row(Text(task, style="bold"))
        for record in members:
            parameters = "".join(f"\n    {parameter.name}={parameter.default:g}" for parameter in record.parameters)
            name = Text.assemble("  ", (record.name, "cyan"), (parameters, "dim"))
            sentences = "\n".join(["", *_sentences(record)])
            table.add_row(name, Text.assemble(told(record, at_defaults(record)), (sentences, "dim")))
    return table


def described_with(words: Sequence[str], records: Iterable[Record]) -> list[Record]:
    """Return the losses that have all words in their names, task, summary or advice on when to use them."""
    found = [record for record in records if all(word.lower() in _description(record) for word in words)]
    if not found:
        raise ArgumentError(
            f"no loss is described with {' and '.join(map(repr, words))}; `lossary list` shows them all"
        )
    return found


def _description(record: Record) -> str:
    return " ".join([record.name, record.task, *record.fits, *record.aliases, *_sentences(record)]).lower()


def _sentences(record: Record) -> list[str]:
    """Return the sentences on a loss in the catalogue."""
    return [record.summary, *([record.use.replace("``", "")] if record.use else [])]


def explanation(explained: Explanation) -> RenderableType:
    """Lay out the explanation of a loss."""
    return Group(*_sections(explained))


def _sections(explained: Explanation) -> Iterator[RenderableType]:
    record = explained.record
    yield Text.assemble((explained.loss.name, "bold cyan"), (f"  {record.task}, {explained.kind}", "dim"))
    yield Text(record.summary)
    yield Padding(Text(told(record, explained.formula), style="bold"), (1, 4), expand=False)
    for paragraph in explained.details:
        yield Padding(Text(paragraph), (0, 0, 1, 0), expand=False)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, fact in _facts(explained):
        table.add_row(name, Text(fact))
    yield table


def _with_letter(record: Record, name: str) -> str:
    """Return a name followed by its letter in the formula, if it has one."""
    return f"{name} {letter(name)}" if name in LETTERS and not record.axes else name


def _facts(explained: Explanation) -> Iterator[tuple[str, str]]:
    """Yield rows on arguments, parameters, properties, aliases and sources; empty rows separate the groups."""
    record = explained.record
    for argument in record.arguments:
        optional = ", none unless given" if argument.optional else ""
        yield _with_letter(record, argument.name), admitted(argument) + _unit(argument) + optional
    for name, computed in explained.scores:
        yield _with_letter(record, name), computed
    for parameter in record.parameters:
        admits = f"{parameter.domain}{_unit(parameter)}; {parameter.default:g} unless given"
        yield _with_letter(record, parameter.name), admits + _here(explained, parameter.name)
    for name in explained.common:
        yield _with_letter(record, name), _here(explained, name).removeprefix(", ")
    if explained.whole_formula is not explained.formula and not record.axes:
        yield "whole formula", told(record, explained.whole_formula)
    yield "", ""
    yield from [*explained.properties, ("", "")] if explained.properties else []
    yield "in Python", explained.call
    if record.aliases:
        yield "elsewhere", ", ".join(record.aliases)
    for i, reference in enumerate(record.references):
        yield "" if i else "source", reference


def _here(explained: Explanation, name: str) -> str:
    """Return ', 2 here' for a setting that the user gave, else ''."""
    settings = explained.loss.settings
    return f", {written(settings[name])} here" if name in settings else ""


def _unit(number: Argument | Parameter) -> str:
    """Return ', in the target's unit', or '' for a number without a unit."""
    return f", {number.unit}" if number.unit else ""
