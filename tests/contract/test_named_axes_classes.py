"""Losses of classes with labels, and of levels: infinite scores, ties, half precision, accuracy, wrong labels.

Expected slopes are those of float64 with huge numbers for infinite ones; float32 is held to exact arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import jax
import numpy as np
import pytest
import torch
from mpmath import mp, mpf
from torch import Tensor

import lossary
from arrays import FRAMEWORKS, Framework
from lossary.errors import DomainError, LabelError, ShapeError
from symbolic.several_axes import CASES

ls: Any = lossary
INF, NAN = math.inf, math.nan
OF_LABELS = [
    "crammer_singer", "weston_watkins", "squared_weston_watkins", "multiclass_perceptron", "multiclass_sparsemax",
]  # fmt: skip
HUGE = 2.0**12  # beside which the other scores and their squares are exact
of_each_framework = pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)


def with_huge(function: Callable[..., Tensor], scores: list[float], *rest: Any) -> tuple[float, list[float]]:
    """Value and slope of a definition in plain PyTorch, with huge scores for infinite ones."""
    x = torch.tensor([[math.copysign(HUGE, s) if math.isinf(s) else s for s in scores]], dtype=torch.float64)
    value = function(x.requires_grad_(), *rest)
    (slope,) = torch.autograd.grad(value, x)
    return (INF if value > HUGE / 2 else value.item()), slope[0].tolist()


@of_each_framework
@pytest.mark.parametrize("name", sorted({*OF_LABELS} - {"squared_weston_watkins"}))  # whose slopes have no limit
def test_infinite_scores(name: str, framework: Framework) -> None:
    """Of rows with one and several infinite scores, of either sign; 2.5 and 0 keep off the kinks."""
    rows = [list(row) for row in product((INF, -INF, 2.5, 0.0), repeat=3) if any(map(math.isinf, row))]
    rows = [row for row in rows if name != "crammer_singer" or row.count(-INF) < 3]  # there is no best rival of these
    for row, label in product(rows, range(3)):
        expected, slope = with_huge(CASES[name].definition, row, torch.tensor([label]))
        value, found = ls.get(name).value_and_gradient(
            framework.make(np.array([row])), framework.make(np.array([label]))
        )
        assert float(value) == pytest.approx(expected, rel=1e-6), (row, label)
        if row.count(INF) < 2 and sum(score == max(row) for score in row) == 1:  # autograd's maximum is of one place
            np.testing.assert_allclose(framework.numpy(found)[0], slope, atol=1e-6, err_msg=str((row, label)))
        np.testing.assert_allclose(framework.numpy(found).sum(), 0.0, atol=1e-6)


@of_each_framework
def test_infinite_scores_of_several_labels(framework: Framework) -> None:
    for row, target in product(product((INF, -INF, 2.5), repeat=3), product((0.0, 1.0), repeat=3)):
        expected, slope = with_huge(CASES["multilabel_margin"].definition, list(row), torch.tensor([target]))
        arrays = framework.make(np.array([row])), framework.make(np.array([target]))
        value, found = ls.multilabel_margin.value_and_gradient(*arrays)
        assert float(value) == pytest.approx(expected, rel=1e-6), (row, target)
        np.testing.assert_allclose(framework.numpy(found)[0], slope, atol=1e-6, err_msg=str((row, target)))


@of_each_framework
@pytest.mark.parametrize("name", [*OF_LABELS, "multilabel_margin"])
def test_a_score_that_is_nan_makes_its_row_nan(name: str, framework: Framework) -> None:
    scores = np.array([[NAN, 0.0, 1.0], [1.0, 0.0, NAN], [1.0, 0.0, 2.0]])
    target = np.eye(3)[[0, 0, 1]] if name == "multilabel_margin" else np.array([0, 0, 1])
    found = framework.numpy(ls.get(name)(framework.make(scores), framework.make(target), reduction="none"))
    assert np.isnan(found).tolist() == [True, True, False]


def test_ties_share_the_slope() -> None:
    x = np.array([[1.0, 1.0, 1.0, 0.0]])
    for name, slope in {
        "crammer_singer": [-1.0, 0.5, 0.5, 0.0],
        "weston_watkins": [-2.5, 1.0, 1.0, 0.5],  # the last class is exactly the margin behind
        "multiclass_perceptron": [-2 / 3, 1 / 3, 1 / 3, 0.0],
        "multiclass_sparsemax": [-2 / 3, 1 / 3, 1 / 3, 0.0],
    }.items():
        np.testing.assert_allclose(ls.get(name).value_and_gradient(x, [0])[1], [slope], rtol=1e-15)


@pytest.mark.parametrize("name", [*OF_LABELS, "multilabel_margin"])
def test_one_class_costs_nothing(name: str) -> None:
    target = np.ones((2, 1)) if name == "multilabel_margin" else np.zeros(2, int)
    for last in (-2.0, -INF):
        value, slope = ls.get(name).value_and_gradient(np.array([[3.0], [last]]), target)
        assert value == 0.0
        np.testing.assert_array_equal(slope, 0.0)


@pytest.mark.parametrize("name", [*OF_LABELS, "multilabel_margin", "ordinal_cross_entropy", "cumulative_link"])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision(name: str, dtype: Any) -> None:
    """It is computed in float32: only the gradient is rounded."""
    given = [torch.tensor(np.asarray(array)) for _, array in CASES[name].arrays.values()]
    halves = [array.to(dtype) if array.dtype == torch.float64 else array for array in given]
    value, slopes = ls.get(name).value_and_gradient(*halves)
    exact, wanted = ls.get(name).value_and_gradient(*(half.to(torch.float64) for half in halves))
    first, right = (found[0] if isinstance(found, tuple) else found for found in (slopes, wanted))
    assert value.dtype == torch.float32
    assert first.dtype == dtype
    np.testing.assert_allclose(float(value), float(exact), rtol=1e-6)
    np.testing.assert_allclose(first.double(), right, rtol=2.0**-8, atol=2.0**-9)


@pytest.mark.parametrize("name", OF_LABELS)
def test_labels_that_are_no_classes(name: str) -> None:
    with pytest.raises(LabelError, match=rf"{name}: target\[1\] is 3; it must be a whole number from 0 to 2"):
        ls.get(name)(np.zeros((2, 3)), [0, 3])
    with pytest.raises(LabelError, match=r"target\[0\] is -1"):
        ls.get(name)(np.zeros((2, 3)), [-1, 0])
    masked = ls.get(name).value_and_gradient(np.eye(3)[:2], [-100, 0], mask=[False, True])
    np.testing.assert_array_equal(masked[0], ls.get(name)(np.eye(3)[1:2], [0]))
    np.testing.assert_array_equal(masked[1][0], 0.0)


# --- sparsemax -----------------------------------------------------------------------------------------------------


def exact_sparsemax(row: list[Fraction], label: int) -> tuple[Fraction, list[Fraction]]:
    """The loss and its slope, with the largest support for which all of its probabilities are positive."""
    falling, sums = sorted(row, reverse=True), Fraction(0)
    threshold = falling[0] - 1
    for size, score in enumerate(falling, 1):
        sums += score
        if size * score > sums - 1:
            threshold = (sums - 1) / size
    p = [max(Fraction(0), score - threshold) for score in row]
    conjugate = sum((a * b + a * (1 - a) / 2 for a, b in zip(p, row, strict=True)), Fraction(0))
    return conjugate - row[label], [a - (c == label) for c, a in enumerate(p)]


@pytest.mark.parametrize("scale", [2.0**-12, 0.1, 1.0, 30.0, 1e4])
@pytest.mark.parametrize("classes", [2, 5, 40])
def test_sparsemax_in_float32(scale: float, classes: int) -> None:
    """Within 4 ulp of the largest summand, ties among the scores included."""
    rng = np.random.default_rng(0)
    x = (scale * rng.normal(size=(60, classes))).astype(np.float32)
    x[::3, -1] = x[::3, 0]
    y = rng.integers(0, classes, 60)
    values = ls.multiclass_sparsemax(x, y, reduction="none")
    slopes = ls.multiclass_sparsemax.value_and_gradient(x, y, reduction="sum")[1]
    for row, label, value, slope in zip(x, y, values, slopes, strict=True):
        right, wanted = exact_sparsemax([Fraction(float(score)) for score in row], label)
        assert abs(Fraction(float(value)) - right) <= 4 * 2**-23 * max(right, Fraction(1, 4)) + 2**-22 * abs(
            wanted[label]
        )
        assert max(abs(Fraction(float(a)) - b) for a, b in zip(slope, wanted, strict=True)) <= 4 * 2**-23


def test_the_hessian_of_sparsemax() -> None:
    """1 − 1/n on the diagonal and −1/n elsewhere, among the n classes with a probability; of the whole row."""
    x, y = torch.tensor([[0.5, 0.25, 0.0, -2.0]], dtype=torch.float64), torch.tensor([3])
    found = torch.func.hessian(lambda a: ls.multiclass_sparsemax(a, y))(x)[0, :, 0]
    expected = np.zeros((4, 4))
    expected[:3, :3] = np.eye(3) - 1 / 3
    np.testing.assert_allclose(found, expected, atol=1e-15)


# --- levels --------------------------------------------------------------------------------------------------------

TINY = mpf(2) ** -126
GAPS = [2.0**-20, 1e-3, 0.5, 0.6931472, 0.75, 3.0, 12.0, 40.0, 500.0]


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("f", [-90.0, -12.0, -1.0, 0.0, 0.25, 8.0, 95.0, 1e4])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_cumulative_link_in_float32(f: float, gap: float, level: int) -> None:
    """Loss and slopes within 4 ulp of the exact result, or of the largest term where it is a difference.

    The distance from a threshold is rounded, whose exponential is then off by as many ulp as it is large.
    """
    mp.prec = 30000  # of a difference of two probabilities that are nearly 1
    thresholds = np.array([0.0, gap], np.float32)
    ends = [mpf("-inf"), *(mpf(float(one)) for one in thresholds), mpf("inf")]
    lower, upper = (1 / (1 + mp.exp(f - end)) for end in ends[level : level + 2])
    off = (4 + min(abs(f) + gap, 100)) * 2**-23
    value, (slope, of_thresholds) = ls.cumulative_link.value_and_gradient(
        np.array([f], np.float32), [level], thresholds
    )
    right = -mp.log(upper - lower)
    assert abs(value - right) <= off * right + TINY
    assert abs(slope[0] - (1 - upper - lower)) <= off * max(1 - upper, lower) + TINY
    own = [lower * (1 - lower) / (upper - lower), -upper * (1 - upper) / (upper - lower)]
    expected = [mpf(0), *own, mpf(0)][2 - level : 4 - level] if level != 1 else own
    for found, wanted in zip(of_thresholds, expected, strict=True):
        assert abs(found - wanted) <= off * abs(wanted) + TINY


@pytest.mark.parametrize("gap", [1e-3, 0.5, 3.0, 12.0])
def test_second_derivatives_of_cumulative_link(gap: float) -> None:
    """In the predictions, in the thresholds and in both; exact for thresholds that are close, where autograd is not."""
    f, y = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64), torch.tensor([0, 1, 2])
    thresholds = torch.tensor([0.0, gap], dtype=torch.float64)
    found, expected = (
        torch.func.hessian(function, argnums=(0, 1))(f, thresholds)
        for function in (
            lambda a, b: ls.cumulative_link(a, y, b, reduction="sum"),
            lambda a, b: CASES["cumulative_link"].definition(a, y, b),
        )
    )
    for own, wanted in zip(sum(found, ()), sum(expected, ()), strict=True):
        np.testing.assert_allclose(own, wanted, rtol=1e-8, atol=1e-8)


def test_thresholds_rise() -> None:
    message = r"cumulative_link: thresholds\[1\] is -1, less than the one before it; they must rise \(1 of 3 is wrong\)"
    for make in (np.array, torch.tensor):
        with pytest.raises(DomainError, match=message):
            ls.cumulative_link(make([0.0, 0.0]), make([1, 0]), make([1.0, -1.0, 0.0]))
    assert np.isnan(jax.jit(ls.cumulative_link)(np.zeros(2), np.zeros(2, int), np.array([1.0, -1.0])))
    assert ls.cumulative_link([0.0], [1], [2.0, 2.0]) == INF
    for level, ends in ((0, [-INF, 0.0]), (2, [0.0, INF])):
        value, (_, slope) = ls.cumulative_link.value_and_gradient([0.0], [level], ends)
        assert (value, slope.tolist()) == (INF, [-1.0, 0.0] if level == 0 else [0.0, 1.0])
    assert ls.cumulative_link([0.0, 0.0], [0, 2], [-INF, INF]) == INF


def test_levels_go_up_to_the_number_of_boundaries() -> None:
    with pytest.raises(LabelError, match=r"target\[1\] is 3; it must be a whole number from 0 to 2"):
        ls.cumulative_link([0.0, 0.0], [0, 3], [0.0, 1.0])
    with pytest.raises(LabelError, match=r"target\[0\] is 3"):
        ls.ordinal_cross_entropy([[0.0, 0.0]], [3])
    with pytest.raises(LabelError, match=r"target\[0\] is 0.5"):
        ls.ordinal_cross_entropy([[0.0, 0.0]], [0.5])
    with pytest.raises(ShapeError, match="there is nothing along boundary"):
        ls.cumulative_link([0.0], [0], [])


def test_thresholds_are_learned_with_a_network() -> None:
    """Weights count in their gradients, and items of weight 0 do not, whatever they hold."""
    f, thresholds = torch.tensor([0.5, NAN, -1.0], requires_grad=True), torch.tensor([-1.0, 1.0], requires_grad=True)
    loss = ls.cumulative_link(f, torch.tensor([1, 0, 2]), thresholds, weight=torch.tensor([1.0, 0.0, 3.0]))
    loss.backward()
    alone = ls.cumulative_link.value_and_gradient(
        np.array([0.5, -1.0], np.float32), [1, 2], np.array([-1.0, 1.0], np.float32), weight=[1.0, 3.0]
    )
    np.testing.assert_allclose(loss.item(), alone[0], rtol=1e-6)
    np.testing.assert_allclose(np.asarray(f.grad), [alone[1][0][0], 0.0, alone[1][0][1]], rtol=1e-6)
    np.testing.assert_allclose(np.asarray(thresholds.grad), alone[1][1], rtol=1e-6)
