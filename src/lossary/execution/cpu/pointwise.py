"""Kernels of pointwise losses: one pass over the elements, in blocks that stay in the first-level cache."""

from __future__ import annotations

import math
from itertools import chain

from lossary.execution.cpu.order import Rows
from lossary.execution.cpu.stages import costly_apart, in_parts
from lossary.execution.cpu.sums import BLOCK, add_block, keep_sums, no_sums
from lossary.execution.cpu.text import AHEAD, Arguments, Body, indent, prefetch, scaled
from lossary.kinds.program import Work
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import ELEMENT, Node, apply

__all__ = ["body", "extent", "serves"]

CHUNK = 1 << 15  # elements whose sum is one number: fixed, so that threads do not change results
PART = BLOCK // 2  # elements of a costly loop between prefetches
LEAST, LEAST_COSTLY = 8, 2  # chunks that take as long as waking a thread, without and with costly words

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


def serves(rows: Rows, work: Work, labels: bool) -> bool:
    return True


def extent(rows: Rows) -> tuple[int, int, int]:
    """Count the chunks, rows and columns: here one row."""
    size = math.prod(rows.shape)
    return -(-size // CHUNK), 1, size


def body(work: Work, arguments: Arguments) -> Body:
    """Print the kernel."""
    sums, losses = len(work.sums), len(work.losses)
    wrong = {k: apply("opposite", node.arguments[0]) for k, node in enumerate(work.sums) if _only_checks(node)}
    nodes = [lower(wrong.get(k, node), "llvm") for k, node in enumerate(work.nodes)]
    loops, results = costly_apart(nodes, arguments.loads("begin + i", ELEMENT), sums)
    added = [k for k in range(sums) if k not in wrong and not nodes[k].is_number(0.0)]
    stores = [f"scratch[{k * BLOCK} + i] = {results[k]}" for k in added]
    stores += [f"wrong_{k} = counted(wrong_{k}, {results[k]})" for k in wrong]
    stores += [f"loss_{k}[begin + i] = {results[sums + k]}" for k in range(losses)]
    stores += [f"gradient_{k}[begin + i] = {scaled(r)}" for k, r in enumerate(results[sums + losses :])]
    loops[-1] += stores
    reads, *writes = arguments.prefetches
    lines = [f"wrong_{k} = signed(0)" for k in wrong] + _loops(loops, [*reads.values(), *chain(*writes)])
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


def _only_checks(node: Node) -> bool:
    """Return True for a sum of zeros that is NaN where an input is invalid: counting those is faster than adding."""
    return node.word == "guard" and node.arguments[1].is_number(0.0)


def _loops(loops: list[list[str]], prefetches: list[str]) -> list[str]:
    """Print loops over a block, with the prefetches spread among them.

    A processor has few prefetches under way at a time, and computes meanwhile: costly loops run in smaller parts.
    """
    part = PART if len(loops) > 1 else BLOCK
    begin, end = f"begin + part + {AHEAD}", f"min(columns, begin + stop_part + {AHEAD})"
    shares = [prefetch(prefetches[k :: len(loops)], begin, end) for k in range(len(loops))]
    return [line for loop, share in zip(loops, shares, strict=True) for line in in_parts(loop, share, part)]
