"""Translation of a kernel's text to LLVM IR.

The text is a module of Python: constants, functions, and the function ``kernel``. Functions hold assignments, loops
over ``range``, ``while``, ``if``, ``return`` and calls. The types of all values follow from those of the kernel's
arguments; a function is translated once for each combination of types that it is called with. A variable has one type.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy

from lossary.execution.cpu.ir import BOOL, I64, NOTHING, TYPES, Code, Type, Value, literal, number, pointer

__all__ = ["Rules", "parameters", "translated"]

WORDS: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.LShift: "shl", ast.RShift: "shr",
    ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor",
}  # fmt: skip
ORDERS: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
}  # fmt: skip
# Names that a kernel's text may call beside its own functions and types.
INSTRUCTIONS: dict[str, Callable[..., Value]] = {
    "where": Code.selected, "abs": lambda code, x: code.called("fabs", x), "widened": Code.widened,
    "min": lambda code, a, b: code.selected(code.compared("lt", a, b), a, b),
    "max": lambda code, a, b: code.selected(code.compared("gt", a, b), a, b),
    "fetch": lambda code, array, at: code.prefetched(False, array, at),
    "claim": lambda code, array, at: code.prefetched(True, array, at),
}  # fmt: skip
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
    head, start, body = source.rpartition("def kernel(")
    functions, constants = _parsed(head)
    (kernel,) = ast.parse(start + body).body
    assert isinstance(kernel, ast.FunctionDef)
    module = Module(functions | {"kernel": kernel}, constants, rules)
    module.function("kernel", parameters(signature), name)
    return "\n".join([*module.declared.values(), *module.done])


def parameters(signature: str) -> tuple[Type, ...]:
    """Return the types in a signature."""
    names = signature.removeprefix("void(").removesuffix(")").replace(" ", "").split(",")
    return tuple(
        pointer(TYPES[name[len("CPointer(") : -1]]) if name.startswith("CPointer(") else TYPES[name] for name in names
    )


@cache
def _parsed(head: str) -> tuple[dict[str, ast.FunctionDef], dict[str, Any]]:
    """Return the functions and the constants of a text; many kernels share them."""
    tree = ast.parse(head)
    functions = {part.name: part for part in tree.body if isinstance(part, ast.FunctionDef)}
    tree.body = [part for part in tree.body if not isinstance(part, ast.FunctionDef)]
    constants: dict[str, Any] = {}
    exec(compile(tree, "<lossary kernel>", "exec"), constants)
    return functions, constants


@dataclass
class Module:
    """Functions and constants of a kernel's text, and what has been translated."""

    functions: dict[str, ast.FunctionDef]
    constants: dict[str, Any]
    rules: Rules
    known: dict[tuple[str, tuple[Type, ...]], tuple[str, Type]] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def function(self, name: str, kinds: tuple[Type, ...], called: str = "") -> tuple[str, Type]:
        """Translate a function for arguments of some types; return its name in LLVM and the type of its result."""
        if (name, kinds) not in self.known:
            called = called or f"{name}.{len(self.known)}"
            text, returned = Translation(self, self.functions[name], kinds).written(called)
            self.known[name, kinds] = called, returned
            self.done.append(text)
        return self.known[name, kinds]

    def type_named(self, name: str) -> Type | None:
        """Return the type of numbers that a name stands for."""
        named = self.constants.get(name)
        return TYPES[numpy.dtype(named).name] if isinstance(named, type) else None


class Translation:
    """A function as LLVM IR, made statement by statement."""

    def __init__(self, module: Module, function: ast.FunctionDef, kinds: Sequence[Type]) -> None:
        free = f"reassoc {FREE}" if function.name in module.rules.any_order else FREE
        self.module, self.function, self.code = module, function, Code(free, module.declared)
        self.variables: dict[str, tuple[Type, str]] = {}
        self.returned = NOTHING.kind
        self.arguments = [Value(kind, f"%{at.arg}") for at, kind in zip(function.args.args, kinds, strict=True)]

    def written(self, name: str) -> tuple[str, Type]:
        """Return the function's definition, and the type of its result."""
        for value in self.arguments:
            self.keep(value.text[1:], value)
        self.block(self.function.body)
        self.code.end("ret void")
        takes = ", ".join(f"{value.kind.llvm} {value.text}" for value in self.arguments)
        head = f"define internal {self.returned.llvm} @{name}({takes}){self.placing()} {{"
        return "\n".join([head, *self.code.places, *self.code.lines, "}"]), self.returned

    def placing(self) -> str:
        """Return LLVM's attribute that inlines a function, or keeps the kernel, which two others call, from it."""
        inlined = " alwaysinline" * (self.function.name in self.module.rules.inlined)
        return " noinline" if self.function.name == "kernel" else inlined

    def keep(self, name: str, value: Value) -> None:
        """Assign to a variable."""
        kind, place = self.variables.get(name) or (value.kind, self.code.place(value.kind))
        if value.kind is not kind and value.literal is None:
            raise TypeError(f"{name} is a {kind.name}, and cannot become a {value.kind.name}")
        self.variables[name] = kind, place
        self.code.store(kind, place, value)

    # --- statements -------------------------------------------------------------------------------------------------

    def block(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, at: ast.stmt) -> None:
        match at:
            case ast.Expr(ast.Constant()):
                pass  # a docstring
            case ast.Expr(value):
                self.value(value)
            case ast.Assign(targets, value):
                self.assign(targets, self.value(value))
            case ast.AugAssign(target, operator, value):
                self.assign([target], self.value(ast.BinOp(target, operator, value)))
            case ast.Return(value):
                result = self.value(value) if value else NOTHING
                self.returned = result.kind
                self.code.end(f"ret {result.kind.llvm} {result.text}")
            case ast.If(test, body, orelse):
                self.choose(self.truth(test), lambda: self.block(body), lambda: self.block(orelse))
            case ast.While(test, body):
                self.loop(lambda: self.truth(test), lambda: self.block(body))
            case ast.For(ast.Name(name), ast.Call(ast.Name("range"), bounds), body):
                self.count(name, [self.code.cast(self.value(bound), I64) for bound in bounds], body)
            case _:
                raise NotImplementedError(f"a kernel cannot have {ast.unparse(at)}")

    def assign(self, targets: Sequence[ast.expr], value: Value) -> None:
        for target in targets:
            if isinstance(target, ast.Name):
                self.keep(target.id, value)
            else:
                self.code.store(*self.element(target), value)

    def choose(self, condition: Value, then: Callable[[], None], otherwise: Callable[[], None]) -> None:
        """Do one of two things."""
        one, other, after = self.code.labels(3)
        self.code.branch(condition, one, other)
        for label, do in ((one, then), (other, otherwise)):
            self.code.begin(label)
            do()
            self.code.end(f"br label %{after}")
        self.code.begin(after)

    def loop(self, goes_on: Callable[[], Value], run: Callable[[], None]) -> None:
        head, body, after = self.code.labels(3)
        self.code.begin(head)
        self.code.branch(goes_on(), body, after)
        self.code.begin(body)
        run()
        self.code.end(f"br label %{head}")
        self.code.begin(after)

    def count(self, name: str, bounds: Sequence[Value], body: Sequence[ast.stmt]) -> None:
        """Run statements for each number of a range upwards."""
        start, stop, *more = bounds if len(bounds) > 1 else (literal(0), *bounds)
        step, place = (more or [literal(1)])[0], self.code.place(I64)
        self.code.store(I64, place, start)

        def goes_on() -> Value:
            now = self.code.load(I64, place)
            self.keep(name, now)
            return self.code.compared("lt", now, stop)

        def run() -> None:
            self.block(body)
            self.code.store(I64, place, self.code.combined("add", self.code.load(I64, place), step))

        self.loop(goes_on, run)

    # --- expressions ------------------------------------------------------------------------------------------------

    def truth(self, at: ast.expr) -> Value:
        return self.code.truth(self.value(at))

    def value(self, at: ast.expr) -> Value:
        match at:
            case ast.Constant(value):
                return self.constant(value)
            case ast.Name(name):
                return self.named(name)
            case ast.Subscript():
                return self.code.load(*self.element(at))
            case ast.UnaryOp(operator, operand):
                change = self.code.negative if isinstance(operator, ast.USub) else self.code.inverted
                return change(self.value(operand))
            case ast.BinOp(left, word, right):
                return self.combined(word, self.value(left), self.value(right))
            case ast.Compare(left, orders, others):
                return self.compared(self.value(left), orders, [self.value(other) for other in others])
            case ast.IfExp(test, body, orelse):
                return self.chosen(self.truth(test), body, orelse)
            case ast.Call(ast.Attribute(_, name), [argument]):  # numpy.sqrt
                return self.code.called(name, self.value(argument))
            case ast.Call(ast.Name(name), arguments):
                return self.called(name, arguments)
            case _:
                raise NotImplementedError(f"a kernel cannot have {ast.unparse(at)}")

    def constant(self, value: Any) -> Value:
        if isinstance(value, bool):
            return Value(BOOL, str(value).lower())
        if isinstance(value, int):
            return literal(value)
        return number(TYPES[numpy.asarray(value).dtype.name], value)

    def named(self, name: str) -> Value:
        if name in self.variables:
            return self.code.load(*self.variables[name])
        if name not in self.module.constants:
            raise NameError(f"a kernel has no {name}")
        return self.constant(self.module.constants[name])

    def element(self, at: ast.expr) -> tuple[Type, str]:
        """Return the type and the address of an element of an array."""
        assert isinstance(at, ast.Subscript)
        return self.code.element(self.value(at.value), self.value(at.slice))

    def combined(self, operator: ast.operator, a: Value, b: Value) -> Value:
        a, b = self.code.alike(a, b)
        if isinstance(operator, ast.Pow):
            return self.code.called("pow", a, b)
        if isinstance(operator, ast.FloorDiv | ast.Mod):
            whole = self.code.divided(a, b)
            of_whole = self.code.combined("mul", whole, b)
            return whole if isinstance(operator, ast.FloorDiv) else self.code.combined("sub", a, of_whole)
        return self.code.combined(WORDS[type(operator)], a, b)

    def compared(self, first: Value, orders: Sequence[ast.cmpop], others: Sequence[Value]) -> Value:
        """Return a comparison, or several that must all hold, as in a < b < c."""
        pairs = zip((first, *others), others, orders, strict=False)
        holds = [self.code.compared(ORDERS[type(order)], a, b) for a, b, order in pairs]
        for one in holds[1:]:
            holds[0] = self.code.combined("and", holds[0], one)
        return holds[0]

    def chosen(self, condition: Value, then: ast.expr, otherwise: ast.expr) -> Value:
        """Return one of two expressions; only that one is computed."""
        places: list[tuple[Type, str]] = []

        def keep(at: ast.expr) -> Callable[[], None]:
            def do() -> None:
                value = self.value(at)
                if not places:
                    places.append((value.kind, self.code.place(value.kind)))
                self.code.store(*places[0], value)

            return do

        self.choose(condition, keep(then), keep(otherwise))
        return self.code.load(*places[0])

    def called(self, name: str, arguments: Sequence[ast.expr]) -> Value:
        kind = self.module.type_named(name)
        if kind is not None:
            return self.code.cast(self.value(arguments[0]), kind)
        if name == "view":  # the same bits as another type
            number_of, of_type = arguments
            named = self.module.type_named(ast.unparse(of_type))
            assert named is not None
            return self.code.same_bits(self.value(number_of), named)
        values = [self.value(argument) for argument in arguments]
        if name in INSTRUCTIONS:
            return INSTRUCTIONS[name](self.code, *values)
        if name not in self.module.functions:
            raise NameError(f"a kernel has no {name}")
        called, returned = self.module.function(name, tuple(value.kind for value in values))
        given = ", ".join(f"{value.kind.llvm} {value.text}" for value in values)
        free = f"{self.code.flags} " if returned.floats else ""
        return self.code.let(returned, f"call {free}{returned.llvm} @{called}({given})")
