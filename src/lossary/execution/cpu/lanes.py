"""Kernels of losses over rows that compute many rows at a time, one in each lane of the vector registers.

They serve rows whose elements are not adjacent in memory (an axis that is not the last), and rows too short to fill
vector registers. A value of a row is a block of values here, one for each lane. The loop along the row goes around
loops over the lanes, and each lane adds up its own row.

As in rows.py, no element is written before it was read for the last time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lossary.execution.cpu.order import Rows
from lossary.execution.cpu.stages import Staged, costly_apart, split_own
from lossary.execution.cpu.sums import BLOCK, accumulate, add_block, keep_sums, no_sums
from lossary.execution.cpu.text import UNROLLED, Arguments, Body, indent, is_set, literal, nest, prefetch, scaled
from lossary.kinds.program import Work
from lossary.symbolic.codegen import statements
from lossary.symbolic.graph import CLASS, COLUMN, ELEMENT, ROW, Axes, Node, apply, substitute, symbol, walk
from lossary.symbolic.simplify import CLASS_INDEX, is_own_class, leaves
from lossary.symbolic.words import CONDITIONS

__all__ = ["INNER", "SHORT", "Lanes"]

CHUNK = 1 << 15  # elements, about, that are added to one number
TILE = 1 << 12  # elements at a time, which stay in the first-level cache
FEWEST = 128  # lanes, even if their rows exceed that cache
LONGEST = 48  # columns of rows that are too short to fill vectors
LONGEST_READ = 128  # the same for labels without a gradient, where one array is read along the row
LEAST = 2  # chunks that take as long as waking a thread

TEMPLATE = """
{unrolled}


def kernel({parameters}, halves, scratch, partial, chunks, rows, columns, start, stop):
{scalars}
    x__classes = number(columns)
    lanes = max({fewest}, min({block}, {tile} // max(1, columns)))
    together = lanes * max(1, {chunk} // max(1, columns) // lanes)
    each = (rows + together - 1) // together
    for chunk in range(start, stop):
        group = chunk // each
        first = (chunk - group * each) * together
        last = min(rows, first + together)
{zeros}
        for begin in range(first, last, lanes):
            count = min(lanes, last - begin)
            item = group * rows + begin
            base = {base}
{lines}
{keep}
"""


def lanes(columns: int) -> int:
    """Return the number of rows that are computed at a time."""
    return max(FEWEST, min(BLOCK, TILE // max(1, columns)))


def together(columns: int) -> int:
    """Return the number of rows in a chunk."""
    return lanes(columns) * max(1, CHUNK // max(1, columns) // lanes(columns))


@dataclass(frozen=True)
class Lanes:
    """A printer of kernels: for short rows of adjacent elements, or for rows along an axis that is not the last."""

    short: bool

    def serves(self, rows: Rows, work: Work, labels: bool) -> bool:
        """Return True if these kernels are for such rows."""
        if not rows.are_lines:
            return False
        outer, columns, inner = rows.extents
        longest = LONGEST if work.gradients or not labels else LONGEST_READ
        return inner == 1 < outer and columns <= longest if self.short else inner > 1

    def extent(self, rows: Rows) -> tuple[int, int, int]:
        """Count the chunks, the rows side by side, and their columns."""
        outer, columns, inner = rows.extents
        groups, count = (1, outer) if self.short else (outer, inner)
        return groups * -(-count // together(columns)), count, columns

    def place(self, column: str) -> str:
        """Print the index of a column of each lane's row."""
        return f"base + i * columns + {column}" if self.short else f"base + {column} * rows + i"

    def prefetch(self, fetches: list[str]) -> list[str]:
        """Print a loop that prefetches the column after the current one."""
        begin = "base + (columns + j) * count" if self.short else "base + (j + 1) * rows"
        return prefetch(fetches, begin, f"{begin} + count")

    def body(self, work: Work, arguments: Arguments) -> Body:
        """Print the kernel."""
        rows = _Rows(self, arguments)
        rows.write(work)
        text = TEMPLATE.format(
            unrolled=UNROLLED,
            parameters=", ".join(arguments.names),
            scalars=indent(arguments.scalars(), 1),
            fewest=FEWEST,
            block=BLOCK,
            chunk=CHUNK,
            tile=TILE,
            zeros=indent(no_sums(len(work.sums)), 2),
            base="begin * columns" if self.short else "group * columns * rows + begin",
            lines=indent(rows.lines, 3),
            keep=indent(keep_sums(len(work.sums)), 2),
        )
        kept = rows.kept
        text = text.replace("BLOCKS", str(rows.blocks * BLOCK))
        return Body(text, rows.blocks, lambda columns: kept * columns * lanes(columns), LEAST)


INNER, SHORT = Lanes(short=False), Lanes(short=True)


class _Rows(Staged):
    """The statements for a block of rows; ``at`` has the expression of each input and known value."""

    def __init__(self, layout: Lanes, arguments: Arguments) -> None:
        super().__init__(arguments)
        self.tiles: dict[Node, str] = {}
        self.layout, self.kept = layout, 0
        self.reads, _, self.writes = arguments.prefetches
        self.at = {node: self._value(node, "j") for node in arguments.arrays}
        self.at[CLASS_INDEX] = "j"
        wide = [node for node in arguments.arrays if node.axes == ELEMENT]
        if layout.short and wide:
            self._gather(wide)

    def _stage(self, stage: list[Node], again: list[Node]) -> None:
        values = [self._own_ahead(node.arguments[0]) for node in stage]
        self._ready([*values, *again])
        sums = [(node, self._block(), self._block() if node.word == "total" else "") for node in stage]
        begins = [f"{high} = {'number(0.0)' if low else '-INFINITY'}" for _, high, low in sums]
        self._over_lanes([*begins, *(f"{low} = number(0.0)" for _, _, low in sums if low)])
        kept = [self._tile().format("j") for _ in again]

        def last(results: list[str]) -> Iterator[str]:
            for (_, high, low), result in zip(sums, results, strict=False):
                yield from _added(high, low, result)
            yield from (f"{place} = {result}" for place, result in zip(kept, results[len(sums) :], strict=True))

        self._along_rows([*values, *again], last, self._prefetches([*values, *again]))
        self._over_lanes([f"{high} = number(joined({high}, {low}))" for _, high, low in sums if low])
        for node, high, _ in sums:
            self._keep(node, high, ROW)
        for node, place in zip(again, kept, strict=True):
            self._keep(node, place, ELEMENT)

    def _results(self, outputs: list[Node], work: Work) -> None:
        self._picks(outputs)
        sums, losses = len(work.sums), len(work.losses)
        places = [self._block_number() for _ in range(sums)]
        stores = [f"scratch[{k * BLOCK} + i] = " for k in places] + [f"loss_{k}[item + i] = " for k in range(losses)]
        loops = self._loops(outputs, lambda results: (a + b for a, b in zip(stores, results, strict=True)))
        self.lines += loops
        for k, place in enumerate(places):
            self.lines += add_block(k, place * BLOCK)

    def _gradients(self, gradients: list[Node]) -> None:
        values, patches = zip(*(split_own(gradient) for gradient in gradients), strict=True)
        own = [(k, *patch) for k, patch in enumerate(patches) if patch is not None]
        self._ready([*values, *(value for _, value, _ in own)])
        tiles = [self._tile() for _ in gradients] if self.layout.short else []
        to = tiles or [f"gradient_{k}[{self.layout.place('{}')}]" for k in range(len(gradients))]

        def last(results: list[str]) -> Iterator[str]:
            return (f"{place.format('j')} = {scaled(result)}" for place, result in zip(to, results, strict=True))

        self._along_rows(list(values), last, [] if tiles else self.writes)
        for k, value, place in own:
            lines, (text, at) = self._compute([value, place])
            self._over_lanes([*lines, f"{to[k].format(f'int64({at})')} = {scaled(text)}"])
        if tiles:
            back = [f"gradient_{k}[{self.layout.place('j')}] = {tile.format('j')}" for k, tile in enumerate(tiles)]
            self._columns([*self.layout.prefetch(self.writes), *_over_lanes(back)])

    # --- values of rows ---

    def _own_ahead(self, node: Node) -> Node:
        """Compute the part of a value for the label's class ahead of the loop along the row."""
        value, patch = split_own(node)
        return node if patch is None else apply("where", node.arguments[0], self._row_value(patch[0]), value)

    def _row_value(self, node: Node) -> Node:
        self._ready([node])
        return substitute(node, self.known)

    def _ready(self, nodes: list[Node]) -> None:
        """Compute the values of rows that a loop along the row uses, ahead of it."""
        self._picks(nodes)
        parts = dict.fromkeys(part for node in nodes for part in _row_values(node))
        ahead = [part for part in parts if part not in self.known]
        places = [self._block() for _ in ahead]
        self.lines += self._loops(ahead, lambda results: (f"{a} = {b}" for a, b in zip(places, results, strict=True)))
        for node, place in zip(ahead, places, strict=True):
            self._keep(node, place, ROW)

    def _picks(self, nodes: list[Node]) -> None:
        """Read the values at the label's class that nodes use."""
        for node in walk(*nodes):
            if node.word == "pick" and node not in self.known:
                values, place, _ = node.arguments
                lines, (at,) = self._compute([place])
                block = self._block()
                self._over_lanes([*lines, f"{block} = {self._value(values, f'int64({at})')}"])
                self._keep(node, block, ROW)

    # --- inputs ---

    def _value(self, node: Node, column: str) -> str:
        """Print an input at a column of each lane's row."""
        if node in self.tiles:
            return self.tiles[node].format(column)
        places = {ELEMENT: self.layout.place(column), COLUMN: column, ROW: "item + i"}
        return self.arguments.load(node, places[node.axes])

    def _gather(self, nodes: list[Node]) -> None:
        """Transpose short rows into tiles in which the lanes are adjacent, as vector instructions read them."""
        tiles = {node: self._tile() for node in nodes}
        lines = [f"{tile.format('j')} = {self.at[node]}" for node, tile in tiles.items()]
        self._columns([*self.layout.prefetch(list(self.reads.values())), *_over_lanes(lines)])
        self.reads, self.tiles = {}, tiles
        self.at |= {node: tile.format("j") + is_set(node) for node, tile in tiles.items()}

    # --- loops ---

    def _over_lanes(self, lines: list[str]) -> None:
        self.lines += _over_lanes(lines)

    def _along_rows(self, nodes: list[Node], last: Callable[[list[str]], Iterator[str]], fetches: list[str]) -> None:
        self._columns([*self.layout.prefetch(fetches), *self._loops(nodes, last)])

    def _columns(self, lines: list[str]) -> None:
        self.lines += nest("for j in range(columns):", lines)

    def _loops(self, nodes: list[Node], last: Callable[[list[str]], Iterator[str]]) -> list[str]:
        """Print loops over the lanes that compute nodes; ``last`` prints the use of the results in the last one."""
        if not nodes:
            return []
        known = [self._known(node) for node in nodes]
        loops, results = costly_apart(known, self._loads(known), self.blocks, f"{next(self.numbers)}_")
        self.blocks += len(loops) - 1
        loops[-1] += last(results)
        return [line for loop in loops for line in _over_lanes(loop)]

    def _compute(self, nodes: Sequence[Node]) -> tuple[list[str], list[str]]:
        known = [self._known(node) for node in nodes]
        lines, results = statements(known, "llvm", literal, f"t{next(self.numbers)}_")
        return [*self._loads(known), *lines], results

    def _known(self, node: Node) -> Node:
        return substitute(node, self.known)

    def _loads(self, nodes: list[Node]) -> list[str]:
        """Print statements that read the inputs and known values of nodes."""
        return [f"x_{node.label} = {self.at[node]}" for node in walk(*nodes) if node in self.at]

    def _prefetches(self, nodes: list[Node]) -> list[str]:
        """Return the prefetch statements for the arrays that these nodes are the first to read."""
        labels = [str(symbol.label) for symbol in leaves(*nodes)]
        return [self.reads.pop(label) for label in labels if label in self.reads]

    # --- memory ---

    def _keep(self, node: Node, place: str, axes: Axes) -> None:
        """Note where a node's result is."""
        self.known[node] = symbol(f"lane_{len(self.at)}", axes)
        self.at[self.known[node]] = place

    def _block_number(self) -> int:
        self.blocks += 1
        return self.blocks - 1

    def _block(self) -> str:
        """Allocate scratch memory for one number of each lane."""
        return f"scratch[{self._block_number() * BLOCK} + i]"

    def _tile(self) -> str:
        """Allocate scratch memory for one number of each lane and column; the column is to be filled in."""
        self.kept += 1
        return f"scratch[BLOCKS + ({self.kept - 1} * columns + {{}}) * lanes + i]"


def _over_lanes(lines: list[str]) -> list[str]:
    return nest("for i in range(count):", lines) if lines else []


def _row_values(node: Node) -> Iterator[Node]:
    """Yield the largest parts of a node that do not vary along the row, without inputs and conditions."""
    if node.axes == ROW and node.word not in ("symbol", *CONDITIONS):
        yield node
    elif CLASS in node.axes and not is_own_class(node):
        for argument in node.arguments:
            yield from _row_values(argument)


def _added(high: str, low: str, value: str) -> list[str]:
    """Print statements that add a value to a lane's sum, or update its maximum."""
    if not low:
        return [f"value = {value}", f"top = {high}", f"{high} = where(value > top, value, top)"]
    return [
        f"value = {value}",
        f"sum = {high}",
        f"rest = {low}",
        *accumulate("sum", "rest", "value"),
        f"{high} = sum",
        f"{low} = rest",
    ]
