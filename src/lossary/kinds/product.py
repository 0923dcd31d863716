"""Scores as the product of two arrays: forward for some rows at a time, backward summed over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lossary.catalogue.record import Scores
from lossary.frameworks.face import AnyFace, Array, DType

__all__ = ["Product"]

CAST = 1 << 20  # elements that are cast at a time


@dataclass
class Product:
    """Scores: ``left`` @ ``right``.T + ``bias``, with a row of ``right`` and an element of ``bias`` for each class."""

    face: AnyFace
    names: Scores
    left: Array
    right: Array
    bias: Array | None
    dtype: DType
    back: Sequence[Callable[[Array], Array]] = ()  # backward of what made left and right, if they were not given
    found: dict[str, Array | None] = field(default_factory=dict)  # gradients so far

    def scores(self, left: Array, room: Array | None = None) -> Array:
        """Compute the scores of some rows of ``left``, in the buffer ``room`` if that is given."""
        if not self.right.shape[0]:  # an empty batch
            return left[:, :1] + self.right[:, :1]
        parts = [
            self.face.matmul(left, right.T, None if room is None else _columns(room, cut))
            for cut, right in self._cuts()
        ]
        if room is None:
            scores = parts[0] if len(parts) == 1 else self.face.concat(parts, 1)
            return scores if self.bias is None else scores + self.bias
        if self.bias is not None:
            room += self.bias
        return room

    def start(self, wanted: Sequence[str]) -> None:
        """Begin the gradients of some arrays."""
        self.found = dict.fromkeys(name for name in self.names.factors if name in wanted)

    def add(self, rows: slice, left: Array, change: Array) -> None:
        """Add the backward pass of some rows: ``left`` holds the rows, ``change`` the gradient in their scores."""
        found, name = self.found, self.names.left
        if name in found:
            found[name] = self._put(found[name], rows, self.pulled(change))
        found |= self.accumulated(found, left, change)

    def pulled(self, change: Array) -> Array:
        """Return the gradient in rows of ``left`` from that in their scores."""
        parts = [self.face.matmul(_columns(change, cut), right) for cut, right in self._cuts()]
        return sum(parts[1:], parts[0])

    def accumulated(self, found: Mapping[str, Array | None], left: Array, change: Array) -> dict[str, Array]:
        """Return the gradients that ``found`` has of arrays that all rows share, with those of some rows added."""
        face, names, done = self.face, self.names, dict[str, Array]()
        if names.right in found:
            total = found[names.right]
            if total is None:
                done[names.right] = face.matmul(change.T, left, face.room(self.right.shape, self.dtype, left))
            else:
                done[names.right] = face.add_product(total, change.T, left)
        if names.bias in found:
            bias = found[names.bias]
            done[names.bias] = change.sum(0) + (0.0 if bias is None else bias)
        return done

    def _put(self, whole: Array | None, rows: slice, values: Array) -> Array:
        """Write rows into a gradient; if they are all rows, they are the gradient."""
        if values.shape[0] == self.left.shape[0]:
            return values
        return self.face.put(self._zeros(self.left) if whole is None else whole, rows, values)

    def _zeros(self, like: Array) -> Array:
        return self.face.zeros(like.shape, self.dtype, like)

    def gradients(self) -> dict[str, Array]:
        """Return the gradients by the names of their arrays."""
        factors = zip(self.names.factors, (self.left, self.right, self.bias), strict=False)
        arrays = {name: array for name, array in factors if array is not None}
        found = {k: self._zeros(arrays[k]) if change is None else change for k, change in self.found.items()}
        backs = dict(zip(self.names.factors, self.back, strict=False))
        return {name: backs[name](change) if name in backs else change for name, change in found.items()}

    def _cuts(self) -> Iterator[tuple[slice | None, Array]]:
        """Yield ``right`` cast to the product's dtype, some rows at a time to save memory; the slice None is all."""
        if self.right.dtype == self.dtype:
            yield None, self.right
            return
        count, width = self.right.shape
        step = max(1, CAST // max(1, width))
        for cut in (slice(start, start + step) for start in range(0, count, step)):
            yield cut, self.face.cast(self.right[cut], self.dtype)


def _columns(array: Array, cut: slice | None) -> Array:
    return array if cut is None else array[:, cut]
