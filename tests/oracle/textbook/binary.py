"""Losses of two classes."""

from __future__ import annotations

from oracle.exact import Jet, exp, log
from oracle.textbook.common import Terms

__all__ = ["binary_cross_entropy", "sigmoid_cross_entropy"]


def cross_entropy_of_two(yes: Jet, no: Jet, target: Jet, positive_weight: Jet, label_smoothing: Jet) -> Terms:
    """Of the probabilities of yes and no."""
    target_yes = (1 - label_smoothing) * target + label_smoothing / 2
    target_no = (1 - label_smoothing) * (1 - target) + label_smoothing / 2
    return [-positive_weight * target_yes * log(yes), -target_no * log(no)]


def binary_cross_entropy(probability: Jet, target: Jet, *, positive_weight: Jet, label_smoothing: Jet) -> Terms:
    return cross_entropy_of_two(probability, 1 - probability, target, positive_weight, label_smoothing)


def sigmoid_cross_entropy(logits: Jet, target: Jet, *, positive_weight: Jet, label_smoothing: Jet) -> Terms:
    yes, no = 1 / (1 + exp(-logits)), 1 / (1 + exp(logits))
    return cross_entropy_of_two(yes, no, target, positive_weight, label_smoothing)
