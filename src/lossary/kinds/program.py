"""Programs of calls, as graphs: the weighted loss of each item, its weight, and a condition that its input is valid.

An item is an element of a pointwise loss, a row of a loss over classes, a pool of an overlap loss. Labels and what
keywords change are part of the graph, so every derivative and every kernel has them. The stages of the given keywords'
rows are applied here; see catalogue/keyword.py.
"""

from __future__ import annotations

import inspect
import math
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, reduce
from typing import NamedTuple, TypeVar

from lossary.catalogue.keyword import Keyword
from lossary.catalogue.record import Argument, Record, Rule
from lossary.domains import Interval
from lossary.frameworks.face import Array
from lossary.kinds.regions import sums_of
from lossary.symbolic import graph
from lossary.symbolic.graph import (
    ELEMENT,
    ROW,
    SCALAR,
    Axes,
    Node,
    Value,
    apply,
    as_node,
    axis,
    constant,
    rebuilt,
    substitute,
    symbol,
)
from lossary.symbolic.masks import restricted
from lossary.symbolic.simplify import CLASS_INDEX
from lossary.symbolic.words import absolute, clip, equal, floor, guard, is_finite, select, total, weighted, where
from lossary.symbolic.words.forms import SUM_TOLERANCE

__all__ = [
    "CLASSES",
    "LABEL",
    "SCALE",
    "SUM_TOLERANCE",
    "TARGET",
    "Measured",
    "Options",
    "Program",
    "Requirement",
    "Work",
    "axes_of_keyword",
    "change_summands",
    "checked",
    "counted_places",
    "embed",
    "item_axes",
    "of_regions",
    "requirements",
    "sum_tolerance",
    "usable",
    "weights_of",
]

T = TypeVar("T", float, Node)
TRUE = constant(1.0)
SCALE = "_scale"  # the factor of the gradients, as a number of their formulas
TOLERANCE = symbol("_tolerance", SCALAR)  # a few eps of the inputs
LABEL, CLASSES, TARGET = symbol(graph.LABEL, ROW), symbol("_classes", SCALAR), symbol("target")
# What each class adds to SUM_TOLERANCE: the rounding of an addition in float32, and in float16 where it has few bits
# left.
SUM_ROUNDING = 2.0**-24


@dataclass(frozen=True)
class Options:
    """The parts of a call that change its program."""

    free: frozenset[str] = frozenset()  # parameters that are not at their default
    given: tuple[Keyword, ...] = ()  # keywords that are symbols of the program, in the order of their table
    unseen: frozenset[str] = frozenset()  # parameters and class weights whose values could not be checked
    labels: bool = False  # integer labels, not a probability for each class
    guard: bool = False  # a wrong item is NaN, for where its values cannot be seen


@dataclass(frozen=True)
class Program:
    """The formulas of a call, one value an item; loss and weight are 0 where an item does not count."""

    loss: Node
    weight: Node
    count: Node
    live: Node  # the condition that it counts
    places: Node  # the condition that a place counts, of those that the item is made of
    valid: Node  # the condition that its input is valid
    traced: Node  # the loss, for a framework to differentiate as often as it likes


@dataclass(frozen=True)
class Work:
    """The outputs to compute of a call in one pass."""

    sums: tuple[Node, ...] = ()  # each over all items
    losses: tuple[Node, ...] = ()  # arrays of one value an item
    gradients: tuple[Node, ...] = ()  # arrays of one value an element, times ``scale``
    scale: Array | float = 1.0
    divided_by: float = 1.0  # the scale's denominator
    out: tuple[Array, ...] = ()  # to write the gradients into
    wrt: tuple[str, ...] = ()  # of scores, the arrays that the gradients are taken in
    in_place: bool = False  # gradients may be written over the predictions, which nobody else needs
    unless: tuple[Array | float, ...] = ()  # two numbers: if they are equal, ``out`` holds the gradients already

    @property
    def nodes(self) -> tuple[Node, ...]:
        return (*self.sums, *self.losses, *self.gradients)

    @property
    def factor(self) -> Array | float:
        """The factor of the gradients."""
        return self.scale if self.divided_by == 1 else self.scale / self.divided_by


class Measured(NamedTuple):
    """The outputs that ``Work`` asked for."""

    sums: list[Array | float]
    losses: list[Array]
    gradients: list[Array]
    suspect: bool = False  # some item may be invalid


def item_axes(record: Record) -> Axes:
    """Where weights and masks vary: over rows for a loss over classes, over the items of named axes, else elements."""
    return record.graph.axes if record.axes else ROW if record.by_row else ELEMENT


@cache
def embed(record: Record, options: Options, part: Node | None = None) -> Program:
    """Make the program of a loss, for calls with these options; or that of one of the sums that it is a formula of."""
    weight = reduce(operator.mul, (factor for _, factor in weights_of(record, options)), constant(1.0))
    places = counted_places(record, options)
    counted = present = _anywhere(places, item_axes(record))
    live = counted if weight.is_number() else counted & (0.0 < weight)
    valid = _valid(record, options, weight, places)

    def weigh(value: Node) -> Node:
        return select(live, weight * value, 0.0)

    loss, own_weight = _unweighted(record, options, record.whole if part is None else part)
    if record.axes:
        places = places if weight.is_number() or not record.couples_items else places & (0.0 < weight)
        loss = _without_masked(record, loss, places)
        if not live.is_number():
            loss = _only_live(record, loss, live)
        if loss.word == "counted":
            has_one, loss = loss.arguments
            counted = live = live & has_one  # one of weight 0 is in no pair, and has no loss
    else:
        places = live
    if record.by_region:
        loss, weight_out, count = change_summands(loss, weigh), constant(1.0), constant(1.0)
    else:
        loss = weigh(loss) if part is None else select(live, loss, 0.0)  # the weight of the only loss cancels
        weight_out, count = weigh(own_weight), select(counted, 1.0, 0.0)
    if options.guard:
        parameters, classes = (_all_inside(record, one, live) for one in _unseen(record, options))
        loss = guard(valid & parameters & classes, loss)
        if not weight_out.is_number():  # lest a batch that is all wrong weighs nothing, and its mean is 0
            weight_out = guard((valid if own_weight.axes else ~present | usable(weight)) & classes, weight_out)
    # The second derivative in a class's weight and a row's logits is a sum over rows, of those that do not count, too.
    is_sum = any(row.divides for row in options.given) and not live.is_number()
    traced = _only_live(record, loss, live) if is_sum else loss
    return Program(loss, weight_out, count, live, places, valid, traced)


@cache
def of_regions(record: Record, options: Options) -> tuple[Node, ...]:
    """Return the number of places of a region that count, 1 if all do, and the sums that its loss is a formula of."""
    program = embed(record, options)
    counted = select(program.live & program.places, 1.0, 0.0)
    number = reduce(total, map(axis, sorted(counted.axes - record.whole.axes)), counted)
    number = guard(program.valid, number) if options.guard else number
    return number, *(embed(record, options, part).loss for part in sums_of(record, options.free).sums)


def _without_masked(record: Record, loss: Node, places: Node) -> Node:
    """The loss of the places that count, along the axes of the mask and, where items are coupled, along the items."""
    along = places.axes - ROW | (places.axes & ROW if record.couples_items else SCALAR)
    fill = {argument.symbol: argument.domain.inside for argument in record.arguments if along & argument.axes}
    return restricted(loss, places, along, fill) if along else loss


def _only_live(record: Record, loss: Node, live: Node) -> Node:
    """The loss of items that count; of others, that of numbers inside the domains, whose slopes are finite."""
    own = [argument for argument in record.arguments if live.axes <= argument.axes]
    return substitute(loss, {a.symbol: select(live, a.symbol, a.domain.inside) for a in own})


def weights_of(record: Record, options: Options) -> Iterator[tuple[str, Node]]:
    """Yield the factors of an item's weight, each with the name of its keyword."""
    yield from ((row.name, row.weighs(_own(row, record))) for row in options.given if row.weighs)


def counted_places(record: Record, options: Options) -> Node:
    """The condition that an item counts, whatever its weight; with a mask inside the items, a place of one."""
    return reduce(operator.and_, (row.counts(_own(row, record)) for row in options.given if row.counts), TRUE)


def _own(row: Keyword, record: Record) -> Node:
    """The symbol of a keyword."""
    return symbol(row.name, axes_of_keyword(row, record))


def axes_of_keyword(row: Keyword, record: Record) -> Axes:
    """Where a keyword varies: along its own axes, or as items do; of a loss of named axes, a mask as declared."""
    if row.axes is not None:
        return row.axes
    return frozenset(record.mask.split()) if record.axes and row.counts else item_axes(record)


def _unweighted(record: Record, options: Options, loss: Node) -> tuple[Node, Node]:
    """The loss of an item, and its weight in the mean's denominator."""
    weight = constant(1.0)
    for row in options.given:
        loss = row.loss(_own(row, record), loss) if row.loss else loss
        weight = weight * row.divides(_own(row, record)) if row.divides else weight
    given: dict[Node, Node] = {
        a.symbol: clip(a.symbol, a.domain.low, a.domain.high) for a in record.inner.arguments if a.domain.rounds
    }
    given |= {  # nothing is looked up at a place that does not exist
        a.symbol: checked(a.symbol, a.domain) for a in record.arguments if a.domain.index_of
    }
    given |= _parameters(record, options)
    given[TARGET] = _target(record, options, given.get(TARGET, TARGET))
    return substitute(loss, given), substitute(weight, given)


def checked(label: Node, domain: Interval) -> Node:
    """Return a label, or, instead of one that is no place, a place that exists."""
    return where(_is_whole(domain, label), label, domain.inside)


def _target(record: Record, options: Options, target: Node) -> Node:
    """The target of an element, or of each class of a row."""
    if options.labels:
        own_class = equal(CLASS_INDEX, apply("safe_label", _is_label(), LABEL))
        target = where(own_class, 1.0, 0.0)
    for row in options.given:
        target = row.target(_own(row, record), target) if row.target else target
    return target


def change_summands(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return ``node`` with the summands of its sums changed."""
    return rebuilt(
        node, lambda part: total(change(part.arguments[0]), part.arguments[1]) if part.word == "total" else part
    )


def _is_label() -> Node:
    return (0.0 <= LABEL) & (LABEL < CLASSES)


@dataclass(frozen=True)
class Requirement:
    """A condition that an argument has to meet, at each place that counts."""

    name: str
    condition: Node
    domain: Interval | None  # None: a label, one of the classes
    of_rows: bool = False  # it is about the sum of each row
    otherwise: str = ""  # what is wrong where it does not hold, for one beside the domain


def requirements(record: Record, options: Options) -> list[Requirement]:
    """List the conditions that the arguments of a call have to meet."""
    found = []
    given = {argument.name for argument in record.arguments}
    for argument in record.inner.arguments:
        if argument.name not in given:  # scores are computed, and not checked
            continue
        if argument.role == "target" and options.labels:
            found.append(Requirement("target", _is_label(), None))
            continue
        found.append(Requirement(argument.name, _inside(argument), argument.domain))
        if argument.domain.sums_to_one:
            found.append(Requirement(argument.name, _sums_to_one(argument), argument.domain, of_rows=True))
    return found + [_ruled(record, options, rule) for rule in record.rules]


def _ruled(record: Record, options: Options, rule: Rule) -> Requirement:
    """Return what a rule requires of a call."""
    known = {one.name: one for one in record.numbers}
    symbols = (known[name].symbol for name in inspect.signature(rule.holds).parameters)
    condition = substitute(as_node(rule.holds(*symbols)), _parameters(record, options))
    return Requirement(rule.name, condition, known[rule.name].domain, otherwise=rule.otherwise)


def _parameters(record: Record, options: Options) -> dict[Node, Node]:
    """Return what parameters are in a program: their defaults, or symbols that vary as items do."""
    by_item = ROW if record.by_region else item_axes(record)
    return {
        p.symbol: symbol(p.name, by_item) if p.name in options.free else constant(p.default) for p in record.parameters
    }


def _valid(record: Record, options: Options, weight: Node, places: Node) -> Node:
    """The condition that an item's input is valid where it counts."""
    each = item_axes(record)
    counted, inner = _anywhere(places, each), ~places if places.axes - each else constant(0.0)
    conditions = [inner | requirement.condition for requirement in requirements(record, options)]
    inside = reduce(operator.and_, (_everywhere(condition, each) for condition in conditions), TRUE)
    if not weight.is_number():
        inside = usable(weight) & (equal(weight, 0.0) | inside)
    valid = ~counted | inside
    return _everywhere(valid, ROW if record.by_region else SCALAR if record.couples_items else each)


def _unseen(record: Record, options: Options) -> tuple[list[tuple[Node, Interval]], list[tuple[Node, Interval]]]:
    """Return the parameters, and the class weights, that could not be checked before the call."""
    each = ROW if record.by_region else item_axes(record)
    parameters = [(symbol(p.name, each), p.domain) for p in record.parameters if p.name in options.unseen]
    rows = [row for row in options.given if row.name in options.unseen]
    return parameters, [(_own(row, record), row.domain) for row in rows if row.domain]


def _all_inside(record: Record, unseen: list[tuple[Node, Interval]], live: Node) -> Node:
    """The condition that what could not be checked lies in its domain, where an item counts."""
    if not unseen:
        return TRUE
    each = ROW if record.by_region else item_axes(record)
    conditions = [_everywhere(_contains(domain, value), each) for value, domain in unseen]
    return ~_anywhere(live, each) | reduce(operator.and_, conditions)


def _contains(domain: Interval, value: Node) -> Node:
    """The condition that a parameter lies in its domain: what ``Interval.contains`` says of a number."""
    if domain.whole:
        return _is_whole(domain, value)
    inside = (domain.low <= value) if domain.includes_low else (domain.low < value)
    inside = inside & is_finite(value) & ~(domain.high < value)
    ends = {-math.inf: domain.takes_minus_infinity, math.inf: domain.takes_infinity}
    return reduce(operator.or_, (equal(value, end) for end, is_taken in ends.items() if is_taken), inside)


def usable(weight: Node) -> Node:
    """The condition that a weight is finite and not negative."""
    return is_finite(weight) & (0.0 <= weight)


def _inside(argument: Argument) -> Node:
    """The condition that a value lies in its domain. NaN and infinite targets do not; predictions may be both."""
    value, domain = argument.symbol, argument.domain
    if domain.whole:
        return _is_whole(domain, value)
    slack: Value = TOLERANCE if domain.rounds else 0.0
    if argument.role == "target" and math.isfinite(domain.low) and math.isfinite(domain.high) and domain.includes_low:
        return (domain.low - slack <= value) & (value <= domain.high + slack)  # which is false of NaN
    inside = is_finite(value) if argument.role == "target" else TRUE
    if math.isfinite(domain.low):
        inside = inside & ~(value < domain.low - slack if domain.includes_low else value <= domain.low)
    return inside & ~(domain.high + slack < value) if math.isfinite(domain.high) else inside


def _is_whole(domain: Interval, value: Node) -> Node:
    """The condition that a value is one of the whole numbers of a domain; NaN is none."""
    high: Value = graph.places(domain.index_of) - 1.0 if domain.index_of else domain.high
    return (domain.low <= value) & (value <= high) & equal(value, floor(value))


def _anywhere(condition: Node, kept: Axes) -> Node:
    """The condition that a condition holds in some place along the axes that are not kept."""
    return ~_everywhere(~condition, kept) if condition.axes - kept else condition


def _everywhere(condition: Node, kept: Axes) -> Node:
    """The condition that a condition holds in all places along all axes but those that are kept."""
    gone = sorted(condition.axes - kept)
    return equal(reduce(total, map(axis, gone), where(condition, 0.0, 1.0)), 0.0) if gone else condition


def _sums_to_one(argument: Argument) -> Node:
    """The condition that a row of probabilities, clipped as the loss takes them, sums to 1. It holds for NaN.

    The gradient of a cross-entropy has the same sum, weighted by -1: a kernel computes it once.
    """
    row = clip(argument.symbol, argument.domain.low, argument.domain.high)
    slack: Node = sum_tolerance(CLASSES)
    return ~(slack < absolute(total(weighted(row, -1.0)) + 1.0))


def sum_tolerance(classes: T) -> T:
    """Return how far the sum of a row of probabilities may be from 1."""
    return SUM_TOLERANCE + SUM_ROUNDING * classes
