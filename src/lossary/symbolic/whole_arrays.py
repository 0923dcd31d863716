"""Rewrites of formulas for targets that compute with whole arrays, so that they make few passes over memory.

A compiled kernel reads a row once, however much it computes from it. XLA fuses elementwise operations into one loop,
which a reduction or an index ends; PyTorch makes an array for every operation. The definitions of the softmax words
are exact to the last digits, but take such targets three times as many passes as plain ones. The forms here take a
maximum, an exponential and a sum, or one function of the framework. Their errors are a few ulp of the largest term of
the row's sum. The other classes are summed without the label's, so that their probability is exact where it is small.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import Enum
from typing import NamedTuple

from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import CLASS, ELEMENT, NUMBER_KINDS, ROW, Node, apply, axis, constant, walk
from lossary.symbolic.simplify import CLASS_INDEX, is_own_class
from lossary.symbolic.words import (
    WORDS,
    equal,
    exp,
    expm1,
    greatest,
    log1p,
    log_softmax,
    other_softmax,
    pick,
    put,
    select,
    total,
    where,
)

__all__ = ["eager", "fused"]

ALONG = axis(CLASS)  # the only axis whose places may be told apart by a label


class Place(Enum):
    """Classes of a row that a value is computed for: all, the label's, or all others."""

    ALL = "all"
    LABEL = "label"
    OTHERS = "others"


def fused(output: Node) -> Node:
    """Return ``output`` in words that XLA has, in few loops."""
    return lower(_Rewriter(output, FUSED).at(output, Place.ALL), "jax", DEFINITIONS)


def eager(output: Node) -> Node:
    """Return ``output`` in words that PyTorch has, in few calls, for eager execution."""
    return lower(_Rewriter(output, EAGER).at(output, Place.ALL), "eager", DEFINITIONS)


class _Rewriter:
    """Rewriter of one formula, with forms of its own if the formula has one label for each row.

    ``forms`` maps a word to a function of this rewriter, a node and a place, which returns None for the usual form.
    """

    def __init__(self, output: Node, forms: Mapping[str, Form]) -> None:
        labels = {label for part in walk(output) if (label := _label_of(part)) is not None}
        self.label = labels.pop() if len(labels) == 1 else None
        own = {"where": _label_select, "pick": _pick, "total": _total, "subtract": _plain_gradient, "excess": _defined}
        self.forms = own | {**forms}
        self.rows: dict[tuple[Node, ...], _Row] = {}
        self._done: dict[tuple[Node, Place], Node] = {}

    def at(self, node: Node, place: Place) -> Node:
        """Return ``node`` rewritten, as computed for the classes of ``place``."""
        place = place if CLASS in node.axes else Place.ALL
        if (node, place) not in self._done:
            self._done[node, place] = self._rewritten(node, place)
        return self._done[node, place]

    def _rewritten(self, node: Node, place: Place) -> Node:
        if node.word in self.forms and (made := self.forms[node.word](self, node, place)) is not None:
            return made
        if not node.arguments:
            return self.picked(node) if place is Place.LABEL else node
        if place is Place.LABEL and node.couples:
            return self.picked(self.at(node, Place.ALL))
        return apply(node.word, *(self.at(argument, place) for argument in node.arguments))

    def picked(self, node: Node) -> Node:
        """Return ``node`` at the label's class."""
        return node if self.label is None else pick(node, self.label, ALONG)

    def selects(self, condition: Node) -> bool:
        """Return whether a condition is "this class is the label"."""
        return self.label is not None and is_own_class(condition) and condition.arguments[1] is self.label


Form = Callable[[_Rewriter, Node, Place], Node | None]


def _label_of(node: Node) -> Node | None:
    """Return the integer label of a row that a node selects by, or None."""
    of_class = is_own_class(node) or (node.word == "pick" and node.arguments[2] is ALONG)
    return node.arguments[1] if of_class and _is_integer(node.arguments[1]) else None


def _is_integer(label: Node) -> bool:
    return label.axes <= ROW and any(NUMBER_KINDS.get(str(part.label)) == "int" for part in walk(label))


# ---- forms for both targets ---------------------------------------------------------------------------------------


def _label_select(rewriter: _Rewriter, node: Node, place: Place) -> Node | None:
    """Rewrite a select on the label's class: write one value a row into the values of the other classes."""
    condition, at_label, others = node.arguments
    if not rewriter.selects(condition):
        return None
    if place is not Place.ALL:
        return rewriter.at(at_label if place is Place.LABEL else others, place)
    background = rewriter.at(others, Place.OTHERS)
    if background.axes != ELEMENT:
        return where(condition, rewriter.at(at_label, Place.ALL), rewriter.at(others, Place.ALL))
    return put(background, condition.arguments[1], rewriter.at(at_label, Place.LABEL), ALONG)


def _put(others: Node, label: Node, at_label: Node, over: Node) -> Node:
    """Return ``put``, or a select if the other classes' value became one number, which has no place to write to."""
    if CLASS in others.axes:
        return put(others, label, at_label, over)
    return where(equal(CLASS_INDEX, label), at_label, others)


def _defined(rewriter: _Rewriter, node: Node, place: Place) -> Node | None:
    """Rewrite the definition of a word, whose softmax shares its subexpressions with the formula's other words."""
    definition = WORDS[node.word].definition
    return rewriter.at(definition(*node.arguments), place) if definition else None


def _pick(rewriter: _Rewriter, node: Node, _: Place) -> Node | None:
    return rewriter.at(node.arguments[0], Place.LABEL) if node.arguments[1] is rewriter.label else None


def _total(rewriter: _Rewriter, node: Node, _: Place) -> Node:
    value, over = node.arguments
    return total(rewriter.at(_times_number(value), Place.ALL), over)


def _times_number(node: Node) -> Node:
    """Return a plain product for a weight times a finite number: 0 wins there without a comparison."""
    if node.word != "weighted" or not node.arguments[1].is_number():
        return node
    return node.arguments[0] * node.arguments[1] if math.isfinite(float(node.arguments[1].label or 0.0)) else node


def _plain_gradient(rewriter: _Rewriter, node: Node, place: Place) -> Node | None:
    """Rewrite the gradient of log_softmax as g - p T; g (1 - p) - p (T - g) is more exact where p is near 1."""
    if place is Place.LABEL or (found := _log_softmax_gradient(node)) is None:
        return None
    p, change = found
    return rewriter.at(p * -total(change, p.arguments[1]) + change, place)


def _log_softmax_gradient(node: Node) -> tuple[Node, Node] | None:
    """Return p and g of a difference that is the gradient of log_softmax, g (1 - p) - p (T - g); else None."""
    first, second = node.arguments
    negated = first.word == "negative"
    product = first.arguments[0] if negated else first
    if product.word != "multiply" or second.word != "multiply":
        return None
    (change, other), (p, rest) = product.arguments, second.arguments
    if p.word != "softmax" or other is not other_softmax(*p.arguments) or len(rest.arguments) != 2:
        return None
    sum_of_changes, same = rest.arguments
    right = negated and rest.word == "add" and sum_of_changes is -total(change, p.arguments[1])
    right |= not negated and rest.word == "subtract" and sum_of_changes is total(change, p.arguments[1])
    if same is not change or not right:
        return None
    plain = _times_number(change)
    return p, -plain if negated else plain


# ---- NaN for invalid input -----------------------------------------------------------------------------------------

STRICT = ("add", "subtract", "multiply", "divide", "negative", "square")  # NaN if any argument is


def _guarded(valid: Node, value: Node) -> Node:
    """Return ``value`` where ``valid``, else NaN, set in the smallest and innermost operand that makes all of it NaN.

    So a row's validity is selected once for the row, and a value and its gradient share their common part.
    """
    if value.word == "put":
        others, label, at_label, over = value.arguments
        return put(_guarded(valid, others), label, _guarded(valid, at_label), over)
    if value.word == "where" and value.arguments[1].is_number():
        condition, number, rest = value.arguments
        return select(condition, select(valid, number, math.nan), _guarded(valid, rest))
    inner = _inner(valid, value)
    if inner is None:
        return select(valid, value, math.nan)
    arguments = list(value.arguments)
    arguments[inner] = _guarded(valid, arguments[inner])
    return apply(value.word, *arguments)


def _inner(valid: Node, value: Node) -> int | None:
    """Return the operand to make NaN, or None: one that varies no more than ``valid``, or the only computed one."""
    if value.word not in STRICT:
        return None
    varying = [i for i, argument in enumerate(value.arguments) if argument.axes]
    if valid.axes == value.axes:
        computed = [i for i in varying if value.arguments[i].arguments]
        return computed[0] if len(computed) == 1 else None
    smaller = [i for i in varying if value.arguments[i].axes <= valid.axes]
    deeper = [i for i in varying if _inner(valid, value.arguments[i]) is not None]
    return next(iter((*smaller, *deeper)), None)


DEFINITIONS: dict[str, Callable[..., Node]] = {"guard": _guarded, "put": _put}


# ---- forms for XLA ------------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """Subexpressions that the softmax words of one row share."""

    top: Node  # the greatest logit
    distance: Node  # logit − top
    power: Node  # exp(distance)
    apart: Node  # power, but 0 at the label's class
    label_distance: Node  # distance at the label's class
    others: Node  # sum of the powers − 1
    rest: Node  # sum of the powers of all classes but the label's
    limit: Node  # 0, or NaN where the softmax has no limit

    @property
    def factor(self) -> Node:
        """1 / sum of the powers."""
        return 1.0 / (1.0 + self.others + self.limit)


def _row(rewriter: _Rewriter, node: Node) -> _Row:
    """Return the shared subexpressions of a softmax word's logits, made once."""
    if node.arguments not in rewriter.rows:
        rewriter.rows[node.arguments] = _new_row(rewriter, *node.arguments)
    return rewriter.rows[node.arguments]


def _new_row(rewriter: _Rewriter, logits: Node, over: Node) -> _Row:
    label = rewriter.label if over is ALONG else None
    a, at_label = rewriter.at(logits, Place.ALL), rewriter.at(logits, Place.LABEL)
    top = greatest(a, over)
    is_top = equal(a, top)
    # The select ends the loop of the exponential: XLA is faster with that in a loop of its own than inside a sum.
    power = select(is_top, 1.0, apply("exp_fraction", a - top))
    if label is None:
        apart, label_distance, rest = power, constant(0.0), total(power, over) - 1.0
    else:
        apart = put(power, label, constant(0.0), over)
        label_distance = select(equal(at_label, top), 0.0, at_label - top)
        rest = total(apart, over)
    others = rest + expm1(label_distance)
    all_impossible, several_certain = equal(top, -math.inf), equal(top, math.inf) & (0.5 < others)
    limit = select(all_impossible | several_certain, math.nan, 0.0)
    return _Row(top, select(is_top, 0.0, a - top), power, apart, label_distance, others, rest, limit)


def _log_softmax(rewriter: _Rewriter, node: Node, place: Place) -> Node:
    row = _row(rewriter, node)
    return (row.label_distance if place is Place.LABEL else row.distance) - log1p(row.others + row.limit)


def _softmax(rewriter: _Rewriter, node: Node, place: Place) -> Node:
    row = _row(rewriter, node)
    powers = {Place.ALL: row.power, Place.OTHERS: row.apart, Place.LABEL: exp(row.label_distance)}
    return powers[place] * row.factor


def _other_softmax(rewriter: _Rewriter, node: Node, place: Place) -> Node:
    row = _row(rewriter, node)
    if place is Place.LABEL:
        return row.rest * row.factor
    return (row.others + (1.0 - row.power)) * row.factor


def _log_sum_exp(rewriter: _Rewriter, node: Node, _: Place) -> Node:
    row = _row(rewriter, node)
    return row.top + log1p(row.others)


def _quotient(rewriter: _Rewriter, node: Node, place: Place) -> Node | None:
    """Rewrite a quotient as a product with the reciprocal, by one value for the row and where a quotient is divided.

    XLA divides a row so, but not its label: rounded differently, the label's logit would not equal the greatest logit.
    And it computes a / b / c as a / (b · c), which is wrong where b · c overflows or vanishes.
    """
    a, b = node.arguments
    of_row = CLASS in a.axes or any(part.word == "pick" for part in walk(a))
    by_row = rewriter.label is not None and CLASS not in b.axes and of_row
    if not by_row and a.word != "divide":
        return None
    return rewriter.at(a, place) * (1.0 / rewriter.at(b, Place.ALL if by_row else place))


FUSED: dict[str, Form] = {
    "divide": _quotient,
    "log_softmax": _log_softmax,
    "softmax": _softmax,
    "other_softmax": _other_softmax,
    "log_sum_exp": _log_sum_exp,
}

# ---- forms for PyTorch, with its own functions --------------------------------------------------------------------


def _log_probabilities(rewriter: _Rewriter, node: Node) -> Node:
    logits, over = node.arguments
    return log_softmax(rewriter.at(logits, Place.ALL), over)


def _probability(rewriter: _Rewriter, node: Node, place: Place) -> Node:
    logs = _log_probabilities(rewriter, node)
    return exp(rewriter.picked(logs) if place is Place.LABEL else logs)


def _other_probability(rewriter: _Rewriter, node: Node, place: Place) -> Node:
    logs = _log_probabilities(rewriter, node)
    return -expm1(rewriter.picked(logs) if place is Place.LABEL else logs)


def _gradient(rewriter: _Rewriter, node: Node, place: Place) -> Node | None:
    """Rewrite the gradient of log_softmax to a function that is exact for a nearly certain class, too."""
    return _scaled(rewriter, node, constant(1.0), place)


def _scaled_gradient(rewriter: _Rewriter, node: Node, place: Place) -> Node | None:
    """Rewrite a product of the gradient of log_softmax and a number for each row, which takes the gradient's sign."""
    gradient, scale = sorted(node.arguments, key=lambda factor: CLASS not in factor.axes)
    if CLASS in scale.axes or gradient.word not in ("excess", "subtract"):
        return None
    definition = WORDS[gradient.word].definition
    return _scaled(rewriter, definition(*gradient.arguments) if definition else gradient, scale, place)


def _scaled(rewriter: _Rewriter, gradient: Node, scale: Node, place: Place) -> Node | None:
    """Return the gradient of log_softmax times a number for each row; None if it is the gradient of something else."""
    if place is Place.LABEL or (found := _log_softmax_gradient(gradient)) is None:
        return None
    p, change = found
    if change.word == "negative":
        change, scale = change.arguments[0], -scale
    logs, over = _log_probabilities(rewriter, p), p.arguments[1]
    return apply("pulled_log_softmax", logs, rewriter.at(change, place), over, rewriter.at(scale, place))


def _weighted_sum(rewriter: _Rewriter, node: Node, place: Place) -> Node:
    """Rewrite a sum of products in which zero wins: each is compared only if the plain sum is not finite."""
    term, over = node.arguments
    if term.word != "weighted" or term.axes != ELEMENT or term is not _times_number(term):
        return _total(rewriter, node, place)
    return apply("weighted_sum", *(rewriter.at(factor, Place.ALL) for factor in term.arguments), over)


def _everywhere(rewriter: _Rewriter, node: Node, _: Place) -> Node | None:
    """Rewrite "0 places of a row fail a comparison" as a comparison with the row's greatest or least value."""
    counted, zero = node.arguments
    terms = counted.arguments if counted.word == "total" and zero.is_number(0.0) else ()
    if (
        not terms
        or terms[1] is not ALONG
        or terms[0].word != "where"
        or [a.label for a in terms[0].arguments[1:]] != [0.0, 1.0]
    ):
        return None
    return _of_bounds(rewriter, terms[0].arguments[0])


def _of_bounds(rewriter: _Rewriter, condition: Node) -> Node | None:
    """Return a comparison that holds if the given one holds in all places of a row; None if there is none."""
    if condition.word == "both":
        first, second = (_of_bounds(rewriter, part) for part in condition.arguments)
        return None if first is None or second is None else first & second
    if condition.word not in ("less", "less_equal"):
        return None
    (low, high), varies = condition.arguments, [(CLASS in a.axes) for a in condition.arguments]
    if all(varies):
        return None
    low, high = rewriter.at(low, Place.ALL), rewriter.at(high, Place.ALL)
    return apply(
        condition.word, greatest(low, ALONG) if varies[0] else low, apply("least", high, ALONG) if varies[1] else high
    )


EAGER: dict[str, Form] = {
    "softmax": _probability,
    "other_softmax": _other_probability,
    "subtract": _gradient,
    "multiply": _scaled_gradient,
    "total": _weighted_sum,
    "equal": _everywhere,
}
