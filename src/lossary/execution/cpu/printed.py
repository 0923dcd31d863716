"""A kernel as text, with what it was printed from, and the interface of the modules that print kernels."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

import numpy

from lossary.execution.cpu.order import Rows
from lossary.execution.cpu.sums import BLOCK
from lossary.execution.cpu.text import Arguments, Body
from lossary.kinds.program import Work

__all__ = ["SCRATCH_AT", "Printed", "Printer"]

OWN = ", ".join([f"CPointer({kind})" for kind in ("float64", "{0}", "float64")] + ["int64"] * 5)
SCRATCH_AT = 8 * 2 * BLOCK  # offset of scratch memory in a thread's own memory, in bytes, after the memory of sums


class Printer(Hashable, Protocol):
    """A module or object that prints the kernels of a kind of loss, for rows that lie in memory in some way."""

    def serves(self, rows: Rows, work: Work, labels: bool) -> bool:
        """Return True if its kernels are for such rows."""

    def extent(self, rows: Rows) -> tuple[int, int, int]:
        """Count the chunks, rows and columns that its kernels go through."""

    def body(self, work: Work, arguments: Arguments) -> Body:
        """Print the kernel."""


@dataclass(frozen=True)
class Printed:
    """The text of a kernel, and what it was printed from."""

    text: str
    printer: Printer
    work: Work
    arguments: Arguments
    body: Body
    dtype: str

    @property
    def size(self) -> int:
        """The bytes of a number."""
        return numpy.dtype(self.dtype).itemsize

    @property
    def signature(self) -> str:
        """The types of the kernel: of its arguments, a thread's memory, the sums of chunks, and sizes."""
        return f"void({self.arguments.signature(self.dtype)}, {OWN.format(self.dtype)})"

    def room(self, columns: int) -> int:
        """Return the bytes of a thread's own memory: for sums, blocks and rows of numbers."""
        return SCRATCH_AT + self.size * (self.body.blocks * BLOCK + self.body.kept(columns))
