"""The kernel of a pointwise loss: one pass over the elements, in blocks that stay in the first-level cache."""

from __future__ import annotations

import math
from itertools import chain

from lossary.execution.cpu.intrinsics import AHEAD, ahead
from lossary.execution.cpu.order import Rows
from lossary.execution.cpu.stages import asking, costly_apart
from lossary.execution.cpu.sums import BLOCK, add_block, keep_sums, no_sums
from lossary.execution.cpu.text import Arguments, Body, indent, scaled
from lossary.kinds.program import Work
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Level, Node, apply

__all__ = ["body", "extent", "serves"]

CHUNK = 1 << 15  # elements whose sum is one number: fixed, so that threads do not change results
PART = BLOCK // 2  # elements of a costly loop, before which it asks for as many of what is read and written next
LEAST, LEAST_COSTLY = 8, 2  # chunks that take as long as a thread takes to wake, without and with costly words

TEMPLATE = """
def kernel({parameters}, halves, scratch, partial, chunks, rows, columns, start, stop):
{scalars}
    for chunk in range(start, stop):
        last = min(columns, (chunk + 1) * {chunk})
{zeros}
        for begin in range(chunk * {chunk}, last, {block}):
            count = min({block}, last - begin)
{lines}
{keep}
"""


def serves(lay: Rows, work: Work, labels: bool) -> bool:
    return True


def extent(lay: Rows) -> tuple[int, int, int]:
    """How many chunks there are, and the rows and columns of the input: here one row."""
    size = math.prod(lay.shape)
    return -(-size // CHUNK), 1, size


def body(work: Work, arguments: Arguments) -> Body:
    """The text of the kernel."""
    sums, losses = len(work.sums), len(work.losses)
    wrong = {k: apply("opposite", node.arguments[0]) for k, node in enumerate(work.sums) if _only_looks(node)}
    nodes = [lower(wrong.get(k, node)) for k, node in enumerate(work.nodes)]
    loops, results = costly_apart(nodes, arguments.loads("begin + i", Level.ELEMENT), sums)
    added = [k for k in range(sums) if k not in wrong and not nodes[k].is_number(0.0)]
    stores = [f"scratch[{k * BLOCK} + i] = {results[k]}" for k in added]
    stores += [f"wrong_{k} = counted(wrong_{k}, {results[k]})" for k in wrong]
    stores += [f"loss_{k}[begin + i] = {results[sums + k]}" for k in range(losses)]
    stores += [f"gradient_{k}[begin + i] = {scaled(r)}" for k, r in enumerate(results[sums + losses :])]
    loops[-1] += stores
    reads, *writes = arguments.asks
    lines = [f"wrong_{k} = signed(0)" for k in wrong] + _asking(loops, [*reads.values(), *chain(*writes)])
    lines += [line for k in added for line in add_block(k, k * BLOCK)]
    lines += [f"high_{k} = float64(NOT_A_NUMBER) if wrong_{k} else high_{k}" for k in wrong]
    text = TEMPLATE.format(
        parameters=", ".join(arguments.names),
        scalars=indent(arguments.scalars(), 1),
        chunk=CHUNK,
        block=BLOCK,
        zeros=indent(no_sums(sums), 2),
        lines=indent(lines, 3),
        keep=indent(keep_sums(sums), 2),
    )
    return Body(text, sums + len(loops) - 1, least=LEAST_COSTLY if len(loops) > 1 else LEAST)


def _only_looks(node: Node) -> bool:
    """Whether a sum is of nothing, or NaN where something is wrong: that is counted, which takes less than adding."""
    return node.word == "guard" and node.arguments[1].is_number(0.0)


def _asking(loops: list[list[str]], asks: list[str]) -> list[str]:
    """The loops over a block, each of which also asks memory for its share of what comes next.

    A processor waits for few places of memory at a time, and computes meanwhile: so costly loops ask little by little.
    """
    part = PART if len(loops) > 1 else BLOCK
    begin, end = f"begin + part + {AHEAD}", f"min(columns, begin + stop_part + {AHEAD})"
    shares = [ahead(asks[k :: len(loops)], begin, end) for k in range(len(loops))]
    return [line for loop, share in zip(loops, shares, strict=True) for line in asking(loop, share, part)]
