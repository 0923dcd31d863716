"""Losses over classes."""

from __future__ import annotations

from oracle.exact import Jet, exp, jet, log
from oracle.textbook.common import NOTHING, Row, Terms, softmax

__all__ = ["categorical_cross_entropy", "negative_log_likelihood", "softmax_cross_entropy", "softmax_entropy"]
ONE = jet(1)


def categorical_cross_entropy(probability: Row, target: Row) -> Terms:
    return [-t * log(p) for p, t in zip(probability, target, strict=True)]


def negative_log_likelihood(log_probability: Row, target: Row) -> Terms:
    return [-t * x if t.value or t.slope else jet(0) for x, t in zip(log_probability, target, strict=True)]


def softmax_cross_entropy(logits: Row, target: Row, *, z_loss: Jet = NOTHING, logit_cap: Jet = NOTHING) -> Terms:
    """Of one class, one term. Of several, log p is what a logit and what all logits give: the slope is a difference."""
    logits = capped(logits, logit_cap)
    top = jet(max(z.value for z in logits))
    all_logits = log(sum((exp(z - top) for z in logits), jet(0)))
    price = [z_loss * (top + all_logits) * (top + all_logits)] if z_loss.value else []
    if sum(t.value != 0 for t in target) == 1:
        return categorical_cross_entropy(softmax(logits), target) + price
    return [t * (top - z) for t, z in zip(target, logits, strict=True)] + [t * all_logits for t in target] + price


def softmax_entropy(logits: Row, *, temperature: Jet = ONE) -> Terms:
    return [-p * log(p) for p in softmax([z / temperature for z in logits])]


def capped(logits: Row, cap: Jet) -> Row:
    """Logits that stay below a size: cap · tanh(logit / cap)."""
    return [cap * (1 - 2 / (exp(2 * z / cap) + 1)) for z in logits] if cap.value else logits
