"""Losses over all pairs of a batch: a softmax loss of the similarities, computed a block of rows at a time.

Row i of the similarities compares embedding i with every positive; its label is i. The whole matrix never exists:
value and gradients are made block by block, and a traced block is computed again for its derivative. A pair that is
masked or has weight 0 is gone: nothing is compared with it either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from lossary.domains import Interval
from lossary.graph import Level, Node, symbol
from lossary.kinds.program import Measured, Work
from lossary.record import Argument, Record
from lossary.vocabulary import absolute, greatest

__all__ = ["measure", "over_rows", "trace"]

BLOCK = 1 << 20  # similarities held at a time
GONE = -1e18  # a similarity that no softmax sees, and a number: 0 times it is 0
ROW = symbol("row", Level.COLUMN)
SIMILARITY = (Argument("similarity", "prediction", Interval()), Argument("target", "target", Interval()))


@cache
def over_rows(record: Record) -> Record:
    """The softmax loss that the similarities have."""
    return replace(record, kind="softmax", arguments=SIMILARITY)


def trace(call: Any, smooth: Callable[[Any, Node], Any]) -> Any:
    """The losses of the rows, differentiable by the framework."""
    face = call.face
    if call.shape[0] == 0:
        return _dot(*_arrays(call))
    live = _live(call)
    embedding, positive = (_normalized(face, array, live)[0] for array in _arrays(call))
    rows = _by_row(call)

    def losses(block: Any, *parts: Any) -> Any:
        part = _block_call(call, _similarity(face, block, positive, live), dict(zip(rows, parts, strict=True)))
        return face.broadcast(smooth(part, call.program.loss), part.items)

    return face.by_blocks(losses, [embedding, *rows.values()], _block_rows(call))


def measure(call: Any, work: Work, measure_rows: Callable[[Any, Work], Measured]) -> Measured:
    """Sums, losses and gradients, computed now."""
    face = call.face
    if not call.shape[0]:
        return _of_nothing(call, work)
    live = _live(call)
    (queries, *size), (keys, *key_size) = (_normalized(face, array, live) for array in _arrays(call))
    blocks, to_queries, to_keys = [], [], 0.0
    for start in range(0, call.shape[0], _block_rows(call)):
        rows = slice(start, start + _block_rows(call))
        parts = {name: array[rows] for name, array in _by_row(call).items()}
        part = _block_call(call, _similarity(face, queries[rows], keys, live), parts)
        blocks.append(measure_rows(part, replace(work, out=())))
        for change in blocks[-1].gradients:
            to_queries.append(change @ keys)
            to_keys = to_keys + change.T @ queries[rows]
        blocks[-1] = blocks[-1]._replace(gradients=[])
    sums = [sum(block.sums[i] for block in blocks) for i in range(len(work.sums))]
    losses = [face.concat([block.losses[i] for block in blocks]) for i in range(len(work.losses))]
    if not work.gradients:
        return Measured(sums, losses, [])
    changes = (face.concat(to_queries), queries, *size), (to_keys, keys, *key_size)
    gradients = [(change - unit * _dot(change, unit)) * inverse / size for change, unit, inverse, size in changes]
    if work.out:
        gradients = [face.write(array, buffer) for array, buffer in zip(gradients, work.out, strict=True)]
    return Measured(sums, losses, gradients)


def _of_nothing(call: Any, work: Work) -> Measured:
    """What there is of no rows."""
    embedding, positive = (call.inputs[argument.name] for argument in call.record.arguments)
    gradients = list(work.out or (embedding, positive)) if work.gradients else []
    return Measured([0.0] * len(work.sums), [embedding[:, :1]] * len(work.losses), gradients)


def _arrays(call: Any) -> list[Any]:
    return [call.inputs[argument.name] for argument in call.record.arguments]


def _by_row(call: Any) -> dict[str, Any]:
    """What has a value for each row: labels, weights and masks, and parameters that are arrays."""
    names = ("label", "weight", "mask", *(parameter.name for parameter in call.record.parameters))
    return {name: call.inputs[name] for name in names if hasattr(call.inputs.get(name), "dtype")}


def _block_rows(call: Any) -> int:
    rows: int = max(1, BLOCK // max(1, call.shape[0]))
    return rows


def _block_call(call: Any, similarity: Any, rows: dict[str, Any]) -> Any:
    """The call on some rows of the similarities."""
    shape = tuple(similarity.shape)
    inputs = call.inputs | rows | {"similarity": similarity}
    return replace(call, record=over_rows(call.record), inputs=inputs, shape=shape, items=(shape[0], 1), axis=1)


def _dot(a: Any, b: Any) -> Any:
    return (a * b).sum(-1)[:, None]


def _live(call: Any) -> Any:
    """Which pairs count: a column of truths, or None where all do."""
    weight, mask = call.inputs.get("weight"), call.inputs.get("mask")
    if weight is None:
        return mask
    return weight > 0 if mask is None else (weight > 0) & mask


def _normalized(face: Any, array: Any, live: Any) -> tuple[Any, Any, Any]:
    """Rows of length 1, and what they were multiplied and divided by; a row of zeros, or that does not count, is zeros.

    A row is first divided by its greatest number, so that no square overflows or is lost. The row of length 1 does not
    depend on that number, which is a constant to every derivative.
    """
    array = array if live is None else face.where(live, array, 0.0)
    (size,) = face.compute((greatest(absolute(ROW)),), (ROW,), 1, [face.constant(array)])
    size = face.where(size == 0, 1.0, size)
    array = array / size
    squares = _dot(array, array)
    short = squares == 0
    inverse = face.where(short, 0.0, 1.0 / face.where(short, 1.0, squares) ** 0.5)
    return array * inverse, inverse, size


def _similarity(face: Any, queries: Any, keys: Any, live: Any) -> Any:
    if not keys.shape[0]:  # no row has a greatest of no similarities
        return queries[:, :1] + keys[:, :1]
    similarity = queries @ keys.T
    return similarity if live is None else face.where(live.reshape(1, -1), similarity, GONE)
