"""Instructions that Numba has no function for, or one that takes longer to compile: the intrinsics of kernels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from llvmlite.ir import IRBuilder, Value
    from numba.core.base import BaseContext
    from numba.core.types import NumberClass, Type
    from numba.core.typing.context import Context
    from numba.core.typing.templates import Signature

__all__ = ["words"]

NEAREST, DATA = 3, 1  # of llvm.prefetch: into the first-level cache; not instructions

# An intrinsic returns its types, and the function that emits its instructions.
Emit: TypeAlias = "Callable[[BaseContext, IRBuilder, Signature, Sequence[Value]], Value]"
Typed: TypeAlias = "tuple[Signature, Emit]"


@cache
def words() -> dict[str, Any]:
    """Return the intrinsics that a kernel's text may call beside its own functions.

    ``fetch(array, place)`` prefetches for reading, ``claim(array, place)`` for writing; ``widened(bits)`` makes a
    float32 of a float16; ``where(condition, a, b)`` computes both; ``view(number, type)`` keeps the bits; ``min``,
    ``max`` are of int64.
    """
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def fetch(_: Context, array: Type, place: Type) -> Typed:
        return types.void(array, types.int64), _prefetch(for_writing=0)

    @intrinsic
    def claim(_: Context, array: Type, place: Type) -> Typed:
        return types.void(array, types.int64), _prefetch(for_writing=1)

    @intrinsic
    def widened(_: Context, bits: Type) -> Typed:
        return types.float32(types.uint16), _widen

    @intrinsic
    def where(typing: Context, condition: Type, a: Type, b: Type) -> Typed:
        kind = typing.unify_types(a, b)
        return kind(types.boolean, kind, kind), _select

    @intrinsic
    def view(_: Context, number: Type, kind: NumberClass[Any]) -> Typed:
        return kind.instance_type(number, kind), _same_bits

    @intrinsic
    def least(_: Context, a: Type, b: Type) -> Typed:
        return types.int64(types.int64, types.int64), _chosen("<")

    @intrinsic
    def most(_: Context, a: Type, b: Type) -> Typed:
        return types.int64(types.int64, types.int64), _chosen(">")

    return {
        "fetch": fetch, "claim": claim, "widened": widened, "where": where, "view": view, "min": least, "max": most,
    }  # fmt: skip


def _prefetch(for_writing: int) -> Emit:
    from llvmlite import ir

    whole, byte = ir.IntType(32), ir.IntType(8).as_pointer()

    def emit(context: BaseContext, builder: IRBuilder, _: Signature, arguments: Sequence[Value]) -> Value:
        array, place = arguments
        kind = ir.FunctionType(ir.VoidType(), [byte, whole, whole, whole])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        address = builder.bitcast(builder.gep(array, [place]), byte)
        builder.call(prefetch, [address, *(whole(number) for number in (for_writing, NEAREST, DATA))])
        return context.get_dummy_value()

    return emit


def _widen(_: BaseContext, builder: IRBuilder, __: Signature, arguments: Sequence[Value]) -> Value:
    from llvmlite import ir

    return builder.fpext(builder.bitcast(arguments[0], ir.HalfType()), ir.FloatType())


def _select(_: BaseContext, builder: IRBuilder, __: Signature, arguments: Sequence[Value]) -> Value:
    return builder.select(*arguments)


def _same_bits(context: BaseContext, builder: IRBuilder, signature: Signature, arguments: Sequence[Value]) -> Value:
    return builder.bitcast(arguments[0], context.get_value_type(signature.return_type))


def _chosen(order: str) -> Emit:
    def emit(_: BaseContext, builder: IRBuilder, __: Signature, arguments: Sequence[Value]) -> Value:
        return builder.select(builder.icmp_signed(order, *arguments), *arguments)

    return emit
