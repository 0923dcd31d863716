"""Derivatives of formulas, as formulas.

``tangent`` is forward mode: it carries changes of the symbols to the output. ``gradient`` is reverse mode: it carries
a change of the output back to the symbols. ``curvature`` is the diagonal of the Hessian: it differentiates a gradient
at each place of a row in the value at the same place. All three use the derivative rules of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, reduce

from lossary.errors import FormulaError
from lossary.symbolic.graph import ROW, Axes, Node, axis, constant, crossed, rebuilt, symbol, walk
from lossary.symbolic.simplify import is_own_class
from lossary.symbolic.words import WORDS, Push, guard, product, select, softmax, sum_over, total
from lossary.symbolic.words.word import Along

__all__ = ["along", "curvature", "gradient", "lower", "pulled", "pushed"]

Rule = Callable[[Node, int, Node], Node | None]
NO_DEFINITIONS: Mapping[str, Callable[..., Node]] = {}


@cache
def pushed(output: Node, symbols: tuple[Node, ...], moving: tuple[int, ...]) -> tuple[Node, tuple[Node, ...]]:
    """Return the tangent of ``output`` when the symbols at ``moving`` change, and the symbols it is computed from."""
    changes = tuple(symbol(f"change_{len(symbols)}_{i}", symbols[i].axes) for i in moving)
    moved = along(output, {symbols[i]: change for i, change in zip(moving, changes, strict=True)})
    return moved, (*symbols, *changes)


@cache
def pulled(output: Node, symbols: tuple[Node, ...], i: int) -> tuple[Node, tuple[Node, ...]]:
    """Return the cotangent of symbol ``i`` from the output's, and the symbols it is computed from."""
    change = symbol(f"change_{len(symbols)}", output.axes)
    return _cotangent(output, symbols[i], change), (*symbols, change)


def _cotangent(output: Node, wrt: Node, change: Node) -> Node:
    """Return the cotangent of ``wrt`` for the cotangent ``change`` of the output.

    It is gradient · change where that is possible, and 0 where either is 0, also if the other is infinite.
    """
    if output.word == "guard":
        valid, inside = output.arguments
        return guard(valid, _cotangent(inside, wrt, change))
    if has_slope(output, wrt):
        return product(change, _slope(output, wrt))
    return gradient(output, [wrt], change)[0]


def _slope(output: Node, wrt: Node) -> Node:
    """Return the derivative of the output in a symbol: forward between single numbers, else backward.

    Forward mode adds in the order of the output itself, which keeps small differences of large numbers.
    """
    one_to_one = wrt.axes <= output.axes <= ROW
    return tangent(output, {wrt: constant(1.0)}) if one_to_one else gradient(output, [wrt])[0]


def tangent(output: Node, changes: dict[Node, Node]) -> Node:
    """Return the change of ``output`` when symbols change by ``changes``, rule by rule."""

    def forward(node: Node, i: int, change: Node) -> Node | None:
        return _rule(node, WORDS[node.word].push)(change, *node.arguments)[i]

    return _push_forward(output, changes, forward)


def along(output: Node, changes: dict[Node, Node]) -> Node:
    """Return ``tangent`` as gradient · change where possible: exact where single rules meet infinities."""
    if output.word == "guard":
        valid, inside = output.arguments
        return guard(valid, along(inside, changes))
    sloped = [wrt for wrt in changes if has_slope(output, wrt)]
    moved = tangent(output, {wrt: change for wrt, change in changes.items() if wrt not in sloped})
    for wrt in sloped:
        change = product(changes[wrt], _slope(output, wrt))
        for name in sorted(wrt.axes - output.axes):
            change = total(change, axis(name))
        moved = moved + change
    return moved


def has_slope(output: Node, wrt: Node) -> bool:
    """Return whether the output's change is a symbol's change times a slope, summed over axes that the output lacks.

    It is not if one value of the symbol reaches several places of the output: because it is one value for a row, or
    through a word that runs along an axis of the output, such as a softmax.
    """
    if wrt.axes == ROW and not output.axes <= ROW:
        return False
    return output.axes.isdisjoint(crossed(_dependents(output, [wrt])))


@cache
def curvature(slope: Node, wrt: Node) -> Node:
    """Return the derivative of ``slope`` at each place in the value of ``wrt`` at that place alone."""

    def same_place(node: Node, i: int, change: Node) -> Node | None:
        word = WORDS[node.word]
        if word.along is Along.REDUCED:  # a reduction depends on each place by its gradient
            return gradient(node, [wrt])[0] if i == 0 else None
        if word.diagonal:
            return word.diagonal(change, _elsewhere(node, wrt, change), *node.arguments)[i]
        if node.couples:
            raise FormulaError(f"{node.word} has no rule for the diagonal of a Hessian.")
        return _rule(node, word.push)(change, *node.arguments)[i]

    return _push_forward(slope, {wrt: constant(1.0)}, same_place)


def gradient(output: Node, wrt: Iterable[Node], change: Node | None = None) -> list[Node]:
    """Return the derivative of ``output`` in each symbol, times a ``change`` of the output (1 unless given).

    A symbol that independent items share has a derivative for each of them, and a number one for each place; the caller
    sums them.
    """
    if output.word == "guard":  # stays outermost: invalid input makes every derivative NaN
        valid, inside = output.arguments
        return [guard(valid, part) for part in gradient(inside, wrt, change)]
    if (selected := _selected(output)) and _holds_for_inputs(output, selected[0]):
        condition, truth, inside = selected
        return [_select(condition, truth, part) for part in gradient(inside, wrt, change)]
    found = {output: constant(1.0) if change is None else change}
    needed = _dependents(output, wrt)
    independent = output.axes - crossed(needed)
    for node in reversed(walk(output)):
        if node in found and node in needed and node.arguments:
            word = WORDS[node.word]
            parts = _rule(node, word.pull or word.push)(found[node], *node.arguments)
            for argument, part in zip(node.arguments, parts, strict=True):
                if part is not None and argument in needed:
                    part = _handed(part, node, argument, independent)
                    found[argument] = found[argument] + part if argument in found else part
    return [found.get(one, constant(0.0)) for one in wrt]


def _selected(node: Node) -> tuple[Node, bool, Node] | None:
    """Return condition, truth and value of a node that is 0 unless the condition has that truth; else None."""
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


def _holds_for_inputs(node: Node, condition: Node) -> bool:
    """Return whether a condition is the same for all inputs of a value.

    Then derivatives are selected by it once more at the end, and a NaN in the branch not taken meets no product with 0.
    """
    return condition.axes.isdisjoint(crossed(walk(node)))


def _select(condition: Node, truth: bool, node: Node) -> Node:
    """Return ``node`` where ``condition`` has the given truth, else 0; a select on the class stays outermost."""
    if node.word == "where" and is_own_class(node.arguments[0]):
        return select(node.arguments[0], *(_select(condition, truth, branch) for branch in node.arguments[1:]))
    return select(condition, node, 0.0) if truth else select(condition, 0.0, node)


def lower(node: Node, target: str = "", instead: Mapping[str, Callable[..., Node]] = NO_DEFINITIONS) -> Node:
    """Return ``node`` with words replaced by their definitions, until only words are left that a target spells.

    Words that are defined, but spelt by this ``target``, stay. ``instead`` has definitions in place of the words'.
    """

    def usual(part: Node) -> Callable[..., Node] | None:
        word = WORDS[part.word] if part.arguments else None
        return word.definition if word and target not in word.spelling else None

    def defined(part: Node) -> Node:
        definition = instead.get(part.word, usual(part)) if part.arguments else None
        return definition(*part.arguments) if definition else part

    while any(map(usual, walk(node))):
        node = rebuilt(node, defined)
    return node


def _push_forward(output: Node, changes: dict[Node, Node], rule: Rule) -> Node:
    """Return the change of ``output``; ``rule`` gives that of a node for a change of its i-th argument."""
    changed = dict(changes)
    for node in walk(output):
        parts = [rule(node, i, changed[a]) for i, a in enumerate(node.arguments) if a in changed]
        if found := [part for part in parts if part is not None]:
            changed[node] = reduce(lambda a, b: a + b, found)
    return changed.get(output, constant(0.0))


def _elsewhere(node: Node, wrt: Node, change: Node) -> Node:
    """Return how a place of ``wrt`` changes the softmax mean of a softmax word's logits through all other places."""
    *_, logits, over = node.arguments
    if over.label not in crossed(_dependents(logits, [wrt])):
        return constant(0.0)
    p = softmax(logits, over)
    return gradient(logits, [wrt], p)[0] - p * change


def _rule(node: Node, rule: Push | None) -> Push:
    if rule is None:
        raise FormulaError(f"{node.word} has no derivative rule.")
    return rule


def _dependents(output: Node, symbols: Iterable[Node]) -> set[Node]:
    """Return the nodes of ``output`` that depend on any of the symbols, and the symbols."""
    found = set(symbols)
    for node in walk(output):
        if not found.isdisjoint(node.arguments):
            found.add(node)
    return found


def _handed(part: Node, node: Node, argument: Node, independent: Axes) -> Node:
    """Sum what a node hands to an argument over the axes that it lacks, but for those that the caller sums over."""
    kept = independent & ROW if argument.axes else independent
    for name in sorted(node.axes - argument.axes - kept):
        if name in part.axes or not crossed([node]):  # a word along axes has done what it knows of its own
            part = sum_over(node, part, axis(name))
    return part
