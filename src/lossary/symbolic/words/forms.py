"""Words that equal one of their arguments in exact arithmetic, and separate computing, derivatives and notation."""

from __future__ import annotations

from lossary.symbolic.graph import Node
from lossary.symbolic.words import ranges
from lossary.symbolic.words.arithmetic import product
from lossary.symbolic.words.conditions import equal, where
from lossary.symbolic.words.ranges import Range
from lossary.symbolic.words.word import Word, unmoved

# Distance from 1 that the sum of a row of probabilities may have: the rounding of a softmax in bfloat16, whatever dtype
# holds it now: an exponential, a sum and a quotient are each rounded by 2^-9 of themselves.
SUM_TOLERANCE = 2.0**-7
LEAST_DIVERGENCE = -2.0 * SUM_TOLERANCE  # of two such rows: it is (1 − d) log((1 − d) / (1 + d)), or more


def _clip(a: Node, low: Node, high: Node) -> Node:
    """Return a, put back between low and high after rounding; the slope stays 1."""
    return where(a < low, low, where(high < a, high, a))


def _nonnegative(a: Node) -> Node:
    """Return a, or 0 where it is negative by no more than rounding explains; the slope stays 1."""
    return where((LEAST_DIVERGENCE <= a) & (a < 0.0), 0.0, a)


def _computed_as(formula: Node, accurate: Node) -> Node:
    """Return the accurate form for the value; derivatives are those of ``formula``."""
    return accurate


def _fixed(a: Node) -> Node:
    """Return a, as a constant for derivatives."""
    return a


def _written_as(formula: Node, same: Node) -> Node:
    """Return the equal form, for value and derivatives; ``formula`` is what LaTeX shows."""
    return same


def _of_slopes(d: Node, value: Node, *pairs: Node) -> tuple[Node | None, ...]:
    """Return the changes of the variables: a change of 0 stays 0 where a slope is infinite."""
    changes = [(product(d, slope), None) for slope in pairs[1::2]]
    return None, *(part for pair in changes for part in pair)


clip: Word = Word(
    "clip", definition=_clip, spelling={"eager": "torch.clamp({0}, {1}, {2})"},
    push=lambda d, a, low, high: (d, None, None), range=ranges.clip,
    written=lambda a, low, high: a,
)  # fmt: skip
nonnegative: Word = Word(  # a divergence, which is negative only of rows that are no distributions
    "nonnegative", definition=_nonnegative, push=lambda d, a: (d,),
    range=lambda a: Range(a.low if a.low < LEAST_DIVERGENCE else max(a.low, 0.0), max(a.high, 0.0)),
    written=lambda a: a,
)  # fmt: skip
computed_as: Word = Word(
    "computed_as", definition=_computed_as, push=lambda d, formula, accurate: (d, None),
    range=lambda formula, accurate: formula.meets(accurate), written=lambda formula, accurate: formula,
)  # fmt: skip
fixed: Word = Word(
    "fixed", definition=_fixed, push=unmoved, range=lambda a: a, written=lambda a: a,
)  # fmt: skip
written_as: Word = Word(
    "written_as", definition=_written_as, push=lambda d, formula, same: (None, d),
    range=lambda formula, same: formula.meets(same), written=lambda formula, same: formula,
)  # fmt: skip
with_slopes: Word = Word(  # of a value, its variables, each followed by the value's slope in it: all that it depends on
    "with_slopes", definition=lambda value, *pairs: value, push=_of_slopes,
    range=lambda value, *pairs: value, written=lambda value, *pairs: value,
)  # fmt: skip


def difference(a: Node, b: Node) -> Node:
    """Return a − b, of scores: two that are equal are 0 apart, infinite ones too, and change it as finite ones do."""
    return written_as(a - b, with_slopes(where(equal(a, b), 0.0, a - b), a, 1.0, b, -1.0))
