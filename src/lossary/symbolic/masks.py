"""Masks inside formulas: what runs along an axis runs over the places that count, as if there were no others.

A sum gains nothing from a place that is masked, a maximum never is there, an order puts it last. Each word that can
leave places out has its ``neutral`` value.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from lossary.errors import FormulaError
from lossary.symbolic.graph import Node, apply, axis, constant, index, places, walk
from lossary.symbolic.recurrence import held, states
from lossary.symbolic.words import WORDS, equal, order, pick, renamed, select, total
from lossary.symbolic.words.places import displaced

__all__ = ["restricted"]

Live = dict[str, Node]  # for axes, the condition that a place counts


def restricted(formula: Node, counts: Node, along: Collection[str], fill: Mapping[Node, float]) -> Node:
    """Return a formula over the places that count, of those along some axes.

    The arrays that vary along these axes have the values ``fill`` elsewhere, so that NaN there does no harm.
    """
    live = dict.fromkeys(along, counts)
    kept = {a: select(counts, a, value) for a, value in fill.items() if counts.axes <= a.axes}
    done: dict[Node, Node] = {}
    for part in walk(formula):
        arguments = [done[argument] for argument in part.arguments]
        done[part] = _restricted(part, arguments, live) if arguments else kept.get(part, _counted(part, live))
    return done[formula]


def _counted(leaf: Node, live: Live) -> Node:
    """Return the number of the places that count for the number of all places; other leaves as they are."""
    for name, counts in live.items():
        if leaf is places(name):
            return _number(counts, name)
    return leaf


def _number(counts: Node, name: str) -> Node:
    return total(select(counts, 1.0, 0.0), axis(name))


def _restricted(node: Node, arguments: list[Node], live: Live) -> Node:
    """Return a word of arguments that are restricted already."""
    over = next((str(one.label) for one in arguments if one.is_axis and one.label in live), "")
    if not over or node.word == pick.name:
        return apply(node.word, *arguments)
    counts, value = live[over], arguments[0]
    if node.word == states.name:
        return held(node, arguments, counts)
    if node.word in (renamed.name, order.name):
        new = str(arguments[2].label)
        if node.word == renamed.name:
            live[new] = 0.5 < renamed(select(counts, 1.0, 0.0), *arguments[1:])
            return apply(node.word, *arguments)
        in_order = apply(node.word, _last(counts, value), *arguments[1:])
        live[new] = _first(counts, value, over, new)
        return in_order
    return apply(node.word, select(counts, value, _neutral(node, over)), *arguments[1:])


def _last(counts: Node, key: Node) -> Node:
    """Return keys of which those that are masked come last, after those that are infinite."""
    return select(counts, key, math.nan)


def _first(counts: Node, key: Node, over: str, new: str) -> Node:
    """Return the condition for places in order: the first ones count. After a key that is NaN, all do."""
    poisoned = select(counts, select(equal(key, key), 1.0, math.nan), 0.0)
    return ~(total(poisoned, axis(over)) <= index(new))


def _neutral(node: Node, over: str) -> Node:
    """Return the value of a place that is as if it were not there."""
    if node.word == displaced.name and over.startswith("sorted_"):  # what counts comes first
        return node.arguments[1]
    neutral = WORDS[node.word].neutral
    if neutral is None:
        raise FormulaError(f"{node.word} cannot leave out what a mask removes along {over}.")
    return constant(neutral)
