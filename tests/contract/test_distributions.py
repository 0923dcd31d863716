"""Targets over classes: rows that are no distribution, and a single class, raise, or are NaN where nothing can."""

from __future__ import annotations

from itertools import product
from typing import Any

import jax
import ml_dtypes
import numpy as np
import pytest
import torch
from jax import numpy as jnp

import lossary as ls
from arrays import FRAMEWORKS, JAX, NUMPY, TORCH, Framework
from lossary.catalogue.record import Record
from lossary.errors import DomainError, ShapeError
from representatives import REPRESENTATIVES
from samples import arguments, factor_shapes, on_frameworks

portable = pytest.mark.usefixtures("portable")
OVER_CLASSES = [record for record in REPRESENTATIVES if record.takes_classes]
WIDE = 128256  # classes, of a vocabulary
# Rows of three classes, and what the error says of each.
WRONG = {
    "several classes": ([1.0, 0.0, 1.0], "sums to 2; .*several classes may be right at once.*sigmoid_cross_entropy"),
    "no class": ([0.0, 0.0, 0.0], "sums to 0; .*mask=.*sigmoid_cross_entropy"),
    "too little": ([0.5, 0.25, 0.125], r"sums to 0.875; .*Divide each row by its sum"),
    "too much": ([0.5, 0.5, 0.0625], r"sums to 1.0625; .*Divide each row by its sum"),
}
SCORES = np.random.default_rng(0).normal(size=(4096, 20)) * 3
# A framework, and two dtypes of it.
COMBINATIONS = [
    pytest.param(framework, *pair, id=f"{framework}-{'-'.join(pair)}")
    for framework in FRAMEWORKS
    for pair in product(framework.dtypes, repeat=2)
]


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


def dtype_of(name: str) -> Any:
    """NumPy's."""
    return ml_dtypes.bfloat16 if name == "bfloat16" else np.dtype(name)


def with_row(record: Record, row: Any, place: int = 1, dtype: Any = np.float32) -> list[Any]:
    """Arguments of four rows of three classes, one row of the target as given."""
    found = arguments(record, shape=(4, 3), dtype=dtype)
    target = [argument.name for argument in record.arguments].index("target")
    found[target][place] = row
    return found


def of_classes(record: Record, target: Any) -> list[Any]:
    """Arguments of rows of many classes that lie where nothing is infinite, and this target."""
    rows, classes = target.shape
    known: dict[str, Any] = {
        "probability": np.full(target.shape, 1 / classes, np.float32), "logits": np.zeros(target.shape, np.float32),
        "features": np.zeros((rows, 2), np.float32), "classifier": np.zeros((classes, 2), np.float32),
        "bias": np.zeros(classes, np.float32), "target": target,
        "log_probability": np.full(target.shape, -np.log(classes), np.float32),
    }  # fmt: skip
    return [known[argument.name] for argument in record.arguments]


@portable
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(("record", "framework"), on_frameworks(OVER_CLASSES))
def test_a_row_that_counts_is_a_distribution(record: Record, framework: Framework, wrong: str) -> None:
    row, says = WRONG[wrong]
    given, loss = [*map(framework.make, with_row(record, row))], ls.get(record.name)
    for call in (loss, loss.value_and_gradient):
        with pytest.raises(DomainError, match=rf"target\[1\] {says}.*\(1 of 4 is wrong\)"):
            call(*given)
    mask = np.array([True, False, True, True])
    left = loss(*given, mask=framework.make(mask))
    assert float(left) == float(loss(*given, weight=framework.make(mask.astype(np.float32))))
    assert np.isfinite(float(left))


@portable
@pytest.mark.parametrize("record", OVER_CLASSES, ids=name_of)
def test_a_weight_or_a_smaller_class_weight_excuses_nothing(record: Record) -> None:
    for options in ({"weight": np.full(4, 0.5)}, {"class_weight": np.array([1.0, 0.0, 2.0])}, {"label_smoothing": 0.5}):
        with pytest.raises(DomainError, match=r"target\[1\] sums to 2"):
            ls.get(record.name)(*with_row(record, [1.0, 1.0, 0.0]), **options)


@pytest.mark.parametrize("reduction", ["mean", "none"])
@pytest.mark.parametrize("framework", [NUMPY, TORCH], ids=str)
@pytest.mark.parametrize(
    ("name", "shape", "axis"),
    [
        ("softmax_cross_entropy", (3, 700), -1),  # long rows
        ("softmax_cross_entropy", (700, 3), -1),  # many short ones
        ("softmax_cross_entropy", (3, 700), 0),  # rows whose places lie apart
        ("categorical_cross_entropy", (3, 700), -1),
        ("linear_cross_entropy", (3, 700), -1),
    ],
)
def test_a_call_that_was_prepared_sees_a_wrong_row(
    name: str, shape: tuple[int, int], axis: int, framework: Framework, reduction: str
) -> None:
    """With compiled kernels; the first wrong place is the last.

    Of most layouts, one kernel of a mean and one of each item's loss, with gradients and without.
    """
    loss = ls.get(name)
    options: dict[str, Any] = {"reduction": reduction} | ({} if loss.record.scores else {"axis": axis})
    target = np.full(shape, 1 / shape[axis], np.float32)
    wrong = target.copy()
    wrong[-1, -1] += 0.25
    calls: list[Any] = [loss, loss.value_and_gradient]
    for call in calls if shape == (700, 3) else calls[reduction == "mean" :][:1]:
        for _ in range(3):
            call(*map(framework.make, of_classes(loss.record, target)), **options)
        with pytest.raises(DomainError, match=r"sums to 1\.25"):
            call(*map(framework.make, of_classes(loss.record, wrong)), **options)


@portable
@pytest.mark.parametrize("record", OVER_CLASSES, ids=name_of)
def test_a_wrong_row_is_nan_where_values_cannot_be_seen(record: Record) -> None:
    """In value and gradient, and no other row; ``checking()`` raises there."""
    loss = ls.get(record.name)
    given = with_row(record, [1.0, 1.0, 0.0])
    values = jax.jit(lambda *x: loss(*x, reduction="none"))(*given)
    np.testing.assert_array_equal(np.isnan(values), [False, True, False, False])
    assert np.isnan(jax.jit(loss)(*given))
    slope = jax.jit(jax.grad(lambda *x: loss(*x, reduction="sum")))(*given)
    np.testing.assert_array_equal(np.isnan(slope).any(axis=1), [False, True, False, False])
    tensors = [torch.tensor(array) for array in given]
    batched = [torch.stack([tensor, tensor]) for tensor in tensors]
    assert torch.isnan(torch.func.vmap(loss)(*batched)).all()
    with pytest.raises(DomainError, match=r"target\[1\] sums to 2; .*sigmoid_cross_entropy"), ls.checking(guess=False):
        jax.block_until_ready(jax.jit(loss)(*given))


@portable
def test_a_wrong_row_is_seen_in_a_compiled_function() -> None:
    given = [torch.tensor(array) for array in with_row(ls.softmax_cross_entropy.record, [1.0, 1.0, 0.0])]
    torch._dynamo.reset()
    compiled = torch.compile(lambda *x: ls.softmax_cross_entropy(*x), backend="aot_eager", fullgraph=True)
    assert torch.isnan(compiled(*given))


# --- what is rounding -----------------------------------------------------------------------------------------------


def wide_rows() -> dict[str, Any]:
    """Distributions over many classes, before they are rounded."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=WIDE) * 3
    powers = np.exp(logits - logits.max())
    one_hot = np.eye(1, WIDE, 5)[0]
    return {
        "one-hot": one_hot,
        "uniform": np.full(WIDE, 1 / WIDE),
        "smoothed": 0.9 * one_hot + 0.1 / WIDE,
        "softmax": powers / powers.sum(),
        "mixed": 0.7 * one_hot + 0.3 * np.roll(one_hot, 1),
    }


@portable
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_rounding_is_no_error(framework: Framework, dtype: str) -> None:
    """Of a vocabulary's classes, in the dtype and back in float32, summed by each framework."""
    if dtype not in framework.dtypes:
        pytest.skip("is not of this framework")
    kind: Any = ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype
    for row in wide_rows().values():
        for target in (row.astype(kind)[None], row.astype(kind).astype(np.float32)[None]):
            for record in OVER_CLASSES:
                given = [framework.make(array) for array in of_classes(record, target)]
                assert np.isfinite(float(ls.get(record.name)(*given)))
                if framework is JAX and record.kind == "softmax":
                    assert np.isfinite(float(jax.jit(ls.get(record.name))(*given)))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_rounding_is_no_error_with_kernels(dtype: Any) -> None:
    for row in wide_rows().values():
        given = of_classes(ls.softmax_cross_entropy.record, row.astype(dtype)[None])
        value, _ = ls.softmax_cross_entropy.value_and_gradient(*given)
        np.testing.assert_allclose(value, np.log(WIDE), rtol=5e-3)


@portable
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_more_than_rounding_is_an_error(framework: Framework) -> None:
    """One class left out of 100 that are alike, and one of 128256 classes counted twice at 2 %."""
    few, many = np.full((1, 100), 0.01), np.full((1, WIDE), 1 / WIDE)
    few[0, 3], many[0, 3] = 0.0, 0.02
    for target in (few, many):
        given = [framework.make(x) for x in of_classes(ls.softmax_cross_entropy.record, target.astype(np.float32))]
        with pytest.raises(DomainError, match=r"target\[0\] sums to (0.99|1.0)"):
            ls.softmax_cross_entropy(*given)


@portable
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_a_softmax_in_bfloat16_is_no_error(framework: Framework) -> None:
    """JAX rounds an exponential, a sum and a quotient; the sums of these rows are off by up to 5.7e-3."""
    rounded = jax.nn.softmax(jnp.array(SCORES, jnp.bfloat16)).astype(jnp.float32)
    assert 5e-3 < abs(np.asarray(rounded, np.float64).sum(axis=1) - 1.0).max() < 3 * 2.0**-9
    for record in OVER_CLASSES:
        given = [*map(framework.make, of_classes(record, np.asarray(rounded)))]
        loss: Any = ls.get(record.name)
        for call in [loss, *([jax.jit(loss)] if framework is JAX else [])]:
            assert np.isfinite(float(call(*given)))
        assert np.isfinite(float(loss.value_and_gradient(*given)[0]))
    probability, target = map(framework.make, (np.asarray(rounded), np.full((4096, 20), 0.05, np.float32)))
    assert np.isfinite(float(ls.kl_divergence(probability, target)))


@portable
@pytest.mark.parametrize("off", [0.98, 1.02])
@pytest.mark.parametrize(("framework", "kind", "other"), COMBINATIONS)
def test_what_is_allowed_is_the_same_beside_any_dtype(framework: Framework, kind: str, other: str, off: float) -> None:
    """Rows that are 2 % off are wrong in any dtype, beside predictions of any."""
    for record in OVER_CLASSES:
        for axis in (-1,) if record.scores else (-1, 0):
            options = {} if record.scores else {"axis": axis}
            target = np.full((3, 3), off / 3)
            given = [
                framework.make(array.astype(dtype_of(kind if argument.name == "target" else other)))
                for argument, array in zip(record.arguments, of_classes(record, target), strict=True)
            ]
            with pytest.raises(DomainError, match=r"target\[0\] sums to (0.9[78]|1.0[12])"):
                ls.get(record.name)(*given, **options)


@pytest.mark.parametrize("axis", [-1, 0])
@pytest.mark.parametrize(("framework", "other"), [(NUMPY, "float16"), (TORCH, "bfloat16")], ids=str)
def test_kernels_allow_the_same(framework: Framework, other: str, axis: int) -> None:
    """Along rows and lanes."""
    rounded = np.asarray(jax.nn.softmax(jnp.array(SCORES, jnp.bfloat16), axis).astype(jnp.float32))
    wrong = np.full((64, 64), 1.02 / 64, np.float32)
    for array in (rounded, wrong):
        given = [framework.make(np.zeros(array.shape).astype(dtype_of(other))), framework.make(array)]
        if array is rounded:
            assert np.isfinite(float(ls.softmax_cross_entropy(*given, axis=axis)))
        else:
            with pytest.raises(DomainError, match=r"target\[0\] sums to 1.02"):
                ls.softmax_cross_entropy(*given, axis=axis)


@portable
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_a_vocabulary_that_is_2_percent_off(framework: Framework) -> None:
    for kind in framework.dtypes:
        target = framework.make(np.full((1, WIDE), 1.02 / WIDE).astype(dtype_of(kind)))
        with pytest.raises(DomainError, match=r"target\[0\] sums to 1.0[12]"):
            ls.softmax_cross_entropy(framework.make(np.zeros((1, WIDE), np.float32)), target)


@portable
@pytest.mark.parametrize("kind", JAX.dtypes)
@pytest.mark.parametrize("other", JAX.dtypes)
def test_rows_that_are_2_percent_off_are_nan_under_jit(kind: str, other: str) -> None:
    target = jnp.full((3, 64), 1.02 / 64, kind)
    assert np.isnan(jax.jit(ls.softmax_cross_entropy)(jnp.zeros((3, 64), other), target))


@portable
@pytest.mark.parametrize(("framework", "kind", "other"), COMBINATIONS)
def test_predictions_beside_any_dtype(framework: Framework, kind: str, other: str) -> None:
    probability = framework.make(np.full((3, 64), 1.02 / 64).astype(dtype_of(kind)))
    with pytest.raises(DomainError, match=r"probability\[0\] sums to 1.0[12]"):
        ls.kl_divergence(probability, framework.make(np.full((3, 64), 1 / 64).astype(dtype_of(other))))


@portable
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64"])
def test_integer_and_boolean_rows(framework: Framework, dtype: str) -> None:
    for record in OVER_CLASSES:
        loss, one_hot, multi_hot = ls.get(record.name), np.eye(3)[[2, 0, 1]], np.array([[1, 1, 0]] * 3)
        found, right = (
            float(loss(*map(framework.make, of_classes(record, target))))
            for target in (one_hot.astype(dtype), one_hot.astype(np.float32))
        )
        assert found == pytest.approx(right, rel=1e-6)
        with pytest.raises(DomainError, match="sums to 2"):
            loss(*map(framework.make, of_classes(record, multi_hot.astype(dtype))))


# --- one class ------------------------------------------------------------------------------------------------------


@portable
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize(
    "record", [r for r in ls.losses() if r.kind in ("row", "softmax", "linear_softmax")], ids=name_of
)
def test_one_class(record: Record, framework: Framework) -> None:
    """Where there is a target, nothing can be learned; the entropy of one class is 0. A vector may have one number."""
    shapes = factor_shapes(record, (3, 1))
    given = [framework.make(np.ones(shapes.get(a.name, (3, 1)), np.float32)) for a in record.arguments]
    loss = ls.get(record.name)
    if record.takes_vectors:
        assert np.isfinite(float(loss(*given)))
        return
    if all(argument.role == "prediction" for argument in record.arguments):
        assert float(loss(*given)) == 0.0
        return
    calls: list[Any] = [loss, loss.value_and_gradient, *([jax.jit(loss)] if framework is JAX else [])]
    for call in calls:
        with pytest.raises(ShapeError, match=r"\(3, 1\): there is one class along axis 1.*sigmoid_cross_entropy"):
            call(*given)


@portable
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_one_pair_costs_nothing(framework: Framework) -> None:
    value, gradients = ls.info_nce.value_and_gradient(*[framework.make(np.ones((1, 3), np.float32))] * 2)
    assert float(value) == 0.0
    assert not any(framework.numpy(gradient).any() for gradient in gradients)


@portable
def test_records_say_who_requires_a_sum() -> None:
    """Regions may be of any size; of the losses over classes, each one's target sums to 1."""
    for record in ls.losses():
        domains = [argument.domain for argument in record.arguments if argument.role == "target"]
        over_classes = record.kind in ("row", "softmax", "linear_softmax") and not record.takes_vectors
        assert all(domain.sums_to_one == over_classes for domain in domains), record.name
        assert all(("rows sum to 1" in str(domain)) == domain.sums_to_one for domain in domains)
    assert np.isfinite(ls.dice(jnp.full((2, 3), 0.5), jnp.ones((2, 3)), axis=-1))


@portable
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("row", [[1.0, -1e-8], [1.0 + 5e-7, 0.0], [1.0 + 5e-7, -1e-8]], ids=str)
def test_a_number_rounded_beyond_a_limit_is_that_limit(row: list[float], framework: Framework) -> None:
    """A class below 0 that cannot be costs nothing, and one above 1 no more than one of 1."""
    logits, target = np.array([[0.0, -np.inf], [0.0, 3.0]], np.float32), np.array([row, row], np.float32)
    limited = np.clip(target, 0.0, 1.0)
    assert (limited != target).any()
    for reduction in ("mean", "none"):
        found, right = (
            framework.numpy(ls.softmax_cross_entropy(*map(framework.make, (logits, t)), reduction=reduction))
            for t in (target, limited)
        )
        np.testing.assert_array_equal(found, right)
        assert np.isfinite(found).all()
