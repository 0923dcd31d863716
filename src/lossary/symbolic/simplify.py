"""Simplification rules: constants, neutral elements, and selects on the label's class.

0 · x becomes 0 whatever x will be, and selects (``where``) move outwards: derivatives then select instead of
multiplying by 0 and 1, so that an infinity in the branch not taken never becomes NaN.
"""

from __future__ import annotations

import math
from functools import cache

from lossary.symbolic.graph import (
    CLASS,
    ITEM,
    NUMBER_KINDS,
    Node,
    apply,
    constant,
    crossed,
    index,
    simplification,
    walk,
)
from lossary.symbolic.words.ranges import ANY
from lossary.symbolic.words.rows import CLASS_INDEX as CLASS_INDEX
from lossary.symbolic.words.word import WORDS, named


@cache
def leaves(*outputs: Node) -> tuple[Node, ...]:
    """Return the symbols that outputs and their derivatives are computed from, arrays of floats first."""
    nodes = walk(*outputs)
    found = [node for node in nodes if node.word == "symbol" and node is not CLASS_INDEX]
    if any(_picks_class(node) or node is CLASS_INDEX for node in nodes):
        found.append(CLASS_INDEX)  # the derivative of a pick is a select on the class
    others = sorted(crossed(nodes) - {ITEM, CLASS})
    found += [at for at in map(index, others) if at not in found]  # a derivative may need them
    return tuple(sorted(found, key=_rank))


def _picks_class(node: Node) -> bool:
    return node.word == "pick" and node.arguments[-1].label == CLASS


def _rank(leaf: Node) -> tuple[bool, bool, int, list[str]]:
    return not leaf.axes, leaf.label in NUMBER_KINDS, -len(leaf.axes), sorted(leaf.axes)


def is_own_class(condition: Node) -> bool:
    """Return whether a condition is "this class is the label", which holds for one class of a row."""
    return condition.word == "equal" and condition.arguments[0] is CLASS_INDEX


def selects_zero(node: Node) -> bool:
    """Return whether a node is ``where(c, a, 0)`` or ``where(c, 0, a)``."""
    return node.word == "where" and any(branch.is_number(0.0) for branch in node.arguments[1:])


@cache  # a part of a formula may be shared by so many others that it would be followed without end
def assume(node: Node, condition: Node, truth: bool) -> Node:
    """Return ``node`` simplified for places where ``condition`` has the given truth.

    Only a condition on the label's class is followed into the arguments: another one would split a shared
    subexpression into two that are both computed.
    """
    if node.word == "where" and node.arguments[0] is condition:
        return node.arguments[1] if truth else node.arguments[2]
    if not node.arguments or node.couples or not is_own_class(condition):
        return node
    arguments = tuple(assume(argument, condition, truth) for argument in node.arguments)
    return node if arguments == node.arguments else apply(node.word, *arguments)


@simplification("any")
def fold_constants(word: str, *arguments: Node) -> Node | None:
    value = WORDS[word].value
    if value is None or not all(argument.is_number() for argument in arguments):
        return None
    try:
        return constant(value(*(argument.label for argument in arguments)))
    except (ValueError, TypeError, ArithmeticError):
        return None


@simplification("any")
def push_into_label_select(word: str, *arguments: Node) -> Node | None:
    """Rewrite f(where(is_label, a, b)) as where(is_label, f(a), f(b)): a sum of such terms may need only one."""
    if word == "where" or any(argument.is_axis for argument in arguments):
        return None
    for argument in arguments:
        if argument.word == "where" and is_own_class(argument.arguments[0]):
            condition = argument.arguments[0]
            own, others = (apply(word, *(assume(a, condition, truth) for a in arguments)) for truth in (True, False))
            if WORDS[word].condition and (own.is_number() or others.is_number()):  # a select of numbers is no condition
                return (condition & own) | (~condition & others)
            return apply("where", condition, own, others)
    return None


@simplification("add", "subtract")
def add_neutral(word: str, a: Node, b: Node) -> Node | None:
    if b.is_number(0.0):
        return a
    if a.is_number(0.0):
        return b if word == "add" else -b
    if a is b:
        return constant(0.0) if word == "subtract" else 2.0 * a
    if b.word == "negative":
        return apply("subtract" if word == "add" else "add", a, b.arguments[0])
    return None


@simplification("add", "subtract")
def share_factor(word: str, a: Node, b: Node) -> Node | None:
    """Rewrite x · c + y · c as (x + y) · c, and quotients likewise: fewer roundings."""
    if a.word == "negative":
        opposite = share_factor("subtract" if word == "add" else "add", a.arguments[0], b)
        return None if opposite is None else -opposite
    for i, j in ((0, 0), (1, 1), (0, 1), (1, 0)) if a.word == b.word and a.word in ("multiply", "weighted") else ():
        if a.arguments[i] is b.arguments[j] and (i == j or a.word == "multiply"):
            rest = apply(word, a.arguments[1 - i], b.arguments[1 - j])
            return apply(a.word, *((rest, a.arguments[1]) if i else (a.arguments[0], rest)))
    (over, divisor), (other, same) = _as_quotient(a), _as_quotient(b)
    return apply(word, over, other) / divisor if divisor is not None and divisor is same else None


def _as_quotient(node: Node) -> tuple[Node, Node | None]:
    """Return dividend and divisor of x / c, 2 · (x / c), x · (2 / c) or x · (x / c); else the node and None."""
    if node.word == "divide":
        return node.arguments[0], node.arguments[1]
    for x, y in (node.arguments, node.arguments[::-1]) if node.word == "multiply" else ():
        if y.word == "divide" and (x is y.arguments[0] or x.is_number() or y.arguments[0].is_number()):
            return y.arguments[0] * x, y.arguments[1]
    return node, None


@simplification("add", "subtract")
def merge_selects(word: str, a: Node, b: Node) -> Node | None:
    if selects_zero(a) and selects_zero(b) and a.arguments[0] is b.arguments[0]:
        pairs = zip(a.arguments[1:], b.arguments[1:], strict=True)
        return apply("where", a.arguments[0], *(apply(word, x, y) for x, y in pairs))
    return None


@simplification("multiply")
def multiply_neutral(_: str, a: Node, b: Node) -> Node | None:
    if b.is_number():
        return b * a
    if a.is_number(0.0, 1.0, -1.0):
        return a if a.is_number(0.0) else b if a.is_number(1.0) else -b
    if b.word == "multiply" and b.arguments[0].is_number():
        return (b.arguments[0] * a) * b.arguments[1] if a.is_number() else b.arguments[0] * (a * b.arguments[1])
    if a.word == "multiply" and a.arguments[0].is_number():
        return a.arguments[0] * (a.arguments[1] * b)
    if a.word == "negative":
        return -(a.arguments[0] * b)
    return -(a * b.arguments[0]) if b.word == "negative" else None


@simplification("multiply", "divide", "product")
def scale_select(word: str, a: Node, b: Node) -> Node | None:
    """Rewrite where(c, a, 0) · b as where(c, a · b, 0)."""
    for i, (select, other) in enumerate(((a, b), (b, a))):
        if selects_zero(select) and (i == 0 or word != "divide"):
            branches = (x if x.is_number(0.0) else apply(word, x, other) for x in select.arguments[1:])
            return apply("where", select.arguments[0], *branches)
    return None


@simplification("divide")
def divide_neutral(_: str, a: Node, b: Node) -> Node | None:
    if b.is_number(1.0) or a.is_number(0.0):
        return a
    if a.word == "multiply" and a.arguments[0].is_number() and not b.is_number():
        return a.arguments[0] * (a.arguments[1] / b)
    return -(a.arguments[0] / b) if a.word == "negative" else None


@simplification("negative")
def negate(_: str, a: Node) -> Node | None:
    if a.word == "negative":
        return a.arguments[0]
    if a.is_number(0.0):
        return a
    if selects_zero(a):
        return apply("where", a.arguments[0], *(-x for x in a.arguments[1:]))
    return None


@simplification("power")
def power_simple(_: str, a: Node, b: Node) -> Node | None:
    squared = apply("square", a)
    simple = {0.0: constant(1.0), 0.5: apply("sqrt", a), 1.0: a, 2.0: squared, 4.0: apply("square", squared)}
    return simple.get(float(b.label or 0.0)) if b.is_number() else None


@simplification("hypot_power")
def hypot_power_simple(_: str, a: Node, b: Node, c: Node) -> Node | None:
    return constant(1.0) if c.is_number(0.0) else apply("hypot", a / b, 1.0) if c.is_number(1.0) else None


@simplification("where")
def choose(_: str, condition: Node, a: Node, b: Node) -> Node | None:
    if condition.is_number():
        return a if condition.label else b
    if a is b:
        return a
    then, otherwise = assume(a, condition, True), assume(b, condition, False)
    if then is not a or otherwise is not b:
        return apply("where", condition, then, otherwise)
    return None


@simplification("weighted")
def weigh(_: str, weight: Node, value: Node) -> Node | None:
    if weight.is_number(0.0) or value.is_number(0.0):
        return constant(0.0)
    if weight.is_number():
        return weight * value
    if selects_zero(weight):
        branches = (apply("weighted", x, value) for x in weight.arguments[1:])
        return apply("where", weight.arguments[0], *branches)
    if selects_zero(value):
        branches = (apply("weighted", weight, x) for x in value.arguments[1:])
        return apply("where", value.arguments[0], *branches)
    return -apply("weighted", weight, value.arguments[0]) if value.word == "negative" else None


@simplification("excess")
def excess_of_select(_: str, change: Node, logits: Node, over: Node) -> Node | None:
    """Rewrite the excess of where(c, a, 0), for a row that counts or not, as where(c, excess of a, 0)."""
    if change.is_number(0.0):
        return change
    if selects_zero(change) and over.label not in change.arguments[0].axes:
        branches = (apply("excess", x, logits, over) for x in change.arguments[1:])
        return apply("where", change.arguments[0], *branches)
    return None


@simplification("computed_as", "written_as")
def one_form(_: str, a: Node, b: Node) -> Node | None:
    return a if a is b else None


@simplification("fixed")
def fixed_number(_: str, a: Node) -> Node | None:
    return a if a.is_number() else None


@simplification("product")
def product_with_number(_: str, a: Node, b: Node) -> Node | None:
    """Rewrite a product with a finite number; with an infinite one it is 0 where the other factor is."""
    finite = (x.is_number() and not x.is_number(math.inf, -math.inf) for x in (a, b))
    return a * b if any(finite) else None


@simplification("both", "either")
def join_conditions(word: str, a: Node, b: Node) -> Node | None:
    for known, other in ((a, b), (b, a)):
        if known.is_number():
            return other if bool(known.label) == (word == "both") else known
    return a if a is b else None


@simplification("total")
def total_of_one(_: str, a: Node, over: Node) -> Node | None:
    """Rewrite a sum whose terms are 0 except at the label's class as that one term."""
    if a.is_number(0.0):
        return a
    if a.word == "negative":
        return -apply("total", a.arguments[0], over)
    if a.word == "where" and over.label == CLASS and is_own_class(a.arguments[0]) and a.arguments[2].is_number(0.0):
        return apply("pick", a.arguments[1], a.arguments[0].arguments[1], over)
    if a.word == "where" and over.label not in a.arguments[0].axes and selects_zero(a):
        return apply("where", a.arguments[0], *(apply("total", x, over) for x in a.arguments[1:]))
    return None


@simplification("pick")
def pick_simple(_: str, a: Node, label: Node, over: Node) -> Node | None:
    if over.label not in a.axes:
        return a
    if a is index(str(over.label)):
        return label
    if a.word == "symbol" or a.couples or not label.axes <= a.axes | {ITEM}:
        return None
    return apply(a.word, *(apply("pick", part, label, over) for part in a.arguments))


@simplification("log_ratio")
def log_ratio_of_one(_: str, a: Node, b: Node) -> Node | None:
    return -apply("log", b) if a.is_number(1.0) else None


@simplification("exp")
def exp_of_nonpositive(_: str, a: Node) -> Node | None:
    return apply("exp_fraction", a) if _is_not_positive(a) else None


@simplification("log1p")
def log1p_of_exp(_: str, a: Node) -> Node | None:
    return apply("log1p_fraction", a) if a.word == "exp_fraction" else None


def _is_not_positive(node: Node) -> bool:
    """Return whether the words of a value show that it is never positive; it may be NaN."""
    if node.word == "multiply":
        a, b = node.arguments
        return any(_is_not_negative(x) and _is_not_positive(y) for x, y in ((a, b), (b, a)))
    if node.word == "negative":
        return _is_not_negative(node.arguments[0])
    return node.word == "constant" and float(node.label or 0.0) <= 0


def _is_not_negative(node: Node) -> bool:
    if node.word in ("multiply", "add"):
        return all(map(_is_not_negative, node.arguments))
    if node.word == "constant":
        return float(node.label or 0.0) >= 0
    return bool(node.arguments) and WORDS[node.word].bounds(*(ANY for _ in node.arguments)).low >= 0


@simplification("opposite")
def double_opposite(_: str, a: Node) -> Node | None:
    return a.arguments[0] if a.word == "opposite" else None


@simplification(*named(even=True))
def forget_sign(word: str, a: Node, *others: Node) -> Node | None:
    plain = _without_sign(a)
    return None if plain is a else apply(word, plain, *others)


def _without_sign(node: Node) -> Node:
    """Return a value of the same size, without a word that changes signs only; of where(c, a, 0), in its branches."""
    if node.word in ("negative", "absolute"):
        return node.arguments[0]
    if selects_zero(node):
        return apply("where", node.arguments[0], *map(_without_sign, node.arguments[1:]))
    return node


@simplification("less", "less_equal")
def compare_negative(word: str, a: Node, b: Node) -> Node | None:
    """Rewrite -a < 2 as -2 < a, so that a formula of a and of -a compares once."""
    if a.word == "negative" and b.is_number():
        return apply(word, -b, a.arguments[0])
    if b.word == "negative" and a.is_number():
        return apply(word, b.arguments[0], -a)
    return None
