"""Any loss as a user of PyTorch writes it: its formula word by word, in PyTorch's operations, one after the other."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.nn import functional

from lossary.catalogue.record import Argument, Record
from lossary.symbolic.graph import CLASS, ITEM, Node, constant, index, places, rebuilt, substitute, walk
from lossary.symbolic.words import WORDS, made_from, order, renamed, written_as
from lossary.symbolic.words.word import Word

__all__ = ["axes_of", "computes_powers", "forms_pairs", "plain"]


def _log_rising(start: Any, count: Any) -> Any:
    return torch.lgamma(start + count) - torch.lgamma(start)


def _mean_size(mean: Any, deviation: Any) -> Any:
    """The mean of the absolute value of a normal variable."""
    ratio = mean / deviation
    density = torch.exp(-0.5 * ratio**2) * math.sqrt(2.0 / math.pi)
    return mean * torch.erf(ratio / math.sqrt(2.0)) + deviation * density


def _log_cosh(x: Any) -> Any:
    return x + functional.softplus(-2.0 * x) - math.log(2.0)


def _pick(values: Any, place: Any, over: int) -> Any:
    """Return the values at a place of each row, or of the only row."""
    place = place.long()
    if len(values) == 1:
        return values[0].gather(0, place.flatten()).reshape(place.shape)
    return torch.take_along_dim(values, place, over)


def _running_sum(x: Any, by: float, over: int) -> Any:
    return x.cumsum(over) if by > 0.0 else x.flip(over).cumsum(over).flip(over)


def _running_log_sum_exp(x: Any, by: float, over: int) -> Any:
    """Return log(cumsum(exp(x))), which takes a fifth of the time of torch.logcumsumexp."""
    top = x.detach().amax(over, keepdim=True)
    return torch.log(_running_sum(torch.exp(x - top), by, over)) + top


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
    "fixed": torch.Tensor.detach,
    "total": lambda x, over: x.sum(over, keepdim=True),
    "greatest": lambda x, over: x.amax(over, keepdim=True),
    "log_sum_exp": lambda x, over: torch.logsumexp(x, over, keepdim=True),
    "unit": lambda x, over: functional.normalize(x, dim=over),
    "renamed": torch.transpose,
    "order": lambda key, over, _: torch.argsort(key, dim=over, stable=True),
    "pick": _pick,
    "running_sum": _running_sum,
    "running_log_sum_exp": _running_log_sum_exp,
    "softplus": functional.softplus,
    "log_cosh": _log_cosh,
    "exp_fraction": torch.exp,
    "hypot": lambda a, b: torch.sqrt(a * a + b * b),
    "log_gamma": torch.lgamma,
    "log_rising": _log_rising,
    "log_bessel_i0": lambda x: torch.log(torch.special.i0e(x)) + x,
    "mean_size": _mean_size,
    **{word: getattr(torch, word) for word in (
        "absolute", "cos", "exp", "expm1", "log", "log1p", "log_softmax", "sigmoid", "softmax", "sqrt", "square",
        "tanh", "where",
    )},
}  # fmt: skip
OF_ARITHMETIC = {
    "absolute", "add", "subtract", "multiply", "divide", "weighted", "product", "negative", "less", "less_equal",
    "equal", "maximum", "minimum", "sqrt", "hypot", "square", "where", "total", "symbol", "constant",
}  # fmt: skip


def plain(record: Record) -> Callable[..., Any]:
    """Return the mean of a loss, with the default keywords, as a function of tensors; it takes no weights or masks."""
    written = _written(record)
    parts, dims = walk(written), _dims(record, written)
    made = made_from(parts)

    def mean(*arrays: Any) -> Any:
        given = _symbols(record, arrays, dims, made)
        done: dict[Node, Any] = {}
        for part in parts:
            done[part] = _value(part, given, dims, [done[argument] for argument in part.arguments])
        return done[written].mean()

    return mean


def axes_of(record: Record, argument: Argument) -> Sequence[str]:
    """Return the names of an array's axes, in their order."""
    usual = (ITEM,) if record.by_element else (ITEM, CLASS)
    return record.axes[argument.name].split() if record.axes else usual


def computes_powers(record: Record) -> bool:
    """Return whether a loss takes exponentials, logarithms or powers, by the formula for the default keywords."""
    return any(not part.is_axis and part.word not in OF_ARITHMETIC for part in walk(_written(record)))


def forms_pairs(record: Record) -> bool:
    """Return whether a loss goes over pairs of places, by the formula for the default keywords."""
    return _has(_written(record), renamed)


def _dims(record: Record, formula: Node) -> dict[str, int]:
    """Return the dimension of each axis: that of the unsorted places for sorted ones, a new one for others of pairs."""
    dims: dict[str, int] = {}
    for argument in record.arguments:
        for name in axes_of(record, argument):
            dims.setdefault(name, len(dims))
    for part in walk(formula):
        if part.word in (renamed.name, order.name):
            old, new = (str(one.label) for one in part.arguments[1:])
            dims.setdefault(new, dims[old] if part.word == order.name else max(dims.values()) + 1)
    return dims


def _symbols(record: Record, arrays: Sequence[Any], dims: dict[str, int], made: dict[str, str]) -> dict[Any, Any]:
    """Return the values of symbols: arrays with all dimensions, the indices along each axis, and its length."""
    lengths: dict[str, int] = {}
    given: dict[Any, Any] = {}
    for argument, array in zip(record.arguments, arrays, strict=True):
        axes = axes_of(record, argument)
        lengths |= zip(axes, array.shape, strict=True)
        given[argument.name] = _spread(array, axes, dims)
    for name in dims.keys() - {ITEM}:
        length = lengths[made.get(name, name)]
        given[places(name).label] = length
        given[index(name).label] = _spread(torch.arange(length), [name], dims)
    return given


def _spread(array: Any, axes: Sequence[str], dims: dict[str, int]) -> Any:
    """Return a view that has a dimension of length 1 for each axis that the array lacks."""
    own = {dims[name] for name in axes}
    return array[tuple(slice(None) if dim in own else None for dim in range(max(dims.values()) + 1))]


def _value(part: Node, given: dict[Any, Any], dims: dict[str, int], arguments: list[Any]) -> Any:
    if part.is_axis:
        return dims[str(part.label)]
    if part.word == "symbol":
        return given[part.label]
    return float(part.label or 0.0) if part.word == "constant" else OPERATIONS[part.word](*arguments)


def _written(record: Record) -> Node:
    """Return the formula for the default keywords, in the words of OPERATIONS."""
    return rebuilt(substitute(record.whole, {p.symbol: constant(p.default) for p in record.parameters}), _in_operations)


def _in_operations(part: Node) -> Node:
    """Return a word's textbook form, unless the word itself is an operation; a form that keeps digits is left out."""
    if part.word == written_as.name and _sorts_instead(*part.arguments):
        return part.arguments[1]
    textbook = WORDS[part.word].written if part.arguments and part.word not in OPERATIONS else None
    return rebuilt(textbook(*part.arguments), _in_operations) if textbook else part


def _sorts_instead(formula: Node, same: Node) -> bool:
    """Return whether a formula of pairs has an equal form that sorts, which takes PyTorch less time."""
    return _has(formula, renamed) and not _has(same, renamed) and _has(same, order)


def _has(formula: Node, word: Word) -> bool:
    return any(part.word == word.name for part in walk(formula))
