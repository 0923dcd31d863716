"""Any split of a batch is the batch: micro-batches and ranks, by totals or by a common denominator."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import lossary
from lossary.catalogue.record import Record
from representatives import REPRESENTATIVES
from samples import arguments, by_row, label_arguments, of_rows, predictions_of

ADDITIVE = [record for record in REPRESENTATIVES if record.kind not in ("overlap", "pairs")]
TAKES_LABELS = [record for record in ADDITIVE if record.takes_classes]
DIGITS = {torch.float32: 1e-6, torch.float64: 1e-12}
Tensor = torch.Tensor
pytestmark = pytest.mark.usefixtures("portable")
ROWS = 12


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value).removeprefix("torch.")


@st.composite
def splits(draw: st.DrawFn) -> dict[str, Any]:
    """How a batch is cut, what counts of it and how much, and what lies where nothing counts."""
    return {
        "cuts": sorted(draw(st.lists(st.integers(0, ROWS), max_size=5))),  # equal cuts: an empty part
        "seed": draw(st.integers(0, 1000)),
        "weighted": draw(st.booleans()),
        "masked": draw(st.booleans()),
        "labels": draw(st.booleans()),
        "dirt": draw(st.sampled_from([0.0, math.nan, math.inf, -7.0])),
        "ranks": draw(st.integers(1, 4)),
    }


class Batch:
    """A batch with its options, whole and in parts."""

    def __init__(self, record: Record, how: dict[str, Any], dtype: torch.dtype) -> None:
        rng = np.random.default_rng(how["seed"])
        shape = (ROWS, 3) if record.kind == "pointwise" else (ROWS, 2, 3)
        labels = how["labels"] and record in TAKES_LABELS
        make = label_arguments if labels else arguments
        self.record, self.loss, self.places = record, lossary.get(record.name), predictions_of(record)
        self.arrays = [
            torch.tensor(a, dtype=dtype if a.dtype.kind == "f" else None) for a in make(record, how["seed"], shape)
        ]
        items = shape if record.kind == "pointwise" else shape[:-1]
        self.options: dict[str, Tensor] = {}
        left_out = np.zeros(items, bool)
        if how["weighted"]:
            weight = rng.integers(0, 4, items) * rng.random(items)
            self.options["weight"], left_out = torch.tensor(weight, dtype=dtype), left_out | (weight == 0)
        if how["masked"]:
            mask = rng.random(items) < 0.6
            self.options["mask"], left_out = torch.tensor(mask), left_out | ~mask
        self.left_out = torch.tensor(left_out)
        for i in by_row(record):
            if self.arrays[i].is_floating_point():
                self.arrays[i][self.left_out] = how["dirt"]

    def gradients(self, parts: list[slice], **options: Any) -> tuple[float, list[Tensor]]:
        """The losses of the parts, and their gradients, each accumulated."""
        leaves = [a.clone().requires_grad_(i in self.places) for i, a in enumerate(self.arrays)]
        value = 0.0
        for part in parts:
            of_part = {name: option[part] for name, option in self.options.items()}
            loss = self.loss(*of_rows(self.record, leaves, part), **of_part, **options)
            loss.backward()
            value += float(loss.detach())
        return value, [leaves[i].grad for i in self.places]  # type: ignore[misc]

    def total(self, part: slice) -> Any:
        of_part = {name: option[part] for name, option in self.options.items()}
        return self.loss.total(*of_rows(self.record, self.arrays, part), **of_part)


@pytest.mark.parametrize("dtype", DIGITS, ids=name_of)
@pytest.mark.parametrize("record", ADDITIVE, ids=name_of)
@settings(max_examples=10, deadline=None)
@given(how=splits())
def test_any_split_is_the_batch(record: Record, dtype: torch.dtype, how: dict[str, Any]) -> None:
    """In value and gradients; what is masked or weighs nothing holds NaN, infinities or impossible targets."""
    batch, close = Batch(record, how, dtype), DIGITS[dtype]
    parts = [slice(a, b) for a, b in zip([0, *how["cuts"]], [*how["cuts"], ROWS], strict=True)]
    value, gradients = batch.gradients([slice(0, ROWS)])
    total = sum(map(batch.total, parts))
    assert math.isfinite(value)
    assert float(total.mean) == pytest.approx(value, rel=DIGITS[dtype], abs=DIGITS[dtype])
    for denominator in (total.weight, float(total.weight)):
        found, accumulated = batch.gradients(parts, denominator=denominator)
        assert found == pytest.approx(value, rel=DIGITS[dtype], abs=DIGITS[dtype])
        for a, b in zip(accumulated, gradients, strict=True):
            torch.testing.assert_close(a, b, rtol=close, atol=close)
    ranks = how["ranks"]
    found, summed = batch.gradients(parts, denominator=total.weight / ranks)  # gradients are averaged over ranks
    assert found / ranks == pytest.approx(value, rel=DIGITS[dtype], abs=DIGITS[dtype])
    for i, a, b in zip(batch.places, summed, gradients, strict=True):
        torch.testing.assert_close(a / ranks, b, rtol=close, atol=close)
        assert not (i in by_row(record) and a[batch.left_out].any())  # exactly zero, not NaN
