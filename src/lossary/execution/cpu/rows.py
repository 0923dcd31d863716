"""The kernel of a loss over rows: stages of one loop each over a row that stays in the cache, then its gradient.

Every sum or maximum over the row ends a stage, as what comes after needs it. A stage's values go through a small block
to the exact sum. What is costly and wanted again by a later loop is kept, in the thread's own memory. What differs at
the label's class only, ``where(own class, a, b)``, is b in the loop, and a put in its place.

No place of a row is written before it was read for the last time, so a gradient may be written over its prediction.
"""

from __future__ import annotations

from collections.abc import Sequence

from lossary.execution.cpu.intrinsics import AHEAD, ahead
from lossary.execution.cpu.order import Rows
from lossary.execution.cpu.stages import along_row, asking, split_own, stages_of
from lossary.execution.cpu.sums import BLOCK, accumulate, keep_sums, no_sums
from lossary.execution.cpu.text import COSTLY, Arguments, Body, indent, literal, scaled
from lossary.kinds.program import Work
from lossary.symbolic.codegen import statements
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Level, Node, apply, substitute, symbol, walk
from lossary.symbolic.simplify import is_own_class, leaves

__all__ = ["body", "extent", "serves"]

CHUNK = 1 << 13  # elements, in whole rows, whose sum is one number
NEXT = (f"base + begin + {AHEAD}", f"min(rows * columns, base + begin + count + {AHEAD})")
# What costly loops ask for, a part at a time: this row's place in what is written, and the next row's in what is read.
HERE = ("base + begin + part", "base + begin + stop_part")
BELOW = ("base + columns + begin + part", "min(rows * columns, base + columns + begin + stop_part)")
PLACE = "j = x_class_index = begin + i"
PART = 128  # places
LEAST = 8  # chunks that take as long as a thread takes to wake

TEMPLATE = """
def kernel({parameters}, halves, scratch, partial, chunks, rows, columns, start, stop):
{scalars}
    x_classes = number(columns)
    together = max(1, {chunk} // max(1, columns))
    for chunk in range(start, stop):
{zeros}
        for row in range(chunk * together, min(rows, (chunk + 1) * together)):
            base = row * columns
{row}
{keep}
"""


def serves(lay: Rows, work: Work, labels: bool) -> bool:
    """Whether rows lie along the last axes."""
    return lay.are_lines and lay.axes[-1] == len(lay.shape) - 1


def extent(lay: Rows) -> tuple[int, int, int]:
    """How many chunks there are, and the rows and columns of the input."""
    rows, columns, _ = lay.extents
    return -(-rows // max(1, CHUNK // max(1, columns))), rows, columns


def body(work: Work, arguments: Arguments) -> Body:
    """The text of the kernel."""
    row = _Row(arguments)
    row.write([lower(node) for node in (*work.sums, *work.losses)], [lower(g) for g in work.gradients], work)
    text = TEMPLATE.format(
        parameters=", ".join(arguments.names),
        scalars=indent(arguments.scalars(), 1),
        chunk=CHUNK,
        zeros=indent(no_sums(len(work.sums)), 2),
        row=indent([*arguments.loads("row", Level.ROW), *row.lines], 3),
        keep=indent(keep_sums(len(work.sums)), 2),
    )
    return Body(
        text.replace("BLOCKS", str(row.blocks * BLOCK)), row.blocks, lambda columns: row.spills * columns, LEAST
    )


class _Row:
    """The statements for one row. ``known`` names what earlier statements have computed."""

    def __init__(self, arguments: Arguments) -> None:
        self.lines: list[str] = []
        self.known: dict[Node, Node] = {}
        self.blocks, self.spills = 0, 0
        self.arguments = arguments
        self.reads, _, self.writes = arguments.asks
        self.later = [*ahead(list(self.reads.values()), *BELOW), *ahead(self.writes, *HERE)]
        self.loads = arguments.loads("base + j", Level.ELEMENT) + arguments.loads("j", Level.COLUMN)

    def write(self, outputs: list[Node], gradients: list[Node], work: Work) -> None:
        """The row's values, then its gradients."""
        for stage, again in stages_of(outputs, gradients, self.known):
            self._stage(stage, again)
        self._results(outputs, work)
        if gradients:
            self._gradients(gradients)

    def _stage(self, stage: list[Node], again: list[Node]) -> None:
        """One loop over the row, for sums and maxima of what is known; ``again`` is wanted by later loops too."""
        through = [node for node in stage if not self._greatest_input(node)]
        if not through:
            return
        counted = {node: condition for node in through if (condition := _condition(node)) is not None}
        added = [node for node in through if node not in counted]
        split = [split_own(node.arguments[0]) for node in added]
        patched = [(k, *self._own_class(patch)) for k, (_, patch) in enumerate(split) if patch is not None]
        nodes = [*(value for value, _ in split), *counted.values(), *again]
        asks, (first, costly) = self._asks(nodes), self._ahead(nodes, len(added))
        loads = [*self.loads, *(f"x_{self.known[node].label} = {place}" for node, place in costly.items())]
        self.blocks = max(self.blocks, len(added) + len(costly))
        loop, results = self._compute(nodes)
        names = {node: f"over_{len(self.lines)}_{k}" for k, node in enumerate((*added, *counted))}
        places = [self._place() for _ in again]
        stores = [f"scratch[{k * BLOCK} + i] = {{}}" for k in range(len(added))]
        stores += [f"{names[node]}_here = counted({names[node]}_here, {{}})" for node in counted]
        stores += [f"{place} = {{}}" for place in places]
        ends: list[str] = []
        for k, place, value in patched:
            ends += [f"if begin <= {place} < begin + count:", f"    scratch[{k * BLOCK} + {place} - begin] = {value}"]
        for k, node in enumerate(added):
            ends += _into(node.word, names[node], k)
        ends += [f"{names[node]} += {names[node]}_here" for node in counted]
        self.lines += [_nothing(node.word, name, node in counted) for node, name in names.items()]
        last = [*loads, *loop, *(store.format(value) for store, value in zip(stores, results, strict=True))]
        begins = [f"{names[node]}_here = signed(0)" for node in counted]
        self._loop([*asks, *begins], last, ends, first)
        for node in costly:
            del self.known[node]
        for node, name in names.items():
            joined = node.word == "total" and node not in counted
            self._define(node, f"number(joined({name}, {name}_low))" if joined else f"number({name})")
        for node, place in zip(again, places, strict=True):
            self.known[node] = symbol(f"kept_{len(self.loads)}")
            self.loads.append(f"x_{self.known[node].label} = {place}")

    def _ahead(self, nodes: list[Node], first: int) -> tuple[list[list[str]], dict[Node, str]]:
        """Loops that compute one costly word each, for a block, and where the blocks hold the results."""
        loops: list[list[str]] = []
        costly: dict[Node, str] = {}
        for node in along_row(nodes):
            if node.word in COSTLY and node not in self.known:
                loads = [f"x_{self.known[part].label} = {place}" for part, place in costly.items()]
                lines, (value,) = self._compute([node])
                costly[node] = f"scratch[{(first + len(costly)) * BLOCK} + i]"
                loops.append([*self.loads, *loads, *lines, f"{costly[node]} = {value}"])
                self.known[node] = symbol(f"ahead_{len(costly)}", node.level)
        return loops, costly

    def _greatest_input(self, node: Node) -> bool:
        """The maximum of an input itself needs no block, where it has the kernel's own type."""
        direct = node.word == "greatest" and node.arguments[0].word == "symbol"
        direct = direct and node.arguments[0].label not in dict(self.arguments.halves)
        if direct:
            name = f"over_{len(self.lines)}"
            self.lines.append(f"{name} = -INFINITY")
            self._loop(self._asks([node]), [], _greatest(name, f"x_{node.arguments[0].label}_at", "base + begin"))
            self._define(node, name)
        return direct

    def _asks(self, nodes: list[Node]) -> list[str]:
        """Statements that ask memory for what a loop is the first to read of it."""
        labels = [str(symbol.label) for symbol in leaves(*nodes)]
        asks = [self.reads.pop(label) for label in labels if label in self.reads]
        return ahead(asks, *NEXT)

    def _loop(self, begins: list[str], loop: list[str], ends: list[str], costly: Sequence[list[str]] = ()) -> None:
        """A loop over each block of the row, costly ones ahead of it, and what is done before and after them."""
        self.lines += [f"for begin in range(0, columns, {BLOCK}):", f"    count = min({BLOCK}, columns - begin)"]
        lines = [*begins]
        for one in costly:
            lines += asking([PLACE, *one], self.later, PART)
            self.later = []
        lines += ["for i in range(count):", *(f"    {line}" for line in [PLACE, *loop])] if loop else []
        self.lines += [f"    {line}" for line in [*lines, *ends]]

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
        asks = ahead(self.writes, *NEXT)
        self._loop(asks, self.loads + lines + stores, [])
        self.lines += [f"gradient_{k}[base + {place}] = {scaled(value)}" for k, place, value in patched]

    def _own_class(self, patch: tuple[Node, Node]) -> tuple[str, str]:
        """The place of the label's class, and the value there."""
        value, place = patch
        self._name(place)
        lines, (text,) = self._compute([value])
        name = f"own_{len(self.lines)}"
        self.lines += [*lines, f"{name} = {text}"]
        return f"x_{self.known[place].label}", name

    def _compute(self, nodes: list[Node]) -> tuple[list[str], list[str]]:
        """Statements and expressions for nodes, from what is known."""
        for node in walk(*nodes):
            if node.word == "pick" and node not in self.known:
                values, place = node.arguments
                self._name(place)
                start = "" if values.level == Level.COLUMN else "base + "
                self._define(node, self.arguments.load(values, f"{start}x_{self.known[place].label}"))
        known = [substitute(node, self.known) for node in nodes]
        return statements(known, "numba", literal, f"t{len(self.lines)}_")

    def _name(self, node: Node) -> None:
        """Compute one value of the row ahead."""
        if node not in self.known:
            lines, (value,) = self._compute([node])
            self.lines += lines
            self._define(node, value)

    def _define(self, node: Node, value: str) -> None:
        self.known[node] = symbol(f"row_{len(self.lines)}", Level.ROW)
        self.lines.append(f"x_{self.known[node].label} = {value}")

    def _place(self) -> str:
        """Memory for one value of each place of the row."""
        self.spills += 1
        return f"scratch[BLOCKS + {self.spills - 1} * columns + j]"


def _condition(node: Node) -> Node | None:
    """What a sum of ones and zeros counts: that takes no block, and no addition of numbers."""
    value = node.arguments[0]
    if node.word != "total" or value.word != "where" or is_own_class(value.arguments[0]):
        return None
    condition, a, b = value.arguments
    if a.is_number(1.0) and b.is_number(0.0):
        return condition
    return apply("opposite", condition) if a.is_number(0.0) and b.is_number(1.0) else None


def _nothing(word: str, name: str, counted: bool) -> str:
    """The statement that begins a count, a sum or a maximum."""
    return f"{name} = 0" if counted else f"{name} = {name}_low = 0.0" if word == "total" else f"{name} = -INFINITY"


def _into(word: str, name: str, k: int) -> list[str]:
    """Statements that add a block to a sum or a maximum."""
    if word == "greatest":
        return _greatest(name, "scratch", str(k * BLOCK))
    added = accumulate(name, f"{name}_low", "item", "rest_of(halves)")
    return [f"item = sum_block(scratch, {k * BLOCK}, count, halves)", *added]


def _greatest(name: str, values: str, start: str) -> list[str]:
    """Statements that add a block to a maximum."""
    return [f"top = greatest_of({values}, {start}, count)", f"{name} = where(top > {name}, top, {name})"]
