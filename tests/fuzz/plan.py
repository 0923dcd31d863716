"""Which case comes when: group g of a seed is one combination of choices and many draws of its numbers."""

from __future__ import annotations

import os
import random
from functools import cache

import jax
import numpy as np
import torch

from fuzz.factors import Case, at_random, has_calls
from fuzz.hold import Outcome, try_out

__all__ = ["attempt", "command", "planned", "prepare", "run"]

# How often an engine has its turn, and with how many draws: what takes seconds to compile is used for longer.
TURNS = {"numpy": 32, "torch": 46, "jax": 18, "numpy compiled": 2, "torch compiled": 2}
DRAWS = {"numpy": 24, "torch": 24, "jax": 60, "numpy compiled": 300, "torch compiled": 300}
ONE_BY_ONE = 24  # draws where JAX compiles nothing


def planned(seed: int, group: int, fixed: Case | None = None) -> tuple[Case, int]:
    """The case of a group, and how many draws it has; ``fixed`` are choices that every case has."""
    dice, fixed = random.Random(f"{seed}:{group}"), fixed or {}
    turns = _turns(tuple(fixed.items()))
    (engine,) = dice.choices(list(turns), weights=list(turns.values()))
    case = at_random(dice, (engine,), fixed)
    one_by_one = engine == "jax" and case["entry"] != "call"
    return case, ONE_BY_ONE if one_by_one else DRAWS[engine]


@cache
def _turns(fixed: tuple[tuple[str, str], ...]) -> dict[str, int]:
    """Return the turns of the engines that have calls with the ``fixed`` choices; raise if none has."""
    dice = random.Random(0)
    turns = {engine: turn for engine, turn in TURNS.items() if has_calls(dice, engine, dict(fixed))}
    if not turns:
        raise ValueError(f"no call has {dict(fixed)}")
    return turns


def run(seed: int, group: int, fixed: Case | None = None) -> Outcome:
    """Try a group; an exception is wrong, too."""
    case, count = planned(seed, group, fixed)
    try:
        return try_out(case, count, np.random.default_rng([seed, group]))
    except Exception as problem:
        return Outcome(case, count, wrong=[f"{type(problem).__name__}: {problem}"])


def prepare() -> None:
    """What each process of a pool has before its first group: one thread."""
    torch.set_num_threads(1)
    os.environ["LOSSARY_THREADS"] = "1"


def attempt(seed: int, group: int, fixed: Case | None = None) -> Outcome:
    """Try a group and forget what was compiled for it: another has other choices."""
    outcome = run(seed, group, fixed)
    if outcome.case["engine"] == "jax":
        jax.clear_caches()
    return outcome


def command(seed: int, group: int, fixed: Case | None = None) -> str:
    """The line that tries a group again."""
    given = f"{seed}, {group}" + (f", {fixed}" if fixed else "")
    return f'PYTHONPATH=tests python -c "from fuzz.plan import run; print(run({given}))"'
