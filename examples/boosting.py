"""Gradient boosting on first and second derivatives, with any loss of one score a row.

Each tree is a Newton step: a leaf's value is minus the sum of its rows' gradients over the sum of their Hessians. So a
booster needs Hessians above 0. Those of ``absolute_error`` are 0 everywhere, those of ``huber`` beyond delta. XGBoost
and LightGBM, given zeros alone, predict a constant and do not say so.

A floor under the Hessian mends that. It sets the length of the steps, so scale the target to a deviation of about 1
first. A floor of 1 then makes steps along the gradient ("ones"); one of 0.01 makes them 100 times as long, which ends
worse than a constant for ``absolute_error``.

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
    # Positives are the more frequent class here; their weight beside the others is a keyword of the loss.
    loss = ls.sigmoid_cross_entropy.configure(positive_weight=float((1 - y).sum() / y.sum()))
    trees = boosted(train, y, loss, floor=1e-6)
    for rounds in (0, 10, ROUNDS):
        score = predicted(trees[:rounds], test)
        accuracy = np.mean((score > 0) == (y_test > 0))
        print(f"{rounds:3d} trees: held-out loss {loss(score, y_test):.3f}, accuracy {accuracy:.3f}")


def regress(loss: ls.Loss, floor: float) -> None:
    """Boost a loss whose Hessian is 0 for many rows; the target has a mean of 0 and a deviation of 1."""
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
    """Trees whose scaled sum is the score."""
    trees, score = [], np.zeros(len(target))
    for _ in range(ROUNDS):
        gradient, hessian = newton_terms(loss, score, target, floor)
        tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=5, random_state=0)
        tree.fit(features, -gradient / hessian, sample_weight=hessian)
        score += RATE * tree.predict(features)
        trees.append(tree)
    return trees


def predicted(trees: list[DecisionTreeRegressor], features: Any) -> Any:
    """The score of trees: 0 of none."""
    return sum((RATE * tree.predict(features) for tree in trees), np.zeros(len(features)))


def newton_terms(loss: ls.Loss, score: Any, target: Any, floor: float) -> tuple[Any, Any]:
    """Gradient, and a Hessian that can be divided by: nowhere below ``floor``."""
    gradient, hessian = loss.gradient_and_hessian(score, target)
    return gradient, np.maximum(hessian, floor)


def objective(loss: ls.Loss, floor: float) -> Callable[[Any, Any], tuple[Any, Any]]:
    """The loss as XGBoost and LightGBM take it: ``xgboost.train(..., obj=objective(loss, 1.0))``, or the
    ``"objective"`` among LightGBM's parameters.

    XGBoost also makes no leaf whose Hessians sum to less than ``min_child_weight`` (1 unless given), LightGBM none
    below ``min_sum_hessian_in_leaf`` (0.001): a floor of 1e-6 is as good as 0 there.
    """
    return lambda score, data: newton_terms(loss, score, data.get_label(), floor)


if __name__ == "__main__":
    main()
