"""What is measured on a GPU: shapes, what the memory bus or the matrix rate allows, and who computes it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  (its usual name)
from torch import Tensor

import lossary

__all__ = ["Case", "cases"]

Run = Callable[[], Any]
TINY = 1 << 10  # elements of a dry run


@dataclass
class Case:
    """One line of a table. ``runs`` makes the contenders; the first is lossary, and each returns (value, gradients)."""

    part: str
    name: str
    runs: Callable[[], dict[str, Run]]
    bytes: float = 0.0  # that are read and written once
    operations: float = 0.0  # of matrix products
    reference: Callable[[], tuple[float, list[Tensor]]] | None = (
        None  # the value and the gradients' beginnings, exactly
    )
    bar: str = ""
    skipped: list[str] = field(default_factory=list)


def cases(device: str, dry: bool) -> Iterator[Case]:
    """All cases, those first that take least."""
    yield from _pointwise(device, dry)
    yield from _softmax(device, dry)
    yield from _linear(device, dry)


# --- contenders ---------------------------------------------------------------------------------------------------


def _through_autograd(loss: Callable[..., Tensor], given: list[Tensor], wanted: int = 1) -> Run:
    """A call and its backward pass."""
    leaves = [array.detach().requires_grad_(i < wanted) for i, array in enumerate(given)]

    def run() -> tuple[Tensor, list[Tensor]]:
        value = loss(*leaves)
        return value, list(torch.autograd.grad(value, leaves[:wanted]))

    return run


def _value_alone(loss: Callable[..., Tensor], given: list[Tensor]) -> Run:
    def run() -> tuple[Tensor, list[Tensor]]:
        with torch.no_grad():
            return loss(*given), []

    return run


def _pair(loss: Any, given: list[Tensor]) -> Run:
    def run() -> tuple[Tensor, list[Tensor]]:
        value, slope = loss.value_and_gradient(*given)
        return value, [slope]

    return run


def _peers(case: Case, peers: dict[str, Callable[[], Callable[..., Tensor]]]) -> dict[str, Callable[..., Tensor]]:
    """The peers that are there; the others are named in the case."""
    found = {}
    for name, load in peers.items():
        try:
            found[name] = load()
        except (ImportError, AttributeError) as problem:
            case.skipped.append(f"{name} ({problem})")
    return found


def _compiled(function: Callable[..., Tensor], dry: bool) -> Callable[..., Tensor]:
    if dry:
        raise ImportError("nothing is compiled in a dry run")
    torch._dynamo.reset()  # else the eighth case would be the last one compiled
    compiled: Callable[..., Tensor] = torch.compile(function, dynamic=False)
    return compiled


def _named(module: str, name: str) -> Callable[..., Tensor]:
    found: Callable[..., Tensor] = getattr(importlib.import_module(module), name)
    return found


# --- pointwise ----------------------------------------------------------------------------------------------------

ELEMENTWISE: dict[str, tuple[Any, Callable[..., Tensor]]] = {
    "squared error": (lossary.squared_error, F.mse_loss),
    "huber": (lossary.huber, F.huber_loss),
    "sigmoid cross-entropy": (lossary.sigmoid_cross_entropy, F.binary_cross_entropy_with_logits),
}


def _pointwise(device: str, dry: bool) -> Iterator[Case]:
    size = TINY if dry else 1 << 27
    for dtype, bar, alone in ((torch.float32, "≥ 90 %", "≥ 95 %"), (torch.bfloat16, "≥ 88 %", "≥ 85 %")):
        for name, (loss, eager) in ELEMENTWISE.items():
            label = f"{name}, {size} {str(dtype).removeprefix('torch.')}"
            each = size * dtype.itemsize

            def given(dtype: Any = dtype) -> list[Tensor]:
                generator = torch.Generator(device).manual_seed(0)
                arrays = torch.rand(2, size, device=device, generator=generator)
                return [(4.0 * arrays[0] - 2.0).to(dtype), arrays[1].to(dtype)]

            yield _both("pointwise", label, loss, {"eager": eager}, given, 3 * each, bar, dry)
            yield _value("value alone", label, loss, {"eager": eager}, given, 2 * each, alone, dry)


def _both(part: str, name: str, loss: Any, peers: dict[str, Any], given: Any, size: float, bar: str, dry: bool) -> Case:
    """The value and its gradient."""

    def runs() -> dict[str, Run]:
        arrays = given()
        found = {"lossary, autograd": _through_autograd(loss, arrays), "lossary": _pair(loss, arrays)}
        compiled = {"lossary, compiled": lambda: _compiled(loss, dry)}
        others = {**peers, **_peers(case, {**compiled, **_more(peers, dry)})}
        return found | {name: _through_autograd(peer, [a.clone() for a in arrays]) for name, peer in others.items()}

    case = Case(part, name, runs, size, bar=bar, reference=lambda: _reference(loss, given()))
    return case


def _value(
    part: str, name: str, loss: Any, peers: dict[str, Any], given: Any, size: float, bar: str, dry: bool
) -> Case:
    """The value alone."""

    def runs() -> dict[str, Run]:
        arrays = given()
        others = _peers(case, {"compile": lambda: _compiled(peers["eager"], dry)})
        return {name: _value_alone(one, arrays) for name, one in {"lossary": loss, **peers, **others}.items()}

    case = Case(part, name, runs, size, bar=bar)
    return case


def _more(peers: dict[str, Any], dry: bool) -> dict[str, Callable[[], Callable[..., Tensor]]]:
    """PyTorch's compiler, and where the eager peer is the cross-entropy, other libraries' kernels."""
    found: dict[str, Callable[[], Callable[..., Tensor]]] = {"compile": lambda: _compiled(peers["eager"], dry)}
    if peers["eager"] is F.cross_entropy:
        found["Liger"] = lambda: _named("liger_kernel.transformers.functional", "liger_cross_entropy")
        found["quack"] = lambda: _named("quack", "cross_entropy")
    return found


def _reference(loss: Any, given: list[Tensor], rows: int = 256) -> tuple[float, list[Tensor]]:
    """The mean and the beginning of its gradient, in float64 by PyTorch's own operations, some rows at a time."""
    first, target = given
    known = [*ELEMENTWISE.values(), (lossary.softmax_cross_entropy, F.cross_entropy)]
    eager = next(peer for one, peer in known if one is loss)
    step = rows if first.dim() > 1 else 1 << 22
    total = sum(
        float(eager(first[i : i + step].double(), _exact(target[i : i + step]), reduction="sum"))
        for i in range(0, len(first), step)
    )
    count = first.shape[0] if first.dim() > 1 else first.numel()
    begin = first[:step].double().requires_grad_()
    (slope,) = torch.autograd.grad(eager(begin, _exact(target[:step]), reduction="sum"), begin)
    return total / count, [slope / count]


def _exact(target: Tensor) -> Tensor:
    return target.double() if target.is_floating_point() else target


# --- softmax ------------------------------------------------------------------------------------------------------

SHAPES = [
    ((65536, 1000), torch.float32, "≥ 93 %", "≥ 85 %"),
    ((16384, 32000), torch.bfloat16, "≥ 86 %", "≥ 70 %"),
    ((8192, 50257), torch.float32, "≥ 76 %", "≥ 85 %"),
    ((8192, 128256), torch.bfloat16, "≥ 83 %, ≥ 1.5 × Liger", "≥ 70 %"),
]


def _softmax(device: str, dry: bool) -> Iterator[Case]:
    for shape, dtype, bar, alone in SHAPES:
        label = f"softmax cross-entropy, {shape} {str(dtype).removeprefix('torch.')}"
        rows, columns = (3, 40) if dry else shape

        def given(rows: int = rows, columns: int = columns, dtype: Any = dtype) -> list[Tensor]:
            generator = torch.Generator(device).manual_seed(0)
            logits = torch.empty(rows, columns, dtype=dtype, device=device).normal_(generator=generator)
            return [logits, torch.randint(columns, (rows,), device=device, generator=generator)]

        each = rows * columns * dtype.itemsize
        peers = {"eager": F.cross_entropy}
        yield _both("softmax", label, lossary.softmax_cross_entropy, peers, given, 2 * each, bar, dry)
        yield _value("value alone", label, lossary.softmax_cross_entropy, peers, given, each, alone, dry)


# --- linear -------------------------------------------------------------------------------------------------------


def _linear(device: str, dry: bool) -> Iterator[Case]:
    rows, width, classes = (4, 8, 40) if dry else (8192, 4096, 128256)

    def given() -> list[Tensor]:
        generator = torch.Generator(device).manual_seed(0)
        features, classifier = (
            torch.empty(n, width, dtype=torch.bfloat16, device=device).normal_(std=width**-0.5, generator=generator)
            for n in (rows, classes)
        )
        return [features, classifier, torch.randint(classes, (rows,), device=device, generator=generator)]

    def runs() -> dict[str, Run]:
        others = _peers(case, _linear_peers(dry))
        arrays = given()
        contenders: dict[str, Callable[..., Tensor]] = {
            "lossary, autograd": lossary.linear_cross_entropy,
            "eager": _plain,
            **others,
        }
        return {name: _through_autograd(one, arrays, wanted=2) for name, one in contenders.items()}

    name = f"linear cross-entropy, {rows} × {width} → {classes} bfloat16"
    case = Case("linear", name, runs, operations=6.0 * rows * width * classes, bar="≤ 1.10 × compile, ≤ 1.4 GB")
    case.reference = lambda: _linear_reference(*given())
    yield case


def _linear_reference(features: Tensor, classifier: Tensor, label: Tensor) -> tuple[float, list[Tensor]]:
    """In float64: the mean, and the gradients in the first features and in the first classes, some rows at a time."""
    rows, first = len(features), 256
    exact, total = classifier.double(), 0.0
    slopes = [torch.zeros(0), torch.zeros_like(exact[:first])]
    for i in range(0, rows, first):
        part, own = features[i : i + first].double(), label[i : i + first, None]
        logits = torch.log_softmax(part @ exact.T, 1)
        total -= float(logits.gather(1, own).sum())
        change = logits.exp_().scatter_add_(1, own, torch.full_like(logits[:, :1], -1.0)) / rows
        slopes[0] = change @ exact if i == 0 else slopes[0]
        slopes[1] += change[:, :first].T @ part
    return total / rows, slopes


def _plain(features: Tensor, classifier: Tensor, label: Tensor) -> Tensor:
    return F.cross_entropy(F.linear(features, classifier), label)


def _linear_peers(dry: bool) -> dict[str, Callable[[], Callable[..., Tensor]]]:
    def liger() -> Callable[..., Tensor]:
        return _named("liger_kernel.transformers.functional", "liger_fused_linear_cross_entropy")

    def own() -> Callable[..., Tensor]:
        return _named("torch.nn.functional", "linear_cross_entropy")

    return {
        "compile": lambda: _compiled(_plain, dry),
        "PyTorch's own": own,
        "Liger": liger,
        "ml-cross-entropy": lambda: _named("cut_cross_entropy", "linear_cross_entropy"),
    }
