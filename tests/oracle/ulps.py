"""How far a computed number is from the exact one, in units of the last place."""

from __future__ import annotations

import math
import struct
from functools import cache
from typing import Any

import numpy as np
from mpmath import mp

from oracle.exact import Exact

WRONG = math.inf  # a NaN, an infinity or a sign that is not there
LARGEST_FLOAT32 = float(np.finfo(np.float32).max)
info_of = cache(np.finfo)


def ulp(size: Any, dtype: Any) -> Any:
    """The distance between neighbouring numbers of a type at some size."""
    info = info_of(dtype)
    smallest = int(info.minexp) - int(info.nmant)
    if size == 0:
        return mp.ldexp(1, smallest)
    exponent = min(mp.frexp(size)[1], int(info.maxexp)) - 1
    return mp.ldexp(1, max(exponent - int(info.nmant), smallest))


def _is_nearest(computed: Any, exact: Any, dtype: Any) -> bool:
    """Whether a number is finite and the exact one rounded to the type."""
    if not math.isfinite(computed):
        return False
    rounded = float(exact)
    if dtype != np.float64 and math.isfinite(rounded):
        rounded = struct.unpack("f", struct.pack("f", rounded))[0] if abs(rounded) < LARGEST_FLOAT32 else math.inf
    return bool(rounded == computed)


def error(computed: Any, exact: Exact, dtype: Any) -> float:
    """In ulps of the exact number, or of its largest term where that is larger; 0.5 for the nearest number.

    NaN is right where there is no number, and where terms of both signs lie beyond all numbers of the type.
    """
    if _is_nearest(computed, exact.value, dtype):
        return 0.5
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
