"""Rényi's divergences."""

from __future__ import annotations

from oracle.exact import HUGE, Jet, exp, jet, log
from oracle.textbook.common import Row, Terms, rounded
from oracle.textbook.divergence import kl_divergence, without_rounding

__all__ = ["renyi_divergence"]


ROUNDED = {"renyi_divergence": 2.0}  # a ratio of two probabilities is rounded, and so is its power


def renyi_divergence(probability: Row, target: Row, *, alpha: Jet) -> Terms:
    """The change of the sum by each class is a term of its own, as what they are the sum of may be little."""
    s = alpha - 1
    if not s.value:
        return kl_divergence(probability, target)
    both = list(zip(probability, target, strict=True))
    lacking = [p for p, t in both if t.value and not p.value]
    if lacking and s.value > 0:
        return [-log(p) for p in lacking]
    parts = [_part(p, t, alpha) for p, t in both]
    whole, targets = sum(parts, jet(0)), sum(target, jet(0))
    if whole.value < 0.5:
        return [log(whole + targets.value - targets) / s]
    whole += 1 - targets  # which sum to 1 within rounding only
    changes = [(part - t) / (s * jet(whole.value)) for part, (_, t) in zip(parts, both, strict=True)]
    return without_rounding([log(whole) / s, *(term for change in changes for term in rounded(change))])


def _part(p: Jet, t: Jet, alpha: Jet) -> Jet:
    """t^alpha p^(1 − alpha); powers of 0 rise without bound, or not at all: a target of 0 is the less of two zeros."""
    if not t.value:
        falls = alpha.value < 1 if not p.value else alpha.value > 1
        return jet(0) if falls else t.through(0, HUGE, HUGE if alpha.value > 1 else -HUGE)
    return exp(alpha * log(t) + (1 - alpha) * log(p)) if p.value else p.through(0, HUGE, -HUGE)
