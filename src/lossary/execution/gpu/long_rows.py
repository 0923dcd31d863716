"""The statements for a row that is read block by block.

There is one loop for each stage of sums and maxima (see cpu/stages.py) and one for the gradients; each lane of the
block has sums and maxima of its own until the loop ends. A softmax needs one stage: its maximum and the sum of its
powers are accumulated together.

A loop reads AHEAD blocks before it computes them. The columns that are left over, fewer than these blocks, have a loop
of their own with masks. Where rows begin anywhere in memory, blocks begin at the first element that is aligned, and
the elements before it are left over, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lossary.execution.cpu.stages import split_own
from lossary.execution.cpu.text import nest
from lossary.execution.gpu.row import Row
from lossary.execution.gpu.text import compare, sum_stores
from lossary.symbolic.graph import CLASS, Node, apply, substitute, walk
from lossary.symbolic.simplify import leaves

__all__ = ["LongRow"]

OTHERS = "other_powers"
REDUCTIONS = ("total", "greatest", OTHERS)
BEFORE = """
x__classes = tl.zeros((1, 1), tl.int64) + columns
lanes = tl.arange(0, BLOCK)[None, :]
"""
EACH = "for number in tl.range(tl.program_id(0), rows, tl.num_programs(0)):"
ROW = "row = tl.zeros((1, 1), tl.int64) + number"
WHOLE = "whole = (columns - head) // (AHEAD * BLOCK) * (AHEAD * BLOCK)"  # columns that the unmasked loop goes through
REST = """
j = begin + lanes
inside = j < columns
j = j + head
if VECTOR > 1:
    j = tl.where(j < columns, j, j - columns)
"""
FIRST, LAST = ', eviction_policy="evict_first"', ', eviction_policy="evict_last"'


class LongRow(Row):
    """The statements for one row at a time."""

    padded = None  # the functions for whole rows are not used

    @property
    def is_fast(self) -> bool:
        """True if a softmax is first computed with fast powers."""
        return self.given.dtype == "float32"

    def text(self) -> list[str]:
        """Print the body of the kernel."""
        self.depths: dict[Node, int] = {}
        self._begin()
        self.lines += [*self.given.starts(), WHOLE]
        depth = 1
        while stage := [node for node in self._reductions() if self._depth(node) == depth]:
            self._stage(stage, FIRST if not self.slopes and depth == self._deepest() else LAST)
            depth += 1
        lines, values = self._compute(self.nodes[: len(self.nodes) - len(self.slopes)])
        self.lines += lines
        self._results(values[: len(self.outputs)])
        if self.slopes:
            self._gradients(values[len(self.outputs) :])
        lines = [*self.given.scalars(), *BEFORE.strip().splitlines(), *nest(EACH, [ROW, *self.lines])]
        return compare(lines) if self.given.compared else lines

    # --- reductions ---

    def _reductions(self) -> list[Node]:
        """List the sums and maxima over the row; the maximum of a softmax comes with the sum of its powers."""
        found = [node for node in walk(*self.nodes) if node.word in REDUCTIONS]
        merged = {node.arguments[1] for node in found if node.word == OTHERS}
        return [node for node in found if node not in merged]

    def _depth(self, node: Node) -> int:
        """Return the number of stages that a value takes."""
        if node not in self.depths:
            inside = node.arguments[:1] if node.word == OTHERS else node.arguments
            own = node.word in REDUCTIONS
            self.depths[node] = max(map(self._depth, inside), default=0) + own
        return self.depths[node]

    def _deepest(self) -> int:
        return max(map(self._depth, self._reductions()), default=0)

    def _stage(self, stage: Sequence[Node], hint: str) -> None:
        """Print the loops over the row for sums and maxima of known values."""
        values = self._hoisted([self._reduced(node) for node in stage])
        names = [f"over_{len(self.lines)}_{k}" for k in range(len(stage))]
        lines, results = self._compute(values)
        online = "online" if self.is_fast else "online_exact"
        adds = [_Sum(node, name, value, online) for node, name, value in zip(stage, names, results, strict=True)]
        direct = all(node.word == OTHERS and value.word == "symbol" for node, value in zip(stage, values, strict=True))
        least = values if direct else []
        self.lines += self._accumulated(values, adds, lines, hint, least)
        for each in adds:
            self._reduce(each)
            if each.node.word == OTHERS and self.is_fast:
                exact = _Sum(each.node, each.name, each.value, "online_exact")
                self._repeat(exact, self._accumulated(values, [exact], lines, LAST, least))

    def _accumulated(
        self, nodes: Sequence[Node], sums: Sequence[_Sum], lines: Sequence[str], hint: str, least: Sequence[Node]
    ) -> list[str]:
        """Print the loops that add values to sums, first the columns that are left over: see Triton's layouts.

        Columns beyond the row are -inf in the arrays of ``least``.
        """
        ahead = "1" if any(each.online == "online_exact" for each in sums) else "AHEAD"
        begin = [line for each in sums for line in each.begin(self.given.dtype)]
        rest = [*lines, *(each.add(masked=not least) for each in sums)]
        parts = [f"{each.parts} = ()" for each in sums if each.parts]
        collect = [*lines, *(each.collect() for each in sums)]
        merged = [each.merge(ahead) for each in sums if each.parts]
        full = self._ahead(nodes, hint, collect, ahead)
        return [
            *begin,
            *nest("for begin in tl.range(whole, columns, BLOCK):", [*self._rest(nodes, hint, least), *rest]),
            *nest(f"for begin in tl.range(0, whole, {ahead} * BLOCK):", [*parts, *full, *merged]),
        ]

    def _repeat(self, exact: _Sum, loops: Sequence[str]) -> None:
        """Print the exact loops of a softmax after the fast ones, for a row that needs them."""
        top, rest = (f"x_{self.known[one].label}" for one in (exact.node.arguments[1], exact.node))
        found = [f"{top} = highest({exact.name}_top)", f"{rest} = joined({exact.name}_top, {top}, {exact.name})"]
        self.lines += nest(f"if is_doubtful({top}, {rest}):", [*loops, *found])

    def _reduced(self, node: Node) -> Node:
        """Return the values along the row that a reduction reduces, that at the label's class computed ahead."""
        if node.word == OTHERS:
            return node.arguments[0]
        value, patch = split_own(node.arguments[0])
        return value if patch is None else apply("where", node.arguments[0].arguments[0], patch[0], value)

    def _reduce(self, each: _Sum) -> None:
        """Print the reduction of the lanes to one value of the row."""
        node, name = each.node, each.name
        if node.word == OTHERS:
            top = node.arguments[1]
            self._define(top, f"highest({name}_top)")
            self._define(node, f"joined({name}_top, x_{self.known[top].label}, {name})")
        else:
            word = "tl.sum" if node.word == "total" else "tl.max"
            self._define(node, f"{word}({name}, 1, keep_dims=True)")

    def _results(self, values: Sequence[str]) -> None:
        sums = len(self.work.sums)
        totals = [f"({value}).to(tl.float64)" for value in values[:sums]]
        self.lines += sum_stores(totals, "sums_at + {} * rows.to(tl.int64) + row", ", mask=here")
        self.lines += [f"tl.store(loss_{k}_at + row, {v}, mask=here)" for k, v in enumerate(values[sums:])]

    # --- gradients ---

    def _gradients(self, rows: Sequence[str]) -> None:
        """Print the loops that write gradients: backwards, to find what was read last in the second-level cache."""
        names = [f"in_row_{k}" for k in range(len(rows))]
        self.lines += [f"{name} = {value}" for name, value in zip(names, rows, strict=True)]
        slopes = self._hoisted(self.slopes)
        lines, values = self._compute(slopes)
        scaled = [f"{name} * ({value})" for name, value in zip(names, values, strict=False)]
        stores = [f"tl.store({self.given.begun(k)}, {value}{FIRST})" for k, value in enumerate(scaled)]
        rest = [f"tl.store({self.given.slope(k, 'j')}, {v}, mask=inside{FIRST})" for k, v in enumerate(scaled)]
        back = "begin = whole - AHEAD * BLOCK - end"
        full = self._ahead(slopes, FIRST, [*lines, *stores], "AHEAD")
        self.lines += nest("for end in tl.range(0, whole, AHEAD * BLOCK):", [back, *full])
        left = [*self._rest(slopes, FIRST), *lines, *rest]
        self.lines += nest("for begin in tl.range(whole, columns, BLOCK):", left)
        self._own_stores(names[len(self.factors) :])

    def _own_stores(self, values: Sequence[str]) -> None:
        """Print statements that write gradients at the label's class, after all other threads' writes."""
        self.lines += ["tl.debug_barrier()"] if self.own else []
        for k, value in zip(self.own, values, strict=True):
            self.lines.append(f"tl.store({self.given.slope(k, self._own_place(k))}, {value}, mask=here)")

    # --- loops ---

    def _hoisted(self, nodes: Sequence[Node]) -> list[Node]:
        """Return nodes in which the parts that do not vary along the row were computed before the loop."""
        self._picks(nodes)
        done = [substitute(node, self.known) for node in nodes]
        for part in dict.fromkeys(part for node in done for part in _row_parts(node)):
            self._name(part)
        return [substitute(node, self.known) for node in done]

    def _arrays(self, nodes: Sequence[Node]) -> list[Node]:
        """List the inputs of nodes that vary along the row."""
        needed = set(leaves(*nodes))
        return [node for node, _ in self.given.arrays if node in needed and CLASS in node.axes]

    def _ahead(self, nodes: Sequence[Node], hint: str, lines: Sequence[str], ahead: str) -> list[str]:
        """Print statements that read some whole blocks, then those that compute them."""
        arrays = self._arrays(nodes)
        column = "j = head + begin + part * BLOCK + lanes"
        begin = [f"x_{a.label}_parts = ()" for a in arrays]
        reads = [f"x_{a.label}_parts = x_{a.label}_parts + ({self.given.read(a, hint)},)" for a in arrays]
        known = [f"x_{a.label} = {self.given.cast(a, f'x_{a.label}_parts[part]')}" for a in arrays]
        each = f"for part in tl.static_range({ahead}):"
        computed = [column, "x__class_index = j", *known, *lines]
        return [*begin, *nest(each, [column, *reads]), *nest(each, computed)]

    def _rest(self, nodes: Sequence[Node], hint: str, least: Sequence[Node] = ()) -> list[str]:
        """Print statements that read a block of columns that are left over."""
        other = {True: 'float("-inf")', False: "0"}
        loads = [self.given.load(a, "j", other[a in least], hint, "inside") for a in self._arrays(nodes)]
        return [*REST.strip().splitlines(), "x__class_index = j", *loads]


class _Sum:
    """A sum or a maximum of the values of each lane."""

    def __init__(self, node: Node, name: str, value: str, online: str) -> None:
        self.node, self.name, self.value, self.online = node, name, value, online
        self.parts = f"{name}_parts" if node.word == OTHERS else ""  # of a softmax: values that are added together

    def begin(self, dtype: str) -> list[str]:
        """Print statements with which each lane begins."""
        full, zeros = f'tl.full((1, BLOCK), float("{{}}"), tl.{dtype})', f"tl.zeros((1, BLOCK), tl.{dtype})"
        if self.node.word == OTHERS:
            least = "-inf" if self.online == "online_exact" else "-3.4028234663852886e38"
            return [f"{self.name}_top = {full.format(least)}", f"{self.name} = {zeros}"]
        return [f"{self.name} = {zeros if self.node.word == 'total' else full.format('-inf')}"]

    def add(self, masked: bool) -> str:
        """Print the statement that adds a block with columns beyond the row, which are -inf unless ``masked``."""
        if self.node.word == OTHERS:
            value = f'tl.where(inside, {self.value}, float("-inf"))' if masked else self.value
            return self._into(f"({value},)", "1")
        if self.node.word == "total":
            return f"{self.name} += tl.where(inside, {self.value}, 0.0)"
        return f"{self.name} = tl.where(inside & ({self.value} > {self.name}), {self.value}, {self.name})"

    def collect(self) -> str:
        """Print the statement that adds a whole block, or keeps it to be added with others."""
        if self.node.word == OTHERS:
            return f"{self.parts} = {self.parts} + ({self.value},)"
        if self.node.word == "total":
            return f"{self.name} += {self.value}"
        return f"{self.name} = tl.where({self.value} > {self.name}, {self.value}, {self.name})"

    def merge(self, count: str) -> str:
        """Print the statement that adds the blocks that were kept."""
        return self._into(self.parts, count)

    def _into(self, values: str, count: str) -> str:
        return f"{self.name}_top, {self.name} = {self.online}({values}, {self.name}_top, {self.name}, {count})"


def _row_parts(node: Node) -> Iterator[Node]:
    """Yield the largest parts of a node that do not vary along the row."""
    if CLASS in node.axes:
        for argument in node.arguments:
            yield from _row_parts(argument)
    elif node.arguments:
        yield node
