"""Passes of row kernels over the arrays of calls."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from itertools import compress
from typing import TYPE_CHECKING, Any

from lossary.contract.call import Call
from lossary.contract.keywords import as_tuple
from lossary.execution.gpu import launch, layout, rows
from lossary.execution.gpu.compile import compile_kernel
from lossary.execution.gpu.given import Given
from lossary.execution.gpu.prepared import Prepared, maker
from lossary.execution.gpu.row import FACTOR
from lossary.execution.gpu.tiles import Tile, tile
from lossary.kinds.program import SCALE, Work
from lossary.symbolic.graph import CLASS, ELEMENT, Node, walk
from lossary.symbolic.simplify import leaves
from lossary.symbolic.words.word import named

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["prepare"]

OF_LOGITS = named(of_logits=True)
MOST_DIVISOR = 16  # Triton reads at most 16 elements at once
BUILT_IN = ("_class_index", "_classes")  # symbols that kernels compute themselves


def prepare(call: Call, work: Work, asked: Sequence[Tensor]) -> Prepared:
    """Choose a kernel for a call, and its arguments."""
    return _Pass(call, work, asked).prepared()


class _Pass:
    """The arrays that a kernel reads and writes, and their strides."""

    def __init__(self, call: Call, work: Work, asked: Sequence[Tensor] = ()) -> None:
        self.call, self.work = call, work
        first = call.record.arguments[0].name  # it is not given if the work is of labels and weights alone
        like = call.inputs[first] if first in call.inputs else next(iter(call.inputs.values()))
        (self.like,) = launch.tensors([like])
        inputs = {**call.inputs, **call.numbers, SCALE: work.scale}
        placed = {name: value for name, value in inputs.items() if launch.on_device(value, self.like)}
        symbols = _symbols(work.sums, work.losses, work.gradients)
        self.arrays = [node for node in symbols if str(node.label) in placed]
        self.numbers = tuple(str(node.label) for node in symbols if node not in self.arrays)
        self._given = given = [placed[str(node.label)] for node in self.arrays]
        (self.axis,) = as_tuple(call.axis)
        self._asked = slopes = self._slopes(asked, given)
        self.is_direct = not asked or slopes is asked
        self.rows = layout.rows_of(call.shape, self.axis, [*given, *slopes])
        self.copies: dict[str, Callable[[Tensor], Tensor]] = {}
        self.read = [self._strides(node, array) for node, array in zip(self.arrays, given, strict=True)]
        self.written = [strides for array in slopes if (strides := self.rows.strides(array)) is not None]
        assert len(self.written) == len(slopes)
        self.makers = [maker(a.shape, launch.slope_dtype(call), self.like.device, a.stride()) for a in slopes]

    def _slopes(self, asked: Sequence[Tensor], given: Sequence[Tensor]) -> Sequence[Tensor]:
        """Return arrays in the layouts of the gradients: those that were asked for, if a kernel can write them."""
        import torch

        rows = layout.rows_of(self.call.shape, self.axis, [*given, *asked])
        if asked and all(rows.strides(array) is not None for array in asked):
            return asked
        dtype = launch.slope_dtype(self.call) if self.work.gradients else None
        like = torch.empty_strided(self.like.shape, self.like.stride(), dtype=dtype, device="meta")
        return [torch.empty_like(like) for _ in self.work.gradients]

    def _strides(self, node: Node, array: Tensor) -> layout.Strides:
        """Return the strides of an input; note that it is to be copied if two directions do not reach all items."""
        strides = self.rows.strides(array)
        if strides is None:
            shape = self.call.shape if CLASS in node.axes else self.call.items
            self.copies[str(node.label)] = lambda given: given.expand(shape).contiguous()
            strides = self.rows.strides(array.expand(shape).contiguous())
        assert strides is not None
        return strides

    def _tile(self) -> Tile:
        steps = [step for _, _, step in self.read]
        columns = self.rows.columns if _sees_columns(self.work.nodes) else 1
        arrays = sum(node.axes == ELEMENT for node in self.arrays) + _makes_logits(self.work.nodes)
        half = self.like.dtype in self.call.face.halves
        gradient = bool(self.work.gradients)
        return tile(columns, arrays, self.call.dtype.itemsize, half, max(steps, default=0) > 1, gradient)

    def given(self) -> Given:
        """Return the arguments of the kernel."""
        places = tuple(map(layout.place_of, self.read))
        return Given(
            arrays=tuple(zip(self.arrays, places, strict=True)),
            numbers=self.numbers,
            losses=len(self.work.losses),
            slopes=tuple(map(layout.place_of, self.written)),
            split=self.rows.inner > 1,
            dtype=str(self.call.dtype).removeprefix("torch."),
            exact=launch.is_exact(self.call, self.like),
            compared=bool(self.work.unless),
        )

    def _constants(self, size: Tile) -> dict[str, int]:
        """Return the constants of the kernel: see ``rows.body``."""
        along = [strides for strides in (*self.read, *self.written) if strides[2] == 1]
        divisor = math.gcd(MOST_DIVISOR, self.rows.columns, *(n for outer, within, _ in along for n in (outer, within)))
        vector = self._vector() if size.wide and self.rows.columns >= MOST_DIVISOR // 2 else 1
        constants = {"ROWS": size.rows, "BLOCK": size.columns, "AHEAD": size.ahead}
        return {**constants, "DIVISOR": divisor, "VECTOR": 1 if divisor % vector == 0 else vector}

    def _vector(self) -> int:
        """Return the number of elements in 16 bytes if all arrays are aligned in the same rows, else 1."""
        found = {(array.element_size(), array.data_ptr() % 16, strides) for array, strides in self._along()}
        ((size, address, (_, within, step)),) = found if len(found) == 1 else {(16, 0, (0, 0, 1))}
        return 16 // size if (address, within, step) == (0, 0, 1) else 1

    def _along(self) -> list[tuple[Tensor, layout.Strides]]:
        """Return the arrays of one value for each element, and their strides."""
        elements = [node.axes == ELEMENT for node in self.arrays]
        read = compress(zip(self._given, self.read, strict=True), elements)
        return [*read, *zip(self._asked, self.written, strict=True)]

    def prepared(self) -> Prepared:
        """Choose the kernel and its tile."""
        work, size, device = self.work, self._tile(), self.like.device
        places = self.rows.count if size.wide else -(-self.rows.count // size.rows)
        strides = [stride for found in (*self.read, *self.written) for stride in layout.passed(found)]
        return Prepared(
            kernel=_kernel(work.sums, work.losses, work.gradients, self.given(), size.wide),
            sizes={**self._constants(size), "num_warps": size.warps},
            device=device,
            names=tuple(str(node.label) for node in self.arrays),
            numbers=self.numbers,
            copies=self.copies,
            losses=[maker(self.call.items, launch.dtype_of(self.call), device)] * len(work.losses),
            slopes=self.makers,
            is_direct=self.is_direct,
            places=places,
            programs=places,
            counts=[self.rows.count, self.rows.columns, self.rows.inner, *strides],
            compares=bool(work.unless),
        )


@cache
def _symbols(sums: tuple[Node, ...], losses: tuple[Node, ...], gradients: tuple[Node, ...]) -> tuple[Node, ...]:
    """List the symbols that are a kernel's inputs."""
    found = [node for node in leaves(*sums, *losses, *gradients) if node.label not in BUILT_IN]
    return (*found, FACTOR) if gradients else tuple(found)


@cache
def _sees_columns(nodes: tuple[Node, ...]) -> bool:
    """Return True if anything varies along the row."""
    return any(CLASS in node.axes for node in walk(*nodes))


@cache
def _makes_logits(nodes: tuple[Node, ...]) -> bool:
    """Return True if a softmax is taken of computed logits."""
    return any(node.word in OF_LOGITS and node.arguments[0].word != "symbol" for node in walk(*nodes))


@cache
def _kernel(
    sums: tuple[Node, ...], losses: tuple[Node, ...], gradients: tuple[Node, ...], given: Given, wide: bool
) -> Any:

    return compile_kernel(rows.body(Work(sums, losses, gradients), given, wide))
