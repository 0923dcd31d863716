"""docs/coverage.md tells the truth: what it says a loss does, it does, and what it does not have raises the reason."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
import torch

import lossary
from arrays import FRAMEWORKS, JAX, Framework
from lossary.catalogue.record import Record
from lossary.contract.keywords import KEYWORDS, keywords
from lossary.errors import LossaryError
from representatives import REPRESENTATIVES
from samples import arguments, on_frameworks
from tools.coverage import WAYS

pytestmark = pytest.mark.usefixtures("portable")
# Seconds each to compile: test_torch.py and test_jax.py in tests/frameworks make these calls, of every loss or kind.
HELD_ELSEWHERE = {("compiled", "torch"), *((feature, "jax") for feature in ("whole Hessian", "forward mode", "vmap"))}


def made(record: Record, framework: Framework) -> dict[str, Any]:
    """What the calls of the table are made of."""
    given = arguments(record, dtype=np.float32)
    arrays = tuple(map(framework.make, given))
    return {
        "loss": lossary.get(record.name),
        "arrays": arrays,
        "directions": tuple(framework.make(np.ones_like(array)) for array in given),
        "batches": tuple(framework.make(np.stack([array, array])) for array in given),
        "torch": torch,
        "jax": jax,
    }


@pytest.mark.parametrize(("record", "framework"), on_frameworks(REPRESENTATIVES))
def test_every_cell(record: Record, framework: Framework) -> None:
    names = made(record, framework)
    for feature, calls in WAYS.items():
        call = calls.get(framework.name)
        if call is None or (feature, framework.name) in HELD_ELSEWHERE:
            continue
        if reason := record.cannot.get(feature):
            with pytest.raises(LossaryError) as raised:
                eval(call, names)
            assert reason in str(raised.value)
        else:
            found = jax.tree.leaves(eval(call, names)) if framework is JAX else [eval(call, names)]
            assert found


@pytest.mark.parametrize("record", REPRESENTATIVES, ids=lambda record: record.name)
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_other_keywords_are_refused(record: Record, framework: Framework) -> None:
    everything = {row.name for row in KEYWORDS}
    names = made(record, framework)
    for keyword in everything - set(keywords(record)):
        with pytest.raises(TypeError, match=f"no keyword '{keyword}'"):
            names["loss"](*names["arrays"], **{keyword: 1})
