"""The compiler and its disk cache: right results, never stale ones, with many processes and any state of the disk."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest

import lossary
from lossary.execution.cpu import cache, safety
from lossary.execution.cpu import compile as compiling
from lossary.execution.cpu.compile import available, compile_kernel
from lossary.execution.cpu.prelude import prelude

pytestmark = pytest.mark.skipif(not available(), reason="llvmlite is not installed")

SIGNATURE = "void(CPointer(float64), int64, float64)"
TEXT = """
def double(x):
    return x + x


def kernel(values, count, shift):
    for i in range(count):
        values[i] = double(values[i]) + shift
"""

# Runs a kernel in a process of its own; says what it computed, and whether it was compiled.
PROGRAM = """
import sys
import numpy
from lossary.execution.cpu import compile as compiling

compiled, once = [], compiling._compile
compiling._compile = lambda *given: compiled.append(1) or once(*given)
values = numpy.ones(3)
compiling.compile_kernel(sys.argv[1], sys.argv[2])(values.ctypes.data, 3, 0.5)
print(values[2], bool(compiled))
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set an empty cache folder, and forget the loaded kernels."""
    monkeypatch.setenv("LOSSARY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(compiling, "_kernels", {})
    return tmp_path / "cache"


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the texts that are compiled rather than read from the disk."""
    texts: list[str] = []
    compile_text = compiling._compile

    def counted(source: str, *rest: str) -> bytes:
        texts.append(source)
        return compile_text(source, *rest)

    monkeypatch.setattr(compiling, "_compile", counted)
    return texts


def result(text: str = TEXT) -> float:
    values = numpy.ones(3)
    compile_kernel(text, SIGNATURE)(values.ctypes.data, 3, 0.5)
    return float(values[2])


def forget() -> None:
    """Forget the loaded kernels, as in a new process."""
    compiling._kernels.clear()


def start(text: str = TEXT) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, text, SIGNATURE]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return output.strip()


def test_a_kernel_computes(compilations: list[str]) -> None:
    assert result() == 2.5
    assert result() == 2.5
    assert len(compilations) == 1


def test_it_is_read_from_the_disk(compilations: list[str], folder: Path) -> None:
    assert result() == 2.5
    forget()
    assert result() == 2.5
    assert len(compilations) == 1
    assert [file.suffix for file in folder.iterdir()] == [".o"]


def test_another_process_compiles_nothing() -> None:
    assert result() == 2.5
    assert finish(start()) == "2.5 False"


@pytest.mark.parametrize("seed", ["1", "2", "3", "4"])
def test_every_process_has_one_name_for_a_kernel(seed: str) -> None:
    """Python's hashes, and with them the order of a set, differ from process to process."""
    code = "from lossary.execution.cpu.compile import _key; print(_key('text', 'void(float64)'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == compiling._key("text", "void(float64)")


def test_an_edited_text_is_compiled_anew(compilations: list[str]) -> None:
    assert result() == 2.5
    forget()
    assert result(TEXT.replace("x + x", "x * x")) == 1.5
    assert result() == 2.5
    assert len(compilations) == 2


@pytest.mark.parametrize("change", ["_translator", "_versions", "_processor", "LEVEL"])
def test_another_compiler_or_processor_compiles_anew(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result()
    before = compiling._key(TEXT, SIGNATURE)
    monkeypatch.setattr(compiling, change, 0 if change == "LEVEL" else lambda: ("another", "one"))
    assert compiling._key(TEXT, SIGNATURE) != before


def test_without_optimisation_the_numbers_are_the_same(
    compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [result()]
    monkeypatch.setattr(compiling, "LEVEL", 0)
    found.append(result())
    assert found == [2.5, 2.5]
    assert len(compilations) == 2


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flip(content: bytes) -> bytes:
    return content[:500] + bytes([content[500] ^ 1]) + content[501:]


def _empty(content: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [_cut, _flip, _empty])
def test_a_damaged_file_is_compiled_anew(
    damage: Callable[[bytes], bytes], compilations: list[str], folder: Path
) -> None:
    result()
    (file,) = folder.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    for _ in range(2):  # the second time from what the first has written
        forget()
        assert result() == 2.5
    assert len(compilations) == 2


def test_a_folder_that_cannot_be_made(folder: Path) -> None:
    folder.write_text("a file is in the way")
    assert result() == 2.5
    assert folder.read_text() == "a file is in the way"


def test_a_folder_that_is_read_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(**_: object) -> None:
        raise PermissionError(13, "Permission denied")  # (nothing is read-only to the superuser, who may run this)

    monkeypatch.setattr(tempfile, "mkstemp", denied)
    assert result() == 2.5
    assert list(folder.iterdir()) == []


def test_a_folder_of_somebody_else(compilations: list[str], folder: Path) -> None:
    """A read-only cache: its kernels are used, and others are compiled in each process."""
    result()
    (kept,) = folder.iterdir()
    folder.chmod(0o555)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("nothing is read-only to the superuser")
        for text in (TEXT, TEXT + "\n"):
            forget()
            assert result(text) == 2.5
        assert finish(start()) == "2.5 False"
        assert finish(start(TEXT + "\n")) == "2.5 True"
        assert list(folder.iterdir()) == [kept]
        assert len(compilations) == 2
    finally:
        folder.chmod(0o755)


def test_a_disk_that_fills_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert result() == 2.5
    assert list(folder.iterdir()) == []


def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("LOSSARY_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    assert result() == 2.5


@pytest.mark.parametrize("damaged", [False, True])
def test_processes_at_once(damaged: bool, folder: Path) -> None:
    """All begin with no file, or with half of one, and leave a whole one."""
    if damaged:
        result()
        (file,) = folder.iterdir()
        file.write_bytes(_cut(file.read_bytes()))
    processes = [start() for _ in range(3)]
    assert {finish(process).split()[0] for process in processes} == {"2.5"}
    assert [file.suffix for file in folder.iterdir()] == [".o"]
    assert finish(start()) == "2.5 False"


def test_many_threads_at_once(compilations: list[str]) -> None:
    results: list[float] = []
    threads = [threading.Thread(target=lambda: results.append(result())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [2.5] * 8
    assert len(compilations) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_after_a_fork() -> None:
    result()
    held, released = threading.Event(), threading.Event()

    def compile_for_long() -> None:
        with compiling._lock:
            held.set()
            released.wait()

    thread = threading.Thread(target=compile_for_long)
    thread.start()
    held.wait()
    child = os.fork()
    if child == 0:
        os._exit(0 if result(TEXT + "\n") == 2.5 else 1)
    released.set()
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_kernel_that_calls_the_mathematics_library(folder: Path) -> None:
    text = prelude("float64") + textwrap.dedent("""
        def kernel(values, count, shift):
            for i in range(count):
                values[i] = power(values[i] + shift, number(3)) + sin(shift)
    """)
    assert result(text) == pytest.approx(1.5**3 + numpy.sin(0.5), rel=1e-15)
    assert finish(start(text)).endswith("False")


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64", "aarch64", "arm64"), reason="no such instruction")
def test_kernels_ask_for_memory_ahead() -> None:
    """Arrays that are read and arrays that are written are prefetched by different instructions."""
    text = "def kernel(a, b):\n    fetch(a, 32)\n    claim(b, 64)\n    b[0] = a[0]\n"
    module = compiling._module("\n" + text, "void(CPointer(float32), CPointer(float32))", "asking")
    code = compiling._machine().emit_assembly(module)
    assert len(re.findall(r"\bprefetch|\bprfm", code)) == 2


def test_a_kernel_that_could_raise_is_refused() -> None:
    text = "def kernel(values, count, shift):\n    if count > 2:\n        raise ValueError('no')\n"
    with pytest.raises(NotImplementedError, match="a kernel cannot have raise ValueError"):
        compile_kernel(text, SIGNATURE)


def test_names_that_nobody_defines_raise() -> None:
    text = "def kernel(values, count, shift):\n    values[0] = {}\n"
    for wrong, problem in (("numbers", NameError), ("cosh(shift)", NameError), ("shift.real", NotImplementedError)):
        with pytest.raises(problem, match=r"a kernel (has no|cannot have)"):
            compile_kernel(text.format(wrong), SIGNATURE)


def test_a_variable_has_one_type() -> None:
    text = "def kernel(values, count, shift):\n    x = shift\n    x = count\n    values[0] = x\n"
    with pytest.raises(TypeError, match="x is a float64, and cannot become a int64"):
        compile_kernel(text, SIGNATURE)


@pytest.mark.parametrize(("a", "b"), [(7, 2), (-7, 2), (7, -2), (-7, -2), (6, 3), (-6, 3), (0, 5)])
def test_whole_numbers_are_divided_as_in_python(a: int, b: int) -> None:
    text = "def kernel(values, a, b):\n    values[0] = a // b\n    values[1] = a % b\n"
    values = numpy.zeros(2)
    compile_kernel(text, "void(CPointer(float64), int64, int64)")(values.ctypes.data, a, b)
    assert values.tolist() == [*divmod(a, b)]


def test_all_that_a_text_may_have() -> None:
    text = textwrap.dedent("""
        from numpy import float32, float64, int64

        def halved(x):
            return x / 2.0 if x > 1.0 else x

        def kernel(values, count, shift):
            k = 0
            while k < count:
                if (0 < k < 3) & (not k == 2):
                    values[k] += -shift
                else:
                    values[k] = halved(values[k] * 4.0)
                k += 1
            for i in range(1, count, 2):
                values[i] = values[i] * max(i, 2) + float64(float32(0.1)) + abs(values[0]) ** 2 + int64(2.9)
    """)
    values, expected = numpy.arange(6.0), numpy.arange(6.0)
    compile_kernel(text, SIGNATURE)(values.ctypes.data, 6, 0.5)
    scope: dict[str, Any] = {}
    exec(text, scope)
    scope["kernel"](expected, 6, 0.5)
    numpy.testing.assert_array_equal(values, expected)


def test_without_llvm_nothing_is_available(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSARY_KERNELS", "0")
    assert not available()
    monkeypatch.delenv("LOSSARY_KERNELS")
    monkeypatch.setattr(compiling, "_installed", lambda: False)
    assert not available()


def test_the_folder_follows_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LOSSARY_CACHE_DIR")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.directory() == tmp_path / "xdg" / "lossary"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # to be ignored, says the specification
    assert cache.directory() == tmp_path / ".cache" / "lossary"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache.directory() == tmp_path / "Library" / "Caches" / "lossary"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert cache.directory() == tmp_path / "local" / "lossary"


def test_all_processes_name_a_kernel_alike() -> None:
    """Otherwise processes would not find each other's kernels."""
    code = "from lossary.execution.cpu.compile import _key; print(_key('text', 'signature'))"
    names = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "4")  # by which sets have another order
    }
    assert len(names) == 1


def made_from(make: Callable[[], object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[bool, str]:
    """Whether the loops of the kernel that a call compiles are unrolled, and its optimized LLVM IR."""
    seen: list[tuple[bool, str]] = []
    optimize = compiling._optimize

    def watched(module: Any, unrolls: bool) -> None:
        optimize(module, unrolls)
        seen.append((unrolls, str(module)))

    monkeypatch.setenv("LOSSARY_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(compiling, "_kernels", {})
    monkeypatch.setattr(compiling, "_optimize", watched)
    monkeypatch.setattr(safety, "_known", {})
    make()
    return seen[0]


def test_only_loops_over_lanes_are_unrolled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows, many = numpy.zeros((8, 3), numpy.float32), numpy.zeros((8, 300), numpy.float32)
    labels = numpy.zeros(8, int)
    softmax, huber = lossary.Loss(lossary.softmax_cross_entropy.record), lossary.Loss(lossary.huber.record)
    assert made_from(lambda: softmax(rows, labels), monkeypatch, tmp_path)[0]
    assert not made_from(lambda: softmax(many, labels), monkeypatch, tmp_path)[0]
    assert not made_from(lambda: huber(rows, rows), monkeypatch, tmp_path)[0]


def test_a_kernel_is_compiled_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Both functions around it call it; inlined, a small one would be there twice."""
    x = numpy.zeros(8, numpy.float32)
    loss = lossary.Loss(lossary.squared_error.record)
    _, text = made_from(lambda: loss.value_and_gradient(x, x), monkeypatch, tmp_path)
    assert len(re.findall(r"call [a-z ]*void @kernel\(", text)) == 2
