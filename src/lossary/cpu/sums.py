"""Exact sums, and maxima, of blocks of values, as text for kernels.

A block is added up in pairs: one half to the other half, again and again, so that a processor adds several at once and
roundings do not pile up. Float64 values also keep what each addition rounds off. ``accumulate`` adds blocks in the
same way, so that only the last rounding is left.
"""

from __future__ import annotations

__all__ = ["accumulate", "source"]

BLOCK = 512  # values at a time: they stay in the first-level cache


def source(dtype: str) -> str:
    """``sum_block``: the sum of a block, in float64 memory; ``greatest_of``: the maximum of an input."""
    return (KEEPING if dtype == "float64" else ADDING) + GREATEST


def accumulate(high: str, low: str, value: str) -> list[str]:
    """Statements that add a value to a sum, and what is rounded off to another."""
    return [
        f"total = {high} + {value}",
        f"back = total - {high}",
        f"{low} += ({high} - (total - back)) + ({value} - back)",
        f"{high} = total",
    ]


WIDTH = """
from numpy import float64


def joined(high, low):
    return high + low if high - high == 0.0 else high  # infinite sums have no rest


def sum_block(block, at, count, values):
    width = 1
    while width < count:
        width *= 2
    for i in range(count):
        values[i] = float64(block[at + i])
    for i in range(count, width):
        values[i] = 0.0
"""

ADDING = f"""{WIDTH}
    while width > 1:
        width //= 2
        for i in range(width):
            values[i] += values[i + width]
    return values[0]
"""

KEEPING = f"""{WIDTH}
    for i in range({BLOCK}, {BLOCK} + width):
        values[i] = 0.0
    while width > 1:
        width //= 2
        for i in range(width):
            a = values[i]
            b = values[i + width]
            total = a + b
            back = total - a
            kept = values[i + {BLOCK}] + values[i + width + {BLOCK}]
            values[i + {BLOCK}] = kept + ((a - (total - back)) + (b - back))
            values[i] = total
    return joined(values[0], values[{BLOCK}])
"""

GREATEST = """

def greatest_of(values, at, count, lanes):
    for j in range(64):
        lanes[j] = -INFINITY
    whole = at + count // 64 * 64
    for i in range(at, whole, 64):
        for j in range(64):
            lanes[j] = where(values[i + j] > lanes[j], values[i + j], lanes[j])
    top = -INFINITY
    for i in range(whole, at + count):
        top = where(values[i] > top, values[i], top)
    for j in range(64):
        top = where(lanes[j] > top, lanes[j], top)
    return top
"""
