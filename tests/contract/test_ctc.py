"""Connectionist temporal classification, written as a user would, beside PyTorch's: lengths, blanks and repeats.

PyTorch's takes log-probabilities, time first.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import jax
import numpy as np
import pytest
import torch
from torch import Tensor

import lossary as ls
from arrays import FRAMEWORKS, Framework
from lossary import ctc
from lossary.errors import FormulaError


def of_torch(logits: Tensor, target: Any, times: Any, blank: int) -> Tensor:
    labels = torch.tensor(np.maximum(target, 0))
    lengths = torch.tensor(times), torch.tensor((target >= 0).sum(1))
    logs = torch.log_softmax(logits, -1).transpose(0, 1)
    return torch.nn.functional.ctc_loss(logs, labels, *lengths, blank=blank, reduction="none")


def sequences(blank: int) -> tuple[Any, Any, Any]:
    """All targets of up to three labels out of two, with times from just enough to six."""
    others = [label for label in range(3) if label != blank]
    targets = [t for n in range(1, 4) for t in itertools.product(others, repeat=n)]
    padded = np.array([[*t, *[-1] * (3 - len(t))] for t in targets])
    repeats = np.array([sum(a == b for a, b in itertools.pairwise(t)) for t in targets])
    enough = (padded >= 0).sum(1) + repeats
    times = np.minimum(enough + np.arange(len(targets)) % 3, 6)
    return np.random.default_rng(blank).normal(size=(len(targets), 6, 3)), padded, times


@pytest.mark.parametrize("blank", [0, 2])
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_value_and_gradient_are_pytorchs(framework: Framework, blank: int) -> None:
    x, target, times = sequences(blank)
    mask = np.arange(6) < times[:, None]
    logits = torch.tensor(x, requires_grad=True)
    expected = of_torch(logits, target, times, blank)
    (slope,) = torch.autograd.grad(expected.sum(), logits)
    hidden = framework.make(np.where(mask[..., None], x, np.nan))
    given = {"mask": framework.make(mask), "blank": float(blank)}
    value, found = ctc.value_and_gradient(hidden, framework.make(target), **given, reduction="none")
    close: dict[str, Any] = {"rtol": 2e-5, "atol": 2e-6} if framework.name == "jax" else {"rtol": 1e-12, "atol": 1e-13}
    np.testing.assert_allclose(framework.numpy(value), expected.detach(), **close)
    np.testing.assert_allclose(framework.numpy(found), slope, **close)


def test_second_derivatives() -> None:
    """Of PyTorch's loss there are none; of the formula, the Hessian is that of the paths, written one by one."""
    x, target = np.random.default_rng(4).normal(size=(1, 3, 3)), np.array([[1, 2]])

    def by_paths(logits: Tensor) -> Tensor:
        logs = torch.log_softmax(logits, -1)[0]
        spelled = [
            path
            for path in itertools.product(range(3), repeat=3)
            if [label for label, _ in itertools.groupby(path) if label] == [1, 2]
        ]
        return -torch.logsumexp(torch.stack([logs[range(3), list(path)].sum() for path in spelled]), 0)

    expected = torch.func.hessian(by_paths)(torch.tensor(x))
    found = torch.func.hessian(lambda z: ctc(z, torch.tensor(target)))(torch.tensor(x))
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13)
    with jax.enable_x64(True):
        twice = jax.jit(jax.jacrev(jax.grad(lambda z: ctc(z, jax.numpy.asarray(target)))))(jax.numpy.asarray(x))
    np.testing.assert_allclose(twice, expected, rtol=1e-10, atol=1e-13)


def test_what_cannot_be_spelled_costs_infinity() -> None:
    """Two equal labels need a blank between them, and so three steps."""
    assert ctc(np.zeros((1, 2, 3)), np.array([[1, 1]])) == math.inf
    assert np.isfinite(ctc(np.zeros((1, 3, 3)), np.array([[1, 1]])))


def test_a_nan_logit_is_no_target_that_cannot_be_spelled() -> None:
    x = np.zeros((2, 3, 3))
    x[0, 0, 0] = np.nan
    value, slope = ls.ctc.value_and_gradient(x, [[1], [1]], reduction="none")
    assert np.isnan(value).tolist() == [True, False]
    assert np.isnan(slope[0]).any()
    x[0, 0] = -np.inf  # of no class there is a probability
    for make in (np.asarray, torch.tensor, jax.numpy.asarray):
        assert np.isnan(np.asarray(ls.ctc(make(x), [[1], [1]], reduction="none"))).tolist() == [True, False]


def test_a_length_that_no_array_has_is_stated() -> None:
    with pytest.raises(
        FormulaError, match="varies along state, which no array has: state how long it is, as in lengths="
    ):
        ls.loss(axes=ctc.record.axes)(ctc.record.formula)


def test_the_formula_shows_the_recurrence() -> None:
    text = ctc.record.latex
    assert r"q_{t_{0} s} = \begin{cases} 0 & s = 0 \\ -\infty & \text{otherwise} \end{cases}" in text
    assert r"q_{t s} = " in text
    assert r"\log \left(e^{q_{t - 1, s}} + e^{q_{t - 1, s - 1}}\right)" in text
