"""What users of loss functions suffer from elsewhere: none of it here.

Each test names the pain. Where a number is given for a peer, it was measured there.
"""

from __future__ import annotations

import math
import tracemalloc
from functools import partial
from typing import Any

import jax
import numpy as np
import pytest
import torch
from jax import numpy as jnp

import lossary
from arrays import AS_USERS
from lossary.catalogue.record import Record
from lossary.errors import DomainError, LabelError, ShapeError
from representatives import REPRESENTATIVES
from samples import BY_SHAPE, arguments

ls: Any = lossary  # whose losses are also called wrongly here
ALL = BY_SHAPE
INF = math.inf
pytestmark = pytest.mark.usefixtures("portable")  # the compiled kernels: test_kernels.py
rng = np.random.default_rng(0)


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


# --- 1 memory ------------------------------------------------------------------------------------------------------


def test_memory_of_many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The similarities of 3000 pairs would be 72 MB: only blocks are held (here of 0.5 MB), with gradients, too."""
    monkeypatch.setattr("lossary.kinds.scores.BLOCK", 1 << 19)
    monkeypatch.setattr("lossary.kinds.scores.FEWEST", 1)
    vectors = rng.normal(size=(3000, 8))
    tracemalloc.start()
    ls.info_nce.value_and_gradient(vectors, vectors + 0.1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6


# --- 2 what a mean divides by --------------------------------------------------------------------------------------


def test_a_mean_divides_by_what_it_says() -> None:
    """Pain 2: errors [1, 3], weights [1, 3]. Others give 7, 14 or 3.5 from loss to loss."""
    call = {"weight": [1.0, 3.0]}
    assert ls.squared_error([1.0, 3.0], [0.0, 0.0], **call) == 7.0
    assert ls.squared_error([1.0, 3.0], [0.0, 0.0], **call, denominator="count") == 14.0
    assert ls.squared_error([1.0, 3.0], [0.0, 0.0], **call, denominator=7) == 4.0
    assert ls.huber([1.0, 3.0], [0.0, 0.0], **call, delta=10.0) == 3.5
    assert ls.absolute_error([1.0, 3.0], [0.0, 0.0], **call) == 2.5


def test_weights_are_broadcast_before_they_are_summed() -> None:
    """Keras: 3.0 instead of 1.0."""
    assert ls.absolute_error(np.ones((2, 3)), np.zeros((2, 3)), weight=np.ones((2, 1))) == 1.0
    total = ls.absolute_error.total(np.ones((2, 3)), np.zeros((2, 3)), weight=np.ones((2, 1)))
    assert (total.sum, total.weight, total.count) == (6.0, 6.0, 6)
    assert ls.absolute_error(np.ones((2, 3)), np.zeros((2, 3)), weight=0.5) == 1.0


def test_class_weights_mean_the_same_for_labels_and_one_hot() -> None:
    """Pain 2: PyTorch gives 1.486 with labels and 3.715 with the same one-hot targets."""
    logits, labels = rng.normal(size=(6, 5)), np.array([0, 1, 2, 3, 4, 4])
    weights = np.arange(1.0, 6.0)
    by_hand = sum(-weights[y] * log_softmax(z)[y] for z, y in zip(logits, labels, strict=True)) / weights[labels].sum()
    assert ls.softmax_cross_entropy(logits, labels, class_weight=weights) == pytest.approx(by_hand, rel=1e-13)
    assert ls.softmax_cross_entropy(logits, np.eye(5)[labels], class_weight=weights) == pytest.approx(
        by_hand, rel=1e-13
    )
    peers = torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(labels), torch.tensor(weights))
    assert float(peers) == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize(
    "record", [each for each in ls.losses() if each.takes_classes and not each.scores], ids=lambda record: record.name
)
def test_the_weight_of_the_right_class_multiplies_its_row(record: Any) -> None:
    """A class that is not the row's does not: a mean is within the range of the rows' losses, whatever the weights."""
    loss, labels, weights = ls.get(record.name), np.array([0, 0, 0, 1]), np.array([0.01, 1.0])
    given = np.array([[0.25, 0.75]] * 3 + [[0.5, 0.5]])
    given = np.log(given) if record.arguments[0].takes_log_probabilities else given
    rows = loss(given, labels, reduction="none")
    np.testing.assert_allclose(
        loss(given, labels, class_weight=weights, reduction="none"), weights[labels] * rows, rtol=1e-14
    )
    soft = np.array([[0.3, 0.7]] * 4)  # an equal weight of all classes is a factor, whatever the target
    both = loss(given, soft, class_weight=[2.0, 2.0], reduction="none"), loss(given, soft, reduction="none")
    np.testing.assert_allclose(both[0], 2 * both[1], rtol=1e-14)


@pytest.mark.parametrize("target", ["labels", "one-hot", "smoothed"])
def test_class_weights_weigh_the_normalizer_too(target: str) -> None:
    """Equal class weights change no mean, with z_loss either, and Σ unreduced / Σ weight is the mean of any."""
    logits, labels = np.random.default_rng(0).normal(size=(5, 4)), np.array([0, 1, 2, 3, 1])
    given = np.eye(4)[labels] if target == "one-hot" else labels
    options = {"z_loss": 1.0, "label_smoothing": 0.2 if target == "smoothed" else 0.0}
    weights = np.array([0.0, 1.0, 2.0, 4.0])
    soft = np.eye(4)[labels] * (1 - options["label_smoothing"]) + options["label_smoothing"] / 4
    log_p = np.array([log_softmax(z) for z in logits])
    normalizer = np.log(np.exp(logits).sum(1))
    rows = -(weights * soft * log_p).sum(1) + (weights * soft).sum(1) * normalizer**2
    calls = {"softmax": (ls.softmax_cross_entropy, (logits, given)),
             "linear": (ls.linear_cross_entropy, (logits, np.eye(4), given))}  # fmt: skip
    for loss, arrays in calls.values():
        if target != "smoothed":
            assert loss(*arrays, **options) == pytest.approx(3.81673, abs=5e-6)
        assert loss(*arrays, class_weight=[2.0] * 4, **options) == pytest.approx(loss(*arrays, **options), rel=1e-14)
        unreduced = loss(*arrays, class_weight=weights, reduction="none", **options)
        np.testing.assert_allclose(unreduced, rows, rtol=1e-13)
        total = loss.total(*arrays, class_weight=weights, **options)
        assert total.weight == pytest.approx((weights * soft).sum(), rel=1e-14)
        assert loss(*arrays, class_weight=weights, **options) == pytest.approx(rows.sum() / total.weight, rel=1e-13)


def log_softmax(row: Any) -> Any:
    return row - row.max() - np.log(np.exp(row - row.max()).sum())


# --- 3 gradient accumulation ---------------------------------------------------------------------------------------


def test_micro_batches_of_one_and_six_tokens() -> None:
    """Pain 3: the mean of two means is off by 96 % in the gradient; dividing by the whole batch's count is not."""
    logits, labels = torch.randn(2, 6, 5, dtype=torch.float64), torch.full((2, 6), -100)
    labels[0, 0], labels[1] = 2, torch.tensor([0, 1, 2, 3, 4, 0])
    whole = logits.clone().requires_grad_()
    ls.softmax_cross_entropy(whole, labels, ignore_label=-100).backward()
    parts = logits.clone().requires_grad_()
    for part, label in zip(parts, labels, strict=True):
        ls.softmax_cross_entropy(part, label, ignore_label=-100, denominator=int((labels != -100).sum())).backward()
    torch.testing.assert_close(parts.grad, whole.grad, rtol=1e-13, atol=1e-15)


def test_two_ranks_of_data_parallel_are_one() -> None:
    """Pain 3: each rank divides by the global weight over the number of ranks, and gradients are averaged."""
    x, y, w = rng.normal(size=8), rng.normal(size=8), rng.random(8)
    whole = ls.huber.value_and_gradient(x, y, weight=w)[1]
    ranks = [slice(0, 3), slice(3, 8)]
    parts = [ls.huber.value_and_gradient(x[r], y[r], weight=w[r], denominator=w.sum() / 2)[1] for r in ranks]
    np.testing.assert_allclose(np.concatenate(parts) / 2, whole, rtol=1e-13)


# --- 4 logits and probabilities ------------------------------------------------------------------------------------


def test_logits_passed_as_probabilities_raise() -> None:
    """Pain 4: Keras returns 0.223 and the like without an error."""
    logits = np.array([[2.0, -1.0, 0.5], [0.1, 0.2, 3.0]])
    for loss in (ls.categorical_cross_entropy, ls.kl_divergence):
        with pytest.raises(DomainError, match="logits"):
            loss(logits, np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]))
    with pytest.raises(DomainError, match="logits"):
        ls.binary_cross_entropy([2.0, -1.0], [1.0, 0.0])
    with pytest.raises(DomainError, match="logits"):
        ls.dice([2.0, -1.0], [1.0, 0.0])


# --- 6 empty batches -----------------------------------------------------------------------------------------------


def test_an_empty_batch_is_zero_with_a_graph() -> None:
    """Pain 6: NaN in PyTorch; a zero without a graph in torchtune, whose backward fails; invisible in the total."""
    logits = torch.zeros(3, 4, requires_grad=True)
    loss = ls.softmax_cross_entropy(logits, torch.full((3,), -100), ignore_label=-100)
    loss.backward()
    assert loss.item() == 0.0
    assert logits.grad is not None
    assert not logits.grad.any()
    total = ls.softmax_cross_entropy.total(logits, torch.full((3,), -100), ignore_label=-100)
    assert (float(total.weight), float(total.count)) == (0.0, 0.0)


# --- 7 NaN at the edges --------------------------------------------------------------------------------------------

OF_TWO = [[-0.2689414213699951, 0.0, 0.2689414213699951]]
EDGES = [
    ("sigmoid_cross_entropy", ([-INF], [0.0]), 0.0, [0.0]),
    ("sigmoid_cross_entropy", ([INF], [1.0]), 0.0, [0.0]),
    ("sigmoid_cross_entropy", ([INF], [0.0]), INF, [1.0]),
    ("sigmoid_cross_entropy", ([-1e30], [1.0]), 1e30, [-1.0]),
    ("binary_cross_entropy", ([0.0], [0.0]), 0.0, [1.0]),
    ("binary_cross_entropy", ([1.0], [0.0]), INF, [INF]),
    ("binary_cross_entropy", ([1e-8], [1.0]), 18.420680743952367, [-1e8]),
    ("categorical_cross_entropy", ([[1.0, 0.0]], [0]), 0.0, [[-1.0, 0.0]]),
    ("categorical_cross_entropy", ([[1.0, 0.0]], [[1.0, 0.0]]), 0.0, [[-1.0, 0.0]]),
    ("softmax_cross_entropy", ([[1.0, -INF]], [[1.0, 0.0]]), 0.0, [[0.0, 0.0]]),
    ("softmax_cross_entropy", ([[1.0, -INF, 0.0]], [0]), 0.3132616875182228, OF_TWO),
    ("softmax_cross_entropy", ([[1.0, -INF, 0.0]], [[1.0, 0.0, 0.0]]), 0.3132616875182228, OF_TWO),
    ("softmax_cross_entropy", ([[1.0, -INF]], [1]), INF, [[1.0, -1.0]]),
    ("softmax_cross_entropy", ([[INF, 0.0]], [0]), 0.0, [[0.0, 0.0]]),
    ("softmax_cross_entropy", ([[1e30, -1e30]], [1]), 2e30, [[1.0, -1.0]]),
    ("kl_divergence", ([[1.0, 0.0]], [[1.0, 0.0]]), 0.0, [[-1.0, 0.0]]),
    ("kl_divergence", ([[1.0, 0.0]], [[0.5, 0.5]]), INF, [[-0.5, -INF]]),
    ("softmax_kl_divergence", ([[0.0, -INF]], [[1.0, 0.0]]), 0.0, [[0.0, 0.0]]),
    ("dice", ([0.0, 0.0], [0.0, 0.0]), 0.0, [0.0, 0.0]),
    ("squared_error", ([1e30], [0.0]), 1e60, [2e30]),
]  # fmt: skip


at_the_edges = pytest.mark.parametrize(("name", "given", "value", "slope"), EDGES, ids=lambda x: str(x)[:40])


@at_the_edges
def test_limits_with_numpy(name: str, given: Any, value: float, slope: Any) -> None:
    """Pain 7: 0 · log 0 = 0, in value and gradient."""
    found, gradient = ls.get(name).value_and_gradient(*given)
    np.testing.assert_allclose(found, value, rtol=1e-14, atol=1e-16)
    np.testing.assert_allclose(gradient, slope, rtol=1e-14, atol=1e-16)


@at_the_edges
@pytest.mark.parametrize("traced", [False, True], ids=["fused", "traced"])
def test_limits_with_torch(name: str, given: Any, value: float, slope: Any, traced: bool) -> None:
    """The same through autograd, fused or, for the sake of a weight's gradient, traced, and in forward mode."""
    options = {"weight": torch.ones((), dtype=torch.float64, requires_grad=True)} if traced else {}
    integer = [np.asarray(array).dtype.kind == "i" for array in given]
    x, *rest = (torch.tensor(a, dtype=torch.int64 if i else torch.float64) for a, i in zip(given, integer, strict=True))
    right = torch.tensor(slope, dtype=torch.float64)
    leaf = x.clone().requires_grad_()
    loss = ls.get(name)(leaf, *rest, **options)
    assert loss.item() == pytest.approx(value, rel=1e-14)
    torch.testing.assert_close(torch.autograd.grad(loss, leaf)[0], right, rtol=1e-13, atol=1e-16)
    if np.isfinite(slope).all():
        moved = torch.func.jvp(lambda p: ls.get(name)(p, *rest), (x,), (torch.ones_like(x),))[1]
        torch.testing.assert_close(moved, right.sum(), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("name", "given", "value", "slope"), EDGES[::3], ids=lambda x: str(x)[:40])
def test_limits_with_jax(name: str, given: Any, value: float, slope: Any) -> None:
    with jax.enable_x64(True):
        x, *rest = map(jnp.asarray, given)

        @partial(jax.jit, compiler_options=AS_USERS)
        def everything(p: Any) -> Any:
            moved = jax.jvp(lambda q: ls.get(name)(q, *rest), (p,), (jnp.ones_like(p),))[1]
            return *jax.value_and_grad(lambda q: ls.get(name)(q, *rest))(p), moved

        for found, right in zip(everything(x), (value, slope, np.sum(slope)), strict=True):
            np.testing.assert_allclose(found, right, rtol=1e-13, atol=1e-16)


def test_an_ignored_row_of_minus_infinity() -> None:
    """Pain 7: elsewhere its gradient is NaN."""
    logits = torch.tensor([[-INF, -INF], [0.0, 0.0]], requires_grad=True)
    ls.softmax_cross_entropy(logits, torch.tensor([-100, 1]), ignore_label=-100).backward()
    torch.testing.assert_close(logits.grad, torch.tensor([[0.0, 0.0], [0.5, -0.5]]))


def test_no_class_is_left() -> None:
    """A counted row of -inf has no limit: NaN, not a plausible number."""
    assert np.isnan(ls.softmax_cross_entropy([[-INF, -INF]], [0]))


def test_one_class_is_a_mistake() -> None:
    """One map of logits, zeros and ones as its target, and a softmax of one class: 0 at every step of a training."""
    logits, target = rng.normal(size=(2, 1, 4, 4)), rng.integers(0, 2, (2, 1, 4, 4)).astype(float)
    for make in (np.array, torch.tensor, jnp.array):
        with pytest.raises(ShapeError, match=r"logits has shape \(2, 1, 4, 4\): .*use sigmoid_cross_entropy"):
            ls.softmax_cross_entropy(make(logits), make(target), axis=1)


# --- 8 weights, masks and losses of each item ----------------------------------------------------------------------


@pytest.mark.parametrize("record", REPRESENTATIVES, ids=name_of)
def test_every_loss_has_weights_masks_and_no_reduction(record: Record) -> None:
    """Pain 8; what is masked is 0 in the unreduced loss."""
    given, loss = arguments(record), ls.get(record.name)
    losses = loss(*given, reduction="none")
    if record.kind != "overlap":
        mask = np.zeros(losses.shape, bool)
        mask.flat[0] = True
        masked = loss(*given, mask=mask, weight=2.0, reduction="none")
        assert not masked.ravel()[1:].any()
        if record.kind != "pairs":
            assert masked.flat[0] == pytest.approx(2 * losses.flat[0], rel=1e-14)
    assert losses.sum() == pytest.approx(float(loss(*given, reduction="sum")), rel=1e-12)


# --- 9 labels, 10 shapes -------------------------------------------------------------------------------------------


def test_labels_that_do_not_exist() -> None:
    """Pain 9: optax takes −1 for the last class, scikit-learn reads other memory, CUDA asserts."""
    for make in (np.array, torch.tensor, jnp.array):
        for loss in (ls.softmax_cross_entropy, ls.categorical_cross_entropy):
            given = make(np.full((3, 2), 0.5, np.float32))
            with pytest.raises(LabelError, match=r"target\[1\] is 7; the labels of 2 classes are 0 to 1.*2 of 3"):
                loss(given, make([0, 7, -1]))


@pytest.mark.parametrize("record", [r for r in REPRESENTATIVES if r.kind in ("pointwise", "overlap")], ids=name_of)
def test_a_column_does_not_meet_a_row(record: Record) -> None:
    """Pain 10: (N,) against (N, 1) makes an (N, N) elsewhere: 2.5 instead of 0."""
    given = [array.ravel()[:4] for array in arguments(record)]
    for make in (np.asarray, torch.tensor, jnp.asarray):
        for i in range(len(given)):
            arrays = [make(a[:, None] if i == j else a) for j, a in enumerate(given)]
            with pytest.raises(ShapeError, match=r"\(4, 1\).*(squeeze|reshape)"):
                ls.get(record.name)(*arrays)


# --- 11 boosting ---------------------------------------------------------------------------------------------------


def test_boosting_objectives() -> None:
    """Pain 11: gradient and Hessian of each row, weighted and unreduced, as boosting libraries' own have them."""
    raw, y, w = rng.normal(size=50), rng.integers(0, 2, 50).astype(float), rng.random(50)
    gradient, hessian = ls.sigmoid_cross_entropy.gradient_and_hessian(raw, y, weight=w)
    p = 1 / (1 + np.exp(-raw))
    np.testing.assert_allclose(gradient, w * (p - y), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(hessian, w * p * (1 - p), rtol=1e-12)
    gradient, hessian = ls.softmax_cross_entropy.gradient_and_hessian(rng.normal(size=(5, 3)), [0, 1, 2, 1, 0])
    assert gradient.shape == hessian.shape == (5, 3)
    assert (hessian > 0).all()


# --- 12 overlap ----------------------------------------------------------------------------------------------------


def test_dice_is_one_formula() -> None:
    """Pain 12: 0.2105 without smoothing, 0 for two empty regions (Keras and optax: 1), 1 for nothing in common."""
    p, t = [1.0, 0.5, 0.3], [1.0, 1.0, 0.0]
    assert ls.dice(p, t) == pytest.approx(1 - 3 / 3.8, rel=1e-15)
    assert ls.dice(p, t, smooth=1.0) == pytest.approx(1 / 6, rel=1e-14)
    assert ls.dice([0.0], [0.0]) == 0.0
    assert ls.dice([1.0, 0.0], [0.0, 1.0]) == 1.0
    assert ls.dice([1.0, 0.0], [1.0, 0.0]) == 0.0


def test_dice_is_least_at_the_target() -> None:
    """A pixel of ½ costs least at ½ and nothing there; by products, as in Keras and optax, it costs least at 1."""
    p = np.linspace(0, 1, 101)[:, None]
    for t in (0.25, 0.5, 0.9):
        losses = ls.dice(p, np.full_like(p, t), axis=1, reduction="none")
        assert p[losses.argmin(), 0] == t
        assert losses.min() == 0.0
        assert p[ls.dice(p, np.full_like(p, t), axis=1, reduction="none", product=1.0).argmin(), 0] == 1.0
    soft = rng.random((3, 4))
    value, slope = ls.dice.value_and_gradient(soft, soft)
    assert value == 0.0
    assert not slope.any()
    gradient, hessian = ls.dice.gradient_and_hessian(soft, soft)
    np.testing.assert_array_equal(gradient, np.zeros((3, 4)))
    np.testing.assert_allclose(hessian, 0, atol=1e-16)


def test_dice_of_hard_targets_has_one_value() -> None:
    p, t = rng.random((3, 40)), rng.integers(0, 2, (3, 40))
    for smooth in (0.0, 1.0):
        found, by_products = (ls.dice(p, t, axis=1, reduction="none", smooth=smooth, product=x) for x in (0.0, 1.0))
        np.testing.assert_allclose(found, by_products, rtol=1e-14)


def test_dice_per_image_or_over_all() -> None:
    """Pooling is what ``axis`` says: peers differ from 0.61 to 0.76 on one batch."""
    p, t = rng.random((2, 3, 4)), rng.integers(0, 2, (2, 3, 4)).astype(float)
    per_image = [1 - 2 * (p[i] * t[i]).sum() / (p[i] + t[i]).sum() for i in range(2)]
    np.testing.assert_allclose(ls.dice(p, t, axis=(1, 2), reduction="none"), per_image, rtol=1e-13)
    assert ls.dice(p, t, axis=(1, 2)) == pytest.approx(np.mean(per_image), rel=1e-13)
    assert ls.dice(p, t) == pytest.approx(1 - 2 * (p * t).sum() / (p + t).sum(), rel=1e-13)
    assert ls.dice(p, t, axis=-1, reduction="none").shape == (2, 3)


# --- 13 smoothing, 14 KL -------------------------------------------------------------------------------------------


def test_smoothing_weights_and_ignored_labels_together() -> None:
    """Pain 13: equal to the soft targets that they stand for."""
    logits, labels = rng.normal(size=(5, 4)), np.array([0, 3, -100, 2, 2])
    weights, s = np.array([1.0, 0.5, 2.0, 3.0]), 0.1
    kept = labels != -100
    soft = np.eye(4)[np.where(kept, labels, 0)] * (1 - s) + s / 4
    losses = np.array([-(weights * t * log_softmax(z)).sum() for z, t in zip(logits, soft, strict=True)])
    expected = losses[kept].sum() / (weights * soft)[kept].sum()
    options = {"class_weight": weights, "label_smoothing": s}
    assert ls.softmax_cross_entropy(logits, labels, ignore_label=-100, **options) == pytest.approx(expected, rel=1e-13)
    found = ls.softmax_cross_entropy(logits, soft, mask=kept, class_weight=weights)
    assert found == pytest.approx(expected, rel=1e-13)


def test_kl_of_a_distribution_to_itself_is_zero() -> None:
    """Pain 14: PyTorch's kl_div(p, p) is −1.19. Never negative, summed over the classes, KL(target ‖ prediction)."""
    rows = rng.dirichlet(np.ones(5), 2000)
    assert not ls.kl_divergence(rows, rows, reduction="none").any()
    near = rows * (1 + 1e-9 * rng.normal(size=rows.shape))
    for dtype in (np.float32, np.float64):
        assert (ls.kl_divergence(near.astype(dtype), rows.astype(dtype), reduction="none") >= 0).all()
        logits = np.log(near).astype(dtype)
        assert (ls.softmax_kl_divergence(logits, rows.astype(dtype), reduction="none") >= 0).all()
    p, q = np.array([[0.1, 0.9]]), np.array([[0.5, 0.5]])
    assert ls.kl_divergence(q, p) == pytest.approx((p * np.log(p / q)).sum(), rel=1e-13)
    assert ls.kl_divergence(p, q) == pytest.approx((q * np.log(q / p)).sum(), rel=1e-13)


# --- 19 the rest ---------------------------------------------------------------------------------------------------


def test_positive_weight_may_be_one_for_each_class() -> None:
    """Pain 19: a number, or one for each class, with 1s for the other axes."""
    z, t, w = rng.normal(size=(4, 3)), rng.integers(0, 2, (4, 3)).astype(float), np.array([1.0, 2.0, 5.0])
    found = ls.sigmoid_cross_entropy(z, t, positive_weight=w[None])
    peers = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.tensor(z), torch.tensor(t), pos_weight=torch.tensor(w)
    )
    assert found == pytest.approx(float(peers), rel=1e-12)
