"""Any loss as a user of PyTorch writes it: its formula word by word, in PyTorch's operations, one after the other."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional

from lossary.catalogue.record import Record
from lossary.symbolic.graph import Node, constant, rebuilt, substitute, walk
from lossary.symbolic.words import WORDS

__all__ = ["computes_powers", "plain"]


def _log_rising(start: Any, count: Any) -> Any:
    return torch.lgamma(start + count) - torch.lgamma(start)


def _mean_size(mean: Any, deviation: Any) -> Any:
    """The mean of the absolute value of a normal variable."""
    ratio = mean / deviation
    density = torch.exp(-0.5 * ratio**2) * math.sqrt(2.0 / math.pi)
    return mean * torch.erf(ratio / math.sqrt(2.0)) + deviation * density


def _log_cosh(x: Any) -> Any:
    return x + functional.softplus(-2.0 * x) - math.log(2.0)


# Words that PyTorch has under another name, or that users write in one line; all others are functions of torch.
OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "weighted": operator.mul,
    "product": operator.mul,
    "negative": operator.neg,
    "power": operator.pow,
    "less": operator.lt,
    "less_equal": operator.le,
    "equal": operator.eq,
    "maximum": lambda a, b: torch.clamp(a, min=b) if isinstance(b, float) else torch.maximum(a, b),
    "minimum": lambda a, b: torch.clamp(a, max=b) if isinstance(b, float) else torch.minimum(a, b),
    "total": lambda x, _axis: x.sum(-1, keepdim=True),
    "softmax": lambda x, _axis: torch.softmax(x, -1),
    "log_softmax": lambda x, _axis: torch.log_softmax(x, -1),
    "log_sum_exp": lambda x, _axis: torch.logsumexp(x, -1, keepdim=True),
    "softplus": functional.softplus,
    "log_cosh": _log_cosh,
    "exp_fraction": torch.exp,
    "hypot": lambda a, b: torch.sqrt(a * a + b * b),
    "log_gamma": torch.lgamma,
    "log_rising": _log_rising,
    "log_bessel_i0": lambda x: torch.log(torch.special.i0e(x)) + x,
    "mean_size": _mean_size,
    **{word: getattr(torch, word) for word in (
        "absolute", "cos", "exp", "expm1", "log", "log1p", "sigmoid", "sqrt", "square", "tanh", "where",
    )},
}  # fmt: skip
OF_ARITHMETIC = {
    "absolute", "add", "subtract", "multiply", "divide", "weighted", "product", "negative", "less", "less_equal",
    "equal", "maximum", "minimum", "sqrt", "hypot", "square", "where", "total", "symbol", "constant",
}  # fmt: skip


def plain(record: Record) -> Callable[..., Any]:
    """Return the mean of a loss, with the default keywords, as a function of tensors; it takes no weights or masks."""
    written = _written(record)
    names = [argument.name for argument in record.arguments]

    def mean(*arrays: Any) -> Any:
        given = dict(zip(names, arrays, strict=True))
        done: dict[Node, Any] = {}
        for part in walk(written):
            done[part] = _value(part, given, [done[argument] for argument in part.arguments])
        return done[written].mean()

    return mean


def computes_powers(record: Record) -> bool:
    """Return whether a loss takes exponentials, logarithms or powers, by the formula for the default keywords."""
    return any(not part.is_axis and part.word not in OF_ARITHMETIC for part in walk(_written(record)))


def _value(part: Node, given: dict[str, Any], arguments: list[Any]) -> Any:
    if part.is_axis:
        return None
    if part.word == "symbol":
        return given[str(part.label)]
    return float(part.label or 0.0) if part.word == "constant" else OPERATIONS[part.word](*arguments)


def _written(record: Record) -> Node:
    """Return the formula for the default keywords, in the words of OPERATIONS."""
    return rebuilt(substitute(record.whole, {p.symbol: constant(p.default) for p in record.parameters}), _in_operations)


def _in_operations(part: Node) -> Node:
    """Return a word's textbook form, unless the word itself is an operation; a form that keeps digits is left out."""
    textbook = WORDS[part.word].written if part.arguments and part.word not in OPERATIONS else None
    return rebuilt(textbook(*part.arguments), _in_operations) if textbook else part
