"""Metrics of predictions on held-out rows, and the scores of constant guesses."""

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
    """A function of (target, prediction); a prediction is a number for each row, or a probability for each class."""

    name: str
    measure: Callable[[Array, Array], float]
    # +1 if larger values are better, −1 if smaller ones are.
    sense: int = -1
    # Constant prediction with the best value in regression. Of classes it is their shares.
    constant: Callable[[Array], float] = lambda target: float(target.mean())


def _median(target: Array) -> float:
    return float(np.median(target))


def _log_loss(target: Array, probability: Array) -> float:
    return float(metrics.log_loss(target, probability, labels=np.arange(probability.shape[1])))


def _brier(target: Array, probability: Array) -> float:
    """Return the Brier score: summed over the classes, and halved for two, as is usual."""
    classes = probability.shape[1]
    distance = ((probability - np.eye(classes)[target]) ** 2).sum(axis=1)
    return float(distance.mean() / (2 if classes == 2 else 1))


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
    """Compute every metric of the task."""
    return {metric.name: metric.measure(target, prediction) for metric in METRICS[task]}


def guessed(task: str, target: Array, training: Array, classes: int) -> Scores:
    """Compute every metric for a constant guess: the best constant for that metric on the training targets."""
    return {
        metric.name: metric.measure(target, _guess(metric, len(target), training, classes)) for metric in METRICS[task]
    }


def _guess(metric: Metric, rows: int, training: Array, classes: int) -> Array:
    if classes:
        shares = np.bincount(training.astype(int), minlength=classes) / len(training)
        return np.tile(shares, (rows, 1))
    return np.full(rows, metric.constant(training))
