"""The comparison: fair to every loss, reproducible, blind to the held-out rows, and right in its words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import torch

from lossary.compare.candidates import choose
from lossary.compare.fold import make_fold
from lossary.compare.network import Network
from lossary.compare.problem import Problem, pose
from lossary.compare.study import Outcome, Plan, Study, conduct, trainings
from lossary.compare.verdict import judge
from lossary.data.samples import SAMPLES, sample
from lossary.data.table import TableError

QUICK = Plan(folds=3, repeats=1, epochs=6)


def posed(name: str, rows: int = 10_000) -> Problem:
    shipped = sample(name)
    return pose(shipped.table, shipped.target, task=None, folds=3, most_rows=rows, seed=0)


@pytest.mark.parametrize(
    ("name", "task"),
    [("diabetes", "regression"), ("breast_cancer", "binary"), ("digits", "multiclass"), ("wine", "multiclass")],
)
def test_the_shipped_tables_pose_their_known_tasks(name: str, task: str) -> None:
    assert posed(name).task == task
    assert name in SAMPLES


def test_networks_learn_and_beat_a_constant_guess() -> None:
    problem = posed("wine")
    study = conduct(problem, choose(problem, "softmax_cross_entropy"), replace(QUICK, epochs=40))
    assert study.outcomes[0].scores["accuracy"].mean() > 0.9
    assert study.baseline["accuracy"].mean() < 0.5
    assert study.outcomes[0].curves[:, -1].mean() < 0.3 * study.outcomes[0].curves[:, 0].mean()


def test_the_same_seed_gives_the_same_numbers_and_another_one_others() -> None:
    problem = posed("diabetes", 120)
    candidates = choose(problem, "huber, gaussian_nll")
    first, again, other = (conduct(problem, candidates, replace(QUICK, seed=seed)) for seed in (1, 1, 2))
    for one, two, three in zip(first.outcomes, again.outcomes, other.outcomes, strict=True):
        assert one.scores["MAE"].tolist() == two.scores["MAE"].tolist()
        assert one.curves.tolist() == two.curves.tolist()
        assert one.scores["MAE"].tolist() != three.scores["MAE"].tolist()


def test_every_loss_starts_from_the_same_weights() -> None:
    """More outputs, as a loss of two predictions needs, do not change the first one's weights."""
    one, two = (Network(5, predictions, 1, seed=3) for predictions in (1, 2))
    rows = torch.ones(2, 5)
    assert torch.equal(one(rows)[:, 0], two(rows)[:, 0])
    assert not torch.equal(one(rows), Network(5, 1, 1, seed=4)(rows))


def test_a_result_does_not_depend_on_which_losses_stand_beside_it() -> None:
    problem = posed("diabetes", 120)
    alone = conduct(problem, choose(problem, "huber"), QUICK)
    beside = conduct(problem, choose(problem, "gaussian_nll, huber"), QUICK)
    assert alone.outcomes[0].scores["RMSE"].tolist() == beside.outcomes[1].scores["RMSE"].tolist()


def test_training_never_sees_the_held_out_rows() -> None:
    """Changing what is held out changes neither the rows that are trained on, nor how they are prepared."""
    problem = posed("diabetes")
    train, held_out = np.arange(300), np.arange(300, 442)
    matrix, values = problem.features.matrix.copy(), problem.values.copy()
    matrix[held_out] *= 1000
    values[held_out] += 1e6
    changed = replace(problem, values=values, features=replace(problem.features, matrix=matrix))
    one, two = (make_fold(each, train, held_out, seed=0) for each in (problem, changed))
    assert torch.equal(one.training.rows, two.training.rows)
    assert torch.equal(one.training.target, two.training.target)
    assert torch.equal(one.validation.rows, two.validation.rows)
    assert (one.center, one.scale) == (two.center, two.scale)


def test_progress_is_told_of_every_network() -> None:
    problem = posed("wine")
    candidates = choose(problem, None)
    told: list[str] = []
    plan = replace(QUICK, epochs=1)
    conduct(problem, candidates, plan, told.append)
    assert len(told) == trainings(candidates, plan) == 3 * 2
    assert set(told) == {candidate.name for candidate in candidates if not candidate.same_as}


def test_rows_without_a_target_and_rare_classes_are_left_out_and_said() -> None:
    labels = ["a"] * 20 + ["b"] * 20 + ["c"] * 2 + [None] * 3
    table = pa.table({"x": np.random.default_rng(0).normal(size=45), "y": labels})
    problem = pose(table, "y", task=None, folds=3, most_rows=100, seed=0)
    assert (problem.task, problem.rows, problem.classes) == ("binary", 40, ("a", "b"))
    assert "3 rows without a value in 'y' left out" in problem.notes
    assert "rows of classes with fewer than 3 rows left out: 'c'" in problem.notes


def test_at_most_so_many_rows_are_drawn() -> None:
    problem = posed("diabetes", 100)
    assert problem.rows == 100
    assert any("100 of 442 rows used" in note for note in problem.notes)


@pytest.mark.parametrize(
    ("values", "message"),
    [([1.5, 2.5, 3.5], "too few for 3 folds; 12 are needed"), ([1.5] * 30, "the same value in every row")],
)
def test_says_what_no_folds_can_be_made_of(values: list[float], message: str) -> None:
    table = pa.table({"x": np.arange(len(values)) ** 2.0, "y": values})
    with pytest.raises(TableError, match=message):
        pose(table, "y", task="regression", folds=3, most_rows=100, seed=0)


def test_says_what_classes_are_too_rare_for_folds() -> None:
    table = pa.table({"x": np.arange(30.0) ** 2, "y": ["a"] * 28 + ["b", "c"]})
    with pytest.raises(TableError, match="fewer than two classes of 'y' have the 3 rows that 3 folds need"):
        pose(table, "y", task=None, folds=3, most_rows=100, seed=0)


def made_up(**errors: float) -> Study:
    """A study whose losses miss by the given amounts, give or take the same noise."""
    problem = posed("diabetes")
    noise = np.array([0.01, -0.01, 0.02, -0.02, 0.0])
    outcomes = []
    for i, (name, error) in enumerate(errors.items()):
        values = error + noise * (1 + i / 10)
        scores = {"MAE": values, "RMSE": values, "median AE": values, "R²": 1 - values}
        (candidate,) = choose(problem, name)
        outcomes.append(Outcome(candidate, scores, np.ones((5, 2)), np.ones(5)))
    baseline = {"MAE": np.full(5, 2.0), "RMSE": np.full(5, 2.0), "median AE": np.full(5, 2.0), "R²": np.zeros(5)}
    return Study(problem, Plan(folds=5, repeats=1), tuple(outcomes), baseline)


def test_a_clear_winner_is_recommended() -> None:
    verdict = judge(made_up(huber=0.2, squared_error=0.9))
    assert verdict.recommendation() == (
        "Use huber: by every metric it is the best, or cannot be told from the best.",
        "Worse than the best by more than chance explains: squared_error by MAE, RMSE, median AE and R².",
    )


def test_a_tie_is_called_a_tie() -> None:
    verdict = judge(made_up(huber=0.5, squared_error=0.5001))
    assert verdict.undecided
    assert verdict.recommendation()[0].startswith("No loss stands out on this table")


def test_a_conflict_is_called_a_conflict() -> None:
    study = made_up(huber=0.2, squared_error=0.9)
    first, second = study.outcomes
    crossed = [
        replace(first, scores=first.scores | {"RMSE": second.scores["RMSE"]}),
        replace(second, scores=second.scores | {"RMSE": first.scores["RMSE"]}),
    ]
    words = judge(replace(study, outcomes=tuple(crossed))).recommendation()[0]
    assert words.startswith("It depends on what counts: huber for MAE, median AE and R²; squared_error for RMSE. ")


def test_where_nothing_decides_the_choice_is_what_is_nowhere_far_behind() -> None:
    """squared_error is best by RMSE and behind by MAE; huber is a little behind by RMSE alone."""
    study = made_up(huber=0.5, squared_error=0.5)
    noise = np.array([0.1, -0.1, 0.1, -0.1, 0.05])
    first, second = study.outcomes
    outcomes = (
        replace(first, scores=first.scores | {"RMSE": 0.51 + noise}),
        replace(second, scores=second.scores | {"MAE": 0.55 + noise, "RMSE": np.full(5, 0.5)}),
    )
    verdict = judge(replace(study, outcomes=outcomes))
    assert verdict.undecided
    assert verdict.choice == "huber"


def test_of_losses_as_far_behind_the_plainest_is_chosen() -> None:
    """Made for the task and without settings, it comes first."""
    study = made_up(huber=0.5, squared_error=0.5)
    noise = np.array([0.1, -0.1, 0.1, -0.1, 0.05])
    first, second = study.outcomes
    outcomes = (
        replace(first, scores=first.scores | {"RMSE": 0.5101 + noise}),
        replace(second, scores=second.scores | {"MAE": 0.51 + noise, "RMSE": np.full(5, 0.5)}),
    )
    for pair in (outcomes, outcomes[::-1]):
        assert judge(replace(study, outcomes=pair)).choice == pair[0].candidate.name


def test_any_seed_is_taken() -> None:
    problem = posed("diabetes", rows=60)
    study = conduct(problem, choose(problem, "huber"), Plan(folds=2, repeats=1, epochs=1, seed=10**20))
    assert np.isfinite(study.outcomes[0].scores["MAE"]).all()


def test_a_network_that_diverges_is_judged_by_what_was_kept() -> None:
    """A slope of 1e300 is infinite as float32: the first step makes every weight NaN."""
    problem = posed("breast_cancer", rows=60)
    candidates = choose(problem, "sigmoid_cross_entropy(positive_weight=1e300)")
    (outcome,) = conduct(problem, candidates, Plan(folds=2, repeats=1, epochs=3)).outcomes
    assert np.isfinite(outcome.scores["log loss"]).all()
    assert outcome.best_epochs.tolist() == [0, 0]


def test_networks_that_learn_nothing_are_warned_of() -> None:
    words = judge(made_up(huber=2.5, squared_error=2.5001)).recommendation()
    assert words[-1].startswith("Be careful: by MAE the best network does no better than a constant guess (2)")
