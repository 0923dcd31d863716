"""Robust regression losses: of differences among which some are outliers."""

from __future__ import annotations

import math
from typing import Annotated

from lossary.catalogue.registry import pointwise
from lossary.domains import Interval, Real, Scale
from lossary.symbolic.graph import Value, as_node
from lossary.vocabulary import (
    absolute,
    computed_as,
    equal,
    exp,
    expm1,
    hypot,
    hypot_growth,
    log,
    log1p,
    log1p_square,
    other_lorentzian,
    product,
    sqrt,
    square,
    weighted,
    where,
    with_slopes,
    written_as,
)

BARRON = "Barron (2019), A general and adaptive robust loss function, CVPR, arXiv:1701.03077"
VANISHES = 40.0  # deviations at which exp(−½ e²) is 0 in float64
ENDLESS = -1e22  # an alpha below it is −∞ to float64
NEGLIGIBLE = 1e-20  # beside 1
Shape = Annotated[Value, Interval(takes_minus_infinity=True)]


@pointwise(
    task="regression",
    references=(
        (
            "Charbonnier, Blanc-Féraud, Aubert & Barlaud (1994), Two deterministic half-quadratic regularization "
            "algorithms for computed imaging, ICIP 2, 168–172"
        ),
        BARRON,
    ),
)
def charbonnier(prediction: Real, target: Real, *, scale: Scale = 1.0) -> Value:
    """The root of the squared difference plus a constant: the absolute error, rounded off at 0.

        √((prediction − target)² + scale²)

    The unit is the target's. Where nothing is wrong it is the scale, not 0. The slope lies between −1 and 1, and is
    that of ½ e² / scale for small differences e.

    Use it when you would use the absolute error, but want a slope that does not jump at 0, as for images.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        scale: Size of the differences that are rounded off, in the target's unit; > 0.

    Example:
        >>> import lossary as ls
        >>> ls.charbonnier([4.0, 0.0], [0.0, 0.0], scale=3.0, reduction="none").tolist()  # √(16 + 9), and √9
        [5.0, 3.0]

    Identities: the pseudo-Huber loss is scale · (``charbonnier`` − scale); ``charbonnier`` − scale is scale ·
    ``general_robust``, with alpha = 1.

    Elsewhere: kornia's ``charbonnier_loss`` is √(e² + 1) − 1, and has no scale.
    """
    return hypot(prediction - target, scale)


@pointwise(
    task="regression",
    aliases=("kornia.losses.cauchy_loss", "lorentzian"),
    references=(
        (
            "Black & Anandan (1996), The robust estimation of multiple motions: parametric and piecewise-smooth flow "
            "fields, Computer Vision and Image Understanding 63(1), 75–104"
        ),
        BARRON,
    ),
)
def cauchy(prediction: Real, target: Real, *, scale: Scale = 1.0) -> Value:
    """The logarithm of 1 plus half the squared difference, which grows ever slower: the Lorentzian.

        log(1 + ½ ((prediction − target) / scale)²)

    It has no unit. The slope is largest at a difference of √2 · scale, and falls to 0 beyond. The loss is not convex.

    Use it when outliers are many or large, and should still pull a little.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        scale: Size of ordinary differences, in the target's unit; > 0.

    Example:
        >>> import lossary as ls
        >>> ls.cauchy([2.0, 1e200], [0.0, 0.0], reduction="none").tolist()  # log 3, and 400 log 10 − log 2
        [1.098612, 920.340890]

    Identities: ``general_robust`` with alpha = 0; minus the logarithm of the density of Cauchy's distribution, whose
    scale is √2 · scale, up to a constant.

    Elsewhere: kornia's has no scale.
    """
    return log1p_square(prediction - target, math.sqrt(2.0) * scale)


@pointwise(
    task="regression",
    aliases=("kornia.losses.welsch_loss", "leclerc"),
    references=(
        (
            "Dennis & Welsch (1978), Techniques for nonlinear least squares and robust regression, Communications in "
            "Statistics B 7(4), 345–359"
        ),
        (
            "Leclerc (1989), Constructing simple stable descriptions for image partitioning, Int. J. of Computer "
            "Vision 3(1), 73–102"
        ),
        BARRON,
    ),
)
def welsch(prediction: Real, target: Real, *, scale: Scale = 1.0) -> Value:
    """One minus a Gaussian of the difference, so that outliers cost 1 and do not pull.

        1 − exp(−½ ((prediction − target) / scale)²)

    It has no unit. The slope is largest at a difference of one scale, and is nearly 0 beyond five. The loss is not
    convex: start from predictions that are roughly right.

    Use it when far outliers are errors of measurement and should be ignored, smoothly.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        scale: Size of ordinary differences, in the target's unit; > 0.

    Example:
        >>> import lossary as ls
        >>> ls.welsch([1.0, 100.0], [0.0, 0.0], reduction="none").tolist()  # 1 − exp(−½), and 1
        [0.393469, 1.0]

    Identities: ``general_robust`` with alpha = −∞.

    Elsewhere: kornia's has no scale.
    """
    return _welsch(prediction - target, scale)


def _welsch(residual: Value, scale: Value) -> Value:
    far = VANISHES * scale <= absolute(residual)
    value = where(far, 1.0, -expm1(-0.5 * square(where(far, 0.0, residual) / scale)))
    return written_as(1.0 - exp(-0.5 * square(residual / scale)), value)


@pointwise(
    task="regression",
    aliases=("kornia.losses.geman_mcclure_loss",),
    references=(
        (
            "Geman & McClure (1985), Bayesian image analysis: an application to single photon emission tomography, "
            "Proceedings of the Statistical Computing Section of the ASA, 12–18"
        ),
        BARRON,
    ),
)
def geman_mcclure(prediction: Real, target: Real, *, scale: Scale = 1.0) -> Value:
    """A quotient of squared differences that tends to 2, so that outliers hardly pull.

        2 e² / (e² + 4)    with e = (prediction − target) / scale

    It has no unit. The slope is largest at a difference of 2/√3 · scale, and falls as e⁻³. The loss is not convex.

    Use it when outliers should be ignored, but with a pull that fades more slowly than that of a Gaussian.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        scale: Size of ordinary differences, in the target's unit; > 0.

    Example:
        >>> import lossary as ls
        >>> ls.geman_mcclure([2.0, 1e200], [0.0, 0.0], reduction="none").tolist()  # 2 · 4 / 8, and 2
        [1.0, 2.0]

    Identities: ``general_robust`` with alpha = −2.

    Elsewhere: kornia's has no scale.
    """
    return 2.0 * other_lorentzian(prediction - target, 2.0 * scale)


@pointwise(
    task="regression",
    aliases=("tukey", "biweight", "bisquare"),
    references=(
        (
            "Beaton & Tukey (1974), The fitting of power series, meaning polynomials, illustrated on "
            "band-spectroscopic data, Technometrics 16(2), 147–185"
        ),
    ),
)
def tukey_biweight(prediction: Real, target: Real, *, scale: Scale = 4.685) -> Value:
    """A loss that is constant beyond a threshold, so that outliers do not pull at all: Tukey's bisquare.

        scale²/6 · (1 − (1 − u²)³)    where |u| < 1, with u = (prediction − target) / scale
        scale²/6                      elsewhere

    The unit is the target's, squared. The slope is (prediction − target) (1 − u²)², and that in the scale
    scale/3 · u⁴ (3 − 2 u²); beyond the threshold they are 0 and scale/3. The loss is not convex: rows that are far off
    at the start are never fitted.

    Use it when some rows are wrong and must have no influence, and predictions start roughly right.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        scale: Size of a difference beyond which a row is ignored, in the target's unit; > 0. The default is for
            differences whose standard deviation is 1, of which it then estimates the mean with 95 % efficiency.

    Example:
        >>> import lossary as ls
        >>> ls.tukey_biweight([1.0, 9.0], [0.0, 0.0], scale=2.0, reduction="none").tolist()  # 2/3 (1 − (3/4)³), and 2/3
        [0.385416, 0.666666]

    Identities: for small differences it is half of ``squared_error``.
    """
    residual, scale = as_node(prediction) - target, as_node(scale)
    u, plateau = residual / scale, square(scale) / 6.0
    v, rest, is_far = square(u), (1.0 - u) * (1.0 + u), 1.0 <= absolute(u)
    near = 0.5 * square(residual) * (1.0 + v * (v / 3.0 - 1.0))  # v may be subnormal, as u may
    across = where(is_far, 0.0, 4.0 * u * v * rest)
    slope = where(is_far, 0.0, written_as(scale * u, residual) * square(rest))
    slope = with_slopes(slope, residual, where(is_far, 0.0, rest * (1.0 - 5.0 * v)), scale, across)
    by_scale = where(is_far, scale / 3.0, residual * (u * v * (1.0 - 2.0 / 3.0 * v)))
    bend = where(is_far, 1.0 / 3.0, square(v) * (10.0 / 3.0 * v - 3.0))
    by_scale = with_slopes(by_scale, residual, across, scale, bend)
    shown = where(is_far, plateau, plateau * (1.0 - (1.0 - v) * square(1.0 - v)))
    return written_as(shown, with_slopes(where(is_far, plateau, near), residual, slope, scale, by_scale))


@pointwise(task="regression", aliases=("kornia.losses.charbonnier_loss", "barron"), references=(BARRON,))
def general_robust(prediction: Real, target: Real, *, alpha: Shape = 1.0, scale: Scale = 1.0) -> Value:
    """Barron's loss, whose shape parameter goes from the squared error to losses that ignore outliers.

        |α − 2| / α · ((u² / |α − 2| + 1)^(α/2) − 1)    with u = (prediction − target) / scale and α = alpha

    and its limits for α = 2, 0 and −∞: ½ u², log(½ u² + 1) and 1 − exp(−½ u²). It has no unit. Near 0 it is ½ u² for
    every α. It is convex where α ≥ 1. A scale that is learned needs the distribution's normaliser beside it, or it
    grows without end.

    Use it when you want to tune, or learn, how much outliers count.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        alpha: How much large differences count: 2 squares them, 1 takes their size, less counts them less; a number or
            −∞. It may be an array and learned: start below 2, where the slope in it is infinite, and with finite
            predictions, as that of an infinite one is NaN where alpha ≥ 0.
        scale: Size of ordinary differences, in the target's unit; > 0.

    Example:
        >>> import lossary as ls
        >>> [float(ls.general_robust(2.0, 0.0, alpha=alpha)) for alpha in (2.0, 1.0, 0.0, -2.0, -float("inf"))]
        [2.0, 1.236067, 1.098612, 1.0, 0.864664]

    Identities: with alpha = 1, 0, −2 and −∞ it is ``charbonnier`` / scale − 1, ``cauchy``, ``geman_mcclure`` and
    ``welsch``; with alpha = 2, half of ``squared_error``.

    Elsewhere: Barron's own code takes an alpha within 1e-6 of 0 or 2 as that number; here each is exact.
    """
    residual, distance, is_square = prediction - target, absolute(alpha - 2.0), equal(alpha, 2.0)
    general = distance * hypot_growth(residual, scale * sqrt(distance), alpha)
    squared = square(where(is_square, residual, 0.0) / scale)
    tilt = product(0.25 * squared, weighted(alpha - 2.0, -log(distance)))  # is 0, with an infinite slope in alpha
    return where(is_square, 0.5 * squared + tilt, where(alpha < ENDLESS, _welsch(residual, scale), general))


@pointwise(
    task="regression",
    references=(
        (
            "Feng et al. (2018), Wing loss for robust facial landmark localisation with convolutional neural networks, "
            "CVPR, arXiv:1711.06753"
        ),
    ),
)
def wing(prediction: Real, target: Real, *, width: Scale = 10.0, curvature: Scale = 2.0) -> Value:
    """A logarithm of small differences, which pulls hardest near 0, and the absolute error of large ones.

        width · log(1 + |e| / curvature)                    where |e| < width, with e = prediction − target
        |e| − width + width · log(1 + width / curvature)    elsewhere

    The unit is the target's. The slope grows to width / curvature as the difference falls to 0, where it jumps. The
    loss is not convex.

    Use it when small differences must become smaller still, as those of landmarks in an image, in pixels.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        width: Size of a difference beyond which the loss is a straight line, in the target's unit; > 0.
        curvature: The paper's ε: the smaller, the steeper near 0, in the target's unit; > 0.

    Example:
        >>> import lossary as ls
        >>> ls.wing([1.0, 20.0], [0.0, 0.0], reduction="none").tolist()  # 10 log 3/2, and 20 − 10 + 10 log 6
        [4.054651, 27.917594]

    Identities: beyond ``width`` it is ``absolute_error`` plus a constant.

    Elsewhere: segmentation_models.pytorch 0.6.0 has the defaults 5 and 0.5; the paper's best are 10 and 2.
    """
    size = absolute(prediction - target)
    beyond = width * (1.0 - log1p(width / curvature))
    near = width * log1p(size / curvature)
    tiny = size < NEGLIGIBLE * curvature  # the quotient may be subnormal
    return where(size < width, computed_as(near, where(tiny, width / curvature * size, near)), size - beyond)
