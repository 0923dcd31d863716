"""Programs for one processor call the compiled kernels, unless LOSSARY_JAX_KERNELS=0; all others use the formulas."""

from __future__ import annotations

import re
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import jax
import numpy as np
import pytest
from jax import numpy as jnp

import lossary
from arrays import pass_on_two_devices
from fuzz.engines import bodies
from lossary.catalogue.record import Record
from lossary.execution import engine
from lossary.execution.cpu.compile import available
from lossary.execution.cpu.xla import VERSION
from lossary.frameworks import jax as jax_face
from lossary.frameworks import jax_kernel
from samples import KINDS, arguments, predictions_of

pytestmark = pytest.mark.skipif(
    not (available() and jax_kernel.available(VERSION)), reason="neither kernels nor this jaxlib can be called"
)
NOT_OF_SCORES = [record for record in KINDS if not record.scores]
SEVERAL = (1600, 50)  # three chunks of work, the last not whole


@pytest.fixture(autouse=True)
def _kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSARY_JAX_KERNELS", "1")


def calls(function: Any, *arrays: Any) -> int:
    """How many calls of kernels a program has."""
    return len(re.findall(r"custom_call @lossary_", jax.jit(function).lower(*arrays).as_text()))


def labelled(dtype: Any = np.float32) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    return (3 * rng.normal(size=(6, 5))).astype(dtype), rng.integers(5, size=6)


@pytest.mark.parametrize(
    ("record", "dtype"),
    [*((record, np.float32) for record in NOT_OF_SCORES), (NOT_OF_SCORES[0], np.float64)],
    ids=lambda value: getattr(value, "name", "") or value.__name__,
)
def test_value_and_gradient_come_from_one_call(record: Record, dtype: Any) -> None:
    loss, arrays = lossary.get(record.name), arguments(record, shape=SEVERAL, dtype=dtype)
    with jax.enable_x64(dtype is np.float64):
        step = jax.value_and_grad(loss, argnums=tuple(predictions_of(record)))
        assert (calls(step, *arrays), calls(loss, *arrays)) == (1, 1)
        value, found = jax.jit(step)(*arrays)
    right, gradients = loss.value_and_gradient(*arrays)
    close = {"rtol": 4 * np.finfo(dtype).eps, "atol": 0}
    np.testing.assert_allclose(value, right, **close)
    for slope, expected in zip(found, gradients if isinstance(gradients, tuple) else (gradients,), strict=True):
        assert slope.dtype == dtype
        np.testing.assert_allclose(slope, expected, **close)


def test_the_sum_is_exact_and_the_same_from_any_thread() -> None:
    """Within one ulp of the sum in 64 bits, over so many chunks that XLA's threads share them, from many callers."""
    x, y = np.random.default_rng(1).normal(size=(2, 1 << 20)).astype(np.float32)
    right = np.mean(np.square(x - y, dtype=np.float32), dtype=np.float64)
    compiled = jax.jit(lossary.squared_error)
    with ThreadPoolExecutor(8) as pool:
        found = set(map(float, pool.map(lambda _: compiled(x, y), range(64))))
    assert len(found) == 1
    assert abs(found.pop() - right) <= np.spacing(np.float32(right))


OPTIONS: list[dict[str, Any]] = [
    {"weight": np.linspace(0, 2, 6, dtype=np.float32), "mask": np.arange(6) != 2},
    {"class_weight": np.linspace(0.5, 1.5, 5, dtype=np.float32), "label_smoothing": 0.1, "ignore_label": 1},
    {"reduction": "sum"},
    {"denominator": 7.0},
    {"denominator": "count", "mask": np.zeros(6, bool)},
]


@pytest.mark.parametrize(
    ("options", "integers"),
    [*((options, np.int32) for options in OPTIONS), (OPTIONS[1], np.uint8)],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else value.__name__,
)
def test_options(options: dict[str, Any], integers: Any) -> None:
    logits, labels = labelled()
    with bodies(compiled=False):
        right, gradient = lossary.softmax_cross_entropy.value_and_gradient(logits, labels, **options)

    def step(x: Any, y: Any) -> Any:
        return jax.value_and_grad(lossary.softmax_cross_entropy)(x, y, **options)

    assert calls(step, logits, labels.astype(integers)) == 1
    value, slope = jax.jit(step)(logits, labels.astype(integers))
    np.testing.assert_allclose(value, right, rtol=1e-6)
    np.testing.assert_allclose(slope, gradient, rtol=1e-6, atol=1e-8)


def test_a_denominator_that_only_the_program_knows() -> None:
    logits, labels = labelled()

    def step(over: Any) -> Any:
        return jax.value_and_grad(lossary.softmax_cross_entropy)(logits, labels, denominator=over)

    assert calls(step, np.float32(7.0)) == 1
    value, slope = jax.jit(step)(np.float32(7.0))
    with bodies(compiled=False):
        right, gradient = lossary.softmax_cross_entropy.value_and_gradient(logits, labels, denominator=7.0)
    np.testing.assert_allclose(value, right, rtol=1e-6)
    np.testing.assert_allclose(slope, gradient, rtol=1e-6, atol=1e-8)


def test_every_transform_means_what_it_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    logits, labels = labelled(np.float64)
    direction = np.cos(np.arange(30.0)).reshape(6, 5)

    def alone(x: Any, y: Any = labels) -> Any:
        return lossary.softmax_cross_entropy(x, y)

    def single(x: Any, y: Any) -> Any:
        return alone(x[None], y[None])

    transforms: dict[str, tuple[Any, int]] = {
        "upstream": (lambda x: jax.vjp(alone, x)[1](0.37), 1),
        "forward": (lambda x: jax.jvp(alone, (x,), (direction,)), 1),
        "checkpoint": (jax.grad(jax.checkpoint(alone)), 1),
        "scan": (lambda x: jax.lax.scan(lambda s, k: (s + k * alone(x), jax.grad(alone)(k * x)), 0.0, jnp.ones(2)), 2),
        "hessian": (jax.hessian(alone), 0),
        "vmap": (lambda x: jax.vmap(jax.value_and_grad(single))(x, labels), 0),
        "weight": (lambda x: jax.grad(lambda w: lossary.softmax_cross_entropy(x, labels, weight=w))(x[:, 0] ** 2), 0),
    }
    with jax.enable_x64(True):
        for name, (transformed, expected) in transforms.items():
            found = jax.jit(transformed)(logits)
            assert min(calls(transformed, logits), 2) == expected, name
            with monkeypatch.context() as patch:
                patch.setenv("LOSSARY_JAX_KERNELS", "0")
                right = jax.jit(lambda x, t=transformed: t(x))(logits)
            jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15), found, right)


def test_a_change_of_zero_wins_over_an_infinite_slope() -> None:
    """Of -log p at p = 0, whose slope is -inf: forward along the other place, and backward from an upstream 0."""
    prediction, target = np.array([0.0, 0.5], np.float32), np.ones(2, np.float32)

    def loss(x: Any) -> Any:
        return lossary.binary_cross_entropy(x, target, reduction="sum")

    def forward(x: Any) -> Any:
        return jax.jvp(loss, (x,), (np.array([0, 1], np.float32),))[1]

    def backward(x: Any, upstream: Any) -> Any:
        return jax.vjp(loss, x)[1](upstream)[0]

    assert calls(forward, prediction) == 1
    assert float(jax.jit(forward)(prediction)) == -2.0
    assert jax.jit(backward)(prediction, np.float32(0.0)).tolist() == [0.0, 0.0]


def test_what_is_wrong_is_nan() -> None:
    logits, labels = labelled()
    labels[3] = 5
    value, slope = jax.jit(jax.value_and_grad(lossary.softmax_cross_entropy))(logits, labels)
    assert np.isnan(value)
    np.testing.assert_array_equal(np.isnan(slope).all(1), np.arange(6) == 3)


def test_half_precision_and_nothing() -> None:
    logits, labels = labelled()
    value, slope = jax.jit(jax.value_and_grad(lossary.softmax_cross_entropy))(jnp.bfloat16(logits), labels)
    assert (value.dtype, slope.dtype) == (jnp.float32, jnp.bfloat16)
    assert float(jax.jit(lambda x: lossary.squared_error(x, x, reduction="sum"))(jnp.zeros((0, 3)))) == 0.0


def test_rows_along_any_axis() -> None:
    logits, labels = labelled()
    loss = lossary.softmax_cross_entropy
    value, slope = jax.jit(jax.value_and_grad(lambda x: loss(x, labels, axis=0)))(logits.T)
    right, along_rows = jax.value_and_grad(lambda x: loss(x, labels))(logits)
    assert calls(lambda x, y: loss(x, y, axis=0), logits.T, labels) == 1
    np.testing.assert_allclose(value, right, rtol=1e-6)
    np.testing.assert_allclose(slope, along_rows.T, rtol=1e-5, atol=1e-7)


def test_what_has_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unreduced losses, exported programs; and all where it is not asked for."""
    logits, labels = labelled()
    loss = lossary.softmax_cross_entropy
    assert calls(lambda x, y: loss(x, y, reduction="none"), logits, labels) == 0
    assert (
        "@lossary_" not in jax.export.export(jax.jit(jax.grad(lambda x, y: loss(x, y))))(logits, labels).mlir_module()
    )
    sizes = jax.export.symbolic_shape("rows, 5")
    of_any_size = jax.export.export(jax.jit(lambda x, y: loss(x, y)))(
        jax.ShapeDtypeStruct(sizes, np.float32), jax.ShapeDtypeStruct(sizes[:1], np.int32)
    )
    np.testing.assert_allclose(of_any_size.call(logits, labels.astype(np.int32)), loss(logits, labels), rtol=1e-6)
    monkeypatch.setenv("LOSSARY_JAX_KERNELS", "0")
    assert calls(lambda x, y: loss(x, y), logits, labels) == 0


def test_another_version_of_the_interface_is_not_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "XLA_VERSION", (0, 99))
    monkeypatch.setattr(jax_face, "_warn_of_no_kernels", cache(jax_face._warn_of_no_kernels.__wrapped__))
    with pytest.warns(RuntimeWarning, match="LOSSARY_JAX_KERNELS is not for jax"):
        assert calls(lambda x, y: lossary.softmax_cross_entropy(x, y), *labelled()) == 0


def test_kernels_need_not_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the variable they are called, and a JAX that cannot is told by no warning."""
    monkeypatch.delenv("LOSSARY_JAX_KERNELS")
    assert calls(lambda x, y: lossary.softmax_cross_entropy(x, y), *labelled()) == 1
    monkeypatch.setattr(engine, "XLA_VERSION", (0, 98))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert calls(lambda x, y: lossary.softmax_cross_entropy(x, y), *labelled()) == 0


def test_several_devices_and_the_end_of_a_process() -> None:
    """Sharded arrays, shard_map and pmap call none, and gather nothing; a process may end before its programs do."""
    code = """
        import jax, numpy as np, lossary as ls
        from jax.sharding import Mesh, NamedSharding, PartitionSpec as P
        mesh = Mesh(np.array(jax.devices()), ("batch",))
        over = NamedSharding(mesh, P("batch"))
        x, y = np.random.default_rng(0).normal(size=(2, 8, 4)).astype(np.float32)
        right, gradient = ls.squared_error.value_and_gradient(x, y)

        def same(found):
            np.testing.assert_allclose(found[0], right, rtol=1e-6)
            np.testing.assert_allclose(found[1], gradient, rtol=1e-6)

        def local(a, b):
            value, slope = jax.value_and_grad(lambda p: ls.squared_error(p, b, denominator=32.0))(a)
            return jax.lax.psum(value, "batch"), slope

        step = jax.jit(jax.value_and_grad(ls.squared_error))
        given = jax.device_put(x, over), jax.device_put(y, over)
        program = step.lower(*given).compile()
        assert "all-gather" not in program.as_text() and 'target="lossary' not in program.as_text()
        same(program(*given))
        mapped = jax.jit(jax.shard_map(local, mesh=mesh, in_specs=(P("batch"),) * 2, out_specs=(P(), P("batch"))))
        assert "@lossary_" not in mapped.lower(x, y).as_text()
        same(mapped(x, y))
        assert "@lossary_" in step.lower(x, y).as_text()
        same(step(*(jax.device_put(a, jax.devices()[1]) for a in (x, y))))
        large = jax.numpy.ones((1 << 22,))
        left = [step(large, k * large) for k in range(20)]
    """
    pass_on_two_devices(code, kernels=True)


def test_items_of_named_axes_stay_on_their_devices() -> None:
    """Sorted, ranked, put back and picked along another axis; pairs of items alone have to be gathered."""
    code = """
        import jax, numpy as np, lossary as ls
        from jax.sharding import Mesh, NamedSharding, PartitionSpec as P
        over = NamedSharding(Mesh(np.array(jax.devices()), ("batch",)), P("batch"))
        rows = np.random.default_rng(0).normal(size=(2, 4, 5)).astype(np.float32)
        labels = np.array([0, 4, 2, 1])
        given = {"list_mle": rows, "list_net": rows, "crammer_singer": (rows[0], labels), "siglip": rows}
        given |= {"ensemble_crps": (rows[0], rows[1, :, 0]), "multiclass_sparsemax": (rows[0], labels)}
        for name, arrays in given.items():
            right, gradient = ls.get(name).value_and_gradient(*arrays)
            step = jax.jit(jax.value_and_grad(ls.get(name)))
            program = step.lower(*(jax.device_put(a, over) for a in arrays)).compile()
            assert ("all-gather" in program.as_text()) == (name == "siglip"), name
            value, slope = program(*(jax.device_put(a, over) for a in arrays))
            np.testing.assert_allclose(value, right, rtol=1e-5)
            np.testing.assert_allclose(slope, gradient[0] if name == "siglip" else gradient, rtol=1e-4, atol=1e-6)
            assert slope.sharding.spec == P("batch") or slope.sharding.spec == P("batch", None)
    """
    pass_on_two_devices(code, kernels=True)


def test_a_denominator_that_is_seen() -> None:
    """Outside jit, too, it may be an array, such as a number of labels that count."""
    a, b = jnp.array([1.0, 2.0]), jnp.zeros(2)
    for by in (jnp.asarray(10.0), jnp.asarray(10), np.array(10.0)):
        assert lossary.squared_error(a, b, denominator=by) == 0.5
        assert lossary.squared_error.value_and_gradient(a, b, denominator=by)[0] == 0.5
    assert lossary.squared_error(a, b, denominator=jnp.zeros(())) == 0
    with pytest.raises(lossary.errors.ArgumentError, match="denominator is -1"):
        lossary.squared_error(a, b, denominator=jnp.asarray(-1.0))
