"""What the texts of all kernels for Triton share: their arguments, and how a number is spelt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lossary.symbolic.graph import NUMBER_KINDS

__all__ = ["COMPARED", "EXACT", "HALF", "SCALE", "Arguments", "compare", "literal", "over_programs"]

SCALE = "_scale"  # what the gradients are multiplied by, as an input like those of the formula
# How a kernel begins: words whose meaning depends on the dtype of the predictions. Halves have 8 or 11 binary digits;
# the device's own instructions give 15 and more, in a third of the time.
WORDS = """
import triton
import triton.language as tl


@triton.jit
def exp_fraction(x):
    return {}


@triton.jit
def log1p_fraction(x):
    return {}
"""
EXACT = WORDS.format("libdevice.exp(x)", "libdevice.log1p(x)")
HALF = WORDS.format(
    "libdevice.fast_expf(x)", "tl.where(x < 0.0078125, x * (1.0 - 0.5 * x), libdevice.fast_logf(1.0 + x))"
)
COMPARED = ("before_at", "now_at", "programs")  # of a kernel that does nothing where two numbers are equal


@dataclass(frozen=True)
class Arguments:
    """The inputs and outputs of a kernel, in the order that it takes them."""

    arrays: tuple[str, ...]  # one value an element
    singles: tuple[str, ...]  # one value in the device's memory
    numbers: tuple[str, ...]  # the bits of a float64, as a whole number: Triton would round a number to float32
    losses: int
    gradients: int
    compared: bool = False  # whether it does nothing where two numbers are equal
    exact: bool = True  # whether the predictions have float32 or float64

    @property
    def names(self) -> list[str]:
        return [
            *(f"x_{name}_at" for name in (*self.arrays, *self.singles)),
            *(f"loss_{k}_at" for k in range(self.losses)),
            *(f"gradient_{k}_at" for k in range(self.gradients)),
            *self.bits,
            *(COMPARED if self.compared else ()),
        ]

    @property
    def bits(self) -> list[str]:
        """The names of the numbers as they are passed."""
        return [f"x_{name}_is" for name in self.numbers]

    def loads(self, dtype: str) -> list[str]:
        """Statements that read the inputs, whatever their dtype, and give them the kernel's own.

        All are blocks, as Triton's interpreter errs on conditions of single values.
        """
        return [
            *_read(self.arrays, "tl.load(x_{0}_at + place, mask=inside, other=0)", dtype),
            *_read(self.singles, "tl.broadcast_to(tl.load(x_{0}_at), (BLOCK,))", dtype),
            *_read(
                self.numbers, "tl.broadcast_to(x_{0}_is.to(tl.int64).to(tl.float64, bitcast=True), (BLOCK,))", dtype
            ),
        ]


def _read(names: Iterable[str], value: str, dtype: str) -> list[str]:
    casts = {"bool": " != 0"}
    return [f"x_{n} = {value.format(n)}" + casts.get(NUMBER_KINDS.get(n, ""), f".to(tl.{dtype})") for n in names]


def over_programs(lines: Sequence[str], compared: bool) -> list[str]:
    """The statements of a program; where numbers are compared first, a few programs do the work of all."""
    if not compared:
        return ["program = tl.program_id(0)", *lines]
    each = ["program = tl.zeros((), tl.int64) + number", *lines]
    return compare(["for number in tl.range(tl.program_id(0), programs, tl.num_programs(0)):", *_deeper(each)])


def compare(lines: Sequence[str]) -> list[str]:
    """Statements that run where two numbers differ."""
    return ["if tl.load(before_at) != tl.load(now_at):", *_deeper(lines)]


def _deeper(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def literal(dtype: str, value: float, alone: bool) -> str:
    """A number of the kernel's own type. Beside a float32 a bare number is one; beside a float64 it may be, too."""
    spelt = repr(value) if abs(value) < float("inf") else f'float("{value}")'
    return spelt if dtype == "float32" and not alone else f"tl.full((), {spelt}, tl.{dtype})"
