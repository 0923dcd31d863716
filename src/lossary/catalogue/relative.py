"""Losses of relative errors: of numbers that predict numbers of different sizes."""

from __future__ import annotations

import math
from functools import reduce
from operator import mul

from lossary.catalogue.registry import pointwise
from lossary.domains import NonNegative, Real
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import absolute, equal, log1p, maximum, sign, square, weighted, where, with_slopes, written_as

SYMMETRIC = "Armstrong (1985), Long-range forecasting, 2nd edition"


@pointwise(
    task="regression",
    aliases=("sklearn.metrics.mean_absolute_percentage_error",),
    references=("de Myttenaere et al. (2016), Mean absolute percentage error for regression models, Neurocomputing",),
)
def absolute_percentage_error(prediction: Real, target: Real) -> Value:
    """The size of the difference as a share of the target; its mean is known as MAPE.

        |prediction − target| / |target|

    It has no unit: 0.1 is 10 %. A prediction that is far too low costs 1 at most, one that is too high has no limit, so
    that predictions come out low. For a target of 0 it is infinite, unless the prediction is 0, too.

    Use it when errors count in proportion to their targets, none of which is close to 0.

    Args:
        prediction: Numbers.
        target: Finite numbers; of either sign.

    Example:
        >>> import lossary as ls
        >>> float(ls.absolute_percentage_error([1.0], [2.0]))
        0.5

    Identities: ``absolute_error`` with the weight 1 / |target|, if ``denominator="count"``.

    Elsewhere: Keras 3.15.1 multiplies it by 100, and divides by 1e-7 at least: 1e9 for the prediction 1 and the target
    0, where scikit-learn has 4.5e15.
    """
    p, t = as_node(prediction), as_node(target)
    size, way = absolute(t), sign(p - t)
    shown = absolute(p - t) / size
    size = where(equal(p, t), 1.0, size)  # where the loss is 0, whatever the target
    across = -weighted(way, _by_target(1.0 / size, t))
    slope = with_slopes(weighted(way, 1.0 / size), t, across)
    falling, bend = weighted(way, _by_target(p / size, t)), 2.0 * weighted(way, p / size / t / t)
    by_target = with_slopes(-falling, p, across, t, bend)
    return written_as(shown, with_slopes(absolute(p - t) / size, p, slope, t, by_target))


def _by_target(a: Node, t: Node) -> Node:
    """Return a / t; a target of 0 is a tiny positive one, whatever the sign of the zero."""
    return where(equal(t, 0.0), a * math.inf, a / t)


@pointwise(
    task="regression",
    references=(SYMMETRIC, "Makridakis (1993), Accuracy measures: theoretical and practical concerns, IJF 9(4)"),
)
def symmetric_absolute_percentage_error(prediction: Real, target: Real) -> Value:
    """The size of the difference as a share of the mean size of both; its mean is known as SMAPE.

        2 |prediction − target| / (|prediction| + |target|)

    It has no unit, and is from 0 to 2: 2 if the signs differ, or if only one of both is 0; 0 if both are. Where the
    signs differ, it has no slope: let predictions begin on the targets' side.

    Use it when errors count in proportion to sizes that may be 0, as in some forecasting competitions.

    Args:
        prediction: Numbers.
        target: Finite numbers.

    Example:
        >>> import lossary as ls
        >>> float(ls.symmetric_absolute_percentage_error([1.0], [3.0]))  # 2 · 2 / 4
        1.0

    Identities: it is the same if prediction and target change places. It is close to ``absolute_percentage_error`` for
    small errors.

    Elsewhere: torchmetrics has it as a metric. Others leave out the 2, multiply by 100, or both.
    """
    shown = 2.0 * absolute(as_node(prediction) - target) / (absolute(as_node(prediction)) + absolute(as_node(target)))
    largest = maximum(absolute(as_node(prediction)), absolute(as_node(target)))
    scale = where(largest < 1e-30, 2.0**100, where(1e30 < largest, 2.0**-100, 1.0))  # no sum or quotient overflows
    p, t = scale * prediction, scale * target
    error, whole, agree = absolute(p - t), absolute(p) + absolute(t), sign(p) * sign(t)
    whole = where(equal(whole, 0.0), 1.0, whole)
    way = 0.5 * (1.0 + agree) * sign(p - t)  # 0 where the signs differ, half of it at 0
    signs, half = sign(p + t), 2.0 / whole
    across = signs * weighted(way, (absolute(p) - absolute(t)) / whole * half * half)
    by_p, by_t = (weighted(way, _over(absolute(a), whole, 2)) for a in (t, p))
    bends = (weighted(way, _over(absolute(a), whole, 3)) for a in (t, p))
    bend_p, bend_t = (weighted(sign(a), bend) for a, bend in zip((p, t), bends, strict=True))
    bend_p, across, bend_t = (scale * (scale * bend) for bend in (bend_p, across, bend_t))
    slope = with_slopes(scale * by_p, prediction, -bend_p, target, across)
    by_target = with_slopes(-(scale * by_t), prediction, across, target, bend_t)
    value = with_slopes(where(agree < 0.0, 2.0, 2.0 * (error / whole)), prediction, slope, target, by_target)
    return written_as(shown, where(equal(absolute(p), math.inf), 2.0, value))


def _over(a: Node, whole: Node, power: int) -> Node:
    """Return a · (2 / whole)^power, by one product where that is a number: a subnormal a is then rounded once."""
    half = 2.0 / whole
    factor = reduce(mul, [half] * power)
    return where((1e-12 < whole) & (whole < 1e12), a * factor, reduce(mul, [a, *[half] * power]))


@pointwise(
    task="regression",
    aliases=(
        "keras.losses.MeanSquaredLogarithmicError",
        "keras.losses.mean_squared_logarithmic_error",
        "sklearn.metrics.mean_squared_log_error",
        "msle",
        "MSLE",
    ),
    references=("Tofallis (2015), A better measure of relative prediction accuracy …, JORS 66(8), 1352–1362",),
)
def squared_logarithmic_error(prediction: NonNegative, target: NonNegative) -> Value:
    """The square of the difference of logarithms of 1 + the numbers; its mean is known as MSLE.

        (log(1 + prediction) − log(1 + target))²

    For large numbers, only their ratio counts. The constant that fits a sample best is exp(mean of log(1 + target)) −
    1. A prediction that is too low costs more than one that is too high by the same difference.

    Use it when targets are ≥ 0 and of very different sizes, and ratios count rather than differences.

    Args:
        prediction: Numbers ≥ 0.
        target: Finite numbers ≥ 0.

    Example:
        >>> import lossary as ls
        >>> round(float(ls.squared_logarithmic_error([1.0], [0.0])), 6)  # (log 2)²
        0.480453

    Identities: ``squared_error`` of the logarithms; their noise is that of ``log_normal_nll``.

    Elsewhere: for negative predictions, which are an error here, scikit-learn computes the formula, which ends at −1;
    Keras 3.15.1 replaces numbers below 1e-7 by 1e-7. The prediction −0.5 and the target 1 have the loss 1.9218 and
    0.4805. In float32, the prediction 1.0001 and the target 1 have the loss 2.5068e-09 in Keras, and 2.5007e-09 here.
    """
    p, t = as_node(prediction), as_node(target)
    gap, of_p, of_t = _log1p_gap(p, t), 1.0 + p, 1.0 + t
    across = -2.0 / of_p / of_t
    share = where(equal(p, math.inf), 0.0, gap / of_p)
    slope = with_slopes(2.0 * share, p, 2.0 * ((1.0 / of_p - share) / of_p), t, across)
    by_target = with_slopes(-2.0 * (gap / of_t), p, across, t, 2.0 * ((1.0 + gap) / of_t / of_t))
    return written_as(square(log1p(p) - log1p(t)), with_slopes(square(gap), p, slope, t, by_target))


def _log1p_gap(p: Node, t: Node) -> Node:
    """Return log(1 + p) − log(1 + t), which does not cancel where they are close."""
    gap, whole = p - t, 1.0 + t
    is_near = absolute(gap) < 0.5 * whole
    return where(is_near, log1p(where(is_near, gap, 0.0) / whole), log1p(p) - log1p(t))
