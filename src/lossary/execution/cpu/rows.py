"""Kernels of losses over rows: stages of one loop each over a row that stays in the cache, then the gradient.

Every sum or maximum over the row ends a stage, as later values need it. The values of a stage go through a block of
scratch memory to the exact sum. Costly values that a later loop needs again are kept in scratch memory. A value that
differs at the label's class only, ``where(own class, a, b)``, is b in the loop, and a is written over it afterwards.

No element is written before it was read for the last time, so a gradient may overwrite its prediction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lossary.execution.cpu.order import Rows
from lossary.execution.cpu.stages import Staged, along_row, in_parts, split_own
from lossary.execution.cpu.sums import BLOCK, accumulate, keep_sums, no_sums
from lossary.execution.cpu.text import AHEAD, COSTLY, Arguments, Body, indent, literal, nest, prefetch, scaled
from lossary.kinds.program import Work
from lossary.symbolic.codegen import statements
from lossary.symbolic.graph import COLUMN, ELEMENT, ROW, Node, apply, substitute, symbol, walk
from lossary.symbolic.simplify import is_own_class, leaves

__all__ = ["body", "extent", "serves"]

CHUNK = 1 << 13  # elements, in whole rows, that are added to one number
# What the first loop over an array prefetches; and what costly loops prefetch, in parts: the written places of this
# row, and what is read of the next row.
NEXT = (f"base + begin + {AHEAD}", f"min(rows * columns, base + begin + count + {AHEAD})")
HERE = ("base + begin + part", "base + begin + stop_part")
BELOW = ("base + columns + begin + part", "min(rows * columns, base + columns + begin + stop_part)")
PLACE = "j = x__class_index = begin + i"
PART = 128  # elements of a costly loop between prefetches
LEAST = 8  # chunks that take as long as waking a thread

TEMPLATE = """
def kernel({parameters}, halves, scratch, partial, chunks, rows, columns, start, stop):
{scalars}
    x__classes = number(columns)
    together = max(1, {chunk} // max(1, columns))
    for chunk in range(start, stop):
{zeros}
        for row in range(chunk * together, min(rows, (chunk + 1) * together)):
            base = row * columns
{row}
{keep}
"""


def serves(rows: Rows, work: Work, labels: bool) -> bool:
    """Return True if rows run along the last axes."""
    return rows.are_lines and rows.axes[-1] == len(rows.shape) - 1


def extent(rows: Rows) -> tuple[int, int, int]:
    """Count the chunks, rows and columns."""
    count, columns, _ = rows.extents
    return -(-count // max(1, CHUNK // max(1, columns))), count, columns


def body(work: Work, arguments: Arguments) -> Body:
    """Print the kernel."""
    row = _Row(arguments)
    row.write(work)
    text = TEMPLATE.format(
        parameters=", ".join(arguments.names),
        scalars=indent(arguments.scalars(), 1),
        chunk=CHUNK,
        zeros=indent(no_sums(len(work.sums)), 2),
        row=indent([*arguments.loads("row", ROW), *row.lines], 3),
        keep=indent(keep_sums(len(work.sums)), 2),
    )
    text = text.replace("BLOCKS", str(row.blocks * BLOCK))
    return Body(text, row.blocks, lambda columns: row.spills * columns, LEAST)


@dataclass(frozen=True)
class _Accumulator:
    """A sum, count or maximum over the row, and the statements of the loop that makes it."""

    node: Node
    name: str
    block: int  # of scratch memory, for the values of a sum or maximum
    counts: bool

    def start(self) -> str:
        """Print the statement that begins it."""
        if self.counts:
            return f"{self.name} = 0"
        return f"{self.name} = {self.name}_low = 0.0" if self.node.word == "total" else f"{self.name} = -INFINITY"

    def start_block(self) -> list[str]:
        return [f"{self.name}_here = signed(0)"] if self.counts else []

    def store(self, value: str) -> str:
        """Print the statement for one element."""
        here = f"{self.name}_here"
        return f"{here} = counted({here}, {value})" if self.counts else f"scratch[{self.block * BLOCK} + i] = {value}"

    def end_block(self) -> list[str]:
        """Print statements that add a block of values."""
        name, place = self.name, self.block * BLOCK
        if self.counts:
            return [f"{name} += {name}_here"]
        if self.node.word == "greatest":
            return _greatest(name, "scratch", str(place))
        added = accumulate(name, f"{name}_low", "item", "rest_of(halves)")
        return [f"item = sum_block(scratch, {place}, count, halves)", *added]

    def result(self) -> str:
        exact = self.node.word == "total" and not self.counts
        return f"number(joined({self.name}, {self.name}_low))" if exact else f"number({self.name})"


class _Row(Staged):
    """The statements for one row."""

    def __init__(self, arguments: Arguments) -> None:
        super().__init__(arguments)
        self.spills = 0
        self.reads, _, self.writes = arguments.prefetches
        self.later = [*prefetch(list(self.reads.values()), *BELOW), *prefetch(self.writes, *HERE)]
        self.loads = arguments.loads("base + j", ELEMENT) + arguments.loads("j", COLUMN)

    def _stage(self, stage: list[Node], again: list[Node]) -> None:
        through = [node for node in stage if not self._greatest_input(node)]
        if through:
            self._accumulate(through, again)

    def _accumulate(self, nodes: list[Node], again: list[Node]) -> None:
        """Print the loop of a stage, whose values go through blocks of scratch memory."""
        counted = {node: condition for node in nodes if (condition := _condition(node)) is not None}
        added = [node for node in nodes if node not in counted]
        values, patches = self._patched(added)
        outputs = [*values, *counted.values(), *again]
        prefetches, (first, costly) = self._prefetches(outputs), self._ahead(outputs, len(added))
        self.blocks = max(self.blocks, len(added) + len(costly))
        loop, results = self._compute(outputs)
        each = enumerate((*added, *counted))
        sums = [_Accumulator(node, f"over_{len(self.lines)}_{k}", k, node in counted) for k, node in each]
        places = [self._spill() for _ in again]
        stores = [one.store(result) for one, result in zip(sums, results, strict=False)]
        stores += [f"{place} = {result}" for place, result in zip(places, results[len(sums) :], strict=True)]
        self.lines += [one.start() for one in sums]
        begins = [line for one in sums for line in one.start_block()]
        ends = [*patches, *(line for one in sums for line in one.end_block())]
        self._loop([*prefetches, *begins], [*self.loads, *self._reads(costly), *loop, *stores], ends, first)
        self._conclude(sums, costly, dict(zip(again, places, strict=True)))

    def _conclude(self, sums: list[_Accumulator], costly: dict[Node, str], again: dict[Node, str]) -> None:
        """Define the results of a stage; what its blocks held is known no longer."""
        for node in costly:
            del self.known[node]
        for one in sums:
            self._define(one.node, one.result())
        for node, place in again.items():
            self.known[node] = symbol(f"kept_{len(self.loads)}")
            self.loads += self._reads({node: place})

    def _patched(self, nodes: list[Node]) -> tuple[list[Node], list[str]]:
        """Return the values that sums add, and the statements that write those at the label's class over the others."""
        values, patches = zip(*(split_own(node.arguments[0]) for node in nodes), strict=True) if nodes else ((), ())
        lines: list[str] = []
        for k, patch in enumerate(patches):
            if patch is not None:
                place, value = self._own_class(patch)
                lines += [f"if begin <= {place} < begin + count:"]
                lines += [f"    scratch[{k * BLOCK} + {place} - begin] = {value}"]
        return list(values), lines

    def _ahead(self, nodes: list[Node], first: int) -> tuple[list[list[str]], dict[Node, str]]:
        """Print loops that compute one costly word each; return the places of their results in scratch memory."""
        loops: list[list[str]] = []
        costly: dict[Node, str] = {}
        for node in along_row(nodes, self.known):
            if node.word in COSTLY:
                loads = self._reads(costly)
                lines, (value,) = self._compute([node])
                costly[node] = f"scratch[{(first + len(costly)) * BLOCK} + i]"
                loops.append([*self.loads, *loads, *lines, f"{costly[node]} = {value}"])
                self.known[node] = symbol(f"ahead_{len(costly)}", node.axes)
        return loops, costly

    def _reads(self, places: dict[Node, str]) -> list[str]:
        return [f"x_{self.known[node].label} = {place}" for node, place in places.items()]

    def _greatest_input(self, node: Node) -> bool:
        """Print the maximum of an input itself, which needs no block; return False for other nodes."""
        direct = node.word == "greatest" and node.arguments[0].word == "symbol"
        direct = direct and node.arguments[0].label not in dict(self.arguments.halves)
        if direct:
            name = f"over_{len(self.lines)}"
            self.lines.append(f"{name} = -INFINITY")
            ends = _greatest(name, f"x_{node.arguments[0].label}_at", "base + begin")
            self._loop(self._prefetches([node]), [], ends)
            self._define(node, name)
        return direct

    def _prefetches(self, nodes: list[Node]) -> list[str]:
        """Print the prefetches for the arrays that these nodes are the first to read."""
        labels = [str(symbol.label) for symbol in leaves(*nodes)]
        return prefetch([self.reads.pop(label) for label in labels if label in self.reads], *NEXT)

    def _loop(self, begins: list[str], loop: list[str], ends: list[str], costly: Sequence[list[str]] = ()) -> None:
        """Print a loop over the blocks of the row, with loops over the elements in it, the costly ones first."""
        lines = [f"count = min({BLOCK}, columns - begin)", *begins]
        for one in costly:
            lines += in_parts([PLACE, *one], self.later, PART)
            self.later = []
        lines += nest("for i in range(count):", [PLACE, *loop]) if loop else []
        self.lines += nest(f"for begin in range(0, columns, {BLOCK}):", [*lines, *ends])

    def _results(self, outputs: list[Node], work: Work) -> None:
        lines, values = self._compute(outputs)
        self.lines += lines
        sums, losses = len(work.sums), len(work.losses)
        for k in range(sums):
            self.lines += [f"item = float64({values[k]})", *accumulate(f"high_{k}", f"low_{k}", "item")]
        self.lines += [f"loss_{k}[row] = {values[sums + k]}" for k in range(losses)]

    def _gradients(self, gradients: list[Node]) -> None:
        values, patches = zip(*(split_own(gradient) for gradient in gradients), strict=True)
        patched = [(k, *self._own_class(patch)) for k, patch in enumerate(patches) if patch is not None]
        lines, results = self._compute(list(values))
        stores = [f"gradient_{k}[base + j] = {scaled(result)}" for k, result in enumerate(results)]
        self._loop(prefetch(self.writes, *NEXT), self.loads + lines + stores, [])
        self.lines += [f"gradient_{k}[base + {place}] = {scaled(value)}" for k, place, value in patched]

    def _own_class(self, patch: tuple[Node, Node]) -> tuple[str, str]:
        """Compute the column of the label's class and the value there, and return their names."""
        value, place = patch
        self._name(place)
        lines, (text,) = self._compute([value])
        name = f"own_{len(self.lines)}"
        self.lines += [*lines, f"{name} = {text}"]
        return f"int64(x_{self.known[place].label})", name

    def _compute(self, nodes: Sequence[Node]) -> tuple[list[str], list[str]]:
        for node in walk(*nodes):
            if node.word == "pick" and node not in self.known:
                values, place, _ = node.arguments
                self._name(place)
                start = "" if values.axes == COLUMN else "base + "
                self._define(node, self.arguments.load(values, f"{start}int64(x_{self.known[place].label})"))
        known = [substitute(node, self.known) for node in nodes]
        return statements(known, "llvm", literal, f"t{next(self.numbers)}_")

    def _spill(self) -> str:
        """Allocate scratch memory for one value of each column."""
        self.spills += 1
        return f"scratch[BLOCKS + {self.spills - 1} * columns + j]"


def _condition(node: Node) -> Node | None:
    """Return the condition that a sum of ones and zeros counts, else None: counting needs no block and no addition."""
    value = node.arguments[0]
    if node.word != "total" or value.word != "where" or is_own_class(value.arguments[0]):
        return None
    condition, a, b = value.arguments
    if a.is_number(1.0) and b.is_number(0.0):
        return condition
    return apply("opposite", condition) if a.is_number(0.0) and b.is_number(1.0) else None


def _greatest(name: str, values: str, start: str) -> list[str]:
    """Print statements that add a block of values to a maximum."""
    return [f"top = greatest_of({values}, {start}, count)", f"{name} = where(top > {name}, top, {name})"]
