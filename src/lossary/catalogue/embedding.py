"""Embedding losses: of vectors that should be close to some vectors and far from others."""

from __future__ import annotations

from lossary.catalogue.record import Scores, pairs
from lossary.domains import Positive, Real
from lossary.symbolic.graph import Value
from lossary.vocabulary import log_softmax, weighted


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
