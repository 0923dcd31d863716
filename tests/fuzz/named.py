"""Numbers for a call of a loss of named axes: arrays with places along each axis, of few or many places."""

from __future__ import annotations

import inspect
import math
from typing import Any

import numpy as np

from fuzz.draws import HIDDEN, Array, Maker, spread
from fuzz.textbook.sequence import PATHS
from lossary.catalogue.record import Record
from lossary.domains import Interval

__all__ = ["MakerOfAxes"]

RELEVANCES = 4  # so that many of a list are the same
GROUPS = 3
LEAST = 0.25  # of a region's volume, as derivatives are differences of powers of one over it
LONG, MANY = 37, 19


class MakerOfAxes(Maker):
    """What makes the numbers of a case: each array has the lengths of its axes."""

    def _lay_out(self) -> None:
        axes = self.record.axes
        self.lengths = _lengths(self.record, self.case["shape"], self.rng)
        self.axis, self.axes = None, ()
        self.shape = self._along(next(iter(axes.values())))
        self.items = self.weighed = self._along(axis for axis in self.lengths if axis in self.record.graph.axes)
        self.masked = self._along(self.record.mask)

    def _along(self, axes: Any) -> tuple[int, ...]:
        names = axes.split() if isinstance(axes, str) else axes
        return tuple(self.lengths[name] for name in names)

    def _shape_of(self, name: str) -> tuple[int, ...]:
        return self._along(self.record.axes[name])

    def _wrong(self, arrays: dict[str, Array], given: dict[str, Array]) -> tuple[dict[str, Array], Array, str]:
        if any(length == 0 and axis not in self.record.graph.axes for axis, length in self.lengths.items()):
            return given, np.ones(self.count, bool), "ShapeError"
        return super()._wrong(arrays, given)

    def _argument(self, name: str, domain: Interval) -> Array:
        shape, rng = (self.count, *self._shape_of(name)), self.rng
        if name != "target" or not (domain.whole or (domain.high > 1.0 and "labels" in self.case["target"])):
            found = super()._argument(name, domain)
            in_regions = name == "target" and domain.high == 1.0 and "place" in self.lengths
            return np.where(found > 0, np.maximum(found, LEAST), 0.0) if in_regions else found
        kind = (
            str(rng.choice(["int8", "uint8", "int16", "int32"])) if self.case["target"] == "small labels" else "int64"
        )
        kind = "int8" if domain.low < 0 and kind == "uint8" else kind
        if not domain.index_of:
            return np.asarray(rng.integers(0, GROUPS if domain.whole else RELEVANCES, shape, kind))
        numbers = rng.integers(0, max(self.lengths[domain.index_of] - self._apart, 1), shape)
        if domain.low < 0:  # what pads comes last
            count = rng.integers(0, shape[-1] + 1, shape[:-1])[..., None]
            numbers = np.where(np.arange(shape[-1]) < count, numbers, -1)
        return numbers.astype(kind)

    # --- a parameter that is a place along an axis: no label of the target is that place

    @property
    def _apart(self) -> int:
        """How many classes are none that a label may be."""
        return sum(bool(parameter.domain.index_of) for parameter in self.record.parameters)

    def _inside(self, domain: Interval, shape: tuple[int, ...]) -> Array:
        if not domain.index_of:
            return super()._inside(domain, shape)
        return self.rng.integers(0, max(self.lengths[domain.index_of], 1), shape)

    def _elsewhere(self, domain: Interval, default: float) -> float:
        last = float(self.lengths[domain.index_of] - 1) if domain.index_of else 0.0
        return max(last, 0.0) if domain.index_of else super()._elsewhere(domain, default)

    def _settled(self, arrays: dict[str, Array]) -> dict[str, Array]:
        rising = {name: _rising(arrays[name]) for name, axes in self.record.axes.items() if "item" not in axes}
        if not self._apart:
            return rising
        (parameter,) = self.record.parameters
        number = self._elsewhere(parameter.domain, 0.0) if self.case["parameters"] == "number" else parameter.default
        place = arrays.get(parameter.name, np.full(self.count, number))
        target = arrays["target"]
        taken = spread(place, target.shape)
        only = self.lengths[parameter.domain.index_of] == 1
        moved = np.where(only, -1, target + ((taken <= target) & (target >= 0)))
        return {"target": moved.astype(target.dtype)}

    # --- what stands where nothing counts

    def _live(self, arrays: dict[str, Array]) -> Array:
        """The places of the mask that count, of items that have a weight."""
        shape = (self.count, *self.masked)
        weight = spread(arrays.get("weight", np.ones(())).astype(float), shape)
        return np.asarray(spread(arrays.get("mask", np.True_), shape) & (weight != 0))

    def _hide(self, arrays: dict[str, Array]) -> dict[str, Array]:
        if self.case["hidden"] == "moderate":
            return arrays
        dead, masked = ~self._live(arrays), self.record.mask.split()
        hidden = dict(arrays)
        for name, axes in self.record.axes.items():
            own, array = axes.split(), arrays[name].copy()
            gone = dead.all(tuple(i + 1 for i, axis in enumerate(masked) if axis not in own))
            kept = [self.lengths[axis] if axis in masked else 1 for axis in own]
            array[np.broadcast_to(gone.reshape(self.count, *kept), array.shape)] = (
                99 if array.dtype.kind in "iu" else HIDDEN[self.case["hidden"]]
            )
            hidden[name] = array
        return hidden


def _rising(numbers: Array) -> Array:
    """Boundaries between levels: none is as low as the one before it."""
    steps = np.arange(numbers.shape[-1]) / (8 if numbers.dtype.kind == "f" else 1)
    return np.asarray(np.sort(numbers, axis=-1) + steps.astype(numbers.dtype))


def _lengths(record: Record, shape: str, rng: np.random.Generator) -> dict[str, int]:
    """How many places there are along each axis."""
    names = list(dict.fromkeys(axis for axes in record.axes.values() for axis in axes.split()))
    inner = [name for name in names if name not in record.graph.axes]
    few = {name: int(rng.choice([1, 2, 3, 5])) for name in names}
    found = few | {
        "one": dict.fromkeys(names, 1),
        "empty": {names[0]: 0},
        "many": {names[0]: MANY},
        "long": {str(rng.choice(inner)): LONG},
        "nothing inside": {str(rng.choice(inner)): 0},
    }.get(shape, {})
    if "time" in found and found["class"] > 1:  # all paths are written down
        found["time"] = min(found["time"], int(math.log(PATHS, found["class"]) + 1e-9))
    others = {
        name: function(**{one: found[one] for one in inspect.signature(function).parameters})
        for name, function in record.lengths.items()
    }
    return found | others
