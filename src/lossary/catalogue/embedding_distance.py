"""Distances of vectors of numbers."""

from __future__ import annotations

import math
from typing import Annotated

from lossary.catalogue.registry import row
from lossary.domains import Interval, Real
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    absolute,
    clip,
    computed_as,
    equal,
    greatest,
    log,
    power,
    product,
    sign,
    square,
    total,
    weighted,
    where,
    with_slopes,
    written_as,
)

Power = Annotated[Value, Interval(low=1.0, takes_infinity=True)]


@row(
    task="embedding",
    aliases=("scipy.spatial.distance.minkowski", "minkowski"),
    references=("Minkowski (1896), Geometrie der Zahlen, Teubner",),
)
def lp_distance(prediction: Real, target: Real, *, p: Power = 2.0) -> Value:
    """Minkowski's distance of two vectors: Euclidean for p = 2, a sum of sizes for 1, the largest for ∞.

        (Σ_c |prediction_c − target_c|^p)^(1/p)

    Each row has one loss, in the target's unit. The slope is 0 for equal rows, and between −1 and 1 elsewhere: a vector
    of length 1 for p = 2. With p = ∞ it is that of the largest difference, or shared by equal ones. No power overflows
    or underflows.

    Use it when a vector is one thing, such as a place, and its distance counts: for p = 2 whatever its direction is.

    Args:
        prediction: Vectors of any length.
        target: Vectors: row i is compared with row i.
        p: The power; ≥ 1, ∞ included. The larger it is, the more the largest difference counts.

    Example:
        >>> import lossary as ls
        >>> [float(ls.lp_distance([[3.0, 4.0]], [[0.0, 0.0]], p=p)) for p in (1.0, 2.0, float("inf"))]
        [7.0, 5.0, 4.0]

    Identities: with p = 1 it is the sum of ``absolute_error`` over a row; with p = 2 its square is that of
    ``squared_error``. It falls as p grows. ``triplet_margin`` is a difference of two distances with p = 2.

    Elsewhere: ``PairwiseDistance`` of PyTorch 2.13.0 adds 1e-6 to each difference, so that equal rows have a distance,
    and slopes. With p = 2 its powers leave float32: two differences of 1e25 have the distance ∞, two of 1e-25 have 0.
    """
    error, power_of = as_node(prediction) - target, as_node(p)
    shown = power(total(power(absolute(error), power_of)), 1.0 / power_of)
    return written_as(shown, _lp_norm(error, power_of))


def _lp_norm(error: Node, p: Node) -> Node:
    """Return the length of a row by its greatest number, of which no power overflows; where it is 0, so are slopes.

    ``share`` is each place's share of the sum of powers; of the slope in ``p`` its entropy is the greater part.
    """
    size = absolute(error)
    top = greatest(size)
    ratio = where(equal(size, top), 1.0, size / top)
    risen = power(ratio, p)
    whole = total(risen)
    root = where(equal(whole, whole), power(whole, 1.0 / p), math.nan)  # for p = ∞, too
    length, share = top * root, risen / whole
    more, scale = where(p < math.inf, p - 1.0, 0.0), where(equal(top, 0.0), math.inf, top)
    slope = clip(sign(error) * (power(ratio, p - 1.0) * root / whole), -1.0, 1.0)

    log_share = product(p, log(ratio)) - log(whole)
    mean = total(weighted(share, log_share))
    across = weighted(slope, log_share / p - more * mean / p / p)
    curve = (weighted(share, square(log_share - mean)) + share * mean * (mean / p - 2.0)) / p
    by_power = with_slopes(weighted(share, log_share) * length / p / p, error, across, p, curve * length / p / p)

    first = computed_as(total(with_slopes(length * share, error, slope, p, by_power)), length)
    bend = product(more, power(ratio, p - 2.0)) * (root / whole) / scale
    of_length, of_power = -more * slope / (scale * root), weighted(slope, log_share / p)
    slope = with_slopes(slope, error, bend, first, of_length, p, of_power)
    return computed_as(total(with_slopes(length * share, error, slope, p, by_power)), length)
