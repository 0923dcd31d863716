"""Translation of a kernel's text to LLVM IR.

The text is a module of Python: constants, functions, and the function ``kernel``. Functions hold assignments, loops over
``range``, ``while``, ``if``, ``return`` and calls. Every value has a type, a number of fixed size, a truth value or a
pointer, which follows from the types of the kernel's arguments; a function is translated for each types of arguments
that it is called with. A local variable is a place in memory, of which LLVM makes a register.
"""

from __future__ import annotations

import ast
import math
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy

__all__ = ["Rules", "parameters", "translated"]


@dataclass(frozen=True)
class Type:
    """A type of values: its name in Python and in LLVM, and whether it is a float, signed, or a pointer to others."""

    name: str
    llvm: str
    bits: int
    floats: bool = False
    signed: bool = False
    to: Type | None = None


F32, F64 = Type("float32", "float", 32, floats=True), Type("float64", "double", 64, floats=True)
I32, I64 = Type("int32", "i32", 32, signed=True), Type("int64", "i64", 64, signed=True)
BOOL = Type("bool", "i1", 1)
UNSIGNED = tuple(Type(f"uint{bits}", f"i{bits}", bits) for bits in (8, 16, 32, 64))
TYPES = {kind.name: kind for kind in (F32, F64, I32, I64, BOOL, *UNSIGNED)}


@dataclass(frozen=True)
class Value:
    """A value: its type and its name or number in LLVM; ``literal`` numbers take the type of what they meet."""

    kind: Type
    text: str
    literal: int | None = None


NOTHING = Value(Type("None", "void", 0), "")
FLOAT_WORDS = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
WHOLE_WORDS = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor",
    ast.LShift: "shl",
}  # fmt: skip
ORDERS = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne"}
FUNCTIONS = ("sqrt", "sin", "cos")  # of NumPy, which are LLVM's, too
FREE = "contract"  # a * b + c is one instruction


@dataclass(frozen=True)
class Rules:
    """Names of functions that are always inlined, and of those whose additions may be reordered."""

    inlined: tuple[str, ...] = ()
    any_order: tuple[str, ...] = ()


def translated(source: str, signature: str, name: str, rules: Rules) -> str:
    """Return LLVM IR of a module's text, whose function ``kernel`` is @name there and returns nothing.

    ``signature`` has the types of its arguments: "void(CPointer(float32), int64)".
    """
    module = Module(*_read(source), rules)
    module.function("kernel", parameters(signature), name)
    declared = (f"declare {returned} @{of}({takes})" for of, (returned, takes) in sorted(module.declared.items()))
    return "\n".join([*declared, *module.done])


def parameters(signature: str) -> tuple[Type, ...]:
    """Return the types in a signature."""
    return tuple(map(_named, signature.removeprefix("void(").removesuffix(")").replace(" ", "").split(",")))


def _named(name: str) -> Type:
    return pointer(TYPES[name[9:-1]]) if name.startswith("CPointer(") else TYPES[name]


@cache
def pointer(to: Type) -> Type:
    return Type(f"pointer to {to.name}", "ptr", 64, to=to)


@cache
def _parsed(head: str) -> tuple[dict[str, ast.FunctionDef], dict[str, Any]]:
    """Return the functions of a module's text, and its constants; kernels with the same ones share them."""
    tree = ast.parse(head)
    functions = {part.name: part for part in tree.body if isinstance(part, ast.FunctionDef)}
    tree.body = [part for part in tree.body if not isinstance(part, ast.FunctionDef)]
    constants: dict[str, Any] = {}
    exec(compile(tree, "<lossary kernel>", "exec"), constants)
    return functions, constants


def _read(source: str) -> tuple[dict[str, ast.FunctionDef], dict[str, Any]]:
    head, start, body = source.rpartition("\ndef kernel(")
    functions, constants = _parsed(head)
    (kernel,) = ast.parse(start + body).body
    assert isinstance(kernel, ast.FunctionDef)
    return functions | {"kernel": kernel}, constants


@dataclass
class Module:
    """Functions and constants of a kernel's text, and what has been translated."""

    functions: dict[str, ast.FunctionDef]
    constants: dict[str, Any]
    rules: Rules
    known: dict[tuple[str, tuple[Type, ...]], tuple[str, Type]] = field(default_factory=dict)
    declared: dict[str, tuple[str, str]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def function(self, name: str, kinds: tuple[Type, ...], called: str = "") -> tuple[str, Type]:
        """Translate a function for some types of arguments; return its name in LLVM and the type of its result."""
        found = self.known.get((name, kinds))
        if found is None:
            called = called or f"{name}.{len(self.known)}"
            text, returned = Body(self, self.functions[name], kinds).written(called)
            found = self.known[name, kinds] = called, returned
            self.done.append(text)
        return found

    def flags(self, name: str) -> str:
        return f"reassoc {FREE}" if name in self.rules.any_order else FREE


def number(kind: Type, value: float) -> Value:
    """Return a constant."""
    if not kind.floats:
        return Value(kind, str(int(value)))
    with numpy.errstate(over="ignore"):
        exact = float(numpy.float32(value)) if kind is F32 else float(value)
    return Value(kind, f"0x{struct.unpack('>Q', struct.pack('>d', exact))[0]:016X}")


class Body:
    """A function as LLVM IR, made statement by statement."""

    def __init__(self, module: Module, function: ast.FunctionDef, kinds: Sequence[Type]) -> None:
        self.module, self.function = module, function
        self.flags = module.flags(function.name)
        self.lines: list[str] = []
        self.places: list[str] = []  # of local variables
        self.variables: dict[str, tuple[Type, str]] = {}
        self.returned = NOTHING.kind
        self.names = [argument.arg for argument in function.args.args]
        self.kinds, self.count, self.open = tuple(kinds), 0, True

    def written(self, name: str) -> tuple[str, Type]:
        """Return the function's definition, and the type of its result."""
        for argument, kind in zip(self.names, self.kinds, strict=True):
            self.keep(argument, Value(kind, f"%{argument}"))
        self.block(self.function.body)
        if self.open:
            self.line("ret void")
        takes = ", ".join(f"{kind.llvm} %{argument}" for argument, kind in zip(self.names, self.kinds, strict=True))
        inlined = " alwaysinline" * (self.function.name in self.module.rules.inlined)
        head = f"define internal {self.returned.llvm} @{name}({takes}){inlined} {{"
        return "\n".join([head, *self.places, *self.lines, "}"]), self.returned

    # --- lines ------------------------------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        if self.open:
            self.lines.append(f"  {text}")

    def let(self, kind: Type, text: str) -> Value:
        """Add an instruction, and return its result."""
        self.count += 1
        self.line(f"%.{self.count} = {text}")
        return Value(kind, f"%.{self.count}")

    def label(self) -> str:
        self.count += 1
        return f"at.{self.count}"

    def begin(self, label: str) -> None:
        """Begin a basic block, where the one before ends unless it has ended."""
        self.line(f"br label %{label}")
        self.lines.append(f"{label}:")
        self.open = True

    def end(self, text: str) -> None:
        """End a basic block."""
        self.line(text)
        self.open = False

    def branch(self, condition: Value, then: str, otherwise: str) -> None:
        self.end(f"br i1 {condition.text}, label %{then}, label %{otherwise}")

    def room(self, kind: Type) -> str:
        """Return a new place for a variable."""
        name = f"%place.{len(self.places)}"
        self.places.append(f"  {name} = alloca {kind.llvm}")
        return name

    def keep(self, name: str, value: Value) -> None:
        """Assign to a variable."""
        if name not in self.variables:
            self.variables[name] = value.kind, self.room(value.kind)
        kind, place = self.variables[name]
        self.store(place, self.cast(value, kind) if value.literal is not None else value, kind)

    def store(self, place: str, value: Value, kind: Type) -> None:
        if value.kind is not kind:
            raise TypeError(f"a {value.kind.name} is assigned where a {kind.name} was")
        self.line(f"store {kind.llvm} {value.text}, ptr {place}")

    # --- statements -------------------------------------------------------------------------------------------------

    def block(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            getattr(self, f"on_{type(statement).__name__}")(statement)

    def on_Expr(self, at: ast.Expr) -> None:
        if not isinstance(at.value, ast.Constant):  # a docstring
            self.value(at.value)

    def on_Assign(self, at: ast.Assign) -> None:
        value = self.value(at.value)
        for target in at.targets:
            self.assign(target, value)

    def on_AugAssign(self, at: ast.AugAssign) -> None:
        self.assign(at.target, self.value(ast.BinOp(at.target, at.op, at.value)))

    def assign(self, target: ast.expr, value: Value) -> None:
        if isinstance(target, ast.Name):
            self.keep(target.id, value)
            return
        assert isinstance(target, ast.Subscript)
        place, kind = self.element(target)
        self.store(place, self.cast(value, kind), kind)

    def on_Return(self, at: ast.Return) -> None:
        value = self.value(at.value) if at.value else NOTHING
        self.returned = value.kind
        self.end(f"ret {value.kind.llvm} {value.text}")

    def on_If(self, at: ast.If) -> None:
        then, otherwise, after = self.label(), self.label(), self.label()
        self.branch(self.truth(at.test), then, otherwise)
        for label, statements in ((then, at.body), (otherwise, at.orelse)):
            self.begin(label)
            self.block(statements)
            self.end(f"br label %{after}")
        self.begin(after)

    def on_While(self, at: ast.While) -> None:
        self.loop(lambda: self.truth(at.test), lambda: self.block(at.body))

    def on_For(self, at: ast.For) -> None:
        assert isinstance(at.iter, ast.Call)
        assert isinstance(at.target, ast.Name)
        name, bounds = at.target.id, [self.cast(self.value(bound), I64) for bound in at.iter.args]
        bounds = [number(I64, 0), *bounds] if len(bounds) == 1 else bounds
        start, stop, step = [*bounds, number(I64, 1)][:3]
        place = self.room(I64)
        self.store(place, start, I64)

        def goes_on() -> Value:
            now = self.let(I64, f"load i64, ptr {place}")
            self.keep(name, now)
            return self.let(BOOL, f"icmp slt i64 {now.text}, {stop.text}")

        def run() -> None:
            self.block(at.body)
            now = self.let(I64, f"load i64, ptr {place}")
            self.store(place, self.let(I64, f"add nsw i64 {now.text}, {step.text}"), I64)

        self.loop(goes_on, run)

    def loop(self, goes_on: Callable[[], Value], run: Callable[[], None]) -> None:
        head, body, after = self.label(), self.label(), self.label()
        self.begin(head)
        self.branch(goes_on(), body, after)
        self.begin(body)
        run()
        self.end(f"br label %{head}")
        self.begin(after)

    # --- expressions ------------------------------------------------------------------------------------------------

    def value(self, at: ast.expr) -> Value:
        found: Value = getattr(self, f"of_{type(at).__name__}")(at)
        return found

    def truth(self, at: ast.expr) -> Value:
        """Return an expression as a truth value: numbers other than 0 are true."""
        value = self.value(at)
        return value if value.kind is BOOL else self.compared("ne", value, number(value.kind, 0))

    def of_Constant(self, at: ast.Constant) -> Value:
        return self.constant(at.value)

    def constant(self, value: Any) -> Value:
        if isinstance(value, bool):
            return Value(BOOL, str(value).lower())
        if isinstance(value, int):
            return Value(I64, str(value), literal=value)
        return number(TYPES[getattr(value, "dtype", numpy.dtype(float)).name], value)

    def of_Name(self, at: ast.Name) -> Value:
        if at.id in self.variables:
            kind, place = self.variables[at.id]
            return self.let(kind, f"load {kind.llvm}, ptr {place}")
        return self.constant(self.module.constants[at.id])

    def of_Subscript(self, at: ast.Subscript) -> Value:
        place, kind = self.element(at)
        return self.let(kind, f"load {kind.llvm}, ptr {place}")

    def element(self, at: ast.Subscript) -> tuple[str, Type]:
        """Return the address of an element of an array, and its type."""
        array, index = self.value(at.value), self.cast(self.value(at.slice), I64)
        return self.address(array, index), array.kind.to or NOTHING.kind

    def address(self, array: Value, index: Value) -> str:
        assert array.kind.to is not None
        return self.let(array.kind, f"getelementptr {array.kind.to.llvm}, ptr {array.text}, i64 {index.text}").text

    def of_UnaryOp(self, at: ast.UnaryOp) -> Value:
        value = self.value(at.operand)
        if isinstance(at.op, ast.Not | ast.Invert):
            ones = "true" if value.kind is BOOL else "-1"
            return self.let(value.kind, f"xor {value.kind.llvm} {value.text}, {ones}")
        assert isinstance(at.op, ast.USub)
        if value.literal is not None:
            return Value(I64, str(-value.literal), literal=-value.literal)
        if value.kind.floats:
            return self.let(value.kind, f"fneg {self.flags} {value.kind.llvm} {value.text}")
        return self.let(value.kind, f"sub {value.kind.llvm} 0, {value.text}")

    def of_BinOp(self, at: ast.BinOp) -> Value:
        a, b = self.alike(self.value(at.left), self.value(at.right))
        kind, operator = a.kind, type(at.op)
        if operator is ast.Pow:
            return self.intrinsic("pow", a, b)
        if kind.floats:
            return self.let(kind, f"{FLOAT_WORDS[operator]} {self.flags} {kind.llvm} {a.text}, {b.text}")
        if operator in (ast.FloorDiv, ast.Mod):
            return self.divided(a, b, whole=operator is ast.FloorDiv)
        word = ("ashr" if kind.signed else "lshr") if operator is ast.RShift else WHOLE_WORDS[operator]
        wraps = " nsw" * (kind is I64 and word in ("add", "sub", "mul"))
        return self.let(kind, f"{word}{wraps} {kind.llvm} {a.text}, {b.text}")

    def divided(self, a: Value, b: Value, *, whole: bool) -> Value:
        """Return the quotient rounded down, or what remains."""
        kind = a.kind.llvm
        quotient = self.let(a.kind, f"sdiv {kind} {a.text}, {b.text}").text
        rest = self.let(a.kind, f"srem {kind} {a.text}, {b.text}").text
        signs = self.let(a.kind, f"xor {kind} {rest}, {b.text}").text
        some = self.let(BOOL, f"icmp ne {kind} {rest}, 0").text
        differ = self.let(BOOL, f"icmp slt {kind} {signs}, 0").text
        beyond = self.let(BOOL, f"and i1 {some}, {differ}").text
        off = self.let(a.kind, f"select i1 {beyond}, {kind} {-1 if whole else b.text}, {kind} 0").text
        return self.let(a.kind, f"add {kind} {quotient if whole else rest}, {off}")

    def of_Compare(self, at: ast.Compare) -> Value:
        (operator,), (right,) = at.ops, at.comparators
        return self.compared(ORDERS[type(operator)], *self.alike(self.value(at.left), self.value(right)))

    def compared(self, order: str, a: Value, b: Value) -> Value:
        if a.kind.floats:
            word = f"fcmp {'une' if order == 'ne' else 'o' + order}"
        else:
            word = f"icmp {order if order in ('eq', 'ne') else 'us'[a.kind.signed] + order}"
        return self.let(BOOL, f"{word} {a.kind.llvm} {a.text}, {b.text}")

    def of_BoolOp(self, at: ast.BoolOp) -> Value:
        first, *rest = at.values
        both = isinstance(at.op, ast.And)
        if rest:
            more = ast.BoolOp(at.op, rest)
            return self.chosen(self.truth(first), *((more, both) if both else (both is False, more)))
        return self.truth(first)

    def of_IfExp(self, at: ast.IfExp) -> Value:
        return self.chosen(self.truth(at.test), at.body, at.orelse)

    def chosen(self, condition: Value, then: Any, otherwise: Any) -> Value:
        """Return one of two expressions, of which only that one is computed."""
        labels, after, place, kind = (self.label(), self.label()), self.label(), "", NOTHING.kind
        self.branch(condition, *labels)
        for label, expression in zip(labels, (then, otherwise), strict=True):
            self.begin(label)
            value = self.value(expression) if isinstance(expression, ast.expr) else self.constant(expression)
            if not place:
                kind, place = value.kind, self.room(value.kind)
            self.store(place, self.cast(value, kind) if value.literal is not None else value, kind)
            self.end(f"br label %{after}")
        self.begin(after)
        return self.let(kind, f"load {kind.llvm}, ptr {place}")

    def of_Call(self, at: ast.Call) -> Value:
        arguments = at.args
        if isinstance(at.func, ast.Attribute):
            return self.intrinsic(at.func.attr, self.value(arguments[0]))
        assert isinstance(at.func, ast.Name)
        name, kind = at.func.id, self.kind_named(at.func.id)
        if kind is not None:
            return self.cast(self.value(arguments[0]), kind)
        if name in INSTRUCTIONS:
            return INSTRUCTIONS[name](self, *arguments)
        values = [self.value(argument) for argument in arguments]
        called, returned = self.module.function(name, tuple(value.kind for value in values))
        given = ", ".join(f"{value.kind.llvm} {value.text}" for value in values)
        flags = f"{self.flags} " if returned.floats else ""
        return self.let(returned, f"call {flags}{returned.llvm} @{called}({given})")

    def kind_named(self, name: str) -> Type | None:
        """Return the type that a name of the module means."""
        named = self.module.constants.get(name)
        return TYPES[numpy.dtype(named).name] if isinstance(named, type) else None

    def intrinsic(self, name: str, *values: Value) -> Value:
        """Return the result of a function of numbers that LLVM has."""
        kind = values[0].kind
        called = f"llvm.{name}.f{kind.bits}"
        self.module.declared[called] = kind.llvm, ", ".join(kind.llvm for _ in values)
        given = ", ".join(f"{kind.llvm} {value.text}" for value in values)
        return self.let(kind, f"call {self.flags} {kind.llvm} @{called}({given})")

    # --- types ------------------------------------------------------------------------------------------------------

    def alike(self, a: Value, b: Value) -> tuple[Value, Value]:
        """Return two values as values of one type: that of the wider, or float64 of an integer and a float."""
        if a.kind is b.kind:
            return a, b
        if a.literal is not None or b.literal is not None:
            kind = (b if a.literal is not None else a).kind
        elif a.kind.floats != b.kind.floats:
            kind = F64
        else:
            kind = max(a.kind, b.kind, key=lambda one: one.bits)
        return self.cast(a, kind), self.cast(b, kind)

    def cast(self, value: Value, kind: Type) -> Value:
        """Return a number as one of another type."""
        if value.literal is not None:
            return number(kind, value.literal)
        old = value.kind
        if old is kind or (old.llvm == kind.llvm):
            return Value(kind, value.text)
        if old.floats and kind.floats:
            word = "fpext" if kind.bits > old.bits else "fptrunc"
        elif kind.floats:
            word = "sitofp" if old.signed else "uitofp"
        elif old.floats:
            word = "fptosi" if kind.signed else "fptoui"
        else:
            word = "trunc" if kind.bits < old.bits else "sext" if old.signed else "zext"
        return self.let(kind, f"{word} {old.llvm} {value.text} to {kind.llvm}")

    # --- instructions -----------------------------------------------------------------------------------------------

    def where(self, condition: ast.expr, a: ast.expr, b: ast.expr) -> Value:
        """Return one of two values; both are computed."""
        test = self.truth(condition)
        one, other = self.alike(self.value(a), self.value(b))
        kind = one.kind
        return self.let(kind, f"select i1 {test.text}, {kind.llvm} {one.text}, {kind.llvm} {other.text}")

    def view(self, at: ast.expr, to: ast.expr) -> Value:
        """Return a number of another type with the same bits."""
        assert isinstance(to, ast.Name)
        value, kind = self.value(at), self.kind_named(to.id)
        assert kind is not None
        return self.let(kind, f"bitcast {value.kind.llvm} {value.text} to {kind.llvm}")

    def chosen_of(self, order: str, *expressions: ast.expr) -> Value:
        """Return the smaller or the larger of two integers."""
        a, b = (self.cast(self.value(at), I64).text for at in expressions)
        first = self.let(BOOL, f"icmp {order} i64 {a}, {b}")
        return self.let(I64, f"select i1 {first.text}, i64 {a}, i64 {b}")

    def size(self, at: ast.expr) -> Value:
        """Return the absolute value."""
        return self.intrinsic("fabs", self.value(at))

    def prefetch(self, writes: int, array: ast.expr, index: ast.expr) -> Value:
        """Prefetch the line of an element."""
        place = self.address(self.value(array), self.cast(self.value(index), I64))
        self.module.declared["llvm.prefetch.p0"] = "void", "ptr, i32, i32, i32"
        self.line(f"call void @llvm.prefetch.p0(ptr {place}, i32 {writes}, i32 3, i32 1)")  # data, nearest cache
        return NOTHING

    def widened(self, bits: ast.expr) -> Value:
        """Return a float32 of the bits of a float16."""
        half = self.let(F32, f"bitcast i16 {self.value(bits).text} to half")
        return self.let(F32, f"fpext half {half.text} to float")


INSTRUCTIONS: dict[str, Callable[..., Value]] = {
    "where": Body.where, "view": Body.view, "widened": Body.widened, "abs": Body.size,
    "min": lambda body, *of: body.chosen_of("slt", *of), "max": lambda body, *of: body.chosen_of("sgt", *of),
    "fetch": lambda body, *of: body.prefetch(0, *of), "claim": lambda body, *of: body.prefetch(1, *of),
}  # fmt: skip
