"""Functions of several definitions."""

from __future__ import annotations

from collections.abc import Sequence

from oracle.exact import Jet, exp, jet

Terms = list[Jet]
Row = Sequence[Jet]
NOTHING = jet(0)


def softmax(logits: Row) -> Row:
    powers = [exp(z) for z in logits]
    whole = sum(powers, jet(0))
    return [power / whole for power in powers]
