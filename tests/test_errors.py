"""Calls that cannot be right: which error, and that its message has the argument, the first bad value, how many, the remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from jax import numpy as jnp

import lossary as ls
from lossary.errors import (
    ArgumentError, ArgumentTypeError, DomainError, EmptyError, LabelError, LossaryError, NotAdditiveError, ShapeError,
    UnknownLossError,
)  # fmt: skip
from lossary.record import Record
from samples import arguments

pytestmark = pytest.mark.usefixtures("portable")
X, Y = [1.0, 2.0, 3.0], [1.0, 2.0, 4.0]
Z, ROWS = np.zeros((3, 2)), [0, 1, 1]
P, T = [0.5, 0.25, 1.0], [1.0, 0.0, 1.0]
HALVES = np.full((2, 2), 0.5)


@dataclass(frozen=True)
class Wrong:
    """A call, the error that it raises, and what the message has to say."""

    name: str
    call: Callable[[], Any]
    error: type[LossaryError]
    says: tuple[str, ...]


WRONG = [
    # shapes
    Wrong("column", lambda: ls.huber(np.zeros((4, 1)), np.zeros(4)), ShapeError, ("huber", "(4, 1)", "(4,)", "squeeze(-1)")),
    Wrong("row", lambda: ls.squared_error(np.zeros(4), np.zeros((4, 1))), ShapeError, ("target", "(4, 1)", "target.squeeze(-1)")),
    Wrong("one more", lambda: ls.squared_error(X, [1.0, 2.0]), ShapeError, ("prediction has shape (3,)", "target (2,)", "nothing is broadcast")),
    Wrong("scalar target", lambda: ls.squared_error(X, 1.0), ShapeError, ("(3,)", "()")),
    Wrong("third array", lambda: ls.gaussian_nll(X, Y, [1.0]), ShapeError, ("variance", "(1,)")),
    Wrong("labels", lambda: ls.softmax_cross_entropy(Z, [0, 1]), ShapeError, ("target", "(2,)", "(3,) labels", "(3, 2) probabilities")),
    Wrong("label column", lambda: ls.softmax_cross_entropy(Z, [[0], [1], [1]]), ShapeError, ("(3, 1)", "(3,) labels", "squeeze(-1)")),
    Wrong("no classes", lambda: ls.softmax_cross_entropy(np.zeros((3, 0)), ROWS), ShapeError, ("no classes", "(3, 0)")),
    Wrong("no axis", lambda: ls.softmax_cross_entropy(0.0, 0), ShapeError, ("axis", "0 dimensions")),
    Wrong("axis", lambda: ls.softmax_cross_entropy(Z, ROWS, axis=2), ShapeError, ("axis is 2", "2 dimensions")),
    Wrong("two axes", lambda: ls.softmax_cross_entropy(Z, ROWS, axis=(0, 1)), ShapeError, ("axis", "one axis")),
    Wrong("pairs", lambda: ls.info_nce(X, Y), ShapeError, ("one embedding a row",)),
    Wrong("short weight", lambda: ls.squared_error(Z, Z, weight=[1.0, 2.0]), ShapeError, ("weight", "(2,)", "(3, 2)")),
    Wrong("weight per class", lambda: ls.softmax_cross_entropy(Z, ROWS, weight=np.ones((3, 2))), ShapeError, ("weight", "(3, 2)", "(3,)")),
    Wrong("mask", lambda: ls.squared_error(X, Y, mask=[True, False]), ShapeError, ("mask", "(2,)", "(3,)")),
    Wrong("class weights", lambda: ls.softmax_cross_entropy(Z, ROWS, class_weight=[1.0] * 3), ShapeError, ("class_weight", "(3,)", "2 classes")),
    Wrong("denominator", lambda: ls.squared_error(X, Y, denominator=np.ones(3)), ShapeError, ("denominator", "(3,)", "one number")),
    Wrong("parameter", lambda: ls.huber(X, Y, delta=np.ones(2)), ShapeError, ("delta", "(2,)")),
    # values
    Wrong("label", lambda: ls.softmax_cross_entropy(Z, [0, 2, 5]), LabelError, ("target[1] is 2", "2 classes are 0 to 1", "2 of 3")),
    Wrong("minus one", lambda: ls.softmax_cross_entropy(Z, [0, 1, -1]), LabelError, ("target[2] is -1", "0 to 1", "1 of 3")),
    Wrong("minus hundred", lambda: ls.softmax_cross_entropy(Z, [-100, 1, 1]), LabelError, ("target[0] is -100", "ignore_label=-100")),
    Wrong("other ignored", lambda: ls.softmax_cross_entropy(Z, [-100, -1, 1], ignore_label=-1), LabelError, ("target[0] is -100",)),
    Wrong("probability", lambda: ls.binary_cross_entropy([0.5, 1.2, -3.0], T), DomainError, ("probability[1] is 1.2", "[0, 1]", "2 of 3", "logits")),
    Wrong("target", lambda: ls.sigmoid_cross_entropy(X, [0.0, 2.0, 1.0]), DomainError, ("target[1] is 2", "1 of 3")),
    Wrong("two-dimensional", lambda: ls.dice(HALVES, [[0.0, 1.0], [-1.0, 0.0]]), DomainError, ("target[1, 0] is -1",)),
    Wrong("NaN target", lambda: ls.squared_error(X, [1.0, np.nan, np.nan]), DomainError, ("target[1] is nan", "mask=", "2 of 3")),
    Wrong("infinite target", lambda: ls.squared_error(X, [1.0, np.inf, 0.0]), DomainError, ("target[1] is inf", "1 of 3")),
    Wrong("soft target", lambda: ls.softmax_cross_entropy(Z, [[0.5, 0.5], [1.5, -0.5], [1.0, 0.0]]), DomainError, ("target[1, 0] is 1.5",)),
    Wrong("row sum", lambda: ls.kl_divergence(HALVES, [[0.5, 0.5], [0.5, 0.75]]), DomainError, ("target[1]", "1.25", "sum to 1")),
    Wrong("logits as p", lambda: ls.kl_divergence([[0.5, 0.5], [0.9, 0.9]], HALVES), DomainError, ("probability[1]", "1.8", "Logits")),
    Wrong("variance", lambda: ls.gaussian_nll(X, Y, [1.0, -2.0, 1.0]), DomainError, ("variance[1] is -2", "≥ 0")),
    Wrong("weight", lambda: ls.squared_error(X, Y, weight=[1.0, -1.0, 1.0]), DomainError, ("weight[1] is -1", "not negative", "1 of 3")),
    Wrong("NaN weight", lambda: ls.squared_error(X, Y, weight=[1.0, np.nan, 1.0]), DomainError, ("weight[1] is nan",)),
    Wrong("infinite weight", lambda: ls.softmax_cross_entropy(Z, ROWS, weight=[np.inf, 1.0, 1.0]), DomainError, ("weight[0] is inf",)),
    Wrong("class weight", lambda: ls.softmax_cross_entropy(Z, ROWS, class_weight=[1.0, -1.0]), ArgumentError, ("class_weight[1] is -1",)),
    # options
    Wrong("reduction", lambda: ls.squared_error(X, Y, reduction="average"), ArgumentError, ("reduction is 'average'", "'mean'", "'sum'", "'none'")),
    Wrong("no reduction", lambda: ls.squared_error(X, Y, reduction=None), ArgumentError, ("reduction is None", "'none'")),
    Wrong("empty", lambda: ls.squared_error(X, Y, empty="skip"), ArgumentError, ("empty is 'skip'", "'raise'")),
    Wrong("denominator word", lambda: ls.squared_error(X, Y, denominator="n"), ArgumentError, ("denominator is 'n'", "'count'", "number")),
    Wrong("negative denominator", lambda: ls.squared_error(X, Y, denominator=-1), ArgumentError, ("denominator is -1",)),
    Wrong("denominator of a sum", lambda: ls.squared_error(X, Y, reduction="sum", denominator="count"), ArgumentTypeError, ("denominator", "'mean'", "'sum'")),
    Wrong("empty of none", lambda: ls.squared_error(X, Y, reduction="none", empty="nan"), ArgumentTypeError, ("empty", "'mean'", "'none'")),
    Wrong("integer mask", lambda: ls.squared_error(X, Y, mask=[1, 0, 1]), ArgumentTypeError, ("mask", "int64", "boolean", "mask != 0")),
    Wrong("smoothing", lambda: ls.softmax_cross_entropy(Z, ROWS, label_smoothing=-0.1), ArgumentError, ("label_smoothing is -0.1", "[0, 1]")),
    Wrong("much smoothing", lambda: ls.sigmoid_cross_entropy(X, T, label_smoothing=1.5), ArgumentError, ("label_smoothing is 1.5", "[0, 1]")),
    Wrong("delta", lambda: ls.huber(X, Y, delta=0.0), ArgumentError, ("delta is 0", "> 0")),
    Wrong("NaN delta", lambda: ls.huber(X, Y, delta=float("nan")), ArgumentError, ("delta is nan", "> 0")),
    Wrong("array delta", lambda: ls.huber(X, Y, delta=[1.0, -1.0, 2.0]), ArgumentError, ("delta", "-1", "> 0")),
    Wrong("configured delta", lambda: ls.huber.configure(delta=-1.0), ArgumentError, ("delta is -1",)),
    Wrong("configured reduction", lambda: ls.huber.configure(reduction="all"), ArgumentError, ("reduction is 'all'",)),
    Wrong("temperature", lambda: ls.info_nce(HALVES, HALVES, temperature=0), ArgumentError, ("temperature is 0", "> 0")),
    Wrong("ignored float", lambda: ls.softmax_cross_entropy(Z, ROWS, ignore_label=1.5), ArgumentTypeError, ("ignore_label is 1.5", "integer")),
    Wrong("ignored soft", lambda: ls.softmax_cross_entropy(HALVES, HALVES, ignore_label=0), ArgumentTypeError, ("ignore_label", "mask=")),
    # names and types
    Wrong("keyword", lambda: ls.huber(X, Y, detla=1.0), ArgumentTypeError, ("huber has no keyword 'detla'", "'delta'")),
    Wrong("other's keyword", lambda: ls.huber(X, Y, class_weight=[1.0]), ArgumentTypeError, ("no keyword 'class_weight'",)),
    Wrong("configured keyword", lambda: ls.huber.configure(beta=1.0), ArgumentTypeError, ("no keyword 'beta'",)),
    Wrong("missing", lambda: ls.squared_error(X), ArgumentTypeError, ("squared_error(prediction, target", "target not given")),
    Wrong("missing both", lambda: ls.gaussian_nll(X), ArgumentTypeError, ("target and variance not given",)),
    Wrong("too many", lambda: ls.huber(X, Y, 1.0), ArgumentTypeError, ("takes 2 arrays", "3 were given", "name the options")),
    Wrong("twice", lambda: ls.huber(X, Y, target=Y), ArgumentTypeError, ("target was given twice",)),
    Wrong("text", lambda: ls.squared_error(X, ["a", "b", "c"]), ArgumentTypeError, ("target", "numbers")),
    Wrong("ragged", lambda: ls.squared_error([[1.0], [1.0, 2.0]], Y), ArgumentTypeError, ("prediction", "array of numbers")),
    Wrong("complex", lambda: ls.squared_error(np.array([1j]), [0.0]), ArgumentTypeError, ("prediction", "complex128", "real")),
    Wrong("objects", lambda: ls.squared_error(np.array([None]), [0.0]), ArgumentTypeError, ("prediction", "object")),
    Wrong("dates", lambda: ls.squared_error(np.array(["2020-01-01"], "M8[D]"), [0.0]), ArgumentTypeError, ("datetime64",)),
    Wrong("float labels", lambda: ls.softmax_cross_entropy(Z, [0.0, 1.0, 1.0]), ArgumentTypeError, ("target", "labels", "float64", "integers")),
    Wrong("boolean labels", lambda: ls.softmax_cross_entropy(Z, [True, False, True]), ArgumentTypeError, ("target", "bool", "integers")),
    Wrong("labels of a divergence", lambda: ls.kl_divergence(HALVES, HALVES > 1), DomainError, ("target",)),
    Wrong("mixed", lambda: ls.squared_error(torch.ones(3), np.ones(3)), ArgumentTypeError, ("prediction is a torch", "target is a numpy", "convert")),
    Wrong("mixed with JAX", lambda: ls.squared_error(torch.ones(3), jnp.ones(3)), ArgumentTypeError, ("torch", "jax", "convert")),
    Wrong("mixed weight", lambda: ls.squared_error(torch.ones(3), torch.ones(3), weight=np.ones(3)), ArgumentTypeError, ("weight is a numpy",)),
    # the rest of the interface
    Wrong("unknown", lambda: ls.get("hubber"), UnknownLossError, ("hubber", "huber", "lossary.losses()")),
    Wrong("no total", lambda: ls.dice.total(P, T), NotAdditiveError, ("dice", "no total")),
    Wrong("nothing", lambda: ls.squared_error([], [], empty="raise"), EmptyError, ("over nothing", "mask")),
    Wrong("out shape", lambda: ls.huber.value_and_gradient(X, Y, out=np.zeros(2)), ShapeError, ("out", "(3,)", "float64")),
    Wrong("out dtype", lambda: ls.huber.value_and_gradient(X, Y, out=np.zeros(3, np.float32)), ShapeError, ("out", "float64")),
    Wrong("out list", lambda: ls.huber.value_and_gradient(X, Y, out=[0.0] * 3), ShapeError, ("out",)),
    Wrong("one out", lambda: ls.gaussian_nll.value_and_gradient(X, Y, [1.0] * 3, out=np.zeros(3)), ArgumentTypeError, ("out", "prediction, variance")),
    Wrong("JAX out", lambda: ls.huber.value_and_gradient(jnp.ones(3), jnp.ones(3), out=jnp.ones(3)), ArgumentError, ("out",)),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_the_error_says_all(wrong: Wrong) -> None:
    with pytest.raises(LossaryError) as caught:
        wrong.call()
    assert type(caught.value) is wrong.error or (isinstance(caught.value, wrong.error) and wrong.error is ArgumentError)
    assert isinstance(caught.value, ValueError | TypeError)
    message = str(caught.value)
    assert [part for part in wrong.says if part not in message] == [], message
    assert message.endswith((".", ")", "?")) or wrong.error is UnknownLossError
    assert caught.value.__cause__ is None


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
    "memory view": lambda a: memoryview(np.ascontiguousarray(a)),
}  # fmt: skip


def _read_only(array: Any) -> Any:
    array.flags.writeable = False
    return array


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


@pytest.mark.parametrize("how", MADE)
@pytest.mark.parametrize("record", ls.losses(), ids=name_of)
def test_any_array_is_read_and_none_is_changed(record: Record, how: str) -> None:
    given = [MADE[how](array) for array in arguments(record)]
    plain = [np.array(array, np.float64) for array in given]
    before = [np.array(array).tobytes() for array in given]
    loss, digits = ls.get(record.name), {"half": 3, "single": 5}.get(how, 12)
    for reduction in ("mean", "none"):
        value, gradient = loss.value_and_gradient(*given, reduction=reduction)
        right, slope = loss.value_and_gradient(*plain, reduction=reduction)
        np.testing.assert_allclose(value, right, rtol=10.0 ** -min(digits + 2, 12), atol=1e-6 if digits < 12 else 1e-14)
        pairs = zip(*(g if isinstance(g, tuple) else (g,) for g in (gradient, slope)), strict=True)
        for found, exact in pairs:
            np.testing.assert_allclose(found, exact, rtol=10.0**-digits, atol=10.0**-digits * np.max(abs(exact)))
            assert found.dtype == (np.float16 if how == "half" else np.float32 if how == "single" else np.float64)
        assert value.dtype == (np.float32 if how in ("half", "single") else np.float64)
    assert [np.array(array).tobytes() for array in given] == before


@pytest.mark.parametrize("record", [r for r in ls.losses() if r.kind in ("pointwise", "overlap")], ids=name_of)
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


def test_integers_and_booleans_are_numbers() -> None:
    assert ls.squared_error(np.array([3, 0], np.uint8), np.array([1, 1], np.uint8)) == 2.5  # not 0 - 1 = 255
    assert ls.binary_cross_entropy(np.array([0.5]), np.array([True])) == pytest.approx(np.log(2))
    assert ls.squared_error(np.array([2]), np.array([1])).dtype == np.float64
    assert ls.squared_error(torch.tensor([3, 0], dtype=torch.uint8), torch.tensor([1, 1], dtype=torch.uint8)) == 2.5
