"""What kernels say to a processor that Numba has no word for, or one that takes longer to compile.

A processor follows reading by itself, though not across the end of a page. What is to be written it must own first; of
that it asks for too little ahead: squared error with gradient took twice as long. Asking moves no result, and beyond an
array's end it does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    """What a kernel's text may call, beside its own functions.

    ``fetch(array, place)`` before reading, ``claim(array, place)`` before writing, ``widened(bits of a half)``;
    ``where(condition, a, b)``, which computes both; ``view(number, type)``, which has the same bits; ``min``, ``max``.
    """
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def fetch(_: Any, array: Any, place: Any) -> Any:
        return types.void(array, types.int64), _prefetch(for_writing=0)

    @intrinsic
    def claim(_: Any, array: Any, place: Any) -> Any:
        return types.void(array, types.int64), _prefetch(for_writing=1)

    @intrinsic
    def widened(_: Any, bits: Any) -> Any:
        return types.float32(types.uint16), _widen

    @intrinsic
    def where(typing: Any, condition: Any, a: Any, b: Any) -> Any:
        kind = typing.unify_types(a, b)
        return kind(types.boolean, kind, kind), _select

    @intrinsic
    def view(_: Any, number: Any, kind: Any) -> Any:
        return kind.instance_type(number, kind), _same_bits

    @intrinsic
    def least(_: Any, a: Any, b: Any) -> Any:
        return types.int64(types.int64, types.int64), _chosen("<")

    @intrinsic
    def most(_: Any, a: Any, b: Any) -> Any:
        return types.int64(types.int64, types.int64), _chosen(">")

    return {
        "fetch": fetch, "claim": claim, "widened": widened, "where": where, "view": view, "min": least, "max": most,
    }  # fmt: skip


def _prefetch(for_writing: int) -> Callable[..., Any]:
    from llvmlite import ir

    whole, byte = ir.IntType(32), ir.IntType(8).as_pointer()

    def emit(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        array, place = arguments
        kind = ir.FunctionType(ir.VoidType(), [byte, whole, whole, whole])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        address = builder.bitcast(builder.gep(array, [place]), byte)
        builder.call(prefetch, [address, *(whole(number) for number in (for_writing, NEAREST, DATA))])
        return context.get_dummy_value()

    return emit


def _widen(_: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    from llvmlite import ir

    return builder.fpext(builder.bitcast(arguments[0], ir.HalfType()), ir.FloatType())


def _select(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
    return builder.select(*arguments)


def _same_bits(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return builder.bitcast(arguments[0], context.get_value_type(signature.return_type))


def _chosen(order: str) -> Callable[..., Any]:
    def emit(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.select(builder.icmp_signed(order, *arguments), *arguments)

    return emit
