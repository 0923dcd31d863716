"""LLVM IR of a function: types, values, and the instructions for them.

A local variable is a place in memory, of which LLVM makes a register. Signed integers do not wrap around.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache

import numpy

__all__ = ["BOOL", "I64", "NOTHING", "TYPES", "Code", "Type", "Value", "literal", "number", "pointer"]


@dataclass(frozen=True)
class Type:
    """A type: its name in Python and in LLVM, its size, and for a pointer, the type of what it points to."""

    name: str
    llvm: str
    bits: int
    floats: bool = False
    signed: bool = False
    to: Type | None = None


BOOL = Type("bool", "i1", 1)
F64 = Type("float64", "double", 64, floats=True)
I64 = Type("int64", "i64", 64, signed=True)
TYPES = {kind.name: kind for kind in (
    BOOL, Type("float32", "float", 32, floats=True), F64, Type("int32", "i32", 32, signed=True), I64,
    *(Type(f"uint{bits}", f"i{bits}", bits) for bits in (8, 16, 32, 64)),
)}  # fmt: skip


@cache
def pointer(to: Type) -> Type:
    return Type(f"pointer to {to.name}", "ptr", 64, to=to)


@dataclass(frozen=True)
class Value:
    """A value: its type, and its name or number in LLVM. A ``literal`` integer takes the type of what it meets."""

    kind: Type
    text: str
    literal: int | None = None


NOTHING = Value(Type("None", "void", 0), "")


def literal(value: int) -> Value:
    return Value(I64, str(value), value)


def number(kind: Type, value: float) -> Value:
    """Return a constant."""
    if not kind.floats:
        return Value(kind, str(int(value)))
    exact = float(numpy.dtype(kind.name).type(value))  # LLVM writes a float32 as the float64 that it equals
    return Value(kind, f"0x{struct.unpack('>Q', struct.pack('>d', exact))[0]:016X}")


class Code:
    """The text of a function, to which instructions are added.

    ``flags`` say which freedom LLVM has with floats. ``declared`` collects the functions of LLVM that are called.
    """

    def __init__(self, flags: str, declared: dict[str, str]) -> None:
        self.flags, self.declared = flags, declared
        self.lines: list[str] = []
        self.places: list[str] = []
        self.count = 0
        self.open = True  # False after the end of a block: what follows is not reached

    def line(self, text: str) -> None:
        if self.open:
            self.lines.append(f"  {text}")

    def let(self, kind: Type, text: str) -> Value:
        """Add an instruction, and return its result."""
        self.count += 1
        self.line(f"%.{self.count} = {text}")
        return Value(kind, f"%.{self.count}")

    # --- blocks and places ------------------------------------------------------------------------------------------

    def labels(self, count: int) -> list[str]:
        """Return new names of blocks."""
        self.count += count
        return [f"at.{self.count - k}" for k in range(count)]

    def begin(self, label: str) -> None:
        """Begin a block, to which the one before leads unless it has ended."""
        self.end(f"br label %{label}")
        self.lines.append(f"{label}:")
        self.open = True

    def end(self, text: str) -> None:
        """End a block with a jump."""
        self.line(text)
        self.open = False

    def branch(self, condition: Value, then: str, otherwise: str) -> None:
        self.end(f"br i1 {condition.text}, label %{then}, label %{otherwise}")

    def place(self, kind: Type) -> str:
        """Return a new place for a variable."""
        name = f"%place.{len(self.places)}"
        self.places.append(f"  {name} = alloca {kind.llvm}")
        return name

    def load(self, kind: Type, place: str) -> Value:
        return self.let(kind, f"load {kind.llvm}, ptr {place}")

    def store(self, kind: Type, place: str, value: Value) -> None:
        self.line(f"store {kind.llvm} {self.cast(value, kind).text}, ptr {place}")

    def element(self, array: Value, index: Value) -> tuple[Type, str]:
        """Return the type and the address of an element of an array."""
        kind = array.kind.to
        assert kind is not None
        at = self.cast(index, I64).text
        return kind, self.let(array.kind, f"getelementptr {kind.llvm}, ptr {array.text}, i64 {at}").text

    # --- numbers ----------------------------------------------------------------------------------------------------

    def alike(self, a: Value, b: Value) -> tuple[Value, Value]:
        """Return two values in one type: the wider of theirs, or float64 for an integer and a float."""
        if a.literal is not None or b.literal is not None:
            kind = (b if a.literal is not None else a).kind
        elif a.kind.floats != b.kind.floats:
            kind = F64
        else:
            kind = max(a.kind, b.kind, key=lambda one: one.bits)
        return self.cast(a, kind), self.cast(b, kind)

    def cast(self, value: Value, kind: Type) -> Value:
        """Return a number in another type."""
        old = value.kind
        if value.literal is not None and kind is not I64:
            return number(kind, value.literal)
        if old.llvm == kind.llvm:
            return value if old is kind else Value(kind, value.text)
        if old.floats and kind.floats:
            word = "fpext" if kind.bits > old.bits else "fptrunc"
        elif kind.floats:
            word = "sitofp" if old.signed else "uitofp"
        elif old.floats:
            word = "fptosi" if kind.signed else "fptoui"
        else:
            word = "trunc" if kind.bits < old.bits else "sext" if old.signed else "zext"
        return self.let(kind, f"{word} {old.llvm} {value.text} to {kind.llvm}")

    def same_bits(self, value: Value, kind: Type) -> Value:
        return self.let(kind, f"bitcast {value.kind.llvm} {value.text} to {kind.llvm}")

    def truth(self, value: Value) -> Value:
        """Return a truth value: numbers other than 0 are true."""
        return value if value.kind is BOOL else self.compared("ne", value, number(value.kind, 0))

    def compared(self, order: str, a: Value, b: Value) -> Value:
        """Return a comparison: "lt", "le", "gt", "ge", "eq" or "ne"; with NaN, only the last is true."""
        a, b = self.alike(a, b)
        if a.kind.floats:
            word = f"fcmp {'une' if order == 'ne' else 'o' + order}"
        else:
            word = f"icmp {order if order in ('eq', 'ne') else 'us'[a.kind.signed] + order}"
        return self.let(BOOL, f"{word} {a.kind.llvm} {a.text}, {b.text}")

    def selected(self, condition: Value, a: Value, b: Value) -> Value:
        """Return one of two values; both are computed."""
        test, (a, b) = self.truth(condition).text, self.alike(a, b)
        return self.let(a.kind, f"select i1 {test}, {a.kind.llvm} {a.text}, {b.kind.llvm} {b.text}")

    def negative(self, value: Value) -> Value:
        if value.literal is not None:
            return literal(-value.literal)
        word = f"fneg {self.flags}" if value.kind.floats else "sub"
        return self.let(value.kind, f"{word} {value.kind.llvm} {'' if value.kind.floats else '0, '}{value.text}")

    def inverted(self, value: Value) -> Value:
        ones = "true" if value.kind is BOOL else "-1"
        return self.let(value.kind, f"xor {value.kind.llvm} {value.text}, {ones}")

    def combined(self, word: str, a: Value, b: Value) -> Value:
        """Return what an instruction makes of two numbers of one type: "add", "mul", "shl", …"""
        kind = a.kind
        if kind.floats:
            word = f"f{word} {self.flags}"
        elif word == "shr":
            word = "ashr" if kind.signed else "lshr"
        elif kind is I64 and word in ("add", "sub", "mul"):
            word = f"{word} nsw"
        return self.let(kind, f"{word} {kind.llvm} {a.text}, {b.text}")

    def divided(self, a: Value, b: Value) -> Value:
        """Return the quotient of two signed integers, rounded down."""
        zero = number(a.kind, 0)
        rest = self.combined("srem", a, b)
        signs_differ = self.compared("lt", self.combined("xor", rest, b), zero)
        below = self.combined("and", self.compared("ne", rest, zero), signs_differ)
        return self.combined("sub", self.combined("sdiv", a, b), self.cast(below, a.kind))

    def called(self, name: str, *values: Value) -> Value:
        """Return the result of a function of numbers that LLVM has."""
        kind = values[0].kind
        given = ", ".join(f"{kind.llvm} {value.text}" for value in values)
        name = f"@llvm.{name}.f{kind.bits}"
        self.declared[name] = f"declare {kind.llvm} {name}({', '.join(kind.llvm for _ in values)})"
        return self.let(kind, f"call {self.flags} {kind.llvm} {name}({given})")

    def prefetched(self, writes: bool, array: Value, index: Value) -> Value:
        """Ask for the line of memory that holds an element."""
        name, nearest, data = "@llvm.prefetch.p0", 3, 1
        self.declared[name] = f"declare void {name}(ptr, i32, i32, i32)"
        self.line(
            f"call void {name}(ptr {self.element(array, index)[1]}, i32 {int(writes)}, i32 {nearest}, i32 {data})"
        )
        return NOTHING

    def widened(self, bits: Value) -> Value:
        """Return a float32 of the bits of a float16."""
        half = self.let(bits.kind, f"bitcast i16 {bits.text} to half")
        return self.let(TYPES["float32"], f"fpext half {half.text} to float")
