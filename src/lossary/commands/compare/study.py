"""The comparison: every candidate trained on every fold, from the same weights, on the same batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.model_selection import RepeatedKFold, RepeatedStratifiedKFold
from torch import Tensor

from lossary.commands.compare.candidates import Candidate
from lossary.commands.compare.fold import Fold, make_fold
from lossary.commands.compare.metrics import METRICS, guessed, score
from lossary.commands.compare.network import Network
from lossary.commands.compare.problem import Problem
from lossary.commands.compare.training import fit

__all__ = ["Outcome", "Plan", "Study", "conduct", "trainings"]

Array = NDArray[Any]
SEEDS = 2**32  # that scikit-learn takes


@dataclass(frozen=True)
class Plan:
    """Settings of the cross-validation and the training."""

    folds: int = 5
    repeats: int = 2
    seed: int = 0
    epochs: int = 100

    @property
    def splits(self) -> int:
        return self.folds * self.repeats


@dataclass(frozen=True)
class Outcome:
    """Results of a candidate: each metric on each fold, and the first metric after each epoch, (folds, epochs + 1).

    The excess is the mean prediction minus the mean target on each fold; of two classes, of the positive one.
    """

    candidate: Candidate
    scores: dict[str, Array]
    curves: Array
    best_epochs: Array
    excess: Array


@dataclass(frozen=True)
class Study:
    """All outcomes on a problem. The baseline holds the scores of constant guesses from the training rows."""

    problem: Problem
    plan: Plan
    outcomes: tuple[Outcome, ...]
    baseline: dict[str, Array]

    @property
    def trained(self) -> tuple[Outcome, ...]:
        """Outcomes of the candidates that were trained, without those that are the same as another."""
        return tuple(outcome for outcome in self.outcomes if not outcome.candidate.same_as)


@dataclass
class _Record:
    """Results of a candidate, fold by fold."""

    scores: list[dict[str, float]]
    curves: list[list[float]]
    best_epochs: list[int]
    excess: list[float]


def trainings(candidates: tuple[Candidate, ...], plan: Plan) -> int:
    """Return the number of networks that a study trains."""
    return plan.splits * sum(not candidate.same_as for candidate in candidates)


def conduct(
    problem: Problem, candidates: tuple[Candidate, ...], plan: Plan, advance: Callable[[str], None] = lambda _: None
) -> Study:
    """Train and judge; ``advance`` is called with a candidate's name after each training."""
    records = {candidate.name: _Record([], [], [], []) for candidate in candidates if not candidate.same_as}
    baseline = []
    with _one_thread():
        for fold, train in _folds(problem, plan):
            baseline.append(guessed(problem.task, fold.truth, problem.values[train], len(problem.classes)))
            for candidate in candidates:
                if not candidate.same_as:
                    _note(records[candidate.name], problem, candidate, fold, plan.epochs)
                    advance(candidate.name)
    longest = max(len(curve) for record in records.values() for curve in record.curves)
    outcomes = tuple(_outcome(candidate, records, longest) for candidate in candidates)
    return Study(problem, plan, outcomes, _collected(baseline))


def _folds(problem: Problem, plan: Plan) -> Iterator[tuple[Fold, Array]]:
    splitter = RepeatedStratifiedKFold if problem.classes else RepeatedKFold
    splits = splitter(n_splits=plan.folds, n_repeats=plan.repeats, random_state=plan.seed % SEEDS)
    for i, (train, held_out) in enumerate(splits.split(problem.features.matrix, problem.values)):
        yield make_fold(problem, train, held_out, seed=(plan.seed * 1_000_003 + i) % SEEDS), train


def _note(record: _Record, problem: Problem, candidate: Candidate, fold: Fold, epochs: int) -> None:
    width = candidate.width(problem.classes)
    network = Network(fold.held_out.shape[1], len(candidate.links), width, fold.seed)
    first = METRICS[problem.task][0]

    def judge(outputs: Tensor) -> float:
        return first.measure(fold.truth, _prediction(problem, candidate, outputs, fold))

    result = fit(candidate, network, fold, epochs, judge)
    prediction = _prediction(problem, candidate, result.outputs, fold)
    record.scores.append(score(problem.task, fold.truth, prediction))
    record.curves.append(result.history)
    record.best_epochs.append(result.best_epoch)
    guess = prediction if prediction.ndim == 1 else prediction[:, 1]
    record.excess.append(float(guess.mean() - fold.truth.mean()))


def _prediction(problem: Problem, candidate: Candidate, outputs: Tensor, fold: Fold) -> Array:
    """Return predictions of the first output, in the target's unit or as a probability for each class."""
    if problem.task == "regression":
        return candidate.predictions(outputs, fold.scaling)[0].numpy()
    first = outputs[:, 0].double()
    if problem.task == "multiclass":
        return torch.softmax(first, dim=-1).numpy()
    positive = torch.sigmoid(first.squeeze(-1))
    return torch.stack([1 - positive, positive], dim=1).numpy()


def _outcome(candidate: Candidate, records: dict[str, _Record], length: int) -> Outcome:
    """Collect a candidate's results; curves are extended to ``length`` by the value of the weights that were kept."""
    record = records[candidate.same_as or candidate.name]
    kept = zip(record.curves, record.best_epochs, strict=True)
    curves = np.array([curve + [curve[best]] * (length - len(curve)) for curve, best in kept])
    excess = np.array(record.excess)
    return Outcome(candidate, _collected(record.scores), curves, np.array(record.best_epochs), excess)


def _collected(scores: list[dict[str, float]]) -> dict[str, Array]:
    return {name: np.array([each[name] for each in scores]) for name in scores[0]}


@contextmanager
def _one_thread() -> Iterator[None]:
    """Use one thread: fastest for small networks, and the results do not depend on the number of cores."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
