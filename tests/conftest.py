"""What tests share."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from fuzz.engines import bodies
from lossary.execution.cpu import compile as compiling
from lossary.execution.cpu import passes, safety, several_axes
from lossary.frameworks import CALLABLES, threads
from samples import FULL

# Programs of JAX are made of the formulas, unless a test asks for kernels: each takes part of a second to compile.
os.environ.setdefault("LOSSARY_JAX_KERNELS", "0")

# XLA compiles programs of JAX in a fourth of the time without LLVM's passes, with loops that are not made by MLIR, and
# in one piece. Tests of the last digits ask for the code that users get: see ``arrays.AS_USERS``.
QUICK_XLA = (
    "--xla_backend_optimization_level=0",
    "--xla_cpu_use_fusion_emitters=false",
    "--xla_cpu_parallel_codegen_split_count=1",
)
if not FULL:
    os.environ.setdefault("XLA_FLAGS", " ".join(QUICK_XLA))

# LLVM compiles kernels in a tenth of the time if it optimises nothing. That is enough for tests of what is computed;
# those in other folders and files, and those marked ``last_digits``, run the code that users get.
QUICK_LLVM = {"contract", "commands", "frameworks", "src"} | {
    f"test_{name}.py" for name in ("blocks", "kernels", "named_rows", "operators", "plans")
}

# A shell lets background jobs ignore Ctrl-C, and they let what they start: tests of interrupts do not.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Ten thousand tests and what they import are no garbage, and to search them for some takes long.
gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow ones first: a process that begins one at last leaves the other cores without work."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)  # a search goes through all that JAX keeps
    gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Choose how well LLVM optimises; kernels of the other kind are forgotten, but stay in memory and on disk."""
    is_quick = not QUICK_LLVM.isdisjoint(item.path.relative_to(item.config.rootpath).parts)
    level = 0 if is_quick and not FULL and item.get_closest_marker("last_digits") is None else 3
    if compiling.LEVEL == level:
        return
    compiling.LEVEL = level
    passes._passes.clear()
    safety._known.clear()
    several_axes.build.cache_clear()
    for loss in CALLABLES.values():
        vars(loss).pop("_plans", None)


@pytest.fixture
def portable() -> Iterator[None]:
    """No compiled kernels, as where LLVM is not installed: each takes part of a second to compile.

    LOSSARY_TEST_FULL=1 runs the compiled ones in these tests, too.
    """
    if FULL:
        yield
    else:
        with bodies(compiled=False):
            yield


@pytest.fixture
def threads_are(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """What says how many threads to use, as the environment variable does, which is read once."""
    return lambda number: monkeypatch.setattr(threads, "chosen", cache(lambda: number))
