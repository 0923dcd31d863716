"""Kernels without a GPU: all run in Triton's interpreter; the text of those of rows, and compiled by Triton."""

from __future__ import annotations

import importlib.util
import inspect
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import lossary
from device import pass_in_the_interpreter
from lossary.catalogue.record import Record
from lossary.contract.call import prepare
from lossary.execution import engine
from lossary.execution.gpu import kernels, launch, layout, row_pass, rows
from lossary.execution.gpu.tiles import HELD, Tile, tile
from lossary.execution.plans import Plans
from lossary.frameworks import torch_eager
from representatives import REPRESENTATIVES
from samples import arguments

pytestmark = pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="Triton is not installed")

TESTS = [Path(__file__).with_name(name) for name in ("test_pointwise.py", "test_rows.py", "test_scores.py")]
LOSS = lossary.softmax_cross_entropy
TYPES = {torch.float32: "*fp32", torch.bfloat16: "*bf16", torch.float64: "*fp64", torch.int64: "*i64"}
# Rows that fit in a program's registers, the longest of their dtype among them, and rows that do not.
SHAPES = [
    (1000, torch.float32),
    (16000, torch.float32),
    (30000, torch.float32),
    (32000, torch.bfloat16),
    (50257, torch.float32),
    (128256, torch.bfloat16),
]
shapes = pytest.mark.parametrize(("columns", "dtype"), SHAPES, ids=str)
Launch = tuple[Any, list[Any], dict[str, int]]  # a kernel, its arguments and its sizes


@pytest.mark.slow
def test_in_the_interpreter() -> None:
    pass_in_the_interpreter(*TESTS)


@pytest.fixture
def on_no_device(monkeypatch: pytest.MonkeyPatch) -> list[Launch]:
    """List the launches instead of running them."""
    launched: list[Launch] = []
    monkeypatch.setattr(Plans, "find", Plans.alone)  # those that were kept are for a CPU
    monkeypatch.setattr(torch_eager, "_now", lambda place, arrays: place == "is_cuda")
    monkeypatch.setattr(kernels, "available", lambda device: True)
    monkeypatch.setattr(kernels, "_ready", {})

    def start(launcher: launch.Launcher, given: Any) -> None:
        launched.append((launcher.kernel, given, launcher.sizes))

    monkeypatch.setattr(launch.Launcher, "start", start)
    return launched


def text(arrays: list[Tensor], wide: bool, gradient: bool = True, **options: Any) -> str:
    """Print the kernel for the value and the gradient of some arrays."""
    call = prepare(LOSS.record, tuple(arrays), options)
    work, _ = engine.work_of(call, engine.names_of(call) if gradient else ())
    return rows.body(work, row_pass._Pass(call, work).given(), wide)


def labelled(columns: int, dtype: Any) -> list[Tensor]:
    return [torch.zeros(2, columns, dtype=dtype), torch.zeros(2, dtype=torch.int64)]


# --- the text -----------------------------------------------------------------------------------------------------


def readings(code: str, name: str = "logits") -> int:
    """Count the reads of whole rows that need no second, exact sum: each has one statement with a mask."""
    kernel = re.sub(r"( +)if is_doubtful.*\n(\1 .*\n)*", "", code[code.index("def kernel") :])
    return len(re.findall(rf"tl\.load\(x_{name}_at.*mask=inside", kernel))


def writings(code: str) -> int:
    return len(re.findall(r"tl\.store\(gradient_0_at.*mask=inside", code))


@pytest.mark.usefixtures("on_no_device")
@pytest.mark.parametrize(
    ("wide", "gradient", "read", "written"),
    [(False, True, 1, 1), (False, False, 1, 0), (True, True, 2, 1), (True, False, 1, 0)],
)
def test_how_often_memory_is_touched(wide: bool, gradient: bool, read: int, written: int) -> None:
    """A row that fits is read once. Another one is read once for its sums and once for its gradient."""
    for options in ({}, {"label_smoothing": 0.1}, {"z_loss": 1e-4, "logit_cap": 30.0}, {"ignore_label": -100}):
        code = text(labelled(9, torch.bfloat16), wide, gradient, **options)
        smoothed = wide and "label_smoothing" in options  # the mean of all log-probabilities needs the sum first
        assert (readings(code), writings(code)) == (read + smoothed, written)


@pytest.mark.usefixtures("on_no_device")
@pytest.mark.parametrize("wide", [False, True])
def test_no_float64_along_the_row(wide: bool) -> None:
    """Only numbers and the sums of rows are float64."""
    for line in text(labelled(9, torch.float32), wide).splitlines():
        if "float64" in line:
            assert re.search(r"x_\w+_is|sum_0", line)


@pytest.mark.usefixtures("on_no_device")
def test_hints_to_the_caches() -> None:
    """Arrays that are read again stay in the second-level cache."""
    code = text(labelled(9, torch.float32), True)
    hints = re.findall(r'eviction_policy="(\w+)"', code)
    sums, exact, gradients = ["evict_last"] * 2, ["evict_last"] * 2, ["evict_first"] * 4  # each of two loops
    assert hints == [*sums, *exact, *gradients]


@pytest.mark.usefixtures("on_no_device")
@pytest.mark.parametrize("wide", [False, True])
def test_offsets_are_of_64_bits(wide: bool) -> None:
    """Rows are counted in 64 bits, and so are columns where they are multiplied by a stride."""
    images = torch.zeros(2, 5, 3, 4)
    code = text([images, torch.zeros(2, 3, 4, dtype=torch.int64)], wide, axis=1)
    assert re.search(r"row = .*tl\.int64", code)
    assert "outer = row // inner" in code
    assert set(re.findall(r"(\S+) \* x_logits_(\w+)", code)) == {
        ("outer", "outer"),
        ("within", "within"),
        ("j.to(tl.int64)", "step"),
        ("x_row_0.to(tl.int64)", "step"),
    }


@pytest.mark.parametrize("loss", [LOSS, lossary.squared_error], ids=lambda loss: loss.record.name)
def test_an_upstream_gradient_that_was_expected_costs_no_pass(loss: Any, on_no_device: list[Launch]) -> None:
    """The kernel copies a number and compares two before anything else."""
    prediction = torch.zeros(2, 9, requires_grad=True)
    loss(prediction, torch.zeros(2, dtype=torch.int64) if loss is LOSS else torch.zeros(2, 9)).backward()
    code = inspect.getsource(on_no_device[-1][0].fn)
    body = code[code.index("tl.constexpr):\n    ") :].splitlines()[1:]
    body = [line for line in body if "// DIVISOR" not in line]
    assert body[:2] == ["    if tl.program_id(0) == 0:", "        tl.store(copy_at, tl.load(now_at))"]
    assert body[2] == "    if tl.load(before_at) != tl.load(now_at):"
    assert all(line.startswith("        ") for line in body[3:] if line)


def test_strides() -> None:
    """The strides of a view with 2^31 elements and more between two rows, and of its label."""
    memory = torch.zeros(1).as_strided((2, 3, 5), (0, 0, 0))
    far = torch.empty(0, device="meta").as_strided((2, 3, 5), (1 << 33, 5, 1))
    whole = layout.rows_of((2, 3, 5), 2, [far])
    assert (whole.inner, whole.strides(far), whole.strides(memory)) == (3, (1 << 33, 5, 1), (0, 0, 0))
    assert layout.passed((1 << 33, 5, 1)) == [1 << 33, 5]


# --- the compiler's -----------------------------------------------------------------------------------------------


def value(columns: int, dtype: Any) -> None:
    LOSS(*labelled(columns, dtype))


def value_and_gradient(columns: int, dtype: Any) -> None:
    LOSS.value_and_gradient(*labelled(columns, dtype))


def made_anew(columns: int, dtype: Any) -> None:
    """Compute the gradient again for another upstream gradient."""
    logits, label = labelled(columns, dtype)
    LOSS(logits.requires_grad_(), label).backward()


@shapes
@pytest.mark.parametrize("call", [value, value_and_gradient, made_anew], ids=lambda call: call.__name__)
def test_compiled_for_a_gpu(
    call: Callable[[int, Any], None],
    columns: int,
    dtype: Any,
    on_no_device: list[Launch],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Compiled to machine code without local memory, and without float64 in the loops."""
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    call(columns, dtype)
    code = _compile(*next(one for one in reversed(on_no_device) if "ROWS" in one[2]))
    assert _local_bytes(code["cubin"], tmp_path) == 0
    assert len(re.findall(r"\.f64", code["ptx"])) <= 12
    if columns % 16 == 0 and dtype == torch.bfloat16:
        assert re.search(r"ld\.global\.\S*v4\.b32", code["ptx"])


RECORDS = [record for record in REPRESENTATIVES if record.kind in ("row", "softmax")]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_every_loss_compiles_block_by_block(
    record: Record, on_no_device: list[Launch], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With branches that the interpreter seldom takes."""
    monkeypatch.setattr(row_pass, "tile", lambda *_, **__: Tile(1, 4, 1, wide=True))
    given = [torch.as_tensor(array, dtype=torch.float32) for array in arguments(record, 0, (3, 7))]
    lossary.get(record.name).value_and_gradient(*given)
    assert _compile(*next(one for one in on_no_device if "ROWS" in one[2]))["cubin"]


def _compile(kernel: Any, given: list[Any], sizes: dict[str, int]) -> Any:
    """Compile a launch by Triton."""
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    fixed = [size for name, size in sizes.items() if name != "num_warps"]
    values = dict(zip(kernel.arg_names, [*given, *fixed], strict=True))
    open_to_all = {*rows.UNSPECIALIZED, "programs", *(name for name in values if name.endswith("_is"))}
    types, constants, aligned = {}, {}, {}
    for i, (name, one) in enumerate(values.items()):
        types[name] = TYPES[one.dtype] if isinstance(one, Tensor) else "i64" if name.endswith("_is") else "i32"
        if name in sizes or (not isinstance(one, Tensor) and one == 1 and name not in open_to_all):
            types[name], constants[(i,)] = "constexpr", one
        elif isinstance(one, Tensor) or (one % 16 == 0 and name not in open_to_all):
            aligned[(i,)] = [["tt.divisibility", 16]]
    source = ASTSource(fn=kernel, signature=types, constexprs=constants, attrs=aligned)
    options = {"num_warps": sizes["num_warps"], "enable_fp_fusion": True}
    return triton.compile(source, target=GPUTarget("cuda", 90, 32), options=options).asm


def _local_bytes(cubin: bytes, folder: Path) -> int:
    """Return the bytes of a thread's stack and local memory, which hold what does not fit in registers."""
    import triton

    tool = Path(triton.__file__).parent / "backends/nvidia/bin/cuobjdump"
    if not tool.exists():
        pytest.skip("this Triton brings no cuobjdump")
    path = folder / "kernel.cubin"
    path.write_bytes(cubin)
    shown = subprocess.run([str(tool), "-res-usage", str(path)], capture_output=True, text=True, check=True).stdout
    return sum(map(int, re.findall(r"(?:STACK|LOCAL):(\d+)", shown)))


ROWS = torch.zeros(2, 9)
BESIDE = torch.zeros(19)[1:].view(2, 9)  # begins beside 16 bytes
CUT = torch.zeros(2, 10)[:, :9]


@pytest.mark.parametrize(
    ("logits", "out", "vector"),
    [
        (ROWS, ROWS.clone(), 4),
        (ROWS.bfloat16(), None, 8),
        (ROWS, BESIDE, 1),
        (BESIDE, BESIDE.clone(), 1),
        (BESIDE, torch.zeros(19)[1:].view(2, 9), 1),
        (CUT, ROWS, 1),
        (torch.zeros(2, 12), torch.zeros(2, 12), 1),  # all rows begin at 16 bytes: the divisor says so
    ],
)
def test_what_is_read_at_once(
    logits: Tensor, out: Tensor | None, vector: int, on_no_device: list[Launch], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that begin anywhere are read 16 bytes at a time where those of all arrays begin alike."""
    monkeypatch.setattr(row_pass, "tile", lambda *_, **__: Tile(1, 4, 1, wide=True))
    LOSS.value_and_gradient(logits, torch.zeros(2, dtype=torch.int64), out=out)
    sizes = next(one[2] for one in on_no_device if "ROWS" in one[2])
    assert (sizes["VECTOR"], sizes["DIVISOR"]) == (vector, 4 if logits.shape[1] == 12 else 1)


# --- sizes --------------------------------------------------------------------------------------------------------


def test_tiles() -> None:
    """A program holds at most 64 numbers a thread; short rows share a program."""
    assert tile(10, 1, 4, half=False, strided=False) == Tile(64, 16, 4)
    assert tile(1000, 1, 4, half=False, strided=False) == Tile(1, 1024, 2)
    assert tile(10000, 1, 4, half=False, strided=False) == Tile(1, 16384, 16)
    assert tile(8000, 1, 4, half=True, strided=False) == Tile(1, 8192, 16)
    assert tile(32000, 1, 4, half=True, strided=False) == Tile(1, 2048, 8, wide=True, ahead=4)
    assert tile(32000, 2, 4, half=True, strided=False).wide
    assert tile(32000, 1, 4, half=False, strided=False).wide
    assert tile(128256, 1, 4, half=True, strided=False) == Tile(1, 8192, 32, wide=True, ahead=4)
    assert tile(128256, 1, 4, half=True, strided=False, gradient=False).warps == 8
    for columns in (1, 2, 3, 100, 1 << 15, 1 << 20):
        for arrays in (0, 1, 2, 3):
            found = tile(columns, arrays, 4, half=False, strided=True)
            assert found.rows * found.columns * max(1, arrays) <= HELD
            assert found.columns & (found.columns - 1) == 0
