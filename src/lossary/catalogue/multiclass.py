"""Multiclass losses: of targets that are one class of several."""

from __future__ import annotations

from lossary.catalogue.record import Scores
from lossary.catalogue.registry import linear_softmax, row, softmax
from lossary.catalogue.temperature import at_temperature
from lossary.domains import Distribution, LogProbability, NonNegative, Positive, Probability, Real
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    is_finite,
    log,
    log_softmax,
    log_sum_exp,
    product,
    sign,
    square,
    tanh,
    total,
    weighted,
    where,
    with_slopes,
    written_as,
)
from lossary.vocabulary import softmax as softmax_of

LOGITS = Scores("logits", "features", "classifier", "bias")
CHOWDHERY = "Chowdhery et al. (2022), PaLM, arXiv:2204.02311 (z_loss)"
GEMMA = "Gemma Team (2024), Gemma 2, arXiv:2408.00118 (logit_cap)"
SHANNON = "Shannon (1948), A mathematical theory of communication, Bell System Technical Journal 27, 379–423"
SZEGEDY = "Szegedy et al. (2016), Rethinking the Inception architecture, arXiv:1512.00567 (label smoothing)"


@row(
    task="multiclass",
    counterpart="softmax_cross_entropy",
    compared=True,
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
def categorical_cross_entropy(probability: Probability, target: Distribution) -> Value:
    """Minus the log-probability of the right class, given a probability for each class.

        −Σ_c t_c log(probability_c)

    Each row of K classes has one loss, in nats; for a label it is −log(probability of the label). A class of
    probability 0 adds 0 where its target is 0, and makes the loss infinite elsewhere.

    Use it when the network ends in a probability for each class; for logits, use ``softmax_cross_entropy``.

    Args:
        probability: In [0, 1] up to rounding. Rows need not sum to 1, and are not normalised. For logits, use
            ``softmax_cross_entropy``.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1. Targets that
            mean the same give the same loss.

    Example:
        >>> import lossary as ls
        >>> float(ls.categorical_cross_entropy([[0.5, 0.25, 0.25]], [0]))  # log 2
        0.693147
        >>> float(ls.categorical_cross_entropy([[0.5, 0.25, 0.25]], [[0.0, 0.5, 0.5]]))  # log 4
        1.386294

    Identities: it equals ``kl_divergence(probability, target)`` plus the target's entropy, so that the two losses have
    the same gradient; ``binary_cross_entropy`` if K = 2; and ``softmax_cross_entropy(log(probability), target)`` if
    rows sum to 1.

    Elsewhere: Keras 3.15.1 divides a row by its sum first (0.5, 0.2, 0.1 with label 0 gives 0.4700 there, 0.6931 here)
    and clips probabilities to at least 1e-7, where its gradient is 0. PyTorch has it for log-probabilities only
    (``negative_log_likelihood`` here).
    """
    return _surprise(log(probability), target)


@row(
    task="multiclass",
    aliases=("torch.nn.NLLLoss", "torch.nn.NLLLoss2d", "torch.nn.functional.nll_loss"),
    references=(
        "Fisher (1922), On the mathematical foundations of theoretical statistics, Phil. Trans. R. Soc. A 222, 309–368",
        SZEGEDY,
    ),
)
def negative_log_likelihood(log_probability: LogProbability, target: Distribution) -> Value:
    """Minus the log-probability of the right class, given the log-probability of each class.

        −Σ_c t_c log_probability_c

    Each row of K classes has one loss, in nats; for a label it is minus the label's log-probability. A class of
    log-probability −∞ adds 0 where its target is 0, and makes the loss infinite elsewhere. The gradient is minus the
    target, the Hessian is 0.

    Use it when the network ends in log-probabilities that no softmax of one row gives, as those of mixtures.

    Args:
        log_probability: At most 0 up to rounding; −∞ excludes a class. The exponentials of a row need not sum to 1, as
            where classes are left out, and are not normalised. For logits, use ``softmax_cross_entropy``.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1. Targets that
            mean the same give the same loss.

    Example:
        >>> import lossary as ls
        >>> float(ls.negative_log_likelihood([[-0.5, -1.25]], [0]))
        0.5
        >>> float(ls.negative_log_likelihood([[-0.5, -1.25]], [[0.25, 0.75]]))  # (0.5 + 3 · 1.25) / 4
        1.0625

    Identities: it equals ``categorical_cross_entropy(exp(log_probability), target)``, also where a probability is too
    small for a number; and ``softmax_cross_entropy(log_probability, target)`` if the exponentials of a row sum to 1.

    Elsewhere: in PyTorch the classes lie along axis 1 (pass ``axis=1``), the label −100 is ignored by default, targets
    are labels only, and nothing is checked: probabilities in place of their logarithms give a negative loss.
    """
    return _surprise(as_node(log_probability), target)


@softmax(
    task="multiclass",
    counterpart="categorical_cross_entropy",
    compared=True,
    aliases=(
        "torch.nn.CrossEntropyLoss",
        "torch.nn.functional.cross_entropy",
        "optax.losses.softmax_cross_entropy",
        "optax.losses.softmax_cross_entropy_with_integer_labels",
        "optax.losses.safe_softmax_cross_entropy",
        "sklearn._loss.loss.HalfMultinomialLoss",
        "timm.loss.SoftTargetCrossEntropy",
    ),
    references=(
        "McFadden (1974), Conditional logit analysis of qualitative choice behavior, Frontiers in Econometrics",
        "Bridle (1990), Probabilistic interpretation of feedforward classification network outputs, Neurocomputing",
        SZEGEDY,
        CHOWDHERY,
        GEMMA,
    ),
)
def softmax_cross_entropy(
    logits: Real, target: Distribution, *, z_loss: NonNegative = 0.0, logit_cap: NonNegative = 0.0
) -> Value:
    """Minus the log-probability of the right class, given a logit for each class.

        −Σ_c t_c log(softmax(z)_c) + z_loss (log Σ_c exp(z_c))²
        with z = logit_cap tanh(logits / logit_cap), and z = logits where logit_cap is 0

    Each row of K classes has one loss, in nats; for a label it is log(Σ_c exp(logits_c)) − logits_label. A logit of −∞
    excludes a class: it adds 0 where its target is 0.

    Use it when each item has one right class, and the network gives a logit for each class.

    Args:
        logits: Numbers. For probabilities, use ``categorical_cross_entropy``.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1. Targets that
            mean the same give the same loss.
        z_loss: Coefficient of a penalty on log Σ exp(z), which keeps logits from drifting; ≥ 0, often 1e-4. Class
            weights multiply a row's penalty by Σ_c w_c t_c, as they do its loss.
        logit_cap: Smooth limit on the size of logits; ≥ 0, where 0 means no limit. A logit of −∞ becomes −logit_cap.

    Example:
        >>> import lossary as ls
        >>> value, gradient = ls.softmax_cross_entropy.value_and_gradient([[0.0, 0.0, 0.0, 0.0]], [2])
        >>> float(value), gradient.tolist()  # log 4, and softmax(logits) − target
        (1.386294, [[0.25, 0.25, -0.75, 0.25]])

    Identities: it equals ``categorical_cross_entropy(softmax(logits), target)``; ``linear_cross_entropy``, which also
    computes the logits and never stores them; ``softmax_kl_divergence`` plus the target's entropy; and
    ``sigmoid_cross_entropy(b − a, label)`` for a row (a, b). Adding a number to a whole row of logits changes nothing,
    by default.

    Elsewhere: in PyTorch the classes lie along axis 1 (pass ``axis=1``), and the label −100 is ignored by default. With
    class weights, PyTorch's mean divides by Σ w[label] for labels, but by the number of rows for one-hot targets: two
    rows (0, log 3) with labels 0 and 1 and class weights 1 and 3 give 0.5623 and 1.1247; here both give 0.5623. optax
    reads the label −1 as the last class. Label smoothing is (1 − s) t + s/K, as in PyTorch, optax and Keras 3.15.1;
    Megatron-LM (read in 0.16.1) has s · K/(K − 1) in place of s. Liger-Kernel (read in 0.8.5) does not weight
    ``z_loss``, and divides it by the number of rows, whatever the rest is divided by.
    """
    return _cross_entropy(_capped(logits, logit_cap), target, z_loss)


def _capped(logits: Value, cap: Value) -> Node:
    """Return logits limited to ±cap, if cap is not 0. An infinite logit becomes ±cap, and depends on the cap only."""
    limit = where(0.0 < cap, cap, 1.0)  # never 0: it divides in both branches
    limited = where(is_finite(as_node(logits)), limit * tanh(logits / limit), limit * sign(logits))
    shown = where(0.0 < cap, cap * tanh(logits / cap), logits)
    return written_as(shown, where(0.0 < cap, limited, logits))


def _surprise(log_probability: Node, target: Value) -> Node:
    return weighted(target, -log_probability)


def _cross_entropy(logits: Node, target: Value, z_loss: Value) -> Node:
    return total(_surprise(log_softmax(logits), target)) + weighted(z_loss, square(log_sum_exp(logits)))


@linear_softmax(
    task="multiclass",
    scores=(LOGITS,),
    aliases=("torch.nn.functional.linear_cross_entropy",),
    references=(
        "Wijmans et al. (2024), Cut your losses in large-vocabulary language models, arXiv:2411.09009",
        "Hsu et al. (2024), Liger Kernel: efficient Triton kernels for LLM training, arXiv:2410.10989",
        CHOWDHERY,
        GEMMA,
    ),
)
def linear_cross_entropy(
    logits: Real, target: Distribution, *, z_loss: NonNegative = 0.0, logit_cap: NonNegative = 0.0
) -> Value:
    """The softmax cross-entropy of the logits of a last linear layer, which are never stored.

        −Σ_c t_c log(softmax(z)_c) + z_loss (log Σ_c exp(z_c))²,  logits = features · classifierᵀ + bias
        with z = logit_cap tanh(logits / logit_cap), and z = logits where logit_cap is 0

    Each row of features has one loss, in nats. With a vocabulary of 100,000 words, the logits are the largest array in
    training a language model. Here only a block of rows exists at a time: its logits are replaced by their gradient,
    which is added to the gradients of features and classifier, in one pass.

    Use it when there are so many classes, as in a language model, that their logits would fill the memory.

    Args:
        features: Input of the layer.
        classifier: The layer's weight: a row for each of K classes, as in ``torch.nn.Linear``.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1.
        bias: Added to the logits; optional.
        z_loss: Coefficient of a penalty on log Σ exp(z), which keeps logits from drifting; ≥ 0, often 1e-4. Class
            weights multiply a row's penalty by Σ_c w_c t_c, as they do its loss.
        logit_cap: Smooth limit on the size of logits; ≥ 0, where 0 means no limit.

    Example:
        >>> import lossary as ls
        >>> features, classifier = [[1.0, 2.0]], [[0.0, 0.0], [1.0, 0.0], [0.0, 0.5]]
        >>> float(ls.linear_cross_entropy(features, classifier, [1]))  # the logits are 0, 1, 1
        0.861995

    Identities: it equals ``softmax_cross_entropy(features @ classifier.T + bias, target)``, and with
    ``reduction="none"`` minus ``linear_log_probability``.

    Elsewhere: PyTorch's ``linear_cross_entropy`` stores all logits without ``options``, and has no second derivatives
    with them. PyTorch and Liger-Kernel (read in 0.8.5) ignore the label −100 by default. Liger-Kernel calls ``z_loss``
    and ``logit_cap`` ``lse_square_scale`` and ``softcap``, and treats class weights and ``z_loss`` as in its softmax
    cross-entropy: see ``softmax_cross_entropy``.
    """
    return _cross_entropy(_capped(logits, logit_cap), target, z_loss)


@linear_softmax(
    task="multiclass",
    scores=(LOGITS,),
    references=("Ouyang et al. (2022), Training language models to follow instructions, arXiv:2203.02155", GEMMA),
)
def linear_log_probability(
    logits: Real, target: Distribution, *, temperature: Positive = 1.0, logit_cap: NonNegative = 0.0
) -> Value:
    """The log-probability of the target class, given a last linear layer whose logits are never stored.

        Σ_c t_c log(softmax(z / temperature)_c),  logits = features · classifierᵀ + bias
        with z = logit_cap tanh(logits / logit_cap), and z = logits where logit_cap is 0

    It is in nats, and never positive. Policy-gradient and preference learning use it: ``reduction="none"`` gives one
    number for each token.

    Use it when a policy or a preference loss needs the log-probability of each token.

    Args:
        features: Input of the layer.
        classifier: The layer's weight: a row for each of K classes, as in ``torch.nn.Linear``.
        target: Integer labels 0 to K − 1; or one-hot rows or probabilities, which sum to 1.
        bias: Added to the logits; optional.
        temperature: Divisor of the logits; > 0.
        logit_cap: Smooth limit on the size of logits; ≥ 0, where 0 means no limit.

    Example:
        >>> import lossary as ls
        >>> features, classifier = [[1.0, 2.0]], [[0.0, 0.0], [1.0, 0.0], [0.0, 0.5]]
        >>> ls.linear_log_probability(features, classifier, [1], reduction="none").tolist()
        [-0.861995]

    Identities: at a temperature of 1 it is minus ``linear_cross_entropy``.

    Elsewhere: ``selective_log_softmax`` of TRL (read in 1.16.0) takes the stored logits.
    """
    return weighted(target, log_softmax(_capped(logits, logit_cap) / temperature))


@softmax(
    task="multiclass",
    references=(SHANNON,),
)
def softmax_entropy(logits: Real, *, temperature: Positive = 1.0) -> Value:
    """The entropy of a softmax of logits.

        −Σ_c p_c log(p_c),  p = softmax(logits / temperature)

    Each row has one value, in nats: 0 if one class is certain, log K if all K classes are equally probable. It has no
    target. A logit of −∞ excludes a class, which adds 0.

    Use it when predictions should stay uncertain, or be certain without a label: added to another loss with a factor.

    Args:
        logits: Numbers.
        temperature: Divisor of the logits; > 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.softmax_entropy([[0.0, 0.0]]))  # log 2
        0.693147

    Identities: it equals ``softmax_cross_entropy`` with the softmax itself as the target; ``linear_entropy``, which
    also computes the logits and never stores them.

    Elsewhere: ``entropy_from_logits`` of TRL (read in 1.16.0) is the same.
    """
    return _entropy(at_temperature(logits, temperature))


def _entropy(logits: Node) -> Node:
    log_p, p = log_softmax(logits), softmax_of(logits)
    slope = with_slopes(-product(p, log_p) - p, log_p, -product(p, log_p) - 2.0 * p)
    return written_as(weighted(p, -log_p), with_slopes(-product(p, log_p), log_p, slope))


@linear_softmax(
    task="multiclass",
    scores=(LOGITS,),
    references=(
        SHANNON,
        GEMMA,
    ),
)
def linear_entropy(logits: Real, *, temperature: Positive = 1.0, logit_cap: NonNegative = 0.0) -> Value:
    """The entropy of the softmax of a last linear layer, whose logits are never stored.

        −Σ_c p_c log(p_c),  p = softmax(z / temperature),  logits = features · classifierᵀ + bias
        with z = logit_cap tanh(logits / logit_cap), and z = logits where logit_cap is 0

    It is in nats: 0 if one class is certain, log K if all K classes are equally probable. It has no target. Added to
    the loss of a policy with a small negative factor, it keeps the policy from becoming certain too early.

    Use it when a policy over many classes should stay uncertain, or its uncertainty is to be watched.

    Args:
        features: Input of the layer.
        classifier: The layer's weight: a row for each of K classes, as in ``torch.nn.Linear``.
        bias: Added to the logits; optional.
        temperature: Divisor of the logits; > 0.
        logit_cap: Smooth limit on the size of logits; ≥ 0, where 0 means no limit.

    Example:
        >>> import lossary as ls
        >>> float(ls.linear_entropy([[1.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]]))  # log 2
        0.693147

    Identities: it equals ``softmax_entropy`` of the layer's logits.

    Elsewhere: ``entropy_from_logits`` of TRL (read in 1.16.0) takes the stored logits.
    """
    return _entropy(at_temperature(_capped(logits, logit_cap), temperature))
