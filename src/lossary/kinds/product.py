"""Scores as the product of two arrays: those of some rows, and what a change of them adds to the arrays' gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lossary.catalogue.record import Scores

__all__ = ["Product"]

CAST = 1 << 20  # numbers that are given another type at a time


def _itself(change: Any) -> Any:
    return change


@dataclass
class Product:
    """Scores: each row of ``left`` times each row of ``right``, and ``bias``, a number for each of the latter."""

    face: Any
    names: Scores
    left: Any
    right: Any
    bias: Any
    dtype: Any
    back: Sequence[Callable[[Any], Any]] = (
        _itself,
        _itself,
    )  # from gradients in left and right to those of what they are
    found: dict[str, Any] = field(default_factory=dict)  # gradients, as far as they are known

    def scores(self, left: Any, room: Any = None) -> Any:
        """The scores of some rows of ``left``, in memory that is kept for them or in new."""
        if not self.right.shape[0]:  # there are no rows to compare with, nor any to compare
            return left[:, :1] + self.right[:, :1]
        parts = [self.face.matmul(left, right.T, _columns(room, cut)) for cut, right in self._cuts()]
        if room is None:
            scores = parts[0] if len(parts) == 1 else self.face.concat(parts, 1)
            return scores if self.bias is None else scores + self.bias
        if self.bias is not None:
            room += self.bias
        return room

    def start(self, wanted: Sequence[str]) -> None:
        """Begin the gradients of the arrays that are named."""
        self.found = dict.fromkeys(name for name in self.names.factors if name in wanted)

    def add(self, rows: slice, left: Any, change: Any) -> None:
        """Add what a change of the scores of some rows, which are ``left``, does."""
        face, found, names = self.face, self.found, self.names
        if names.left in found:
            parts = [face.matmul(_columns(change, cut), right) for cut, right in self._cuts()]
            found[names.left] = self._put(found[names.left], rows, sum(parts[1:], parts[0]))
        if names.right in found and found[names.right] is None:
            found[names.right] = face.matmul(change.T, left, face.room(self.right.shape, self.dtype, left))
        elif names.right in found:
            found[names.right] = face.add_product(found[names.right], change.T, left)
        if names.bias in found:
            found[names.bias] = change.sum(0) + (0.0 if found[names.bias] is None else found[names.bias])

    def _put(self, whole: Any, rows: slice, values: Any) -> Any:
        """The rows of a gradient among the others, unless they are all there are."""
        if values.shape[0] == self.left.shape[0]:
            return values
        return self.face.put(self._nothing(self.left) if whole is None else whole, rows, values)

    def _nothing(self, like: Any) -> Any:
        return self.face.zeros(like.shape, self.dtype, like)

    def gradients(self) -> dict[str, Any]:
        """What was found, by the name of the array."""
        arrays = dict(zip(self.names.factors, (self.left, self.right, self.bias), strict=False))
        found = {k: self._nothing(arrays[k]) if change is None else change for k, change in self.found.items()}
        backs = dict(zip(self.names.factors, self.back, strict=False))
        return {name: backs[name](change) if name in backs else change for name, change in found.items()}

    def _cuts(self) -> Iterator[tuple[slice | None, Any]]:
        """Some rows of ``right`` after others, so that what is given another type of them stays small; None is all."""
        if self.right.dtype == self.dtype:
            yield None, self.right
            return
        count, width = self.right.shape
        step = max(1, CAST // max(1, width))
        for cut in (slice(start, start + step) for start in range(0, count, step)):
            yield cut, self.face.cast(self.right[cut], self.dtype)


def _columns(array: Any, cut: slice | None) -> Any:
    return array if array is None or cut is None else array[:, cut]
