"""Losses of continuous distributions: negative log-likelihoods, and the continuous ranked probability score."""

from __future__ import annotations

import math

from lossary.catalogue.registry import named_axes, pointwise
from lossary.domains import Positive, Real, Scale, Share, Variance
from lossary.symbolic.graph import Node, Value, as_node, places
from lossary.symbolic.words.gamma import log_gamma_rest
from lossary.vocabulary import (
    HALF_LOG_TWO_PI,
    absolute,
    average,
    computed_as,
    equal,
    expm1_gap,
    fixed,
    greatest,
    log,
    log1p,
    log1p_square,
    log_gamma,
    log_ratio,
    log_rising_ratio,
    log_softmax,
    log_sum_exp,
    lorentzian,
    maximum,
    mean_size,
    other,
    other_lorentzian,
    product,
    rank,
    sign,
    sqrt,
    square,
    total,
    weighted,
    where,
    with_slopes,
    written_as,
)

MIXED = "item component"


@pointwise(
    task="regression",
    references=("Laplace (1774), Mémoire sur la probabilité des causes par les événements",),
)
def laplace_nll(prediction: Real, target: Real, scale: Scale, *, constant: Share = 0.0) -> Value:
    """The negative log-likelihood of Laplace's distribution, whose median and scale are both predicted.

        log scale + |prediction − target| / scale + constant · log 2

    It is in nats, and may be negative. The scale that fits best is the mean absolute error.

    Use it when each prediction needs an uncertainty of its own, and some targets are far off.

    Args:
        prediction: The medians: numbers.
        target: Finite numbers.
        scale: Numbers > 0, in the target's unit: the expected sizes of the errors.
        constant: 1 adds what does not depend on the predictions, log 2 = 0.6931…, and 0 leaves it out.

    Example:
        >>> import lossary as ls
        >>> float(ls.laplace_nll([3.0], [1.0], [1.0]))
        2.0

    Identities: with a scale of 1 it is ``absolute_error``.
    """
    error = prediction - target
    size, pull = absolute(error) / scale, sign(error) / scale
    across, bend = -pull / scale, (2.0 * size - 1.0) / scale / scale
    slope = with_slopes(pull, error, 0.0, scale, across)
    by_scale = with_slopes((1.0 - size) / scale, error, across, scale, bend)
    loss = with_slopes(log(scale) + size, error, slope, scale, by_scale)
    return written_as(log(scale) + size, loss) + weighted(constant, math.log(2.0))


@pointwise(
    task="regression",
    references=(
        "Student (1908), The probable error of a mean, Biometrika 6(1), 1–25",
        "Lange, Little & Taylor (1989), Robust statistical modeling using the t distribution, JASA 84(408), 881–896",
    ),
)
def student_t_nll(
    prediction: Real, target: Real, scale: Scale, *, degrees: Positive = 4.0, constant: Share = 0.0
) -> Value:
    """The negative log-likelihood of Student's t distribution, whose location and scale are both predicted.

        log scale + ½ (degrees + 1) log(1 + e² / degrees), with e = (prediction − target) / scale
        + constant · (½ log(π degrees) + log Γ(½ degrees) − log Γ(½ (degrees + 1)))

    It is in nats, and may be negative. A far outlier has little pull: the slope falls as (degrees + 1) / |error|.

    Use it when each prediction needs an uncertainty of its own, and the targets have outliers.

    Args:
        prediction: The locations: numbers.
        target: Finite numbers.
        scale: Numbers > 0, in the target's unit; the standard deviation is larger, or infinite.
        degrees: Degrees of freedom, > 0: 1 is Cauchy's distribution; the more, the closer to a normal one.
        constant: 1 adds what does not depend on the predictions, and 0 leaves it out. To learn ``degrees``, add it.

    Example:
        >>> import lossary as ls
        >>> round(float(ls.student_t_nll([3.0], [1.0], [1.0], degrees=4.0)), 6)  # 5/2 log 2
        1.732868

    Identities: tends to ``gaussian_nll`` of scale², constant and all, as the degrees grow.
    """
    textbook = log(scale) + 0.5 * (degrees + 1.0) * log1p(square((prediction - target) / scale) / degrees)
    rising = log_rising_ratio(0.5 * degrees, 0.5)
    loss = written_as(textbook, _student_t(prediction - target, scale, degrees))
    return loss + weighted(constant, HALF_LOG_TWO_PI - rising)


def _student_t(difference: Value, scale: Value, degrees: Value) -> Node:
    """Return the loss with derivatives that are products, which do not cancel, and where no square overflows."""
    share, error = degrees + 1.0, difference / scale
    part = error / sqrt(degrees)
    is_near, is_inside, is_finite = absolute(part) < 1.0, absolute(error) < 1.0, absolute(part) < math.inf
    far, outer = where(is_near, 1.0, difference), where(is_inside, 1.0, difference)
    above, inverse, rest = where(is_near, 0.0, 1.0 / part), scale / outer, degrees / share
    squared = square(where(is_near, error, 0.0))
    whole = degrees + squared
    lower, upper = lorentzian(part, 1.0), other_lorentzian(part, 1.0)  # which add up to 1
    by_logs = log(absolute(where(is_finite, 1.0, difference))) - log(scale) - 0.5 * log(degrees)
    size = where(is_finite, log1p_square(part, 1.0), 2.0 * by_logs)

    slope = where(is_near, share * error / whole / scale, share * upper / far)
    inside, outside = (1.0 - error) * (1.0 + error) * lower, (inverse - 1.0) * (inverse + 1.0) * (degrees * upper)
    by_scale, by_degrees = where(is_inside, inside, outside) / scale, 0.5 * (size - upper / rest)

    near = share / whole * ((degrees - squared) / whole) / scale / scale
    bend = where(is_near, near, share * (above - 1.0) * (above + 1.0) * square(upper) / far / far)
    across = -2.0 * slope * where(is_inside, lower / scale, degrees * inverse * upper / outer)
    of_slope, of_scale = slope / share - slope * lower / degrees, (upper * lower / rest - upper) / scale
    bend_by_scale = (2.0 * share * upper * lower / scale - by_scale) / scale
    bend_by_degrees = 0.5 * (upper * lower / rest + upper / degrees - upper) / degrees

    slope = with_slopes(slope, difference, bend, scale, across, degrees, of_slope)
    by_scale = with_slopes(by_scale, difference, across, scale, bend_by_scale, degrees, of_scale)
    by_degrees = with_slopes(by_degrees, difference, of_slope, scale, of_scale, degrees, bend_by_degrees)
    value = log(scale) + 0.5 * share * size
    return with_slopes(value, difference, slope, scale, by_scale, degrees, by_degrees)


@pointwise(
    task="distribution",
    references=("McAlister (1879), The law of the geometric mean, Proceedings of the Royal Society 29, 367–376",),
)
def log_normal_nll(log_median: Real, target: Positive, scale: Positive, *, constant: Share = 0.0) -> Value:
    """The negative log-likelihood of a log-normal distribution, whose median and spread are both predicted.

        log scale + ½ ((log target − log_median) / scale)² + constant · (log target + ½ log 2π)

    It is in nats, and may be negative.

    Use it when targets are positive and differ by factors: prices, durations, concentrations.

    Args:
        log_median: Logarithms of the medians.
        target: Finite numbers > 0.
        scale: Standard deviations of the target's logarithm, > 0.
        constant: 1 adds what does not depend on the predictions, and 0 leaves it out.

    Example:
        >>> import lossary as ls
        >>> float(ls.log_normal_nll([2.0], [1.0], [1.0]))  # ½ · 2²
        2.0

    Identities: ``gaussian_nll`` of the target's logarithm, with a variance of scale².
    """
    error = (log(target) - log_median) / scale
    slope, by_scale = error / scale, (1.0 - error) * (1.0 + error) / scale
    loss = log(scale) + 0.5 * square(error)
    loss = with_slopes(loss, log_median, -slope, target, slope / target, scale, by_scale)
    return loss + weighted(constant, log(target) + HALF_LOG_TWO_PI)


@pointwise(
    task="distribution",
    fits=("regression",),
    references=("Nelder & Wedderburn (1972), Generalized linear models, JRSS A 135(3), 370–384",),
)
def gamma_nll(mean: Positive, target: Positive, *, shape: Positive = 1.0, constant: Share = 0.0) -> Value:
    """The negative log-likelihood of a gamma distribution with a predicted mean.

        shape · (log mean + target / mean)
        + constant · (log Γ(shape) − shape log shape − (shape − 1) log target)

    It is in nats, and may be negative. The mean that fits a sample best is the sample's, whatever the shape: errors
    count in proportion to the mean.

    Use it when targets are positive and their spread grows with their mean: claims, waiting times, rainfall.

    Args:
        mean: Expected targets, > 0.
        target: Finite numbers > 0.
        shape: Mean² divided by the variance, > 0; 1 is the exponential distribution.
        constant: 1 adds what does not depend on the predictions, and 0 leaves it out. To learn ``shape``, add it.

    Example:
        >>> import lossary as ls
        >>> float(ls.gamma_nll([1.0], [3.0]))
        3.0

    Elsewhere: scikit-learn's ``HalfGammaLoss`` takes the logarithm of the mean; its ``mean_gamma_deviance`` is twice
    the difference to the loss of a perfect prediction.
    """
    rest = log_gamma(shape) - shape * log(shape) - weighted(shape - 1.0, log(target))
    ratio, by_target = target / mean, shape / mean
    by_shape = with_slopes(log(mean) + ratio, mean, (1.0 - ratio) / mean, target, 1.0 / mean)
    bend, across = product(by_target, (2.0 * ratio - 1.0) / mean), -(by_target / mean)
    slope = with_slopes(product(by_target, 1.0 - ratio), mean, bend, target, across, shape, (1.0 - ratio) / mean)
    loss = with_slopes(shape * by_shape, mean, slope, target, by_target, shape, by_shape)
    plain, apart = loss + weighted(constant, rest), log_ratio(target, mean)
    near = product(shape, expm1_gap(apart) + product(1.0 - constant, 1.0 + log(target)))
    near = near + weighted(constant, log_gamma_rest(as_node(shape)) + log(target))
    is_near = (0.0 < as_node(constant)) & (absolute(apart) < 1.0)
    return computed_as(plain, where(is_near, near, plain))


@named_axes(
    task="regression",
    axes={"logits": MIXED, "prediction": MIXED, "target": "item", "variance": MIXED},
    mask="item",
    references=("Bishop (1994), Mixture density networks, technical report NCRG/94/004, Aston University",),
)
def gaussian_mixture_nll(
    logits: Real, prediction: Real, target: Real, variance: Variance, *, constant: Share = 0.0
) -> Value:
    """The negative log-likelihood of a mixture of normal distributions: the loss of a mixture density network.

        −log Σ_k w_k / √variance_k · exp(−½ (prediction_k − target)² / variance_k) + constant · ½ log 2π
        with w = softmax(logits)

    Each item has one target and one loss, in nats, which may be negative. It is finite for targets of any distance from
    all means. The slope in a component's mean and variance is that of ``gaussian_nll`` times the share of the component
    in the density of the target; a component with a logit of −∞ is not there.

    Use it when the target of an input may lie at one of several places, or its distribution has any shape.

    Args:
        logits: Scores of the components of each item; any numbers. The softmax is part of the loss.
        prediction: The means of the components: numbers.
        target: Finite numbers, one for each item.
        variance: Numbers > 0, in the target's unit squared: not standard deviations.
        constant: 1 adds what does not depend on the predictions, here ½ log 2π = 0.9189…, and 0 leaves it out.

    A component whose mean is a target has no least variance: the loss falls without bound as it tends to 0. Let the
    network end in a softplus or an exponential, plus the smallest variance that makes sense.

    Example:
        >>> import lossary as ls
        >>> logits, means, variance = [[0.0, 0.0]], [[0.0, 2.0]], [[1.0, 1.0]]
        >>> float(ls.gaussian_mixture_nll(logits, means, [1.0], variance))  # both components are as far: ½
        0.5

    Identities: with one component it is ``gaussian_nll``.

    Elsewhere: PyTorch, Keras 3.15.1, optax and scikit-learn have no such loss; ``MixtureSameFamily`` of PyTorch 2.13.0
    is a distribution that has it as minus its log-probability, with the constant; in float32 its gradient is NaN for a
    target of 1e20 and unit variances.
    """
    e, v = as_node(prediction) - target, as_node(variance)
    log_weight, root = log_softmax(logits, over="component"), sqrt(v)
    distance = absolute(e / root)
    nearest = fixed(-greatest(where(-math.inf < log_weight, -distance, -math.inf), over="component"))
    textbook = log_weight - 0.5 * (log(v) + square(e) / v)
    each = log_weight + _beside(e, v, e / root, nearest)
    shown = -log_sum_exp(textbook, over="component")
    value = 0.5 * square(nearest) - log_sum_exp(each, over="component")
    return written_as(shown, value) + weighted(constant, HALF_LOG_TWO_PI)


def _beside(error: Node, variance: Node, scaled: Node, nearest: Node) -> Node:
    """Return log(density) + ½ nearest² of the error's normal distribution, whose squares may overflow.

    ``scaled`` is the error by the standard deviation. Where the share of a component is 0, so are its slopes.
    """
    size, precision = absolute(scaled), 1.0 / variance
    beyond = where(equal(size, nearest), 0.0, size - nearest) * (size + nearest)
    pull = scaled / sqrt(variance)
    across, curve = pull * precision, 0.5 * (1.0 - 2.0 * square(scaled)) * square(precision)
    by_error = with_slopes(-pull, error, -precision, variance, across)
    by_variance = with_slopes(0.5 * (size - 1.0) * (size + 1.0) * precision, error, across, variance, curve)
    return with_slopes(-0.5 * (log(variance) + beyond), error, by_error, variance, by_variance)


@pointwise(
    task="regression",
    aliases=("properscoring.crps_gaussian", "crps_gaussian"),
    references=(
        "Gneiting & Raftery (2007), Strictly proper scoring rules, prediction, and estimation, JASA 102(477), 359–378",
    ),
)
def gaussian_crps(prediction: Real, target: Real, deviation: Scale) -> Value:
    """The continuous ranked probability score (CRPS) of a predicted normal distribution.

        E|x − target| − ½ E|x − x′|, of independent x and x′ of the predicted distribution:
        deviation · (z (2 Φ(z) − 1) + 2 φ(z) − 1 / √π), with z = (prediction − target) / deviation

    The unit is the target's. It is a proper score, ≥ 0, and its slope in the prediction is between −1 and 1.

    Use it when each prediction needs an uncertainty of its own, and a likelihood punishes outliers too much.

    Args:
        prediction: The means: numbers.
        target: Finite numbers.
        deviation: Standard deviations, > 0, in the target's unit: not variances.

    Example:
        >>> import lossary as ls
        >>> round(float(ls.gaussian_crps([1.0], [1.0], [1.0])), 6)  # √(2 / π) − 1 / √π
        0.233695

    Identities: tends to ``absolute_error`` as the deviation tends to 0.
    """
    score = mean_size(prediction - target, deviation) - deviation * (1.0 / math.sqrt(math.pi))
    return computed_as(score, where(deviation < math.inf, score, deviation))


@named_axes(
    task="regression",
    axes={"members": "item member", "target": "item"},
    mask="item member",
    aliases=("properscoring.crps_ensemble", "crps_ensemble"),
    references=(
        "Gneiting & Raftery (2007), Strictly proper scoring rules, prediction, and estimation, JASA 102(477), 359–378",
        "Ferro (2014), Fair scores for ensemble forecasts, QJRMS 140(683), 1917–1923 (fair = 1)",
        "Lang et al. (2024), AIFS-CRPS: ensemble forecasting with a loss based on the CRPS, arXiv:2412.15832 (between)",
    ),
)
def ensemble_crps(members: Real, target: Real, *, fair: Share = 0.0) -> Value:
    """The continuous ranked probability score (CRPS) of an ensemble of equally likely predictions.

        1/m Σ_i |x_i − target| − (1 + fair / (m − 1)) · 1/(2 m²) Σ_{i, j} |x_i − x_j|,  x = members

    Each item has m members, one target and one loss, in the target's unit, ≥ 0. It is the area below the squared
    distance of two distribution functions: of the members, and of the target, which is a step. The slope in a member is
    1/m for each that is above the target, −1/m below, less its share of what the spread gains; equal members have equal
    slopes.

    Use it when a model makes samples instead of a mean: ensembles of a weather model, generators, dropout at inference.

    Args:
        members: The predictions of each item, in any order.
        target: Finite numbers, one for each item.
        fair: 0 scores the members as a distribution, which rewards ensembles of few members for a spread that is too
            small. 1 scores the distribution that they are drawn from: the differences of a member and itself do not
            count. In between, the weighted mean of both, such as 0.95.

    Ensembles of different sizes are padded, and ``mask`` says which members exist. A single one has no spread.

    Example:
        >>> import lossary as ls
        >>> float(ls.ensemble_crps([[0.0, 2.0]], [0.5]))  # (0.5 + 1.5) / 2 − 2 / 4
        0.5
        >>> float(ls.ensemble_crps([[0.0, 2.0]], [0.5], fair=1.0))  # any target between two members is as good
        0.0

    Identities: of one member it is ``absolute_error``. It is twice the mean of ``pinball`` of the sorted members, with
    the levels (i − ½) / m; of the fair score (i − 1) / (m − 1). Of the quantiles of a normal distribution it tends to
    ``gaussian_crps``.

    Elsewhere: ``crps_ensemble`` of properscoring takes the observations first. An expression of |x_i − x_j| has m²
    terms and loses digits as a difference; here an order of the members gives a sum of positive terms.
    """
    x, m = as_node(members), places("member")
    error, more = x - target, as_node(fair) / maximum(m - 1.0, 1.0)
    above = sign(error)
    before = rank(x, over="member") - rank(-x, over="member")  # how many are less, less how many are greater
    share = (m * above - before - more * before) / square(m)
    spread = average(average(absolute(x - other(x, "member")), "other_member"), "member")
    textbook = average(absolute(error), "member") - 0.5 * (1.0 + as_node(fair) / (m - 1.0)) * spread
    return written_as(textbook, total(weighted(share, error), over="member"))
