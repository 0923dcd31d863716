"""Names that peers give to different mathematics, or to something that is a step away from a loss here.

The name of a loss's exact equal elsewhere is one of its ``aliases``. What stands here is not resolved: asking for it
says what the name may mean, and how to write each meaning.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["UNRESOLVED", "Unresolved", "unresolved"]


class Unresolved(NamedTuple):
    """Names, why none of them is an alias, and what may be meant: an expression, and what it is."""

    names: tuple[str, ...]
    why: str
    choices: dict[str, str]


UNRESOLVED = (
    Unresolved(
        ("l2", "l2_loss", "HalfSquaredError"),
        "it is the squared error to some, half of it in optax, rlax and scikit-learn",
        {"squared_error(prediction, target)": "the whole", "0.5 * squared_error(prediction, target)": "half of it"},
    ),
    Unresolved(
        ("smooth_l1", "smooth_l1_loss", "SmoothL1Loss"),
        "it is Huber's loss divided by its threshold",
        {"huber(prediction, target, delta=beta) / beta": "the smooth L1 loss of PyTorch and fvcore"},
    ),
    Unresolved(
        ("cross_entropy", "crossentropy", "ce"),
        "it takes logits in PyTorch, probabilities elsewhere",
        {
            "softmax_cross_entropy(logits, target)": "logits of classes",
            "categorical_cross_entropy(probability, target)": "probabilities of classes",
            "sigmoid_cross_entropy(logits, target)": "a logit of yes or no",
            "binary_cross_entropy(probability, target)": "a probability of yes",
        },
    ),
    Unresolved(
        ("log_loss", "logloss", "logistic_loss", "logistic"),
        "it takes probabilities in scikit-learn's metrics, the decision function in its SGDClassifier",
        {
            "binary_cross_entropy(probability, target)": "a probability of yes",
            "sigmoid_cross_entropy(logits, target)": "a logit of yes or no",
            "categorical_cross_entropy(probability, target)": "probabilities of classes",
        },
    ),
    Unresolved(
        ("nll", "nll_loss", "NLLLoss"),
        "it is the negative log-likelihood of any distribution; in PyTorch, of classes, given log-probabilities",
        {
            "softmax_cross_entropy(log_probability, target)": "log-probabilities, which the softmax leaves as they are",
            "gaussian_nll(prediction, target, variance)": "a normal distribution",
        },
    ),
    Unresolved(
        ("kl", "kl_div", "kl_div_loss", "KLDivLoss", "LigerKLDIVLoss", "optax.losses.kl_divergence"),
        "it takes log-probabilities in PyTorch, optax and Liger-Kernel, probabilities in Keras, and PyTorch's mean "
        "divides by the number of elements, not of rows",
        {
            "kl_divergence(probability, target)": "probabilities",
            "softmax_kl_divergence(logits, target)": "logits; log-probabilities, which the softmax leaves as they are",
        },
    ),
    Unresolved(
        ("Dice", "keras.losses.Dice", "keras.losses.dice", "dice_loss", "binary_dice_loss", "DiceLoss"),
        "it takes logits in optax, kornia and segmentation_models, probabilities in Keras and MONAI; smoothing differs, "
        "and so does what a soft target costs",
        {
            "dice(probability, target)": "least where they are equal",
            "dice(probability, target, product=1.0)": "by products, as in Keras",
        },
    ),
    Unresolved(
        ("ntxent", "nt_xent", "NTXentLoss"),
        "it compares two views of a batch with each other and each with itself",
        {"info_nce(embedding, positive, temperature=...)": "the comparison of each view with the other alone"},
    ),
    Unresolved(
        ("poisson", "Poisson", "poisson_nll_loss", "PoissonNLLLoss"),
        "it takes the rate's logarithm in PyTorch and scikit-learn, the rate in Keras; lossary has neither yet",
        {},
    ),
    Unresolved(
        ("cosine_similarity", "CosineSimilarity"),
        "it is the cosine in optax, minus the cosine in Keras; lossary has neither yet",
        {"info_nce(embedding, positive)": "a loss of the cosines of all pairs"},
    ),
)

BY_NAME = {name: entry for entry in UNRESOLVED for name in entry.names}


def unresolved(name: str) -> str | None:
    """What to answer who asks for a name that stands here, with the name of its library or without."""
    entry = BY_NAME.get(name) or BY_NAME.get(name.rpartition(".")[2])
    if entry is None:
        return None
    choices = "; ".join(f"{call} ({meaning})" for call, meaning in entry.choices.items())
    return f"{name!r} is no name of a loss here: {entry.why}." + (f" Choose: {choices}." if choices else "")
