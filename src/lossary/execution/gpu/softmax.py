"""Definitions of the softmax words for a GPU, by two numbers of a row: its maximum, and the sum of the other powers.

With the maximum left out of the sum, the logarithm of a probability near 1 keeps its digits. Both numbers can be
accumulated in one pass over the row. A row whose softmax has no limit is NaN everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from lossary.execution.cpu.text import indent
from lossary.execution.gpu.text import literal
from lossary.symbolic.codegen import statements
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Node, apply, symbol
from lossary.symbolic.words import equal, exp_gap, greatest, log1p, other_powers, where

__all__ = ["definitions", "functions"]


def definitions() -> dict[str, Callable[..., Node]]:
    """Return the definitions of the softmax words for ``derivatives.lower``."""
    words = (_log_softmax, _softmax, _other_softmax, _log_sum_exp)
    return {definition.__name__.removeprefix("_"): definition for definition in words}


def power(a: Node, top: Node, exact: bool) -> Node:
    """Return exp(a - top) for a <= top, and 1 where they are equal, infinities included.

    With ``exact``, it includes the rounding error of its argument, a difference of float32 or float64 numbers. The
    difference of two half-precision numbers is exact in float32.
    """
    gap = where(equal(a, top), 0.0, a - top)
    tail = apply("exp_fraction", gap)
    if not exact:
        return tail
    back = gap - a
    lost = (a - (gap - back)) - (top + back)
    return tail + where(lost < 1.0, tail * lost, 0.0)  # lost is NaN for an infinite gap


def rest(a: Node, over: Node) -> Node:
    """Return the sum of exp(a - maximum) over the row, without one place that holds the maximum."""
    return other_powers(a, greatest(a, over), over)


def _limit(a: Node, over: Node) -> Node:
    """Return NaN for a row whose softmax has no limit (-inf alone, or several +inf), else 0."""
    top = greatest(a, over)
    several = equal(top, math.inf) & (0.0 < rest(a, over))
    return where(equal(top, -math.inf) | several, math.nan, 0.0)


def _log_softmax(a: Node, over: Node) -> Node:
    top = greatest(a, over)
    distance = where(equal(a, top), _limit(a, over), a - top)
    return distance - log1p(rest(a, over))


def _inverse(a: Node, over: Node) -> Node:
    """Return 1 / Σ exp(a - maximum), a value of the row."""
    return 1.0 / (1.0 + rest(a, over)) + _limit(a, over)


def _softmax(a: Node, over: Node) -> Node:
    return exp_gap(a, greatest(a, over)) * _inverse(a, over)


def _other_softmax(a: Node, over: Node) -> Node:
    return (rest(a, over) + (1.0 - exp_gap(a, greatest(a, over)))) * _inverse(a, over)


def _log_sum_exp(a: Node, over: Node) -> Node:
    return greatest(a, over) + log1p(rest(a, over))


# --- the text of their parts ---------------------------------------------------------------------------------------

LOW, HIGH = symbol("low"), symbol("high")
# A softmax takes the maximum of a row and its other powers' sum. Fast powers cost five instructions. Where the sum may
# miss digits or the row has infinite numbers, it is computed again exactly.
EXACT_SOFTMAX = """
@triton.jit
def power(x_low, x_high):
{power}


@triton.jit
def online_exact(values, top, rest, COUNT: tl.constexpr):
    x_high = tl.maximum(values[0], top, propagate_nan=tl.PropagateNan.ALL)
    tail = power(tl.minimum(values[0], top), x_high)
    return x_high, rest * tl.where(values[0] > top, tail, 1.0) + tail


@triton.jit
def highest(top):
    return tl.max(top, 1, keep_dims=True)


@triton.jit
def joined(top, all_top, rest):
    is_top = top == all_top
    parts = tl.where(is_top, rest, (rest + 1.0) * power(top, all_top))
    return tl.sum(parts, 1, keep_dims=True) + (tl.sum(tl.where(is_top, 1.0, 0.0), 1, keep_dims=True) - 1.0)


@triton.jit
def both_added(a, b, c, d):
    return a + c, b + d


@triton.jit
def other_powers(value, top, inside):
    is_top = value == top
    ones, powers = tl.where({mask}is_top, 1.0, 0.0), tl.where({mask}(value != top), exp_gap(value, top), 0.0)
    count, rest = tl.reduce((ones.to(powers.dtype), powers), 1, both_added, keep_dims=True)
    return rest + (count - 1.0)


@triton.jit
def exp_gap(value, top):
    return {exp_gap}
"""
MOST = "3.4028234663852886e38"  # the greatest finite float32
FAST_GAP = "tl.where(value == top, 1.0, libdevice.fast_expf(value - top))"
# Where the greatest is infinite, it is taken for the greatest finite number: one instruction less.
LONG_GAP = f"libdevice.fast_expf(tl.minimum(value, {MOST}) - tl.minimum(top, {MOST}))"
FAST_SOFTMAX = """
@triton.jit
def is_doubtful(top, rest):
    return tl.max(tl.where((rest >= {least}) & (top > -3.4028234663852886e38), 0, 1)) > 0


@triton.jit
def online(values, top, rest, COUNT: tl.constexpr):
    # A knock-out: all but the greatest lose once, and their powers are added. They do not depend on each other.
    winner, losers = values[0], ()
    for k in tl.static_range(1, COUNT):
        losers = losers + (tl.minimum(winner, values[k], propagate_nan=tl.PropagateNan.ALL),)
        winner = tl.maximum(winner, values[k])
    high = tl.maximum(winner, top)
    tail = libdevice.fast_expf(tl.minimum(winner, top, propagate_nan=tl.PropagateNan.ALL) - high)
    rest = rest * tl.where(winner > top, tail, 1.0) + tail
    for k in tl.static_range(COUNT - 1):
        rest += libdevice.fast_expf(losers[k] - high)
    return high, rest
"""
# exp(a - b) in float32, in half of the instructions of the library's: the exponent's whole part times log2(e), and what
# is missing of it and of the difference as a factor 1 + change.
FLOAT32_POWER = """
gap = tl.where(x_low == x_high, 0.0, x_low - x_high)
back = gap - x_low
lost = (x_low - (gap - back)) - (x_high + back)
scaled = gap * 1.4426950216293335
missed = libdevice.fma(gap, 1.4426950216293335, -scaled)
missed = libdevice.fma(gap, 1.925963033500011e-08, missed)
tail = libdevice.exp2(scaled)
change = libdevice.fma(missed, 0.6931471805599453, lost)
return tail + tl.where(tl.abs(change) < 1.0, tail * change, 0.0)  # it is NaN for an infinite gap
"""
# The least sum whose digits are kept: in half precision any, as differences are exact there.
LEAST = {True: 0.0625, False: 0.0}


def functions(dtype: str, exact: bool, fast: bool, padded: bool, long: bool) -> str:
    """Print the functions of a softmax; of ``padded`` rows, values beyond the end are -inf."""
    text = EXACT_SOFTMAX.format(
        power=indent(_power(dtype, exact), 1),
        exp_gap=(LONG_GAP if long else FAST_GAP) if fast else "power(value, top)",
        mask="" if padded else "inside & ",
    )
    return text + (FAST_SOFTMAX.format(least=LEAST[exact]) if fast else "")


def _power(dtype: str, exact: bool) -> list[str]:
    """Print the body of ``power``."""
    if exact and dtype == "float32":
        return FLOAT32_POWER.strip().splitlines()
    lines, (result,) = statements([lower(power(LOW, HIGH, exact))], "triton", partial(literal, dtype))
    return [*lines, f"return {result}"]
