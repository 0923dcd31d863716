"""Losses of a yes-or-no target."""

from __future__ import annotations

from lossary.catalogue.record import pointwise
from lossary.domains import NonNegative, Probability, Real, Smoothing
from lossary.symbolic.graph import Value
from lossary.vocabulary import log, log1p, softplus, weighted

COX = "Cox (1958), The regression analysis of binary sequences, J. of the Royal Statistical Society B 20(2), 215–242"
GOOD = "Good (1952), Rational decisions, J. of the Royal Statistical Society B 14(1), 107–114"
SZEGEDY = "Szegedy et al. (2016), Rethinking the Inception architecture, arXiv:1512.00567 (label smoothing)"


@pointwise(
    task="binary",
    counterpart="sigmoid_cross_entropy",
    aliases=(
        "torch.nn.BCELoss",
        "torch.nn.functional.binary_cross_entropy",
        "keras.losses.BinaryCrossentropy",
        "keras.losses.binary_crossentropy",
        "bce",
        "BCE",
    ),
    references=(GOOD, COX, SZEGEDY),
)
def binary_cross_entropy(
    probability: Probability,
    target: Probability,
    *,
    positive_weight: NonNegative = 1.0,
    label_smoothing: Smoothing = 0.0,
) -> Value:
    """Minus the log-probability of a yes-or-no outcome, given the probability of yes.

        −positive_weight · t log(probability) − (1 − t) log(1 − probability)
        with t = (1 − label_smoothing) · target + ½ label_smoothing

    It is in nats. The limits are exact: 0 for probability 0 and target 0, infinite for probability 0 and target 1.

    Args:
        probability: Of yes, in [0, 1] up to rounding, of any shape. For scores before a sigmoid there is
            ``sigmoid_cross_entropy``.
        target: 0, 1 or a probability between them, of the same shape; integers and booleans are converted.
        positive_weight: What a positive target counts beside a negative one; ≥ 0. It does not enter what a mean
            divides by.
        label_smoothing: How far targets are moved towards ½; in [0, 1].

    Raises:
        ShapeError: The shapes differ; (N,) and (N, 1) do.
        DomainError: A probability or a target lies outside [0, 1], or a target is NaN.
        ArgumentError: positive_weight or label_smoothing is out of its range.

    Example:
        >>> import lossary as ls
        >>> ls.binary_cross_entropy([0.5, 1.0, 0.0], [1, 1, 1], reduction="none").tolist()  # log 2, 0, infinite
        [0.693147, 0.0, inf]

    Identities: ``sigmoid_cross_entropy(log(p / (1 − p)), t)``; ``categorical_cross_entropy`` of the row (1 − p, p).

    Elsewhere: others put something under the logarithm. Probability 0 and target 1 cost 100 in PyTorch (with a
    slope of −1e12), 36.04 in scikit-learn's ``log_loss`` and 16.118 in Keras 3.15.1 (with a slope of 0), which does
    not check the range. Smoothing is Keras'; that of segmentation_models.pytorch 0.6.0 moves targets twice as far.
    """
    positive, negative = _smoothed(target, label_smoothing)
    yes, no = -log(probability), -log1p(-probability)
    return weighted(positive_weight, weighted(positive, yes)) + weighted(negative, no)


@pointwise(
    task="binary",
    counterpart="binary_cross_entropy",
    aliases=(
        "torch.nn.BCEWithLogitsLoss",
        "torch.nn.functional.binary_cross_entropy_with_logits",
        "optax.losses.sigmoid_binary_cross_entropy",
        "sklearn._loss.loss.HalfBinomialLoss",
    ),
    references=(COX, SZEGEDY),
)
def sigmoid_cross_entropy(
    logits: Real, target: Probability, *, positive_weight: NonNegative = 1.0, label_smoothing: Smoothing = 0.0
) -> Value:
    """Minus the log-probability of a yes-or-no outcome, given its logit: the logistic loss.

        positive_weight · t log(1 + exp(−logits)) + (1 − t) log(1 + exp(logits))
        with t = (1 − label_smoothing) · target + ½ label_smoothing

    It is in nats. No logit is too large: −200 for target 1 costs 200, and an infinite logit on the right side 0.

    Args:
        logits: Log-odds of yes, of any shape: any numbers. For probabilities there is ``binary_cross_entropy``.
        target: 0, 1 or a probability between them, of the same shape; integers and booleans are converted.
        positive_weight: What a positive target counts beside a negative one; ≥ 0. It does not enter what a mean
            divides by.
        label_smoothing: How far targets are moved towards ½; in [0, 1].

    Raises:
        ShapeError: The shapes differ; (N,) and (N, 1) do.
        DomainError: A target lies outside [0, 1] or is NaN.
        ArgumentError: positive_weight or label_smoothing is out of its range.

    Example:
        >>> import lossary as ls
        >>> ls.sigmoid_cross_entropy([0.0, -200.0], [1, 1], reduction="none").tolist()  # log 2, and 200
        [0.693147, 200.0]

    Identities: ``binary_cross_entropy(sigmoid(logits), target)``; ``softmax_cross_entropy`` of the row (0,
    logits). Without smoothing and weight its slope is sigmoid(logits) − target.

    Elsewhere: ``positive_weight`` is PyTorch's ``pos_weight``; optax has none, nor has Keras 3.15.1. PyTorch takes
    targets outside [0, 1] and no integer targets, and is NaN for the logit −∞ and target 0. For the labels −1 and 1
    this loss is its ``SoftMarginLoss``, which overflows at −200 in float32.
    """
    positive, negative = _smoothed(target, label_smoothing)
    return weighted(positive_weight, weighted(positive, softplus(-logits))) + weighted(negative, softplus(logits))


def _smoothed(target: Value, smoothing: Value) -> tuple[Value, Value]:
    """The shares of yes and of no."""
    kept, moved = 1.0 - smoothing, 0.5 * smoothing
    return weighted(kept, target) + moved, weighted(kept, 1.0 - target) + moved
