"""Weights, masks, reductions, denominators and targets against the textbook, on every framework.

The cases cover every pair of choices, of losses that stand for all. `make fuzz` tries all combinations of all losses,
as many as it is told to.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import torch

import lossary
from fuzz.cover import Cover, pairs_of
from fuzz.engines import answers
from fuzz.factors import FACTORS, RULES, Case, at_random, name_of
from fuzz.formula import formula
from fuzz.hold import hold, try_out
from fuzz.reference import Answer
from fuzz.textbook import TEXTBOOK
from fuzz.textbook.common import OverClasses
from lossary.catalogue.record import Record
from representatives import REPRESENTATIVES, representatives
from samples import BY_SHAPE, arguments

PORTABLE = ("numpy", "torch", "jax")
NAMED = representatives(
    (record for record in lossary.losses() if record.axes),
    lambda record: {("mask", record.mask), ("items", str(record.couples_items), str(len(record.graph.axes)))},
)
COVER = Cover(tuple(record.name for record in (*REPRESENTATIVES, *NAMED)), PORTABLE)
SEEN = COVER.calls()


@pytest.mark.parametrize("case", SEEN, ids=name_of)
def test_every_pair_of_choices(case: Case) -> None:
    hold(case)


@pytest.mark.parametrize("engine", ["numpy", "torch"])
def test_combinations_at_random(engine: str) -> None:
    """A slice of `make fuzz`."""
    dice = random.Random(3)
    for _ in range(60):
        hold(at_random(dice, (engine,)))


def test_every_choice_is_met() -> None:
    chosen = {(factor, choice) for case in SEEN for factor, choice in case.items()}
    assert chosen == {(factor, choice) for factor, choices in COVER.choices.items() for choice in choices}


def test_every_pair_that_meets_in_random_calls_is_covered() -> None:
    """The pairs are derived from the rules, which must agree with the calls that these let through."""
    dice, covered = random.Random(7), set().union(*map(pairs_of, SEEN))
    for _ in range(3000):
        case = at_random(dice, PORTABLE, {"loss": dice.choice(COVER.losses)})
        assert pairs_of(case) <= covered


def test_rules_read_earlier_factors() -> None:
    """So that ``Cover.settled`` ends, and finds every call."""
    order = list(FACTORS)
    for factor, rule in RULES.items():
        assert all(order.index(read) < order.index(factor) for read in rule.reads)


def test_every_loss_of_named_axes_has_a_definition() -> None:
    """Without one, the fuzz leaves it out."""
    assert [record.name for record in lossary.losses() if record.axes and record.name not in TEXTBOOK] == []


@pytest.mark.parametrize("record", [r for r in BY_SHAPE if r.name in TEXTBOOK], ids=lambda record: record.name)
def test_the_textbook_is_the_formula(record: Record) -> None:
    """Read word for word the formula is the textbook's, and so a reference for losses that no textbook has."""
    arrays = [torch.tensor(array) for array in arguments(record)]
    if record.scores:
        rng = np.random.default_rng(1)
        given = {"target": np.eye(4)}
        arrays = [torch.tensor(given.get(a.name, rng.normal(size=(4, 4)))) for a in record.inner.arguments]
    over_elements = record.kind == "pointwise"
    total: Any = None if over_elements else lambda terms: terms.sum(-1)
    of = torch.ones(arrays[0].shape if over_elements else arrays[0].shape[:-1], dtype=torch.float64)
    parameters = {p.name: of * (0.75 if p.domain.contains(0.75) else p.default) for p in record.parameters}
    weights, of_row = torch.linspace(0.5, 2.0, arrays[0].shape[-1]).double(), torch.full(arrays[0].shape[:-1], 0.75)
    for summed in (total, OverClasses(weights, of_row.double())) if record.takes_classes else (total,):
        book, own = (loss(summed, *arrays, **parameters) for loss in (TEXTBOOK[record.name], formula(record)))
        torch.testing.assert_close(own, book, rtol=1e-13, atol=1e-14)


def plain_case(**choices: str) -> Case:
    return {factor: of[0] for factor, of in FACTORS.items()} | {"entry": "value_and_gradient"} | choices


def test_an_infinite_mean_over_weighed_targets() -> None:
    """A target's slope is ∞ − ∞ there: nothing is asked of it, but of all finite losses."""
    choices = {"entry": "call", "numbers": "edges", "wanted": "everything", "target": "soft", "class_weight": "yes"}
    hold(plain_case(loss="softmax_cross_entropy", engine="torch", **choices), 100)


@pytest.mark.parametrize(("found", "is_right"), [(65504.0, True), (np.inf, True), (65000.0, False), (-np.inf, False)])
def test_what_rounds_to_the_greatest_number(found: float, is_right: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of float16, 65507, which rounding may find greater, or infinite."""
    case = plain_case(loss="huber", dtype="float16", shape="1-d", reduction="sum")
    monkeypatch.setattr("fuzz.hold.reference", lambda *_: Answer(np.zeros(1), {"prediction": np.full((1, 7), 65507.0)}))
    monkeypatch.setattr(
        "fuzz.hold.answers", lambda *_: (Answer(np.zeros(1), {"prediction": np.full((1, 7), found)}), [])
    )
    assert (try_out(case, 1, np.random.default_rng(0)).wrong == []) == is_right


@pytest.mark.parametrize("part", ["value", "gradient"])
def test_a_wrong_number_is_seen(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = answers

    def wrong(*given: Any) -> Any:
        found, dtypes = right(*given)
        shift = 1e-9 if part == "value" else 0.0
        gradients = {k: g + (1e-9 if part == "gradient" else 0.0) for k, g in found.gradients.items()}
        return Answer(found.value + shift, gradients), dtypes

    case = plain_case(loss="huber", weight="with zeros", hidden="nan")
    assert try_out(case, 5, np.random.default_rng(0)).wrong == []
    monkeypatch.setattr("fuzz.hold.answers", wrong)
    assert part in try_out(case, 5, np.random.default_rng(0)).wrong[0]


@pytest.mark.parametrize(("ulps", "is_right"), [(1, True), (100, False)])
def test_a_slope_is_off_by_rounding_of_its_terms(ulps: int, is_right: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A difference of terms as large as 1e4 is off by some ulps of those."""
    case = plain_case(loss="huber", dtype="float32", shape="1-d", reduction="sum")
    zeros, off = np.zeros((1, 7)), np.full((1, 7), ulps * 2.0**-23 * 1e4)
    right = Answer(np.zeros(1), {"prediction": zeros}, {}, {"prediction": zeros + 1e4})
    monkeypatch.setattr("fuzz.hold.reference", lambda *_: right)
    monkeypatch.setattr("fuzz.hold.answers", lambda *_: (Answer(np.zeros(1), {"prediction": off}), []))
    assert (try_out(case, 1, np.random.default_rng(0)).wrong == []) == is_right
