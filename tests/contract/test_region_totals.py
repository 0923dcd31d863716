"""Totals of regions: sums of parts, of which the loss of the whole is a formula; values are those of plain NumPy."""

from __future__ import annotations

import copy
import itertools
import pickle
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

import lossary as ls
from arrays import FRAMEWORKS, JAX, NUMPY, TORCH, Framework
from lossary.errors import DomainError, NotAdditiveError
from lossary.vocabulary import average, cumulative, greatest, index, maximum, ordered, sqrt, square, total

Array = np.ndarray[Any, Any]
of_each_framework = pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
PARTS = ([4], [1, 3], [0, 6], [2, 2, 5])  # where regions of 6 places are cut: also parts of none
REGIONS, PLACES = 3, 6


def close(framework: Framework) -> dict[str, Any]:
    return {"rtol": 1e-6} if framework is JAX else {"rtol": 1e-13}  # JAX has no float64 here


def dice(p: Array, t: Array, w: Array, smooth: float = 0.0, product: float = 0.0) -> Array:
    """One minus the Dice coefficient of each row, as in a textbook."""
    both = (w * ((1.0 - product) * np.minimum(p, t) + product * p * t)).sum(1)
    size = (w * (p + t)).sum(1) + smooth
    return np.where(size == 0.0, 0.0, 1.0 - (2.0 * both + smooth) / np.where(size == 0.0, 1.0, size))


OVERLAP: dict[str, Callable[..., Array]] = {"dice": dice}
SETTINGS: dict[str, list[dict[str, float]]] = {"dice": [{}, {"smooth": 0.5}, {"product": 1.0}, {"product": 0.25}]}


def test_each_overlap_loss_is_here() -> None:
    assert list(OVERLAP) == [r.name for r in ls.losses() if r.by_region and "total" not in r.cannot]


def arrays() -> tuple[Array, Array, Array, Array]:
    """Probabilities and targets, with weights and a mask; a region is masked, and the mask hides NaN and 7."""
    rng = np.random.default_rng(5)
    p, t, w = rng.random((REGIONS, PLACES)), rng.random((REGIONS, PLACES)), rng.random((REGIONS, PLACES))
    p[0, :2], t[0, :2], w[0, 5] = (0.0, 1.0), (0.0, 0.25), 0.0
    mask = rng.random((REGIONS, PLACES)) < 0.6
    mask[2] = False
    return np.where(mask, p, np.nan), np.where(mask, t, 7.0), w, mask


def cut(array: Any, places: list[int]) -> list[Any]:
    return [array[..., a:b] for a, b in itertools.pairwise([0, *places, PLACES])]


def hold(
    name: str, framework: Framework, settings: dict[str, float], option: dict[str, Array], places: list[int]
) -> None:
    """Hold the totals of parts to NumPy's losses of the whole: of each row as a region, and of one region."""
    p, t, _, mask = arrays()
    if "mask" not in option:
        p, t = np.where(mask, p, 0.25), np.where(mask, t, 1.0)
    weight = option.get("weight", 1.0) * option.get("mask", np.ones(p.shape))
    given = [np.where(weight > 0, p, 0.0), np.where(weight > 0, t, 0.0), weight]
    whole = {"probability": p, "target": t, **option}
    cuts = {key: cut(framework.make(value), places) for key, value in whole.items()}
    parts = [{key: pieces[k] for key, pieces in cuts.items()} for k in range(len(places) + 1)]
    for axis, regions in ((1, given), (None, [x.reshape(1, -1) for x in given])):
        losses = OVERLAP[name](*regions, **settings)
        found = sum(getattr(ls, name).total(**part, axis=axis, **settings) for part in parts)
        np.testing.assert_allclose(framework.numpy(found.mean), losses.mean(), **close(framework))
        each = losses if axis else losses[0]
        np.testing.assert_allclose(framework.numpy(found.losses), each, atol=1e-15, **close(framework))
        np.testing.assert_array_equal(framework.numpy(found.count), (weight > 0).sum(axis))


@of_each_framework
@pytest.mark.parametrize("name", OVERLAP)
def test_parts_are_the_whole(name: str, framework: Framework) -> None:
    """With weights, with a mask, with both and with neither; JAX compiles each, and gets each setting once."""
    given = dict(zip(("weight", "mask"), arrays()[2:], strict=True))
    options: list[dict[str, Array]] = [{}, {"weight": given["weight"]}, {"mask": given["mask"]}, given]
    cases = list(zip(PARTS, SETTINGS[name], strict=True))
    pairs = zip(options, cases, strict=True) if framework is JAX else itertools.product(options, cases)
    for option, (places, settings) in pairs:
        hold(name, framework, settings, option, places)


@pytest.mark.usefixtures("portable")
def test_without_a_kernel_sums_are_made_in_float64() -> None:
    options: list[dict[str, Any]] = [{}, {"weight": np.ones(2, np.float32)}]
    for option in options:
        found = ls.dice.total(np.array([1.0, 2.0**-30], np.float32), np.zeros(2, np.float32), **option)
        assert found.sums["probability"] == 1.0 + 2.0**-30
    hold("dice", NUMPY, {"product": 0.25}, {"mask": arrays()[3]}, [2])


@of_each_framework
def test_the_sums_have_names(framework: Framework) -> None:
    """By hand: the second place weighs two, the last is masked."""
    given = [[1.0, 0.5, 0.0]], [[1.0, 0.25, 1.0]]
    p, t = (framework.make(np.array(x, np.float16)) for x in given)
    weight, mask = (
        framework.make(np.array([[1.0, 2.0, 1.0]], np.float16)),
        framework.make(np.array([[True, True, False]])),
    )
    found = ls.dice.total(p, t, weight=weight, mask=mask, axis=1)
    assert {name: framework.numpy(sums).tolist() for name, sums in found.sums.items()} == {
        "probability": [2.0], "target": [1.5], "|probability − target|": [0.5],
    }  # fmt: skip
    assert all(str(x.dtype).endswith("32" if framework is JAX else "64") for x in (*found.sums.values(), found.mean))
    assert type(found.count) is type(p)
    text = str(ls.dice.total(p, t, axis=1, smooth=1.0, product=0.5))
    assert text.startswith("<total of dice(smooth=1.0, product=0.5): Σ probability = ")
    assert "Σ (1 − product) |probability − target| + product (" in text


@of_each_framework
def test_a_total_pickles(framework: Framework) -> None:
    p = framework.make(np.nan_to_num(arrays()[0]))
    smooth = framework.make(np.array([0.5, 0.0, 2.0]))
    for loss in (ls.dice, ls.dice.configure(product=0.5)):
        found = loss.total(p, framework.make(np.full(p.shape, 0.5)), axis=1, smooth=smooth)
        for again in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
            np.testing.assert_array_equal(framework.numpy((again + found).mean), framework.numpy((found + found).mean))
        expected = loss(p, framework.make(np.full(p.shape, 0.5)), axis=1, smooth=smooth)
        np.testing.assert_allclose(framework.numpy(found.mean), framework.numpy(expected), **close(framework))


@pytest.mark.parametrize("framework", [NUMPY, TORCH], ids=str)
def test_any_number_of_float32_parts_adds_up(framework: Framework) -> None:
    """One place more than float32 can count."""
    one = ls.dice.total(*(framework.make(np.ones(1, np.float32)) for _ in range(2)))
    many = ls.RegionTotal(ls.dice, one.count * 2.0**24, tuple(x * 2.0**24 for x in one.values), one.parameters)
    assert float((many + one).sums["probability"]) == float((many + one).count) == 2.0**24 + 1


def test_no_places_and_no_regions() -> None:
    assert ls.dice.total(np.zeros((2, 0)), np.zeros((2, 0)), axis=1).mean == 0.0
    assert ls.dice.total(np.zeros((0, 2)), np.zeros((0, 2)), axis=1).mean == 0.0
    assert ls.dice.total([], []).mean == 0.0
    some = ls.dice.total([1.0, 0.0], [0.5, 0.5])
    assert (ls.dice.total([], []) + some).mean == some.mean == 0.5
    assert sum([some]) is some


def test_a_wrong_value_is_found() -> None:
    for make in (np.asarray, torch.tensor, jnp.asarray):
        with pytest.raises(DomainError, match=r"probability\[1\] is 2"):
            ls.dice.total(make([0.5, 2.0]), make([0.5, 1.0]))
    assert np.isnan(jax.jit(lambda p: ls.dice.total(p, p, mask=p < 7.0).mean)(jnp.array([0.5, 2.0])))
    assert jax.jit(lambda p: ls.dice.total(p, p, mask=p < 1.0).mean)(jnp.array([0.5, 2.0])) == 0.0


# --- derivatives ---------------------------------------------------------------------------------------------------


def tiles(p: Any, t: Any, **options: Any) -> Any:
    """The loss of two tiles."""
    return (
        ls.dice.total(p[:, :4], t[:, :4], axis=1, **options) + ls.dice.total(p[:, 4:], t[:, 4:], axis=1, **options)
    ).mean


def slopes(p: Array, t: Array) -> Array:
    """Gradient of the mean of Σ |p − t| / Σ (p + t) over the rows."""
    apart, size = np.abs(p - t).sum(1, keepdims=True), (p + t).sum(1, keepdims=True)
    found: Array = (np.sign(p - t) / size - apart / size**2) / len(p)
    return found


def test_gradients_in_pytorch() -> None:
    p, t = (np.random.default_rng(k).random((REGIONS, PLACES)) for k in (0, 1))
    t[0, 0] = p[0, 0]
    x = torch.tensor(p, requires_grad=True)
    (found,) = torch.autograd.grad(tiles(x, torch.tensor(t)), x)
    np.testing.assert_allclose(found, slopes(p, t), rtol=1e-12, atol=1e-15)
    transformed = torch.func.grad(lambda x: tiles(x, torch.tensor(t)))(torch.tensor(p))
    np.testing.assert_allclose(transformed, slopes(p, t), rtol=1e-12, atol=1e-15)
    nothing = torch.zeros(REGIONS, PLACES, requires_grad=True)
    tiles(nothing, torch.zeros(REGIONS, PLACES)).backward()
    assert nothing.grad is not None
    assert not nothing.grad.any()


def test_gradients_in_jax() -> None:
    p, t = (np.random.default_rng(k).random((REGIONS, PLACES), np.float32) for k in (0, 1))
    found = jax.jit(jax.grad(tiles))(jnp.asarray(p), jnp.asarray(t))
    np.testing.assert_allclose(found, slopes(p, t), rtol=1e-4, atol=1e-6)


def test_a_compiled_total() -> None:
    p, t = (torch.tensor(np.random.default_rng(k).random((REGIONS, PLACES))) for k in (0, 1))
    compiled = torch.compile(lambda p, t, s: tiles(p, t, smooth=s), fullgraph=True, backend="eager")
    for smooth in (0.0, 0.5, 0.75):
        expected = dice(p.numpy(), t.numpy(), np.ones(p.shape), smooth).mean()
        np.testing.assert_allclose(compiled(p, t, smooth), expected, rtol=1e-12)


# --- formulas of a user --------------------------------------------------------------------------------------------

IMAGE = {"p": "place", "t": "place"}


@ls.loss(axes=IMAGE, mask="place")
def tversky(p: Any, t: Any, *, alpha: float = 0.25) -> Any:
    return 1.0 - total(p * t, over="place") / (total(p * t + alpha * p + (1.0 - alpha) * t, over="place"))


@ls.loss(axes={"p": "item", "t": "item"})
def correlation(p: Any, t: Any) -> Any:
    """Matthews' correlation of a batch, from sums over its items."""
    a, b, c, d = (total(x, over="item") for x in (p * t, (1.0 - p) * (1.0 - t), p * (1.0 - t), (1.0 - p) * t))
    return 1.0 - (a * b - c * d) / sqrt((a + c) * (a + d) * (b + c) * (b + d))


@ls.loss(axes=IMAGE, mask="place")
def bias(p: Any, t: Any) -> Any:
    return square(average(p - t, over="place"))


@ls.loss(axes={"p": "item class", "t": "item class"})
def micro(p: Any, t: Any) -> Any:
    size = total(total(p, over="class"), over="item")
    return total(total(maximum(p, t), over="item"), over="class") / size


def of_sums(name: str, p: Array, t: Array) -> Any:
    a, b, c, d = (p * t).sum(), ((1 - p) * (1 - t)).sum(), (p * (1 - t)).sum(), ((1 - p) * t).sum()
    return {
        "tversky": lambda: 1 - a / (a + 0.25 * p.sum() + 0.75 * t.sum()),
        "correlation": lambda: 1 - (a * b - c * d) / np.sqrt((a + c) * (a + d) * (b + c) * (b + d)),
        "bias": lambda: (p - t).mean() ** 2,
        "micro": lambda: np.maximum(p, t).sum() / p.sum(),
    }[name]()


@of_each_framework
@pytest.mark.parametrize("loss", [tversky, correlation, bias, micro], ids=lambda loss: loss.record.name)
def test_formulas_of_sums(loss: ls.Loss, framework: Framework) -> None:
    rng = np.random.default_rng(2)
    shape = (9, 2) if loss is micro else (9,)
    p, t, mask = rng.random(shape), rng.random(shape), rng.random(9) < 0.6
    dirty = np.where(mask if loss is not micro else mask[:, None], p, np.nan)
    for made, options in ((p, {}), (dirty, {"mask": mask})):
        kept = options.get("mask", np.ones(9, bool))
        pieces = [
            loss.total(
                *(framework.make(x[part]) for x in (made, t)),
                **{k: framework.make(v[part]) for k, v in options.items()},
            )
            for part in (slice(0, 2), slice(2, 3), slice(3, 9))
        ]
        found = sum(pieces[1:], pieces[0])
        expected = of_sums(loss.record.name, p[kept], t[kept])
        np.testing.assert_allclose(framework.numpy(found.mean), expected, **(close(framework) | {"atol": 1e-6}))
        assert float(found.count) == kept.sum() * (1 if options else np.prod(shape[1:]))
    nothing = framework.make(np.zeros(9, bool))
    left_out = loss.total(*map(framework.make, (p, t)), mask=nothing)
    assert float(left_out.mean) == float(loss(*map(framework.make, (p, t)), mask=nothing)) == 0.0
    weightless = loss.total(*map(framework.make, (p, t)), weight=0.0)
    for empty in (left_out, weightless):
        np.testing.assert_allclose(framework.numpy((empty + found).mean), framework.numpy(found.mean))


NO_SUMS: dict[str, tuple[Callable[..., Any], str]] = {
    "an order": (lambda p, t: total(square(ordered(p - t, by=-t, over="place")), over="sorted_place"), "order"),
    "a maximum": (lambda p, t: greatest(p, over="place") + total(t, over="place"), "greatest"),
    "a running sum": (lambda p, t: total(cumulative(p, "place") * t, over="place"), "running_sum"),
    "the places": (lambda p, t: total(index("place") * p * t, over="place"), "numbers of places"),
    "a variance": (lambda p, t: total(square(p - total(t, over="place")), over="place"), "a sum of sums"),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_SUMS)
def test_other_formulas_have_no_total(name: str) -> None:
    formula, reason = NO_SUMS[name]

    def shape(p: Any, t: Any) -> Any:
        return formula(p, t)

    with pytest.raises(NotAdditiveError, match=f"shape has no total: .* nor a formula of such sums: it has {reason}"):
        ls.loss(axes=IMAGE, mask="place")(shape).total([0.5, 0.25], [1.0, 0.0])


def test_classes_of_their_own_are_no_sums_over_everything() -> None:
    @ls.loss(axes={"p": "item class", "t": "item class"})
    def macro(p: Any, t: Any) -> Any:
        return average(total(p * t, over="item") / total(p + t, over="item"), over="class")

    with pytest.raises(NotAdditiveError, match="a sum of sums"):
        macro.total([[0.5, 0.25]], [[1.0, 0.0]])


def test_what_adds_over_items_keeps_its_total() -> None:
    """Though all values of a place enter it by sums: items are not the same ones in each part."""

    @ls.loss(axes={"p": "item place", "t": "item place"}, mask="item place")
    def each(p: Any, t: Any) -> Any:
        return total(p * t, over="place") / total(p + t, over="place")

    maps = np.full((2, 3, 4), 0.5)
    for loss, arrays in ((each, (maps[0], maps[0])), (ls.generalised_dice, (maps, maps))):
        assert isinstance(loss.total(*arrays), ls.Total)
        assert loss.record.adds
    assert not ls.dice.record.adds
