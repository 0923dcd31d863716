"""Headlines for tables of pure noise, and for tables with a signal."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from lossary.commands.compare.advice import recommendation
from lossary.commands.compare.candidates import choose
from lossary.commands.compare.problem import pose
from lossary.commands.compare.study import Plan, conduct
from lossary.commands.compare.verdict import Verdict, judge

ROWS = 120
QUICK = Plan(folds=5, repeats=1, epochs=5)
TABLES = 10  # of each task


def judged(task: str, seed: int, signal: float) -> Verdict:
    """Compare the losses on five normal columns; the target is ``signal`` times the first, plus noise."""
    draw = np.random.default_rng(seed)
    columns = {f"x{i}": draw.normal(size=ROWS) for i in range(5)}
    score = signal * columns["x0"] + draw.normal(size=ROWS)
    target = score if task == "regression" else (score > np.quantile(score, 0.7)).astype(int)
    problem = pose(pa.table(columns | {"y": target}), "y", task=None, folds=5, most_rows=1000, seed=0)
    return judge(conduct(problem, choose(problem, None), QUICK))


@pytest.mark.slow
def test_of_twenty_tables_of_noise_at_least_eighteen_bring_no_claim() -> None:
    """A claim is a headline that calls the results a reason to choose a loss."""
    claims = []
    for task in ("binary", "regression"):
        for seed in range(TABLES):
            verdict = judged(task, seed, 0.0)
            says_little = recommendation(verdict)[0].startswith("No network is better than a constant guess")
            if verdict.can_decide or not says_little:
                claims.append((task, seed))
    assert len(claims) <= 2, claims


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_a_table_that_holds_something_is_not_called_empty(task: str) -> None:
    verdict = judged(task, 0, 3.0)
    assert verdict.signal
    assert not any("say little" in sentence for sentence in recommendation(verdict))
