"""Passes of row kernels over the arrays of calls."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from lossary.contract.call import Call
from lossary.contract.keywords import as_tuple
from lossary.execution.gpu import launch, layout, rows
from lossary.execution.gpu.compile import compile_kernel
from lossary.execution.gpu.given import Given
from lossary.execution.gpu.text import SCALE
from lossary.execution.gpu.tiles import Tile, tile
from lossary.frameworks.face import Array
from lossary.kinds.program import Measured, Work
from lossary.symbolic.graph import Level, Node, walk
from lossary.symbolic.simplify import leaves
from lossary.symbolic.words.word import named

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["measure"]

OF_LOGITS = named(of_logits=True)
BUILT_IN = ("_class_index", "_classes")  # symbols that kernels compute themselves


def measure(call: Call, work: Work) -> Measured:
    """Compute sums and arrays of a call by one kernel."""
    return _Pass(call, work).run()


class _Pass:
    """The arrays that a kernel reads and writes, and their strides."""

    def __init__(self, call: Call, work: Work) -> None:
        self.call, self.work = call, work
        first = call.record.arguments[0].name  # it is not given if the work is of labels and weights alone
        like = call.inputs[first] if first in call.inputs else next(iter(call.inputs.values()))
        (self.like,) = launch.tensors([like])
        self.inputs = {**call.inputs, **call.numbers, SCALE: work.scale}
        placed = {name: value for name, value in self.inputs.items() if launch.on_device(value, self.like)}
        symbols = _symbols(work.sums, work.losses, work.gradients)
        self.arrays = [node for node in symbols if str(node.label) in placed]
        self.numbers = tuple(str(node.label) for node in symbols if node not in self.arrays)
        given = [placed[str(node.label)] for node in self.arrays]
        slopes = self._slopes()
        (axis,) = as_tuple(call.axis)
        self.rows = layout.rows_of(call.shape, axis, [*given, *slopes])
        self.read = [self._strided(node, array) for node, array in zip(self.arrays, given, strict=True)]
        self.written = [self._writable(array) for array in slopes]

    def _slopes(self) -> Sequence[Tensor]:
        """Return the arrays to write gradients into: ``out``, the predictions, or new ones in the same order."""
        import torch

        call, work = self.call, self.work
        if not work.gradients:
            return []
        predictions = launch.tensors(call.inputs[argument.name] for argument in call.record.predictions)
        dtype = launch.slope_dtype(call)
        if work.out:
            return launch.tensors(work.out)
        if work.in_place and len(work.gradients) == len(predictions) and all(p.dtype == dtype for p in predictions):
            return predictions
        return [torch.empty_like(self.like, dtype=dtype) for _ in work.gradients]

    def _strided(self, node: Node, array: Tensor) -> tuple[Tensor, layout.Strides]:
        """Return an input and its strides; it is copied if two directions do not reach all items."""
        strides = self.rows.strides(array)
        if strides is None:
            array = array.expand(self.call.shape if node.level & Level.COLUMN else self.call.items).contiguous()
            strides = self.rows.strides(array)
        assert strides is not None
        return array, strides

    def _writable(self, array: Tensor) -> tuple[Tensor, layout.Strides]:
        """Return the array of a gradient and its strides; a new one if two directions do not reach all items."""
        strides = self.rows.strides(array)
        if strides is None:
            array = array.new_empty(self.call.shape)
            strides = self.rows.strides(array)
        assert strides is not None
        return array, strides

    def _tile(self) -> Tile:
        steps = [step for _, (_, _, step) in self.read]
        columns = self.rows.columns if _sees_columns(self.work.nodes) else 1
        arrays = sum(node.level == Level.ELEMENT for node in self.arrays) + _makes_logits(self.work.nodes)
        half = self.like.dtype in self.call.face.halves
        return tile(columns, arrays, self.call.dtype.itemsize, half, strided=max(steps, default=0) > 1)

    def _given(self) -> Given:
        return Given(
            arrays=tuple(
                (node, layout.place_of(strides)) for node, (_, strides) in zip(self.arrays, self.read, strict=True)
            ),
            numbers=self.numbers,
            losses=len(self.work.losses),
            slopes=tuple(layout.place_of(strides) for _, strides in self.written),
            split=self.rows.inner > 1,
            dtype=str(self.call.dtype).removeprefix("torch."),
            exact=launch.is_exact(self.call, self.like),
            compared=bool(self.work.unless),
        )

    def run(self) -> Measured:
        """Launch the kernel and add the sums of its programs."""
        work, like, size = self.work, self.like, self._tile()
        kernel = _kernel(work.sums, work.losses, work.gradients, self._given(), size.wide)
        losses: list[Array] = [like.new_empty(self.call.items, dtype=launch.dtype_of(self.call)) for _ in work.losses]
        places = self.rows.count if size.wide else -(-self.rows.count // size.rows)
        sums = launch.sum_places(like, len(work.sums), places)
        pointers = [*(array for array, _ in self.read), *losses, *(array for array, _ in self.written)]
        bits = [launch.bits(self.inputs[name]) for name in self.numbers]
        strides = [stride for _, found in (*self.read, *self.written) for stride in layout.passed(found)]
        counts = [self.rows.count, self.rows.columns, self.rows.inner]
        resident = min(places, size.resident * launch.multiprocessors(like.device) or places)
        compared, programs = launch.compared(work.unless, resident, like)
        arguments = [*pointers, *bits, *compared, sums, *counts, *strides]
        launch.run(kernel, programs, arguments, like, ROWS=size.rows, BLOCK=size.columns, num_warps=size.warps)
        return Measured(list(sums.sum(dim=1)), losses, self._results())

    def _results(self) -> list[Array]:
        """Return the gradients, in the arrays that the work names."""
        found = [array for array, _ in self.written]
        asked = self._slopes() if self.work.out or self.work.in_place else found
        return [a if a is b else self.call.face.write(a, b) for a, b in zip(found, asked, strict=True)]


@cache
def _symbols(sums: tuple[Node, ...], losses: tuple[Node, ...], gradients: tuple[Node, ...]) -> tuple[Node, ...]:
    """List the symbols that are a kernel's inputs."""
    found = [node for node in leaves(*sums, *losses, *gradients) if node.label not in BUILT_IN]
    return (*found, rows.FACTOR) if gradients else tuple(found)


@cache
def _sees_columns(nodes: tuple[Node, ...]) -> bool:
    """Return True if anything varies along the row."""
    return any(node.level & Level.COLUMN for node in walk(*nodes))


@cache
def _makes_logits(nodes: tuple[Node, ...]) -> bool:
    """Return True if a softmax is taken of computed logits."""
    return any(node.word in OF_LOGITS and node.arguments[0].word != "symbol" for node in walk(*nodes))


@cache
def _kernel(
    sums: tuple[Node, ...], losses: tuple[Node, ...], gradients: tuple[Node, ...], given: Given, wide: bool
) -> Any:

    return compile_kernel(rows.body(Work(sums, losses, gradients), given, wide))
