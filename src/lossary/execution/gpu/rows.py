"""Kernels of losses over rows as text for Triton.

Rows that fit stay in registers: a program reads some whole rows once, reduces them and writes their gradients
(``whole_rows.py``). A longer row is read block by block (``long_rows.py``).
"""

from __future__ import annotations

from lossary.execution.cpu.text import indent
from lossary.execution.gpu import softmax
from lossary.execution.gpu.given import Given
from lossary.execution.gpu.long_rows import LongRow
from lossary.execution.gpu.text import EXACT, HALF
from lossary.execution.gpu.whole_rows import WholeRow
from lossary.kinds.program import Work

__all__ = ["UNSPECIALIZED", "body"]

UNSPECIALIZED = ("rows", "inner")  # numbers whose values Triton must not compile into kernels

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
           ONLY: tl.constexpr, ROWS: tl.constexpr, BLOCK: tl.constexpr, AHEAD: tl.constexpr,
           DIVISOR: tl.constexpr, VECTOR: tl.constexpr):
{body}
"""


def body(work: Work, given: Given, wide: bool) -> str:
    """Print the module that defines the kernel.

    Of its constants, BLOCK is the number of columns that are computed at a time, AHEAD the number of blocks that are
    read before, DIVISOR a divisor of all strides between rows, and VECTOR the number of elements that are read at once
    where rows begin anywhere.
    """
    row = LongRow(given, work) if wide else WholeRow(given, work)
    text = MODULE.format(
        known="value" if row.padded is not None else 'tl.where(inside, value, float("-inf"))',
        softmax=softmax.functions(given.dtype, given.exact, row.is_fast, row.padded is not None, wide),
        bits=[*given.unspecialized, *UNSPECIALIZED],
        parameters=", ".join(given.names),
        strides="".join(f"{name}, " for name in given.strides),
        body=indent([*given.divided(), *row.text()], 1),
    )
    return (EXACT if given.exact else HALF) + text
