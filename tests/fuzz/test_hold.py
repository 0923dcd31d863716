"""What the fuzz takes for a right answer, and for a wrong one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fuzz.hold import Outcome, compare
from fuzz.reference import Answer

INF = math.inf


@pytest.mark.parametrize(
    ("dtype", "found", "right", "terms", "is_right"),
    [
        ("float16", INF, -5632.0, 4e19, True),  # float32 leaves 5e11 of them, float16 has no such number
        ("float16", -INF, 0.0, 4e19, True),
        ("float16", INF, 0.0, 1e10, False),  # 8 roundings of which are 9537
        ("float16", INF, 60000.0, 1e10, True),
        ("float16", -INF, 60000.0, 1e10, False),
        ("float32", INF, 0.0, 4e19, False),
        ("float32", INF, 1e39, 0.0, True),
        ("float32", -INF, 1e39, 0.0, False),
        ("float16", 65504.0, 70000.0, 0.0, False),
        ("float16", 65504.0, 70000.0, 1e10, True),
        ("float64", INF, 1e84, 1e84, False),
    ],
)
def test_what_overflows(dtype: str, found: float, right: float, terms: float, is_right: bool) -> None:
    """A difference of terms may be off by roundings of them, to what a type has no number for."""
    outcome = Outcome({"dtype": dtype, "loss": "weibull_nll", "entry": "call", "numbers": "moderate"}, 1)
    answer = Answer(np.zeros(1), {"weight": np.array([[right]])}, terms={"weight": np.array([[terms]])})
    compare(outcome, "weight", np.array([[found]]), answer, np.full((1, 1), 1e-3))
    assert (not outcome.wrong) == is_right
