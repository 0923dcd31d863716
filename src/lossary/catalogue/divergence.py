"""Divergences of two distributions."""

from __future__ import annotations

import math

from lossary.catalogue.record import Scores
from lossary.catalogue.registry import linear_softmax, row, softmax
from lossary.catalogue.temperature import at_temperature
from lossary.domains import Distribution, LogProbability, Positive, Real
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    computed_as,
    equal,
    log,
    log_ratio,
    log_softmax,
    nonnegative,
    product,
    total,
    weighted,
    where,
    with_slopes,
    written_as,
)
from lossary.vocabulary import softmax as softmax_of

HINTON = "Hinton, Vinyals & Dean (2015), Distilling the knowledge in a neural network, arXiv:1503.02531"
AGARWAL = "Agarwal et al. (2024), On-policy distillation of language models, ICLR, arXiv:2306.13649"
MINKA = "Minka (2005), Divergence measures and message passing, Microsoft Research MSR-TR-2005-173"
KULLBACK = "Kullback & Leibler (1951), On information and sufficiency, Annals of Mathematical Statistics 22(1), 79–86"


@row(
    task="divergence",
    fits=("multiclass",),
    counterpart="softmax_kl_divergence",
    compared=True,
    aliases=("keras.losses.KLDivergence", "keras.losses.kl_divergence", "kld", "KLD"),
    references=(KULLBACK,),
)
def kl_divergence(probability: Distribution, target: Distribution) -> Value:
    """The Kullback–Leibler divergence of a predicted distribution: KL(target ‖ prediction).

        Σ_c t_c log(t_c / probability_c)

    Each row has one loss, in nats; it is never negative, and 0 for equal rows. A class with target 0 adds 0, whatever
    its probability; with probability 0 and a target above 0, the loss is infinite.

    Use it when predicted probabilities should match a distribution, and you want their distance from it.

    Args:
        probability: Rows that sum to 1. For logits, use ``softmax_kl_divergence``.
        target: Rows that sum to 1; or integer labels 0 to K − 1.

    Example:
        >>> import lossary as ls
        >>> float(ls.kl_divergence([[0.25, 0.75]], [[1.0, 0.0]]))  # log 4
        1.386294
        >>> float(ls.kl_divergence([[0.25, 0.75]], [[0.25, 0.75]]))
        0.0

    Identities: it equals ``categorical_cross_entropy`` minus the target's entropy, which is 0 for labels; so the two
    have the same gradient in the prediction.

    Elsewhere: the functions of PyTorch (``kl_div``) and optax take log-probabilities, and do not notice probabilities
    in their place (−1.1931 for the row (¼, ¾) and the target (½, ½), whose divergence is 0.1438). PyTorch's default
    mean divides by the number of elements (0.0719 there), "batchmean" by the length of the first axis; here the mean is
    over rows. ``log_kl_divergence`` takes log-probabilities here. A class with probability 0 and target 0 is NaN in
    both. Keras 3.15.1 clips probabilities to at least 1e-7: probability 0 and target 1 give 16.118 there, infinity
    here.
    """
    return nonnegative(total(weighted(target, log_ratio(target, probability))))


@row(
    task="divergence",
    fits=("multiclass",),
    references=(KULLBACK,),
)
def log_kl_divergence(log_probability: LogProbability, target: Distribution) -> Value:
    """The Kullback–Leibler divergence of a prediction in logarithms: KL(target ‖ exp(log_probability)).

        Σ_c t_c (log t_c − log_probability_c)

    Each row has one loss, in nats; it is never negative, and 0 for equal rows up to rounding: a loss below −0.0156 is
    that of numbers whose exponentials sum to more than 1, which are no log-probabilities. A class with target 0 adds 0,
    whatever its log-probability, −∞ included; with a log-probability of −∞ and a target above 0, the loss is infinite.
    The gradient in the log-probabilities is minus the target.

    Use it when predicted log-probabilities should match a distribution, and are too small for probabilities.

    Args:
        log_probability: At most 0 up to rounding; −∞ excludes a class. The exponentials of a row sum to 1, which is not
            checked, as those of half precision do not. For logits, use ``softmax_kl_divergence``.
        target: Probabilities, not their logarithms: rows that sum to 1; or integer labels 0 to K − 1.

    Example:
        >>> import lossary as ls
        >>> float(ls.log_kl_divergence([[-2.0, -0.145413]], [[0.5, 0.5]]))  # −log 2 + (2 + 0.145413) / 2
        0.379559

    Identities: it equals ``kl_divergence(exp(log_probability), target)``, and ``negative_log_likelihood`` minus the
    target's entropy. For a target in logarithms, too, ``logits_kl_divergence`` takes both as logits: their softmax
    leaves log-probabilities as they are.

    Elsewhere: in PyTorch (``kl_div``) the default mean divides by the number of elements, "batchmean" by the length of
    the first axis; here the mean is over rows. PyTorch 2.13.0 and optax 0.2.8 do not notice probabilities in place of
    their logarithms (−1.1931 for the row (¼, ¾) and the target (½, ½), whose divergence is 0.1438), and give NaN for a
    class with log-probability −∞ and target 0.
    """
    return _divergence(target, log(target), as_node(log_probability))


@softmax(
    task="divergence",
    fits=("multiclass",),
    counterpart="kl_divergence",
    compared=True,
    references=(KULLBACK, HINTON),
)
def softmax_kl_divergence(logits: Real, target: Distribution) -> Value:
    """The Kullback–Leibler divergence of a softmax of logits: KL(target ‖ softmax(logits)).

        Σ_c t_c (log t_c − log(softmax(logits)_c))

    Each row has one loss, in nats; it is never negative, and 0 if softmax(logits) is the target.

    Use it when the softmax of logits should match a distribution, and you want its distance from it.

    Args:
        logits: Numbers. Log-probabilities may be passed, too: their softmax is the probabilities. For probabilities,
            use ``kl_divergence``.
        target: Probabilities, not logits: rows that sum to 1; or integer labels 0 to K − 1.

    Example:
        >>> import lossary as ls
        >>> float(ls.softmax_kl_divergence([[0.0, 0.0]], [[1.0, 0.0]]))  # log 2
        0.693147
        >>> float(ls.softmax_kl_divergence([[0.0, 0.0]], [[0.5, 0.5]]))
        0.0

    Identities: it equals ``kl_divergence(softmax(logits), target)``; ``logits_kl_divergence`` at a temperature of 1, if
    the teacher's logits are log(target); and ``softmax_cross_entropy`` minus the target's entropy, so that the two have
    the same gradient in the logits, softmax(logits) − target.

    Elsewhere: there is no temperature T here. In distillation, the logits of both models are divided by T and the loss
    is multiplied by T². ``LogitsDistillation`` of Keras 3.15.1 does so with a ``KLDivergence()``; Liger-Kernel (read in
    0.8.5) and TRL (read in 1.16.0) leave out T². ``ForwardKLLoss`` of torchtune 0.6.1 is the cross-entropy, which is
    not 0 for equal models.
    """
    return _divergence(target, log(target), log_softmax(logits))


@softmax(
    task="divergence",
    references=(KULLBACK, HINTON),
)
def logits_kl_divergence(logits: Real, target_logits: Real, *, temperature: Positive = 1.0) -> Value:
    """The Kullback–Leibler divergence of two softmaxes, KL(teacher ‖ student), given the logits of both.

        Σ_c q_c (log q_c − log p_c)
        with p = softmax(logits / temperature) and q = softmax(target_logits / temperature)

    Each row has one loss, in nats; it is never negative, and 0 for equal logits. A class that the teacher excludes, by
    a logit of −∞, adds 0, whatever the student's logit; one that only the student excludes makes the loss infinite.

    Use it when a model learns from the logits of another: distillation.

    Args:
        logits: The student's: numbers.
        target_logits: The teacher's: numbers, for the same classes. They have gradients, too, under PyTorch and JAX.
        temperature: Divisor of all logits; > 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.logits_kl_divergence([[0.0, 0.0]], [[0.0, 1.0]]))
        0.110944

    Identities: it equals ``softmax_kl_divergence(logits / temperature, softmax(target_logits / temperature))``, and
    ``linear_kl_divergence`` of layers that make these logits.

    Elsewhere: Hinton et al. and ``LogitsDistillation`` of Keras 3.15.1 multiply it by temperature², so that the
    gradient keeps its size; Liger-Kernel (read in 0.8.5), TRL (read in 1.16.0) and this loss do not. Keras's default,
    the string "kl_divergence", takes logits for probabilities: 0.8676 at a temperature of 3 for logits whose divergence
    times 9 is 3.2577. torchtune's ``ForwardKLLoss`` (0.6.1) is the cross-entropy, which is not 0 for equal models.
    """
    return _of_logits(logits, target_logits, temperature)


@row(
    task="divergence",
    references=(KULLBACK, MINKA),
)
def reverse_kl_divergence(probability: Distribution, target: Distribution) -> Value:
    """The Kullback–Leibler divergence of a target from the prediction: KL(prediction ‖ target).

        Σ_c probability_c log(probability_c / t_c)

    Each row has one loss, in nats; it is never negative, and 0 for equal rows. A class of probability 0 adds 0; with
    a target of 0 and a probability above 0, the loss is infinite: of a label, unless the prediction is certain of it. A
    class that the target has, and the prediction does not, has an infinite slope: where a softmax underflows to 0, as
    it may in float16, the gradient in its logits is NaN. ``reverse_logits_kl_divergence`` of the logits has finite
    slopes there.

    Use it when probability where the target has none is the worst mistake, and one of several peaks is enough.

    Args:
        probability: Rows that sum to 1. For logits, use ``reverse_logits_kl_divergence``.
        target: Rows that sum to 1; or integer labels 0 to K − 1.

    Example:
        >>> import lossary as ls
        >>> float(ls.reverse_kl_divergence([[1.0, 0.0]], [[0.25, 0.75]]))  # log 4
        1.386294

    Identities: it is ``kl_divergence(target, probability)``, differentiated in the other argument.

    Elsewhere: PyTorch, Keras 3.15.1, optax and scikit-learn have it as that only.
    """
    p, t = as_node(probability), as_node(target)
    nowhere = equal(p, 0.0) & equal(t, 0.0)
    ratio, share = log_ratio(p, t), where(nowhere, 0.0, p / t)
    across = where(nowhere, 0.0, -1.0 / t)
    slope = with_slopes(where(nowhere, 0.0, ratio + 1.0), p, where(nowhere, 0.0, 1.0 / p), t, across)
    slope_t = with_slopes(-share, p, across, t, weighted(share, 1.0 / t))
    term = with_slopes(weighted(p, ratio), p, slope, t, slope_t)
    return nonnegative(total(written_as(weighted(p, log(p / t)), term)))


@softmax(
    task="divergence",
    references=(KULLBACK, AGARWAL),
)
def reverse_logits_kl_divergence(logits: Real, target_logits: Real, *, temperature: Positive = 1.0) -> Value:
    """The Kullback–Leibler divergence of two softmaxes, KL(student ‖ teacher), given the logits of both.

        Σ_c p_c (log p_c − log q_c)
        with p = softmax(logits / temperature) and q = softmax(target_logits / temperature)

    Each row has one loss, in nats; it is never negative, and 0 for equal logits. A class that the student excludes, by
    a logit of −∞, adds 0, whatever the teacher's logit; one that only the teacher excludes makes the loss infinite.

    Use it when a model learns from the logits of another on what it wrote itself: on-policy distillation.

    Args:
        logits: The student's: numbers.
        target_logits: The teacher's: numbers, for the same classes. They have gradients, too, under PyTorch and JAX.
        temperature: Divisor of all logits; > 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.reverse_logits_kl_divergence([[0.0, 1.0]], [[0.0, 0.0]]))
        0.110944

    Identities: it is ``logits_kl_divergence(target_logits, logits)``, differentiated in the other argument.

    Elsewhere: it is ``ReverseKLLoss`` of torchtune 0.6.1 at a temperature of 1, which ignores the label −100.
    """
    scaled = at_temperature(logits, temperature)
    teacher, student = log_softmax(at_temperature(target_logits, temperature)), log_softmax(scaled)
    share = softmax_of(scaled)
    worst = equal(teacher, -math.inf)
    gap = student - where(worst, 0.0, teacher)
    term = product(share, gap)  # in log p its slope is p (gap + 1), which keeps its digits where p is nearly 1
    slope = with_slopes(term + share, student, term + 2.0 * share, teacher, -share)
    exact = total(with_slopes(term, student, slope, teacher, with_slopes(-share, student, -share)))
    whole = exact + product(_sum_of_shares(scaled, share, worst), math.inf)
    return nonnegative(written_as(total(weighted(share, student - teacher)), whole))


def _sum_of_shares(logits: Node, share: Node, chosen: Node) -> Node:
    """Return the softmax's sum over the chosen classes; both its slopes are exactly 0 where all or none are chosen.

    Moving a chosen logit, the sum changes by that class's share of what is not chosen; another, by minus its share of
    the sum.
    """

    def sloped(inside: Node, outside: Node) -> tuple[Node, Node]:
        slope = product(share, where(chosen, total(outside), -total(inside)))
        return with_slopes(inside, logits, slope), with_slopes(outside, logits, -slope)

    return total(sloped(*sloped(where(chosen, share, 0.0), where(chosen, 0.0, share)))[0])


@linear_softmax(
    task="divergence",
    fits=("multiclass",),
    scores=(
        Scores("logits", "features", "classifier", "bias"),
        Scores("target_logits", "target_features", "target_classifier", "target_bias"),
    ),
    references=(KULLBACK, HINTON),
)
def linear_kl_divergence(logits: Real, target_logits: Real, *, temperature: Positive = 1.0) -> Value:
    """The divergence of two last linear layers, KL(teacher ‖ student); the logits are never stored.

        Σ_c q_c (log q_c − log p_c)
        with p = softmax((features · classifierᵀ + bias) / temperature), and q likewise of the target's

    Each row has one loss, in nats; it is never negative, and 0 for equal logits. Student and teacher have the same
    classes; their features may differ in width.

    Use it when a small language model learns from a large one, and the logits of both would fill the memory.

    Args:
        features: Input of the student's last layer.
        classifier: Weight of the student's layer.
        target_features: Input of the teacher's last layer.
        target_classifier: Weight of the teacher's layer.
        bias: Added to the student's logits; optional.
        target_bias: Added to the teacher's logits; optional.
        temperature: Divisor of all logits; > 0.

    Example:
        >>> import lossary as ls
        >>> student, teacher = [[0.0, 0.0]], [[0.0, 1.0]]
        >>> classifier = [[1.0, 0.0], [0.0, 1.0]]
        >>> float(ls.linear_kl_divergence(student, classifier, teacher, classifier))
        0.110944

    Identities: it equals ``logits_kl_divergence`` of the layers' logits.

    Elsewhere: Hinton et al. and ``LogitsDistillation`` of Keras 3.15.1 multiply it by temperature², so that the
    gradient keeps its size; Liger-Kernel (read in 0.8.5), TRL (read in 1.16.0) and this loss do not.
    """
    return _of_logits(logits, target_logits, temperature)


def _of_logits(logits: Value, target_logits: Value, temperature: Value) -> Node:
    teacher, student = at_temperature(target_logits, temperature), at_temperature(logits, temperature)
    return _divergence(softmax_of(teacher), log_softmax(teacher), log_softmax(student))


def _divergence(target: Value, log_target: Node, log_probability: Node) -> Node:
    """Return Σ t (log t − log p); infinite where p is 0, whatever t is."""
    gap = log_target - log_probability
    gap = computed_as(gap, where(equal(log_probability, -math.inf), math.inf, gap))
    return nonnegative(total(weighted(target, gap)))
