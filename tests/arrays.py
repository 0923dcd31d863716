"""The frameworks under test: how each makes, reads and differentiates arrays."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import ml_dtypes
import numpy as np
import torch
from jax import numpy as jnp

__all__ = ["AS_USERS", "FRAMEWORKS", "JAX", "NUMPY", "TORCH", "Framework", "differentiated", "pass_on_two_devices"]

Array = np.ndarray[Any, Any]
# Options of a program of JAX that is compiled as users have it: see conftest.py.
AS_USERS: dict[str, Any] = {"xla_backend_optimization_level": 3, "xla_cpu_use_fusion_emitters": True}


@dataclass(frozen=True)
class Framework:
    """What tests need of a framework."""

    name: str
    make: Callable[[Any], Any]  # an array of it, of NumPy's
    numpy: Callable[[Any], Array]  # NumPy's, of one of its
    dtypes: tuple[str, ...]  # floating-point, the widest first

    def __str__(self) -> str:
        return self.name


def _make_torch(value: Any) -> torch.Tensor:
    array = np.asarray(value)
    if array.dtype == ml_dtypes.bfloat16:
        return torch.tensor(array.astype(np.float32)).bfloat16()
    return torch.tensor(array)


def _read_torch(value: Any) -> Array:
    tensor = value.detach()
    return np.asarray(tensor.float() if tensor.dtype == torch.bfloat16 else tensor)


NUMPY = Framework("numpy", np.asarray, np.asarray, ("float64", "float32", "float16"))
TORCH = Framework("torch", _make_torch, _read_torch, ("float64", "float32", "float16", "bfloat16"))
JAX = Framework("jax", jnp.asarray, np.asarray, ("float32", "float16", "bfloat16"))
FRAMEWORKS = [NUMPY, TORCH, JAX]


def differentiated(framework: Framework, function: Callable[..., Any]) -> Callable[..., tuple[Any, list[Any]]]:
    """A function's value, and the gradient of its sum in each array, by the framework's own differentiation."""

    def in_jax(*arrays: Any) -> tuple[Any, list[Any]]:
        value, pull = jax.vjp(function, *arrays)
        return value, list(pull(jnp.ones_like(value)))

    def in_torch(*arrays: Any) -> tuple[Any, list[Any]]:
        leaves = [array.detach().clone().requires_grad_() for array in arrays]
        value = function(*leaves)
        return value.detach(), list(torch.autograd.grad(value.sum(), leaves))

    return jax.jit(in_jax) if framework is JAX else in_torch  # compiled at once, which is quicker than bit by bit


def pass_on_two_devices(code: str, kernels: bool = False) -> None:
    """Run a program for which the CPU is two devices of JAX; its programs are compiled as those of other tests are."""
    environment = {
        **os.environ,
        **({} if kernels else {"LOSSARY_KERNELS": "0"}),
        "XLA_FLAGS": f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=2",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
