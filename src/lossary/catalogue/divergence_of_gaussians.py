"""Divergences of two normal distributions, of which the variances are given as logarithms."""

from __future__ import annotations

import math
from functools import reduce

from lossary.catalogue.registry import pointwise
from lossary.domains import Real
from lossary.symbolic.graph import Value, as_node
from lossary.vocabulary import (
    absolute,
    equal,
    exp,
    expm1,
    expm1_gap,
    maximum,
    minimum,
    product,
    square,
    where,
    with_slopes,
    written_as,
)

KULLBACK = "Kullback & Leibler (1951), On information and sufficiency, Annals of Mathematical Statistics 22(1), 79–86"


@pointwise(task="divergence", references=(KULLBACK,))
def gaussian_kl_divergence(mean: Real, log_variance: Real, target_mean: Real, target_log_variance: Real) -> Value:
    """The Kullback–Leibler divergence of a predicted normal distribution: KL(target ‖ prediction).

        ½ (exp(g) − 1 − g + (mean − target_mean)² / exp(log_variance))
        with g = target_log_variance − log_variance

    Each number has one loss, in nats; it is never negative, and 0 for equal distributions. That of independent
    numbers, as of a diagonal covariance, is the sum of theirs.

    Use it when a model learns the mean and the variance of another one: distillation of regressions.

    Args:
        mean: Predicted means.
        log_variance: Logarithms of the predicted variances.
        target_mean: Means of the target distribution.
        target_log_variance: Logarithms of its variances.

    Example:
        >>> import lossary as ls
        >>> float(ls.gaussian_kl_divergence([1.0], [0.0], [3.0], [0.0]))  # ½ · 2²
        2.0

    Identities: it has the gradient of ``gaussian_nll``'s expected value. The other divergence, KL(prediction ‖ target),
    is that of the arguments in another order: ``gaussian_kl_divergence(target_mean, target_log_variance, mean,
    log_variance)``; of a standard normal target it is ``standard_normal_kl``.
    """
    gap, error, v = as_node(target_log_variance) - log_variance, as_node(mean) - target_mean, as_node(log_variance)
    shown = 0.5 * (expm1_gap(gap) + square(error) / exp(v))
    far, inner = equal(absolute(error), math.inf), minimum(maximum(v, -160.0), 160.0)
    factors = exp(-0.5 * inner), exp(-0.5 * where(equal(v, inner), 0.0, v - inner))  # whose product may overflow
    scaled = where(far, error, reduce(product, factors, error))
    pull = where(far, error, reduce(product, factors, scaled))
    squared, precision = square(scaled), reduce(product, (*factors, *factors))
    pull = with_slopes(pull, error, precision, v, -pull)
    push = with_slopes(0.5 * expm1(gap), gap, 0.5 * exp(gap))
    by_variance = with_slopes(-0.5 * squared, error, -pull, v, 0.5 * squared)
    return written_as(shown, with_slopes(0.5 * (expm1_gap(gap) + squared), error, pull, gap, push, v, by_variance))


@pointwise(
    task="divergence",
    references=("Kingma & Welling (2014), Auto-encoding variational Bayes, ICLR, arXiv:1312.6114 (appendix B)",),
)
def standard_normal_kl(mean: Real, log_variance: Real) -> Value:
    """The divergence KL(prediction ‖ N(0, 1)) of a predicted normal distribution from the standard one.

        ½ (mean² + exp(log_variance) − 1 − log_variance)

    Each number has one loss, in nats; it is never negative, and 0 for a mean of 0 and a variance of 1.

    Use it when latent variables should stay close to a standard normal distribution: variational autoencoders.

    Args:
        mean: Predicted means.
        log_variance: Logarithms of the predicted variances.

    Example:
        >>> import lossary as ls
        >>> float(ls.standard_normal_kl([2.0], [0.0]))  # ½ · 2²
        2.0

    Identities: ``gaussian_kl_divergence(0, 0, mean, log_variance)``. The evidence lower bound of an autoencoder has its
    sum over the latent dimensions of an item, beside the sum of the reconstruction's loss: take both with
    ``reduction="sum"``, or divide by the number of items, as means over different shapes have another ratio.

    Elsewhere: the expression −½ (1 + log_variance − mean² − exp(log_variance)) of many examples has no digits left for
    variances close to 1 in float32: 0 for a log-variance of 1e-4, whose divergence is 2.5e-9.
    """
    return 0.5 * (square(mean) + expm1_gap(log_variance))
