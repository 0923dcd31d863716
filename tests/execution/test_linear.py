"""Losses of logits that a linear layer makes: in many blocks, beside PyTorch's own layer and losses."""

from __future__ import annotations

import tracemalloc
from functools import cache, partial
from typing import Any

import jax
import numpy as np
import pytest
import torch
from jax import numpy as jnp
from torch.nn import functional

import lossary
from lossary.errors import LabelError, ShapeError
from lossary.kinds import product

ls: Any = lossary  # whose losses are also called wrongly here
ROWS, WIDTH, CLASSES = 23, 6, 11
pytestmark = pytest.mark.usefixtures("portable")
rng = np.random.default_rng(0)
FEATURES, CLASSIFIER, BIAS = rng.normal(size=(ROWS, WIDTH)), rng.normal(size=(CLASSES, WIDTH)), rng.normal(size=CLASSES)
LABELS = rng.integers(0, CLASSES, ROWS)
TEACHER, TEACHERS = rng.normal(size=(ROWS, 4)), rng.normal(size=(CLASSES, 4))
UPSTREAM = rng.uniform(0.5, 1.5, ROWS)


@pytest.fixture(params=[1, 3, 100], ids=["one block", "few blocks", "a block for each row"], autouse=True)
def blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of as many rows as there are, of some, and of one; classifiers that are cast in pieces."""
    room = {1: 1 << 30, 3: 8 * CLASSES * 10, 100: 1}[request.param]
    monkeypatch.setattr("lossary.kinds.scores.BLOCK", room)
    monkeypatch.setattr("lossary.kinds.scores.FEWEST", 1)
    monkeypatch.setattr("lossary.kinds.scores.TRACED", room)
    monkeypatch.setattr(product, "CAST", 4 * WIDTH)
    monkeypatch.setattr("lossary.frameworks.numpy.PRODUCT", 4 * WIDTH)


def leaves(*arrays: Any) -> list[torch.Tensor]:
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def by_torch(features: Any, classifier: Any, bias: Any) -> torch.Tensor:
    """The losses of the rows, by PyTorch's layer and cross-entropy."""
    logits = 3.0 * torch.tanh(functional.linear(features, classifier, bias) / 3.0)
    losses = functional.cross_entropy(logits, torch.tensor(LABELS), label_smoothing=0.1, reduction="none")
    return losses + 0.01 * logits.logsumexp(-1).square()


OPTIONS: dict[str, Any] = {"label_smoothing": 0.1, "z_loss": 0.01, "logit_cap": 3.0}


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_cross_entropy_is_torchs(reduction: str) -> None:
    """Value, gradients for an upstream gradient that is not 1, and the gradients' own."""
    found, right = leaves(FEATURES, CLASSIFIER, BIAS), leaves(FEATURES, CLASSIFIER, BIAS)
    value = ls.linear_cross_entropy(found[0], found[1], torch.tensor(LABELS), found[2], reduction=reduction, **OPTIONS)
    losses = by_torch(*right)
    expected = {"mean": losses.mean(), "sum": losses.sum(), "none": losses}[reduction]
    torch.testing.assert_close(value, expected)
    change = torch.tensor(UPSTREAM) if reduction == "none" else torch.tensor(0.37, dtype=torch.float64)
    first = [torch.autograd.grad(v, x, change, retain_graph=True) for v, x in ((value, found), (expected, right))]
    again = [torch.autograd.grad(v, x, change, create_graph=True) for v, x in ((value, found), (expected, right))]
    second = [
        torch.autograd.grad(sum((g.square().sum() for g in gradients), torch.tensor(0.0)), x)
        for gradients, x in zip(again, (found, right), strict=True)
    ]
    for ours, theirs in (first, again, second):
        for a, b in zip(ours, theirs, strict=True):
            torch.testing.assert_close(a, b)


@pytest.mark.parametrize("make", [np.asarray, torch.tensor, jnp.asarray], ids=["numpy", "torch", "jax"])
def test_the_others_are_torchs(make: Any) -> None:
    logits, teacher = torch.tensor(FEATURES @ CLASSIFIER.T + BIAS), torch.tensor(TEACHER @ TEACHERS.T)
    log_p, log_q = ((scores / 2.0).log_softmax(-1) for scores in (logits, teacher))
    layer = [make(array) for array in (FEATURES, CLASSIFIER)]
    tempered: dict[str, Any] = {"bias": make(BIAS), "temperature": 2.0, "reduction": "none"}
    close: dict[str, Any] = {"rtol": 1e-5 if make is jnp.asarray else 1e-12, "atol": 1e-6}
    found = ls.linear_log_probability(*layer, make(LABELS), **tempered)
    np.testing.assert_allclose(found, log_p[range(ROWS), LABELS], **close)
    np.testing.assert_allclose(ls.linear_entropy(*layer, **tempered), -(log_p.exp() * log_p).sum(-1), **close)
    found = ls.linear_kl_divergence(*layer, make(TEACHER), make(TEACHERS), **tempered)
    np.testing.assert_allclose(
        found, functional.kl_div(log_p, log_q, reduction="none", log_target=True).sum(-1), **close
    )


def test_a_teacher_may_learn_too() -> None:
    found, right = leaves(FEATURES, CLASSIFIER, TEACHER, TEACHERS), leaves(FEATURES, CLASSIFIER, TEACHER, TEACHERS)
    ls.linear_kl_divergence(*found).backward()
    student, teacher = (a @ b.T for a, b in (right[:2], right[2:]))
    functional.kl_div(
        student.log_softmax(-1), teacher.log_softmax(-1), log_target=True, reduction="batchmean"
    ).backward()
    for a, b in zip(found, right, strict=True):
        torch.testing.assert_close(a.grad, b.grad)


@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_jax(reduction: str) -> None:
    """Reverse over blocks, forward, and forward over reverse."""

    def ours(x: Any, w: Any) -> Any:
        return ls.linear_cross_entropy(x, w, LABELS, BIAS, reduction=reduction, **OPTIONS)

    found, right = every_derivative(ours, reduction), plain_derivatives(reduction)
    for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(right), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-10)


def every_derivative(losses: Any, reduction: str) -> Any:
    def upstream(x: Any, w: Any) -> Any:
        return (losses(x, w) * (UPSTREAM if reduction == "none" else 0.37)).sum()

    @jax.jit
    def every(*at: Any) -> Any:
        slopes, along = jax.grad(upstream, (0, 1)), (jnp.ones_like(FEATURES), jnp.ones_like(CLASSIFIER))
        return jax.value_and_grad(upstream, (0, 1))(*at), jax.jvp(upstream, at, along), jax.jvp(slopes, at, along)

    with jax.enable_x64(True):
        return every(jnp.asarray(FEATURES), jnp.asarray(CLASSIFIER))


@cache  # whatever the blocks are
def plain_derivatives(reduction: str) -> Any:
    def plain(x: Any, w: Any) -> Any:
        logits = 3.0 * jnp.tanh((x @ w.T + BIAS) / 3.0)
        target = 0.9 * jnp.eye(CLASSES)[LABELS] + 0.1 / CLASSES
        losses = -(target * jax.nn.log_softmax(logits)).sum(-1) + 0.01 * jax.nn.logsumexp(logits, -1) ** 2
        return losses.mean() if reduction == "mean" else losses

    return every_derivative(plain, reduction)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_half_precision_is_computed_in_float32(dtype: torch.dtype) -> None:
    half = [torch.tensor(array).to(dtype) for array in (FEATURES, CLASSIFIER, BIAS)]
    found = [x.clone().requires_grad_() for x in half]
    value = ls.linear_cross_entropy(found[0], found[1], torch.tensor(LABELS), found[2])
    value.backward()
    single = [x.float().requires_grad_() for x in half]
    right = functional.cross_entropy(functional.linear(*single), torch.tensor(LABELS))
    right.backward()
    torch.testing.assert_close(value, right)
    for a, b in zip(found, single, strict=True):
        assert a.grad is not None
        assert b.grad is not None
        torch.testing.assert_close(a.grad, b.grad.to(dtype), rtol=2 * torch.finfo(dtype).eps, atol=1e-7)


@pytest.mark.parametrize("trained", [(0,), (1,), (2,), (0, 1), (1, 2)], ids=str)
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_what_is_frozen_costs_nothing(
    trained: tuple[int, ...], reduction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No product is computed for it."""
    made = set()

    def note(a: Any, b: Any) -> None:
        if b.shape[1] == WIDTH:  # else it makes scores
            made.add("right" if a.shape[0] == len(CLASSIFIER) else "left")

    def add_product(total: Any, a: Any, b: Any) -> Any:
        note(a, b)
        return total.addmm_(a, b)

    def matmul(a: Any, b: Any, out: Any = None) -> Any:
        note(a, b)
        return torch.matmul(a, b) if out is None else torch.mm(a, b, out=out)

    monkeypatch.setattr("lossary.frameworks.torch.add_product", add_product)
    monkeypatch.setattr("lossary.frameworks.torch.matmul", matmul)
    arrays = leaves(FEATURES, CLASSIFIER, BIAS)
    for i, array in enumerate(arrays):
        array.requires_grad_(i in trained)
    loss = ls.linear_cross_entropy(arrays[0], arrays[1], torch.tensor(LABELS), arrays[2], reduction=reduction)
    loss.sum().backward()
    assert made == {side for i, side in enumerate(("left", "right")) if i in trained}
    assert [array.grad is not None for array in arrays] == [i in trained for i in range(3)]


def test_rows_that_do_not_count_may_hold_anything() -> None:
    """And touch neither the classifier's gradient nor the value."""
    features, labels = FEATURES.copy(), LABELS.copy()
    features[1], features[5], labels[7] = np.nan, np.inf, -100
    features[7] = np.nan
    weight = np.ones(ROWS)
    weight[1] = 0.0
    mask = np.arange(ROWS) != 5
    kept = [i for i in range(ROWS) if i not in (1, 5, 7)]
    option: dict[str, Any] = {"ignore_label": -100, "weight": weight, "mask": mask}
    value, found = ls.linear_cross_entropy.value_and_gradient(features, CLASSIFIER, labels, BIAS, **option)
    right, gradients = ls.linear_cross_entropy.value_and_gradient(FEATURES[kept], CLASSIFIER, LABELS[kept], BIAS)
    np.testing.assert_allclose(value, right, rtol=1e-13)
    np.testing.assert_allclose(found[0][kept], gradients[0], rtol=1e-12, atol=1e-15)
    assert not found[0][[1, 5, 7]].any()
    for a, b in zip(found[1:], gradients[1:], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("make", [np.asarray, torch.tensor, jnp.asarray], ids=["numpy", "torch", "jax"])
def test_a_mean_divides_by_what_labels_weigh(make: Any) -> None:
    """Which no logits are computed for: smoothed labels and class weights, by hand."""
    weights = np.linspace(0.5, 2.0, CLASSES)
    smooth = 0.75 * np.eye(CLASSES)[LABELS] + 0.25 / CLASSES
    log_p = torch.tensor(FEATURES @ CLASSIFIER.T).log_softmax(-1).numpy()
    found = ls.linear_cross_entropy(
        *map(make, (FEATURES, CLASSIFIER, LABELS)), class_weight=make(weights), label_smoothing=0.25
    )
    np.testing.assert_allclose(found, -(smooth * weights * log_p).sum() / (smooth * weights).sum(), rtol=1e-5)


def test_features_of_any_shape_and_buffers() -> None:
    """One vector, a batch of sequences; the gradients are written where they are wanted."""
    whole = ls.linear_cross_entropy(FEATURES[:6], CLASSIFIER, LABELS[:6], reduction="none")
    shaped = ls.linear_cross_entropy(
        FEATURES[:6].reshape(2, 3, WIDTH), CLASSIFIER, LABELS[:6].reshape(2, 3), reduction="none"
    )
    np.testing.assert_array_equal(shaped, whole.reshape(2, 3))
    assert ls.linear_cross_entropy(FEATURES[0], CLASSIFIER, LABELS[0]) == pytest.approx(whole[0], rel=1e-14)
    out = np.full_like(FEATURES, np.nan), np.full_like(CLASSIFIER, np.nan)
    _, found = ls.linear_cross_entropy.value_and_gradient(FEATURES, CLASSIFIER, LABELS, out=out)
    assert found[0] is out[0]
    assert found[1] is out[1]
    np.testing.assert_array_equal(
        found[0], ls.linear_cross_entropy.value_and_gradient(FEATURES, CLASSIFIER, LABELS)[1][0]
    )


def test_memory() -> None:
    """Of 2000 rows and 3000 classes the logits are 48 MB; a block, here of 1 MB, and the gradients are held."""
    tracemalloc.start()
    x, w, labels = np.ones((2000, 4)), np.ones((3000, 4)), np.zeros(2000, int)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lossary.kinds.scores.BLOCK", 1 << 20)
        patch.setattr("lossary.kinds.scores.FEWEST", 1)
        ls.linear_cross_entropy.value_and_gradient(x, w, labels)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24e6  # the portable body has some temporaries of a block's size


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ls.linear_cross_entropy(FEATURES, CLASSIFIER.T, LABELS), r"Use classifier\.T\."),
        (lambda: ls.linear_cross_entropy(FEATURES, CLASSIFIER[:, :3], LABELS), "their last axes must be the same"),
        (lambda: ls.linear_cross_entropy(FEATURES, CLASSIFIER[:0], LABELS), "there are no classes"),
        (lambda: ls.linear_entropy(FEATURES, CLASSIFIER[:0]), r"logits has shape \(23, 0\): there are no classes"),
        (lambda: ls.linear_cross_entropy(FEATURES, CLASSIFIER, LABELS, BIAS[:2]), "one number for each of 11 classes"),
        (lambda: ls.linear_cross_entropy(FEATURES, CLASSIFIER[0], LABELS), r"\(\.\.\., width\) and \(classes, width\)"),
        (lambda: ls.linear_cross_entropy(FEATURES, CLASSIFIER, LABELS[:5]), r"logits has shape \(23, 11\)"),
        (
            lambda: ls.linear_kl_divergence(FEATURES, CLASSIFIER, TEACHER[:5], TEACHERS),
            r"logits of shape \(23, 11\), .* of shape \(5, 11\); they must have the same rows and classes",
        ),
    ],
)
def test_shapes_that_do_not_fit(call: Any, says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        call()


def test_a_wrong_label_is_told_by_its_place_in_the_batch() -> None:
    labels = LABELS.copy()
    labels[[17, 20]] = CLASSES
    with pytest.raises(
        LabelError, match=r"target\[17\] is 11; the labels of 11 classes are 0 to 10.* \(2 of 23 are wrong"
    ):
        ls.linear_cross_entropy(FEATURES, CLASSIFIER, labels)


# --- classes that cannot be ----------------------------------------------------------------------------------------

POINT = np.array([[1.0]])  # one row of one feature, so that a classifier is the logits


def by_frameworks(function: Any, *arrays: Any) -> list[tuple[float, list[Any]]]:
    """A loss and its gradients in all arrays: PyTorch eager, compiled and in forward mode, and JAX."""
    found = []
    for wrapped in (function, torch.compile(function, backend="aot_eager")):
        given = leaves(*arrays)
        value = wrapped(*given)
        found.append((value.item(), [g.numpy() for g in torch.autograd.grad(value, given)]))
    forward = torch.func.jacfwd(function, argnums=tuple(range(len(arrays))))(*map(torch.tensor, arrays))
    found.append((found[0][0], [g.numpy() for g in forward]))
    with jax.enable_x64(True):
        value, gradients = jax.jit(jax.value_and_grad(function, tuple(range(len(arrays)))))(*arrays)
        found.append((float(value), list(gradients)))
    return found


def beside(array: Any, like: Any) -> Any:
    return torch.tensor(array) if isinstance(like, torch.Tensor) else jnp.asarray(array)


@pytest.mark.parametrize(
    ("classifier", "bias", "value", "slope"),
    [([0.0, 1.0, 0.0], [0.0, 0.0, -np.inf], 0.582203, 0.196612), ([1.0, -1e300], [0.0, -1e308], 0.0, 0.0)],
)
def test_the_entropy_beside_an_impossible_class(classifier: Any, bias: Any, value: float, slope: float) -> None:
    """p (log p + H) has the limit 0 at p = 0."""

    def loss(features: Any, classifier: Any) -> Any:
        return ls.linear_entropy(features, classifier, bias=beside(np.array(bias), features))

    arrays = POINT, np.array(classifier)[:, None]
    by_classifier = [slope, -slope, 0.0][: len(classifier)]
    closed = ls.linear_entropy.value_and_gradient(*arrays, bias=np.array(bias))
    for found, (in_features, in_classifier) in ((closed[0], closed[1][:2]), *by_frameworks(loss, *arrays)):
        assert found == pytest.approx(value, abs=1e-6)
        np.testing.assert_allclose(in_features, [[-slope]], atol=1e-6)
        np.testing.assert_allclose(np.ravel(in_classifier), by_classifier, atol=1e-6)


@pytest.mark.parametrize(
    ("student", "teacher", "first", "second"),
    [
        ([0.0, 1.0, -np.inf], [1.0, 0.0, -np.inf], [-0.462117, 0.462117, 0.0], [0.393224, -0.393224, 0.0]),
        ([0.0, 1.0, 0.0], [1.0, 0.0, -np.inf], [-0.519117, 0.307176, 0.211941], [0.393224, -0.393224, 0.0]),
        ([0.0, 1.0, -np.inf], [1.0, 0.0, 0.0], [-0.307176, 0.519117, -0.211941], [-np.inf, -np.inf, np.inf]),
    ],
)
def test_a_divergence_between_layers_that_both_learn(student: Any, teacher: Any, first: Any, second: Any) -> None:
    """In the student's classifier p − q; in the teacher's q (log q − log p − KL), which is 0 where q is.

    Where only p is 0, the first logarithm exceeds its part of KL.
    """
    biases = [np.where(np.isinf(logits), logits, 0.0) for logits in map(np.array, (student, teacher))]

    def loss(classifier: Any, target_classifier: Any) -> Any:
        one, bias, target_bias = (beside(array, classifier) for array in (POINT, *biases))
        return ls.linear_kl_divergence(one, classifier, one, target_classifier, bias=bias, target_bias=target_bias)

    finite = [np.where(np.isinf(logits), 0.0, logits)[:, None] for logits in map(np.array, (student, teacher))]
    for _, (by_student, by_teacher) in by_frameworks(loss, *finite):
        np.testing.assert_allclose(np.ravel(by_student), first, atol=1e-6)
        np.testing.assert_allclose(np.ravel(by_teacher), second, atol=1e-6)


def test_parts_of_a_gradient_are_summed_before_they_are_rounded() -> None:
    """Logits (0, 300): the mean is 300² whatever the target, by two parts of 180,000 each, too large for float16."""
    layer, target, bias, weights = ([[1.0]], [[0.0], [0.0]]), [[0.5, 0.5]], [0.0, 300.0], [0.0, 1.0]

    def loss(target: Any, make: Any) -> Any:
        given = {"bias": make(bias), "class_weight": make(weights), "z_loss": 1.0}
        return ls.linear_cross_entropy(*map(make, layer), target, **given)

    in_jax: Any = partial(jnp.asarray, dtype=jnp.float16)
    assert jax.grad(loss)(in_jax(target), in_jax).tolist() == [[0.0, 0.0]]
    in_torch: Any = partial(torch.tensor, dtype=torch.float16)
    probabilities = in_torch(target, requires_grad=True)
    loss(probabilities, in_torch).backward()
    assert probabilities.grad.tolist() == [[0.0, 0.0]]
