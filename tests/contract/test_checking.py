"""What ``checking()`` finds, for every loss and framework, from the records; and that it changes nothing else."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import jax
import numpy as np
import pytest
import torch
from jax import numpy as jnp

import lossary as ls
from arrays import NUMPY, TORCH, Framework
from lossary.catalogue.record import Record
from lossary.catalogue.registry import counterpart
from lossary.errors import ArgumentError, DomainError, LabelError, NonFiniteError
from lossary.execution import checking as scrutiny
from representatives import REPRESENTATIVES
from samples import arguments, by_row, distributions, on_frameworks, predictions_of

pytestmark = pytest.mark.usefixtures("portable")
TAKES_LOGITS = [r for r in REPRESENTATIVES if any(a.takes_logits for a in r.arguments)]
NAN, INF = float("nan"), float("inf")


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


def test_softmax_losses_call_their_argument_logits() -> None:
    assert all(r.arguments[0].takes_logits for r in ls.losses() if r.kind == "softmax")


@pytest.mark.parametrize(("record", "framework"), on_frameworks(REPRESENTATIVES))
def test_what_is_right_stays_as_it_is(record: Record, framework: Framework) -> None:
    loss, arrays = ls.get(record.name), [framework.make(a) for a in arguments(record, dtype=np.float32)]
    right = loss(*arrays), loss.value_and_gradient(*arrays), loss(*arrays, reduction="none")
    with ls.checking():
        found = loss(*arrays), loss.value_and_gradient(*arrays), loss(*arrays, reduction="none")
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(right), strict=True):
        np.testing.assert_array_equal(framework.numpy(one), framework.numpy(other))


@pytest.mark.parametrize("framework", [NUMPY, TORCH], ids=str)  # JAX, which takes long, below
@pytest.mark.parametrize("record", REPRESENTATIVES, ids=name_of)
def test_nan_in_a_prediction_is_said_to_come_in_with_it(record: Record, framework: Framework) -> None:
    for i in predictions_of(record):
        arrays = arguments(record, dtype=np.float32)
        place = tuple(n // 2 for n in arrays[i].shape)
        arrays[i][place] = NAN
        where = (
            rf"{record.arguments[i].name}\[{', '.join(map(str, place))}\] is nan; it came in .*1 of {arrays[i].size}"
        )
        with pytest.raises(NonFiniteError, match=where), ls.checking():
            ls.get(record.name)(*map(framework.make, arrays))
        if i not in by_row(record):
            continue
        rows = arrays[0].shape if record.kind in ("pointwise", "overlap") else arrays[0].shape[:-1]
        mask = np.ones(rows, bool)
        mask[place[: len(rows)]] = False
        with ls.checking():
            value = ls.get(record.name)(*map(framework.make, arrays), mask=framework.make(mask))
        assert np.isfinite(float(value))


@pytest.mark.parametrize(("record", "framework"), on_frameworks(TAKES_LOGITS))
def test_probabilities_passed_as_logits(record: Record, framework: Framework) -> None:
    loss, arrays = ls.get(record.name), arguments(record, dtype=np.float32)
    arrays[0] = distributions(np.random.default_rng(1), arrays[0].shape, arrays[0].ndim - 1).astype(np.float32)
    given = [framework.make(a) for a in arrays]
    other = counterpart(record)
    says = rf"logits.* probabilities already.*{other.name if other else ''}.*checking\(guess=False\)"
    with pytest.raises(DomainError, match=says), ls.checking():
        loss(*given)
    with ls.checking(guess=False):
        loss(*given)
    arrays[0][(0,) * arrays[0].ndim] += 0.5 if record.kind == "softmax" else 1.0  # one of them is none
    with ls.checking():
        loss(*map(framework.make, arrays))


def test_few_or_equal_logits_are_no_probabilities() -> None:
    with ls.checking():
        ls.sigmoid_cross_entropy([0.1, 0.9], [0, 1])
        ls.sigmoid_cross_entropy(np.zeros(100), np.ones(100))  # a last layer that starts at zero
        ls.softmax_cross_entropy([[0.2, 0.8], [1.0, 2.0]], [0, 0])
    with pytest.raises(DomainError, match=r"logits\[1\] is \[0.2 0.8\]; all rows that count \(1\)"), ls.checking():
        ls.softmax_cross_entropy([[1.0, 2.0], [0.2, 0.8]], [0, 0], mask=[False, True])
    with pytest.raises(DomainError, match=r"logits\[2\] is"), ls.checking():
        ls.softmax_cross_entropy(np.full((2, 3), 0.5), [0, 0, 0], axis=0, mask=[False, False, True])


def test_scores_passed_as_probabilities() -> None:
    says = r"probability\[1\] sums to 1.1; .*softmax_cross_entropy \(1 of 2 is wrong\)"
    with pytest.raises(DomainError, match=says), ls.checking():
        ls.categorical_cross_entropy([[0.2, 0.8], [0.2, 0.9]], [0, 1])
    assert counterpart(ls.binary_cross_entropy.record) is ls.sigmoid_cross_entropy.record


def test_what_became_infinite_in_the_loss() -> None:
    says = r"loss\[1\] is inf, of probability 0, target 1, which are finite; it began here.*sigmoid_cross_entropy"
    with pytest.raises(NonFiniteError, match=says), ls.checking():
        ls.binary_cross_entropy([0.5, 0.0, 0.2], [1, 1, 0])
    with (
        pytest.raises(NonFiniteError, match=r"loss\[0\] is inf, of logits .*-inf.*it came in with logits"),
        ls.checking(),
    ):
        ls.softmax_cross_entropy([[1.0, -INF], [2.0, 3.0]], [1, 1])
    large = np.full(100, 1.8e19, np.float32)
    with pytest.raises(NonFiniteError, match="the sum is too large for float32"), ls.checking():
        ls.squared_error(large, 0 * large, reduction="sum")
    says = r"derivative\[1\] is -?inf, of prediction 2, target 0, variance 1e-200"
    with pytest.raises(NonFiniteError, match=says), ls.checking():
        ls.gaussian_nll.gradient_and_hessian([1.0, 2.0], [0.0, 0.0], [1.0, 1e-200])
    with ls.checking():  # an impossible class is no error, nor is a mean over nothing
        ls.softmax_cross_entropy([[1.0, -INF], [2.0, 3.0]], [0, 1])
        assert np.isnan(ls.squared_error([1.0], [2.0], mask=[False], empty="nan"))


def test_gradients_in_pytorch() -> None:
    def backward(p: float, scale: float) -> Any:
        prediction = torch.tensor([0.5, p], requires_grad=True)
        (ls.binary_cross_entropy(prediction, torch.ones(2)) * scale).backward()
        return prediction.grad

    with ls.checking():
        torch.testing.assert_close(backward(0.25, 2.0), torch.tensor([-2.0, -4.0]))
        with pytest.raises(NonFiniteError, match="comes back to the loss is nan"):
            backward(0.25, NAN)
        with pytest.raises(NonFiniteError, match=r"gradient of probability\[1\] is -inf, .*target 1.*it began here"):
            backward(1e-40, 1.0)  # whose logarithm is finite, and its slope is not


def squared(prediction: Any) -> Any:
    return ls.squared_error(prediction, jnp.zeros(3) if isinstance(prediction, jax.Array) else torch.zeros(3))


TRANSFORMS: dict[str, Any] = {
    "grad": (torch.func.grad(squared), 1),
    "vmap": (torch.func.vmap(torch.func.grad(squared)), 2),
    "jvp": (lambda p: torch.func.jvp(squared, (p,), (torch.ones(3),))[1].float(), 1),
    "hessian": (torch.func.hessian(squared), 1),
    "compile": (torch.compile(squared, fullgraph=True), 1),
}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_values_that_pytorch_hides(name: str) -> None:
    transformed, dimensions = TRANSFORMS[name]
    good = torch.arange(3.0 * dimensions).reshape((3,) if dimensions == 1 else (2, 3))
    right = transformed(good)
    bad = good.clone()
    bad[(-1,) * dimensions] = NAN
    for _ in range(2):  # what was compiled with a look does not look later, and the other way round
        with ls.checking():
            torch.testing.assert_close(transformed(good), right)
            with pytest.raises(NonFiniteError, match=r"prediction\[2\] is nan"):
                transformed(bad)
        assert torch.isnan(transformed(bad)).any() or name == "hessian"


def test_a_compiled_backward() -> None:
    compiled = torch.compile(lambda p: squared(p), fullgraph=True)
    for scale in (1.0, NAN):
        prediction = torch.ones(3, requires_grad=True)
        with ls.checking():
            value = compiled(prediction)
            if scale == 1.0:
                (value * scale).backward()
                torch.testing.assert_close(prediction.grad, torch.full((3,), 2 / 3))
            else:
                with pytest.raises(NonFiniteError, match="comes back"):
                    (value * scale).backward()


def test_a_compiled_call_with_a_number_that_varies() -> None:
    def divided(prediction: torch.Tensor, denominator: float) -> Any:
        return ls.squared_error(prediction, torch.zeros(4), denominator=denominator)

    compiled = torch.compile(divided, fullgraph=True, backend="aot_eager")
    with ls.checking():
        assert float(compiled(torch.ones(4), 2.0)) == 2.0
        assert float(compiled(torch.ones(4), 8.0)) == 0.5  # compiled for any number


def test_tensors_without_values() -> None:
    with ls.checking():
        assert ls.huber(torch.ones(3, device="meta"), torch.ones(3, device="meta")).is_meta


def test_values_that_jax_hides() -> None:
    logits, wrong = jnp.array([[1.0, 2.0], [3.0, 5.0]]), np.array([0, 2])
    compiled = jax.jit(lambda z, t: ls.softmax_cross_entropy(z, t))
    right = compiled(logits, np.array([0, 1]))
    for _ in range(2):  # compiled without a look before, and with one after
        assert np.isnan(compiled(logits, wrong))
        with ls.checking():
            assert compiled(logits, np.array([0, 1])) == right
        with pytest.raises(LabelError, match=r"target\[1\] is 2; the labels of 2 classes"), ls.checking():
            compiled(logits, wrong)
    batch = jnp.array([[1.0, 2.0, 3.0], [1.0, NAN, 3.0]])
    for transformed in (jax.vmap(jax.grad(squared)), jax.jit(lambda b: jax.lax.map(squared, b))):
        with pytest.raises(NonFiniteError, match=r"prediction\[1\] is nan"), ls.checking():
            transformed(batch)
    with pytest.raises(ArgumentError, match=r"class_weight\[0\] is -1"), ls.checking():
        jax.jit(lambda w: ls.softmax_cross_entropy(logits, np.array([0, 1]), class_weight=w))(jnp.array([-1.0, 1.0]))
    with pytest.raises(ArgumentError, match=r"delta\[0, 0\] is -1; it must be finite and > 0"), ls.checking():
        jax.jit(lambda d: ls.huber(logits, logits, delta=d))(-1.0)


def test_what_the_user_raises_comes_through() -> None:
    with pytest.raises(ZeroDivisionError), ls.checking():
        1 / 0  # noqa: B018
    with pytest.raises(ArgumentError, match="guess is 'no'"):
        ls.checking(guess="no").__enter__()  # type: ignore[arg-type]


def test_one_thread_or_task_checks_and_another_does_not() -> None:
    probabilities = [[0.2, 0.8]]
    free, entered, done = [], threading.Event(), threading.Event()

    def other() -> None:
        entered.wait()
        free.append(ls.softmax_cross_entropy(probabilities, [0]))
        done.set()

    thread = threading.Thread(target=other)
    thread.start()

    async def task(checks: bool) -> bool:
        if not checks:
            await asyncio.sleep(0)
            ls.softmax_cross_entropy(probabilities, [0])
            return True
        with ls.checking():
            await asyncio.sleep(0.01)
            with pytest.raises(DomainError):
                ls.softmax_cross_entropy(probabilities, [0])
        return True

    async def both() -> list[bool]:
        return list(await asyncio.gather(task(True), task(False)))

    with ls.checking():
        entered.set()
        done.wait(10)
    thread.join()
    assert len(free) == 1
    assert asyncio.run(both()) == [True, True]
    assert not scrutiny.anywhere
