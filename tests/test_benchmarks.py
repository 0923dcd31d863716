"""The benchmark harness: what it times takes turns, what it compares is the same computation."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import lossary
from benchmarks import every_loss, results, rounds, survey
from benchmarks.__main__ import FOLDER, notes, read
from benchmarks.contenders import CONTENDERS, INPUTS, NOTHING, Answer, Run, make_inputs, on_threads
from benchmarks.measure import build, check_agreement, jobs, mark
from benchmarks.plain import plain
from benchmarks.rounds import Effort, Spread, calls_a_turn, race, ratios, spread
from benchmarks.table import GROUPS, LOSSES, MEMORY, PLAIN, STARTS, Group, at_least, at_most, size
from lossary.frameworks import threads

ROOT = Path(__file__).parent.parent


# --- the tables ---------------------------------------------------------------------------------------------------


def test_the_tables_name_only_what_exists() -> None:
    contenders = itertools.chain(*(group.contenders for group in GROUPS), *(case.contenders for case in MEMORY))
    assert set(contenders) <= CONTENDERS.keys()
    losses = {name for group in GROUPS for name in group.losses} | {case.loss for case in MEMORY} | STARTS.keys()
    assert losses == LOSSES.keys()
    assert {loss.inputs for loss in LOSSES.values()} <= INPUTS.keys()


def test_every_case_has_a_title_of_its_own() -> None:
    titles = [job.title for job in jobs(quick=False)]
    assert len(titles) == len(set(titles))


def test_a_part_is_chosen_by_its_title() -> None:
    assert [job.case for job in jobs(quick=False, only="Plain Arithmetic")] == list(PLAIN)


def test_sizes_are_readable() -> None:
    assert size((2**24,)) == "2²⁴"
    assert size((16384, 1000)) == "16384 × 1000"


def test_a_bar_has_a_direction() -> None:
    assert at_least(4).met(4.0)
    assert not at_least(4).met(3.9)
    assert at_most(64, "MB").met(64.0)
    assert not at_most(64, "MB").met(64.1)
    assert str(at_most(64, "MB")) == "≤ 64 MB"
    assert str(at_least(2.5)) == "≥ 2.5"


# --- turns --------------------------------------------------------------------------------------------------------


def turns(effort: Effort) -> str:
    """Who is called when, after the six calls that choose how many make a turn."""
    seen: list[str] = []

    def run(name: str) -> Answer:
        seen.append(name)
        return NOTHING

    runs: dict[str, Run] = {name: partial(run, name) for name in "abc"}
    race(runs, effort)
    return "".join(seen[6:])


def test_contenders_take_turns_in_an_order_that_moves_on() -> None:
    assert turns(Effort(rounds=2, turn=0.0)) == "aabbcc" + "bbccaa"


def test_a_long_call_is_made_once_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "LONG", -1.0)
    assert turns(Effort(rounds=3, turn=0.0))[-6:] == "bca" + "cab"


def test_a_turn_lasts_about_as_long_as_asked() -> None:
    assert calls_a_turn(lambda: NOTHING, seconds=0.0) == 1


def test_a_ratio_is_taken_within_the_round() -> None:
    times = {"slow": [2.0, 20.0, 200.0], "fast": [1.0, 10.0, 100.0]}
    assert ratios(times, "slow", "fast") == spread([2.0, 2.0, 2.0])


def test_a_spread_is_a_median_and_its_quartiles() -> None:
    assert spread([5.0, 1.0, 3.0, 2.0, 4.0]) == Spread(median=3.0, low=2.0, high=4.0)
    assert spread([7.0]) == Spread(7.0, 7.0, 7.0)


# --- the same computation -----------------------------------------------------------------------------------------


def test_another_computation_is_refused() -> None:
    same, other = (1.0, (np.array([1.0, 2.0]),)), (1.0, (np.array([1.0, 2.1]),))
    check_agreement(same, same)
    check_agreement(NOTHING, same)
    with pytest.raises(ArithmeticError, match="gradient"):
        check_agreement(other, same)
    with pytest.raises(ArithmeticError, match="value"):
        check_agreement((1.1, same[1]), same)
    with pytest.raises(ValueError, match="argument"):
        check_agreement((1.0, ()), same)


PEERLESS = {
    ("absolute_error", "JAX, optax"),
    ("binary_cross_entropy", "JAX, optax"),
    ("log_poisson", "JAX, optax"),
    ("binary_cross_entropy", "scikit-learn"),
    ("focal", "scikit-learn"),
    ("log_cosh", "scikit-learn"),
}


@pytest.mark.parametrize(
    ("group", "name"),
    [pytest.param(group, name, id=f"{group.title}: {name}") for group in GROUPS for name in group.losses],
)
def test_all_contenders_compute_the_same(group: Group, name: str) -> None:
    """`torch.compile` takes seconds a loss: the quick run, below, has some of it."""
    pairs = tuple(pair for pair in group.pairs if "torch.compile" not in pair.title)
    group = replace(group, pairs=pairs)
    runs, absent = build(group, name, make_inputs(LOSSES[name], group.quick))
    assert runs.keys() | absent.keys() == set(group.contenders)
    missing = {
        (name, contender) for contender, reason in absent.items() if not reason.startswith("LookupError: lossary")
    }
    assert missing <= PEERLESS


def test_the_number_of_threads_is_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr("benchmarks.contenders.through_numpy", lambda *_: lambda: seen.append(threads.count()))
    for wanted in (1, 2):
        on_threads(wanted, LOSSES["huber"], make_inputs(LOSSES["huber"], (4,)), True)()
    assert seen == [1, 2]


# --- the page -----------------------------------------------------------------------------------------------------


def row(group: str, case: str, *marks: dict[str, Any], **absent: str) -> dict[str, Any]:
    figures = {"a": {"median": 0.002, "low": 0.001, "high": 0.003}}
    return {
        "group": group,
        "case": case,
        "date": "2020-01-01",
        "unit": "s",
        "figures": figures,
        "marks": list(marks),
        "absent": absent,
    }


def ratio(median: float | None) -> dict[str, Any]:
    return mark("a ÷ b", at_least(2), None if median is None else Spread(median, 1.0, 9.0))


def found(*rows: dict[str, Any], processor: str = "x") -> results.Results:
    machine = {"processor": processor, "cores for this process": "2", "load before": "0.1"}
    return {"machine": machine, "rows": list(rows)}


def test_the_page_is_made_from_the_figures() -> None:
    page = results.page(
        found(row("G", "huber", ratio(2.5)), row("G", "mse", ratio(1.5), b="why")), "## Notes\n\nHand.\n"
    )
    assert "**0 of 1 bars are met**, on x, 2 cores, 2020-01-01" in page
    assert "| G | a ÷ b | ≥ 2 | huber: 2.5, mse: **1.5** | short |" in page
    assert "\n## Notes\n\nHand.\n" in page
    assert "| a | 2 [1, 3] | 2 [1, 3] |" in page
    assert "| a ÷ b | ≥ 2 | 2.5 [1, 9] | 1.5 [1, 9] |" in page
    assert "| b | why | G: mse |" in page


def test_a_bar_is_met_when_all_its_cases_are() -> None:
    def verdict(*medians: float | None) -> str:
        return results.bar_lines([row("G", "case", ratio(median)) for median in medians])[0].verdict

    assert verdict(2.5, 2.0) == "met"
    assert verdict(2.5, 1.9) == verdict(2.5, None) == "short"
    assert verdict(None, None) == "absent"


def test_what_lossary_does_not_have_yet_is_no_failure() -> None:
    assert not results.failed(found(row("G", "case", **{"lossary, NumPy": "LookupError: lossary has no focal"})))
    assert not results.failed(found(row("G", "case", **{"JAX, optax": "TypeError: no"})))
    assert results.failed(found(row("G", "case", **{"lossary, NumPy": "ArithmeticError: its value differs"})))


def test_a_part_takes_the_place_of_the_old_one() -> None:
    old = found(row("G", "one", ratio(1.0)), row("G", "two", ratio(1.0)))
    new = found(row("G", "one", ratio(3.0)), row("H", "one", ratio(3.0)))
    merged = results.merged(old, new)["rows"]
    assert merged == [new["rows"][0], old["rows"][1], new["rows"][1]]


def test_figures_of_two_machines_are_not_merged() -> None:
    with pytest.raises(ValueError, match="processor"):
        results.merged(found(), found(processor="y"))


def test_the_committed_page_is_made_from_the_committed_figures() -> None:
    assert (FOLDER / "RESULTS.md").read_text(encoding="utf-8") == results.page(read(FOLDER), notes())


# --- all of it ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_quick_run_measures_a_case_of_everything(tmp_path: Path) -> None:
    """Every contender of it has run and agreed; whether a bar is met says nothing at these sizes."""
    command = [sys.executable, "-m", "benchmarks", "--quick", "--output", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["rows"]
    assert [(one["group"], one["case"]) for one in rows] == [(job.group, job.case) for job in jobs(quick=True)]
    assert {reason for one in rows for reason in one["absent"].values()} == set()
    assert "bars are met" in done.stdout
    assert (tmp_path / "RESULTS.md").read_text(encoding="utf-8").startswith("# Benchmarks")


# --- every loss ---------------------------------------------------------------------------------------------------


def test_every_loss_has_a_line() -> None:
    page = every_loss.PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [record.name for record in every_loss.records()]


def test_every_loss_whose_items_are_rows_is_measured() -> None:
    names = {record.name for record in every_loss.records()}
    assert {"huber", "triplet_margin", "softmax_cross_entropy", "cosine_embedding", "cumulative_link"} <= names
    assert names.isdisjoint({"linear_cross_entropy", "info_nce", "siglip", "dice", "lovasz_softmax", "ctc"})


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("huber", "elements"),
        ("softmax_cross_entropy", "rows"),
        ("list_mle", "rows"),
        ("multiclass_sparsemax", "rows"),  # sorted
        ("ranknet", "pairs"),
        ("cumulative_link", "levels"),
    ],
)
def test_rows_of_pairs_are_short(name: str, size: str) -> None:
    sizes = every_loss.Sizes()
    assert sizes.of(lossary.get(name).record) == getattr(sizes, size)


NAMES = (
    "charbonnier", "dpo", "log_kl_divergence", "gaussian_mixture_nll", "ensemble_crps", "multiclass_sparsemax",
    "cumulative_link", "list_mle",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_loss_is_compared_with_its_formula_in_plain_pytorch(name: str) -> None:
    record = lossary.get(name).record
    shape = every_loss.QUICK.of(record)
    row = every_loss.measured(record, shape, Effort(1, 0.0001))
    assert re.match(rf"\| `{name}` \| \d+ \|", every_loss.line(row))
    wrong = every_loss.arrays(record, shape)
    plainly = every_loss.through_torch(lambda *arrays: 1.01 * plain(record)(*arrays), record, wrong)()
    with pytest.raises(ArithmeticError):
        every_loss.check(every_loss.through_numpy(record, wrong)(), plainly)


def test_every_formula_is_one_of_pytorch_s_operations() -> None:
    for record in every_loss.records():
        given = [torch.from_numpy(array) for array in every_loss.arrays(record, every_loss.QUICK.of(record))]
        assert bool(torch.isfinite(plain(record)(*given))), record.name


# --- the survey ---------------------------------------------------------------------------------------------------


def test_the_survey_s_page_has_its_cases() -> None:
    page = survey.PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| ([^|]+) \| \D*[\d.]+\D* \|", page, re.MULTILINE) == [case.title for case in survey.cases()]


def test_the_survey_compares_gradients_first() -> None:
    case = next(survey.cases())
    survey.measured(case, Effort(1, 0.0001))
    with pytest.raises(AssertionError):
        survey.measured(replace(case, ours=lambda: 1.01 * case.eager()), Effort(1, 0.0001))


def test_the_survey_marks_what_is_slower() -> None:
    rows = [
        survey.Row("a", Spread(1.2, 1.1, 1.3), Spread(0.5, 0.4, 0.6)),
        survey.Row("b", *[Spread(1.1, 1.0, 1.3)] * 2),
    ]
    page = survey.page(rows)
    assert "Of 2 cases 1 steps and 0 values" in page
    assert "| a | **1.20** | 0.50 |\n| b | 1.10 | 1.10 |" in page


@pytest.mark.slow
def test_the_quick_survey(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.survey", "--quick", "--output", str(tmp_path / "page.md")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "squared error, 32×10" in (tmp_path / "page.md").read_text(encoding="utf-8")
