"""Ranking losses: of lists whose entries the scores should bring into the order of the targets."""

from __future__ import annotations

from lossary.catalogue.registry import named_axes
from lossary.domains import Real
from lossary.symbolic.graph import Node, Value
from lossary.vocabulary import (
    cumulative_log_sum_exp,
    equal,
    fixed,
    greatest,
    is_finite,
    log_softmax,
    maximum,
    minimum,
    ordered,
    other,
    softmax,
    softplus,
    total,
    weighted,
    where,
    written_as,
)

LISTS = {"scores": "item entry", "target": "item entry"}


@named_axes(
    task="ranking",
    axes=LISTS,
    mask="item entry",
    references=("Burges et al. (2005), Learning to rank using gradient descent, ICML",),
)
def ranknet(scores: Real, target: Real) -> Value:
    """The cross-entropy of which of two entries of a list is the better one, summed over all pairs.

        Σ_{i, j: target_i > target_j} log(1 + exp(scores_j − scores_i))

    Each list has one loss, in nats: the negative log-probability of all its pairs, each with the probability
    σ(scores_i − scores_j). Pairs of equal targets have none. The loss grows with the square of a list's length.

    Use it when the order of a list counts, and any pair in the wrong order is as bad as any other.

    Args:
        scores: Scores of the entries of each list; the highest comes first.
        target: How relevant each entry is; only the order of its values counts, in the precision of the scores.

    Lists of different lengths are padded, and ``mask`` says which entries exist.

    Example:
        >>> import lossary as ls
        >>> float(ls.ranknet([[2.0, 0.0, 1.0]], [[2.0, 1.0, 0.0]]))  # of three pairs, one is in the wrong order
        1.753451

    Identities: of lists of two entries it is ``bradley_terry``. ``list_mle`` has a term for each entry, not each pair.

    Elsewhere: ``pairwise_logistic_loss`` of Rax and TF-Ranking divides by the number of all pairs of a batch, and
    ``rankNet`` of allRank likewise: here a longer list counts more.
    """
    better = other(target, "entry") < target
    apart = where(better, softplus(other(scores, "entry") - scores), 0.0)
    return total(total(apart, over="other_entry"), over="entry")


@named_axes(
    task="ranking",
    axes=LISTS,
    mask="item entry",
    references=("Xia et al. (2008), Listwise approach to learning to rank: theory and algorithm, ICML",),
)
def list_mle(scores: Real, target: Real) -> Value:
    """The negative log-probability of the order of the targets, under the Plackett–Luce model of the scores.

        Σ_k (log Σ_{l ≥ k} exp(scores_l) − scores_k), with the entries in the order of falling targets

    Each list has one loss, in nats: entries are drawn one after the other without replacement, each with a probability
    proportional to exp(score). Entries of equal targets are taken in the order in which they stand.

    Use it when the whole order of a list is known and all of it counts, the first places most.

    Args:
        scores: Scores of the entries of each list; the highest comes first.
        target: How relevant each entry is; only the order of its values counts, in the precision of the scores.

    Lists of different lengths are padded, and ``mask`` says which entries exist.

    Example:
        >>> import lossary as ls
        >>> float(ls.list_mle([[0.0, 0.0, 0.0]], [[1.0, 3.0, 2.0]]))  # log 3!
        1.791759

    Identities: of lists of two entries it is ``bradley_terry``. ``list_net`` compares the first places only.

    Elsewhere: Rax, TF-Ranking and allRank shuffle entries of equal targets or leave their order to a sort that is
    not stable, so that two calls may differ. Rax and allRank take the mean over lists, as here.
    """
    least, most = -greatest(-scores, over="entry"), greatest(scores, over="entry")
    shared = fixed(maximum(least, minimum(most, 0.0)))  # of all scores, if they have one sign; else 0
    s, rest = _and_rest(scores, target)
    near, near_rest = _and_rest(scores - where(is_finite(shared), shared, 0.0), target)
    each = where(equal(near_rest, near), 0.0, near_rest - near)  # of ∞, too
    return written_as(total(rest - s, over="sorted_entry"), total(each, over="sorted_entry"))


def _and_rest(scores: Value, target: Value) -> tuple[Node, Node]:
    """Return the scores in order, and for each the logarithm of its and all later exponentials' sum."""
    s = ordered(scores, by=-target, over="entry")
    return s, cumulative_log_sum_exp(s, "sorted_entry", from_end=True)


@named_axes(
    task="ranking",
    axes=LISTS,
    mask="item entry",
    references=("Cao et al. (2007), Learning to rank: from pairwise approach to listwise approach, ICML",),
)
def list_net(scores: Real, target: Real) -> Value:
    """The cross-entropy of which entry of a list comes first, when targets and scores both are logits of that.

        −Σ_i softmax(target)_i · log softmax(scores)_i

    Each list has one loss, in nats. It is least, but not 0, where scores and targets differ by a constant: there it is
    the entropy of softmax(target).

    Use it when the top of a list counts most, and targets are graded: twice the relevance means more than one place.

    Args:
        scores: Scores of the entries of each list; the highest comes first.
        target: How relevant each entry is: the logits of the probability to come first.

    Lists of different lengths are padded, and ``mask`` says which entries exist.

    Example:
        >>> import lossary as ls
        >>> float(ls.list_net([[0.0, 0.0]], [[3.0, 1.0]]))  # log 2
        0.693147

    Identities: without a mask it is ``softmax_cross_entropy`` of the softmax of the targets.

    Elsewhere: ``softmax_loss`` of Rax and TF-Ranking weighs with the targets themselves, not with their softmax.
    """
    return total(weighted(softmax(target, over="entry"), -log_softmax(scores, over="entry")), over="entry")
