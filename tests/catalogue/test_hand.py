"""Every loss against values worked out by hand, on every framework."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import lossary
from arrays import FRAMEWORKS, Framework
from hand import HAND, Row

pytestmark = pytest.mark.usefixtures("portable")


def test_every_loss_has_a_row() -> None:
    assert {record.name for record in lossary.losses()} == {row.loss for row in HAND}


def arrays_of(row: Row, framework: Framework) -> list[Any]:
    """Row losses take a batch of one row; labels stay integers."""
    over_classes = lossary.get(row.loss).record.kind in ("row", "softmax")
    return [framework.make(np.asarray([value] if over_classes else value)) for value in row.arguments]


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("row", HAND, ids=lambda row: f"{row.loss}{row.arguments}{row.parameters or ''}")
def test_value_and_slope(row: Row, framework: Framework) -> None:
    loss, arrays = lossary.get(row.loss), arrays_of(row, framework)
    close: dict[str, Any] = {"rtol": 1e-6, "atol": 1e-7} if framework.name == "jax" else {"rtol": 1e-14, "atol": 1e-15}
    np.testing.assert_allclose(
        framework.numpy(loss(*arrays, **row.parameters, reduction="sum" if row.loss != "info_nce" else "mean")),
        row.value,
        **close,
    )
    if row.slope is not None:
        gradient = loss.value_and_gradient(*arrays, **row.parameters, reduction="sum")[1]
        first = gradient[0] if isinstance(gradient, tuple) else gradient
        np.testing.assert_allclose(framework.numpy(first).reshape(np.shape(row.slope)), row.slope, **close)
