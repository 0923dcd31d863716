"""Losses of named axes: values, gradients, masks, weights and errors, on every framework, of formulas that users write.

Expected values are those of plain PyTorch; a mask is held to the same call without what it removes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import jax
import numpy as np
import pytest
import torch

import lossary as ls
from arrays import FRAMEWORKS, Framework
from lossary.errors import ArgumentError, ArgumentTypeError, DomainError, FormulaError, NotAdditiveError, ShapeError
from lossary.vocabulary import average, log_softmax, ordered, other, square, total
from symbolic.several_axes import CASES

Array = np.ndarray[Any, Any]
LISTS = {"scores": "item entry", "target": "item entry"}
MASKS = {"filtered": "item time"}  # of formulas that are not in the catalogue
COUPLED = {"siglip", "supervised_contrastive", "vicreg"}
of_each_case = pytest.mark.parametrize("name", CASES)
of_some_cases = pytest.mark.parametrize("name", ["list_mle", "lovasz_softmax", "supervised_contrastive"])  # most words
of_each_framework = pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)


def loss_of(name: str) -> ls.Loss:
    """A loss of the catalogue, or one that a user would make."""
    if name in {record.name for record in ls.losses()}:
        return ls.get(name)
    axes = {argument: axes for argument, (axes, _) in CASES[name].arrays.items()}
    return ls.loss(axes=axes, mask=MASKS.get(name, "item"))(CASES[name].formula)


def arrays_of(name: str) -> list[Array]:
    return [np.asarray(array, np.float64) for _, array in CASES[name].arrays.values()]


def first(gradients: Any) -> Any:
    return gradients[0] if isinstance(gradients, tuple) else gradients


def close(framework: Framework) -> dict[str, Any]:
    return {"rtol": 2e-5, "atol": 2e-6} if framework.name == "jax" else {"rtol": 1e-10, "atol": 1e-13}


# --- values and derivatives ----------------------------------------------------------------------------------------


@of_each_case
@of_each_framework
def test_value_and_gradient(name: str, framework: Framework) -> None:
    loss, arrays = loss_of(name), arrays_of(name)
    x, *rest = (torch.tensor(array) for array in arrays)
    expected = CASES[name].definition(x.requires_grad_(), *rest)
    (slope,) = torch.autograd.grad(expected, x)
    value, gradients = loss.value_and_gradient(*map(framework.make, arrays), reduction="sum")
    np.testing.assert_allclose(framework.numpy(value), expected.detach(), **close(framework))
    np.testing.assert_allclose(framework.numpy(first(gradients)), slope, **close(framework))


@of_each_case
def test_the_losses_of_items(name: str) -> None:
    """Their sum is the whole, and the mean divides by their number."""
    loss, arrays = loss_of(name), arrays_of(name)
    each, whole = loss(*arrays, reduction="none"), loss(*arrays, reduction="sum")
    assert each.shape == (() if name == "vicreg" else arrays[0].shape[:1])
    np.testing.assert_allclose(each.sum(), whole, rtol=1e-12)
    count = 3 if name == "supervised_contrastive" else each.size  # a row without partner has no loss
    np.testing.assert_allclose(loss(*arrays), whole / count, rtol=1e-12)


def test_the_order_of_dimensions_is_free() -> None:
    @ls.loss(axes={"prediction": "feature item", "centre": "item feature", "target": "item"})
    def distance(prediction: Any, centre: Any, target: Any) -> Any:
        return total(square(prediction - centre), over="feature") * target

    x, c, y = np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(3, 2) ** 2, np.array([1.0, 2.0, 3.0])
    value, slopes = distance.value_and_gradient(x, c, y, reduction="sum")
    np.testing.assert_allclose(value, (y * (x - c.T) ** 2).sum())
    np.testing.assert_allclose(slopes[0], 2 * y * (x - c.T))
    np.testing.assert_allclose(slopes[1], -2 * (y * (x - c.T)).T)


@pytest.mark.parametrize("make", [np.asarray, torch.tensor], ids=["numpy", "torch"])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_gradients_are_written_where_asked(make: Any, reduction: str) -> None:
    @ls.loss(axes={"prediction": "feature item", "centre": "item feature", "target": "item"})
    def distance(prediction: Any, centre: Any, target: Any) -> Any:
        return square(total(square(prediction - centre), over="feature") - target)

    rng = np.random.default_rng(0)
    given = [make(rng.normal(size=shape)) for shape in ((2, 3), (3, 2), (3,))]
    value, gradients = distance.value_and_gradient(*given, reduction=reduction)
    buffers = tuple(make(np.full(np.shape(one), np.nan)) for one in gradients)
    again, written = distance.value_and_gradient(*given, reduction=reduction, out=buffers)
    np.testing.assert_array_equal(again, value)
    for one, buffer, wanted in zip(written, buffers, gradients, strict=True):
        assert one is buffer
        np.testing.assert_array_equal(one, wanted)
    with pytest.raises(ArgumentError, match="out shares memory with an input"):
        distance.value_and_gradient(*given, out=(given[0], buffers[1]))


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_a_loss_times_a_number(scale: float) -> None:
    """Its gradients are those of the loss times the number, also where another number was expected."""
    x = torch.tensor(arrays_of("lovasz_softmax")[0], requires_grad=True)
    rest = [torch.tensor(one) for one in arrays_of("lovasz_softmax")[1:]]
    (expected,) = torch.autograd.grad(loss_of("lovasz_softmax")(x, *rest), x)
    for factor in (scale, 2.0, 2.0, 2.0, 3.0):
        (found,) = torch.autograd.grad(factor * loss_of("lovasz_softmax")(x, *rest), x)
        torch.testing.assert_close(found, factor * expected, rtol=1e-12, atol=1e-15)


def test_a_new_length_is_checked_as_the_first() -> None:
    loss, rng = loss_of("ranknet"), np.random.default_rng(0)
    for items, entries in ((3, 5), (4, 6), (2, 2), (3, 1), (1, 1), (3, 0), (0, 3)):
        x, y = rng.normal(size=(2, items, entries))
        if not entries:
            with pytest.raises(ShapeError, match="there is nothing along entry"):
                loss(x, y)
            continue
        each = [np.logaddexp(0.0, x[i, j] - x[i, k]) * (y[i, k] > y[i, j]) for i in range(items)
                for j in range(entries) for k in range(entries)]  # fmt: skip
        np.testing.assert_allclose(loss(x, y, reduction="sum"), np.sum(each), rtol=1e-12)
        with pytest.raises(ShapeError, match="nothing is broadcast"):
            loss(x, y[:, :1].repeat(entries + 1, 1))


def test_what_all_items_share_gets_the_sum_of_their_gradients() -> None:
    @ls.loss(axes={"prediction": "item feature", "centre": "feature", "target": "item feature"})
    def distance(prediction: Any, centre: Any, target: Any) -> Any:
        return total(square(prediction - centre - target), over="feature")

    x, c, y = np.arange(6.0).reshape(3, 2), np.ones(2), np.zeros((3, 2))
    _, (_, slope) = distance.value_and_gradient(x, c, y, reduction="sum", weight=[1.0, 0.0, 2.0])
    np.testing.assert_allclose(slope, -2 * (np.array([1.0, 0.0, 2.0])[:, None] * (x - c)).sum(0))


def test_the_number_of_places_along_an_axis_that_a_word_made() -> None:
    @ls.loss(axes={"scores": "item entry", "target": "item entry"}, mask="item entry")
    def gaps(scores: Any, target: Any) -> Any:
        return average(average(square(other(scores, "entry") - scores), "other_entry") * target, "entry")

    x, y = np.array([[0.0, 1.0, 3.0]]), np.array([[1.0, 1.0, 0.0]])
    np.testing.assert_allclose(gaps(x, y), ((0 + 1 + 9) / 3 + (1 + 0 + 4) / 3) / 3)
    np.testing.assert_allclose(gaps(x, y, mask=[[True, True, False]]), 0.5)


# --- under the frameworks' transforms -----------------------------------------------------------------------------


def of_a_batch(name: str) -> tuple[Callable[..., Any], list[Array], Array]:
    """A loss, two calls' arrays, and the second's gradient."""
    loss, arrays = loss_of(name), arrays_of(name)
    twice = [np.stack([array, array]) for array in arrays]
    twice[0][1] *= 0.5
    slope = first(loss.value_and_gradient(*(array[1] for array in twice))[1])
    return lambda *given: loss(*given), twice, slope


@of_some_cases
def test_vmap_of_torch(name: str) -> None:
    function, twice, slope = of_a_batch(name)
    found = torch.func.vmap(torch.func.grad(function))(*map(torch.tensor, twice))[1]
    np.testing.assert_allclose(found, slope, rtol=1e-9, atol=1e-12)


@of_some_cases
def test_vmap_of_jax_under_jit(name: str) -> None:
    function, twice, slope = of_a_batch(name)
    with jax.enable_x64(True):
        found = jax.jit(jax.vmap(jax.grad(function)))(*map(jax.numpy.asarray, twice))[1]
    np.testing.assert_allclose(found, slope, rtol=1e-9, atol=1e-12)


def test_second_derivatives_of_torch() -> None:
    x, y = map(torch.tensor, arrays_of("list_mle"))
    torch.autograd.gradgradcheck(lambda a: loss_of("list_mle")(a, y), (x.requires_grad_(),))


def test_compiled_by_torch() -> None:
    loss, (x, y) = loss_of("ranknet"), map(torch.tensor, arrays_of("ranknet"))
    torch.compile(lambda a: loss(a, y), fullgraph=True, backend="aot_eager")(x.requires_grad_()).backward()
    np.testing.assert_allclose(np.asarray(x.grad), loss.value_and_gradient(x.detach(), y)[1], rtol=1e-12)


def test_upstream_gradients_of_each_item() -> None:
    loss, (x, y) = loss_of("ranknet"), map(torch.tensor, arrays_of("ranknet"))
    factors = torch.tensor([1.0, 0.0, -3.0], dtype=torch.float64)
    (factors * loss(x.requires_grad_(), y, reduction="none")).sum().backward()
    slope = loss.value_and_gradient(x.detach(), y, reduction="sum")[1]
    np.testing.assert_allclose(np.asarray(x.grad), factors[:, None] * slope, rtol=1e-12)


# --- masks and weights ---------------------------------------------------------------------------------------------


def parts(name: str, mask: Array) -> Iterator[tuple[list[Array], Callable[[Array], Array]]]:
    """The arrays without what is masked, in calls of their own where lists differ in length.

    With them comes a function that places a gradient of such a call in zeros of the first array's shape.
    """
    axes, arrays = [axes.split() for axes, _ in CASES[name].arrays.values()], arrays_of(name)
    inner = loss_of(name).record.mask.split()[-1]
    lists = [(slice(None), mask)] if inner == "item" else [(slice(i, i + 1), mask[i]) for i in range(len(mask))]
    for rows, kept in lists:
        if kept.any():
            given = [(array[rows] if "item" in own else array, own) for array, own in zip(arrays, axes, strict=True)]
            left: list[Any] = [
                np.compress(kept, array, axis=own.index(inner)) if inner in own else array for array, own in given
            ]
            yield left, partial(_placed, arrays[0], rows, kept, axes[0].index(inner))


def _placed(like: Array, rows: slice, kept: Array, axis: int, slope: Array) -> Array:
    found = np.zeros_like(like)
    found[rows][tuple(kept if k == axis else slice(None) for k in range(like.ndim))] = slope
    return found


def without(name: str, arrays: list[Array], mask: Array) -> list[Array]:
    """The arrays with NaN where they are masked."""
    axes, own = [axes.split() for axes, _ in CASES[name].arrays.values()], loss_of(name).record.mask.split()
    found = []
    for array, named in zip(arrays, axes, strict=True):
        lengths = [n if axis in own else 1 for axis, n in zip(named, array.shape, strict=True)]
        fits = set(own) <= set(named)
        found.append(np.where(mask.reshape(lengths), array, np.nan) if fits else array)
    return found


@cache
def masked_by_hand(name: str) -> tuple[Array, Any, Array]:
    """A mask, and the value and the gradient of what it leaves, in calls of their own by NumPy."""
    loss, arrays, given = loss_of(name), arrays_of(name), CASES[name].arrays.values()
    lengths = dict(pair for axes, array in given for pair in zip(axes.split(), array.shape, strict=True))
    mask = np.random.default_rng(5).random([lengths[axis] for axis in loss.record.mask.split()]) < 0.7
    value, slope = 0.0, np.zeros_like(arrays[0])
    for kept, place in parts(name, mask):
        one, gradients = loss.value_and_gradient(*kept, reduction="sum")
        value, slope = value + one, slope + place(first(gradients))
    return mask, value, slope


@of_each_case
@of_each_framework
def test_what_is_masked_is_as_if_it_were_not_there(name: str, framework: Framework) -> None:
    loss, arrays = loss_of(name), arrays_of(name)
    mask, value, slope = masked_by_hand(name)
    hidden = [framework.make(array) for array in without(name, arrays, mask)]
    found, gradients = loss.value_and_gradient(*hidden, mask=framework.make(mask), reduction="sum")
    np.testing.assert_allclose(framework.numpy(found), value, **close(framework))
    np.testing.assert_allclose(framework.numpy(first(gradients)), slope, **close(framework))


def test_a_list_without_entries_does_not_count() -> None:
    loss, (x, y) = loss_of("ranknet"), arrays_of("ranknet")
    mask = np.array([True, False, True])[:, None] & np.ones(x.shape, bool)
    np.testing.assert_allclose(loss(x, y, mask=mask), loss(x[[0, 2]], y[[0, 2]]), rtol=1e-14)
    assert loss.total(x, y, mask=mask).count == 2


def test_a_weight_of_zero_removes_an_item_from_all_pairs() -> None:
    loss, (a, b) = loss_of("siglip"), arrays_of("siglip")
    weight, kept = np.array([2.0, 0.0, 1.0, 1.0, 0.5]), [0, 2, 3, 4]
    expected = (weight[kept] * loss(a[kept], b[kept], reduction="none")).sum()
    np.testing.assert_allclose(loss(a, b, weight=weight, reduction="sum"), expected, rtol=1e-13)


@of_each_framework
@pytest.mark.parametrize("keyword", ["mask", "weight"])
def test_what_an_item_holds_that_does_not_count(keyword: str, framework: Framework) -> None:
    """The gradient of a loss of single items has no NaN where an item is left out, whatever its words run along."""

    @ls.loss(axes={"logits": "item class", "target": "item class"}, mask="item")
    def distance(logits: Any, target: Any) -> Any:
        return total(square(log_softmax(logits, over="class") - target), over="class")

    logits, target = np.random.default_rng(0).normal(size=(2, 3, 4))
    kept = np.array([False, True, True])
    clean = distance.value_and_gradient(logits[1:], target[1:], reduction="sum")
    logits[0] = np.nan
    option: dict[str, Any] = {keyword: framework.make(kept if keyword == "mask" else kept.astype(float))}
    arrays = framework.make(logits), framework.make(target)
    value, gradients = distance.value_and_gradient(*arrays, reduction="sum", **option)
    np.testing.assert_allclose(framework.numpy(value), clean[0], **close(framework))
    slope = np.vstack([np.zeros((1, 4)), first(clean[1])])
    np.testing.assert_allclose(framework.numpy(first(gradients)), slope, **close(framework))


def test_nan_among_keys_is_no_number_at_the_end() -> None:
    """The order of what is masked and what is NaN does not hide the NaN."""

    @ls.loss(axes={"scores": "item entry", "target": "item entry"}, mask="item entry")
    def least(scores: Any, target: Any) -> Any:
        return total(ordered(scores * target, by=scores, over="entry"), over="sorted_entry")

    x, y = np.array([[1.0, 2.0, np.nan]]), np.ones((1, 3))
    assert np.isnan(least(x, y, mask=[[True, False, True]]))


# --- errors --------------------------------------------------------------------------------------------------------


def shifted_place(scores: Any, target: Any) -> Any:
    return total(scores - target, over="place")


def still_varies(scores: Any, target: Any) -> Any:
    return scores - target


def is_a_condition(scores: Any, target: Any) -> Any:
    return 0.0 < total(scores - target)


FORMULAS: list[tuple[Any, dict[str, Any], str]] = [
    (shifted_place, {"axes": LISTS}, "cannot run over place"),
    (still_varies, {"axes": LISTS}, r"still varies along entry at the end: sum over it"),
    (is_a_condition, {"axes": LISTS}, "is a condition"),
    (still_varies, {"axes": {"scores": "item"}}, r'axes must name the axes of each array, in order: \{"scores"'),
    (still_varies, {"axes": {"scores": "item item", "target": "item"}}, "are different names"),
    (still_varies, {"axes": {"scores": 3, "target": "item"}}, "are different names"),
    (still_varies, {"axes": {"scores": "item", "target": "item"}, "mask": "item entry"}, "the mask's axes are"),
]


@pytest.mark.parametrize(("formula", "declared", "text"), FORMULAS, ids=[text for *_, text in FORMULAS])
def test_formulas_that_cannot_be_a_loss(formula: Any, declared: dict[str, Any], text: str) -> None:
    with pytest.raises(FormulaError, match=text):
        ls.loss(**declared)(formula)


def test_calls_that_cannot_be_right() -> None:
    loss, (x, y) = loss_of("ranknet"), arrays_of("ranknet")
    with pytest.raises(ShapeError, match=r"scores has shape \(5,\); it needs 2 dimensions: item, entry"):
        loss(x[0], y[0])
    with pytest.raises(
        ShapeError,
        match=r"target has shape \(3, 4\), with 4 along entry, where scores, whose dimensions are item, entry, has 5",
    ):
        loss(x, y[:, :4])
    with pytest.raises(ShapeError, match="there is nothing along entry"):
        loss(x[:, :0], y[:, :0])
    with pytest.raises(DomainError, match=r"target\[1, 2\] is nan.*1 of 15"):
        loss(x, np.where((np.arange(15) == 7).reshape(3, 5), np.nan, y))
    with pytest.raises(ShapeError, match=r"weight: expected shape \(3,\)"):
        loss(x, y, weight=np.ones((3, 5)))
    with pytest.raises(ArgumentTypeError, match="has no Hessian"):
        loss.gradient_and_hessian(x, y)
    with pytest.raises(ShapeError, match=r"out must be an array of shape \(3, 5\)"):
        loss.value_and_gradient(x, y, out=np.empty((5, 3)))
    with pytest.raises(NotAdditiveError, match="not a sum over its parts"):
        loss_of("siglip").total(*arrays_of("siglip"))


def test_checking_finds_where_an_infinite_loss_began() -> None:
    x, y = arrays_of("ranknet")
    with ls.checking(), pytest.raises(ls.errors.NonFiniteError, match=r"loss\[1\] is inf"):
        loss_of("ranknet")(np.where((np.arange(15) == 7).reshape(3, 5), np.inf, x), y)


# --- how they are shown --------------------------------------------------------------------------------------------

WRITTEN = {
    "list_mle": r"\sum_{e'} \left(\log \sum_{e'^{*} \ge e'} e^{u_{e'^{*}}} - u_{e'}\right), \quad "
    r"u_{e'} = z_{\operatorname{argsort}\left(-y\right)_{e'}}",
    "squares_by_rank": r"\sum_{e} z_{e}^{2} \left(\operatorname{rank}\left(-y\right)_{e} + 1\right) "
    r"z_{e}",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_formulas_have_a_letter_for_each_axis(name: str) -> None:
    assert loss_of(name).record.latex == WRITTEN[name]


def test_items_have_a_letter_where_they_depend_on_each_other() -> None:
    @ls.loss(axes={"prediction": "item", "target": "item"})
    def spread(prediction: Any, target: Any) -> Any:
        return total(square(other(prediction) - prediction - target), over="other_item")

    assert spread.record.latex == r"\sum_{i'} \left(\hat{y}_{i'} - \hat{y}_{i} - y_{i}\right)^{2}"


def test_help_names_the_axes() -> None:
    text = " ".join(str(loss_of("ranknet").__doc__).split())
    assert "scores is (item, entry); target is (item, entry). The unreduced loss is (item). A mask is" in text
