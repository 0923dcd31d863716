"""A call like one that was made before has its plan: it gives what a new plan gives, and sees what is wrong."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.autograd import forward_ad

import lossary
from lossary.errors import ArgumentError, ArgumentTypeError
from lossary.execution.cpu.compile import available
from lossary.execution.plans import Plans
from samples import predictions_of

pytestmark = pytest.mark.skipif(not available(), reason="llvmlite is not installed")

ROWS, CLASSES = 6, 5


def arrays(name: str, seed: int, dtype: Any = np.float32, shape: tuple[int, int] = (ROWS, CLASSES)) -> tuple[Any, ...]:
    rng, (rows, classes) = np.random.default_rng(seed), shape
    x, y = rng.random((2, *shape)).astype(dtype)
    if name == "softmax_cross_entropy":
        return 4 * x, rng.integers(0, classes, rows)
    if name == "linear_cross_entropy":  # as many classes as there are rows
        return 4 * x, y, rng.integers(0, max(rows, 1), rows)
    return (x, y, x + y) if name == "gaussian_nll" else (x, np.round(y))


@pytest.fixture
def long_way(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], Any]:
    """Compute something without plans that were kept."""

    def compute(something: Callable[[], Any]) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(Plans, "find", Plans.alone)
            return something()

    return compute


WEIGHTS = np.linspace(0, 2, ROWS * CLASSES).reshape(ROWS, CLASSES)
MASK = np.arange(ROWS * CLASSES).reshape(ROWS, CLASSES) % 3 > 0
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("squared_error", {}),
    ("squared_error", {"weight": WEIGHTS, "mask": MASK}),
    ("squared_error", {"weight": WEIGHTS, "denominator": "count"}),
    ("squared_error", {"reduction": "none", "weight": WEIGHTS}),
    ("squared_error", {"reduction": "sum", "mask": MASK}),
    ("squared_error", {"denominator": 7.0}),
    ("softmax_cross_entropy", {}),
    ("softmax_cross_entropy", {"ignore_label": 2, "weight": WEIGHTS[:, 0], "class_weight": WEIGHTS[0]}),
    ("softmax_cross_entropy", {"class_weight": np.linspace(0, 2, CLASSES), "reduction": "none"}),
    ("gaussian_nll", {}),
    ("dice", {}),
    ("dice", {"mask": MASK[:1], "axis": -1}),
    ("dice", {"weight": np.linspace(0, 2, ROWS)[:, None], "axis": 0}),
    ("squared_error", {"weight": np.linspace(0, 2, ROWS)[:, None]}),
    ("huber", {"delta": np.linspace(0.1, 0.5, ROWS * CLASSES).reshape(ROWS, CLASSES)}),
    ("huber", {"delta": np.linspace(0.1, 0.5, ROWS)[:, None]}),
    ("huber", {"delta": np.array(0.25), "reduction": "none"}),
    ("sigmoid_cross_entropy", {"positive_weight": np.linspace(0, 2, CLASSES)[None], "mask": MASK}),
    ("softmax_cross_entropy", {"z_loss": np.linspace(0, 2, ROWS)}),
    ("info_nce", {"temperature": 0.5}),
    ("info_nce", {"reduction": "sum"}),
    ("linear_cross_entropy", {"label_smoothing": 0.1, "denominator": 7.0}),
]


@pytest.mark.parametrize(("name", "options"), CALLS)
def test_the_same_as_the_long_way(name: str, options: dict[str, Any], long_way: Any) -> None:
    loss = lossary.get(name).configure(**{k: v for k, v in options.items() if not hasattr(v, "dtype")})
    # The value alone is another kernel, which the same plan calls with the same inputs.
    methods = (loss.value_and_gradient,) if options else (loss, loss.value_and_gradient)
    options = {k: v for k, v in options.items() if hasattr(v, "dtype")}
    for seed in range(3):
        given = arrays(name, seed)
        for method in methods:
            expected = long_way(lambda f=method, g=given: f(*g, **options))
            for found, wanted in zip(flat(method(*given, **options)), flat(expected), strict=True):
                np.testing.assert_array_equal(found, wanted, strict=True)
        expected = long_way(lambda g=given: derivatives(loss, g, options))
        for found, wanted in zip(derivatives(loss, given, options), expected, strict=True):
            torch.testing.assert_close(found, wanted, rtol=0, atol=0)
    assert len(loss._plans._known) == 2  # NumPy's, PyTorch's


def flat(result: Any) -> list[Any]:
    return [part for one in result for part in flat(one)] if isinstance(result, tuple) else [result]


def derivatives(loss: Any, given: tuple[Any, ...], options: dict[str, Any]) -> list[Any]:
    """Value, gradients and the gradients' own."""
    tensors = [torch.tensor(array) for array in given]
    places = [place for place in predictions_of(loss.record) if place < len(tensors)]
    for place in places:
        tensors[place].requires_grad_()
    value = loss(*tensors, **{name: torch.tensor(array) for name, array in options.items()})
    inputs = [tensors[place] for place in places]
    first = torch.autograd.grad(value.sum(), inputs, retain_graph=True)
    slopes = torch.autograd.grad(value.sum(), inputs, create_graph=True)
    second = torch.autograd.grad(sum((slope.square().sum() for slope in slopes), torch.tensor(0.0)), inputs)
    return [value, *first, *second]


@pytest.mark.parametrize("convert", [np.asarray, torch.tensor])
def test_wrong_values_are_seen(convert: Any) -> None:
    loss = lossary.softmax_cross_entropy.configure()
    logits = convert(np.zeros((2, 3), np.float32))
    for _ in range(2):
        loss(logits, convert([0, 2]))
        with pytest.raises(lossary.errors.LabelError, match=r"target\[1\] is 3"):
            loss(logits, convert([0, 3]))


@pytest.mark.parametrize("place", [0, 700, 999])
@pytest.mark.parametrize("convert", [np.asarray, torch.tensor])
def test_a_wrong_value_of_an_unreduced_loss_is_seen(convert: Any, place: int) -> None:
    loss = lossary.squared_error.configure(reduction="none")
    target = np.zeros(1000, np.float32)
    for value in (1.0, 1.0, np.inf, 1.0, np.nan):
        target[place] = value
        if value == 1.0:
            assert float(loss(convert(np.zeros(1000, np.float32)), convert(target)).sum()) == 1.0
            continue
        with pytest.raises(lossary.errors.DomainError, match=rf"target\[{place}\] is {value}"):
            loss(convert(np.zeros(1000, np.float32)), convert(target))


@pytest.mark.parametrize("convert", [np.asarray, torch.tensor])
def test_wrong_weights_are_seen(convert: Any) -> None:
    loss = lossary.squared_error.configure()
    x, y = convert(np.array([1.0, 2.0], np.float32)), convert(np.zeros(2, np.float32))
    for _ in range(2):
        assert float(loss(x, y, weight=convert([1.0, 3.0]))) == 13 / 4
        assert float(loss(x, y, weight=convert([0.0, 0.0]))) == 0  # a mean over nothing
        for wrong in ([2.0, -1.0], [1.0, np.nan], [1.0, np.inf]):
            with pytest.raises(lossary.errors.LossaryError, match=r"weight\[1\] is"):
                loss(x, y, weight=convert(wrong))


@pytest.mark.parametrize("convert", [np.asarray, torch.tensor], ids=["numpy", "torch"])
def test_wrong_class_weights_are_seen(convert: Any) -> None:
    """Also of a class that no item has."""
    logits, labels = convert(arrays("softmax_cross_entropy", 0)[0]), convert(np.zeros(ROWS, np.int64))
    right = convert(np.ones(CLASSES, np.float32))
    for wrong in (-1.0, np.nan, np.inf):
        weights = convert(np.array([1, 1, wrong, 1, 1], np.float32))
        for given in (right, right, weights, right, weights):
            if given is right:
                lossary.softmax_cross_entropy(logits, labels, class_weight=given)
                continue
            with pytest.raises(ArgumentError, match=r"class_weight\[2\] is (-1|nan|inf)"):
                lossary.softmax_cross_entropy(logits, labels, class_weight=given)


@pytest.mark.parametrize("size", [6, 10_000], ids=["compared", "looked at"])
@pytest.mark.parametrize("convert", [np.asarray, torch.tensor], ids=["numpy", "torch"])
def test_wrong_parameters_are_seen(convert: Any, size: int) -> None:
    x, y = (convert(array) for array in np.random.default_rng(0).random((2, size)).astype(np.float32))
    delta = np.full(size, 0.5, np.float32)
    right = lossary.huber(x, y, delta=0.5)
    for wrong in (0.0, -1.0, np.nan, np.inf):
        for value in (0.5, 0.5, wrong, 0.5, wrong):
            delta[2] = value
            if value == 0.5:
                assert lossary.huber(x, y, delta=convert(delta)) == right
                continue
            with pytest.raises(ArgumentError, match=rf"delta\[2\] is {wrong}; .* \(1 of {size}\)"):
                lossary.huber(x, y, delta=convert(delta))


def test_calls_that_look_like_the_last_one() -> None:
    """Another shape, dtype, mode, option, number of arguments or transform is not taken for the last one."""
    x, y = (torch.tensor(a) for a in arrays("squared_error", 0))
    loss = lossary.squared_error.configure()
    expected = ((x - y).double() ** 2).mean()
    for _ in range(3):
        assert loss(x, y) == pytest.approx(float(expected))
    assert loss(x[:2], y[:2]) == pytest.approx(float(((x - y).double()[:2] ** 2).mean()))
    assert loss(x, y, reduction="sum") == pytest.approx(float(expected) * x.numel())
    assert loss(x, y, reduction="none").shape == x.shape
    assert loss(x, y, denominator=1) == pytest.approx(float(expected) * x.numel())
    with pytest.raises(ArgumentTypeError):
        loss(x, y, denominator=True)
    assert loss(x.double(), y.double()).dtype == torch.float64
    assert loss(x.T, y.T) == pytest.approx(float(expected))
    assert loss(torch._neg_view(-x), y) == pytest.approx(float(expected))
    with pytest.raises(ArgumentTypeError):
        loss(*[x])
    assert loss(x.numpy(), y.numpy()) == pytest.approx(float(expected))
    assert loss(x, y, weight=torch.zeros(ROWS, CLASSES)) == 0
    moving = x.clone().requires_grad_()
    for _ in range(3):
        assert loss(moving, y).requires_grad
    with torch.no_grad():
        assert not loss(moving, y).requires_grad
    fresh = lossary.squared_error.configure()
    with torch.no_grad():
        for _ in range(3):
            fresh(moving, y)
    assert fresh(moving, y).requires_grad
    for _ in range(3):
        assert not loss(x, y).requires_grad
    with forward_ad.dual_level():
        dual = loss(forward_ad.make_dual(x, torch.ones_like(x)), y)
        assert forward_ad.unpack_dual(dual).tangent == pytest.approx(float(2 * (x - y).mean()), rel=1e-5)
    assert torch.func.vmap(loss)(x, y).shape == (ROWS,)
    torch.testing.assert_close(torch.func.grad(loss)(x, y), 2 * (x - y) / x.numel())
    assert torch.func.jvp(lambda a: loss(a, y), (x,), (torch.ones_like(x),))[1].shape == ()


def test_a_sum_beyond_float32_is_infinite() -> None:
    """Ten squares of 10¹⁹ are 10³⁹, where each is a float32."""
    x = torch.full((10,), 1e19)
    for convert in (np.asarray, torch.Tensor.clone):
        for _ in range(2):
            assert float(lossary.squared_error(convert(x), convert(0 * x), reduction="sum")) == np.inf


def test_the_device_for_new_tensors_is_another() -> None:
    loss = lossary.squared_error.configure()
    with torch.device("meta"):
        for size in (4, 1 << 18):  # memory from PyTorch and from NumPy
            x, y = torch.ones(size, device="cpu", requires_grad=True), torch.zeros(size, device="cpu")
            for _ in range(2):
                (slope,) = torch.autograd.grad(loss(x, y, reduction="sum"), x)
                assert slope[0].item() == 2


def test_a_nan_prediction_goes_the_long_way() -> None:
    loss = lossary.squared_error.configure()
    x = torch.zeros(4, requires_grad=True)
    loss(x, torch.ones(4)).backward()
    with torch.no_grad():
        x[2] = torch.nan
    value = loss(x, torch.ones(4))
    (slope,) = torch.autograd.grad(value, x)
    assert value.isnan()
    assert slope.isnan().tolist() == [False, False, True, False]


def test_what_is_asked_for_is_part_of_the_key() -> None:
    loss = lossary.squared_error.configure()
    x, y = torch.zeros(3), torch.ones(3)
    assert not loss(x, y).requires_grad
    assert loss(x.requires_grad_(), y).requires_grad
    with torch.no_grad():
        assert not loss(x, y).requires_grad
    assert torch.func.grad(lambda z: loss(z, y))(x.detach()).tolist() == pytest.approx([-2 / 3] * 3)
    assert loss(x, y.clone().requires_grad_()).requires_grad
    assert loss(x.double(), y).dtype == torch.float64
    assert loss(x, y, reduction="none").shape == (3,)
    assert loss(x, y, reduction="sum") == 3
    with pytest.raises(lossary.errors.ShapeError):
        loss(x, y[:, None])


@pytest.mark.parametrize("size", [7, 70_000])
def test_an_upstream_gradient_that_comes_again(size: int) -> None:
    """Gradients made for it are those that are scaled later, in every bit; and so when another one comes."""
    x = torch.randn(size, generator=torch.Generator().manual_seed(1), requires_grad=True)
    y = (x.detach() > 0.3).float()
    slope = lossary.sigmoid_cross_entropy.value_and_gradient(x.detach(), y)[1]
    nan, inf = float("nan"), float("inf")
    for factor in (0.37, 0.37, 0.37, 1, 1, 0.37, 1, 2, 2, 2, nan, nan, 0, 0, 0, inf, inf, inf, 0.5, 0.5):
        upstream = torch.tensor(float(factor))
        (found,) = torch.autograd.grad(lossary.sigmoid_cross_entropy(x, y), x, upstream)
        torch.testing.assert_close(found, slope * upstream, rtol=0, atol=0, equal_nan=True)
    kept = lossary.sigmoid_cross_entropy(x, y)
    for factor in (0.5, 0.5, 0.25, 1):  # made for the first, and made again
        (found,) = torch.autograd.grad(kept, x, torch.tensor(float(factor)), retain_graph=True)
        torch.testing.assert_close(found, slope * factor, rtol=0, atol=0)
    value = lossary.sigmoid_cross_entropy(x, y)
    many = torch.autograd.grad(value, x, torch.tensor([0.5, 2.0]), is_grads_batched=True)[0]
    torch.testing.assert_close(many, torch.stack([slope * 0.5, slope * 2.0]))


def test_layouts_and_half_precision() -> None:
    loss = lossary.squared_error.configure()
    x, y = torch.arange(12.0).reshape(3, 4), torch.ones(4, 3).T
    for _ in range(2):
        value, slope = loss.value_and_gradient(x.T, y.T)
        assert slope.stride() == x.T.stride()
        torch.testing.assert_close(slope, (x.T - 1) / 6)
        value, slope = loss.value_and_gradient(x.bfloat16(), y.bfloat16())
        assert (value.dtype, slope.dtype) == (torch.float32, torch.bfloat16)
        half = x.half().requires_grad_()
        loss(half, y).backward()
        assert half.grad is not None
        assert half.grad.dtype == torch.float16


@pytest.mark.parametrize("name", ["info_nce", "linear_cross_entropy"])
@pytest.mark.parametrize("convert", [np.asarray, torch.tensor], ids=["numpy", "torch"])
def test_gradients_of_products_are_written_where_they_are_wanted(name: str, convert: Any) -> None:
    loss, given = lossary.get(name).configure(), [convert(array) for array in arrays(name, 0)]
    value, gradients = loss.value_and_gradient(*given)
    for _ in range(2):
        out = tuple(convert(np.full((ROWS, CLASSES), 7.0, np.float32)) for _ in gradients)
        again, written = loss.value_and_gradient(*given, out=out)
        assert again == value
        assert all(a is b for a, b in zip(written, out, strict=True))
        for found, wanted in zip(out, gradients, strict=True):
            np.testing.assert_array_equal(found, wanted)
    short = out[0][:-1]
    with pytest.raises(lossary.errors.ShapeError, match="out"):
        loss.value_and_gradient(*given, out=(short, out[1]))


def test_what_a_loss_of_products_is_divided_by_may_change() -> None:
    """As many labels as count, which differ from call to call."""
    loss, (x, w, labels) = lossary.linear_cross_entropy.configure(ignore_label=0), arrays("linear_cross_entropy", 0)
    for ignored in (1, 4, 2):
        some = np.where(np.arange(ROWS) < ignored, 0, np.maximum(labels, 1))
        right = lossary.softmax_cross_entropy(x[ignored:] @ w.T, some[ignored:])
        assert float(loss(x, w, some)) == pytest.approx(float(right), rel=1e-5)
        tensors = [torch.tensor(x).requires_grad_(), torch.tensor(w), torch.tensor(some)]
        assert float(loss(*tensors).detach()) == pytest.approx(float(right), rel=1e-5)


def test_products_are_made_for_what_is_trained() -> None:
    """Which of two arrays that is may change from call to call, and their values may go wrong."""
    loss, given = lossary.info_nce.configure(), arrays("info_nce", 0)
    right = [torch.tensor(g) for g in lossary.info_nce.value_and_gradient(*given)[1]]
    for trained in [(True, False), (False, True), (True, True)] * 2:
        tensors = [torch.tensor(a).requires_grad_(t) for a, t in zip(given, trained, strict=True)]
        loss(*tensors).backward()
        for tensor, wanted in zip(tensors, right, strict=True):
            if tensor.requires_grad:
                torch.testing.assert_close(tensor.grad, wanted)
            else:
                assert tensor.grad is None
    linear, (x, w, labels) = lossary.linear_cross_entropy.configure(), arrays("linear_cross_entropy", 0)
    for _ in range(2):
        linear(x, w, labels)
        with pytest.raises(ValueError, match=rf"target\[2\] is {ROWS}"):
            linear(x, w, np.where(np.arange(ROWS) == 2, ROWS, labels))


def test_a_buffer_that_is_kept_negated() -> None:
    """It lies in order, and holds the opposite of what is written into it."""
    for _ in range(2):
        out = torch._neg_view(torch.zeros(3))
        assert out.is_neg()
        _, gradient = lossary.squared_error.value_and_gradient(torch.ones(3), torch.zeros(3), out=out, reduction="sum")
        assert gradient is out
        assert out.tolist() == [2.0] * 3


def test_a_graph_keeps_nothing_after_its_use() -> None:
    """What backward has freed is free, though the loss itself is kept, as in a list of losses."""
    loss = lossary.squared_error.configure()
    kept = []
    for _ in range(2):
        x, y = torch.zeros(4, requires_grad=True), torch.ones(4)
        gone = weakref.ref(y)
        kept.append(loss(x, y))
        kept[-1].backward()
        del y
        gc.collect()
        assert gone() is None


def test_changed_in_between() -> None:
    """PyTorch notices that what a derivative needs again was changed."""
    loss = lossary.squared_error.configure()
    for _ in range(2):
        x, y = torch.zeros(4, requires_grad=True), torch.ones(4)
        value = loss(x, y)
        value.backward(retain_graph=True)
        y += 1
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            value.backward()


@pytest.mark.parametrize("name", ["squared_error", "softmax_cross_entropy"])
@pytest.mark.parametrize("make", [np.asarray, torch.as_tensor], ids=["numpy", "torch"])
def test_weights_and_masks_of_other_shapes_and_types(name: str, make: Callable[[Any], Any], long_way: Any) -> None:
    """A plan is for arrays of one dtype and pattern of lengths: others are checked, and read as what they are."""
    loss = lossary.get(name).configure(reduction="sum")
    given = [make(array) for array in arrays(name, 0)]
    items = (ROWS, CLASSES) if name == "squared_error" else (ROWS,)
    rng = np.random.default_rng(1)
    full = rng.random(items).astype(np.float32)
    weights = [
        full,
        full.astype(np.float64),
        full[:1],
        np.float32(0.5),
        np.arange(ROWS)[(...,) + (None,) * (len(items) - 1)],
    ]
    given_options: dict[str, list[Any]] = {"weight": weights, "mask": [full > 0.5, full[:1] > 0.5, np.True_]}
    for option, choices in given_options.items():
        for _ in range(2):
            for choice in choices:
                array = make(np.asarray(choice))
                expected = long_way(lambda a=array, o=option: loss(*given, **{o: a}))
                np.testing.assert_array_equal(loss(*given, **{option: array}), expected)
        with pytest.raises(lossary.errors.ShapeError, match=option):
            loss(*given, **{option: make(np.asarray(choices[0][:-1]))})


SIZES = [(6, 5), (7, 5), (1, 5), (5, 5), (6, 2), (6, 5), (40, 200), (300, 60), (0, 5), (70, 300)]


@pytest.mark.parametrize(
    ("name", "options"),
    [(name, options) for name, options in CALLS if not options.keys() - {"reduction", "temperature"}],
)
def test_one_plan_serves_all_sizes(name: str, options: dict[str, Any], long_way: Any) -> None:
    """Short rows and long, one row, none, and as many rows as columns: the same bits as without a plan."""
    loss = lossary.get(name).configure(**{k: v for k, v in options.items() if not hasattr(v, "dtype")})
    for seed, shape in enumerate(SIZES):
        given = arrays(name, seed, shape=shape)
        if name in ("info_nce", "linear_cross_entropy") and shape[0] < 2:  # there is nothing to compare with
            continue
        for method in (loss, loss.value_and_gradient):
            expected = long_way(lambda f=method, g=given: f(*g))
            for found, wanted in zip(flat(method(*given)), flat(expected), strict=True):
                np.testing.assert_array_equal(found, wanted, strict=True)
    kinds = {(0 in shape, 1 in shape, shape[0] == shape[1]) for shape in SIZES}
    assert len(loss._plans._known) <= len(kinds)


def test_lengths_that_are_equal_by_chance() -> None:
    """A plan for as many rows as classes does not take a weight of each class for one of each row."""
    loss = lossary.softmax_cross_entropy.configure()
    logits, labels = np.zeros((5, 5), np.float32), np.zeros(5, np.int64)
    loss(logits, labels, weight=np.ones(5))
    with pytest.raises(lossary.errors.ShapeError, match="weight"):
        loss(np.zeros((6, 5), np.float32), np.zeros(6, np.int64), weight=np.ones(5))
    loss(np.zeros((6, 5), np.float32), np.zeros(6, np.int64), weight=np.ones(6))
    with pytest.raises(lossary.errors.ShapeError, match="target"):
        loss(np.zeros((6, 5), np.float32), np.zeros(5, np.int64))


def test_a_plan_holds_no_arrays() -> None:
    loss = lossary.squared_error.configure()
    x, divided_by = torch.zeros(4, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    gone = [weakref.ref(array) for array in (x, divided_by)]
    loss(x, torch.ones(4), denominator=divided_by).backward()
    del x, divided_by
    gc.collect()
    assert [one() for one in gone] == [None, None]
