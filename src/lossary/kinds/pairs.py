"""Softmax losses of all pairs of a batch: of the cosines of each row of one array and each of another.

Row i of the scores compares the i-th of one with every row of the other; its label is i. A pair that is masked or has
weight 0 is gone: nothing is compared with it either.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from lossary.catalogue.record import Record, Scores, describe
from lossary.errors import ShapeError
from lossary.kinds.product import Product
from lossary.kinds.program import Options, embed
from lossary.symbolic.derivatives import gradient
from lossary.symbolic.graph import Node, symbol
from lossary.symbolic.words import unit

__all__ = ["product", "shape"]

GONE = -1e18  # a similarity that no softmax sees, and a number: 0 times it is 0


def vector(vector: Node) -> Node:
    """What rows are computed to before they are compared."""
    return unit(vector)


RECORD = describe("row", vector)
PROGRAM = embed(RECORD, Options())
VECTOR, CHANGE = symbol("vector"), symbol("change")
UNIT = unit(VECTOR)
(PULLED,) = gradient(UNIT, [VECTOR], CHANGE)


def product(call: Any, names: Scores, live: Any, compute: Callable[[Any, Node], Any]) -> Product:
    """The cosines, as products of rows of length 1; ``compute`` gives a formula's value in the arrays of a call."""
    face = call.face
    given = [_live_rows(call, name, live) for name in (names.left, names.right)]
    left, right = (compute(_of_rows(call, vector=array), UNIT) for array in given)
    gone = None if live is None else face.where(live.reshape(1, -1), 0.0, GONE)
    back = [partial(_pull, call, compute, array) for array in given]
    return Product(face, names, left, right, gone, call.dtype, back)


def _live_rows(call: Any, name: str, live: Any) -> Any:
    """The vectors that count; others are zeros, which have no direction."""
    array = call.face.cast(call.inputs[name], call.dtype)
    return array if live is None else call.face.where(live, array, 0.0)


def _pull(call: Any, compute: Callable[[Any, Node], Any], array: Any, change: Any) -> Any:
    """A gradient in vectors, of that in the vectors of length 1 that were made of them."""
    return compute(_of_rows(call, vector=array, change=change), PULLED)


def _of_rows(call: Any, **arrays: Any) -> Any:
    """A call of formulas of the rows of some arrays."""
    rows, width = arrays["vector"].shape
    dtypes = dict.fromkeys(arrays, call.dtype)
    return call.but(
        record=RECORD, program=PROGRAM, inputs=arrays, dtypes=dtypes, shape=(rows, width), items=(rows, 1), axis=1
    )


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
