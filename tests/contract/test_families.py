"""Families: a formula of log-probabilities as losses of probabilities, of logits and of a last linear layer."""

from __future__ import annotations

import inspect
import math
import pickle
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest
import torch

import lossary as ls
from lossary.catalogue.record import Task
from lossary.define import FORMS, Family
from lossary.domains import NonNegative
from lossary.errors import ArgumentError, ArgumentTypeError, DomainError, FormulaError, LabelError
from lossary.execution import operation
from lossary.symbolic.graph import Node, Value
from lossary.vocabulary import expm1, log, maximum, power, square, total, weighted

Array = np.ndarray[Any, Any]


@ls.family
def surprise(log_probability: Node, target: Value) -> Node:
    """Cross-entropy."""
    return weighted(target, -log_probability)


@ls.family(task="divergence")
def divergence(log_probability: Node, target: Value) -> Node:
    return weighted(target, log(target) - log_probability)


@ls.family
def focal(log_probability: Node, target: Value, *, gamma: NonNegative = 2.0) -> Node:
    return weighted(target, -log_probability * power(-expm1(log_probability), gamma))


@ls.family
def bounded(log_probability: Node, target: Value, *, most: float = 1.5) -> Node:
    """The loss of a wrong label has a limit; a penalty on squares beside it is summed over the classes."""
    return total(weighted(target, -maximum(log_probability, -most))) + 0.1 * total(square(log_probability))


DEFINITIONS: dict[str, tuple[Family, Callable[[Array, Array], Array]]] = {
    "surprise": (surprise, lambda a, t: -(t * a).sum(-1)),
    "focal": (focal, lambda a, t: -(t * a * (1.0 - np.exp(a)) ** 2.0).sum(-1)),
    "bounded": (bounded, lambda a, t: -(t * np.maximum(a, -1.5)).sum(-1) + 0.1 * (a**2).sum(-1)),
}
CROSS_ENTROPIES = {
    "of_probabilities": "categorical_cross_entropy",
    "of_log_probabilities": "negative_log_likelihood",
    "of_logits": "softmax_cross_entropy",
    "of_linear": "linear_cross_entropy",
}
OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"label_smoothing": 0.1, "reduction": "sum"},
    {"weight": np.arange(6.0)},
    {"mask": np.arange(6) > 2},
)


def arrays_of(form: str) -> tuple[list[Array], Array]:
    """Return what a form takes before the target, and the logarithms of the probabilities that it means."""
    draw = np.random.default_rng(0)
    features, classifier = draw.normal(size=(6, 3)), draw.normal(size=(4, 3))
    logits = features @ classifier.T
    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    given = {"of_probabilities": [np.exp(logs)], "of_log_probabilities": [logs], "of_logits": [logits]}
    return given.get(form, [features, classifier]), logs


def targets() -> tuple[Array, Array]:
    draw = np.random.default_rng(1)
    return draw.integers(0, 4, 6), draw.dirichlet(np.ones(4), 6)


@pytest.mark.parametrize("make", [np.asarray, torch.tensor, jax.numpy.asarray], ids=["numpy", "torch", "jax"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", DEFINITIONS)
def test_all_forms_are_the_formula(name: str, form: str, make: Any) -> None:
    family, definition = DEFINITIONS[name]
    given, logs = arrays_of(form)
    for target in targets():
        soft = np.eye(4)[target] if target.ndim == 1 else target
        found = getattr(family, form)(*map(make, (*given, target)), reduction="none")
        np.testing.assert_allclose(
            np.asarray(found), definition(logs, soft), rtol=1e-6 if make is jax.numpy.asarray else 1e-12
        )


@pytest.mark.parametrize("form", FORMS)
def test_cross_entropy_is_that_of_the_catalogue(form: str) -> None:
    """To the bit, with all keywords of losses over classes."""
    given, _ = arrays_of(form)
    for target in targets():
        for options in OPTIONS:
            value, slopes = getattr(surprise, form).value_and_gradient(*given, target, **options)
            expected, wanted = ls.get(CROSS_ENTROPIES[form]).value_and_gradient(*given, target, **options)
            assert value == expected
            for one, other in zip(*(x if isinstance(x, tuple) else (x,) for x in (slopes, wanted)), strict=True):
                np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("of_probabilities", "kl_divergence"), ("of_log_probabilities", "log_kl_divergence"),
        ("of_logits", "softmax_kl_divergence"),
    ],
)  # fmt: skip
def test_a_divergence_is_that_of_the_catalogue(form: str, name: str) -> None:
    given, _ = arrays_of(form)
    target = np.eye(4)[[0, 1, 2, 3, 0, 1]] * 0.5 + np.eye(4)[[1, 2, 3, 0, 1, 2]] * 0.5  # with zeros
    found, slope = getattr(divergence, form).value_and_gradient(*given, target)
    expected, wanted = ls.get(name).value_and_gradient(*given, target)
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    np.testing.assert_allclose(slope, wanted, rtol=1e-12, atol=1e-16)


def test_what_is_nearly_certain_is_exact() -> None:
    """Of logits there is no cancellation: 1 − p is 2 e⁻³⁰ here, which 1 − exp(log p) would round to nothing."""
    rest = 2.0 * math.exp(-30.0)
    exact = math.log1p(rest) * (rest / (1.0 + rest)) ** 2
    for found in (
        focal.of_logits(np.array([[30.0, 0.0, 0.0]]), [0]),
        focal.of_linear(np.array([[30.0]]), np.array([[1.0], [0.0], [0.0]]), [0]),
    ):
        assert float(found) == pytest.approx(exact, rel=1e-13)


def test_derivatives_and_compilers() -> None:
    (given,), _ = arrays_of("of_logits")
    labels = targets()[0]
    value, slope = focal.of_logits.value_and_gradient(given, labels)
    expected, wanted = ls.softmax_focal.value_and_gradient(given, labels)
    np.testing.assert_allclose(value, expected, rtol=1e-14)
    np.testing.assert_allclose(slope, wanted, rtol=1e-12, atol=1e-17)
    logits = torch.tensor(given, requires_grad=True)
    loss = torch.compile(lambda z, y: focal.of_logits(z, y), fullgraph=True)(logits, torch.tensor(labels))
    loss.backward()
    assert loss.item() == value
    np.testing.assert_array_equal(np.asarray(logits.grad), slope)
    first, second = focal.of_logits.gradient_and_hessian(given, labels)
    np.testing.assert_allclose(
        (first, second), ls.softmax_focal.gradient_and_hessian(given, labels), rtol=1e-11, atol=1e-15
    )


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_a_loss_with_a_name(form: str) -> None:
    loss = getattr(focal, form)
    assert pickle.loads(pickle.dumps(loss)) is loss
    assert pickle.loads(pickle.dumps(loss.configure(gamma=1.0))) == loss.configure(gamma=1.0)
    assert (loss.__name__, loss.record.task) == (f"focal.{form}", "multiclass")
    assert inspect.signature(loss).parameters["gamma"].default == 2.0
    assert getattr(surprise, form).__doc__.count("Cross-entropy.") == 1
    with pytest.raises(ArgumentError, match=rf"focal\.{form}: gamma is -1"):
        loss(*arrays_of(form)[0], targets()[0], gamma=-1.0)
    with pytest.raises(LabelError, match=rf"focal\.{form}: target\[2\] is 4; the labels of 4 classes are 0 to 3"):
        loss(*arrays_of(form)[0], [0, 1, 4, 0, 1, 2])


def wrong_names(logits: Node, target: Value) -> Node:
    return weighted(target, -logits)


def no_target(log_probability: Node) -> Node:
    return -log_probability


def of_nothing(log_probability: Node, target: Value) -> float:
    return 1.0


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (wrong_names, "wrong_names: a family's formula takes log_probability and target"),
        (no_target, "no_target: a family's formula takes log_probability and target"),
        (of_nothing, r"of_nothing.of_probabilities is the same number whatever its arguments are"),
        (3, "a formula is a function of its arguments"),
    ],
)
def test_what_is_no_family(formula: Any, message: str) -> None:
    with pytest.raises(FormulaError, match=message):
        ls.family(formula)


def test_each_form_has_its_domain() -> None:
    with pytest.raises(DomainError, match=r"surprise\.of_probabilities: probability\[0, 1\] is 1\.5"):
        surprise.of_probabilities([[0.5, 1.5]], [0])
    with pytest.raises(DomainError, match=r"surprise\.of_log_probabilities: log_probability\[0, 1\] is 1\.5"):
        surprise.of_log_probabilities([[-0.5, 1.5]], [0])
    assert surprise.of_logits([[0.5, 1.5]], [1]) == pytest.approx(math.log1p(math.exp(-1.0)))


def test_another_process_finds_a_form_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    key = operation.register(focal.of_logits.record, __name__)
    monkeypatch.setattr(operation, "_records", {})  # as in a process that loads a compiled graph
    assert operation._find(*key) is focal.of_logits.record


def test_a_family_is_called_by_a_form() -> None:
    family: Any = surprise
    with pytest.raises(
        ArgumentTypeError, match=r"surprise is a family of losses: call surprise\.of_logits\(logits, target\)"
    ):
        family([[0.0, 1.0]], [0])


def test_a_task_is_one_of_those_that_there_are() -> None:
    task: Any = "guessing"
    known: Task = "divergence"
    assert divergence.of_logits.record.task == known
    with pytest.raises(ArgumentError, match="there is no task 'guessing'"):
        ls.family(task=task)(surprise.formula)
