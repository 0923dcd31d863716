"""Recurrences: the states that a step makes one after the other along an axis.

A step is a graph of its own: the label of a ``step`` node, which only ``states`` reads. Its derivatives are recurrences
too. Backward, the derivative of the step runs from the other end; then it is taken at all places at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

from lossary.errors import FormulaError
from lossary.symbolic.derivatives import gradient, tangent
from lossary.symbolic.graph import (
    SCALAR,
    Axes,
    Node,
    Value,
    as_node,
    axes_of,
    axis,
    constant,
    index,
    intern,
    places,
    substitute,
    symbol,
    walk,
)  # fmt: skip
from lossary.symbolic.words.conditions import select
from lossary.symbolic.words.places import displaced
from lossary.symbolic.words.rows import greatest, pick, sum_over
from lossary.symbolic.words.word import Along, Word

__all__ = ["STEP", "Step", "last", "recurrence", "states", "step_of"]

STEP = "step"  # the word of a node that holds a step, which no table has
_numbers = count()


@dataclass(frozen=True, eq=False)
class Step:
    """The state after a step, as a graph of the state before and of its inputs at that place."""

    after: Node
    before: Node
    inputs: tuple[Node, ...]
    moving: tuple[bool, ...]  # whether each input varies along the axis

    @cached_property
    def name(self) -> str:
        """A name that no other step has."""
        return f"step_{next(_numbers)}"

    @property
    def symbols(self) -> tuple[Node, ...]:
        """The symbols that the state after is computed from."""
        return (self.before, *self.inputs)

    def __repr__(self) -> str:
        return self.name


def step_of(node: Node) -> Step:
    """Return the step of a ``states`` node, or of the node that holds it."""
    holder: Any = node.arguments[0].label if node.arguments else node.label
    found: Step = holder
    return found


def _fresh(name: str, axes: Axes) -> Node:
    return symbol(f"_{name}_{next(_numbers)}", axes)


def recurrence(step: Callable[[Node], Node], start: Value, over: str, from_end: bool = False) -> Node:
    """Return the states s(t) = step(s(t - 1)) along an axis; ``step`` may use any value, which it sees at place t."""
    first = as_node(start)
    axes = first.axes
    while True:
        before = _fresh("before", axes)
        after = as_node(step(before))
        if after.axes - {over} <= axes:
            break
        axes |= after.axes - {over}
    changing = _dependents(after, before)
    if after not in changing:
        raise FormulaError("recurrence() needs a step that uses the state before.")
    inputs = {part: _fresh("input", part.axes - {over}) for part in _used(after, changing)}
    moving = tuple(over in part.axes for part in inputs)
    made = Step(substitute(after, dict(inputs)), before, tuple(inputs.values()), moving)
    return _states(made, -1.0 if from_end else 1.0, over, first, list(inputs))


def last(value: Node, over: str) -> Node:
    """Return the value at the last place along an axis; with a mask, at the last one that counts."""
    return pick(value, greatest(index(over), axis(over)), axis(over))


def _states(step: Step, by: float, over: str, start: Node, inputs: Sequence[Node]) -> Node:
    holder = intern(STEP, (), step, SCALAR)  # type: ignore[arg-type]
    return states(holder, constant(by), start, index(over), *inputs, axis(over))


def _dependents(output: Node, start: Node) -> set[Node]:
    found = {start}
    for node in walk(output):
        if not found.isdisjoint(node.arguments):
            found.add(node)
    return found


def _used(after: Node, changing: set[Node]) -> list[Node]:
    """Return the values that a step uses and that do not depend on the state."""
    found = [part for node in walk(after) if node in changing for part in node.arguments]
    kept = (part for part in found if part not in changing and not part.is_number() and not part.is_axis)
    return list(dict.fromkeys(part for part in kept if part.word != STEP))


def _axes(holder: Node, by: Node, start: Node, at: Node, *_: Node) -> Axes:
    return axes_of(step_of(holder).before, start, at)


# --- derivatives ---------------------------------------------------------------------------------------------------


class _Changes(Sequence[Node | None]):
    """The changes that arguments contribute, each made when it is asked for."""

    def __init__(self, d: Node, node: Node) -> None:
        self.d, self.node = d, node

    def __len__(self) -> int:
        return len(self.node.arguments)

    def __getitem__(self, i: Any) -> Any:
        """Run the tangent of the step, for a change of the start or of one input."""
        if not (i == 2 or 4 <= i < len(self) - 1):
            return None
        _, by, _, _, *inputs, over = self.node.arguments
        step, d = step_of(self.node), self.d
        values = {step.before: _before(self.node), **dict(zip(step.inputs, inputs, strict=True))}
        moved, given = _fresh("moved", step.before.axes), _fresh("given", d.axes)
        changes = {step.before: moved} | ({} if i == 2 else {step.inputs[i - 4]: given})
        change = tangent(step.after, changes)
        return recurrence(
            lambda before: substitute(change, {**values, moved: before, given: d}),
            d if i == 2 else constant(0.0),
            str(over.label),
            float(by.label or 0.0) < 0,
        )


def _before(node: Node) -> Node:
    """Return the state before each of the states."""
    _, by, start, *_, over = node.arguments
    return displaced(node, start, by, over)


def _pull(g: Node, holder: Node, by: Node, start: Node, at: Node, *rest: Node) -> tuple[Node | None, ...]:
    """Run the derivative of the step from the other end; then take it at all places at once."""
    *inputs, over = rest
    step, name, forward = step_of(holder), str(over.label), float(by.label or 0.0) > 0
    before = _before(states(holder, by, start, at, *rest))
    change = _fresh("change", step.before.axes)
    pulled = gradient(step.after, step.symbols, change)

    def at_places(graph: Node, change_there: Node) -> Node:
        values = {step.before: before, change: change_there, **dict(zip(step.inputs, inputs, strict=True))}
        return substitute(graph, values)

    to_before = recurrence(lambda after: at_places(pulled[0], g + after), constant(0.0), name, from_end=forward)
    reached = g + displaced(to_before, 0.0, -by, over)
    at_first = constant(0.0) if forward else places(name) - 1.0
    to_start = None if start.is_number() else _summed(pick(to_before, at_first, over), step.before.axes - start.axes)
    parts = [at_places(graph, reached) for graph in pulled[1:]]
    to_inputs = [p if moves else _summed(p, frozenset({name})) for p, moves in zip(parts, step.moving, strict=True)]
    return None, None, to_start, None, *to_inputs, None


def _summed(node: Node, names: Axes) -> Node:
    for name in sorted(names):
        node = sum_over(index(name), node, axis(name))
    return node


def unrolled(node: Node) -> Node:
    """Return a state as the step makes it from the one before."""
    _, _, _, _, *inputs, _ = node.arguments
    step = step_of(node)
    return substitute(step.after, {step.before: _before(node), **dict(zip(step.inputs, inputs, strict=True))})


def held(node: Node, arguments: Sequence[Node], counts: Node) -> Node:
    """Return the states of a step that leaves them as they are where nothing counts."""
    _, by, start, _, *inputs, over = arguments
    step, name = step_of(node), str(over.label)
    kept = _fresh("counts", counts.axes - {name})
    after = select(0.5 < kept, step.after, step.before)
    made = Step(after, step.before, (*step.inputs, kept), (*step.moving, name in counts.axes))
    return _states(made, float(by.label or 0.0), name, start, [*inputs, select(counts, 1.0, 0.0)])


REASON = "no kernel has it: each state needs the one before"
states: Word = Word(
    "states",
    push=lambda d, *arguments: _Changes(d, intern("states", arguments, None, _axes(*arguments))),  # type: ignore[arg-type]
    pull=_pull, along=Along.ROW, axes=_axes,
    spelling=dict.fromkeys(("numpy", "torch", "jax"), "states({*}, axes)"),
    without=dict.fromkeys(("spelling", "range", "curvature"), REASON),
)  # fmt: skip
