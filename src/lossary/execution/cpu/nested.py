"""Kernels for loops over all places of several axes: of values that broadcast, which are stored, summed, or maxima.

Loops run one after the other for each group of places along the first axis. Lengths and strides are arguments, so that
one kernel serves all shapes. The innermost loop goes by blocks that stay in the first-level cache; along it, an array
lies side by side, is one number, or is reached by a stride.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lossary.execution.cpu.nested_layout import ALONE, BESIDE
from lossary.execution.cpu.prelude import prelude
from lossary.execution.cpu.stages import costly_apart
from lossary.execution.cpu.sums import BLOCK, add_block, source
from lossary.execution.cpu.text import indent, is_set, nest
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Node, walk

__all__ = ["Nest", "over_axes"]


def over_axes(lines: list[str], axes: int, arrays: int) -> list[str]:
    """Print loops over outer axes, with the place in each array; the outermost goes from ``start`` to ``stop``."""
    for axis in range(axes - 1, -1, -1):
        before = [f"at_{k}_{axis - 1} + " if axis else "" for k in range(arrays)]
        places = [f"at_{k}_{axis} = {before[k]}along_{axis} * stride_{k}_{axis}" for k in range(arrays)]
        limits = f"length_{axis}" if axis else "start, stop"
        lines = nest(f"for along_{axis} in range({limits}):", [*places, *lines])
    return lines


@dataclass(frozen=True)
class Nest:
    """A kernel of loops, each of which computes some values of arrays and of the results of the loops before it."""

    loops: tuple[tuple[Node, ...], ...]
    arrays: tuple[Node, ...]
    results: tuple[Node, ...]  # symbols for the loops' values
    ends: tuple[str, ...]  # the words along axes whose results are stored; nothing for values themselves
    buffers: frozenset[int]  # results, counted after the arrays, that have room for one group
    spans: tuple[tuple[bool, ...], ...]  # the axes that each loop goes over
    lies: tuple[tuple[str, ...], ...]  # how arrays, then results, lie along each axis
    turned: bool  # the first axis is the innermost of every loop
    dtype: str
    read: tuple[str, ...]  # the dtypes of arrays

    @property
    def depth(self) -> int:
        """The number of axes."""
        return len(self.spans[0])

    @property
    def names(self) -> tuple[Node, ...]:
        """The symbols of arrays and results."""
        return (*self.arrays, *self.results)

    @cached_property
    def dtypes(self) -> list[str]:
        """The dtypes of arrays and results, of which totals are float64."""
        return [*self.read, *("float64" if end == "total" else self.dtype for end in self.ends)]

    def end(self, k: int) -> str:
        """Return the word whose result is stored, counted after the arrays; nothing for arrays."""
        return self.ends[k - len(self.arrays)] if k >= len(self.arrays) else ""

    @property
    def signature(self) -> str:
        """The types of the kernel's arguments."""
        pointers = [*self.dtypes, "int64", self.dtype, "float64"]
        return f"void({', '.join(f'CPointer({one})' for one in pointers)}, int64, int64)"

    @cached_property
    def blocks(self) -> int:
        """The blocks of scratch memory."""
        return max(len(loop.along) + len(loop.bodies) - 1 for loop in self._printed)

    @cached_property
    def _printed(self) -> list[_Loop]:
        found, first = [], len(self.arrays)
        for values, spans in zip(self.loops, self.spans, strict=True):
            found.append(_Loop(self, values, first, [axis for axis in range(self.depth) if spans[axis]]))
            first += len(values)
        return found

    @cached_property
    def text(self) -> str:
        """The text of the kernel."""
        moving = [k for k in range(len(self.names)) if self.lies[k][0] != ALONE and k not in self.buffers]
        begin = ["begin_0 = part * group", "count_0 = min(group, length_0 - begin_0)"]
        begin += [f"base_{k} = begin_0 * stride_{k}_0" for k in moving]
        lines = [line for loop in self._printed for line in loop.lines()]
        head = f"def kernel({', '.join(f'x_{one.label}_at' for one in self.names)}, lie, scratch, halves, start, stop):"
        body = [*self._lie(), *nest("for part in range(start, stop):", [*begin, *self._cleared(), *lines])]
        return "\n\n".join([prelude(self.dtype), source(self.dtype), "\n".join([head, indent(body, 1)])])

    def _lie(self) -> list[str]:
        """Print statements that read lengths, sizes of buffers, and strides."""
        arrays = range(len(self.names))
        names = [*(f"length_{axis}" for axis in range(self.depth)), "group", *(f"size_{k}" for k in arrays)]
        names += [f"stride_{k}_{axis}" for k in arrays for axis in range(self.depth)]
        return [f"{name} = lie[{i}]" for i, name in enumerate(names)]

    def _cleared(self) -> list[str]:
        """Print loops that set the sums and maxima of a group to what they begin with."""
        lines = []
        for k, end in enumerate(self.ends, len(self.arrays)):
            if end and k in self.buffers:
                first = "-INFINITY" if end == "greatest" else "0.0"
                lines += nest(f"for i in range(size_{k}):", [f"x_{self.names[k].label}_at[i] = {first}"])
        return lines


@dataclass
class _Loop:
    """One loop of a kernel: its values, the first of its results, and the axes that it goes over."""

    nest: Nest
    values: tuple[Node, ...]
    first: int
    axes: list[int]

    def __post_init__(self) -> None:
        if self.nest.turned:  # the places of a group come last
            self.axes = [*self.axes[1:], 0]
        symbols = set(walk(*self.values))
        self.read = [k for k, node in enumerate(self.nest.names) if node in symbols]
        self.written = [self.first + k for k in range(len(self.values))]
        self.along = [k for k in self.written if self.nest.end(k) and self._lies(k) == ALONE]
        self.bodies = self._bodies()

    def _lies(self, k: int) -> str:
        """Return how an array lies along the innermost axis."""
        return self.nest.lies[k][self.axes[-1]]

    def lines(self) -> list[str]:
        """Print the loop."""
        inner = self.axes[-1]
        before, block, after = self._parts()
        if inner == 0:  # a group is no longer than a block
            block = ["begin = 0", "count = count_0", *block]
        else:
            count = f"count = min({BLOCK}, length_{inner} - begin)"
            block = nest(f"for begin in range(0, length_{inner}, {BLOCK}):", [count, *block])
        lines = [*(f"at_{k} = {self._start(k)}" for k in (*self.read, *self.written)), *before, *block, *after]
        for axis in reversed(self.axes[:-1]):
            lines = nest(f"for along_{axis} in range({f'length_{axis}' if axis else 'count_0'}):", lines)
        return lines

    def _start(self, k: int) -> str:
        """Print the index in an array where the innermost loop starts."""
        moving = [axis for axis in self.axes if self.nest.lies[k][axis] != ALONE]
        base = [f"base_{k}"] if 0 in moving and k not in self.nest.buffers else []
        outer = [f"along_{axis} * stride_{k}_{axis}" for axis in moving if axis != self.axes[-1]]
        return " + ".join([*base, *outer]) or "0"

    def _place(self, k: int) -> str:
        """Print an element of an array, at a place along the innermost axis."""
        inner = f"(begin + i) * stride_{k}_{self.axes[-1]}"
        step = {ALONE: "", BESIDE: " + begin + i"}.get(self._lies(k), f" + {inner}")
        return f"x_{self.nest.names[k].label}_at[at_{k}{step}]"

    def _load(self, k: int) -> str:
        """Print a statement that reads an array."""
        node, cast = self.nest.names[k], self.nest.dtypes[k] != self.nest.dtype
        return f"x_{node.label} = {f'number({self._place(k)})' if cast else self._place(k)}{is_set(node)}"

    def _bodies(self) -> list[list[str]]:
        """Print the bodies of the loops over a block."""
        loads = [self._load(k) for k in self.read if self._lies(k) != ALONE]
        values = [lower(value, "llvm") for value in self.values]
        bodies, results = costly_apart(values, loads, len(self.along), f"{self.first}_")
        for k, value in zip(self.written, results, strict=True):
            if k in self.along:
                bodies[-1] += self._kept(k, value)
            else:
                bodies[-1] += self._stored(k, f"float64({value})" if self.nest.end(k) == "total" else value)
        return bodies

    def _kept(self, k: int, value: str) -> list[str]:
        """Print statements that keep a value of a block; a NaN is the greatest of all if its sign is positive."""
        at = f"scratch[{self.along.index(k) * BLOCK} + i]"
        if self.nest.end(k) == "greatest":
            return [f"top_{k} = {value}", f"{at} = where(top_{k} == top_{k}, top_{k}, NOT_A_NUMBER)"]
        return [f"{at} = {value}"]

    def _stored(self, k: int, value: str) -> list[str]:
        """Print statements that store a value, or add it to what is stored."""
        place = self._place(k)
        match self.nest.end(k):
            case "":
                return [f"{place} = {value}"]
            case "greatest":
                more = f"where(({place} < top_{k}) | (top_{k} != top_{k}), top_{k}, {place})"
                return [f"top_{k} = {value}", f"{place} = {more}"]
        return [f"{place} = {place} + {value}"]

    def _parts(self) -> tuple[list[str], list[str], list[str]]:
        """Statements before the blocks of the innermost axis, for each of them, and after them."""
        before = [self._load(k) for k in self.read if self._lies(k) == ALONE]
        block = [line for body in self.bodies for line in nest("for i in range(count):", body)]
        after = []
        for j, k in enumerate(self.along):
            if (end := self.nest.end(k)) == "greatest":
                block += self._stored(k, f"greatest_of(scratch, {j * BLOCK}, count)")
            else:
                before.append(f"high_{j} = low_{j} = 0.0")
                block += add_block(j, j * BLOCK)
                after += self._stored(k, f"{'float64' if end == 'total' else 'number'}(joined(high_{j}, low_{j}))")
        return before, block, after
