"""Divergences."""

from __future__ import annotations

from mpmath import mp

from oracle.exact import HUGE, ZERO, Jet, jet, log
from oracle.textbook.common import Row, Terms, rounded, softmax
from oracle.textbook.multiclass import ONE, negative_log_likelihood, softmax_cross_entropy

__all__ = [
    "kl_divergence", "log_kl_divergence", "logits_kl_divergence", "reverse_kl_divergence",
    "reverse_logits_kl_divergence", "softmax_kl_divergence",
]  # fmt: skip
UNDERFLOWS, EXCLUDED = mp.ldexp(1, -1075), mp.ldexp(1, -(10**500))


def without_rounding(divergence: Terms) -> Terms:
    """A divergence is never negative; of rows that sum to 1 within rounding only, each by 2^-7, it might be."""
    below = -sum((term.value for term in divergence), 0)
    return [*divergence, jet(below if 0 < below <= 2**-6 else 0)]


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


def reverse_kl_divergence(probability: Row, target: Row) -> Terms:
    """A class that neither has adds nothing. A slope is log(p / t) + 1, which may be small."""
    both = [(p, t) for p, t in zip(probability, target, strict=True) if p.value or t.value]
    ones = [one for p, _ in both for one in rounded(Jet(ZERO, p.slope))]
    return [*without_rounding([p * (log(p) - log(t)) for p, t in both]), *ones]


def reverse_logits_kl_divergence(logits: Row, target_logits: Row, *, temperature: Jet = ONE) -> Terms:
    """A curvature is a sum of shares times the gaps of the logarithms, and of what these add up to.

    Where the teacher excludes a class, one whose share is less than any float64 is excluded by the student, too.
    """
    shares, others = (softmax([z / temperature for z in row]) for row in (logits, target_logits))
    if any(q.value < EXCLUDED for q in others):
        logits = [jet(-HUGE) if p.value < UNDERFLOWS else z for z, p in zip(logits, shares, strict=True)]
    rows = [softmax([z / temperature for z in row]) for row in (logits, target_logits)]
    gaps = [Jet(ZERO, ZERO, (p * (log(p) - log(q))).value / temperature.value**2) for p, q in zip(*rows, strict=True)]
    terms = logits_kl_divergence(target_logits, logits, temperature=temperature)
    return [*terms, *(term for gap in gaps for term in rounded(gap))]
