"""Numbers for a call: many draws of its arrays at once, inside the domains or at their ends, of the call's dtype."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np

import lossary
from fuzz.edges import at_edges
from fuzz.factors import OVER_CLASSES, SECOND, SOFT, Case
from fuzz.faults import WRONG_ROWS, misshapen, wrong_rows
from lossary.catalogue.record import Record
from lossary.domains import Interval
from samples import factor_shapes

__all__ = ["HIDDEN", "Array", "Draws", "Maker", "spread"]

Array = np.ndarray[Any, Any]
# Lengths that differ, so that a mistaken axis shows; "wide" is beyond the lanes of a vector register.
SHAPES = {
    "1-d": (7,), "2-d": (4, 3), "3-d": (2, 4, 3), "4-d": (2, 3, 2, 4), "wide": (2, 37), "one": (1, 1), "empty": (3, 3),
    "one class": (2, 4, 3),
}  # fmt: skip
GRID = 64  # half-precision types have the fractions of this denominator
IGNORED = 1
ELSEWHERE = (0.75, 2.0, 0.3, 1.5)  # than at its default a parameter may be
HIDDEN = {"nan": math.nan, "inf": math.inf}


@dataclass
class Draws:
    """Arrays, the first axis of each over the draws, and the keywords that are the same in all draws."""

    record: Record
    arrays: dict[str, Array]  # as the reference has them: moderate everywhere
    given: dict[str, Array]  # as lossary gets them
    wrong: Array  # which draws must not be computed
    error: str  # what they raise instead
    directions: dict[str, Array]  # along which derivatives are taken
    plain: dict[str, Any]
    wanted: list[str]  # what gradients are taken in
    upstream: Array


class Maker:
    """What makes the numbers of a case."""

    def __init__(self, case: Case, count: int, rng: np.random.Generator) -> None:
        self.case, self.count, self.rng = case, count, rng
        self.record = lossary.get(case["loss"]).record
        self.over_classes = self.record.kind in OVER_CLASSES
        self.dtype = {"integers": "float64", "bfloat16": ml_dtypes.bfloat16}.get(case["dtype"], case["dtype"])
        self._lay_out()

    def _lay_out(self) -> None:
        """Choose the shapes of the arrays: of arguments, items, weights and masks."""
        case = self.case
        self.shape: tuple[int, ...] = SHAPES[case["shape"]]
        axes: dict[str, Any] = {"last": -1, "first": 0, "middle": len(self.shape) // 2, "all": None}
        self.axis = axes[case["axis"]]
        if self.over_classes and case["shape"] in ("one", "one class"):
            (axis,) = self._axes()
            classes = 3 if case["shape"] == "one" else 1
            self.shape = tuple(classes if i == axis else n for i, n in enumerate(self.shape))
        if case["shape"] == "empty":  # no rows, but classes
            self.shape = tuple(n if self.over_classes and i == self.axis % 2 else 0 for i, n in enumerate(self.shape))
            self.shape = (0, 3) if self.record.kind == "pairs" else self.shape
        if case["shape"] == "one" and self.over_classes:  # one row of two classes
            self.shape = tuple(2 if i == self.axis % 2 else 1 for i in range(2))
        self.axes = self._axes()
        self.items = tuple(n for i, n in enumerate(self.shape) if i not in self.axes)
        self.weighed = self.masked = self.shape if self.record.kind == "overlap" else self.items

    def _axes(self) -> tuple[int, ...]:
        """The axes that an item runs over."""
        n = len(self.shape)
        if self.record.kind == "overlap":
            first_and_last = tuple(dict.fromkeys((0, n - 1))) if self.case["axis"] == "middle" else None
            self.axis = first_and_last or self.axis
            return tuple(range(n)) if self.axis is None else tuple(a % n for a in first_and_last or (self.axis,))
        return (self.axis % n,) if self.over_classes else (1,) if self.record.kind == "pairs" else ()

    def draws(self) -> Draws:
        arrays = {a.name: self._argument(a.name, a.domain) for a in self.record.arguments}
        if self.record.takes_classes:
            arrays["target"] = self._target(arrays["target"])
        arrays |= self._weights() | self._class_weights() | self._denominator() | self._parameters()
        if self.case["numbers"] == "edges":
            # Products of whose second derivatives are finite numbers, and directions of whose changes are.
            overflow = self.case["entry"] not in (*SECOND, *(("forward",) if self.record.axes else ()))
            arrays |= at_edges(self.record, arrays, self.axes, self.dtype, overflow, self.rng)
        if self.case["layout"] == "broadcast" and self.shape[0] and 0 not in self.axes:
            names = [a.name for a in self.record.arguments if arrays[a.name].ndim > 1]
            arrays |= {name: np.repeat(arrays[name][:, :1], arrays[name].shape[1], 1) for name in names}
        arrays |= self._settled(arrays)
        arrays = {name: self._rounded(array) for name, array in arrays.items()}
        given, wrong, error = self._wrong(arrays, self._hide(arrays))
        plain = {name: value for name, value in self._plain().items() if name not in given}
        wanted = self._wanted(arrays)
        directions = {name: self._direction(given[name]) for name in wanted}
        upstream = self._upstream(plain)
        return Draws(self.record, arrays, given, wrong, error, directions, plain, wanted, upstream)

    def _settled(self, arrays: dict[str, Array]) -> dict[str, Array]:
        """The arguments that depend on the parameters."""
        return {}

    def _wrong(self, arrays: dict[str, Array], given: dict[str, Array]) -> tuple[dict[str, Array], Array, str]:
        """What a call gets, which draws are wrong, and the error that those raise."""
        fault, every = self.case["fault"], np.ones(self.count, bool)
        has_classes = self.over_classes and not self.record.takes_vectors
        compares = has_classes and any(argument.role != "prediction" for argument in self.record.arguments)
        if compares and self.shape[self.axes[0]] == 1:
            return given, every, "ShapeError"
        if fault == WRONG_ROWS:
            rows, changed = wrong_rows(given["target"], self.axes[0], self.rng)
            live: Array = changed & self._live(arrays)
            return given | {"target": rows}, np.asarray(live.reshape(self.count, -1).any(axis=1)), "DomainError"
        if fault != "none":
            counted = self.masked if "mask" in fault else self.weighed
            arrays = misshapen(self.record, fault, self.items, counted, self._fractions)
            return given | {name: self._rounded(array) for name, array in arrays.items()}, every, "ShapeError"
        return given, ~every, ""

    def _direction(self, array: Array) -> Array:
        some = self.rng.random(array.shape) < 0.6
        moved = np.asarray(self.rng.integers(-GRID, GRID + 1, array.shape) / GRID * some)
        if self.case["entry"] in SECOND:  # 0 · ∞ has no limit
            moved = np.where(moved == 0, 1 / GRID, moved)
        return moved.astype(array.dtype)

    def _rounded(self, array: Array) -> Array:
        return array.astype(self.dtype) if array.dtype.kind == "f" else array

    # --- what the loss compares

    def _argument(self, name: str, domain: Interval) -> Array:
        shape, rng = (self.count, *self._shape_of(name)), self.rng
        if factor := factor_shapes(self.record, self.shape).get(name):
            if self.case["dtype"] == "integers":
                return np.asarray(rng.integers(-2, 3, (self.count, *factor)))
            return np.asarray(rng.integers(-GRID, GRID + 1, (self.count, *factor)) / GRID)
        if self.over_classes and domain.high == 1.0:
            return self._distributions(domain)
        if self.case["dtype"] == "integers":
            return np.asarray(rng.integers(*self._ends(domain), shape))
        if domain.high == 1.0:
            sharp = rng.integers(0, 2, shape) if name == "target" else 0.5
            return np.where(rng.random(shape) < 0.25, sharp, rng.integers(1, GRID, shape) / GRID)
        scale = rng.choice([0.3, 2.0, 8.0], (self.count, *[1] * (len(shape) - 1)))
        numbers: Array = rng.normal(size=shape) * scale
        if math.isfinite(domain.high):
            return np.asarray(domain.high - abs(numbers) - 1 / 8 - self._log_classes())
        return domain.low + abs(numbers) + 1 / 8 if math.isfinite(domain.low) else numbers

    def _shape_of(self, name: str) -> tuple[int, ...]:
        return self.shape

    def _ends(self, domain: Interval) -> tuple[int, int]:
        """Where to draw whole numbers of a domain: the first one, and the first one above."""
        lowest = math.floor(domain.low) + (0 if domain.includes_low else 1) if math.isfinite(domain.low) else -5
        if domain.high == 0:
            return lowest - self._log_classes(), 1 - self._log_classes()
        return lowest, 2 if domain.high == 1.0 else 6

    def _log_classes(self) -> int:
        """By how much log-probabilities are less than 0, so that the probabilities of a row sum to less than 1."""
        return math.ceil(math.log(max(self.shape[self.axes[0]], 1))) if self.over_classes else 0

    def _distributions(self, domain: Interval) -> Array:
        """Positive fractions along the classes that sum to 1 exactly."""
        (axis,) = self.axes
        classes = self.shape[axis]
        rows = np.ones((self.count, *self.items, classes))
        spare: Any = GRID - classes
        for i in range(classes - 1):
            part = np.floor(self.rng.random(rows.shape[:-1]) * (spare + 1) * (0.3 if classes > 10 else 1))
            rows[..., i] += part
            spare = spare - part
        rows[..., -1] += spare
        mixed: Array = self.rng.permuted(rows, axis=-1) / GRID
        return np.moveaxis(mixed, -1, axis + 1)

    def _target(self, soft: Array) -> Array:
        (axis,) = self.axes
        labels = self.rng.integers(0, self.shape[axis], (self.count, *self.items))
        if self.case["target"] == "one-hot":
            return np.moveaxis(np.eye(self.shape[axis])[labels], -1, axis + 1)
        kinds = {"labels": "int64", "small labels": str(self.rng.choice(["int8", "uint8", "int16", "int32"]))}
        if self.case["target"] == "rounded":
            soft = soft * self.rng.random(soft.shape)
            return np.asarray(soft / soft.sum(axis + 1, keepdims=True))
        return soft if self.case["target"] == "soft" else labels.astype(kinds[self.case["target"]])

    # --- keywords

    def _weights(self) -> dict[str, Array]:
        full, draws = self._fractions(self.weighed), (self.count, *self.masked)
        found = {
            "array of one": self._fractions(()),
            "full": full,
            "with ones": self._fractions(_with_ones(self.weighed)),
            "with zeros": full * self.rng.integers(0, 2, full.shape),
            "all zero": full * 0,
        }
        masks = {
            "full": self.rng.random(draws) < 0.6,
            "with ones": self.rng.random((self.count, *_with_ones(self.masked))) < 0.6,
            "nothing": np.zeros(draws, bool),
        }
        chosen = {"weight": found.get(self.case["weight"]), "mask": masks.get(self.case["mask"])}
        return {name: array for name, array in chosen.items() if array is not None}

    def _fractions(self, shape: tuple[int, ...]) -> Array:
        return self.rng.integers(1, 3 * GRID, (self.count, *shape)) / GRID

    def _class_weights(self) -> dict[str, Array]:
        if self.case["class_weight"] == "no":
            return {}
        weights = self._fractions((self.shape[self.axes[0]],))
        return {"class_weight": np.where(self.rng.random(weights.shape) < 0.1, 0.0, weights)}

    def _denominator(self) -> dict[str, Array]:
        return {"denominator": self._fractions(())} if self.case["denominator"] == "array" else {}

    def _parameters(self) -> dict[str, Array]:
        shapes = {"array": (), "of items": self.items, "with ones": _with_ones(self.items)}
        if self.case["parameters"] not in shapes:
            return {}
        shape = shapes[self.case["parameters"]]
        return {p.name: self._inside(p.domain, (self.count, *shape)) for p in self.record.parameters}

    def _inside(self, domain: Interval, shape: tuple[int, ...]) -> Array:
        low = max(domain.low, 0.0 if domain.low >= 0 else -2.0)
        high = min(domain.high, low + 2.0)
        return np.asarray(low + (high - low) * self.rng.integers(GRID // 8, GRID, shape) / GRID)

    def _plain(self) -> dict[str, Any]:
        case = self.case
        plain: dict[str, Any] = {"reduction": case["reduction"]}
        if case["weight"] == "number":
            plain["weight"] = 0.75
        if case["reduction"] == "mean":
            plain["empty"] = case["empty"]
            if case["denominator"] != "array":
                plain["denominator"] = {"number": 7}.get(case["denominator"], case["denominator"])
        if self.record.kind in ("row", "softmax", "overlap"):
            plain["axis"] = self.axis
        plain |= {"label_smoothing": 0.25} if case["label_smoothing"] == "yes" else {}
        plain |= {"ignore_label": IGNORED} if case["ignore_label"] == "yes" else {}
        if case["parameters"] == "number":
            plain |= {p.name: self._elsewhere(p.domain, p.default) for p in self.record.parameters}
        return plain

    def _elsewhere(self, domain: Interval, default: float) -> float:
        choices = ELSEWHERE if domain.high > 0 else [-x for x in ELSEWHERE]
        return float(self.rng.choice([x for x in choices if domain.contains(x) and x != default]))

    # --- what stands where nothing counts, and what is differentiated

    def _hide(self, arrays: dict[str, Array]) -> dict[str, Array]:
        """The arrays with rubbish where nothing counts."""
        if self.case["hidden"] == "moderate":
            return arrays
        dead = ~self._live(arrays)
        hidden = dict(arrays)
        for argument in self.record.arguments:
            if argument.name in self.record.shared:
                continue
            array = arrays[argument.name].copy()
            gone = dead
            if self.case["ignore_label"] == "yes":  # what is ignored stays so
                ignored = arrays["target"] == IGNORED
                gone = dead & ~ignored if argument.name == "target" else dead | ignored
            if array.ndim > dead.ndim:  # whole rows
                gone = np.broadcast_to(np.expand_dims(gone, self.axes[0] + 1), array.shape)
            array[gone] = 99 if array.dtype.kind in "iu" else HIDDEN[self.case["hidden"]]
            hidden[argument.name] = array
        return hidden

    def _live(self, arrays: dict[str, Array]) -> Array:
        """The items, or elements of regions, that count."""
        shape = (self.count, *self.weighed)
        weight = spread(arrays.get("weight", np.ones(())).astype(float), shape)
        return np.asarray(spread(arrays.get("mask", np.True_), shape) & (weight != 0))

    def _wanted(self, arrays: dict[str, Array]) -> list[str]:
        predictions = [a.name for a in self.record.arguments if a.role == "prediction"]
        if self.case["wanted"] == "predictions":
            return predictions
        fixed = {"mask"} | ({"target"} if self.record.takes_classes and self.case["target"] not in SOFT else set())
        return [name for name, array in arrays.items() if array.dtype.kind not in "iub" and name not in fixed]

    def _upstream(self, plain: dict[str, Any]) -> Array:
        shape = (self.count, *(self.items if plain["reduction"] == "none" else ()))
        if self.case["entry"] == "value_and_gradient":
            return np.ones(shape)
        upstream = self._fractions(shape[1:]) - 1.5
        return np.where((self.rng.random(shape) < 0.2) | (upstream == 0), 1.0, upstream)  # 0 · ∞ has no limit


def _with_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(1 if i == 0 else n for i, n in enumerate(shape))


def spread(array: Any, shape: tuple[int, ...]) -> Array:
    """An array with the draws as its first axis, for each item."""
    array = np.asarray(array)
    return np.broadcast_to(
        array.reshape(*array.shape, *[1] * (len(shape) - array.ndim)) if array.ndim else array, shape
    )
