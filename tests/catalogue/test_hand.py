"""Every loss against values worked out by hand, on every framework."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest

import lossary
from arrays import FRAMEWORKS, JAX, Framework
from hand import HAND, Row
from lossary.catalogue.keyword import KEYWORDS
from lossary.catalogue.record import Record

pytestmark = pytest.mark.usefixtures("portable")


def test_every_loss_has_a_row() -> None:
    assert {record.name for record in lossary.losses()} == {row.loss for row in HAND}


def arrays_of(row: Row, framework: Framework) -> list[Any]:
    """Row losses take a batch of one row; labels stay integers."""
    over_classes = lossary.get(row.loss).record.kind in ("row", "softmax")
    return [framework.make(np.asarray([value] if over_classes else value)) for value in row.arguments]


def name_of(value: Any) -> str:
    return f"{value.loss}{value.arguments}{value.parameters or ''}" if isinstance(value, Row) else str(value)


CASES = [(row, framework) for row in HAND for framework in FRAMEWORKS if framework is not JAX]
CLOSE: dict[Framework, dict[str, Any]] = {
    framework: {"rtol": 1e-6, "atol": 1e-7} if framework is JAX else {"rtol": 1e-14, "atol": 1e-15}
    for framework in FRAMEWORKS
}


@pytest.mark.parametrize(("row", "framework"), CASES, ids=name_of)
def test_value_and_slope(row: Row, framework: Framework) -> None:
    """By a call and by ``value_and_gradient``."""
    loss, arrays = lossary.get(row.loss), arrays_of(row, framework)
    hold(row, framework, loss(*arrays, **row.parameters, reduction="sum"))
    hold(row, framework, *differentiated(row, arrays))


def differentiated(row: Row, arrays: list[Any]) -> tuple[Any, Any]:
    """The value, and the gradient in the first prediction; no gradient where none is known."""
    loss, options = lossary.get(row.loss), row.parameters | {"reduction": "sum"}
    if row.slope is None:
        return loss(*arrays, **options), None
    value, gradient = loss.value_and_gradient(*arrays, **options)
    return value, gradient[0] if isinstance(gradient, tuple) else gradient


def hold(row: Row, framework: Framework, value: Any, slope: Any = None) -> None:
    items = len(row.arguments[0]) if row.loss == "info_nce" else 1  # the only value that is a mean
    np.testing.assert_allclose(framework.numpy(value) / items, row.value, **CLOSE[framework])
    if slope is not None:
        np.testing.assert_allclose(framework.numpy(slope).reshape(np.shape(row.slope)), row.slope, **CLOSE[framework])


@pytest.mark.parametrize(
    "record", [r for r in lossary.losses() if r.kind != "pointwise"], ids=lambda record: record.name
)
def test_rows_with_jax(record: Record) -> None:
    """All rows of a loss in one program, as each takes long to compile."""
    rows = [row for row in HAND if row.loss == record.name]

    @jax.jit
    def every(batch: list[list[Any]]) -> list[tuple[Any, Any]]:
        return [differentiated(row, arrays) for row, arrays in zip(rows, batch, strict=True)]

    for row, found in zip(rows, every([arrays_of(row, JAX) for row in rows]), strict=True):
        hold(row, JAX, *found)


@pytest.mark.parametrize(
    "record", [r for r in lossary.losses() if r.kind == "pointwise"], ids=lambda record: record.name
)
def test_elements_with_jax(record: Record) -> None:
    """All rows of a loss at once, as JAX compiles for each call: the parameters are arrays, too."""
    rows, loss = [row for row in HAND if row.loss == record.name], lossary.get(record.name)
    defaults = {row.name: row.default for row in KEYWORDS} | {p.name: p.default for p in record.parameters}
    arrays = [JAX.make(np.array(column, np.float32)) for column in zip(*(row.arguments for row in rows), strict=True)]
    parameters = {
        name: JAX.make(np.array([row.parameters.get(name, defaults[name]) for row in rows], np.float32))
        for name in dict.fromkeys(name for row in rows for name in row.parameters)
    }
    value, gradient = loss.value_and_gradient(*arrays, **parameters, reduction="none")
    np.testing.assert_allclose(value, [row.value for row in rows], **CLOSE[JAX])
    slopes = np.asarray(gradient[0] if isinstance(gradient, tuple) else gradient)
    known = [(slope, row.slope) for slope, row in zip(slopes, rows, strict=True) if row.slope is not None]
    np.testing.assert_allclose(*np.array(known or [(0.0, 0.0)]).T, **CLOSE[JAX])
