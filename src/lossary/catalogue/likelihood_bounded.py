"""Likelihoods of targets from a part of the numbers: durations, angles, and shares of a whole."""

from __future__ import annotations

import math
from typing import Annotated

from lossary.catalogue.registry import pointwise
from lossary.domains import Given, Interval, NonNegative, Positive, Real, Share
from lossary.symbolic.graph import Node, Value, as_node
from lossary.symbolic.words.functions import keeps_digits
from lossary.symbolic.words.gamma import NEAR, stirling_rest
from lossary.vocabulary import (
    HALF_LOG_TWO_PI,
    absolute,
    computed_as,
    cos,
    exp,
    expm1,
    expm1_gap_near,
    is_finite,
    log,
    log1p,
    log_bessel_i0,
    log_gamma,
    log_ratio,
    log_rising,
    log_scaled_bessel_i0,
    maximum,
    minimum,
    power,
    product,
    rising_slope,
    sin,
    sqrt,
    square,
    weighted,
    where,
    with_slopes,
    written_as,
)

Observed = Annotated[Value, Interval(0.0, 1.0), Given()]


@pointwise(
    task="distribution",
    aliases=("weibull",),
    references=(
        "Weibull (1951), A statistical distribution function of wide applicability, J. Applied Mechanics 18(3)",
        "Kalbfleisch & Prentice (2002), The Statistical Analysis of Failure Time Data, Wiley",
    ),
)
def weibull_nll(
    scale: Positive, target: Positive, shape: Positive, observed: Observed, *, constant: Share = 0.0
) -> Value:
    """The negative log-likelihood of times to an event, some of which are only known to be longer: Weibull's.

        (target / scale)^shape − observed · (log shape + shape · log(target / scale) − constant · log target)

    It is in nats, and may be negative. ``observed`` is 1 where the event was seen at the time ``target``, and 0 where
    it had not occurred by then: the target is right-censored, and the loss is minus the log-probability of a longer
    time, (target / scale)^shape. A shape of 1 is a constant rate of events; with a larger one the rate rises with time.

    Use it when the target is the time until an event, and it has not occurred for all items yet: survival, failures.

    Args:
        scale: Numbers > 0: the times by which 63 % of the events have occurred.
        target: Times: finite numbers > 0.
        shape: Numbers > 0: the powers of time.
        observed: 1 where the event was observed, 0 where the time is censored; or a probability in between.
        constant: 1 adds what does not depend on the predictions, and 0 leaves it out.

    Example:
        >>> import lossary as ls
        >>> scale, shape = [1.0, 1.0], [2.0, 2.0]
        >>> ls.weibull_nll(scale, [2.0, 2.0], shape, [1.0, 0.0], reduction="none").tolist()  # 4 − 3 log 2, and 4
        [1.920558, 4.0]

    Identities: with a shape of 1 and no censoring it is ``gamma_nll`` with the mean ``scale``, less log target.

    Elsewhere: minus ``log_prob`` of PyTorch's ``distributions.Weibull(scale, shape)`` is this with ``constant=1``,
    where everything is observed.
    """
    whole = power(target / as_node(scale), shape)
    textbook = whole - observed * (log(shape) + shape * log(target / as_node(scale)))
    loss = _weibull(as_node(scale), as_node(target), as_node(shape), as_node(observed))
    return written_as(textbook, loss) + weighted(constant, weighted(observed, log(target)))


def _weibull(scale: Node, target: Node, shape: Node, observed: Node) -> Node:
    """Return the loss with derivatives that are products of what is representable where they are."""
    ratio = log_ratio(target, scale)
    age = product(shape, ratio)  # the logarithm of (target / scale)^shape
    risen = _power_of_ratio(target, scale, shape, age)
    is_even = absolute(age) < 1.0
    excess = where(is_even, expm1(where(is_even, age, 0.0)) + (1.0 - observed), risen - observed)
    steep, log_shape = product(risen, age), where(-math.inf < age, log(shape), 0.0)
    by_scale, by_target = shape / scale, shape / target

    in_scale = with_slopes(
        -product(excess, by_scale), scale, product(excess + product(risen, shape), by_scale) / scale,
        target, -product(risen, product(by_scale, by_target)), shape, -(excess + steep) / scale, observed, by_scale,
    )  # fmt: skip
    in_target = with_slopes(
        product(excess, by_target), scale, -product(risen, product(by_scale, by_target)),
        target, product(product(risen, shape) - excess, by_target) / target, shape, (excess + steep) / target,
        observed, -by_target,
    )  # fmt: skip
    bend = product(product(risen, ratio), ratio) + observed / shape / shape
    in_shape = with_slopes(
        product(excess, ratio) - observed / shape, scale, -(excess + steep) / scale, target, (excess + steep) / target,
        shape, bend, observed, -(ratio + 1.0 / shape),
    )  # fmt: skip
    in_observed = with_slopes(-(log_shape + age), scale, by_scale, target, -by_target, shape, -(ratio + 1.0 / shape))
    value = where(risen < math.inf, risen - weighted(observed, log_shape + age), risen)
    return with_slopes(value, scale, in_scale, target, in_target, shape, in_shape, observed, in_observed)


def _power_of_ratio(a: Node, b: Node, exponent: Node, logarithm: Node) -> Node:
    """Return (a / b)^exponent, given its logarithm: by its exponential where a and b are close, which rounds less.

    Of a quotient that is too great or too small for the number type, it is the power of the square root's square.
    """
    gap, ratio = a - b, a / b
    whole = keeps_digits(ratio)
    base, times = where(whole, ratio, sqrt(a) / sqrt(b)), where(whole, 1.0, 2.0)
    return where(absolute(gap) < 0.5 * b, exp(logarithm), power(base, times * exponent))


@pointwise(
    task="regression",
    aliases=("von_mises",),
    references=(
        "von Mises (1918), Über die Ganzzahligkeit der Atomgewichte und verwandte Fragen, Physikalische Zeitschrift 19",
        "Mardia & Jupp (2000), Directional Statistics, Wiley",
    ),
)
def von_mises_nll(prediction: Real, target: Real, concentration: NonNegative, *, constant: Share = 0.0) -> Value:
    """The negative log-likelihood of angles whose direction and concentration are both predicted, by von Mises.

        log I₀(concentration) − concentration · cos(prediction − target) + constant · log 2π

    It is in nats, and may be negative. I₀ is the modified Bessel function. Angles that differ by whole turns are the
    same. No difference of large terms is computed: the loss is exact for small angles and large concentrations.

    Use it when the target is an angle or a time of the day, and each prediction needs an uncertainty of its own.

    Args:
        prediction: Mean directions in radians: numbers.
        target: Angles in radians: finite numbers.
        concentration: Numbers ≥ 0: 0 is the uniform distribution; large ones are the inverse of the variance.
        constant: 1 adds what does not depend on the predictions, log 2π = 1.8378…, and 0 leaves it out.

    Example:
        >>> import lossary as ls
        >>> float(ls.von_mises_nll([2.0], [0.0], [0.0], constant=1.0))  # the uniform distribution: log 2π
        1.837877

    Identities: tends to ``gaussian_nll`` with the variance 1 / concentration, less ½ log 2π, as it grows.

    Elsewhere: minus ``log_prob`` of PyTorch's ``distributions.VonMises(prediction, concentration)`` is this with
    ``constant=1``; it approximates log I₀ to 7 digits.
    """
    turn = prediction - target
    curved = with_slopes(2.0 * square(sin(0.5 * turn)), turn, with_slopes(sin(turn), turn, cos(turn)))
    size, spread = product(concentration, curved), log_scaled_bessel_i0(concentration)
    loss = computed_as(size + spread, where(size < math.inf, size + spread, size))
    textbook = log_bessel_i0(concentration) - concentration * cos(turn)
    return written_as(textbook, loss) + weighted(constant, math.log(2.0 * math.pi))


@pointwise(
    task="distribution",
    references=(
        "Ferrari & Cribari-Neto (2004), Beta regression for modelling rates and proportions, J. Applied Statistics 31",
    ),
)
def beta_nll(alpha: Positive, target: Share, beta: Positive, *, constant: Share = 0.0) -> Value:
    """The negative log-likelihood of a beta distribution, whose concentrations are both predicted.

        log Γ(alpha) + log Γ(beta) − log Γ(alpha + beta) − (alpha − constant) log target
        − (beta − constant) log(1 − target)

    It is in nats, and may be negative. The mean of the distribution is alpha / (alpha + beta). The logarithm of Γ of a
    large concentration and of the sum are one function, so that a small one beside it keeps its digits.

    Use it when the target is a share or a rate between 0 and 1, and each prediction needs an uncertainty of its own.

    Args:
        alpha: Concentrations at 1: numbers > 0.
        target: Shares in [0, 1]. Where one is exactly 0 or 1, the loss is infinite.
        beta: Concentrations at 0: numbers > 0.
        constant: 1 adds what does not depend on the predictions, log target + log(1 − target), and 0 leaves it out.

    Example:
        >>> import lossary as ls
        >>> float(ls.beta_nll([1.0], [0.5], [1.0], constant=1.0))  # the uniform distribution
        0.0

    Identities: with alpha = mean · precision and beta = (1 − mean) · precision it is the loss of beta regression.

    Elsewhere: minus ``log_prob`` of PyTorch's ``distributions.Beta(alpha, beta)`` is this with ``constant=1``; it
    subtracts three logarithms of Γ. The β-NLL of Seitzer et al. (2022) is another loss, a weighted ``gaussian_nll``.
    """
    share, other = as_node(target), 1.0 - as_node(target)
    by_yes, by_no = _beside(alpha, other) - constant, _beside(beta, share) - constant
    of_target = product(by_yes, log(share)) + product(by_no, log1p(-share))
    large, small = maximum(alpha, beta), minimum(alpha, beta)
    size = log_gamma(small) - log_rising(large, small)
    size = with_slopes(size, alpha, _rising(alpha, beta, share), beta, _rising(beta, alpha, other))
    textbook = log_gamma(alpha) + log_gamma(beta) - log_gamma(alpha + beta) - of_target
    rest = product(constant, log(share) + log1p(-share))
    loss = _near_mode(as_node(alpha), as_node(beta), share, size - of_target, rest)
    endless = where(is_finite(of_target), large, of_target)  # the logarithm of Γ alone of an infinite concentration
    loss = where(is_finite(endless), loss, -endless)
    return written_as(textbook, computed_as(size - of_target, loss))


def _near_mode(alpha: Node, beta: Node, share: Node, loss: Node, rest: Node) -> Node:
    """Return the loss; for large concentrations and a share near the mean, by Stirling's formula and terms ≥ 0."""
    large, small = maximum(alpha, beta), minimum(alpha, beta)
    of_large = 1.0 / (1.0 + small / large)
    of_small = small / large * of_large
    of_yes = log_ratio(share, where(beta < alpha, of_large, of_small))
    of_no = log_ratio(1.0 - share, where(beta < alpha, of_small, of_large))
    rest = rest + (stirling_rest(small) - stirling_rest(large + small) + stirling_rest(large) + HALF_LOG_TWO_PI)
    divergence = product(alpha, expm1_gap_near(of_yes)) + product(beta, expm1_gap_near(of_no))
    is_near = (absolute(of_yes) < 1.0) & (absolute(of_no) < 1.0) & (NEAR < small)
    return where(is_near, divergence + (0.5 * (log1p(small / large) - log(small)) + rest), loss)


def _rising(a: Value, b: Value, share: Value) -> Node:
    """Return minus the slope of log Γ(a + b) − log Γ(a) in a; none where a share of 0 makes a greater one."""
    slope = -rising_slope(a, b)
    return computed_as(slope, where(0.0 < as_node(share), slope, 0.0))


def _beside(concentration: Value, other: Node) -> Node:
    """Return a concentration, finite where the other share is 0, whose logarithm is greater than any of its terms."""
    return computed_as(as_node(concentration), where(0.0 < other, concentration, minimum(concentration, 1e30)))
