"""Calls that cannot be right, as a user types them: the error that each raises, and what its message has to say."""

from __future__ import annotations

from typing import Any

import jax
import ml_dtypes
import numpy as np
import pytest
import torch
from jax import numpy as jnp

import lossary
from lossary import vocabulary as v
from lossary.domains import NonNegative, Real
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

__all__ = ["FORMULAS", "FRAMEWORK_CALLS", "WRONG", "Wrong"]


def poisson(prediction: Real, target: NonNegative) -> Any:
    return v.exp(prediction) - target * prediction


@lossary.loss(axes={"probability": "place", "target": "place"}, mask="place")
def overlap(probability: Any, target: Any) -> Any:
    return 1.0 - v.total(probability * target, over="place") / v.total(probability + target, over="place")


NAMES: dict[str, Any] = {
    **{name: getattr(lossary, name) for name in lossary.__all__},
    "np": np,
    "torch": torch,
    "jnp": jnp,
    "ml_dtypes": ml_dtypes,
    "float": float,
    "jax": jax,
    "pd": pytest.importorskip("pandas"),
    "range": range,
    "object": object,
    "poisson": lossary.pointwise(poisson),
    "overlap": overlap,
    "X": [1.0, 2.0, 3.0],
    "Y": [1.0, 2.0, 4.0],  # predictions and targets
    "F": np.array([1.0, 0.0, 1.0], np.float32),
    "P": [0.5, 0.25, 1.0],
    "T": [1.0, 0.0, 1.0],  # probabilities and targets
    "Z": np.zeros((3, 2)),
    "ROWS": [0, 1, 1],
    "MAPS": np.zeros((2, 3, 4, 4)),
    "HALVES": np.full((2, 2), 0.5),  # logits, labels, distributions
}


class Wrong:
    """A call, as text; the error; and parts of its message: the argument, the first bad value, how many, the remedy."""

    def __init__(self, text: str, error: type[LossaryError], *says: str) -> None:
        self.text, self.error, self.says = text, error, says

    def __repr__(self) -> str:
        return self.text

    def call(self, **names: Any) -> Any:
        return eval(self.text, NAMES | names)


WRONG = [
    # shapes
    Wrong("huber(np.zeros((4, 1)), np.zeros(4))", ShapeError, "huber", "(4, 1)", "(4,)", "squeeze(-1)"),
    Wrong("squared_error(np.zeros(4), np.zeros((4, 1)))", ShapeError, "target", "(4, 1)", "target.squeeze(-1)"),
    Wrong(
        "squared_error(X, [1.0, 2.0])", ShapeError, "prediction has shape (3,)", "target (2,)", "nothing is broadcast"
    ),
    Wrong("squared_error(X, 1.0)", ShapeError, "(3,)", "()"),
    Wrong("squared_error([1.0], 1.0)", ShapeError, "(1,)", "()", "broadcast_to(target, (1,))"),
    Wrong("sigmoid_cross_entropy(Z, [0, 1, 1])", ShapeError, "(3, 2)", "one-hot rows", "softmax_cross_entropy"),
    Wrong("binary_cross_entropy(HALVES, [0, 1])", ShapeError, "one-hot rows", "categorical_cross_entropy"),
    Wrong("ctc(np.zeros((7, 2, 4)), [[1], [2]])", ShapeError, "2 along item", "item, time, class"),
    Wrong("softmax_cross_entropy(Z, ROWS, weight=[1.0, 2.0])", ShapeError, "one for each class", "class_weight="),
    Wrong("gaussian_nll(X, Y, [1.0])", ShapeError, "variance", "(1,)"),
    Wrong("softmax_cross_entropy(Z, [0, 1])", ShapeError, "target", "(2,)", "(3,) labels", "(3, 2) probabilities"),
    Wrong("softmax_cross_entropy(Z, [[0], [1], [1]])", ShapeError, "(3, 1)", "(3,) labels", "squeeze(-1)"),
    Wrong("softmax_cross_entropy(np.zeros((3, 0)), ROWS)", ShapeError, "no classes", "(3, 0)"),
    Wrong("softmax_cross_entropy(0.0, 0)", ShapeError, "axis", "0 dimensions"),
    Wrong("softmax_cross_entropy(Z, ROWS, axis=2)", ShapeError, "axis is 2", "2 dimensions"),
    Wrong("softmax_cross_entropy(Z, ROWS, axis=1.0)", ArgumentTypeError, "axis is 1.0", "an integer"),
    Wrong("softmax_cross_entropy(Z, ROWS, axis=None)", ShapeError, "axis is None", "one axis"),
    Wrong("dice(HALVES, HALVES, axis='last')", ArgumentTypeError, "axis is 'last'", "an integer, a tuple of them"),
    Wrong("softmax_cross_entropy(Z, ROWS, axis=(0, 1))", ShapeError, "axis", "one axis"),
    Wrong("info_nce(np.zeros((3, 0)), np.zeros((3, 0)))", ShapeError, "(3, 0)", "no numbers along axis 1"),
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
    Wrong("negative_log_likelihood(HALVES, [0, 1])", DomainError, "is 0.5", "pass the logarithm", "takes logits"),
    Wrong("orpo([0.5], [-1.0])", DomainError, "chosen[0] is 0.5", "pass the logarithm"),
    Wrong("log_kl_divergence(np.log(HALVES), np.log(HALVES))", DomainError, "target[0, 0]", "pass the exponential"),
    Wrong("hinge(X, [1.0, -1.0, 0.0])", DomainError, "target[1] is -1", "(target + 1) / 2", "mask="),
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
    Wrong("cauchy(F, F, scale=1e-50)", ArgumentError, "scale is 1e-50, which is 0 in float32", "and > 0"),
    Wrong("cauchy(F, F, scale=np.float64([1.0, 1e-50, 1.0]))", ArgumentError, "scale[1] is 0.0", "and > 0"),
    Wrong("sigmoid_focal(F, F, gamma=1e39)", ArgumentError, "gamma is 1e+39, which is inf in float32"),
    Wrong(
        "softmax_cross_entropy(np.float32(Z), [0, 1, 1], class_weight=[1.0, 1e39])", ArgumentError, "class_weight[1]"
    ),
    Wrong("squared_error(X, Y, denominator=-1)", ArgumentError, "denominator is -1"),
    Wrong(
        "squared_error(X, Y, reduction='sum', denominator='count')", ArgumentTypeError, "denominator", "'mean'", "'sum'"
    ),
    Wrong("squared_error(X, Y, reduction='none', empty='nan')", ArgumentTypeError, "empty", "'mean'", "'none'"),
    Wrong("squared_error(X, Y, mask=[1, 0, 1])", ArgumentTypeError, "mask", "int64", "boolean", "mask != 0"),
    Wrong("softmax_cross_entropy(Z, ROWS, label_smoothing=-0.1)", ArgumentError, "label_smoothing is -0.1", "[0, 1]"),
    Wrong("softmax_cross_entropy(Z, ROWS, label_smoothing=1.1)", ArgumentError, "label_smoothing is 1.1", "[0, 1]"),
    Wrong("sigmoid_cross_entropy(X, T, label_smoothing=1.5)", ArgumentError, "label_smoothing is 1.5", "[0, 1]"),
    Wrong("huber(X, Y, delta=0.0)", ArgumentError, "delta is 0", "> 0"),
    Wrong("sigmoid_cross_entropy(X, T, label_smoothing=[0.1, 2, 0])", ArgumentError, "[1] is 2", "must be in [0, 1]"),
    Wrong("huber(X, Y, delta=np.inf)", ArgumentError, "delta is inf", "finite and > 0"),
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
    Wrong("huber(X, Y, sample_weight=[1.0])", ArgumentTypeError, "no keyword 'sample_weight'", "mean 'weight'?"),
    Wrong("softmax_cross_entropy(Z, ROWS, sample_weight=X)", ArgumentTypeError, "Did you mean 'weight'?"),
    Wrong("pinball(X, Y, quantile=0.9)", ArgumentTypeError, "Did you mean 'level'?"),
    Wrong("sigmoid_focal(X, T, alpha=0.25)", ArgumentTypeError, "Did you mean 'positive_weight'?"),
    Wrong("gaussian_nll(X, Y, [1.0] * 3, full=True)", ArgumentTypeError, "Did you mean 'constant'?"),
    Wrong("binary_cross_entropy(T, T, from_logits=True)", ArgumentTypeError, "the other one is sigmoid_cross_entropy"),
    Wrong("dpo.configure(label_smoothing=0.1)", ArgumentTypeError, "Did you mean 'label_noise'?"),
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
    Wrong("info_nce.total(Z, Z)", NotAdditiveError, "info_nce", "no total"),
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
    # what a user has in hand in place of an array of numbers
    Wrong("squared_error(None, Y)", ArgumentTypeError, "prediction holds objects (NoneType)", "numbers"),
    Wrong("squared_error(X, [1.0, None, 2.0])", ArgumentTypeError, "target holds objects", "numbers"),
    Wrong(
        "squared_error(X, Y, weight=[1, None, 2])", ArgumentTypeError, "weight holds objects (NoneType), first at [1]"
    ),
    Wrong("squared_error(X, Y, mask=[True, None, False])", ArgumentTypeError, "mask holds objects", "at [1]"),
    Wrong("squared_error([1, {}, 10**30], Y)", ArgumentTypeError, "prediction holds objects (dict), first at [1]"),
    Wrong("squared_error({'a': 1.0}, {'a': 1.0})", ArgumentTypeError, "prediction holds objects (dict)"),
    Wrong(
        "squared_error(np.array([1, 0], object), X)", ArgumentTypeError, "prediction has dtype object", ".astype(float)"
    ),
    Wrong("squared_error([10**30], [1.0])", ArgumentTypeError, "prediction holds an integer beyond 64 bits"),
    Wrong("softmax_cross_entropy(Z, [2**70, 0, 1])", ArgumentTypeError, "target holds an integer beyond 64 bits"),
    Wrong("squared_error(b'abc', b'abc')", ArgumentTypeError, "prediction has dtype |S3"),
    Wrong("squared_error(np.ones(3, np.longdouble), Y)", ArgumentTypeError, "prediction has dtype float128", "64-bit"),
    Wrong("squared_error(np.ma.array(X, mask=[0, 1, 0]), Y)", ArgumentTypeError, "prediction", "masked", "mask=~"),
    Wrong("squared_error(X, np.ma.array(Y))", ArgumentTypeError, "target", "masked", ".data"),
    Wrong("squared_error(X, Y, weight=np.ma.array(Y, mask=[0, 1, 0]))", ArgumentTypeError, "weight", "masked"),
    Wrong("squared_error(pd.Series(['a', 'b', 'c']), Y)", ArgumentTypeError, "prediction"),
    Wrong("squared_error(X, pd.Series([1, None, 3], dtype='Int64'))", DomainError, "target[1] is nan", "1 of 3"),
    Wrong("squared_error(pd.DataFrame({'a': X}), pd.Series(Y))", ShapeError, "(3, 1)", "(3,)", "squeeze(-1)"),
    Wrong("softmax_cross_entropy(Z, pd.Series(list('aba'), dtype='category'))", ArgumentTypeError, "target holds"),
    Wrong("squared_error([torch.ones(2)] * 2, [torch.ones(2)] * 2)", ArgumentTypeError, "list of torch", "stack"),
    Wrong("squared_error([[jnp.ones(())]], [[1.0]])", ArgumentTypeError, "list of jax", "stack"),
    Wrong("squared_error(torch.ones(3).to_sparse(), torch.ones(3))", ArgumentTypeError, "prediction", ".to_dense()"),
    Wrong("squared_error(torch.eye(3), torch.eye(3).to_sparse_csr())", ArgumentTypeError, "target", ".to_dense()"),
    Wrong(
        "squared_error(torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8), torch.ones(3))",
        ArgumentTypeError,
        "prediction",
        "quantized",
        ".dequantize()",
    ),
    Wrong(
        "squared_error(*[torch.nested.nested_tensor([torch.ones(3), torch.ones(2)])] * 2)",
        ArgumentTypeError,
        "prediction",
        "nested",
        "to_padded_tensor",
        "mask=",
    ),
    Wrong("squared_error(torch.ones(3).to(torch.float8_e4m3fn), torch.ones(3))", ArgumentTypeError, "float8_e4m3fn"),
    Wrong("squared_error(jnp.ones(3, jnp.float8_e4m3fn), jnp.ones(3))", ArgumentTypeError, "float8_e4m3fn", "16 to 64"),
    Wrong("squared_error(np.ones(3, ml_dtypes.float8_e5m2), np.ones(3))", ArgumentTypeError, "float8_e5m2", "16 to 64"),
    Wrong("squared_error(np.ones(3, ml_dtypes.bfloat16), np.ones(3))", ArgumentTypeError, "bfloat16", "of numpy"),
    Wrong("squared_error(jax.random.key(0), 1.0)", ArgumentTypeError, "prediction has dtype key"),
    Wrong("huber(jnp.ones(3), jnp.ones(3), delta=jax.random.key(0))", ArgumentTypeError, "delta has dtype key"),
    Wrong(
        "softmax_cross_entropy(jnp.zeros((3, 2)), np.array([0, 1, 2**32]))", ArgumentTypeError, "4294967296", "int32"
    ),
    Wrong("squared_error(torch.ones(3, device='meta'), torch.ones(3))", ArgumentError, "cpu", "meta", "move"),
    Wrong("squared_error(torch.ones(3), torch.ones(3), weight=torch.ones(3, device='meta'))", ArgumentError, "weight"),
    Wrong(
        "squared_error(torch.ones(3), torch.ones(3), denominator=torch.ones((), device='meta'))", ArgumentError, "meta"
    ),
    # shapes again: the remedy works
    Wrong("squared_error(X, [Y])", ShapeError, "target.reshape((3,))"),
    Wrong("squared_error([X], Y)", ShapeError, "prediction.reshape((3,))"),
    Wrong("softmax_cross_entropy(Z, [[0, 1, 1]])", ShapeError, "target.reshape((3,))"),
    Wrong("softmax_cross_entropy(np.zeros((2, 3, 4)), np.zeros((2, 4), int))", ShapeError, "pass axis=1"),
    Wrong("dice(HALVES, HALVES, axis=(0, -2))", ShapeError, "names an axis twice"),
    # numbers
    Wrong("squared_error(X, Y, denominator=np.array(-3.0))", ArgumentError, "denominator is -3", "not negative"),
    Wrong(
        "squared_error(torch.ones(3), torch.ones(3), denominator=torch.tensor(-3.0))",
        ArgumentError,
        "denominator is -3",
    ),
    Wrong(
        "squared_error(jnp.ones(3), jnp.ones(3), denominator=jnp.array(np.nan))", ArgumentError, "denominator is nan"
    ),
    Wrong("squared_error(X, Y, denominator=np.array(1j))", ArgumentTypeError, "denominator has dtype complex128"),
    Wrong("squared_error(X, Y, denominator=np.array('a'))", ArgumentTypeError, "denominator has dtype <U1"),
    Wrong("squared_error(X, Y, denominator=np.array(True))", ArgumentTypeError, "denominator is a truth"),
    Wrong("squared_error(X, Y, denominator=10**400)", ArgumentError, "denominator", "too large"),
    Wrong("huber(X, Y, delta=10**400)", ArgumentError, "delta", "too large"),
    Wrong("huber(X, Y, delta=[1.0, -1.0, -2.0])", ArgumentError, "delta[1] is -1", "> 0", "2 of 3"),
    Wrong("softmax_cross_entropy(Z, ROWS, ignore_label=2**40)", ArgumentError, "ignore_label", "32 bits"),
    Wrong(
        "huber.value_and_gradient(torch.ones(3), torch.ones(3), out=torch.empty(3, device='meta'))",
        ArgumentError,
        "out",
        "device",
    ),
    Wrong(
        "huber.value_and_gradient(torch.ones(3), torch.ones(3), out=torch.zeros(1).expand(3))",
        ArgumentError,
        "writable",
    ),
    # configured, described, named, added
    Wrong("huber.configure(weight='a')", ArgumentTypeError, "weight is 'a'", "numbers"),
    Wrong("huber.configure(reduction='sum').configure(denominator='count')", ArgumentTypeError, "denominator", "'sum'"),
    Wrong("from_dict({})", ArgumentTypeError, "from_dict", "{'loss': 'huber'}"),
    Wrong("from_dict('huber')", ArgumentTypeError, "from_dict", "'huber'"),
    Wrong("from_dict({'loss': 'huber', 1: 2})", ArgumentTypeError, "from_dict"),
    Wrong("from_dict({'loss': 'huber', 'detla': 1.0})", ArgumentTypeError, "'detla'", "'delta'"),
    Wrong("from_dict({'loss': None})", ArgumentTypeError, "name", "NoneType"),
    Wrong("get(huber)", ArgumentTypeError, "name", "Loss"),
    Wrong("get('HUBRE')", UnknownLossError, "'HUBRE'", "huber"),
    Wrong("huber.total(X, Y) + 1.0", ArgumentTypeError, "another Total", "float"),
    Wrong("dice.total(P, T) + 1.0", ArgumentTypeError, "another RegionTotal", "float"),
    Wrong("dice.total(P, T) + huber.total(X, Y)", ArgumentTypeError, "another RegionTotal", "type Total"),
    Wrong("dice.total(P, T) + overlap.total(P, T)", ArgumentError, "total of dice", "one of overlap", "one loss"),
    Wrong("dice.total(P, T) + dice.total(P, T, smooth=1.0)", ArgumentError, "smooth is 0.0", "and 1.0", "same"),
    Wrong(
        "dice.total(HALVES, HALVES, axis=1, smooth=P[:2]) + dice.total(HALVES, HALVES, axis=1, smooth=T[:2])",
        ArgumentError,
        "smooth is [0.5, 0.25]",
        "and [1.0, 0.0]",
        "same",
    ),
    Wrong(
        "dice.total(HALVES, HALVES, axis=1) + dice.total(MAPS, MAPS, axis=(0, 2, 3))",
        ShapeError,
        "(2,)",
        "(3,)",
        "same regions",
    ),
    Wrong("dice.total(HALVES, HALVES, axis=1) + dice.total(P, T)", ShapeError, "(2,)", "()", "same regions"),
    Wrong("dice.total(P, T, reduction='none')", ArgumentTypeError, "dice.total", "reduction"),
    Wrong("huber.total(X, Y) + huber(X, Y)", ArgumentTypeError, "another Total", "float64"),
]


# Calls that are wrong alike with every framework's arrays, made by A: with what only a framework can say left out.
FRAMEWORK_CALLS = [
    Wrong("huber(A(Z[:, :1]), A(np.zeros(3)))", ShapeError, "(3, 1)", "(3,)", "squeeze(-1)"),
    Wrong("squared_error(A(X) + 0j, A(Y))", ArgumentTypeError, "prediction has dtype", "complex", "real"),
    Wrong("softmax_cross_entropy(A(Z), A([0, 2, 5]))", LabelError, "target[1] is 2", "0 to 1", "2 of 3"),
    Wrong(
        "softmax_cross_entropy(A(Z), A([0, 1, -100]))", LabelError, "target[2] is -100", "ignore_label=-100", "1 of 3"
    ),
    Wrong("softmax_cross_entropy(A(Z), A([0.0, 1.0, 1.0]))", ArgumentTypeError, "target", "labels", "integers"),
    Wrong("softmax_cross_entropy(A(Z), A([True, False, True]))", ArgumentTypeError, "target", "bool", "integers"),
    Wrong(
        "binary_cross_entropy(A([0.5, 1.25, -3.0]), A(T))", DomainError, "probability[1] is 1.25", "2 of 3", "logits"
    ),
    Wrong("sigmoid_cross_entropy(A(X), A([0.0, 2.0, 1.0]))", DomainError, "target[1] is 2", "1 of 3"),
    Wrong("kl_divergence(A([[0.5, 0.5], [1.0, 1.0]]), A(HALVES))", DomainError, "probability[1] sums to 2", "1 of 2"),
    Wrong("poisson(A(X), A([1.0, -2.0, 1.0]))", DomainError, "poisson: target[1] is -2", "≥ 0", "1 of 3", "mask="),
    Wrong("gaussian_nll(A(X), A(Y), A([1.0, -2.0, 1.0]))", DomainError, "variance[1] is -2", "> 0", "1 of 3"),
    Wrong("squared_error(A(X), A([1.0, np.nan, np.inf]))", DomainError, "target[1] is nan", "2 of 3", "mask="),
    Wrong("squared_error(A(X), A(Y), weight=A([1.0, np.nan, 1.0]))", DomainError, "weight[1] is nan", "1 of 3"),
    Wrong(
        "cauchy(A(X), A(Y), mask=A([True, True, False]), scale=A([1.0, 1.0, np.nan]))", ArgumentError, "scale[2] is nan"
    ),
    Wrong("squared_error(A(X), A(Y), weight=A([1.0, -1.0, -1.0]))", DomainError, "weight[1] is -1", "2 of 3"),
    Wrong("squared_error(A(Z), A(Z), weight=A([1.0, 2.0]))", ShapeError, "weight", "(2,)", "(3, 2)"),
    Wrong("softmax_cross_entropy(A(Z), A(ROWS), weight=A(Z))", ShapeError, "weight", "(3, 2)", "(3,)"),
    Wrong("softmax_cross_entropy(A(Z), A(ROWS), class_weight=A([1.0, -1.0]))", ArgumentError, "class_weight[1] is -1"),
    Wrong("squared_error(A(X), A(Y), mask=A([1, 0, 1]))", ArgumentTypeError, "mask has dtype", "boolean", "mask != 0"),
    Wrong("huber(A(X), A(Y), delta=A([1.0, 0.0, 1.0]))", ArgumentError, "delta[1] is 0", "> 0", "1 of 3"),
    Wrong("squared_error(A(X), A(Y), denominator=A([1.0]))", ShapeError, "denominator", "(1,)", "one number"),
    Wrong("squared_error(A(X), 'abc')", ArgumentTypeError, "target"),
    Wrong("squared_error(A(X), None)", ArgumentTypeError, "target"),
    Wrong("squared_error(A(X), [[1.0], [1.0, 2.0]])", ArgumentTypeError, "target", "numbers"),
    Wrong("squared_error(A(X), object())", ArgumentTypeError, "target"),
    # shapes of options: the remedy for each axis that fits
    Wrong(
        "sigmoid_cross_entropy(A(MAPS), A(MAPS), positive_weight=A(X))", ShapeError, "positive_weight", "(1, 3, 1, 1)."
    ),
    Wrong("huber(A(np.eye(3)), A(np.eye(3)), delta=A(X))", ShapeError, "(3, 1) for axis 0 or delta.reshape(1, 3) for"),
    Wrong("huber(A(np.eye(3)), A(np.eye(3)), delta=A([1.0]))", ShapeError, "got (1,). Use delta.reshape(())."),
    Wrong("huber(A(Z), A(Z), delta=A([[1.0, 2.0, 3.0]]))", ShapeError, "got (1, 3). Use delta.reshape(3, 1)."),
    Wrong(
        "dice(A(Z), A(Z), axis=1, smooth=A(Z))", ShapeError, "smooth: expected shape (3,) or one of 1 dimension that"
    ),
    Wrong(
        "squared_error(A(X), A(Y), mask=A([True]*4))", ShapeError, "shape (3,) or one that broadcasts to it; got (4,)"
    ),
    Wrong(
        "softmax_cross_entropy(A(Z), A(ROWS), z_loss=A(Z))", ShapeError, "z_loss: expected shape (3,)", "got (3, 2)."
    ),
    Wrong("huber(A(Z), A(Z), delta=[1.0, 2.0])", ShapeError, "Use numpy.reshape(delta, (1, 2)).tolist()."),
    Wrong("huber(A(Z), A(Z), weight=[1.0, 2.0])", ShapeError, "Use numpy.reshape(weight, (1, 2)).tolist()."),
    Wrong("dice(A(P), A(T), dim=0)", ArgumentTypeError, "Did you mean 'axis'?"),
    # arguments in another order
    Wrong(
        "softmax_cross_entropy(A(ROWS), A(Z))", ShapeError, "as labels have", "is softmax_cross_entropy(logits, target)"
    ),
    Wrong("softmax_cross_entropy(A(ROWS), A(Z), axis=1)", ShapeError, "target came first", "(logits, target)"),
    Wrong("kl_divergence(A([0]), A([[0.5, 0.5]]))", ShapeError, "target came first", "(probability, target)"),
    Wrong("softmax_cross_entropy(A(np.ones(3)), A(np.ones((2, 3)) / 3))", ShapeError, "() labels or (3,) prob"),
    Wrong("sigmoid_cross_entropy(A([1, 0]), A([2.0, -3.0]))", DomainError, "target[0] is 2", "(logits, target)"),
    Wrong("softmax_cross_entropy(A(np.eye(3)), A(np.eye(3) * 7.0))", DomainError, "is 7", "the order is", "(logits, t"),
    Wrong(
        "linear_cross_entropy(A(Z), A(ROWS), A(Z))", ShapeError, "linear_cross_entropy(features, classifier, target)"
    ),
    # keywords of other losses
    Wrong("dice(A(P), A(T), class_weight=A(X))", ArgumentTypeError, "'class_weight'", "Weigh the regions", "'none'"),
    Wrong("binary_cross_entropy(A(P), A(T), ignore_label=255)", ArgumentTypeError, "mask=target != 255"),
    Wrong("sigmoid_cross_entropy(A(X), A(T), ignore_index=-1)", ArgumentTypeError, "mask=target != -1"),
    Wrong("squared_error(A(X), A(Y), class_weight=A(X))", ArgumentTypeError, "one of several classes", "weight="),
    Wrong("huber(A(X), A(Y), label_smoothing=0.1)", ArgumentTypeError, "one of several classes", "It takes delta"),
    Wrong("softmax_cross_entropy(A(Z), A(ROWS), axis=(0, 1))", ShapeError, "axis is (0, 1)", "one axis", "reshape"),
    Wrong("huber(A(X), A(Y), 2.0)", ArgumentTypeError, "3 were given", "such as delta="),
    Wrong("squared_error(A(X), A(Y), reduction='average')", ArgumentError, "reduction is 'average'"),
    Wrong("squared_error(A(X), A(Y), weights=A(Y))", ArgumentTypeError, "'weights'", "'weight'"),
]

# Formulas that cannot be losses: what each is, and what the message has to say.
FORMULAS: list[tuple[str, Any, tuple[str, ...]]] = [
    ("if", lambda p, t: p if p > t else t, ("where(condition, a, b)",)),
    ("and", lambda p, t: p and t, ("&, | and ~",)),
    ("maximum of Python", lambda p, t: max(p, t), ("where(condition, a, b)",)),
    ("equality", lambda p, t: p == t, ("equal(a, b)",)),
    ("a condition", lambda p, t: p > t, ("condition", "where(condition, a, b)")),
    ("NumPy", lambda p, t: np.exp(p - t), ("numpy.exp", "lossary.vocabulary")),
    ("PyTorch", lambda p, t: torch.exp(p - t), ("cannot be traced", "lossary.vocabulary")),
    ("JAX", lambda p, t: jnp.exp(p - t), ("cannot be traced", "lossary.vocabulary")),
    ("a method", lambda p, t: (p - t).mean(), ("'mean'", "lossary.vocabulary")),
    ("an index", lambda p, t: p[0], ("not subscriptable", "one value of each argument")),
    ("a loop", lambda p, t: sum(p), ("iterated over",)),
    ("a sum over classes", lambda p, t: v.total(p - t), ("total", "sees a row")),
    ("an array", lambda p, t: (p - t) * np.ones(3), ("numbers",)),
    ("text", lambda p, t: "p", ("not with str",)),
    ("nothing", lambda p, t: None, ("not with NoneType",)),
    ("two values", lambda p, t: (p, t), ("not with tuple",)),
    ("a constant", lambda p, t: 1.0, ("same number",)),
    ("any arguments", lambda *p: p[0], ("*p", "names each argument")),
    ("a default by position", lambda p, t, scale=2.0: p * scale, ("scale has a default", "after a *")),
    ("no default", lambda p, t, *, scale: p * scale, ("'scale'", "number as its default")),
    ("a keyword of every loss", lambda p, t, *, weight=1.0: p, ("'weight'", "keyword of every loss")),
    ("an underscore first", lambda p, _t: p - _t, ("'_t'", "with _ first")),
    ("a number", 3.0, ("function", "3.0")),
    ("no function", np.exp, ("function", "ufunc")),
    ("a loss", lossary.huber, ("function", "<loss huber>")),
    ("a class", object, ("function",)),
]
