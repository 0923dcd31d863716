"""Weighted sums of losses: values, gradients, arguments, keywords, and what is wrong."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
import torch

import lossary
from arrays import FRAMEWORKS, Framework
from lossary.errors import ArgumentError, ArgumentTypeError, ShapeError

ls: Any = lossary
BOTH = ls.WeightedSum(squares=(ls.squared_error, 0.5), sizes=(ls.absolute_error, 2.0))
REGIONS = ls.WeightedSum(places=ls.binary_cross_entropy, overlap=(ls.dice.configure(axis=-1), 3.0))


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_value_gradient_and_parts(framework: Framework) -> None:
    """½ (4 + 1) / 2 + 2 (2 + 1) / 2, and its derivatives ½ e + 2 sign(e) / 2."""
    x, y = framework.make(np.array([3.0, 0.0], np.float32)), framework.make(np.array([1.0, 1.0], np.float32))
    value, gradient = BOTH.value_and_gradient(x, y)
    assert float(value) == float(BOTH(x, y)) == 4.25
    assert framework.numpy(gradient).tolist() == [2.0, -1.5]
    assert {name: float(part) for name, part in BOTH.parts(x, y).items()} == {"squares": 2.5, "sizes": 1.5}


def test_autograd_goes_through() -> None:
    x = torch.tensor([3.0, 0.0], requires_grad=True)
    BOTH(x, torch.tensor([1.0, 1.0])).backward()
    assert x.grad is not None
    assert x.grad.tolist() == [2.0, -1.5]


def test_hessians_add() -> None:
    first, second = BOTH.gradient_and_hessian(np.array([3.0, 0.0]), np.array([1.0, 1.0]))
    assert first.tolist() == [4.0, -3.0]
    assert second.tolist() == [1.0, 1.0]


def test_each_part_gets_the_arguments_and_keywords_that_it_has() -> None:
    mixed = ls.WeightedSum(classes=ls.softmax_cross_entropy, likeness=(ls.cosine_distance, 0.5))
    assert mixed.arguments == ("logits", "target", "prediction")
    logits, target, vectors = np.zeros((2, 2)), np.eye(2), np.array([[1.0, 0.0], [1.0, 0.0]])
    given: dict[str, Any] = {"weight": [1.0, 0.0], "class_weight": [2.0, 1.0]}
    found = mixed(logits, target, prediction=vectors, **given)
    np.testing.assert_allclose(found, np.log(2.0), rtol=1e-14)  # the second row counts nothing
    value, gradients = mixed.value_and_gradient(logits, target, vectors)
    assert [gradient.shape for gradient in gradients] == [(2, 2), (2, 2)]
    np.testing.assert_allclose(value, np.log(2.0) + 0.25, rtol=1e-14)


def test_it_is_copied_written_down_and_configured() -> None:
    for again in (pickle.loads(pickle.dumps(BOTH)), copy.deepcopy(BOTH), ls.from_dict(BOTH.to_dict())):
        assert again == BOTH
        assert hash(again) == hash(BOTH)
        assert again([3.0], [1.0]) == BOTH([3.0], [1.0])
    assert BOTH.configure(reduction="sum")([3.0, 0.0], [1.0, 1.0]) == 8.5
    assert ls.WeightedSum(squares=ls.squared_error) != BOTH


def test_what_is_wrong() -> None:
    p, t = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    with pytest.raises(ShapeError, match=r"places have shape \(1, 2\), those of overlap \(1,\); reduce them"):
        REGIONS(p, t, reduction="none")
    with pytest.raises(ArgumentTypeError, match=r"no part of this sum has 'smooth'.*overlap=loss.configure\(smooth="):
        REGIONS(p, t, smooth=1.0)
    with pytest.raises(ArgumentTypeError, match="takes probability, target; 3 arrays were given"):
        REGIONS(p, t, t)
    with pytest.raises(ArgumentTypeError, match="target was given twice"):
        REGIONS(p, t, target=t)
    with pytest.raises(ArgumentTypeError, match="target not given"):
        REGIONS(p)
    with pytest.raises(ArgumentTypeError, match="needs a loss at least"):
        ls.WeightedSum()
    with pytest.raises(ArgumentTypeError, match="the part a is 'huber'; it must be a loss"):
        ls.WeightedSum(a="huber")
    with pytest.raises(ArgumentTypeError, match="the factor of a is True"):
        ls.WeightedSum(a=(ls.huber, True))
    with pytest.raises(ArgumentError, match="the factor of a is nan; it must be finite"):
        ls.WeightedSum(a=(ls.huber, float("nan")))
    with pytest.raises(ArgumentTypeError, match="from_dict needs what to_dict gives"):
        ls.from_dict({"sum": {"a": 3}})
