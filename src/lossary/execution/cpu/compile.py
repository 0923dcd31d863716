"""Compilation of a kernel's text to a C function.

``llvm.py`` translates the text to LLVM IR, and LLVM that to machine code, which is cached on disk for later processes.
The name of a cache entry is a hash of all that the machine code depends on, so that an edited formula never runs the
code of its earlier form.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import inspect
import itertools
import platform
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache as once
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from lossary.execution.cpu import cache, ir, pycall
from lossary.execution.cpu import llvm as translation
from lossary.execution.cpu.llvm import Rules, parameters, translated
from lossary.execution.cpu.lock import Lock
from lossary.execution.cpu.prelude import INLINED
from lossary.execution.cpu.sums import ANY_ORDER
from lossary.execution.cpu.text import UNROLLED
from lossary.frameworks.environment import switch

if TYPE_CHECKING:
    import llvmlite.binding as llvm

__all__ = [
    "TESTED",
    "CompiledKernel",
    "available",
    "compile_entry",
    "compile_kernel",
    "obstacle",
    "switched_off",
    "widens_halves",
]

# The versions of llvmlite, Python's LLVM, that the tests pass with: from the first on, before the second.
# pyproject.toml says the same.
TESTED = ((0, 45), (0, 51))

# Elementary functions are inlined, so that loops over them are vectorised and ``where`` selects without a branch; sums
# in any order are vectorised.
RULES = Rules(INLINED, ANY_ORDER)

ENTRY = """
define void @ENTRY(@PARAMETERS) {
  call void @KERNEL(@PARAMETERS)
  ret void
}
"""  # the C function around a kernel

CALL = "call"  # the function beside @ENTRY that Python calls: see pycall.py

LEVEL = 3  # of LLVM's optimisation; at 0, it compiles in a tenth of the time what takes many times as long
NEAR = sys.platform in ("linux", "darwin")  # code and constants are loaded close together: 32-bit addresses reach them

_C_TYPES: dict[str, type[ctypes._SimpleCData[Any]]] = {
    "uint8": ctypes.c_uint8,
    "int32": ctypes.c_int32,
    "int64": ctypes.c_int64,
    "float32": ctypes.c_float,
    "float64": ctypes.c_double,
}


class CompiledKernel(Protocol):
    """A C function that was loaded; it raises TypeError for a wrong number of arguments."""

    symbol: str  # identifies all that its machine code depends on
    addresses: dict[str, int]  # of the other functions that were compiled with it
    call: Callable[..., tuple[float, ...]]  # the kernel as a function of Python: see pycall.py

    def __call__(self, *arguments: float | None) -> None: ...


Check = Callable[[CompiledKernel], None]  # raises if the results of a new kernel are wrong

_kernels: dict[tuple[str, str, str, int], CompiledKernel] = {}
_numbers = itertools.count()
_lock = Lock()


def available() -> bool:
    """Return True if kernels can be compiled here and are not switched off."""
    return not switched_off() and not obstacle()


def switched_off() -> bool:
    """Return True if ``LOSSARY_KERNELS=0`` is set."""
    return switch("LOSSARY_KERNELS") is False


def obstacle() -> str:
    """Return the reason why no kernel can be compiled here, with the remedy; "" if they can."""
    return _untested() if _installed() else "llvmlite is not installed. Install it: pip install llvmlite."


@once
def _installed() -> bool:
    return importlib.util.find_spec("llvmlite") is not None


@once
def _untested() -> str:
    """Return the reason why this version of llvmlite is not used; "" if it is in ``TESTED``."""
    try:
        version = _versions()[1]
    except ModuleNotFoundError as problem:  # frozen programs may lack the metadata of packages
        return f"The version of llvmlite cannot be read: {problem}."
    first, beyond = (".".join(map(str, one)) for one in TESTED)
    if TESTED[0] <= tuple(map(int, re.findall(r"\d+", version)[:2])) < TESTED[1]:
        return ""
    wanted = f"llvmlite>={first},<{beyond}"
    return f'llvmlite {version} is outside the range that was tested, {wanted}. Install one: pip install "{wanted}".'


def compile_kernel(source: str, signature: str, more: str = "", check: Check | None = None) -> CompiledKernel:
    """Compile the function ``kernel`` of a module's text to a C function that runs without the GIL.

    ``signature`` has the types of its arguments, "void(CPointer(float32), int64)". ``more`` is LLVM IR of
    other functions; the addresses of those that are named @ENTRY_name are in the result's ``addresses``.
    """
    return compile_entry(source, signature, ENTRY + more, signature, check)


def compile_entry(source: str, signature: str, entry: str, outside: str, check: Check | None = None) -> CompiledKernel:
    """Compile a kernel with another C function around it: LLVM IR of @ENTRY, which calls @KERNEL.

    ``outside`` is the signature of @ENTRY. ``check`` is called with a kernel that this process has compiled; only one
    that passes is cached on disk.
    """
    name = (source, signature, entry, LEVEL)
    function = _kernels.get(name)
    if function is None:
        with _lock:
            function = _kernels.get(name) or _find(source, signature, entry, outside, check)
            _kernels[name] = function
    return function


def _find(source: str, signature: str, entry: str, outside: str, check: Check | None) -> CompiledKernel:
    """Load a kernel from the disk cache, or compile and check it."""
    key = _key(source, signature, entry)
    load: Callable[[bytes], CompiledKernel] = partial(_load, symbol=_symbol(key), signature=outside, entry=entry)
    if (code := cache.read(key)) is not None:
        with suppress(Exception):  # code that does not load is compiled again
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
    """Return the cache key: a hash of all that machine code depends on."""
    parts = (source, signature, entry, _translator(), RULES, NEAR, *_surroundings())
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@once
def _translator() -> str:
    """Return the text of the modules that translate kernels."""
    return inspect.getsource(ir) + inspect.getsource(translation)


def _surroundings() -> tuple[Any, ...]:
    """Return the versions and settings of the compiler, and the processor."""
    return (*_versions(), platform.machine(), *_processor(), LEVEL)


@once
def _versions() -> tuple[str, ...]:
    import importlib.metadata  # it loads a mail parser

    return (platform.python_version(), *map(importlib.metadata.version, ("llvmlite", "numpy")))


@once
def _processor() -> tuple[str, str]:
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features().flatten()
    return llvm.get_host_cpu_name(), features + ",-prefer-256-bit" * ("+avx512f" in features)


def widens_halves() -> bool:
    """Return True if the processor has an instruction that converts float16 to float32."""
    return platform.machine() in ("aarch64", "arm64") or "+f16c" in _processor()[1].split(",")


def _compile(source: str, signature: str, symbol: str, entry: str = ENTRY) -> bytes:
    """Return machine code that defines ``symbol``."""
    code: bytes = _machine().emit_object(_module(source, signature, symbol, entry))
    return code


def _module(source: str, signature: str, symbol: str, entry: str = ENTRY) -> llvm.ModuleRef:
    """Return an optimized LLVM module that exports ``symbol`` and names that begin with it."""
    import llvmlite.binding as llvm

    names = [f"{kind.llvm} %a{k}" for k, kind in enumerate(parameters(signature))]
    for mark, meant in (("@ENTRY", f"@{symbol}"), ("@KERNEL", "@kernel"), ("@PARAMETERS", ", ".join(names))):
        entry = entry.replace(mark, meant)
    module = llvm.parse_assembly(translated(source, signature, "kernel", RULES) + entry)
    module.triple, module.data_layout = llvm.get_process_triple(), str(_machine().target_data)
    for value in module.global_variables:
        value.linkage = "internal"
    for value in module.functions:
        if not value.is_declaration and not value.name.startswith(symbol):
            value.linkage = "internal"
    _optimize(module, unrolls=UNROLLED in source)
    return module


def _optimize(module: llvm.ModuleRef, unrolls: bool) -> None:
    """Run LLVM's passes for this processor's longest vectors.

    Unrolled loops take a quarter longer to compile. Those over a few lanes are faster so, by up to a half; those over
    blocks and rows are not.
    """
    import llvmlite.binding as llvm

    tuning = llvm.create_pipeline_tuning_options(speed_level=LEVEL)
    tuning.loop_vectorization, tuning.loop_unrolling = LEVEL > 0, unrolls
    passes = llvm.create_pass_builder(_machine(), tuning)
    passes.getModulePassManager().run(module, passes)


def _machine() -> llvm.TargetMachine:
    """Return LLVM's description of this processor."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    name, features = _processor()
    model, relocation = ("small", "pic") if NEAR else ("jitdefault", "default")
    target = llvm.Target.from_triple(llvm.get_process_triple())
    return target.create_target_machine(cpu=name, features=features, opt=LEVEL, codemodel=model, reloc=relocation)


@once
def _linker() -> llvm.orcjit.LLJIT:
    """Return the linker that loads machine code; it lives as long as the process."""
    import llvmlite.binding as llvm

    return llvm.create_lljit_compiler(_machine(), use_jit_link=NEAR, suppress_errors=True)


def _load(code: bytes, symbol: str, signature: str, entry: str = ENTRY) -> Any:
    """Load the function ``symbol``, and the addresses of others in ``entry``; raise for undefined names."""
    import llvmlite.binding as llvm

    others = re.findall(r"\ndefine [^\n]*@ENTRY_(\w+)", entry)
    builder = llvm.JITLibraryBuilder().add_object_img(code).add_current_process().export_symbol(symbol)
    for name in others:
        builder = builder.export_symbol(f"{symbol}_{name}")
    for name in re.findall(r"\ndeclare [^@]*@(Py\w+)", entry):
        builder = builder.import_symbol(name, ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value or 0)
    library = builder.link(_linker(), f"{symbol}_{next(_numbers)}")  # a name may be used once
    types = [_C_TYPES.get(kind.name, ctypes.c_void_p) for kind in parameters(signature)]
    function = _counted(types)(library[symbol])
    function.library, function.symbol = library, symbol  # the code is freed with the library
    function.addresses = {name: library[f"{symbol}_{name}"] for name in others}
    if CALL in others:
        function.call = pycall.function(function.addresses[CALL], library)
    return function


def _counted(types: Sequence[type[ctypes._SimpleCData[Any]]]) -> Any:
    """Make a type of C functions that raise TypeError for surplus arguments, which ctypes allows."""
    kind: Any = ctypes.CFUNCTYPE(None, *types)

    def call(self: object, *arguments: float | None) -> None:
        if len(arguments) != len(types):
            raise TypeError(f"a kernel takes {len(types)} arguments, {len(arguments)} were given")
        kind.__call__(self, *arguments)

    inherited = {name: getattr(kind, name) for name in ("_flags_", "_argtypes_", "_restype_")}
    return type(kind)("Kernel", (kind,), inherited | {"__call__": call})
