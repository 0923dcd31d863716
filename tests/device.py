"""Helpers for tests of GPU kernels: tensors on the device, NumPy's results in float64, a count of launches.

The device is a GPU, or the CPU in its place where Triton's interpreter runs (``TRITON_INTERPRET=1``). Tests that do not
require it run on the CPU, too, by its own kernels.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import lossary
from fuzz.engines import bodies
from lossary.catalogue.record import Record
from lossary.execution.gpu import kernels, launch
from lossary.frameworks import torch as face
from lossary.frameworks import torch_eager
from representatives import REPRESENTATIVES
from samples import BY_SHAPE, predictions_of

__all__ = [
    "DEVICE",
    "INTERPRETED",
    "LOSSES",
    "MARKS",
    "ON_GPU",
    "close",
    "counted_launches",
    "differentiated",
    "expected",
    "host",
    "on_device",
    "pass_in_the_interpreter",
    "require_device",
    "upstream",
]

INTERPRETED = os.environ.get("TRITON_INTERPRET") == "1"
ON_GPU = torch.cuda.is_available() and not INTERPRETED
DEVICE = "cuda" if ON_GPU else "cpu"
LOSSES = REPRESENTATIVES if INTERPRETED else BY_SHAPE  # the interpreter is slow


MARKS = [  # of a module that runs on the device
    pytest.mark.gpu,
    pytest.mark.filterwarnings("ignore::RuntimeWarning:triton"),  # the interpreter also computes what is not stored
    pytest.mark.usefixtures("launches"),
]


def require_device() -> list[pytest.MarkDecorator]:
    """Return the marks of a module that runs on the device; skip the module where there is none."""
    if not INTERPRETED and not ON_GPU:
        pytest.skip("no GPU", allow_module_level=True)
    return MARKS


def pass_in_the_interpreter(*tests: Path | str) -> None:
    """Run tests with Triton's interpreter on, in a process of its own: Triton must be imported with it."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, tests)]
    environment = os.environ | {"TRITON_INTERPRET": "1"}
    root = Path(__file__).parent
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def counted_launches(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Yield the list of kernels that are launched; in the interpreter, the CPU stands for a GPU."""
    launched: list[Any] = []
    start, now = launch.Launcher.start, torch_eager._now

    def counted(launcher: launch.Launcher, arguments: Any) -> None:
        launched.append(launcher)
        with _within(arguments) if INTERPRETED else nullcontext():
            start(launcher, arguments)

    monkeypatch.setattr(launch.Launcher, "start", counted)
    monkeypatch.setattr(kernels, "_ready", {})
    for record in lossary.losses():
        vars(lossary.get(record.name)).pop("_plans", None)  # kernels of other tests, with other tiles
    if INTERPRETED:
        monkeypatch.setattr(torch_eager, "_now", lambda place, arrays: place == "is_cuda" and now("is_cpu", arrays))
        monkeypatch.setattr(kernels, "available", lambda device: True)
        monkeypatch.setattr(face, "multiplies_halves", lambda array: True)
    yield launched
    assert not kernels._failed


@contextmanager
def _within(arguments: Any) -> Iterator[None]:
    """Let the interpreter read and write only where the arguments lie: beyond, it would spoil memory silently."""
    from triton.runtime import interpreter
    from triton.runtime.interpreter import InterpreterBuilder as Builder
    from triton.runtime.interpreter import ReduceOps, interpreter_builder

    storages = [a.untyped_storage() for a in arguments if isinstance(a, Tensor)]
    given = [(storage.data_ptr(), storage.data_ptr() + storage.nbytes()) for storage in storages]

    def check(pointers: Any, mask: Any) -> None:
        used = pointers.data[np.broadcast_to(mask.data, pointers.data.shape).astype(bool)]
        assert np.all(sum((low <= used) & (used < high) for low, high in given)), "outside of all arrays"

    def checked(name: str, mask_at: int) -> Any:
        method = getattr(Builder, name)

        def run(self: Any, pointers: Any, *rest: Any) -> Any:
            check(pointers, rest[mask_at])
            return method(self, pointers, *rest)

        return run

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interpreter_builder, "options", replace(interpreter_builder.options, debug=True))  # device_assert
        for name, mask_at in (("create_masked_load", 0), ("create_masked_store", 1)):
            patch.setattr(Builder, name, checked(name, mask_at))
        patch.setattr(ReduceOps, "generic_reduce", _by_halves)
        patch.setattr(interpreter, "_patch_lang", cache(interpreter._patch_lang))  # once a function, not once a call
        yield


def _by_halves(reduction: Any, blocks: tuple[Any, ...]) -> list[Any]:
    """Reduce blocks along an axis, whose size is a power of 2: combine their halves, as the threads of a GPU do.

    The interpreter itself calls the function that combines for one number after another.
    """
    axis = reduction.axis

    def tensors(parts: Iterable[Any]) -> list[Any]:
        return [reduction.to_tensor(part, block.dtype) for part, block in zip(parts, blocks, strict=True)]

    parts = [block.handle.data for block in blocks]
    while parts[0].shape[axis] > 1:
        first, second = zip(*(np.split(part, 2, axis) for part in parts), strict=True)
        parts = [each.handle.data for each in reduction.combine_fn.fn(*tensors(first), *tensors(second))]
    return tensors(parts if reduction.keep_dims else [part.squeeze(axis) for part in parts])


def on_device(values: Any, dtype: Any = torch.float64) -> Tensor:
    return torch.as_tensor(np.asarray(values)).to(DEVICE, dtype)


def host(value: Any) -> Any:
    """Return an array of NumPy's: numbers in float64, integers and booleans as they are."""
    if not isinstance(value, Tensor):
        return value
    value = value.detach().cpu()
    return value.double().numpy() if value.is_floating_point() else value.numpy()


def expected(record: Record, given: list[Tensor], **options: Any) -> tuple[Any, tuple[Any, ...]]:
    """Compute the value and the gradients by NumPy in float64, without compiling kernels for the CPU."""
    with np.errstate(all="ignore"), bodies(compiled=False):
        arrays = {name: host(option) for name, option in options.items()}
        value, gradient = lossary.get(record.name).value_and_gradient(*map(host, given), **arrays)
    return value, gradient if isinstance(gradient, tuple) else (gradient,)


def differentiated(record: Record, given: list[Tensor], **options: Any) -> tuple[Tensor, list[Tensor]]:
    """Compute the value, and by autograd its gradients times an upstream gradient."""
    places = predictions_of(record)
    leaves = [array.clone().requires_grad_(i in places) for i, array in enumerate(given)]
    value = lossary.get(record.name)(*leaves, **options)
    return value, list(torch.autograd.grad(value, [leaves[i] for i in places], upstream(value)))


def upstream(value: Tensor) -> Tensor:
    return torch.linspace(-0.5, 2.0, value.numel(), dtype=value.dtype, device=value.device).reshape(value.shape)


def close(found: Any, right: Any, dtype: Any, ulps: float = 4) -> None:
    """Assert equality within some ulp of the result, or of the largest term of a difference, which is about 1."""
    eps, largest = torch.finfo(dtype).eps, torch.finfo(dtype).max
    right = np.where(abs(right) > largest, np.copysign(np.inf, right), right)
    np.testing.assert_allclose(host(found), right, rtol=ulps * eps, atol=4 * min(eps, torch.finfo(torch.float32).eps))
