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
    literal,
    over_programs,
    shared,
    sum_stores,
)
from lossary.kinds.program import Work
from lossary.symbolic.codegen import statements
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Level, Node, apply, substitute, symbol, walk
from lossary.symbolic.simplify import is_own_class, leaves

__all__ = ["FACTOR", "UNSPECIALIZED", "body"]

FACTOR = symbol(SCALE, Level.ROW)
UNSPECIALIZED = ("rows", "inner")  # numbers whose values Triton must not compile into kernels
OTHERS = "other_powers"
REDUCTIONS = ("total", "greatest", OTHERS)

MODULE = """

@triton.jit
def total(value, inside):
    return tl.sum(tl.where(inside, value, 0.0), 1, keep_dims=True)


@triton.jit
def greatest(value, inside):
    return tl.max({known}, 1, keep_dims=True)


{softmax}

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
        known="value" if row.padded is not None else 'tl.where(inside, value, float("-inf"))',
        softmax=softmax.functions(given.dtype, given.exact, row.is_fast, row.padded is not None),
        bits=[*given.unspecialized, *UNSPECIALIZED],
        parameters=", ".join(given.names),
        strides="".join(f"{name}, " for name in given.strides),
        body=indent(row.text(), 1),
    )
    return (EXACT if given.exact else HALF) + text


class _Row(Statements):
    """The statements for the rows of a program."""

    def __init__(self, given: Given, work: Work) -> None:
        super().__init__()
        self.given, self.work = given, work
        definitions = softmax.definitions()
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

    @property
    def is_fast(self) -> bool:
        """True if powers are fast, which in float32 would cost a second sum here."""
        return not self.given.exact

    @property
    def padded(self) -> Node | None:
        """The logits, if all sums and maxima are of their softmax: beyond the row they are -inf."""
        reduced = {node.arguments[0] for node in walk(*self.nodes) if node.word in ("greatest", OTHERS)}
        alone = len(reduced) == 1 and all(node.word != "total" for node in walk(*self.nodes))
        return next((node for node in reduced if alone and node.word == "symbol"), None)

    def text(self) -> list[str]:
        """Print the body of the kernel."""
        self.lines += [CLASSES, *self.given.scalars(), *WHOLE.strip().splitlines()]
        self._begin()
        self.lines += [*INSIDE, *self.given.loads(Level.COLUMN)]
        arrays = [node for node, _ in self.given.arrays if node.level == Level.ELEMENT]
        self.lines += [self.given.load(a, other='float("-inf")' if a is self.padded else "0") for a in arrays]
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

    padded = None  # the functions for whole rows are not used

    def text(self) -> list[str]:
        """Print the body of the kernel."""
        self.depths: dict[Node, int] = {}
        self._begin()
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

    @property
    def is_fast(self) -> bool:
        """True if a softmax is first computed with fast powers."""
        return self.given.dtype == "float32"

    def _deepest(self) -> int:
        return max(map(self._depth, self._reductions()), default=0)

    # --- loops ---

    def _stage(self, stage: Sequence[Node], last: bool) -> None:
        """Print one loop over the row for sums and maxima of known values."""
        values = self._hoisted([self._reduced(node) for node in stage])
        names = [f"over_{len(self.lines)}_{k}" for k in range(len(stage))]
        self.lines += [line for node, name in zip(stage, names, strict=True) for line in self._nothing(node, name)]
        lines, results = self._compute(values)
        direct = all(node.word == OTHERS and value.word == "symbol" for node, value in zip(stage, values, strict=True))
        least = values if direct else []
        adds = [self._into(*one, bool(least)) for one in zip(stage, names, results, strict=True)]
        self.lines += self._looped(values, "evict_first" if last else "evict_last", [*lines, *adds], least)
        for node, name, value in zip(stage, names, results, strict=True):
            self._reduce(node, name)
            if node.word == OTHERS and self.is_fast:
                into = self._into(node, name, value, bool(least), "online_exact")
                self._repeat(node, name, self._looped(values, "evict_last", [*lines, into], least))

    def _repeat(self, node: Node, name: str, loop: Sequence[str]) -> None:
        """Print the exact loop of a softmax after the fast one, for a row that needs it."""
        top, rest = (f"x_{self.known[one].label}" for one in (node.arguments[1], node))
        again = [*self._nothing(node, name, "-inf"), *loop]
        again += [f"{top} = highest({name}_top)", f"{rest} = joined({name}_top, {top}, {name})"]
        self.lines += nest(f"if is_doubtful({top}, {rest}):", again)

    def _reduced(self, node: Node) -> Node:
        """Return the values along the row that a reduction reduces, that at the label's class computed ahead."""
        if node.word == OTHERS:
            return node.arguments[0]
        value, patch = split_own(node.arguments[0])
        return value if patch is None else apply("where", node.arguments[0].arguments[0], patch[0], value)

    def _nothing(self, node: Node, name: str, least: str = "-3.4028234663852886e38") -> list[str]:
        """Print statements that begin a sum or a maximum, in each lane."""
        begin = 'tl.full((1, BLOCK), float("{}"), tl.{})'
        zeros = f"tl.zeros((1, BLOCK), tl.{self.given.dtype})"
        if node.word == OTHERS:
            lowest = least if self.is_fast else "-inf"
            return [f"{name}_top = {begin.format(lowest, self.given.dtype)}", f"{name} = {zeros}"]
        return [f"{name} = {zeros if node.word == 'total' else begin.format('-inf', self.given.dtype)}"]

    def _into(self, node: Node, name: str, value: str, least: bool, online: str = "") -> str:
        """Print the statement that adds a block to a reduction; with ``least``, values beyond the row are -inf."""
        if node.word == OTHERS:
            value = value if least else f'tl.where(inside, {value}, float("-inf"))'
            online = online or ("online" if self.is_fast else "online_exact")
            return f"{name}_top, {name} = {online}({value}, {name}_top, {name})"
        if node.word == "total":
            return f"{name} += tl.where(inside, {value}, 0.0)"
        return f"{name} = tl.where(inside & ({value} > {name}), {value}, {name})"

    def _reduce(self, node: Node, name: str) -> None:
        """Print the reduction of the lanes to one value of the row."""
        if node.word == OTHERS:
            top = node.arguments[1]
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
        self.lines += self._looped(slopes, "evict_first", [*lines, *stores], back=True)

    def _hoisted(self, nodes: Sequence[Node]) -> list[Node]:
        """Return nodes in which the parts that do not vary along the row were computed before the loop."""
        self._picks(nodes)
        done = [substitute(node, self.known) for node in nodes]
        for part in dict.fromkeys(part for node in done for part in _row_parts(node)):
            self._name(part)
        return [substitute(node, self.known) for node in done]

    def _looped(
        self, nodes: Sequence[Node], keep: str, lines: Sequence[str], least: Container[Node] = (), back: bool = False
    ) -> list[str]:
        """Print a loop over the blocks of the row; it reads the inputs of nodes, -inf beyond the row for ``least``.

        Backwards, it finds the blocks that were read last in the second-level cache.
        """
        hint = f', eviction_policy="{keep}"'
        needed = set(leaves(*nodes))
        arrays = [node for node, _ in self.given.arrays if node in needed and node.level & Level.COLUMN]
        loads = [self.given.load(a, COLUMN, 'float("-inf")' if a in least else "0", hint) for a in arrays]
        if back:
            turned = ["begin = (columns - 1) // BLOCK * BLOCK - end", *PART, *loads, *lines]
            return nest("for end in tl.range(0, columns, BLOCK):", turned)
        return nest("for begin in tl.range(0, columns, BLOCK):", [*PART, *loads, *lines])

    def _results(self, values: Sequence[str]) -> None:
        sums = len(self.work.sums)
        totals = [f"({value}).to(tl.float64)" for value in values[:sums]]
        self.lines += sum_stores(totals, "sums_at + {} * rows.to(tl.int64) + row", ", mask=here")
        self.lines += [f"tl.store(loss_{k}_at + row, {v}, mask=here)" for k, v in enumerate(values[sums:])]


def _scaled(slope: Node) -> tuple[Node, Node]:
    """Split a gradient into a factor of the row, which is NaN if the row is invalid, and the rest."""
    factor = FACTOR
    if slope.word == "where" and not slope.arguments[0].level & Level.COLUMN and _is_nan(slope.arguments[2]):
        condition, slope, wrong = slope.arguments
        factor = apply("where", condition, FACTOR, wrong)
    if slope.word == "multiply":
        for own, rest in (slope.arguments, slope.arguments[::-1]):
            if not own.level & Level.COLUMN:
                return factor * own, rest
    return factor, slope


def _is_nan(node: Node) -> bool:
    return node.is_number() and node.label != node.label


def _row_parts(node: Node) -> Iterator[Node]:
    """Yield the largest parts of a node that do not vary along the row."""
    if node.level & Level.COLUMN:
        for argument in node.arguments:
            yield from _row_parts(argument)
    elif node.arguments:
        yield node
