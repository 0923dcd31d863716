"""Lossary in JAX on a GPU beside optax: compiled values and gradients, in turn, by the host's clock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.gpu_measure import Device, Times

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # PyTorch needs memory, too

__all__ = ["rows"]

CALLS = 10  # between two looks at the clock
BAR = "≥ 0.95 of optax"
SOFTMAX = [(65536, 1000), (8192, 32000), (8192, 128256)]
DTYPES = ("float32", "bfloat16")
Case = tuple[str, str, float, float, Callable[[], tuple[dict[str, Any], list[Any], tuple[int, ...]]]]


def rows(device: Device, machine: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Measure each case."""
    for name, bar, size, operations, make in _cases(device.dry):
        losses, arrays, wanted = make()
        runs, peak = {}, {}
        for title, loss in losses.items():
            runs[title], peak[title] = _compiled(loss, arrays, wanted)
        times = _interleaved(runs, arrays, device.seconds, 1 if device.dry else CALLS)
        limit = size / machine["bandwidth"] + operations / machine["rate"]
        ms = {title: [one.median, one.low, one.high, one.count] for title, one in times.items()}
        yield {
            "part": "jax",
            "name": name,
            "bar": bar,
            "ms": ms,
            "limit": limit,
            "peak": peak,
            "error of": {},
            "skipped": [],
        }


def _compiled(loss: Any, arrays: list[Any], wanted: tuple[int, ...]) -> tuple[Any, float]:
    """A compiled value and gradient, and the MB that it takes beside its arguments and results."""
    import jax

    done = jax.jit(jax.value_and_grad(loss, wanted)).lower(*arrays).compile()
    memory = done.memory_analysis()
    return done, getattr(memory, "temp_size_in_bytes", 0) / 2**20


def _interleaved(runs: dict[str, Any], arrays: list[Any], seconds: float, calls: int) -> dict[str, Times]:
    import jax

    for run in runs.values():
        jax.block_until_ready(run(*arrays))
    found: dict[str, list[float]] = {title: [] for title in runs}
    stop = time.perf_counter() + seconds
    while time.perf_counter() < stop or min(map(len, found.values())) < 2:
        for title, run in runs.items():
            start = time.perf_counter()
            for _ in range(calls):
                done = run(*arrays)
            jax.block_until_ready(done)
            found[title].append(1e3 * (time.perf_counter() - start) / calls)
    return {title: Times.of(times) for title, times in found.items()}


# --- cases --------------------------------------------------------------------------------------------------------


def _cases(dry: bool) -> Iterator[Case]:
    """Names, bars, bytes, operations, and what makes the losses and their arguments."""
    import jax.numpy as jnp

    for dtype in DTYPES:
        itemsize = jnp.dtype(dtype).itemsize
        for full in SOFTMAX:
            shape = (3, 40) if dry else full
            size = 2 * shape[0] * shape[1] * itemsize
            yield f"softmax cross-entropy, {full} {dtype}", BAR, size, 0.0, _softmax(shape, dtype)
        size = 1 << (10 if dry else 27)
        for name in ("squared error", "huber", "sigmoid cross-entropy"):
            yield f"{name}, {size} {dtype}", BAR, 3 * size * itemsize, 0.0, _pointwise(name, size, dtype)
    n, width, classes = (4, 8, 40) if dry else (4096, 1024, 65536)
    title = f"linear cross-entropy, {n} × {width} → {classes} bfloat16"
    bar = "≤ 1.3 × optax's time, ≤ ⅓ of its memory"
    yield title, bar, 0.0, 6.0 * n * width * classes, _linear(n, width, classes)


def _softmax(shape: tuple[int, int], dtype: str) -> Callable[[], Any]:
    def make() -> Any:
        import jax
        import optax

        import lossary

        key = jax.random.key(0)
        logits = jax.random.normal(key, shape, dtype)
        label = jax.random.randint(key, shape[:1], 0, shape[1])
        plain = optax.softmax_cross_entropy_with_integer_labels
        losses = {"lossary": lossary.softmax_cross_entropy, "optax": lambda *given: plain(*given).mean()}
        return losses, [logits, label], (0,)

    return make


def _pointwise(name: str, size: int, dtype: str) -> Callable[[], Any]:
    def make() -> Any:
        import jax
        import optax

        import lossary

        own = lossary.get(name.replace(" ", "_").replace("-", "_"))
        plain = {
            "squared error": optax.squared_error,
            "huber": optax.huber_loss,
            "sigmoid cross-entropy": optax.sigmoid_binary_cross_entropy,
        }[name]
        arrays = [jax.random.uniform(jax.random.key(k), (size,), dtype) for k in range(2)]
        return {"lossary": own, "optax": lambda *given: plain(*given).mean()}, arrays, (0,)

    return make


def _linear(n: int, width: int, classes: int) -> Callable[[], Any]:
    def make() -> Any:
        import jax
        import optax

        import lossary

        keys = jax.random.split(jax.random.key(0), 3)
        features, classifier = (
            (jax.random.normal(key, (m, width)) * width**-0.5).astype("bfloat16")
            for key, m in zip(keys, (n, classes), strict=False)
        )
        label = jax.random.randint(keys[2], (n,), 0, classes)

        def plain(features: Any, classifier: Any, label: Any) -> Any:
            return optax.softmax_cross_entropy_with_integer_labels(features @ classifier.T, label).mean()

        return {"lossary": lossary.linear_cross_entropy, "optax": plain}, [features, classifier, label], (0, 1)

    return make
