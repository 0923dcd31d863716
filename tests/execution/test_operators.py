"""Kernels inside graphs of torch.compile, on the CPU or a GPU.

``gpu/test_operators_interpreter.py`` runs what launches kernels in Triton's interpreter.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch._dynamo.backends.common import aot_autograd
from torch._functorch._aot_autograd.utils import make_boxed_func

import lossary
from device import DEVICE, INTERPRETED, MARKS, ON_GPU, close, expected, host, on_device, upstream
from lossary.catalogue.record import Record
from lossary.errors import DomainError
from lossary.execution import operation
from lossary.vocabulary import index, less, square, total, where
from samples import KINDS, arguments, label_arguments, predictions_of

pytestmark = [*MARKS, pytest.mark.usefixtures("compiling")]

BY_OWN_KERNELS = not ON_GPU and not INTERPRETED  # those of the CPU, for losses of all kinds
SERVED = [record for record in KINDS if BY_OWN_KERNELS or record.kind != "overlap"]
REDUCTIONS = ("mean", "sum", "none")
# A graph takes a second to compile, and kernels add to it. "sum" differs from "mean" by what is divided by.
FEW = REDUCTIONS if ON_GPU else REDUCTIONS[::2]
each_kind = pytest.mark.parametrize("record", SERVED, ids=lambda record: record.kind)
SHAPES = [(4, 3), (6, 5)]  # of which no size is that of the other
CROSS_ENTROPY, HUBER = lossary.softmax_cross_entropy.record, lossary.huber.record


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else "-".join(value) if isinstance(value, dict) else str(value)


def tensors(record: Record, shape: tuple[int, ...] = SHAPES[0], dtype: Any = torch.float64) -> list[Tensor]:
    arrays = label_arguments(record, 0, shape) if record.takes_classes else arguments(record, 0, shape)
    return [on_device(array, torch.int64 if array.dtype.kind == "i" else dtype) for array in arrays]


class Graphs:
    """A compiler that keeps the operators of lossary in the graphs that it is given."""

    def __init__(self) -> None:
        self.forward: list[str] = []
        self.backward: list[str] = []

    def compile(self, function: Callable[..., Any], dynamic: bool | None = None) -> Callable[..., Any]:
        backend = aot_autograd(fw_compiler=self._keep(self.forward), bw_compiler=self._keep(self.backward))
        return torch.compile(function, fullgraph=True, dynamic=dynamic, backend=backend)

    def _keep(self, names: list[str]) -> Callable[..., Any]:
        def compiler(graph: torch.fx.GraphModule, _: list[Any]) -> Any:
            targets = [node.target for node in graph.graph.nodes if isinstance(node.target, torch._ops.OpOverload)]
            names.extend(target._opname for target in targets if target.namespace == "lossary")
            return make_boxed_func(graph.forward)

        return compiler


def gradients(function: Callable[..., Tensor], record: Record, given: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
    """Return the value, and its gradients times an upstream gradient."""
    places = predictions_of(record)
    leaves = [array.clone().requires_grad_(place in places) for place, array in enumerate(given)]
    value = function(*leaves)
    return value, list(torch.autograd.grad(value, [leaves[place] for place in places], upstream(value)))


def hold(record: Record, given: list[Tensor], compiled: Callable[..., Tensor], **options: Any) -> None:
    """Assert that a compiled loss and its gradients are those of a loss that is called eagerly."""
    value, slopes = gradients(compiled, record, given)
    right, right_slopes = gradients(lambda *x: lossary.get(record.name)(*x, **options), record, given)
    torch.testing.assert_close(value, right, rtol=1e-15, atol=0)  # a kernel without gradients may round otherwise
    for slope, right_slope in zip(slopes, right_slopes, strict=True):
        torch.testing.assert_close(slope, right_slope, rtol=1e-14, atol=1e-16)


# --- operators -----------------------------------------------------------------------------------------------------


@each_kind
@pytest.mark.parametrize("reduction", FEW)
def test_one_operator_and_its_derivative(record: Record, reduction: str, launches: list[Any]) -> None:
    """In one graph for all sizes, with a number that changes, which the compiler holds open."""
    graphs, loss = Graphs(), lossary.get(record.name)
    compiled = graphs.compile(lambda *x: loss(*x, reduction=reduction, weight=0.75), dynamic=True)
    for shape in SHAPES:
        hold(record, tensors(record, shape), compiled, reduction=reduction, weight=0.75)
    reduced = reduction != "none"
    assert graphs.forward == (["value_and_gradients"] if reduced else ["value"])
    assert graphs.backward == (["scaled"] * len(predictions_of(record)) if reduced else ["gradients"])
    launches.clear()
    gradients(compiled, record, tensors(record))
    assert bool(launches) is not BY_OWN_KERNELS


@pytest.mark.skipif(not BY_OWN_KERNELS, reason="a GPU has no kernels of these")
@pytest.mark.parametrize("name", ["ctc", "cumulative_link", "generalised_dice", "list_mle", "vicreg"])
@pytest.mark.parametrize("reduction", FEW)
def test_losses_of_named_axes(name: str, reduction: str) -> None:
    """One operator each, which a compiler does not look into: it would unroll the times of CTC."""
    loss, graphs = lossary.get(name), Graphs()
    given = [on_device(array, torch.int64 if array.dtype.kind == "i" else None) for array in arguments(loss.record)]
    compiled = graphs.compile(lambda *x: loss(*x, reduction=reduction))
    hold(loss.record, given, compiled, reduction=reduction)
    assert graphs.forward == (["value"] if reduction == "none" else ["value_and_gradients"])


def test_losses_of_one_name_whose_axes_have_another_order() -> None:
    """A loss is told from others by all that its values depend on."""

    def made(axes: str) -> Any:
        @lossary.loss(axes={"scores": axes, "target": axes})
        def own(scores: Any, target: Any) -> Any:
            return total(square(scores - target), over="entry")

        return own

    graphs, losses, given = Graphs(), [made("item entry"), made("entry item")], tensors(HUBER, (3, 4))
    found = graphs.compile(lambda *x: [own(*x) for own in losses])(*given)
    torch.testing.assert_close(found, [own(*given) for own in losses])


def test_digests() -> None:
    """They differ by all that a call depends on, and not by the names of a recurrence, new in each process."""

    def digest(axes: str = "item entry", **options: Any) -> str:
        @lossary.loss(axes={"scores": axes, "target": axes}, **options)
        def own(scores: Any, target: Any) -> Any:
            longer = total(where(less(index("longer"), 2.0), 1.0, 0.0), over="longer") if "lengths" in options else 1.0
            return total(square(scores - target), over="entry") * longer

        return operation._digest(own.record)

    lengths = [{"longer": lambda entry: entry + 1}, {"longer": lambda entry: entry + 2}]
    found = [digest(), digest("entry item"), digest(mask="item entry"), *(digest(lengths=one) for one in lengths)]
    assert len({*found}) == len(found)
    assert digest() == found[0]
    ctc = lossary.ctc.record
    assert operation._digest(replace(ctc)) == operation._digest(ctc)


def test_items_of_the_second_array() -> None:
    """The first one, which all items share, does not have their axis."""

    @lossary.loss(axes={"prediction": "entry", "target": "item entry"})
    def own(prediction: Any, target: Any) -> Any:
        return total(square(prediction - target), over="entry")

    given = on_device([0.5, 1.0, 2.0]), tensors(HUBER)[1]
    found = gradients(Graphs().compile(lambda *x: own(*x, reduction="none")), own.record, list(given))
    right = gradients(lambda *x: own(*x, reduction="none"), own.record, list(given))
    torch.testing.assert_close(found, right)


def test_a_factor_for_float16() -> None:
    """Losses are multiplied so that small gradients are no zeros: before the gradients are rounded."""
    given = [array * 2.0**-14 for array in tensors(HUBER, dtype=torch.float16)]
    found, right = (
        gradients(lambda *x, own=own: own(*x) * 2.0**14, HUBER, given)
        for own in (Graphs().compile(lambda *x: lossary.huber(*x)), lossary.huber)
    )
    assert found[1][0].dtype == torch.float16
    torch.testing.assert_close(found, right)


def test_a_gradient_of_integers() -> None:
    given = on_device([1, 2], torch.int64), on_device([1.0, 3.0])
    found = Graphs().compile(lambda *x: lossary.huber.value_and_gradient(*x))(*given)
    torch.testing.assert_close(found, lossary.huber.value_and_gradient(*given))


def test_a_sum_of_losses() -> None:
    graphs, given = Graphs(), tensors(HUBER)
    both = lossary.WeightedSum(a=lossary.huber, b=(lossary.squared_error, 0.5))
    torch.testing.assert_close(graphs.compile(lambda *x: both(*x))(*given), both(*given))
    assert graphs.forward == ["value", "value"]


@pytest.mark.skipif(not BY_OWN_KERNELS, reason="a GPU does not wait to raise errors")
def test_an_error_of_a_value() -> None:
    compiled = Graphs().compile(lambda *x: lossary.binary_cross_entropy(*x))
    with pytest.raises(DomainError, match=r"probability\[1\] is 1.5"):
        compiled(on_device([0.5, 1.5]), on_device([1.0, 0.0]))


def test_a_value_alone() -> None:
    """Where nothing is differentiated, no gradient is made."""
    graphs, given = Graphs(), tensors(CROSS_ENTROPY)
    compiled = graphs.compile(lambda *x: lossary.softmax_cross_entropy(*x))
    close(compiled(*given), expected(CROSS_ENTROPY, given)[0], torch.float64)
    with torch.no_grad():
        close(compiled(given[0].requires_grad_(), given[1]), expected(CROSS_ENTROPY, given)[0], torch.float64)
    assert (graphs.forward, graphs.backward) == (["value", "value"], [])


@each_kind
def test_value_and_gradient(record: Record) -> None:
    graphs, given, loss = Graphs(), tensors(record), lossary.get(record.name)
    value, found = graphs.compile(lambda *x: loss.value_and_gradient(*x))(*given)
    right, right_slopes = loss.value_and_gradient(*given)
    assert graphs.forward == ["value_and_gradients"]
    torch.testing.assert_close((value, found), (right, right_slopes), rtol=0, atol=0)


def test_inside_a_larger_graph() -> None:
    """Two losses of what a layer computes, in one graph; another dtype and other strides than the leaf's."""
    graphs = Graphs()
    target = on_device(np.ones((5, 4)), torch.float32)

    def step(x: Tensor) -> Any:
        y = (x.to(torch.bfloat16) * 2).T
        return 3 * lossary.huber(y, target, delta=0.5) + lossary.squared_error(y, target, reduction="sum")

    found, right = on_device(np.linspace(-3, 3, 20).reshape(4, 5)).requires_grad_(), on_device(0)
    value = graphs.compile(step)(found)
    value.backward()
    right = found.detach().clone().requires_grad_()
    step(right).backward()
    assert graphs.forward == ["value_and_gradients", "value_and_gradients"]
    torch.testing.assert_close(value, step(right))
    torch.testing.assert_close(found.grad, right.grad, rtol=2**-7, atol=0)


# --- options -------------------------------------------------------------------------------------------------------

WEIGHT, MASK = on_device([0.5, 0.0, 2.0, 1.0]), torch.tensor([True, True, False, True], device=DEVICE)
OPTIONS: list[tuple[Any, dict[str, Any]]] = [
    (CROSS_ENTROPY, {"weight": WEIGHT, "mask": MASK}),
    (CROSS_ENTROPY, {"label_smoothing": 0.1, "class_weight": on_device([1.0, 0.5, 2.0]), "ignore_label": 1}),
    (CROSS_ENTROPY, {"z_loss": 1e-3, "logit_cap": 30.0, "denominator": on_device(7.0)}),
    (CROSS_ENTROPY, {"weight": 2.0, "denominator": "count"}),
    (HUBER, {"delta": on_device(0.7), "weight": 0.5, "denominator": 3.0}),
    (HUBER, {"mask": MASK[:, None], "empty": "nan", "delta": 0.3}),
    (lossary.linear_cross_entropy.record, {"mask": MASK, "weight": WEIGHT, "label_smoothing": 0.1}),
]


# Options are parts of the operators' text and arrays, which the reduced and the unreduced ones read alike.
CASES = [(*case, reduction) for case in OPTIONS for reduction in REDUCTIONS]
if not ON_GPU:
    CASES = [
        *((*case, "mean") for case in OPTIONS),
        (*OPTIONS[0], "none"),
        (*OPTIONS[1], "sum"),
        (*OPTIONS[-1], "none"),
    ]


@pytest.mark.parametrize(("record", "options", "reduction"), CASES, ids=name_of)
def test_options(record: Record, options: dict[str, Any], reduction: str) -> None:
    """Options that are tensors are arrays of the operator, others part of its text."""
    if reduction != "mean":
        options = {name: value for name, value in options.items() if name not in ("denominator", "empty")}
    options = {**options, "reduction": reduction}
    graphs, loss = Graphs(), lossary.get(record.name)
    compiled = graphs.compile(lambda *x: loss(*x, **options))
    hold(record, tensors(record), compiled, **options)
    assert len(graphs.forward) == 1


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("record", [CROSS_ENTROPY, HUBER], ids=lambda record: record.name)
def test_other_dtypes(record: Record, dtype: Any) -> None:
    """The value has float32, and the gradient the dtype of the prediction."""
    graphs, loss = Graphs(), lossary.get(record.name)
    given = tensors(record, dtype=dtype)
    value, slopes = gradients(graphs.compile(lambda *x: loss(*x)), record, given)
    right, right_slopes = gradients(loss, record, given)
    assert (value.dtype, slopes[0].dtype, len(graphs.forward)) == (torch.float32, dtype, 1)
    torch.testing.assert_close((value, slopes), (right, right_slopes), rtol=2 * torch.finfo(dtype).eps, atol=1e-30)


def test_under_autocast() -> None:
    graphs, given = Graphs(), tensors(CROSS_ENTROPY, dtype=torch.float32)

    def step(x: Tensor) -> Any:
        with torch.autocast(DEVICE, torch.bfloat16):
            return lossary.softmax_cross_entropy(x @ x.T @ x, given[1])

    found, right = (given[0].clone().requires_grad_() for _ in range(2))
    value = graphs.compile(step)(found)
    value.backward()
    step(right).backward()
    assert (value.dtype, graphs.forward) == (torch.float32, ["value_and_gradients"])
    torch.testing.assert_close(value, step(right), rtol=2**-7, atol=0)
    torch.testing.assert_close(found.grad, right.grad, rtol=2**-5, atol=2**-7)


def test_a_classifier_that_is_frozen() -> None:
    record = lossary.linear_cross_entropy.record
    features, *rest = tensors(record)
    found, right = (features.clone().requires_grad_() for _ in range(2))
    graphs = Graphs()
    graphs.compile(lambda x: lossary.linear_cross_entropy(x, *rest))(found).backward()
    lossary.linear_cross_entropy(right, *rest).backward()
    assert graphs.forward == ["value_and_gradients"]
    torch.testing.assert_close(found.grad, right.grad, rtol=1e-14, atol=0)


@pytest.mark.parametrize("shape", [(4, 3, 2), (4, 3)], ids=str)
def test_classes_along_another_axis(shape: tuple[int, ...]) -> None:
    logits = on_device(np.random.default_rng(0).normal(size=shape))
    label = torch.zeros(shape[0], *shape[2:], dtype=torch.int64, device=DEVICE)
    for reduction in FEW:
        options = {"axis": 1, "reduction": reduction}
        graphs = Graphs()
        compiled = graphs.compile(lambda *x, options=options: lossary.softmax_cross_entropy(*x, **options))
        hold(CROSS_ENTROPY, [logits, label], compiled, **options)
        assert len(graphs.forward) == 1


# --- numbers that change, own losses ----------------------------------------------------------------------------------


def test_numbers_that_change() -> None:
    graphs, given = Graphs(), tensors(HUBER)
    compiled = graphs.compile(lambda delta, *x: lossary.huber(*x, delta=delta), dynamic=True)
    for delta in (0.5, 0.25, 0.125):
        close(compiled(delta, *given), expected(HUBER, given, delta=delta)[0], torch.float64)


def test_a_loss_of_the_user() -> None:
    """Two formulas of one name are two losses."""

    def made(power: float) -> Any:
        @lossary.pointwise
        def own(prediction: Any, target: Any, *, scale: Any = 2.0) -> Any:
            return (prediction - target) ** power / scale

        return own

    given, graphs, losses = tensors(HUBER), Graphs(), [made(2.0), made(4.0)]
    found = graphs.compile(lambda *x: [own(*x) for own in losses])(*given)
    gap = host(given[0]) - host(given[1])
    close(found[0], (gap**2 / 2).mean(), torch.float64)
    close(found[1], (gap**4 / 2).mean(), torch.float64)
    assert graphs.forward == ["value", "value"]


# --- the operators -------------------------------------------------------------------------------------------------


def described(record: Record, names: tuple[str, ...], wrt: tuple[str, ...], **options: Any) -> operation.Operation:
    key = operation.register(record, "lossary")
    items = (names[0], (1,) if record is CROSS_ENTROPY else ()) if options.get("reduction") == "none" else None
    return operation.Operation(key, names, 2, options, wrt, items, "float64")


@pytest.mark.parametrize("record", [CROSS_ENTROPY, HUBER], ids=lambda record: record.name)
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_by_the_checks_of_pytorch(record: Record, reduction: str) -> None:
    """Schema, fake results, derivatives and graphs with open sizes."""
    given, names = tensors(record), (record.arguments[0].name, "target", "weight")
    leaf = given[0].requires_grad_()
    text = str(described(record, names, (names[0],), reduction=reduction))
    weight = WEIGHT if record is CROSS_ENTROPY else WEIGHT[:, None].expand(4, 3)
    ops = torch.ops.lossary
    arrays = [leaf, given[1], weight]
    torch.library.opcheck(ops.value.default if reduction == "none" else ops.value_and_gradients.default, (arrays, text))
    change = upstream(ops.value(arrays, text)).detach()
    torch.library.opcheck(ops.gradients.default, ([leaf.detach(), *arrays[1:]], change, text))
    made, factor = on_device(np.ones((4, 3)), torch.bfloat16), on_device(0.37, torch.float32)
    torch.library.opcheck(ops.scaled.default, (made, factor, given[0].detach()))
    torch.library.opcheck(ops.scale_.default, (made, factor))


@pytest.mark.parametrize("seed", ["0", "2"])  # of the order of sets: these two order the axes of scores differently
def test_the_text_of_a_call_means_the_same_elsewhere(seed: str) -> None:
    """A process that has compiled nothing finds the loss; the text has no address, no count and no order of a set."""
    text = str(described(CROSS_ENTROPY, ("logits", "target"), ("logits",), axis=-1, label_smoothing=0.1))
    code = (
        "import torch; from lossary.execution import operators\n"
        f"x, y = torch.tensor([[1.0, 2.0]], dtype=torch.float64), torch.tensor([1])\n"
        f"value, slope = torch.ops.lossary.value_and_gradients([x, y], {text!r})\n"
        "print(value.item(), *slope.tolist()[0])"
    )
    environment = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    arrays = np.array([[1.0, 2.0]]), np.array([1])
    value, slope = lossary.softmax_cross_entropy.value_and_gradient(*arrays, label_smoothing=0.1)
    np.testing.assert_allclose(list(map(float, done.stdout.split())), [value, *slope[0]], rtol=1e-14)


def test_a_formula_that_has_changed() -> None:
    with pytest.raises(RuntimeError, match=r"lossary.huber has changed since a graph with it was compiled"):
        operation._find("lossary", "huber", "0123456789abcdef")


# --- what has no operator ------------------------------------------------------------------------------------------


def test_what_the_formulas_compute() -> None:
    """A parameter that is learned, a transform, a total, a Hessian, an exported program."""
    given, delta = tensors(HUBER), on_device(0.7).requires_grad_()
    graphs = Graphs()
    value = graphs.compile(lambda d, *x: lossary.huber(*x, delta=d))(delta, *given)
    (slope,) = torch.autograd.grad(value, delta)
    (right,) = torch.autograd.grad(lossary.huber(*given, delta=delta), delta)
    torch.testing.assert_close(slope, right)
    transformed = graphs.compile(torch.func.grad(lambda *x: lossary.huber(*x)))(*given)
    torch.testing.assert_close(transformed, lossary.huber.value_and_gradient(*given)[1])
    total = graphs.compile(lambda *x: lossary.huber.total(*x).sum)(*given)
    torch.testing.assert_close(total, lossary.huber(*given, reduction="sum"))
    hessian = graphs.compile(lambda *x: lossary.huber.gradient_and_hessian(*x)[1])(*given)
    torch.testing.assert_close(hessian, lossary.huber.gradient_and_hessian(*given)[1])
    assert graphs.forward == []


class Module(torch.nn.Module):
    def forward(self, prediction: Tensor, target: Tensor) -> Any:
        return lossary.huber(prediction, target)


@pytest.mark.parametrize("strict", [False, True])
def test_an_exported_program(strict: bool) -> None:
    given = tensors(HUBER)
    program = torch.export.export(Module(), tuple(given), strict=strict)
    assert "lossary" not in str(program.graph)
    torch.testing.assert_close(program.module()(*given), lossary.huber(*given))


def test_an_error_while_compiling() -> None:
    with pytest.raises(Exception, match=r"huber: .*shape"):
        Graphs().compile(lambda *x: lossary.huber(*x))(on_device([1.0, 2.0]), on_device([1.0]))
