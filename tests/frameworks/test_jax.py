"""JAX: every transform of a loss, in 32 and in 64 bits."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
from jax import numpy as jnp

import lossary
from arrays import pass_on_two_devices
from lossary.catalogue.keyword import KEYWORDS
from lossary.catalogue.record import Record
from lossary.kinds.program import Options, embed
from lossary.symbolic.derivatives import pulled, pushed
from lossary.symbolic.simplify import leaves
from representatives import OUTLINES, REPRESENTATIVES
from samples import BY_SHAPE, KINDS, arguments, by_row, label_arguments, of_rows, predictions_of

ALL = BY_SHAPE
pytestmark = pytest.mark.usefixtures("portable")


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


some_losses = pytest.mark.parametrize("record", REPRESENTATIVES, ids=name_of)
every_kind = pytest.mark.parametrize("record", KINDS, ids=name_of)


def expected(record: Record, arrays: list[Any], **options: Any) -> tuple[Any, list[Any]]:
    value, gradient = lossary.get(record.name).value_and_gradient(*arrays, **options)
    return value, list(gradient) if isinstance(gradient, tuple) else [gradient]


def close(found: Any, right: Any, digits: int) -> None:
    right = np.asarray(right)
    np.testing.assert_allclose(
        found, right, rtol=10.0**-digits, atol=10.0**-digits * np.max(np.abs(right), initial=1.0)
    )


@pytest.mark.parametrize(
    ("record", "wide"),
    [(record, wide) for wide in (False, True) for record in (REPRESENTATIVES if wide else OUTLINES)],
    ids=name_of,
)
def test_jit_value_and_grad(record: Record, wide: bool) -> None:
    """With 64-bit numbers off and on."""
    arrays, digits = arguments(record), 11 if wide else 4
    value, gradients = expected(record, arrays)
    function = jax.jit(jax.value_and_grad(lossary.get(record.name), argnums=tuple(predictions_of(record))))
    with jax.enable_x64(wide):
        found, slopes = function(*map(jnp.asarray, arrays))
    assert found.dtype == slopes[0].dtype == (jnp.float64 if wide else jnp.float32)
    close(found, value, digits)
    for slope, right in zip(slopes, gradients, strict=True):
        close(slope, right, digits)


@every_kind
def test_jvp_and_hessian(record: Record) -> None:
    """Forward mode is the inner product with the gradient, the Hessian forward over reverse is reverse over reverse."""
    with jax.enable_x64(True):
        arrays = [jnp.asarray(a) for a in arguments(record, shape=(3, 2))]
        gradient = expected(record, [np.asarray(a) for a in arrays])[1][0]

        def alone(x: Any) -> Any:
            return lossary.get(record.name)(x, *arrays[1:])

        direction = jnp.asarray(np.random.default_rng(2).normal(size=arrays[0].shape))

        @jax.jit  # one program, which takes less long to compile than three
        def everything(x: Any, d: Any) -> Any:
            return jax.jvp(alone, (x,), (d,))[1], jax.hessian(alone)(x), jax.jacrev(jax.grad(alone))(x)

        moved, whole, reverse_over_reverse = everything(arrays[0], direction)
        close(moved, (gradient * np.asarray(direction)).sum(), 11)
        close(whole, reverse_over_reverse, 11)
        _hold_diagonal(record, arrays, whole)


def _hold_diagonal(record: Record, arrays: list[Any], whole: Any) -> None:
    """The closed-form curvature is the Hessian's diagonal."""
    if record.kind in ("pointwise", "row", "softmax"):
        curve = lossary.get(record.name).gradient_and_hessian(*map(np.asarray, arrays))[1]
        diagonal = np.ravel(curve[0] if isinstance(curve, tuple) else curve)
        items = arrays[0].size if record.kind == "pointwise" else len(arrays[0])
        close(np.diagonal(np.reshape(whole, (diagonal.size, -1))) * items, diagonal, 11)


@every_kind
def test_second_derivatives_in_weights(record: Record) -> None:
    """Of a mean, whose denominator moves with the weights: forward over reverse and reverse over reverse."""
    arrays, loss = arguments(record, dtype=np.float32), lossary.get(record.name)
    shape = arrays[0].shape if record.kind == "overlap" else loss(*arrays, reduction="none").shape

    def weighted(w: Any) -> Any:
        return loss(*arrays, weight=w)

    w = jnp.linspace(0.5, 1.5, int(np.prod(shape))).reshape(shape)
    reverse, forward = jax.jit(lambda w: (jax.jacrev(jax.grad(weighted))(w), jax.hessian(weighted)(w)))(w)
    close(reverse, forward, 4)


@pytest.mark.parametrize("record", [record for record in KINDS if record.kind != "pairs"], ids=name_of)
def test_vmap_and_gradients_of_each_example(record: Record) -> None:
    with jax.enable_x64(True):
        arrays, loss = arguments(record), lossary.get(record.name)
        axes = tuple(0 if i in by_row(record) else None for i in range(len(arrays)))
        values, slopes = jax.jit(lambda *x: (jax.vmap(loss, axes)(*x), jax.vmap(jax.grad(loss), axes)(*x)))(*arrays)
        for i in range(len(arrays[0])):
            value, gradients = expected(record, of_rows(record, arrays, i))
            close(values[i], value, 11)
            close(slopes[i], gradients[0], 11)


def test_vmap_over_any_axis_of_any_argument() -> None:
    """Over the last axis, over one argument alone, over a parameter, twice, and over pools of several axes."""
    z, y = np.linspace(-1.0, 1.0, 24).reshape(2, 3, 4), np.array([[0, 1, 2, 0], [2, 2, 1, 0]])
    loss, grad = lossary.softmax_cross_entropy, jax.jit(jax.grad(lossary.softmax_cross_entropy))
    last = jax.vmap(jax.vmap(grad, (1, 0)), (0, 0))(z, y)
    close(last, [[grad(z[i, :, j], y[i, j]) for j in range(4)] for i in range(2)], 5)
    close(jax.vmap(loss, (None, 0))(z[0].T, np.array([y[0], y[1]])), [loss(z[0].T, y[0]), loss(z[0].T, y[1])], 5)
    deltas, by_delta = jnp.array([0.1, 0.5]), jax.grad(lambda d: lossary.huber(z[0], z[1], delta=d))
    close(jax.vmap(by_delta)(deltas), list(map(jax.jit(by_delta), deltas)), 5)
    p, t = jnp.asarray(abs(z)), jnp.asarray(np.round(abs(z)))
    pools = jax.vmap(jax.grad(lambda p, t: lossary.dice(p, t, axis=(0, 1))), (2, 2))(p, t)
    close(pools, [jax.jit(jax.grad(lossary.dice))(p[..., k], t[..., k]) for k in range(4)], 5)


def test_derivatives_are_linear_in_changes() -> None:
    """What reverse mode makes of forward mode's formula does not see the change, whose value it does not have."""
    weight = tuple(row for row in KEYWORDS if row.name == "weight")
    for record in ALL:
        program = embed(record.inner, Options(given=weight, guard=True, labels=record.takes_classes))
        symbols = leaves(program.loss)
        for first in range(len(symbols)):
            outputs = [pushed(program.loss, symbols, (first,)), pulled(program.loss, symbols, first)]
            for output, known in outputs:
                transposed, _ = pulled(output, known, len(known) - 1)
                assert known[-1] not in leaves(transposed), (record.name, output)


@every_kind
def test_derivatives_in_everything_else(record: Record) -> None:
    """Targets, weights and parameters against finite differences along one direction."""
    with jax.enable_x64(True):
        arrays = arguments(record, shape=(3, 2))
        shape = lossary.get(record.name)(*arrays, reduction="none").shape if record.kind != "overlap" else (3, 2)
        more = {"weight": np.linspace(0.5, 1.5, int(np.prod(shape))).reshape(shape)}
        more |= {p.name: np.asarray(0.4) for p in record.parameters}
        start = [*arrays[1:], *more.values()]
        directions = [0.01 * np.cos(np.arange(x.size)).reshape(x.shape) for x in start]
        if record.kind in ("row", "softmax"):
            directions[0] = 0.01 * np.array([[1.0, -1.0]] * 3)

        def along(s: Any) -> Any:
            moved = [x + s * d for x, d in zip(start, directions, strict=True)]
            return lossary.get(record.name)(
                arrays[0], *moved[: len(arrays) - 1], **dict(zip(more, moved[len(arrays) - 1 :], strict=True))
            )

        step = 1e-4
        slope, above, below = jax.jit(lambda s: (jax.grad(along)(0.0), along(s), along(-s)))(step)
        close(slope, (above - below) / (2 * step), 6)


@some_losses
def test_half_precision(record: Record) -> None:
    arrays = [jnp.asarray(a, jnp.bfloat16) for a in arguments(record)]
    value, gradient = jax.jit(jax.value_and_grad(lossary.get(record.name)))(*arrays)
    assert (value.dtype, gradient.dtype) == (jnp.float32, jnp.bfloat16)
    right, gradients = expected(record, [np.asarray(a, np.float64) for a in arrays])
    close(value, right, 5)
    close(np.asarray(gradient, np.float64), gradients[0], 2)


@pytest.mark.parametrize("record", OUTLINES, ids=name_of)
def test_narrow_arrays_where_wide_ones_are_enabled(record: Record) -> None:
    """With 64 bits on, numbers and labels of an option make no derivative wider than what it is of."""
    loss, options = lossary.get(record.name), options_of(record)
    given = (label_arguments if record.takes_classes else arguments)(record)

    @jax.jit
    def each(calls: list[list[Any]]) -> list[Any]:
        return [jax.value_and_grad(lambda x, *rest: loss(x, *rest, **options))(*arrays) for arrays in calls]

    dtypes = (jnp.float32, jnp.float16, jnp.bfloat16)
    with jax.enable_x64(True):
        calls = [[jnp.asarray(a, jnp.int32 if a.dtype.kind == "i" else dtype) for a in given] for dtype in dtypes]
        found = each(calls)
    for dtype, arrays, (value, gradient) in zip(dtypes, calls, found, strict=True):
        assert (value.dtype, gradient.dtype) == (jnp.float32, dtype)
        right, gradients = expected(
            record, [np.asarray(a, a.dtype if a.dtype == jnp.int32 else float) for a in arrays], **options
        )
        close(value, right, 5)
        close(np.asarray(gradient, np.float64), gradients[0], 4 if dtype == jnp.float32 else 2)


def options_of(record: Record) -> dict[str, Any]:
    """A number for every option and parameter that a loss takes."""
    options: dict[str, Any] = {p.name: 0.4 for p in record.parameters}
    if record.takes_classes:
        options |= {"label_smoothing": 0.1, "class_weight": np.linspace(0.5, 1.0, 2)}
    return options


@every_kind
def test_numpy_arrays_beside_jax_arrays(record: Record) -> None:
    """JAX takes NumPy's arrays as its own, so data need not be converted."""
    arrays = arguments(record, dtype=np.float32)
    value = lossary.get(record.name)(jnp.asarray(arrays[0]), *arrays[1:])
    assert isinstance(value, jax.Array)
    close(value, lossary.get(record.name)(*arrays), 5)


@every_kind
def test_vjp_checkpoint_and_scan(record: Record) -> None:
    """An upstream gradient, a loss that is computed again for its gradient, and one inside a loop."""
    with jax.enable_x64(True):
        arrays, loss = arguments(record), lossary.get(record.name)
        value, gradients = expected(record, arrays)

        @jax.jit
        def everything(x: Any) -> Any:
            def alone(p: Any) -> Any:
                return loss(p, *arrays[1:])

            def step(total: Any, scale: Any) -> Any:
                return total + scale * alone(x), jax.grad(alone)(x) * scale

            found, pull = jax.vjp(alone, x)
            return found, pull(0.37)[0], jax.grad(jax.checkpoint(alone))(x), jax.lax.scan(step, 0.0, jnp.arange(3.0))

        found, pulled, again, (total, steps) = everything(jnp.asarray(arrays[0]))
        for a, b in ((found, value), (pulled, 0.37 * gradients[0]), (again, gradients[0]), (total, 3 * value)):
            close(a, b, 11)
        close(steps, np.stack([k * gradients[0] for k in range(3)]), 11)


def test_arrays_over_several_devices() -> None:
    """Batches sharded over two devices, in a process of its own: the same numbers, and no device gathers the inputs.

    Losses of all pairs are exempt: each row needs every positive.
    """
    code = """
        import jax, numpy as np, lossary as ls
        from jax.sharding import Mesh, NamedSharding, PartitionSpec
        from representatives import OUTLINES, REPRESENTATIVES
        from samples import arguments, by_row, predictions_of
        mesh = Mesh(np.array(jax.devices()), ("batch",))
        over, everywhere = NamedSharding(mesh, PartitionSpec("batch")), NamedSharding(mesh, PartitionSpec())
        for record in REPRESENTATIVES:
            loss, given = ls.get(record.name), arguments(record, shape=(8, 4), dtype=np.float32)
            step = jax.jit(jax.value_and_grad(loss, argnums=tuple(predictions_of(record))))
            rows = by_row(record)
            placed = [jax.device_put(x, over if i in rows else everywhere) for i, x in enumerate(given)]
            compiled = step.lower(*placed).compile()
            assert ("all-gather" in compiled.as_text()) == (record.kind == "pairs"), record.name
            value, found = compiled(*placed)
            right, expected = loss.value_and_gradient(*given)
            for a, b in zip((value, *found), (right, *(expected if isinstance(expected, tuple) else (expected,)))):
                np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6, err_msg=record.name)
            assert all(len(x.sharding.device_set) == 2 for x in found)

        def part(prediction, target, delta):
            return jax.lax.psum(ls.huber(prediction, target, delta=delta, reduction="sum"), "batch")

        everywhere, rows = PartitionSpec(), PartitionSpec("batch")
        whole = jax.shard_map(part, mesh=mesh, in_specs=(rows, rows, everywhere), out_specs=everywhere)
        given = (*np.linspace(-2, 2, 32, dtype=np.float32).reshape(2, 8, 2), np.float32(0.5))
        alone = jax.grad(lambda *a: ls.huber(*a[:2], delta=a[2], reduction="sum"), (0, 1, 2))(*given)
        for a, b in zip(jax.jit(jax.grad(whole, (0, 1, 2)))(*given), alone):
            np.testing.assert_allclose(a, b, rtol=1e-5)
    """
    pass_on_two_devices(code)


@pytest.mark.parametrize("loss", [lossary.softmax_cross_entropy, lossary.categorical_cross_entropy])
def test_wrong_labels_are_nan_under_jit(loss: Any) -> None:
    """What cannot be seen cannot raise: a wrong row is NaN in value and all its gradient, never a plausible number."""
    given, labels = jnp.full((3, 2), 0.5), jnp.array([1, 5, -1])
    values = jax.jit(lambda x, y: loss(x, y, reduction="none"))(given, labels)
    slopes = jax.jit(jax.grad(lambda x, y: loss(x, y, reduction="sum")))(given, labels)
    np.testing.assert_array_equal(np.isnan(values), [False, True, True])
    np.testing.assert_array_equal(np.isnan(slopes), [[False] * 2, [True] * 2, [True] * 2])


def test_wrong_values_are_nan_under_jit() -> None:
    found = jax.jit(lambda p, t, w: lossary.binary_cross_entropy(p, t, weight=w, reduction="none"))(
        jnp.array([0.5, 1.2, 0.5, 0.5]), jnp.array([1.0, 1.0, jnp.nan, 1.0]), jnp.array([1.0, 1.0, 1.0, -1.0])
    )
    np.testing.assert_array_equal(np.isnan(found), [False, True, True, True])


def test_options_that_are_known_under_jit() -> None:
    """Class weights and parameters that are arrays, of half precision too, beside traced logits."""
    z, y = np.array([[1.0, 2.0], [0.5, -1.0]], np.float32), np.array([0, 1])
    weights = jnp.array([1.0, 3.0], jnp.bfloat16)
    found = jax.jit(lambda x: lossary.softmax_cross_entropy(x, y, class_weight=weights))(z)
    close(found, lossary.softmax_cross_entropy(z, y, class_weight=np.array([1.0, 3.0])), 6)
    delta = jnp.asarray(0.5, jnp.bfloat16)
    close(jax.jit(lambda x: lossary.huber(x, z, delta=delta))(2 * z), lossary.huber(2 * z, z, delta=0.5), 6)


@pytest.mark.parametrize("labels", [False, True], ids=["probabilities", "labels"])
@pytest.mark.parametrize("record", [r for r in REPRESENTATIVES if not r.scores], ids=name_of)
def test_a_batch_of_any_size_is_exported(record: Record, labels: bool) -> None:
    """With a symbol for its size, which cannot be compared with numbers."""
    if labels and not record.takes_classes:
        pytest.skip("takes no labels")
    (rows,) = jax.export.symbolic_shape("rows")
    arrays = (label_arguments if labels else arguments)(record, shape=(4, 3), dtype=np.float32)
    symbols = [jax.ShapeDtypeStruct((rows, *array.shape[1:]), array.dtype) for array in arrays]
    call = jax.jit(lossary.get(record.name))
    found = jax.export.export(call)(*symbols).call(*arrays)
    close(found, call(*arrays), 5)


@pytest.mark.parametrize("dtype", ["int2", "int4", "uint2", "uint4"])
def test_labels_of_less_than_a_byte(dtype: str) -> None:
    """JAX does not mix them with others."""
    logits, labels = jnp.array([[2.0, 0.0], [1.0, 3.0]]), jnp.array([0, 1], dtype)
    right = lossary.softmax_cross_entropy(logits, labels.astype(int))
    for loss in (lossary.softmax_cross_entropy, jax.jit(lossary.softmax_cross_entropy)):
        assert loss(logits, labels) == right
    assert lossary.linear_cross_entropy(logits, jnp.eye(2), labels) == right


def test_seen_values_are_checked() -> None:
    """Outside jit, on the CPU, wrong labels raise as they do with NumPy."""
    with pytest.raises(lossary.errors.LabelError, match=r"target\[1\] is 5"):
        lossary.softmax_cross_entropy(jnp.zeros((3, 2)), jnp.array([1, 5, 0]))
