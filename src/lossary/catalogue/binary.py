"""Binary losses: of targets that are yes or no."""

from __future__ import annotations

from lossary.catalogue.registry import pointwise
from lossary.domains import NonNegative, Probability, Real, Share
from lossary.symbolic.graph import Value
from lossary.vocabulary import log, log1p, softplus, weighted

COX = "Cox (1958), The regression analysis of binary sequences, J. of the Royal Statistical Society B 20(2), 215–242"
GOOD = "Good (1952), Rational decisions, J. of the Royal Statistical Society B 14(1), 107–114"
SZEGEDY = "Szegedy et al. (2016), Rethinking the Inception architecture, arXiv:1512.00567 (label smoothing)"


@pointwise(
    task="binary",
    counterpart="sigmoid_cross_entropy",
    compared=True,
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
    label_smoothing: Share = 0.0,
) -> Value:
    """Minus the log-probability of a yes-or-no outcome, given the probability of yes.

        −positive_weight · t log(probability) − (1 − t) log(1 − probability)
        with t = (1 − label_smoothing) · target + ½ label_smoothing

    It is in nats. Its limits are exact: with probability 0, it is 0 for target 0 and infinite for target 1.

    Use it when the network ends in a probability of yes; if it gives logits, use ``sigmoid_cross_entropy``.

    Args:
        probability: Probability of yes, in [0, 1] up to rounding. For logits, use ``sigmoid_cross_entropy``.
        target: 0, 1 or a probability between them; may be integers or booleans.
        positive_weight: Weight of the term of positive targets; ≥ 0. The mean's denominator does not include it.
        label_smoothing: Fraction of the way by which targets are moved to ½; in [0, 1].

    Example:
        >>> import lossary as ls
        >>> ls.binary_cross_entropy([0.5, 1.0, 0.0], [1, 1, 1], reduction="none").tolist()  # log 2, 0, infinite
        [0.693147, 0.0, inf]

    Identities: it equals ``sigmoid_cross_entropy(log(p / (1 − p)), t)``, and ``categorical_cross_entropy`` of the row
    (1 − p, p).

    Elsewhere: other libraries clip the probability or its logarithm. Probability 0 and target 1 give 100 in PyTorch
    (slope −1e12), 36.04 in scikit-learn's ``log_loss``, and 16.118 in Keras 3.15.1 (slope 0), which does not check the
    range. Label smoothing is as in Keras; in segmentation_models.pytorch 0.6.0 it moves targets twice as far.
    """
    positive, negative = _smoothed(target, label_smoothing)
    yes, no = -log(probability), -log1p(-probability)
    return weighted(positive_weight, weighted(positive, yes)) + weighted(negative, no)


@pointwise(
    task="binary",
    counterpart="binary_cross_entropy",
    compared=True,
    aliases=(
        "torch.nn.BCEWithLogitsLoss",
        "torch.nn.functional.binary_cross_entropy_with_logits",
        "optax.losses.sigmoid_binary_cross_entropy",
        "sklearn._loss.loss.HalfBinomialLoss",
    ),
    references=(COX, SZEGEDY),
)
def sigmoid_cross_entropy(
    logits: Real, target: Probability, *, positive_weight: NonNegative = 1.0, label_smoothing: Share = 0.0
) -> Value:
    """Minus the log-probability of a yes-or-no outcome, given its logit: the logistic loss.

        positive_weight · t log(1 + exp(−logits)) + (1 − t) log(1 + exp(logits))
        with t = (1 − label_smoothing) · target + ½ label_smoothing

    It is in nats, and exact for logits of any size: logit −200 and target 1 give 200, logit +∞ and target 1 give 0.

    Use it when the target is yes or no, once or for each of several labels, and the network gives logits.

    Args:
        logits: Log-odds of yes: any numbers. For probabilities, use ``binary_cross_entropy``.
        target: 0, 1 or a probability between them; may be integers or booleans.
        positive_weight: Weight of the term of positive targets; ≥ 0. The mean's denominator does not include it.
        label_smoothing: Fraction of the way by which targets are moved to ½; in [0, 1].

    Example:
        >>> import lossary as ls
        >>> ls.sigmoid_cross_entropy([0.0, -200.0], [1, 1], reduction="none").tolist()  # log 2, and 200
        [0.693147, 200.0]

    Identities: it equals ``binary_cross_entropy(sigmoid(logits), target)``, and ``softmax_cross_entropy`` of the row
    (0, logits). By default its slope is sigmoid(logits) − target.

    Elsewhere: ``positive_weight`` is ``pos_weight`` in PyTorch; optax and Keras 3.15.1 have none. PyTorch accepts
    targets outside [0, 1] but no integers, and gives NaN for logit −∞ and target 0. Its ``SoftMarginLoss`` is this loss
    for labels −1 and 1, and overflows at −200 in float32.
    """
    positive, negative = _smoothed(target, label_smoothing)
    return weighted(positive_weight, weighted(positive, softplus(-logits))) + weighted(negative, softplus(logits))


def _smoothed(target: Value, smoothing: Value) -> tuple[Value, Value]:
    """Return the smoothed probabilities of yes and of no."""
    kept, moved = 1.0 - smoothing, 0.5 * smoothing
    return weighted(kept, target) + moved, weighted(kept, 1.0 - target) + moved
