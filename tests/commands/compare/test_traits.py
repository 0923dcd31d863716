"""Traits of losses, compared with textbook facts: the estimate and convexity."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import lossary as ls
from commands.compare.test_candidates import NOTHING, PROBLEMS, problem
from lossary.commands.compare.candidates import Candidate, choose
from lossary.commands.compare.problem import Problem
from lossary.commands.compare.traits import Traits, traits
from lossary.domains import Real
from lossary.vocabulary import maximum, square

SKEWED = Problem("y", "regression", "", np.exp(np.random.default_rng(0).normal(size=100)), (), NOTHING, ())
HEAVY = Problem("y", "regression", "", np.exp(4 * np.random.default_rng(0).normal(size=100)), (), NOTHING, ())
COUNTS = Problem("y", "regression", "", np.repeat([0.0, 1.0, 9.0], [80, 15, 5]), (), NOTHING, ())
UNBALANCED = problem("binary", (75, 25))

KNOWN: list[tuple[Problem, str, Traits]] = [
    (SKEWED, "squared_error", Traits("means", convex=True, settings=0)),
    (SKEWED, "absolute_error", Traits("medians", convex=True, settings=0)),
    (SKEWED, "huber", Traits("", convex=True, settings=1)),
    (HEAVY, "squared_error", Traits("means", convex=True, settings=0)),
    (HEAVY, "absolute_error", Traits("medians", convex=True, settings=0)),
    (HEAVY, "huber", Traits("", convex=True, settings=1)),
    (HEAVY, "gaussian_nll", Traits("means", convex=False, settings=1)),
    (COUNTS, "absolute_error", Traits("medians", convex=True, settings=0)),
    (COUNTS, "squared_error", Traits("means", convex=True, settings=0)),
    (COUNTS, "huber(delta=1)", Traits("", convex=True, settings=1)),
    (COUNTS, "huber(delta=1000)", Traits("means", convex=True, settings=1)),
    (SKEWED, "gaussian_nll", Traits("means", convex=False, settings=1)),
    (UNBALANCED, "sigmoid_cross_entropy", Traits("probabilities", convex=True, settings=0)),
    (UNBALANCED, "binary_cross_entropy", Traits("probabilities", convex=True, settings=0)),
    (UNBALANCED, "sigmoid_cross_entropy(positive_weight=3)", Traits("", convex=True, settings=1)),
    (UNBALANCED, "sigmoid_cross_entropy(label_smoothing=0.1)", Traits("", convex=True, settings=1)),
    (UNBALANCED, "dice", Traits("", convex=False, settings=0)),
    (PROBLEMS["multiclass"], "softmax_cross_entropy", Traits("probabilities", convex=True, settings=0)),
    (PROBLEMS["multiclass"], "kl_divergence", Traits("probabilities", convex=True, settings=0)),
    # Least where log Σ exp(z) is 0, at the log-probabilities; log² bends down where log Σ exp(z) < −1.
    (PROBLEMS["multiclass"], "softmax_cross_entropy(z_loss=0.5)", Traits("probabilities", convex=False, settings=1)),
    (PROBLEMS["multiclass"], "softmax_cross_entropy(label_smoothing=0.1)", Traits("", convex=True, settings=1)),
]


@pytest.mark.parametrize(
    ("posed", "loss", "expected"), KNOWN, ids=[f"{p.task}-{p.rows}-{name}" for p, name, _ in KNOWN]
)
def test_known_traits(posed: Problem, loss: str, expected: Traits) -> None:
    (candidate,) = choose(posed, loss)
    assert traits(candidate, posed) == expected


def made(formula: Callable[..., object]) -> Traits:
    return traits(Candidate(ls.pointwise(formula)), SKEWED)


def test_formulas_of_the_user_are_tried_too() -> None:
    def pinball(prediction: Real, target: Real) -> object:
        error = target - prediction
        return maximum(0.9 * error, -0.1 * error)

    def asymmetric(prediction: Real, target: Real) -> object:
        error = target - prediction
        return square(maximum(2.0 * error, -error))

    assert made(pinball) == Traits("90 % quantiles", convex=True, settings=0)
    assert made(asymmetric) == Traits("", convex=True, settings=0)
