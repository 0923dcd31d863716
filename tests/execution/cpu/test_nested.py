"""Compiled loops over several axes: grouping, strides, sums, threads, and what a framework computes between them."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import lossary as ls
from lossary.catalogue.record import Record
from lossary.domains import Label, Real
from lossary.errors import LabelError
from lossary.execution.cpu import nested_run, several_axes
from lossary.execution.cpu.grouping import Chain, grouped
from lossary.execution.cpu.nested import Nest
from lossary.execution.cpu.nested_layout import ALONE, APART, BESIDE, Layout, contiguous, laid_out
from lossary.execution.cpu.nested_run import Kernel
from lossary.execution.cpu.recurrent_run import Compiled
from lossary.execution.cpu.verify import WrongKernelError
from lossary.frameworks import threads
from lossary.frameworks.face import Dimensions
from lossary.kinds.rows import is_of_rows
from lossary.symbolic import codegen
from lossary.symbolic.graph import Node, as_node, index, symbol
from lossary.vocabulary import (
    equal,
    exp,
    greatest,
    log1p,
    maximum,
    ordered,
    other,
    shifted,
    softplus,
    square,
    total,
    where,
)  # fmt: skip
from samples import arguments

Array = np.ndarray[Any, Any]
A, B, C = (symbol(name, frozenset(axes.split())) for name, axes in zip("abc", ("i j", "i j", "i"), strict=True))
AXES = Dimensions((("i", 0), ("j", 1), ("other_j", 2), ("sorted_j", 3)))
PAIRS = softplus(other(A, "j") - A) * B
FORMULAS: dict[str, tuple[Node, ...]] = {
    "places": (exp(A) * B + C,),
    "a row's sum, and its square beside the places": (square(total(A * exp(B), over="j")) * maximum(A, B) + C,),
    "sums over either axis, or both, of pairs": (
        total(PAIRS, over="j"), total(PAIRS, over="other_j"), total(total(PAIRS, over="j"), over="other_j"),
    ),
    "two loops with a sum between them": (log1p(square(A - total(exp(A - B), over="j") / 7.0)) * where(A < B, 1.0, C),),
    "an order between loops": (total(exp(ordered(exp(A * B) - C, by=A, over="j")), over="sorted_j"),),
    "a condition of one loop in another": (where(total(exp(A), over="j") < 9.0, exp(A) - B, B * B - A),),
}  # fmt: skip
LIES: dict[str, Callable[[Array], Array]] = {
    "in order": lambda a: a,
    "transposed": lambda a: np.ascontiguousarray(a.swapaxes(0, 1)).swapaxes(0, 1),
    "every other": lambda a: np.repeat(a, 2, axis=1)[:, ::2],
    "reversed": lambda a: np.ascontiguousarray(a[:, ::-1])[:, ::-1],
}


def arrays(shape: tuple[int, int], dtype: Any = np.float64) -> list[Array]:
    draw = np.random.default_rng(0)
    sizes = (*shape, 1, 1), (*shape, 1, 1), (shape[0], 1, 1, 1)
    return [draw.normal(size=size).astype(dtype) for size in sizes]


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("name", FORMULAS)
def test_the_same_as_array_operations(name: str, lie: str) -> None:
    formulas, given = FORMULAS[name], [LIES[lie](a) if a.shape[1] > 1 else a for a in arrays((3, 7))]
    found = several_axes.build(formulas, (A, B, C), "numpy")(*given, axes=AXES)
    expected = codegen.build(formulas, (A, B, C), "numpy")(*given, axes=AXES)
    for own, wanted in zip(found, expected, strict=True):
        np.testing.assert_allclose(own, wanted, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("name", FORMULAS)
def test_loops_are_found(name: str) -> None:
    steps, _ = grouped(codegen.printed(FORMULAS[name], "numpy"))
    assert sum(isinstance(step, Chain) for step in steps) >= 1


@pytest.mark.parametrize("size", [1, 511, 512, 513, 2000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sums_of_any_length(size: int, dtype: Any) -> None:
    """Sums are as exact as sums of float64."""
    given = arrays((2, size), dtype)
    (found,) = several_axes.build((total(A * exp(B) * C, over="j"),), (A, B, C), "numpy")(*given, axes=AXES)
    a, b, c = (np.asarray(each, np.float64) for each in given)
    exact = (a * np.exp(b) * c).sum(1, keepdims=True)
    np.testing.assert_allclose(found, exact, rtol=0, atol=4 * np.finfo(dtype).eps * abs(exact).max() + 1e-15)


def test_nothing_along_an_axis() -> None:
    given = arrays((0, 4))
    for formula in FORMULAS["sums over either axis, or both, of pairs"][:2]:
        (found,) = several_axes.build((formula,), (A, B, C), "numpy")(*given, axes=AXES)
        assert found.size == 0


def test_one_place() -> None:
    """Strides along an axis of one place say nothing about how arrays lie."""
    given = [torch.tensor(a) for a in arrays((1, 1))]
    formulas = (softplus(C - A) * B + C, total(A * exp(B), over="j"))
    found = several_axes.build(formulas, (A, B, C), "eager")(*given, axes=AXES)
    expected = codegen.build(formulas, (A, B, C), "eager")(*given, axes=AXES)
    torch.testing.assert_close(found, expected)


DRAW = np.random.default_rng(1)
LARGE = {
    "ranknet": (DRAW.normal(size=(64, 90)), DRAW.integers(0, 4, (64, 90))),
    "cumulative_link": (DRAW.normal(size=50_000), DRAW.integers(0, 9, 50_000), np.arange(8.0)),
    "ctc": (DRAW.normal(size=(8, 90, 5)), DRAW.integers(1, 5, (8, 60))),
}


@pytest.mark.parametrize("name", LARGE)
def test_threads_change_no_bit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "count", lambda: 1)
    alone = ls.get(name).value_and_gradient(*LARGE[name])
    monkeypatch.setattr(threads, "count", lambda: 4)
    together = ls.get(name).value_and_gradient(*LARGE[name])
    for one, same in zip(_flat(alone), _flat(together), strict=True):
        np.testing.assert_array_equal(one, same)


def _flat(result: Any) -> list[Any]:
    """Return a value and its gradients, of which there may be several."""
    return [one for part in result for one in (part if isinstance(part, tuple) else [part])]


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The loops and recurrences that are run."""
    found: list[Any] = []
    for kind, run in ((Kernel, Kernel.run), (Compiled, Compiled.run)):

        def counted(self: Any, *arguments: Any, run: Any = run) -> None:
            found.append(self)
            run(self, *arguments)

        monkeypatch.setattr(kind, "run", counted)
    return found


@pytest.mark.parametrize("record", [r for r in ls.losses() if r.axes and not is_of_rows(r)], ids=lambda r: r.name)
def test_losses_are_computed_by_loops(record: Record, loops: list[Any]) -> None:
    """On NumPy and PyTorch; the values are held to definitions elsewhere."""
    for make in (np.asarray, torch.tensor):
        loops.clear()
        ls.get(record.name).value_and_gradient(*map(make, arguments(record)))
        assert loops
    if record.name == "ctc":
        assert sum(isinstance(one, Compiled) for one in loops) == 2  # forward and backward


def test_parameters_that_learn_are_computed_by_loops(loops: list[Any]) -> None:
    x, scale = torch.randn(5, 3, requires_grad=True), torch.tensor(10.0, requires_grad=True)
    loss = ls.siglip(x, x.detach(), scale=scale)
    forward = len(loops)
    loss.backward()
    assert 0 < forward < len(loops)


NAMES = """
from lossary.execution.cpu import nested_run, recurrent_run
import numpy, sys, lossary
from lossary.vocabulary import last, recurrence
texts = []
for module in (nested_run, recurrent_run):
    module.compile_kernel = lambda text, *more, made=module.compile_kernel: (texts.append(text), made(text, *more))[1]
if sys.argv[1:]:
    formula = lambda prediction, target: last(recurrence(lambda s: s + prediction, 0.0, over="time"), over="time")
    lossary.loss(axes=dict.fromkeys(("prediction", "target"), "item time"))(formula)
lossary.vicreg.value_and_gradient(*numpy.ones((2, 5, 3)))
lossary.ctc.value_and_gradient(numpy.zeros((2, 4, 3)), [[1], [2]])
import hashlib
print(*sorted(hashlib.sha256(text.encode()).hexdigest() for text in texts))
"""


def test_kernels_are_the_same_in_every_process() -> None:
    """Whatever the order of Python's sets, and what was traced before: else none would be found on disk."""
    found = set()
    for seed, more in (("1", []), ("2", ["another recurrence first"])):
        command = [sys.executable, "-c", NAMES, *more]
        done = subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found.add(done.stdout)
    assert len(found) == 1
    assert len(found.pop().split()) > 4


def test_inputs_stay_as_they_are() -> None:
    x, y = (torch.randn(6, 4, dtype=torch.float64) for _ in range(2))
    kept = x.clone(), y.clone()
    ls.vicreg.value_and_gradient(x, y)
    assert torch.equal(x, kept[0])
    assert torch.equal(y, kept[1])


def layout_of(shape: tuple[int, ...], strides: list[tuple[int, ...]]) -> Layout:
    return laid_out(shape, strides, [shape], frozenset())


def test_axes_are_merged_where_all_lie_alike() -> None:
    layout = layout_of((2, 3, 1, 5), [(15, 5, 7, 1), (15, 5, 0, 1), (1, 0, 0, 0)])
    assert layout.lengths == (2, 15)
    assert layout.lies == ((APART, BESIDE), (APART, BESIDE), (BESIDE, ALONE))
    assert layout_of((4, 2), [(1, 4)]).lies == ((APART, APART),)


def test_axes_that_only_some_loops_go_over_are_kept_apart() -> None:
    layout = laid_out((2, 3, 5), [(15, 5, 1)], [(2, 3, 5), (2, 1, 1)], frozenset())
    assert layout.lengths == (2, 15)
    assert layout.spans == ((True, True), (True, False))


def test_a_short_innermost_axis_is_exchanged_for_a_long_one() -> None:
    """Where no array then lies by a stride along the places of a group, such as one of both axes."""
    layout = layout_of((900, 8), [(1, 0), (0, 1), (1, 0)])
    assert layout.turned
    assert layout.lies == ((BESIDE, ALONE), (ALONE, BESIDE), (BESIDE, ALONE))
    assert layout.groups == 2
    for lengths, strides in [((900, 8), (8, 1)), ((900, 64), (1, 0)), ((64, 8), (1, 0))]:
        assert not layout_of(lengths, [strides, (0, 1)]).turned


def test_buffers_have_room_for_one_group() -> None:
    shapes = [(900, 8), (900, 1)]
    strides = [(1, 0), (0, 1), *map(contiguous, shapes)]
    layout = laid_out((900, 8), strides, shapes, frozenset((2, 3)))
    assert layout.turned
    assert layout.sizes == [0, 0, 512 * 8, 512]
    rows = laid_out((900, 1024), [(1024, 1), (1024, 1), (1, 0)], [(900, 1024)], frozenset((1, 2)))
    assert rows.sizes == [0, rows.group * 1024, rows.group]
    assert rows.groups * rows.group >= 900


@pytest.mark.parametrize("size", [65, 511, 512, 513, 1500])
@pytest.mark.parametrize("part", [1, 700, 1 << 18])
def test_sums_of_exchanged_axes(size: int, part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever part of the places has sums of its own: along either axis, and both."""
    monkeypatch.setattr(nested_run, "PART", part)
    monkeypatch.setattr(nested_run, "LEAST", 1)
    d = symbol("d", frozenset("j"))
    pairs = square(C - d) * exp(d)
    formulas = (total(pairs, over="j"), total(pairs, over="i"), total(total(pairs, over="j"), over="i"))
    draw = np.random.default_rng(0)
    given = draw.normal(size=(size, 1, 1, 1)), draw.normal(size=(1, 5, 1, 1))
    found = several_axes.build(formulas, (C, d), "numpy")(*given, axes=AXES)
    expected = codegen.build(formulas, (C, d), "numpy")(*given, axes=AXES)
    for own, wanted in zip(found, expected, strict=True):
        np.testing.assert_allclose(own, wanted, rtol=1e-13)


def test_many_sums_are_not_kept_for_each_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Together they would be as large as the array that is summed."""
    monkeypatch.setattr(nested_run, "PART", 1 << 12)
    formula = (total(square(A) * exp(A), over="i"),)
    given = (np.random.default_rng(0).normal(size=(64, 1 << 13, 1, 1)),)
    summed = several_axes.build(formula, (A,), "numpy")
    (expected,) = summed(*given, axes=AXES)
    tracemalloc.start()
    (found,) = summed(*given, axes=AXES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(found, expected)
    assert peak < given[0].nbytes / 8


def test_a_wrong_kernel_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    lies, y = ((APART, BESIDE),) * 3, symbol("y", frozenset("ij"))
    spans, read = ((True, True),), ("float64",) * 2
    nest = Nest(((exp(A) - B,),), (A, B), (y,), ("",), frozenset(), spans, lies, False, "float64", read)
    wrong = nest.text.replace(" - x_b", " + x_b")
    assert wrong != nest.text
    monkeypatch.setattr(Nest, "text", wrong)
    with pytest.raises(WrongKernelError, match="on a sample it gives"):
        Kernel(replace(nest))


def test_loops_that_share_an_axis_are_one_kernel(loops: list[Any]) -> None:
    """Maxima and sums of rows, and what depends on them; a NaN is the maximum of its row, whatever its sign."""
    top = greatest(A * B, over="j")
    share = exp(A * B - top)
    formulas = (share / total(share, over="j"), top + C)
    for size in (7, 600):
        given = arrays((40, size))
        given[0][3, 2], given[0][4, size - 1] = np.nan, -np.nan
        found = several_axes.build(formulas, (A, B, C), "numpy")(*given, axes=AXES)
        expected = codegen.build(formulas, (A, B, C), "numpy")(*given, axes=AXES)
        for own, wanted in zip(found, expected, strict=True):
            np.testing.assert_allclose(own, wanted, rtol=1e-13)
    assert len({id(one) for one in loops}) == 1


def test_a_sum_that_chooses_a_value_needs_no_float64() -> None:
    """Of one place at most if the other side is the same for the whole row; else it is a sum like others."""
    place, columns = index("j"), np.arange(700, dtype=np.float32).reshape(1, 700, 1, 1)
    chosen, several = (total(where(equal(place + 1.0, by), A * B, 0.0), over="j") for by in (C, A))
    steps, _ = grouped(codegen.printed((exp(chosen), several), "numpy"))
    ends = [loop.ends for step in steps if isinstance(step, Chain) for loop in step.loops]
    assert sorted(end for one in ends for end in one if end) == ["chosen", "total"]
    a, b, _ = arrays((3, 700), np.float32)
    label = np.array([1.0, 700.0, 0.0], np.float32).reshape(3, 1, 1, 1)
    (found,) = several_axes.build((chosen,), (A, B, C, place), "numpy")(a, b, label, columns, axes=AXES)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found.ravel(), [(a * b)[0, 0].item(), (a * b)[1, 699].item(), 0.0])


def test_loops_of_one_item_are_not_grouped() -> None:
    """Each loop has a kernel of its own then, whose threads share the axis that is left."""
    formulas = (A * exp(B) / total(exp(B), over="j") + C,)
    given = arrays((1, 900))
    found = several_axes.build(formulas, (A, B, C), "numpy")(*given, axes=AXES)
    expected = codegen.build(formulas, (A, B, C), "numpy")(*given, axes=AXES)
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8, np.uint64])
@pytest.mark.parametrize("dtype_of_predictions", [np.float32, np.float64])
def test_labels_are_read_as_they_are(dtype: Any, dtype_of_predictions: Any, loops: list[Any]) -> None:
    """Without a copy, if their dtype is int64; also if they do not lie side by side."""
    thresholds = np.linspace(-2.0, 2.0, 7).astype(dtype_of_predictions)
    levels, predictions = np.arange(2000) % 8, np.linspace(-3.0, 3.0, 2000).astype(dtype_of_predictions)
    expected = ls.cumulative_link(predictions.astype(float), levels.astype(float), thresholds, reduction="none")
    wide = np.zeros((2000, 3), dtype)
    wide[:, 1] = levels
    for labels in (levels.astype(dtype), wide[:, 1], wide[::-1, 1][::-1]):
        loops.clear()
        found = ls.cumulative_link(predictions, labels, thresholds, reduction="none")
        assert any("int64" in one.nest.read for one in loops) == (dtype == np.int64)
        np.testing.assert_allclose(found, expected, rtol=1e-5 if dtype_of_predictions == np.float32 else 1e-12)


@pytest.mark.parametrize("wrong", [-1, 8, 2**32, 2**40 + 1, -(2**63), 2**63 - 1])
def test_labels_out_of_range_are_found(wrong: int) -> None:
    levels = np.arange(2000) % 8
    levels[1234] = wrong
    with pytest.raises(LabelError, match=r"target\[1234\] is"):
        ls.cumulative_link(np.zeros(2000, np.float32), levels, np.linspace(-2.0, 2.0, 7, dtype=np.float32))


def test_what_is_prepared_for_a_way_to_lie_serves_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shapes, strides and dtypes come and go, and only some of them are kept."""
    monkeypatch.setattr(several_axes, "SHAPES", 2)
    formulas = (A * exp(B) / total(exp(B), over="j") + C,)
    loops = several_axes.build(formulas, (A, B, C), "numpy")
    plain = codegen.build(formulas, (A, B, C), "numpy")
    for size, lie, dtype in 2 * list(itertools.product((3, 70), LIES.values(), (np.float32, np.float64))):
        given = [lie(array) for array in arrays((size, 5), dtype)]
        (found,), (expected,) = loops(*given, axes=AXES), plain(*given, axes=AXES)
        assert found.dtype == dtype
        np.testing.assert_allclose(found, expected, rtol=1e-13 if dtype == np.float64 else 1e-5)


def test_loops_of_the_same_formula_along_other_dimensions(loops: list[Any]) -> None:
    formulas, other_way = (total(A * exp(B) + square(B) - A, over="j"),), Dimensions((("i", 1), ("j", 0)))
    by_loops, plain = (make(formulas, (A, B, C), "numpy") for make in (several_axes.build, codegen.build))
    given = *(array.reshape(8, 8) for array in arrays((8, 8))[:2]), np.ones((8, 1))
    for axes in (AXES, other_way, AXES):
        np.testing.assert_allclose(by_loops(*given, axes=axes)[0], plain(*given, axes=axes)[0], rtol=1e-13)
    assert loops  # one more where the kernel is compiled and checked


@pytest.mark.parametrize("make", [np.asarray, torch.tensor])
def test_labels_among_operations_are_numbers_of_the_predictions_dtype(make: Any) -> None:
    @ls.loss(axes={"prediction": "item", "target": "item"}, lengths={"class": lambda item: item + 1})
    def plain(prediction: Real, target: Label) -> Node:
        return square(prediction - target)

    @ls.loss(axes={"scores": "item class", "target": "item slot"})
    def stepping(scores: Real, target: Label) -> Node:
        before = total(exp(shifted(as_node(target), "slot", fill=-0.5)), over="slot")
        return before * total(square(scores), over="class")

    scores, target = np.ones((3, 4), np.float32), np.array([[0, 1], [2, 3], [3, 0]])
    found = plain(make(scores[:, 0]), make(target[:, 1]), reduction="none")
    assert str(found.dtype).endswith("float32")
    np.testing.assert_array_equal(found, [0.0, 4.0, 1.0])
    found = stepping(make(scores), make(target), reduction="none")
    assert str(found.dtype).endswith("float32")
    np.testing.assert_allclose(found, 4.0 * (np.exp(-0.5) + np.exp([0.0, 2.0, 3.0])), rtol=1e-6)
