"""`python -m benchmarks.every_loss [--quick]`: every loss of elements or rows beside plain PyTorch: RESULTS-all.md."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import track

import lossary as ls
from benchmarks import machine
from benchmarks.contenders import Answer, Run
from benchmarks.measure import close
from benchmarks.plain import axes_of, computes_powers, forms_pairs, plain
from benchmarks.rounds import Effort, Spread, race, ratios
from benchmarks.table import Shape, at_least, size
from lossary.catalogue.record import Argument, Record
from lossary.domains import Interval
from lossary.symbolic.graph import ITEM, ROW

PAGE = Path(__file__).parent / "RESULTS-all.md"
KINDS = ("pointwise", "row", "softmax")
KINKS = 1e-6  # the share of elements that may lie on one
EAGER, NUMPY, TORCH = "plain PyTorch", "lossary, NumPy", "lossary, PyTorch"
HEAD = """# Every loss beside plain PyTorch

{met} of {count} losses meet their bar. Made by `make bench-all`; not edited by hand.

Value and gradients of the mean, in float32: {elements} elements, or rows of {rows}; rows of {pairs} where the
formula goes over pairs of their places, and items × thresholds of {levels} where levels are cut out of one number.
"Plain PyTorch" is the loss's formula as one writes it with PyTorch's operations, differentiated by autograd. Where the
catalogue sorts a row instead of going over its pairs, PyTorch sorts, too; where it ranks, PyTorch keeps the pairs,
which take it less time than ranks, though more than a sort by hand. "lossary, NumPy" writes the gradients into buffers
that the caller keeps; "lossary, PyTorch" goes through autograd, forward and backward. The targets of classes are
probabilities, or labels where a loss takes nothing else. Ratios are medians of those within each of {rounds} rounds.
The bar is for NumPy: 4 for elements, 8 if the formula has an exponential, a logarithm or a power, 2.5 for all others;
what is short is in bold. Before it is timed, each loss's values and gradients are checked against PyTorch's.

Measured on: {machine}.

| loss | plain PyTorch, ms | lossary, NumPy, ms | bar | plain ÷ lossary, NumPy | plain ÷ lossary, PyTorch |
| --- | ---: | ---: | ---: | ---: | ---: |
"""


@dataclass(frozen=True)
class Sizes:
    """How many items there are, and how many places each has along another axis."""

    elements: Shape = (2**24,)
    rows: Shape = (16384, 1000)
    pairs: Shape = (16384, 32)  # of rows whose places are compared with each other
    levels: Shape = (2**21, 8)  # of numbers that thresholds cut, the same for all items

    def of(self, record: Record) -> Shape:
        """Return the shape for the items of a loss."""
        if record.by_element:
            return self.elements
        if any(ROW < argument.axes for argument in record.arguments):
            return self.pairs if forms_pairs(record) else self.rows
        return self.levels


FULL, QUICK = Sizes(), Sizes((2**8,), (8, 16), (8, 16), (8, 4))


@dataclass(frozen=True)
class Row:
    """What was measured of a loss: seconds, and how many times as long as lossary plain PyTorch takes."""

    name: str
    bar: float
    eager: float
    ours: float
    in_numpy: Spread
    in_torch: Spread

    @property
    def met(self) -> bool:
        return at_least(self.bar).met(self.in_numpy.median)


def records() -> list[Record]:
    """All losses whose items are elements or rows, and do not depend on each other."""
    return [record for record in ls.losses() if record.kind in KINDS or _is_of_rows(record)]


def _is_of_rows(record: Record) -> bool:
    """Return whether a loss has named axes, of which each array has at most one beside the items'."""
    has_no_matrices = all(len(argument.axes - ROW) <= 1 for argument in record.arguments)
    return bool(record.axes) and has_no_matrices and not record.couples_items


# --- the inputs ---------------------------------------------------------------------------------------------------


def arrays(record: Record, shape: Shape) -> list[np.ndarray]:
    """Moderate numbers inside the domains, of single precision; labels are integers."""
    random = np.random.default_rng(0)
    return [
        _array(random, record, argument, shape).astype(np.int64 if argument.domain.whole else np.float32)
        for argument in record.arguments
    ]


def _array(random: np.random.Generator, record: Record, argument: Argument, shape: Shape) -> np.ndarray:
    axes, domain = axes_of(record, argument), argument.domain
    lengths = tuple(shape[0] if name == ITEM else shape[1] for name in axes)
    if ITEM not in axes:
        return np.linspace(-2.0, 2.0, shape[1])  # thresholds, which rise
    if domain.index_of:
        return random.integers(1, shape[1], lengths)  # with a threshold on either side, if they are levels
    if record.takes_classes and np.isfinite(domain.high):
        return _shares(random, lengths) if domain.high == 1.0 else np.log(_shares(random, lengths))
    if record.axes and argument.role == "target" and domain.has_ends:
        return random.integers(0, 2, lengths)
    return random.poisson(2.0, lengths) if domain.counts else _inside(random, domain, lengths)


def _shares(random: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return numbers that sum to 1 along the last axis."""
    powers = np.exp(random.standard_normal(shape, dtype=np.float32))
    return np.asarray(powers / powers.sum(-1, keepdims=True))


def _inside(random: np.random.Generator, domain: Interval, shape: Shape) -> np.ndarray:
    """Return numbers between the ends of a domain, normal where it has none."""
    if domain.has_ends:
        share = 0.01 + 0.98 * random.random(shape, dtype=np.float32)
        return domain.low + (domain.high - domain.low) * share
    normal = random.standard_normal(shape, dtype=np.float32)
    if np.isfinite(domain.high):
        return domain.high - 0.1 - abs(normal)
    return domain.low + 0.1 + abs(normal) if np.isfinite(domain.low) else normal


# --- the contenders -----------------------------------------------------------------------------------------------


def through_numpy(record: Record, given: list[np.ndarray]) -> Run:
    differentiated = [array for array, argument in zip(given, record.arguments, strict=True) if _varies(argument)]
    buffers = tuple(np.empty_like(array) for array in differentiated)
    call = ls.get(record.name)
    several = len(buffers) > 1

    def value_and_gradient() -> Answer:
        value, slopes = call.value_and_gradient(*given, out=buffers if several else buffers[0])
        return value, slopes if several else (slopes,)

    return value_and_gradient


def through_torch(mean: Any, record: Record, given: list[np.ndarray]) -> Run:
    tensors = [
        torch.from_numpy(array).requires_grad_(_varies(argument))
        for array, argument in zip(given, record.arguments, strict=True)
    ]
    variables = [tensor for tensor in tensors if tensor.requires_grad]

    def step() -> Answer:
        value = mean(*tensors)
        value.backward()
        slopes = tuple(variable.grad for variable in variables)
        for variable in variables:
            variable.grad = None
        return value.detach(), slopes

    return step


def _varies(argument: Argument) -> bool:
    return argument.role == "prediction"


# --- measuring ----------------------------------------------------------------------------------------------------


def measured(record: Record, shape: Shape, effort: Effort) -> Row:
    """Build, check and time the contenders of a loss, in turns."""
    given = arrays(record, shape)
    runs = {
        EAGER: through_torch(plain(record), record, given),
        NUMPY: through_numpy(record, given),
        TORCH: through_torch(ls.get(record.name), record, given),
    }
    expected = runs[EAGER]()
    for name in (NUMPY, TORCH):
        check(runs[name](), expected)
    times = race(runs, effort)
    bar = 2.5 if not record.by_element else 8.0 if computes_powers(record) else 4.0
    eager, ours = (float(np.median(times[name])) for name in (EAGER, NUMPY))
    return Row(record.name, bar, eager, ours, ratios(times, EAGER, NUMPY), ratios(times, EAGER, TORCH))


def check(answer: Answer, expected: Answer) -> None:
    """Raise unless value and gradients are PyTorch's; at a kink, which few elements hit, a slope may be another one."""
    (value, slopes), (right, right_slopes) = answer, expected
    close(value, right, "value")
    for slope, right_slope in zip(slopes, map(np.asarray, right_slopes), strict=True):
        near = np.isclose(np.asarray(slope), right_slope, rtol=1e-3, atol=1e-5 * np.abs(right_slope).max())
        if (~near).sum() > KINKS * near.size:
            raise ArithmeticError("its gradient differs from PyTorch's")


def page(rows: list[Row], rounds: int) -> str:
    """RESULTS-all.md."""
    told = ", ".join(f"{name} {text}" for name, text in machine.describe().items() if name != "load before")
    head = HEAD.format(
        met=sum(row.met for row in rows), count=len(rows), rounds=rounds, machine=told,
        **{name: size(shape) for name, shape in vars(FULL).items()},
    )  # fmt: skip
    return head + "".join(line(row) for row in rows)


def line(row: Row) -> str:
    ratio = f"{row.in_numpy.median:.1f}"
    cells = (
        f"`{row.name}`", f"{row.eager * 1e3:.0f}", f"{row.ours * 1e3:.1f}", f"{row.bar:g}",
        ratio if row.met else f"**{ratio}**", f"{row.in_torch.median:.1f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def chosen(only: Iterable[str]) -> list[Record]:
    return [record for record in records() if not only or record.name in only]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.every_loss", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small arrays and one round: tries the harness only")
    parser.add_argument("--only", nargs="+", default=[], metavar="LOSS", help="print these; write no page")
    parser.add_argument("--output", type=Path, default=PAGE, metavar="FILE", help="where to write the page")
    wanted, console = parser.parse_args(), Console()
    effort, sizes = (Effort(1, 0.0001), QUICK) if wanted.quick else (Effort(5, 0.05), FULL)
    rows = []
    for record in track(chosen(wanted.only), "timing", console=console, disable=not console.is_terminal):
        rows.append(measured(record, sizes.of(record), effort))
        console.print(line(rows[-1]).strip().replace("**", ""), soft_wrap=True)
    if not wanted.only:
        wanted.output.write_text(page(rows, effort.rounds), encoding="utf-8")


if __name__ == "__main__":
    main()
