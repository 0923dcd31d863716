"""PyTorch as training uses it: checkpoints, autocast, several processes, modules that are saved, copied and trained."""

from __future__ import annotations

import copy
import io
import os
import pickle
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils.checkpoint import checkpoint

import lossary
import lossary.torch
from lossary.catalogue.record import Record
from lossary.errors import ArgumentTypeError
from representatives import REPRESENTATIVES
from samples import BY_SHAPE, arguments, of_rows, predictions_of, setting

ALL = BY_SHAPE
Tensor = torch.Tensor
pytestmark = pytest.mark.usefixtures("portable")


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


some_losses = pytest.mark.parametrize("record", REPRESENTATIVES, ids=name_of)


def tensors(record: Record, dtype: torch.dtype = torch.float32) -> list[Tensor]:
    return [torch.tensor(array, dtype=dtype) for array in arguments(record)]


def differentiated(record: Record, given: list[Tensor], **options: Any) -> list[Tensor]:
    """The value and the gradients."""
    leaves = [x.detach().clone().requires_grad_(i in predictions_of(record)) for i, x in enumerate(given)]
    value = lossary.get(record.name)(*leaves, **options)
    return [value.detach(), *torch.autograd.grad(value.sum(), [leaves[i] for i in predictions_of(record)])]


# --- tensors without values, or with others' ------------------------------------------------------------------------


@some_losses
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_shapes_without_values(record: Record, reduction: str) -> None:
    """Meta and fake tensors: shapes and types come out, forward and backward, and nothing looks at a value."""
    given = tensors(record, torch.float16)
    expected = [(x.shape, x.dtype) for x in differentiated(record, given, reduction=reduction)]
    meta = differentiated(record, [x.to("meta") for x in given], reduction=reduction)
    with FakeTensorMode() as mode:
        fake = differentiated(record, [mode.from_tensor(x) for x in given], reduction=reduction)
    assert [(x.shape, x.dtype) for x in meta] == [(x.shape, x.dtype) for x in fake] == expected
    assert all(x.is_meta for x in meta)


@some_losses
def test_negated_views(record: Record) -> None:
    """The imaginary part of a conjugate is a view whose sign is kept apart from its memory."""
    given = tensors(record, torch.float64)
    views = [torch.complex(x, -x).conj().imag for x in given]
    assert all(view.is_neg() for view in views)
    for a, b in zip(differentiated(record, views), differentiated(record, given), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


@some_losses
@pytest.mark.filterwarnings("ignore:Sparse CSR:UserWarning")
def test_layouts_and_types_that_are_no_arrays_of_numbers(record: Record) -> None:
    shape = (4, 3)
    for i in range(len(record.arguments)):
        for change, message in (
            (Tensor.to_sparse, "stored as torch.sparse_coo.*to_dense"),
            (Tensor.to_sparse_csr, "stored as torch.sparse_csr.*to_dense"),
            (lambda x: torch.nested.nested_tensor(list(x), layout=torch.jagged), "nested.*to_padded_tensor.*mask="),
            (lambda x: torch.complex(x, x), "complex"),
        ):
            given = [torch.tensor(a, dtype=torch.float32) for a in arguments(record, shape=shape)]
            if given[i].ndim < 2:  # which has none of these layouts
                continue
            given[i] = change(given[i])
            with pytest.raises(ArgumentTypeError, match=f"{record.arguments[i].name} .*{message}"):
                lossary.get(record.name)(*given)


@some_losses
def test_tensors_of_inference_mode(record: Record) -> None:
    """As inputs inside and outside it, but not beside a prediction that is differentiated."""
    given = tensors(record)
    with torch.inference_mode():
        inferred, weight = tensors(record), torch.tensor(2.0)
        inside = lossary.get(record.name)(*inferred)
    right = differentiated(record, given)[0]
    torch.testing.assert_close(inside.clone(), right)
    torch.testing.assert_close(lossary.get(record.name)(*inferred), right)
    with pytest.raises(RuntimeError, match="clone"):  # PyTorch saves none for a gradient, and says what to do
        lossary.get(record.name)(given[0].requires_grad_(), *inferred[1:], weight=weight)


@some_losses
def test_nothing_with_a_graph(record: Record) -> None:
    """No rows: a zero that can be differentiated."""
    given: list[Any] = [x.requires_grad_() for x in of_rows(record, tensors(record), slice(0))]
    lossary.get(record.name)(*given).backward()
    assert all(given[i].grad.shape == given[i].shape for i in predictions_of(record))


# --- training -------------------------------------------------------------------------------------------------------


@some_losses
@pytest.mark.parametrize("reentrant", [False, True])
def test_checkpointed(record: Record, reentrant: bool) -> None:
    given = tensors(record, torch.float64)
    leaf = given[0].clone().requires_grad_()
    value = checkpoint(lambda x: lossary.get(record.name)(x, *given[1:]), leaf, use_reentrant=reentrant)
    (found,) = torch.autograd.grad(value, leaf) if not reentrant else (value.backward(), leaf.grad)[1:]
    torch.testing.assert_close(found, differentiated(record, given)[1], rtol=1e-14, atol=0)


@some_losses
def test_autocast(record: Record) -> None:
    """Under autocast, inputs of bfloat16 are computed with in float32, as without it."""
    given = tensors(record, torch.bfloat16)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = differentiated(record, given)
    right = differentiated(record, given)
    assert [x.dtype for x in found] == [torch.float32] + [torch.bfloat16] * len(predictions_of(record))
    for a, b in zip(found, right, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


@some_losses
def test_autocast_of_float32(record: Record) -> None:
    """It changes nothing, nor does it once the call is known, with and without it by turns."""
    given = tensors(record, torch.float32)
    right = differentiated(record, given)
    for enabled in (True, False, True, True):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
            found = differentiated(record, given)
        for a, b in zip(found, right, strict=True):
            torch.testing.assert_close(a, b, rtol=0, atol=0)


@some_losses
def test_gradients_for_a_denominator(record: Record) -> None:
    """d(sum / n)/dn = −sum / n²."""
    given = tensors(record, torch.float64)
    count = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    lossary.get(record.name)(*given, denominator=count).backward()
    whole = lossary.get(record.name)(*given, reduction="sum")
    torch.testing.assert_close(count.grad, -whole / 9, rtol=1e-12, atol=1e-15)


def module_of(record: Record, **options: Any) -> Any:
    return getattr(lossary.torch, "".join(word.capitalize() for word in record.name.split("_")))(**options)


@some_losses
def test_modules_are_saved_copied_and_trained(record: Record) -> None:
    """Learnable parameters are the module's, and get gradients; copies, pickles and state dicts carry them."""
    given = tensors(record)
    learned = {p.name: torch.nn.Parameter(torch.tensor(setting(p, 0.4))) for p in record.parameters}
    module = module_of(record, **learned, weight=torch.tensor(2.0), reduction="sum")
    assert dict(module.named_parameters()) == learned
    assert set(module.state_dict()) == {*learned, "weight"}
    value = module(*given)
    if learned:
        value.backward()
        assert all(p.grad is not None and p.grad.isfinite() for p in module.parameters())
    file = io.BytesIO()
    torch.save(module, file)
    file.seek(0)
    unlike = {p.name: torch.nn.Parameter(torch.tensor(setting(p, 0.9))) for p in record.parameters}
    other = module_of(record, **unlike, weight=torch.ones(()), reduction="sum")
    other.load_state_dict(module.state_dict())
    copies = [copy.deepcopy(module), pickle.loads(pickle.dumps(module)), torch.load(file, weights_only=False), other]
    for twin in copies:
        assert torch.equal(twin(*given), value)
        assert all(a is not b for a, b in zip(twin.parameters(), module.parameters(), strict=True))
    assert {x.dtype for x in module.double().state_dict().values()} == {torch.float64}


RANK = """
    import os, sys, torch, torch.distributed as dist, lossary
    from samples import BY_SHAPE, arguments, of_rows
    from torch.nn.parallel import DistributedDataParallel

    rank, store, out = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    dist.init_process_group("gloo", init_method="file://" + store, rank=rank, world_size=2)
    part, gradients = (slice(0, 1), slice(1, 4))[rank], {}
    for record in BY_SHAPE:
        if record.kind in ("overlap", "pairs"):
            continue
        loss, given = lossary.get(record.name), [torch.tensor(a) for a in arguments(record)]
        weight = torch.linspace(0.5, 2.0, 12, dtype=torch.float64).reshape(4, 3)
        model = torch.nn.Linear(given[0].shape[-1], given[0].shape[-1], bias=False, dtype=torch.float64)
        torch.nn.init.eye_(model.weight)
        parallel = DistributedDataParallel(model)
        whole = weight[part].sum()
        dist.all_reduce(whole)
        first, *others = of_rows(record, given, part)
        loss(parallel(first), *others, weight=weight[part], denominator=whole / 2).backward()
        gradients[record.name] = model.weight.grad
    if rank == 0:
        torch.save(gradients, out)
    dist.destroy_process_group()
"""


@pytest.mark.skipif(not torch.distributed.is_available(), reason="this PyTorch has no torch.distributed")
def test_two_processes_of_distributed_data_parallel(tmp_path: Path) -> None:
    """Ranks of one and three rows, each over half the global weight: the gradient of the whole batch."""
    environment = {
        **os.environ,
        "LOSSARY_KERNELS": "0",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    command = [sys.executable, "-c", textwrap.dedent(RANK)]
    ranks = [
        subprocess.Popen(
            [*command, str(rank), str(tmp_path / "store"), str(tmp_path / "out")],
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for rank in range(2)
    ]
    errors = [rank.communicate(timeout=120)[1] for rank in ranks]
    assert [rank.returncode for rank in ranks] == [0, 0], errors
    found = torch.load(tmp_path / "out")
    assert len(found) == len([record for record in ALL if record.kind not in ("overlap", "pairs")])
    for name, gradient in found.items():
        given = [torch.tensor(a) for a in arguments(lossary.get(name).record)]
        matrix = torch.eye(given[0].shape[-1], dtype=torch.float64, requires_grad=True)
        weight = torch.linspace(0.5, 2.0, 12, dtype=torch.float64).reshape(4, 3)
        lossary.get(name)(given[0] @ matrix.T, *given[1:], weight=weight).backward()
        torch.testing.assert_close(gradient, matrix.grad, rtol=1e-12, atol=1e-14)
