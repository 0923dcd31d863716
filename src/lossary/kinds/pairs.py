"""Softmax losses of all pairs of a batch: of the cosines of each row of one array and each of another.

Row i of the scores compares the i-th of one with every row of the other; its label is i. A pair that is masked or has
weight 0 is gone: nothing is compared with it either.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from lossary.errors import ShapeError
from lossary.graph import Level, symbol
from lossary.kinds.product import Product
from lossary.record import Record, Scores
from lossary.vocabulary import absolute, greatest

__all__ = ["product", "shape"]

ROW = symbol("row", Level.COLUMN)
GONE = -1e18  # a similarity that no softmax sees, and a number: 0 times it is 0


def product(call: Any, names: Scores, live: Any) -> Product:
    """The cosines, as products of rows of length 1."""
    face = call.face
    (left, *length), (right, *other) = (
        _normalized(face, face.cast(call.inputs[name], call.dtype), live) for name in (names.left, names.right)
    )
    gone = None if live is None else face.where(live.reshape(1, -1), 0.0, GONE)
    back = partial(_through_length, left, *length), partial(_through_length, right, *other)
    return Product(face, names, left, right, gone, call.dtype, back)


def shape(record: Record, shapes: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    """The shape of the cosines."""
    (scores,) = record.scores
    one, other = shapes[scores.left], shapes[scores.right]
    if len(one) != 2:
        raise ShapeError(f"{record.name}: the arrays have {len(one)} dimensions; one embedding a row is needed.")
    if one != other:
        raise ShapeError(
            f"{record.name}: {scores.left} has shape {one} and {scores.right} {other}; they must be the same."
        )
    if one[1] == 0:
        raise ShapeError(f"{record.name}: {scores.left} has shape {one}: there are no numbers along axis 1.")
    return one[0], max(1, one[0])  # no row has a greatest of no scores


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


def _through_length(unit: Any, inverse: Any, size: Any, change: Any) -> Any:
    """A gradient in vectors, of that in the vectors of length 1 that were made of them."""
    return (change - unit * _dot(change, unit)) * inverse / size


def _dot(a: Any, b: Any) -> Any:
    return (a * b).sum(-1)[:, None]
