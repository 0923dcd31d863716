"""Safe kernels: where one cannot be used or is wrong, a process warns once, and its results are right."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lossary as ls
from lossary.contract.call import prepare
from lossary.execution import engine
from lossary.execution.cpu import cache, kernels, notice, passes, safety
from lossary.execution.cpu import compile as compiling
from lossary.execution.cpu import verify as verification
from lossary.execution.cpu.compile import available
from lossary.execution.cpu.sample import samples
from lossary.execution.cpu.verify import verify
from lossary.kinds.program import Work
from samples import arguments, label_arguments

needs_kernels = pytest.mark.skipif(not available(), reason="llvmlite is not installed")

# Computes in a process of its own, and prints the results, the warnings and whether a kernel was compiled.
PROGRAM = """
import json, sys, warnings
import numpy as np, torch
{patch}
import lossary as ls
from lossary.execution.cpu import compile as compiling

compiled, once = [], compiling._compile
compiling._compile = lambda *given: compiled.append(1) or once(*given)

features, classes = torch.zeros(2, 3, requires_grad=True), torch.zeros(4, 3)
logits = torch.zeros(2, 4, requires_grad=True)
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    for _ in range(2):
        results = {{
            "huber": float(ls.huber([0.5, 3.0], [0.0, 0.0])),
            "unreduced": ls.huber([0.5, 3.0], [0.0, 0.0], reduction="none").tolist(),
            "gradient": ls.huber.value_and_gradient([0.5, 3.0], [0.0, 0.0])[1].tolist(),
            "weighted": float(ls.squared_error([1.0, 2.0], [0.0, 0.0], weight=[1.0, 3.0])),
            "dice": float(ls.dice([[1.0, 0.0]], [[1.0, 0.0]], smooth=0.0)),
            "softmax": ls.softmax_cross_entropy(logits, torch.tensor([0, 3])),
            "linear": ls.linear_cross_entropy(features, classes, torch.tensor([0, 3])),
        }}
        logits.grad = None
        results["softmax"].backward()
        results |= {{name: results[name].detach().item() for name in ("softmax", "linear")}}
        results["logits"] = logits.grad.tolist()
told = [f"{{one.category.__name__}} {{one.message}}" for one in seen]
print(json.dumps([results, told, bool(compiled)]))
"""

LOG4 = 1.3862943611198906
EXPECTED: dict[str, Any] = {
    "huber": (0.125 + 2.5) / 2,
    "unreduced": [0.125, 2.5],
    "gradient": [0.25, 0.5],
    "weighted": (1 + 3 * 4) / 4,
    "dice": 0.0,
    "softmax": LOG4,
    "linear": LOG4,
    "logits": [[-0.375, 0.125, 0.125, 0.125], [0.125, 0.125, 0.125, -0.375]],
}

RAISING = """
def fail(*_, **__):
    raise OSError("the compiler is broken")
"""
BROKEN = {
    "parser": RAISING + "import llvmlite.binding as llvm\nllvm.parse_assembly = fail",
    "linker": RAISING + "import llvmlite.binding as llvm\nllvm.create_lljit_compiler = fail",
    "processor": RAISING + "import llvmlite.binding as llvm\nllvm.get_host_cpu_features = fail",
    "import": "import sys\nsys.modules['llvmlite.binding'] = None",
}
WITHOUT = "import sys\nsys.modules['llvmlite'] = None"
OTHER_VERSION = """
import importlib.metadata as metadata
version = metadata.version
metadata.version = lambda name: "0.99.1" if name == "llvmlite" else version(name)
"""


def run(patch: str, folder: Path, **environment: str) -> Any:
    """Run a process whose code begins with ``patch``; return results, warnings, and whether it compiled a kernel."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(patch=patch)],
        capture_output=True,
        text=True,
        env=os.environ | {"LOSSARY_CACHE_DIR": str(folder)} | environment,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def assert_right(results: dict[str, Any]) -> None:
    assert results.keys() == EXPECTED.keys()
    for name, value in EXPECTED.items():
        np.testing.assert_allclose(results[name], value, rtol=1e-6, atol=1e-7, err_msg=name)


@needs_kernels
@pytest.mark.parametrize("part", BROKEN)
def test_a_compiler_that_raises_warns_once_and_results_are_right(part: str, tmp_path: Path) -> None:
    results, seen, _ = run(BROKEN[part], tmp_path)
    assert_right(results)
    assert len(seen) == 1
    assert "RuntimeWarning" in seen[0]
    assert ("llvmlite" if part == "import" else "OSError: the compiler is broken") in seen[0]
    assert "slower" in seen[0]


@pytest.mark.parametrize(
    ("patch", "says"),
    [(WITHOUT, "pip install llvmlite"), (OTHER_VERSION, 'pip install "llvmlite>=0.45,<0.51"')],
    ids=["none", "another"],
)
def test_without_a_tested_compiler_it_is_said_once(patch: str, says: str, tmp_path: Path) -> None:
    results, seen, _ = run(patch, tmp_path)
    assert_right(results)
    assert len(seen) == 1
    assert says in seen[0]
    assert "LOSSARY_KERNELS=0" in seen[0]


@pytest.mark.parametrize("patch", ["", WITHOUT], ids=["with", "without"])
def test_kernels_are_switched_off_silently(patch: str, tmp_path: Path) -> None:
    results, seen, compiled = run(patch, tmp_path, LOSSARY_KERNELS="0")
    assert_right(results)
    assert (seen, compiled) == ([], False)


@needs_kernels
def test_kernels_that_are_right_say_nothing(tmp_path: Path) -> None:
    for compiled in (True, False):  # the second process reads them from the disk, and checks none again
        results, seen, found = run("", tmp_path)
        assert_right(results)
        assert (seen, found) == ([], compiled)


def test_llvmlite_is_capped_at_what_was_tested() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wanted,) = [one for one in project["dependencies"] if one.startswith("llvmlite")]
    first, beyond = (".".join(map(str, version)) for version in compiling.TESTED)
    assert wanted.startswith(f"llvmlite>={first},<{beyond};")


# --- within this process --------------------------------------------------------------------------------------------


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Set an empty cache folder, and forget kernels and warnings, as in a new process."""
    monkeypatch.setenv("LOSSARY_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(compiling, "_kernels", {})
    monkeypatch.setattr(safety, "_known", {})
    monkeypatch.setattr(notice, "_told", set())
    monkeypatch.setattr(passes, "_passes", {})
    kernels._printed.cache_clear()
    yield tmp_path
    kernels._printed.cache_clear()


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """List the kernels that are verified."""
    seen: list[Any] = []

    def counted(*given: Any) -> None:
        seen.append(given)
        verify(*given)

    monkeypatch.setattr("lossary.execution.cpu.kernels.verify", counted)
    return seen


def call_of(name: str, dtype: Any, axis: int | None = None) -> Any:
    record, shape = ls.get(name).record, (4, 6) if axis is None else (2, 4, 6)
    given = (label_arguments if record.takes_classes else arguments)(record, seed=1, shape=shape, dtype=dtype)
    if axis is None:
        return prepare(record, tuple(given), {})
    moved = [np.ascontiguousarray(np.moveaxis(array, -1, axis)) if array.ndim == 3 else array for array in given]
    return prepare(record, tuple(moved), {"axis": axis})


def pass_of(call: Any, gradient: bool = False) -> Any:
    """Return the kernel for the sum, or for the losses and gradients; None if it is not used."""
    loss = call.program.loss
    if not gradient:
        work = Work(sums=(loss,))
    else:
        work, _ = engine.work_of(call.but(reduction="none"), engine.names_of(call))
    run = passes.pass_of(call, work)
    found = run.sized(call.shape).launch
    return found and next(iter(run._kernels.values()))


# What a compiler may get wrong, as other text: the loss, whether its gradients are computed, a part of a line, another.
WRONG = {
    "a digit": ("softmax_cross_entropy", False, "0.16666518", "0.17666518"),
    "a limit": ("sigmoid_cross_entropy", True, "    x = where(x < LOWEST, LOWEST, x)\n", ""),
    "a sum": ("squared_error", False, "for i in range(at, at + count):", "for i in range(at, at + count - 1):"),
    "a place": ("squared_error", True, "gradient_0[begin + i]", "gradient_0[begin + i - i % 2]"),
    "a factor": ("squared_error", True, "upstream * (", "(upstream + upstream) * ("),
    "a label": ("softmax_cross_entropy", True, "x__label_at[item + i]", "x__label_at[item]"),
    "a not-a-number": ("huber", False, "NOT_A_NUMBER)", "ZERO)"),
}


@needs_kernels
@pytest.mark.parametrize("part", WRONG)
def test_a_kernel_that_is_wrong_is_not_used(part: str, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, gradients, line, other = WRONG[part]
    compiled = []

    def wrong(text: str, *rest: Any) -> Any:
        compiled.append(text)
        assert line in text
        return compiling.compile_kernel(text.replace(line, other), *rest)

    monkeypatch.setattr("lossary.execution.cpu.kernels.compile_kernel", wrong)
    call = call_of(name, np.float32)
    with pytest.warns(RuntimeWarning, match=f"{name} cannot be used .WrongKernelError: on a sample it gives") as seen:
        assert pass_of(call, gradients) is None
    assert pass_of(call, gradients) is None  # it is known, and not said again
    assert len(seen) == len(compiled) == 1
    assert list(fresh.iterdir()) == []


@needs_kernels
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_warning_that_raises_changes_nothing_else(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lossary.execution.cpu.kernels.compile_kernel", None)
    with pytest.raises(RuntimeWarning, match=r"huber cannot be used .TypeError: 'NoneType' object is not callable"):
        ls.huber([0.5, 3.0], [0.0, 0.0])
    assert ls.huber([0.5, 3.0], [0.0, 0.0]) == 1.3125


@needs_kernels
def test_a_warning_names_the_line_of_the_user(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lossary.execution.cpu.kernels.compile_kernel", None)

    @ls.pointwise
    def steep(prediction: Any, target: Any) -> Any:
        return 3.5 * (prediction - target)

    with pytest.warns(RuntimeWarning, match="steep cannot be used") as seen:
        steep([0.5, 3.0], [0.0, 0.0])
    assert seen[0].filename == __file__


# Parameters of float64 kernels that are 0 or infinite in float32.
BEYOND_FLOAT32 = [{"curvature": 1e-100}, {"width": 1e39}]


@needs_kernels
@pytest.mark.parametrize("parameters", BEYOND_FLOAT32, ids=str)
def test_a_parameter_beyond_float32_is_no_error(parameters: dict[str, float], fresh: Path) -> None:
    for gradient in (False, True):
        assert pass_of(prepare(ls.wing.record, (np.ones(2), np.zeros(2)), parameters), gradient) is not None


@needs_kernels
def test_a_kernel_that_is_wrong_beyond_float32_is_not_used(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of 1e-9 in sums of ordinary items, whose losses are infinite in float32."""
    computed = verification._computed

    def wrong(run: Any, sample: Any, part: slice, printed: Any) -> Any:
        (value,), arrays = computed(run, sample, part, printed)
        return (value * (1.0 + 1e-9 * (part.stop - part.start > 1)),), arrays

    monkeypatch.setattr(verification, "_computed", wrong)
    call = prepare(ls.wing.record, (np.ones(2), np.zeros(2)), {"curvature": 1e-100})
    with pytest.warns(RuntimeWarning, match="WrongKernelError"):
        assert pass_of(call) is None


@pytest.mark.parametrize("beside", [[np.inf], [np.inf] * 20])
def test_an_infinite_rounding_error_says_nothing_of_the_others(beside: list[float]) -> None:
    """It is that of its place alone: the quantile of all would be infinite or NaN, and allow everything or nothing."""
    rounding = np.array([1e-16, 1e-16, *beside])
    exact = np.ones(rounding.size)
    for error, is_right in ((2.0**-52, True), (1e-3, False)):
        found = exact.copy()
        found[0] += error
        with nullcontext() if is_right else pytest.raises(verification.WrongKernelError):
            verification._compare(found, verification._Reference(exact, exact, rounding), 1e-15, 0.0)


# The engines, dtypes and inputs of kernels: the loss, its dtype, the axis of classes, whether the gradients are wanted.
RIGHT = [
    ("huber", np.float64, None, True),
    ("binary_cross_entropy", np.float16, None, True),
    ("softmax_cross_entropy", np.float64, 1, True),
    ("dice", np.float32, None, False),
]


@needs_kernels
@pytest.mark.parametrize(("name", "dtype", "axis", "gradients"), RIGHT)
def test_a_new_kernel_is_checked_once(
    name: str, dtype: Any, axis: int | None, gradients: bool, fresh: Path, checks: list[Any]
) -> None:
    for _ in range(2):
        assert pass_of(call_of(name, dtype, axis), gradients) is not None
    compiling._kernels.clear()  # as another process
    safety._known.clear()
    passes._passes.clear()
    assert pass_of(call_of(name, dtype, axis), gradients) is not None
    assert len(checks) == 1
    assert [file.suffix for file in fresh.iterdir()] == [".o"]


@needs_kernels
def test_a_sample_has_inputs_of_every_kind(fresh: Path, checks: list[Any]) -> None:
    """Masks, weights and ignored labels are read as a kernel reads those of a call; other samples would refuse it."""
    arrays = np.zeros((4, 6), np.float32), np.array([0, 5, -7, 2])
    given = {"mask": np.arange(4) != 1, "weight": np.ones(4, np.float32), "ignore_label": -7}
    assert pass_of(prepare(ls.get("softmax_cross_entropy").record, arrays, given)) is not None
    assert len(checks) == 1


@needs_kernels
def test_samples_are_small_and_always_the_same(fresh: Path, checks: list[Any]) -> None:
    for name, axis in (("gaussian_nll", None), ("softmax_cross_entropy", None), ("softmax_cross_entropy", 1)):
        pass_of(call_of(name, np.float32, axis), gradient=True)
    for _, *given in checks:
        first, second = (list(samples(*given)) for _ in range(2))
        assert 500 < sum(math.prod(sample.shape) for sample in first) <= 4096
        for one, other in zip(first, second, strict=True):
            for name, array in one.arrays.items():
                np.testing.assert_array_equal(array, other.arrays[name])


@needs_kernels
def test_a_kernel_that_does_not_load_is_compiled_anew(fresh: Path, checks: list[Any]) -> None:
    """The file's digest is right, but it holds no machine code."""
    call = call_of("squared_error", np.float32)
    pass_of(call)
    (file,) = fresh.iterdir()
    good = file.read_bytes()
    cache.write(file.stem, b"\x7fELF and nothing more")
    compiling._kernels.clear()
    safety._known.clear()
    passes._passes.clear()
    assert pass_of(call) is not None
    assert len(checks) == 2
    assert file.read_bytes() == good


@needs_kernels
def test_a_folder_that_cannot_be_written_to_is_said_once(
    tmp_path: Path, fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LOSSARY_CACHE_DIR", str(tmp_path / "file"))
    with pytest.warns(RuntimeWarning, match="cannot be cached on disk.*LOSSARY_CACHE_DIR") as seen:
        found = [pass_of(call_of(name, np.float32)) for name in ("huber", "squared_error")]
    assert None not in found
    assert len(seen) == 1
    assert seen[0].filename == __file__


# --- arguments and memory -------------------------------------------------------------------------------------------


@pytest.fixture
def kernel() -> tuple[Any, list[Any]]:
    """Return a kernel for Python and its arguments: the sum of three squares, 14."""
    x, y = np.array([1.0, 2.0, 3.0]), np.zeros(3)
    call = prepare(ls.squared_error.record, (x, y), {})
    run, function = passes.pass_of(call, Work(sums=(call.program.loss,))), pass_of(call)
    pointers = [{"prediction": x, "target": y}[name].ctypes.data for name in run.arrays]
    given = [function.share, 0, 0, 1, 1, 1, 1, 3, function.room(3), *pointers, 1.0, 1.0]
    assert function.call(*given) == (14.0,)
    return function.call, given


@needs_kernels
def test_arguments_are_counted(kernel: tuple[Any, list[Any]]) -> None:
    call, given = kernel
    for wrong in ([], given[:-1], given[:1], [*given, 1.0]):
        with pytest.raises(TypeError, match=f"takes {len(given)} arguments, {len(wrong)} were given"):
            call(*wrong)
    for place in (3, len(given) - 1):
        with pytest.raises(TypeError):
            call(*given[:place], "text", *given[place + 1 :])


@needs_kernels
def test_the_arguments_of_a_c_function_are_counted() -> None:
    text = "def kernel(values, count):\n    values[0] = count\n"
    function = compiling.compile_kernel(text, "void(CPointer(float64), int64)")
    values = np.zeros(1)
    for wrong in ((), (values.ctypes.data,), (values.ctypes.data, 1, 2)):
        with pytest.raises(TypeError, match=f"takes 2 arguments, {len(wrong)} were given"):
            function(*wrong)
    function(values.ctypes.data, 7)
    assert values[0] == 7


@needs_kernels
@pytest.mark.parametrize(("place", "value"), [(5, 1 << 58), (8, 1 << 62)], ids=["a job", "a thread"])
@pytest.mark.parametrize("threads", [1, 2])
def test_missing_memory_is_an_error(place: int, value: int, threads: int, kernel: tuple[Any, list[Any]]) -> None:
    call, given = kernel
    asked = [*given[:place], value, *given[place + 1 :]]
    asked[3] = threads
    with pytest.raises(MemoryError):
        call(*asked)
    assert call(*given) == (14.0,)
