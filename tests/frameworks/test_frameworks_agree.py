"""One number on every framework, over corners of the domains and at random, float32."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import numpy as np
import pytest
from jax import numpy as jnp

import lossary
from arrays import AS_USERS, TORCH, differentiated
from lossary.catalogue.record import Record
from oracle.points import elements, rows
from representatives import REPRESENTATIVES
from samples import predictions_of

SAME: dict[str, Any] = {"rtol": 2e-6, "atol": 1e-30, "equal_nan": True}
OF_POWERS = {"weibull_nll": 2e-5}  # XLA's power of great numbers
DIFFERENCE = 2e-6  # of a slope's largest term, which is about 1 for what is a difference of probabilities
POINTWISE = [record for record in REPRESENTATIVES if record.kind == "pointwise"]
pytestmark = pytest.mark.usefixtures("portable")
OVER_CLASSES = [record for record in REPRESENTATIVES if record.kind in ("row", "softmax")]


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


def numpys(record: Record, arrays: list[Any]) -> list[Any]:
    loss = lossary.get(record.name)
    gradient = loss.value_and_gradient(*arrays, reduction="none")[1]
    return [loss(*arrays, reduction="none"), *(gradient if isinstance(gradient, tuple) else (gradient,))]


def torchs(record: Record, arrays: list[Any]) -> list[Any]:
    return _differentiated(record, TORCH, list(map(TORCH.make, arrays)))


def jaxs(record: Record, arrays: list[Any]) -> list[Any]:
    loss, places = lossary.get(record.name), tuple(predictions_of(record))

    @partial(jax.jit, compiler_options=AS_USERS)
    def both(*given: Any) -> Any:
        slopes = jax.grad(lambda *x: loss(*x, reduction="sum"), argnums=places)(*given)
        return [loss(*given, reduction="none"), *slopes]

    return list(map(np.asarray, both(*map(jnp.asarray, arrays))))


def _differentiated(record: Record, framework: Any, given: list[Any]) -> list[Any]:
    places = predictions_of(record)

    def of_predictions(*predictions: Any) -> Any:
        arrays = list(given)
        for i, prediction in zip(places, predictions, strict=True):
            arrays[i] = prediction
        return lossary.get(record.name)(*arrays, reduction="none")

    value, slopes = differentiated(framework, of_predictions)(*(given[i] for i in places))
    return [framework.numpy(x) for x in (value, *slopes)]


def hold(record: Record, arrays: list[Any], frameworks: Any) -> None:
    right = numpys(record, arrays)
    for framework in frameworks:
        for found, value in zip(framework(record, arrays), right, strict=True):
            np.testing.assert_array_equal(np.isnan(found), np.isnan(value))
            same = SAME | {"rtol": OF_POWERS.get(record.name, SAME["rtol"])}
            close = np.isclose(found, value, **same) | (abs(found - value) <= DIFFERENCE)
            assert close.all(), [(*(a[~close][:3] for a in (found, value)), np.argwhere(~close)[:3])]


@pytest.mark.parametrize("record", POINTWISE, ids=name_of)
def test_elements(record: Record) -> None:
    """XLA and PyTorch may flush subnormals to zero: only normal numbers are asked."""
    columns = np.stack(elements(record, np.float32, 2000))
    tiny = (columns != 0) & (abs(columns) < 1e-30)
    columns = columns[:, ~tiny.any(axis=0)]
    hold(record, list(columns), (torchs, jaxs))


@pytest.mark.parametrize("record", OVER_CLASSES, ids=name_of)
def test_rows(record: Record) -> None:
    """Rows of four classes, infinities among the logits."""
    every = zip(*(rows(argument, np.float32, 200) for argument in record.arguments), strict=True)
    chosen = [given for given in every if len(given[0]) == 4 and min(row.max() for row in given) > -np.inf]
    hold(record, [np.stack(column) for column in zip(*chosen, strict=True)], (torchs, jaxs))
