"""Embedding losses: of vectors that should be close to some vectors and far from others."""

from __future__ import annotations

import math
from typing import Annotated

from lossary.catalogue.record import Scores
from lossary.catalogue.registry import named_axes, pairs, row
from lossary.domains import Group, Interval, NonNegative, Positive, Probability, Real
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    average,
    counted,
    equal,
    index,
    log_softmax,
    maximum,
    norm,
    other,
    places,
    softplus,
    sqrt,
    square,
    total,
    unit,
    weighted,
    where,
    written_as,
)

Cosine = Annotated[Value, Interval(-1.0, 1.0)]


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
    return written_as(textbook, _apart(total(one * other), total(square(one - other))))


def _apart(cosine: Node, gap: Node) -> Node:
    """Return one minus a cosine, given the squared distance of the vectors of length 1, too."""
    return where(0.75 < cosine, 0.5 * gap, 1.0 - cosine)


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


@named_axes(
    task="embedding",
    axes={"first": "item feature", "second": "item feature", "target": "item"},
    mask="item",
    references=("Hadsell, Chopra & LeCun (2006), Dimensionality reduction by learning an invariant mapping, CVPR",),
)
def cosine_embedding(first: Real, second: Real, target: Probability, *, margin: Cosine = 0.0) -> Value:
    """One minus the cosine of a pair that belongs together, and by how much another pair's exceeds a margin.

        t (1 − s) + (1 − t) max(0, s − margin),  t = target

    s is the cosine of the angle between first_i and second_i. Each row i has one loss. Pairs that do not belong
    together cost nothing where their cosine is at most the margin; the slope jumps there.

    Use it when pairs are known to be similar or not, and only the directions of their vectors have a meaning.

    Args:
        first: Vectors of any length; a vector of zeros has cosine 0 to every vector, and slope 0.
        second: Vectors: row i is compared with row i.
        target: 1 for similar pairs, 0 for others, or a probability between them. For labels of −1 and 1, pass
            ``(labels + 1) / 2``.
        margin: Cosine up to which pairs count as far enough apart; in [−1, 1], in practice from 0 to ½.

    Example:
        >>> import lossary as ls
        >>> first, second = [[1.0, 0.0], [3.0, 4.0]], [[3.0, 4.0], [1.0, 0.0]]  # both cosines are 0.6
        >>> ls.cosine_embedding(first, second, [1.0, 0.0], margin=0.5, reduction="none").tolist()
        [0.4, 0.1]

    Identities: for similar pairs it is ``cosine_distance``, exact for vectors that are nearly parallel. It is the loss
    of ``hinge_embedding`` with one minus the cosine as the distance, and one minus the margin as its margin.

    Elsewhere: PyTorch takes labels of −1 and 1; label 0 costs 0 there, without an error. PyTorch 2.13.0 computes 1
    minus a quotient, which is 0 in float32 for an angle of 0.0001 (5e-9 here), and adds a constant to the lengths: the
    slope of a vector of zeros is 1e6 there.
    """
    u, v, t = unit(first, over="feature"), unit(second, over="feature"), as_node(target)
    cosine = total(u * v, over="feature")
    apart = written_as(1.0 - cosine, _apart(cosine, total(square(u - v), over="feature")))
    return weighted(t, apart) + weighted(1.0 - t, maximum(cosine - margin, 0.0))


VIEWS = {"embedding": "item feature", "positive": "item feature"}


@named_axes(
    task="embedding",
    axes=VIEWS,
    mask="item",
    references=("Zhai et al. (2023), Sigmoid loss for language image pre-training, ICCV, arXiv:2303.15343",),
)
def siglip(embedding: Real, positive: Real, *, scale: Positive = 10.0, bias: Real = -10.0) -> Value:
    """The cross-entropy of telling each vector's partner from every other vector, pair by pair.

        Σ_j log(1 + exp(−z_ij (scale · s_ij + bias))), with z_ij = 1 for i = j, else −1

    s_ij is the cosine of the angle between embedding_i and positive_j. Each row i has one loss, in nats. No pair
    depends on another one, so that the size of the batch may change.

    Use it when pairs are known to belong together, in large batches: of images and their captions.

    Args:
        embedding: Vectors of any length; a vector of zeros has cosine 0 to every vector.
        positive: Partners: row i is the partner of row i; the other rows are its negatives.
        scale: Factor of the cosines; > 0. It is learned: pass a tensor, such as ``log_scale.exp()``.
        bias: Added to them; learned, too. It starts where a pair is most often no pair.

    Example:
        >>> import lossary as ls
        >>> x = [[1.0, 0.0], [0.0, 1.0]]
        >>> float(ls.siglip(x, x, scale=1.0, bias=0.0))  # log(1 + 1/e) + log 2
        1.006409

    Identities: a mean over rows of a sum over columns, as in the paper. ``info_nce`` has a softmax in each row.

    Elsewhere: ``SigLipLoss`` of open_clip takes vectors of length 1; its mean is over rows, too.
    """
    similarity = total(unit(embedding, over="feature") * other(unit(positive, over="feature")), over="feature")
    sign = where(equal(index("item"), index("other_item")), -1.0, 1.0)
    return total(softplus(sign * (scale * similarity + bias)), over="other_item")


@named_axes(
    task="embedding",
    axes={"embedding": "item feature", "target": "item"},
    mask="item",
    aliases=("SupCon", "supcon", "SupConLoss"),
    references=("Khosla et al. (2020), Supervised contrastive learning, NeurIPS, arXiv:2004.11362",),
)
def supervised_contrastive(embedding: Real, target: Group, *, temperature: Positive = 0.1) -> Value:
    """The cross-entropy of finding the vectors of the same class among all others of the batch.

        −1/|P_i| Σ_{p ∈ P_i} log(exp(s_ip / temperature) / Σ_{j ≠ i} exp(s_ij / temperature))

    s_ij is the cosine of the angle between embedding_i and embedding_j, and P_i has the other rows of row i's class.
    Each row has one loss, in nats; a row without partner has none and does not count, as if it were masked.

    Use it when classes are known and embeddings shall say them, with several examples of a class in each batch.

    Args:
        embedding: Vectors of any length; a vector of zeros has cosine 0 to every vector.
        target: The class of each row: whole numbers from 0, no matter which.
        temperature: Divisor of the cosines; > 0. The smaller it is, the more the closest negatives count.

    Example:
        >>> import lossary as ls
        >>> x, classes = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], [7, 7, 1]
        >>> float(ls.supervised_contrastive(x, classes, temperature=1.0))  # log(1 + 1/e)
        0.313262

    Identities: with two rows of each class, 2N in all, it is the NT-Xent loss of SimCLR.

    Elsewhere: this is L_out of the paper, whose mean is outside of the logarithm. The authors' code multiplies by
    temperature / 0.07; pytorch-metric-learning 2.9.0 takes 0.1 and leaves rows without partner out, as here.
    """
    e = unit(embedding, over="feature")
    itself = equal(index("item"), index("other_item"))
    similarity = total(e * other(e), over="feature") / temperature
    positive = where(equal(target, other(target)) & ~itself, 1.0, 0.0)
    partners, others = (total(each, over="other_item") for each in (positive, where(itself, 0.0, 1.0)))

    def found(left_out: Node) -> Node:
        logs = log_softmax(where(left_out, -math.inf, similarity), over="other_item")
        return total(weighted(positive, -logs), over="other_item")

    mean = found(itself & (0.0 < others)) / maximum(partners, 1.0)  # a row without others has a softmax, too
    return counted(0.0 < partners, written_as(found(itself) / partners, mean))


@named_axes(
    task="embedding",
    axes=VIEWS,
    mask="item",
    references=(
        "Bardes, Ponce & LeCun (2022), VICReg: variance-invariance-covariance regularization, arXiv:2105.04906",
    ),
)
def vicreg(
    embedding: Real,
    positive: Real,
    *,
    similarity: NonNegative = 25.0,
    deviation: NonNegative = 25.0,
    covariance: NonNegative = 1.0,
) -> Value:
    """How far partners are apart, and how far both sets of vectors are from spreading evenly over their space.

        similarity · mean((a − b)²) + Σ_{x = a, b} (deviation/2 · mean(max(0, 1 − √(Var x + 0.0001)))
        + covariance/D · Σ_{k ≠ l} Cov(x)_kl²)

    A batch has one loss. Partners shall be equal, each of the D features shall have a standard deviation of at least 1
    over the batch, and no two shall be correlated, so that not all vectors become the same.

    Use it when pairs are known to belong together and no pair is known not to: there are no negatives.

    Args:
        embedding: Vectors of any length, the rows of a batch of at least two.
        positive: Partners: row i is the partner of row i.
        similarity: Factor of the mean squared difference of partners; ≥ 0.
        deviation: Factor of the mean lack of standard deviation, half of it for each of the two sets; ≥ 0.
        covariance: Factor of the squared covariances; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.vicreg([[0.0, 2.0], [2.0, 0.0]], [[0.0, 2.0], [2.0, 0.0]]))  # 2 sets, 2 covariances of −2, D = 2
        8.0

    Identities: variances and covariances divide by the number of rows less 1.

    Elsewhere: as in the authors' code, which halves the factor of the variances; the paper's formula does not.
    """
    n, d = places("item"), places("feature")

    def spread(x: Value) -> Node:
        z = x - average(x, "item")
        root = sqrt(total(square(z), over="item") / (n - 1.0) + 1e-4)
        across = total(z * other(z, "feature"), over="item") / (n - 1.0)
        apart = where(equal(index("feature"), index("other_feature")), 0.0, square(across))
        lack = average(maximum(1.0 - root, 0.0), "feature")
        return 0.5 * deviation * lack + covariance * total(total(apart, over="other_feature"), over="feature") / d

    alike = average(average(square(embedding - positive), "feature"), "item")
    return similarity * alike + spread(embedding) + spread(positive)
