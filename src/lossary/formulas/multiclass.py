"""Losses of one class among several."""

from __future__ import annotations

from lossary.domains import Probability, Real
from lossary.graph import Value
from lossary.record import row, softmax
from lossary.vocabulary import log, log_softmax, weighted

SZEGEDY = "Szegedy et al. (2016), Rethinking the Inception architecture, arXiv:1512.00567 (label smoothing)"


@row(
    aliases=(
        "keras.losses.CategoricalCrossentropy",
        "keras.losses.categorical_crossentropy",
        "keras.losses.SparseCategoricalCrossentropy",
        "keras.losses.sparse_categorical_crossentropy",
    ),
    references=(
        "Good (1952), Rational decisions, J. of the Royal Statistical Society B 14(1), 107–114",
        SZEGEDY,
    ),
)
def categorical_cross_entropy(probability: Probability, target: Probability) -> Value:
    """Minus the log-probability of the right class, given a probability for each class.

        −Σ_c t_c log(probability_c)

    A row of K classes has one loss, in nats: −log(probability of the label), if the target is a label. A class
    of probability 0 costs nothing where its target is 0, and makes the loss infinite elsewhere.

    Args:
        probability: In [0, 1] up to rounding, (..., K); the classes lie along ``axis``. For scores before a softmax
            there is ``softmax_cross_entropy``. A row that does not sum to 1 is taken as it is.
        target: Integer labels 0 to K − 1, of the shape without the classes; or one-hot rows or probabilities, of the
            shape of ``probability``. They give the same number where they mean the same.

    Raises:
        ShapeError: The target has neither of the two shapes, or there are no classes.
        LabelError: A label is not one of the classes; −100 is not left out unless ``ignore_label=-100`` says so.
        DomainError: A probability or a target lies outside [0, 1], or a target is NaN.

    Example:
        >>> import lossary as ls
        >>> float(ls.categorical_cross_entropy([[0.5, 0.25, 0.25]], [0]))  # log 2
        0.693147
        >>> float(ls.categorical_cross_entropy([[0.5, 0.25, 0.25]], [[0.0, 0.5, 0.5]]))  # log 4
        1.386294

    Identities: ``kl_divergence(probability, target)`` and the target's entropy together, so that the two losses
    have the same gradient; ``binary_cross_entropy`` where K = 2; ``softmax_cross_entropy(log(probability),
    target)`` where rows sum to 1.

    Elsewhere: Keras divides a row by its sum first (0.5, 0.2, 0.1 costs 0.4700 there, 0.6931 here) and puts
    1e-7 under each probability, which ends the gradient. PyTorch has it for log-probabilities only
    (``nll_loss``).
    """
    return weighted(target, -log(probability))


@softmax(
    aliases=(
        "torch.nn.CrossEntropyLoss",
        "torch.nn.functional.cross_entropy",
        "optax.losses.softmax_cross_entropy",
        "optax.losses.softmax_cross_entropy_with_integer_labels",
        "optax.losses.safe_softmax_cross_entropy",
        "timm.loss.SoftTargetCrossEntropy",
    ),
    references=(
        "McFadden (1974), Conditional logit analysis of qualitative choice behavior, Frontiers in Econometrics",
        "Bridle (1990), Probabilistic interpretation of feedforward classification network outputs, Neurocomputing",
        SZEGEDY,
    ),
)
def softmax_cross_entropy(logits: Real, target: Probability) -> Value:
    """Minus the log-probability of the right class, given a logit for each class.

        −Σ_c t_c log(softmax(logits)_c)

    A row of K classes has one loss, in nats: log(Σ_c exp(logits_c)) − logits_label, if the target is a label. A
    logit of −∞ is a class that cannot be: it costs nothing where its target is 0.

    Args:
        logits: Numbers, (..., K); the classes lie along ``axis``. Adding a number to a whole row changes nothing. For
            probabilities there is ``categorical_cross_entropy``.
        target: Integer labels 0 to K − 1, of the shape without the classes; or one-hot rows or probabilities, of the
            shape of ``logits``. They give the same number where they mean the same.

    Raises:
        ShapeError: The target has neither of the two shapes, or there are no classes.
        LabelError: A label is not one of the classes; −100 is not left out unless ``ignore_label=-100`` says so.
        DomainError: A target lies outside [0, 1] or is NaN.

    Example:
        >>> import lossary as ls
        >>> value, gradient = ls.softmax_cross_entropy.value_and_gradient([[0.0, 0.0, 0.0, 0.0]], [2])
        >>> float(value), gradient.tolist()  # log 4, and softmax(logits) − target
        (1.386294, [[0.25, 0.25, -0.75, 0.25]])

    Identities: ``categorical_cross_entropy(softmax(logits), target)``; ``softmax_kl_divergence`` and the
    target's entropy together; ``sigmoid_cross_entropy(b − a, label)`` of the row (a, b).

    Elsewhere: PyTorch's classes lie along axis 1 (pass ``axis=1``), and it leaves out the label −100 unasked.
    With class weights its mean divides by Σ w[label] for labels, by the number of rows for the same labels
    one-hot (1.7126 and 4.2816 on one batch); here both give the former. optax takes the label −1 for the last
    class. Smoothing is (1 − s) t + s/K, as in PyTorch, Keras and optax; Megatron-LM's is s · K/(K − 1) in place
    of s.
    """
    return weighted(target, -log_softmax(logits))
