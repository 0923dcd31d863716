"""Embedding losses: of vectors that should be close to some vectors and far from others."""

from __future__ import annotations

from lossary.catalogue.record import Scores, pairs, row
from lossary.domains import NonNegative, Positive, Real
from lossary.symbolic.graph import Value
from lossary.vocabulary import log_softmax, maximum, norm, square, total, unit, weighted, where, written_as


@pairs(
    task="embedding",
    scores=(Scores("similarity", "embedding", "positive"),),
    aliases=("InfoNCE", "infonce"),
    references=(
        "Sohn (2016), Improved deep metric learning with multi-class N-pair loss objective, NeurIPS",
        "van den Oord et al. (2018), Representation learning with contrastive predictive coding, arXiv:1807.03748",
    ),
)
def info_nce(similarity: Real, target: Real, *, temperature: Positive = 0.1) -> Value:
    """The cross-entropy of finding each vector's partner among all partners of the batch.

        −log(exp(s_ii / temperature) / Σ_j exp(s_ij / temperature))

    s_ij is the cosine of the angle between embedding_i and positive_j. Each row i has one loss, in nats; it is log N if
    all cosines are equal. Only a block of the N² similarities is in memory at a time.

    Use it when pairs are known to belong together, and all other pairs of the batch count as different.

    Args:
        embedding: Vectors of any length; a vector of zeros has cosine 0 to every vector.
        positive: Partners: row i is the partner of row i; the other rows are its negatives.
        temperature: Divisor of the cosines; > 0. The smaller it is, the more the closest negatives count.

    Example:
        >>> import lossary as ls
        >>> float(ls.info_nce([[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]], temperature=1.0))  # log(1 + 1/e)
        0.313262

    Identities: it equals ``softmax_cross_entropy(similarities / temperature, [0, 1, …, N − 1])``. The loss of CLIP is
    the mean of ``info_nce(a, b)`` and ``info_nce(b, a)``.

    Elsewhere: the default temperature differs: 0.07 in optax and pytorch-metric-learning 2.9.0, 0.5 in MONAI 1.6.1 and
    lightly (read in 1.6.0). In NT-Xent, the other vectors of the same view are negatives, too.
    """
    return weighted(target, -log_softmax(similarity / temperature))


@row(
    task="embedding",
    aliases=("optax.losses.cosine_distance",),
    references=("Chen & He (2021), Exploring simple Siamese representation learning, CVPR, arXiv:2011.10566",),
)
def cosine_distance(prediction: Real, target: Real) -> Value:
    """One minus the cosine of the angle between two vectors.

        1 − Σ_c prediction_c · target_c / (‖prediction‖ ‖target‖)

    Each row has one loss, from 0 (the same direction) to 2 (opposite directions). It does not depend on the lengths of
    the vectors. A vector of zeros has no direction: its loss is 1, and its slope 0. The loss is exact for vectors that
    are nearly parallel, and for lengths of any size.

    Use it when the direction of a vector has a meaning and its length has none, as for embeddings of text.

    Args:
        prediction: Vectors of any length.
        target: Vectors: row i is compared with row i.

    Example:
        >>> import lossary as ls
        >>> ls.cosine_distance([[1.0, 0.0], [3.0, 3.0]], [[0.0, 2.0], [1.0, 1.0]], reduction="none").tolist()
        [1.0, 0.0]

    Identities: half of the squared distance of the two vectors divided by their lengths.

    Elsewhere: Keras 3.15.1 has minus the cosine, which is this loss less 1. optax computes 1 minus a sum: in float32 it
    is 0 or negative for angles below 0.0003, and its gradient for a vector of zeros is NaN.
    """
    textbook = 1.0 - total(prediction * target) / (norm(prediction) * norm(target))
    one, other = unit(prediction), unit(target)
    cosine = total(one * other)
    return written_as(textbook, where(0.75 < cosine, 0.5 * total(square(one - other)), 1.0 - cosine))


@row(
    task="embedding",
    aliases=(
        "torch.nn.TripletMarginLoss",
        "torch.nn.functional.triplet_margin_loss",
        "optax.losses.triplet_margin_loss",
    ),
    references=(
        "Weinberger & Saul (2009), Distance metric learning for large margin nearest neighbor classification, JMLR 10",
        "Balntas et al. (2016), Learning local feature descriptors with triplets and shallow networks, BMVC",
    ),
)
def triplet_margin(anchor: Real, positive: Real, negative: Real, *, margin: NonNegative = 1.0) -> Value:
    """How much closer a vector should be to its partner than to another vector.

        max(0, ‖anchor − positive‖ − ‖anchor − negative‖ + margin)

    Each row has one loss. It is 0, with slope 0, where the negative is farther than the positive by more than the
    margin. The slope of a distance of 0 is 0.

    Use it when it is known of three examples which two are alike, and the distances of embeddings shall say so.

    Args:
        anchor: Vectors of any length.
        positive: Vectors of examples that are like the anchors; row i belongs to row i.
        negative: Vectors of examples that are not.
        margin: By how much more the negative should be distant; ≥ 0, in units of the distance.

    Example:
        >>> import lossary as ls
        >>> float(ls.triplet_margin([[0.0, 0.0]], [[3.0, 4.0]], [[0.0, 5.5]]))  # 5 − 5.5 + 1
        0.5

    Identities: ``info_nce`` compares each vector with all others of the batch instead of one.

    Elsewhere: PyTorch adds 1e-6 to each difference, and optax to the sum of squares, so that distances of 0 have a
    slope. FaceNet's loss has squared distances. Other distances are ``p=`` and ``norm_degree=`` there.
    """
    return maximum(norm(anchor - positive) - norm(anchor - negative) + margin, 0.0)
