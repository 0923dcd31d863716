"""The array whose dtype a formula is computed in, where labels keep their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lossary.frameworks.face import AnyFace, Array
from lossary.symbolic.graph import NUMBER_KINDS, Node, symbol

__all__ = ["LIKE", "is_array", "like_of"]

LIKE = symbol("_like", frozenset())  # stands for that array, beside those that a part of a formula is computed from


def like_of(face: AnyFace, symbols: Sequence[Node], values: Sequence[Any]) -> Array:
    """Return the first array that holds neither labels nor a mask."""
    arrays: Iterator[Array] = (value for one, value in zip(symbols, values, strict=True) if is_array(one))
    return next(array for array in arrays if not face.is_integer(array.dtype))


def is_array(node: Node) -> bool:
    """Return True if a symbol stands for an array, but for masks."""
    return node is LIKE or (bool(node.axes) and node.label not in NUMBER_KINDS)
