"""Statements that all kernels over rows share: the values of rows, and what happens at the label's class.

The part of ``where(own class, a, b)`` for the label's class is computed once for each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from lossary.execution.cpu.stages import Statements, split_own
from lossary.execution.gpu import softmax
from lossary.execution.gpu.given import Given
from lossary.execution.gpu.text import literal, shared
from lossary.kinds.program import SCALE, Work
from lossary.symbolic.codegen import statements
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import CLASS, ROW, SCALAR, Node, apply, substitute, symbol, walk
from lossary.symbolic.simplify import is_own_class

__all__ = ["FACTOR", "Row"]

FACTOR = symbol(SCALE, ROW)
HERE = "here = row < rows"
DIRECTIONS = {False: ["outer = row"], True: ["outer = row // inner", "within = row - outer * inner"]}
NOTHING = "nothing = tl.zeros((ROWS, 1), tl.int64)"


class Row(Statements):
    """The statements for the rows of a program."""

    def __init__(self, given: Given, work: Work) -> None:
        super().__init__()
        self.given, self.work = given, work
        definitions = softmax.definitions()
        self.outputs = [lower(node, "triton", definitions) for node in (*work.sums, *work.losses)]
        split = [split_own(lower(node, "triton", definitions)) for node in work.gradients]
        scaled = [_scaled(value) for value, _ in split]
        self.factors, self.slopes = [factor for factor, _ in scaled], [slope for _, slope in scaled]
        self.own = {
            k: (FACTOR * value, place) for k, (_, patch) in enumerate(split) if patch for value, place in [patch]
        }

    @property
    def nodes(self) -> list[Node]:
        return [*self.outputs, *self.factors, *(value for value, _ in self.own.values()), *self.slopes]

    def _begin(self) -> None:
        """Print statements that read values of rows, and those at the label's class."""
        self.lines += [HERE, *DIRECTIONS[self.given.split], NOTHING]
        self.lines += self.given.loads(SCALAR, ROW)
        self.lines += [shared(self.given.dtype)] if self.given.scales else []
        self._picks(self.nodes)
        for _, place in self.own.values():
            self._name_place(place)

    def _picks(self, nodes: Sequence[Node]) -> None:
        """Print statements that read the values at the label's class that nodes use."""
        for node in walk(*nodes):
            if is_own_class(node):
                self._name_place(node.arguments[1])
            elif node.word == "pick" and node not in self.known:
                values, place, _ = node.arguments
                self._name_place(place)
                self._define(node, self.given.pick(values, f"x_{self.known[place].label}.to(tl.int64)"))

    def _name_place(self, node: Node) -> None:
        """Define a column as a 32-bit integer, as columns are compared with it."""
        if node not in self.known and node not in self.known.values():
            lines, (value,) = self._compute([node])
            self.lines += lines
            self._define(node, f"({value}).to(tl.int32)")

    def _compute(self, nodes: Sequence[Node]) -> tuple[list[str], list[str]]:
        self._picks(nodes)
        known = [substitute(node, self.known) for node in nodes]
        return statements(known, "triton", partial(literal, self.given.dtype), f"t{len(self.lines)}_")

    def _own_place(self, k: int) -> str:
        """Return the name of the label's class in a gradient."""
        return f"x_{self.known[self.own[k][1]].label}"


def _scaled(slope: Node) -> tuple[Node, Node]:
    """Split a gradient into a factor of the row, which is NaN if the row is invalid, and the rest."""
    factor = FACTOR
    if slope.word == "where" and CLASS not in slope.arguments[0].axes and _is_nan(slope.arguments[2]):
        condition, slope, wrong = slope.arguments
        factor = apply("where", condition, FACTOR, wrong)
    if slope.word == "multiply":
        for own, rest in (slope.arguments, slope.arguments[::-1]):
            if CLASS not in own.axes:
                return factor * own, rest
    return factor, slope


def _is_nan(node: Node) -> bool:
    return node.is_number() and node.label != node.label
