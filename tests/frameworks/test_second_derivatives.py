"""Whole Hessians at the ends of the range: both frameworks, and both modes of differentiation in every order."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import jax
import numpy as np
import pytest
import torch
from jax import numpy as jnp
from mpmath import mp

import lossary
from arrays import AS_USERS
from fuzz.textbook import PERIODIC
from lossary.catalogue.record import Argument, Record
from oracle.exact import BITS, HUGE, Jet, derivatives, jet, log
from oracle.measured import all_parameters, textbook
from oracle.textbook.common import Row, Terms, softmax
from representatives import REPRESENTATIVES
from samples import BY_SHAPE

INF = np.inf
# Numbers of an element, and rows: at the ends of the domain and within it.
LOGITS = [[-INF, 0.0, 0.0], [-INF, -INF, 1.0], [INF, 0.0, 1.0], [1e3, 0.0, -1e3], [0.0, 1.0, 2.0]]
ROWS = [[0.0, 1.0, 0.0], [0.0, 0.5, 0.5], [0.25, 0.25, 0.5]]
LOG_ROWS = [[-INF, 0.0, -INF], [-1e3, -0.5, -1.0], [0.0, -2.0, -0.25]]
REGIONS = [[0.0, 0.0, 0.0], [1.0, 0.0, 1.0], [0.5, 0.0, 1.0]]
ORDERS = list(itertools.product(("forward", "reverse"), repeat=2))
JAX: dict[str, Any] = {"forward": jax.jacfwd, "reverse": jax.jacrev}
TORCH: dict[str, Any] = {"forward": torch.func.jacfwd, "reverse": torch.func.jacrev}
pytestmark = pytest.mark.usefixtures("portable")
BY_TEXTBOOK = [record for record in BY_SHAPE if not record.scores]


def elements(argument: Argument) -> list[list[float]]:
    if argument.domain.high == 1.0:
        return [[0.0], [0.5], [1.0]]
    if argument.takes_logits:
        return [[-INF], [-1e3], [0.0], [2.0], [INF]]
    if argument.takes_log_probabilities:
        return [[-INF], [-1e3], [-0.5], [0.0]]
    return [[0.5], [2.0]] if np.isfinite(argument.domain.low) else [[-1e30], [-1.0], [0.5], [2.0]]


def inputs(argument: Argument, kind: str) -> list[list[float]]:
    if kind == "pointwise":
        return elements(argument)
    if argument.takes_log_probabilities:
        return LOG_ROWS
    return REGIONS if kind == "overlap" else LOGITS if argument.takes_logits else ROWS


def places(record: Record) -> list[np.ndarray[Any, Any]]:
    """Arrays whose rows are all combinations of the arguments' inputs; a loss of elements has rows of one."""
    found = list(itertools.product(*(inputs(argument, record.kind) for argument in record.arguments)))
    if record.name in PERIODIC:  # the difference of a huge angle is rounded by many turns
        found = [row for row in found if [-1e30] not in row]
    return [np.array(column) for column in zip(*found, strict=True)]


def as_float(value: Any) -> float:
    return float(mp.sign(value)) * INF if abs(value) > mp.sqrt(HUGE) else float(value)


def exact_hessian(curve: Callable[[list[Jet]], Any], point: Any) -> Any:
    """Second derivatives from those along the axes and their diagonals."""
    n = len(point)

    def along(*moving: int) -> Any:
        return curve([jet(float(x), i in moving) for i, x in enumerate(point)])

    own = [along(i) for i in range(n)]

    def entry(i: int, j: int) -> float:
        if i != j and np.isinf([as_float(own[i]), as_float(own[j])]).any():
            return np.nan  # the difference of two infinities
        return as_float(own[i] if i == j else (along(i, j) - own[i] - own[j]) / 2)

    return np.array([[entry(i, j) for j in range(n)] for i in range(n)])


def book_curve(record: Record, others: list[Any], order: int = 2) -> Callable[[list[Jet]], Any]:
    terms, parameters = textbook(record), all_parameters(record, {})
    fixed = [[jet(float(x)) for x in other] for other in others]

    def curve(moving: list[Jet]) -> Any:
        arguments: list[Any] = [moving, *fixed]
        if record.kind == "pointwise":
            arguments = [argument[0] for argument in arguments]
        return derivatives(terms(*arguments, **parameters))[order].value

    return curve


def is_torn(slope: Callable[[list[Jet]], Any], point: Any) -> bool:
    """Whether the slopes of a row are infinities of both signs."""
    along = [as_float(slope([jet(float(x), i == j) for j, x in enumerate(point)])) for i in range(len(point))]
    return {-INF, INF} <= set(along)


def hessians(function: Callable[..., Any], point: Any) -> Iterator[tuple[str, Any]]:
    """By each framework and order of modes; ``function`` takes arrays of either."""
    yield from hessians_in_jax(function, point)
    yield from hessians_in_torch(function, point)


def hessians_in_jax(function: Callable[..., Any], point: Any) -> Iterator[tuple[str, Any]]:
    with jax.enable_x64(True):

        @partial(jax.jit, compiler_options=AS_USERS)
        def all_orders(x: Any) -> list[Any]:
            return [JAX[outer](JAX[inner](function))(x) for outer, inner in ORDERS]

        every = all_orders(jnp.asarray(point))
    for (outer, inner), found in zip(ORDERS, every, strict=True):
        yield f"JAX, {outer} over {inner}", np.asarray(found)


def hessians_in_torch(function: Callable[..., Any], point: Any) -> Iterator[tuple[str, Any]]:
    for outer, inner in ORDERS:
        yield f"PyTorch, {outer} over {inner}", TORCH[outer](TORCH[inner](function))(torch.tensor(point)).numpy()
    tensor = torch.tensor(point, requires_grad=True)
    yield "PyTorch, autograd", torch.autograd.functional.hessian(function, tensor).numpy()


def beside(point: Any, like: Any) -> Any:
    """A NumPy array in the framework of another; XLA would add up constants of a graph in an order of its own."""
    return torch.tensor(point) if isinstance(like, torch.Tensor) else jax.lax.optimization_barrier(jnp.asarray(point))


def hold(
    function: Callable[..., Any],
    curves: list[Callable[[list[Jet]], Any]],
    points: Any,
    ways: Any = hessians,
    torn: Sequence[bool] = (),
) -> None:
    """Compare every way with the textbook's Hessian; rows do not see each other, whatever they hold.

    Where the textbook's is not known, nothing may be NaN all the same; only of ``torn`` rows, whose slopes are
    infinities of both signs, a way that adds what these change by may not know the sum.
    """
    n, k = points.shape
    right, free = np.zeros((n, k, n, k)), np.zeros((n, k, n, k), bool)
    for i, (curve, point) in enumerate(zip(curves, points, strict=True)):
        right[i, :, i] = exact_hessian(curve, point)
        free[i, :, i] = i < len(torn) and torn[i]
    for way, found in ways(function, points):
        none = np.isnan(found)
        assert not (none & ~free).any(), f"{way} at {points[np.argwhere(none & ~free)[0][0]]}"
        known = ~np.isnan(right) & ~none
        np.testing.assert_allclose(found[known], right[known], rtol=1e-9, atol=1e-12, err_msg=way)


@pytest.mark.parametrize("record", BY_TEXTBOOK, ids=lambda record: record.name)
def test_hessian_at_the_ends(record: Record) -> None:
    """Of some losses by JAX, too, which takes long to compile and differentiates the same graphs."""
    mp.prec = BITS["float64"]
    loss, (points, *others) = lossary.get(record.name), places(record)
    options = {"axis": 1} if record.kind == "overlap" else {}
    rows = list(zip(points, *others, strict=True))
    curves = [book_curve(record, rest) for _, *rest in rows]
    torn = [is_torn(book_curve(record, rest, order=1), point) for point, *rest in rows]
    ways = hessians if record in REPRESENTATIVES else hessians_in_torch
    hold(lambda x: loss(x, *(beside(o, x) for o in others), reduction="sum", **options), curves, points, ways, torn)


def entropy(logits: Row) -> Terms:
    return [-p * log(p) for p in softmax(logits)]


def reverse_divergence(logits: Row) -> Terms:
    """Of a second layer's logits from the first's, (0, 1, −∞)."""
    first = softmax([jet(x) for x in (0.0, 1.0, -INF)])
    return [q * (log(q) - log(p)) for q, p in zip(softmax(logits), first, strict=True) if q.value > 0]


def test_hessian_of_an_entropy() -> None:
    """In a feature of which the classifier makes the logits (0, x, −∞)."""
    mp.prec = BITS["float64"]

    def of_features(x: Any) -> Any:
        classifier, bias = beside(np.array([[0.0], [1.0], [0.0]]), x), beside(np.array([0.0, 0.0, -INF]), x)
        return lossary.linear_entropy(x, classifier, bias=bias, reduction="sum")

    def curve(features: list[Jet]) -> Any:
        return derivatives(entropy([jet(0), *features, jet(-INF)]))[2].value

    hold(of_features, [curve, curve], np.array([[1.0], [0.0]]))


def test_hessian_of_a_reverse_divergence() -> None:
    """In the second layer's classifier, of one feature; its bias makes the third class impossible."""
    mp.prec = BITS["float64"]

    def of_classifier(x: Any) -> Any:
        one, bias = beside(np.ones((1, 1)), x), beside(np.array([0.0, 0.0, -INF]), x)
        first = beside(np.array([[0.0], [1.0], [0.0]]), x)
        return lossary.linear_kl_divergence(one, first, one, x.T, bias=bias, target_bias=bias, reduction="sum")

    def curve(classifier: list[Jet]) -> Any:
        return derivatives(reverse_divergence([*classifier[:2], classifier[2] + jet(-INF)]))[2].value

    hold(of_classifier, [curve], np.array([[1.0, 0.0, 0.0]]))


def test_hessian_of_a_divergence_in_logits_and_target() -> None:
    """The slopes are p − t and log(t / p) + 1; those of the targets of 0 do not meet what is not moved."""
    logits, target = np.array([0.3, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    p = np.exp(logits) / np.exp(logits).sum()
    mixed = p[:, None] - np.eye(3)
    right = np.block([[np.diag(p) - np.outer(p, p), mixed], [mixed.T, np.diag([INF, 1.0, INF])]])
    for way, found in hessians(divergence, np.concatenate([logits, target])[None]):
        np.testing.assert_allclose(found[0, :, 0], right, rtol=1e-9, atol=1e-12, err_msg=way)


def divergence(both: Any) -> Any:
    return lossary.softmax_kl_divergence(both[:, :3], both[:, 3:], reduction="sum")


def test_hessian_beside_a_certain_class() -> None:
    """The divergence is −log p of the class, w times; its slope in the temperature is w (z − its mean under p) / T²."""
    logits, w, t = np.array([0.9, -0.6, -0.2]), 2.0, 0.5
    p = np.exp(logits / t) / np.exp(logits / t).sum()
    gap, variance = logits[1] - p @ logits, p @ (logits - p @ logits) ** 2
    right = [[0.0, gap / t**2], [gap / t**2, w * (variance / t**4 - 2 * gap / t**3)]]

    def loss(x: Any) -> Any:
        one, zeros = (beside(array, x) for array in (np.ones((1, 1)), np.zeros((3, 1))))
        biases = {"bias": beside(logits, x), "target_bias": beside(np.array([0.0, 1e20, 0.0]), x)}
        given = {"weight": x[:1], "temperature": x[1:], "reduction": "sum"}
        return lossary.linear_kl_divergence(one, zeros, one, zeros, **biases, **given)

    for way, found in hessians(loss, np.array([w, t])):
        np.testing.assert_allclose(found, right, rtol=1e-9, atol=1e-12, err_msg=way)


def test_hessian_of_the_z_loss_at_an_infinite_logit() -> None:
    """Of z · (log Σ exp)², which is z · a² in the infinite logit a; the cross-entropy is straight there."""

    def loss(x: Any) -> Any:
        target = beside(np.array([[0.5, 0.25, 0.25]]), x)
        return lossary.softmax_cross_entropy(x[None], target, z_loss=0.75)

    for way, found in hessians(loss, np.array([1.75, 3.0, INF])):
        np.testing.assert_allclose(found, np.diag([0.0, 0.0, 1.5]), atol=1e-12, err_msg=way)


def test_hessian_beside_a_masked_row() -> None:
    """A row that does not count may hold NaN: its softmax meets no change, and no other row's does."""
    rows, mask = np.array([[1.75, 3.0, INF], [np.nan, 0.0, 1.0]]), np.array([True, False])

    def loss(x: Any) -> Any:
        target = beside(np.array([[0.5, 0.25, 0.25]] * 2), x)
        return lossary.softmax_cross_entropy(x, target, z_loss=0.75, mask=beside(mask, x))

    for way, found in hessians(loss, rows):
        np.testing.assert_allclose(found.reshape(6, 6), np.diag([0, 0, 1.5, 0, 0, 0]), atol=1e-12, err_msg=way)


def test_hessian_in_target_and_temperature() -> None:
    """Of Σ t log p, whose slope in T is −Σ t (z − m) / T² with the mean m of z under p; of z = −∞ it rises without end.

    A certain class is its own mean; beside it all others cannot be.
    """
    z, t, temperature = np.array([0.0, 1.0]), np.array([0.25, 0.75]), 2.0
    p = np.exp(z / temperature) / np.exp(z / temperature).sum()
    mixed, variance = -(z - p @ z) / temperature**2, p @ (z - p @ z) ** 2
    own = 2 * (t @ z - p @ z) / temperature**3 - variance / temperature**4
    hold_mixed([*z, -INF], [*t, 0.0], [*mixed, INF, own])
    hold_mixed([0.0, INF, -INF], [0.0, 1.0, 0.0], [INF, 0.0, INF, 0.0])


def hold_mixed(logits: list[float], target: list[float], right: list[float]) -> None:
    """Compare what the slope in the temperature, which is 2, changes by with the target, and with itself."""

    def loss(x: Any) -> Any:
        one, zeros, bias = (beside(np.array(array), x) for array in ([[1.0]], [[0.0]] * 3, logits))
        return lossary.linear_log_probability(one, zeros, x[None, :3], bias, temperature=x[3], reduction="sum")

    for way, found in hessians(loss, np.array([*target, 2.0])):
        np.testing.assert_allclose(found[3], right, rtol=1e-9, atol=1e-12, err_msg=way)
        np.testing.assert_array_equal(found[:3, :3], 0.0, err_msg=way)


@pytest.mark.parametrize("record", [r for r in BY_TEXTBOOK if r.kind == "overlap"], ids=lambda record: record.name)
def test_hessian_of_an_empty_region_with_weights(record: Record) -> None:
    """It costs 0 whatever lies beside it; its slopes are 0, and stay so."""

    def loss(x: Any) -> Any:
        return lossary.get(record.name)(x, 0 * x, weight=1.5 + 0 * x, axis=1, reduction="sum")

    for way, found in hessians(loss, np.zeros((1, 2))):
        np.testing.assert_array_equal(found, 0.0, err_msg=way)


def test_hessian_of_a_divergence_beside_a_huge_logit_of_the_teacher() -> None:
    """It is log Σ exp(x / T) − x₁ / T, with the slope p₀ / T in x₀; that of the teacher's logit is 0, and stays so."""
    x, t = np.array([0.25, -0.5]), 0.75
    p = np.exp(x / t) / np.exp(x / t).sum()

    def loss(a: Any) -> Any:
        teacher = beside(np.array([[-3.0, 1e20]]), a)
        return lossary.logits_kl_divergence(a[None, :2], teacher, temperature=a[2], reduction="sum")

    mixed = p[0] * (1.0 + p[1] * (x[0] - x[1]) / t) / t**2
    for way, found in hessians(loss, np.array([*x, t])):
        np.testing.assert_allclose(found[:2, 2], [-mixed, mixed], rtol=1e-12, err_msg=way)
        np.testing.assert_allclose(found[2, :2], [-mixed, mixed], rtol=1e-12, err_msg=way)


def test_what_does_not_move_takes_no_infinity() -> None:
    """A mean N / D, in the weights W of its rows and w of the first class, which is 0: so D = 3/2 and N = D log 2.

    N rises with w infinitely, as the third row's −log p; D does not change with W₁ and W₃, whatever N does. The second
    derivative in W₁ and w is (log 4 − N / D) / D. Forward mode inside leaves the quotient to the framework.
    """
    p, labels = np.array([[0.25, 0.75], [0.5, 0.5], [0.0, 1.0]]), np.array([0, 1, 0])

    def loss(x: Any) -> Any:
        return lossary.categorical_cross_entropy(beside(p, x), beside(labels, x), weight=x[:3], class_weight=x[3:])

    for way, found in hessians(loss, np.array([1.0, 1.0, 1.0, 0.0, 1.5])):
        if not way.endswith("over forward"):
            np.testing.assert_allclose(found[:3, 3], [np.log(2) / 1.5, -INF, INF], err_msg=way)
            np.testing.assert_allclose(found[3, :3], found[:3, 3], err_msg=way)


@pytest.mark.parametrize("logit", [80.0, 100.0, 103.0, 700.0])
def test_hessian_of_focal_where_an_inner_power_overflows(logit: float) -> None:
    """(1 − p)^(gamma − 1) is beyond float32 from a logit of 100 on; times (1 − p)² it is nearly 0."""
    logits = np.array([[logit, 0.0]], np.float32)
    _, hessian = lossary.softmax_focal.gradient_and_hessian(logits, [0], gamma=0.1)
    exact = 1.1**2 * math.exp(-1.1 * logit)
    np.testing.assert_allclose(hessian, [[exact, exact]], rtol=1e-4, atol=1e-43)


@pytest.mark.parametrize("gap", [800.0, 1e20, INF])
def test_hessian_of_focal_in_gamma_beside_a_certain_class(gap: float) -> None:
    """At gamma = 0, d/dgamma is −log(1 − p) log p; its slopes in the logits end at 0, as (1 − p) log(1 − p) does."""
    logits = torch.tensor([[0.0, -gap]], dtype=torch.float64, requires_grad=True)
    gamma = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(lossary.softmax_focal(logits, [0], gamma=gamma), gamma, create_graph=True)
    second = torch.autograd.grad(slope.sum(), (logits, gamma))
    assert [x.abs().max().item() for x in second] == [0.0, 0.0]


@pytest.mark.parametrize("name", ["softmax_entropy", "linear_entropy"])
def test_the_temperature_of_a_nearly_certain_entropy(name: str) -> None:
    """In float32 its slopes follow from distances to the greatest logit: of whole logits little would be left."""

    def book(z: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        logs = torch.log_softmax(z / t, -1)
        return -(logs.exp() * logs).sum()

    def ours(z: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        rows = (z[None],) if name == "softmax_entropy" else (z[None], torch.eye(len(z), dtype=z.dtype))
        loss: torch.Tensor = getattr(lossary, name)(*rows, temperature=t.reshape(1), reduction="sum")
        return loss

    def slopes(function: Any, dtype: torch.dtype) -> list[float]:
        z = torch.tensor([10.75, 16.25, 11.75, 12.375, 3.5, -8.0], dtype=dtype, requires_grad=True)
        t = torch.tensor(0.25, dtype=dtype, requires_grad=True)
        first = torch.autograd.grad(function(z, t), (z, t), create_graph=True)
        second = torch.autograd.grad(first[0] @ torch.linspace(0.0, 1.0, 6, dtype=dtype) + first[1], (z, t))
        return [number for one in (*first, *second) for number in one.reshape(-1).tolist()]

    np.testing.assert_allclose(slopes(ours, torch.float32), slopes(book, torch.float64), rtol=1e-6, atol=3e-7)
