"""Gradient boosting on first and second derivatives: any loss of lossary is an objective.

Each tree is a Newton step: a leaf's value is minus the sum of its rows' gradients over the sum of their Hessians.

Run it: python examples/boosting.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeRegressor

import lossary as ls

ROUNDS, RATE, DEPTH = 60, 0.2, 3


def main() -> None:
    features, target = load_breast_cancer(return_X_y=True)
    train, test, y, y_test = train_test_split(features, target.astype(float), random_state=0)
    # Positives are the rarer class here; what they count beside the others is a keyword of the loss.
    loss = ls.sigmoid_cross_entropy.configure(positive_weight=float((1 - y).sum() / y.sum()))
    trees = boosted(train, y, loss)
    for rounds in (0, 10, ROUNDS):
        score = sum((RATE * tree.predict(test) for tree in trees[:rounds]), np.zeros(len(test)))
        accuracy = np.mean((score > 0) == (y_test > 0))
        print(f"{rounds:3d} trees: held-out loss {loss(score, y_test):.3f}, accuracy {accuracy:.3f}")


def boosted(features: Any, target: Any, loss: ls.Loss) -> list[DecisionTreeRegressor]:
    """Trees whose scaled sum is the score."""
    trees, score = [], np.zeros(len(target))
    for _ in range(ROUNDS):
        gradient, hessian = loss.gradient_and_hessian(score, target)
        tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=5, random_state=0)
        tree.fit(features, -gradient / hessian, sample_weight=hessian)
        score += RATE * tree.predict(features)
        trees.append(tree)
    return trees


if __name__ == "__main__":
    main()
