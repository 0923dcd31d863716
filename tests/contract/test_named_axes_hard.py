"""Hard input of losses of named axes: any layout, what does not count, infinite scores, wrong labels, nothing.

Each case was once wrong.
"""

from __future__ import annotations

import math
from typing import Any

import jax
import numpy as np
import pytest
import torch

import lossary
from arrays import FRAMEWORKS, Framework
from lossary.errors import ArgumentError, DomainError, EmptyError, LabelError, ShapeError

ls: Any = lossary
INF, NAN = math.inf, math.nan
LISTS = np.array([[2.0, 1.0, 0.0], [2.0, 1.0, 0.0]])


def test_fields_of_records_are_read_where_they_lie() -> None:
    """Their strides are no whole numbers of floats."""
    records = np.zeros(2, [("scores", "f8", (3,)), ("number", "i4")])
    records["scores"] = [[2.0, 0.0, 1.0], [0.0, 1.0, 2.0]]
    assert ls.ranknet(records["scores"], LISTS) == ls.ranknet(records["scores"].copy(), LISTS)


@pytest.mark.parametrize("hidden", [NAN, INF, -INF])
def test_an_item_of_weight_0_has_slope_0_whatever_it_holds(hidden: float) -> None:
    calls = {
        "list_mle": (np.array([[hidden, 0.0], [1.0, 2.0]]), [[1, 0], [1, 0]]),
        "ctc": (np.array([[[hidden, 0.0]] * 2, [[0.0, 0.0]] * 2]), [[1], [1]]),
        "ranknet": (np.array([[hidden, hidden], [1.0, 2.0]]), [[1, 0], [1, 0]]),
    }
    for name, (first, target) in calls.items():
        weight = np.array([0.0, 1.0])
        value, slope = ls.get(name).value_and_gradient(first, target, weight=weight)
        np.testing.assert_array_equal(slope[0], 0.0)
        assert value == ls.get(name)(first[1:], target[1:])
        x = torch.tensor(first, requires_grad=True)
        ls.get(name)(x, torch.tensor(target), weight=torch.tensor(weight)).backward()
        np.testing.assert_allclose(np.asarray(x.grad), slope, rtol=1e-12)


@pytest.mark.parametrize(
    ("scores", "value", "slope"),
    [
        ([INF, 0.0, 0.0], math.log(2.0), [0.0, -0.5, 0.5]),
        ([0.0, 0.0, -INF], math.log(2.0), [-0.5, 0.5, 0.0]),
        ([0.0, -INF, -INF], 0.0, [0.0, 0.0, 0.0]),
    ],
)
def test_infinite_scores_are_limits(scores: list[float], value: float, slope: list[float]) -> None:
    found = ls.list_mle.value_and_gradient([scores], [[3, 2, 1]])
    np.testing.assert_allclose(found[0], value, rtol=1e-15)
    np.testing.assert_allclose(found[1], [slope], rtol=1e-15)
    assert ls.list_mle([[0.0, 0.0, INF]], [[3, 2, 1]]) == INF


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_only_differences_of_scores_count(framework: Framework) -> None:
    """To all digits of float32, in which a logarithm of a sum of exponentials of 4096 has three after the point."""
    scores, target = np.array([[0.0, 1.0, -2.0, 1.5]], np.float32) / 2**8, np.array([[1.0, 3.0, 0.0, 2.0]], np.float32)
    given = framework.make(scores + np.float32(4096)), framework.make(target)
    value, slope = ls.list_mle.value_and_gradient(*given)
    expected = ls.list_mle.value_and_gradient(scores.astype(float), target.astype(float))
    np.testing.assert_allclose(framework.numpy(value), expected[0], rtol=3e-7)
    np.testing.assert_allclose(framework.numpy(slope), expected[1], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    ("target", "blank", "text"),
    [
        ([[1, -1, 2], [1, 2, 1]], 0, r"target\[0, 2\] is 2, after a −1, which ends a target \(1 of 6 is wrong\)"),
        ([[1, 2, -1], [-1, 1, 2]], 0, r"target\[1, 1\] is 1, after a −1"),
        ([[1, 2, -1], [1, 0, 0]], 0, r"target\[1, 1\] is 0, the blank; a target holds labels only \(2 of 6"),
        ([[1, 2, -1], [1, 0, 0]], 2, r"target\[0, 1\] is 2, the blank"),
        ([[1, -1, 0], [1, 0, 1]], 2, r"target\[0, 2\] is 0, after a −1"),
    ],
)
def test_a_label_after_padding_or_a_blank_in_the_target(target: list[list[int]], blank: int, text: str) -> None:
    x = np.zeros((2, 4, 3))
    for make in (np.asarray, torch.tensor):
        with pytest.raises(LabelError, match=text):
            ls.ctc(make(x), make(np.array(target)), blank=blank)
    unseen = jax.jit(lambda x: ls.ctc(x, target, blank=blank, reduction="none"))(x)
    assert np.isnan(unseen).tolist() == [bool("[0" in text), "[1" in text]
    rest = [1.0 - ("[0" in text), 1.0 - ("[1" in text)]
    assert np.isfinite(ls.ctc(x, target, blank=blank, weight=rest))


def test_what_cannot_be_spelled_has_no_slope() -> None:
    value, slope = ls.ctc.value_and_gradient(np.zeros((1, 2, 3)), [[1, 1]])
    assert value == INF
    np.testing.assert_array_equal(slope, 0.0)


def test_labels_that_are_no_classes() -> None:
    with pytest.raises(LabelError, match=r"ctc: target\[0, 1\] is 3; it must be a whole number from -1 to 2"):
        ls.ctc(np.zeros((1, 4, 3)), [[1, 3]])
    with pytest.raises(LabelError, match=r"target\[0, 1\] is 255.*Leave places out with mask="):
        ls.lovasz_softmax([[[1.0, 1.0]]], [[0, 255]])


def test_labels_are_whole_numbers() -> None:
    x = np.zeros((1, 4, 3))
    with pytest.raises(LabelError, match=r"target\[0, 0\] is 1.5; it must be a whole number"):
        ls.ctc(x, [[1.5]])
    with pytest.raises(ArgumentError, match=r"blank is 0.5; it must be a whole number from 0"):
        ls.ctc(x, [[1]], blank=0.5)
    with pytest.raises(ArgumentError, match=r"blank is 3; it must be a whole number from 0 to 2"):
        ls.ctc(x, [[1]], blank=3)
    with pytest.raises(DomainError, match=r"target\[1\] is 16777216"):  # float32 does not tell it from the next
        ls.supervised_contrastive(np.eye(2, dtype=np.float32), [0, 2**24 + 1])
    with pytest.raises(DomainError, match=r"target\[1\] is inf"):
        ls.supervised_contrastive(np.eye(2), [0, INF])


@pytest.mark.parametrize("make", [np.asarray, torch.tensor], ids=["numpy", "torch"])
def test_a_place_is_checked_at_every_length(make: Any) -> None:
    """A call like an earlier one, but for a shorter axis, is checked again."""
    target = make([[1, 2]])
    for _ in range(3):
        assert ls.ctc(make(np.zeros((1, 6, 5))), target, blank=4) > 0
    with pytest.raises(ArgumentError, match=r"blank is 4; it must be a whole number from 0 to 3"):
        ls.ctc(make(np.zeros((1, 6, 4))), target, blank=4)


@pytest.mark.parametrize(("label", "blank"), [(3, 0), (-2, 0), (1, 3), (1, 0.5), (1.5, 0)])
def test_what_is_wrong_and_cannot_be_seen_is_nan(label: float, blank: float) -> None:
    call = jax.jit(lambda target, blank: ls.ctc(jax.numpy.zeros((1, 4, 3)), target, blank=blank))
    assert np.isnan(call(jax.numpy.asarray([[label]]), blank))
    assert np.isfinite(call(jax.numpy.asarray([[1 + 0 * label]]), 0.0 * blank))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_target_far_from_all_components(dtype: Any) -> None:
    """Its square overflows, or that of one component does, or a component is not there."""
    far, ones = np.finfo(dtype).max / 4, np.ones((1, 2), dtype)

    def call(logits: Any, prediction: Any, target: float, variance: Any = ones) -> tuple[Any, Any, Any]:
        given = [np.array(x, dtype) for x in (logits, prediction, [target], variance)]
        value, (of_logits, of_prediction, of_variance) = ls.gaussian_mixture_nll.value_and_gradient(*given)
        assert not np.isnan(of_variance).any()
        return value, of_logits[0], of_prediction[0]

    value, of_logits, of_prediction = call([[0, 0]], [[0, 0]], far)
    assert value == (INF if dtype is not np.float16 else np.float32(far) ** 2 / 2)
    np.testing.assert_array_equal(of_logits, 0)
    np.testing.assert_array_equal(of_prediction, -far / 2)
    for logits, prediction, target in (([[0, 0]], [[far, 1]], 1.0), ([[-INF, 0]], [[2, 1]], 1.0)):
        value, of_logits, of_prediction = call(logits, prediction, target)
        assert value == pytest.approx(math.log(2.0) if logits[0][0] == 0 else 0.0, rel=1e-3)
        np.testing.assert_allclose(of_logits, [0.5, -0.5] if logits[0][0] == 0 else 0.0)
        np.testing.assert_array_equal(of_prediction, 0)


def test_a_mixture_without_components_is_nan() -> None:
    assert np.isnan(ls.gaussian_mixture_nll([[-INF, -INF]], [[0.0, 1.0]], [1.0], [[1.0, 1.0]]))


def test_second_derivatives_of_a_mixture_are_finite_where_a_square_overflows() -> None:
    given = [torch.tensor(x) for x in ([[0.0, 0.0]], [[1e30, 1.0]], [0.5], [[1e-20, 1.0]])]
    rows = torch.func.hessian(ls.gaussian_mixture_nll, argnums=(0, 1, 2, 3))(*given)
    assert all(torch.isfinite(block).all() for row in rows for block in row)
    np.testing.assert_allclose(np.asarray(rows[1][1]).reshape(2, 2), [[0, 0], [0, 1]])


def test_an_ensemble_far_from_0_keeps_its_digits() -> None:
    """Members that differ in the last digits only: a difference of two means would have none."""
    x = np.float32(1e6) + np.arange(8, dtype=np.float32)[None] / 16
    y = np.array([1e6 + 0.25], np.float32)
    exact, slope = ls.ensemble_crps.value_and_gradient(x.astype(np.float64), y.astype(np.float64))
    value, found = ls.ensemble_crps.value_and_gradient(x, y)
    np.testing.assert_allclose(value, exact, rtol=2e-7)
    np.testing.assert_allclose(found, slope, rtol=2e-7)


def test_members_that_are_equal_infinite_or_missing() -> None:
    value, slope = ls.ensemble_crps.value_and_gradient([[2.0, 1.0, 2.0, 1.0]], [1.0])
    assert value == 0.25
    np.testing.assert_array_equal(slope, [[0.125, 0.125, 0.125, 0.125]])
    value, slope = ls.ensemble_crps.value_and_gradient([[INF, 1.0, 9.0]], [1.5])
    assert value == INF
    np.testing.assert_allclose(slope, [[1 / 9, -1 / 9, 1 / 3]], rtol=1e-15)
    assert ls.ensemble_crps([[INF, 1.0, 9.0]], [1.5], fair=1.0) == 2.5
    mask = [[True, True, False], [False, False, False]]
    assert ls.ensemble_crps([[0.0, 2.0, NAN]] * 2, [0.5, 0.5], mask=mask) == 0.5


def test_small_volumes_weigh_as_their_limit() -> None:
    """The class of volume 2e-20 outweighs the other; what is predicted of it is all wrong."""
    p, t = np.full((1, 2, 2), 0.5, np.float32), np.array([[[1, 1], [1e-20, 1e-20]]], np.float32)
    value, slope = ls.generalised_dice.value_and_gradient(p, t)
    np.testing.assert_allclose(value, 1.0, rtol=1e-6)
    assert np.isfinite(slope).all()


@pytest.mark.parametrize(
    "name",
    [
        "siglip", "supervised_contrastive", "ranknet", "generalised_dice", "ctc",
        "crammer_singer", "weston_watkins", "squared_weston_watkins", "multiclass_perceptron", "multilabel_margin",
        "multiclass_sparsemax",
        "cumulative_link", "ordinal_cross_entropy",
    ],
)  # fmt: skip
def test_no_items(name: str) -> None:
    shapes = {"item": 0, "entry": 3, "class": 3, "place": 4, "feature": 2, "time": 5, "label": 2, "boundary": 2}
    loss = ls.get(name)
    given = [np.zeros([shapes[axis] for axis in axes.split()]) for axes in loss.record.axes.values()]
    for make in (np.asarray, torch.tensor):
        arrays = [make(array) for array in given]
        value, slopes = loss.value_and_gradient(*arrays)
        assert float(value) == 0.0
        first = slopes[0] if isinstance(slopes, tuple) else slopes
        assert tuple(first.shape) == given[0].shape
        assert np.isnan(float(loss(*arrays, empty="nan")))
        assert tuple(loss(*arrays, reduction="none").shape) == (0,)
        with pytest.raises(EmptyError):
            loss(*arrays, empty="raise")


@pytest.mark.parametrize("rows", [0, 1])
def test_transforms_of_a_batch_without_pairs(rows: int) -> None:
    """Of no rows there is no maximum, of one no softmax over the others; neither has a derivative that is NaN."""
    x, target = np.ones((rows, 2)), np.zeros(rows, int)
    slope = torch.func.grad(lambda a: ls.supervised_contrastive(a, torch.tensor(target)))(torch.tensor(x))
    twice = jax.jacrev(jax.grad(lambda a: ls.supervised_contrastive(a, jax.numpy.asarray(target))))
    np.testing.assert_array_equal(slope, np.zeros((rows, 2)))
    np.testing.assert_array_equal(twice(jax.numpy.asarray(x)), np.zeros((rows, 2, rows, 2)))


@pytest.mark.parametrize("label", [0, 1, 2**24])
def test_a_row_of_weight_0_has_no_partner_and_does_not_count(label: int) -> None:
    """Whatever it holds: it is in nobody's pairs."""
    x = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
    found = ls.supervised_contrastive(x, [label, 1, 0, 0], weight=[0, 1, 1, 1], denominator="count")
    np.testing.assert_allclose(found, ls.supervised_contrastive(x[1:], [1, 0, 0]), rtol=1e-14)


def test_lists_of_one_entry_are_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Swapped axes are in the memory of what they are made from, which a difference may not overwrite."""
    monkeypatch.setattr("lossary.execution.cpu.several_axes.serves", lambda _: False)
    scores = torch.tensor([[3.0], [4.0]])
    ls.ranknet.configure().value_and_gradient(scores, torch.tensor([[1.0], [2.0]]))
    assert scores.tolist() == [[3.0], [4.0]]


def test_products_keep_their_dtype_under_autocast() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(8, 32), torch.randn(8, 32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = ls.siglip(a, b)
    assert found == ls.siglip(a, b)


def test_results_can_be_written_to() -> None:
    ls.ranknet(LISTS, LISTS, reduction="none")[0] = 1.0


@pytest.mark.parametrize("name", ["softmax_cross_entropy", "crammer_singer"])
def test_labels_that_float32_does_not_tell_apart(name: str) -> None:
    """A place would be another one, or none at all; so also for a shape that comes after others."""
    few, many = (np.zeros((1, classes), np.float32) for classes in (9, 2**24 + 3))
    ls.get(name).value_and_gradient(few, np.array([1]))
    for call in (ls.get(name), ls.get(name).value_and_gradient):
        with pytest.raises(ShapeError, match="a label cannot tell 16777219 places apart in float32, only 16777216"):
            call(many, np.array([2**24 + 3]))  # the float32 of their number is greater
