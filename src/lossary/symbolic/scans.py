"""Running words as recurrences of one number, for a target whose kernels make one state after the other in a register.

The logarithm of a running sum of exponentials is kept as the greatest value so far, and the sum of all others' powers
beside it: each place takes one exponential, no power overflows, and what is small beside the greatest is not lost.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from functools import cache

from lossary.symbolic.graph import Node, index, rebuilt
from lossary.symbolic.recurrence import recurrence
from lossary.symbolic.words import decayed, displaced, log1p, power_apart, running_log_sum_exp, where

__all__ = ["as_recurrences"]


def as_recurrences(outputs: Sequence[Node], known: Collection[Node]) -> tuple[Node, ...]:
    """Return outputs with recurrences along the axes whose indices are known."""

    @cache  # each recurrence that is made is another one
    def change(part: Node) -> Node:
        if part.word not in FORMS or index(str(part.arguments[-1].label)) not in known:
            return part
        *values, by, over = part.arguments
        return FORMS[part.word](*values, by, over)

    return tuple(rebuilt(one, change) for one in outputs)


def _run(step: Callable[[Node], Node], start: float, by: Node, over: Node) -> Node:
    return recurrence(step, start, str(over.label), from_end=float(by.label or 0.0) < 0)


def _decayed(a: Node, decay: Node, by: Node, over: Node) -> Node:
    return _run(lambda before: a + decay * before, 0.0, by, over)


def _running_log_sum_exp(a: Node, by: Node, over: Node) -> Node:
    top = _run(lambda before: where(before < a, a, before), -math.inf, by, over)  # of numbers: NaN stays in the rest
    before = displaced(top, -math.inf, by, over)
    power = power_apart(a, before)  # of the lesser one beside the greater
    rest = _run(lambda rest: where(before < a, power, 1.0) * rest + power, 0.0, by, over)
    return top + log1p(rest)


FORMS: dict[str, Callable[..., Node]] = {decayed.name: _decayed, running_log_sum_exp.name: _running_log_sum_exp}
