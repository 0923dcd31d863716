"""Losses of counts: negative log-likelihoods of Poisson's and the negative binomial distribution."""

from __future__ import annotations

import math

from lossary.catalogue.registry import pointwise
from lossary.domains import Count, NonNegative, Positive, Real, Share
from lossary.symbolic.graph import Node, Value, as_node
from lossary.symbolic.words.gamma import NEAR, digamma_rest, log_gamma_rest, stirling_rest
from lossary.vocabulary import (
    absolute,
    computed_as,
    digamma,
    equal,
    exp,
    expm1,
    expm1_gap,
    log,
    log1p,
    log1p_fraction,
    log1p_gap,
    log_factorial,
    log_ratio,
    log_rising,
    log_rising_ratio,
    maximum,
    product,
    rising_ratio_slope,
    rising_slope,
    sigmoid,
    sigmoid_slope,
    softplus,
    weighted,
    where,
    with_slopes,
    written_as,
)

MODERATE = 40.0  # a logarithm whose exponential, and the product of two, is a number of full precision in float32


@pointwise(
    task="distribution",
    fits=("regression",),
    compared=True,
    aliases=("keras.losses.Poisson", "keras.losses.poisson"),
    references=(
        "Poisson (1837), Recherches sur la probabilité des jugements",
        "Nelder & Wedderburn (1972), Generalized linear models, JRSS A 135(3), 370–384",
    ),
)
def poisson(rate: NonNegative, target: Count, *, constant: Share = 0.0) -> Value:
    """The negative log-likelihood of counts, given their expected number.

        rate − target · log rate + constant · log target!

    It is in nats. The rate that fits a sample best is its mean. The loss is infinite where the rate is 0 and the target
    is not, and 0 where both are.

    Use it when the target is a number of events, and the network ends in a softplus or another positive function.

    Args:
        rate: Expected numbers of events, ≥ 0.
        target: Counts: finite numbers ≥ 0, whole or not.
        constant: 1 adds what does not depend on the predictions, log target!, and 0 leaves it out.

    Example:
        >>> import lossary as ls
        >>> ls.poisson([2.0, 1.0], [0.0, 3.0], reduction="none").tolist()
        [2.0, 1.0]

    Identities: ``log_poisson`` takes the logarithm of the rate; ``negative_binomial`` tends to it as its shape grows.

    Elsewhere: Keras 3.15.1 adds 1e-7 to the rate, so that a rate of 0 and a target of 1 have the loss 16.118.
    PyTorch's ``poisson_nll_loss(log_input=False)`` adds 1e-8, and with ``full=True`` Stirling's approximation of log
    target! for targets above 1 only: 0.652 instead of 0.693 for 2. It subtracts numbers as large as target log target:
    in float32, a rate of 1,010,000 and a target of 1,000,000 have 59.0 there, 57.4958 here.
    """
    return _of_rate(as_node(rate), log(rate), as_node(target), as_node(constant))


def _of_rate(rate: Node, log_rate: Node, target: Node, constant: Node) -> Node:
    """Return Poisson's loss; with log target!, of a large target near the rate, by their distance and small terms."""
    plain, apart = _poisson(rate, log_rate, target, constant), log_ratio(rate, target)
    distance = product(target, expm1_gap(apart))  # rate − target log rate, less that of rate = target
    rest = log(target) + log_gamma_rest(target)  # log target! + target − target log target
    near = distance + constant * rest + product(1.0 - constant, target * (1.0 - log(target)))
    is_near = (0.0 < constant) & (NEAR < target) & (absolute(apart) < 1.0)
    return computed_as(plain, where(is_near, near, plain))


def _poisson(rate: Value, log_rate: Value, target: Value, constant: Value) -> Node:
    textbook = rate - weighted(target, log_rate)
    return computed_as(textbook, where(rate < math.inf, textbook, rate)) + weighted(constant, log_factorial(target))


@pointwise(
    task="distribution",
    aliases=(
        "torch.nn.PoissonNLLLoss",
        "torch.nn.functional.poisson_nll_loss",
        "sklearn._loss.loss.HalfPoissonLoss",
    ),
    references=("Nelder & Wedderburn (1972), Generalized linear models, JRSS A 135(3), 370–384",),
)
def log_poisson(log_rate: Real, target: Count, *, constant: Share = 0.0) -> Value:
    """The negative log-likelihood of counts, given the logarithm of their expected number.

        exp(log_rate) − target · log_rate + constant · log target!

    It is in nats, and convex in the logarithm. Its slope is exp(log_rate) − target.

    Use it when the target is a number of events, and the network's last layer is linear.

    Args:
        log_rate: Logarithms of the expected numbers of events.
        target: Counts: finite numbers ≥ 0, whole or not.
        constant: 1 adds what does not depend on the predictions, log target!, and 0 leaves it out.

    Example:
        >>> import lossary as ls
        >>> ls.log_poisson([0.0, 0.0], [0.0, 3.0], reduction="none").tolist()
        [1.0, 1.0]

    Identities: ``poisson`` of exp(log_rate).

    Elsewhere: PyTorch adds Stirling's approximation of log target! for ``full=True``, for targets above 1 only; here
    ``constant=1`` adds log target! itself.
    """
    return _of_rate(exp(log_rate), as_node(log_rate), as_node(target), as_node(constant))


@pointwise(
    task="distribution",
    fits=("regression",),
    references=(
        "Greenwood & Yule (1920), An inquiry into the nature of frequency distributions, JRSS 83(2), 255–279",
        "Hilbe (2011), Negative Binomial Regression, Cambridge University Press",
    ),
)
def negative_binomial(mean: Positive, target: Count, shape: Positive, *, constant: Share = 0.0) -> Value:
    """The negative log-likelihood of counts that vary more than Poisson's: mean and shape are both predicted.

        shape · log(1 + mean / shape) + target · log(1 + shape / mean)
        − log Γ(target + shape) + log Γ(shape) + constant · log target!

    It is in nats. The variance of the distribution is mean + mean² / shape. No difference of large logarithms of Γ is
    computed: the loss is exact for shapes of 1e-300 and of 1e300.

    Use it when the target is a number of events whose variance is larger than their mean.

    Args:
        mean: Expected numbers of events, > 0.
        target: Counts: finite numbers ≥ 0, whole or not.
        shape: Numbers > 0; the larger, the closer to Poisson's distribution. The inverse is called dispersion.
        constant: 1 adds what does not depend on the predictions, log target!, and 0 leaves it out.

    Example:
        >>> import lossary as ls
        >>> float(ls.negative_binomial([1.0], [0.0], [1.0]))  # log 2
        0.6931471805599453

    Identities: tends to ``poisson`` as the shape grows. With a shape of 1 it is the geometric distribution's.

    Elsewhere: written with differences of ``lgamma``, as in scvi-tools and many models, it loses all digits in float32
    for a shape of 1e7; PyTorch's ``distributions.NegativeBinomial`` has 14.03 in place of 14.31 for a mean of
    1,010,000, a target of 1,000,000 and a shape of 2.5.
    """
    few, several, share = mean < shape, mean < 1e3 * shape, log_ratio(mean, shape)
    by_mean = log1p(where(several, mean / shape, 1.0))  # 1 in the place of what may overflow and is not used
    by_shape = log1p(where(few, 1.0, shape / mean))
    log_sum = where(several, by_mean, share + by_shape)  # of mean + shape, less that of shape
    of_mean = where(mean < 1e-20 * shape, mean, product(shape, log_sum))
    of_target = where(few, computed_as(log_ratio(mean + shape, mean), by_mean - share), by_shape)
    rest = weighted(target, of_target) - log_rising(shape, target)
    by_poisson = of_mean + weighted(target, by_mean - log(mean)) - log_rising_ratio(shape, target)
    limit, is_poisson = mean - weighted(target, log(mean)), equal(shape, math.inf)
    value = where(is_poisson, limit, where(few, where(8.0 < shape, by_poisson, of_mean + rest), of_mean + rest))
    textbook = shape * log1p(mean / shape) + target * log1p(shape / mean) - log_rising(shape, target)
    of_constant = weighted(constant, log_factorial(target))
    in_mean, in_target, in_shape = _slopes(mean, target, shape, log_sum, of_target)
    is_large, large, by_large = _of_large(as_node(mean), as_node(target), as_node(shape), as_node(constant))
    in_target = in_target + weighted(constant, digamma(target + 1.0))
    in_target = computed_as(in_target, where(is_large, by_large, in_target))
    slopes = mean, in_mean, target, in_target, shape, in_shape, constant, log_factorial(target)
    return written_as(textbook + of_constant, with_slopes(where(is_large, large, value + of_constant), *slopes))


def _of_large(mean: Node, target: Node, shape: Node, constant: Node) -> tuple[Node, Node, Node]:
    """Return where a target is large, the loss with log target!, and its slope in the target: Loader's form.

    Where the constant is 1, it is a sum of two deviances and of small terms: those of shape and target, of a count of
    both, to what is expected of such a count, whose logarithms by them are ``of_shape`` and ``of_target``.
    """
    gap, whole, both = target - mean, target + shape, mean + shape

    def rise(x: Node, far: Node) -> Node:
        return where(absolute(x) < 0.5, log1p(x), far)

    of_shape = rise(gap / both, log_ratio(whole, both))
    of_target = rise(-(shape / both) * (gap / target), log_ratio(mean, target) + of_shape)
    deviance = product(shape, expm1_gap(of_shape)) + product(target, expm1_gap(of_target))
    rest = 0.5 * (log(target) + log(whole)) + (log_gamma_rest(shape) + (stirling_rest(target) - stirling_rest(whole)))
    slope = 0.5 / whole + 0.5 / target + (digamma_rest(whole) - digamma_rest(target)) - of_target
    left_out = 1.0 - constant
    loss = deviance + rest - product(left_out, log_factorial(target))
    is_moderate = (absolute(of_shape) < MODERATE) & (absolute(of_target) < MODERATE)
    is_large = (0.0 < constant) & (NEAR < target) & (mean + whole < math.inf) & is_moderate
    return is_large, loss, slope - product(left_out, digamma(target + 1.0))


def _shares(mean: Value, shape: Value) -> tuple[Node, Node]:
    """Return what mean and shape are of their sum."""
    few = mean < shape
    ratio = where(few, mean / shape, shape / mean)
    return where(few, ratio, 1.0) / (1.0 + ratio), where(few, 1.0, ratio) / (1.0 + ratio)


def _slopes(mean: Value, target: Value, shape: Value, log_sum: Node, of_target: Node) -> tuple[Node, Node, Node]:
    """Return the slopes of ``negative_binomial`` in mean, target and shape.

    Theirs are closed forms, too: no factor overflows or is lost where the product is not.
    """
    whole, times, few = mean + shape, target / mean, mean < shape
    of_mean, of_shape = _shares(mean, shape)

    def of_whole(x: Value) -> Node:
        """Return shape · x / (mean + shape)."""
        by_share = product(of_shape, x)
        return where(1e-30 < of_shape, by_share, where(absolute(x) < 1.0, by_share, shape * x / whole))

    rising = of_whole(times) * (1.0 + of_mean)
    bend = where(whole < 1e-30, (rising - of_shape * of_mean) / mean, rising / mean - of_shape / whole)
    across = (of_mean - target / whole) / whole
    in_mean = with_slopes(of_whole(1.0 - times), mean, bend, target, -(of_shape / mean), shape, across)

    small = where(few, mean / shape, 0.0)
    near, rest = log1p_gap(small) + small * of_mean - target * small / whole, of_mean * of_mean / shape
    near_bend = target * small / whole * (1.0 / whole + 1.0 / shape) - rest
    near = with_slopes(near, mean, across, target, -(small / whole), shape, near_bend)
    far = log_sum - of_mean + target / whole
    far = with_slopes(far, mean, across, target, 1.0 / whole, shape, -(rest + target / whole / whole))
    near, far = near - rising_ratio_slope(shape, target), far - rising_slope(shape, target)
    in_shape = where(equal(shape, math.inf), 0.0, where(few, where(8.0 < shape, near, far), far))

    in_target = where(equal(shape, math.inf), -log(mean), of_target - digamma(shape + target))
    return in_mean, in_target, in_shape


@pointwise(
    task="distribution",
    aliases=("zip_nll",),
    references=(
        "Lambert (1992), Zero-inflated Poisson regression, with an application to defects …, Technometrics 34(1), 1–14",
    ),
)
def zero_inflated_poisson(rate: NonNegative, target: Count, zero_logit: Real, *, constant: Share = 0.0) -> Value:
    """The negative log-likelihood of counts with more zeros than Poisson's: some items never have events.

        −log(π + (1 − π) exp(−rate))                                          for a target of 0
        −log(1 − π) + rate − target · log rate + constant · log target!       for others
        with π = sigmoid(zero_logit)

    It is in nats. π is the probability that an item is one of those that have no events. The loss of a zero is exact
    where π or the rate is nearly 0, and where both are so large that a sum of exponentials would overflow.

    Use it when the target is a number of events, and is 0 far more often than its other values suggest.

    Args:
        rate: Expected numbers of events of the items that can have some, ≥ 0.
        target: Counts: finite numbers ≥ 0.
        zero_logit: Logits of π: numbers.
        constant: 1 adds what does not depend on the predictions, log target!, and 0 leaves it out.

    Example:
        >>> import lossary as ls
        >>> float(ls.zero_inflated_poisson([2.0], [1.0], [0.0]))  # log 2 + 2 − log 2
        2.0

    Identities: tends to ``poisson`` as ``zero_logit`` tends to −∞.
    """
    r, z = as_node(rate), as_node(zero_logit)
    some = softplus(z) + _of_rate(r, log(r), as_node(target), as_node(constant))
    return where(equal(target, 0.0), _no_event(r, z), some)


def _no_event(rate: Node, logit: Node) -> Node:
    """Return −log(π + (1 − π) exp(−rate)), given the logit of π."""
    other, whole = sigmoid(-logit), logit + rate
    missing = product(other, -expm1(-rate))  # the probability of some events
    is_near = missing < 0.5
    far = softplus(logit) - maximum(logit, -rate) - log1p_fraction(exp(-absolute(whole)))
    value = where(is_near, -log1p(where(is_near, -missing, 0.0)), far)
    textbook = -log(sigmoid(logit) + other * exp(-rate))
    number = -product(sigmoid(whole), missing)
    both = logit + whole
    rising, falling = sigmoid(whole) * sigmoid(logit), sigmoid(-whole) * other
    steeper = where(0.0 < both, rising * expm1(-absolute(both)), -(falling * expm1(-absolute(both))))
    by_logit = with_slopes(number, rate, -sigmoid_slope(whole), logit, product(number, steeper))
    return written_as(textbook, with_slopes(value, rate, sigmoid(-whole), logit, by_logit))
