"""The contract on a device: every loss, in several dtypes and with its options, against NumPy in float64."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

import lossary
from lossary.catalogue.record import Record

__all__ = ["wrong"]

DTYPES = (torch.float64, torch.float32, torch.bfloat16)
ROWS, COLUMNS, WIDTH = 6, 11, 5
SLACK = 64  # eps: of sums of a few terms of either sign
Array = np.ndarray[Any, Any]


def wrong(device: str) -> dict[str, Any]:
    """How many cases there are, and those whose value or gradient is wrong, or that raise."""
    count, failed = 0, []
    for record in lossary.losses():
        for dtype in DTYPES:
            for name, arrays, options in _cases(record):
                count += 1
                try:
                    gap = _gap(record, arrays, options, dtype, device)
                except Exception as problem:
                    failed.append(f"{record.name}, {name}, {dtype}: {type(problem).__name__}: {problem!s:.300}")
                else:
                    if not gap <= SLACK * torch.finfo(dtype).eps:
                        failed.append(f"{record.name}, {name}, {dtype}: off by {gap:.2g}")
    return {"cases": count, "failed": failed}


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
    return np.asarray(rng.integers(4 if argument.domain.low >= 0 else -32, 32, shape) / 16)


def _gap(record: Record, arrays: list[Array], options: dict[str, Any], dtype: Any, device: str) -> float:
    """The largest difference from NumPy, of the largest number or of 1."""
    loss = lossary.get(record.name)
    given = [torch.as_tensor(a).to(device, dtype if a.dtype.kind == "f" else torch.int64) for a in arrays]
    leaves = [
        array.requires_grad_() if argument.role == "prediction" else array
        for argument, array in zip(record.arguments, given, strict=True)
    ]
    named = {k: torch.as_tensor(v).to(device) if isinstance(v, np.ndarray) else v for k, v in options.items()}
    value = loss(*leaves, **named)
    found = torch.autograd.grad(value.sum(), [leaf for leaf in leaves if leaf.requires_grad])
    with np.errstate(all="ignore"):
        right, slopes = loss.value_and_gradient(*arrays, **options)
    slopes = slopes if isinstance(slopes, tuple) else (slopes,)
    pairs = zip((value, *found), (right, *slopes), strict=True)
    return max(_apart(a.detach().double().cpu().numpy(), np.asarray(b)) for a, b in pairs)


def _apart(found: Array, right: Array) -> float:
    if not np.array_equal(np.isfinite(found), np.isfinite(right)):
        return float("inf")
    finite = np.isfinite(right)
    scale = max(1.0, float(np.abs(right[finite]).max(initial=0.0)))
    return float(np.abs(found[finite] - right[finite]).max(initial=0.0)) / scale
