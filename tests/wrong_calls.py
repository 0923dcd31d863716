"""Calls that cannot be right, as a user types them: the error that each raises, and what its message has to say."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from jax import numpy as jnp

import lossary
from lossary.errors import (
    ArgumentError,
    ArgumentTypeError,
    DomainError,
    EmptyError,
    LabelError,
    LossaryError,
    NotAdditiveError,
    ShapeError,
    UnknownLossError,
)

__all__ = ["WRONG", "Wrong"]

NAMES: dict[str, Any] = {
    **{name: getattr(lossary, name) for name in lossary.__all__},
    "np": np,
    "torch": torch,
    "jnp": jnp,
    "float": float,
    "X": [1.0, 2.0, 3.0],
    "Y": [1.0, 2.0, 4.0],  # predictions and targets
    "P": [0.5, 0.25, 1.0],
    "T": [1.0, 0.0, 1.0],  # probabilities and targets
    "Z": np.zeros((3, 2)),
    "ROWS": [0, 1, 1],
    "HALVES": np.full((2, 2), 0.5),  # logits, labels, distributions
}


class Wrong:
    """A call, as text; the error; and parts of its message: the argument, the first bad value, how many, the remedy."""

    def __init__(self, text: str, error: type[LossaryError], *says: str) -> None:
        self.text, self.error, self.says = text, error, says

    def __repr__(self) -> str:
        return self.text

    def call(self) -> Any:
        return eval(self.text, NAMES)


WRONG = [
    # shapes
    Wrong("huber(np.zeros((4, 1)), np.zeros(4))", ShapeError, "huber", "(4, 1)", "(4,)", "squeeze(-1)"),
    Wrong("squared_error(np.zeros(4), np.zeros((4, 1)))", ShapeError, "target", "(4, 1)", "target.squeeze(-1)"),
    Wrong(
        "squared_error(X, [1.0, 2.0])", ShapeError, "prediction has shape (3,)", "target (2,)", "nothing is broadcast"
    ),
    Wrong("squared_error(X, 1.0)", ShapeError, "(3,)", "()"),
    Wrong("gaussian_nll(X, Y, [1.0])", ShapeError, "variance", "(1,)"),
    Wrong("softmax_cross_entropy(Z, [0, 1])", ShapeError, "target", "(2,)", "(3,) labels", "(3, 2) probabilities"),
    Wrong("softmax_cross_entropy(Z, [[0], [1], [1]])", ShapeError, "(3, 1)", "(3,) labels", "squeeze(-1)"),
    Wrong("softmax_cross_entropy(np.zeros((3, 0)), ROWS)", ShapeError, "no classes", "(3, 0)"),
    Wrong("softmax_cross_entropy(0.0, 0)", ShapeError, "axis", "0 dimensions"),
    Wrong("softmax_cross_entropy(Z, ROWS, axis=2)", ShapeError, "axis is 2", "2 dimensions"),
    Wrong("softmax_cross_entropy(Z, ROWS, axis=(0, 1))", ShapeError, "axis", "one axis"),
    Wrong("info_nce(X, Y)", ShapeError, "one embedding a row"),
    Wrong("squared_error(Z, Z, weight=[1.0, 2.0])", ShapeError, "weight", "(2,)", "(3, 2)"),
    Wrong("softmax_cross_entropy(Z, ROWS, weight=np.ones((3, 2)))", ShapeError, "weight", "(3, 2)", "(3,)"),
    Wrong("squared_error(X, Y, mask=[True, False])", ShapeError, "mask", "(2,)", "(3,)"),
    Wrong("softmax_cross_entropy(Z, ROWS, class_weight=[1.0] * 3)", ShapeError, "class_weight", "(3,)", "2 classes"),
    Wrong("squared_error(X, Y, denominator=np.ones(3))", ShapeError, "denominator", "(3,)", "one number"),
    Wrong("huber(X, Y, delta=np.ones(2))", ShapeError, "delta", "(2,)"),
    # values
    Wrong("softmax_cross_entropy(Z, [0, 2, 5])", LabelError, "target[1] is 2", "2 classes are 0 to 1", "2 of 3"),
    Wrong("softmax_cross_entropy(Z, [0, 1, -1])", LabelError, "target[2] is -1", "0 to 1", "1 of 3"),
    Wrong("softmax_cross_entropy(Z, [-100, 1, 1])", LabelError, "target[0] is -100", "ignore_label=-100"),
    Wrong("softmax_cross_entropy(Z, [-100, -1, 1], ignore_label=-1)", LabelError, "target[0] is -100"),
    Wrong(
        "binary_cross_entropy([0.5, 1.2, -3.0], T)", DomainError, "probability[1] is 1.2", "[0, 1]", "2 of 3", "logits"
    ),
    Wrong("binary_cross_entropy([1.0 + 1e-12], [1.0])", DomainError, "probability[0] is 1.000000000001;", "[0, 1]"),
    Wrong("binary_cross_entropy([0.5], [1.0 + 1e-12])", DomainError, "target[0] is 1.000000000001;", "0, 1 or"),
    Wrong("dice(np.array([-1e-5], np.float32), [0.0])", DomainError, "probability[0] is -1e-05"),
    Wrong("sigmoid_cross_entropy(X, [0.0, 2.0, 1.0])", DomainError, "target[1] is 2", "1 of 3"),
    Wrong("dice(HALVES, [[0.0, 1.0], [-1.0, 0.0]])", DomainError, "target[1, 0] is -1"),
    Wrong("squared_error(X, [1.0, np.nan, np.nan])", DomainError, "target[1] is nan", "mask=", "2 of 3"),
    Wrong("squared_error(X, [1.0, np.inf, 0.0])", DomainError, "target[1] is inf", "1 of 3"),
    Wrong("softmax_cross_entropy(Z, [[0.5, 0.5], [1.5, -0.5], [1.0, 0.0]])", DomainError, "target[1, 0] is 1.5"),
    Wrong("kl_divergence(HALVES, [[0.5, 0.5], [0.5, 0.75]])", DomainError, "target[1]", "1.25", "sum to 1"),
    Wrong("kl_divergence([[0.5, 0.5], [0.9, 0.9]], HALVES)", DomainError, "probability[1]", "1.8", "Logits"),
    Wrong("gaussian_nll(X, Y, [1.0, -2.0, 1.0])", DomainError, "variance[1] is -2", "> 0"),
    Wrong("gaussian_nll(X, Y, [1.0, 1.0, 0.0])", DomainError, "variance[2] is 0", "> 0", "1 of 3"),
    Wrong("squared_error(X, Y, weight=[1.0, -1.0, 1.0])", DomainError, "weight[1] is -1", "not negative", "1 of 3"),
    Wrong("squared_error(X, Y, weight=[1.0, np.nan, 1.0])", DomainError, "weight[1] is nan"),
    Wrong("softmax_cross_entropy(Z, ROWS, weight=[np.inf, 1.0, 1.0])", DomainError, "weight[0] is inf"),
    Wrong("softmax_cross_entropy(Z, ROWS, class_weight=[1.0, -1.0])", ArgumentError, "class_weight[1] is -1"),
    # options
    Wrong(
        "squared_error(X, Y, reduction='average')", ArgumentError, "reduction is 'average'", "'mean'", "'sum'", "'none'"
    ),
    Wrong("squared_error(X, Y, reduction=None)", ArgumentError, "reduction is None", "'none'"),
    Wrong("squared_error(X, Y, empty='skip')", ArgumentError, "empty is 'skip'", "'raise'"),
    Wrong("squared_error(X, Y, denominator='n')", ArgumentError, "denominator is 'n'", "'count'", "number"),
    Wrong("squared_error(X, Y, denominator=-1)", ArgumentError, "denominator is -1"),
    Wrong(
        "squared_error(X, Y, reduction='sum', denominator='count')", ArgumentTypeError, "denominator", "'mean'", "'sum'"
    ),
    Wrong("squared_error(X, Y, reduction='none', empty='nan')", ArgumentTypeError, "empty", "'mean'", "'none'"),
    Wrong("squared_error(X, Y, mask=[1, 0, 1])", ArgumentTypeError, "mask", "int64", "boolean", "mask != 0"),
    Wrong("softmax_cross_entropy(Z, ROWS, label_smoothing=-0.1)", ArgumentError, "label_smoothing is -0.1", "[0, 1]"),
    Wrong("sigmoid_cross_entropy(X, T, label_smoothing=1.5)", ArgumentError, "label_smoothing is 1.5", "[0, 1]"),
    Wrong("huber(X, Y, delta=0.0)", ArgumentError, "delta is 0", "> 0"),
    Wrong("huber(X, Y, delta=float('nan'))", ArgumentError, "delta is nan", "> 0"),
    Wrong("huber(X, Y, delta=[1.0, -1.0, 2.0])", ArgumentError, "delta", "-1", "> 0"),
    Wrong("huber.configure(delta=-1.0)", ArgumentError, "delta is -1"),
    Wrong("huber.configure(reduction='all')", ArgumentError, "reduction is 'all'"),
    Wrong("info_nce(HALVES, HALVES, temperature=0)", ArgumentError, "temperature is 0", "> 0"),
    Wrong("softmax_cross_entropy(Z, ROWS, ignore_label=1.5)", ArgumentTypeError, "ignore_label is 1.5", "integer"),
    Wrong("softmax_cross_entropy(HALVES, HALVES, ignore_label=0)", ArgumentTypeError, "ignore_label", "mask="),
    # names and types
    Wrong("huber(X, Y, detla=1.0)", ArgumentTypeError, "huber has no keyword 'detla'", "'delta'"),
    Wrong("huber(X, Y, class_weight=[1.0])", ArgumentTypeError, "no keyword 'class_weight'"),
    Wrong("huber.configure(beta=1.0)", ArgumentTypeError, "no keyword 'beta'"),
    Wrong("squared_error(X)", ArgumentTypeError, "squared_error(prediction, target", "target not given"),
    Wrong("gaussian_nll(X)", ArgumentTypeError, "target and variance not given"),
    Wrong("huber(X, Y, 1.0)", ArgumentTypeError, "takes 2 arrays", "3 were given", "name the options"),
    Wrong("huber(X, Y, target=Y)", ArgumentTypeError, "target was given twice"),
    Wrong("squared_error(X, ['a', 'b', 'c'])", ArgumentTypeError, "target", "numbers"),
    Wrong("squared_error([[1.0], [1.0, 2.0]], Y)", ArgumentTypeError, "prediction", "array of numbers"),
    Wrong("squared_error(np.array([1j]), [0.0])", ArgumentTypeError, "prediction", "complex128", "real"),
    Wrong("squared_error(np.array([None]), [0.0])", ArgumentTypeError, "prediction", "object"),
    Wrong("squared_error(np.array(['2020-01-01'], 'M8[D]'), [0.0])", ArgumentTypeError, "datetime64"),
    Wrong("softmax_cross_entropy(Z, [0.0, 1.0, 1.0])", ArgumentTypeError, "target", "labels", "float64", "integers"),
    Wrong("softmax_cross_entropy(Z, [True, False, True])", ArgumentTypeError, "target", "bool", "integers"),
    Wrong("kl_divergence(HALVES, HALVES > 1)", DomainError, "target"),
    Wrong(
        "squared_error(torch.ones(3), np.ones(3))",
        ArgumentTypeError,
        "prediction is a torch",
        "target is a numpy",
        "convert",
    ),
    Wrong("squared_error(torch.ones(3), jnp.ones(3))", ArgumentTypeError, "torch", "jax", "convert"),
    Wrong("squared_error(torch.ones(3), torch.ones(3), weight=np.ones(3))", ArgumentTypeError, "weight is a numpy"),
    # the rest of the interface
    Wrong("get('hubber')", UnknownLossError, "hubber", "huber", "lossary.losses()"),
    Wrong(
        "huber.gradient_and_hessian(X, Y, reduction='mean')",
        ArgumentTypeError,
        "huber.gradient_and_hessian",
        "reduction",
    ),
    Wrong("huber.total(X, Y, denominator='count')", ArgumentTypeError, "huber.total", "denominator"),
    Wrong("dice.total(P, T)", NotAdditiveError, "dice", "no total"),
    Wrong("squared_error([], [], empty='raise')", EmptyError, "over nothing", "mask"),
    Wrong("huber.value_and_gradient(X, Y, out=np.zeros(2))", ShapeError, "out", "(3,)", "float64"),
    Wrong("huber.value_and_gradient(X, Y, out=np.zeros(3, np.float32))", ShapeError, "out", "float64"),
    Wrong("huber.value_and_gradient(X, Y, out=[0.0] * 3)", ShapeError, "out"),
    Wrong(
        "gaussian_nll.value_and_gradient(X, Y, [1.0] * 3, out=np.zeros(3))",
        ArgumentTypeError,
        "out",
        "prediction, variance",
    ),
    Wrong("huber.value_and_gradient(jnp.ones(3), jnp.ones(3), out=jnp.ones(3))", ArgumentError, "out"),
]
