"""The losses as textbooks write them; PyTorch's autograd differentiates them, in float64, twice.

A loss over rows, regions or pairs gets the sum that it runs over as ``total``, which is where class weights, weights
inside a region and masks enter. Infinite logits and probabilities of 0 are huge and tiny numbers (limits.py), so that
0 · log 0 is 0. A loss that is not written down here is its own formula, read word for word: then its derivatives, its
code on each framework and its keywords are still held, and its hand values hold the formula.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from fuzz.limits import complement, entropy, log
from lossary.catalogue.record import Record
from lossary.symbolic.graph import Node, walk

__all__ = ["TEXTBOOK", "OverClasses", "definition", "formula"]

Definition = Callable[..., Any]  # of tensors, a tensor


@dataclass(frozen=True)
class OverClasses:
    """The sum over the classes of a row, each with its weight."""

    weights: Tensor
    of_row: Any  # Σ w t

    def __call__(self, terms: Tensor) -> Tensor:
        return (self.weights * terms).sum(-1)


def beside(total: Any, term: Tensor) -> Any:
    """A term of a row's loss that is no sum over classes: it has the row's weight."""
    return total.of_row * term if isinstance(total, OverClasses) else term


def squared_error(_total: Any, x: Tensor, y: Tensor) -> Tensor:
    return (x - y) ** 2


def absolute_error(_total: Any, x: Tensor, y: Tensor) -> Tensor:
    return (x - y).abs()


def huber(_total: Any, x: Tensor, y: Tensor, *, delta: Any) -> Any:
    e = (x - y).abs()
    return torch.where(e <= delta, (x - y) ** 2 / 2, delta * (e - delta / 2))


def smooth_l1(_total: Any, x: Tensor, y: Tensor, *, beta: Any) -> Any:
    e = (x - y).abs()
    return torch.where(e < beta, (x - y) ** 2 / 2 / torch.where(beta > 0, beta, 1.0), e - beta / 2)


def log_cosh(_total: Any, x: Tensor, y: Tensor) -> Tensor:
    return _log_cosh(x - y)


def _of_side(x: Tensor, y: Tensor, level: Any) -> Tensor:
    return torch.where(x > y, 1 - level, level)


def pinball(_total: Any, x: Tensor, y: Tensor, *, level: Any) -> Tensor:
    return _of_side(x, y, level) * (x - y).abs()


def quantile_huber(_total: Any, x: Tensor, y: Tensor, *, level: Any, delta: Any) -> Any:
    return _of_side(x, y, level) * huber(_total, x, y, delta=delta) / delta


def expectile(_total: Any, x: Tensor, y: Tensor, *, level: Any) -> Tensor:
    return _of_side(x, y, level) * (x - y) ** 2


def epsilon_insensitive(_total: Any, x: Tensor, y: Tensor, *, epsilon: Any) -> Tensor:
    e = (x - y).abs()
    return torch.maximum(e - epsilon, torch.zeros_like(e))


def squared_epsilon_insensitive(total: Any, x: Tensor, y: Tensor, *, epsilon: Any) -> Tensor:
    return epsilon_insensitive(total, x, y, epsilon=epsilon) ** 2


def gaussian_nll(_total: Any, x: Tensor, y: Tensor, v: Tensor) -> Tensor:
    return (log(v) + (x - y) ** 2 / v) / 2


def _of_two(log_yes: Tensor, log_no: Tensor, y: Tensor, positive_weight: Any, label_smoothing: Any) -> Any:
    t = y * (1 - label_smoothing) + label_smoothing / 2
    return -positive_weight * t * log_yes - (1 - t) * log_no


def binary_cross_entropy(_total: Any, p: Tensor, y: Tensor, **parameters: Any) -> Any:
    return _of_two(log(p), log(complement(p)), y, **parameters)


def sigmoid_cross_entropy(_total: Any, z: Tensor, y: Tensor, **parameters: Any) -> Any:
    return _of_two(logsigmoid(z), logsigmoid(-z), y, **parameters)


def categorical_cross_entropy(total: Any, p: Tensor, t: Tensor) -> Any:
    return -total(t * log(p))


def _first(z: Tensor) -> Tensor:
    """Where the largest logit is; nowhere if there is none."""
    return z.argsort(-1, descending=True)[..., :1]


def log_softmax(z: Tensor) -> Tensor:
    """Of the distances to the largest logit, so that no derivative is a difference of numbers as large as that."""
    return torch.log_softmax(z - z.gather(-1, _first(z)), -1)


def log_sum_exp(z: Tensor) -> Tensor:
    """The largest logit less the logarithm of its share, whose derivatives vanish exactly where that is 1."""
    return (z - log_softmax(z)).gather(-1, _first(z))


def tanh(x: Tensor) -> Tensor:
    """By the exponential of −2 |x|, so that derivatives, which fall with it, are no differences of larger numbers."""
    way = torch.where(x < 0, -1.0, 1.0).double()
    power = torch.exp(-2 * way * x)
    return way * (1 - power) / (1 + power)


def _cross_entropy(total: Any, z: Tensor, t: Tensor) -> Any:
    return -total(t * log_softmax(z))


def _capped(z: Tensor, cap: Tensor) -> Tensor:
    cap = cap[..., None]
    return torch.where(cap > 0, cap * tanh(z / torch.where(cap > 0, cap, 1.0)), z)


def softmax_cross_entropy(total: Any, z: Tensor, t: Tensor, *, z_loss: Tensor, logit_cap: Tensor) -> Any:
    z = _capped(z, logit_cap)
    return _cross_entropy(total, z, t) + beside(total, z_loss * log_sum_exp(z).squeeze(-1) ** 2)


def linear_cross_entropy(total: Any, z: Tensor, t: Tensor, **parameters: Tensor) -> Any:
    return softmax_cross_entropy(total, z, t, **parameters)


def linear_log_probability(total: Any, z: Tensor, t: Tensor, *, temperature: Tensor, logit_cap: Tensor) -> Any:
    return -_cross_entropy(total, _capped(z, logit_cap) / temperature[..., None], t)


def linear_entropy(total: Any, z: Tensor, *, temperature: Tensor, logit_cap: Tensor) -> Any:
    log_p = log_softmax(_capped(z, logit_cap) / temperature[..., None])
    return -total(torch.exp(log_p) * log_p)


def linear_kl_divergence(total: Any, z: Tensor, teacher: Tensor, *, temperature: Tensor) -> Any:
    log_p, log_q = (log_softmax(logits / temperature[..., None]) for logits in (z, teacher))
    return total(torch.exp(log_q) * (log_q - log_p))


def kl_divergence(total: Any, p: Tensor, t: Tensor) -> Any:
    return total(entropy(t) - t * log(p))


def softmax_kl_divergence(total: Any, z: Tensor, t: Tensor) -> Any:
    return total(entropy(t) - t * log_softmax(z))


def dice(total: Any, p: Tensor, t: Tensor, *, smooth: Any, product: Any) -> Any:
    both = (1 - product) * total(torch.minimum(p, t)) + product * total(p * t)
    size = total(p + t) + smooth
    nothing = size == 0
    return torch.where(nothing, 0.0, 1 - (2 * both + smooth) / torch.where(nothing, 1.0, size))


def info_nce(total: Any, s: Tensor, t: Tensor, *, temperature: Any) -> Any:
    return _cross_entropy(total, s / temperature[..., None], t)


TEXTBOOK: dict[str, Definition] = {
    book.__name__: book
    for book in (
        squared_error, absolute_error, huber, smooth_l1, log_cosh, pinball, quantile_huber, expectile,
        epsilon_insensitive, squared_epsilon_insensitive, gaussian_nll, binary_cross_entropy, sigmoid_cross_entropy,
        categorical_cross_entropy, softmax_cross_entropy, kl_divergence, softmax_kl_divergence, dice, info_nce,
        linear_cross_entropy, linear_log_probability, linear_entropy, linear_kl_divergence,
    )
}  # fmt: skip


def definition(record: Record) -> Definition:
    """A loss by the book, or by its own formula."""
    return TEXTBOOK.get(record.name) or formula(record)


# --- a formula read word for word ---------------------------------------------------------------------------------


def _weighted(w: Tensor, x: Tensor) -> Tensor:
    return torch.where(w == 0, 0.0, w * x)


def _log_cosh(e: Tensor) -> Tensor:
    """log((1 + exp(2 e)) / 2) − e."""
    return -logsigmoid(-2 * e) - e - math.log(2.0)


PLAIN: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negative": lambda a: -a,
    "power": torch.pow,
    "log": log,
    "log1p": lambda x: log(complement(-x)),
    "log1p_fraction": torch.log1p,
    "exp_fraction": torch.exp,
    "less": lambda a, b: a < b,
    "less_equal": lambda a, b: a <= b,
    "equal": lambda a, b: a == b,
    "both": lambda a, b: a & b,
    "either": lambda a, b: a | b,
    "opposite": lambda a: ~a,
    "fixed": torch.Tensor.detach,
    "product": lambda a, b: a * b,
    "weighted": _weighted,
    "computed_as": lambda textbook, accurate: textbook,
    "written_as": lambda textbook, same: textbook,
    "clip": lambda a, low, high: a,  # puts rounding right, which float64 has none of
    "log_ratio": lambda a, b: log(a) - log(b),
    "softmax": lambda z: torch.exp(log_softmax(z)),
    "log_softmax": log_softmax,
    "other_softmax": lambda z: 1 - torch.exp(log_softmax(z)),
    "softplus": lambda z: -logsigmoid(-z),
    "greatest": lambda z: z.amax(-1, keepdim=True),
    "log_sum_exp": log_sum_exp,
    "tanh": tanh,
    "log_cosh": _log_cosh,
}
MEANING = PLAIN | {
    word: getattr(torch, word)
    for word in (
        "square", "sqrt", "exp", "expm1", "sin", "cos", "absolute", "sign", "maximum", "minimum", "where",
        "sigmoid",
    )
}  # fmt: skip


def formula(record: Record) -> Definition:
    """A loss by its own formula, each word of it taken to mean what it says."""
    signature = inspect.signature(record.formula).parameters.values()
    names = [parameter.name for parameter in signature if parameter.kind is not parameter.KEYWORD_ONLY]

    def loss(total: Any, *arrays: Tensor, **parameters: Any) -> Any:
        given = dict(zip(names, arrays, strict=True))
        rows = {name: value[..., None] if total else value for name, value in parameters.items()}
        done: dict[Node, Any] = {}
        for part in walk(record.whole):
            values = [done[argument] for argument in part.operands]
            if part.is_axis:
                continue
            if part.word == "symbol":
                done[part] = (given | rows)[str(part.label)]
            elif part.word == "constant":
                done[part] = torch.tensor(float(part.label or 0.0), dtype=torch.float64)
            elif part.word == "total":
                done[part] = total(*values)[..., None]
            else:
                done[part] = MEANING[part.word](*values)
        return _weighed(record.whole, done, total).squeeze(-1) if total else done[record.whole]

    return loss


def _weighed(term: Node, done: dict[Node, Any], total: Any) -> Any:
    """The value of a row's loss, of which each term that is no sum has the row's weight."""
    if term.word in ("add", "subtract", "negative"):
        return PLAIN[term.word](*(_weighed(part, done, total) for part in term.arguments))
    is_sum = any(part.word == "total" for part in walk(term))
    return done[term] if is_sum else beside(total, done[term].squeeze(-1))[..., None]
