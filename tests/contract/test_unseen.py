"""Parameters and class weights whose values a call cannot read: a wrong one gives NaN, never a plausible number."""

from __future__ import annotations

import math
from typing import Any

import jax
import numpy as np
import pytest
import torch
from jax import numpy as jnp

import lossary as ls
from lossary.catalogue.record import Parameter, Record
from samples import BY_SHAPE, arguments

EVERY = [(record, parameter) for record in BY_SHAPE for parameter in record.parameters]
CASES = list({(record.kind, parameter.domain): (record, parameter) for record, parameter in EVERY}.values())
each_parameter = pytest.mark.parametrize(("record", "parameter"), CASES, ids=lambda value: value.name)
SHAPE = (3, 4)


def wrong(parameter: Parameter) -> list[float]:
    """Return a number beyond each limit of a parameter's domain, infinity and NaN."""
    domain = parameter.domain
    low = [] if math.isinf(domain.low) else [domain.low - 1.0, *([] if domain.includes_low else [domain.low])]
    high = [domain.high + 1.0] if math.isfinite(domain.high) else []
    return [*low, *high, -math.inf if domain.takes_infinity else math.inf, math.nan]


@each_parameter
def test_with_jax(record: Record, parameter: Parameter) -> None:
    loss, arrays = ls.get(record.name), [jnp.asarray(array) for array in arguments(record, 0, SHAPE)]
    call = jax.jit(lambda number: loss(*arrays, **{parameter.name: number}))
    for number in wrong(parameter):
        assert math.isnan(call(number)), number
    assert math.isfinite(call(parameter.domain.inside))
    domain = parameter.domain
    for end in [-math.inf] * domain.takes_minus_infinity + [math.inf] * domain.takes_infinity:
        assert math.isfinite(call(end))


@each_parameter
def test_with_torch(record: Record, parameter: Parameter) -> None:
    """Under a transform, which shows no values; the right numbers beside a wrong one stay right."""
    loss, arrays = ls.get(record.name), [torch.as_tensor(array) for array in arguments(record, 0, SHAPE)]
    numbers = [parameter.domain.inside, *wrong(parameter)]
    found = torch.func.vmap(lambda number: loss(*arrays, **{parameter.name: number}))(torch.tensor(numbers))
    right = loss(*arrays, **{parameter.name: parameter.domain.inside})
    torch.testing.assert_close(found[0], right, check_dtype=False)
    assert found[1:].isnan().all()


def test_derivatives() -> None:
    x = jnp.array([1.0, 2.0])
    slope, of_delta = jax.jit(jax.grad(lambda x, d: ls.huber(x, jnp.zeros(2), delta=d), (0, 1)))(x, -1.0)
    assert np.isnan(slope).all()
    assert np.isnan(of_delta)


def test_a_parameter_of_each_item() -> None:
    """The others stay as they are; where nothing counts, a parameter may be anything."""

    def unreduced(delta: Any, **options: Any) -> Any:
        return jax.jit(lambda d: ls.huber(jnp.ones(3), jnp.zeros(3), delta=d, reduction="none", **options))(delta)

    delta = jnp.array([1.0, -1.0, 2.0])
    np.testing.assert_array_equal(unreduced(delta), [0.5, np.nan, 0.5])
    np.testing.assert_array_equal(unreduced(delta, mask=jnp.array([True, False, True])), [0.5, 0.0, 0.5])
    np.testing.assert_array_equal(unreduced(delta, weight=jnp.array([1.0, 0.0, 1.0])), [0.5, 0.0, 0.5])


@pytest.mark.parametrize("number", [-1.0, math.inf, math.nan])
def test_class_weights(number: float) -> None:
    """All rows are NaN, also those of other classes."""
    logits, target = jnp.zeros((2, 3)), jnp.array([0, 1])
    found = jax.jit(lambda w: ls.softmax_cross_entropy(logits, target, class_weight=w, reduction="none"))
    assert np.isnan(found(jnp.array([1.0, 1.0, number]))).all()
    np.testing.assert_allclose(found(jnp.array([1.0, 2.0, 0.0])), [math.log(3), 2 * math.log(3)], rtol=1e-6)


@pytest.mark.parametrize("number", [-1.0, math.inf, math.nan])
def test_a_mean_of_wrong_weights_only(number: float) -> None:
    """Their sum is no 0, of which the mean would be 0; where nothing is left to count, they may be anything."""
    x, y, wrong = np.array([1.0, 2.0]), np.zeros(2), np.full(2, number)
    for weight in (wrong, wrong[:1], wrong[0]):
        by_jax = jax.jit(lambda w, m: ls.squared_error(jnp.asarray(x), jnp.asarray(y), weight=w, mask=m))
        by_torch = torch.func.vmap(lambda w, m: ls.squared_error(torch.tensor(x), torch.tensor(y), weight=w, mask=m))
        for present, expected in ((True, math.nan), (False, 0.0)):
            mask = np.full(2, present)
            np.testing.assert_array_equal(by_jax(jnp.asarray(weight), jnp.asarray(mask)), expected)
            np.testing.assert_array_equal(by_torch(torch.tensor(weight)[None], torch.tensor(mask)[None]), [expected])


@pytest.mark.parametrize("number", [-1.0, math.inf, math.nan])
def test_a_denominator(number: float) -> None:
    mean = jax.jit(lambda by: ls.squared_error(jnp.ones(2), jnp.zeros(2), denominator=by))
    assert np.isnan(mean(number))
    found = torch.func.vmap(lambda by: ls.squared_error(torch.ones(2), torch.zeros(2), denominator=by))
    np.testing.assert_array_equal(found(torch.tensor([number, 0.0, 4.0])), [math.nan, 0.0, 0.5])


def test_a_mean_of_class_weights_that_add_up_to_nothing() -> None:
    logits, labels, halves = jnp.zeros((2, 2)), jnp.array([0, 1]), jnp.full((1, 2), 0.5)
    mean = jax.jit(lambda x, y, w: ls.softmax_cross_entropy(x, y, class_weight=w))
    assert np.isnan(mean(logits, labels, jnp.array([1.0, -1.0])))
    assert np.isnan(mean(logits[:1], halves, jnp.array([1.0, -1.0])))
    assert np.isnan(mean(logits, jnp.array([0, 0]), jnp.array([0.0, -1.0])))
    assert mean(logits, labels, jnp.zeros(2)) == 0
    nothing = jax.jit(lambda x, y: ls.softmax_cross_entropy(x, y, class_weight=jnp.ones(2)))
    assert np.isnan(nothing(logits, logits))  # no rows of probabilities, whose weights are 0


def test_totals_of_regions_with_wrong_weights() -> None:
    total = jax.jit(lambda w: ls.dice.total(jnp.ones(2), jnp.ones(2), weight=w).mean)
    assert np.isnan(total(jnp.array([-1.0, -1.0])))
    assert total(jnp.zeros(2)) == 0
