"""Which case comes when: group g of a seed is one combination of choices and many draws of its numbers."""

from __future__ import annotations

import os
import random

import jax
import numpy as np
import torch

from fuzz.factors import Case, at_random
from fuzz.hold import Outcome, try_out

__all__ = ["attempt", "command", "planned", "prepare", "run"]

# How often an engine has its turn, and with how many draws: what takes seconds to compile is used for longer.
TURNS = {"numpy": 45, "torch": 45, "jax": 6, "numpy compiled": 3, "torch compiled": 3}
DRAWS = {"numpy": 40, "torch": 30, "jax": 400, "numpy compiled": 500, "torch compiled": 400}
ONE_BY_ONE = 40  # draws where JAX compiles nothing


def planned(seed: int, group: int) -> tuple[Case, int]:
    """The case of a group, and how many draws it has."""
    dice = random.Random(f"{seed}:{group}")
    (engine,) = dice.choices(list(TURNS), weights=list(TURNS.values()))
    case = at_random(dice, (engine,))
    one_by_one = engine == "jax" and case["entry"] != "call"
    return case, ONE_BY_ONE if one_by_one else DRAWS[engine]


def run(seed: int, group: int) -> Outcome:
    """Try a group; an exception is wrong, too."""
    case, count = planned(seed, group)
    try:
        return try_out(case, count, np.random.default_rng([seed, group]))
    except Exception as problem:
        return Outcome(case, count, wrong=[f"{type(problem).__name__}: {problem}"])


def prepare() -> None:
    """What each process of a pool has before its first group: one thread."""
    torch.set_num_threads(1)
    os.environ["LOSSARY_THREADS"] = "1"


def attempt(seed: int, group: int) -> Outcome:
    """Try a group and forget what was compiled for it: another has other choices."""
    outcome = run(seed, group)
    if outcome.case["engine"] == "jax":
        jax.clear_caches()
    return outcome


def command(seed: int, group: int) -> str:
    """The line that tries a group again."""
    return f'PYTHONPATH=tests python -c "from fuzz.plan import run; print(run({seed}, {group}))"'
