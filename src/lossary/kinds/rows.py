"""Losses of named axes whose items are rows, as losses over rows, whose kernels compute them."""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache

from lossary.catalogue.record import Record
from lossary.domains import Interval
from lossary.kinds.call import Call, as_tuple
from lossary.kinds.layout import layout_of
from lossary.kinds.program import CLASSES, Options, Program, Work, checked, embed
from lossary.symbolic.derivatives import gradient, lower
from lossary.symbolic.graph import (
    CLASS,
    ITEM,
    ROW,
    Axes,
    Node,
    axis,
    index,
    places,
    rebuilt,
    substitute,
    symbol,
    walk,
)
from lossary.symbolic.simplify import CLASS_INDEX
from lossary.symbolic.words import WORDS, equal, greatest, less, less_equal, pick, select, total, where
from lossary.symbolic.words.word import Along

__all__ = ["as_rows", "is_of_rows"]

NOTHING = Work()
TRIED = (*range(1, 100), 1000, 10**6)  # lengths of rows
REDUCTIONS, COMPARISONS = (total.name, greatest.name), (equal.name, less.name, less_equal.name)


@dataclass(frozen=True, eq=False)
class Form:
    """The record and the program of calls on rows, and what stands in their formulas for leaves of the others."""

    record: Record
    program: Program
    renamed: dict[Node, Node]
    done: dict[Node, Node] = field(default_factory=dict)

    def of_rows(self, formula: Node) -> Node:
        """Return a formula of named axes as one of rows; kernels' maxima pass over NaN, those of arrays do not."""
        if formula not in self.done:
            self.done[formula] = rebuilt(substitute(formula, self.renamed), _or_nan)
        return self.done[formula]


def is_of_rows(record: Record) -> bool:
    """Return True if a loss of named axes is one over rows."""
    return bool(record.axes) and _form(record, Options()) is not None


def as_rows(call: Call, work: Work = NOTHING) -> tuple[Call, Work]:
    """Return a call and its work as kernels of rows compute them; both as they are if the loss has no such form."""
    form = _form(call.record, call.options) if call.record.axes else None
    if form is None:
        return call, work
    (along,) = as_tuple(call.axis)
    rows = call.but(record=form.record, program=form.program, axis=along)
    sums, losses, gradients = (tuple(map(form.of_rows, one)) for one in (work.sums, work.losses, work.gradients))
    if call.options.guard:  # all of a wrong row is NaN, and not what depends on its value alone
        gradients = tuple(select(form.program.valid, one, math.nan) for one in gradients)
    return rows, replace(work, sums=sums, losses=losses, gradients=gradients)


def _or_nan(node: Node) -> Node:
    """Return a maximum, or NaN if any of the values is; other nodes as they are."""
    if node.word != greatest.name:
        return node
    value, along = node.arguments
    return where(equal(total(where(equal(value, value), 0.0, 1.0), along), 0.0), node, math.nan)


@cache
def _form(record: Record, options: Options) -> Form | None:
    """Return the form of calls on rows, if the loss has one."""
    along, program = _along(record), embed(record, options)
    formulas = [getattr(program, one.name) for one in fields(program)]
    slopes = gradient(program.loss, [argument.symbol for argument in record.predictions])
    nodes = walk(*map(lower, (*formulas, *slopes)))
    labels = [argument.domain for argument in record.arguments if argument.domain.index_of == along]
    if not along or not all(_is_of_rows(node, along, labels) for node in nodes):
        return None
    leaves = [node for node in nodes if node.word == "symbol"]
    renamed = {node: symbol(str(node.label), _renamed(node.axes, along)) for node in leaves}
    renamed |= {axis(along): axis(CLASS), index(along): CLASS_INDEX, places(along): CLASSES}
    renamed |= {places(name): CLASSES + more for name, more in _longer(record, along).items()}
    of_rows = Program(*(substitute(formula, renamed) for formula in formulas))
    return Form(replace(record, kind="row", axes={}), of_rows, renamed)


def _along(record: Record) -> str:
    """Return the axis that rows run along, if the loss has one beside the items, and one loss for each item; else "".

    The first array and all predictions vary along both, and dimensions have the same order in all arrays.
    """
    names, arrays = layout_of(record).names, list(layout_of(record).own.values())
    if len(names) != 2 or record.graph.axes != ROW or arrays[0] != names:
        return ""
    (along,) = {*names} - ROW
    in_order = all(own == tuple(name for name in names if name in own) for own in arrays)
    whole = all(argument.axes == {*names} for argument in record.predictions)
    return along if in_order and whole and len(_longer(record, along)) == len(record.lengths) else ""


def _longer(record: Record, along: str) -> dict[str, float]:
    """Return how much longer than a row the axes are that no array has, as far as that is one number for all rows."""
    found: dict[str, float] = {}
    for name, length in record.lengths.items():
        if {*inspect.signature(length).parameters} == {along}:
            more = {length(**{along: n}) - n for n in TRIED}
            found |= {name: float(*more)} if len(more) == 1 else {}
    return found


def _renamed(axes: Axes, along: str) -> Axes:
    return frozenset(CLASS if name == along else name for name in axes)


def _is_of_rows(node: Node, along: str, labels: Sequence[Interval]) -> bool:
    """Return True if kernels of rows have a word, of values along rows or for each of them.

    They address memory by a label that was checked, and by nothing else.
    """
    if node.is_axis:
        return node.label == along
    if not node.axes <= {ITEM, along}:
        return False
    if not node.arguments:
        return True
    if node.word == pick.name:
        return node.arguments[0].word == "symbol" and _is_place(node.arguments[1], labels)
    if index(along) in node.arguments and node.word not in COMPARISONS:
        return False  # it is an integer in kernels
    if node.word == equal.name and node.arguments[0] is index(along):
        return _is_place(node.arguments[1], labels)
    word = WORDS[node.word]
    return "llvm" in word.spelling and (word.along is Along.PLACE or node.word in REDUCTIONS)


def _is_place(node: Node, labels: Sequence[Interval]) -> bool:
    """Return True if a node is a label that was checked: a place of the row."""
    is_choice = node.word == select.name
    return is_choice and any(label.low >= 0 and node is checked(node.arguments[1], label) for label in labels)
