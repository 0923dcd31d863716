"""Totals of regions: sums over their places, of which the loss of each region is a formula."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from numbers import Real
from typing import Any

from lossary.catalogue.record import Record
from lossary.errors import ArgumentError, ArgumentTypeError, ShapeError
from lossary.frameworks import face_of, same
from lossary.frameworks.face import AnyFace, Array, Dimensions
from lossary.symbolic.graph import SCALAR, constant, substitute, symbol
from lossary.symbolic.latex import as_written
from lossary.symbolic.simplify import leaves
from lossary.symbolic.sums import Split, split
from lossary.symbolic.text import spelled
from lossary.symbolic.words import equal, total, where

__all__ = ["RegionTotal", "losses_of", "region_total", "sums_of"]

COUNT = symbol("_count", SCALAR)


@dataclass(frozen=True, eq=False, repr=False)
class RegionTotal:
    """Sums over the places of each region: totals of tiles, batches or ranks add up to the total of the whole.

    Regions at the same place of the arrays are the same region. The numbers are float64 wherever the framework has it.

    >>> import lossary as ls
    >>> total = ls.dice.total([1.0, 1.0], [1.0, 0.0]) + ls.dice.total([0.0], [0.0])
    >>> total
    <total of dice: Σ probability = 2.0, Σ target = 1.0, Σ |probability − target| = 1.0, count = 3.0>
    >>> round(float(total.mean), 6)  # as for the whole region, 1 / (2 + 1)
    0.333333
    """

    loss: Any  # the ``Loss``
    count: Any  # of the places of each region that are neither masked nor of weight 0
    values: tuple[Any, ...]  # those of ``sums``, each of the shape of the unreduced loss
    parameters: Mapping[str, Any]  # as they were given: numbers, or arrays that have one for each region

    def __add__(self, other: object) -> RegionTotal:
        if isinstance(other, int) and other == 0:  # so that the built-in sum() adds totals
            return self
        if not isinstance(other, RegionTotal):
            raise ArgumentTypeError(
                f"a RegionTotal adds to another RegionTotal, not to a value of type {type(other).__name__}."
            )
        self._check(other)
        values = tuple([a + b for a, b in zip(self.values, other.values, strict=True)])
        return replace(self, count=self.count + other.count, values=values)

    __radd__ = __add__

    def _check(self, other: RegionTotal) -> None:
        """Raise for a total of other regions, or of another loss."""
        record, shapes = self.loss.record, (tuple(self.count.shape), tuple(other.count.shape))
        if record is not other.loss.record:
            raise ArgumentError(
                f"a total of {record.name} does not add to one of {other.loss.record.name}; add totals of one loss."
            )
        for name, value in self.parameters.items():
            if not same(value, other.parameters[name]):
                raise ArgumentError(
                    f"{record.name}: {name} is {value} in one total and {other.parameters[name]} in the other; "
                    "make both with the same."
                )
        if shapes[0] != shapes[1]:
            raise ShapeError(
                f"{record.name}: one total has regions of shape {shapes[0]}, the other of {shapes[1]}; totals "
                "are of parts of the same regions. To average over more images, average the losses of each total."
            )

    @property
    def sums(self) -> dict[str, Any]:
        """The sums of each region, times the weights if there are any, by what is summed."""
        record = self.loss.record
        return dict(zip(_names(record, free_of(record, self.parameters)), self.values, strict=True))

    @property
    def losses(self) -> Any:
        """The unreduced loss, one number for each region; 0 where nothing counts."""
        return self.loss._losses(self.count, *self.values, **self.parameters)

    @property
    def mean(self) -> Any:
        """The loss of the whole: the mean over the regions, 0 if there are none."""
        losses = self.losses
        return losses.sum() / max(1, math.prod(losses.shape))

    def __repr__(self) -> str:
        free = free_of(self.loss.record, self.parameters)
        settings = ", ".join(f"{name}={value}" for name, value in self.parameters.items() if name in free)
        sums = ", ".join(f"Σ {name} = {value}" for name, value in self.sums.items())
        called = f"{self.loss.record.name}({settings})" if settings else self.loss.record.name
        return f"<total of {called}: {sums}, count = {self.count}>"


def region_total(loss: Any, arrays: Sequence[Array], options: Mapping[str, Any]) -> RegionTotal:
    """Make the total of the arrays that ``engine.regions`` returns; ``options`` are those of the call."""
    given = {p.name: options.get(p.name, p.default) for p in loss.record.parameters}
    return RegionTotal(loss, arrays[0], tuple(arrays[1:]), given)


def losses_of(record: Record, count: Array, sums: Sequence[Array], parameters: Mapping[str, Any]) -> Array:
    """Return the losses of regions, differentiable where the sums are."""
    found = sums_of(record, free_of(record, parameters))
    formula = where(equal(COUNT, 0.0), 0.0, found.formula)
    known = dict(zip(found.sums.values(), sums, strict=True)) | {COUNT: count}
    known |= {p.symbol: parameters[p.name] for p in record.parameters}
    face, symbols, axes = face_of(record.name, [("count", count)]), leaves(formula), Dimensions(())
    given = {str(one.label): known[one] for one in symbols}
    values = [_number(face, value, count) for value in given.values()]
    if face.sees(*values) and not face.differentiated(given):
        return face.compute((formula,), symbols, axes, values)[0]
    return face.smooth(formula, symbols, axes)(*values)


def _number(face: AnyFace, value: Any, like: Array) -> Any:
    """Return a sum or parameter as an operand of formulas, in the dtype of the sums."""
    if isinstance(value, Real):
        return face.scalar(float(value), like, like.dtype)
    return face.cast(face.asarray(value, like), like.dtype)


@cache
def sums_of(record: Record, free: frozenset[str]) -> Split:
    """Split the loss of a region; all parameters but those in ``free`` are at their defaults."""
    given = {p.symbol: constant(p.default) for p in record.parameters if p.name not in free}
    return split(substitute(record.whole, given))


def free_of(record: Record, given: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the parameters that are not at their defaults."""
    at_default = {p.name: p.default for p in record.parameters}
    return frozenset(n for n, value in given.items() if not (isinstance(value, Real) and value == at_default[n]))


@cache
def _names(record: Record, free: frozenset[str]) -> list[str]:
    """Return what is summed, as text."""
    names: list[str] = []
    for node in sums_of(record, free).sums:
        value = node if node.word == total.name else constant(1.0)  # the number of places
        while value.word == total.name:
            value = value.arguments[0]
        name = spelled(as_written(value))
        names.append(name + "′" * sum(name == other.rstrip("′") for other in names))
    return names
