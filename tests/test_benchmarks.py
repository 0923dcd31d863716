"""The benchmark harness: what it times takes turns, what it compares is the same computation."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
import pytest

from benchmarks import results
from benchmarks.contenders import CONTENDERS, INPUTS, Answer, Run, make_inputs
from benchmarks.measure import check_agreement
from benchmarks.rounds import Effort, calls_a_turn, race, ratios, spread
from benchmarks.table import GROUPS, LOSSES, MEMORY, Loss, Pair


def test_the_tables_name_only_what_exists() -> None:
    contenders = itertools.chain(*(group.contenders for group in GROUPS), *(case.contenders for case in MEMORY))
    assert set(contenders) <= CONTENDERS.keys()
    assert {name for group in GROUPS for name in group.losses} | {case.loss for case in MEMORY} <= LOSSES.keys()
    assert {loss.inputs for loss in LOSSES.values()} <= INPUTS.keys()


def test_contenders_take_turns_in_an_order_that_moves_on() -> None:
    seen: list[str] = []

    def run(name: str) -> Answer:
        seen.append(name)
        return None, None

    runs: dict[str, Run] = {name: partial(run, name) for name in "abc"}
    race(runs, Effort(rounds=2, turn=0.0))
    rounds = "".join(seen[6:])  # after the six calls that choose how many make a turn
    assert rounds == "aabbcc" + "bbccaa"


def test_a_turn_lasts_about_as_long_as_asked() -> None:
    assert calls_a_turn(lambda: (None, None), seconds=0.0) == 1


def test_a_ratio_is_taken_within_the_round() -> None:
    times = {"slow": [2.0, 20.0, 200.0], "fast": [1.0, 10.0, 100.0]}
    assert ratios(times, "slow", "fast") == spread([2.0, 2.0, 2.0])


def test_a_spread_is_a_median_and_its_quartiles() -> None:
    found = spread([5.0, 1.0, 3.0, 2.0, 4.0])
    assert (found.median, found.low, found.high) == (3.0, 2.0, 4.0)
    assert spread([7.0]).high == 7.0


def test_another_computation_is_refused() -> None:
    same, other = (1.0, np.array([1.0, 2.0])), (1.0, np.array([1.0, 2.1]))
    check_agreement(same, same, upstream=1.0)
    with pytest.raises(ArithmeticError, match="gradient"):
        check_agreement(other, same, upstream=1.0)
    with pytest.raises(ArithmeticError, match="value"):
        check_agreement((1.1, None), same, upstream=1.0)


@pytest.mark.parametrize("pair", [Pair("a", "b", at_least=(2, 4)), Pair("a", "b", at_most=(2, 4))])
def test_a_bar_depends_on_the_loss_and_the_direction(pair: Pair) -> None:
    plain, transcendental = LOSSES["huber"], LOSSES["sigmoid_cross_entropy"]
    assert pair.bar(plain)[-1] == "2"
    assert pair.bar(transcendental)[-1] == "4"
    assert pair.reached(plain, 3.0) == (pair.at_least is not None)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
def test_lossary_and_pytorch_are_given_the_same_computation(loss: Loss) -> None:
    inputs = make_inputs(loss, (8, 5))
    reference = CONTENDERS["PyTorch eager"].build(loss, inputs, True)()
    for name in ("lossary, NumPy", "lossary, PyTorch", "lossary, PyTorch, upstream 0.37", "lossary, JAX"):
        contender = CONTENDERS[name]
        check_agreement(contender.build(loss, inputs, True)(), reference, contender.upstream)


def test_the_page_is_made_from_the_figures() -> None:
    row = {"median": 0.002, "low": 0.001, "high": 0.003}
    ratio = {"over": "a", "under": "b", "median": 2.5, "low": 2.0, "high": 3.0, "bar": "≥ 2", "reached": True}
    case = {"group": "G", "loss": "huber", "shape": [4, 2], "seconds": {"a": row}, "ratios": [ratio]}
    found: results.Results = {
        "date": "2020-01-01",
        "rounds": 3,
        "machine": {"processor": "x"},
        "memory": [],
        "starts": [],
    }
    found["cases"] = [case | {"absent": {"b": "why"}}]
    page = results.page(found)
    assert "| huber 4 × 2 | 2 [1, 3] |" in page
    assert "| huber 4 × 2 | a ÷ b | 2.5 [2, 3] | ≥ 2 | yes |" in page
    assert "| b | why | huber 4 × 2 |" in page
    assert not results.lossary_failed(found)
    found["cases"] = [case | {"absent": {"lossary, NumPy": "why"}}]
    assert results.lossary_failed(found)
