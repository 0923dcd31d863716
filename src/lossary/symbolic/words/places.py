"""Words that compare, move and accumulate places along an axis: pairs, orders, gathers, running sums, shifts.

An axis that a word makes has a name of its own: ``other_entry`` for the second place of a pair, ``sorted_entry`` for
places in order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

from lossary.errors import FormulaError
from lossary.symbolic.graph import SCALAR, Axes, Node, Value, as_node, axes_of, axis, constant, simplification
from lossary.symbolic.graph import index as index
from lossary.symbolic.graph import places as places
from lossary.symbolic.words.arithmetic import absolute, is_finite, maximum, square
from lossary.symbolic.words.conditions import equal, select, where
from lossary.symbolic.words.curvature import CONVEX_RISING
from lossary.symbolic.words.functions import exp, exp_fraction, log, log1p_fraction, sigmoid
from lossary.symbolic.words.notation import Binds, Notation
from lossary.symbolic.words.rows import pick, total
from lossary.symbolic.words.word import Along, Word, unmoved

# Reasons why these words lack what words of kernels have.
ARRAYS = {"spelling": "no kernel has it: it moves whole arrays", "curvature": "no formula of one row has it"}
UNBOUNDED = ARRAYS | {"range": "it depends on the number of places"}


def _arrays(template: str) -> dict[str, str]:
    return dict.fromkeys(("numpy", "torch", "jax"), template)


def average(value: Value, over: str) -> Node:
    """Return the mean over the places along an axis."""
    return total(value, over=over) / places(over)


@cache
def summed(value: Node) -> Node:
    """Return the sum over all axes along which a value varies."""
    for name in sorted(value.axes):
        value = total(value, over=name)
    return value


# --- pairs ---------------------------------------------------------------------------------------------------------


def _renamed(a: Node, old: Node, new: Node) -> Axes:
    return a.axes - {str(old.label)} | {str(new.label)}


renamed: Word = Word(
    "renamed", spelling=_arrays("swapaxes({0}, {1}, {2})"),
    push=lambda d, a, old, new: (renamed(d, old, new), None, None),
    pull=lambda g, a, old, new: (renamed(g, new, old), None, None),
    range=lambda a, old, new: a, latex=Notation("{0}", inside="{new}"), along=Along.ROW, axes=_renamed,
    is_view=True, without=ARRAYS,
)  # fmt: skip


def other(value: Value, over: str = "item", name: str = "") -> Node:
    """Return the value at another place along an axis, for pairs; that place lies along the axis ``other_...``."""
    return renamed(as_node(value), axis(over), axis(name or f"other_{over}"))


@simplification("renamed")
def rename_less(_: str, a: Node, old: Node, new: Node) -> Node | None:
    if old.label not in a.axes:
        return a
    if new.label in a.axes:
        raise FormulaError(f"a value varies along {new.label} already: other() needs another name=.")
    if a is index(str(old.label)):
        return index(str(new.label))
    return a.arguments[0] if a.word == "renamed" and a.arguments[1:] == (new, old) else None


# --- orders and gathers --------------------------------------------------------------------------------------------

order: Word = Word(  # where the least key is, the next, and so on
    "order", spelling=_arrays("swapaxes(argsort({0}, {1}), {1}, {2})"), push=unmoved, along=Along.ROW, axes=_renamed,
    latex=Notation(r"\operatorname{{argsort}}\left({0}\right)_{{{new}}}"), without=UNBOUNDED,
)  # fmt: skip
rank: Word = Word(  # the place of each key in their order, from 0
    "rank",
    spelling=_arrays("ranks({0}, {1})"),
    push=unmoved,
    along=Along.ROW,
    neutral=math.nan,
    without=UNBOUNDED,
    latex=Notation(r"\operatorname{{rank}}\left({0}\right)_{{{c}}}"),
)


def _scattered(a: Node, place: Node, at: Node, over: Node, gone: Node) -> Axes:
    return axes_of(a, place) - {str(gone.label)} | {str(over.label)}


scattered: Word = Word(  # at each place along ``over``, the sum of the values that name it, which lie along ``gone``
    "scattered", spelling=_arrays("scattered({0}, {1}, {2}, {3}, {4})"),
    push=lambda d, a, place, at, over, gone: (scattered(d, place, at, over, gone), None, None, None, None),
    pull=lambda g, a, place, at, over, gone: (pick(g, place, over), None, None, None, None),
    along=Along.ROW, axes=_scattered, without=UNBOUNDED,
)  # fmt: skip


def ordered(value: Value, by: Value, over: str) -> Node:
    """Return the values in the order of their keys, least first, along the axis ``sorted_...``."""
    return pick(as_node(value), order(as_node(by), axis(over), axis(f"sorted_{over}")), axis(over))


def made_from(nodes: Iterable[Node]) -> dict[str, str]:
    """Return, for each axis that a word of pairs or orders made, the axis whose places it has."""
    found: dict[str, str] = {}
    for node in nodes:
        if node.word in (renamed.name, order.name):
            old, new = (str(one.label) for one in node.arguments[1:])
            found.setdefault(new, found.get(old, old))
    return found


# --- running sums --------------------------------------------------------------------------------------------------


def _along_too(a: Node, *rest: Node) -> Axes:
    return axes_of(a, *rest) | {str(rest[-1].label)}


running_sum: Word = Word(
    "running_sum", spelling=_arrays("running_sum({0}, {1}, {2})"),
    push=lambda d, a, by, over: (running_sum(_everywhere(d, over), by, over), None, None),
    pull=lambda g, a, by, over: (running_sum(_everywhere(g, over), -by, over), None, None),
    along=Along.ROW, neutral=0.0, without=UNBOUNDED,
    latex=Notation(r"\sum_{{{c}^{{*}} {way} {c}}} {0}", Binds.PRODUCT, (Binds.PRODUCT,), inside="{c}^{{*}}"),
)  # fmt: skip


def cumulative(value: Node, over: str, from_end: bool = False) -> Node:
    """Return the sum of the values up to each place along an axis, itself included."""
    return running_sum(_everywhere(value, axis(over)), constant(-1.0 if from_end else 1.0), axis(over))


def _everywhere(d: Node, over: Node) -> Node:
    """Return a change at each place of an axis, which may be the same for all."""
    at = index(str(over.label))
    return d if over.label in d.axes else where(equal(at, at), d, math.nan)


def _push_displaced(d: Node, a: Node, fill: Node, by: Node, over: Node) -> tuple[Node | None, ...]:
    at_ends = None if fill.is_number() else displaced(_everywhere(constant(0.0), over), d, by, over)
    return displaced(_everywhere(d, over), 0.0, by, over), at_ends, None, None


def _pull_displaced(g: Node, a: Node, fill: Node, by: Node, over: Node) -> tuple[Node | None, ...]:
    spread = _everywhere(g, over)
    return displaced(spread, 0.0, -by, over), None if fill.is_number() else _outside(spread, by, over), None, None


def _outside(g: Node, by: Node, over: Node) -> Node:
    """Return a cotangent at the places that ``displaced`` filled, else 0."""
    filled = displaced(_everywhere(constant(0.0), over), 1.0, by, over)
    return select(0.5 < filled, g, 0.0)


displaced: Word = Word(  # what stands some places before; ``fill`` where nothing does
    "displaced", spelling=_arrays("displaced({0}, {1}, {2}, {3})"), push=_push_displaced, pull=_pull_displaced,
    range=lambda a, fill, by, over: a.joined(fill), along=Along.ROW, axes=_along_too, without=ARRAYS,
    latex=Notation("{0}", inside="{c} {shift}"),
)  # fmt: skip


def shifted(value: Node, over: str, by: int = 1, fill: Value = 0.0) -> Node:
    """Return what stands ``by`` places before along an axis; ``fill`` where nothing does."""
    return displaced(_everywhere(value, axis(over)), fill, constant(float(by)), axis(over))


def _pull_decayed(g: Node, a: Node, decay: Node, by: Node, over: Node) -> tuple[Node | None, ...]:
    back = decayed(_everywhere(g, over), displaced(decay, 0.0, -by, over), -by, over)
    return back, back * displaced(decayed(a, decay, by, over), 0.0, by, over), None, None


decayed: Word = Word(  # y = a + decay · (y one place before)
    "decayed", spelling=_arrays("decayed({0}, {1}, {2}, {3})"),
    push=lambda d, a, decay, by, over: (
        decayed(d, decay, by, over),
        decayed(d * displaced(decayed(a, decay, by, over), 0.0, by, over), decay, by, over), None, None,
    ),
    pull=_pull_decayed, along=Along.ROW, axes=_along_too, is_view=True, without=UNBOUNDED,
)  # fmt: skip


def _power(a: Node, b: Node) -> Node:
    """Return exp(a - b) for b >= a; 0 for a = -inf, whatever b is, and 1 for equal ones, infinite or not."""
    none, one = equal(a, -math.inf), equal(a, b)
    return where(none, 0.0, exp(where(none | one, 0.0, a) - where(none | one, 0.0, b)))


def _push_running(d: Node, a: Node, by: Node, over: Node) -> tuple[Node | None, ...]:
    y = running_log_sum_exp(a, by, over)
    before = displaced(y, -math.inf, by, over)
    return decayed(d * _power(a, y), _power(before, y), by, over), None, None


def _pull_running(g: Node, a: Node, by: Node, over: Node) -> tuple[Node | None, ...]:
    y = running_log_sum_exp(a, by, over)
    to_next = _power(y, displaced(y, math.inf, -by, over))
    return _power(a, y) * decayed(_everywhere(g, over), to_next, -by, over), None, None


running_log_sum_exp: Word = Word(
    "running_log_sum_exp", spelling=_arrays("running_log_sum_exp({0}, {1}, {2})"),
    push=_push_running, pull=_pull_running, along=Along.ROW, neutral=-math.inf, without=UNBOUNDED,
    latex=Notation(r"\log \sum_{{{c}^{{*}} {way} {c}}} e^{{{0}}}", Binds.PRODUCT, inside="{c}^{{*}}"),
)  # fmt: skip


def cumulative_log_sum_exp(value: Node, over: str, from_end: bool = False) -> Node:
    """Return the logarithm of the sum of the exponentials up to each place along an axis, itself included."""
    return running_log_sum_exp(_everywhere(value, axis(over)), constant(-1.0 if from_end else 1.0), axis(over))


def _log_add(a: Node, b: Node) -> Node:
    return maximum(a, b) + log1p_fraction(power_apart(a, b))


def power_apart(a: Node, b: Node) -> Node:
    """Return the lesser of exp(a) and exp(b) in units of the greater: exp(-|a - b|), 1 for equal infinities."""
    return exp_fraction(-absolute(_apart(a, b)))


def _apart(a: Node, b: Node) -> Node:
    """Return a - b; 0 for equal infinities."""
    return select(equal(a, b) & ~is_finite(a), 0.0, a - b)


def _value_of_log_add(a: float, b: float) -> float:
    return max(a, b) + math.log1p(math.exp(-abs(a - b) if a != b else 0.0))


log_add: Word = Word(  # log(exp(a) + exp(b)); -inf adds nothing
    "log_add", definition=_log_add,
    push=lambda d, a, b: (d * sigmoid(_apart(a, b)), d * sigmoid(-_apart(a, b))),  # of one exponential
    value=_value_of_log_add, curvature=(CONVEX_RISING, CONVEX_RISING), written=lambda a, b: log(exp(a) + exp(b)),
)  # fmt: skip


# --- what counts ---------------------------------------------------------------------------------------------------

counted: Word = Word(  # the loss of an item that has one under a condition only; without, it is as if it were masked
    "counted", definition=lambda condition, a: select(condition, a, 0.0),
    push=lambda d, condition, a: (None, counted(condition, d)), range=lambda _, a: a.joined(type(a)(0.0, 0.0)),
    written=lambda condition, a: a,
)  # fmt: skip

# --- words of printed code, which no formula has: see orders.py and products.py ------------------------------------


PRINTED = dict.fromkeys(("push", "range", "curvature"), "no formula has it, only printed code")

ascending: Word = Word(  # the least value, the next, and so on
    "ascending", push=None, spelling=_arrays("swapaxes(ascending({0}, {1}), {1}, {2})"), along=Along.ROW, axes=_renamed,
    without=ARRAYS | PRINTED,
)  # fmt: skip
restored: Word = Word(  # values in order, at the places ``over`` where they were before
    "restored", push=None, spelling=_arrays("restored({0}, {1}, {2}, {3})"), along=Along.ROW,
    axes=lambda a, place, over, gone: axes_of(a, place) - {str(gone.label)} | {str(over.label)},
    without=ARRAYS | PRINTED,
)  # fmt: skip


def _contraction(a: Node, b: Node, over: Node) -> Node:
    return total(a * b, over)


contraction: Word = Word(  # the sum of the products of two arrays, of which neither has all axes of the other
    "contraction", definition=_contraction, push=None, along=Along.REDUCED,
    spelling=_arrays("contraction({0}, {1}, {2})"),
    without=PRINTED,
)  # fmt: skip


def _squared_distances(a: Node, b: Node, over: Node) -> Node:
    return total(square(a - b), over)


count: Word = Word(  # how many places there are along an axis of an array
    "count", push=None, spelling=_arrays("({0}).shape[{1}]"), along=Along.REDUCED, axes=lambda a, over: SCALAR,
    without=ARRAYS | PRINTED,
)  # fmt: skip
centre: Word = Word(  # a number among the values along an axis, in their middle
    "centre", push=None, spelling=_arrays("centre({0}, {1})"), along=Along.REDUCED, without=ARRAYS | PRINTED
)
squared_distances: Word = Word(  # of all pairs, by products
    "squared_distances", definition=_squared_distances, push=None, along=Along.REDUCED,
    spelling=_arrays("squared_distances({0}, {1}, {2})"),
    without=PRINTED,
)  # fmt: skip
