"""Points and targets at which a loss is evaluated, for rows of any number of places."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lossary.callable import Loss
from lossary.catalogue.record import Argument, Record
from lossary.commands.data.typed import TypedLoss
from lossary.domains import Interval
from lossary.symbolic.graph import ITEM, Node, apply, substitute, symbol, walk

__all__ = [
    "example",
    "is_probability",
    "of_scores",
    "places_of",
    "points",
    "residual_of",
    "spread",
    "targets",
    "typical_targets",
]

Floats = NDArray[np.float64]
PLACES = (2, 3, 10, 1000)
SMALL = {"item": 3, "place": 4, "label": 1}  # lengths of axes in examples; of others 2
NEAR, FAR = np.linspace(-30.0, 30.0, 241), np.array([1e2, 1e3, 1e6, 1e100])
SMALLEST = np.array([1e-300, 1e-100, 1e-12, 1e-6, 1e-3])


def of_scores(loss: TypedLoss) -> TypedLoss:
    """Return the loss of the scores alone if those are computed: all its properties are stated in them."""
    inner = loss.record.inner
    return loss if inner is loss.record else TypedLoss(Loss(inner, loss.settings))


def residual_of(record: Record, formula: Node) -> Node | None:
    """Return the node prediction − target, if a formula of single elements depends on these two only through it."""
    first = record.predictions[0].symbol
    node = apply("subtract", first, symbol("target"))
    rest = walk(substitute(formula, {node: symbol("residual")}))
    return None if first in rest or symbol("target") in rest else node


def is_probability(record: Record) -> bool:
    """Return True if the first prediction is a probability."""
    return record.predictions[0].domain.has_ends


def places_of(record: Record) -> tuple[int, ...]:
    """Return numbers of classes, or of elements of a region, to try; 0 for single elements, none for other kinds."""
    if record.by_element:
        return (0,)
    return PLACES if record.by_row or record.by_region else ()


def example(record: Record) -> list[Floats]:
    """Return small arrays for a loss of named axes."""
    return [_small(argument, record.axes[argument.name].split()) for argument in record.arguments]


def _small(argument: Argument, axes: list[str]) -> Floats:
    shape = [SMALL.get(axis, 2) for axis in axes]
    if argument.domain.whole:
        whole = (
            (1.0 + np.arange(shape[-1])) // (1 if argument.domain.index_of else 2) % 2
        )  # labels 1, 0 or groups 0, 1, 1
        return np.broadcast_to(whole, shape)
    if argument.takes_probabilities:
        return np.full(shape, 0.5)
    if ITEM not in axes:  # numbers that items share, such as boundaries between levels
        return np.arange(math.prod(shape), dtype=np.float64).reshape(shape)
    numbers = np.resize([1.0, 1.0, 0.0, 1.0] if argument.role == "prediction" else [1.0, 0.0, 0.0, 1.0], shape)
    return numbers if argument.domain.contains(0.0) else argument.domain.inside + numbers


def points(record: Record, count: int, places: int, draw: np.random.Generator, within: float = math.inf) -> Floats:
    """Draw first predictions of every size that the domain allows, none larger than ``within``."""
    shape = (count, places) if places else (count,)
    if not is_probability(record):
        each_row = (count, 1) if places else (count,)
        sizes = 10.0 ** draw.uniform(-2, 3, size=each_row)
        numbers = np.clip(sizes * (draw.normal(size=shape) + draw.normal(size=each_row)), -within, within)
        return _inside(record.predictions[0].domain, numbers)
    if record.by_row:
        return _distributions(count, places, draw)
    return draw.uniform(1e-6, 1 - 1e-6, size=shape)


def _inside(domain: Interval, numbers: Floats) -> Floats:
    """Return numbers on the side of the domain's end, if it has one."""
    if math.isfinite(domain.high):
        return domain.high - np.abs(numbers)
    return domain.low + np.abs(numbers) if math.isfinite(domain.low) else numbers


def _distributions(count: int, places: int, draw: np.random.Generator) -> Floats:
    """Draw rows that sum to 1, even ones and uneven ones."""
    weights = draw.exponential(size=(count, places)) ** draw.choice([0.3, 1.0, 5.0], size=(count, 1)) + 1e-12
    rows: Floats = weights / weights.sum(axis=1, keepdims=True)
    return rows


def targets(record: Record, count: int, places: int, draw: np.random.Generator) -> Floats:
    """Draw targets: for classes one-hot rows and distributions, for numbers from the whole domain."""
    if record.by_row:
        certain = np.eye(places)[draw.integers(places, size=count)]
        return np.where(draw.random((count, 1)) < 0.5, certain, _distributions(count, places, draw))
    shape = (count, places) if places else (count,)
    domain = _target_domain(record)
    if math.isfinite(domain[1]):
        return np.where(draw.random(shape) < 0.5, draw.integers(2, size=shape), draw.random(shape))
    numbers = 10.0 ** draw.uniform(-2, 3, size=shape) * draw.normal(size=shape)
    return domain[0] + np.abs(numbers) if math.isfinite(domain[0]) else numbers


def _target_domain(record: Record) -> tuple[float, float]:
    domains = [argument.domain for argument in record.arguments if argument.role == "target"]
    return (domains[0].low, domains[0].high) if domains else (-math.inf, math.inf)


def typical_targets(record: Record, places: int) -> list[Floats]:
    """Return targets between which a loss differs most: the class that moves or another one; yes or no."""
    if record.by_row:
        return list(np.eye(places)[:2])
    if places:
        return [np.eye(places)[0], np.ones(places)]
    has_zero = all(a.domain.contains(0.0) for a in record.arguments if a.role == "target")
    return [np.array(value) for value in ((0.0, 1.0) if has_zero else (1.0, 2.0))]


def spread(record: Record, places: int, within: float = math.inf) -> Floats:
    """Return first predictions along a line from one end of the domain to the other, none larger than ``within``.

    Of a row the first place moves; the others share the rest of 1, or stay at 0 or at either end.
    """
    if is_probability(record):
        x = np.concatenate([SMALLEST, np.linspace(0.01, 0.99, 99), 1 - SMALLEST[2:]])
        return _with_others(x, (1 - x) / max(places - 1, 1), places)
    x = np.unique(np.clip(np.concatenate([-FAR, NEAR, FAR]), -within, within))
    low = record.predictions[0].domain.low
    x = np.concatenate([low + SMALLEST, x[x > low]]) if math.isfinite(low) else x
    x = x[x <= record.predictions[0].domain.high]
    within = within if math.isinf(record.predictions[0].domain.high) else math.inf
    others = (0.0, -within, within) if math.isfinite(within) else (0.0,)
    return np.concatenate([_with_others(x, np.full_like(x, other), places) for other in others])


def _with_others(x: Floats, others: Floats, places: int) -> Floats:
    return np.column_stack([x, *[others] * (places - 1)]) if places else x
