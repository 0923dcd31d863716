"""Losses that fit a problem, and their output layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from lossary import get, losses
from lossary.catalogue.record import Record
from lossary.commands.compare.candidates import Candidate, choose
from lossary.commands.compare.features import Features
from lossary.commands.compare.fold import targets
from lossary.commands.compare.problem import Problem
from lossary.errors import ArgumentError

pytestmark = pytest.mark.usefixtures("portable")  # some tests call every loss
NOTHING = Features(np.zeros((0, 1)), (), (), (), ())


def problem(task: str, counts: tuple[int, ...] = ()) -> Problem:
    values = np.repeat(np.arange(len(counts)), counts).astype(float) if counts else np.append(np.arange(9.0), 9.5)
    return Problem("y", task, "", values, tuple(map(str, range(len(counts)))), NOTHING, ())


PROBLEMS = {
    "regression": problem("regression"),
    "binary": problem("binary", (50, 50)),
    "multiclass": problem("multiclass", (30, 30, 30)),
}


def chosen(asked: str | None, task: str) -> list[str]:
    return list(dict.fromkeys(candidate.record.name for candidate in choose(PROBLEMS[task], asked)))


TRIED = {
    "regression": ["squared_error", "absolute_error", "huber", "gaussian_nll"],
    "binary": ["sigmoid_cross_entropy", "binary_cross_entropy", "dice"],
    "multiclass": ["softmax_cross_entropy", "categorical_cross_entropy", "softmax_kl_divergence", "kl_divergence"],
}


@pytest.mark.parametrize("task", PROBLEMS)
def test_a_few_losses_are_tried_by_default(task: str) -> None:
    """Few, however many the catalogue has: their number is what a user waits for and reads."""
    assert chosen(None, task) == TRIED[task]


@pytest.mark.parametrize(("values", "is_tried"), [([0, 1, 5, 2] * 3, True), ([1, 2, 3.5], False), ([-1, 2, 3], False)])
def test_targets_that_may_be_counts_are_tried_with_poissons_loss(values: list[float], is_tried: bool) -> None:
    found = choose(replace(PROBLEMS["regression"], values=np.array(values, float)), None)
    names = [candidate.record.name for candidate in found]
    assert names == TRIED["regression"] + ["poisson"] * is_tried


def test_a_loss_of_numbers_asks_for_a_regression() -> None:
    with pytest.raises(ArgumentError, match=r"does not fit a multiclass target; .*: --task regression$"):
        choose(PROBLEMS["multiclass"], "poisson")


def test_the_guess_of_a_rate_is_in_the_targets_unit() -> None:
    counts = replace(PROBLEMS["regression"], values=np.array([100.0, 200, 400, 800]))
    for name in ("poisson", "tweedie_deviance", "gamma_nll", "negative_binomial"):
        (candidate,) = choose(counts, name)
        outputs = torch.zeros(1, len(candidate.links), 1)
        rate = candidate.predictions(outputs, counts.scaling)[0]
        assert rate.item() == pytest.approx(np.log(2.0) * counts.scaling.scale, rel=1e-3)  # type: ignore[union-attr]


@pytest.mark.parametrize("task", PROBLEMS)
def test_every_loss_of_the_task_can_be_asked_for(task: str) -> None:
    # Of a network and a loss, the last linear layer is the network's; a row has a number for each class, or one.
    posed = [r for r in losses() if not r.scores and {"item", "class"}.issuperset(" ".join(r.axes.values()).split())]
    of_the_task = {r.name for r in posed if r.task == task and admits(r, PROBLEMS[task].values)}
    everything = chosen("all", task)
    assert of_the_task | set(TRIED[task]) <= set(everything)
    assert chosen(", ".join(everything), task) == everything


def admits(record: Record, values: np.ndarray[Any, Any]) -> bool:
    domain = next((argument.domain for argument in record.arguments if argument.name == "target"), None)
    if record.task != "regression" or domain is None:
        return domain is not None
    finite = len(record.arguments) > 2 or np.isfinite(get(record.name)(abs(values) + 0.5, values))
    return bool(domain.holds(values) and finite)


def test_all_adds_no_variants_of_what_is_not_compared() -> None:
    for task, given in PROBLEMS.items():
        variants = {c.record.name for c in choose(given, "all") if c.settings.keys() - set(c.derived)}
        assert variants <= set(TRIED[task])


@pytest.mark.parametrize("task", PROBLEMS)
def test_every_candidate_trains_from_any_output(task: str) -> None:
    """The output layer keeps predictions in the loss's domain, for extreme outputs too."""
    for candidate in choose(PROBLEMS[task], "all"):
        width = len(PROBLEMS[task].classes) if task == "multiclass" else 1
        outputs = torch.tensor([-50.0, 0.3, 50.0]).repeat(len(candidate.links), width, 1).permute(2, 0, 1)
        outputs = outputs.clone().requires_grad_()
        target = targets(np.array([0.0, 1.0, 1.0]), len(PROBLEMS[task].classes))
        value = candidate.value(outputs, target, PROBLEMS[task].scaling)
        (gradient,) = torch.autograd.grad(value, outputs)
        assert torch.isfinite(value), candidate.name
        assert torch.isfinite(gradient).all(), candidate.name


def same(chosen: tuple[Candidate, ...]) -> dict[str, str]:
    return {candidate.name: candidate.same_as for candidate in chosen if candidate.same_as}


def test_losses_that_are_the_same_after_the_output_layer_are_found_out() -> None:
    assert same(choose(PROBLEMS["binary"], None)) == {"binary_cross_entropy": "sigmoid_cross_entropy"}
    others = ("categorical_cross_entropy", "kl_divergence", "softmax_kl_divergence")
    assert same(choose(PROBLEMS["multiclass"], None)) == dict.fromkeys(others, "softmax_cross_entropy")
    assert same(choose(PROBLEMS["regression"], None)) == {}


def test_losses_of_scores_with_labels_are_compared() -> None:
    """Of one-hot rows, the margin of several labels is that of one."""
    found = choose(PROBLEMS["multiclass"], "crammer_singer, weston_watkins, multilabel_margin, multiclass_sparsemax")
    assert same(found) == {"multilabel_margin": "weston_watkins"}
    outputs, target = torch.tensor([[[1.0, 0.5, 0.25]]]), targets(np.array([1.0]), 3)
    assert [candidate.value(outputs, target).item() for candidate in found[:2]] == [1.5, 2.25]
    with pytest.raises(ArgumentError, match="cumulative_link does not fit a multiclass target"):
        choose(PROBLEMS["multiclass"], "cumulative_link")


def test_losses_that_differ_only_near_the_target_are_not_the_same() -> None:
    """The robust deviation, 0.0015, is small beside the scale, 2: few random outputs are that near a target."""
    draw = np.random.default_rng(0)
    values = np.where(draw.random(400) < 0.05, 10.0, 0.001 * draw.normal(size=400))
    heavy = replace(PROBLEMS["regression"], values=values)
    assert same(choose(heavy, None)) == {}
    assert same(choose(heavy, "absolute_error, huber(delta=0.0001), huber(delta=1e-12)")) == {
        "huber(delta=1e-12)": "absolute_error"
    }


def test_losses_that_differ_by_a_thousandth_are_not_the_same() -> None:
    assert same(choose(PROBLEMS["binary"], "sigmoid_cross_entropy, sigmoid_cross_entropy(positive_weight=1.001)")) == {}
    assert (
        same(choose(PROBLEMS["multiclass"], "softmax_cross_entropy, softmax_cross_entropy(label_smoothing=1e-3)")) == {}
    )


def test_unbalanced_classes_bring_a_weighted_variant() -> None:
    names = {candidate.name for candidate in choose(problem("binary", (75, 25)), None)}
    assert "sigmoid_cross_entropy(positive_weight=3)" in names
    assert not any("positive_weight" in candidate.name for candidate in choose(PROBLEMS["binary"], None))


def test_losses_asked_for_come_with_their_settings() -> None:
    chosen = choose(PROBLEMS["regression"], "huber(delta=0.5), squared_error")
    assert [candidate.name for candidate in chosen] == ["huber(delta=0.5)", "squared_error"]
    outputs = torch.tensor([[[3.0]]])
    assert chosen[0].value(outputs, torch.zeros(1)).item() == pytest.approx(0.5 * (3 - 0.25))


def test_a_curve_is_rescaled_under_the_name_that_was_given() -> None:
    """The numbers 0 to 9 have the median 4.5 and the median distance 2.5 from it."""
    given = PROBLEMS["regression"]
    assert given.scaling is not None
    unset, fixed = (each.rescaled(given.scaling) for each in choose(given, "huber, huber(delta=7.413)"))
    assert (unset.name, unset.settings) == ("huber(delta=3.71)", {"delta": 1.0})
    assert fixed.name == "huber(delta=7.413)"
    assert fixed.settings == pytest.approx({"delta": 2.0})


WRONG = {
    "huber, huber(delta=3.71)": "named twice",
    "hubr": "Did you mean huber",
    "dice": "dice does not fit a regression target; squared_error, absolute_error, huber(,| and) gaussian_nll",
    "huber(": "names no losses",
    "huber(2)": "names no losses",
    "huber(delta=x)": "names no losses",
    "[]": "no loss",
    "huber, huber": "named twice",
    "huber(delta=-1)": "delta",
    "huber(detla=1)": "detla",
}


@pytest.mark.parametrize(("asked", "message"), WRONG.items(), ids=WRONG.keys())
def test_says_what_is_wrong_with_a_list_of_losses(asked: str, message: str) -> None:
    with pytest.raises((ArgumentError, TypeError), match=message):
        choose(PROBLEMS["regression"], asked)
