"""torch.compile: every loss is one graph for batches of all sizes, with the same numbers forward and backward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch._dynamo.testing import CompileCounterWithBackend

import lossary
import lossary.torch
from lossary.catalogue.record import Record
from representatives import OUTLINES
from samples import KINDS, arguments, label_arguments, predictions_of
from words import of_every_word

OVER_CLASSES = [record for record in KINDS if record.kind in ("row", "softmax") and record.takes_classes]
ADDITIVE_KINDS = [record for record in KINDS if record.kind not in ("overlap", "pairs")]
Tensor = torch.Tensor
pytestmark = pytest.mark.usefixtures("portable")


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


@pytest.fixture(autouse=True)
def nothing_compiled() -> Iterator[None]:
    torch.compiler.reset()
    yield
    torch.compiler.reset()


def shapes(record: Record) -> list[tuple[int, ...]]:
    """Batches of which no size is that of the other."""
    return [(4, 3, 2), (6, 5, 3)] if record.kind in ("row", "softmax", "overlap") else [(4, 3), (6, 5)]


def differentiated(loss: Callable[..., Tensor], record: Record, given: list[Tensor]) -> list[Tensor]:
    """The value, and the gradient of its sum in each prediction."""
    leaves = [x.detach().clone().requires_grad_(i in predictions_of(record)) for i, x in enumerate(given)]
    value = loss(*leaves)
    return [value.detach(), *torch.autograd.grad(value.sum(), [leaves[i] for i in predictions_of(record)])]


def hold(record: Record, given: Callable[[tuple[int, ...]], list[Tensor]], **options: Any) -> None:
    """Compiled once, the loss serves batches of several sizes."""
    loss = lossary.get(record.name)
    counter = CompileCounterWithBackend("aot_eager")  # graphs forward and backward, without machine code
    compiled = torch.compile(lambda *x: loss(*x, **options), fullgraph=True, dynamic=True, backend=counter)
    graphs = []
    for shape in shapes(record):
        arrays = given(shape)
        right = differentiated(lambda *x: loss(*x, **options), record, arrays)
        for a, b in zip(differentiated(compiled, record, arrays), right, strict=True):
            torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)
        graphs.append(counter.frame_count)
    assert graphs[0] == graphs[-1]


@pytest.mark.parametrize("record", OUTLINES, ids=name_of)
def test_one_graph_for_all_sizes(record: Record) -> None:
    """Parameters and weights, too, are numbers that the compiler holds open."""
    hold(
        record,
        lambda shape: [torch.tensor(a, dtype=torch.float32) for a in arguments(record, shape=shape)],
        weight=0.75,
        **{parameter.name: 0.4 for parameter in record.parameters},
    )


@pytest.mark.parametrize("record", OVER_CLASSES, ids=name_of)
def test_one_graph_for_all_numbers_of_classes(record: Record) -> None:
    """With labels, smoothing and an ignored label; unreduced."""

    def labelled(shape: tuple[int, ...]) -> list[Tensor]:
        prediction, labels = label_arguments(record, shape=shape)
        labels[0, 0] = -100
        return [torch.tensor(prediction, dtype=torch.float32), torch.tensor(labels)]

    hold(record, labelled, ignore_label=-100, label_smoothing=0.1, reduction="none")


def test_one_graph_with_every_word() -> None:
    """Graphs of one kind differ in their formulas, and these are made of words."""
    arrays = [torch.linspace(0.1, 0.9, 12), torch.linspace(0.8, 0.2, 12)]
    right = differentiated(of_every_word, of_every_word.record, arrays)
    found = differentiated(
        torch.compile(of_every_word, fullgraph=True, dynamic=True, backend="aot_eager"), of_every_word.record, arrays
    )
    for a, b in zip(found, right, strict=True):
        assert a.isfinite().all()
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)


def test_machine_code() -> None:
    """The same through the code generator that users get, whose compilation takes long: one size."""
    record = lossary.get("softmax_cross_entropy").record
    given = [torch.tensor(a, dtype=torch.float32) for a in arguments(record)]
    loss = lossary.get(record.name)
    found = differentiated(torch.compile(lambda *x: loss(*x), fullgraph=True), record, given)
    for a, b in zip(found, differentiated(loss, record, given), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)


def test_a_module_with_what_it_learns() -> None:
    """The gradient of a module's own parameter comes through the compiled graph."""
    record = lossary.get("huber").record
    module = lossary.torch.Huber(delta=torch.nn.Parameter(torch.tensor(0.4)))
    given = [torch.tensor(a, dtype=torch.float32) for a in arguments(record)]
    leaves: list[Any] = [given[0].requires_grad_(), module.delta]
    found = torch.autograd.grad(torch.compile(module, fullgraph=True, backend="aot_eager")(*given), leaves)
    for a, b in zip(found, torch.autograd.grad(module(*given), leaves), strict=True):
        torch.testing.assert_close(a, b)


@pytest.mark.parametrize("record", ADDITIVE_KINDS, ids=name_of)
def test_totals_and_gradients_inside_a_compiled_step(record: Record) -> None:
    given, loss = [torch.tensor(a, dtype=torch.float32) for a in arguments(record)], lossary.get(record.name)

    def step(*x: Tensor) -> Any:
        total = loss.total(*x)
        return total.sum, total.weight, total.count, *loss.value_and_gradient(*x)

    found = torch.compile(step, fullgraph=True, backend="aot_eager")(*given)
    for a, b in zip(found, step(*given), strict=True):
        torch.testing.assert_close(a, b)


def test_double_backward_is_refused() -> None:
    """PyTorch cannot differentiate a compiled region twice, and says so."""
    x = torch.ones(3, requires_grad=True)
    compiled = torch.compile(lambda p: lossary.squared_error(p, torch.zeros(3)), fullgraph=True, backend="aot_eager")
    (slope,) = torch.autograd.grad(compiled(x), x, create_graph=True)
    with pytest.raises(RuntimeError, match="double backward"):
        torch.autograd.grad(slope.sum(), x)
