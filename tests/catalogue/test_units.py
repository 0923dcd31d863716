"""Units: which parameters are measured in the target's unit is data of the record, and true of the formula."""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np
import pytest

import lossary as ls
from lossary.catalogue.record import Record
from lossary.domains import NonNegative, Real, Scale, Unit
from lossary.vocabulary import absolute, maximum
from samples import LENGTHS

# Metres to centimetres. A power of two would hide what only rounds.
FACTOR = 100.0
WITH_UNITS = [record for record in ls.losses() if any(one.unit for one in record.numbers)]


def slopes(record: Record, factor: float) -> Any:
    """The gradient in the prediction, every number that has a unit in a unit ``factor`` times as small."""
    draw = np.random.default_rng(0)
    shapes = {a.name: [LENGTHS[axis] for axis in record.axes.get(a.name, "").split()] or 200 for a in record.arguments}
    given = {
        name: factor * 3 * draw.normal(size=shapes[name])
        if name in ("prediction", "target")
        else np.ones(shapes[name]) * scaled(unit, factor)
        for name, unit in ((a.name, a.unit) for a in record.arguments)
    }
    settings = {p.name: p.default * scaled(p.unit, factor) for p in record.parameters}
    _, gradients = ls.get(record.name).value_and_gradient(*given.values(), **settings, reduction="none")
    return gradients[0] if isinstance(gradients, tuple) else gradients


def scaled(unit: Unit | None, factor: float) -> float:
    return factor**unit.power if unit else 1.0


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize("record", WITH_UNITS, ids=lambda record: record.name)
def test_another_unit_changes_a_gradient_by_one_factor(record: Record) -> None:
    metres, centimetres = slopes(record, 1.0), slopes(record, FACTOR)
    factor = np.abs(centimetres).sum() / np.abs(metres).sum()
    assert math.log(factor, FACTOR) == pytest.approx(round(math.log(factor, FACTOR)), abs=1e-9)
    np.testing.assert_allclose(centimetres, factor * metres, rtol=1e-9)


def test_the_known_units() -> None:
    units = {r.name: {one.name: one.unit.power for one in r.numbers if one.unit} for r in WITH_UNITS}
    assert units["huber"] == {"delta": 1}
    assert units["gaussian_nll"] == {"variance": 2}
    assert {r.task for r in WITH_UNITS} == {"regression", "policy"}


def test_a_unit_stands_beside_any_domain() -> None:
    def tolerant(
        prediction: Real, target: Real, *, scale: Scale = 2.0, width: Annotated[NonNegative, Unit(1)] = 0.0
    ) -> object:
        return scale * maximum(absolute(prediction - target) - width, 0.0)

    scale, width = ls.pointwise(tolerant).record.parameters
    assert (str(scale.domain), str(scale.unit)) == ("> 0", "in the target's unit")
    assert (str(width.domain), str(width.unit)) == ("≥ 0", "in the target's unit")
