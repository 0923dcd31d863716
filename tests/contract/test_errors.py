"""Calls that cannot be right, and arrays of every kind that can: what is raised, what is read, and nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest
import torch

import lossary as ls
import lossary.torch
from arrays import FRAMEWORKS, Framework
from contract.wrong_calls import FORMULAS, FRAMEWORK_CALLS, WRONG, Wrong
from lossary.catalogue.record import Record
from lossary.errors import (
    ArgumentError,
    ArgumentTypeError,
    DomainError,
    FormulaError,
    LabelError,
    LossaryError,
    ShapeError,
    UnknownLossError,
)
from representatives import REPRESENTATIVES
from samples import arguments, setting

pytestmark = pytest.mark.usefixtures("portable")
X, Y = [1.0, 2.0, 3.0], [1.0, 2.0, 4.0]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_the_error_says_all(wrong: Wrong) -> None:
    _says_all(wrong)


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("wrong", FRAMEWORK_CALLS, ids=repr)
def test_the_error_says_all_on_every_framework(wrong: Wrong, framework: Framework) -> None:
    _says_all(wrong, A=lambda value: framework.make(np.asarray(value, np.float32) if _is_float(value) else value))


def _is_float(value: Any) -> bool:
    return np.asarray(value).dtype == np.float64


def _says_all(wrong: Wrong, **names: Any) -> None:
    with pytest.raises(LossaryError) as caught:
        wrong.call(**names)
    assert type(caught.value) is wrong.error or (isinstance(caught.value, wrong.error) and wrong.error is ArgumentError)
    assert isinstance(caught.value, ValueError | TypeError)
    message = str(caught.value)
    assert [part for part in wrong.says if part not in message] == [], message
    assert message.endswith((".", ")", "?")) or wrong.error is UnknownLossError
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(("formula", "says"), [row[1:] for row in FORMULAS], ids=[row[0] for row in FORMULAS])
def test_a_formula_that_is_none(formula: Any, says: tuple[str, ...]) -> None:
    with pytest.raises(FormulaError) as caught:
        ls.pointwise(formula)
    message = str(caught.value)
    assert [part for part in says if part not in message] == [], message
    assert "\n" not in message


def test_functions_of_every_kind_are_formulas() -> None:
    scale = np.float64(2.0)

    class Holder:
        def method(self, prediction: Any, target: Any) -> Any:
            return scale * (prediction - target)

        @staticmethod
        def static(prediction: Any, target: Any, /) -> Any:
            return np.float32(2.0) * (prediction - target)

    async def waits(prediction: Any, target: Any) -> Any:
        return prediction - target

    def misspelt(prediction: Undefined, target: Any) -> Any:  # type: ignore[name-defined]  # noqa: F821
        return prediction - target

    def endless(prediction: Any, target: Any) -> Any:
        return endless(prediction, target) + 1.0

    for formula in (Holder().method, Holder.static, lambda prediction, target: scale * (prediction - target)):
        assert ls.pointwise(formula)([3.0], [1.0]) == 4.0
    for formula, says in ((waits, "async"), (misspelt, "'Undefined' is not defined"), (endless, "recursion")):
        with pytest.raises(FormulaError, match=says):
            ls.pointwise(formula)


def test_tables_are_arrays() -> None:
    pandas = pytest.importorskip("pandas")
    column, other = pandas.Series(X), pandas.Series(Y, index=[7, 8, 9])  # by position, as arrays are
    assert ls.squared_error(column, other) == ls.squared_error(X, Y)
    assert ls.squared_error(pandas.DataFrame({"a": X}), pandas.DataFrame({"a": Y})) == ls.squared_error(X, Y)


def test_out_must_be_writable_and_apart() -> None:
    buffer = np.zeros(3)
    buffer.flags.writeable = False
    with pytest.raises(ArgumentError, match="written"):
        ls.huber.value_and_gradient(X, Y, out=buffer)
    x = np.array(X)
    for out in (x, x[::-1]):
        with pytest.raises(ArgumentError, match="shares memory"):
            ls.huber.value_and_gradient(x, np.array(Y), out=out)
    with pytest.raises(ArgumentError, match="shares memory"):
        ls.huber.value_and_gradient(torch.tensor(X), t := torch.tensor(Y), out=t)
    both = np.zeros(4)
    with pytest.raises(ArgumentError, match="each gradient needs its own"):
        ls.gaussian_nll.value_and_gradient(X, Y, Y, out=(both[:3], both[1:]))
    apart = torch.zeros(2, 3, dtype=torch.float64)  # rows of one storage are apart
    tensors = [torch.tensor(x, dtype=torch.float64) for x in (X, Y, Y)]
    ls.gaussian_nll.value_and_gradient(*tensors, out=tuple(apart))
    for row, right in zip(apart, ls.gaussian_nll.value_and_gradient(*tensors)[1], strict=True):
        torch.testing.assert_close(row, right)


@pytest.mark.parametrize(
    ("x", "out"),
    [
        (np.ones(3), np.lib.stride_tricks.as_strided(np.zeros(4), (3,), (0,))),
        (np.ones(3), np.lib.stride_tricks.as_strided(np.zeros(4), (3,), (4,))),  # half a number apart
        (np.ones((3, 2)), np.lib.stride_tricks.sliding_window_view(np.zeros(4), 2, writeable=True)),
        (torch.ones(3), torch.zeros(1).expand(3)),
        (torch.ones(3, 2), torch.zeros(4).as_strided((3, 2), (1, 1))),
    ],
    ids=["one number", "bytes", "windows", "one number of PyTorch", "windows of PyTorch"],
)
def test_elements_of_out_are_apart(x: Any, out: Any) -> None:
    with pytest.raises(ArgumentError, match="each element must have memory of its own"):
        ls.huber.value_and_gradient(x, x + 1.0, out=out)


def test_out_may_have_gaps_and_any_order() -> None:
    out = np.zeros((4, 6))[::2, ::-2].T
    ls.huber.value_and_gradient(np.ones((3, 2)), np.zeros((3, 2)), out=out)
    assert (out == 1 / 6).all()


def test_a_turned_array_is_not_to_be_reshaped() -> None:
    """A reshape would make it fit, with the numbers in other places."""
    for target in (np.zeros((3, 2)), np.zeros((3, 1, 2))):
        with pytest.raises(ShapeError, match=r"\(2, 3\) and target \(3, ") as caught:
            ls.squared_error(np.zeros((2, 3)), target)
        assert "reshape" not in str(caught.value)


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_an_array_that_stands_for_many(framework: Framework) -> None:
    """Nothing is broadcast, but the error says how to do it with this framework; what it says is right."""
    whole, part = framework.make(np.ones((2, 3, 4), np.float32)), framework.make(np.ones((1, 1, 4), np.float32))
    remedy = {
        "numpy": "numpy.broadcast_to(variance, (2, 3, 4))",
        "torch": "variance.expand(2, 3, 4)",
        "jax": "jax.numpy.broadcast_to(variance, (2, 3, 4))",
    }[framework.name]
    for variance in (part, framework.make(np.float32(1.0))):
        with pytest.raises(ShapeError) as caught:
            ls.gaussian_nll(whole, whole, variance)
        assert f"If it is the same for all, use {remedy}." in str(caught.value)
        ls.gaussian_nll(whole, whole, eval(remedy, {"numpy": np, "jax": jax, "variance": variance}))


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize("shape", [(4,), (1,), (3, 1), (3, 4), (2,)], ids=str)
def test_an_array_of_fewer_dimensions_that_stands_for_many(framework: Framework, shape: tuple[int, ...]) -> None:
    whole, part = (framework.make(np.ones(n, np.float32)) for n in ((2, 3, 4), shape))
    with pytest.raises(ShapeError, match=r"If it is the same for all, use .*reshape") as caught:
        ls.gaussian_nll(whole, whole, part)
    remedy = str(caught.value).partition("for all, use ")[2].removesuffix(".")
    names = {"numpy": np, "jax": jax, "variance": part}
    assert np.isfinite(float(ls.gaussian_nll(whole, whole, eval(remedy, names))))


def test_a_shape_that_fits_nowhere_has_no_remedy() -> None:
    with pytest.raises(ShapeError, match=r"nothing is broadcast\.$"):
        ls.gaussian_nll(np.ones((2, 3)), np.ones((2, 3)), np.ones(4))
    with pytest.raises(ShapeError) as caught:
        ls.linear_cross_entropy(np.ones((5, 4)), np.ones((2, 4)), [0, 1])
    assert "axis" not in str(caught.value)


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize(
    "record", [r for r in REPRESENTATIVES if r.parameters and r.kind != "pairs"], ids=lambda r: r.name
)
def test_a_parameter_has_the_shapes_of_a_weight(record: Record, framework: Framework) -> None:
    """A number in any form, or an array with all dimensions of the unreduced loss; never one with fewer."""
    arrays, loss = arguments(record, dtype=np.float32), ls.get(record.name)
    given, axis = [*map(framework.make, arrays)], {"axis": -1} if record.kind == "overlap" else {}
    items = loss(*arrays, reduction="none", **axis).shape

    def call(*shape: int) -> Any:
        parameter = record.parameters[0]
        values = framework.make(np.full(shape, setting(parameter, 0.5), np.float32))
        return loss(*given, **axis, **{parameter.name: values})

    number = framework.numpy(call())
    for shape in (items, (1, *items[1:]), (*items[:-1], 1)):
        np.testing.assert_allclose(framework.numpy(call(*shape)), number, rtol=1e-6)
    for shape in (items[1:], items[:1]):
        calls = [call, lambda *n: jax.jit(lambda: call(*n))()] if framework.name == "jax" else [call]
        for wrong in calls:
            with pytest.raises(ShapeError, match=r"of 2 dimensions that broadcasts to it; got .* Use \w+.reshape\("):
                wrong(*shape)


def test_a_parameter_of_fewer_dimensions_in_a_compiled_function() -> None:
    torch._dynamo.reset()
    compiled = torch.compile(lambda x, d: ls.huber(x, x, delta=d), backend="eager")
    with pytest.raises(Exception, match=r"delta.reshape\(1, 2\)"):
        compiled(torch.ones(3, 2), torch.ones(2))


def test_options_of_a_module_have_names() -> None:
    modules: Any = lossary.torch
    calls: list[tuple[Callable[[], Any], str]] = [
        (lambda: modules.Huber(2.0), r"Huber\(delta=2.0\)"),
        (
            lambda: modules.SquaredError("sum"),
            r"takes its options by name: SquaredError\(reduction='sum'\)",
        ),
        (lambda: modules.SoftmaxCrossEntropy("none"), r"SoftmaxCrossEntropy\(reduction='none'\)"),
        (lambda: modules.Huber("count"), r"Huber\(denominator='count'\)"),
        (lambda: modules.SquaredError("mse"), "SquaredError takes its options by name: weight, mask, reduction"),
        (lambda: modules.Huber(torch.ones(2), torch.ones(2)), r"Huber\(\)\(prediction, target\)"),
    ]
    for call, says in calls:
        with pytest.raises(ArgumentTypeError, match=says):
            call()


def test_an_error_is_found_in_a_strided_array() -> None:
    target = np.zeros((4, 6))[:, ::2]
    target[2, 1] = np.nan
    with pytest.raises(DomainError, match=r"target\[2, 1\] is nan"):
        ls.squared_error(np.zeros((3, 4)).T, target)


def test_errors_with_torch_are_the_same() -> None:
    for value in (torch.zeros(3, 2), torch.zeros(3, 2, requires_grad=True)):
        with pytest.raises(LabelError, match=r"target\[1\] is 2; the labels of 2 classes are 0 to 1.*2 of 3"):
            ls.softmax_cross_entropy(value, torch.tensor([0, 2, 5]))
        with pytest.raises(DomainError, match=r"weight\[1\] is -1"):
            ls.softmax_cross_entropy(value, torch.tensor([0, 1, 1]), weight=torch.tensor([1.0, -1.0, 1.0]))


UNSIGNED = {"uint8": 255, "uint16": 2**16 - 1, "uint32": 2**32 - 1, "uint64": 2**64 - 1}


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.parametrize(("dtype", "largest"), UNSIGNED.items(), ids=UNSIGNED.keys())
@pytest.mark.parametrize("name", ["softmax_cross_entropy", "softmax_focal", "categorical_cross_entropy"])
def test_unsigned_labels_never_become_negative(name: str, dtype: str, largest: int, framework: Framework) -> None:
    loss, valid = ls.get(name), np.array([True, False])
    with jax.enable_x64(dtype == "uint64"):
        rows, mask = framework.make(np.full((2, 4), 0.25, np.float32)), framework.make(valid)
        expected = loss(rows, framework.make(np.array([0, 1])), mask=mask)
        for ignored in (-1, -100):
            label = largest + 1 + ignored
            labels = framework.make(np.array([0, label], dtype))
            widest = np.iinfo(np.int32 if framework.name == "jax" and dtype != "uint64" else np.int64).max
            shown = f"{widest} or more" if label > widest else label
            for compute in (loss, loss.value_and_gradient, loss.total):
                with pytest.raises(LabelError, match=rf"target\[1\] is {shown}; the labels of 4 classes are 0 to 3"):
                    compute(rows, labels, ignore_label=ignored)
            assert loss(rows, labels, mask=mask) == expected
            if framework.name == "jax":
                assert np.isnan(jax.jit(loss.configure(ignore_label=ignored))(rows, labels))


# --- arrays as users have them -------------------------------------------------------------------------------------

MADE: dict[str, Callable[[Any], Any]] = {
    "read-only": lambda a: _read_only(a.copy()),
    "column-major": np.asfortranarray,
    "every second": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "backwards": lambda a: a[::-1].copy()[::-1],
    "big-endian": lambda a: a.astype(a.dtype.newbyteorder(">")),
    "nested lists": lambda a: a.tolist(),
    "half": lambda a: a.astype(np.float16),
    "single": lambda a: a.astype(np.float32),
    "broadcast": lambda a: np.broadcast_to(a[:1], a.shape),
    "memory view": lambda a: memoryview(np.ascontiguousarray(a).data),
}  # fmt: skip


def _read_only(array: Any) -> Any:
    array.flags.writeable = False
    return array


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


@pytest.mark.parametrize("how", MADE)
@pytest.mark.parametrize("record", REPRESENTATIVES, ids=name_of)
def test_any_array_is_read_and_none_is_changed(record: Record, how: str) -> None:
    given = [MADE[how](array) for array in arguments(record)]
    plain = [np.array(array, np.float64) for array in given]
    before = [np.array(array).tobytes() for array in given]
    loss, digits = ls.get(record.name), {"half": 3, "single": 5}.get(how, 12)
    for reduction in ("mean", "none"):
        value, gradient = loss.value_and_gradient(*given, reduction=reduction)
        right, slope = loss.value_and_gradient(*plain, reduction=reduction)
        np.testing.assert_allclose(
            value, right, rtol=2 * 10.0 ** -min(digits + 2, 12), atol=1e-6 if digits < 12 else 1e-14
        )
        pairs = zip(*(g if isinstance(g, tuple) else (g,) for g in (gradient, slope)), strict=True)
        for found, exact in pairs:
            np.testing.assert_allclose(found, exact, rtol=10.0**-digits, atol=10.0**-digits * np.max(abs(exact)))
            assert found.dtype == (np.float16 if how == "half" else np.float32 if how == "single" else np.float64)
        assert value.dtype == (np.float32 if how in ("half", "single") else np.float64)
    assert [np.array(array).tobytes() for array in given] == before


@pytest.mark.parametrize("record", [r for r in REPRESENTATIVES if r.kind in ("pointwise", "overlap")], ids=name_of)
def test_single_numbers_and_empty_arrays(record: Record) -> None:
    loss, arrays = ls.get(record.name), arguments(record)
    numbers = [float(array.flat[0]) for array in arrays]
    value, gradient = loss.value_and_gradient(*numbers)
    first = gradient[0] if isinstance(gradient, tuple) else gradient
    assert np.shape(value) == first.shape == ()
    assert float(value) == float(loss(*([x] for x in numbers)))
    assert np.shape(loss(*numbers, reduction="none")) == ()
    empty = [np.zeros((0, 3)) for _ in arrays]
    value, gradient = loss.value_and_gradient(*empty)
    first = gradient[0] if isinstance(gradient, tuple) else gradient
    assert (float(value), first.shape) == (0.0, (0, 3))
    assert loss(*empty, reduction="sum") == 0.0


@pytest.mark.parametrize("record", [r for r in REPRESENTATIVES if r.kind in ("row", "softmax", "overlap")], ids=name_of)
def test_an_axis_is_any_integer(record: Record) -> None:
    """As NumPy's functions return it, too."""
    loss, given = ls.get(record.name), arguments(record)
    assert loss(*given, axis=np.int64(-1)) == loss(*given, axis=-1)


def test_integers_and_booleans_are_numbers() -> None:
    assert ls.squared_error(np.array([3, 0], np.uint8), np.array([1, 1], np.uint8)) == 2.5  # not 0 - 1 = 255
    assert ls.binary_cross_entropy(np.array([0.5]), np.array([True])) == pytest.approx(np.log(2))
    assert ls.squared_error(np.array([2]), np.array([1])).dtype == np.float64
    assert ls.squared_error(torch.tensor([3, 0], dtype=torch.uint8), torch.tensor([1, 1], dtype=torch.uint8)) == 2.5
