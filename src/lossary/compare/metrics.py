"""How predictions on unseen rows are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

__all__ = ["METRICS", "Metric", "Scores", "score"]

Array = NDArray[Any]
Scores = dict[str, float]


@dataclass(frozen=True)
class Metric:
    """A number for (target, prediction); a prediction is a number a row, or a probability for each class."""

    name: str
    measure: Callable[[Array, Array], float]
    # +1 where more is better, −1 where less is.
    sense: int = -1
    # What somebody who chooses by this metric cares about.
    about: str = ""


def _one_hot(target: Array, classes: int) -> Array:
    return np.eye(classes)[target]


def _log_loss(target: Array, probability: Array) -> float:
    return float(metrics.log_loss(target, probability, labels=np.arange(probability.shape[1])))


def _brier(target: Array, probability: Array) -> float:
    """Summed over the classes, halved for two: the usual number for either."""
    distance = ((probability - _one_hot(target, probability.shape[1])) ** 2).sum(axis=1)
    return float(distance.mean() / (2 if probability.shape[1] == 2 else 1))


CLASSES = (
    Metric(
        "log loss",
        _log_loss,
        about="probabilities that can be trusted, punished hard where they are confident and wrong",
    ),
    Metric("Brier", _brier, about="probabilities that can be trusted"),
    Metric("accuracy", lambda t, p: float(metrics.accuracy_score(t, p.argmax(1))), 1, "the most classes named right"),
    Metric(
        "balanced accuracy",
        lambda t, p: float(metrics.balanced_accuracy_score(t, p.argmax(1))),
        1,
        "every class named right equally often, however rare",
    ),
)
METRICS = {
    "regression": (
        Metric("MAE", lambda t, p: float(metrics.mean_absolute_error(t, p)), about="the average miss"),
        Metric("RMSE", lambda t, p: float(metrics.root_mean_squared_error(t, p)), about="few large misses"),
        Metric("median AE", lambda t, p: float(metrics.median_absolute_error(t, p)), about="the typical miss"),
        Metric("R²", lambda t, p: float(metrics.r2_score(t, p)), 1, "the share of the variance explained"),
    ),
    "binary": (
        *CLASSES,
        Metric("ROC AUC", lambda t, p: float(metrics.roc_auc_score(t, p[:, 1])), 1, "ranking the rows"),
    ),
    "multiclass": CLASSES,
}


def score(task: str, target: Array, prediction: Array) -> Scores:
    """Every metric of the task."""
    return {metric.name: metric.measure(target, prediction) for metric in METRICS[task]}
