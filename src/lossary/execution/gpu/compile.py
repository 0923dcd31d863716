"""From a kernel's text to a kernel of Triton, which compiles it for the device at its first launch."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import linecache
import os
from functools import cache
from typing import Any

__all__ = ["available", "compile_kernel"]

OLDEST_TRITON = (3, 3)  # that the tests pass with
OLDEST_DEVICE = (8, 0)  # the compute capability from which Triton supports a device


@cache
def available(device: Any) -> bool:
    """Whether kernels can be compiled for a device of PyTorch's, and are not switched off."""
    if os.environ.get("LOSSARY_KERNELS") == "0" or importlib.util.find_spec("triton") is None:
        return False
    torch, triton = importlib.import_module("torch"), importlib.import_module("triton")
    version = tuple(map(int, triton.__version__.split(".")[:2]))
    return bool(version >= OLDEST_TRITON and torch.cuda.get_device_capability(device) >= OLDEST_DEVICE)


@cache
def compile_kernel(text: str) -> Any:
    """The function ``kernel`` of a module's text.

    Triton reads a function's source again; it finds it where Python keeps the lines of modules that have no file.
    What it compiles it keeps on disk itself, by a hash of the source.
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
