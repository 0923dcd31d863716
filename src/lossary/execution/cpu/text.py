"""What the texts of all kernels share: their arguments, and how a number is spelt."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lossary.execution.cpu.halves import HALVES
from lossary.symbolic.graph import NUMBER_KINDS, Level, Node
from lossary.symbolic.words.word import named

__all__ = ["COSTLY", "Arguments", "Body", "indent", "is_set", "literal", "scaled"]

FACTORS = ("scale", "upstream")  # of gradients: what a mean divides by, and the gradient of what uses the loss
COSTLY = named(costly=True)


@dataclass(frozen=True)
class Arguments:
    """The inputs and outputs of a kernel, in the order that it takes them."""

    arrays: tuple[Node, ...]
    numbers: tuple[Node, ...]
    losses: int
    gradients: int
    over: tuple[str, ...] = ()  # the arrays that gradients are written over; without it they have memory of their own
    halves: tuple[tuple[str, str], ...] = ()  # the arrays of half precision, and which
    integers: str = "int64"  # the type of labels

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
        """The types of ``names`` in LLVM's language."""
        numbers = len(self.numbers) + len(FACTORS)
        return ["ptr"] * (len(self.names) - numbers) + ["double"] * numbers

    @property
    def asks(self) -> tuple[dict[str, str], list[str], list[str]]:
        """How a kernel asks memory for what it reads of each place, by name, for losses, and for gradients.

        See intrinsics.py.
        """
        names = [str(node.label) for node in self.arrays if node.level == Level.ELEMENT]
        outputs = self.names[len(self.arrays) : -len(self.numbers) - len(FACTORS)]
        reads = {name: f"{'claim' if name in self.over else 'fetch'}(x_{name}_at, line)" for name in names}
        writes = [f"claim({name}, line)" for name in outputs]
        return reads, writes[: self.losses], writes[self.losses :]

    def signature(self, dtype: str) -> str:
        """The types of ``names``."""
        kinds = {"int": self.integers, "bool": "uint8"}
        types = {name: kinds[kind] for name, kind in NUMBER_KINDS.items()}
        types |= {name: HALVES[half] for name, half in self.halves}
        arrays = [f"CPointer({types.get(str(node.label), dtype)})" for node in self.arrays]
        outputs = [f"CPointer({dtype})"] * (self.losses + self.gradients - len(self.over))
        return ", ".join([*arrays, *outputs, *["float64"] * (len(self.numbers) + len(FACTORS))])

    def scalars(self) -> list[str]:
        """Statements that give the numbers the kernel's own type, and gradients the memory of their arrays."""
        names = [*(f"x_{node.label}" for node in self.numbers), *FACTORS]
        over = [f"gradient_{k} = x_{name}_at" for k, name in enumerate(self.over)]
        return [*(f"{name} = number({name}_is)" for name in names), *over]

    def loads(self, place: str, level: Level = Level.ELEMENT) -> list[str]:
        """Statements that read the arrays of a level at a place."""
        nodes = [node for node in self.arrays if node.level == level]
        return [f"x_{node.label} = {self.load(node, place)}" for node in nodes]

    def load(self, node: Node, place: str) -> str:
        """The value of an array at a place."""
        value, half = f"x_{node.label}_at[{place}]", dict(self.halves).get(str(node.label))
        return f"number(of_{half}({value}))" if half else f"{value}{is_set(node)}"


@dataclass(frozen=True)
class Body:
    """A kernel's text, the memory that a thread needs, and how much work makes one worth waking."""

    text: str
    blocks: int  # of values, to sum or to use again
    kept: Callable[[int], int] = lambda columns: 0  # values of the rows at hand to use again
    least: int = 1  # chunks


def is_set(node: Node) -> str:
    """What follows a value that is a truth."""
    return " != 0" * (NUMBER_KINDS.get(str(node.label)) == "bool")


def literal(value: float, _: bool) -> str:
    """A number of the kernel's own type: a bare 0.5 would widen float32."""
    if math.isnan(value):
        return "NOT_A_NUMBER"
    if math.isinf(value):
        return "INFINITY" if value > 0 else "(-INFINITY)"
    return f"number({value!r})"


def indent(lines: Sequence[str], depth: int) -> str:
    return "\n".join("    " * depth + line for line in lines)


def scaled(gradient: str) -> str:
    """A gradient times its factors, one after the other as if the second came later: the same bits."""
    return f"upstream * (scale * ({gradient}))"
