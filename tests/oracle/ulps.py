"""How far a computed number is from the exact one, in units of the last place."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from mpmath import mp

from oracle.exact import Exact

WRONG = math.inf  # a NaN, an infinity or a sign that is not there
info_of = cache(np.finfo)


def ulp(size: Any, dtype: Any) -> Any:
    """The distance between neighbouring numbers of a type at some size."""
    info = info_of(dtype)
    smallest = int(info.minexp) - int(info.nmant)
    if size == 0:
        return mp.ldexp(1, smallest)
    exponent = min(mp.frexp(size)[1], int(info.maxexp)) - 1
    return mp.ldexp(1, max(exponent - int(info.nmant), smallest))


def error(computed: Any, exact: Exact, dtype: Any) -> float:
    """In ulps of the exact number, or of its largest term where that is larger.

    NaN is right where there is no number, and where terms of both signs lie beyond all numbers of the type.
    """
    info = info_of(dtype)
    greatest = mp.mpf(float(info.max))
    if math.isnan(computed):
        return 0.0 if mp.isnan(exact.value) or exact.against > greatest else WRONG
    if mp.isnan(exact.value):
        return WRONG
    if math.isinf(computed):
        overflows = abs(exact.value) > greatest / 2  # a constant factor of 1/2 is the last to be multiplied
        return 0.0 if overflows and mp.sign(exact.value) == math.copysign(1, computed) else WRONG
    if abs(exact.value) > greatest * (1 + mp.mpf(float(info.eps))):
        return WRONG
    size = max(abs(exact.value), min(exact.size, greatest))
    return float(abs(mp.mpf(float(computed)) - exact.value) / ulp(size, dtype))
