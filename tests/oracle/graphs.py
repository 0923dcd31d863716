"""Formulas' graphs evaluated with all digits: the meaning of every word, apart from how lossary computes it.

A loss that no textbook definition was written for is held to its own formula, computed exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mpmath import mp

from lossary.catalogue.record import Record
from lossary.symbolic.graph import Node, walk
from oracle.exact import Jet, exp, jet, log
from oracle.special import SPECIAL
from oracle.textbook.common import length, softmax

Row = list[Any]
LARGEST_ANGLE = 1e308  # beyond it, mpmath counts turns with a float that overflows


def _by_sign(a: Jet, b: Jet, larger: bool) -> Jet:
    """The larger or smaller; the change of a tie is shared."""
    if a.value == b.value:
        return (a + b) / 2
    return a if (b < a) == larger else b


def _unary(function: Any, slope: Any, curve: Any) -> Callable[[Jet], Jet]:
    return lambda x: x.through(function(x.value), slope(x.value), curve(x.value))


def _sin(x: Any) -> Any:
    """The sine; NaN where mpmath's overflows, which may be in a branch that is not taken."""
    return mp.sin(x) if abs(x) < LARGEST_ANGLE else mp.nan


def _cos(x: Any) -> Any:
    return mp.cos(x) if abs(x) < LARGEST_ANGLE else mp.nan


def _power(a: Jet, b: Jet) -> Jet:
    if a.value == 0 or (a.value < 0 and not mp.isint(b.value)):
        value = mp.mpf(0) if a.value == 0 < b.value else mp.nan
        is_fixed = not (a.slope or a.curve or b.slope or b.curve)
        return jet(value) if is_fixed else Jet(value, mp.nan, mp.nan)  # derivatives are not looked at
    if not b.slope and not b.curve:
        n, x = b.value, a.value
        return a.through(x**n, n * x ** (n - 1), n * (n - 1) * x ** (n - 2))
    return exp(b * log(a))


def _growth(length: Jet, c: Jet) -> Jet:
    """(exp(c · length) − 1) / c, and its limit."""
    if c.value == 0:  # the terms of the series that have a slope or a curvature there
        return length + c * length * length / 2 + c * c * length * length * length / 6
    return (exp(c * length) - 1) / c


ELEMENTWISE: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negative": lambda a: -a,
    "square": lambda a: a * a,
    "power": _power,
    "exp": exp,
    "expm1": lambda a: exp(a) - 1,
    "log": log,
    "log1p": lambda a: log(1 + a),
    "log1p_fraction": lambda a: log(1 + a),
    "exp_fraction": exp,
    "tanh": lambda a: 1 - 2 / (exp(2 * a) + 1),
    "log_cosh": lambda a: log((exp(a) + exp(-a)) / 2),
    "sin": _unary(_sin, _cos, lambda x: -_sin(x)),
    "cos": _unary(_cos, lambda x: -_sin(x), lambda x: -_cos(x)),
    "sqrt": lambda a: _power(a, jet(0.5)),
    "absolute": abs,
    "sign": lambda a: Jet(mp.sign(a.value)),
    "maximum": lambda a, b: _by_sign(a, b, larger=True),
    "minimum": lambda a, b: _by_sign(a, b, larger=False),
    "less": lambda a, b: a < b,
    "less_equal": lambda a, b: a <= b,
    "equal": lambda a, b: a.value == b.value,
    "both": lambda a, b: a and b,
    "either": lambda a, b: a or b,
    "opposite": lambda a: not a,
    "where": lambda c, a, b: a if (c.value if isinstance(c, Jet) else c) else b,
    "fixed": lambda a: Jet(a.value),
    "product": lambda a, b: a * b,
    "weighted": lambda w, x: w * x,
    "counted": lambda condition, x: x if condition else jet(0),
    "guard": lambda ok, x: x if ok else jet(mp.nan),
    "computed_as": lambda formula, accurate: formula,  # they are equal, which a test holds
    "written_as": lambda formula, same: same,
    "with_slopes": lambda value, *pairs: value,
    "clip": lambda a, low, high: Jet(min(max(a.value, low.value), high.value), a.slope, a.curve),
    "nonnegative": lambda a: Jet(mp.mpf(0) if -(2**-6) <= a.value < 0 else a.value, a.slope, a.curve),
    "sigmoid": lambda a: 1 / (1 + exp(-a)),
    "sigmoid_slope": lambda a: 1 / ((1 + exp(-a)) * (1 + exp(a))),
    "softplus": lambda a: log(1 + exp(a)),
    "log_add": lambda a, b: log(exp(a) + exp(b)),
    "log_ratio": lambda a, b: log(a / b),
    "hypot": lambda a, b: _power(a * a + b * b, jet(0.5)),
    "cosine": lambda a, b: a / _power(a * a + b * b, jet(0.5)),
    "lorentzian": lambda a, b: b * b / (a * a + b * b),
    "other_lorentzian": lambda a, b: a * a / (a * a + b * b),
    "odd_lorentzian": lambda a, b: a * b / (a * a + b * b),
    "log1p_square": lambda a, b: log(1 + a * a / (b * b)),
    "hypot_power": lambda a, b, c: exp(c / 2 * log(1 + a * a / (b * b))),
    "hypot_growth": lambda a, b, c: _growth(log(1 + a * a / (b * b)) / 2, c),
    "safe_label": lambda ok, label: label if ok else jet(0),
    "floor": lambda a: Jet(mp.floor(a.value)),
    **SPECIAL,
}


def _excess(row: Row, logits: Row) -> Row:
    shares = softmax(logits)
    mean = sum((p * x for p, x in zip(shares, row, strict=True)), jet(0))
    return [p * (x - mean) for p, x in zip(shares, row, strict=True)]


OVER_A_ROW: dict[str, Callable[..., Any]] = {
    "total": lambda row: sum(row, jet(0)),
    "greatest": lambda row: max(row, key=lambda x: x.value),
    "log_sum_exp": lambda row: log(sum(map(exp, row), jet(0))),
    "softmax": lambda row: list(softmax(row)),
    "log_softmax": lambda row: [log(p) for p in softmax(row)],
    "other_softmax": lambda row: [
        sum((p for j, p in enumerate(softmax(row)) if j != i), jet(0)) for i in range(len(row))
    ],
    "excess": _excess,
    "norm": length,
    "unit": lambda row: [x / length(row) for x in row],
    "over_length": lambda row, other: [x / length(other) for x in row],
}


def evaluate(node: Node, given: Mapping[str, Any], classes: int = 1) -> Any:
    """The value of a graph: a number, a condition, or a row of them."""
    done: dict[Node, Any] = {}
    for part in walk(node):
        values = [done[argument] for argument in part.operands]
        if part.is_axis:
            continue
        if part.word == "symbol":
            done[part] = given[str(part.label)]
        elif part.word == "constant":
            done[part] = jet(float(part.label or 0.0))
        elif part.word in OVER_A_ROW:
            done[part] = OVER_A_ROW[part.word](*(v if isinstance(v, list) else [v] * classes for v in values))
        elif part.word == "pick":
            done[part] = values[0][int(values[1].value)] if isinstance(values[0], list) else values[0]
        elif any(isinstance(value, list) for value in values):
            rows = (value if isinstance(value, list) else [value] * classes for value in values)
            done[part] = [ELEMENTWISE[part.word](*place) for place in zip(*rows, strict=True)]
        else:
            done[part] = ELEMENTWISE[part.word](*values)
    return done[node]


def definition(record: Record) -> Callable[..., list[Jet]]:
    """The terms of a loss, by its formula."""

    def terms(*arguments: Any, **parameters: Jet) -> list[Jet]:
        named = {a.name: value for a, value in zip(record.arguments, arguments, strict=True)}
        classes = len(arguments[0]) if isinstance(arguments[0], list) else 1
        value = evaluate(record.graph, named | parameters, classes)
        return value if isinstance(value, list) else [value]

    return terms
