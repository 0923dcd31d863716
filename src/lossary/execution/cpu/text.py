"""Parts that the texts of all kernels share: their arguments, how a number is spelt, loops and prefetches."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lossary.execution.cpu.halves import HALVES
from lossary.symbolic.graph import ELEMENT, NUMBER_KINDS, Axes, Node
from lossary.symbolic.words.word import named

__all__ = [
    "AHEAD",
    "COSTLY",
    "FACTORS",
    "UNROLLED",
    "Arguments",
    "Body",
    "indent",
    "is_set",
    "literal",
    "nest",
    "prefetch",
    "scaled",
]

AHEAD = 384  # numbers between what a loop reads and what it prefetches
FACTORS = ("scale", "upstream")  # of gradients: what a mean divides by, and the upstream gradient
COSTLY = named(costly=True)
UNROLLED = "UNROLLED = True"  # a line of the text of a kernel whose loops are to be unrolled: see compile.py


@dataclass(frozen=True)
class Arguments:
    """The inputs and outputs of a kernel, in the order that it takes them."""

    arrays: tuple[Node, ...]
    numbers: tuple[Node, ...]
    losses: int
    gradients: int
    over: tuple[str, ...] = ()  # the arrays that the first gradients overwrite; the others have memory of their own
    halves: tuple[tuple[str, str], ...] = ()  # names and dtypes of the arrays of half precision
    integers: str = "int64"  # the dtype of labels

    @property
    def names(self) -> list[str]:
        return [
            *(f"x_{node.label}_at" for node in self.arrays),
            *(f"loss_{k}" for k in range(self.losses)),
            *(f"gradient_{k}" for k in range(self.gradients - len(self.over))),
            *(f"x_{node.label}_is" for node in self.numbers),
            *(f"{name}_is" for name in FACTORS),
        ]

    @property
    def array_names(self) -> tuple[str, ...]:
        return tuple(str(symbol.label) for symbol in self.arrays)

    @property
    def number_names(self) -> tuple[str, ...]:
        return tuple(str(symbol.label) for symbol in self.numbers)

    @property
    def types(self) -> list[str]:
        """The LLVM types of ``names``."""
        numbers = len(self.numbers) + len(FACTORS)
        return ["ptr"] * (len(self.names) - numbers) + ["double"] * numbers

    @property
    def prefetches(self) -> tuple[dict[str, str], list[str], list[str]]:
        """Statements that prefetch one line: of each input that is read whole, by name, of losses and of gradients."""
        names = [str(node.label) for node in self.arrays if node.axes == ELEMENT]
        outputs = self.names[len(self.arrays) : -len(self.numbers) - len(FACTORS)]
        reads = {name: f"{'claim' if name in self.over else 'fetch'}(x_{name}_at, line)" for name in names}
        writes = [f"claim({name}, line)" for name in outputs]
        return reads, writes[: self.losses], writes[self.losses :]

    def signature(self, dtype: str) -> str:
        """Return the types of ``names``."""
        kinds = {"int": self.integers, "bool": "uint8"}
        types = {name: kinds[kind] for name, kind in NUMBER_KINDS.items()}
        types |= {name: HALVES[half] for name, half in self.halves}
        arrays = [f"CPointer({types.get(str(node.label), dtype)})" for node in self.arrays]
        outputs = [f"CPointer({dtype})"] * (self.losses + self.gradients - len(self.over))
        return ", ".join([*arrays, *outputs, *["float64"] * (len(self.numbers) + len(FACTORS))])

    def scalars(self) -> list[str]:
        """Print the conversions of numbers to the kernel's dtype, and the names of gradients that overwrite arrays."""
        names = [*(f"x_{node.label}" for node in self.numbers), *FACTORS]
        over = [f"gradient_{k} = x_{name}_at" for k, name in enumerate(self.over)]
        return [*(f"{name} = number({name}_is)" for name in names), *over]

    def loads(self, place: str, axes: Axes = ELEMENT) -> list[str]:
        """Print statements that read the arrays with some axes at an index."""
        nodes = [node for node in self.arrays if node.axes == axes]
        return [f"x_{node.label} = {self.load(node, place)}" for node in nodes]

    def load(self, node: Node, place: str) -> str:
        """Print the value of an array at an index."""
        value, half = f"x_{node.label}_at[{place}]", dict(self.halves).get(str(node.label))
        return f"number(of_{half}({value}))" if half else f"{value}{is_set(node)}"


@dataclass(frozen=True)
class Body:
    """The text of a kernel, the scratch memory that it needs, and the work that pays for waking a thread."""

    text: str
    blocks: int  # blocks of values that are summed or used again
    kept: Callable[[int], int] = lambda columns: 0  # values of the current rows that are used again, given columns
    least: int = 1  # chunks for each thread


def is_set(node: Node) -> str:
    """Print the comparison that makes a boolean of a flag; nothing for other values."""
    return " != 0" * (NUMBER_KINDS.get(str(node.label)) == "bool")


def literal(value: float, _: bool) -> str:
    """Print a number of the kernel's dtype: a bare 0.5 would widen float32."""
    if math.isnan(value):
        return "NOT_A_NUMBER"
    if math.isinf(value):
        return "INFINITY" if value > 0 else "(-INFINITY)"
    return f"number({value!r})"


def indent(lines: Sequence[str], depth: int) -> str:
    return "\n".join("    " * depth + line for line in lines)


def nest(head: str, lines: Sequence[str]) -> list[str]:
    """Print statements inside a loop or a condition."""
    return [head, *(f"    {line}" for line in lines)]


def prefetch(fetches: Sequence[str], begin: str, end: str) -> list[str]:
    """Print a loop that prefetches the elements from begin to end.

    Processors prefetch what is read by themselves, but not beyond a page, and too little of what is written: without
    this, squared error with its gradient took twice as long. A prefetch beyond an array's end does nothing.
    """
    return nest(f"for line in range({begin}, {end}, PER_LINE):", fetches) if fetches else []


def scaled(gradient: str) -> str:
    """Print a gradient times its factors, in the order that gives the same bits as scaling it later."""
    return f"upstream * (scale * ({gradient}))"
