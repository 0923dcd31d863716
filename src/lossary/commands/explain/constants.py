"""Constant predictions with the lowest mean loss, which show what a loss estimates."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lossary.commands.explain.analysis import Analysis
from lossary.commands.explain.convexity import Shape
from lossary.commands.explain.curves import measured
from lossary.commands.explain.samples import is_probability
from lossary.symbolic.graph import walk
from lossary.symbolic.words.word import named

__all__ = ["best_constant"]

Floats = NDArray[np.float64]
SAMPLE = (0.0, 1.0, 1.0, 2.0, 11.0)
SHARE, PERCENT = 0.3, "30 %"
SHARES = (0.1, SHARE, 0.8)
CLASSES = (2, 3, 10, 100)
SMALLEST, WIDEST = 1e-9, 50.0
GRID, STEPS = 33, 45
FLAT = 1e-9
ENDLESS = -1e30
OF_LOGITS = named(of_logits=True)


def best_constant(found: Analysis) -> str:
    """Describe the best constant for a small sample; '' if the target is no number, yes or no, or class."""
    domains = [argument.domain for argument in found.record.arguments if argument.role == "target"]
    depends_on_more = any(argument.role == "reference" for argument in found.record.arguments)
    if not domains or depends_on_more or found.is_of_pairs or not (found.is_of_classes or found.record.by_element):
        return ""
    if _is_unbounded_below(found):
        return "none, the loss has no lower bound"
    if found.is_of_classes:
        return _of_classes(found)
    if math.isfinite(domains[0].high):
        return _of_two(found)
    return _of_numbers(found) if all(map(domains[0].contains, SAMPLE)) else ""


def _is_unbounded_below(found: Analysis) -> bool:
    is_bounded = math.isfinite(found.bounds.of(found.formula).low)
    return not is_bounded and any(found.along(places)[0].min() < ENDLESS for places in found.places)


def _of_numbers(found: Analysis) -> str:
    best = _least(lambda at: _expected(found, at[:, 0], np.array(SAMPLE), np.ones(len(SAMPLE)))[0], [_span(found)])
    return "" if best is None else f"{best[0]:.3g} for the numbers 0, 1, 1, 2, 11 (their mean is 3, their median 1)"


def _of_two(found: Analysis) -> str:
    """Describe the best constant for outcomes that are yes or no."""
    best = _least(lambda at: _of_share(found, at[:, 0], SHARE)[0], [_span(found)])
    if best is None:
        return ""
    bounded, where = is_probability(found.record), f"where {PERCENT} of the rows are positive"
    if not bounded and not found.record.predictions[0].takes_logits:
        return f"{best[0]:.2g} {where}".replace("-", "−")
    probability = best[0] if bounded else 1 / (1 + np.exp(-best[0]))
    always = ", and so for every share" if _is_share(found, probability) else ""
    return f"a probability of {probability:.2g} {where}{always}"


def _of_classes(found: Analysis) -> str:
    """Describe the best constant row of two classes; '' if the softmax is not of the logits themselves."""
    if not _takes_softmax_itself(found):
        return ""
    bounded = is_probability(found.record)
    shares = np.array([SHARE, 1 - SHARE])

    def value(at: Floats) -> Floats:
        return _of_row(found, np.column_stack([at, 1 - at]) if bounded else at, shares)[0]

    best = _least(value, [_span(found)] * (1 if bounded else 2))
    if best is None:
        return ""
    probability = best[0] if bounded else 1 / (1 + np.exp(best[1] - best[0]))
    if _is_share(found, probability):
        return f"each class's share of the rows: a probability of {SHARE:.1g} where {PERCENT} of them have the class"
    what = "a probability of" if bounded else "logits whose softmax is"
    return f"{what} {probability:.2g} where {PERCENT} of the rows have the class, if there are two"


def _takes_softmax_itself(found: Analysis) -> bool:
    """Return True if every softmax is of the prediction itself, not of capped logits, which several logits share."""
    return all(node.arguments[0] is found.symbol for node in walk(found.formula) if node.word in OF_LOGITS)


def _is_share(found: Analysis, probability: float) -> bool:
    """Return True if the best constants are the shares of the outcomes, for any shares and any number of classes.

    The loss must be convex: then a point where the expected gradient vanishes is the best one.
    """
    if not found.shape & Shape.CONVEX or abs(probability - SHARE) > 1e-3:
        return False
    if found.is_of_classes:
        return all(_is_flat(found, classes) for classes in CLASSES)
    bounded = is_probability(found.record)
    constants = np.array(SHARES) if bounded else np.log(np.divide(SHARES, np.subtract(1, SHARES)))
    slopes = [_of_share(found, constants[i : i + 1], share)[1] for i, share in enumerate(SHARES)]
    return bool(np.abs(slopes).max() < FLAT)


def _is_flat(found: Analysis, classes: int) -> bool:
    """Return True if the expected gradient is 0 at random shares, or constant over probabilities of a fixed sum."""
    shares = np.random.default_rng(0).dirichlet(np.ones(classes))
    bounded = is_probability(found.record)
    _, (slopes,) = _of_row(found, (shares if bounded else np.log(shares))[None], shares)
    return bool(np.ptp(slopes) < FLAT * np.abs(slopes).max() if bounded else np.abs(slopes).max() < FLAT)


# ---- expected losses ----------------------------------------------------------------------------------------------


def _of_share(found: Analysis, constants: Floats, share: float) -> tuple[Floats, Floats]:
    return _expected(found, constants, np.array([1.0, 0.0]), np.array([share, 1 - share]))


def _of_row(found: Analysis, constants: Floats, shares: Floats) -> tuple[Floats, Floats]:
    return _expected(found, constants, np.eye(len(shares)), shares)


def _expected(found: Analysis, constants: Floats, outcomes: Floats, shares: Floats) -> tuple[Floats, Floats]:
    """Return mean loss and mean gradient of each constant, over outcomes with these shares."""
    each = [measured(found.loss, constants, outcome) for outcome in outcomes]
    parts = zip(*each, strict=True)
    values, slopes = (sum(share * part for share, part in zip(shares, column, strict=True)) for column in parts)
    return np.asarray(values), np.asarray(slopes)


def _span(found: Analysis) -> tuple[float, float]:
    if is_probability(found.record):
        return SMALLEST, 1 - SMALLEST
    domain = found.record.predictions[0].domain
    return (domain.low + SMALLEST if math.isfinite(domain.low) else -WIDEST), min(domain.high, WIDEST)


def _least(value: Callable[[Floats], Floats], box: list[tuple[float, float]]) -> Floats | None:
    """Find the minimum of a function on finer and finer grids; None if it lies at the edge of the box."""
    low, high = np.array(box).T
    center, width = (low + high) / 2, high - low
    for _ in range(STEPS):
        axes = [
            np.linspace(max(a, c - w / 2), min(b, c + w / 2), GRID)
            for a, b, c, w in zip(low, high, center, width, strict=True)
        ]
        grid = np.array(list(product(*axes)))
        center, width = grid[np.argmin(value(grid))], width / 2
    edge = np.minimum(center - low, high - center) < 1e-6 * (high - low)
    return None if edge.any() else center
