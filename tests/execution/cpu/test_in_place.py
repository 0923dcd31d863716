"""Gradients that overwrite their predictions have the same bits as gradients in new memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import lossary as ls
from lossary.catalogue.registry import find
from lossary.contract.call import prepare
from lossary.execution import engine
from lossary.execution.cpu import passes
from lossary.execution.cpu.compile import available
from lossary.kinds.program import Measured, Work

pytestmark = pytest.mark.skipif(not available(), reason="llvmlite is not installed")

# A row of a few lanes and one of several blocks with a rest; more rows than a chunk has.
SHAPES = [(5, 3), (70, 1537)]


def measured(call: Any, work: Work) -> Measured:
    """Run a pass and return its results."""
    found = passes.measure(call, work)
    assert found is not None
    return found


def options_of(shape: tuple[int, int]) -> dict[str, dict[str, Any]]:
    rng = np.random.default_rng(0)
    weight, classes = rng.uniform(size=(shape[0],)), rng.uniform(size=shape[1])
    # Each is a kernel of its own, and another in place: all options are in one, as none hides another.
    options = {"weight": weight, "mask": weight < 0.8, "class_weight": classes, "label_smoothing": 0.2}
    return {"plain": {}, "all": options}


@pytest.mark.parametrize(
    ("shape", "options", "target", "dtype"),
    [  # every two of the first three meet
        (SHAPES[0], "plain", "labels", np.float32),
        (SHAPES[0], "all", "probabilities", np.float32),
        (SHAPES[1], "plain", "probabilities", np.float64),
        (SHAPES[1], "all", "labels", np.float32),
    ],
)
def test_softmax_in_place(shape: tuple[int, int], options: str, target: str, dtype: Any) -> None:
    rng = np.random.default_rng(1)
    logits = (rng.normal(size=shape) * 10.0 ** rng.uniform(-3, 2, (shape[0], 1))).astype(dtype)
    logits[0, :2] = -np.inf, logits[0].max()  # a class that cannot be, and a tie
    labels, soft = rng.integers(0, shape[1], shape[0]), rng.dirichlet(np.ones(shape[1]), shape[0]).astype(dtype)
    given = {name: np.asarray(value, None if name == "mask" else dtype) if np.ndim(value) else value
             for name, value in options_of(shape)[options].items()}  # fmt: skip
    for framework in (np.array, torch.tensor):
        arrays = framework(logits), framework(labels if target == "labels" else soft)
        call = prepare(find("softmax_cross_entropy"), arrays, {
            name: framework(value) if np.ndim(value) else value for name, value in given.items()
        })  # fmt: skip
        work, _ = engine.work_of(call, wrt=engine.names_of(call))
        right = measured(call, work)
        found = measured(call, replace(work, in_place=True))
        assert found.gradients[0] is arrays[0]
        assert found.sums == right.sums
        np.testing.assert_array_equal(np.asarray(found.gradients[0]), np.asarray(right.gradients[0]))


def test_pointwise_in_place() -> None:
    x, y = np.random.default_rng(2).normal(size=(2, 70_001))
    right = ls.huber.value_and_gradient(x, y)
    call = prepare(find("huber"), (x, y), {})
    work, over = engine.work_of(call, wrt=engine.names_of(call))
    found = measured(call, replace(work, in_place=True))
    assert engine.finish(call, found, over) == right[0]
    np.testing.assert_array_equal(x, right[1])


def test_rows_with_gaps_in_place() -> None:
    """Logits that are not contiguous are copied, and the gradient is copied back."""
    wide = np.random.default_rng(3).normal(size=(6, 20))
    logits, rest = wide[:, ::2], wide[:, 1::2].copy()
    call = prepare(find("softmax_cross_entropy"), (logits, np.arange(6)), {})
    work, _ = engine.work_of(call, wrt=engine.names_of(call))
    right = measured(call, work).gradients[0]
    measured(call, replace(work, in_place=True))
    np.testing.assert_array_equal(logits, right)
    np.testing.assert_array_equal(wide[:, 1::2], rest)


def test_half_precision_is_left_as_it_is() -> None:
    """A float32 gradient does not fit over a prediction of half precision."""
    x = np.random.default_rng(4).normal(size=(4, 9)).astype(np.float16)
    before = x.copy()
    call = prepare(find("softmax_cross_entropy"), (x, np.arange(4)), {})
    work, _ = engine.work_of(call, wrt=engine.names_of(call))
    found = measured(call, replace(work, in_place=True)).gradients[0]
    np.testing.assert_array_equal(found, measured(call, work).gradients[0])
    assert found.dtype == np.float32
    np.testing.assert_array_equal(x, before)
