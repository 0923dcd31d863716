"""Parts that the texts of all kernels for Triton share: their arguments, how a number is spelt, comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lossary.execution.cpu.text import nest
from lossary.kinds.program import SCALE
from lossary.symbolic.graph import NUMBER_KINDS

__all__ = [
    "COMPARED",
    "EXACT",
    "HALF",
    "READ_SHARE",
    "SHARE",
    "Arguments",
    "compare",
    "literal",
    "over_programs",
    "parameters",
    "shared",
    "sum_stores",
]

# The beginning of a module: functions that depend on the dtype of the predictions. Half precision has 8 or 11 bits; the
# approximate instructions of a GPU give 15 and more, in a third of the time.
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
SHARE = "x__share"  # the float64 that an upstream gradient on the device and the value are multiplied by: 1 / items
READ_SHARE = f"{SHARE} = {SHARE}_is.to(tl.int64).to(tl.float64, bitcast=True)"
# Arguments of a kernel that does nothing if two numbers are equal, but copy one.
COMPARED = ("before_at", "now_at", "copy_at", "programs")


@dataclass(frozen=True)
class Arguments:
    """The inputs and outputs of a kernel, in the order that it takes them."""

    arrays: tuple[str, ...]  # one value an element
    singles: tuple[str, ...]  # one value in the device's memory
    numbers: tuple[str, ...]  # the bits of a float64, as an integer: Triton would round a number to float32
    losses: int
    gradients: int
    compared: bool = False  # whether it does nothing if two numbers are equal
    exact: bool = True  # whether the predictions have float32 or float64
    hint: str = ""  # to the caches

    @property
    def names(self) -> list[str]:
        arrays = (*self.arrays, *self.singles)
        return [*parameters(arrays, self.losses, self.gradients), *self.bits, *(COMPARED if self.compared else ())]

    @property
    def bits(self) -> list[str]:
        """The names of the numbers as they are passed, the share last."""
        return [*(f"x_{name}_is" for name in self.numbers), f"{SHARE}_is"]

    @property
    def unspecialized(self) -> list[str]:
        """The names of arguments of which Triton must assume nothing: single values may lie at any address."""
        singles = [f"x_{name}_at" for name in self.singles]
        return [*singles, *self.bits, *(COMPARED if self.compared else ())]

    def loads(self, dtype: str) -> list[str]:
        """Print statements that read the inputs and convert them to the kernel's dtype.

        All are blocks, as Triton's interpreter errs on scalar conditions.
        """
        return [
            *_read(self.arrays, "tl.load(x_{0}_at + place, mask=inside, other=0" + self.hint + ")", dtype),
            *_read(self.singles, "tl.broadcast_to(tl.load(x_{0}_at), (BLOCK,))", dtype),
            *_read(
                self.numbers, "tl.broadcast_to(x_{0}_is.to(tl.int64).to(tl.float64, bitcast=True), (BLOCK,))", dtype
            ),
            READ_SHARE,
            *([shared(dtype)] if SCALE in self.singles else []),
        ]


def shared(dtype: str) -> str:
    """Print the upstream gradient times the share of each item."""
    return f"x_{SCALE} = x_{SCALE} * {SHARE}.to(tl.{dtype})"


def sum_stores(sums: Sequence[str], place: str, mask: str = "") -> list[str]:
    """Print statements that write the sums of a program; the only sum of the only program is multiplied."""
    lines = []
    for k, value in enumerate(sums):
        lines += [f"sum_{k} = {value}", *nest("if ONLY:", [f"sum_{k} = sum_{k} * {SHARE}"])]
        lines.append(f"tl.store({place.format(k)}, sum_{k}{mask})")
    return lines


def parameters(arrays: Iterable[object], losses: int, gradients: int) -> list[str]:
    """List the parameters of a kernel that are pointers."""
    outputs = [f"loss_{k}_at" for k in range(losses)] + [f"gradient_{k}_at" for k in range(gradients)]
    return [*(f"x_{name}_at" for name in arrays), *outputs]


def _read(names: Iterable[str], value: str, dtype: str) -> list[str]:
    casts = {"bool": " != 0"}
    return [f"x_{n} = {value.format(n)}" + casts.get(NUMBER_KINDS.get(n, ""), f".to(tl.{dtype})") for n in names]


def over_programs(lines: Sequence[str], compared: bool) -> list[str]:
    """Print the statements of a program; if numbers are compared first, a few programs do the work of all."""
    if not compared:
        return ["program = tl.program_id(0)", *lines]
    each = ["program = tl.zeros((), tl.int64) + number", *lines]
    return compare(nest("for number in tl.range(tl.program_id(0), programs, tl.num_programs(0)):", each))


def compare(lines: Sequence[str]) -> list[str]:
    """Print statements that run if two numbers differ."""
    copied = nest("if tl.program_id(0) == 0:", ["tl.store(copy_at, tl.load(now_at))"])
    return [*copied, *nest("if tl.load(before_at) != tl.load(now_at):", lines)]


def literal(dtype: str, value: float, alone: bool) -> str:
    """Print a number of the kernel's dtype; Triton takes a bare one for float32, except beside a float64."""
    spelt = repr(value) if abs(value) < float("inf") else f'float("{value}")'
    return spelt if dtype == "float32" and not alone else f"tl.full((), {spelt}, tl.{dtype})"
