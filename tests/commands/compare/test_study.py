"""The comparison: fair to every loss, reproducible, independent of the held-out rows, in the target's unit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import torch

from lossary.commands.compare.candidates import Candidate, choose
from lossary.commands.compare.fold import make_fold
from lossary.commands.compare.network import Network
from lossary.commands.compare.problem import Problem, pose
from lossary.commands.compare.scale import deviation, scaling
from lossary.commands.compare.study import Plan, conduct, trainings
from lossary.commands.data.samples import SAMPLES, sample
from lossary.commands.data.table import TableError

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
    """Further outputs, which a loss of two predictions needs, do not change the first one's weights."""
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
    """Changing the held-out rows changes neither the training rows nor their preparation."""
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
    assert one.scaling == two.scaling == scaling(one.training.target.numpy())


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


def test_any_seed_is_taken() -> None:
    problem = posed("diabetes", rows=60)
    study = conduct(problem, choose(problem, "huber"), Plan(folds=2, repeats=1, epochs=1, seed=10**20))
    assert np.isfinite(study.outcomes[0].scores["MAE"]).all()


def test_a_network_that_diverges_is_judged_by_what_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its slopes are infinite: the first step makes every weight NaN."""
    value = Candidate.value
    monkeypatch.setattr(Candidate, "value", lambda *given: value(*given) * np.inf)
    problem = posed("breast_cancer", rows=60)
    candidates = choose(problem, "sigmoid_cross_entropy")
    (outcome,) = conduct(problem, candidates, Plan(folds=2, repeats=1, epochs=3)).outcomes
    assert np.isfinite(outcome.scores["log loss"]).all()
    assert outcome.best_epochs.tolist() == [0, 0]


def test_a_parameter_means_here_what_it_means_in_the_library() -> None:
    """With a deviation of 77, delta=50 matters; half a squared error trains the same network as a whole one."""
    problem = posed("diabetes", 120)
    candidates = choose(problem, "huber(delta=50), squared_error, huber(delta=1e6)")
    assert [candidate.same_as for candidate in candidates] == ["", "", "squared_error"]
    outcomes = conduct(problem, candidates, QUICK).outcomes
    assert outcomes[0].scores["MAE"].tolist() != outcomes[1].scores["MAE"].tolist()
    assert outcomes[2].scores["MAE"].tolist() == outcomes[1].scores["MAE"].tolist()


@pytest.mark.parametrize("unit", [2.0**40, 2.0**-250, 2.0**300], ids=["large", "tiny", "huge"])
def test_the_unit_of_the_target_changes_nothing_but_the_unit(unit: float) -> None:
    """With target and parameters in another unit, the networks are the same."""
    problem = posed("diabetes", 120)
    other = replace(problem, values=problem.values * unit)
    one, two = (
        conduct(each, choose(each, f"squared_error, huber(delta={delta!r}), gaussian_nll, absolute_error"), QUICK)
        for each, delta in ((problem, 20.0), (other, 20.0 * unit))
    )
    for first, second in zip(one.outcomes, two.outcomes, strict=True):
        np.testing.assert_allclose(second.scores["MAE"] / unit, first.scores["MAE"], rtol=1e-4)


def test_a_parameter_that_nobody_set_is_a_deviation_of_the_training_rows() -> None:
    problem = posed("diabetes")
    (huber,) = choose(problem, "huber")
    whole, _ = deviation(problem.values)
    assert huber.derived == ("delta",)
    assert huber.settings == {"delta": float(f"{whole:.3g}")}
    assert huber.in_deviations(problem.scaling) == {"delta": 1.0}  # type: ignore[arg-type]
    fold = make_fold(problem, np.arange(100), np.arange(100, 442), seed=0)
    assert fold.scaling is not None
    assert fold.scaling.deviation == deviation(fold.training.target.numpy())[0] != whole
    far = torch.full((1, 1, 1), 1e4)
    at_zero = torch.full((1,), fold.scaling.center, dtype=torch.float64)
    slope = huber.slopes(far, at_zero, fold.scaling).item() / fold.scaling.scale
    assert slope == pytest.approx(fold.scaling.deviation)


def test_a_deviation_by_hand() -> None:
    """The median is 3 and the distances from it are 0, 1, 1, 2, 97; for mostly zeros the mean distance is 10/5."""
    assert deviation(np.array([1.0, 2.0, 3.0, 4.0, 100.0]))[0] == pytest.approx(1.4826)
    value, rule = deviation(np.array([0.0, 0.0, 0.0, 0.0, 10.0]))
    assert value == pytest.approx(1.2533 * 2)
    assert "mean distance" in rule
    assert deviation(np.full(4, 7.0))[0] == 1.0


def test_the_excess_is_what_predictions_are_too_high_by() -> None:
    """The median of mostly zeros is 0: too low by the whole mean."""
    draw = np.random.default_rng(0)
    table = pa.table({"x": draw.normal(size=200), "y": np.where(draw.random(200) < 0.1, 10.0, 0.0) + draw.random(200)})
    problem = pose(table, "y", task=None, folds=3, most_rows=1000, seed=0)
    (outcome,) = conduct(problem, choose(problem, "absolute_error"), replace(QUICK, epochs=30)).outcomes
    assert outcome.excess.mean() == pytest.approx(0.5 - problem.values.mean(), abs=0.2)
