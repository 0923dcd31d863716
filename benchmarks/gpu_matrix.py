"""The contract on a device: every loss, in several dtypes and with its options, against NumPy in float64."""

from __future__ import annotations

import importlib.util
import math
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import torch

import lossary
from lossary.catalogue.record import Record

__all__ = ["wrong"]

HALF = {"float32": 2.0**-23, "bfloat16": 2.0**-7}  # dtypes and their eps
FRAMEWORKS = {"torch": {"float64": 2.0**-52, **HALF}, "jax": HALF}
ROWS, COLUMNS, WIDTH = 6, 11, 5
SLACK = 64  # eps: of sums of a few terms of either sign
Array = np.ndarray[Any, Any]


def wrong(device: str, dry: bool) -> dict[str, Any]:
    """How many cases there are, and those whose value or gradient is wrong, or that raise."""
    names = [record.name for record in lossary.losses()]
    tasks = [(framework, name, device) for framework in FRAMEWORKS if _is_there(framework) for name in names]
    if dry:
        found = [_wrong(task) for task in tasks]
    else:  # most of the time goes to compilers
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(max(1, (os.cpu_count() or 1) - 2), context) as pool:
            found = list(pool.map(_wrong, tasks))
    return {"cases": sum(count for count, _ in found), "failed": [one for _, failed in found for one in failed]}


def _is_there(framework: str) -> bool:
    return importlib.util.find_spec(framework) is not None


def _wrong(task: tuple[str, str, str]) -> tuple[int, list[str]]:
    """The number of cases of one loss in one framework, and those that fail."""
    framework, name, device = task
    record = lossary.get(name).record
    count, failed = 0, []
    for dtype, eps in FRAMEWORKS[framework].items():
        for case, arrays, options in _cases(record):
            count += 1
            title = f"{framework}, {name}, {case}, {dtype}"
            try:
                gap = _gap(record, arrays, options, COMPUTE[framework](record, arrays, options, dtype, device))
            except Exception as problem:
                failed.append(f"{title}: {type(problem).__name__}: {problem!s:.300}")
            else:
                if not gap <= SLACK * eps:
                    failed.append(f"{title}: off by {gap:.2g}")
    return count, failed


def _cases(record: Record) -> Iterator[tuple[str, list[Array], dict[str, Any]]]:
    """Arguments and options of a loss."""
    arrays = _arrays(record, np.random.default_rng(0))
    by_item = (ROWS, COLUMNS) if record.kind == "pointwise" else (ROWS,)
    yield "as it is", arrays, {}
    if record.kind != "overlap":
        rng = np.random.default_rng(1)
        weighed = {"weight": rng.uniform(0.5, 2.0, by_item), "mask": rng.uniform(size=by_item) < 0.7}
        yield "weights and a mask", arrays, weighed
        yield "unreduced", arrays, {"reduction": "none"}
    if record.takes_classes:
        place = [a.name for a in record.arguments].index("target")
        labelled = [*arrays[:place], arrays[place].argmax(-1), *arrays[place + 1 :]]
        classes = {"class_weight": np.linspace(0.0, 2.0, COLUMNS), "label_smoothing": 0.1}
        yield "labels", labelled, {}
        yield "labels, one ignored", labelled, {"ignore_label": int(labelled[place][0])}
        yield "labels, class weights, smoothing", labelled, classes
    if record.takes_classes and not record.scores:
        yield "classes first", [array.T.copy() for array in arrays], {"axis": 0}


def _arrays(record: Record, rng: Any) -> list[Array]:
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(
        (argument.name for argument in record.arguments), (ROWS, COLUMNS)
    )
    for scores in record.scores:
        of_pairs = record.kind == "pairs"
        factors: tuple[tuple[int, ...], ...] = ((ROWS, WIDTH), (ROWS if of_pairs else COLUMNS, WIDTH), (COLUMNS,))
        shapes |= dict(zip(scores.factors, factors, strict=False))
    return [_array(record, argument, shapes[argument.name], rng) for argument in record.arguments]


def _array(record: Record, argument: Any, shape: tuple[int, ...], rng: Any) -> Array:
    """Sixteenths where that is possible: every dtype holds them."""
    if record.takes_classes and argument.domain.high == 1.0:
        parts: Array = rng.multinomial(16, np.ones(shape[-1]) / shape[-1], shape[0]) / 16
        return np.abs(parts)
    if argument.domain.high == 1.0:
        return np.asarray(rng.integers(1, 16, shape) / 16)
    if argument.domain.high < math.inf:
        return np.asarray(argument.domain.high - rng.integers(1, 32, shape) / 16)
    low = argument.domain.low
    return np.asarray(rng.integers(16 * low + 4 if low > -math.inf else -32, 32, shape) / 16)


def _by_torch(record: Record, arrays: list[Array], options: dict[str, Any], dtype: str, device: str) -> Iterator[Array]:
    """The value and its gradients by PyTorch."""
    kind = getattr(torch, dtype)
    given = [torch.as_tensor(a).to(device, kind if a.dtype.kind == "f" else torch.int64) for a in arrays]
    leaves = [
        array.requires_grad_() if argument.role == "prediction" else array
        for argument, array in zip(record.arguments, given, strict=True)
    ]
    named = {k: torch.as_tensor(v).to(device) if isinstance(v, np.ndarray) else v for k, v in options.items()}
    value = lossary.get(record.name)(*leaves, **named)
    found = torch.autograd.grad(value.sum(), [leaf for leaf in leaves if leaf.requires_grad])
    return (a.detach().double().cpu().numpy() for a in (value, *found))


def _by_jax(record: Record, arrays: list[Array], options: dict[str, Any], dtype: str, device: str) -> Iterator[Array]:
    """The value and its gradients by JAX, compiled."""
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    import jax

    given = [jax.numpy.asarray(a, dtype if a.dtype.kind == "f" else "int32") for a in arrays]
    places = tuple(i for i, argument in enumerate(record.arguments) if argument.role == "prediction")
    named = {k: jax.numpy.asarray(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}

    def summed(*given: Any) -> tuple[Any, Any]:
        value = lossary.get(record.name)(*given, **named)
        return value.sum(), value

    with jax.default_matmul_precision("highest"):  # by default, a GPU multiplies float32 with 10 bits
        (_, value), found = jax.jit(jax.value_and_grad(summed, places, has_aux=True))(*given)
    return (np.asarray(a).astype(np.float64) for a in (value, *found))


COMPUTE = {"torch": _by_torch, "jax": _by_jax}


def _gap(record: Record, arrays: list[Array], options: dict[str, Any], found: Iterator[Array]) -> float:
    """The largest difference from NumPy, of the largest number or of 1."""
    with np.errstate(all="ignore"):
        right, slopes = lossary.get(record.name).value_and_gradient(*arrays, **options)
    slopes = slopes if isinstance(slopes, tuple) else (slopes,)
    return max(_apart(a, np.asarray(b)) for a, b in zip(found, (right, *slopes), strict=True))


def _apart(found: Array, right: Array) -> float:
    if not np.array_equal(np.isfinite(found), np.isfinite(right)):
        return float("inf")
    finite = np.isfinite(right)
    scale = max(1.0, float(np.abs(right[finite]).max(initial=0.0)))
    return float(np.abs(found[finite] - right[finite]).max(initial=0.0)) / scale
