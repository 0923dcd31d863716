"""Triton kernels from text; Triton compiles one for the device at its first launch."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import linecache
from functools import cache
from typing import TYPE_CHECKING, Any

from lossary.frameworks.environment import switch

if TYPE_CHECKING:
    import torch

__all__ = ["available", "compile_kernel"]

OLDEST_TRITON = (3, 3)  # the oldest version that the tests pass with
OLDEST_DEVICE = (8, 0)  # the lowest compute capability that Triton supports


@cache
def available(device: torch.device) -> bool:
    """Return True if kernels can be compiled for a device and are not switched off."""
    if switch("LOSSARY_KERNELS") is False or importlib.util.find_spec("triton") is None:
        return False
    torch, triton = importlib.import_module("torch"), importlib.import_module("triton")
    version = tuple(map(int, triton.__version__.split(".")[:2]))
    return bool(version >= OLDEST_TRITON and torch.cuda.get_device_capability(device) >= OLDEST_DEVICE)


@cache
def compile_kernel(text: str) -> Any:
    """Return the function ``kernel`` of a module's text as a Triton kernel.

    Triton reads a function's source again, and finds it in Python's ``linecache``. It has a disk cache of its own.
    """
    triton = importlib.import_module("triton")
    name = f"<lossary kernel {hashlib.sha256(text.encode()).hexdigest()[:16]}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    module: dict[str, Any] = {"__name__": "lossary_kernel"}
    exec(compile(text, name, "exec"), module)
    compiled = isinstance(module["kernel"], triton.JITFunction)
    words = "triton.language.extra.libdevice" if compiled else "lossary.execution.gpu.interpreted"
    module["libdevice"] = importlib.import_module(words)
    return module["kernel"]
