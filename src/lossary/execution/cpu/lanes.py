"""The kernel of a loss over rows, many rows at a time: one in each lane of the processor's vectors.

It serves rows whose places lie apart in memory, as those of an axis that is not the last, and rows too short to fill
vectors. What is one number a row is a block of numbers here, one a lane. A loop over the places of the row goes around
those over the lanes, and each lane adds up its own row.

As in rows.py, no place of a row is written before it was read for the last time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lossary.execution.cpu.intrinsics import ahead
from lossary.execution.cpu.order import Rows
from lossary.execution.cpu.stages import costly_apart, split_own, stages_of
from lossary.execution.cpu.sums import BLOCK, accumulate, add_block, keep_sums, no_sums
from lossary.execution.cpu.text import Arguments, Body, indent, is_set, literal, scaled
from lossary.kinds.program import Work
from lossary.symbolic.codegen import statements
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Level, Node, apply, substitute, symbol, walk
from lossary.symbolic.simplify import CLASS_INDEX, is_own_class, leaves
from lossary.symbolic.words import CONDITIONS

__all__ = ["INNER", "SHORT", "Lanes"]

CHUNK = 1 << 15  # elements, about, whose sum is one number
TILE = 1 << 12  # elements at a time, which stay in the first-level cache
FEWEST = 128  # lanes, even if their rows leave that cache
LONGEST = 48  # of the rows that are too short for vectors of their own
LONGEST_READ = 128  # if no gradient is written, and of each row one array read
LEAST = 2  # chunks that take as long as a thread takes to wake

TEMPLATE = """
def kernel({parameters}, halves, scratch, partial, chunks, rows, columns, start, stop):
{scalars}
    x_classes = number(columns)
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
    """How many rows are computed at a time."""
    return max(FEWEST, min(BLOCK, TILE // max(1, columns)))


def together(columns: int) -> int:
    """How many rows make a chunk."""
    return lanes(columns) * max(1, CHUNK // max(1, columns) // lanes(columns))


@dataclass(frozen=True)
class Lanes:
    """Where the places of a row lie: in lines of one place of many rows each, or side by side."""

    short: bool

    def serves(self, lay: Rows, work: Work, labels: bool) -> bool:
        """Whether the rows lie so."""
        if not lay.are_lines:
            return False
        outer, columns, inner = lay.extents
        longest = LONGEST if work.gradients or not labels else LONGEST_READ
        return inner == 1 < outer and columns <= longest if self.short else inner > 1

    def extent(self, lay: Rows) -> tuple[int, int, int]:
        """How many chunks there are, and how many rows lie beside each other, of how many places."""
        outer, columns, inner = lay.extents
        groups, rows = (1, outer) if self.short else (outer, inner)
        return groups * -(-rows // together(columns)), rows, columns

    def place(self, column: str) -> str:
        """Where the value of a lane at a place of its row lies."""
        return f"base + i * columns + {column}" if self.short else f"base + {column} * rows + i"

    def asks(self, asks: list[str]) -> list[str]:
        """Statements that ask for what comes after this place of these rows."""
        begin = "base + (columns + j) * count" if self.short else "base + (j + 1) * rows"
        return ahead(asks, begin, f"{begin} + count")

    def body(self, work: Work, arguments: Arguments) -> Body:
        """The text of the kernel."""
        rows = _Rows(self, arguments)
        rows.write([lower(node) for node in (*work.sums, *work.losses)], [lower(g) for g in work.gradients], work)
        text = TEMPLATE.format(
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


class _Rows:
    """The statements for a block of rows. ``known`` names what earlier statements have computed, ``at`` where it is."""

    def __init__(self, layout: Lanes, arguments: Arguments) -> None:
        self.lines: list[str] = []
        self.known: dict[Node, Node] = {}
        self.tiles: dict[Node, str] = {}
        self.blocks, self.kept = 0, 0
        self.layout, self.arguments = layout, arguments
        self.reads, _, self.writes = arguments.asks
        self.at = {node: self._value(node, "j") for node in arguments.arrays}
        self.at[CLASS_INDEX] = "j"
        wide = [node for node in arguments.arrays if node.level == Level.ELEMENT]
        if layout.short and wide:
            self._gather(wide)

    def write(self, outputs: list[Node], gradients: list[Node], work: Work) -> None:
        """The rows' values, then their gradients."""
        for stage, again in stages_of(outputs, gradients, self.known):
            self._stage(stage, again)
        self._results(outputs, work)
        if gradients:
            self._gradients(gradients)

    def _stage(self, stage: list[Node], again: list[Node]) -> None:
        """One loop over the places, for sums and maxima; ``again`` is wanted by later loops too."""
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

        self._over_places([*values, *again], last, self._asks([*values, *again]))
        self._over_lanes([f"{high} = number(joined({high}, {low}))" for _, high, low in sums if low])
        for node, high, _ in sums:
            self._define(node, high, Level.ROW)
        for node, place in zip(again, kept, strict=True):
            self._define(node, place, Level.ELEMENT)

    def _results(self, outputs: list[Node], work: Work) -> None:
        """What becomes of each row, and the sums over the rows."""
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

        self._over_places(list(values), last, [] if tiles else self.writes)
        for k, value, place in own:
            lines, (text, at) = self._compute([value, place])
            self._over_lanes([*lines, f"{to[k].format(f'({at})')} = {scaled(text)}"])
        if tiles:
            back = [f"gradient_{k}[{self.layout.place('j')}] = {tile.format('j')}" for k, tile in enumerate(tiles)]
            self._places([*self.layout.asks(self.writes), *_over_lanes(back)])

    # --- what is one number a row ---

    def _own_ahead(self, node: Node) -> Node:
        """A value whose part for the label's class is one number a row."""
        value, patch = split_own(node)
        return node if patch is None else apply("where", node.arguments[0], self._row_value(patch[0]), value)

    def _row_value(self, node: Node) -> Node:
        self._ready([node])
        return substitute(node, self.known)

    def _ready(self, nodes: list[Node]) -> None:
        """Compute what is one number a row, and is used by a loop over places, ahead."""
        self._picks(nodes)
        parts = dict.fromkeys(part for node in nodes for part in _row_numbers(node))
        ahead = [part for part in parts if part not in self.known]
        places = [self._block() for _ in ahead]
        self.lines += self._loops(ahead, lambda results: (f"{a} = {b}" for a, b in zip(places, results, strict=True)))
        for node, place in zip(ahead, places, strict=True):
            self._define(node, place, Level.ROW)

    def _picks(self, nodes: list[Node]) -> None:
        """Read what nodes need of the label's class."""
        for node in walk(*nodes):
            if node.word == "pick" and node not in self.known:
                values, place = node.arguments
                lines, (at,) = self._compute([place])
                block = self._block()
                self._over_lanes([*lines, f"{block} = {self._value(values, f'({at})')}"])
                self._define(node, block, Level.ROW)

    # --- inputs ---

    def _value(self, node: Node, column: str) -> str:
        """An input, for each lane, at a place of the row."""
        if node in self.tiles:
            return self.tiles[node].format(column)
        places = {Level.ELEMENT: self.layout.place(column), Level.COLUMN: column, Level.ROW: "item + i"}
        return self.arguments.load(node, places[node.level])

    def _gather(self, nodes: list[Node]) -> None:
        """Bring what lies side by side in a row side by side in the lanes: vectors are read from one place only."""
        tiles = {node: self._tile() for node in nodes}
        lines = [f"{tile.format('j')} = {self.at[node]}" for node, tile in tiles.items()]
        self._places([*self.layout.asks(list(self.reads.values())), *_over_lanes(lines)])
        self.reads, self.tiles = {}, tiles
        self.at |= {node: tile.format("j") + is_set(node) for node, tile in tiles.items()}

    # --- loops ---

    def _over_lanes(self, lines: list[str]) -> None:
        self.lines += _over_lanes(lines)

    def _over_places(self, nodes: list[Node], last: Callable[[list[str]], Iterator[str]], asks: list[str]) -> None:
        self._places([*self.layout.asks(asks), *self._loops(nodes, last)])

    def _places(self, lines: list[str]) -> None:
        self.lines += ["for j in range(columns):", *(f"    {line}" for line in lines)]

    def _loops(self, nodes: list[Node], last: Callable[[list[str]], Iterator[str]]) -> list[str]:
        """Loops over the lanes that compute nodes, and what the last of them does with the results."""
        if not nodes:
            return []
        known = [self._known(node) for node in nodes]
        loops, results = costly_apart(known, self._loads(known), self.blocks, f"{len(self.lines)}_")
        self.blocks += len(loops) - 1
        loops[-1] += last(results)
        return [line for loop in loops for line in _over_lanes(loop)]

    def _compute(self, nodes: list[Node]) -> tuple[list[str], list[str]]:
        """Statements and expressions for nodes, from what is known."""
        known = [self._known(node) for node in nodes]
        lines, results = statements(known, "numba", literal, f"t{len(self.lines)}_")
        return [*self._loads(known), *lines], results

    def _known(self, node: Node) -> Node:
        return substitute(node, self.known)

    def _loads(self, nodes: list[Node]) -> list[str]:
        """Statements that read what nodes are computed from."""
        return [f"x_{node.label} = {self.at[node]}" for node in walk(*nodes) if node in self.at]

    def _asks(self, nodes: list[Node]) -> list[str]:
        """What memory is asked for by the first loop that reads it."""
        labels = [str(symbol.label) for symbol in leaves(*nodes)]
        return [self.reads.pop(label) for label in labels if label in self.reads]

    # --- memory ---

    def _define(self, node: Node, place: str, level: Level) -> None:
        self.known[node] = symbol(f"lane_{len(self.at)}", level)
        self.at[self.known[node]] = place

    def _block_number(self) -> int:
        self.blocks += 1
        return self.blocks - 1

    def _block(self) -> str:
        """Memory for one number of each lane."""
        return f"scratch[{self._block_number() * BLOCK} + i]"

    def _tile(self) -> str:
        """Memory for one number of each lane and place, which is to be filled in."""
        self.kept += 1
        return f"scratch[BLOCKS + ({self.kept - 1} * columns + {{}}) * lanes + i]"


def _over_lanes(lines: list[str]) -> list[str]:
    """A loop over the lanes."""
    return ["for i in range(count):", *(f"    {line}" for line in lines)] if lines else []


def _row_numbers(node: Node) -> Iterator[Node]:
    """The greatest parts of a value along a row that are one number a row: no inputs, and no conditions."""
    if node.level == Level.ROW and node.word not in ("symbol", *CONDITIONS):
        yield node
    elif node.level & Level.COLUMN and not is_own_class(node):
        for argument in node.arguments:
            yield from _row_numbers(argument)


def _added(high: str, low: str, value: str) -> list[str]:
    """Statements that add a value to a lane's sum, or to its maximum."""
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
