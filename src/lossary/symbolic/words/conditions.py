"""Comparisons, logic, and selects."""

from __future__ import annotations

import math
import operator

from lossary.errors import FormulaError
from lossary.symbolic.graph import Node, Value, as_node
from lossary.symbolic.words.curvature import AFFINE_RISING
from lossary.symbolic.words.notation import Binds, Notation, infix
from lossary.symbolic.words.word import Word, everywhere, library, named, unmoved

less: Word = Word(
    "less", spelling=everywhere("{0} < {1}"), push=unmoved, value=operator.lt,
    latex=infix("<", Binds.COMPARISON, Binds.SUM), text=Notation("{0} < {1}", Binds.CHOICE), condition=True,
)  # fmt: skip
less_equal: Word = Word(
    "less_equal", spelling=everywhere("{0} <= {1}"), push=unmoved, value=operator.le,
    latex=infix(r"\le", Binds.COMPARISON, Binds.SUM), text=Notation("{0} ≤ {1}", Binds.CHOICE), condition=True,
)  # fmt: skip
equal: Word = Word(
    "equal", spelling=everywhere("{0} == {1}"), push=unmoved, value=operator.eq,
    latex=infix("=", Binds.COMPARISON, Binds.SUM), text=Notation("{0} = {1}", Binds.CHOICE), condition=True,
)  # fmt: skip
both: Word = Word(
    "both", spelling=everywhere("{0} & {1}"), push=unmoved,
    latex=infix(r"\wedge", Binds.BOTH), text=Notation("{0} and {1}", Binds.CHOICE), condition=True,
)  # fmt: skip
either: Word = Word(
    "either", spelling=everywhere("{0} | {1}"), push=unmoved,
    latex=infix(r"\vee", Binds.EITHER), text=Notation("{0} or {1}", Binds.CHOICE), condition=True,
)  # fmt: skip
opposite: Word = Word(
    "opposite", spelling=everywhere("~{0}") | {"llvm": "not {0}", "triton": "{0} == 0"}, push=unmoved,
    value=operator.not_,
    latex=Notation(r"\lnot {0}", Binds.BOTH, (Binds.ATOM,)), text=Notation("not {0}", Binds.CHOICE), condition=True,
)  # fmt: skip
select: Word = Word(
    "where", spelling=library("where", "tl.where", 3),
    push=lambda d, c, a, b: (None, select(c, d, 0.0), select(c, 0.0, d)),
    curvature=(None, AFFINE_RISING, AFFINE_RISING),
    latex=Notation(
        r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}",
        Binds.CHOICE,
        (Binds.COMPARISON, Binds.SUM, Binds.SUM),
    ),
    text=Notation("{1} if {0}, else {2}", Binds.CHOICE),
    without={"range": "each branch is bounded under its condition, in explain/bounds.py"},
)  # fmt: skip


def where(condition: Value, a: Value, b: Value) -> Node:
    """Return a where the condition holds, else b; NaN or infinity in the branch not taken does no harm."""
    node = as_node(condition)
    if not _is_condition(node) and not node.is_number():
        raise FormulaError(f"where() needs a condition such as a < b or equal(a, b), not {node!r}.")
    if isinstance(condition, bool):
        raise FormulaError("where() was given True or False: compare with <, <= or equal(a, b), not with ==.")
    return select(node, a, b)


CONDITIONS = named(condition=True)


def _is_condition(node: Node) -> bool:
    """Return True for a comparison, or a choice between two, as simplification makes one of a label's class."""
    return node.word in CONDITIONS or (node.word == select.name and all(map(_is_condition, node.arguments[1:])))


def _guard(ok: Node, value: Node) -> Node:
    return select(ok, value, math.nan)


# the value where ok, else NaN, in every derivative too
guard: Word = Word(
    "guard", definition=_guard, push=lambda d, ok, a: (None, guard(ok, d)), range=lambda _, a: a,
    written=lambda ok, a: a,
)  # fmt: skip
# the label where ok, else 0, which is a class of every row
safe_label: Word = Word(
    "safe_label", spelling={target: code.format("{0}", "{1}", "0") for target, code in select.spelling.items()},
    push=unmoved, written=lambda ok, label: label,
    without={"range": "labels go up to the number of classes"},
)  # fmt: skip
