"""Records: everything that is known about a loss.

Checks, documentation, kernels and the command line read records, and ask what an item is, never which loss it is.
Signature, docstring and graph of a formula are read when they are first needed, so that importing stays fast.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypedDict, Unpack, get_args

from lossary.catalogue.kind import BATCH, KINDS
from lossary.catalogue.signature import (
    Argument,
    Formula,
    Parameter,
    Rule,
    Scores,
    check_is_plain,
    given,
    signature_of,
)
from lossary.errors import ArgumentError
from lossary.symbolic.graph import (
    CLASS,
    ITEM,
    ROW,
    Node,
    apply,
    as_node,
    axis,
    crossed,
    substitute,
    symbol,
    walk,
)
from lossary.symbolic.latex import latex, layer, letter, letters_of
from lossary.symbolic.simplify import CLASS_INDEX
from lossary.symbolic.sums import Split, split
from lossary.symbolic.words import equal, made_from, where

__all__ = [
    "TASKS",
    "USE",
    "Argument",
    "Parameter",
    "Record",
    "Rule",
    "Scores",
    "Task",
    "describe",
]

Task = Literal[
    "regression",
    "distribution",
    "binary",
    "multiclass",
    "divergence",
    "segmentation",
    "embedding",
    "ranking",
    "sequence",
    "preference",
    "policy",
]
TASKS: tuple[Task, ...] = get_args(Task)
USE = "Use it when "  # how the paragraph of a docstring begins that says when to use a loss


@dataclass(frozen=True, eq=False)
class Record:
    """A loss: its formula, its kind, and what its author declares.

    ``task`` is the problem that the loss was made for, and its heading in the catalogue; ``fits`` lists other tasks
    whose targets it takes. ``counterpart`` names the loss on probabilities where this is on logits, or the reverse.
    ``compared`` losses are those that ``lossary compare`` tries unless others are asked for: few, which differ in what
    they estimate. ``axes`` names the axes of each array of a loss that is not one of a few kinds of rows, such as
    ``{"scores": "item entry"}``, and ``mask`` those of its mask;
    ``lengths`` are those of axes that no array has, as functions of the others'. ``rules`` are conditions on arguments
    beside their domains.
    """

    name: str
    kind: str
    formula: Formula
    task: Task = "regression"
    fits: tuple[Task, ...] = ()
    counterpart: str = ""
    compared: bool = False
    aliases: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    scores: tuple[Scores, ...] = ()
    axes: Mapping[str, str] = field(default_factory=dict)
    mask: str = ""
    lengths: Mapping[str, Callable[..., int]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    @cached_property
    def arguments(self) -> tuple[Argument, ...]:
        return given(self._signature[0], self.scores, has_target=not self.compares_rows)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        return self._signature[1]

    @cached_property
    def _signature(self) -> tuple[tuple[Argument, ...], tuple[Parameter, ...]]:
        arguments, parameters = signature_of(self.formula)
        if self.axes:
            arguments = tuple(replace(a, axes=frozenset(self.axes[a.name].split())) for a in arguments)
        return arguments, parameters

    @property
    def doc(self) -> str:
        """What the author wrote; ``docstring.complete`` adds what follows from the record."""
        return inspect.getdoc(self.formula) or f"The loss {self.name}."

    @property
    def summary(self) -> str:
        return self.doc.partition("\n")[0]

    @property
    def use(self) -> str:
        """The docstring's sentence that says when to use the loss; empty without one."""
        return next((block for block in self.doc.split("\n\n") if block.startswith(USE)), "")

    @property
    def cannot(self) -> Mapping[str, str]:
        """Features that the loss does not have, with the reasons."""
        lacks = dict(self._lacks)
        if self.is_of_regions:
            reason = lacks.pop("total", BATCH["total"])
            if word := self.split.otherwise:
                lacks = {"total": f"{reason}, nor a formula of such sums: it has {word}", **lacks}
        return lacks

    @property
    def _lacks(self) -> Mapping[str, str]:
        return BATCH if self.couples_items else KINDS[self.kind].cannot

    @property
    def adds(self) -> bool:
        """True if the loss of a batch is a sum over its items."""
        return "total" not in self._lacks and not self.is_of_regions

    @property
    def is_of_regions(self) -> bool:
        """True if parts of the arrays are parts of the same regions: of an overlap loss, or one loss for everything."""
        return self.by_region or (bool(self.axes) and not self.graph.axes)

    @cached_property
    def split(self) -> Split:
        """The loss of a region as a formula of sums over its places."""
        return split(self.whole)

    @property
    def item(self) -> str:
        """What has one loss: an element, a row, a region, or what the named axes leave."""
        return KINDS[self.kind].item

    @property
    def by_element(self) -> bool:
        return self.item == "element"

    @property
    def by_row(self) -> bool:
        return self.item == "row"

    @property
    def by_region(self) -> bool:
        return self.item == "region"

    @property
    def has_axis(self) -> bool:
        """True if the keyword ``axis`` says what an item runs over."""
        return KINDS[self.kind].has_axis

    @property
    def compares_rows(self) -> bool:
        """True if each row of a batch is compared with all rows of another, of which the i-th belongs to the i-th."""
        return KINDS[self.kind].compares

    @cached_property
    def couples_items(self) -> bool:
        """True if a word of the formula runs along the items, whose losses then depend on each other."""
        return bool(self.axes) and ITEM in crossed(walk(self.graph))

    @property
    def numbers(self) -> tuple[Argument | Parameter, ...]:
        """All arguments: arrays, then parameters."""
        return (*self.arguments, *self.parameters)

    @cached_property
    def predictions(self) -> tuple[Argument, ...]:
        return tuple(argument for argument in self.arguments if argument.role == "prediction")

    @cached_property
    def inner(self) -> Record:
        """The loss of the formula's own arguments: of scores, if the loss computes them."""
        return describe("softmax", self.formula, task=self.task) if self.scores else self

    @property
    def shared(self) -> set[str]:
        """Names of the arguments that all rows of a batch share, such as a classifier."""
        return set() if self.compares_rows else {name for one in self.scores for name in one.factors[1:]}

    @property
    def takes_classes(self) -> bool:
        """True if the target is a class, or a probability for each class."""
        return self.by_row and any(a.role == "target" and a.domain.sums_to_one for a in self.arguments)

    @property
    def takes_vectors(self) -> bool:
        """True if the places of a row are not classes, but the numbers of a vector; there may be one of them."""
        return KINDS[self.kind].of_vectors and not self.takes_classes

    @cached_property
    def graph(self) -> Node:
        """The graph of the formula, traced with symbols for its own arguments."""
        positional = [argument.symbol for argument in self._signature[0]]
        return as_node(self.formula(*positional, **{p.name: p.symbol for p in self.parameters}))

    def moved_by(self, names: Collection[str]) -> tuple[Node, ...]:
        """Return the symbols of the graph that depend on arguments of these names."""
        if not self.scores:
            return tuple(argument.symbol for argument in self.arguments if argument.name in names)
        return tuple(symbol(scores.name) for scores in self.scores if not set(names).isdisjoint(scores.factors))

    @property
    def whole(self) -> Node:
        """The formula of one item: summed over the classes, if it is written for one of them."""
        of_a_class = self.by_row and CLASS in self.graph.axes
        return apply("total", self.graph, axis(CLASS)) if of_a_class else self.graph

    @cached_property
    def latex(self) -> str:
        """The formula as LaTeX."""
        return self.written(self.whole)

    def written(self, formula: Node) -> str:
        """Return the formula, or what remains of it for given parameters, as LaTeX."""
        if self.compares_rows:  # the target of row i is column i
            own = where(equal(CLASS_INDEX, symbol("i", ROW)), 1.0, 0.0)
            formula = substitute(formula, {symbol("target"): own})
        layers = [layer(*map(letter, (one.name, *one.factors))) for one in self.scores if one.bias]
        return r", \quad ".join([latex(formula, self._letters), *layers])

    @property
    def _letters(self) -> dict[str, str]:
        """The letters of the axes; items that do not depend on each other have none."""
        if not self.axes:
            return {CLASS: KINDS[self.kind].letter}
        nodes = walk(self.graph)
        given = dict.fromkeys(axis for axes in self.axes.values() for axis in axes.split())
        made = made_from(nodes)
        letters = letters_of([*given, *self.lengths, *made], made)
        return letters if self.couples_items else letters | {ITEM: ""}


class Declared(TypedDict, total=False):
    """Declarations of a loss beside its task: attributes of ``Record`` with a default."""

    fits: tuple[Task, ...]
    counterpart: str
    compared: bool
    aliases: tuple[str, ...]
    references: tuple[str, ...]
    scores: tuple[Scores, ...]
    axes: Mapping[str, str]
    mask: str
    lengths: Mapping[str, Callable[..., int]]
    rules: tuple[Rule, ...]


def describe(kind: str, formula: Formula, task: Task = "regression", **declared: Unpack[Declared]) -> Record:
    """Make the record of a formula, without registering it."""
    check_is_plain(formula)
    record = Record(formula.__name__, kind, formula, task, **declared)
    for known in (task, *record.fits):
        if known not in TASKS:
            raise ArgumentError(f"{record.name}: there is no task {known!r}; it must be one of {', '.join(TASKS)}.")
    return record
