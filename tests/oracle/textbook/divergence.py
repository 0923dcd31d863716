"""Divergences."""

from __future__ import annotations

from oracle.exact import HUGE, Jet, jet, log
from oracle.textbook.common import Row, Terms, softmax
from oracle.textbook.multiclass import ONE, negative_log_likelihood, softmax_cross_entropy

__all__ = ["kl_divergence", "log_kl_divergence", "logits_kl_divergence", "softmax_kl_divergence"]


def without_rounding(divergence: Terms) -> Terms:
    """A divergence is never negative; of rows that sum to 1 within rounding only, it might be."""
    return [*divergence, jet(max(-sum((term.value for term in divergence), 0), 0))]


def negative_entropy(target: Row) -> Terms:
    return [t * log(t) if 0 < t.value else jet(0) for t in target]


def kl_divergence(probability: Row, target: Row) -> Terms:
    both = zip(probability, target, strict=True)
    return without_rounding([t * (log(t) - log(p)) if 0 < t.value else jet(0) for p, t in both])


def log_kl_divergence(log_probability: Row, target: Row) -> Terms:
    return without_rounding(negative_entropy(target) + negative_log_likelihood(log_probability, target))


def softmax_kl_divergence(logits: Row, target: Row) -> Terms:
    """The entropy of the target is a term of its own: the logits give log p as one number, whatever t is."""
    return without_rounding(negative_entropy(target) + softmax_cross_entropy(logits, target))


def logits_kl_divergence(logits: Row, target_logits: Row, *, temperature: Jet = ONE) -> Terms:
    """What the teacher excludes adds nothing, whatever the student thinks of it."""
    teacher = softmax([z / temperature for z in target_logits])
    shares = [jet(0) if z.value <= -HUGE else q for z, q in zip(target_logits, teacher, strict=True)]
    return softmax_kl_divergence([z / temperature for z in logits], shares)
