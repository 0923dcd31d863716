"""Softmax losses of all pairs of a batch: of the cosine similarity of each row of one array with each of another.

Row i of the scores compares row i of the first array with every row of the second; its label is i. A pair that is
masked or has weight 0 is left out of every row's softmax.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lossary.catalogue.record import Record, Scores, describe
from lossary.errors import ShapeError
from lossary.frameworks.face import Array, Shape
from lossary.kinds.call import Call
from lossary.kinds.product import Product
from lossary.kinds.program import Options, embed
from lossary.symbolic.derivatives import gradient
from lossary.symbolic.graph import Node, symbol
from lossary.symbolic.words import unit

__all__ = ["product", "shape"]

GONE = -1e18  # the similarity to a pair that is left out: its softmax is 0, and so is 0 times it


def vector(vector: Node) -> Node:
    """Normalize a row before it is compared."""
    return unit(vector)


RECORD = describe("row", vector)
PROGRAM = embed(RECORD, Options())
VECTOR, CHANGE = symbol("vector"), symbol("change")
UNIT = unit(VECTOR)
(PULLED,) = gradient(UNIT, [VECTOR], CHANGE)


def product(call: Call, names: Scores, live: Array | None, compute: Callable[[Call, Node], Array]) -> Product:
    """Return the cosines as a product of unit vectors; ``compute`` evaluates a formula in the arrays of a call."""
    face = call.face
    given = [_live_rows(call, name, live) for name in (names.left, names.right)]
    left, right = (compute(_of_rows(call, vector=array), UNIT) for array in given)
    gone = None if live is None else face.where(face.reshape(live, (1, -1)), 0.0, GONE)
    back = [partial(_pull, call, compute, array) for array in given]
    return Product(face, names, left, right, gone, call.dtype, back)


def _live_rows(call: Call, name: str, live: Array | None) -> Array:
    """Replace the vectors that do not count by zeros."""
    array = call.face.cast(call.inputs[name], call.dtype)
    return array if live is None else call.face.where(live, array, 0.0)


def _pull(call: Call, compute: Callable[[Call, Node], Array], array: Array, change: Array) -> Array:
    """Backward of the normalization: pull a gradient from unit vectors back to the vectors."""
    return compute(_of_rows(call, vector=array, change=change), PULLED)


def _of_rows(call: Call, **arrays: Array) -> Call:
    """Make a call for formulas of the rows of some arrays."""
    rows, width = arrays["vector"].shape
    dtypes = dict.fromkeys(arrays, call.dtype)
    return call.but(
        record=RECORD, program=PROGRAM, inputs=arrays, dtypes=dtypes, shape=(rows, width), items=(rows, 1), axis=1
    )


def shape(record: Record, shapes: dict[str, Shape]) -> Shape:
    """Check the arrays' shapes and return that of the cosines."""
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
    return one[0], max(1, one[0])  # no maximum of an empty row is asked for
