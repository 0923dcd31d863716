"""Losses of scores that are products of two arrays: a softmax loss of them, computed a block of rows at a time.

The scores of all rows never exist at once. For each block the scores are computed, the gradient is written in their
place, and its products are added to the gradients of the arrays. JAX does so in a loop of its compiled program. A block
in differentiable operations is recomputed for its derivative.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from lossary.catalogue.record import Record
from lossary.frameworks.face import Array, DType, Shape
from lossary.kinds import linear_softmax, pairs
from lossary.kinds.call import Call
from lossary.kinds.product import Product
from lossary.kinds.program import Measured, Work
from lossary.symbolic.codegen import build
from lossary.symbolic.graph import COLUMN, Node, symbol
from lossary.symbolic.simplify import leaves

__all__ = ["measure", "scans", "shape", "trace"]

Compute = Callable[[Call, Node], Array]  # evaluates a formula in the arrays of a call
Shared = tuple[list[Array | float], Sequence[Mapping[str, Array | None]]]  # sums, and gradients that all rows share
KINDS: dict[str, Any] = {"pairs": pairs, "linear_softmax": linear_softmax}
# Blocks are large enough to read the other array seldom, and small enough for the scores to stay in the cache.
BLOCK = 56 << 20  # bytes of scores at a time
FEWEST, MOST, STEP = 128, 1024, 64  # rows: matrix products of such numbers are fast
TRACED = 8 << 20  # bytes, where several arrays of that size exist at once: under autograd, and in a compiled program
# On a GPU, products run at their full rate from about 1024 rows on.
DEVICE_BLOCK, DEVICE_FEWEST, DEVICE_MOST, DEVICE_TRACED = 256 << 20, 1024, 4096, 512 << 20


def shape(record: Record, shapes: dict[str, Shape]) -> Shape:
    """Check the arrays' shapes and return that of the scores."""
    found: Shape = KINDS[record.kind].shape(record, shapes)
    return found


def trace(call: Call, smooth: Compute) -> Array:
    """Compute the losses of the rows in the framework's own differentiable operations."""
    flat = _flat(call)
    products = _products(flat, smooth)
    names = _by_row(flat)

    def losses(*arrays: Array) -> Array:
        part, _ = _scored(flat, products, dict(zip(names, arrays[len(products) :], strict=True)), arrays)
        return flat.face.broadcast(smooth(part, flat.program.traced), part.items)

    arrays = [*(product.left for product in products), *(flat.inputs[name] for name in names)]
    room = DEVICE_TRACED if _on_device(flat, products) else TRACED
    done = flat.face.by_blocks(losses, arrays, _most(flat, room, flat.dtype))
    return flat.face.reshape(done, call.items)


def measure(call: Call, work: Work, measure_rows: Callable[[Call, Work], Measured]) -> Measured:
    """Compute sums, losses and gradients; ``measure_rows`` does so for the softmax loss of some rows."""
    flat = _flat(call)
    if not _of_scores(flat.record, work.nodes):
        return measure_rows(flat.but(record=flat.record.inner), work)  # of labels and weights alone
    products = _products(flat, lambda part, node: measure_rows(part, Work(gradients=(node,))).gradients[0])
    for product in products:
        product.start(work.wrt)
    scale = None  # an upstream gradient for each row, if there is one
    if not isinstance(work.scale, float) and work.scale.ndim:
        scale = flat.face.reshape(work.scale, flat.items)
    of_block = replace(work, out=(), wrt=(), in_place=bool(work.gradients), scale=work.scale if scale is None else 1.0)
    found = _Sums(flat, work)
    if scans(flat):
        _scan(flat, products, found, lambda part: measure_rows(part, of_block))
        return found.measured(call, _gradients(products))
    for rows, part, lefts in _blocks(flat, products):
        done = measure_rows(part, of_block)
        found.add(rows, done)
        for product, left, change in zip(products, lefts, done.gradients, strict=False):
            if scale is not None:
                change *= scale[rows]
            product.add(rows, left, flat.face.cast(change, product.dtype))
    return found.measured(call, _gradients(products))


def scans(call: Call) -> bool:
    """Return True if the blocks are a loop of a compiled program."""
    return call.face.has_scan and call.options.guard and all(isinstance(n, int) for n in call.shape)


def _scan(flat: Call, products: list[Product], found: _Sums, measure_rows: Callable[[Call], Measured]) -> None:
    """Accumulate sums, losses and gradients in one loop of a compiled program, whose body is compiled once."""
    names, face = _by_row(flat), flat.face
    pulls = [product.names.left in product.found for product in products]

    def step(before: Shared | None, arrays: list[Array]) -> tuple[Shared, list[Array]]:
        given = dict(zip(names, arrays[len(products) :], strict=True))
        part, lefts = _scored(flat, products, given, arrays)
        done = measure_rows(part)
        sums, shared = before or (found.sums, [product.found for product in products])
        changes = [face.cast(change, product.dtype) for product, change in zip(products, done.gradients, strict=False)]
        added = zip(products, shared, lefts, changes, strict=False)
        pulled = [
            product.pulled(change) for product, change, pull in zip(products, changes, pulls, strict=False) if pull
        ]
        sums = [a + b for a, b in zip(sums, done.sums, strict=True)]
        return (sums, [p.accumulated(own, left, change) for p, own, left, change in added]), [*done.losses, *pulled]

    arrays = [*(product.left for product in products), *(flat.inputs[name] for name in names)]
    (found.sums, shared), made = face.scan(step, arrays, _rows_at_a_time(flat, products))
    found.losses = made[: len(found.losses)]
    pulled = iter(made[len(found.losses) :])
    for product, own, pull in zip(products, shared, pulls, strict=False):
        product.found |= {**own} | ({product.names.left: next(pulled)} if pull else {})


def _gradients(products: list[Product]) -> dict[str, Array]:
    return {name: array for product in products for name, array in product.gradients().items()}


@cache
def _of_scores(record: Record, nodes: tuple[Node, ...]) -> bool:
    """Tell whether anything is computed from the scores."""
    return not {symbol(scores.name) for scores in record.scores}.isdisjoint(leaves(*nodes))


class _Sums:
    """Accumulates the outputs of blocks."""

    def __init__(self, flat: Call, work: Work) -> None:
        self.face, self.work = flat.face, work
        self.sums: list[Array | float] = [0.0] * len(work.sums)
        like = flat.inputs[flat.record.scores[0].left]
        self.losses = [self.face.zeros(flat.items, flat.dtype, like) for _ in work.losses]
        self.suspect = False

    def add(self, rows: slice, done: Measured) -> None:
        self.sums = [a + b for a, b in zip(self.sums, done.sums, strict=True)]
        self.losses = [self.face.put(a, rows, b) for a, b in zip(self.losses, done.losses, strict=True)]
        self.suspect = self.suspect or done.suspect

    def measured(self, call: Call, gradients: dict[str, Array]) -> Measured:
        losses = [self.face.reshape(array, call.items) for array in self.losses]
        found = [(gradients[name], call.inputs[name].shape) for name in self.work.wrt]
        shaped = [g if g.shape == shape else self.face.reshape(g, tuple(shape)) for g, shape in found]
        if self.work.out:
            shaped = [self.face.write(array, buffer) for array, buffer in zip(shaped, self.work.out, strict=True)]
        return Measured(self.sums, losses, shaped, self.suspect)


def _flat(call: Call) -> Call:
    """Return the call with all its rows along one axis."""
    if len(call.shape) == 2:
        return call
    rows = math.prod(call.items)

    def flat(value: Array) -> Array:
        if value.ndim != len(call.shape):
            return value
        return call.face.reshape(value, (math.prod(value.shape[:-1]), value.shape[-1]))

    inputs = {name: flat(value) for name, value in call.inputs.items()}
    return call.but(inputs=inputs, shape=(rows, call.shape[-1]), items=(rows, 1), axis=1)


def _products(flat: Call, compute: Compute) -> list[Product]:
    live = _live(flat)
    return [KINDS[flat.record.kind].product(flat, scores, live, compute) for scores in flat.record.scores]


def _live(call: Call) -> Array | None:
    """Return a boolean column of the rows that count, or None if all do."""
    node = call.program.live
    if node.is_number():
        return None
    symbols = leaves(node)
    live: Array = build((node,), symbols, call.face.name)(*call.given(symbols))[0]
    return live


def _rows(flat: Call, product: Product, left: Array, live: Array | None) -> Array:
    """Cast rows for the product and replace those that do not count by zeros."""
    left = flat.face.cast(left, product.dtype)
    return left if live is None else flat.face.where(live, left, 0.0)


def _by_row(flat: Call) -> list[str]:
    """Names of the inputs that vary from row to row, without the factors of the scores."""
    factors = {name for scores in flat.record.scores for name in scores.factors}
    fixed = {*factors, "_class_index", *(row.name for row in flat.options.given if row.axes == COLUMN)}
    return [name for name in flat.inputs if name not in fixed]


def _most(flat: Call, room: int, dtype: DType) -> int:
    """Return the number of rows whose scores fit into some bytes."""
    each: int = flat.shape[1] * flat.face.itemsize(dtype) * len(flat.record.scores)
    return max(1, room // each)


def _on_device(flat: Call, products: list[Product]) -> bool:
    return bool(products) and flat.face.multiplies_halves(products[0].left)


def _rows_at_a_time(flat: Call, products: list[Product]) -> int:
    in_loop = scans(flat)
    room, fewest, most = TRACED if in_loop else BLOCK, FEWEST, MOST
    if _on_device(flat, products):
        room, fewest, most = DEVICE_BLOCK, DEVICE_FEWEST, DEVICE_MOST
        if in_loop:
            fewest, most = DEVICE_FEWEST // 2, DEVICE_FEWEST  # the scores and their gradient exist at once
    rows = min(most, _most(flat, room, products[0].dtype))
    return max(fewest, rows - rows % STEP if rows > STEP else rows)


def _blocks(flat: Call, products: list[Product]) -> Iterator[tuple[slice, Call, list[Array]]]:
    """Yield each block of rows: its slice, the softmax loss's call on its scores, and the left factors."""
    count = flat.shape[0]
    most = min(max(1, count), _rows_at_a_time(flat, products))
    names = _by_row(flat) if most < count else []  # one block needs no slices
    rooms = [flat.face.room((most, flat.shape[1]), product.dtype, product.left) for product in products]
    for start in range(0, count, most):
        rows = slice(start, min(start + most, count))
        size = rows.stop - start
        places = [room if room is None or size == most else room[:size] for room in rooms]
        cut = [product.left[rows] if most < count else product.left for product in products]
        yield rows, *_scored(flat, products, {name: flat.inputs[name][rows] for name in names}, cut, places)


def _scored(
    flat: Call,
    products: list[Product],
    given: dict[str, Array],
    rows: Sequence[Array],
    rooms: Sequence[Array | None] = (),
) -> tuple[Call, list[Array]]:
    """Return the softmax loss's call on the scores of some rows, and the left factors that the scores were made of."""
    part = _part(flat, given, rows[0].shape[0])
    live = _live(part)
    lefts = [_rows(flat, product, left, live) for product, left in zip(products, rows, strict=False)]
    for i, (product, left) in enumerate(zip(products, lefts, strict=True)):
        part.inputs[product.names.name] = product.scores(left, rooms[i] if rooms else None)
    return part, lefts


def _part(flat: Call, given: dict[str, Array], rows: int) -> Call:
    """Return the softmax loss's call on some rows; their scores are added to its inputs later."""
    inputs, record = flat.inputs | given, flat.record.inner
    dtypes = flat.dtypes | {scores.name: flat.dtype for scores in flat.record.scores}
    return flat.but(record=record, inputs=inputs, dtypes=dtypes, shape=(rows, flat.shape[1]), items=(rows, 1))
