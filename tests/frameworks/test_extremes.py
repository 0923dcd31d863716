"""The ends of the range: infinities, 1e30, ±88, subnormals, certain and impossible classes, on every framework.

``oracle/`` holds NumPy's portable bodies to hundreds of digits at these points. Here every other way of computing a
loss is held to them, and what has no value is held to stay at its own place.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import jax
import numpy as np
import pytest
import torch
from jax import numpy as jnp
from mpmath import mp

import lossary
from arrays import AS_USERS, FRAMEWORKS, JAX, NUMPY, TORCH, Framework, differentiated
from fuzz.engines import bodies
from lossary.catalogue.record import Record
from lossary.contract.keywords import sums_over_target
from lossary.errors import ShapeError
from lossary.symbolic.derivatives import gradient as gradient_of
from lossary.symbolic.graph import Node, walk
from oracle import measured, points
from oracle.exact import BITS, derivatives, jet
from oracle.ulps import error
from representatives import REPRESENTATIVES
from samples import BY_SHAPE, arguments, of_rows, on_frameworks, predictions_of

pytestmark = pytest.mark.last_digits
ALL = BY_SHAPE
BY_ITEM = [record for record in ALL if record.kind in ("pointwise", "row", "softmax")]
SOME = [record for record in BY_ITEM if record in REPRESENTATIVES]
OVER_CLASSES = [record for record in SOME if record.kind != "pointwise"]
OF_LABELS = [record for record in OVER_CLASSES if record.takes_classes]
# Where other classes count, too, a weight is of the row, and a class of weight 0 does cost.
BY_CLASS = [record for record in OF_LABELS if record.kind == "softmax" or sums_over_target(record.whole)]
Arrays = list[Any]
# Losses whose slopes, or values, are sums over the classes, or differences of directions, that may nearly cancel:
# without exact sums they are right to one ulp of the size of what they add.
OF_SUMS = {
    "logits_kl_divergence": 1, "softmax_brier": 1, "softmax_entropy": 1, "softmax_focal": 1,
    "softmax_generalized_cross_entropy": 1, "softmax_symmetric_cross_entropy": 4, "triplet_margin": 1,
    "reverse_logits_kl_divergence": 128,  # the logits of a teacher are log-probabilities down to −200
}  # fmt: skip


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else getattr(value, "__name__", str(value))


def as_list(value: Any, gradient: Any) -> Arrays:
    return [np.asarray(x).copy() for x in (value, *(gradient if isinstance(gradient, tuple) else (gradient,)))]


def batches(record: Record, dtype: Any) -> Iterator[Arrays]:
    """Arguments at the ends of their domains, with several numbers of classes."""
    if record.kind == "pointwise":
        yield points.elements(record, dtype, 300)
        return
    columns = points.columns(record, dtype, 60)
    for classes in range(2, 6):
        rows = [i for i in range(60) if len(columns[0][i]) == classes]
        given = [np.stack([column[i] for i in rows]) for column in columns]
        yield given
        if record.takes_classes:
            yield [given[0], np.arange(len(rows)) % classes]


def with_predictions(record: Record, given: Arrays, predictions: Any) -> Arrays:
    arrays = list(given)
    for i, prediction in zip(predictions_of(record), predictions, strict=True):
        arrays[i] = prediction
    return arrays


# --- the ways of computing a loss: unreduced, with the gradients ------------------------------------------------------


def numpy(record: Record, given: Arrays) -> Arrays:
    return as_list(*lossary.get(record.name).value_and_gradient(*given, reduction="none"))


def autograd(record: Record, given: Arrays, **options: Any) -> Arrays:
    leaves = [torch.tensor(array) for array in given]
    predictions = [leaves[i].requires_grad_() for i in predictions_of(record)]
    losses = lossary.get(record.name)(*leaves, reduction="none", **options)
    return as_list(losses.detach(), torch.autograd.grad(losses, predictions, torch.ones_like(losses)))


def traced(record: Record, given: Arrays) -> Arrays:
    """By PyTorch's own operations, as a weight's gradient is wanted."""
    return autograd(record, given, weight=torch.ones((), dtype=torch.tensor(given[0]).dtype, requires_grad=True))


def forward_mode(record: Record, given: Arrays) -> Arrays:
    """The derivative of each element along a change of each prediction; of rows only the value is looked at."""
    tensors = [torch.tensor(array) for array in given]
    moved: Arrays = []
    for i in predictions_of(record):

        def of_one(x: Any, i: int = i) -> Any:
            return lossary.get(record.name)(*tensors[:i], x, *tensors[i + 1 :], reduction="none")

        value, slope = torch.func.jvp(  # type: ignore[misc]
            of_one, (tensors[i],), (torch.ones_like(tensors[i]),)
        )
        moved.append(slope)
    return as_list(value, tuple(moved) if record.kind == "pointwise" else ())


def under_jit(record: Record, given: Arrays) -> Arrays:
    @partial(jax.jit, compiler_options=AS_USERS)
    def everything(*arrays: Any) -> Any:
        def of_predictions(*predictions: Any) -> Any:
            return lossary.get(record.name)(*with_predictions(record, list(arrays), predictions), reduction="none")

        value, pull = jax.vjp(of_predictions, *(arrays[i] for i in predictions_of(record)))
        return value, pull(jnp.ones_like(value))

    with jax.enable_x64(given[0].dtype == np.float64):
        return as_list(*everything(*given))


def is_rounded(record: Record, place: list[Any], moving: str, number: Any, dtype: Any) -> bool:
    """Whether a number is exact to the few ulps, of the largest term where it is a difference, that oracle/ allows."""
    mp.prec = BITS[np.dtype(dtype).name]
    arguments = [jet(float(x), a.name == moving) for a, x in zip(record.arguments, place, strict=True)]
    terms = measured.textbook(record)(*arguments, **measured.all_parameters(record, {}, dtype))
    return error(number, derivatives(terms)[1 if moving else 0], dtype) <= measured.FAR


def hold(record: Record, found: Arrays, right: Arrays, given: Arrays, ulps: float = 16.0, of_sums: int = 0) -> None:
    """Each number is the right one to some ulps, or, as a difference of numbers up to a size, to one ulp of that.

    The size is ``of_sums``, or 1.

    Where terms are larger, two ways differ by what either may be off: there the oracle decides.
    """
    moving = ["", *(argument.name for argument in record.predictions)]
    info = np.finfo(given[0].dtype)
    eps, tiny = float(info.eps), float(info.tiny)
    for name, a, b in zip(moving, found, right, strict=False):
        a, b = a.astype(np.float64), b.astype(np.float64)
        with np.errstate(all="ignore"):
            gap, size = abs(a - b), abs(b)
            near = (gap <= ulps * eps * np.maximum(size, tiny)) | (
                (gap <= eps * max(of_sums, 1)) & ((of_sums > 0) | (size > eps / 16))
            )
            near |= (a == 0.0) & (size <= ulps * tiny)  # a factor times a subnormal number, which XLA takes for 0
            near |= np.isinf(a) & (a * b > 0) & (size > float(info.max) / 2)  # a last factor of 1/2, as in oracle/
        wrong = ~(near | (a == b) | (np.isnan(a) & np.isnan(b)))
        for index in map(tuple, np.argwhere(wrong) if record.kind == "pointwise" else ()):
            wrong[index] = not is_rounded(record, [x[index] for x in given], name, a[index], given[0].dtype.type)
        places = [(index, [x[index[: x.ndim]].tolist() for x in given]) for index in map(tuple, np.argwhere(wrong)[:3])]
        assert not wrong.any(), [(name, where, a[index], b[index]) for index, where in places]


WAYS: list[Callable[[Record, Arrays], Arrays]] = [autograd, traced, forward_mode]


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize(
    ("record", "dtype"),
    [*((record, np.float32) for record in BY_ITEM), *((record, np.float64) for record in SOME)],
    ids=name_of,
)
@pytest.mark.parametrize("way", WAYS, ids=name_of)
def test_limits_with_torch(record: Record, way: Callable[[Record, Arrays], Arrays], dtype: Any) -> None:
    """Without kernels a probability is the exponential of PyTorch's log_softmax: at a distance of 100, 50 ulp off."""
    ulps = 64.0 if way is autograd and record.kind == "softmax" else 16.0
    for given in batches(record, dtype):
        hold(record, way(record, given), numpy(record, given), given, ulps, OF_SUMS.get(record.name, 0))


@pytest.mark.parametrize("record", SOME, ids=name_of)
def test_limits_with_kernels(record: Record) -> None:
    """Of batches with several rows: oracle/ holds the kernels of all losses to the last digits, row by row."""
    for given in batches(record, np.float32):
        found = numpy(record, given)
        with bodies(compiled=False):
            hold(record, found, numpy(record, given), given, of_sums=OF_SUMS.get(record.name, 0))


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize("record", BY_ITEM, ids=name_of)
def test_limits_with_jax(record: Record) -> None:
    """XLA's exp is some ulps off, and on a CPU it takes subnormal numbers for zeros: those are left out.

    So is a term that is one, beside which the others are hardly larger.
    """
    tiny = np.finfo(np.float32).tiny
    for given in list(batches(record, np.float32))[-2:]:
        seen = np.ones(len(given[0]), bool)
        for x in given:
            subnormal = (x != 0) & (abs(x) < tiny)
            seen &= ~(subnormal if x.ndim == 1 else subnormal.any(axis=1))
        kept = [x[seen] for x in given]
        right = numpy(record, kept)
        found = under_jit(record, kept)
        with np.errstate(invalid="ignore"):
            pairs = list(zip(found, right, strict=True))
            small = [(abs(b) < 4 * tiny) & (abs(a) < 4 * tiny) | (abs(a - b) < tiny) for a, b in pairs]
        found, right = ([np.where(zero, 0, x) for zero, x in zip(small, xs, strict=True)] for xs in (found, right))
        hold(record, found, right, kept, 64, OF_SUMS.get(record.name, 0))


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize("targets", ["labels", "rows", "smoothed"])
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("record", BY_CLASS, ids=name_of)
def test_a_class_of_weight_zero_costs_nothing(record: Record, framework: Framework, targets: str) -> None:
    """However improbable it is: the limit of the values for a class that is all but impossible."""
    options: dict[str, Any] = {"class_weight": framework.make(np.array([0.0, 2.0, 1.0], np.float32))}
    options |= {"label_smoothing": 0.25} if targets == "smoothed" else {}
    soft = np.array([[0.5, 0.25, 0.25]] * 3, np.float32)
    target = framework.make(soft if targets == "rows" else np.array([0, 1, 2]))

    is_log = record.kind == "softmax" or record.arguments[0].takes_log_probabilities
    others = np.log([0.25, 0.75]) if is_log else (0.25, 0.75)

    def results(first: float) -> Arrays:
        given = np.array([[first, *others]] * 3, np.float32)
        call = lossary.get(record.name).value_and_gradient
        return as_list(*call(framework.make(given), target, reduction="none", **options))

    impossible, hardly = (-math.inf, -87.0) if is_log else (0.0, 1e-37)
    for found, near in zip(results(impossible), results(hardly), strict=True):
        np.testing.assert_allclose(found, near, rtol=1e-6, atol=1e-35)


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("record", [r for r in ALL if r.kind == "pairs"], ids=name_of)
def test_vectors_of_any_length(record: Record, framework: Framework) -> None:
    """Only directions count, of lengths whose squares overflow or are lost, too; gradients are the longer for that."""
    loss, given = lossary.get(record.name), arguments(record, shape=(4, 3), dtype=np.float32)
    value, *gradients = as_list(*loss.value_and_gradient(*map(framework.make, given)))
    trace = differentiated(framework, lambda *x: loss(*x, reduction="none"))
    for scale in (2.0**-110, 2.0**-70, 2.0**70, 2.0**110):
        scaled = [framework.make(array * np.float32(s)) for array, s in zip(given, (scale, 1 / scale), strict=True)]
        ways = [as_list(*loss.value_and_gradient(*scaled))]
        if framework is not NUMPY:
            traced, found = trace(*scaled)
            ways.append([framework.numpy(traced).mean(), *(framework.numpy(x) / len(given[0]) for x in found)])
        for computed, *slopes in ways:
            np.testing.assert_allclose(computed, value, rtol=2e-6)
            for slope, right, s in zip(slopes, gradients, (scale, 1 / scale), strict=True):
                np.testing.assert_allclose(slope * np.float32(s), right, rtol=1e-4, atol=1e-5)


# --- one wrong place ----------------------------------------------------------------------------------------------


def is_linear(record: Record, prediction: Node) -> bool:
    """Whether the slope does not depend on the prediction, so that it is a number where that is NaN."""
    return record.kind in ("pointwise", "row") and prediction not in walk(gradient_of(record.graph, [prediction])[0])


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("record", SOME, ids=name_of)
def test_what_has_no_value_stays_at_its_place(record: Record, framework: Framework) -> None:
    """A NaN among the predictions: its own item is NaN in value and gradient, all others are what they were."""
    clean = arguments(record, shape=(6, 4), dtype=np.float32)
    for i in predictions_of(record):
        dirty = [array.copy() for array in clean]
        dirty[i][2, 1] = math.nan
        own = (slice(2, 3),) if record in OVER_CLASSES else (slice(2, 3), slice(1, 2))
        results = [
            as_list(*lossary.get(record.name).value_and_gradient(*map(framework.make, arrays), reduction="none"))
            for arrays in (dirty, clean)
        ]
        value, gradient = results[0][0], results[0][1 + predictions_of(record).index(i)]
        assert np.isnan(value[own]).all()
        assert np.isnan(gradient[own]).any() or is_linear(record, record.arguments[i].symbol)
        for a, b in zip(*results, strict=True):
            a[own] = b[own] = 0.0
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("record", [r for r in SOME if r.kind == "softmax"], ids=name_of)
def test_rows_without_a_limit(record: Record, framework: Framework) -> None:
    """No class that can be, or two that are certain: NaN for that row alone; a class that cannot be costs nothing."""
    inf, loss = math.inf, lossary.get(record.name)
    rows = np.array([[0.0, 1.0, -inf], [-inf, -inf, -inf], [inf, inf, 0.0], [1.0, 0.0, -inf]], np.float32)
    target = np.array([[0.5, 0.5, 0.0]] * 4, np.float32)
    with np.errstate(divide="ignore"):
        others = [np.log(target) if argument.role == "reference" else target for argument in record.arguments[1:]]

    def results(chosen: list[int]) -> Arrays:
        given = (framework.make(array[chosen]) for array in (rows, *others))
        return as_list(*loss.value_and_gradient(*given, reduction="none"))

    (value, gradient), (fine, slope) = results([0, 1, 2, 3]), results([0, 3])
    np.testing.assert_array_equal(np.isnan(value), [False, True, True, False])
    np.testing.assert_array_equal(value[[0, 3]], fine)
    np.testing.assert_array_equal(gradient[[0, 3]], slope)
    assert not gradient[[0, 3], 2].any()
    assert np.isnan(gradient[[1, 2]]).any(axis=1).all()


# --- sizes at the end of their range --------------------------------------------------------------------------------


@pytest.mark.parametrize(("record", "framework"), on_frameworks(REPRESENTATIVES))
def test_no_rows(record: Record, framework: Framework) -> None:
    """Zero with empty gradients, reduced or not."""
    given = [framework.make(array) for array in of_rows(record, arguments(record, dtype=np.float32), slice(0))]
    for reduction in ("mean", "sum", "none"):
        value, *gradients = as_list(*lossary.get(record.name).value_and_gradient(*given, reduction=reduction))
        assert not value.any()
        assert [g.shape for g in gradients] == [tuple(given[i].shape) for i in predictions_of(record)]
    if framework is not NUMPY and framework is not JAX:
        leaves = [x.requires_grad_(i in predictions_of(record)) for i, x in enumerate(given)]
        lossary.get(record.name)(*leaves).backward()
        assert leaves[0].grad is not None


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("record", OVER_CLASSES, ids=name_of)
def test_no_classes_and_one_class(record: Record, framework: Framework) -> None:
    loss, one = lossary.get(record.name), np.ones((3, 1), np.float32)
    with pytest.raises(ShapeError, match="no numbers" if record.takes_vectors else "no classes"):
        loss(*(framework.make(one[:, :0]) for _ in record.arguments))
    targets = (one, np.zeros(3, np.int64), one[:, 0]) if record.takes_classes else (one,)
    for target in targets if len(record.arguments) > 1 and not record.takes_vectors else ():
        with pytest.raises(ShapeError, match=r"one class along axis 1.*sigmoid_cross_entropy"):
            loss(framework.make(one), framework.make(target))


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_one_number(framework: Framework) -> None:
    """Arrays without dimensions have a loss, too; what runs over rows says that it needs some."""
    for record in REPRESENTATIVES:
        given = [framework.make(np.float32(0.5 if a.domain.contains(0.5) else -0.5)) for a in record.arguments]
        if record.kind in ("pointwise", "overlap"):
            value, *gradients = as_list(*lossary.get(record.name).value_and_gradient(*given))
            assert [x.shape for x in (value, *gradients)] == [()] * (1 + len(predictions_of(record)))
        else:
            with pytest.raises(ShapeError, match="dimensions"):
                lossary.get(record.name)(*given)


def test_a_gradient_beyond_all_numbers_is_infinite_without_a_warning() -> None:
    """That of a direction in a vector of almost no length."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, (gradient, _) = lossary.info_nce.value_and_gradient(np.full((2, 2), 1e-312), np.eye(2))
    assert np.isinf(gradient).all()


@pytest.mark.parametrize("make", [np.asarray, torch.tensor], ids=["numpy", "torch"])
def test_a_vector_of_zeros_has_no_direction(make: Any) -> None:
    """Its cosine is 0 to all, and nothing pulls at it; the others' gradients are as beside one at right angles."""
    zeros, apart = [[0.0, 0.0, 0.0], [1.0, 2.0, 0.0]], [[0.0, 0.0, 3.0], [1.0, 2.0, 0.0]]
    partners = [[2.0, 1.0, 0.0], [1.0, 1.0, 0.0]]
    value, (gradient, pulled) = lossary.info_nce.value_and_gradient(make(zeros), make(partners))
    right, (_, expected) = lossary.info_nce.value_and_gradient(make(apart), make(partners))
    assert float(value) == pytest.approx(float(right), rel=1e-14)
    assert not np.asarray(gradient)[0].any()
    assert np.asarray(gradient)[1].any()
    np.testing.assert_allclose(np.asarray(pulled)[:, :2], np.asarray(expected)[:, :2], rtol=1e-12)


FIRST_LOGIT = {"logits": [[-math.inf, 0.0, 1.0]], "target": [[0.0, 1.0, 0.0]]}
# What a parameter or a target makes of an infinity beside which a factor is 0: argument, value, derivative.
BESIDE_INFINITY = [
    ("binary_cross_entropy", {"probability": [0.0], "target": [0.0]}, "positive_weight", 1.0, 0.0),
    ("sigmoid_cross_entropy", {"logits": [-math.inf], "target": [0.0]}, "positive_weight", 1.0, 0.0),
    ("binary_cross_entropy", {"probability": [0.0], "positive_weight": 0.0}, "target", [0.0], 0.0),
    ("sigmoid_cross_entropy", {"logits": [-math.inf], "positive_weight": 0.0}, "target", [0.0], 0.0),
    ("binary_cross_entropy", {"probability": [0.0], "target": [0.0]}, "label_smoothing", 0.0, math.inf),
    # The capped logits (−2, 0, 2 tanh ½) move by (−1, 0, tanh ½ − ½ sech² ½), times softmax − target.
    ("softmax_cross_entropy", FIRST_LOGIT, "logit_cap", 2.0, 0.0104702),
]


@pytest.mark.parametrize("framework", [TORCH, JAX], ids=str)
@pytest.mark.parametrize(("name", "given", "argument", "value", "slope"), BESIDE_INFINITY)
def test_a_factor_of_0_beside_an_infinity(
    framework: Framework, name: str, given: dict[str, Any], argument: str, value: Any, slope: float
) -> None:
    fixed = {key: framework.make(np.float32(x)) for key, x in given.items()}
    by = differentiated(framework, lambda x: lossary.get(name)(**fixed, **{argument: x}))
    (found,) = by(framework.make(np.float32(value)))[1]
    np.testing.assert_allclose(framework.numpy(found).sum(), slope, rtol=1e-5)


def test_the_price_of_an_infinite_normalizer() -> None:
    """z_loss pulls on the logit that is infinite, and on no other."""
    _, slope = lossary.softmax_cross_entropy.value_and_gradient([[math.inf, 0.0, 1.0]], [0], z_loss=0.5)
    np.testing.assert_array_equal(slope, [[math.inf, 0.0, 0.0]])


@pytest.mark.parametrize("framework", [TORCH, JAX], ids=str)
def test_a_class_of_weight_0_beside_an_infinite_normalizer(framework: Framework) -> None:
    """The slope in the target is the class's weight times its loss and the normalizer's price."""
    given = np.array([[math.inf, 0.0, 1.0], [0.0, 1.0, 1.0], [0.0, 1.0, 0.0]], np.float32)
    logits, weights, target = map(framework.make, (given[:1], given[1], given[2:]))

    def loss(target: Any) -> Any:
        return lossary.softmax_cross_entropy(logits, target, class_weight=weights, z_loss=0.5, reduction="sum")

    (slope,) = differentiated(framework, loss)(target)[1]
    np.testing.assert_array_equal(framework.numpy(slope), [[0.0, math.inf, math.inf]])


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize("record", ALL, ids=name_of)
def test_nan_goes_through_every_loss(record: Record) -> None:
    """A prediction, or what it is compared with, that is no number makes the loss of its item none, and no other's."""
    clean = arguments(record, seed=3)
    for i, argument in enumerate(record.arguments):
        if argument.role == "target" or argument.name in record.shared:
            continue
        spoilt = [array.copy() for array in clean]
        spoilt[i][(0,) * spoilt[i].ndim] = np.nan
        losses = np.ravel(lossary.get(record.name)(*spoilt, reduction="none"))
        assert np.isnan(losses[0]), argument.name
        assert np.isfinite(losses[1:]).all() or record.kind == "pairs", argument.name
