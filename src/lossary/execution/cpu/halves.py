"""Conversion of half-precision numbers to float32, as text for kernels, which read such arrays without a copy."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["HALVES", "source"]

HALVES = {"float16": "uint16", "bfloat16": "uint16"}  # each dtype, and the integers that a kernel reads it as

# The bits of a float16, shifted to their place in a float32, make a number 2**112 times too small. Infinity and NaN
# become finite so, and get their exponent back.
BITS = """
from numpy import float32, uint32

ALL_BUT_HALFS_SIGN, HALFS_SIGN, HALFS_LIMIT = uint32(0x7FFF), uint32(0x8000), uint32(0x0F800000)
HALFS_PLACE, TO_TOP, LIMIT, HALFS_SCALE = uint32(13), uint32(16), uint32(0x7F800000), float32(2.0**112)


def of_float16(bits):
    size = uint32(uint32(uint32(bits) & ALL_BUT_HALFS_SIGN) << HALFS_PLACE)
    scaled = view(float32(view(size, float32) * HALFS_SCALE), uint32)
    scaled = uint32(size | LIMIT) if size >= HALFS_LIMIT else scaled
    sign = uint32(uint32(uint32(bits) & HALFS_SIGN) << TO_TOP)
    return view(uint32(scaled | sign), float32)
"""

INSTRUCTION = """
def of_float16(bits):
    return widened(bits)
"""

BFLOAT16 = """
from numpy import float32, uint32


def of_bfloat16(bits):
    return view(uint32(uint32(bits) << uint32(16)), float32)
"""


def source(arrays: Sequence[tuple[str, str]], instruction: bool) -> str:
    """Return the functions ``of_float16`` and ``of_bfloat16`` for a kernel that reads such arrays, else nothing.

    ``instruction`` says whether the processor has an instruction that widens a float16.
    """
    return (INSTRUCTION if instruction else BITS) + BFLOAT16 if arrays else ""
