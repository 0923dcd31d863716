"""Derivatives of formulas, as formulas.

Three directions share the vocabulary's rules: ``tangent`` carries changes of the symbols forward to the output,
``gradient`` carries one change of the output back to the symbols, and ``curvature`` differentiates a gradient at each
place of a row by the value at the same place (the diagonal of the Hessian), whatever way the change takes.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from functools import cache, reduce

from lossary.errors import FormulaError
from lossary.symbolic.graph import ROW_WORDS, Level, Node, apply, constant, substitute, symbol, walk
from lossary.symbolic.simplify import COUPLED, is_own_class
from lossary.symbolic.words import WORDS, Push, guard, product, select, softmax, sum_over, total

__all__ = ["along", "curvature", "gradient", "lower", "pulled", "pushed"]

NO_OTHERS: Mapping[str, Callable[..., Node]] = {}


@cache
def pushed(output: Node, symbols: tuple[Node, ...], moving: tuple[int, ...]) -> tuple[Node, tuple[Node, ...]]:
    """Forward mode: the output's change when some inputs change, and the symbols that it is computed from."""
    changes = tuple(symbol(f"change_{len(symbols)}_{i}", symbols[i].level) for i in moving)
    moved = along(output, {symbols[i]: change for i, change in zip(moving, changes, strict=True)})
    return moved, (*symbols, *changes)


@cache
def pulled(output: Node, symbols: tuple[Node, ...], i: int) -> tuple[Node, tuple[Node, ...]]:
    """Reverse mode: one input's cotangent from the output's, and the symbols that it is computed from."""
    change = symbol(f"change_{len(symbols)}", output.level)
    return _cotangent(output, symbols[i], change), (*symbols, change)


def _cotangent(output: Node, wrt: Node, change: Node) -> Node:
    """What a change of the output is for one symbol: by the gradient, of which a change of 0 takes no infinity.

    Nor does a gradient of 0 take one of the change, as where an infinite derivative is differentiated.
    """
    if output.word == "guard":
        valid, inside = output.arguments
        return guard(valid, _cotangent(inside, wrt, change))
    if has_slope(output, wrt):
        return product(change, _slope(output, wrt))
    return gradient(output, [wrt], change)[0]


def _slope(output: Node, wrt: Node) -> Node:
    """How the output depends on a symbol; of one number on another forward, as the output itself is computed.

    Backward, what differences leave of large numbers would be lost beside them.
    """
    one_to_one = not (output.level | wrt.level) & Level.COLUMN
    return tangent(output, {wrt: constant(1.0)}) if one_to_one else gradient(output, [wrt])[0]


def tangent(output: Node, changes: dict[Node, Node]) -> Node:
    """The change of ``output`` when symbols change by ``changes``."""

    def forward(node: Node, i: int, change: Node) -> Node | None:
        if node.word in ROW_WORDS and WORDS[node.word].pull is None:
            return apply(node.word, change, *node.arguments[1:]) if i == 0 else None
        return _rule(node, WORDS[node.word].push)(change, *node.arguments)[i]

    return _push_forward(output, changes, forward)


def along(output: Node, changes: dict[Node, Node]) -> Node:
    """The same by the gradient, where there is one: it is exact where rule after rule meets infinities."""
    if output.word == "guard":
        valid, inside = output.arguments
        return guard(valid, along(inside, changes))
    sloped = [wrt for wrt in changes if has_slope(output, wrt)]
    moved = tangent(output, {wrt: change for wrt, change in changes.items() if wrt not in sloped})
    for wrt in sloped:
        change = product(changes[wrt], _slope(output, wrt))
        moved = moved + (total(change) if is_summed(output, wrt) else change)
    return moved


def has_slope(output: Node, wrt: Node) -> bool:
    """Whether a change of the output is that of a symbol, times a slope: place by place, or summed over a row.

    It is not where the output is a row, and a symbol reaches all of it: by one value, or by a word that couples the
    places of a row (a softmax).
    """
    if not output.level & Level.COLUMN:
        return True
    return wrt.level != Level.ROW and not any(node.word in COUPLED for node in _dependents(output, [wrt]))


def is_summed(output: Node, wrt: Node) -> bool:
    """Whether the output is one value of a row along which a symbol varies."""
    return bool(wrt.level & Level.COLUMN) and not output.level & Level.COLUMN


def curvature(slope: Node, wrt: Node) -> Node:
    """How ``slope`` changes at each place with the value of ``wrt`` at that place alone."""

    def own_place(node: Node, i: int, change: Node) -> Node | None:
        word = WORDS[node.word]
        if node.word in ROW_WORDS:  # one place reaches it through all
            return gradient(node, [wrt])[0] if i == 0 else None
        if word.own:
            return word.own(change, _elsewhere(node.arguments[0], wrt, change), *node.arguments)[i]
        return _rule(node, word.push)(change, *node.arguments)[i]

    return _push_forward(slope, {wrt: constant(1.0)}, own_place)


def gradient(output: Node, wrt: Iterable[Node], change: Node | None = None) -> list[Node]:
    """How ``output`` depends on each symbol, times ``change`` of the output (1 unless given)."""
    if output.word == "guard":  # stays outermost: what is wrong is NaN in every derivative
        valid, inside = output.arguments
        return [guard(valid, part) for part in gradient(inside, wrt, change)]
    if (selected := _selected(output)) and _row_by_row(output, selected[0]):
        condition, truth, inside = selected
        return [_select(condition, truth, part) for part in gradient(inside, wrt, change)]
    found = {output: constant(1.0) if change is None else change}
    needed = _dependents(output, wrt)
    for node in reversed(walk(output)):
        if node in found and node in needed and node.arguments:
            word = WORDS[node.word]
            parts = _rule(node, word.pull or word.push)(found[node], *node.arguments)
            for argument, part in zip(node.arguments, parts, strict=True):
                if part is not None and argument in needed:
                    part = _at_level(part, node, argument)
                    found[argument] = found[argument] + part if argument in found else part
    return [found.get(one, constant(0.0)) for one in wrt]


def _selected(node: Node) -> tuple[Node, bool, Node] | None:
    """A condition, the truth of it without which a node is 0, and the node with it, if it is such a choice."""
    if node.word != "where":
        return None
    condition, a, b = node.arguments
    if not is_own_class(condition) and b.is_number(0.0):
        return condition, True, a
    if not is_own_class(condition) and a.is_number(0.0):
        return condition, False, b
    parts = _selected(a), _selected(b)
    if parts[0] and parts[1] and parts[0][:2] == parts[1][:2]:
        return *parts[0][:2], select(condition, parts[0][2], parts[1][2])
    return None


def _row_by_row(node: Node, condition: Node) -> bool:
    """Whether a condition is the same for all that a value is computed from.

    Then it is chosen once more, after everything: a NaN that is not looked at meets no product with 0.
    """
    return not condition.level & Level.COLUMN or not any(part.word in COUPLED for part in walk(node))


def _select(condition: Node, truth: bool, node: Node) -> Node:
    """A node where a condition has a truth, else 0; a choice by class stays outermost."""
    if node.word == "where" and is_own_class(node.arguments[0]):
        return select(node.arguments[0], *(_select(condition, truth, branch) for branch in node.arguments[1:]))
    return select(condition, node, 0.0) if truth else select(condition, 0.0, node)


def lower(node: Node, instead: Mapping[str, Callable[..., Node]] = NO_OTHERS, spelt: Container[str] = ()) -> Node:
    """``node`` in words that a target spells; ``instead`` are its own definitions, ``spelt`` words of its own."""
    while any(part.arguments and WORDS[part.word].definition and part.word not in spelt for part in walk(node)):
        done: dict[Node, Node] = {}
        for part in walk(node):
            same = substitute(part, {argument: done[argument] for argument in part.arguments})
            defined = same.arguments and same.word not in spelt
            definition = instead.get(same.word, WORDS[same.word].definition) if defined else None
            done[part] = definition(*same.arguments) if definition else same
        node = done[node]
    return node


def _push_forward(output: Node, changes: dict[Node, Node], rule: object) -> Node:
    changed = dict(changes)
    for node in walk(output):
        parts = [rule(node, i, changed[a]) for i, a in enumerate(node.arguments) if a in changed]  # type: ignore[operator]
        parts = [part for part in parts if part is not None]
        if parts:
            changed[node] = reduce(lambda a, b: a + b, parts)
    return changed.get(output, constant(0.0))


def _elsewhere(logits: Node, wrt: Node, change: Node) -> Node:
    """How a place of ``wrt`` moves the mean of the logits through all places but its own."""
    if not any(part.word in COUPLED for part in _dependents(logits, [wrt])):
        return constant(0.0)
    return gradient(logits, [wrt], softmax(logits))[0] - softmax(logits) * change


def _rule(node: Node, rule: Push | None) -> Push:
    if rule is None:
        raise FormulaError(f"{node.word} has no derivative rule.")
    return rule


def _dependents(output: Node, symbols: Iterable[Node]) -> set[Node]:
    """What of ``output`` is computed from any of the symbols, themselves included."""
    found = set(symbols)
    for node in walk(output):
        if not found.isdisjoint(node.arguments):
            found.add(node)
    return found


def _at_level(part: Node, node: Node, argument: Node) -> Node:
    """What reaches one value a row is summed over the row; what is broadcast further is summed by the caller."""
    is_row = argument.level & Level.ROW or argument.word in ROW_WORDS
    needs_total = node.level & Level.COLUMN and not argument.level & Level.COLUMN and is_row
    return sum_over(node, part) if needs_total else part
