"""Defects that were met in other libraries of losses, as regression tests: the numbers were measured there.

What docstrings say of PyTorch, optax and scikit-learn under "Elsewhere" is held to those that are installed; of other
libraries they name the version.
"""

from __future__ import annotations

import copy
import inspect
import math
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as typed_functional

import lossary
from lossary.errors import ArgumentError, ShapeError

ls: Any = lossary  # whose losses are also called wrongly here
pytestmark = pytest.mark.usefixtures("portable")


def test_options_survive_serialization() -> None:
    """Keras 3.15.1 drops Huber's delta: 19.375 becomes 8.5."""
    loss = ls.huber.configure(delta=2.5)
    assert ls.from_dict(loss.to_dict())([9.0], [0.0]) == 19.375
    assert copy.deepcopy(loss)([9.0], [0.0]) == 19.375


def test_smoothing_below_zero_and_unknown_reductions_raise() -> None:
    """PyTorch ignores a negative label_smoothing (1.7384), and takes any reduction in a module."""
    with pytest.raises(ArgumentError, match="label_smoothing"):
        ls.softmax_cross_entropy(np.zeros((1, 2)), [0], label_smoothing=-0.1)
    with pytest.raises(ArgumentError, match="reduction"):
        ls.softmax_cross_entropy.configure(reduction="bogus")
    with pytest.raises(ArgumentError, match="label_smoothing"):
        ls.softmax_cross_entropy.configure(label_smoothing=1.5)


def test_lengths_are_checked() -> None:
    """scikit-learn's losses read past the end: y of 3 with predictions of 4."""
    with pytest.raises(ShapeError):
        ls.squared_error(np.zeros(4), np.zeros(3))
    with pytest.raises(ShapeError):
        ls.softmax_cross_entropy(np.zeros((4, 3)), np.zeros(3, int))


def test_logits_are_not_overwritten() -> None:
    """Megatron and Liger write over theirs: 2.0 becomes 0.563."""
    logits = torch.tensor([[2.0, 0.0, 1.0]], requires_grad=True)
    ls.softmax_cross_entropy(logits, torch.tensor([0])).backward()
    assert logits.tolist() == [[2.0, 0.0, 1.0]]


def test_double_backward_of_float32_logits() -> None:
    """Megatron: −0.874 instead of −0.289."""
    logits = torch.tensor([[2.0, 0.0, 1.0]], requires_grad=True)
    (gradient,) = torch.autograd.grad(ls.softmax_cross_entropy(logits, torch.tensor([0])), logits, create_graph=True)
    (second,) = torch.autograd.grad(gradient[0, 0], logits)
    p = torch.softmax(logits.detach(), -1)[0]
    torch.testing.assert_close(second[0], p[0] * (torch.eye(3)[0] - p))


def test_forward_mode_is_not_silently_zero() -> None:
    """PyTorch's chunked linear_cross_entropy: 0.0 (true −0.7947)."""
    logits, labels = torch.tensor([[2.0, 0.0, 1.0]]), torch.tensor([1])
    moved = torch.func.jvp(
        lambda z: ls.softmax_cross_entropy(z, labels), (logits,), (torch.tensor([[0.0, 1.0, 0.0]]),)
    )[1]
    assert float(moved) == pytest.approx(float(torch.softmax(logits, -1)[0, 1]) - 1, rel=1e-6)


def test_the_slope_at_a_kink_is_zero_everywhere() -> None:
    """|e| at 0 has the slope 0 here; elsewhere −1, 0 or −0.5."""
    assert ls.absolute_error.value_and_gradient([2.0], [2.0])[1].tolist() == [0.0]
    x = torch.tensor([2.0], requires_grad=True)
    ls.absolute_error(x, torch.tensor([2.0])).backward()
    assert x.grad is not None
    assert x.grad.tolist() == [0.0]


def test_a_clamped_probability_keeps_its_slope() -> None:
    """Keras clips at 1e-7, which kills the gradient; PyTorch's is −1e12 at 0."""
    value, gradient = ls.binary_cross_entropy.value_and_gradient(
        np.array([1e-30, 1e-10]), np.array([1.0, 1.0]), reduction="none"
    )
    np.testing.assert_allclose(value, [30 * math.log(10), 10 * math.log(10)], rtol=1e-14)
    np.testing.assert_allclose(gradient, [-1e30, -1e10], rtol=1e-14)


def test_rounding_outside_of_a_domain_is_put_back() -> None:
    """A probability of 1 + eps, from a softmax, is 1; the slope stays."""
    p = np.array([np.nextafter(np.float32(1), np.float32(2)), -np.float32(1e-8)])
    value, gradient = ls.binary_cross_entropy.value_and_gradient(p, np.array([1.0, 0.0], np.float32), reduction="none")
    assert value.tolist() == [0.0, 0.0]
    np.testing.assert_allclose(gradient, [-1.0, 1.0], rtol=1e-6)


# --- what "Elsewhere" says ------------------------------------------------------------------------------------------

optax = pytest.importorskip("optax")
metrics = pytest.importorskip("sklearn.metrics")
sklearn_loss = pytest.importorskip("sklearn._loss.loss")
tensor = torch.tensor
functional: Any = typed_functional  # which is called with numbers that its stubs do not know
LOG_3 = math.log(3.0)


def close(found: Any, value: float, digits: float = 1e-4) -> None:
    assert float(np.asarray(found).reshape(())) == pytest.approx(value, rel=digits)


def test_binary_cross_entropy_elsewhere() -> None:
    p = tensor([0.0], requires_grad=True)
    functional.binary_cross_entropy(p, tensor([1.0])).backward()
    close(functional.binary_cross_entropy(p, tensor([1.0])).detach(), 100.0)
    assert p.grad is not None
    close(p.grad, -1e12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        close(metrics.log_loss([1], [[1.0, 0.0]], labels=[0, 1]), 36.0437)


def test_sigmoid_cross_entropy_elsewhere() -> None:
    of_torch = functional.binary_cross_entropy_with_logits
    assert not {"pos_weight", "weights"} & set(inspect.signature(optax.losses.sigmoid_binary_cross_entropy).parameters)
    close(of_torch(tensor([1.0]), tensor([2.0])), math.log1p(math.e) - 2.0)
    with pytest.raises(RuntimeError):
        of_torch(tensor([1.0]), tensor([1]))
    assert of_torch(tensor([-math.inf]), tensor([0.0])).isnan()
    close(
        functional.soft_margin_loss(tensor([-2.0, 3.0]), tensor([1.0, -1.0])), ls.sigmoid_cross_entropy([-2, 3], [1, 0])
    )
    assert functional.soft_margin_loss(tensor([-200.0]), tensor([1.0])) == math.inf


def test_squared_and_absolute_error_elsewhere() -> None:
    close(optax.losses.l2_loss(np.float32(3), np.float32(1)), 2.0)
    y, raw = np.array([1.0]), np.array([3.0])
    close(sklearn_loss.HalfSquaredError()(y, raw), 2.0)
    assert sklearn_loss.AbsoluteError().gradient(y, y).tolist() == [-1.0]
    given = np.array([1.0, 3.0]), np.zeros(2)
    close(ls.squared_error(*given, weight=given[0]), 7.0)
    close(functional.mse_loss(*map(tensor, given), weight=tensor(given[0])), 7.0)


def test_huber_elsewhere() -> None:
    given = np.array([1.0, 3.0]), np.zeros(2)
    close(ls.huber(*given, weight=given[0], delta=10.0), 3.5)
    close(functional.huber_loss(*map(tensor, given), weight=tensor(given[0]), delta=10.0), 7.0)
    close(optax.losses.huber_loss(np.float32(3), np.float32(0), delta=-1.0), -3.5)
    assert inspect.signature(sklearn_loss.HuberLoss).parameters["delta"].default == 0.5


def test_gaussian_nll_elsewhere() -> None:
    zero = torch.zeros(1)
    close(functional.gaussian_nll_loss(zero, zero, zero), -6.9078)
    close(functional.gaussian_nll_loss(zero, zero, zero + 1, full=True), 0.9189)


def test_class_weights_elsewhere() -> None:
    """PyTorch: two divisors; here one."""
    logits, labels, weights = np.array([[0.0, LOG_3]] * 2), np.array([0, 1]), np.array([1.0, 3.0])
    of_torch = functional.cross_entropy
    close(of_torch(tensor(logits), tensor(labels), tensor(weights)), 0.5623)
    close(of_torch(tensor(logits), tensor(np.eye(2)[labels]), tensor(weights)), 1.1247)
    for target in (labels, np.eye(2)[labels]):
        close(ls.softmax_cross_entropy(logits, target, class_weight=weights), 0.5623)


def test_softmax_cross_entropy_elsewhere() -> None:
    """Its axis in PyTorch, the labels −100 and −1, and smoothing."""
    logits = np.random.default_rng(0).normal(size=(2, 3, 4))
    labels = np.array([[0, 1, 2, 0], [2, 2, 1, 1]])
    close(functional.cross_entropy(tensor(logits), tensor(labels)), ls.softmax_cross_entropy(logits, labels, axis=1))
    labels[0, 1] = -100
    right = ls.softmax_cross_entropy(logits, labels, axis=1, ignore_label=-100)
    close(functional.cross_entropy(tensor(logits), tensor(labels)), right)
    row = logits[0, :, 0]
    last = optax.losses.softmax_cross_entropy_with_integer_labels(row, np.array(-1))
    close(last, ls.softmax_cross_entropy(row, 2))
    smoothed = ls.softmax_cross_entropy(row, 2, label_smoothing=0.2)
    close(functional.cross_entropy(tensor(row), tensor(2), label_smoothing=0.2), smoothed)
    close(optax.losses.softmax_cross_entropy(row, optax.losses.smooth_labels(np.eye(3)[2], 0.2)), smoothed)


def test_linear_cross_entropy_elsewhere() -> None:
    """PyTorch's: −100 is left out unasked, and in chunks there are no second derivatives."""
    of_torch, options = (
        getattr(torch.nn, name, None) for name in ("LinearCrossEntropyLoss", "LinearCrossEntropyOptions")
    )
    if of_torch is None or options is None:
        pytest.skip("this PyTorch has no linear_cross_entropy")
    features, classifier = torch.randn(3, 2, dtype=torch.float64, requires_grad=True), torch.randn(4, 2).double()
    labels = tensor([0, -100, 2])
    right = ls.linear_cross_entropy(features, classifier, labels, ignore_label=-100)
    close(functional.linear_cross_entropy(features, classifier, labels).detach(), float(right.detach()))
    chunked = functional.linear_cross_entropy(features, classifier, tensor([0, 1, 2]), options=options())
    (slope,) = torch.autograd.grad(chunked, features, create_graph=True)
    with pytest.raises(RuntimeError, match="does not require grad"):
        torch.autograd.grad(slope.sum(), features)


def test_margins_of_classes_elsewhere() -> None:
    """PyTorch divides by the number of classes, and means of weighted rows by the number of rows."""
    rng = np.random.default_rng(1)
    x, weight = rng.normal(size=(20, 4)), rng.uniform(1.0, 3.0, 4)
    y = np.concatenate([np.arange(4), rng.integers(0, 4, 16)])
    scores, labels = torch.tensor(x), torch.tensor(y)
    for p, loss in ((1, ls.weston_watkins), (2, ls.squared_weston_watkins)):
        theirs = functional.multi_margin_loss(scores, labels, p=p, weight=torch.tensor(weight), margin=0.7)
        ours = loss(x, y, weight=weight[y], denominator="count", margin=0.7) / 4
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    listed = torch.tensor([[0, 2, -1, -1], [3, -1, -1, -1]])
    theirs = functional.multilabel_margin_loss(scores[:2], listed)
    ours = ls.multilabel_margin(x[:2], np.array([[1, 0, 1, 0], [0, 0, 0, 1]])) / 4
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    metrics = pytest.importorskip("sklearn.metrics")
    np.testing.assert_allclose(ls.crammer_singer(x, y), metrics.hinge_loss(y, x), rtol=1e-12)


def test_multiclass_losses_of_optax() -> None:
    """Margins lost beside large scores, NaN for a class that is impossible, and labels that are no classes."""
    losses, one = pytest.importorskip("optax").losses, np.array([0])
    large, impossible = np.array([[1e8, 1e8, 0.0]], np.float32), np.array([[0.0, 1.0, -np.inf]], np.float32)
    assert losses.multiclass_hinge_loss(large, one)[0] == 0.0
    assert ls.crammer_singer(large, one) == 1.0
    for peer, own in (
        ("multiclass_hinge_loss", ls.crammer_singer),
        ("multiclass_perceptron_loss", ls.multiclass_perceptron),
    ):
        assert np.isnan(getattr(losses, peer)(impossible, one)[0])
        assert np.isfinite(own(impossible, one))
    scores, wrong = np.array([[1.0, 0.5, 0.25]], np.float32), np.array([7])
    assert losses.multiclass_hinge_loss(scores, wrong)[0] == 2.0
    assert losses.multiclass_perceptron_loss(scores, wrong)[0] == 1.0
    assert losses.multiclass_sparsemax_loss(scores, wrong)[0] == losses.multiclass_sparsemax_loss(scores, one + 2)[0]
    assert np.isnan(losses.multiclass_sparsemax_loss(np.array([[np.inf, 0.0]], np.float32), one)[0])


def test_kl_divergence_elsewhere() -> None:
    """Log-probabilities are taken, probabilities are not noticed; what a mean divides by; a class of 0 and 0."""
    p, t = np.array([[0.25, 0.75]]), np.array([[0.5, 0.5]])
    close(ls.kl_divergence(p, t), 0.1438, 1e-3)
    close(functional.kl_div(tensor(p), tensor(t), reduction="batchmean"), -1.1931)
    close(optax.losses.kl_divergence(p[0], t[0]), -1.1931)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's own, of its default mean
        close(functional.kl_div(tensor(p).log(), tensor(t)), 0.0719, 1e-3)
    with np.errstate(divide="ignore"):
        nothing = np.log([0.0, 1.0])
    assert functional.kl_div(tensor(nothing), tensor([0.0, 1.0]), reduction="none")[0].isnan()
    assert np.isnan(optax.losses.kl_divergence(nothing, np.array([0.0, 1.0])))
    assert ls.kl_divergence([0.0, 1.0], [0.0, 1.0]) == 0.0


def test_temperatures_elsewhere() -> None:
    assert inspect.signature(optax.losses.ntxent).parameters["temperature"].default == 0.07


def test_dice_elsewhere() -> None:
    """optax: logits, twice the smoothing, products, and NaN for empty regions."""
    of_optax = optax.losses.binary_dice_loss
    logits, target = np.array([[60.0, 0.0, math.log(0.3 / 0.7)]]), np.array([[1.0, 1.0, 0.0]])
    p = [1.0, 0.5, 0.3]
    close(of_optax(logits, target, smooth=1.0), 0.1379, 1e-3)
    close(ls.dice(p, target[0], smooth=2.0), 0.1379, 1e-3)
    close(ls.dice(p, target[0], smooth=1.0), 0.1667, 1e-3)
    half = np.array([[0.5]])
    close(of_optax(0 * half, half, smooth=0.0), ls.dice(half, half, product=1.0))
    assert np.isnan(of_optax(np.array([[-200.0]]), 0 * half, smooth=0.0)).all()
