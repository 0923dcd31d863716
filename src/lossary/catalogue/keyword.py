"""``Keyword``, the row of the table of keywords that holds everything known about one keyword of the losses.

A keyword with ``read`` becomes a symbol of the program of a call, and its *stages* (``target``, ``loss``, …) are what
it changes there. The others say how the result is put together, and change no program.

The rows stand in ``contract/keywords.py``. No other module has a table of keywords: signatures, stub files, checks,
programs, plans, kernels and ``lossary explain`` read these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeAlias

from lossary.catalogue.record import Record
from lossary.catalogue.signature import RESERVED
from lossary.domains import Interval
from lossary.symbolic.graph import NUMBER_KINDS, SCALAR, Axes, Node

__all__ = ["KEYWORDS", "Keyword", "keywords_of", "of_every_loss"]

Option: TypeAlias = object  # what a user gives for a keyword: arrays of any framework, numbers, words
KEYWORDS: list[Keyword] = []


def of_every_loss(_: Record) -> bool:
    """Return True: the default of ``Keyword.of``."""
    return True


@dataclass(frozen=True, eq=False)
class Keyword:
    """A keyword of the losses. Making one adds it to the table; signatures list keywords in the table's order.

    Attributes:
        name: The name in calls and messages, and of the symbol.
        default: The value that stands for a keyword that is not given.
        stub: The type in the stub files.
        doc: The text in ``help(lossary)``.
        of: The losses that have it.
        owners: The same losses in words, for the message to a call of another loss.
        instead: By what an item is, what a loss without it has in its place; ``{value}`` is the value that was given.
        elsewhere: Names that frameworks have for it.
        of_classes: The keyword that has a value for each class, where this one has a value for each item.
        choices: Words that it may be.
        reduces: It says how items are reduced: methods that do not reduce refuse it.
        note: A sentence of ``lossary explain``; ``{target}`` and ``{own}`` are the letters of the target and of it.
        parameter: Some losses have a parameter of this name instead.
        check: Raise for a value that no arrays make right, not for the default: ``check(row, record, value)``.
        read: Make the symbol's input of a checked value: ``read(row, reader, value)``. None changes nothing.
        takes_arrays: Its values may be arrays, which ``read`` checks; with ``read``, a number then becomes one, too.
        axes: Where the symbol varies; None: as items do.
        number: The kind of number that the symbol stands for.
        domain: The values that are right. The program checks those of a keyword that ``weighs``.
        target: Stage: a new target of the symbol and the target of an element, or of each class of a row.
        loss: Stage: a new loss of the symbol and the loss of an item.
        counts: Stage: a condition, made of the symbol, under which an item counts.
        weighs: Stage: a factor of each item's weight, made of the symbol.
        divides: Stage: an item's weight in the mean's denominator, for a ``loss`` that contains it already.
    """

    name: str
    default: Option
    stub: str
    doc: str
    of: Callable[[Record], bool] = of_every_loss
    owners: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    of_classes: str = ""
    choices: tuple[str, ...] = ()
    reduces: bool = False
    note: str = ""
    parameter: bool = False
    check: Callable[[Keyword, Record, Option], None] | None = None
    read: Callable[..., Any] | None = None
    takes_arrays: bool = False
    axes: Axes | None = SCALAR
    number: Literal["float", "bool", "int"] = "float"
    domain: Interval | None = None
    target: Callable[[Node, Node], Node] | None = None
    loss: Callable[[Node, Node], Node] | None = None
    counts: Callable[[Node], Node] | None = None
    weighs: Callable[[Node], Node] | None = None
    divides: Callable[[Node], Node] | None = None

    def __post_init__(self) -> None:
        KEYWORDS.append(self)
        keywords_of.cache_clear()
        if not self.parameter:
            RESERVED.add(self.name)
        if self.number != "float":
            NUMBER_KINDS[self.name] = self.number

    @property
    def becomes_array(self) -> bool:
        """True if the program has an array of it, even where a number was given."""
        return self.takes_arrays and self.read is not None

    @property
    def changes_item(self) -> bool:
        """True if an item's own loss depends on it, not only which items there are and how they are combined."""
        return self.target is not None or self.loss is not None

    @property
    def unchecked(self) -> Interval | None:
        """The values that are right, if no program checks them."""
        return None if self.weighs else self.domain


@cache
def keywords_of(record: Record) -> tuple[Keyword, ...]:
    """Return the keywords of a loss beside its parameters."""
    return tuple(row for row in KEYWORDS if row.of(record))
