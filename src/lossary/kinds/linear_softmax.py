"""Softmax losses of the logits of a linear layer: features times classifier, plus bias."""

from __future__ import annotations

from collections.abc import Callable

from lossary.catalogue.record import Record, Scores
from lossary.errors import ShapeError
from lossary.frameworks.face import Array, DType, Shape
from lossary.kinds.call import Call
from lossary.kinds.product import Product
from lossary.symbolic.graph import Node

__all__ = ["product", "shape"]

Shapes = dict[str, Shape]


def product(call: Call, names: Scores, live: Array | None, compute: Callable[[Call, Node], Array]) -> Product:
    """Return the logits as a product; features and classifier are multiplied as they are."""
    left, right = call.inputs[names.left], call.inputs[names.right]
    bias = call.inputs.get(names.bias)
    bias = None if bias is None else call.face.cast(bias, call.dtype)
    return Product(call.face, names, left, right, bias, _dtype(call, left, right))


def _dtype(call: Call, left: Array, right: Array) -> DType:
    """The dtype of the matrix products, of the logits and of their gradient."""
    face, own = call.face, left.dtype
    halves = own == right.dtype and face.is_floating(own) and face.itemsize(own) == 2
    return own if halves and face.multiplies_halves(left) else call.dtype


def shape(record: Record, shapes: Shapes) -> Shape:
    """Check the arrays' shapes and return that of the logits, (..., K), which all logits of a loss share."""
    found = {scores: _shape_of(record, scores, shapes) for scores in record.scores}
    (first, logits), *others = found.items()
    for scores, other in others:
        if other != logits:
            raise ShapeError(
                f"{record.name}: {first.left} and {first.right} make logits of shape {logits}, {scores.left} and "
                f"{scores.right} of shape {other}; they must have the same rows and classes."
            )
    return logits


def _shape_of(record: Record, scores: Scores, shapes: Shapes) -> Shape:
    left, right = shapes[scores.left], shapes[scores.right]
    given = f"{record.name}: {scores.left} has shape {left} and {scores.right} {right}"
    if len(right) != 2 or not left:
        names = ", ".join(argument.name for argument in record.arguments if not argument.optional)
        raise ShapeError(
            f"{given}; their dimensions need to be (..., width) and (classes, width). The order is "
            f"{record.name}({names})."
        )
    if left[-1] != right[1]:
        remedy = f" Use {scores.right}.T." if left[-1] == right[0] else ""
        raise ShapeError(f"{given}; their last axes must be the same: a classifier has a row for each class.{remedy}")
    if scores.bias in shapes and shapes[scores.bias] != right[:1]:
        raise ShapeError(
            f"{given}, {scores.bias} {shapes[scores.bias]}; one number for each of {right[0]} classes is needed."
        )
    return (*left[:-1], right[0])
