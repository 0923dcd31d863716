"""Properties of a loss that hold for any number of rows, classes and elements.

"Yes", "bounded" and "never" are derived from the graph (``bounds``, ``shape``); "no", "reaches" and "grows without
bound" are shown by an example. A property with neither is left out.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lossary.commands.data.typed import TypedLoss
from lossary.commands.explain.analysis import Analysis, analysed
from lossary.commands.explain.constants import best_constant
from lossary.commands.explain.convexity import Shape
from lossary.commands.explain.curves import measured
from lossary.commands.explain.parity import Parity, parity
from lossary.commands.explain.samples import is_probability

__all__ = ["Property", "properties"]

ENDLESS = 1e30  # a slope larger than any useful bound
NEAR = 1e-12  # distance from 1 of the probability tried
ATTAINED, TIGHT = 0.99, 0.8
ROUNDING = 1e-9
EACH = {"logits": "logit"}


class Property(NamedTuple):
    """A property of a loss: its name, and the finding."""

    name: str
    finding: str


def properties(loss: TypedLoss) -> tuple[Property, ...]:
    """Find the properties of the loss with these settings."""
    found = analysed(loss)
    each = {
        "value": _value(found),
        "convex": _convexity(found),
        "slope": _slope(found),
        "symmetric": _symmetry(found),
        "at residual 0": _middle(found),
        "best constant": best_constant(found),
    }
    return tuple(Property(name, finding.replace("-", "−")) for name, finding in each.items() if finding)


def _value(found: Analysis) -> str:
    low, high = found.bounds.of(found.formula)
    if low >= 0:
        return "never negative" if math.isinf(high) else f"from {abs(low):g} to {_rounded_up(high):g}"
    if high <= 0:
        return "never positive"
    is_negative = any(found.along(places)[0].min() < 0 for places in found.places)
    return "may be negative" if is_negative else ""


def _convexity(found: Analysis) -> str:
    if found.shape & Shape.CONVEX:
        others = " and ".join(argument.name for argument in found.record.predictions[1:])
        return f"yes, in the {found.name}" + (f", for a fixed {others}" if others else "")
    if found.shape & Shape.CONCAVE:
        return f"no, it is concave in the {found.name}"
    return f"no, not in the {found.name}" if found.has_counterexample else ""


# ---- the slope ----------------------------------------------------------------------------------------------------


def _slope(found: Analysis) -> str:
    bound = found.bounds.of(found.slope).size
    steepest = {places: _steepest(found, places) for places in found.places}
    if math.isfinite(bound):
        return _bounded(found, bound, max(steepest.values())) if steepest else "bounded"
    if max(steepest.values(), default=0.0) > ENDLESS:
        if is_probability(found.record):
            return "grows without bound as a probability nears 0" + _near_one(found)
        if math.isfinite(found.record.predictions[0].domain.low):
            return f"grows without bound as the {found.name} nears {found.record.predictions[0].domain.low:g}"
        is_of_residual = found.residual is not None
        how = ": one far outlier can outweigh all other rows" if is_of_residual else f" with the {found.name}"
        return f"grows without bound{how}"
    return _by_classes(steepest) if found.is_of_classes else ""


def _near_one(found: Analysis) -> str:
    """Describe the slope near probability 1, if each probability has a target of its own."""
    if found.is_of_classes or np.abs(measured(found.loss, np.array([1 - NEAR]), 0.0)[1]).max() < 0.01 / NEAR:
        return ""
    return ", and as it nears 1 where the target is 0"


def _steepest(found: Analysis, places: int) -> float:
    return float(np.abs(found.along(places)[1]).max())


def _bounded(found: Analysis, bound: float, steepest: float) -> str:
    name = found.record.predictions[0].name
    each = f" in each {EACH.get(name, found.name)}" if found.is_of_classes else ": no row pulls harder than that"
    if steepest <= TIGHT * bound:  # which is far from the least
        return f"bounded; {steepest:.3g} is the largest that was tried"
    reached = "" if steepest >= ATTAINED * bound else f" ({steepest:.3g} is the largest that was tried)"
    return f"bounded, at most {_rounded_up(bound):.3g}{reached}{each}"


def _rounded_up(value: float) -> float:
    """Round to three significant digits, up unless the number is nearly one of those."""
    scale = 10.0 ** (2 - math.floor(math.log10(value))) if value else 1.0
    return math.ceil(value * scale * (1 - ROUNDING)) / scale


def _by_classes(steepest: dict[int, float]) -> str:
    """Describe the slopes reached with several numbers of classes, if they grow with the number."""
    reached = list(steepest.items())
    if any(after <= before for (_, before), (_, after) in pairwise(reached)):
        return ""
    first, *rest = (f"{_rounded_down(value):.3g} with {places:,}" for places, value in reached)
    return f"grows with the number of classes: it reaches {first} classes, {', '.join(rest)}"


def _rounded_down(value: float) -> float:
    """Round down to two decimals, or two significant digits of a small number, so that the value is reached."""
    decimals = max(2, 1 - math.floor(math.log10(value)))
    scale = 10.0**decimals
    return math.floor(value * scale) / scale


# ---- losses of a residual -----------------------------------------------------------------------------------------


def _symmetry(found: Analysis) -> str:
    if found.residual is None:
        return ""
    if parity(found.formula, found.residual) is Parity.EVEN:
        return "yes, too high and too low cost the same"
    sizes = np.geomspace(1e-6, 1e6, 50)
    low, high = (measured(found.loss, sign * sizes, 0.0)[0] for sign in (-1, 1))
    return "" if np.allclose(low, high, rtol=1e-9, atol=0) else "no, too high and too low cost differently"


def _middle(found: Analysis) -> str:
    """Describe the slope on either side of residual 0."""
    if found.residual is None:
        return ""
    low, high = measured(found.loss, np.array([-1e-300, 1e-300]), 0.0)[1]
    if max(abs(low), abs(high)) < 1e-200:
        return "the slope fades to 0"
    return f"the slope jumps from {low:.3g} to {high:.3g}" if low != high else ""
