"""Weights, masks, reductions, denominators and targets against plain loops, on every framework.

The cases cover every pair of choices; LOSSARY_TEST_FULL=1 runs every combination.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import lossary
from arrays import FRAMEWORKS, Framework, differentiated
from cases import FULL, Case, all_cases, covering, name_of
from lossary.record import Record
from reference import KNOWN, Array, Options, Reference, reference, shape_of_items
from samples import SHAPES, array_for, predictions_of, sixty_fourths

AXES = {"last": -1, "first": 0, "middle": 1}
PARAMETERS = {"delta": 0.75, "positive_weight": 3.0, "label_smoothing": 0.25, "smooth": 1.0, "temperature": 0.5}
IGNORED = 1
FRAMEWORK = {framework.name: framework for framework in FRAMEWORKS}


@dataclass
class Made:
    """A call: the arrays, their keywords, and both once more for the reference."""

    record: Record
    arrays: list[Array]
    options: Options
    keywords: dict[str, Any]


def target_for(case: Case, soft: Array, axis: int, rng: np.random.Generator) -> Array:
    """Labels, one class each or probabilities."""
    outside = soft.shape[:axis] + soft.shape[axis + 1 :]
    labels: np.ndarray[Any, Any] = rng.integers(0, soft.shape[axis], outside)
    if case["target"] == "one-hot":
        return np.moveaxis(np.eye(soft.shape[axis])[labels], -1, axis)
    if case["target"] == "soft":
        return soft
    return labels.astype(np.int8) if case["target"] == "small labels" else labels


def weight_for(choice: str, shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    full = sixty_fourths(rng, 1, 200, shape)
    return {
        "no": None,
        "number": np.asarray(0.75),
        "full": full,
        "with ones": sixty_fourths(rng, 1, 200, tuple(1 if i == 0 else n for i, n in enumerate(shape))),
        "with zeros": full * rng.integers(0, 2, shape),
        "all zero": full * 0,
    }[choice]


def mask_for(choice: str, shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    ones = tuple(1 if i == 0 else n for i, n in enumerate(shape))
    masks = {"full": rng.random(shape) < 0.6, "with ones": rng.random(ones) < 0.6, "nothing": np.zeros(shape, bool)}
    return masks.get(choice)


def options_for(case: Case, record: Record, shape: tuple[int, ...], axis: Any, rng: np.random.Generator) -> Options:
    items = shape if record.kind == "overlap" else shape_of_items(record.kind, shape, axis)
    moved: dict[str, Any] = {
        p.name: PARAMETERS.get(p.name, p.default) if case["parameters"] != "default" else p.default
        for p in record.parameters
    }
    if case["parameters"] == "array":
        moved = {name: np.asarray(value) for name, value in moved.items()}
    return Options(
        weight=weight_for(case["weight"], items, rng),
        mask=mask_for(case["mask"], items, rng),
        reduction=case["reduction"],
        denominator={"number": 7, "array": np.asarray(2.5)}.get(case["denominator"], case["denominator"]),
        empty=case["empty"],
        axis=axis,
        class_weight=sixty_fourths(rng, 1, 200, (shape[axis],)) if case["class_weight"] == "yes" else None,
        label_smoothing=0.25 if case["smoothing"] == "yes" else 0.0,
        ignore_label=IGNORED if case["ignore"] == "yes" else None,
        parameters=moved,
    )


def make(case: Case) -> Made:
    rng = np.random.default_rng(zlib.crc32(name_of(case).encode()))
    record = lossary.get(case["loss"]).record
    shape, axis = SHAPES[record.kind], AXES[case["axis"]]
    arrays = [array_for(record, a.name, shape, axis % len(shape), rng) for a in record.arguments]
    if record.kind in ("row", "softmax"):
        arrays[1] = target_for(case, arrays[1], axis % len(shape), rng)
    over: Any = (0, 2) if record.kind == "overlap" and case["axis"] == "middle" else axis
    options = options_for(case, record, shape, over, rng)
    return Made(record, arrays, options, keywords_of(case, record, options))


def keywords_of(case: Case, record: Record, o: Options) -> dict[str, Any]:
    """The keywords of the call, without what is at its default."""
    given = {"weight": o.weight, "mask": o.mask, "reduction": o.reduction, "class_weight": o.class_weight}
    given |= {"ignore_label": o.ignore_label, "label_smoothing": o.label_smoothing or None}
    if case["reduction"] == "mean":
        given |= {"denominator": o.denominator, "empty": o.empty}
    if record.kind in ("row", "softmax", "overlap"):
        given["axis"] = o.axis
    if case["parameters"] != "default":
        given |= o.parameters
    return {key: value for key, value in given.items() if value is not None}


def expected(made: Made) -> Reference:
    name, kind = made.record.name, made.record.kind
    if name not in KNOWN:
        if kind in ("overlap", "pairs"):
            pytest.skip("the reference has no such loss")
        made.options.unknown = by_itself(made.record)
    return reference(name, kind, made.arrays, predictions_of(made.record), made.options)


def by_itself(record: Record) -> Any:
    """One item of a loss that the reference does not know, as lossary has it: the rest is held to the loops."""

    def loss_and_slopes(*arrays: Any, **options: Any) -> tuple[float, Any]:
        value, slopes = lossary.get(record.name).value_and_gradient(*arrays, **options, reduction="sum")
        return float(value), slopes if record.kind != "pointwise" or isinstance(slopes, tuple) else (slopes,)

    return loss_and_slopes


def called(made: Made, case: Case) -> Reference:
    """What lossary returns, on the framework of the case."""
    framework = FRAMEWORK[case["framework"]]
    loss = lossary.get(made.record.name)
    arrays = [as_given(array, case, framework) for array in made.arrays]
    keywords = {k: as_given(v, case, framework) if isinstance(v, np.ndarray) else v for k, v in made.keywords.items()}
    if case["entry"] == "value_and_gradient":
        value, found = loss.value_and_gradient(*arrays, **keywords)
        return read(framework, value, found if isinstance(found, tuple) else (found,))
    places = predictions_of(made.record)

    def of_predictions(*predictions: Any) -> Any:
        given = list(arrays)
        for i, prediction in zip(places, predictions, strict=True):
            given[i] = prediction
        return loss(*given, **keywords)

    return read(framework, *differentiated(framework, of_predictions)(*(arrays[i] for i in places)))


def as_given(array: Array, case: Case, framework: Framework) -> Any:
    if array.dtype.kind != "f":
        return framework.make(array)
    return framework.make(array.astype(ml_dtypes.bfloat16 if case["dtype"] == "bfloat16" else case["dtype"]))


def read(framework: Framework, value: Any, found: Any) -> Reference:
    assert str(value.dtype).rpartition(".")[2] in ("float32", "float64")
    return Reference(framework.numpy(value), [framework.numpy(gradient) for gradient in found])


def hold(case: Case) -> None:
    made = make(case)
    before = [array.copy() for array in made.arrays]
    right, found = expected(made), called(made, case)
    value_close = 1e-12 if case["dtype"] == "float64" else 2e-5
    close = {"float64": 1e-12, "float32": 2e-5, "float16": 2e-3, "bfloat16": 1e-2}[case["dtype"]]
    scale = max([1.0, *(float(np.max(np.abs(g), initial=0)) for g in right.gradients if np.isfinite(g).all())])
    np.testing.assert_allclose(found.value, right.value, rtol=value_close, atol=value_close)
    for computed, gradient in zip(found.gradients, right.gradients, strict=True):
        np.testing.assert_allclose(computed.astype(np.float64), gradient, rtol=close, atol=close * scale)
    assert all(np.array_equal(a, b) for a, b in zip(before, made.arrays, strict=True))


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize("case", [] if FULL else covering(), ids=name_of)
def test_every_pair_of_choices(case: Case) -> None:
    hold(case)


@pytest.mark.skipif(not FULL, reason="LOSSARY_TEST_FULL=1 runs every combination")
def test_every_combination() -> None:
    for case in all_cases():
        try:
            hold(case)
        except Exception as problem:  # say which, of so many
            raise AssertionError(f"{case}") from problem
