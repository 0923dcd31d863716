"""The machine and the versions behind a set of figures."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("lossary", "numpy", "llvmlite", "torch", "jax", "jaxlib", "optax", "scikit-learn")


def describe() -> dict[str, str]:
    return {
        "processor": processor(),
        "cores for this process": str(usable_cores()),
        "load before": f"{load():.2f}",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        **{name: installed(name) for name in PACKAGES},
    }


def processor() -> str:
    """The model's name and its widest vectors, where the system tells; else what Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = fields.get("flags", "").split()
    vectors = next((name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in flags), "")
    return ", ".join(filter(None, [fields.get("model name", platform.machine()), vectors]))


def load() -> float:
    """How many other processes wanted a core over the last minute; busy cores spoil every figure."""
    try:
        return os.getloadavg()[0]
    except OSError:
        return float("nan")


def usable_cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
