"""What losses are of each other, and of their arguments: identities that hold whatever the numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import lossary as ls
from lossary.catalogue.record import Record
from samples import BY_SHAPE, arguments, of_rows

pytestmark = pytest.mark.usefixtures("portable")
ALL = BY_SHAPE
rng = np.random.default_rng(4)
Z, X, Y = rng.normal(size=(3, 50)) * 3
P, Q = rng.dirichlet(np.ones(5), (2, 40))
LOGITS, LABELS = rng.normal(size=(40, 5)) * 3, rng.integers(0, 5, 40)
BINARY = rng.integers(0, 2, 50).astype(float)


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def softmax(z: Any) -> Any:
    powers = np.exp(z - z.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def one_by_one(loss: Any, *arrays: Any, **options: Any) -> Any:
    return loss(*arrays, **options, reduction="none")


ENTROPY = -(Q * np.log(Q)).sum(-1)
# Computed in the test: what a module computes when it is imported, every process of tests computes.
SAME: dict[str, Callable[[], Any]] = {
    "the article's squared error": lambda: (ls.squared_error(X, Y), np.sum((X - Y) ** 2) / len(X)),
    "the article's binary cross-entropy": lambda: (
        ls.binary_cross_entropy(sigmoid(Z), BINARY, reduction="sum"),
        -np.sum(BINARY * np.log(sigmoid(Z)) + (1 - BINARY) * np.log(1 - sigmoid(Z))),
    ),
    "the article's categorical cross-entropy": lambda: (
        ls.categorical_cross_entropy(P, np.eye(5)[LABELS], reduction="sum"),
        -np.sum(np.eye(5)[LABELS] * np.log(P)),
    ),
    "sigmoid": lambda: (
        one_by_one(ls.sigmoid_cross_entropy, Z, BINARY),
        one_by_one(ls.binary_cross_entropy, sigmoid(Z), BINARY),
    ),
    "two classes": lambda: (
        one_by_one(ls.sigmoid_cross_entropy, Z, BINARY),
        one_by_one(ls.softmax_cross_entropy, np.stack([0 * Z, Z], -1), BINARY.astype(int)),
    ),
    "the other outcome": lambda: (
        one_by_one(ls.sigmoid_cross_entropy, Z, BINARY),
        one_by_one(ls.sigmoid_cross_entropy, -Z, 1 - BINARY),
    ),
    "focal of two classes": lambda: (
        one_by_one(ls.sigmoid_focal, Z, BINARY, gamma=0.5),
        one_by_one(ls.softmax_focal, np.stack([0 * Z, Z], -1), BINARY.astype(int), gamma=0.5),
    ),
    "focal of a sigmoid": lambda: (
        one_by_one(ls.sigmoid_focal, Z, BINARY),
        one_by_one(ls.binary_focal, sigmoid(Z), BINARY),
    ),
    "focal without focus": lambda: (
        one_by_one(ls.sigmoid_focal, Z, BINARY, gamma=0.0),
        one_by_one(ls.sigmoid_cross_entropy, Z, BINARY),
    ),
    "asymmetric focal without a margin": lambda: (
        one_by_one(ls.sigmoid_asymmetric, Z, BINARY, positive_gamma=2.0, negative_gamma=2.0, margin=0.0),
        one_by_one(ls.sigmoid_focal, Z, BINARY),
    ),
    "poly-1 of two classes": lambda: (
        one_by_one(ls.sigmoid_poly1, Z, BINARY, epsilon=2.0),
        one_by_one(ls.softmax_poly1, np.stack([0 * Z, Z], -1), BINARY.astype(int), epsilon=2.0),
    ),
    "poly-1 as a symmetric cross-entropy": lambda: (
        one_by_one(ls.softmax_poly1, np.stack([Y, Z], -1), BINARY.astype(int), epsilon=2.0),
        one_by_one(
            ls.softmax_symmetric_cross_entropy,
            np.stack([Y, Z], -1),
            BINARY.astype(int),
            alpha=1.0,
            beta=0.5,
        ),
    ),
    "Brier of two classes": lambda: (
        2.0 * one_by_one(ls.sigmoid_brier, Z, BINARY),
        one_by_one(ls.softmax_brier, np.stack([0 * Z, Z], -1), BINARY.astype(int)),
    ),
    "hinge of a pair": lambda: (
        one_by_one(ls.hinge, Z, np.ones(50)),
        one_by_one(ls.margin_ranking, Z, 0 * Z, margin=1.0),
    ),
    "modified Huber": lambda: (
        one_by_one(ls.modified_huber, Z, BINARY),
        4.0 * one_by_one(ls.binary_sparsemax, Z, BINARY),
    ),
    "Crammer–Singer of two classes": lambda: (
        one_by_one(ls.crammer_singer, np.stack([Y, Z], -1), BINARY.astype(int)),
        one_by_one(ls.hinge, Z - Y, BINARY),
    ),
    "Crammer–Singer without a margin": lambda: (
        one_by_one(ls.crammer_singer, LOGITS, LABELS, margin=0.0),
        one_by_one(ls.multiclass_perceptron, LOGITS, LABELS),
    ),
    "perceptron of two classes": lambda: (
        one_by_one(ls.multiclass_perceptron, np.stack([Y, Z], -1), BINARY.astype(int)),
        one_by_one(ls.perceptron, Z - Y, BINARY),
    ),
    "Weston–Watkins of two classes": lambda: (
        one_by_one(ls.weston_watkins, np.stack([Y, Z], -1), BINARY.astype(int), margin=2.0),
        one_by_one(ls.crammer_singer, np.stack([Y, Z], -1), BINARY.astype(int), margin=2.0),
    ),
    "squares of Weston–Watkins of two classes": lambda: (
        one_by_one(ls.squared_weston_watkins, np.stack([Y, Z], -1), BINARY.astype(int)),
        one_by_one(ls.squared_hinge, Z - Y, BINARY),
    ),
    "one of several labels": lambda: (
        one_by_one(ls.multilabel_margin, LOGITS, np.eye(5)[LABELS]),
        one_by_one(ls.weston_watkins, LOGITS, LABELS),
    ),
    "sparsemax of two classes": lambda: (
        one_by_one(ls.multiclass_sparsemax, np.stack([Y, Z], -1), BINARY.astype(int)),
        one_by_one(ls.binary_sparsemax, Z - Y, BINARY),
    ),
    "two levels": lambda: (
        one_by_one(ls.cumulative_link, Z, BINARY, np.array([0.75])),
        one_by_one(ls.sigmoid_cross_entropy, Z - 0.75, BINARY),
    ),
    "boundaries of levels": lambda: (
        one_by_one(ls.ordinal_cross_entropy, LOGITS[:, :4], LABELS),
        one_by_one(ls.sigmoid_cross_entropy, LOGITS[:, :4], LABELS[:, None] > np.arange(4)).sum(-1),
    ),
    "softmax": lambda: (
        one_by_one(ls.softmax_cross_entropy, LOGITS, LABELS),
        one_by_one(ls.categorical_cross_entropy, softmax(LOGITS), LABELS),
    ),
    "divergence and entropy": lambda: (
        one_by_one(ls.kl_divergence, P, Q) + ENTROPY,
        one_by_one(ls.categorical_cross_entropy, P, Q),
    ),
    "softmax divergence": lambda: (
        one_by_one(ls.softmax_kl_divergence, LOGITS, Q),
        one_by_one(ls.kl_divergence, softmax(LOGITS), Q),
    ),
    "logits move together": lambda: (
        one_by_one(ls.softmax_cross_entropy, LOGITS + 100.0, LABELS),
        one_by_one(ls.softmax_cross_entropy, LOGITS, LABELS),
    ),
    "smoothing is a soft target": lambda: (
        one_by_one(ls.softmax_cross_entropy, LOGITS, LABELS, label_smoothing=0.1),
        one_by_one(ls.softmax_cross_entropy, LOGITS, np.eye(5)[LABELS] * 0.9 + 0.02),
    ),
    "a wide Huber": lambda: (one_by_one(ls.huber, X, Y, delta=1e6), one_by_one(ls.squared_error, X, Y) / 2),
    "a narrow Huber": lambda: (
        one_by_one(ls.huber, X, Y, delta=1e-9) / 1e-9,
        one_by_one(ls.absolute_error, X, Y) - 5e-10,
    ),
    "Huber scales": lambda: (one_by_one(ls.huber, 3 * X, 3 * Y, delta=6.0), 9 * one_by_one(ls.huber, X, Y, delta=2.0)),
    "unit variance": lambda: (one_by_one(ls.gaussian_nll, X, Y, 0 * X + 1), one_by_one(ls.squared_error, X, Y) / 2),
    "F1": lambda: (
        ls.dice(BINARY, np.roll(BINARY, 1)),
        1 - 2 * (BINARY * np.roll(BINARY, 1)).sum() / (2 * BINARY.sum()),
    ),
    "dice is symmetric": lambda: (ls.dice(P, Q), ls.dice(Q, P)),
    "lengths do not matter": lambda: (ls.info_nce(LOGITS, P), ls.info_nce(LOGITS * rng.uniform(1, 9, (40, 1)), P)),
    "Rényi's divergence of order ½": lambda: (
        one_by_one(ls.renyi_divergence, P, Q, alpha=0.5),
        -2 * np.log1p(-one_by_one(ls.squared_hellinger, P, Q)),
    ),
    "Rényi's divergence of order 1": lambda: (
        one_by_one(ls.renyi_divergence, P, Q, alpha=1.0),
        one_by_one(ls.kl_divergence, P, Q),
    ),
    "Rényi's divergence of order 2": lambda: (
        one_by_one(ls.renyi_divergence, P, Q, alpha=2.0),
        np.log1p(one_by_one(ls.chi_squared, P, Q)),
    ),
    "Rényi's divergence of labels": lambda: (
        one_by_one(ls.renyi_divergence, P, LABELS, alpha=3.0),
        one_by_one(ls.categorical_cross_entropy, P, LABELS),
    ),
    "Rényi's divergence the other way round": lambda: (
        0.75 * one_by_one(ls.renyi_divergence, P, Q, alpha=0.25),
        0.25 * one_by_one(ls.renyi_divergence, Q, P, alpha=0.75),
    ),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_identity(pair: Callable[[], Any]) -> None:
    found, right = pair()
    np.testing.assert_allclose(found, right, rtol=2e-12, atol=1e-13)


@pytest.mark.parametrize("record", [r for r in ALL if r.kind != "pairs"], ids=lambda record: record.name)
def test_a_perfect_prediction_is_a_minimum(record: Record) -> None:
    """No step from the target itself lowers the loss, where the prediction lies in the target's domain."""
    first, target = record.arguments[0], record.arguments[-1]
    if first.domain != target.domain or target.role != "target" or len(record.arguments) != 2:
        pytest.skip("the prediction is not of the target's kind")
    goal = arguments(record)[1]
    goal = np.eye(goal.shape[-1])[goal.argmax(-1)] if record.kind == "overlap" or first.domain.high == 1.0 else goal
    best = ls.get(record.name)(goal, goal)
    for _ in range(20):
        other = arguments(record, seed=int(rng.integers(1000)))[0]
        assert ls.get(record.name)(goal + 0.1 * (other - goal), goal) >= best - 1e-15


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.name)
def test_order_does_not_matter(record: Record) -> None:
    """The mean is of a set: permuted items give the same number."""
    given = arguments(record)
    order = rng.permutation(len(given[0]))
    shuffled = ls.get(record.name)(*of_rows(record, given, order))
    np.testing.assert_allclose(shuffled, ls.get(record.name)(*given), rtol=1e-13)
