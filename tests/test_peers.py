"""Defects that were met in other libraries of losses, as regression tests: the numbers were measured there."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
import torch

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
