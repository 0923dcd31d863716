"""Losses of a linear layer and of pairs under JAX: value and gradients by one loop over blocks of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import jax
import numpy as np
import pytest
from jax import numpy as jnp
from jax.extend.core import jaxprs_in_params

import lossary
from arrays import pass_on_two_devices
from lossary.catalogue.record import Record
from representatives import REPRESENTATIVES
from samples import arguments, label_arguments, predictions_of

SCORED = [record for record in REPRESENTATIVES if record.scores]
ROWS, CLASSES = 12, 5
BLOCK = 3 * CLASSES * 4  # bytes of three rows of float32 scores
every_loss = pytest.mark.parametrize("record", SCORED, ids=lambda record: record.name)


@pytest.fixture(autouse=True)
def blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set blocks to a few rows."""
    monkeypatch.setattr("lossary.kinds.scores.TRACED", BLOCK)
    monkeypatch.setattr("lossary.kinds.scores.BLOCK", BLOCK)
    monkeypatch.setattr("lossary.kinds.scores.FEWEST", 1)


@pytest.fixture
def on_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trace as for a GPU."""
    monkeypatch.setattr("lossary.frameworks.jax.multiplies_halves", lambda array: True)


def given(record: Record, rows: int = ROWS, dtype: Any = np.float32) -> list[Any]:
    """Return arrays for a loss of 5 classes or, of pairs, of vectors of 5 numbers."""
    make = label_arguments if record.takes_classes else arguments
    return list(map(jnp.asarray, make(record, shape=(rows, CLASSES), dtype=dtype)))


def loss_of(record: Record, **options: Any) -> Callable[..., Any]:
    return lambda *arrays: lossary.get(record.name)(*arrays, **options)


def with_gradients(record: Record, **options: Any) -> Callable[..., Any]:
    return jax.value_and_grad(loss_of(record, **options), tuple(predictions_of(record)))


def equations(program: Any) -> Iterator[Any]:
    """Yield the equations of a program and of the programs inside it."""
    for equation in program.eqns:
        yield equation
        for inner in jaxprs_in_params(equation.params):
            yield from equations(inner)


def traced(function: Callable[..., Any], *arrays: Any) -> list[Any]:
    return list(equations(jax.make_jaxpr(function)(*arrays).jaxpr))


def named(name: str, found: list[Any]) -> list[Any]:
    return [equation for equation in found if equation.primitive.name == name]


# --- the textbook -------------------------------------------------------------------------------------------------


def _log_p(features: Any, classifier: Any, bias: Any) -> Any:
    return jax.nn.log_softmax(features @ classifier.T + bias)


def _cross_entropy(features: Any, classifier: Any, target: Any, bias: Any) -> Any:
    return -_log_p(features, classifier, bias)[jnp.arange(len(target)), target]


def _entropy(features: Any, classifier: Any, bias: Any) -> Any:
    log_p = _log_p(features, classifier, bias)
    return -(jnp.exp(log_p) * log_p).sum(-1)


def _divergence(x: Any, w: Any, teacher_x: Any, teacher_w: Any, bias: Any, teacher_bias: Any) -> Any:
    log_p, log_q = _log_p(x, w, bias), _log_p(teacher_x, teacher_w, teacher_bias)
    return (jnp.exp(log_q) * (log_q - log_p)).sum(-1)


def _info_nce(one: Any, other: Any) -> Any:
    one, other = (x / jnp.linalg.norm(x, axis=-1, keepdims=True) for x in (one, other))
    return -jnp.diag(jax.nn.log_softmax(one @ other.T / 0.5))


TEXTBOOK: dict[str, Callable[..., Any]] = {
    "linear_cross_entropy": _cross_entropy,
    "linear_log_probability": lambda *arrays: -_cross_entropy(*arrays),
    "linear_entropy": _entropy,
    "linear_kl_divergence": _divergence,
    "info_nce": _info_nce,
}


def settings(record: Record) -> dict[str, Any]:
    return {"temperature": 0.5} if record.kind == "pairs" else {}


def textbook(record: Record, **options: Any) -> Callable[..., Any]:
    """Return the plain form of a weighted mean or sum."""
    weight, reduction = options.get("weight", 1.0), options.get("reduction", "mean")

    def reduced(*arrays: Any) -> Any:
        losses = TEXTBOOK[record.name](*arrays)
        summed = (losses * weight).sum()
        return summed if reduction == "sum" else summed / (jnp.ones_like(losses) * weight).sum()

    return reduced


def close(found: Any, right: Any, rtol: float = 1e-9, atol: float = 1e-11) -> None:
    for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(right), strict=True):
        np.testing.assert_allclose(np.asarray(a, np.float64), np.asarray(b, np.float64), rtol=rtol, atol=atol)


# --- one loop -----------------------------------------------------------------------------------------------------


@every_loss
@pytest.mark.parametrize("method", [False, True], ids=["value_and_grad", "value_and_gradient"])
def test_each_block_takes_three_products(record: Record, method: bool) -> None:
    """One makes the scores, one each of the two gradients; a teacher's scores take one. No block is computed twice."""
    function = lossary.get(record.name).value_and_gradient if method else with_gradients(record)
    found = traced(jax.jit(function), *given(record))
    assert len(named("dot_general", found)) == len(record.scores) + 2
    (loop,) = named("scan", found)
    assert len(named("dot_general", list(equations(loop.params["jaxpr"].jaxpr)))) == len(record.scores) + 2


@pytest.mark.parametrize("frozen", [0, 1])
def test_a_frozen_array_takes_no_product(frozen: int) -> None:
    arrays = given(lossary.linear_cross_entropy.record)
    found = traced(jax.value_and_grad(lossary.linear_cross_entropy, 1 - frozen), *arrays)
    assert len(named("dot_general", found)) == 2


@every_loss
@pytest.mark.parametrize("method", [False, True], ids=["value_and_grad", "value_and_gradient"])
def test_a_program_does_not_grow_with_the_rows(record: Record, method: bool) -> None:
    function = lossary.get(record.name).value_and_gradient if method else with_gradients(record)
    few, many = (traced(jax.jit(function), *given(record, rows)) for rows in (ROWS, 20 * ROWS))
    assert len(few) == len(many)


@every_loss
def test_temporary_memory(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is less than a third of the scores', which float32 would take, for blocks of about a sixtieth of them."""
    monkeypatch.setattr("lossary.kinds.scores.TRACED", 1 << 14)
    shape = (512, 8) if record.kind == "pairs" else (4096, 60)
    arrays = list(map(jnp.asarray, (label_arguments if record.takes_classes else arguments)(record, shape=shape)))
    done = jax.jit(with_gradients(record)).lower(*arrays).compile().memory_analysis()
    assert done is not None
    scores = 4 * shape[0] * (shape[0] if record.kind == "pairs" else shape[1])
    assert done.temp_size_in_bytes < scores * len(record.scores) / 3


def lengths_of(*shapes: tuple[int, ...], dtype: Any) -> list[int]:
    features, classifier = (jax.ShapeDtypeStruct(shape, dtype) for shape in shapes)
    labels = jax.ShapeDtypeStruct(features.shape[:1], jnp.int32)
    found = traced(jax.value_and_grad(lossary.linear_cross_entropy, (0, 1)), features, classifier, labels)
    return [loop.params["length"] for loop in named("scan", found)]


@pytest.mark.usefixtures("on_a_device")
def test_blocks_on_a_device() -> None:
    """They have 1024 rows where those take at most 256 MiB, at least 512, and the scores the dtype of the arrays."""
    assert lengths_of((4096, 1024), (65536, 1024), dtype=jnp.bfloat16) == [4]
    assert lengths_of((4096, 1024), (1000, 1024), dtype=jnp.bfloat16) == [4]
    assert lengths_of((4096, 8), (1 << 18, 8), dtype=jnp.float32) == [8]


# --- values and derivatives ---------------------------------------------------------------------------------------


@every_loss
@pytest.mark.parametrize(
    ("rows", "reduction"),
    [(2, "mean"), (ROWS, "sum"), (13, "mean")],
    ids=["one block", "whole blocks", "a rest"],
)
def test_the_textbook(record: Record, rows: int, reduction: str) -> None:
    weight = np.linspace(0.5, 2.0, rows)
    options: dict[str, Any] = {"reduction": reduction} | ({} if record.kind == "pairs" else {"weight": weight})
    with jax.enable_x64(True):
        arrays, places = given(record, rows, np.float64), tuple(predictions_of(record))
        plain = textbook(record, **options)
        right = jax.jit(jax.value_and_grad(plain, places))(*arrays)
        loss, options = lossary.get(record.name), options | settings(record)

        @jax.jit  # one program, which takes less long to compile than three
        def every(*x: Any) -> Any:
            return with_gradients(record, **options)(*x), loss.value_and_gradient(*x, **options), loss(*x, **options)

        traced_gradients, both, value = every(*arrays)
        close(traced_gradients, right)
        close(both, right)
        close(value, right[0])


@every_loss
def test_every_derivative(record: Record) -> None:
    """Forward mode, Jacobians, Hessians, an upstream gradient, and gradients under vmap."""
    with jax.enable_x64(True):
        arrays, places = given(record, 6, np.float64), tuple(predictions_of(record))
        moving = [arrays[i] for i in places]
        along = [jnp.cos(jnp.arange(x.size, dtype=float)).reshape(x.shape) for x in moving]
        batch = [jnp.stack([x, 0.5 * x]) for x in moving]

        def every(function: Callable[..., Any]) -> Any:
            def alone(*x: Any) -> Any:
                return function(*[dict(zip(places, x, strict=True)).get(i, a) for i, a in enumerate(arrays)])

            wrt = tuple(range(len(places)))
            value, pull = jax.vjp(alone, *moving)
            return (
                value, pull(0.37), jax.jvp(alone, moving, along), jax.jacfwd(alone, wrt)(*moving),
                jax.hessian(alone)(*moving), jax.jacrev(jax.grad(alone, 1))(*moving),
                jax.vmap(jax.grad(alone, wrt))(*batch),
                jax.jvp(jax.grad(alone, wrt), moving, along), jax.grad(jax.checkpoint(alone))(*moving),
            )  # fmt: skip

        found = jax.jit(lambda: every(loss_of(record, **settings(record))))()
        close(found, jax.jit(lambda: every(textbook(record)))())


def test_all_options() -> None:
    """Rows that do not count may hold anything; a mean's denominator is that of the weights of the labels."""
    rng = np.random.default_rng(0)
    with jax.enable_x64(True):
        x, w, labels, bias = given(lossary.linear_cross_entropy.record, ROWS, np.float64)
        weights, classes = rng.uniform(0.5, 1.5, ROWS), rng.uniform(0.5, 1.5, CLASSES)
        mask, live = np.arange(ROWS) != 4, np.array([i not in (1, 4, 6) for i in range(ROWS)])
        labels, weights[6] = labels.at[1].set(-100), 0.0
        x = x.at[4].set(np.nan).at[6].set(np.inf)
        options = {
            "class_weight": classes, "label_smoothing": 0.1, "z_loss": 0.01, "logit_cap": 3.0,
            "ignore_label": -100, "mask": mask, "weight": weights,
        }  # fmt: skip

        def plain(x: Any, w: Any, bias: Any) -> Any:
            logits = 3.0 * jnp.tanh((x[live] @ w.T + bias) / 3.0)
            own = (0.9 * jnp.eye(CLASSES)[labels[live]] + 0.1 / CLASSES) * classes
            losses = -(own * jax.nn.log_softmax(logits)).sum(-1)
            losses += 0.01 * own.sum(-1) * jax.nn.logsumexp(logits, -1) ** 2
            return (losses * weights[live]).sum() / (own.sum(-1) * weights[live]).sum()

        def ours(x: Any, w: Any, bias: Any) -> Any:
            return lossary.linear_cross_entropy(x, w, labels, bias, **options)

        found, right = (jax.jit(jax.value_and_grad(f, (0, 1, 2)))(x, w, bias) for f in (ours, plain))
        close(found, (right[0], (jnp.where(live[:, None], right[1][0], 0.0), *right[1][1:])))


def test_a_denominator_may_be_traced() -> None:
    """By a number, by an array that is no argument of the derivative, and by one that is."""
    arrays = given(lossary.linear_cross_entropy.record)

    def loss(x: Any, w: Any, by: Any) -> Any:
        return lossary.linear_cross_entropy(x, w, *arrays[2:], denominator=by)

    right = jax.jit(jax.value_and_grad(lambda x, w: loss(x, w, 7.0), (0, 1)))(*arrays[:2])
    close(jax.jit(jax.value_and_grad(loss, (0, 1)))(*arrays[:2], jnp.float32(7.0)), right, 1e-5)
    found = jax.jit(jax.value_and_grad(loss, (0, 1, 2)))(*arrays[:2], jnp.float32(7.0))
    close(found, (right[0], (*right[1], -right[0] / 7.0)), 1e-5)


def test_other_inputs_may_move_with_the_layer() -> None:
    """A temperature and weights, whose derivatives come from the formulas."""
    with jax.enable_x64(True):
        one, other = given(lossary.info_nce.record, 6, np.float64)

        def ours(one: Any, other: Any, temperature: Any) -> Any:
            return lossary.info_nce(one, other, temperature=temperature)

        def plain(one: Any, other: Any, temperature: Any) -> Any:
            one, other = (x / jnp.linalg.norm(x, axis=-1, keepdims=True) for x in (one, other))
            return -jnp.diag(jax.nn.log_softmax(one @ other.T / temperature)).mean()

        found, right = (jax.jit(jax.value_and_grad(f, (0, 1, 2)))(one, other, 0.5) for f in (ours, plain))
        close(found, right)


def test_a_change_of_zero_stays_zero_beside_an_infinite_slope() -> None:
    """Features of 0 make scores of 0, whatever the classifier; the slope in them, 1.5e40, is infinite."""
    features, classifier, labels = jnp.zeros((4, 1)), jnp.array([[3e38], [-3e38]]), jnp.zeros(4, int)

    def loss(features: Any, classifier: Any, upstream: Any = 1.0) -> Any:
        return upstream * lossary.linear_cross_entropy(features, classifier, labels, weight=100.0, reduction="sum")

    at, along = (features, classifier), (jnp.zeros_like(features), jnp.ones_like(classifier))
    value, moved = jax.jit(lambda: jax.jvp(loss, at, along))()
    assert float(value) == pytest.approx(400 * np.log(2.0))
    assert float(moved) == 0.0
    assert jax.jit(jax.grad(loss))(*at).tolist() == [[-np.inf]] * 4
    assert jax.jit(jax.grad(loss))(*at, 0.0).tolist() == [[0.0]] * 4


def test_arrays_that_are_given_away() -> None:
    arrays = given(lossary.linear_cross_entropy.record)
    right = jax.jit(with_gradients(lossary.linear_cross_entropy.record))(*arrays)
    step = jax.jit(with_gradients(lossary.linear_cross_entropy.record), donate_argnums=(0, 1))
    close(step(*map(jnp.copy, arrays)), right, 1e-6)


@every_loss
@pytest.mark.parametrize("dtype", [jnp.bfloat16, jnp.float16], ids=["bfloat16", "float16"])
@pytest.mark.usefixtures("on_a_device")
def test_half_precision_is_multiplied_as_it_is_on_a_device(record: Record, dtype: Any) -> None:
    """The value is within a few roundings of the scores; each gradient is rounded once for each of four blocks."""
    arrays = [x if x.dtype == jnp.int32 else x.astype(dtype) for x in given(record)]
    step = jax.jit(with_gradients(record, **settings(record)))
    if record.kind != "pairs":
        products = named("dot_general", traced(step, *arrays))
        assert {variable.aval.dtype for product in products for variable in product.invars} == {jnp.dtype(dtype)}
    value, found = step(*arrays)
    assert value.dtype == jnp.float32
    with jax.enable_x64(True):
        exact = [jnp.asarray(x, x.dtype if x.dtype == jnp.int32 else float) for x in arrays]
        right, gradients = jax.jit(jax.value_and_grad(textbook(record), tuple(predictions_of(record))))(*exact)
    eps = float(jnp.finfo(dtype).eps)  # type: ignore[no-untyped-call]
    close(value, right, 2 * eps, 2 * eps)
    for a, b in zip(found, gradients, strict=True):
        assert a.dtype == dtype
        close(a, b, 0.0, 4 * eps * float(abs(b).max()))


def test_rows_over_several_devices() -> None:
    """Batches sharded over two devices, by the compiler and by ``shard_map``, in a process of its own."""
    code = """
        import jax, numpy as np, lossary as ls
        from functools import partial
        from jax.sharding import Mesh, NamedSharding, PartitionSpec as P
        from lossary.kinds import scores
        scores.TRACED, scores.FEWEST = 2 * 5 * 4, 1
        mesh = Mesh(np.array(jax.devices()), ("batch",))
        rng = np.random.default_rng(0)
        x, w = rng.normal(size=(16, 3)).astype("f"), rng.normal(size=(5, 3)).astype("f")
        labels = rng.integers(0, 5, 16)
        right, expected = ls.linear_cross_entropy.value_and_gradient(x, w, labels)

        def same(value, found):
            for a, b in zip((value, *found), (right, *expected)):
                np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)

        step = jax.jit(jax.value_and_grad(ls.linear_cross_entropy, (0, 1)))
        rows, everywhere = NamedSharding(mesh, P("batch")), NamedSharding(mesh, P())
        placed = jax.device_put(x, rows), jax.device_put(w, everywhere), jax.device_put(labels, rows)
        compiled = step.lower(*placed).compile()
        assert "all-gather" not in compiled.as_text()
        same(*compiled(*placed))

        @partial(jax.shard_map, mesh=mesh, in_specs=(P("batch"), P(), P("batch")), out_specs=P())
        def part(x, w, labels):
            return jax.lax.psum(ls.linear_cross_entropy(x, w, labels, denominator=16.0), "batch")

        same(*jax.jit(jax.value_and_grad(part, (0, 1)))(x, w, labels))
        jax.jit(jax.hessian(lambda w: part(x, w, labels)))(w)

        @partial(jax.shard_map, mesh=mesh, in_specs=(P("batch"), P(), P("batch")), out_specs=(P(), (P("batch"), P())))
        def inside(x, w, labels):
            w = jax.lax.pcast(w, ("batch",), to="varying")
            call = partial(ls.linear_cross_entropy.value_and_gradient, denominator=16.0)
            value, (of_x, of_w) = call(x, w, labels)
            return jax.lax.psum(value, "batch"), (of_x, jax.lax.psum(of_w, "batch"))

        same(*jax.jit(inside)(x, w, labels))
    """
    pass_on_two_devices(code)
