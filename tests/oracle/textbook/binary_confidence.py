"""Losses of two classes that count an outcome by how probable it is."""

from __future__ import annotations

from oracle.exact import Jet, exp, log
from oracle.textbook.common import NOTHING, Terms
from oracle.textbook.multiclass_confidence import focal_of

__all__ = [
    "binary_focal", "sigmoid_asymmetric", "sigmoid_brier", "sigmoid_focal", "sigmoid_poly1",
]  # fmt: skip


# A power multiplies the rounding errors of its base, the more of those of a difference.
ROUNDED = {"sigmoid_focal": 2.0, "sigmoid_asymmetric": 3.0}


def sigmoid(z: Jet) -> Jet:
    return 1 / (1 + exp(-z))


def of_two(target: Jet, yes: Terms, no: Terms) -> Terms:
    return [*(target * term for term in yes), *((1 - target) * term for term in no)]


def focal_of_logit(p: Jet, q: Jet, gamma: Jet) -> Terms:
    """The two parts of the curvature, by the slope of p and by its curvature, may cancel."""
    loss = focal_of(p, q, gamma.value)
    bent = loss.slope / p.slope * p.curve if p.slope else p.curve
    return [Jet(loss.value, loss.slope, loss.curve - bent), Jet(bent * 0, bent * 0, bent)]


def sigmoid_focal(logits: Jet, target: Jet, *, gamma: Jet, positive_weight: Jet, negative_weight: Jet) -> Terms:
    p, q = sigmoid(logits), sigmoid(-logits)
    yes, no = focal_of_logit(p, q, gamma), focal_of_logit(q, p, gamma)
    return of_two(target, [positive_weight * term for term in yes], [negative_weight * term for term in no])


def binary_focal(probability: Jet, target: Jet, *, gamma: Jet, positive_weight: Jet, negative_weight: Jet) -> Terms:
    p, q = probability, 1 - probability
    yes, no = focal_of(p, q, gamma.value), focal_of(q, p, gamma.value)
    return of_two(target, [positive_weight * yes], [negative_weight * no])


def sigmoid_asymmetric(logits: Jet, target: Jet, *, positive_gamma: Jet, negative_gamma: Jet, margin: Jet) -> Terms:
    p, q = sigmoid(logits), sigmoid(-logits)
    u = p - margin
    no = focal_of_logit(1 - u, u, negative_gamma) if u.value > 0 else [NOTHING]
    return of_two(target, focal_of_logit(p, q, positive_gamma), no)


def sigmoid_poly1(logits: Jet, target: Jet, *, epsilon: Jet) -> Terms:
    p, q = sigmoid(logits), sigmoid(-logits)
    return of_two(target, [-log(p), epsilon * q], [-log(q), epsilon * p])


def sigmoid_brier(logits: Jet, target: Jet) -> Terms:
    """The square of a difference, multiplied out; the two parts of a product's curvature may cancel."""
    of_no, of_yes = (1 - target) * sigmoid(logits), target * sigmoid(-logits)
    terms = [(1, of_no, of_no), (-2, of_no, of_yes), (1, of_yes, of_yes)]
    return [part for factor, a, b in terms for part in parts_of_product(factor * a, b)]


def parts_of_product(a: Jet, b: Jet) -> Terms:
    """The product with the curvature that the slopes make, and the curvature that the factors' own make."""
    bent = a.curve * b.value + a.value * b.curve
    return [Jet((a * b).value, (a * b).slope, (a * b).curve - bent), Jet(bent * 0, bent * 0, bent)]
