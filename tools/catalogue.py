"""The catalogue, docs/losses.md: records and docstrings as a page."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import lossary
from lossary.catalogue.docstring import SECTIONS, complete, entries, sections
from lossary.catalogue.record import USE, Record
from lossary.catalogue.registry import by_task
from lossary.symbolic.graph import walk
from lossary.symbolic.latex import letter

__all__ = ["FILES", "page"]

HEAD = """# The losses

<!-- Written by `make stubs` from the losses' records and docstrings; a test compares. Do not edit. -->

Every loss of lossary, by task. [The contract](contract.md) says what they have in common: the keywords `weight`,
`mask`, `reduction`, `denominator` and `empty`, those of losses over classes, targets, errors and differentiation.
"""


def page() -> str:
    """Write the whole page."""
    groups = by_task(lossary.losses())
    parts = [HEAD, _contents(chain(*groups.values()))]
    for task, members in groups.items():
        parts += [f"## {task.capitalize()}\n", *(part for record in members for part in _entry(record))]
    return "\n".join(parts)


def _contents(records: Iterable[Record]) -> str:
    """Write a table of the losses and of when to use each, with links to their entries."""
    lines = []
    for record in records:
        use = sections(complete(record))["Use"].removeprefix(USE)
        lines.append(f"| {record.task} | [`{record.name}`](#{record.name}) | {_markdown(use).removesuffix('.')} |")
    return "\n".join(["| task | loss | use it when |\n| --- | --- | --- |", *lines]) + "\n"


def _entry(record: Record) -> Iterator[str]:
    """Yield a loss's heading and each of its paragraphs that is not empty."""
    parts = dict.fromkeys(("Text", "Use", *SECTIONS), "") | sections(complete(record))
    notes = {
        "Shapes": _markdown(parts["Shapes"]),
        "Identities": _markdown(parts["Identities"]),
        "Elsewhere": _markdown(parts["Elsewhere"]),
        "The same loss": ", ".join(f"`{alias}`" for alias in record.aliases),
        "Errors": _markdown(" ".join(f"`{name}`: {text}" for name, text in entries(parts["Raises"]).items())),
        "References": "; ".join(record.references),
    }
    yield "\n\n".join([f"### {record.name}", *(_markdown(parts[name]) for name in ("", "Use") if parts[name])]) + "\n"
    yield f"```math\n{record.latex}\n```\n"
    yield f"{_markdown(parts['Text'])}\n"
    yield "\n".join(["| argument | in the formula | |\n| --- | --- | --- |", *_arguments(record, parts["Args"])]) + "\n"
    yield f"```python\n{textwrap.dedent(parts['Example'].strip(chr(10)))}\n\n```\n"
    yield from (f"**{heading}:** {note}\n" for heading, note in notes.items() if note)


def _arguments(record: Record, section: str) -> Iterator[str]:
    defaults = {parameter.name: f"={parameter.default:g}" for parameter in record.parameters}
    symbols = {str(node.label) for node in walk(record.graph) if node.word == "symbol"}
    for name, text in entries(section).items():
        sign = f"${letter(name)}$" if name in symbols else ""
        yield f"| `{name}{defaults.get(name, '')}` | {sign} | {_markdown(text)} |"


def _markdown(text: str) -> str:
    """Turn a docstring's prose into one line of Markdown, with signs escaped outside code."""
    parts = " ".join(text.replace("``", "`").split()).split("`")
    return "`".join(part if i % 2 else re.sub(r"([_|*])", r"\\\1", part) for i, part in enumerate(parts))


FILES = {Path(__file__).parent.parent / "docs" / "losses.md": page}
