"""Prepared launches: kernels with all arguments but the addresses of arrays, for arrays of one layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

from lossary.execution.gpu import launch
from lossary.execution.gpu.compile import compile_kernel
from lossary.execution.gpu.launch import Launcher
from lossary.frameworks.face import Array
from lossary.kinds.program import Measured, Work

if TYPE_CHECKING:
    import torch
    from torch import Tensor

__all__ = ["Maker", "Prepared", "maker", "write_value"]

Maker = Callable[[], "Tensor"]
ADDED = 1 << 16  # sums that one program adds; PyTorch adds more of them first
MOST_AT_ONCE = 1 << 13

VALUE = """
import triton
import triton.language as tl


@triton.jit(do_not_specialize=["share_is", "count"])
def kernel(sums_at, value_at, share_is, count, BLOCK: tl.constexpr):
    total = tl.zeros((BLOCK,), tl.float64)
    for begin in tl.range(0, count, BLOCK):
        place = begin + tl.arange(0, BLOCK)
        total += tl.load(sums_at + place, mask=place < count, other=0.0)
    tl.store(value_at, tl.sum(total) * share_is.to(tl.int64).to(tl.float64, bitcast=True))
"""


@dataclass
class Prepared:
    """A kernel, and how the inputs and outputs of calls become its arguments."""

    kernel: Any
    sizes: dict[str, int]  # compile-time constants, and the number of warps
    device: torch.device
    names: tuple[str, ...]  # inputs that are passed as arrays
    numbers: tuple[str, ...]  # inputs that are passed as the bits of a float64
    copies: dict[str, Callable[[Tensor], Tensor]]  # of inputs whose elements the kernel does not reach
    losses: Sequence[Maker]
    slopes: Sequence[Maker]
    is_direct: bool  # gradients can be written into the arrays that were asked for
    places: int  # sums of programs, or of rows, to add
    programs: int
    counts: list[int]  # sizes and strides, the last arguments
    compares: bool  # two numbers, before it does anything
    _launchers: dict[bool, Launcher] = field(default_factory=dict)

    def run(self, inputs: Mapping[str, Array | float], work: Work, slopes: Sequence[Tensor] = ()) -> Measured:
        """Compute sums and arrays; gradients are written into ``slopes``, if any are given."""
        import torch

        arrays = launch.tensors(cast("Array", inputs[name]) for name in self.names)
        given = [self.copies.get(name, _same)(array) for name, array in zip(self.names, arrays, strict=True)]
        losses = [make() for make in self.losses]
        slopes = slopes or [make() for make in self.slopes]
        sums = torch.empty((len(work.sums), self.places), dtype=torch.float64, device=self.device)
        bits = [launch.bits(inputs[name]) for name in self.numbers]
        compared = [*work.unless, launch.like(work.unless[-1])] if self.compares else []
        self.start([*given, *losses, *slopes, *bits, launch.bits(1.0 / work.divided_by), *compared], sums)
        return Measured(list(sums.sum(dim=1)), list(losses), list(slopes))

    def start(self, arguments: Sequence[Any], sums: Tensor, only: bool = False) -> None:
        """Start the kernel; with ``only``, its one sum times the share is written, in the dtype of ``sums``."""
        found = self._launchers.get(only) or self._launcher(only)
        found.start([*arguments, *([self.programs] if self.compares else []), sums, *self.counts])

    def _launcher(self, only: bool) -> Launcher:
        programs = launch.few(self.programs, self.device) if self.compares else self.programs
        sizes = {"ONLY": only, **self.sizes}
        made = self._launchers[only] = Launcher(self.kernel, programs, self.device, sizes)
        return made


def maker(
    shape: Sequence[int], dtype: torch.dtype, device: torch.device, strides: Sequence[int] | None = None
) -> Maker:
    """Return what allocates arrays of a layout."""
    import torch

    if strides is None:
        return partial(torch.empty, tuple(shape), dtype=dtype, device=device)
    return partial(torch.empty_strided, tuple(shape), tuple(strides), dtype=dtype, device=device)


def write_value(sums: Tensor, value: Tensor, share: int) -> None:
    """Add sums in a fixed order, and write the result times a number that is given by its bits."""
    if sums.numel() > ADDED:
        sums = sums.sum(dim=-1, keepdim=True)
    size = min(MOST_AT_ONCE, max(32, 1 << (sums.numel() - 1).bit_length()))
    _adder(size, value.dtype, value.device).start([sums, value, share, sums.numel()])


@cache
def _adder(size: int, dtype: torch.dtype, device: torch.device) -> Launcher:
    return Launcher(compile_kernel(VALUE), 1, device, {"BLOCK": size, "num_warps": max(4, size // 256)})


def _same(array: Tensor) -> Tensor:
    return array
