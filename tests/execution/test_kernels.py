"""Compiled kernels give what the portable bodies give: at all sizes, in the same bits each time, within their memory.

Each kernel takes part of a second to compile, so a few calls of some losses stand for all.
"""

from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np
import pytest
import torch

import lossary as ls
from fuzz.cover import Pair, pairs_of
from fuzz.engines import bodies
from fuzz.factors import Case, at_random
from fuzz.factors import name_of as name_of_case
from fuzz.hold import hold
from fuzz.reference import reference
from lossary.catalogue.record import Record
from lossary.errors import DomainError, LabelError
from lossary.execution.cpu import passes
from representatives import REPRESENTATIVES
from samples import arguments, predictions_of

rng = np.random.default_rng(0)


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


def some_cases() -> list[Case]:
    """Two calls of each loss, one with each framework that has kernels: of some at random, that with most new pairs."""
    dice, seen, chosen = random.Random(5), set[Pair](), list[Case]()
    for record, engine in itertools.product(REPRESENTATIVES, ("numpy compiled", "torch compiled")):
        fixed = {"loss": record.name, "axis": "last", "fault": "none"}
        calls = [call for _ in range(40) if is_compiled(call := at_random(dice, (engine,), fixed))]
        chosen.append(max(calls, key=lambda call: len(pairs_of(call) - seen)))
        seen |= pairs_of(chosen[-1])
    return chosen


def is_compiled(case: Case) -> bool:
    return case["shape"] not in ("empty", "one class") and case["entry"] in ("call", "value_and_gradient")


@pytest.mark.parametrize("case", some_cases(), ids=name_of_case)
def test_weights_masks_and_denominators(case: Case) -> None:
    hold(case)


def test_kernels_are_what_is_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls here are computed by kernels wherever llvmlite is installed."""
    pytest.importorskip("llvmlite")
    calls = []
    launched = passes.Pass.sized

    def counted(*given: Any) -> Any:
        calls.append(given)
        return launched(*given)

    monkeypatch.setattr(passes.Pass, "sized", counted)
    ls.huber(np.ones(3), np.zeros(3))
    assert len(calls) == 1


@pytest.mark.parametrize("framework", [np.array, torch.tensor], ids=["numpy", "torch"])
def test_wrong_input_is_found(framework: Any) -> None:
    with pytest.raises(LabelError, match=r"target\[1\] is 2; the labels of 2 classes are 0 to 1.*2 of 3"):
        ls.softmax_cross_entropy(framework(np.zeros((3, 2))), framework([0, 2, 5]))
    with pytest.raises(DomainError, match=r"target\[1\] is nan.*2 of 3"):
        ls.huber(framework([1.0, 2.0, 3.0]), framework([1.0, np.nan, np.nan]))
    assert np.isnan(float(ls.huber(framework([1.0, np.nan]), framework([1.0, 0.0]))))  # a prediction takes its course


@pytest.mark.parametrize(
    "record", [r for r in REPRESENTATIVES if r.kind in ("pointwise", "softmax", "row")], ids=name_of
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda d: d.__name__)
@pytest.mark.last_digits
def test_sizes_around_blocks_and_lanes(record: Record, dtype: Any) -> None:
    """Sizes below, at and above vector widths and blocks; non-uniform upstream gradients; inputs unchanged."""
    over_classes = record.kind != "pointwise"
    for size in (1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129, 1000):
        given = arguments(record, seed=size, shape=(3, min(max(size, 2), 60)) if over_classes else (size,), dtype=dtype)
        before = [array.tobytes() for array in given]
        tensors = [torch.tensor(array) for array in given]
        places = predictions_of(record)
        for i in places:
            tensors[i].requires_grad_()
        losses = ls.get(record.name)(*tensors, reduction="none")
        upstream = torch.linspace(0.1, 2.0, losses.numel(), dtype=losses.dtype).reshape(losses.shape)
        found = torch.autograd.grad(losses, [tensors[i] for i in places], upstream)
        arrays = {a.name: array[None] for a, array in zip(record.arguments, given, strict=True)}
        plain = {"reduction": "none", "axis": -1}
        names = [record.arguments[i].name for i in places]
        right = reference(record, arrays, plain, names, upstream.double().numpy()[None])
        close: dict[str, Any] = {"rtol": 1e-5, "atol": 1e-5} if dtype == np.float32 else {"rtol": 1e-11, "atol": 1e-12}
        for a, b in zip(found, right.gradients.values(), strict=True):
            np.testing.assert_allclose(a.numpy(), b[0], **close)
        np.testing.assert_allclose(losses.detach().numpy(), right.value[0], **close)
        assert [array.tobytes() for array in given] == before


@pytest.mark.last_digits
def test_results_do_not_change_from_call_to_call() -> None:
    """The same bits every time."""
    x, y = rng.normal(size=100_003).astype(np.float32), rng.normal(size=100_003).astype(np.float32)
    found = {ls.huber.value_and_gradient(x, y)[0].tobytes() for _ in range(5)}
    assert len(found) == 1


@pytest.mark.last_digits
def test_sums_are_exact_enough() -> None:
    """Half-precision inputs of 300 do not overflow, a constant sums without drift."""
    assert ls.squared_error(np.array([300.0], np.float16), np.array([0.0], np.float16)) == 90000.0
    many = np.full(1 << 20, 0.1, np.float32)
    exact = np.float64(np.float32(0.1)) ** 2
    assert ls.squared_error(many, np.zeros_like(many)) == pytest.approx(exact, rel=2e-7)
    half = torch.rand(1 << 16, generator=torch.Generator().manual_seed(0)).half()
    total = ls.squared_error(half, torch.zeros_like(half), reduction="sum")
    assert float(total) == pytest.approx(float((half.double() ** 2).sum()), rel=1e-6)


def test_what_a_mean_divides_by_is_counted_in_every_call() -> None:
    """Calls of the same shapes take a short way; how many items count is not a thing of shapes."""
    x, z = np.arange(6.0), np.zeros((4, 3))
    for kept in (1, 3, 0):
        mask = np.arange(6) < kept
        right = float(ls.huber(x, x * 0, mask=mask, reduction="sum")) / max(kept, 1)
        assert float(ls.huber(x, x * 0, mask=mask)) == pytest.approx(right)
        assert float(ls.huber(x, x * 0, mask=mask, denominator="count")) == pytest.approx(right)
        assert float(ls.huber.value_and_gradient(x, x * 0, weight=mask * 2.0)[0]) == pytest.approx(right)
    for ignored in (2, 1, 3, 4):
        labels = np.where(np.arange(4) < ignored, 1, 0)
        found = ls.softmax_cross_entropy(z, labels, ignore_label=1)
        assert float(found) == pytest.approx(np.log(3) * (ignored < 4))
        assert float(ls.huber(x, x * 0, denominator=0)) == 0.0


# Names of symbols, of variables in kernels, and of parameters in lossary's own functions.
NAMES = ("label", "tolerance", "classes", "class_index", "live", "scale", "upstream", "columns", "self", "loss", "stop")


@pytest.mark.parametrize("compiled", [True, False], ids=["kernel", "arrays"])
def test_arguments_may_have_names_that_lossary_uses_itself(compiled: bool) -> None:
    defined: dict[str, Any] = {}
    parameters = "".join(f", {name}=1.0" for name in NAMES[1:])
    exec(f"def scaled(prediction, label, *{parameters}):\n    return {' * '.join(NAMES)} * prediction", defined)
    exec(f"def product(prediction, {', '.join(NAMES)}):\n    return prediction * ({' + '.join(NAMES)})", defined)
    scaled, product = (ls.pointwise(defined[name]) for name in ("scaled", "product"))
    x, ones = np.array([3.0, 2.0], np.float32), np.ones(2, np.float32)
    with bodies(compiled):
        value, gradient = product.value_and_gradient(x, *[k * ones for k in range(len(NAMES))])
        assert (value, list(gradient[0])) == (55.0 * 5.0 / 2, [55.0 / 2] * 2)
        assert scaled(x, ones, **dict.fromkeys(NAMES[1:], 2.0)) == 2.0**10 * 5.0 / 2
