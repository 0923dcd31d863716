"""Kernels for recurrences: all states of a step, one after the other, in one call.

A state is a row along the innermost axis, the one that the step displaces along. What is displaced is first written to
a row of scratch memory with a margin, and then read from other places. A state of one place stays in a register. Rows
of different items go to threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from lossary.execution.cpu.grouping import is_by_place
from lossary.execution.cpu.nested import over_axes
from lossary.execution.cpu.nested_layout import ALONE, APART, BESIDE
from lossary.execution.cpu.prelude import prelude
from lossary.execution.cpu.text import indent, literal, nest
from lossary.symbolic.codegen import statements
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Node, substitute, symbol, walk
from lossary.symbolic.recurrence import Step

__all__ = ["StepKernel", "displaced_along", "has_kernel"]


@cache
def has_kernel(step: Step) -> bool:
    """Return True if a kernel can make the states: place by place, but for displacements by whole numbers."""
    nodes = [node for node in walk(lower(step.after, "llvm")) if node.arguments]
    return all(_is_displacement(node) or is_by_place(node) for node in nodes) and len(displaced_along(step)) < 2


@cache
def displaced_along(step: Step) -> frozenset[str]:
    """Return the axes that a step displaces along."""
    return frozenset(
        str(node.arguments[-1].label) for node in walk(lower(step.after, "llvm")) if node.word == "displaced"
    )


def _is_displacement(node: Node) -> bool:
    return node.word == "displaced" and all(part.is_number() for part in node.arguments[1:3])


@dataclass(frozen=True)
class StepKernel:
    """The kernel of a step, for inputs that lie in some way; ``outer`` is the number of axes outside."""

    step: Step
    innermost: tuple[str, ...]  # how inputs and start lie along a state; nothing if it has one place
    conditions: tuple[bool, ...]  # inputs that are true or false
    outer: int
    dtype: str

    @cached_property
    def inputs(self) -> tuple[Node, ...]:
        """Symbols for the step's inputs, whose own names depend on what this process did before."""
        return tuple(symbol(f"input_{k}", one.axes) for k, one in enumerate(self.step.inputs))

    @cached_property
    def after(self) -> Node:
        """The state after the step."""
        names = dict(zip(self.step.inputs, self.inputs, strict=True)) | {self.step.before: self._before}
        return substitute(lower(self.step.after, "llvm"), names)

    @property
    def _before(self) -> Node:
        return symbol("before", self.step.before.axes)

    @cached_property
    def displaced(self) -> list[Node]:
        """The displaced values of the step, each after those that it depends on."""
        return [node for node in walk(self.after) if node.word == "displaced"]

    @cached_property
    def margin(self) -> int:
        """The places that the scratch rows have more at either end."""
        return max((abs(int(float(node.arguments[2].label or 0))) for node in self.displaced), default=0)

    @property
    def signature(self) -> str:
        pointers = ["CPointer(int64)" if one == "lie" else f"CPointer({self.dtype})" for one in self._pointers]
        return f"void({', '.join([*pointers, f'CPointer(int64), CPointer({self.dtype})'])}, int64, int64)"

    @property
    def is_number(self) -> bool:
        """True if a state has one place."""
        return not self.innermost

    def room(self, columns: int) -> int:
        """Return the numbers of scratch memory for states of some length."""
        return 0 if self.is_number else (1 + len(self.displaced)) * (columns + 2 * self.margin)

    @property
    def _pointers(self) -> list[str]:
        return [*(f"x_{one.label}_at" for one in self.inputs), "first_at", "y_at"]

    @cached_property
    def text(self) -> str:
        """The text of the kernel."""
        arrays = len(self._pointers)
        lines = over_axes(self._times(), self.outer, arrays)
        head = f"def kernel({', '.join(self._pointers)}, lie, scratch, start, stop):"
        return "\n".join([prelude(self.dtype), head, indent([*self._lie(arrays), *self._margins(), *lines], 1)])

    def _lie(self, arrays: int) -> list[str]:
        """Print statements that read lengths and strides, of the outer axes, the times and the state.

        The times themselves follow, in order. If they were computed, LLVM would tell whether the rows of all times lie
        apart before the first of them, which it does only for times that rise: others were left to slow loops.
        """
        axes = [*range(self.outer), "time", *["state"] * (not self.is_number)]
        names = [f"length_{axis}" for axis in axes]
        names += [f"stride_{k}_{axis}" for k in range(arrays) for axis in axes]
        return [*(f"{name} = lie[{i}]" for i, name in enumerate(names)), f"times = {len(names)}"]

    def _row(self, k: int) -> str:
        """Print where a scratch row begins: the state before, then the displaced values."""
        return f"{k} * (length_state + {2 * self.margin})"

    def _margins(self) -> list[str]:
        """Print loops that fill what lies outside of the displaced values."""
        lines = []
        for j, node in enumerate(self.displaced, 1):
            fill = literal(float(node.arguments[1].label or 0.0), False)
            ends = (self._row(j), f"{self._row(j)} + length_state + {self.margin}")
            lines += nest(f"for i in range({self.margin}):", [f"scratch[{end} + i] = {fill}" for end in ends])
        return lines

    def _times(self) -> list[str]:
        """Print the loop over the times of one item."""
        inputs, outer = len(self.step.inputs), self.outer - 1
        moving = [k for k in range(inputs) if self.step.moving[k]]
        places = [f"place_{k} = at_{k}_{outer} + time * stride_{k}_time" for k in (*moving, inputs + 1)]
        places += [f"place_{k} = at_{k}_{outer}" for k in range(inputs) if k not in moving]
        begin = f"first_at[at_{inputs}_{outer}"
        if self.is_number:
            lines, found = self._made(self.after, {}, 0)
            stored = [f"state = {found}", f"y_at[place_{inputs + 1}] = state"]
            each = ["time = lie[times + step]", *places, *lines, *stored]
            return [f"state = {begin}]", *nest("for step in range(length_time):", each)]
        known: dict[Node, Node] = {}
        loops: list[str] = []
        for j, node in enumerate(self.displaced, 1):
            loops += self._loop(node.arguments[0], known, f"scratch[{self._row(j)} + {self.margin} + i]", j)
            known[node] = symbol(f"displaced_{j}", node.axes)
        loops += self._loop(self.after, known, "y_at[place_of_state + i]", 0)
        copied = nest("for i in range(length_state):", ["scratch[i] = y_at[place_of_state + i]"])
        times = ["time = lie[times + step]", *places, f"place_of_state = place_{inputs + 1}", *loops, *copied]
        begun = nest("for i in range(length_state):", [f"scratch[i] = {begin}{self._along(inputs)}]"])
        return [*begun, *nest("for step in range(length_time):", times)]

    def _along(self, k: int) -> str:
        """Print the place in an array along the state."""
        how = ALONE if self.is_number else self.innermost[k]
        return {ALONE: "", BESIDE: " + i", APART: f" + i * stride_{k}_state"}[how]

    def _loop(self, value: Node, known: dict[Node, Node], target: str, number: int) -> list[str]:
        """Print a loop over a state that stores a value."""
        lines, found = self._made(value, known, number)
        return nest("for i in range(length_state):", [*lines, f"{target} = {found}"])

    def _made(self, value: Node, known: dict[Node, Node], number: int) -> tuple[list[str], str]:
        """Print statements, and an expression, that compute a value at one place of a state."""
        value = substitute(value, known)
        used = set(walk(value))
        loads = [
            f"x_{one.label} = x_{one.label}_at[place_{k}{self._along(k)}]{' != 0' * self.conditions[k]}"
            for k, one in enumerate(self.inputs) if one in used
        ]  # fmt: skip
        if self._before in used:
            loads.append(f"x_{self._before.label} = {'state' if self.is_number else 'scratch[i]'}")
        for j, (node, result) in enumerate(known.items(), 1):
            if result in used:
                by = int(float(node.arguments[2].label or 0))
                loads.append(f"x_{result.label} = scratch[{self._row(j)} + {self.margin - by} + i]")
        lines, (found,) = statements([value], "llvm", literal, f"t{number}_")
        return [*loads, *lines], found
