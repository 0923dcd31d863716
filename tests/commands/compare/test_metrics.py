"""Every metric, compared with a hand calculation."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from lossary.commands.compare.metrics import guessed, score


def test_regression() -> None:
    found = score("regression", np.array([1.0, 2.0, 3.0]), np.array([1.0, 4.0, 2.0]))
    assert found == pytest.approx({"MAE": 1.0, "RMSE": (5 / 3) ** 0.5, "median AE": 1.0, "R²": 1 - 5 / 2})


def test_binary() -> None:
    """The second of three rows is misclassified; its score lies above that of the only positive row."""
    positive = np.array([0.4, 0.8, 0.1])
    found = score("binary", np.array([1, 0, 0]), np.stack([1 - positive, positive], axis=1))
    expected = {
        "log loss": -(log(0.4) + log(0.2) + log(0.9)) / 3,
        "Brier": (0.36 + 0.64 + 0.01) / 3,
        "accuracy": 1 / 3,
        "balanced accuracy": 0.25,
        "ROC AUC": 0.5,
    }
    assert found == pytest.approx(expected)


def test_multiclass() -> None:
    """The second of three rows is misclassified."""
    probability = np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7], [0.1, 0.1, 0.8]])
    found = score("multiclass", np.array([0, 1, 2]), probability)
    expected = {
        "log loss": -(log(0.5) + log(0.2) + log(0.8)) / 3,
        "Brier": (0.25 + 2 * 0.0625 + 0.01 + 0.64 + 0.49 + 0.01 + 0.01 + 0.04) / 3,
        "accuracy": 2 / 3,
        "balanced accuracy": 2 / 3,
    }
    assert found == pytest.approx(expected)


def test_a_constant_guess_is_the_one_that_suits_the_metric() -> None:
    """The training targets 0, 0, 0, 8 have the median 0 and the mean 2; the held-out targets are 0 and 4."""
    found = guessed("regression", np.array([0.0, 4.0]), np.array([0.0, 0.0, 0.0, 8.0]), 0)
    assert found == pytest.approx({"MAE": 2.0, "RMSE": 2.0, "median AE": 2.0, "R²": 0.0})
    shares = guessed("binary", np.array([0, 0, 1]), np.array([0.0, 0.0, 0.0, 1.0]), 2)
    assert shares["accuracy"] == pytest.approx(2 / 3)
    assert shares["log loss"] == pytest.approx(-(2 * log(0.75) + log(0.25)) / 3)
    assert shares["ROC AUC"] == 0.5
