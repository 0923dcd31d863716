"""Distances between two distributions."""

from __future__ import annotations

import math

from lossary.catalogue.record import Scores, linear_softmax, row, softmax
from lossary.domains import Distribution, Positive, Real
from lossary.symbolic.graph import Node, Value
from lossary.vocabulary import clip, computed_as, equal, log, log_ratio, log_softmax, tempered, total, weighted, where
from lossary.vocabulary import softmax as softmax_of

HINTON = "Hinton, Vinyals & Dean (2015), Distilling the knowledge in a neural network, arXiv:1503.02531"
KULLBACK = "Kullback & Leibler (1951), On information and sufficiency, Annals of Mathematical Statistics 22(1), 79–86"


@row(
    task="divergence",
    fits=("multiclass",),
    counterpart="softmax_kl_divergence",
    aliases=("keras.losses.KLDivergence", "keras.losses.kl_divergence", "kld", "KLD"),
    references=(KULLBACK,),
)
def kl_divergence(probability: Distribution, target: Distribution) -> Value:
    """How far a predicted distribution is from the target's: KL(target ‖ prediction).

        Σ_c t_c log(t_c / probability_c)

    A row has one loss, in nats; it is never negative, and 0 for equal rows. A class whose target is 0 adds 0,
    whatever its probability; a class of probability 0 whose target is not 0 makes the loss infinite.

    Args:
        probability: Rows that sum to 1, (..., K); the classes lie along ``axis``. For scores before a softmax there is
            ``softmax_kl_divergence``.
        target: Rows that sum to 1, of the same shape; or integer labels, of the shape without the classes.

    Raises:
        ShapeError: The target has neither of the two shapes, or there are fewer than two classes.
        DomainError: A probability lies outside [0, 1], a row does not sum to 1, or a target is NaN.
        LabelError: A label is not one of the classes.

    Example:
        >>> import lossary as ls
        >>> float(ls.kl_divergence([[0.25, 0.75]], [[1.0, 0.0]]))  # log 4
        1.386294
        >>> float(ls.kl_divergence([[0.25, 0.75]], [[0.25, 0.75]]))
        0.0

    Identities: ``categorical_cross_entropy`` less the target's entropy, so that the two have the same gradient
    in the prediction; equal to it for labels.

    Elsewhere: PyTorch's ``kl_div`` and optax's take log-probabilities, and do not notice probabilities in their
    place (−1.1931 for the row (¼, ¾) and the target (½, ½), where the divergence is 0.1438). PyTorch's default mean
    divides by the number of elements (0.0719 there), its "batchmean" by the first axis; here a mean is over rows. A
    class of probability and target 0 is NaN in both. Keras 3.15.1 puts 1e-7 under probabilities: 16.118 for 0 and the
    target 1, which is infinite.
    """
    return clip(total(weighted(target, log_ratio(target, probability))), 0.0, math.inf)


@softmax(
    task="divergence",
    fits=("multiclass",),
    counterpart="kl_divergence",
    references=(KULLBACK, HINTON),
)
def softmax_kl_divergence(logits: Real, target: Distribution) -> Value:
    """How far the softmax of logits is from the target distribution: KL(target ‖ softmax(logits)).

        Σ_c t_c (log t_c − log(softmax(logits)_c))

    A row has one loss, in nats; it is never negative, and 0 where softmax(logits) is the target.

    Args:
        logits: Numbers, (..., K); the classes lie along ``axis``. Log-probabilities are logits too: the softmax leaves
            them as they are. For probabilities there is ``kl_divergence``.
        target: Probabilities, not logits: rows that sum to 1, of the same shape; or integer labels, of the shape
            without the classes.

    Raises:
        ShapeError: The target has neither of the two shapes, or there are fewer than two classes.
        DomainError: A target lies outside [0, 1] or is NaN, or a row of targets does not sum to 1.
        LabelError: A label is not one of the classes.

    Example:
        >>> import lossary as ls
        >>> float(ls.softmax_kl_divergence([[0.0, 0.0]], [[1.0, 0.0]]))  # log 2
        0.693147
        >>> float(ls.softmax_kl_divergence([[0.0, 0.0]], [[0.5, 0.5]]))
        0.0

    Identities: ``kl_divergence(softmax(logits), target)``; ``linear_kl_divergence`` of a layer that makes log(target)
    at a temperature of 1; ``softmax_cross_entropy`` less the target's entropy,
    so that the two have the same gradient in the logits, softmax(logits) − target.

    Elsewhere: there is no temperature T here. Distillation divides both models' logits by T and multiplies the
    loss by T²: ``LogitsDistillation`` of Keras 3.15.1 does so if given a ``KLDivergence()``; Liger-Kernel (read in
    0.8.5) and TRL (read in 1.16.0) leave T² out. ``ForwardKLLoss`` of torchtune 0.6.1 is the cross-entropy, which is
    not 0 for equal models.
    """
    return clip(total(weighted(target, _log_gap(log(target), log_softmax(logits)))), 0.0, math.inf)


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
    """How far a student's last layer is from its teacher's: KL(teacher ‖ student); no logits are stored.

        Σ_c q_c (log q_c − log p_c)
        with p = softmax((features · classifierᵀ + bias) / temperature), and q likewise of the target's

    A row has one loss, in nats; it is never negative, and 0 for equal logits. Student and teacher may have features
    of different widths, and share the classes.

    Args:
        features: What the student's last layer sees, (..., D).
        classifier: That layer's weight, (K, D).
        target_features: What the teacher's last layer sees, (..., E).
        target_classifier: That layer's weight, (K, E).
        bias: Added to the student's logits, (K,); none unless given.
        target_bias: Added to the teacher's, (K,); none unless given.
        temperature: What all logits are divided by; > 0.

    Raises:
        ShapeError: Features and classifier differ in width, student and teacher in rows or classes, or there are
            fewer than two classes.
        ArgumentError: temperature is not > 0.

    Example:
        >>> import lossary as ls
        >>> student, teacher = [[0.0, 0.0]], [[0.0, 1.0]]
        >>> classifier = [[1.0, 0.0], [0.0, 1.0]]
        >>> float(ls.linear_kl_divergence(student, classifier, teacher, classifier))
        0.110944

    Identities: ``softmax_kl_divergence(logits / temperature, softmax(target_logits / temperature))``.

    Elsewhere: distillation multiplies it by temperature² so that the gradient keeps its size (Hinton;
    ``LogitsDistillation`` of Keras 3.15.1); Liger-Kernel (read in 0.8.5) and TRL (read in 1.16.0) do not, nor does
    this. PyTorch's ``kl_div`` has the arguments the other way round.
    """
    teacher, student = tempered(target_logits, temperature), tempered(logits, temperature)
    gap = _log_gap(log_softmax(teacher), log_softmax(student))
    return clip(total(weighted(softmax_of(teacher), gap)), 0.0, math.inf)


def _log_gap(log_target: Node, log_probability: Node) -> Node:
    """log t − log p: what a class costs for each unit of target; infinite where p is 0, whatever t is."""
    gap = log_target - log_probability
    return computed_as(gap, where(equal(log_probability, -math.inf), math.inf, gap))
