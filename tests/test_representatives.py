"""Which losses stand for all: a loss with something new, and none with nothing new."""

from __future__ import annotations

from typing import Any

import lossary
from lossary.domains import Probability
from representatives import representatives, traits


def test_every_trait_is_represented() -> None:
    records = lossary.losses()
    chosen = representatives(records)
    assert set().union(*map(traits, chosen)) == set().union(*map(traits, records))
    assert len(chosen) < len(records)


def test_a_loss_with_a_new_trait_is_chosen() -> None:
    @lossary.pointwise
    def of_three(first: Any, second: Any, third: Any, target: Any) -> Any:
        return first + second + third - target

    assert of_three.record in representatives([*lossary.losses(), of_three.record])


def test_a_loss_with_nothing_new_is_not() -> None:
    @lossary.pointwise
    def ratio(probability: Probability, target: Probability, *, scale: Any = 1.0) -> Any:
        return scale * (probability - target)

    assert traits(ratio.record) <= set().union(*map(traits, lossary.losses()))
    assert ratio.record not in representatives([*lossary.losses(), ratio.record])
