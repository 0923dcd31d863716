"""`python -m benchmarks.survey [--quick]`: lossary beside eager PyTorch everywhere, not where bars are: SURVEY.md.

A case is a loss with some options, on arrays of some shape, type and layout. Two things are timed: a step (forward,
backward) and a value that nobody differentiates. Before, the gradients are compared.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.progress import track
from torch.nn import functional

import lossary as ls
from benchmarks import machine
from benchmarks.rounds import Effort, Spread, race, ratios

PAGE = Path(__file__).parent / "SURVEY.md"
SLOWER = 1.1  # of eager's time: what two turns of the same thing may differ by

TABLES = ((32, 10), (256, 256), (1024, 100), (4096, 1024))  # rows and columns
IMAGES: tuple[tuple[int, ...], ...] = ((8, 3, 32, 32), (8, 64, 56, 56))
VECTORS = ((32, 128), (256, 512), (1024, 256))
TYPES = (torch.float64, torch.bfloat16, torch.float16)


@dataclass(frozen=True)
class Case:
    """The same loss of lossary's and of PyTorch's, of a tensor that they are differentiated in."""

    title: str
    ours: Callable[[], Any]
    eager: Callable[[], Any]
    variable: Any
    upstream: Any = None


@dataclass(frozen=True)
class Row:
    """What was measured: lossary's time over eager's."""

    title: str
    step: Spread
    value: Spread


def cases() -> Iterator[Case]:
    """All that are compared."""
    torch.manual_seed(0)
    for shape in TABLES:
        yield from plain(f"{size(shape)}", Arrays(shape))
        yield from with_options(f"{size(shape)}", Arrays(shape))
        for dtype in TYPES:
            yield from plain(f"{size(shape)} {str(dtype).removeprefix('torch.')}", Arrays(shape, dtype))
    for image in IMAGES:
        for name, layout in (("", torch.contiguous_format), (" channels_last", torch.channels_last)):
            yield from of_images(f"{size(image)}{name}", Arrays(image, layout=layout))
    for vectors in VECTORS:
        yield from of_products(size(vectors), vectors)


def size(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


class Arrays:
    """Inputs of one shape; classes lie along the second axis."""

    def __init__(
        self, shape: tuple[int, ...], dtype: Any = torch.float32, layout: Any = torch.contiguous_format
    ) -> None:
        def lay(array: Any) -> Any:
            return array.to(dtype).contiguous(memory_format=layout)

        rows = (shape[0], *shape[2:])
        self.shape, self.classes = shape, shape[1]
        self.x, self.y = lay(torch.randn(shape)).requires_grad_(), lay(torch.randn(shape))
        self.p = lay(torch.rand(shape) * 0.98 + 0.01).requires_grad_()
        self.flags = lay(torch.rand(shape) < 0.5)
        self.soft = lay(torch.softmax(torch.randn(shape), 1))
        self.labels = torch.randint(self.classes, rows)
        self.change, self.row_change = lay(torch.rand(shape)), torch.rand(rows).to(dtype)


def plain(where: str, a: Arrays) -> Iterator[Case]:
    """Losses without options."""
    f = functional
    for name, ours, eager, target in (
        ("squared error", ls.squared_error, f.mse_loss, a.y),
        ("absolute error", ls.absolute_error, f.l1_loss, a.y),
        ("huber", ls.huber, f.huber_loss, a.y),
        ("sigmoid cross-entropy", ls.sigmoid_cross_entropy, f.binary_cross_entropy_with_logits, a.flags),
        ("softmax cross-entropy, labels", ls.softmax_cross_entropy, f.cross_entropy, a.labels),
        ("softmax cross-entropy, probabilities", ls.softmax_cross_entropy, f.cross_entropy, a.soft),
    ):
        yield Case(f"{name}, {where}", partial(ours, a.x, target), partial(eager, a.x, target), a.x)


def with_options(where: str, a: Arrays) -> Iterator[Case]:
    """Every keyword that eager PyTorch has too, or that takes it a line."""
    f, x, y, flags, labels = functional, a.x, a.y, a.flags, a.labels
    entropy, softmax = ls.sigmoid_cross_entropy, ls.softmax_cross_entropy
    weight, mask, by_class = torch.rand(a.shape), torch.rand(a.shape) < 0.7, torch.rand(a.classes)
    variance, across = torch.rand(a.shape) + 0.1, torch.randn(a.shape[::-1])
    other = torch.randn(a.shape[::-1]).requires_grad_()
    probabilities = a.soft.clone().requires_grad_()

    def case(name: str, ours: Any, eager: Any, variable: Any = x, upstream: Any = None) -> Case:
        return Case(f"{name}, {where}", ours, eager, variable, upstream)

    yield case("binary cross-entropy", lambda: ls.binary_cross_entropy(a.p, flags),
               lambda: f.binary_cross_entropy(a.p, flags), a.p)  # fmt: skip
    for name, loss, eager in (("squared error", ls.squared_error, f.mse_loss),
                              ("sigmoid cross-entropy", entropy, f.binary_cross_entropy_with_logits)):  # fmt: skip
        target = y if loss is ls.squared_error else flags
        yield case(f"{name}, sum", partial(loss, x, target, reduction="sum"),
                   partial(eager, x, target, reduction="sum"))  # fmt: skip
        yield case(f"{name}, unreduced", partial(loss, x, target, reduction="none"),
                   partial(eager, x, target, reduction="none"), upstream=a.change)  # fmt: skip
    yield case("softmax cross-entropy, unreduced", lambda: softmax(x, labels, reduction="none"),
               lambda: f.cross_entropy(x, labels, reduction="none"), upstream=a.row_change)  # fmt: skip
    yield case("squared error, weights", lambda: ls.squared_error(x, y, weight=weight),
               lambda: (f.mse_loss(x, y, reduction="none") * weight).sum() / weight.sum())  # fmt: skip
    yield case("squared error, mask", lambda: ls.squared_error(x, y, mask=mask), lambda: f.mse_loss(x[mask], y[mask]))
    yield case("sigmoid cross-entropy, positive weights", lambda: entropy(x, flags, positive_weight=by_class),
               lambda: f.binary_cross_entropy_with_logits(x, flags, pos_weight=by_class))  # fmt: skip
    yield case("softmax cross-entropy, class weights", lambda: softmax(x, labels, class_weight=by_class),
               lambda: f.cross_entropy(x, labels, weight=by_class))  # fmt: skip
    yield case("softmax cross-entropy, smoothing", lambda: softmax(x, labels, label_smoothing=0.1),
               lambda: f.cross_entropy(x, labels, label_smoothing=0.1))  # fmt: skip
    yield case("softmax cross-entropy, ignored label", lambda: softmax(x, labels, ignore_label=3),
               lambda: f.cross_entropy(x, labels, ignore_index=3))  # fmt: skip
    yield case("softmax KL divergence", lambda: ls.softmax_kl_divergence(x, a.soft),
               lambda: f.kl_div(f.log_softmax(x, -1), a.soft, reduction="batchmean"))  # fmt: skip
    yield case("KL divergence", lambda: ls.kl_divergence(probabilities, a.soft),
               lambda: f.kl_div(probabilities.log(), a.soft, reduction="batchmean"), probabilities)  # fmt: skip
    yield case("Gaussian NLL", lambda: ls.gaussian_nll(x, y, variance), lambda: f.gaussian_nll_loss(x, y, variance))
    yield case("squared error, transposed beside plain", lambda: ls.squared_error(other.T, y),
               lambda: f.mse_loss(other.T, y), other)  # fmt: skip
    yield case("squared error, both transposed", lambda: ls.squared_error(other.T, across.T),
               lambda: f.mse_loss(other.T, across.T), other)  # fmt: skip
    yield case("softmax cross-entropy, transposed", lambda: softmax(other.T, labels),
               lambda: f.cross_entropy(other.T, labels), other)  # fmt: skip
    yield case("squared error, halved", lambda: 0.5 * ls.squared_error(x, y), lambda: 0.5 * f.mse_loss(x, y))


def of_images(where: str, a: Arrays) -> Iterator[Case]:
    """Losses of pixels, and classes along the second axis."""
    f = functional
    for name, ours, eager, target in (
        ("squared error", ls.squared_error, f.mse_loss, a.y),
        ("sigmoid cross-entropy", ls.sigmoid_cross_entropy, f.binary_cross_entropy_with_logits, a.flags),
        ("softmax cross-entropy", partial(ls.softmax_cross_entropy, axis=1), f.cross_entropy, a.labels),
    ):
        yield Case(f"{name}, {where}", partial(ours, a.x, target), partial(eager, a.x, target), a.x)
    for name, ours, eager, target, change in (
        ("squared error", ls.squared_error, f.mse_loss, a.y, a.change),
        ("softmax cross-entropy", partial(ls.softmax_cross_entropy, axis=1), f.cross_entropy, a.labels, a.row_change),
    ):
        yield Case(f"{name}, unreduced, {where}", partial(ours, a.x, target, reduction="none"),
                   partial(eager, a.x, target, reduction="none"), a.x, change)  # fmt: skip


def of_products(where: str, shape: tuple[int, int]) -> Iterator[Case]:
    """Losses of scores that are products."""
    f = functional
    a, b = torch.randn(shape).requires_grad_(), torch.randn(shape)
    places = torch.arange(shape[0])
    yield Case(f"info NCE, {where}", lambda: ls.info_nce(a, b),
               lambda: f.cross_entropy(f.normalize(a) @ f.normalize(b).T / 0.1, places), a)  # fmt: skip
    classes = 4 * shape[1]
    w, labels = torch.randn(classes, shape[1]) / shape[1] ** 0.5, torch.randint(classes, shape[:1])
    w.requires_grad_()
    yield Case(f"linear cross-entropy, {where} to {classes}", lambda: ls.linear_cross_entropy(a, w, labels),
               lambda: f.cross_entropy(f.linear(a, w), labels), a)  # fmt: skip


def measured(case: Case, effort: Effort) -> Row:
    """The two contenders in turns."""
    calls = {"ours": case.ours, "eager": case.eager}
    steps = {name: partial(step, call, case) for name, call in calls.items()}
    gradients = [run() for run in steps.values()]
    loose, least = (2e-2, 1e-7) if case.variable.dtype.itemsize == 2 else (1e-4, 0.0)  # of half precision's numbers
    torch.testing.assert_close(*gradients, rtol=loose, atol=loose * float(gradients[1].abs().max()) + least)
    stepped = ratios(race(steps, effort), "ours", "eager")
    with torch.no_grad():
        return Row(case.title, stepped, ratios(race(calls, effort), "ours", "eager"))


def step(call: Callable[[], Any], case: Case) -> Any:
    """Forward and backward; the gradient."""
    call().backward(case.upstream)
    gradient, case.variable.grad = case.variable.grad, None
    return gradient


def page(rows: list[Row]) -> str:
    """SURVEY.md."""
    steps = sum(row.step.median > SLOWER for row in rows)
    values = sum(row.value.median > SLOWER for row in rows)
    told = ", ".join(f"{name} {text}" for name, text in machine.describe().items())
    head = f"""# lossary beside eager PyTorch, everywhere

lossary's time over that of `torch.nn.functional`, eager, in turns (`make survey`): of a step, forward and backward, and
of a value under `torch.no_grad()`. Of {len(rows)} cases {steps} steps and {values} values take more than {SLOWER} of
eager's time (in bold).

Measured on: {told}.

| case | step | value |
| --- | ---: | ---: |
"""
    return head + "".join(f"| {row.title} | {figure(row.step)} | {figure(row.value)} |\n" for row in rows)


def figure(found: Spread) -> str:
    text = f"{found.median:.2f}"
    return f"**{text}**" if found.median > SLOWER else text


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.survey", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of the first few cases: tries the survey only")
    parser.add_argument("--output", type=Path, default=PAGE, metavar="FILE", help="where to write the page")
    wanted, console = parser.parse_args(), Console()
    effort = Effort(1, 0.0001) if wanted.quick else Effort(7, 0.01)
    chosen = list(cases())[: 6 if wanted.quick else None]
    rows = [
        measured(case, effort) for case in track(chosen, "timing", console=console, disable=not console.is_terminal)
    ]
    wanted.output.write_text(page(rows), encoding="utf-8")
    for row in rows:
        if max(row.step.median, row.value.median) > SLOWER:
            console.print(f"{row.title}: step {row.step.median:.2f}, value {row.value.median:.2f}")


if __name__ == "__main__":
    main()
