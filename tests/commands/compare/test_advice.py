"""Advice: a loss is recommended only if the results support it, or for a reason that is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from lossary.commands.compare.advice import recommendation
from lossary.commands.compare.candidates import choose
from lossary.commands.compare.problem import Problem, pose
from lossary.commands.compare.study import Outcome, Plan, Study
from lossary.commands.compare.verdict import judge

DRAW = np.random.default_rng(0)
NUMBERS = pa.table({"x": DRAW.normal(size=100), "y": DRAW.exponential(size=100)})
LABELS = pa.table({"x": DRAW.normal(size=100), "y": np.arange(100) % 4 == 0})
NOISE = np.array([0.01, -0.01, 0.02, -0.02, 0.0])
LESS_IS_BETTER = ("MAE", "RMSE", "median AE", "log loss", "Brier")


def posed(table: pa.Table) -> Problem:
    return pose(table, "y", task=None, folds=5, most_rows=1000, seed=0)


REGRESSION, BINARY = posed(NUMBERS), posed(LABELS)
OF_NUMBERS = ("MAE", "RMSE", "median AE", "R²")
OF_CLASSES = ("log loss", "Brier", "accuracy", "balanced accuracy", "ROC AUC")


def made_up(problem: Problem, metrics: Sequence[str], guess: float, folds: int = 5, **errors: Any) -> Study:
    """Make a study from each loss's error, one number or one for each metric; a score is 1 minus the error."""
    noise = NOISE[:folds]
    outcomes = []
    for i, (name, missed) in enumerate(errors.items()):
        each = dict(zip(metrics, np.broadcast_to(np.asarray(missed, dtype=float), len(metrics)), strict=True))
        values = {metric: miss + noise * (1 + i / 10) for metric, miss in each.items()}
        scores = {m: value if m in LESS_IS_BETTER else 1 - value for m, value in values.items()}
        (candidate,) = choose(problem, name)
        outcomes.append(Outcome(candidate, scores, np.ones((folds, 2)), np.ones(folds), noise))
    baseline = {m: np.full(folds, guess if m in LESS_IS_BETTER else 1 - guess) for m in metrics}
    return Study(problem, Plan(folds=folds, repeats=1), tuple(outcomes), baseline)


def numbers(guess: float = 2.0, folds: int = 5, **errors: Any) -> Study:
    return made_up(REGRESSION, OF_NUMBERS, guess, folds, **errors)


def said(study: Study) -> tuple[str, ...]:
    return recommendation(judge(study))


def test_a_clear_winner_is_recommended() -> None:
    words = said(numbers(squared_error=0.2, absolute_error=0.9))
    assert words[:2] == (
        "Take squared_error: it is the only loss that is the best or within chance of it by every metric.",
        "Worse than the best by more than chance explains: absolute_error by MAE, RMSE, median AE and R².",
    )


def test_a_tie_is_called_a_tie_and_what_to_take_has_its_reason() -> None:
    """The choice does not depend on the order of the losses."""
    errors: dict[str, Any] = {"gaussian_nll": 0.5, "huber": 0.5, "squared_error": 0.5001, "absolute_error": 0.5}
    verdict = judge(numbers(**errors))
    assert verdict.undecided
    assert recommendation(verdict)[0] == (
        "These figures do not tell the 4 losses apart. Of these take squared_error: it estimates means, is convex, "
        "needs no setting and is within one standard error of the best by every metric."
    )


@pytest.mark.parametrize("best", ["squared_error", "absolute_error", "gaussian_nll", "huber"])
def test_chance_does_not_choose_among_tied_losses(best: str) -> None:
    """One loss is ahead by more than a standard error, but not significantly; the others are level."""
    names = ("absolute_error", "gaussian_nll", "huber", "squared_error")
    errors: dict[str, Any] = dict.fromkeys(names, 0.5)
    study = numbers(**errors)
    ahead = tuple(
        replace(
            outcome,
            scores={
                metric: 0.5 + (1 if metric in LESS_IS_BETTER else -1) * (NOISE * (i + 1) - 0.05 * (name == best))
                for metric in OF_NUMBERS
            },
        )
        for i, (name, outcome) in enumerate(zip(names, study.outcomes, strict=True))
    )
    verdict = judge(replace(study, outcomes=ahead))
    assert verdict.undecided
    assert verdict.choice == "squared_error"
    assert "Of these take squared_error: it estimates means, is convex" in recommendation(verdict)[0]


def test_one_that_is_worse_is_no_reason_to_take_a_certain_other_one() -> None:
    smoothed = "sigmoid_cross_entropy(label_smoothing=0.1)"
    errors: dict[str, Any] = {smoothed: 0.5, "sigmoid_cross_entropy": 0.5, "dice": 0.7}
    labels = made_up(BINARY, OF_CLASSES, 0.8, **errors)
    words = said(labels)
    assert words[0].startswith(
        "sigmoid_cross_entropy(label_smoothing=0.1) and sigmoid_cross_entropy cannot be told apart: by every metric "
        "each is the best or within chance of it. Of these take sigmoid_cross_entropy: it estimates probabilities (it "
        "is proper), is convex, needs no setting and is within"
    )
    assert words[1].startswith("Worse than the best by more than chance explains: dice by log loss, Brier, accuracy")


def test_a_conflict_is_called_a_conflict() -> None:
    verdict = judge(numbers(absolute_error=[0.2, 0.9, 0.2, 0.9], squared_error=[0.9, 0.2, 0.9, 0.2], huber=0.4))
    assert verdict.choice == "huber(delta=0.711)" == verdict.compromise
    words = recommendation(verdict)[0]
    assert "It depends on what counts: absolute_error for MAE and median AE; squared_error for RMSE and R²." in words
    assert f"If all metrics count, take {verdict.choice}: its largest shortfall is the smallest." in words


def test_losing_to_a_constant_guess_is_said_first() -> None:
    study = numbers(guess=0.6, absolute_error=[0.2, 0.7, 0.2, 0.601], squared_error=0.95)
    words = said(study)[0]
    assert words.startswith(
        "absolute_error is worse than a constant guess by RMSE (0.7 against 0.6). absolute_error is no better than a "
        "constant guess by R² (0.399 against 0.4). Take absolute_error: "
    )


def test_of_zeros_mostly_the_mean_is_estimated_though_zero_is_a_better_guess_by_the_median() -> None:
    """No loss beats a constant guess of 0 by the median error; the advice says so and still takes means."""
    study = numbers(guess=0.5, absolute_error=[0.4, 0.4, 0.5, 0.4], squared_error=[0.4, 0.4, 0.6, 0.4])
    first, second = study.outcomes
    level = replace(first, scores=first.scores | {"median AE": 0.6 + 5 * NOISE})
    verdict = judge(replace(study, outcomes=(level, second)))
    assert verdict.level == ("absolute_error", "squared_error")
    assert recommendation(verdict)[0].startswith(
        "squared_error is worse than a constant guess by median AE (0.6 against 0.5). These figures do not tell the 2 "
        "losses apart. Of these take squared_error: it estimates means"
    )


def test_a_metric_by_which_no_loss_beats_a_guess_decides_nothing() -> None:
    """Medians of counts that are mostly zeros have the smaller absolute errors, but no loss beats a guess of 0."""
    verdict = judge(numbers(guess=0.5, absolute_error=[0.6, 0.9, 0.55, 0.9], squared_error=[0.8, 0.3, 0.8, 0.3]))
    assert verdict.choice == "squared_error"
    first, *rest = recommendation(verdict)
    assert "is worse than a constant guess by MAE (0.8 against 0.5) and median AE (0.8 against 0.5)." in first
    assert "Take squared_error: it is the only loss that is the best or within chance of it by RMSE and R²." in first
    assert (
        "By MAE (0.5) and median AE (0.5) no loss is better than a constant guess: these metrics decide nothing."
        in rest
    )


def test_another_functional_is_told_with_its_price() -> None:
    study = numbers(squared_error=0.5, absolute_error=0.2)
    first, second = study.outcomes
    mean = REGRESSION.values.mean()
    words = said(replace(study, outcomes=(first, replace(second, excess=NOISE - 0.38 * mean))))[0]
    assert words.startswith("Take absolute_error: ")
    assert words.endswith(" absolute_error predicts medians: totals will be too low by 38 %.")


@pytest.mark.parametrize("sign", [1, -1])
def test_without_totals_the_price_is_in_the_unit(sign: int) -> None:
    """A target of both signs has a sum near 0: a share of that would be meaningless."""
    study = numbers(squared_error=0.5, absolute_error=0.2)
    first, second = study.outcomes
    of_both = replace(REGRESSION, values=REGRESSION.values - np.median(REGRESSION.values))
    words = said(replace(study, problem=of_both, outcomes=(first, replace(second, excess=NOISE + sign * 1.5))))[0]
    assert words.endswith(f"predictions will be too {'high' if sign > 0 else 'low'} by 1.5 on average.")


@pytest.mark.parametrize("sign", [1, -1])
def test_a_total_of_negative_numbers_is_too_high_where_predictions_lie_above_the_targets(sign: int) -> None:
    """Predictions of half the mean, −0.95 of −1.9, lie above it."""
    study = numbers(squared_error=0.5, absolute_error=0.2)
    first, second = study.outcomes
    negative = replace(REGRESSION, values=-REGRESSION.values)
    excess = NOISE + sign * 0.5 * REGRESSION.values.mean()
    words = said(replace(study, problem=negative, outcomes=(first, replace(second, excess=excess))))[0]
    assert words.endswith(f"totals will be too {'high' if sign > 0 else 'low'} by 50 %.")


def test_a_shift_that_chance_explains_is_called_so() -> None:
    study = numbers(squared_error=0.5, absolute_error=0.2)
    assert said(study)[0].endswith("absolute_error predicts medians: here its totals are right.")
    first, second = study.outcomes
    mean = REGRESSION.values.mean()
    words = said(replace(study, outcomes=(first, replace(second, excess=mean * (0.07 + 10 * NOISE)))))[0]
    assert words.endswith("predicts medians: here its totals are too high by 7 %, which chance may explain.")


def test_a_shift_of_probabilities_is_told() -> None:
    errors: dict[str, Any] = {"sigmoid_cross_entropy": 0.5, "sigmoid_cross_entropy(positive_weight=3)": 0.5}
    study = made_up(BINARY, OF_CLASSES, 0.8, **errors)
    first, second = study.outcomes
    words = said(replace(study, outcomes=(first, replace(second, excess=NOISE + 0.25))))
    expected = "does not estimate probabilities: its mean for 'True' is 0.50, where the share is 0.25."
    assert f"sigmoid_cross_entropy(positive_weight=3) {expected}" in words


def test_a_shift_that_rounds_to_nothing_is_not_told_in_figures() -> None:
    """0.252 and 0.25 are printed alike, and so are 0.2 % and 0 %."""
    errors: dict[str, Any] = {"sigmoid_cross_entropy": 0.5, "sigmoid_cross_entropy(positive_weight=3)": 0.5}
    study = made_up(BINARY, OF_CLASSES, 0.8, **errors)
    first, second = study.outcomes
    words = said(replace(study, outcomes=(first, replace(second, excess=NOISE / 100 + 0.002))))
    assert "sigmoid_cross_entropy(positive_weight=3) does not estimate probabilities." in words
    study = numbers(squared_error=0.5, absolute_error=0.2)
    first, second = study.outcomes
    excess = REGRESSION.values.mean() * (0.002 + NOISE / 100)
    words = said(replace(study, outcomes=(first, replace(second, excess=excess))))
    assert words[0].endswith("absolute_error predicts medians: here its totals are right.")


def test_where_nothing_beats_a_constant_guess_the_figures_are_no_reason() -> None:
    """One loss is significantly worse than the others, yet none is better than a guess."""
    verdict = judge(numbers(guess=0.5, squared_error=0.5, absolute_error=0.499, huber=0.9))
    assert not verdict.can_decide
    first, second, third, *_ = recommendation(verdict)
    assert first == (
        "No network is better than a constant guess by more than chance explains, by any metric: the columns say "
        "little about 'y', or 100 rows are too few to show it. These figures are no reason to choose a loss."
    )
    assert second.startswith("The plain choice is squared_error: it estimates means, is convex")
    assert second.endswith("needs no setting.")
    assert third.startswith("Worse than the best by more than chance explains: huber")


def test_the_plain_choice_comes_before_what_speaks_against_it() -> None:
    """The plain choice follows the sentence that the figures are no reason."""
    words = said(numbers(guess=0.5, squared_error=0.9, absolute_error=0.9))
    assert words[0].endswith("These figures are no reason to choose a loss.")
    assert words[1].startswith("The plain choice is squared_error: ")
    assert "squared_error is worse than a constant guess by MAE (0.9 against 0.5)" in words[1]


def test_columns_that_say_something_by_one_metric_say_something() -> None:
    study = made_up(
        BINARY, OF_CLASSES, 0.5, sigmoid_cross_entropy=[0.6, 0.5, 0.5, 0.5, 0.2], dice=[0.9, 0.9, 0.5, 0.5, 0.3]
    )
    words = said(study)
    assert not any("say little" in sentence for sentence in words)
    assert words[0].startswith("sigmoid_cross_entropy is worse than a constant guess by log loss (0.6 against 0.5). ")
    assert any(
        sentence.startswith("By log loss (0.5)") and "no loss is better than a constant guess" in sentence
        for sentence in words
    )


def test_few_folds_tell_nothing() -> None:
    words = said(numbers(folds=3, squared_error=0.9, absolute_error=0.2))
    assert words[0].startswith("More folds are needed: 3 paired differences are too few to tell a real difference from")
    assert words[1].startswith("The plain choice is squared_error: ")
    assert not any("more than chance explains" in sentence for sentence in words)


def test_a_leak_is_told_and_nothing_is_recommended() -> None:
    leaking = replace(posed(NUMBERS.append_column("copy", NUMBERS["y"])))
    words = said(made_up(leaking, OF_NUMBERS, 2.0, squared_error=0.2, absolute_error=0.9))
    assert words[0].startswith("The column 'copy' leaks 'y': it alone determines the target.")
    two = replace(posed(NUMBERS.append_column("copy", NUMBERS["y"]).append_column("again", NUMBERS["y"])))
    words_of_two = said(made_up(two, OF_NUMBERS, 2.0, squared_error=0.2, absolute_error=0.9))
    assert words_of_two[0].startswith("The columns 'copy', 'again' leak 'y': each alone determines the target.")
    assert not any("take" in sentence.lower() or "plain choice" in sentence for sentence in words)


def test_copies_of_rows_make_the_figures_no_reason() -> None:
    copied = posed(pa.concat_tables([NUMBERS, NUMBERS, NUMBERS]))
    verdict = judge(made_up(copied, OF_NUMBERS, 2.0, squared_error=0.2, absolute_error=0.9))
    assert not verdict.can_decide
    words = recommendation(verdict)
    assert words[0] == (
        "200 of 300 rows repeat another row. Where one copy is in the training rows and another in the held-out rows, "
        "the figures are too good. Remove the copies; until then these figures are no reason to choose a loss."
    )
    assert words[1].startswith("The plain choice is squared_error: ")


def test_a_few_copies_are_told_and_do_not_matter() -> None:
    copied = posed(pa.concat_tables([NUMBERS, NUMBERS[:3]]))
    words = said(made_up(copied, OF_NUMBERS, 2.0, squared_error=0.2, absolute_error=0.9))
    assert words[0].startswith("Take squared_error")
    assert any("3 of 103 rows repeat another row" in sentence for sentence in words[1:])


def test_a_perfect_score_is_suspicious() -> None:
    study = made_up(BINARY, OF_CLASSES, 0.8, sigmoid_cross_entropy=0.5, dice=0.5)
    first, second = study.outcomes
    perfect = replace(first, scores=first.scores | {"accuracy": np.ones(5)})
    words = said(replace(study, outcomes=(perfect, second)))
    assert "accuracy is 1 on rows that no network has seen: look for columns that leak 'y'." in words


def test_one_loss_alone_has_nothing_to_be_compared_with() -> None:
    words = said(numbers(guess=0.5, absolute_error=[0.2, 0.9, 0.2, 0.2]))
    assert words[0] == "Only absolute_error was trained, so there is nothing to compare it with."
    assert words[1] == "absolute_error is worse than a constant guess by RMSE (0.9 against 0.5)."
    assert words[2].startswith("absolute_error predicts medians")
