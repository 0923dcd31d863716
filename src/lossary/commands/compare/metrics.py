"""How predictions on unseen rows are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

__all__ = ["METRICS", "Metric", "Scores", "guessed", "score"]

Array = NDArray[Any]
Scores = dict[str, float]


@dataclass(frozen=True)
class Metric:
    """A number for (target, prediction); a prediction is a number a row, or a probability for each class."""

    name: str
    measure: Callable[[Array, Array], float]
    # +1 where more is better, −1 where less is.
    sense: int = -1
    # The constant that does best by it: of numbers their mean or median. Of classes it is their shares.
    constant: Callable[[Array], float] = lambda target: float(target.mean())


def _median(target: Array) -> float:
    return float(np.median(target))


def _one_hot(target: Array, classes: int) -> Array:
    return np.eye(classes)[target]


def _log_loss(target: Array, probability: Array) -> float:
    return float(metrics.log_loss(target, probability, labels=np.arange(probability.shape[1])))


def _brier(target: Array, probability: Array) -> float:
    """Summed over the classes, halved for two: the usual number for either."""
    distance = ((probability - _one_hot(target, probability.shape[1])) ** 2).sum(axis=1)
    return float(distance.mean() / (2 if probability.shape[1] == 2 else 1))


CLASSES = (
    Metric("log loss", _log_loss),
    Metric("Brier", _brier),
    Metric("accuracy", lambda t, p: float(metrics.accuracy_score(t, p.argmax(1))), 1),
    Metric("balanced accuracy", lambda t, p: float(metrics.balanced_accuracy_score(t, p.argmax(1))), 1),
)
METRICS = {
    "regression": (
        Metric("MAE", lambda t, p: float(metrics.mean_absolute_error(t, p)), constant=_median),
        Metric("RMSE", lambda t, p: float(metrics.root_mean_squared_error(t, p))),
        Metric("median AE", lambda t, p: float(metrics.median_absolute_error(t, p)), constant=_median),
        Metric("R²", lambda t, p: float(metrics.r2_score(t, p)), 1),
    ),
    "binary": (*CLASSES, Metric("ROC AUC", lambda t, p: float(metrics.roc_auc_score(t, p[:, 1])), 1)),
    "multiclass": CLASSES,
}


def score(task: str, target: Array, prediction: Array) -> Scores:
    """Every metric of the task."""
    return {metric.name: metric.measure(target, prediction) for metric in METRICS[task]}


def guessed(task: str, target: Array, training: Array, classes: int) -> Scores:
    """What constant guesses reach: for each metric the constant that suits it, of the training rows' targets."""
    return {
        metric.name: metric.measure(target, _guess(metric, len(target), training, classes)) for metric in METRICS[task]
    }


def _guess(metric: Metric, rows: int, training: Array, classes: int) -> Array:
    if classes:
        shares = np.bincount(training.astype(int), minlength=classes) / len(training)
        return np.tile(shares, (rows, 1))
    return np.full(rows, metric.constant(training))
