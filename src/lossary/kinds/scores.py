"""Losses of scores that are products of two arrays: a softmax loss of them, computed a block of rows at a time.

The scores of all rows never exist. Of a block there are the scores, then the gradient in their place, then what that
adds to the gradients of the arrays. A block that is traced is computed again for its derivative.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from lossary.catalogue.record import Record
from lossary.kinds import linear_softmax, pairs
from lossary.kinds.product import Product
from lossary.kinds.program import Measured, Work
from lossary.symbolic.codegen import build
from lossary.symbolic.graph import Level, Node, symbol
from lossary.symbolic.simplify import leaves

__all__ = ["measure", "shape", "trace"]

KINDS: dict[str, Any] = {"pairs": pairs, "linear_softmax": linear_softmax}
# Many rows share one reading of the array that they are multiplied with, and their scores stay near the processor.
BLOCK = 56 << 20  # bytes of scores at a time
FEWEST, MOST, STEP = 128, 1024, 64  # rows: matrix products are fast of such numbers
TRACED = 8 << 20  # bytes, where several arrays of that size are made at once
# On a GPU products run at their full rate from about 1024 rows on.
DEVICE_BLOCK, DEVICE_FEWEST, DEVICE_MOST, DEVICE_TRACED = 256 << 20, 1024, 4096, 512 << 20


def shape(record: Record, shapes: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    """The shape of the scores, of the shapes of the arrays."""
    found: tuple[int, ...] = KINDS[record.kind].shape(record, shapes)
    return found


def trace(call: Any, smooth: Callable[[Any, Node], Any]) -> Any:
    """The losses of the rows, differentiable by the framework."""
    flat = _flat(call)
    products = _products(flat, smooth)
    names = _by_row(flat)

    def losses(*arrays: Any) -> Any:
        given = dict(zip(names, arrays[len(products) :], strict=True))
        part = _part(flat, given, arrays[0].shape[0])
        live = _live(part)
        for product, left in zip(products, arrays, strict=False):
            scores = product.scores(_rows(flat, product, left, live))
            part.inputs[product.names.name] = flat.face.cast(scores, flat.dtype)
        return flat.face.broadcast(smooth(part, flat.program.loss), part.items)

    arrays = [*(product.left for product in products), *(flat.inputs[name] for name in names)]
    room = DEVICE_TRACED if _on_device(flat, products) else TRACED
    done = flat.face.by_blocks(losses, arrays, _most(flat, room, flat.dtype))
    return flat.face.reshape(done, call.items)


def measure(call: Any, work: Work, measure_rows: Callable[[Any, Work], Measured]) -> Measured:
    """Sums, losses and gradients, computed now."""
    flat = _flat(call)
    if not _of_scores(flat.record, work.nodes):
        return measure_rows(flat.but(record=flat.record.inner), work)  # of labels and weights alone
    products = _products(flat, lambda part, node: measure_rows(part, Work(gradients=(node,))).gradients[0])
    for product in products:
        product.start(work.wrt)
    by_row = getattr(work.scale, "ndim", 0) > 0  # a change for each row, not one for all
    scale = flat.face.reshape(work.scale, flat.items) if by_row else None
    scale_of_block = 1.0 if by_row else work.scale
    of_block = Work(work.sums, work.losses, work.gradients, scale_of_block, in_place=bool(work.gradients))
    found = _Found(flat, work)
    for rows, part, lefts in _blocks(flat, products):
        done = measure_rows(part, of_block)
        found.add(rows, done)
        for product, left, change in zip(products, lefts, done.gradients, strict=False):
            if scale is not None:
                change *= scale[rows]
            product.add(rows, left, flat.face.cast(change, product.dtype))
    gradients = {name: array for product in products for name, array in product.gradients().items()}
    return found.measured(call, gradients)


@cache
def _of_scores(record: Record, nodes: tuple[Node, ...]) -> bool:
    """Whether anything is computed from the scores."""
    return not {symbol(scores.name) for scores in record.scores}.isdisjoint(leaves(*nodes))


class _Found:
    """What blocks add up to."""

    def __init__(self, flat: Any, work: Work) -> None:
        self.face, self.work = flat.face, work
        self.sums: list[Any] = [0.0] * len(work.sums)
        like = flat.inputs[flat.record.scores[0].left]
        self.losses = [self.face.zeros(flat.items, flat.dtype, like) for _ in work.losses]
        self.suspect = False

    def add(self, rows: slice, done: Measured) -> None:
        self.sums = [a + b for a, b in zip(self.sums, done.sums, strict=True)]
        self.losses = [self.face.put(a, rows, b) for a, b in zip(self.losses, done.losses, strict=True)]
        self.suspect = self.suspect or done.suspect

    def measured(self, call: Any, gradients: dict[str, Any]) -> Measured:
        losses = [self.face.reshape(array, call.items) for array in self.losses]
        found = [(gradients[name], call.inputs[name].shape) for name in self.work.wrt]
        shaped = [g if g.shape == shape else self.face.reshape(g, tuple(shape)) for g, shape in found]
        if self.work.out:
            shaped = [self.face.write(array, buffer) for array, buffer in zip(shaped, self.work.out, strict=True)]
        return Measured(self.sums, losses, shaped, self.suspect)


def _flat(call: Any) -> Any:
    """The call with all its rows along one axis."""
    if len(call.shape) == 2:
        return call
    rows = math.prod(call.items)

    def flat(value: Any) -> Any:
        if len(getattr(value, "shape", ())) != len(call.shape):
            return value
        return call.face.reshape(value, (math.prod(value.shape[:-1]), value.shape[-1]))

    inputs = {name: flat(value) for name, value in call.inputs.items()}
    return call.but(inputs=inputs, shape=(rows, call.shape[-1]), items=(rows, 1), axis=1)


def _products(flat: Any, compute: Callable[[Any, Node], Any]) -> list[Product]:
    live = _live(flat)
    return [KINDS[flat.record.kind].product(flat, scores, live, compute) for scores in flat.record.scores]


def _live(call: Any) -> Any:
    """Which rows count: a column of truths, or None where all do."""
    node = call.program.live
    if node.is_number():
        return None
    symbols = leaves(node)
    return build((node,), symbols, call.face.name)(*call.given(symbols))[0]


def _rows(flat: Any, product: Product, left: Any, live: Any) -> Any:
    """Rows that are multiplied; those that do not count are zeros, whatever they hold."""
    left = flat.face.cast(left, product.dtype)
    return left if live is None else flat.face.where(live, left, 0.0)


def _by_row(flat: Any) -> list[str]:
    """The inputs that differ from row to row, but for what is multiplied."""
    factors = {name for scores in flat.record.scores for name in scores.factors}
    fixed = {*factors, "class_index", *(row.name for row in flat.options.given if row.level == Level.COLUMN)}
    return [name for name, value in flat.inputs.items() if hasattr(value, "dtype") and name not in fixed]


def _most(flat: Any, room: int, dtype: Any) -> int:
    """How many rows' scores there is room for."""
    each: int = flat.shape[1] * flat.face.itemsize(dtype) * len(flat.record.scores)
    return max(1, room // each)


def _on_device(flat: Any, products: list[Product]) -> bool:
    return bool(products) and flat.face.multiplies_halves(products[0].left)


def _rows_at_a_time(flat: Any, products: list[Product]) -> int:
    room, fewest, most = BLOCK, FEWEST, MOST
    if _on_device(flat, products):
        room, fewest, most = DEVICE_BLOCK, DEVICE_FEWEST, DEVICE_MOST
    rows = min(most, _most(flat, room, products[0].dtype))
    return max(fewest, rows - rows % STEP if rows > STEP else rows)


def _blocks(flat: Any, products: list[Product]) -> Iterator[tuple[slice, Any, list[Any]]]:
    """Rows, the call on their scores, and the rows that were multiplied for them."""
    count = flat.shape[0]
    most = min(max(1, count), _rows_at_a_time(flat, products))
    names = _by_row(flat) if most < count else []  # all rows are not cut out of themselves
    rooms = [flat.face.room((most, flat.shape[1]), product.dtype, product.left) for product in products]
    for start in range(0, count, most):
        rows = slice(start, min(start + most, count))
        part = _part(flat, {name: flat.inputs[name][rows] for name in names}, rows.stop - start)
        live = _live(part)
        cut = [product.left[rows] if most < count else product.left for product in products]
        lefts = [_rows(flat, product, left, live) for product, left in zip(products, cut, strict=True)]
        for product, left, room in zip(products, lefts, rooms, strict=True):
            place = room if room is None or rows.stop - start == most else room[: rows.stop - start]
            part.inputs[product.names.name] = product.scores(left, place)
        yield rows, part, lefts


def _part(flat: Any, given: dict[str, Any], rows: int) -> Any:
    """The call of a softmax loss on some rows, whose scores are put among its inputs."""
    inputs, record = flat.inputs | given, flat.record.inner
    dtypes = flat.dtypes | {scores.name: flat.dtype for scores in flat.record.scores}
    return flat.but(record=record, inputs=inputs, dtypes=dtypes, shape=(rows, flat.shape[1]), items=(rows, 1))
