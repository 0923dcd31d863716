"""The choice of calls: whichever choices are fixed, by an engine that has calls with them."""

from __future__ import annotations

import pytest

from fuzz.plan import planned


@pytest.mark.parametrize(
    "fixed", [{"wanted": "everything"}, {"x64": "on"}, {"layout": "big-endian"}, {"engine": "jax"}]
)
def test_fixed_choices(fixed: dict[str, str]) -> None:
    """NumPy differentiates in arguments only, JAX alone has x64, and only NumPy has byte orders."""
    for group in range(20):
        case, _ = planned(1, group, fixed)
        assert fixed.items() <= case.items()


def test_choices_that_no_call_has() -> None:
    with pytest.raises(ValueError, match="no call has"):
        planned(1, 0, {"engine": "numpy", "x64": "on"})
