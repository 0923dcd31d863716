"""Kernels of pointwise losses as text for Triton: each program reads and writes one block of elements."""

from __future__ import annotations

from functools import partial

from lossary.execution.cpu.text import indent
from lossary.execution.gpu.text import EXACT, HALF, Arguments, literal, over_programs, sum_stores
from lossary.kinds.program import SCALE, Work
from lossary.symbolic.codegen import statements
from lossary.symbolic.derivatives import lower

__all__ = ["BLOCK", "body"]

BLOCK = 1024  # elements that are added to one number: fixed, so that every run gives the same bits

PLACES = ["place = program.to(tl.int64) * BLOCK + tl.arange(0, BLOCK)", "inside = place < size"]

TEMPLATE = """

@triton.jit(do_not_specialize={bits})
def kernel({parameters}, sums_at, size, ONLY: tl.constexpr, BLOCK: tl.constexpr):
{lines}
"""


def body(work: Work, arguments: Arguments, dtype: str) -> str:
    """Print the module that defines the kernel."""
    lines, results = statements([lower(node, "triton") for node in work.nodes], "triton", partial(literal, dtype))
    over, losses = results[: len(work.sums)], results[len(work.sums) :][: len(work.losses)]
    slopes = results[len(over) + len(losses) :]
    totals = [f"tl.sum(tl.where(inside, {r}, 0.0).to(tl.float64))" for r in over]
    stores = sum_stores(totals, "sums_at + {} * tl.num_programs(0) + program")
    stores += [f"tl.store(loss_{k}_at + place, {r}, mask=inside)" for k, r in enumerate(losses)]
    stores += [
        f"tl.store(gradient_{k}_at + place, x_{SCALE} * ({r}), mask=inside{arguments.hint})"
        for k, r in enumerate(slopes)
    ]
    lines = over_programs([*PLACES, *arguments.loads(dtype), *lines, *stores], arguments.compared)
    return (EXACT if arguments.exact else HALF) + TEMPLATE.format(
        bits=arguments.unspecialized,
        parameters=", ".join(arguments.names),
        lines=indent(lines, 1),
    )
