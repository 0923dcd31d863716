"""Asking memory for what a loop reaches next: the words ``fetch`` and ``claim`` of kernels.

A processor follows reading by itself, though not across the end of a page. What is to be written it must own first;
of that it asks for too little ahead: squared error with gradient took twice as long. Asking moves no result, and beyond
an array's end it does nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

__all__ = ["AHEAD", "ahead", "words"]

AHEAD = 384  # numbers: so far ahead of a loop along memory
NEAREST, DATA = 3, 1  # into the first-level cache; not instructions


def ahead(asks: Sequence[str], begin: str, end: str) -> list[str]:
    """Statements that ask for the places from begin to end, which a loop reaches a little later."""
    return [f"for line in range({begin}, {end}, PER_LINE):", *(f"    {ask}" for ask in asks)] if asks else []


@cache
def words() -> dict[str, Any]:
    """``fetch(array, place)`` before reading, ``claim(array, place)`` before writing, for Numba."""
    return {"fetch": _word(for_writing=0), "claim": _word(for_writing=1)}


def _word(for_writing: int) -> Any:
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    whole, byte = ir.IntType(32), ir.IntType(8).as_pointer()

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, place = arguments
        kind = ir.FunctionType(ir.VoidType(), [byte, whole, whole, whole])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        address = builder.bitcast(builder.gep(array, [place]), byte)
        builder.call(prefetch, [address, *(whole(number) for number in (for_writing, NEAREST, DATA))])
        return context.get_dummy_value()

    def word(_: Any, array: Any, place: Any) -> Any:
        return types.void(array, types.int64), emit

    return intrinsic(word)
