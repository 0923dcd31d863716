"""Kernels of losses over rows as text for Triton.

Rows that fit stay in registers: a program reads some whole rows once, reduces them and writes their gradients. A
longer row is read block by block, in one loop for each stage of sums and maxima (see cpu/stages.py) and one for the
gradients; each lane of the block has sums and maxima of its own until the loop ends. A softmax needs one stage: its
maximum and the sum of its powers are accumulated together.

The part of ``where(own class, a, b)`` for the label's class is computed once for each row.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import partial

from lossary.execution.cpu.stages import Statements, split_own
from lossary.execution.cpu.text import indent, nest
from lossary.execution.gpu import softmax
from lossary.execution.gpu.given import Given
from lossary.execution.gpu.text import (
    EXACT,
    HALF,
    SCALE,
    compare,
    divided,
    literal,
    over_programs,
    sum_stores,
)
from lossary.kinds.program import Work
from lossary.symbolic.codegen import statements
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Level, Node, apply, substitute, symbol, walk
from lossary.symbolic.simplify import is_own_class, leaves

__all__ = ["FACTOR", "UNSPECIALIZED", "body"]

FACTOR = symbol(SCALE, Level.ROW)
LOW, HIGH = symbol("low"), symbol("high")
UNSPECIALIZED = ("rows", "inner")  # numbers whose values Triton must not compile into kernels
REDUCTIONS = ("total", "greatest")

MODULE = """

@triton.jit
def total(value, inside):
    return tl.sum(tl.where(inside, value, 0.0), 1, keep_dims=True)


@triton.jit
def greatest(value, inside):
    return tl.max(tl.where(inside, value, float("-inf")), 1, keep_dims=True)


@triton.jit
def online(value, top, rest):
    x_high = tl.maximum(value, top, propagate_nan=tl.PropagateNan.ALL)
    x_low = tl.minimum(value, top)
{power}
    return x_high, rest * tl.where(value > top, tail, 1.0) + tail


@triton.jit
def highest(top):
    return tl.max(top, 1, keep_dims=True)


@triton.jit
def joined(x_low, x_high, rest):
{power}
    is_top = x_low == x_high
    parts = tl.where(is_top, rest, (rest + 1.0) * tail)
    return tl.sum(parts, 1, keep_dims=True) + (tl.sum(tl.where(is_top, 1.0, 0.0), 1, keep_dims=True) - 1.0)


@triton.jit(do_not_specialize={bits})
def kernel({parameters}, sums_at, rows, columns, inner, {strides}
           ONLY: tl.constexpr, ROWS: tl.constexpr, BLOCK: tl.constexpr):
{body}
"""

WHOLE = """
row = program.to(tl.int64) * ROWS + tl.arange(0, ROWS)[:, None]
j = tl.arange(0, BLOCK)[None, :]
"""
WIDE = """
for number in tl.range(tl.program_id(0), rows, tl.num_programs(0)):
    row = tl.zeros((1, 1), tl.int64) + number
"""
CLASSES = "x__classes = tl.zeros((1, 1), tl.int64) + columns"
LANES = "lanes = tl.arange(0, BLOCK)[None, :]"
HERE = "here = row < rows"
DIRECTIONS = {False: ["outer = row"], True: ["outer = row // inner", "within = row - outer * inner"]}
NOTHING = "nothing = tl.zeros((ROWS, 1), tl.int64)"
INSIDE = ["in_row = j < columns", "inside = here & in_row", "x__class_index = j"]
COLUMN = "begin + lanes"  # not ``j``: the sum of a pointer with ``begin`` is the same for all lanes
PART = ["j = begin + lanes", "in_row = j < columns", "inside = in_row", "x__class_index = j"]


def body(work: Work, given: Given, wide: bool) -> str:
    """Print the module that defines the kernel."""
    row = _Wide(given, work) if wide else _Whole(given, work)
    text = MODULE.format(
        power=indent(_power(given), 1),
        bits=[*given.unspecialized, *UNSPECIALIZED],
        parameters=", ".join(given.names),
        strides="".join(f"{name}, " for name in given.strides),
        body=indent(row.text(), 1),
    )
    return (EXACT if given.exact else HALF) + text


def _power(given: Given) -> list[str]:
    """Print statements for the exponential of a difference that is not positive."""
    node = lower(softmax.power(LOW, HIGH, given.exact))
    lines, (result,) = statements([node], "triton", partial(literal, given.dtype))
    return [*lines, f"tail = {result}"]


class _Row(Statements):
    """The statements for the rows of a program."""

    def __init__(self, given: Given, work: Work) -> None:
        super().__init__()
        self.given, self.work = given, work
        definitions = softmax.definitions(given.exact)
        self.outputs = [lower(node, definitions) for node in (*work.sums, *work.losses)]
        split = [split_own(lower(node, definitions)) for node in work.gradients]
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
        self.lines += self.given.loads(Level.SCALAR, Level.ROW)
        self.lines += [divided(self.given.dtype)] if self.given.scales else []
        self._picks(self.nodes)
        for _, place in self.own.values():
            self._name_place(place)

    def _picks(self, nodes: Sequence[Node]) -> None:
        """Print statements that read the values at the label's class that nodes use."""
        for node in walk(*nodes):
            if is_own_class(node):
                self._name_place(node.arguments[1])
            elif node.word == "pick" and node not in self.known:
                values, place = node.arguments
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

    def _slope_stores(self, values: Sequence[str], rows: Sequence[str], column: str, hint: str = "") -> Iterator[str]:
        """Print statements that write gradients, given ``rows``: factors, and values at the label's class."""
        own = dict(zip(self.own, rows[len(self.factors) :], strict=True))
        for k, place in enumerate(self.given.slopes):
            value = f"{rows[k]} * ({values[k]})"
            if k in own:
                value = f"tl.where(x__class_index == x_{self.known[self.own[k][1]].label}, {own[k]}, {value})"
            terms = ["nothing", *place.index(f"gradient_{k}", column)] + ["0 * j"] * (not place.column)
            yield f"tl.store(gradient_{k}_at + {' + '.join(terms)}, {value}, mask=inside{hint})"


class _Whole(_Row):
    """The statements for rows that a program holds in registers."""

    def text(self) -> list[str]:
        """Print the body of the kernel."""
        self.lines += [CLASSES, *self.given.scalars(), *WHOLE.strip().splitlines()]
        self._begin()
        self.lines += [*INSIDE, *self.given.loads(Level.COLUMN, Level.ELEMENT)]
        lines, values = self._compute(self.nodes)
        self.lines += lines
        outputs, row = len(self.outputs), len(values) - len(self.slopes)
        self._results(values[:outputs])
        stores = self._slope_stores(values[row:], [f"({v})" for v in values[outputs:row]], "j")
        return over_programs([*self.lines, *stores], self.given.compared)

    def _results(self, values: Sequence[str]) -> None:
        sums = len(self.work.sums)
        totals = [f"tl.sum(tl.where(here, {value}, 0.0).to(tl.float64))" for value in values[:sums]]
        self.lines += sum_stores(totals, "sums_at + {} * tl.num_programs(0) + program")
        self.lines += [f"tl.store(loss_{k}_at + row, {v}, mask=here)" for k, v in enumerate(values[sums:])]


class _Wide(_Row):
    """The statements for a row that is read block by block, once for each stage and once more for gradients."""

    def text(self) -> list[str]:
        """Print the body of the kernel."""
        self._begin()
        self._merge_softmax()
        depth = 1
        while stage := [node for node in self._reductions() if self._depth(node) == depth]:
            self._stage(stage, last=not self.slopes and depth == self._deepest())
            depth += 1
        lines, values = self._compute(self.nodes[: len(self.nodes) - len(self.slopes)])
        self.lines += lines
        self._results(values[: len(self.outputs)])
        if self.slopes:
            self._gradients(values[len(self.outputs) :])
        before = [CLASSES, *self.given.scalars(), LANES, *WIDE.strip().splitlines()]
        lines = [*before, *(f"    {line}" for line in self.lines)]
        return compare(lines) if self.given.compared else lines

    # --- reductions ---

    def _merge_softmax(self) -> None:
        """Replace the sum in a softmax by a symbol, as it is accumulated together with the maximum."""
        self.depths: dict[Node, int] = {}
        self.rests: dict[Node, Node] = {}  # logits by the symbol of their sum
        replaced: dict[Node, Node] = {}
        for node in walk(*self.nodes):
            if node.word == "greatest":
                rest = lower(softmax.rest(node.arguments[0], self.given.exact))
                replaced[rest] = symbol(f"rest_{len(self.rests)}", Level.ROW)
                self.rests[replaced[rest]] = node.arguments[0]
        present = {node for node in walk(*self.nodes) if node in replaced}
        self.rests = {sign: a for sign, a in self.rests.items() if any(replaced[node] is sign for node in present)}
        self.outputs, self.factors, self.slopes = (
            [substitute(node, replaced) for node in nodes] for nodes in (self.outputs, self.factors, self.slopes)
        )
        self.own = {k: (substitute(value, replaced), place) for k, (value, place) in self.own.items()}

    def _reductions(self) -> list[Node]:
        """List the sums and maxima over the row; the symbol of a softmax stands for its sum and maximum."""
        merged = {apply("greatest", a) for a in self.rests.values()}
        found = [*walk(*self.nodes), *(part for a in self.rests.values() for part in walk(a))]
        return list(dict.fromkeys(n for n in found if n in self.rests or (n.word in REDUCTIONS and n not in merged)))

    def _depth(self, node: Node) -> int:
        """Return the number of stages that a value takes."""
        if node not in self.depths:
            inside = (self.rests[node],) if node in self.rests else node.arguments
            own = node in self.rests or node.word in REDUCTIONS
            self.depths[node] = max(map(self._depth, inside), default=0) + own
        return self.depths[node]

    def _deepest(self) -> int:
        return max(map(self._depth, self._reductions()), default=0)

    # --- loops ---

    def _stage(self, stage: Sequence[Node], last: bool) -> None:
        """Print one loop over the row for sums and maxima of known values."""
        values = self._hoisted([self._reduced(node) for node in stage])
        names = [f"over_{len(self.lines)}_{k}" for k in range(len(stage))]
        self.lines += [line for node, name in zip(stage, names, strict=True) for line in self._nothing(node, name)]
        lines, results = self._compute(values)
        direct = all(node in self.rests and value.word == "symbol" for node, value in zip(stage, values, strict=True))
        least = values if direct else []
        adds = [self._into(*one, bool(least)) for one in zip(stage, names, results, strict=True)]
        self._loop(values, "evict_first" if last else "evict_last", [*lines, *adds], least)
        for node, name in zip(stage, names, strict=True):
            self._reduce(node, name)

    def _reduced(self, node: Node) -> Node:
        """Return the values along the row that a reduction reduces, that at the label's class computed ahead."""
        if node in self.rests:
            return self.rests[node]
        value, patch = split_own(node.arguments[0])
        return value if patch is None else apply("where", node.arguments[0].arguments[0], patch[0], value)

    def _nothing(self, node: Node, name: str) -> list[str]:
        """Print statements that begin a sum or a maximum, in each lane."""
        begin = f'tl.full((1, BLOCK), float("-inf"), tl.{self.given.dtype})'
        zeros = f"tl.zeros((1, BLOCK), tl.{self.given.dtype})"
        if node in self.rests:
            return [f"{name}_top = {begin}", f"{name} = {zeros}"]
        return [f"{name} = {zeros if node.word == 'total' else begin}"]

    def _into(self, node: Node, name: str, value: str, least: bool) -> str:
        """Print the statement that adds a block to a reduction; with ``least``, values beyond the row are -inf."""
        if node in self.rests:
            value = value if least else f'tl.where(inside, {value}, float("-inf"))'
            return f"{name}_top, {name} = online({value}, {name}_top, {name})"
        if node.word == "total":
            return f"{name} += tl.where(inside, {value}, 0.0)"
        return f"{name} = tl.where(inside & ({value} > {name}), {value}, {name})"

    def _reduce(self, node: Node, name: str) -> None:
        """Print the reduction of the lanes to one value of the row."""
        if node in self.rests:
            top = apply("greatest", self.rests[node])
            self._define(top, f"highest({name}_top)")
            self._define(node, f"joined({name}_top, x_{self.known[top].label}, {name})")
        else:
            word = "tl.sum" if node.word == "total" else "tl.max"
            self._define(node, f"{word}({name}, 1, keep_dims=True)")

    def _gradients(self, rows: Sequence[str]) -> None:
        """Print the loop that writes gradients."""
        names = [f"in_row_{k}" for k in range(len(rows))]
        self.lines += [f"{name} = {value}" for name, value in zip(names, rows, strict=True)]
        slopes = self._hoisted(self.slopes)
        lines, values = self._compute(slopes)
        stores = self._slope_stores(values, names, COLUMN, ', eviction_policy="evict_first"')
        self._loop(slopes, "evict_first", [*lines, *stores])

    def _hoisted(self, nodes: Sequence[Node]) -> list[Node]:
        """Return nodes in which the parts that do not vary along the row were computed before the loop."""
        self._picks(nodes)
        done = [substitute(node, self.known) for node in nodes]
        for part in dict.fromkeys(part for node in done for part in _row_parts(node)):
            self._name(part)
        return [substitute(node, self.known) for node in done]

    def _loop(self, nodes: Sequence[Node], keep: str, lines: Sequence[str], least: Container[Node] = ()) -> None:
        """Print a loop over the blocks of the row; it reads the inputs of nodes, -inf beyond the row for ``least``."""
        hint = f', eviction_policy="{keep}"'
        needed = set(leaves(*nodes))
        arrays = [node for node, _ in self.given.arrays if node in needed and node.level & Level.COLUMN]
        loads = [self.given.load(a, COLUMN, 'float("-inf")' if a in least else "0", hint) for a in arrays]
        self.lines += nest("for begin in tl.range(0, columns, BLOCK):", [*PART, *loads, *lines])

    def _results(self, values: Sequence[str]) -> None:
        sums = len(self.work.sums)
        totals = [f"({value}).to(tl.float64)" for value in values[:sums]]
        self.lines += sum_stores(totals, "sums_at + {} * rows.to(tl.int64) + row", ", mask=here")
        self.lines += [f"tl.store(loss_{k}_at + row, {v}, mask=here)" for k, v in enumerate(values[sums:])]


def _scaled(slope: Node) -> tuple[Node, Node]:
    """Split a gradient into a factor of the row, which is NaN if the row is invalid, and the rest."""
    if slope.word == "where" and not slope.arguments[0].level & Level.COLUMN and _is_nan(slope.arguments[2]):
        condition, value, wrong = slope.arguments
        return apply("where", condition, FACTOR, wrong), value
    return FACTOR, slope


def _is_nan(node: Node) -> bool:
    return node.is_number() and node.label != node.label


def _row_parts(node: Node) -> Iterator[Node]:
    """Yield the largest parts of a node that do not vary along the row."""
    if node.level & Level.COLUMN:
        for argument in node.arguments:
            yield from _row_parts(argument)
    elif node.arguments:
        yield node
