"""The kernel of a pointwise loss: one pass over the elements, in blocks that stay in the first-level cache."""

from __future__ import annotations

import math
from typing import Any

from lossary.cpu.sums import BLOCK, accumulate
from lossary.cpu.text import Arguments, Body, indent, literal
from lossary.derive import lower
from lossary.graph import Level
from lossary.kinds.program import Work
from lossary.printing import statements

__all__ = ["body", "extent", "serves"]

CHUNK = 1 << 15  # elements whose sum is one number: fixed, so that threads do not change results

TEMPLATE = """
def kernel({parameters}, halves, lanes, scratch, partial, chunks, rows, columns, start, stop):
{scalars}
    for chunk in range(start, stop):
        last = min(columns, (chunk + 1) * {chunk})
{zeros}
        for begin in range(chunk * {chunk}, last, {block}):
            count = min({block}, last - begin)
            for i in range(count):
{loads}
{lines}
{stores}
{add}
{keep}
"""


def serves(call: Any) -> bool:
    return True


def extent(call: Any) -> tuple[int, tuple[int, int]]:
    """How many chunks there are, and the rows and columns of the input: here one row."""
    size = math.prod(call.shape)
    return -(-size // CHUNK), (1, size)


def body(work: Work, arguments: Arguments) -> Body:
    """The text of the kernel."""
    outputs = [lower(node) for node in work.nodes]
    lines, results = statements(outputs, "numba", literal)
    sums, losses = len(work.sums), len(work.losses)
    stores = [f"scratch[{k * BLOCK} + i] = {results[k]}" for k in range(sums)]
    stores += [f"loss_{k}[begin + i] = {results[sums + k]}" for k in range(losses)]
    stores += [f"gradient_{k}[begin + i] = scale * ({r})" for k, r in enumerate(results[sums + losses :])]
    each = range(sums)
    add = [
        [f"block = sum_block(scratch, {k * BLOCK}, count, halves)", *accumulate(f"high_{k}", f"low_{k}", "block")]
        for k in each
    ]
    keep = [
        f"partial[2 * ({k} * chunks + chunk) + {i}] = {part}_{k}"
        for k in each
        for i, part in enumerate(("high", "low"))
    ]
    text = TEMPLATE.format(
        parameters=", ".join(arguments.names),
        scalars=indent(arguments.scalars(), 1),
        chunk=CHUNK,
        block=BLOCK,
        zeros=indent([f"high_{k} = low_{k} = 0.0" for k in each], 2),
        loads=indent(arguments.loads("begin + i", Level.ELEMENT), 4),
        lines=indent(lines, 4),
        stores=indent(stores, 4),
        add=indent([line for lines in add for line in lines], 3),
        keep=indent(keep, 2),
    )
    return Body(text, sums)
