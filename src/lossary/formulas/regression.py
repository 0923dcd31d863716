"""Losses of a number predicted by a number."""

from __future__ import annotations

from lossary.domains import NonNegative, Positive, Real
from lossary.graph import Value
from lossary.record import pointwise
from lossary.vocabulary import absolute, log, square, where


@pointwise()
def squared_error(prediction: Real, target: Real) -> Value:
    return square(prediction - target)


@pointwise()
def absolute_error(prediction: Real, target: Real) -> Value:
    return absolute(prediction - target)


@pointwise()
def huber(prediction: Real, target: Real, *, delta: Positive = 1.0) -> Value:
    size = absolute(prediction - target)
    return where(size <= delta, 0.5 * square(size), delta * (size - 0.5 * delta))


@pointwise()
def gaussian_nll(prediction: Real, target: Real, variance: NonNegative) -> Value:
    return 0.5 * (log(variance) + square(prediction - target) / variance)
