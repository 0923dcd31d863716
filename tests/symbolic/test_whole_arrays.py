"""Forms of formulas for whole arrays mean what the formulas do, at every kind of row, in fewer passes."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import jax
import numpy as np
import pytest
import torch
from jax import numpy as jnp

import lossary as ls
from arrays import AS_USERS
from fuzz.engines import bodies
from lossary.frameworks import row_blocks, threads, torch_functions
from lossary.frameworks.face import Dimensions
from lossary.kinds.layout import layout_of
from lossary.kinds.program import Options, embed
from lossary.symbolic.codegen import source
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import CLASS, ROW, axis, symbol, walk
from lossary.symbolic.simplify import leaves
from lossary.symbolic.words import clip, greatest, least, total
from lossary.vocabulary import excess, log_softmax, log_sum_exp, other_softmax, pick, softmax, where

INF = float("inf")
AXES = Dimensions(((CLASS, -1),))
CLASSES = axis(CLASS)
LOGITS, LABEL = symbol("logits"), symbol("_label", ROW)
ROWS = {
    "plain": [0.5, -1.0, 2.0],
    "tied": [1.0, 1.0, -3.0],
    "certain": [40.0, 0.0, -1.0],
    "huge": [1.5e38, -1.5e38, 0.0],
    "impossible": [-INF, 0.0, 1.0],
    "infinite": [INF, 0.0, 3e38],
    "two infinite": [INF, INF, 0.0],
    "none left": [-INF, -INF, -INF],
    "nan": [0.0, float("nan"), INF],
}


def textbook(row: list[float]) -> dict[str, np.ndarray]:
    """The words in float64, by sums over the other classes."""
    z = np.array(row, np.float64)
    if np.isnan(z).any() or (z == INF).sum() > 1 or (z == -INF).all():
        p = np.full(3, np.nan)
        return {"softmax": p, "log_softmax": p, "other_softmax": p}
    gaps = np.where(z == z.max(), 0.0, z - z.max())
    powers = np.exp(gaps)
    others = np.array([np.delete(powers, i).sum() for i in range(3)])
    logs = gaps - np.log1p(np.delete(powers, z.argmax()).sum())
    return {"softmax": powers / powers.sum(), "log_softmax": logs, "other_softmax": others / powers.sum()}


def computed(framework: str, node: Any, arrays: list[Any]) -> Any:
    symbols = leaves(node)
    given = dict(zip(("logits", "_label", "_class_index"), arrays, strict=True))
    values = [given[str(s.label)] for s in symbols]
    if framework == "jax":
        from lossary.frameworks import jax as face

        return np.asarray(face.compute((node,), symbols, AXES, [jnp.asarray(v) for v in values])[0])
    from lossary.frameworks import torch as torch_face

    return torch_face.compute((node,), symbols, AXES, [torch.as_tensor(v) for v in values])[0].numpy()


@pytest.mark.parametrize("framework", ["jax", "torch"])
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("word", [softmax, log_softmax, other_softmax], ids=lambda word: word.__name__)
def test_softmax_words(word: Any, row: list[float], framework: str) -> None:
    """For all classes of a row, and for a label's own, whose errors are relative even where the value is tiny."""
    arrays = [np.array([row], np.float32), np.array([[0]]), np.arange(3)[None]]
    right = textbook(row)[word.__name__]
    np.testing.assert_allclose(computed(framework, word(LOGITS), arrays)[0], right, rtol=1e-6, atol=2e-7)
    for label in range(3):
        own = computed(framework, pick(word(LOGITS), LABEL), [arrays[0], np.array([[label]]), arrays[2]])
        np.testing.assert_allclose(own[0, 0], right[label], rtol=3e-5 if abs(right[label]) < 1e-9 else 2e-6, atol=1e-37)


@pytest.mark.parametrize("framework", ["jax", "torch"])
def test_log_sum_exp(framework: str) -> None:
    rows = np.array([[0.5, -1.0, 2.0], [INF, INF, 0.0], [-INF, -INF, -INF], [3e38, 3e38, 0.0]], np.float32)
    found = computed(framework, log_sum_exp(LOGITS), [rows, np.zeros((4, 1), int), np.arange(3)[None]])
    np.testing.assert_allclose(found[:, 0], [np.log(np.exp([0.5, -1.0, 2.0]).sum()), INF, -INF, 3e38], rtol=1e-6)


def test_zero_wins_in_a_weighted_sum() -> None:
    weights, values = torch.tensor([[0.0, 1.0], [0.5, 0.5]]), torch.tensor([[-INF, 2.0], [-INF, 1.0]])
    assert torch_functions.weighted_sum(weights, values, 1).tolist() == [[2.0], [-INF]]


def rewritten(**options: Any) -> list[str]:
    """The calls in PyTorch's code for the value and gradient of the softmax cross-entropy."""
    from lossary.symbolic.derivatives import gradient

    program = embed(ls.softmax_cross_entropy.record, Options(**options))
    outputs = program.loss, *gradient(program.loss, [LOGITS])
    return re.findall(r"\b((?:torch\.)?\w+)\(", source(outputs, leaves(*outputs), "eager").split("\n", 1)[1])


def test_pytorch_makes_few_arrays() -> None:
    """Of all classes: one log_softmax and its powers, written into; the rest has one value a row."""
    labels = rewritten(labels=True)
    assert (labels.count("log_softmax"), labels.count("torch.exp"), labels.count("put_")) == (1, 1, 1)
    assert "put" not in labels
    assert len(labels) <= 8
    soft = rewritten()
    assert sorted(soft) == sorted(["typed_as", "torch.clamp", "log_softmax", "weighted_sum", "pulled_log_softmax"])


def test_an_array_within_its_limits_is_not_written_into() -> None:
    """``clipped`` returns it as it is, and it may be the caller's; it needs bounds that are computed anyway."""
    target = symbol("target")
    value, *bounds = total(clip(target, 0.0, 1.0) * LOGITS), least(target, CLASSES), greatest(target, CLASSES)
    text = source([value, *bounds], [target, LOGITS], "eager")
    assert "clipped(" in text
    assert "multiply_" not in text
    for fewer in ([value], [value, bounds[0]], [value, bounds[1]]):
        assert "clipped(" not in source(fewer, [target, LOGITS], "eager")


def test_the_tangent_of_a_softmax_takes_its_sum() -> None:
    """The other sum is that of the changes."""
    node = softmax(LOGITS) * excess(symbol("change"), LOGITS)
    assert source((node,), leaves(node), "jax").count("jax.numpy.sum(") == 2


@pytest.mark.parametrize("framework", ["jax", "torch"])
def test_a_row_that_does_not_change_may_hold_nan(framework: str) -> None:
    node = excess(where(LABEL < 0.5, LOGITS, 0.0), LOGITS)
    rows = np.array([[0.0, 0.0, 3.0], [0.0, np.nan, INF]])
    found = computed(framework, node, [rows, np.array([[0], [1]]), np.arange(3)[None]])
    p = np.exp(rows[0]) / np.exp(rows[0]).sum()
    np.testing.assert_allclose(found, [p * (rows[0] - 3 * p[2]), [0, 0, 0]], rtol=1e-5)


@pytest.mark.parametrize("make", [torch.tensor, np.array])
@pytest.mark.parametrize("soft", [False, True])
def test_blocks_put_together_are_the_whole(soft: bool, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of 2 of 7 rows, the last one short, of rows that lie along the last axis and along the first."""
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(7, 5)), rng.integers(5, size=7)
    target = rng.dirichlet(np.ones(5), 7) if soft else labels
    weight = rng.random(7)
    right, slope = ls.softmax_cross_entropy.value_and_gradient(logits, target, weight=weight, reduction="none")
    monkeypatch.setattr(row_blocks, "BLOCK", 10)
    with bodies(compiled=False):
        for axis in (1, 0):
            laid_out = [make(a.T if axis == 0 and a.ndim == 2 else a) for a in (logits, target)]
            found, change = ls.softmax_cross_entropy.value_and_gradient(
                *laid_out, weight=make(weight), reduction="none", axis=axis
            )
            np.testing.assert_allclose(found, right, rtol=1e-13)
            np.testing.assert_allclose(np.moveaxis(np.asarray(change), axis, 1), slope, rtol=1e-12, atol=1e-15)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ["list_mle", "multiclass_sparsemax", "categorical_cross_entropy"])
def test_blocks_on_threads(name: str, threads_are: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """They change no bit, also where the operations would warn: NumPy's settings are those of each thread."""
    rng = np.random.default_rng(0)
    predictions, target = rng.dirichlet(np.ones(6), 300), rng.dirichlet(np.ones(6), 300)
    predictions[::7, 2] = 0.0 if name == "categorical_cross_entropy" else np.inf
    given = predictions, rng.integers(6, size=300) if name == "multiclass_sparsemax" else target
    found = []
    for size, number in ((row_blocks.BLOCK, 1), (10, 1), (10, 3)):
        monkeypatch.setattr(row_blocks, "BLOCK", size)
        threads_are(number)
        with bodies(compiled=name != "categorical_cross_entropy"):
            found.append(ls.get(name).value_and_gradient(*given, reduction="none"))
    for whole, *others in zip(*found, strict=True):
        for one in others:
            np.testing.assert_array_equal(one, whole)


def test_blocks_at_once_are_few(threads_are: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many processors there are: each block has memory of its own."""
    asked, each = [], threads.each

    def counted(worker: Any, items: Any, number: int) -> None:
        asked.append(number)
        each(worker, items, 1)

    monkeypatch.setattr(row_blocks, "BLOCK", 10)
    monkeypatch.setattr(threads, "each", counted)
    threads_are(100)
    ls.list_mle.value_and_gradient(*np.random.default_rng(0).normal(size=(2, 300, 6)), reduction="none")
    assert row_blocks.AT_ONCE in asked
    assert max(asked) <= row_blocks.AT_ONCE


def test_what_fails_on_a_thread_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def body(a: np.ndarray[Any, Any], *, axes: Any) -> tuple[Any, ...]:
        if a[0, 0] > 5.0:
            raise MemoryError("no room")
        return (2.0 * a,)

    monkeypatch.setattr(row_blocks, "BLOCK", 10)
    rows = symbol("a", ROW | {CLASS})
    for last in (5.0, 100.0):
        given = np.linspace(0.0, last, 100).reshape(50, 2)
        compute = partial(row_blocks.compute, body, (rows,), Dimensions(()), [given], np.empty, number=3)
        if last > 5.0:
            with pytest.raises(MemoryError, match="no room"):
                compute()
        else:
            np.testing.assert_array_equal(compute()[0], 2.0 * given)


def test_what_is_only_written_makes_blocks_no_smaller() -> None:
    """The textbook form of the sparsemax loss has a value for each pair of classes; none is computed."""
    record = ls.multiclass_sparsemax.record
    axes = layout_of(record).dimensions
    shape = tuple(64 if name == "item" else 50 for name, _ in axes.pairs)
    assert row_blocks._largest((record.graph,), axes, shape) == 64 * 50


@pytest.mark.parametrize(
    ("name", "makes"),
    [
        ("list_mle", True), ("multiclass_sparsemax", True), ("ranknet", True), ("ctc", True),
        ("list_net", False), ("crammer_singer", False), ("cosine_embedding", False), ("softmax_cross_entropy", False),
    ],
)  # fmt: skip
def test_which_formulas_make_arrays_beside_loops(name: str, makes: bool) -> None:
    """Those of orders, pairs, running sums and recurrences: others go through loops as a whole."""
    assert row_blocks.makes_arrays((ls.get(name).record.graph,)) == makes


def test_a_word_along_the_only_axis_of_an_array_makes_none_of_the_size_of_items() -> None:
    """That thresholds rise is found by moving them, of which there are few."""
    valid = embed(ls.cumulative_link.record, Options()).valid
    assert any(node.word == "displaced" for node in walk(lower(valid)))
    assert not row_blocks.makes_arrays((valid,))


def test_no_input_is_written_over() -> None:
    prediction, target = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([3.0, 5.0])
    loss = ls.pointwise(lambda prediction, target: prediction * target)
    with bodies(compiled=False):
        loss(prediction, target).backward()
    assert (target.tolist(), prediction.grad.tolist()) == ([3.0, 5.0], [1.5, 2.5])  # type: ignore[union-attr]


def test_a_program_of_xla_makes_three_loops_over_the_classes() -> None:
    """The powers, of which the sum is taken, and the gradient; a maximum and a sum are functions of XLA's own."""
    logits, labels = np.zeros((64, 50), np.float32), np.zeros(64, int)
    function = jax.jit(jax.value_and_grad(ls.softmax_cross_entropy), compiler_options=AS_USERS)
    program = function.lower(logits, labels).compile().as_text()
    main = str(program)[str(program).index("ENTRY") :]
    assert len(re.findall(r"f32\[64,50\]\S* fusion\(", main)) <= 4  # each of the two is written into once more


@pytest.mark.parametrize("certain", [1e3, 1e20])
def test_a_certain_label_over_a_temperature(certain: float) -> None:
    """log p is 0, and its slopes are, although XLA multiplies rows by a rounded reciprocal of the temperature."""
    temperature = jnp.linspace(0.3, 3.0, 64)
    labels, features, classifier = jnp.ones(64, int), jnp.ones((64, 1)), jnp.zeros((2, 1))

    def loss(temperature: Any, bias: Any) -> Any:
        options = {"bias": bias, "temperature": temperature, "reduction": "none"}
        return ls.linear_log_probability(features, classifier, labels, **options)

    def slope(temperature: Any, bias: Any) -> Any:
        return jax.grad(lambda t: loss(t, bias).sum())(temperature)

    bias = jnp.asarray([0.0, certain])
    for function in (loss, slope, jax.grad(lambda t, bias: slope(t, bias) @ (1.0 + temperature))):
        program = jax.jit(function, compiler_options=AS_USERS)
        np.testing.assert_array_equal(program(temperature, bias), 0.0)


def test_a_quotient_that_is_divided_again() -> None:
    """XLA computes x / s / s as x / (s s), which is 0 here, and NaN of an infinite x."""
    x, s = symbol("x"), symbol("s")
    node = x / s / s

    def compute(*arrays: Any) -> Any:
        from lossary.frameworks import jax as face

        given = dict(zip("xs", arrays, strict=True))
        symbols = leaves(node)
        return face.compute((node,), symbols, AXES, [given[str(each.label)] for each in symbols])[0]

    numbers = jnp.asarray([1e30, INF], jnp.float32), jnp.full(2, 1e20, jnp.float32)
    np.testing.assert_allclose(jax.jit(compute, compiler_options=AS_USERS)(*numbers), [1e-10, INF], rtol=1e-6)
