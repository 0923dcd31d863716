"""Margin losses of several classes."""

from __future__ import annotations

from oracle.exact import Jet, jet
from oracle.textbook.common import Row, Terms

__all__ = ["crammer_singer", "multiclass_perceptron"]


def greatest(row: Row) -> Jet:
    """The greatest number; equal ones share its change."""
    top = max(one.value for one in row)
    held = [one for one in row if one.value == top]
    return sum(held, jet(0)) / len(held)


def crammer_singer(scores: Row, target: Row, *, margin: Jet) -> Terms:
    rivals = [z + margin * (1 - t) for z, t in zip(scores, target, strict=True)]
    return [greatest(rivals), *(-t * z for z, t in zip(scores, target, strict=True))]


def multiclass_perceptron(scores: Row, target: Row) -> Terms:
    return crammer_singer(scores, target, margin=jet(0))
