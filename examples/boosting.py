"""Gradient boosting on first and second derivatives, with any loss of one score a row.

Each tree is a Newton step: a leaf's value is minus the sum of its rows' gradients over the sum of their Hessians. So
boosting needs Hessians above 0. Those of ``absolute_error`` are 0 everywhere, those of ``huber`` beyond delta. If all
are 0, XGBoost and LightGBM predict a constant without a warning.

A minimum for the Hessians avoids that. It determines the length of the steps, so first scale the target to a standard
deviation of about 1. With a minimum of 1 the steps are plain gradient steps; with 0.01 they are 100 times as long, and
``absolute_error`` ends with a loss worse than that of a constant.

Run it: python examples/boosting.py
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeRegressor

import lossary as ls

ROUNDS, RATE, DEPTH = 60, 0.2, 3


def main() -> None:
    classify()
    for loss in (ls.huber.configure(delta=0.5), ls.absolute_error):
        regress(loss, floor=1.0)


def classify() -> None:
    features, target = load_breast_cancer(return_X_y=True)
    train, test, y, y_test = train_test_split(features, target.astype(float), random_state=0)
    # There are more positives than negatives; the weight of the positives balances them.
    loss = ls.sigmoid_cross_entropy.configure(positive_weight=float((1 - y).sum() / y.sum()))
    trees = boosted(train, y, loss, floor=1e-6)
    for rounds in (0, 10, ROUNDS):
        score = predicted(trees[:rounds], test)
        accuracy = np.mean((score > 0) == (y_test > 0))
        print(f"{rounds:3d} trees: held-out loss {loss(score, y_test):.3f}, accuracy {accuracy:.3f}")


def regress(loss: ls.Loss, floor: float) -> None:
    """Boost a loss whose Hessian is 0 for many rows, on a target with mean 0 and standard deviation 1."""
    features, target = load_diabetes(return_X_y=True)
    target = (target - target.mean()) / target.std()
    train, test, y, y_test = train_test_split(features, target, random_state=0)
    _, hessian = loss.gradient_and_hessian(np.zeros(len(y)), y)
    before, after = (float(loss(predicted(trees, test), y_test)) for trees in ([], boosted(train, y, loss, floor)))
    print(
        f"{loss.record.name}: {np.mean(hessian == 0):.0%} of the Hessians are 0, raised to {floor:g}: "
        f"held-out loss {before:.3f} before, {after:.3f} after {ROUNDS} trees"
    )


def boosted(features: Any, target: Any, loss: ls.Loss, floor: float) -> list[DecisionTreeRegressor]:
    """Fit trees one by one; ``predicted`` adds them up to a score."""
    trees, score = [], np.zeros(len(target))
    for _ in range(ROUNDS):
        gradient, hessian = newton_terms(loss, score, target, floor)
        tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=5, random_state=0)
        tree.fit(features, -gradient / hessian, sample_weight=hessian)
        score += RATE * tree.predict(features)
        trees.append(tree)
    return trees


def predicted(trees: list[DecisionTreeRegressor], features: Any) -> Any:
    """Return the score: the sum of the trees' predictions times the learning rate."""
    return sum((RATE * tree.predict(features) for tree in trees), np.zeros(len(features)))


def newton_terms(loss: ls.Loss, score: Any, target: Any, floor: float) -> tuple[Any, Any]:
    """Return the gradient, and the Hessian raised to at least ``floor``."""
    gradient, hessian = loss.gradient_and_hessian(score, target)
    return gradient, np.maximum(hessian, floor)


def objective(loss: ls.Loss, floor: float) -> Callable[[Any, Any], tuple[Any, Any]]:
    """Return the loss as XGBoost and LightGBM take it.

    Pass it as ``xgboost.train(..., obj=objective(loss, 1.0))``, or as ``"objective"`` in LightGBM's parameters. Their
    leaves need Hessians that sum to ``min_child_weight`` (by default 1) or ``min_sum_hessian_in_leaf`` (0.001), for
    which a floor of 1e-6 has no more effect than 0.
    """
    return lambda score, data: newton_terms(loss, score, data.get_label(), floor)


if __name__ == "__main__":
    main()
