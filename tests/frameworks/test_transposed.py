"""JAX's reverse mode over itself, where part of a formula is one number for all classes of a row."""

from __future__ import annotations

import pytest

from fuzz.plan import run

# Draws of the fuzz: a seed and a group, whose calls are computed by JAX in reverse mode over reverse mode.
GROUPS = {"no rows, divided by an array": (71, 429), "capped logits of a layer": (71, 507), "masked": (71, 1429)}


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_groups_that_raised(group: tuple[int, int]) -> None:
    assert run(*group).wrong == []
