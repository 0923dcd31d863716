"""A loss's own formula, read word for word: PyTorch's autograd differentiates it."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from fuzz.limits import INFINITE, complement, log
from fuzz.textbook import TEXTBOOK
from fuzz.textbook.common import (
    OverClasses,
    beside,
    digamma,
    length,
    log_cosh,
    log_gamma,
    log_rising,
    log_softmax,
    log_sum_exp,
    tanh,
)
from lossary.catalogue.record import Record
from lossary.symbolic.graph import Node, walk

Definition = Callable[..., Any]  # of tensors, a tensor
SUMS, CHOICES, EXACT = ("add", "subtract", "negative"), ("maximum", "minimum"), ("symbol", "constant")
NEAR = 1e-6  # what single precision may take for the greater of two terms, of their size


def definition(record: Record) -> Definition:
    """A loss by the book, or by its own formula: then its derivatives, its code on each framework and its keywords are
    held here, and its hand values hold the formula.
    """
    return TEXTBOOK.get(record.name) or formula(record)


def _weighted(w: Tensor, x: Tensor) -> Tensor:
    return torch.where(w == 0, 0.0, w * x)


def _normal_density(x: Tensor) -> Tensor:
    return torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


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
    "with_slopes": lambda value, *pairs: value,
    "clip": lambda a, low, high: a,  # puts rounding right, which float64 has none of
    "nonnegative": lambda a: a,
    "log_ratio": lambda a, b: log(a) - log(b),
    "softmax": lambda z: torch.exp(log_softmax(z)),
    "log_softmax": log_softmax,
    "other_softmax": lambda z: 1 - torch.exp(log_softmax(z)),
    "softplus": lambda z: -logsigmoid(-z),
    "greatest": lambda z: z.amax(-1, keepdim=True),
    "log_sum_exp": log_sum_exp,
    "sigmoid_slope": lambda x: torch.sigmoid(x) * torch.sigmoid(-x),
    "norm": lambda x: length(x)[..., None],
    "unit": lambda x: x / torch.where(x == 0, 1.0, length(x)[..., None]),
    "tanh": tanh,
    "log_cosh": log_cosh,
    "cosine": lambda a, b: a / torch.hypot(a, b),
    "lorentzian": lambda a, b: b**2 / (a**2 + b**2),
    "other_lorentzian": lambda a, b: a**2 / (a**2 + b**2),
    "odd_lorentzian": lambda a, b: a * b / (a**2 + b**2),
    "log1p_square": lambda a, b: torch.log1p((a / b) ** 2),
    "hypot_power": lambda a, b, c: torch.exp(c / 2 * torch.log1p((a / b) ** 2)),
    "hypot_growth": lambda a, b, c: torch.expm1(c / 2 * torch.log1p((a / b) ** 2)) / c,
    "log_gamma": log_gamma,
    "log_factorial": lambda x: log_gamma(x + 1),
    "digamma": digamma,
    "expm1_gap": lambda x: torch.expm1(x) - x,
    "expm1_gap_near": lambda x: torch.expm1(x) - x,
    "log1p_gap": lambda x: torch.log1p(x) - x,
    "log_rising": log_rising,
    "rising_slope": lambda a, n: digamma(a + n) - digamma(a),
    "rising_ratio_slope": lambda a, n: digamma(a + n) - digamma(a) - n / a,
    "log_rising_ratio": lambda a, n: log_rising(a, n) - n * log(a),
    "log_bessel_i0": lambda x: torch.log(torch.special.i0e(x)) + abs(x),
    "log_scaled_bessel_i0": lambda x: torch.log(torch.special.i0e(x)),
    "mean_size": lambda a, b: a * torch.erf(a / b / 2**0.5) + 2 * b * _normal_density(a / b),
}
MEANING = PLAIN | {
    word: getattr(torch, word)
    for word in (
        "square", "sqrt", "exp", "expm1", "sin", "cos", "absolute", "sign", "maximum", "minimum", "where",
        "sigmoid", "hypot",
    )
}  # fmt: skip


def formula(record: Record) -> Definition:
    """A loss by its own formula, each word of it taken to mean what it says."""

    def loss(total: Any, *arrays: Tensor, **parameters: Any) -> Any:
        return _meaning(record, total, arrays, parameters)(record.whole)

    return loss


def largest_term(record: Record) -> Definition:
    """The size of the largest term of the sum that a loss's own formula is: what is left is rounded as that is."""
    book, is_sum = definition(record), not record.axes and record.whole.word in SUMS + CHOICES

    def size(total: Any, *arrays: Tensor, **parameters: Any) -> Any:
        found = book(total, *arrays, **parameters)
        if not is_sum:
            return found
        terms = _size(record.whole, _meaning(record, total, arrays, parameters))
        return torch.maximum(abs(found), torch.where(terms < INFINITE, terms, 0.0))

    return size


def _size(term: Node, meaning: Callable[[Node], Tensor]) -> Tensor:
    """The size of the largest number that a sum is rounded as; what is given is exact, what is not chosen is out."""
    own = abs(meaning(term))
    if term.word in EXACT:
        return torch.zeros_like(own)
    for part in term.arguments if term.word in SUMS + CHOICES else ():
        size = _size(part, meaning)
        chosen = term.word in SUMS or abs(meaning(term) - meaning(part)) <= NEAR * size
        own = torch.maximum(own, torch.where(torch.as_tensor(chosen), size, 0.0))
    return own


def _meaning(record: Record, total: Any, arrays: Any, parameters: dict[str, Any]) -> Callable[[Node], Tensor]:
    """The value of a formula, or of a term of it; of a row, with the row's weight."""
    signature = inspect.signature(record.formula).parameters.values()
    names = [parameter.name for parameter in signature if parameter.kind is not parameter.KEYWORD_ONLY]
    rows = {name: value[..., None] if total else value for name, value in parameters.items()}
    given = dict(zip(names, arrays, strict=True)) | rows
    found = _values(record.whole, given, total)
    if isinstance(total, OverClasses):
        plain, nowhere = _values(record.whole, given, _sum), given | {"target": torch.zeros_like(given["target"])}
        empty = _values(record.whole, nowhere, _sum)
        return lambda term: _weighed(term, found, plain, empty, total).squeeze(-1)
    return lambda term: found[term].squeeze(-1) if total else found[term]


def _sum(terms: Tensor) -> Tensor:
    return terms.sum(-1)


def _values(whole: Node, given: dict[str, Any], total: Any) -> dict[Node, Any]:
    """The value of every part of a formula."""
    done: dict[Node, Any] = {}
    for part in walk(whole):
        values = [done[argument] for argument in part.operands]
        if part.is_axis:
            continue
        if part.word == "symbol":
            done[part] = given[str(part.label)]
        elif part.word == "constant":
            done[part] = torch.tensor(float(part.label or 0.0), dtype=torch.float64)
        elif part.word == "total":
            done[part] = total(*values)[..., None]
        else:
            done[part] = MEANING[part.word](*values)
    return done


def _weighed(term: Node, found: dict[Node, Any], plain: dict[Node, Any], nowhere: dict[Node, Any], total: Any) -> Any:
    """The value of a row's loss, of which each term that is no sum over its target's classes has the row's weight."""
    if term.word in ("add", "subtract", "negative"):
        return PLAIN[term.word](*(_weighed(part, found, plain, nowhere, total) for part in term.arguments))
    sums_over_target = any(part.word == "total" for part in walk(term)) and (nowhere[term] == 0).all()
    return found[term] if sums_over_target else beside(total, plain[term].squeeze(-1))[..., None]
