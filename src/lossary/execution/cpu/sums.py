"""Exact sums and maxima of blocks of values, as text for kernels.

Float32 values are added in float64 in any order, so that vector instructions add many at once; the rounding errors are
far below one ulp of float32. Float64 values are added in pairs, one half of a block to the other half, again and again,
and the rounding error of each addition is kept. ``accumulate`` adds blocks in the same way, so that only the last
rounding is left.
"""

from __future__ import annotations

__all__ = ["ANY_ORDER", "accumulate", "add_block", "keep_sums", "no_sums", "source"]

BLOCK = 512  # values at a time: they stay in the first-level cache
ANY_ORDER = ("added", "greatest_bits")  # functions whose additions may be reordered: see compile.py


def source(dtype: str) -> str:
    """Return the functions ``sum_block``, ``rest_of`` (its rounding error), ``greatest_of`` and ``counted``."""
    return (KEEPING if dtype == "float64" else ADDING) + GREATEST


def accumulate(high: str, low: str, value: str, rest: str = "") -> list[str]:
    """Print statements that add a value to the sum ``high``, and the rounding errors to ``low``."""
    return [
        f"total_{high} = {high} + {value}",
        f"back_{high} = total_{high} - {high}",
        f"{low} += ({high} - (total_{high} - back_{high})) + ({value} - back_{high}){rest and f' + {rest}'}",
        f"{high} = total_{high}",
    ]


def no_sums(count: int) -> list[str]:
    """Print statements that set the sums of a chunk to zero."""
    return [f"high_{k} = low_{k} = 0.0" for k in range(count)]


def add_block(k: int, place: int) -> list[str]:
    """Print statements that add a block of values to a sum."""
    rest = accumulate(f"high_{k}", f"low_{k}", "block", "rest_of(halves)")
    return [f"block = sum_block(scratch, {place}, count, halves)", *rest]


def keep_sums(count: int) -> list[str]:
    """Print statements that store the sums of a chunk, each in two parts."""
    each = [(k, part, name) for k in range(count) for part, name in enumerate(("high", "low"))]
    return [f"partial[2 * ({k} * chunks + chunk) + {part}] = {name}_{k}" for k, part, name in each]


JOINED = """
from numpy import float64, int64


def joined(high, low):
    return high + low if high - high == 0.0 else high  # infinite sums have no rest
"""

ADDING = f"""{JOINED}

def added(block, at, count):
    total = 0.0
    for i in range(at, at + count):
        total += float64(block[i])
    return total


def sum_block(block, at, count, values):
    return added(block, at, count)


def rest_of(values):
    return 0.0
"""

KEEPING = f"""{JOINED}

def sum_block(block, at, count, values):
    width = 1
    while width < count:
        width *= 2
    for i in range(count):
        values[i] = float64(block[at + i])
    for i in range(count, width):
        values[i] = 0.0
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
    return values[0]


def rest_of(values):
    return values[{BLOCK}]
"""

# The bits of a number, all but the sign inverted where it is negative, are integers in the order of the numbers. There
# is a vector instruction for the maximum of integers, and a NaN of either sign is an extreme: the results show it.
GREATEST = """

def ordered(bits):
    return signed(bits ^ signed(signed(bits >> SIGN_PLACE) & ALL_BUT_SIGN))


def greatest_bits(values, at, count):
    top = ordered(view(number(-INFINITY), signed))
    for i in range(at, at + count):
        bits = ordered(view(number(values[i]), signed))
        top = bits if bits > top else top
    return ordered(top)


def counted(total, condition):
    return signed(total + signed(condition))


def greatest_of(values, at, count):
    return view(signed(greatest_bits(values, at, count)), number)
"""
