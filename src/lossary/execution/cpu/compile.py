"""From a kernel's text to a C function.

Numba turns the text into LLVM's language, and LLVM into machine code, which is kept on disk. It is loaded again
without Numba, which takes longer to import than a kernel takes to run. The name of what is kept is a hash of all that
the machine code depends on, so that a formula that was edited never meets the code of what it was.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import inspect
import itertools
import os
import platform
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache as once
from functools import partial
from types import FunctionType
from typing import Any

from lossary.execution.cpu import cache, intrinsics, pycall
from lossary.execution.cpu.functions import INLINED
from lossary.execution.cpu.lock import Lock
from lossary.execution.cpu.sums import ANY_ORDER

__all__ = ["TESTED", "available", "compile_entry", "compile_kernel", "obstacle", "switched_off", "widens_halves"]

# The versions of Numba that the tests pass with: from the first on, before the second. pyproject.toml says the same.
TESTED = ((0, 62), (0, 69))

# No checks of divisors, and a * b + c in one step: the loops become vector instructions. Nothing else of what fast
# mathematics allows is wanted, as NaN, infinities and exact differences must survive.
# What is allowed stands in mappings, as sets are written in another order by each process: the key of a kernel is text.
OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract": True}}

# What is called by kernels alone needs no ways in from Python and C, which take as long to compile as itself.
INSIDE = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

# Words become part of the kernel, and of its vector instructions; a choice then is one of values, not a branch.
SPECIAL: dict[str, dict[str, Any]] = {name: {"forceinline": True} for name in INLINED}
# What may be computed in any order is added up in the lanes of a vector.
SPECIAL |= {name: {"fastmath": {"contract": True, "reassoc": True}} for name in ANY_ORDER}

# The C function @ENTRY: what Numba makes, @KERNEL, returns its result and an exception through two pointers more.
# Nothing of ``raised`` is left once LLVM has seen that a kernel raises none.
ENTRY = """
declare void @raised()

define void @ENTRY(@PARAMETERS) {
  %result = alloca ptr
  %exception = alloca ptr
  %status = call i32 @KERNEL(ptr %result, ptr %exception, @PARAMETERS)
  %failed = icmp ne i32 %status, 0
  br i1 %failed, label %report, label %done
report:
  call void @raised()
  ret void
done:
  ret void
}
"""

CALL = "call"  # the other function that Python may call

NEAR = sys.platform in ("linux", "darwin")  # there, code and constants are loaded side by side: short addresses will do

_C_TYPES = {
    "uint8": ctypes.c_uint8,
    "int32": ctypes.c_int32,
    "int64": ctypes.c_int64,
    "float32": ctypes.c_float,
    "float64": ctypes.c_double,
}
_LLVM_TYPES = {"uint8": "i8", "int32": "i32", "int64": "i64", "float32": "float", "float64": "double"}

Check = Callable[[Any], None]  # of a new function; raises if its results are wrong

_kernels: dict[tuple[str, str, str], Any] = {}
_numbers = itertools.count()
_lock = Lock()


def available() -> bool:
    """Return True if kernels can be compiled here and are not switched off."""
    return not switched_off() and not obstacle()


def switched_off() -> bool:
    """Return True if ``LOSSARY_KERNELS=0`` or Numba's ``NUMBA_DISABLE_JIT=1`` is set."""
    return os.environ.get("LOSSARY_KERNELS") == "0" or os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def obstacle() -> str:
    """Say why no kernel can be compiled here, and the remedy; "" if they can."""
    return _untested() if _installed() else "Numba is not installed. Install it: pip install numba."


@once
def _installed() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("numba", "llvmlite"))


@once
def _untested() -> str:
    """Say that this version of Numba lies outside ``TESTED``; "" if it lies inside."""
    try:
        version = _versions()[1]
    except ModuleNotFoundError as problem:  # of what describes a package, as programs in one file may lack it
        return f"The version of Numba cannot be read: {problem}."
    first, beyond = (".".join(map(str, one)) for one in TESTED)
    if TESTED[0] <= tuple(map(int, re.findall(r"\d+", version)[:2])) < TESTED[1]:
        return ""
    wanted = f"numba>={first},<{beyond}"
    return f'Numba {version} is outside the range that was tested, {wanted}. Install one of it: pip install "{wanted}".'


def compile_kernel(source: str, signature: str, more: str = "", check: Check | None = None) -> Any:
    """The function ``kernel`` of a module's text, as a C function that runs without the interpreter's lock.

    ``signature`` is Numba's, "void(CPointer(float32), int64)"; pointers are passed as whole numbers. The text is a
    whole module: its other functions become part of the kernel. ``more`` is LLVM's text of other functions beside it;
    of @ENTRY_name there, the address is in the result's ``addresses``.
    """
    return compile_entry(source, signature, ENTRY + more, signature, check)


def compile_entry(source: str, signature: str, entry: str, outside: str, check: Check | None = None) -> Any:
    """Another C function around such a kernel: LLVM's text of @ENTRY, which calls @KERNEL.

    ``outside`` is its own signature, and its ``symbol`` a name for all that its machine code depends on. ``check`` is
    called with a function that was compiled by this process; only what passes is kept on disk.
    """
    name = (source, signature, entry)
    function = _kernels.get(name)
    if function is None:
        with _lock:
            function = _kernels.get(name) or _find(*name, outside, check)
            _kernels[name] = function
    return function


def _find(source: str, signature: str, entry: str, outside: str, check: Check | None) -> Any:
    """The function from the disk, where it lies only if it passed its check; else compiled."""
    key = _key(source, signature, entry)
    others = re.findall(r"\ndefine [^\n]*@ENTRY_(\w+)", entry)
    load = partial(_load, symbol=_symbol(key), signature=outside, others=others)
    if (code := cache.read(key)) is not None:
        with suppress(Exception):  # code that does not load is compiled anew
            return load(code)
    code = _compile(source, signature, _symbol(key), entry)
    function = load(code)
    if check is not None:
        check(function)
    cache.write(key, code)
    return function


def _symbol(key: str) -> str:
    return f"lossary_{key[:32]}"


def _key(source: str, signature: str, entry: str = ENTRY) -> str:
    """A name for all that machine code depends on."""
    words = inspect.getsource(intrinsics)
    parts = (source, signature, entry, words, sorted(OPTIONS.items()), sorted(SPECIAL.items()), NEAR, *_surroundings())
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _surroundings() -> tuple[Any, ...]:
    """The compiler, its settings and the processor."""
    settings = sorted(item for item in os.environ.items() if item[0].startswith("NUMBA_"))
    return (*_versions(), *settings, platform.machine(), *_processor())


@once
def _versions() -> tuple[str, ...]:
    import importlib.metadata  # it loads a mail parser

    return (platform.python_version(), *map(importlib.metadata.version, ("numba", "llvmlite", "numpy")))


@once
def _processor() -> tuple[str, str]:
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features().flatten()
    return llvm.get_host_cpu_name(), features + ",-prefer-256-bit" * ("+avx512f" in features)


def widens_halves() -> bool:
    """Whether the processor has an instruction that makes a float32 of a float16."""
    return platform.machine() in ("aarch64", "arm64") or "+f16c" in _processor()[1].split(",")


def _compile(source: str, signature: str, symbol: str, entry: str = ENTRY) -> bytes:
    """Machine code that defines ``symbol``."""
    code: bytes = _machine().emit_object(_module(source, signature, symbol, entry))
    return code


def _module(source: str, signature: str, symbol: str, entry: str = ENTRY) -> Any:
    """LLVM's module that defines ``symbol``, and shows nothing else."""
    import llvmlite.binding as llvm

    text, function = _intermediate(source, signature)
    names = [f"{_kind(name, _LLVM_TYPES, 'ptr')} %a{k}" for k, name in enumerate(_parameters(signature))]
    for mark, meant in (("@ENTRY", f"@{symbol}"), ("@KERNEL", f"@{function}"), ("@PARAMETERS", ", ".join(names))):
        entry = entry.replace(mark, meant)
    known = re.findall(r"\ndeclare [^\n]*@(\w+)", text)
    entry = re.sub(rf"\ndeclare [^\n]*@({'|'.join(known)})\([^\n]*", "", entry)  # a function is declared once
    module = llvm.parse_assembly(text + entry)
    for value in (*module.functions, *module.global_variables):
        if not value.is_declaration and not value.name.startswith(symbol):
            value.linkage = "internal"
    _optimize(module)
    if "raised" in {value.name for value in module.functions}:
        raise NotImplementedError("a kernel must not raise exceptions or call back into Python")
    return module


def _optimize(module: Any) -> None:
    """All that LLVM knows, for this processor's longest vectors, which Numba would not use."""
    import llvmlite.binding as llvm

    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = True
    passes = llvm.create_pass_builder(_machine(), tuning)
    passes.getModulePassManager().run(module, passes)


@contextmanager
def _unoptimized() -> Iterator[None]:
    """While Numba compiles, its optimizing is ours to do. Nothing else is compiled in the meantime."""
    from numba.core import config as numba_config
    from numba.core.compiler_lock import global_compiler_lock

    config: Any = numba_config
    with global_compiler_lock:
        level, config.OPT = config.OPT, type(config.OPT)(0)
        try:
            yield
        finally:
            config.OPT = level


@once
def _functions(source: str) -> dict[str, Any]:
    """What a module defines before its kernel: kernels that begin alike share the functions, types found once."""
    from numba import njit

    module: dict[str, Any] = {"__name__": "lossary_kernel"}
    exec(compile(source, "<lossary kernel>", "exec"), module)
    module |= intrinsics.words()
    for name, value in module.items():
        if isinstance(value, FunctionType):
            module[name] = njit(**OPTIONS | INSIDE | SPECIAL.get(name, {}))(value)
    return module


def _intermediate(source: str, signature: str) -> tuple[str, str]:
    """A kernel's text in LLVM's language, and the name of its function there."""
    from numba import cfunc

    head, start, body = source.rpartition("\ndef kernel(")
    module = dict(_functions(head))
    exec(compile(start + body, "<lossary kernel>", "exec"), module)
    kernel = module.pop("kernel")
    with _unoptimized():
        compiled = cfunc(signature, **OPTIONS)(kernel)
    # Numba's own entry reports exceptions to Python; a kernel raises none, and must not refer to Numba.
    text = re.sub(r"\ndefine [^\n]*@\"?cfunc\..*?\n}\n", "\n", compiled.inspect_llvm(), flags=re.DOTALL)
    return text, compiled.native_name.removeprefix("cfunc.")


def _parameters(signature: str) -> list[str]:
    """The types that a signature lists."""
    return re.findall(r"CPointer\(\w+\)|\w+", signature.removeprefix("void"))


def _kind(name: str, table: dict[str, Any], pointer: Any) -> Any:
    return pointer if name.startswith("CPointer") else table[name]


def _machine() -> Any:
    """This processor, as LLVM sees it."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    name, features = _processor()
    model, relocation = ("small", "pic") if NEAR else ("jitdefault", "default")
    target = llvm.Target.from_triple(llvm.get_process_triple())
    return target.create_target_machine(cpu=name, features=features, opt=3, codemodel=model, reloc=relocation)


@once
def _linker() -> Any:
    """What loads machine code into this process; it lives as long as the process."""
    import llvmlite.binding as llvm

    return llvm.create_lljit_compiler(_machine(), use_jit_link=NEAR, suppress_errors=True)


def _load(code: bytes, symbol: str, signature: str, others: Sequence[str] = ()) -> Any:
    """The function ``symbol`` of machine code, and others' addresses. Names that nobody defines raise here."""
    import llvmlite.binding as llvm

    builder = llvm.JITLibraryBuilder().add_object_img(code).add_current_process().export_symbol(symbol)
    for name in others:
        builder = builder.export_symbol(f"{symbol}_{name}")
    for name, address in pycall.imports().items() if CALL in others else ():
        builder = builder.import_symbol(name, address)
    library = builder.link(_linker(), f"{symbol}_{next(_numbers)}")  # a name may be used once
    types = [_kind(name, _C_TYPES, ctypes.c_void_p) for name in _parameters(signature)]
    function = _counted(len(types), ctypes.CFUNCTYPE(None, *types))(library[symbol])
    function.library, function.symbol = library, symbol  # the code is freed with the library
    function.addresses = {name: library[f"{symbol}_{name}"] for name in others}
    if CALL in others:
        function.call = pycall.function(function.addresses[CALL], library)
    return function


def _counted(count: int, kind: Any) -> Any:
    """A type of C functions that raises TypeError unless it is called with ``count`` arguments; ctypes allows more."""

    def call(self: Any, *arguments: Any) -> Any:
        if len(arguments) != count:
            raise TypeError(f"a kernel takes {count} arguments, {len(arguments)} were given")
        return kind.__call__(self, *arguments)

    inherited = {name: getattr(kind, name) for name in ("_flags_", "_argtypes_", "_restype_")}
    return type(kind)("Kernel", (kind,), inherited | {"__call__": call})
