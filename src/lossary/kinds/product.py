"""Scores as the product of two arrays: those of some rows, and what a change of them adds to the arrays' gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lossary.record import Scores

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
        parts = [
            self.face.matmul(left, self._right(cut).T, None if room is None else room[:, cut]) for cut in self._cuts()
        ]
        if room is not None:
            if self.bias is not None:
                room += self.bias
            return room
        scores = parts[0] if len(parts) == 1 else self.face.concat(parts, 1)
        return scores if self.bias is None else scores + self.bias

    def start(self, wanted: Sequence[str]) -> None:
        """Begin the gradients of the arrays that are named."""
        arrays = dict(zip(self.names.factors, (self.left, self.right, self.bias), strict=False))
        self.found = {name: self.face.zeros(a.shape, self.dtype, a) for name, a in arrays.items() if name in wanted}

    def add(self, rows: slice, left: Any, change: Any) -> None:
        """Add what a change of the scores of some rows, which are ``left``, does."""
        face, found, names = self.face, self.found, self.names
        if names.left in found:
            back = [face.matmul(change[:, cut], self._right(cut)) for cut in self._cuts()]
            found[names.left] = face.put(found[names.left], rows, sum(back[1:], back[0]))
        if names.right in found:
            found[names.right] = face.add_product(found[names.right], change.T, left)
        if names.bias in found:
            found[names.bias] = found[names.bias] + change.sum(0)

    def gradients(self) -> dict[str, Any]:
        """What was found, by the name of the array."""
        for name, back in zip(self.names.factors, self.back, strict=False):
            if name in self.found:
                self.found[name] = back(self.found[name])
        return self.found

    def _right(self, cut: slice) -> Any:
        return self.face.cast(self.right[cut], self.dtype)

    def _cuts(self) -> list[slice]:
        """Where ``right`` is cut, so that what is cast of it stays small."""
        if self.right.dtype == self.dtype:
            return [slice(None)]
        count, width = self.right.shape
        step = max(1, CAST // max(1, width))
        return [slice(start, start + step) for start in range(0, count, step)]
