"""The statements for rows that a program holds in registers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lossary.execution.gpu.row import Row
from lossary.execution.gpu.text import over_programs, sum_stores
from lossary.symbolic.graph import COLUMN, ELEMENT, Node, walk

__all__ = ["WholeRow"]

PLACES = """
x__classes = tl.zeros((1, 1), tl.int64) + columns
row = program.to(tl.int64) * ROWS + tl.arange(0, ROWS)[:, None]
j = tl.arange(0, BLOCK)[None, :]
"""
INSIDE = ["in_row = j < columns", "inside = here & in_row", "x__class_index = j"]


class WholeRow(Row):
    """The statements for some rows at a time."""

    @property
    def is_fast(self) -> bool:
        """True if powers are fast, which in float32 would cost a second sum here."""
        return not self.given.exact

    @property
    def padded(self) -> Node | None:
        """The logits, if all sums and maxima are of their softmax: beyond the row they are -inf."""
        reduced = {node.arguments[0] for node in walk(*self.nodes) if node.word in ("greatest", "other_powers")}
        alone = len(reduced) == 1 and all(node.word != "total" for node in walk(*self.nodes))
        return next((node for node in reduced if alone and node.word == "symbol"), None)

    def text(self) -> list[str]:
        """Print the body of the kernel."""
        self.lines += [*self.given.scalars(), *PLACES.strip().splitlines()]
        self._begin()
        self.lines += [*INSIDE, *self.given.loads(COLUMN)]
        arrays = [node for node, _ in self.given.arrays if node.axes == ELEMENT]
        self.lines += [self.given.load(a, other='float("-inf")' if a is self.padded else "0") for a in arrays]
        lines, values = self._compute(self.nodes)
        self.lines += lines
        outputs, row = len(self.outputs), len(values) - len(self.slopes)
        self._results(values[:outputs])
        stores = self._slope_stores(values[row:], [f"({v})" for v in values[outputs:row]])
        return over_programs([*self.lines, *stores], self.given.compared)

    def _results(self, values: Sequence[str]) -> None:
        sums = len(self.work.sums)
        totals = [f"tl.sum(tl.where(here, {value}, 0.0).to(tl.float64))" for value in values[:sums]]
        self.lines += sum_stores(totals, "sums_at + {} * tl.num_programs(0) + program")
        self.lines += [f"tl.store(loss_{k}_at + row, {v}, mask=here)" for k, v in enumerate(values[sums:])]

    def _slope_stores(self, values: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
        """Print statements that write gradients, given ``rows``: factors, and values at the label's class."""
        own = dict(zip(self.own, rows[len(self.factors) :], strict=True))
        for k, value in enumerate(values):
            scaled = f"{rows[k]} * ({value})"
            if k in own:
                scaled = f"tl.where(x__class_index == {self._own_place(k)}, {own[k]}, {scaled})"
            yield f"tl.store({self.given.slope(k, 'j')}, {scaled}, mask=inside)"
